"""Schedules of the learning rate: PyTorch's schedulers, under the names of `dlkit.numpy.schedules`.

Where the NumPy side takes the rate, these take the optimizer that has it. Step one after each epoch; the rate
of an epoch, counted from 0, is then what ``dlkit.numpy.schedules`` says.
"""

from __future__ import annotations

import warnings

from torch.optim import Optimizer
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

__all__ = [
    "ReduceOnPlateau",
    "cosine_annealing",
    "exponential_decay",
    "inverse_time_decay",
    "linear_warmup",
    "step_decay",
    "warmup_cosine",
]

ReduceOnPlateau = ReduceLROnPlateau
"""Cut the rate when the loss no longer improves, ``ReduceOnPlateau(optimizer, factor=0.1, patience=10)``: PyTorch's own."""


def inverse_time_decay(optimizer: Optimizer, decay: float = 1.0) -> LRScheduler:
    """``lr / (1 + decay epoch)``, by `LambdaLR`: PyTorch has no class for it.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
        Its rate is that of epoch 0.
    decay : float
        How fast the rate falls, 0 or more.

    Returns
    -------
    LRScheduler

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> import torch
    >>> sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    >>> schedule, rates = inverse_time_decay(sgd, decay=1.0), []
    >>> for epoch in range(4):
    ...     rates.append(round(sgd.param_groups[0]["lr"], 4))
    ...     sgd.step()
    ...     schedule.step()
    >>> rates
    [0.2, 0.1, 0.0667, 0.05]
    """
    return LambdaLR(optimizer, lambda epoch: 1 / (1 + decay * epoch))


def step_decay(optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> LRScheduler:
    """Multiply by gamma every ``step_size`` epochs: `StepLR` as it is."""
    return StepLR(optimizer, step_size, gamma)


def exponential_decay(optimizer: Optimizer, gamma: float) -> LRScheduler:
    """Multiply by gamma in every epoch: `ExponentialLR` as it is."""
    return ExponentialLR(optimizer, gamma)


def cosine_annealing(optimizer: Optimizer, epochs: int, lr_min: float = 0.0) -> LRScheduler:
    """Half a cosine wave down to ``lr_min``: `CosineAnnealingLR`.

    After ``epochs`` steps PyTorch's rate climbs again; the one of `dlkit.numpy` stays down.
    """
    return CosineAnnealingLR(optimizer, epochs, lr_min)


def linear_warmup(optimizer: Optimizer, warmup: int) -> LRScheduler:
    """Climb to the full rate in ``warmup`` equal steps, then stay: `LinearLR`, from 1 / warmup.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
        Its rate is the one after the climb.
    warmup : int
        Epochs of the climb, at least 1; the last of them has the full rate.

    Returns
    -------
    LRScheduler

    Source: Goyal et al. (2017).

    Examples
    --------
    >>> import torch
    >>> sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    >>> schedule = linear_warmup(sgd, warmup=4)
    >>> round(sgd.param_groups[0]["lr"], 6)
    0.1
    """
    if warmup <= 1:
        return ConstantLR(optimizer, factor=1.0)
    return LinearLR(optimizer, start_factor=1 / warmup, end_factor=1.0, total_iters=warmup - 1)


def warmup_cosine(optimizer: Optimizer, warmup: int, epochs: int, lr_min: float = 0.0) -> LRScheduler:
    """A linear warm-up, then a cosine over the epochs that are left: both schedulers in a `SequentialLR`.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
        Its rate is the largest one.
    warmup : int
        Epochs of the climb, 0 (none) or more.
    epochs : int
        Epochs of the whole training, more than ``warmup``.
    lr_min : float
        Rate that the cosine falls to.

    Returns
    -------
    LRScheduler

    Raises
    ------
    ValueError
        If there is no epoch left after the warm-up.

    Source: Goyal et al. (2017); Loshchilov and Hutter (2017).

    Examples
    --------
    >>> import torch
    >>> sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    >>> schedule, rates = warmup_cosine(sgd, warmup=2, epochs=6), []
    >>> for epoch in range(6):
    ...     rates.append(round(sgd.param_groups[0]["lr"], 4))
    ...     sgd.step()
    ...     schedule.step()
    >>> rates
    [0.2, 0.4, 0.4, 0.3414, 0.2, 0.0586]
    """
    if epochs <= warmup:
        raise ValueError(f"epochs is {epochs}, expected more than warmup = {warmup}")
    if warmup == 0:
        return cosine_annealing(optimizer, epochs, lr_min)
    parts = [linear_warmup(optimizer, warmup), cosine_annealing(optimizer, epochs - warmup, lr_min)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SequentialLR rewinds its parts by a way that PyTorch itself warns of
        return SequentialLR(optimizer, parts, milestones=[warmup])
