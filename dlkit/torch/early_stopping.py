"""Early stopping: end the training when the validation loss has stopped falling, and go back to the best weights."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import torch
from torch import nn

__all__ = ["EarlyStopping"]


class EarlyStopping:
    """Watch one number of each epoch; stop when it has not improved for ``patience`` epochs.

    An epoch improves if its number is below ``best - min_delta`` (above ``best + min_delta`` with
    ``mode="max"``); a number that is not a number never does.

    Parameters
    ----------
    patience : int
        Epochs without improvement after which the training ends, at least 1.
    min_delta : float
        What counts as an improvement, 0 or more.
    monitor : str
        A name of the history: "val_loss", "loss" or the "val_<name>" of a metric.
    restore_best : bool
        Give the model the weights of its best epoch when the training is over.
    mode : {"min", "max"}
        Whether small or large numbers are good.

    Attributes
    ----------
    best : float or None
        The best number so far.
    best_epoch : int
        Its epoch, from 1; 0 before there is one.
    waited : int
        Epochs since then.
    stopped : bool
        Whether patience has run out.

    Raises
    ------
    ValueError
        If patience is below 1, min_delta negative or the mode unknown.

    Source: Lecture notes, unit 3; Prechelt (1998), Early stopping - but when?

    Examples
    --------
    >>> stopping = EarlyStopping(patience=2)
    >>> [stopping.update(epoch, {"val_loss": loss}) for epoch, loss in enumerate([3.0, 2.0, 2.5, 2.1], start=1)]
    [False, False, False, True]
    >>> stopping.best, stopping.best_epoch, stopping.waited
    (2.0, 2, 2)
    """

    def __init__(
        self,
        patience: int,
        min_delta: float = 0.0,
        monitor: str = "val_loss",
        restore_best: bool = True,
        mode: str = "min",
    ) -> None:
        if isinstance(patience, bool) or not isinstance(patience, Integral) or patience < 1:
            raise ValueError(f"patience is {patience!r}, expected a whole number of epochs, at least 1")
        if not min_delta >= 0:
            raise ValueError(f"min_delta is {min_delta}, expected 0 or more")
        if mode not in ("min", "max"):
            raise ValueError(f"mode is {mode!r}, expected 'min' or 'max'")
        self.patience, self.min_delta, self.monitor = patience, float(min_delta), monitor
        self.restore_best, self.mode = restore_best, mode
        self.reset()

    def reset(self) -> None:
        """Forget what was seen. `dlkit.torch.training.fit` begins with it."""
        self.best: float | None = None
        self.best_epoch = 0
        self.waited = 0
        self._weights: dict[str, torch.Tensor] | None = None

    @property
    def stopped(self) -> bool:
        """Whether patience has run out."""
        return self.waited >= self.patience

    def update(self, epoch: int, record: Mapping[str, float], model: nn.Module | None = None) -> bool:
        """Take note of an epoch, and say whether the training should end.

        Parameters
        ----------
        epoch : int
            From 1.
        record : dict of str to float
            The numbers of the epoch.
        model : nn.Module, optional
            Its weights are kept if they are the best so far and ``restore_best`` is set.

        Returns
        -------
        bool

        Raises
        ------
        ValueError
            If the record has no number of that name.
        """
        if self.monitor not in record:
            raise ValueError(f"monitor is {self.monitor!r}, expected one of {sorted(record)}")
        value, sign = float(record[self.monitor]), 1.0 if self.mode == "min" else -1.0
        if value == value and (self.best is None or sign * value < sign * self.best - self.min_delta):
            self.best, self.best_epoch, self.waited = value, epoch, 0
            if self.restore_best and model is not None:
                self._weights = {name: kept.detach().clone() for name, kept in _tensors(model).items()}
        else:
            self.waited += 1
        return self.stopped

    def restore(self, model: nn.Module) -> None:
        """Give the model the weights of its best epoch, if they were kept."""
        if self._weights is not None:
            with torch.no_grad():
                for name, tensor in _tensors(model).items():
                    tensor.copy_(self._weights[name])

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint needs to continue."""
        return {"best": self.best, "best_epoch": self.best_epoch, "waited": self.waited, "weights": self._weights}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from what `state_dict` gave."""
        self.best, self.best_epoch, self.waited = state["best"], state["best_epoch"], state["waited"]
        self._weights = state["weights"]

    def __repr__(self) -> str:
        return (
            f"EarlyStopping(patience={self.patience}, min_delta={self.min_delta}, monitor={self.monitor!r}, "
            f"restore_best={self.restore_best}, mode={self.mode!r})"
        )


def _tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value for name, value in model.state_dict().items() if isinstance(value, torch.Tensor)}
