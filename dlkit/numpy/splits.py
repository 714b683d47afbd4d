"""Three sets that share no row: one to learn from, one to choose with, one to report."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dlkit.numpy.validation import expect_rng, expect_shape

__all__ = ["Split", "split_sizes", "train_val_test_split"]


class Split(NamedTuple):
    """Row numbers of the three sets, each an integer array."""

    train: np.ndarray
    val: np.ndarray
    test: np.ndarray


def split_sizes(n: int, val_fraction: float, test_fraction: float) -> tuple[int, int, int]:
    """How many rows each set gets: ceil(fraction * n) for validation and test, the rest for training.

    Rounding up never leaves a set empty that was asked for. A product that is whole but for floating-point
    noise counts as whole: 0.07 * 100 = 7.000000000000001 is 7 rows, not 8.

    Parameters
    ----------
    n : int
        Number of rows.
    val_fraction, test_fraction : float
        Shares of all n rows, from 0 to below 1.

    Returns
    -------
    (train, val, test) : int

    Raises
    ------
    ValueError : if a fraction is not in [0, 1) or no training row would be left.

    Source: Lecture notes, unit 2; the rounding is scikit-learn's.

    Examples
    --------
    >>> split_sizes(150, 0.1, 0.2), split_sizes(7, 0.2, 0.2), split_sizes(100, 0, 0.07)
    ((105, 15, 30), (3, 2, 2), (93, 0, 7))
    """
    for name, fraction in (("val_fraction", val_fraction), ("test_fraction", test_fraction)):
        if not 0 <= fraction < 1:
            raise ValueError(f"{name} is {fraction}, expected at least 0 and less than 1")
    val, test = (math.ceil(fraction * n - 1e-9) for fraction in (val_fraction, test_fraction))
    if n - val - test < 1:
        raise ValueError(f"{val} validation and {test} test rows of {n} leave no training row")
    return n - val - test, val, test


def train_val_test_split(n: int, val_fraction: float, test_fraction: float, rng: np.random.Generator, *,
                         stratify: np.ndarray | None = None) -> Split:
    """Deal the rows 0, ..., n - 1 at random to a training, a validation and a test set, each to exactly one.

    Use the numbers on everything that belongs to a row: ``X[split.train]``, ``y[split.train]``.

    Parameters
    ----------
    n : int
        Number of rows.
    val_fraction, test_fraction : float
        Shares of all n rows; `split_sizes` tells the rounding.
    rng : numpy.random.Generator
        Draws the order; the same seed gives the same sets.
    stratify : array_like, shape (n,), optional
        Labels: each set then has each class in proportion, to within one row.

    Returns
    -------
    Split
        (train, val, test), int64 row numbers in random order.

    Raises
    ------
    ValueError : if the fractions leave no training row, or `stratify` has not n labels.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> train, val, test = train_val_test_split(10, 0.2, 0.3, np.random.default_rng(0))
    >>> len(train), len(val), len(test), sorted([*train, *val, *test]) == list(range(10))
    (5, 2, 3, True)
    >>> y = np.array([0] * 90 + [1] * 10)
    >>> test = train_val_test_split(100, 0.1, 0.2, np.random.default_rng(0), stratify=y).test
    >>> np.bincount(y[test]).tolist()
    [18, 2]
    """
    _, val, test = split_sizes(n, val_fraction, test_fraction)
    expect_rng(rng)
    if stratify is None:
        order = rng.permutation(n)
        return Split(order[val + test:], order[test:val + test], order[:test])
    labels = np.asarray(stratify)
    expect_shape("stratify", labels, (n,))
    parts: list[list[np.ndarray]] = [[], [], []]
    for rows, to_val, to_test in class_shares(labels, val, test):
        rows = rng.permutation(rows)
        for part, piece in zip(parts, (rows[to_val + to_test:], rows[to_test:to_val + to_test], rows[:to_test]), strict=True):
            part.append(piece)
    return Split(*(rng.permutation(np.concatenate(part)) for part in parts))


def class_shares(labels: np.ndarray, val: int, test: int) -> list[tuple[np.ndarray, int, int]]:
    """For each class: its rows, and how many of them go to the validation and to the test set."""
    classes, codes = np.unique(labels, return_inverse=True)
    counts = np.bincount(codes, minlength=len(classes))
    to_test = _largest_remainders(counts, test)
    to_val = _largest_remainders(counts - to_test, val)
    return [(np.flatnonzero(codes == k), int(to_val[k]), int(to_test[k])) for k in range(len(classes))]


def _largest_remainders(counts: np.ndarray, total: int) -> np.ndarray:
    """`total` seats, shared out in proportion to `counts`: the whole part first, then the largest remainders."""
    if total == 0:
        return np.zeros(len(counts), dtype=np.int64)
    seats, remainders = np.divmod(counts * total, counts.sum())  # whole numbers: no rounding to go wrong
    seats[np.argsort(-remainders, kind="stable")[:total - seats.sum()]] += 1
    return seats
