"""Three sets that share no row, as tensors of row numbers."""

from __future__ import annotations

from typing import NamedTuple

import torch

from dlkit.numpy.splits import class_shares, split_sizes

__all__ = ["Split", "split_sizes", "train_val_test_split"]


class Split(NamedTuple):
    """Row numbers of the three sets."""

    train: torch.Tensor
    val: torch.Tensor
    test: torch.Tensor


def train_val_test_split(
    n: int,
    val_fraction: float,
    test_fraction: float,
    rng: torch.Generator,
    *,
    stratify: torch.Tensor | None = None,
) -> Split:
    """Deal the rows 0, ..., n - 1 at random to a training, a validation and a test set, each to exactly one.

    Parameters
    ----------
    n : int
    val_fraction, test_fraction : float
        Shares of all n rows; `dlkit.numpy.splits.split_sizes` tells the rounding.
    rng : torch.Generator
        A CPU generator.
    stratify : torch.Tensor, optional
        Labels, shape (n,): each set then has each class in proportion.

    Returns
    -------
    Split
        Whole numbers on the CPU, in random order.

    Raises
    ------
    ValueError
        If the fractions leave no training row, or there are not n labels.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> train, val, test = train_val_test_split(10, 0.2, 0.3, torch.Generator().manual_seed(0))
    >>> len(train), len(val), len(test), sorted(torch.cat([train, val, test]).tolist()) == list(range(10))
    (5, 2, 3, True)
    """
    _, val, test = split_sizes(n, val_fraction, test_fraction)
    if stratify is None:
        test_rows, val_rows, train_rows = torch.randperm(n, generator=rng).split([test, val, n - val - test])
        return Split(train_rows, val_rows, test_rows)
    if tuple(stratify.shape) != (n,):
        raise ValueError(f"stratify has shape {tuple(stratify.shape)}, expected ({n},)")
    parts: list[list[torch.Tensor]] = [[], [], []]
    for rows, to_val, to_test in class_shares(stratify.cpu().numpy(), val, test):
        shuffled = torch.from_numpy(rows)[torch.randperm(len(rows), generator=rng)]
        for part, piece in zip(parts, shuffled.split([len(rows) - to_val - to_test, to_val, to_test]), strict=True):
            part.append(piece)
    joined = [torch.cat(part) for part in parts]
    return Split(*(rows[torch.randperm(len(rows), generator=rng)] for rows in joined))
