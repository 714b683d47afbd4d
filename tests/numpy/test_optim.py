"""Gradient descent: the step, the optimizer, the loop and its stopping rule."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.optim import GradientDescent, gradient_descent, gradient_descent_step


def test_step_by_hand_leaves_the_old_parameters_alone():
    params = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}
    grads = {"b": np.array([1.0]), "W": np.array([[10.0, -10.0]])}
    new = gradient_descent_step(params, grads, 0.1)
    assert new["W"].tolist() == [[0, 3]] and new["b"].tolist() == [2.9]
    assert params["W"].tolist() == [[1, 2]] and params["b"].tolist() == [3]
    assert GradientDescent(lr=0.1).step(params, grads)["W"].tolist() == [[0, 3]]


def test_float32_stays_float32_even_with_a_numpy_learning_rate():
    w = {"w": np.float32([1.0])}
    assert gradient_descent_step(w, w, np.float64(0.1))["w"].dtype == np.float32


def test_messages():
    with pytest.raises(ValueError, match=r"grads has the names \['v'\], expected \['w'\] to match params"):
        gradient_descent_step({"w": np.zeros(2)}, {"v": np.zeros(2)}, 0.1)
    with pytest.raises(ValueError, match=r"grads\['w'\] has shape \(3,\), expected \(2,\)"):
        gradient_descent_step({"w": np.zeros(2)}, {"w": np.zeros(3)}, 0.1)
    with pytest.raises(ValueError, match="lr is -1, expected a positive number"):
        GradientDescent(lr=-1)
    with pytest.raises(ValueError, match=r"gradient has shape \(3,\), expected \(2,\) to match start"):
        gradient_descent(lambda x: np.zeros(3), [0.0, 0.0], 0.1)


def test_path_and_limits():
    start = np.array([4.0, -2.0])
    result = gradient_descent(lambda x: 2 * x, start, 0.25, max_steps=2)
    assert result.path.tolist() == [[4, -2], [2, -1], [1, -0.5]]
    assert result.steps == 2 and not result.converged and result.minimum.tolist() == [1, -0.5]
    assert start.tolist() == [4, -2]
    nothing = gradient_descent(lambda x: 2 * x, start, 0.25, max_steps=0)
    assert nothing.steps == 0 and nothing.path.shape == (1, 2)


@pytest.mark.parametrize(
    ("lr", "steps", "slope", "intercept"), [(0.1, 163, 2.0125, -0.2090), (0.01, 81, 1.4093, 0.3063)]
)
def test_W23_small_steps_can_stop_far_from_the_minimum(lr, steps, slope, intercept):
    x, y = np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1])

    def gradient(theta):
        residual = theta[0] * x + theta[1] - y
        return np.array([2 * (residual * x).sum(), 2 * residual.sum()])

    np.testing.assert_allclose(gradient(np.array([1.0, 0.0])), [-3.44, -3.8])
    result = gradient_descent(gradient, [1.0, 0.0], lr, max_steps=1000, tolerance=0.001)
    assert result.converged and result.steps == steps
    np.testing.assert_allclose(result.minimum, [slope, intercept], atol=5e-5)
    exhausted = gradient_descent(gradient, [1.0, 0.0], 0.1, max_steps=1000)
    np.testing.assert_allclose(exhausted.minimum, [2.0789471, -0.2657893], atol=5e-8)
