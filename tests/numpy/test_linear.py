"""Linear units, neurons, dense layers and lines."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlkit.numpy.activations import step
from dlkit.numpy.gradient_check import check_gradients
from dlkit.numpy.linear import (
    augment_ones,
    dense_backward,
    dense_forward,
    dense_parameter_gradients,
    line_intercepts,
    linear_unit,
    neuron,
)


@pytest.fixture
def rng():
    return np.random.default_rng(24)


def test_linear_unit_with_one_and_with_many_inputs():
    assert linear_unit([0.0, 1.0, 2.0], 3.0, -1.0).tolist() == [-1, 2, 5]
    assert linear_unit([[1, 2], [3, 4]], [10, 100], 1).tolist() == [211, 431]
    assert linear_unit([1, 2], [10, 100], 1) == 211
    assert linear_unit([[1, 2]], [10, 100]).tolist() == [210]


def test_neuron():
    assert neuron([[1, 1], [0, 0]], [1, 1], -0.5, activation=step).tolist() == [1, 0]
    np.testing.assert_allclose(neuron([[0.0, math.log(3)]], [5.0, 1.0]), [0.75])


def test_augmented_weights_give_the_same_answer(rng):
    X, w, b = rng.standard_normal((5, 3)), rng.standard_normal(3), 0.7
    np.testing.assert_allclose(augment_ones(X) @ np.append(w, b), linear_unit(X, w, b))
    assert augment_ones(np.float32([4, 5])).tolist() == [4, 5, 1]
    assert augment_ones(np.float32([[4, 5]])).dtype == np.float32


def test_dense_by_hand():
    Z, cache = dense_forward([[1, 2], [3, 4]], [[1, 0, 2], [0, 1, -1]], [10, 20, 30])
    assert Z.tolist() == [[11, 22, 30], [13, 24, 32]]
    dX, dW, db = dense_backward([[1, 0, 0], [0, 1, 2]], cache)
    assert dX.tolist() == [[1, 0], [4, -1]]
    assert dW.tolist() == [[1, 3, 6], [2, 4, 8]]
    assert db.tolist() == [1, 1, 2]


def test_dense_backward_against_central_differences(rng):
    inputs = {"X": rng.standard_normal((7, 5)), "W": rng.standard_normal((5, 3)), "b": rng.standard_normal(3)}
    check_gradients(dense_forward, dense_backward, inputs, rng, tolerance=1e-8)


def test_parameter_gradients_are_those_of_backward(rng):
    _, cache = dense_forward(rng.standard_normal((7, 5)), rng.standard_normal((5, 3)), np.zeros(3))
    dZ = rng.standard_normal((7, 3))
    for got, expected in zip(
        dense_parameter_gradients(dZ, cache), dense_backward(dZ, cache)[1:], strict=True
    ):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_kept_inputs_untouched(dtype, rng):
    inputs = [rng.standard_normal(shape).astype(dtype) for shape in ((7, 5), (5, 3), (3,))]
    kept = [value.copy() for value in inputs]
    for value in inputs:
        value.flags.writeable = False
    Z, cache = dense_forward(*inputs)
    dZ = np.ones_like(Z)
    dZ.flags.writeable = False
    outputs = Z, *dense_backward(dZ, cache), linear_unit(inputs[0], inputs[1][:, 0])
    assert all(value.dtype == dtype for value in outputs)
    for value, copy in zip(inputs, kept, strict=True):
        np.testing.assert_array_equal(value, copy)


def test_one_row_one_feature_one_unit():
    Z, cache = dense_forward([[2.0]], [[3.0]], [1.0])
    assert Z.tolist() == [[7.0]]
    assert [gradient.tolist() for gradient in dense_backward([[5.0]], cache)] == [[[15.0]], [[10.0]], [5.0]]


def test_messages():
    with pytest.raises(ValueError, match=r"^W has shape \(3, 4\), expected \(5, \*\) to match X \(2, 5\)$"):
        dense_forward(np.zeros((2, 5)), np.zeros((3, 4)), np.zeros(4))
    with pytest.raises(ValueError, match=r"^b has shape \(5,\), expected \(4,\) to match W \(5, 4\)$"):
        dense_forward(np.zeros((2, 5)), np.zeros((5, 4)), np.zeros(5))
    with pytest.raises(ValueError, match=r"^X has shape \(5,\), expected \(\*, \*\)$"):
        dense_forward(np.zeros(5), np.zeros((5, 4)), np.zeros(4))
    _, cache = dense_forward(np.zeros((2, 5)), np.zeros((5, 4)), np.zeros(4))
    with pytest.raises(ValueError, match=r"^dZ has shape \(4, 2\), expected \(2, 4\) to match Z = X W"):
        dense_backward(np.zeros((4, 2)), cache)
    with pytest.raises(ValueError, match=r"^w has shape \(3,\), expected \(2,\) to match X \(5, 2\)$"):
        linear_unit(np.zeros((5, 2)), np.zeros(3))
    with pytest.raises(ValueError, match="X is a single number"):
        linear_unit(1.0, [1.0, 2.0])
    with pytest.raises(ValueError, match="X is a single number"):
        augment_ones(1.0)


def test_line_intercepts():
    assert line_intercepts(2, 3, 6) == (-3, -2, -2 / 3)
    vertical, horizontal = line_intercepts(2, 0, 6), line_intercepts(0, 3, 6)
    assert vertical.x_intercept == -3 and math.isnan(vertical.y_intercept) and vertical.slope == math.inf
    assert math.isnan(horizontal.x_intercept) and horizontal.y_intercept == -2
    assert math.copysign(1, horizontal.slope) == 1 and horizontal.slope == 0
    with pytest.raises(ValueError, match="A and B are both 0"):
        line_intercepts(0, 0, 6)
