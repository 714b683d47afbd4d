"""Wrong answers to the exercises on stochastic gradient descent and mini-batches: each is complete, with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- one epoch of stochastic gradient descent ------------------------------------------------------------------------------


def epoch_as_printed(x, y, slope, intercept, lr, order):
    first_slope, first_intercept = slope, intercept
    for i in range(len(order)):
        residual = y[i] - (first_slope * x[i] + first_intercept)
        slope = slope + 2 * lr * residual * x[i]
        residual = y[i] - (slope * x[i] + first_intercept)
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_stale(x, y, slope, intercept, lr, order):
    first_slope, first_intercept = slope, intercept
    for i in order:
        residual = y[i] - (first_slope * x[i] + first_intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_in_table_order(x, y, slope, intercept, lr, order):
    for i in range(len(order)):
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_one_after_the_other(x, y, slope, intercept, lr, order):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        residual = y[i] - (slope * x[i] + intercept)
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_half_stale(x, y, slope, intercept, lr, order):
    first_intercept = intercept
    for i in order:
        residual = y[i] - (slope * x[i] + first_intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_other_half_stale(x, y, slope, intercept, lr, order):
    first_slope = slope
    for i in order:
        residual = y[i] - (first_slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_torn_pairs(x, y, slope, intercept, lr, order):
    for k, i in enumerate(order):
        residual = y[k] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_torn_pairs_x(x, y, slope, intercept, lr, order):
    for k, i in enumerate(order):
        residual = y[i] - (slope * x[k] + intercept)
        slope = slope + 2 * lr * residual * x[k]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_uphill(x, y, slope, intercept, lr, order):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope - 2 * lr * residual * x[i]
        intercept = intercept - 2 * lr * residual
    return slope, intercept


def epoch_batch(x, y, slope, intercept, lr, order):
    for _ in order:
        residual = y - (slope * x + intercept)
        slope = slope + 2 * lr * np.sum(residual * x)
        intercept = intercept + 2 * lr * np.sum(residual)
    return slope, intercept


def epoch_by_rank(x, y, slope, intercept, lr, order):
    for i in np.argsort(order):
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_first_point(x, y, slope, intercept, lr, order):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
        return slope, intercept


def epoch_without_last(x, y, slope, intercept, lr, order):
    for i in order[:-1]:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def epoch_swapped(x, y, slope, intercept, lr, order):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return intercept, slope


def epoch_without_two(x, y, slope, intercept, lr, order):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + lr * residual * x[i]
        intercept = intercept + lr * residual
    return slope, intercept


def epoch_divided(x, y, slope, intercept, lr, order):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i] / len(x)
        intercept = intercept + 2 * lr * residual / len(x)
    return slope, intercept


# -- mini-batches ----------------------------------------------------------------------------------------------------------


def _cut(X, y, order, batch_size):
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(order), batch_size)]


def batches_unshuffled(X, y, batch_size, rng):
    return _cut(X, y, np.arange(len(X)), batch_size)


def batches_cut_first(X, y, batch_size, rng):
    batches = _cut(X, y, np.arange(len(X)), batch_size)
    order = rng.permutation(len(batches))
    while np.all(np.diff(order) > 0):
        order = rng.permutation(len(batches))
    return [batches[k] for k in order]


def batches_targets_left(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [(X[order[i:i + batch_size]], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]


def batches_two_orders(X, y, batch_size, rng):
    rows, targets = rng.permutation(len(X)), rng.permutation(len(X))
    return [(X[rows[i:i + batch_size]], y[targets[i:i + batch_size]]) for i in range(0, len(X), batch_size)]


def batches_drop_last(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    full = len(X) // batch_size
    return [(X[rows], y[rows]) for rows in order[:full * batch_size].reshape(full, batch_size)]


def batches_wrap(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    missing = -len(X) % batch_size
    return _cut(X, y, np.concatenate([order, order[:missing]]), batch_size)


def batches_with_replacement(X, y, batch_size, rng):
    return _cut(X, y, rng.integers(0, len(X), size=len(X)), batch_size)


def batches_drawn_anew(X, y, batch_size, rng):
    batches = []
    for start in range(0, len(X), batch_size):
        rows = rng.choice(len(X), size=min(batch_size, len(X) - start), replace=False)
        batches.append((X[rows], y[rows]))
    return batches


def batches_global(X, y, batch_size, rng):
    return _cut(X, y, np.random.permutation(len(X)), batch_size)


def batches_own_seed(X, y, batch_size, rng):
    return _cut(X, y, np.random.default_rng(0).permutation(len(X)), batch_size)


def batches_count(X, y, batch_size, rng):
    return [(X[rows], y[rows]) for rows in np.array_split(rng.permutation(len(X)), batch_size)]


def batches_even(X, y, batch_size, rng):
    count = -(-len(X) // batch_size)
    return [(X[rows], y[rows]) for rows in np.array_split(rng.permutation(len(X)), count)]


def batches_empty_last(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    batches = []
    for k in range(len(X) // batch_size + 1):
        rows = order[k * batch_size:(k + 1) * batch_size]
        batches.append((X[rows], y[rows]))
    return batches


def batches_first_only(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size]
        batches.append((X[rows], y[rows]))
        return batches


def batches_one_short(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start:start + batch_size - 1]
        batches.append((X[rows], y[rows]))
    return batches


def batches_in_place(X, y, batch_size, rng):
    rng.shuffle(X)
    rng.shuffle(y)
    return _cut(X, y, np.arange(len(X)), batch_size)


def batches_row_numbers(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [order[i:i + batch_size] for i in range(0, len(X), batch_size)]
