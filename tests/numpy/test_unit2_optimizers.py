"""Worked example W35 and the errata on optimizers: the slip gives the printed number, the right reading another one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dlkit.numpy.adam import Adam, AdamW, adam_step
from dlkit.numpy.adaptive import AdaGrad, RMSProp, adagrad_step, rmsprop_step
from dlkit.numpy.momentum import SGD, Momentum, Nesterov, momentum_step
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.optimizers import optimizer_path


def slope(w):
    """The gradient of w squared."""
    return 2 * w


def torch_path(make, steps=3):
    w = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    optimizer, path = make([w]), []
    for _ in range(steps):
        optimizer.zero_grad()
        (w**2).sum().backward()
        optimizer.step()
        path.append(w.item())
    return path


def adam_moves(steps, correction):
    """Adam's steps on a constant gradient of 1, divided by the rate; `correction(beta, t)` divides the averages."""
    m = v = 0.0
    moves = []
    for t in range(1, steps + 1):
        m, v = 0.9 * m + 0.1, 0.999 * v + 0.001
        moves.append(m / correction(0.9, t) / np.sqrt(v / correction(0.999, t)))
    return np.array(moves)


# -- W35 -------------------------------------------------------------------------------------------------------------------


def test_W35_the_printed_correction_is_right_in_the_first_step_only():
    printed = adam_moves(100, lambda beta, t: 1 - beta)
    assert printed[[0, 1, 9, 99]].round(3).tolist() == [1.0, 1.344, 2.064, 1.025]
    assert np.allclose(adam_moves(100, lambda beta, t: 1 - beta**t), 1.0, rtol=1e-12)
    path = optimizer_path(Adam(lr=0.1, eps=0.0), lambda x: np.ones(1), [0.0], steps=100)
    np.testing.assert_allclose(-np.diff(path, axis=0), 0.1, rtol=1e-10)


def test_W35_without_correction_the_first_step_is_three_times_too_long_and_the_factor_grows_slowly():
    assert adam_moves(1, lambda beta, t: 1.0)[0] == pytest.approx(3.162, abs=5e-4)
    assert 1 - 0.999**1000 == pytest.approx(0.632, abs=5e-4)


# -- errata ----------------------------------------------------------------------------------------------------------------


def test_E1_1_the_two_forms_of_momentum_differ_by_a_factor_in_the_rate():
    classical = optimizer_path(Momentum(lr=0.1, form="classical"), slope, 1.0, 3)[1:]
    averaged = optimizer_path(Momentum(lr=0.1), slope, 1.0, 3)[1:]
    assert classical.round(3).tolist() == [0.8, 0.46, 0.062]
    assert averaged.round(4).tolist() == [0.98, 0.9424, 0.8897]
    np.testing.assert_allclose(optimizer_path(Momentum(lr=1.0), slope, 1.0, 3)[1:], classical, rtol=1e-12)
    np.testing.assert_allclose(torch_path(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)), classical, rtol=1e-12)
    dampened = torch_path(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.9))
    assert np.round(dampened, 4).tolist() == [0.8, 0.604, 0.4155]  # the first velocity is the whole gradient


def test_E1_1_the_gradient_belongs_to_the_point_before_the_step():
    theta = v = 0.0
    theta, v = momentum_step([1.0], [0.0], slope(np.array([1.0])), lr=0.1)
    late, _ = momentum_step([1.0], [0.0], slope(theta), lr=0.1)  # "the gradient at theta_t makes theta_t"
    assert theta.round(4).tolist() == [0.98] and late.round(4).tolist() == [0.9804]


def test_E1_2_E3_27_nesterov_in_both_forms():
    textbook = optimizer_path(Nesterov(lr=0.1, form="textbook"), slope, 1.0, 3)
    assert textbook[1:].round(5).tolist() == [0.8, 0.496, 0.17792]
    stored = torch_path(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True))
    assert np.round(stored, 5).tolist() == [0.62, 0.2224, -0.10835]
    np.testing.assert_allclose(textbook[1:] + 0.9 * np.diff(textbook), stored, rtol=1e-12)

    def averaged(lr):
        """Nesterov in the scale of the averaged form, in which the same notes write momentum."""
        theta, v, path = 1.0, 0.0, []
        for _ in range(3):
            v = 0.9 * v + 0.1 * slope(theta - lr * 0.9 * v)
            theta -= lr * v
            path.append(theta)
        return path

    # with one rate for both scales the printed pair makes Nesterov look ten times as fast as momentum
    assert averaged(0.1)[2] == pytest.approx(0.891059, abs=5e-7) and textbook[3] < 0.2
    np.testing.assert_allclose(averaged(1.0), textbook[1:], rtol=1e-12)


