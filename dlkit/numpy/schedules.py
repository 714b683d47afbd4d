"""Schedules of the learning rate: functions of the epoch, counted from 0, that give the rate of that epoch.

Each maker returns ``schedule(epoch) -> lr``; `dlkit.numpy.network.Sequential.fit` takes one as its argument ``schedule``.

>>> halving = step_decay(0.8, step_size=2, gamma=0.5)
>>> [halving(epoch) for epoch in range(5)]
[0.8, 0.8, 0.4, 0.4, 0.2]
"""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["ReduceOnPlateau", "Schedule", "cosine_annealing", "exponential_decay", "inverse_time_decay", "linear_warmup",
           "step_decay", "warmup_cosine"]

Schedule = Callable[[int], float]


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f"{name} is {value}, expected a positive number")


def _count(name: str, value: int, least: int = 1) -> None:
    if value != int(value) or value < least:
        raise ValueError(f"{name} is {value}, expected a whole number, at least {least}")


def _epoch(epoch: int) -> int:
    if epoch < 0:
        raise ValueError(f"epoch is {epoch}, expected 0 or more: epochs are counted from 0")
    return epoch


def inverse_time_decay(lr: float, decay: float = 1.0) -> Schedule:
    """Decay with the inverse of time: ``lr / (1 + decay epoch)``.

    Parameters
    ----------
    lr : rate of epoch 0, positive.
    decay : how fast it falls, 0 (not at all) or more.

    Returns
    -------
    callable : epoch, counted from 0 -> rate.

    Raises
    ------
    ValueError : when ``lr`` is not positive or ``decay`` is negative.

    Source: Lecture notes, unit 2, learning rate decay.

    Examples
    --------
    >>> schedule = inverse_time_decay(0.2, decay=1.0)
    >>> [round(schedule(epoch), 4) for epoch in range(5)]
    [0.2, 0.1, 0.0667, 0.05, 0.04]
    """
    _positive("lr", lr)
    if not decay >= 0:
        raise ValueError(f"decay is {decay}, expected 0 or more")
    return lambda epoch: lr / (1 + decay * _epoch(epoch))


def step_decay(lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """Multiply by gamma every ``step_size`` epochs: ``lr gamma^floor(epoch / step_size)``.

    Parameters
    ----------
    lr : rate of epoch 0, positive.
    step_size : epochs between two drops, at least 1.
    gamma : factor of each drop, positive.

    Returns
    -------
    callable : epoch, counted from 0 -> rate.

    Raises
    ------
    ValueError : when an argument is out of range.

    Source: Lecture notes, unit 2, learning rate schedules.

    Examples
    --------
    >>> schedule = step_decay(0.1, step_size=3, gamma=0.5)
    >>> [schedule(epoch) for epoch in (0, 2, 3, 6)]
    [0.1, 0.1, 0.05, 0.025]
    """
    _positive("lr", lr)
    _positive("gamma", gamma)
    _count("step_size", step_size)
    return lambda epoch: lr * gamma ** (_epoch(epoch) // step_size)


def exponential_decay(lr: float, gamma: float) -> Schedule:
    """Multiply by gamma in every epoch: ``lr gamma^epoch``.

    Parameters
    ----------
    lr : rate of epoch 0, positive.
    gamma : factor of each epoch, positive.

    Returns
    -------
    callable : epoch, counted from 0 -> rate.

    Raises
    ------
    ValueError : when an argument is not positive.

    Source: Lecture notes, unit 2, learning rate schedules.

    Examples
    --------
    >>> schedule = exponential_decay(0.8, gamma=0.5)
    >>> [schedule(epoch) for epoch in range(4)]
    [0.8, 0.4, 0.2, 0.1]
    """
    _positive("lr", lr)
    _positive("gamma", gamma)
    return lambda epoch: lr * gamma ** _epoch(epoch)


def cosine_annealing(lr: float, epochs: int, lr_min: float = 0.0) -> Schedule:
    """Half a cosine wave down: ``lr_min + (lr - lr_min) (1 + cos(pi epoch / epochs)) / 2``, then ``lr_min``.

    Slow at first, fast in the middle, slow at the end.

    Parameters
    ----------
    lr : rate of epoch 0, positive.
    epochs : length of the way down, at least 1.
    lr_min : rate from there on, 0 or more.

    Returns
    -------
    callable : epoch, counted from 0 -> rate.

    Raises
    ------
    ValueError : when an argument is out of range.

    Source: Loshchilov and Hutter (2017), without restarts.

    Examples
    --------
    >>> schedule = cosine_annealing(0.4, epochs=4)
    >>> [round(schedule(epoch), 6) for epoch in range(6)]     # half way down half way through
    [0.4, 0.341421, 0.2, 0.058579, 0.0, 0.0]
    """
    _positive("lr", lr)
    _count("epochs", epochs)
    if not 0 <= lr_min <= lr:
        raise ValueError(f"lr_min is {lr_min}, expected 0 to lr = {lr}")
    return lambda epoch: lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(_epoch(epoch) / epochs, 1))) / 2


