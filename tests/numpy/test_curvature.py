"""Second derivatives against formulas, and kinds of points."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.curvature import (
    hessian,
    inflection_points,
    least_squares_hessian,
    logistic_hessian,
    second_derivative,
    second_derivative_test,
)
from dlkit.numpy.gradient_check import numerical_gradient
from dlkit.numpy.line_descent import ssr, ssr_hessian


def turned(rng: np.random.Generator, curvatures) -> np.ndarray:
    Q = np.linalg.qr(rng.normal(size=(len(curvatures), len(curvatures))))[0]
    H = (Q * np.asarray(curvatures)) @ Q.T
    return (H + H.T) / 2


def mean_log_loss(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    z = X @ w
    return float(np.mean(np.logaddexp(0.0, z) - y * z))


def test_second_derivative_of_known_functions():
    x = np.linspace(-2.0, 2.0, 11).reshape(11, 1)
    for f, second in ((np.sin, lambda t: -np.sin(t)), (np.exp, np.exp), (lambda t: t**4, lambda t: 12 * t**2)):
        np.testing.assert_allclose(second_derivative(f, x), second(x), atol=2e-6)
    assert second_derivative(np.square, 3).shape == () and second_derivative(np.square, 3) == pytest.approx(2.0, abs=1e-5)


def test_inflection_points():
    np.testing.assert_allclose(inflection_points(lambda t: -np.sin(t), -4.0, 4.0), [-np.pi, 0.0, np.pi], atol=1e-12)
    np.testing.assert_allclose(inflection_points(lambda t: t * (t - 0.3), -1.0, 1.0, num=37), [0.0, 0.3], atol=1e-12)
    assert inflection_points(lambda t: t**2 * (t - 5), -1.0, 1.0).size == 0
    with pytest.raises(ValueError, match="high is 1, expected more than low = 2"):
        inflection_points(np.sin, 2, 1)


def test_numerical_hessian_against_exact_ones():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=7), rng.normal(size=7)
    line = np.column_stack([x, np.ones(7)])
    np.testing.assert_allclose(least_squares_hessian(line), ssr_hessian(x), rtol=1e-13)
    np.testing.assert_allclose(hessian(lambda p: ssr(p[0], p[1], x, y), [0.3, -2.0]), ssr_hessian(x), rtol=1e-5)
    X, labels, w = rng.normal(size=(11, 3)), rng.integers(0, 2, size=11), rng.normal(size=3)
    exact = logistic_hessian(X, w)
    np.testing.assert_allclose(hessian(lambda v: mean_log_loss(v, X, labels), w), exact, atol=1e-6)
    assert np.linalg.eigvalsh(exact)[0] > 0 and np.array_equal(exact, exact.T) or np.allclose(exact, exact.T, rtol=1e-14)
    columns = [numerical_gradient(lambda v, j=j: X[:, j] @ (sigmoid(X @ v) - labels) / 11, w) for j in range(3)]
    np.testing.assert_allclose(np.array(columns), exact, rtol=1e-8)


@pytest.mark.parametrize(("curvatures", "kind"), [
    ([3.0], "minimum"), ([-3.0], "maximum"), ([0.0], "inconclusive"), ([1.0, 2.0, 5.0], "minimum"), ([-1.0, -2.0, -5.0], "maximum"),
    ([-1.0, -2.0, 5.0], "saddle"), ([1.0, 0.0], "inconclusive"), ([-1.0, 0.0], "inconclusive"), ([1.0, -1.0, 0.0], "saddle"),
])
def test_kinds_of_points(curvatures, kind):
    H = turned(np.random.default_rng(7), curvatures)
    assert second_derivative_test(np.zeros(len(H)), H) == kind
    assert second_derivative_test(np.r_[np.zeros(len(H) - 1), -1e-3], H) == "not stationary"
    assert second_derivative_test(np.full(len(H), 1e-12), H) == kind


def test_a_saddle_may_have_a_positive_diagonal():
    assert second_derivative_test([0.0, 0.0], [[1.0, 3.0], [3.0, 1.0]]) == "saddle"


@pytest.mark.parametrize(("call", "message"), [
    (lambda: second_derivative_test([0.0, 0.0], [[1.0, 2.0], [0.0, 1.0]]), r"hessian has shape \(2, 2\), expected a symmetric square matrix"),
    (lambda: second_derivative_test([0.0], np.eye(2)), r"gradient has shape \(1,\), expected \(2,\)"),
    (lambda: hessian(np.sum, 1.0), r"x has shape \(\), expected \(\*,\)"),
    (lambda: logistic_hessian(np.ones((3, 2)), [1.0]), r"w has shape \(1,\), expected \(2,\) to match X \(3, 2\)"),
    (lambda: least_squares_hessian([1.0]), r"X has shape \(1,\)"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
