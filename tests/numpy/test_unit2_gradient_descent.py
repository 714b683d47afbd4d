"""Worked examples and errata of gradient descent: the printed number with the slip as input, the right one without it."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.averages import ewm_mean, ewma, ewma_weights
from dlkit.numpy.batches import minibatches, steps_per_epoch
from dlkit.numpy.least_squares import fit_line
from dlkit.numpy.line_descent import (
    descend_line,
    largest_stable_rate,
    ssr,
    ssr_gradient,
    ssr_hessian,
    stochastic_line_path,
)
from dlkit.numpy.optim import gradient_descent, gradient_descent_step
from dlkit.numpy.schedules import inverse_time_decay

X, Y = np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1])
TEMPERATURES = [43.0, 33.0, 25.5, 30.6]


def test_W5_learning_rate_decay():
    schedule = inverse_time_decay(0.2, decay=1.0)
    np.testing.assert_allclose([schedule(e) for e in range(5)], [0.2, 0.1, 0.0666666667, 0.05, 0.04], atol=5e-11)
    assert [round(schedule(e), d) for e, d in ((1, 1), (2, 3), (3, 2), (4, 2))] == [0.1, 0.067, 0.05, 0.04]


@pytest.mark.parametrize(
    "beta, plain, corrected",
    [
        (0.9, [4.3, 7.17, 9.003, 11.1627], [43, 37.736842, 33.221402, 32.459145]),
        (0.5, [21.5, 27.25, 26.375, 28.4875], [43, 36.333333, 30.142857, 30.386667]),
        (0.1, [38.7, 33.57, 26.307, 30.1707], [43, 33.909091, 26.333333, 30.173717]),
    ],
)
def test_W14_temperatures(beta, plain, corrected):
    np.testing.assert_allclose(ewma(TEMPERATURES, beta), plain, atol=5e-11)
    np.testing.assert_allclose(ewma(TEMPERATURES, beta, bias_correction=True), corrected, atol=5e-7)


def test_W23_line_through_three_points():
    np.testing.assert_allclose(Y - X, [0.5, 0.4, 1.0])
    assert ssr(1.0, 0.0, X, Y) == pytest.approx(1.41)
    np.testing.assert_allclose(ssr_gradient(1.0, 0.0, X, Y), (-3.44, -3.8))
    for lr, slope, intercept, loss in ((0.1, 1.344, 0.38, 0.13096256), (0.01, 1.0344, 0.038, 1.1607472)):
        one = descend_line(X, Y, lr, max_steps=1)
        assert (one.slope, one.intercept) == pytest.approx((slope, intercept))
        assert ssr(one.slope, one.intercept, X, Y) == pytest.approx(loss, abs=5e-8)
    best = fit_line(X, Y)
    assert best == pytest.approx((2.0789473684, -0.2657894737), abs=5e-11)
    assert ssr(*best, X, Y) == pytest.approx(0.0592105263, abs=5e-11)
    far = descend_line(X, Y, 0.1, tolerance=0.0, max_steps=1000)
    assert (far.slope, far.intercept) == pytest.approx((2.0789471, -0.2657893), abs=6e-8)


@pytest.mark.parametrize(
    "lr, rule, steps, slope, intercept",
    [(0.1, "each", 163, 2.0125, -0.2090), (0.01, "each", 81, 1.4093, 0.3063), (0.1, "length", 182, None, None), (0.01, "length", 261, None, None)],
)
def test_W23_both_stop_rules(lr, rule, steps, slope, intercept):
    found = descend_line(X, Y, lr, rule=rule)
    assert found.converged and found.steps == steps
    if slope is not None:
        assert (found.slope, found.intercept) == pytest.approx((slope, intercept), abs=5e-5)


def test_W23_hessian():
    H = ssr_hessian(X)
    np.testing.assert_allclose(H, [[4.42, 5.0], [5.0, 6.0]])
    np.testing.assert_allclose(np.linalg.eigvalsh(H), [0.14797, 10.27203], atol=6e-6)
    assert np.linalg.cond(H) == pytest.approx(69.417, abs=5e-4)
    assert largest_stable_rate(H) == pytest.approx(0.19470357, abs=5e-9)


def test_W24_expansion():
    weights = ewma_weights(3, 0.9)
    np.testing.assert_allclose(weights, [0.1, 0.09, 0.081])
    assert 0.9**3 == pytest.approx(0.729) and weights.sum() + 0.9**3 == pytest.approx(1.0)


def test_W34_a_curve_that_fits_the_lost_figure():
    path = gradient_descent(lambda w: 2 * (w - 3), 1.0, 0.2, max_steps=100).path
    assert (path[0] - 3) ** 2 == 4 and path[1] > path[0] and path[-1] == pytest.approx(3.0)


def step(slope: float, lr: float = 0.2) -> float:
    return float(gradient_descent_step({"w": np.array(1.0)}, {"w": np.array(slope)}, lr)["w"]) - 1.0


def test_E3_5_the_sign_gives_only_the_direction():
    assert np.sign(step(-4.0)) == np.sign(step(-0.04)) == 1  # all that "raise the weight" says
    assert step(-4.0) == pytest.approx(0.8) and step(-0.04) == pytest.approx(0.008)


def test_E3_6_a_step_is_proportional_to_the_gradient_and_not_to_the_loss():
    loss, slope = 104.0, -4.0  # of (w - 3)^2 + 100 at w = 1
    assert step(-loss) == pytest.approx(20.8)  # leaves the valley
    assert step(slope) == pytest.approx(0.8)


def test_E3_7_another_start_another_minimum():
    def slope(w):
        return 0.24 * (w - 1) + 2.2 * np.cos(2.2 * w)

    def height(w):
        return 0.12 * (w - 1) ** 2 + np.sin(2.2 * w) + 1.5

    ends = [gradient_descent(slope, start, 0.05, max_steps=500).minimum for start in (-3.5, 0.6, 2.9)]
    assert [round(float(height(w)), 3) for w in ends] == [2.886, 0.836, 0.649]
    assert height(ends[2]) == pytest.approx(height(np.linspace(-5, 6, 110001)).min())


def test_E3_20_batch_size_one_is_sgd_and_all_is_batch_descent():
    rng = np.random.default_rng(0)
    full = np.array(ssr_gradient(1.0, 0.0, X, Y)) / 3
    all_rows = stochastic_line_path(X, Y, 0.1, 1, 3, rng)
    np.testing.assert_allclose(all_rows[1], [1.0, 0.0] - 0.1 * full)
    one_row = stochastic_line_path(X, Y, 0.1, 1, 1, rng)
    assert len(one_row) == 4 and np.abs(one_row[1] - all_rows[1]).max() > 0.01


def test_E3_26_alpha_of_pandas_is_one_minus_beta():
    ours = ewma(TEMPERATURES, 0.9, bias_correction=True)
    np.testing.assert_allclose(ewm_mean(TEMPERATURES, 0.9), [43, 33.909091, 26.333333, 30.173717], atol=5e-7)
    np.testing.assert_allclose(ewm_mean(TEMPERATURES, 0.9, adjust=False), [43, 34, 26.35, 30.175])
    np.testing.assert_allclose(ewm_mean(TEMPERATURES, 0.1), ours)
    np.testing.assert_allclose(ewm_mean(TEMPERATURES, 0.1, adjust=False), [43, 42, 40.35, 39.375])


def test_E3_30_a_gradient_that_is_updated_moves_no_parameter():
    gradient = np.array(ssr_gradient(1.0, 0.0, X, Y))
    updated = gradient_descent(lambda g: g, gradient, 0.1, max_steps=100).minimum
    assert np.abs(updated).max() < 2e-4 and ssr(1.0, 0.0, X, Y) == pytest.approx(1.41)
    moved = descend_line(X, Y, 0.1, tolerance=0.0, max_steps=100)
    assert ssr(moved.slope, moved.intercept, X, Y) == pytest.approx(0.0629, abs=5e-5)


def test_E3_31_a_step_of_sgd_is_cheap_and_there_are_many():
    rows = np.arange(1000)[:, None]
    per_step = [len(x) for x, _ in minibatches(rows, rows, 1)]
    assert set(per_step) == {1} and len(per_step) == steps_per_epoch(1000, 1) == 1000
    assert steps_per_epoch(1000, None) == 1


@pytest.mark.parametrize(
    "slope, far, near", [(lambda d: 2 * d, 0.6, 0.06), (np.sign, 0.1, 0.1), (lambda d: 2 * d * np.exp(-(d**2)), 7.4e-5, 0.0548)]
)
def test_E3_32_steps_shrink_near_the_minimum_only_if_the_gradient_does(slope, far, near):
    sizes = [abs(float(np.diff(gradient_descent(slope, d, 0.1, max_steps=1).path)[0])) for d in (3.0, 0.3)]
    assert sizes == pytest.approx([far, near], rel=1e-2)


def test_E3_33_initialising_again_stays_at_the_first_step():
    again = (1.0, 0.0)
    for _ in range(100):
        found = descend_line(X, Y, 0.1, max_steps=1)  # steps 1 to 4, the initial line included
        again = found.slope, found.intercept
    assert again == pytest.approx((1.344, 0.38))
    right = descend_line(X, Y, 0.1, tolerance=0.0, max_steps=100)
    assert (right.slope, right.intercept) == pytest.approx((1.909, -0.1205), abs=5e-4)


def test_E3_34_the_gradient_belongs_to_the_current_line():
    stale = gradient_descent(lambda line: np.array(ssr_gradient(1.0, 0.0, X, Y)), [1.0, 0.0], 0.1, max_steps=100).minimum
    np.testing.assert_allclose(stale, [35.4, 38.0])
    current = gradient_descent(lambda line: np.array(ssr_gradient(*line, X, Y)), [1.0, 0.0], 0.1, max_steps=100).minimum
    np.testing.assert_allclose(current, [1.909, -0.1205], atol=5e-4)


def test_E3_39_the_correction_is_largest_at_the_first_value():
    first = ewma(TEMPERATURES, 0.9)[0]
    assert first / (1 - 0.9) == pytest.approx(43.0) == pytest.approx(ewma(TEMPERATURES, 0.9, bias_correction=True)[0])
    long = np.full(100, 5.0)
    plain, corrected = ewma(long, 0.9), ewma(long, 0.9, bias_correction=True)
    assert corrected[0] / plain[0] == pytest.approx(10.0) and corrected[-1] / plain[-1] == pytest.approx(1.0, abs=3e-5)
    assert plain[-1] / (1 - 0.9) == pytest.approx(50.0, rel=1e-4)  # without the power, ten times too much


def test_E3_40_batch_size_is_the_number_of_rows_per_update():
    assert steps_per_epoch(1000, 1000) == 1 and steps_per_epoch(1000, 32) == 32 and steps_per_epoch(1000, 128) == 8


def test_E3_41_a_rate_between_0_and_1_can_be_too_large_and_one_above_1_right():
    exploded = descend_line(X, Y, 0.2, tolerance=0.0, max_steps=300)
    assert ssr(exploded.slope, exploded.intercept, X, Y) > 1e13
    flat = gradient_descent(lambda w: 0.04 * w, 1.0, 20.0, max_steps=50).minimum
    assert abs(flat) < 1e-30 and largest_stable_rate([[0.04]]) == pytest.approx(50.0)


def test_E3_45_the_gradient_is_taken_at_the_old_parameters():
    a, r = np.array([0.6, 1.0]), 0.5
    right = stochastic_line_path(X[:1], Y[:1], 0.1, 1, 1, np.random.default_rng(0))[1]
    np.testing.assert_allclose(right, [1.06, 0.1])
    as_printed = np.array([1.0, 0.0]) + 0.2 * r / (1 + 0.2 * a @ a) * a  # solves theta = old - lr grad(theta)
    new_gradient = np.array(ssr_gradient(*as_printed, X[:1], Y[:1]))
    np.testing.assert_allclose(as_printed, [1.0, 0.0] - 0.1 * new_gradient)
    assert as_printed[0] == pytest.approx(1.04717, abs=5e-6)
