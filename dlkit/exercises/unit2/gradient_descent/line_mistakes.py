"""Wrong answers to the exercises on fitting a line by gradient descent: each is complete, with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- the gradient ----------------------------------------------------------------------------------------------------------


def gradient_without_intercept(slope, intercept, x, y):
    r = y - slope * x
    return -2 * np.sum(x * r), -2 * np.sum(r)


def gradient_without_slope(slope, intercept, x, y):
    r = y - (x + intercept)
    return -2 * np.sum(x * r), -2 * np.sum(r)


def gradient_at_the_start(slope, intercept, x, y):
    r = y - (1.0 * x + 0.0)
    return -2 * np.sum(x * r), -2 * np.sum(r)


def gradient_of_absolute_residuals(slope, intercept, x, y):
    r = np.abs(y - (slope * x + intercept))
    return -2 * np.sum(x * r), -2 * np.sum(r)


def gradient_without_x(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(r), -2 * np.sum(r)


def gradient_x_everywhere(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(x * r), -2 * np.sum(x * r)


def gradient_product_of_sums(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(x) * np.sum(r), -2 * np.sum(r)


def gradient_mean(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.mean(x * r), -2 * np.mean(r)


def gradient_swapped(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(r), -2 * np.sum(x * r)


def gradient_squared(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(x * r**2), -2 * np.sum(r**2)


def gradient_times_y(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(y * r), -2 * np.sum(r)


def gradient_times_x_squared(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(x**2 * r), -2 * np.sum(r)


def gradient_not_summed(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * x * r, -2 * r


def gradient_of_three_points(slope, intercept, x, y):
    by_slope = by_intercept = 0.0
    for i in range(3):
        r = y[i] - (slope * x[i] + intercept)
        by_slope -= 2 * x[i] * r
        by_intercept -= 2 * r
    return by_slope, by_intercept


def gradient_slope_turned(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return 2 * np.sum(x * r), -2 * np.sum(r)


def gradient_without_minus(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return 2 * np.sum(x * r), 2 * np.sum(r)


def gradient_without_two(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -np.sum(x * r), -np.sum(r)


def gradient_half_intercept(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return -2 * np.sum(x * r), -np.sum(r)


def gradient_in_whole_numbers(slope, intercept, x, y):
    r = np.zeros_like(y)
    for i in range(len(y)):
        r[i] = y[i] - (slope * x[i] + intercept)
    return -2.0 * np.sum(x * r), -2.0 * np.sum(r)


# -- the descent -----------------------------------------------------------------------------------------------------------


def _slopes(slope, intercept, x, y):
    r = y - slope * x - intercept
    return -2 * np.sum(x * r), -2 * np.sum(r)


def fit_either(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(lr * by_slope) < tolerance or abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_length(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if lr * np.hypot(by_slope, by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_gradient(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(by_slope) < tolerance and abs(by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_loss_change(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    before = np.sum((y - slope * x - intercept) ** 2)
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        after = np.sum((y - slope * x - intercept) ** 2)
        if abs(before - after) < tolerance:
            return slope, intercept, steps
        before = after
    return slope, intercept, max_steps


def fit_one_after_the_other(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        slope_step = lr * _slopes(slope, intercept, x, y)[0]
        slope = slope - slope_step
        intercept_step = lr * _slopes(slope, intercept, x, y)[1]
        intercept = intercept - intercept_step
        if abs(slope_step) < tolerance and abs(intercept_step) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_stale(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    by_slope, by_intercept = _slopes(slope, intercept, x, y)
    for steps in range(1, max_steps + 1):
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_initialises_again(x, y, lr, tolerance, max_steps):
    for steps in range(1, max_steps + 1):
        slope, intercept = 1.0, 0.0
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_uphill(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope + lr * by_slope, intercept + lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_without_last_step(x, y, lr, tolerance, max_steps):
    slope, intercept, steps = 1.0, 0.0, 0
    while steps < max_steps:
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            break
        slope, intercept, steps = slope - lr * by_slope, intercept - lr * by_intercept, steps + 1
    return slope, intercept, steps


def fit_counts_too_few(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(max_steps):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps - 1


def fit_counts_too_many(x, y, lr, tolerance, max_steps):
    lines = [(1.0, 0.0)]
    while len(lines) <= max_steps:
        slope, intercept = lines[-1]
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        lines.append((slope - lr * by_slope, intercept - lr * by_intercept))
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            break
    return *lines[-1], len(lines)


def fit_without_tolerance(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for _ in range(max_steps):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
    return slope, intercept, max_steps


def fit_without_limit(x, y, lr, tolerance, max_steps):
    slope, intercept, steps = 1.0, 0.0, 0
    while True:
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept, steps = slope - lr * by_slope, intercept - lr * by_intercept, steps + 1
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps


def fit_limit_plus_one(x, y, lr, tolerance, max_steps):
    slope, intercept, steps = 1.0, 0.0, 0
    while steps <= max_steps:
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept, steps = slope - lr * by_slope, intercept - lr * by_intercept, steps + 1
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            break
    return slope, intercept, steps


def fit_signed(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope_step, intercept_step = -lr * by_slope, -lr * by_intercept
        slope, intercept = slope + slope_step, intercept + intercept_step
        if slope_step < tolerance and intercept_step < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_mean(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = np.array(_slopes(slope, intercept, x, y)) / len(x)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_swapped(x, y, lr, tolerance, max_steps):
    slope, intercept = 1.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return intercept, slope, steps
    return intercept, slope, max_steps


def fit_from_zero(x, y, lr, tolerance, max_steps):
    slope, intercept = 0.0, 0.0
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(slope, intercept, x, y)
        slope, intercept = slope - lr * by_slope, intercept - lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return slope, intercept, steps
    return slope, intercept, max_steps


def fit_whole_line(x, y, lr, tolerance, max_steps):
    line = np.array([1, 0])
    for steps in range(1, max_steps + 1):
        by_slope, by_intercept = _slopes(line[0], line[1], x, y)
        line[0], line[1] = line[0] - lr * by_slope, line[1] - lr * by_intercept
        if abs(lr * by_slope) < tolerance and abs(lr * by_intercept) < tolerance:
            return line[0], line[1], steps
    return line[0], line[1], max_steps


def fit_whole_gradient(x, y, lr, tolerance, max_steps):
    line = np.array([1.0, 0.0])
    for steps in range(1, max_steps + 1):
        gradient = np.zeros(2, dtype=x.dtype)
        gradient[0], gradient[1] = _slopes(line[0], line[1], x, y)
        line = line - lr * gradient
        if np.all(np.abs(lr * gradient) < tolerance):
            return line[0], line[1], steps
    return line[0], line[1], max_steps
