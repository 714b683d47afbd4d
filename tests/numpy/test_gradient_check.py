"""The judge of backward passes must itself be judged: it accepts right ones and rejects wrong ones."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.gradient_check import check_gradients, numerical_gradient, relative_error
from dlkit.numpy.linear import dense_forward


@pytest.fixture
def rng():
    return np.random.default_rng(27)


def test_numerical_gradient_by_hand():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    x.flags.writeable = False

    def f(x):
        return x[0, 0] * x[1, 1] + x[0, 1] ** 3

    np.testing.assert_allclose(numerical_gradient(f, x), [[4, 12], [0, 1]], atol=1e-8)
    np.testing.assert_allclose(numerical_gradient(np.sin, 0.0), 1.0, rtol=1e-9)
    assert numerical_gradient(lambda x: 0.0, np.zeros((0, 3))).shape == (0, 3)
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sum(x * x), np.float32([3])), [6], rtol=1e-9)


def test_numerical_gradient_survives_a_function_that_spoils_its_argument():
    def spoil(x):
        value = (x * x).sum()
        x[...] = 0
        return value

    np.testing.assert_allclose(numerical_gradient(spoil, [1.0, 2.0]), [2, 4], rtol=1e-8)


def test_numerical_gradient_wants_one_number():
    with pytest.raises(ValueError, match=r"f returned shape \(2,\), expected a single number"):
        numerical_gradient(lambda x: x, [1.0, 2.0])


def test_relative_error():
    assert relative_error([0.0], [0.0]) == 0.0
    assert relative_error([1.0, 0.0], [0.0, 0.0]) == 1.0
    assert relative_error([2.0], [1.0]) == 0.5
    with pytest.raises(ValueError, match=r"b has shape \(2,\), expected \(1,\)"):
        relative_error([1.0], [1.0, 1.0])


def right(dZ, cache):
    return dZ @ cache.W.T, cache.X.T @ dZ, dZ.sum(axis=0)


WRONG = {
    "averages over the batch": lambda dZ, c: (dZ @ c.W.T, c.X.T @ dZ / len(dZ), dZ.sum(axis=0)),
    "forgets the sum": lambda dZ, c: (dZ @ c.W.T, c.X.T @ dZ, dZ[0]),
    "ignores upstream": lambda dZ, c: (np.ones_like(dZ) @ c.W.T, c.X.T @ dZ, dZ.sum(axis=0)),
    "sign": lambda dZ, c: (-(dZ @ c.W.T), c.X.T @ dZ, dZ.sum(axis=0)),
    "zero": lambda dZ, c: (0 * c.X, c.X.T @ dZ, dZ.sum(axis=0)),
    "not a number": lambda dZ, c: (np.nan * c.X, c.X.T @ dZ, dZ.sum(axis=0)),
    "a little off": lambda dZ, c: (dZ @ c.W.T, c.X.T @ dZ, 1.0001 * dZ.sum(axis=0)),
    "transposed": lambda dZ, c: (dZ @ c.W.T, dZ.T @ c.X, dZ.sum(axis=0)),
}


def test_right_backward_is_accepted(rng):
    inputs = {"X": rng.standard_normal((7, 5)), "W": rng.standard_normal((5, 3)), "b": rng.standard_normal(3)}
    errors = check_gradients(dense_forward, right, inputs, rng)
    assert list(errors) == ["X", "W", "b"] and max(errors.values()) < 1e-9
    unnamed = check_gradients(dense_forward, right, list(inputs.values()), rng)
    assert list(unnamed) == ["input 0", "input 1", "input 2"]


@pytest.mark.parametrize("backward", WRONG.values(), ids=WRONG.keys())
def test_wrong_backward_is_rejected(backward, rng):
    inputs = {"X": rng.standard_normal((7, 5)), "W": rng.standard_normal((5, 3)), "b": rng.standard_normal(3)}
    with pytest.raises(AssertionError, match="gradient of [XWb] (is off by a relative error|has shape)"):
        check_gradients(dense_forward, backward, inputs, rng)


def test_number_of_gradients(rng):
    with pytest.raises(ValueError, match="backward returned 1 gradients, expected 3"):
        check_gradients(dense_forward, lambda dZ, c: dZ, [np.ones((2, 3)), np.ones((3, 5)), np.ones(5)], rng)
