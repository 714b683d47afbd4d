"""The delta rule: hand numbers, gradients, learning."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.delta_rule import lms_fit, lms_step, mlp_delta_step
from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.least_squares import normal_equation


def test_lms_step_by_hand():
    # w.x = 1*3 - 2*5 + 0.5 = -6.5, error 1 - (-6.5) = 7.5, times lr 0.1
    new = lms_step(np.array([1.0, -2.0, 0.5]), np.array([3.0, 5.0, 1.0]), t=1.0, lr=0.1)
    assert new.tolist() == pytest.approx([3.25, 1.75, 1.25])


def test_lms_step_descends_half_the_squared_error():
    rng = np.random.default_rng(0)
    w, x, t = rng.standard_normal(7), rng.standard_normal(7), 1.7
    gradient = numerical_gradient(lambda v: 0.5 * (t - x @ v) ** 2, w)
    assert relative_error(lms_step(w, x, t, lr=0.3) - w, -0.3 * gradient) < 1e-8


def test_lms_fit_reaches_the_least_squares_solution_of_consistent_data():
    rng = np.random.default_rng(1)
    X = rng.standard_normal((40, 3))
    t = X @ np.array([2.0, -1.0, 0.5]) + 3.0
    w = lms_fit(X, t, lr=0.05, epochs=100, rng=rng)
    assert w == pytest.approx(normal_equation(X, t, add_ones=True), abs=1e-6)


def test_lms_fit_repeats_with_the_same_generator_and_keeps_float32():
    X, t = np.eye(3, dtype=np.float32), np.arange(3, dtype=np.float32)
    one, two = (lms_fit(X, t, epochs=3, rng=np.random.default_rng(5)) for _ in range(2))
    assert one.dtype == np.float32 and (one == two).all()


def test_mlp_delta_step_descends_half_the_squared_error_of_several_outputs():
    rng = np.random.default_rng(2)
    x, target = rng.standard_normal(5), rng.uniform(size=2)
    shapes = [(5, 3), (3, 2), (3,), (2,)]
    W1, W2, b1, b2 = start = [rng.standard_normal(shape) for shape in shapes]

    def loss_of(index):
        def loss(moved):
            p = [*start[:index], moved, *start[index + 1 :]]
            return 0.5 * ((target - sigmoid(sigmoid(x @ p[0] + p[2]) @ p[1] + p[3])) ** 2).sum()

        return loss

    step = mlp_delta_step(x, (W1, W2), (b1, b2), rate=0.4, target=target)
    for index, new in enumerate([*step.weights, *step.biases]):
        gradient = numerical_gradient(loss_of(index), start[index])
        assert relative_error(new - start[index], -0.4 * gradient) < 1e-7


def test_mlp_delta_step_keeps_float32_and_inputs():
    x, W1, W2 = (np.ones(shape, dtype=np.float32) for shape in [(3,), (3, 2), (2, 1)])
    b1, b2 = np.zeros(2, dtype=np.float32), np.zeros(1, dtype=np.float32)
    step = mlp_delta_step(x, (W1, W2), (b1, b2), 0.5, np.float32(0.2))
    assert {array.dtype for array in (*step.weights, *step.biases, step.output)} == {np.dtype(np.float32)}
    assert (W1 == 1).all() and (b1 == 0).all()


def test_error_texts():
    biases = np.ones(2), np.ones(1)
    with pytest.raises(ValueError, match=r"w has shape \(2,\), expected \(3,\) to match x \(3,\)"):
        lms_step(np.ones(2), np.ones(3), 1.0, 0.1)
    with pytest.raises(ValueError, match=r"t has shape \(3,\), expected \(2,\) to match X \(2, 2\)"):
        lms_fit(np.eye(2), np.ones(3), rng=np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng .* int, expected numpy.random.Generator"):
        lms_fit(np.eye(2), np.ones(2), rng=0)
    with pytest.raises(ValueError, match=r"weights\[1\] has shape \(3, 1\), expected \(2, \*\)"):
        mlp_delta_step(np.ones(4), (np.ones((4, 2)), np.ones((3, 1))), biases, 0.1, 1.0)
    with pytest.raises(ValueError, match=r"target has shape \(2,\), expected \(1,\)"):
        mlp_delta_step(np.ones(4), (np.ones((4, 2)), np.ones((2, 1))), biases, 0.1, np.ones(2))
