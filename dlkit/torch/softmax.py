"""Softmax over the last axis, its logarithm, and plain normalisation by the sum."""

from __future__ import annotations

import torch

__all__ = ["log_softmax", "log_sum_exp", "softmax", "sum_normalise"]


def softmax(Z: torch.Tensor) -> torch.Tensor:
    """Softmax of each row, ``exp(z_j) / sum_k exp(z_k)`` over the last axis.

    Parameters
    ----------
    Z : torch.Tensor
        Logits, shape (..., K).

    Returns
    -------
    torch.Tensor
        Like ``Z``; the last axis adds up to 1.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> softmax(torch.tensor([[0.0, 0.0], [1000.0, 0.0]]))
    tensor([[0.5000, 0.5000],
            [1.0000, 0.0000]])
    """
    return torch.softmax(Z, dim=-1)


def log_softmax(Z: torch.Tensor) -> torch.Tensor:
    """The logarithm of the softmax over the last axis, computed without overflow.

    Parameters
    ----------
    Z : torch.Tensor
        Logits, shape (..., K).

    Returns
    -------
    torch.Tensor
        Like ``Z``.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> log_softmax(torch.tensor([0.0, 0.0]))
    tensor([-0.6931, -0.6931])
    """
    return torch.log_softmax(Z, dim=-1)


def log_sum_exp(Z: torch.Tensor, axis: int = -1, keepdims: bool = False) -> torch.Tensor:
    """The logarithm of a sum of exponentials, computed without overflow: `torch.logsumexp`.

    Parameters
    ----------
    Z : torch.Tensor
        Shape (..., K).
    axis : int
        Where to add up.
    keepdims : bool
        Keep that axis, with length 1.

    Returns
    -------
    torch.Tensor
        Shape of ``Z`` without the axis.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> log_sum_exp(torch.tensor([1000.0, 0.0])).item()
    1000.0
    """
    return torch.logsumexp(Z, dim=axis, keepdim=keepdims)


def sum_normalise(Z: torch.Tensor) -> torch.Tensor:
    """Divide by the sum of the last axis, without the exponential: ``z_j / sum_k z_k``.

    Parameters
    ----------
    Z : torch.Tensor
        Shape (..., K), with a sum that is not zero.

    Returns
    -------
    torch.Tensor
        Like ``Z``.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> sum_normalise(torch.tensor([1.0, 3.0]))
    tensor([0.2500, 0.7500])
    """
    return Z / Z.sum(dim=-1, keepdim=True)
