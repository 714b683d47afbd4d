"""Losses for numbers: PyTorch's own, with the names of `dlkit.numpy.losses_regression`.

Each returns the value as a tensor; the gradient comes from ``value.backward()``.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

__all__ = ["half_squared_error", "huber", "mae", "mse", "sum_squared_residuals"]


def _same_shape(prediction: torch.Tensor, target: torch.Tensor) -> None:
    # PyTorch would broadcast (N,) against (N, 1) to (N, N), a mistake that trains and never converges
    if prediction.shape != target.shape:
        raise ValueError(f"target has shape {tuple(target.shape)}, expected {tuple(prediction.shape)} to match prediction")


def mse(prediction: torch.Tensor, target: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """Mean squared error, ``mean((prediction - target)^2)``.

    Parameters
    ----------
    prediction, target : torch.Tensor
        Same shape.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``prediction``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> mse(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0]))
    tensor(5.)
    """
    _same_shape(prediction, target)
    return F.mse_loss(prediction, target, reduction=reduction)


def mae(prediction: torch.Tensor, target: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """Mean absolute error, ``mean(|prediction - target|)``.

    Parameters
    ----------
    prediction, target : torch.Tensor
        Same shape.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``prediction``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> mae(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0]))
    tensor(2.)
    """
    _same_shape(prediction, target)
    return F.l1_loss(prediction, target, reduction=reduction)


def huber(prediction: torch.Tensor, target: torch.Tensor, *, delta: float = 1.0, reduction: str = "mean") -> torch.Tensor:
    """Huber loss: ``0.5 e^2`` where ``|e| <= delta``, else ``delta |e| - 0.5 delta^2``.

    Parameters
    ----------
    prediction, target : torch.Tensor
        Same shape.
    delta : float
        Where the parabola becomes a line; positive.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``prediction``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1; Huber (1964), "Robust estimation of a location parameter".

    Examples
    --------
    >>> huber(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0]), reduction="none")
    tensor([0.5000, 2.5000])
    """
    _same_shape(prediction, target)
    return F.huber_loss(prediction, target, delta=delta, reduction=reduction)


def half_squared_error(prediction: torch.Tensor, target: torch.Tensor, *, reduction: str = "sum") -> torch.Tensor:
    """Half the squared error, ``0.5 (target - prediction)^2``, the loss behind the delta rule.

    Parameters
    ----------
    prediction, target : torch.Tensor
        Same shape.
    reduction : {"sum", "mean", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``prediction``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> half_squared_error(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0]))
    tensor(5.)
    """
    return 0.5 * mse(prediction, target, reduction=reduction)


def sum_squared_residuals(prediction: torch.Tensor, target: torch.Tensor, *, reduction: str = "sum") -> torch.Tensor:
    """Sum of squared residuals, ``sum((target - prediction)^2)``.

    Parameters
    ----------
    prediction, target : torch.Tensor
        Same shape.
    reduction : {"sum", "mean", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``prediction``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> sum_squared_residuals(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0]))
    tensor(10.)
    """
    return mse(prediction, target, reduction=reduction)
