"""Wrong answers on the perceptron trick and on one step: each a complete answer with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- perceptron trick ----------------------------------------------------------------------------------------------------


def trick_swapped(coefficients, point, label, lr):
    sign = -1 if label == 1 else 1
    return coefficients + sign * lr * np.append(point, 1.0)


def trick_constant_left(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    return coefficients + sign * lr * np.append(point, 0.0)


def trick_one_first(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    return coefficients + sign * lr * np.concatenate([[1.0], point])


def trick_without_rate(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    return coefficients + sign * np.append(point, 1.0)


def trick_constant_without_rate(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    return coefficients + sign * np.append(lr * point, 1.0)


def trick_rate_on_constant_only(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    return coefficients + sign * np.append(point, lr)


def trick_always_adds(coefficients, point, label, lr):
    return coefficients + lr * np.append(point, 1.0)


def trick_always_subtracts(coefficients, point, label, lr):
    return coefficients - lr * np.append(point, 1.0)


def trick_times_label(coefficients, point, label, lr):
    return coefficients + lr * label * np.append(point, 1.0)


def trick_looks_first(coefficients, point, label, lr):
    x = np.append(point, 1.0)
    return coefficients + lr * (label - float(coefficients @ x >= 0)) * x


def trick_by_side(coefficients, point, label, lr):
    x = np.append(point, 1.0)
    sign = -1 if coefficients @ x >= 0 else 1
    return coefficients + sign * lr * x


def trick_in_the_plane(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    return coefficients + sign * lr * np.array([point[0], point[1], 1.0])


def trick_change_only(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    return sign * lr * np.append(point, 1.0)


def trick_in_place(coefficients, point, label, lr):
    sign = 1 if label == 1 else -1
    coefficients += sign * lr * np.append(point, 1.0)
    return coefficients


# -- one step of the perceptron ------------------------------------------------------------------------------------------


def step_wrong_sign(w, x, y, lr):
    return w + lr * (float(x @ w >= 0) - y) * x


def step_strict(w, x, y, lr):
    return w + lr * (y - float(x @ w > 0)) * x


def step_without_rate(w, x, y, lr):
    return w + (y - float(x @ w >= 0)) * x


def step_without_bias(w, x, y, lr):
    change = lr * (y - float(x @ w >= 0)) * x
    change[-1] = 0.0
    return w + change


def step_score_without_bias(w, x, y, lr):
    return w + lr * (y - float(x[:-1] @ w[:-1] >= 0)) * x


def step_by_score(w, x, y, lr):
    return w + lr * (y - x @ w) * x


def step_bipolar_output(w, x, y, lr):
    output = 1.0 if x @ w >= 0 else -1.0
    return w + lr * (y - output) * x


def step_times_target(w, x, y, lr):
    output = float(x @ w >= 0)
    return w + lr * y * x if output != y else w


def step_unconditional(w, x, y, lr):
    return w + lr * x if y == 1 else w - lr * x


def step_without_input(w, x, y, lr):
    return w + lr * (y - float(x @ w >= 0))


def step_always_subtracts(w, x, y, lr):
    return w - lr * x if float(x @ w >= 0) != y else w


def step_always_adds(w, x, y, lr):
    return w + lr * x if float(x @ w >= 0) != y else w


def step_only_subtracts(w, x, y, lr):
    return w - lr * x if y == 0 and x @ w >= 0 else w


def step_class_0_always(w, x, y, lr):
    if y == 0:
        return w - lr * x
    return w + lr * x if x @ w < 0 else w


def step_below(w, x, y, lr):
    return w + lr * (y - float(x @ w < 0)) * x


def step_both_wrong_at_zero(w, x, y, lr):
    score = x @ w
    if y == 0 and score >= 0:
        return w - lr * x
    if y == 1 and score <= 0:
        return w + lr * x
    return w


def step_nobody_wrong_at_zero(w, x, y, lr):
    score = x @ w
    if y == 0 and score > 0:
        return w - lr * x
    if y == 1 and score < 0:
        return w + lr * x
    return w


def step_in_place(w, x, y, lr):
    w += lr * (y - float(x @ w >= 0)) * x
    return w
