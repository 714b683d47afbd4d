"""Linear units, ``Z = X @ W + b``, in the layout of the course, ``W (D, M)``."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

__all__ = ["augment_ones", "dense", "linear_unit", "neuron"]


def linear_unit(X: torch.Tensor, w: torch.Tensor, b: torch.Tensor | float) -> torch.Tensor:
    """One linear unit, ``y = X @ w + b``.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    w : torch.Tensor
        Shape (D,).
    b : torch.Tensor or float
        Scalar.

    Returns
    -------
    torch.Tensor
        Shape (N,).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> linear_unit(torch.tensor([[1.0, 2.0]]), torch.tensor([3.0, 4.0]), 0.5)
    tensor([11.5000])
    """
    return X @ w + b


def augment_ones(X: torch.Tensor) -> torch.Tensor:
    """Append a column of ones, so that the bias becomes the last weight.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).

    Returns
    -------
    torch.Tensor
        Shape (N, D + 1).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> augment_ones(torch.tensor([[5.0], [6.0]]))
    tensor([[5., 1.],
            [6., 1.]])
    """
    return torch.cat([X, X.new_ones(X.shape[0], 1)], dim=1)


def dense(X: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """A dense layer, ``Z = X @ W + b``; the counterpart of `dlkit.numpy.linear.dense_forward`.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    W : torch.Tensor
        Shape (D, M).
    b : torch.Tensor
        Shape (M,).

    Returns
    -------
    torch.Tensor
        Shape (N, M).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> dense(torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0], [10.0]]), torch.tensor([0.5]))
    tensor([[21.5000]])
    """
    return F.linear(X, W.T, b)


def neuron(
    X: torch.Tensor,
    w: torch.Tensor,
    b: torch.Tensor | float,
    activation: Callable[[torch.Tensor], torch.Tensor] = torch.sigmoid,
) -> torch.Tensor:
    """A neuron, ``a = f(X @ w + b)``.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    w : torch.Tensor
        Shape (D,).
    b : torch.Tensor or float
        Scalar.
    activation : callable
        Applied to the pre-activation.

    Returns
    -------
    torch.Tensor
        Shape (N,).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> neuron(torch.tensor([[1.0, 2.0]]), torch.tensor([2.0, -1.0]), 0.0)
    tensor([0.5000])
    """
    return activation(X @ w + b)
