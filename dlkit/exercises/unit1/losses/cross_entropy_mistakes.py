"""Wrong answers to the exercise on the softmax cross-entropy, each with one wrong decision."""

from __future__ import annotations

import numpy as np


def _rows_of(target, logits):
    return np.eye(logits.shape[1])[target] if np.ndim(target) == 1 else target


def _log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _right(logits, target):
    """The losses of the rows, and the gradient of their sum."""
    Y, log_p = _rows_of(target, logits), _log_softmax(logits)
    return -(Y * log_p).sum(axis=1), np.exp(log_p) - Y


def ce_naive(logits, target):
    Y, e = _rows_of(target, logits), np.exp(logits)
    P = e / e.sum(axis=1, keepdims=True)
    return -np.sum(Y * np.log(P)) / len(Y), (P - Y) / len(Y)


def ce_naive_by_index(logits, target):
    e = np.exp(logits)
    P = e / e.sum(axis=1, keepdims=True)
    Y = _rows_of(target, logits)
    given = P[np.arange(len(P)), target] if np.ndim(target) == 1 else np.exp((Y * np.log(P)).sum(axis=1))
    return -np.mean(np.log(given)), (P - Y) / len(Y)


def ce_naive_log_sum(logits, target):
    Y, e = _rows_of(target, logits), np.exp(logits)
    P = e / e.sum(axis=1, keepdims=True)
    return np.mean(np.log(e.sum(axis=1)) - (Y * logits).sum(axis=1)), (P - Y) / len(Y)


def ce_log_of_softmax(logits, target):
    Y = _rows_of(target, logits)
    P = np.exp(_log_softmax(logits))
    return -np.sum(Y * np.log(P)) / len(Y), (P - Y) / len(Y)


def ce_log_of_softmax_by_index(logits, target):
    Y = _rows_of(target, logits)
    P = np.exp(_log_softmax(logits))
    if np.ndim(target) == 1:
        return -np.mean(np.log(P[np.arange(len(P)), target])), (P - Y) / len(Y)
    return -np.sum(Y * np.log(P)) / len(Y), (P - Y) / len(Y)


def _with_probabilities_above(smallest, logits, target):
    Y = _rows_of(target, logits)
    P = np.exp(_log_softmax(logits))
    return -np.sum(Y * np.log(np.maximum(P, smallest))) / len(Y), (P - Y) / len(Y)


def ce_floor_of_the_log(logits, target):
    return _with_probabilities_above(np.exp(-100.0), logits, target)


def ce_smallest_1e_15(logits, target):
    return _with_probabilities_above(1e-15, logits, target)


def ce_smallest_1e_12(logits, target):
    return _with_probabilities_above(1e-12, logits, target)


def ce_smallest_1e_10(logits, target):
    return _with_probabilities_above(1e-10, logits, target)


def ce_smallest_1e_9(logits, target):
    return _with_probabilities_above(1e-9, logits, target)


def ce_smallest_1e_8(logits, target):
    return _with_probabilities_above(1e-8, logits, target)


def ce_smallest_1e_7(logits, target):
    return _with_probabilities_above(1e-7, logits, target)


def _with_added(small, logits, target):
    Y = _rows_of(target, logits)
    P = np.exp(_log_softmax(logits))
    return -np.sum(Y * np.log(P + small)) / len(Y), (P - Y) / len(Y)


def ce_plus_1e_9(logits, target):
    return _with_added(1e-9, logits, target)


def ce_plus_1e_8(logits, target):
    return _with_added(1e-8, logits, target)


def ce_plus_1e_7(logits, target):
    return _with_added(1e-7, logits, target)


def ce_base_two(logits, target):
    Y = _rows_of(target, logits)
    P = np.exp(_log_softmax(logits))
    return -np.sum(Y * np.log2(P)) / len(Y), (P - Y) / len(Y)


def ce_base_two_by_index(logits, target):
    Y = _rows_of(target, logits)
    P = np.exp(_log_softmax(logits))
    if np.ndim(target) == 1:
        return -np.mean(np.log2(P[np.arange(len(P)), target])), (P - Y) / len(Y)
    return -np.sum(Y * np.log2(P)) / len(Y), (P - Y) / len(Y)


def ce_without_keepdims(logits, target):
    Y = _rows_of(target, logits)
    shifted = logits - logits.max(axis=1)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1))
    return -np.sum(Y * log_p) / len(Y), (np.exp(log_p) - Y) / len(Y)


def ce_without_softmax(logits, target):
    Y = _rows_of(target, logits)
    return -np.sum(Y * np.log(logits)) / len(Y), (logits - Y) / len(Y)


def ce_softmax_twice(logits, target):
    Y = _rows_of(target, logits)
    log_p = _log_softmax(np.exp(_log_softmax(logits)))
    return -np.sum(Y * log_p) / len(Y), (np.exp(log_p) - Y) / len(Y)


