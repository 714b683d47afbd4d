"""Mini-batches: the rows of a data set in a random order, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dlkit.numpy.validation import expect_rng

__all__ = ["minibatches", "steps_per_epoch"]


def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int | None, rng: np.random.Generator | None = None, *,
                drop_last: bool = False) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows of one epoch in batches: shuffle once, then cut into pieces of ``batch_size``.

    Every row comes exactly once, with its own target. Call it again, with the same generator, for the next epoch.

    Parameters
    ----------
    X : (N, ...) examples, any dtype.
    y : (N, ...) targets, any dtype.
    batch_size : rows per batch; None takes all at once. The last batch has what is left.
    rng : draws the order; without one the rows come as they are.
    drop_last : leave out a last batch that is not full.

    Yields
    ------
    (X rows, y rows) : copies, with the dtypes of ``X`` and ``y``.

    Raises
    ------
    ValueError : when the lengths differ, there are no rows or the batch size is not positive.
    TypeError : when ``rng`` is not a generator.

    Source: Lecture notes, unit 2, mini-batch gradient descent.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
    >>> [rows[:, 0].tolist() for rows, _ in minibatches(X, X, batch_size=2)]
    [[0.0, 1.0], [2.0, 3.0], [4.0]]
    >>> rng = np.random.default_rng(0)
    >>> sorted(float(v) for rows, _ in minibatches(X, X, 2, rng) for v in rows[:, 0])
    [0.0, 1.0, 2.0, 3.0, 4.0]
    """
    X, y = np.asarray(X), np.asarray(y)
    batch_size = _checked_size(X, y, batch_size)
    if rng is not None:
        expect_rng(rng)
    return _cut(X, y, batch_size, rng, drop_last)


def _checked_size(X: np.ndarray, y: np.ndarray, batch_size: int | None) -> int:
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y) or len(X) == 0:
        raise ValueError(f"y has shape {y.shape} and X {X.shape}, expected the same number of rows, at least 1")
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}, expected at least 1, or None for all at once")
    return batch_size or len(X)


def _cut(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator | None,
         drop_last: bool) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    order = np.arange(len(X)) if rng is None else rng.permutation(len(X))
    for begin in range(0, len(X), batch_size):
        rows = order[begin:begin + batch_size]
        if drop_last and len(rows) < batch_size:
            return
        yield X[rows], y[rows]


def steps_per_epoch(num_examples: int, batch_size: int | None, *, drop_last: bool = False) -> int:
    """How many updates (iterations) one pass over the data makes: ``ceil(N / batch_size)``.

    Parameters
    ----------
    num_examples : N, at least 1.
    batch_size : rows per update; None takes all at once.
    drop_last : whether a last batch that is not full is left out.

    Returns
    -------
    int

    Raises
    ------
    ValueError : when one of the numbers is not positive.

    Source: Lecture notes, unit 2, epochs and iterations.

    Examples
    --------
    >>> [steps_per_epoch(1000, size) for size in (1, 32, 1000)]
    [1000, 32, 1]
    """
    if num_examples < 1:
        raise ValueError(f"num_examples is {num_examples}, expected at least 1")
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}, expected at least 1, or None for all at once")
    full, rest = divmod(num_examples, batch_size or num_examples)
    return full + (rest > 0 and not drop_last)
