"""Normalisation as layers: PyTorch's modules under the names of `dlkit.numpy.normalization_layers`.

`LayerNorm` and `GroupNorm` are the `torch.nn` classes as they are. PyTorch has three classes of batch norm and three of
instance norm, one for each number of axes, with the same mathematics; here one class takes them all.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.instancenorm import _InstanceNorm

__all__ = ["BatchNorm", "GroupNorm", "InstanceNorm", "LayerNorm"]

LayerNorm = nn.LayerNorm
GroupNorm = nn.GroupNorm


class BatchNorm(_BatchNorm):
    """Batch norm of (N, C) or (N, C, ...): `nn.BatchNorm1d`, `2d` and `3d` in one.

    Parameters
    ----------
    num_features : int
        C.
    eps, momentum : float
    device, dtype : optional

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> layer = BatchNorm(1, momentum=0.5)
    >>> Y = layer(torch.tensor([[1.0], [5.0]]))
    >>> [round(y, 3) for y in Y.flatten().tolist()], layer.running_var.tolist()
    ([-1.0, 1.0], [4.5])
    """

    def _check_input_dim(self, input: torch.Tensor) -> None:
        if input.ndim < 2 or input.shape[1] != self.num_features:
            raise ValueError(f"X has shape {tuple(input.shape)}, expected (N, {self.num_features}, ...)")


class InstanceNorm(_InstanceNorm):
    """Instance norm of (N, C, ...): `nn.InstanceNorm1d`, `2d` and `3d` in one, with scale and shift.

    Parameters
    ----------
    num_features : int
        C.
    eps : float
    device, dtype : optional

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> InstanceNorm(1, eps=0.0)(torch.tensor([[[1.0, 5.0]]])).tolist()
    [[[-1.0, 1.0]]]
    """

    def __init__(self, num_features: int, eps: float = 1e-5, *, device: torch.device | None = None,
                 dtype: torch.dtype | None = None) -> None:
        super().__init__(num_features, eps, affine=True, device=device, dtype=dtype)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        self._check_input_dim(input)
        return self._apply_instance_norm(input)

    def _check_input_dim(self, input: torch.Tensor) -> None:
        if input.ndim < 3 or input.shape[1] != self.num_features:
            raise ValueError(f"X has shape {tuple(input.shape)}, expected (N, {self.num_features}, ...)")