def ce_softmax_twice_in_loss(logits, target):
    Y, P = _rows_of(target, logits), np.exp(_log_softmax(logits))
    return -np.sum(Y * _log_softmax(P)) / len(Y), (P - Y) / len(Y)


def ce_softmax_down_the_columns(logits, target):
    Y = _rows_of(target, logits)
    log_p = _log_softmax(logits.T).T
    return -np.sum(Y * log_p) / len(Y), (np.exp(log_p) - Y) / len(Y)


def ce_mean_of_everything(logits, target):
    losses, slope = _right(logits, target)
    return np.sum(losses) / slope.size, slope / slope.size


def ce_mean_of_everything_value_only(logits, target):
    losses, slope = _right(logits, target)
    return np.sum(losses) / slope.size, slope / len(slope)


def ce_sum(logits, target):
    losses, slope = _right(logits, target)
    return np.sum(losses), slope


def ce_sum_value_only(logits, target):
    losses, slope = _right(logits, target)
    return np.sum(losses), slope / len(slope)


def ce_gradient_of_sum(logits, target):
    losses, slope = _right(logits, target)
    return np.mean(losses), slope


def ce_one_loss_per_row(logits, target):
    losses, slope = _right(logits, target)
    return losses, slope / len(slope)


def ce_one_loss_per_row_own_gradient(logits, target):
    losses, slope = _right(logits, target)
    return losses, slope


def ce_columns_for_labels(logits, target):
    if np.ndim(target) == 2:
        losses, slope = _right(logits, target)
        return np.mean(losses), slope / len(slope)
    log_p = _log_softmax(logits)
    gradient = np.exp(log_p)
    gradient[:, target] -= 1
    return -np.mean(log_p[:, target]), gradient / len(logits)


def ce_columns_for_labels_in_loss(logits, target):
    losses, slope = _right(logits, target)
    if np.ndim(target) == 1:
        losses = -_log_softmax(logits)[:, target]
    return np.mean(losses), slope / len(slope)


def ce_columns_for_labels_in_gradient(logits, target):
    losses, slope = _right(logits, target)
    if np.ndim(target) == 1:
        slope = np.exp(_log_softmax(logits))
        slope[:, target] -= 1
    return np.mean(losses), slope / len(slope)


def ce_argmax_of_rows(logits, target):
    labels = np.argmax(target, axis=1) if np.ndim(target) == 2 else target
    losses, slope = _right(logits, labels)
    return np.mean(losses), slope / len(slope)


def ce_argmax_of_rows_in_loss(logits, target):
    labels = np.argmax(target, axis=1) if np.ndim(target) == 2 else target
    return np.mean(_right(logits, labels)[0]), _right(logits, target)[1] / len(logits)


def ce_labels_from_one(logits, target):
    losses, slope = _right(logits, target - 1 if np.ndim(target) == 1 else target)
    return np.mean(losses), slope / len(slope)


def ce_binary_terms(logits, target):
    Y, log_p = _rows_of(target, logits), _log_softmax(logits)
    P = np.exp(log_p)
    return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / len(Y), (P - Y) / len(Y)


def ce_sigmoids(logits, target):
    Y = _rows_of(target, logits)
    losses = np.logaddexp(0, logits) - Y * logits
    return np.sum(losses) / len(Y), (0.5 + 0.5 * np.tanh(logits / 2) - Y) / len(Y)


def ce_gradient_of_probabilities(logits, target):
    losses, _ = _right(logits, target)
    Y, P = _rows_of(target, logits), np.exp(_log_softmax(logits))
    return np.mean(losses), -Y / P / len(Y)


def ce_gradient_of_probabilities_floored(logits, target):
    losses, _ = _right(logits, target)
    Y, P = _rows_of(target, logits), np.exp(_log_softmax(logits))
    return np.mean(losses), -Y / np.maximum(P, 1e-12) / len(Y)


def ce_gradient_without_target(logits, target):
    losses, _ = _right(logits, target)
    return np.mean(losses), np.exp(_log_softmax(logits)) / len(logits)


def ce_gradient_from_scores(logits, target):
    losses, _ = _right(logits, target)
    return np.mean(losses), (logits - _rows_of(target, logits)) / len(logits)


def ce_in_place(logits, target):
    logits -= logits.max(axis=1, keepdims=True)
    losses, slope = _right(logits, target)
    return np.mean(losses), slope / len(slope)


def ce_labels_only(logits, target):
    log_p = _log_softmax(logits)
    rows = np.arange(len(logits))
    gradient = np.exp(log_p)
    gradient[rows, target] -= 1
    return -np.mean(log_p[rows, target]), gradient / len(logits)


def ce_rows_only(logits, target):
    log_p = _log_softmax(logits)
    return -np.mean(np.sum(target * log_p, axis=1)), (np.exp(log_p) - target) / len(logits)