def linear_warmup(lr: float, warmup: int) -> Schedule:
    """Climb in equal steps, then stay: ``lr (epoch + 1) / warmup`` for the first ``warmup`` epochs, then ``lr``.

    Parameters
    ----------
    lr : rate after the climb, positive.
    warmup : epochs of the climb, at least 1; the last of them has the full rate.

    Returns
    -------
    callable : epoch, counted from 0 -> rate.

    Raises
    ------
    ValueError : when an argument is out of range.

    Source: Goyal et al. (2017), gradual warm-up.

    Examples
    --------
    >>> schedule = linear_warmup(0.4, warmup=4)
    >>> [round(schedule(epoch), 6) for epoch in range(6)]
    [0.1, 0.2, 0.3, 0.4, 0.4, 0.4]
    """
    _positive("lr", lr)
    _count("warmup", warmup)
    return lambda epoch: lr * min((_epoch(epoch) + 1) / warmup, 1.0)


def warmup_cosine(lr: float, warmup: int, epochs: int, lr_min: float = 0.0) -> Schedule:
    """A `linear_warmup` for ``warmup`` epochs, then `cosine_annealing` over the ``epochs - warmup`` that are left.

    Parameters
    ----------
    lr : largest rate, positive.
    warmup : epochs of the climb, 0 (none) or more.
    epochs : epochs of the whole training, more than ``warmup``.
    lr_min : rate that the cosine falls to.

    Returns
    -------
    callable : epoch, counted from 0 -> rate.

    Raises
    ------
    ValueError : when an argument is out of range.

    Source: Goyal et al. (2017); Loshchilov and Hutter (2017).

    Examples
    --------
    >>> schedule = warmup_cosine(0.4, warmup=2, epochs=6)
    >>> [round(schedule(epoch), 6) for epoch in range(7)]
    [0.2, 0.4, 0.4, 0.341421, 0.2, 0.058579, 0.0]
    """
    _count("warmup", warmup, least=0)
    _count("epochs", epochs)
    if epochs <= warmup:
        raise ValueError(f"epochs is {epochs}, expected more than warmup = {warmup}")
    climb = linear_warmup(lr, warmup) if warmup else None
    fall = cosine_annealing(lr, epochs - warmup, lr_min)
    return lambda epoch: climb(epoch) if climb and _epoch(epoch) < warmup else fall(epoch - warmup)


class ReduceOnPlateau:
    """A schedule that looks at the loss: cut the rate when the loss has not improved for more than ``patience`` epochs.

    Call `update` with the loss of each epoch; the object itself is a schedule, whose rate is the one of the coming epoch.

    Parameters
    ----------
    lr : rate at the start, positive.
    factor : what each cut multiplies by, between 0 and 1.
    patience : epochs without improvement that are forgiven.
    threshold : an improvement is a loss below ``(1 - threshold)`` times the best one.
    lr_min : the rate never falls below this.

    Raises
    ------
    ValueError : when an argument is out of range.

    Source: Lecture notes, unit 2, adaptive learning rates; `torch.optim.lr_scheduler.ReduceLROnPlateau`.

    Examples
    --------
    >>> schedule = ReduceOnPlateau(0.8, factor=0.5, patience=1)
    >>> rates = []
    >>> for epoch, loss in enumerate([3.0, 2.0, 2.0, 2.0, 2.0]):
    ...     rates.append(schedule(epoch))
    ...     schedule.update(loss)
    >>> rates
    [0.8, 0.8, 0.8, 0.8, 0.4]
    """

    def __init__(self, lr: float, factor: float = 0.1, patience: int = 10, *, threshold: float = 1e-4,
                 lr_min: float = 0.0) -> None:
        _positive("lr", lr)
        _count("patience", patience, least=0)
        if not 0 < factor < 1:
            raise ValueError(f"factor is {factor}, expected more than 0 and less than 1")
        self.lr, self.factor, self.patience, self.threshold, self.lr_min = lr, factor, patience, threshold, lr_min
        self.best, self.waited = math.inf, 0

    def update(self, loss: float) -> None:
        """Take note of the loss of the epoch that has just ended."""
        if self.best == math.inf or loss < self.best * (1 - self.threshold):
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.waited > self.patience:
            self.lr, self.waited = max(self.lr * self.factor, self.lr_min), 0

    def __call__(self, epoch: int) -> float:
        """The rate of the coming epoch; its number does not matter."""
        return self.lr
