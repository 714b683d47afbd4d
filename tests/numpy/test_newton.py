"""Newton's method against minima that are known, and condition numbers."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.curvature import logistic_hessian
from dlkit.numpy.gradient_check import numerical_gradient
from dlkit.numpy.newton import condition_number, newton, newton_step


def turned(rng: np.random.Generator, curvatures) -> np.ndarray:
    Q = np.linalg.qr(rng.normal(size=(len(curvatures), len(curvatures))))[0]
    H = (Q * np.asarray(curvatures)) @ Q.T
    return (H + H.T) / 2


def mean_log_loss(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    z = X @ w
    return float(np.mean(np.logaddexp(0.0, z) - y * z))


@pytest.mark.parametrize("size", [1, 3, 5])
def test_newton_finds_the_stationary_point_of_a_quadratic_in_one_step(size):
    rng = np.random.default_rng(size)
    H, goal, theta = turned(rng, rng.uniform(-2.0, 5.0, size=size)), rng.normal(size=size), rng.normal(size=size)
    before = theta.copy()
    np.testing.assert_allclose(newton_step(theta, H @ (theta - goal), H), goal, rtol=1e-9)
    assert np.array_equal(theta, before)
    single = newton_step(theta.astype(np.float32), H @ (theta - goal), H)
    assert single.dtype == np.float32


def test_newton_doubles_the_digits_on_the_log_loss():
    rng = np.random.default_rng(3)
    X = np.column_stack([rng.normal(size=(60, 2)), np.ones(60)])
    y = (X @ [2.0, -1.0, 0.5] + rng.logistic(size=60) > 0).astype(float)
    found = newton(lambda w: X.T @ (sigmoid(X @ w) - y) / 60, lambda w: logistic_hessian(X, w), np.zeros(3))
    assert found.converged and found.steps < 12 and len(found.path) == found.steps + 1
    assert np.abs(numerical_gradient(lambda w: mean_log_loss(w, X, y), found.minimum)).max() < 1e-8
    errors = np.linalg.norm(found.path - found.minimum, axis=1)
    late = errors[(errors < 0.1) & (errors > 1e-7)]
    assert all(after < 5 * before**2 for before, after in zip(late[:-1], late[1:], strict=True)) and len(late) >= 2


def test_newton_goes_to_a_maximum_too_and_stops_when_told():
    up = newton(lambda t: -np.sin(t), lambda t: -np.diag(np.cos(t)), [0.4])
    assert up.converged and up.minimum[0] == pytest.approx(0.0, abs=1e-12)
    short = newton(lambda t: t**2 - 2, lambda t: np.diag(2 * t), [1.0], max_steps=2)
    assert short.steps == 2 and not short.converged


def test_condition_number_is_the_ratio_of_curvature_sizes():
    rng = np.random.default_rng(4)
    H = turned(rng, [0.5, 2.0, 8.0])
    assert condition_number(H) == pytest.approx(16.0) == pytest.approx(np.linalg.cond(H))
    assert condition_number(-H) == pytest.approx(16.0) and condition_number(np.eye(7)) == 1.0 == condition_number(5.0)
    assert condition_number(turned(rng, [-8.0, 1.0, 2.0])) == pytest.approx(8.0)
    assert condition_number(np.diag([1.0, 1e-14])) == np.inf == condition_number([[1.0, 2.0], [2.0, 4.0]])
    assert condition_number(np.diag([1.0, 1e-10])) == pytest.approx(1e10)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: condition_number([[1.0, 2.0], [0.0, 1.0]]), r"hessian has shape \(2, 2\), expected a symmetric square matrix"),
    (lambda: condition_number(np.zeros((2, 2))), "hessian is zero everywhere"),
    (lambda: condition_number(np.ones((2, 3))), r"hessian has shape \(2, 3\)"),
    (lambda: newton_step([1.0, 1.0], [1.0, 1.0], [[1.0, 1.0], [1.0, 1.0]]), "hessian is singular"),
    (lambda: newton_step([1.0], [1.0], np.eye(2)), r"theta has shape \(1,\), expected \(2,\) to match hessian \(2, 2\)"),
    (lambda: newton_step([1.0, 1.0], [1.0], np.eye(2)), r"gradient has shape \(1,\), expected \(2,\)"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
