"""Adam and AdamW: PyTorch's optimizers, and single steps with the choice of where epsilon stands."""

from __future__ import annotations

import torch

from dlkit.torch.adaptive import divided_move

__all__ = ["Adam", "AdamW", "adam_step", "adamw_step"]

Adam = torch.optim.Adam
"""PyTorch's Adam as it is; its `weight_decay` goes through the root, like an L2 penalty in the loss."""

AdamW = torch.optim.AdamW
"""PyTorch's AdamW as it is; its `weight_decay` shrinks the weights apart from Adam's step."""


def adam_step(
    theta: torch.Tensor,
    m: torch.Tensor,
    v: torch.Tensor,
    gradient: torch.Tensor,
    t: int,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eps_inside: bool = False,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """One step of Adam; see `dlkit.numpy.adam.adam_step`.

    Parameters
    ----------
    theta, m, v, gradient : torch.Tensor
        Any shape, the same for all.
    t : int
        1 for the first step.
    lr, beta1, beta2, eps : float
    eps_inside : bool

    Returns
    -------
    (theta, m, v) : torch.Tensor, torch.Tensor, torch.Tensor

    Raises
    ------
    ValueError
        If t is below 1.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> theta, zero = torch.tensor([1.0, 1.0]), torch.zeros(2)
    >>> adam_step(theta, zero, zero, torch.tensor([8.0, -0.5]), t=1, lr=0.25)[0].tolist()
    [0.75, 1.25]
    """
    if not t >= 1:
        raise ValueError(f"t is {t}, expected a step number from 1 upwards: at t = 0 the correction divides by 0")
    m = beta1 * m + (1.0 - beta1) * gradient
    v = beta2 * v + (1.0 - beta2) * gradient**2
    return divided_move(theta, m / (1.0 - beta1**t), v / (1.0 - beta2**t), lr, eps, eps_inside), m, v


def adamw_step(
    theta: torch.Tensor,
    m: torch.Tensor,
    v: torch.Tensor,
    gradient: torch.Tensor,
    t: int,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """One step of AdamW; see `dlkit.numpy.adam.adamw_step`.

    Parameters
    ----------
    theta, m, v, gradient, t, lr, beta1, beta2, eps
        As for `adam_step`. The gradient is that of the loss alone.
    weight_decay : float

    Returns
    -------
    (theta, m, v) : torch.Tensor, torch.Tensor, torch.Tensor

    Source: Loshchilov and Hutter (2019).

    Examples
    --------
    >>> zero = torch.zeros(1)
    >>> adamw_step(torch.tensor([1.0]), zero, zero, zero, t=1, lr=0.5, weight_decay=0.5)[0].tolist()
    [0.75]
    """
    return adam_step(theta * (1.0 - lr * weight_decay), m, v, gradient, t, lr, beta1, beta2, eps)
