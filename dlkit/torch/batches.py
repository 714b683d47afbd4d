"""Mini-batches: the rows of a data set in a random order, a few at a time, as tensors."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from dlkit.numpy.batches import steps_per_epoch

__all__ = ["minibatches", "steps_per_epoch"]


def minibatches(
    X: torch.Tensor,
    y: torch.Tensor,
    batch_size: int | None,
    rng: torch.Generator | None = None,
    *,
    drop_last: bool = False,
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield the rows of one epoch in batches: shuffle once, then cut into pieces of ``batch_size``.

    Every row comes exactly once, with its own target. Call it again, with the same generator, for the next epoch.

    Parameters
    ----------
    X : torch.Tensor
        Examples, shape (N, ...), any dtype.
    y : torch.Tensor
        Targets, shape (N, ...), any dtype.
    batch_size : int or None
        Rows per batch; None takes all at once. The last batch has what is left.
    rng : torch.Generator, optional
        A CPU generator that draws the order, wherever the rows are; without one they come as they are.
    drop_last : bool
        Leave out a last batch that is not full.

    Yields
    ------
    (torch.Tensor, torch.Tensor)
        Rows of ``X`` and their rows of ``y``: copies, each with the dtype of its tensor and on its device.

    Raises
    ------
    ValueError
        If the lengths differ, there are no rows or the batch size is not positive.
    TypeError
        If ``rng`` is not a torch.Generator.

    Source: Lecture notes, unit 2, mini-batch gradient descent.

    Examples
    --------
    >>> X = torch.arange(5.0).reshape(5, 1)
    >>> [rows[:, 0].tolist() for rows, _ in minibatches(X, X, batch_size=2)]
    [[0.0, 1.0], [2.0, 3.0], [4.0]]
    >>> rng = torch.Generator().manual_seed(0)
    >>> sorted(value for rows, _ in minibatches(X, X, 2, rng) for value in rows[:, 0].tolist())
    [0.0, 1.0, 2.0, 3.0, 4.0]
    """
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y) or len(X) == 0:
        raise ValueError(f"y has shape {tuple(y.shape)} and X {tuple(X.shape)}, expected the same number of rows, at least 1")
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}, expected at least 1, or None for all at once")
    if rng is not None and not isinstance(rng, torch.Generator):
        raise TypeError(f"rng is {type(rng).__name__}, expected a torch.Generator")
    return _cut(X, y, batch_size or len(X), rng, drop_last)


def _cut(
    X: torch.Tensor, y: torch.Tensor, batch_size: int, rng: torch.Generator | None, drop_last: bool
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    order = torch.arange(len(X)) if rng is None else torch.randperm(len(X), generator=rng)
    for rows in order.to(X.device).split(batch_size):
        if not (drop_last and len(rows) < batch_size):
            yield X[rows], y[rows.to(y.device)]