@pytest.mark.parametrize("step", [
    lambda g, inside: adagrad_step([0.0], [0.0], [g], 1.0, 1e-8, inside)[0],
    lambda g, inside: adam_step([0.0], [0.0], [0.0], [g], 1, 1.0, eps_inside=inside)[0],
    lambda g, inside: rmsprop_step([0.0], [0.0], [g], 1.0, 0.0, 1e-8, inside)[0],
])
def test_E1_3_epsilon_inside_the_root_shortens_tiny_steps(step):
    assert step(1.0, True)[0] == pytest.approx(-1, abs=2e-8) and step(1.0, False)[0] == pytest.approx(-1, abs=2e-8)
    assert step(1e-4, True)[0] == pytest.approx(-np.sqrt(0.5), abs=1e-6)
    assert step(1e-4, False)[0] == pytest.approx(-0.9999, abs=1e-6)


def test_E1_4_the_correction_needs_the_power_t():
    def moves(t_given):
        theta = m = v = np.zeros(1)
        path = [theta]
        for t in range(1, 11):
            theta, m, v = adam_step(theta, m, v, np.ones(1), t_given(t), lr=1.0, eps=0.0)
            path.append(theta)
        return -np.diff(np.array(path), axis=0)

    assert moves(lambda t: 1)[9] == pytest.approx(2.064, abs=5e-4)  # t forgotten: 1 - beta in every step
    assert moves(lambda t: t)[9] == pytest.approx(1.0)
    with pytest.raises(ValueError, match="t is 0"):
        moves(lambda t: t - 1)


def test_E1_6_weight_decay_is_a_penalty_for_plain_descent_only():
    def path(optimizer, gradient, steps=3):
        return optimizer_path(optimizer, gradient, [1.0], steps)[1:, 0]

    def nothing(w):
        return 0 * w

    assert path(SGD(lr=0.5, weight_decay=0.5), nothing).round(4).tolist() == [0.75, 0.5625, 0.4219]
    np.testing.assert_allclose(path(GradientDescent(lr=0.5), lambda w: 0.5 * w), [0.75, 0.5625, 0.421875])
    n = 10  # the cost lambda / (2 n) ||w||^2 shrinks by 1 - eta lambda / n
    np.testing.assert_allclose(path(GradientDescent(lr=0.5), lambda w: 0.5 / n * w), [0.975**k for k in (1, 2, 3)])
    penalty = path(Adam(lr=0.1), lambda w: 0.5 * w)
    np.testing.assert_allclose(path(Adam(lr=0.1, weight_decay=0.5), nothing), penalty)
    decayed = path(AdamW(lr=0.1, weight_decay=0.5), nothing)
    np.testing.assert_allclose(decayed, [0.95, 0.95**2, 0.95**3])
    assert penalty[0] == pytest.approx(0.9) and np.abs(penalty - decayed).min() > 0.01


def test_E3_11_momentum_is_not_always_faster():
    plain = optimizer_path(GradientDescent(lr=0.5), slope, 1.0, 1)
    heavy = optimizer_path(Momentum(lr=0.5, form="classical"), slope, 1.0, 20)
    assert plain[-1] == 0.0 and np.abs(heavy[2:]).max() > 0.8


def test_E3_12_the_velocity_changes_in_every_iteration():
    optimizer = Momentum(lr=0.1)
    rng = np.random.default_rng(0)
    network = mlp([2, 1], rng)
    X, y = rng.normal(size=(12, 2)), rng.normal(size=(12, 1))
    network.fit(X, y, lambda p, t: (0.0, p - t), optimizer, epochs=2, batch_size=4, rng=rng)
    assert optimizer.steps == 6  # not 2


def test_E3_13_E3_15_alpha_is_a_sum_of_squares_and_the_rate_has_the_root_of_it_below():
    _, alpha = adagrad_step(np.zeros(1), np.zeros(1), np.array([3.0]), 0.1)
    theta, alpha = adagrad_step(np.zeros(1), alpha, np.array([4.0]), 0.1)
    assert alpha.tolist() == [25.0]
    assert (-theta / 4.0)[0] == pytest.approx(0.1 / 5.0)  # the rate; 0.1 / 25 would be inversely proportional
    assert adagrad_step(np.ones(1), np.zeros(1), np.zeros(1), 0.1)[1].tolist() == [0.0]  # a square may be zero


def test_E3_14_epsilon_keeps_the_quotient_finite():
    with np.errstate(invalid="ignore"):
        assert np.isnan(adagrad_step([1.0], [0.0], [0.0], 0.1, eps=0.0)[0]).all()
    assert adagrad_step([1.0], [0.0], [0.0], 0.1)[0].tolist() == [1.0]


