"""AdaGrad and RMSProp: PyTorch's optimizers, and single steps with the choice of where epsilon stands."""

from __future__ import annotations

import torch

__all__ = ["AdaGrad", "RMSProp", "adagrad_step", "rmsprop_step"]

AdaGrad = torch.optim.Adagrad
"""PyTorch's Adagrad as it is, with epsilon (1e-10 by default) outside the root."""

RMSProp = torch.optim.RMSprop
"""PyTorch's RMSprop as it is, with epsilon outside the root; its `alpha` (0.99 by default) is our beta."""


def adagrad_step(
    theta: torch.Tensor,
    total: torch.Tensor,
    gradient: torch.Tensor,
    lr: float,
    eps: float = 1e-8,
    eps_inside: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One step of AdaGrad; see `dlkit.numpy.adaptive.adagrad_step`.

    Parameters
    ----------
    theta, total, gradient : torch.Tensor
        Any shape, the same for all.
    lr, eps : float
    eps_inside : bool

    Returns
    -------
    (theta, total) : torch.Tensor, torch.Tensor

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> adagrad_step(torch.tensor([1.0]), torch.tensor([9.0]), torch.tensor([4.0]), lr=1.0, eps=0.0)[1].tolist()
    [25.0]
    """
    total = total + gradient**2
    return divided_move(theta, gradient, total, lr, eps, eps_inside), total


def rmsprop_step(
    theta: torch.Tensor,
    average: torch.Tensor,
    gradient: torch.Tensor,
    lr: float,
    beta: float = 0.9,
    eps: float = 1e-8,
    eps_inside: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One step of RMSProp; see `dlkit.numpy.adaptive.rmsprop_step`.

    Parameters
    ----------
    theta, average, gradient : torch.Tensor
        Any shape, the same for all.
    lr, beta, eps : float
    eps_inside : bool

    Returns
    -------
    (theta, average) : torch.Tensor, torch.Tensor

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> theta, E = rmsprop_step(torch.tensor([1.0]), torch.tensor([4.0]), torch.tensor([2.0]), lr=0.5, beta=0.5, eps=0.0)
    >>> theta.tolist(), E.tolist()
    ([0.5], [4.0])
    """
    average = beta * average + (1.0 - beta) * gradient**2
    return divided_move(theta, gradient, average, lr, eps, eps_inside), average


def divided_move(
    theta: torch.Tensor, direction: torch.Tensor, squares: torch.Tensor, lr: float, eps: float, eps_inside: bool
) -> torch.Tensor:
    """theta - lr direction / (sqrt(squares) + eps), or with eps inside the root."""
    root = torch.sqrt(squares + eps) if eps_inside else torch.sqrt(squares) + eps
    return theta - lr * direction / root
