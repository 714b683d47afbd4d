"""The exercises ssr_gradient and gd_fit: a line through points by gradient descent."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.gradient_descent import line_mistakes as wrong
from dlkit.numpy import line_descent

W23 = (np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1]))
SOURCE = "lecture notes, unit 2, three points"

# -- the gradient ----------------------------------------------------------------------------------------------------------


def ssr_gradient(slope, intercept, x, y):
    return line_descent.ssr_gradient(slope, intercept, x, y)


def ssr_gradient_by_matrix(slope, intercept, x, y):
    rows = np.column_stack([x, np.ones(len(x))])
    by_slope, by_intercept = 2 * rows.T @ (rows @ np.array([slope, intercept]) - y)
    return float(by_slope), float(by_intercept)


def ssr_gradient_point_by_point(slope, intercept, x, y):
    by_slope = by_intercept = 0.0
    for a, b in zip(x, y, strict=True):
        miss = slope * a + intercept - b
        by_slope += 2 * miss * a
        by_intercept += 2 * miss
    return by_slope, by_intercept


def _random_points(rng):
    """Residuals of both signs, none of them near zero."""
    n = int(rng.choice([7, 11]))
    x = rng.uniform(0.5, 3.0, size=n) * rng.permutation(np.append([-1.0, 1.0, 1.0], rng.choice([-1.0, 1.0], size=n - 3)))
    slope, intercept = float(rng.uniform(1.5, 3.0)), float(rng.uniform(0.5, 1.5))
    signs = rng.permutation(np.append([-1.0, 1.0], rng.choice([-1.0, 1.0], size=n - 2)))
    return slope, intercept, x, slope * x + intercept + signs * rng.uniform(0.5, 2.0, size=n)


def _whole_numbers(rng):
    x = rng.permutation(np.arange(1, 6))
    return 1.5, 0.25, x, 2 * x + rng.integers(1, 5, size=5)


SSR_GRADIENT = Exercise(
    key="unit2.ssr_gradient",
    title="The gradient of the sum of squared residuals",
    reference=ssr_gradient,
    alternatives=(ssr_gradient_by_matrix, ssr_gradient_point_by_point),
    examples=(Example(args=(1.0, 0.0, *W23), expected=(-3.44, -3.8), source=SOURCE),),
    regimes={"random points": _random_points, "whole numbers": Regime(_whole_numbers, 1, hidden=True)},
    parts={"worked example": 0.5, "random points": 1.0, "whole numbers": 0.5},
    returns=("derivative by the slope", "derivative by the intercept"),
    mistakes=(
        Mistake("leaves the intercept out of the residuals: right only while it is 0, as at the start of the worked example",
                wrong.gradient_without_intercept, mark=0.5),
        Mistake("leaves the slope out of the residuals: right only while it is 1, as at the start of the worked example",
                wrong.gradient_without_slope, mark=0.5),
        Mistake("always takes the residuals of the first line (slope 1, intercept 0) instead of those of the line it is given",
                wrong.gradient_at_the_start, mark=0.5),
        Mistake("drops the signs of the residuals: points above and below the line must pull in opposite directions",
                wrong.gradient_of_absolute_residuals, mark=1.0),
        Mistake("forgets the inner derivative: the slope is multiplied by x in the line, so each of its terms carries an x",
                wrong.gradient_without_x),
        Mistake("multiplies the terms of the intercept by x, too: the inner derivative of the intercept is 1",
                wrong.gradient_x_everywhere),
        Mistake("multiplies two sums: first x times residual for each point, then the sum", wrong.gradient_product_of_sums),
        Mistake("averages over the points: the SSR is a sum, so its gradient is a sum", wrong.gradient_mean),
        Mistake("returns the derivative by the intercept first: the slope was asked for first", wrong.gradient_swapped),
        Mistake("keeps the square: the derivative of r^2 is 2 r times the inner derivative", wrong.gradient_squared),
        Mistake("multiplies by y where the inner derivative, x, belongs", wrong.gradient_times_y),
        Mistake("squares x: the inner derivative of the slope is x itself", wrong.gradient_times_x_squared),
        Mistake("does not add up: one number for each point instead of one for all", wrong.gradient_not_summed),
        Mistake("visits three points only: there may be any number", wrong.gradient_of_three_points, mark=0.5),
        Mistake("turns the sign of the slope's derivative alone: both carry the same minus", wrong.gradient_slope_turned),
        Mistake("loses the minus of the inner derivatives: the line is subtracted in the residual",
                wrong.gradient_without_minus),
        Mistake("forgets the 2 of the outer derivative: that of r^2 is 2 r", wrong.gradient_without_two),
        Mistake("forgets the 2 in the derivative by the intercept", wrong.gradient_half_intercept),
        Mistake("keeps the residuals in an array like y, which may hold whole numbers: their decimals are cut off",
                wrong.gradient_in_whole_numbers, mark=1.5),
    ),
    hints=("One point contributes (y - (slope x + intercept))^2. Chain rule: the square outside, the line inside.",
           "The outer derivative is 2 r. The inner derivative of r by the intercept is -1; what is it by the slope?",
           "r = y - (slope * x + intercept) holds all residuals. One point adds 2 r times its inner "
           "derivative."),
    minutes=5, difficulty=2, rung="derive",
)

# -- the descent -----------------------------------------------------------------------------------------------------------


def gd_fit(x, y, lr, tolerance, max_steps):
    found = line_descent.descend_line(x, y, lr, tolerance=tolerance, max_steps=max_steps)
    return found.slope, found.intercept, found.steps


def gd_fit_by_loop(x, y, lr, tolerance, max_steps):
    slope, intercept, steps = 1.0, 0.0, 0
    while steps < max_steps:
        r = y - slope * x - intercept
        slope_step, intercept_step = 2 * lr * np.sum(x * r), 2 * lr * np.sum(r)
        slope, intercept, steps = slope + slope_step, intercept + intercept_step, steps + 1
        if abs(slope_step) < tolerance and abs(intercept_step) < tolerance:
            break
    return slope, intercept, steps


def gd_fit_by_matrix(x, y, lr, tolerance, max_steps):
    rows = np.column_stack([x, np.ones(len(x))])
    line = np.array([1.0, 0.0])
    for steps in range(1, max_steps + 1):
        move = -lr * 2 * rows.T @ (rows @ line - y)
        line = line + move
        if np.abs(move).max() < tolerance:
            return line[0], line[1], steps
    return line[0], line[1], max_steps


def _moves_and_losses(x, y, lr):
    """The first 1000 steps from slope 1, intercept 0, and the SSR above its minimum before each, in closed form."""
    H = line_descent.ssr_hessian(x)
    curvature, axes = np.linalg.eigh(H)
    distance = axes.T @ np.linalg.solve(H, line_descent.ssr_gradient(1.0, 0.0, x, y))
    shrunk = distance * (1 - lr * curvature) ** np.arange(1001)[:, None]
    return (-lr * curvature * shrunk)[:-1] @ axes.T, (curvature * shrunk**2).sum(axis=1) / 2


def _distinct_stops(moves, losses, lr, tolerance):
    """Whether the two parts, the length and the gradient get tiny at clearly different steps, well before step 900."""
    sizes = np.abs(moves)
    signals = (sizes.max(axis=1), sizes.min(axis=1), np.hypot(*moves.T), sizes.max(axis=1) / lr, -np.diff(losses))
    stops = [int(np.argmax(signal < tolerance)) for signal in signals]
    # The step at which it stops must not hang on a rounding error.
    margin = np.abs(signals[0][max(0, stops[0] - 1):stops[0] + 1] / tolerance - 1).min()
    return min(stops) >= 3 and max(stops) < 900 and len(set(stops)) == len(stops) and margin > 1e-6


def _fit_random_points(rng):
    while True:
        x = rng.normal(1.2, 0.9, size=7)
        y = float(rng.uniform(-3.0, -1.5)) * x + float(rng.uniform(-2.5, -1.0)) + 0.3 * rng.normal(size=7)
        lr = float(rng.uniform(0.45, 0.8)) * line_descent.largest_stable_rate(line_descent.ssr_hessian(x))
        moves, losses = _moves_and_losses(x, y, lr)
        if moves[0].max() < -0.01 and _distinct_stops(moves, losses, lr, 0.001):
            return x, y, lr, 0.001, 1000


def _step_limit(rng):
    """Nothing is tiny yet when the limit is reached: no step, no part of one, no change of the SSR."""
    while True:
        lr, limit = float(rng.uniform(0.02, 0.06)), int(rng.integers(5, 12))
        moves, losses = _moves_and_losses(*W23, lr)
        if min(np.abs(moves[:limit + 1]).min(), -np.diff(losses[:limit + 2]).max()) > 0.0011:
            return *W23, lr, 0.001, limit


def _fit_whole_numbers(rng):
    """Steps that are not tiny go up in one part at least, so that here their signs do not matter."""
    while True:
        x = rng.permutation(np.array([-1, 0, 1, 2, 3]))
        y = x + 3 + rng.integers(-1, 2, size=5)
        lr = float(rng.uniform(0.1, 0.25)) * line_descent.largest_stable_rate(line_descent.ssr_hessian(x))
        moves, losses = _moves_and_losses(x, y, lr)
        before_it_stops = moves[np.abs(moves).max(axis=1) >= 0.001]
        if (before_it_stops.max(axis=1) >= 0.001).all() and _distinct_stops(moves, losses, lr, 0.001):
            return x, y, lr, 0.001, 1000


GD_FIT = Exercise(
    key="unit2.gd_fit",
    title="Fit a line by gradient descent, with a stop rule",
    reference=gd_fit,
    alternatives=(gd_fit_by_loop, gd_fit_by_matrix),
    examples=(Example(args=(*W23, 0.1, 0.001, 1000), expected=(2.0124862691, -0.2090047743, 163), source=SOURCE),
              Example(args=(*W23, 0.01, 0.001, 1000), expected=(1.4092978367, 0.3062615228, 81), source=SOURCE)),
    regimes={"random points": _fit_random_points, "step limit": _step_limit,
             "whole numbers": Regime(_fit_whole_numbers, 1, hidden=True)},
    parts={"worked example": 1.0, "random points": 1.0, "step limit": 0.5, "whole numbers": 0.5},
    returns=("slope", "intercept", "number of steps"),
    mistakes=(
        Mistake("stops as soon as one of the two steps is tiny: both have to be", wrong.fit_either, mark=0.5),
        Mistake("compares the length of the step with the tolerance: the rule here looks at each of its two parts",
                wrong.fit_length, mark=0.5),
        Mistake("compares the gradient with the tolerance: a step is the learning rate times the gradient", wrong.fit_gradient,
                mark=0.5),
        Mistake("waits for the SSR to change by less than the tolerance: the rule here looks at the steps",
                wrong.fit_loss_change, mark=0.5),
        Mistake("takes the new slope for the residuals of the intercept: both derivatives belong to the same, old line",
                wrong.fit_one_after_the_other),
        Mistake("takes the residuals of the first line in every pass: each step starts from the current slope and intercept",
                wrong.fit_stale),
        Mistake("begins again at slope 1 and intercept 0 in every pass: initialise once, before the loop",
                wrong.fit_initialises_again),
        Mistake("goes uphill: subtract the learning rate times the gradient", wrong.fit_uphill),
        Mistake("looks before it steps, so the last, tiny step is not made: it is made and counted",
                wrong.fit_without_last_step, mark=0.5),
        Mistake("makes the last step but does not count it", wrong.fit_counts_too_few),
        Mistake("counts the start as a step", wrong.fit_counts_too_many),
        Mistake("never stops early: the tolerance is not used", wrong.fit_without_tolerance, mark=0.5),
        Mistake("does not stop at max_steps", wrong.fit_without_limit, mark=2.5),
        Mistake("makes one step more than max_steps", wrong.fit_limit_plus_one, mark=2.5),
        Mistake("compares signed steps with the tolerance: a large step in the negative direction is not tiny, take its size",
                wrong.fit_signed, mark=2.0),
        Mistake("divides the gradient by the number of points: the loss is the sum, not the mean", wrong.fit_mean),
        Mistake("returns the intercept first: the slope was asked for first", wrong.fit_swapped),
        Mistake("starts at slope 0: the first line has slope 1 and intercept 0", wrong.fit_from_zero),
        Mistake("keeps slope and intercept in an array of whole numbers, np.array([1, 0]): every step loses its decimals",
                wrong.fit_whole_line),
        Mistake("collects the gradient in an array like x, which may hold whole numbers: its decimals are cut off",
                wrong.fit_whole_gradient, mark=2.5),
    ),
    hints=("Four lines belong into the loop: gradient, the two steps, the new line, the question whether to stop.",
           "Initialise before the loop. Compute both derivatives from the old line before you change anything.",
           "for steps in range(1, max_steps + 1): ... slope, intercept = slope - slope_step, intercept - intercept_step; then "
           "break if both abs(...) are below the tolerance."),
    minutes=10, difficulty=3, rung="implement", rtol=1e-8,
)
