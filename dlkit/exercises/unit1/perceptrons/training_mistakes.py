"""Wrong answers on training a perceptron and on its conditions: each a complete answer with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- the whole training --------------------------------------------------------------------------------------------------


def _augmented(X):
    return np.column_stack([X, np.ones(len(X))])


def fit_without_rate(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_bias_without_rate(X, y, rows, lr):
    w, b = np.zeros(X.shape[1]), 0.0
    for i in rows:
        error = y[i] - float(X[i] @ w + b >= 0)
        w, b = w + lr * error * X[i], b + error
    return np.append(w, b)


def fit_bias_never_moves(X, y, rows, lr):
    w = np.zeros(X.shape[1])
    for i in rows:
        w = w + lr * (y[i] - float(X[i] @ w >= 0)) * X[i]
    return np.append(w, 0.0)


def fit_without_ones(X, y, rows, lr):
    w = np.zeros(X.shape[1])
    for i in rows:
        w = w + lr * (y[i] - float(X[i] @ w >= 0)) * X[i]
    return w


def fit_ones_first(X, y, rows, lr):
    A, w = np.column_stack([np.ones(len(X)), X]), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_bias_dropped(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w[:-1]


def fit_table_order(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for k in range(len(rows)):
        i = k % len(X)
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_table_once(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for x, target in zip(A, y, strict=True):
        w = w + lr * (target - float(x @ w >= 0)) * x
    return w


def fit_table_for_each_visit(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for _ in rows:
        for x, target in zip(A, y, strict=True):
            w = w + lr * (target - float(x @ w >= 0)) * x
    return w


def fit_as_many_as_rows(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for k in range(len(X)):
        i = rows[k]
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_returns_at_once(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
        return w


def fit_unconditional(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * A[i] if y[i] == 1 else w - lr * A[i]
    return w


def fit_wrong_sign(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w - lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_strict(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (y[i] - float(A[i] @ w > 0)) * A[i]
    return w


def fit_from_ones(X, y, rows, lr):
    A, w = _augmented(X), np.ones(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_batch(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    errors = y - (A @ w >= 0)
    for i in rows:
        w = w + lr * errors[i] * A[i]
    return w


def fit_in_the_plane(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(3)
    for i in rows:
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_stops_when_right(X, y, rows, lr):
    A, w = _augmented(X), np.zeros(X.shape[1] + 1)
    for i in rows:
        error = y[i] - float(A[i] @ w >= 0)
        if error == 0:
            break
        w = w + lr * error * A[i]
    return w


# -- the overlapping conditions ------------------------------------------------------------------------------------------


def overlap_as_printed(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if (label == "N" and z >= 0) or (label == "P" and z <= 0):
            w = w - lr * x
        elif (label == "P" and z <= 0) or (label == "N" and z >= 0):
            w = w + lr * x
    return w


def overlap_as_printed_subtracting(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if (label == "N" and z >= 0) or (label == "P" and z <= 0):
            w = w - lr * x
    return w


def overlap_always_adds(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if (label == "N" and z >= 0) or (label == "P" and z < 0):
            w = w + lr * x
    return w


def overlap_always_subtracts(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if (label == "N" and z >= 0) or (label == "P" and z < 0):
            w = w - lr * x
    return w


def overlap_both_at_zero(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z >= 0:
            w = w - lr * x
        elif label == "P" and z <= 0:
            w = w + lr * x
    return w


def overlap_none_at_zero(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z > 0:
            w = w - lr * x
        elif label == "P" and z < 0:
            w = w + lr * x
    return w


def overlap_strict(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z > 0:
            w = w - lr * x
        elif label == "P" and z <= 0:
            w = w + lr * x
    return w


def overlap_swapped(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z >= 0:
            w = w + lr * x
        elif label == "P" and z < 0:
            w = w - lr * x
    return w


def overlap_sides_swapped(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "P" and z >= 0:
            w = w - lr * x
        elif label == "N" and z < 0:
            w = w + lr * x
    return w


def overlap_only_subtracts(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        if label == "N" and x @ w >= 0:
            w = w - lr * x
    return w


def overlap_without_labels(w, X, labels, lr):
    for x in X:
        if x @ w >= 0:
            w = w - lr * x
        else:
            w = w + lr * x
    return w


def overlap_without_sides(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        if label == "N":
            w = w - lr * x
        else:
            w = w + lr * x
    return w


def overlap_bare_else(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        if label == "N" and x @ w >= 0:
            w = w - lr * x
        else:
            w = w + lr * x
    return w


def overlap_elif_without_label(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z >= 0:
            w = w - lr * x
        elif z < 0:
            w = w + lr * x
    return w


def overlap_old_scores(w, X, labels, lr):
    for x, label, z in zip(X, labels, X @ w, strict=True):
        if label == "N" and z >= 0:
            w = w - lr * x
        elif label == "P" and z < 0:
            w = w + lr * x
    return w


def overlap_first_row_only(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z >= 0:
            w = w - lr * x
        elif label == "P" and z < 0:
            w = w + lr * x
        return w


def overlap_without_rate(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z >= 0:
            w = w - x
        elif label == "P" and z < 0:
            w = w + x
    return w


def overlap_in_place(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z >= 0:
            w -= lr * x
        elif label == "P" and z < 0:
            w += lr * x
    return w
