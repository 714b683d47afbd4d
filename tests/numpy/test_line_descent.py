"""A line by gradient descent: gradient and Hessian against differences, stop rules, the largest stable rate, messages."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.gradient_check import numerical_gradient
from dlkit.numpy.least_squares import fit_line
from dlkit.numpy.line_descent import (
    descend_line,
    largest_stable_rate,
    ssr,
    ssr_gradient,
    ssr_hessian,
    stochastic_line_path,
)

X, Y = np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1])


@pytest.fixture
def cloud():
    rng = np.random.default_rng(41)
    x = rng.normal(1.0, 2.0, size=13)
    return x, 2 * x - 3 + rng.normal(size=13)


def test_gradient_and_hessian_against_central_differences(cloud):
    x, y = cloud
    line = np.array([0.7, -1.3])
    np.testing.assert_allclose(ssr_gradient(*line, x, y), numerical_gradient(lambda p: ssr(*p, x, y), line), rtol=1e-8)
    rows = [numerical_gradient(lambda p, k=k: ssr_gradient(*p, x, y)[k], line) for k in range(2)]
    np.testing.assert_allclose(ssr_hessian(x), rows, rtol=1e-8)


def test_descent_reaches_the_line_of_least_squares(cloud):
    x, y = cloud
    lr = 0.9 * largest_stable_rate(ssr_hessian(x))
    found = descend_line(x, y, lr, tolerance=1e-13, max_steps=5000)
    assert found.converged and found.path.shape == (found.steps + 1, 2)
    np.testing.assert_allclose((found.slope, found.intercept), fit_line(x, y), rtol=1e-9)


@pytest.mark.parametrize("factor, grows", [(0.99, False), (1.01, True)])
def test_the_largest_stable_rate_is_the_border(cloud, factor, grows):
    x, y = cloud
    lr = factor * largest_stable_rate(ssr_hessian(x))
    found = descend_line(x, y, lr, tolerance=0.0, max_steps=1000)
    assert (ssr(found.slope, found.intercept, x, y) > ssr(1.0, 0.0, x, y)) is grows


@pytest.mark.parametrize("rule, size", [("each", lambda move: np.abs(move).max()), ("length", np.linalg.norm)])
def test_it_stops_after_the_first_step_that_is_tiny_by_its_rule(cloud, rule, size):
    found = descend_line(*cloud, lr=0.005, tolerance=1e-3, rule=rule)
    sizes = [size(move) for move in np.diff(found.path, axis=0)]
    assert found.converged and sizes[-1] < 1e-3 <= min(sizes[:-1])


def test_the_step_limit():
    found = descend_line(X, Y, 0.1, max_steps=7)
    assert found.steps == 7 and not found.converged
    assert descend_line(X, Y, 0.1, max_steps=0).path.tolist() == [[1.0, 0.0]]
    assert descend_line(X, Y, 0.1, max_steps=1, start=(0, 0)).path[0].tolist() == [0.0, 0.0]
    by_length = descend_line(X, Y, 0.1, max_steps=7, rule="length")
    assert by_length.steps == 7 and np.array_equal(by_length.path, found.path)


def test_stochastic_paths():
    rng = np.random.default_rng(0)
    assert len(stochastic_line_path(X, Y, 0.1, 4, 2, rng)) == 4 * 2 + 1
    assert len(stochastic_line_path(X, Y, 0.1, 4, 1, rng)) == 4 * 3 + 1
    batch = stochastic_line_path(X, Y, 0.3, 5, None, rng)
    np.testing.assert_allclose(batch, descend_line(X, Y, 0.1, max_steps=5).path, rtol=1e-12)
    one = stochastic_line_path(X[:1], Y[:1], 0.1, 1, 1, rng)
    np.testing.assert_allclose(one[1], [1 + 0.2 * 0.5 * 0.6, 0.2 * 0.5])


def test_dtype_and_inputs():
    x, y = X.astype(np.float32), Y.astype(np.float32)
    assert descend_line(x, y, np.float64(0.1), max_steps=3).path.dtype == np.float32
    assert descend_line(x, y, 0.1, max_steps=3, rule="length").path.dtype == np.float32
    assert ssr_hessian(x).dtype == np.float32
    assert stochastic_line_path(x, y, 0.1, 1, 1, np.random.default_rng(0)).dtype == np.float32
    np.testing.assert_allclose(ssr_gradient(1, 0, [1, 2], [3, 5]), (-2 * (2 + 6), -2 * (2 + 3)))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ssr(1.0, 0.0, X, Y[:2]), r"y has shape \(2,\), expected \(3,\) to match x"),
        (lambda: ssr_gradient(1.0, 0.0, [], []), "x is empty, expected at least one point"),
        (lambda: ssr_hessian([]), "x is empty"),
        (lambda: ssr_hessian([[1.0]]), r"x has shape \(1, 1\)"),
        (lambda: descend_line(X, Y, 0.0), "lr is 0.0, expected a positive number"),
        (lambda: descend_line(X, Y, 0.1, rule="any"), "rule is 'any', expected one of 'each', 'length'"),
        (lambda: largest_stable_rate(np.ones((2, 3))), r"hessian has shape \(2, 3\), expected a symmetric"),
        (lambda: largest_stable_rate([[1.0, 2.0], [0.0, 1.0]]), "expected a symmetric square matrix"),
        (lambda: largest_stable_rate([[-1.0]]), "hessian has -1 as its largest eigenvalue"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