@pytest.mark.parametrize("make", [AdaGrad, RMSProp, Adam])
def test_E3_16_the_base_rate_still_has_to_be_chosen(make):
    left = {lr: abs(float(optimizer_path(make(lr=lr), slope, 1.0, 100)[-1])) for lr in (1e-4, 0.1)}
    assert left[1e-4] > 0.9 and left[0.1] < 0.2


def test_E3_25_adam_is_momentum_and_rmsprop():
    g = np.random.default_rng(4).normal(size=(30, 3))
    theta, m, v = np.ones(3), np.zeros(3), np.zeros(3)
    velocity, average, total = np.zeros(3), np.zeros(3), np.zeros(3)
    for t, gradient in enumerate(g, start=1):
        theta, m, v = adam_step(theta, m, v, gradient, t, 0.01)
        _, velocity = momentum_step(theta, velocity, gradient, 0.01, 0.9)
        _, average = rmsprop_step(theta, average, gradient, 0.01, 0.999)
        _, total = adagrad_step(theta, total, gradient, 0.01)
    np.testing.assert_allclose(m, velocity, rtol=1e-12)
    np.testing.assert_allclose(v, average, rtol=1e-12)
    assert np.abs(v / total).max() < 0.01  # AdaGrad's sum is another thing


def test_E3_35_momentum_averages_gradients_not_parameters():
    theta, v = np.array([100.0]), np.zeros(1)
    for _ in range(200):
        theta, v = momentum_step(theta, v, np.array([2.0]), lr=0.01)
    assert v == pytest.approx(2.0) and abs(theta[0]) > 90  # v settles at the gradient, nowhere near theta


def test_E3_36_E3_38_the_sum_runs_over_time_and_over_squares():
    total = np.zeros(2)
    for gradient in ([1.0, -2.0], [-1.0, 2.0]):
        _, total = adagrad_step(np.zeros(2), total, gradient, 0.1)
    assert total.tolist() == [2.0, 8.0]  # one sum per parameter; plain sums would be 0
    _, average = rmsprop_step(np.zeros(2), np.zeros(2), [1.0, -2.0], 0.1, 0.5)
    assert average.tolist() == [0.5, 2.0]


def test_E3_37_adagrad_has_no_beta():
    with pytest.raises(TypeError):
        AdaGrad(lr=0.1, beta=0.9)
    assert Momentum(lr=0.1).beta == RMSProp().beta == 0.9


def test_E3_46_a_saddle_holds_plain_descent_and_noise_may_free_it():
    def gradient(p):
        return np.array([2.0, -2.0]) * p

    assert np.abs(optimizer_path(GradientDescent(lr=0.1), gradient, [1.0, 0.0], 100)[-1]).max() < 1e-9
    rng = np.random.default_rng(5)
    noisy = optimizer_path(GradientDescent(lr=0.1), lambda p: gradient(p) + 0.01 * rng.normal(size=2), [1.0, 0.0], 100)
    assert abs(noisy[-1, 1]) > 1.0

    def two_valleys(x):  # of x^4 / 4 - x^2 / 2 - x / 10, with a local minimum near -0.95
        return x**3 - x - 0.1

    rng = np.random.default_rng(6)
    ends = [optimizer_path(GradientDescent(lr=0.1), lambda x: two_valleys(x) + 0.1 * rng.normal(), -1.0, 300)[-1] for _ in range(20)]
    assert np.mean(np.array(ends) < 0) == 1.0  # little noise frees none of them: no guarantee


def test_E3_47_adagrad_stays_in_a_shallow_valley_like_the_others():
    def slope_of_two_valleys(x):
        return x**3 - x - 0.1

    for optimizer in (AdaGrad(lr=0.3), GradientDescent(lr=0.1)):
        assert optimizer_path(optimizer, slope_of_two_valleys, -1.2, 500)[-1] == pytest.approx(-0.8669, abs=0.1)


def test_E3_48_adam_moves_all_parameters_and_keeps_two_buffers_of_each():
    rng = np.random.default_rng(8)
    params = mlp([4, 3, 2], rng).params
    optimizer = Adam(lr=0.01)
    new = optimizer.step(params, {name: rng.normal(size=value.shape) for name, value in params.items()})
    assert all((new[name] != params[name]).all() for name in params)
    stored = sum(buffer.size for buffers in optimizer.state.values() for buffer in buffers.values())
    assert stored == 2 * sum(value.size for value in params.values()) == 2 * 23
