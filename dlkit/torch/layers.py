"""Layers: PyTorch's modules under the names of `dlkit.numpy.layers`.

The activations are `torch.nn` classes as they are. `Dense` is an `nn.Linear` with a chosen initialiser
and an explicit generator, which `nn.Linear` does not take.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from dlkit.torch.initializers import xavier_uniform

__all__ = ["Dense", "LeakyReLU", "ReLU", "Sigmoid", "Softmax", "Tanh"]

Sigmoid = nn.Sigmoid
Tanh = nn.Tanh
ReLU = nn.ReLU
LeakyReLU = nn.LeakyReLU


class Softmax(nn.Softmax):
    """Softmax over the last axis: `nn.Softmax` whose axis is settled.

    Examples
    --------
    >>> Softmax()(torch.zeros(1, 2))
    tensor([[0.5000, 0.5000]])
    """

    def __init__(self) -> None:
        super().__init__(dim=-1)


class Dense(nn.Linear):
    """A dense layer, ``Z = X @ W + b``: an `nn.Linear` whose start is chosen and reproducible.

    PyTorch keeps the weight as (out_features, in_features), the transpose of the course's ``W``. The
    bias starts at zero.

    Parameters
    ----------
    in_features, out_features : int
    rng : torch.Generator
        A CPU generator.
    weight_init : callable
        ``f((in_features, out_features), rng, dtype=...)``, one of `dlkit.torch.initializers`.
    dtype : torch.dtype, optional

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> from dlkit.torch.initializers import zeros
    >>> layer = Dense(3, 2, torch.Generator().manual_seed(0), weight_init=zeros)
    >>> layer(torch.ones(1, 3)).tolist()
    [[0.0, 0.0]]
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        rng: torch.Generator,
        weight_init: Callable[..., torch.Tensor] = xavier_uniform,
        *,
        dtype: torch.dtype | None = None,
    ) -> None:
        with torch.random.fork_rng(devices=[]):  # nn.Linear draws a start of its own from the global generator
            super().__init__(in_features, out_features, dtype=dtype)
        with torch.no_grad():
            self.weight.copy_(weight_init((in_features, out_features), rng, dtype=dtype).T)
            self.bias.zero_()
