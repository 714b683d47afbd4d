"""Wrong answers on several outputs and on the delta rule: each a complete answer with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- several outputs -----------------------------------------------------------------------------------------------------


def _three_levels(z, threshold):
    return np.where(z > threshold, 1.0, np.where(z < -threshold, -1.0, 0.0))


def outputs_all_move(W, b, x, t, lr, threshold):
    change = lr * t
    return W + np.outer(x, change), b + change


def outputs_all_if_any(W, b, x, t, lr, threshold):
    wrong = (_three_levels(x @ W + b, threshold) != t).any()
    change = lr * t * float(wrong)
    return W + np.outer(x, change), b + change


def outputs_right_ones_move(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W + b, threshold) == t)
    return W + np.outer(x, change), b + change


def outputs_by_difference(W, b, x, t, lr, threshold):
    change = lr * (t - _three_levels(x @ W + b, threshold))
    return W + np.outer(x, change), b + change


def outputs_by_score(W, b, x, t, lr, threshold):
    change = lr * (t - (x @ W + b))
    return W + np.outer(x, change), b + change


def outputs_by_output(W, b, x, t, lr, threshold):
    y = _three_levels(x @ W + b, threshold)
    change = lr * y * (y != t)
    return W + np.outer(x, change), b + change


def outputs_wrong_sign(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W + b, threshold) != t)
    return W - np.outer(x, change), b - change


def outputs_bias_stays(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W + b, threshold) != t)
    return W + np.outer(x, change), b + 0.0


def outputs_bias_without_target(W, b, x, t, lr, threshold):
    wrong = _three_levels(x @ W + b, threshold) != t
    return W + np.outer(x, lr * t * wrong), b + lr * wrong


def outputs_bias_moves_always(W, b, x, t, lr, threshold):
    wrong = _three_levels(x @ W + b, threshold) != t
    return W + np.outer(x, lr * t * wrong), b + lr * t


def outputs_bias_not_added(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W, threshold) != t)
    return W + np.outer(x, change), b + change


def outputs_without_rate(W, b, x, t, lr, threshold):
    change = t * (_three_levels(x @ W + b, threshold) != t)
    return W + np.outer(x, change), b + change


def outputs_bias_without_rate(W, b, x, t, lr, threshold):
    change = t * (_three_levels(x @ W + b, threshold) != t)
    return W + lr * np.outer(x, change), b + change


def outputs_without_band(W, b, x, t, lr, threshold):
    change = lr * t * (np.sign(x @ W + b) != t)
    return W + np.outer(x, change), b + change


def outputs_two_levels_at_zero(W, b, x, t, lr, threshold):
    change = lr * t * (np.where(x @ W + b >= 0, 1.0, -1.0) != t)
    return W + np.outer(x, change), b + change


def outputs_two_levels(W, b, x, t, lr, threshold):
    change = lr * t * (np.where(x @ W + b > threshold, 1.0, -1.0) != t)
    return W + np.outer(x, change), b + change


def outputs_two_levels_reached(W, b, x, t, lr, threshold):
    change = lr * t * (np.where(x @ W + b >= threshold, 1.0, -1.0) != t)
    return W + np.outer(x, change), b + change


def outputs_lower_edge_lost(W, b, x, t, lr, threshold):
    z = x @ W + b
    y = np.where(z > threshold, 1.0, np.where(z < threshold, -1.0, 0.0))
    change = lr * t * (y != t)
    return W + np.outer(x, change), b + change


def outputs_band_left_alone(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W + b, threshold) == -t)
    return W + np.outer(x, change), b + change


def outputs_edge_decided(W, b, x, t, lr, threshold):
    z = x @ W + b
    y = np.where(z >= threshold, 1.0, np.where(z <= -threshold, -1.0, 0.0))
    change = lr * t * (y != t)
    return W + np.outer(x, change), b + change


def outputs_turned(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W + b, threshold) != t)
    return W + np.outer(change, x), b + change


def outputs_without_inputs(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W + b, threshold) != t)
    return W + change, b + change


def outputs_in_place(W, b, x, t, lr, threshold):
    change = lr * t * (_three_levels(x @ W + b, threshold) != t)
    W += np.outer(x, change)
    b += change
    return W, b


def outputs_weights_in_place(W, b, x, t, lr, threshold):
    for j in range(len(t)):
        if _three_levels(x @ W[:, j] + b[j], threshold) != t[j]:
            W[:, j] += lr * t[j] * x
            b[j] += lr * t[j]
    return W, b


# -- the delta rule ------------------------------------------------------------------------------------------------------


def _augmented(X):
    return np.column_stack([X, np.ones(len(X))])


def lms_wrong_sign(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (A[i] @ w - t[i]) * A[i]
    return w


def lms_after_step(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (t[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def lms_after_bipolar_step(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (t[i] - np.sign(A[i] @ w)) * A[i]
    return w


def lms_only_wrong_classes(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        z = A[i] @ w
        if np.sign(z) != t[i]:
            w = w + lr * (t[i] - z) * A[i]
    return w


def lms_only_wrong_classes_two_levels(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        z = A[i] @ w
        if (1.0 if z > 0 else -1.0) != t[i]:
            w = w + lr * (t[i] - z) * A[i]
    return w


def lms_by_target(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * t[i] * A[i]
    return w


def lms_twice(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + 2 * lr * (t[i] - A[i] @ w) * A[i]
    return w


def lms_mean(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr / len(X) * (t[i] - A[i] @ w) * A[i]
    return w


def lms_double_sum(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        score = sum(A[i] @ w for _ in range(len(w)))
        w = w + lr * (t[i] - score) * A[i]
    return w


def lms_size_of_error(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * abs(t[i] - A[i] @ w) * A[i]
    return w


def lms_squared_error(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * 0.5 * (t[i] - A[i] @ w) ** 2 * A[i]
    return w


def lms_without_input(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (t[i] - A[i] @ w)
    return w


def lms_without_ones(X, t, rows, lr):
    w = np.zeros(X.shape[1])
    for i in rows:
        w = w + lr * (t[i] - X[i] @ w) * X[i]
    return w


def lms_bias_never_moves(X, t, rows, lr):
    w = np.zeros(X.shape[1])
    for i in rows:
        w = w + lr * (t[i] - X[i] @ w) * X[i]
    return np.append(w, 0.0)


def lms_ones_first(X, t, rows, lr):
    A, w = np.column_stack([np.ones(len(X)), X]), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (t[i] - A[i] @ w) * A[i]
    return w


def lms_bias_without_rate(X, t, rows, lr):
    w, b = np.zeros(X.shape[1]), 0.0
    for i in rows:
        error = t[i] - (X[i] @ w + b)
        w, b = w + lr * error * X[i], b + error
    return np.append(w, b)


def lms_new_weights_for_the_bias(X, t, rows, lr):
    w, b = np.zeros(X.shape[1]), 0.0
    for i in rows:
        w = w + lr * (t[i] - (X[i] @ w + b)) * X[i]
        b = b + lr * (t[i] - (X[i] @ w + b))
    return np.append(w, b)


def lms_without_rate(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + (t[i] - A[i] @ w) * A[i]
    return w


def lms_batch(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    errors = t - A @ w
    for i in rows:
        w = w + lr * errors[i] * A[i]
    return w


def lms_table_order(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for k in range(len(rows)):
        i = k % len(X)
        w = w + lr * (t[i] - A[i] @ w) * A[i]
    return w


def lms_table_once(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for x, target in zip(A, t, strict=True):
        w = w + lr * (target - x @ w) * x
    return w


def lms_as_many_as_rows(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for k in range(len(X)):
        i = rows[k]
        w = w + lr * (t[i] - A[i] @ w) * A[i]
    return w


def lms_returns_at_once(X, t, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (t[i] - A[i] @ w) * A[i]
        return w


def lms_from_ones(X, t, rows, lr):
    A, w = _augmented(X), np.ones(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (t[i] - A[i] @ w) * A[i]
    return w
