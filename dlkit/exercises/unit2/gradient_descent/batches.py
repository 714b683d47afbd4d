"""The exercises sgd_epoch (to be repaired) and minibatches."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime, Rng
from dlkit.exercises.unit2.gradient_descent import batches_mistakes as wrong

# -- one epoch of stochastic gradient descent, to be repaired --------------------------------------------------------------


def sgd_epoch(x, y, slope, intercept, lr, order):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept


def sgd_epoch_in_vectors(x, y, slope, intercept, lr, order):
    line, rows = np.array([slope, intercept], dtype=float), np.column_stack([x, np.ones(len(x))])
    for row, target in zip(rows[order], y[order], strict=True):
        line = line - lr * 2 * (row @ line - target) * row
    return line[0], line[1]


def _shuffled(rng):
    n = 7
    x = rng.uniform(0.5, 2.0, size=n)
    y = 2.5 * x - 1 + rng.normal(size=n)
    order = rng.permutation(n)
    while np.array_equal(order, np.arange(n)) or np.array_equal(order, np.arange(n)[::-1]):
        order = rng.permutation(n)
    return x, y, float(rng.uniform(0.5, 1.5)), float(rng.uniform(0.3, 0.9)), float(rng.uniform(0.05, 0.1)), order


SGD_EPOCH = Exercise(
    key="unit2.sgd_epoch",
    title="Repair an epoch of stochastic gradient descent",
    reference=sgd_epoch,
    alternatives=(sgd_epoch_in_vectors,),
    examples=(Example(args=(np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1]), 1.0, 0.0, 0.1, np.array([0, 1, 2])),
                      expected=(1.26295456, 0.2982496), source="by hand, from the three points of the lecture notes"),),
    regimes={"shuffled": _shuffled},
    parts={"worked example": 0.5, "shuffled": 1.5},
    returns=("slope", "intercept"),
    mistakes=(
        Mistake("still has all its faults: the line of the beginning is used for every point, and the order is ignored",
                wrong.epoch_as_printed),
        Mistake("still takes the residuals of the line that the epoch began with: each point must see what the points before "
                "it have changed", wrong.epoch_stale),
        Mistake("still visits the points as they come: the order that it is given says which is next",
                wrong.epoch_in_table_order, mark=0.5),
        Mistake("still computes the residual again after the slope has moved: both parts of a step belong to the same line",
                wrong.epoch_one_after_the_other),
        Mistake("mends the slope only: the intercept in the residual is still the one of the beginning",
                wrong.epoch_half_stale),
        Mistake("mends the intercept only: the slope in the residual is still the one of the beginning",
                wrong.epoch_other_half_stale),
        Mistake("looks up x by the order but not y: a point needs its own target", wrong.epoch_torn_pairs, mark=0.5),
        Mistake("looks up y by the order but not x: a point needs its own x", wrong.epoch_torn_pairs_x, mark=0.5),
        Mistake("moves uphill: the residual is y minus the line, so its step is added", wrong.epoch_uphill),
        Mistake("takes all points in each step: that is batch gradient descent", wrong.epoch_batch),
        Mistake("takes the order for a ranking (np.argsort): its first entry is the point to visit first",
                wrong.epoch_by_rank, mark=0.5),
        Mistake("returns after the first point: is the return inside the loop?", wrong.epoch_first_point),
        Mistake("leaves out the last point of the order", wrong.epoch_without_last),
        Mistake("returns the intercept first: the slope was asked for first", wrong.epoch_swapped),
        Mistake("loses the 2: the derivative of a squared residual is twice the residual times the inner derivative",
                wrong.epoch_without_two),
        Mistake("divides each step by the number of points: the loss of a step is that of one point", wrong.epoch_divided),
    ),
    hints=("Go through one epoch of two points with a pencil. Which line does the second point see?",
           "There are three faults: a line that is too old, a line that is too new, and an order nobody looks at.",
           "for i in order: one residual from the current slope and intercept, then both updates from that residual."),
    minutes=6, difficulty=2, rung="debug",
)

# -- mini-batches ----------------------------------------------------------------------------------------------------------


def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]


def minibatches_by_splitting(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    cuts = np.arange(batch_size, len(X), batch_size)
    return [(X[rows], y[rows]) for rows in np.split(order, cuts)]


def minibatches_row_by_row(X, y, batch_size, rng):
    batches, rows = [], []
    for i in np.argsort(rng.random(len(X))):
        rows.append(int(i))
        if len(rows) == batch_size:
            batches.append((X[rows], y[rows]))
            rows = []
    if rows:
        batches.append((X[rows], y[rows]))
    return batches


def _facts(answer, X, y, batch_size, seed):
    """The public script: three epochs, two of them with the same seed, told by facts that no order of draws decides."""
    calls = [answer.later("minibatches", X, y, batch_size, Rng(s)) for s in (seed, seed, seed + 1)]
    first, again, other = (_rows_of(call.value, X, y) for call in calls)
    order = [i for batch, _ in first for i in batch]
    targets = [i for _, batch in first for i in batch]
    runs = [batch == list(range(batch[0], batch[0] + len(batch))) for batch, _ in first if batch and batch[0] >= 0]
    return {
        "sizes of the batches": [len(batch) for batch, _ in first],
        "rows, sorted": sorted(order),
        "targets, sorted": sorted(targets),
        "targets stay with their rows": order == targets,
        "rows come in a new order": order != list(range(len(X))),
        "batches mix distant rows": not all(runs),
        "same generator, same batches": first == again,
        "another generator, other batches": first != other,
    }


def _rows_of(batches, X, y):
    """For every batch the numbers of its rows and of its targets; -1 for what is in neither."""
    rows, targets = ({item.tobytes(): i for i, item in enumerate(known)} for known in (X, y))

    def numbers(values, known, places):
        arrays = [np.asarray(value) for value in values]
        return [places.get(a.astype(known.dtype).tobytes(), -1) if a.shape == known.shape[1:] else -1 for a in arrays]

    return [(numbers(some_rows, X, rows), numbers(some_targets, y, targets)) for some_rows, some_targets in batches]


def _table(rng, n):
    return rng.normal(size=(n, 3)), rng.permutation(n) + 10.0


def _ordinary(rng):
    n, batch_size = [(13, 4), (17, 5), (19, 7)][int(rng.integers(3))]
    return *_table(rng, n), batch_size, int(rng.integers(1_000_000))


def _divides_exactly(rng):
    return *_table(rng, 15), int(rng.choice([3, 5])), int(rng.integers(1_000_000))


MINIBATCHES = Exercise(
    key="unit2.minibatches",
    title="Mini-batches: every row once, in a new order",
    reference=minibatches,
    alternatives=(minibatches_by_splitting, minibatches_row_by_row),
    probe=_facts,
    regimes={"ordinary": _ordinary, "divides exactly": Regime(_divides_exactly, 1)},
    parts={"ordinary": 2.0, "divides exactly": 1.0},
    mistakes=(
        Mistake("does not shuffle: the rows come in the order of the table", wrong.batches_unshuffled),
        Mistake("cuts first and shuffles the batches afterwards: neighbours in the table always stay together",
                wrong.batches_cut_first),
        Mistake("tears rows and targets apart: the one order that is drawn serves both", wrong.batches_targets_left,
                also=(wrong.batches_two_orders,)),
        Mistake("leaves out the last batch because it is not full: every row counts", wrong.batches_drop_last, mark=1.0),
        Mistake("fills the last batch up with rows that have already been used", wrong.batches_wrap, mark=1.0),
        Mistake("draws with replacement: some rows come twice and others never", wrong.batches_with_replacement),
        Mistake("draws each batch from all rows: some come twice and others never", wrong.batches_drawn_anew),
        Mistake("uses NumPy's global generator instead of rng: the run cannot be repeated", wrong.batches_global),
        Mistake("seeds a generator of its own: every epoch comes in the same order, whatever rng is", wrong.batches_own_seed),
        Mistake("takes batch_size for the number of batches", wrong.batches_count),
        Mistake("evens the batches out: each has batch_size rows, and the last one has what is left", wrong.batches_even,
                mark=1.0),
        Mistake("adds an empty batch where batch_size divides the number of rows", wrong.batches_empty_last, mark=2.0),
        Mistake("returns after the first batch: is the return inside the loop?", wrong.batches_first_only),
        Mistake("leaves one row out of every batch: the end of a slice is not part of it", wrong.batches_one_short),
        Mistake("shuffles the caller's table in place, and tears rows and targets apart", wrong.batches_in_place),
        Mistake("returns row numbers: the rows themselves and their targets were asked for", wrong.batches_row_numbers),
    ),
    hints=("What has to be drawn at random: the rows, or only their numbers?",
           "rng.permutation(len(X)) is a new order of all row numbers. Cut it into pieces.",
           "range(0, len(X), batch_size) gives the first place of each piece; a slice may end beyond the end. X[rows] takes "
           "all rows of a batch at once."),
    minutes=6, difficulty=2, rung="implement",
)
