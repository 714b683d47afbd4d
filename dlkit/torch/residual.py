"""Residual connections: a block that adds to its input instead of replacing it, ``y = x + F(x)``."""

from __future__ import annotations

import torch
from torch import nn

from dlkit.torch.network import Sequential

__all__ = ["Residual"]


class Residual(nn.Module):
    """A residual block, ``y = x + F(x)``, where F is a chain of modules that keeps the shape.

    Parameters
    ----------
    *layers : nn.Module
        The branch F, in the order of the forward pass.

    Raises
    ------
    ValueError
        If there is no module; in the forward pass, if F(x) has not the shape of x.

    Source: Lecture notes, unit 2; He et al. (2016), "Deep residual learning for image recognition".

    Examples
    --------
    >>> block = Residual(nn.Linear(1, 1))
    >>> _ = nn.init.constant_(block.branch[0].weight, 0.5), nn.init.zeros_(block.branch[0].bias)
    >>> x = torch.tensor([[2.0]], requires_grad=True)
    >>> y = block(x)
    >>> y.backward(torch.ones(1, 1))
    >>> y.item(), x.grad.item()
    (3.0, 1.5)
    """

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        if not layers:
            raise ValueError("Residual got no layers, expected at least one")
        self.branch = Sequential(*layers)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """(N, ...) -> (N, ...), the same shape."""
        F = self.branch(X)
        if F.shape != X.shape:  # a shape that broadcasts would go unnoticed
            raise ValueError(f"F(X) has shape {tuple(F.shape)}, expected {tuple(X.shape)} to match X")
        return X + F
