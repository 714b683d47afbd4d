"""Judging a trained model: its outputs without gradients, the loss and the metrics on a data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from dlkit.torch.device import to_tensor
from dlkit.torch.training_data import loaded, model_device, model_dtype, pair

__all__ = ["evaluate", "predict"]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Metrics = Mapping[str, Callable[[torch.Tensor, torch.Tensor], Any]]


def evaluate(
    model: nn.Module,
    X: Any,
    y: Any,
    loss: Loss,
    metrics: Metrics | None = None,
    *,
    batch_size: int | None = None,
) -> dict[str, float]:
    """The loss and the metrics on a data set, in evaluation mode and without gradients.

    Parameters
    ----------
    model : nn.Module
    X : torch.Tensor, array_like or DataLoader
        Shape (N, ...), or a loader of pairs.
    y : torch.Tensor or array_like
        Shape (N, ...); None for a loader.
    loss : callable
        ``loss(output, target)``.
    metrics : dict of str to callable, optional
        ``metric(output, target)``.
    batch_size : int, optional
        Rows at a time, to save memory; the loss and the metrics see all of them.

    Returns
    -------
    dict of str to float
        "loss" and each metric.

    Examples
    --------
    >>> from dlkit.torch.losses_regression import mse
    >>> evaluate(nn.Identity(), [[1.0], [2.0]], [[1.0], [4.0]], mse)
    {'loss': 2.0}
    """
    check_batch_size(batch_size)
    data = X if isinstance(X, DataLoader) else pair(model, X, y)
    return judge(model, data, {"loss": loss, **(metrics or {})}, batch_size)


def predict(model: nn.Module, X: Any, *, batch_size: int | None = None) -> torch.Tensor:
    """The output for each row, in evaluation mode and without gradients.

    Parameters
    ----------
    model : nn.Module
    X : torch.Tensor or array_like
        Shape (N, ...).
    batch_size : int, optional
        Rows at a time, to save memory.

    Returns
    -------
    torch.Tensor
        On the device X came from; anything but a tensor comes from the CPU.

    Examples
    --------
    >>> predict(nn.ReLU(), [[-1.0, 2.0]])
    tensor([[0., 2.]])
    """
    check_batch_size(batch_size)
    home = X.device if isinstance(X, torch.Tensor) else torch.device("cpu")
    return output(model, to_tensor("X", X, dtype=model_dtype(model), device=model_device(model)), batch_size).to(home)


def check_batch_size(batch_size: int | None) -> None:
    """Raise a ValueError unless it is a positive number or None."""
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}, expected at least 1, or None for all examples at once")


@torch.no_grad()
def output(model: nn.Module, X: torch.Tensor, batch_size: int | None = None) -> torch.Tensor:
    """What the model makes of a tensor on its device; its mode is left as it was."""
    was_training = model.training
    model.eval()
    try:
        if batch_size is None or len(X) <= batch_size:
            return model(X)
        return torch.cat([model(rows) for rows in X.split(batch_size)])
    finally:
        model.train(was_training)


@torch.no_grad()
def judge(
    model: nn.Module,
    data: tuple[torch.Tensor, torch.Tensor] | DataLoader,
    measures: Metrics,
    batch_size: int | None = None,
    name: str = "X",
) -> dict[str, float]:
    """Each measure of the output, on a pair of tensors on the device of the model or on a loader."""
    if isinstance(data, DataLoader):
        parts = [(output(model, inputs), targets) for inputs, targets in loaded(data, model, name)]
        if not parts:
            raise ValueError(f"{name} has no rows")
        found, target = (torch.cat(tensors) for tensors in zip(*parts, strict=True))
    else:
        found, target = output(model, data[0], batch_size), data[1]
    return {label: float(measure(found, target)) for label, measure in measures.items()}
