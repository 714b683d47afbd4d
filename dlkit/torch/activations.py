"""Activation functions: PyTorch's own where it has them, so autograd is the backward pass.

The names and parameters are those of `dlkit.numpy.activations`. PyTorch already has the sigmoid, tanh,
ReLU, leaky ReLU, ELU and SELU under these very names, and they are used as they are.

>>> Z = torch.tensor([-2.0, 0.0, 3.0])
>>> relu(Z)
tensor([0., 0., 3.])
>>> leaky_relu(Z, negative_slope=0.5)
tensor([-1.,  0.,  3.])
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

__all__ = [
    "bipolar_step",
    "dead_fraction",
    "derivative",
    "elu",
    "hardtanh",
    "identity",
    "leaky_relu",
    "prelu",
    "relu",
    "selu",
    "sigmoid",
    "step",
    "swish",
    "tanh",
]

sigmoid = torch.sigmoid
tanh = torch.tanh
relu = F.relu
leaky_relu = F.leaky_relu
elu = F.elu
selu = F.selu


def identity(Z: torch.Tensor, slope: float = 1.0) -> torch.Tensor:
    """The linear activation, ``f(z) = slope * z``.

    Parameters
    ----------
    Z : torch.Tensor
        Any shape.
    slope : float

    Returns
    -------
    torch.Tensor
        Like ``Z``.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> identity(torch.tensor([1.0, -2.0]), slope=3.0)
    tensor([ 3., -6.])
    """
    return Z * slope


def step(Z: torch.Tensor, threshold: float = 0.0) -> torch.Tensor:
    """The binary step: 1 where ``z >= threshold``, else 0. Its gradient is zero wherever it exists.

    Parameters
    ----------
    Z : torch.Tensor
        Any shape.
    threshold : float

    Returns
    -------
    torch.Tensor
        Like ``Z``, of zeros and ones.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> step(torch.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 1., 1.])
    """
    return (Z >= threshold).to(Z.dtype)


def bipolar_step(Z: torch.Tensor, threshold: float = 0.0) -> torch.Tensor:
    """The three-level step: 1 where ``z > threshold``, -1 where ``z < -threshold``, 0 between.

    Parameters
    ----------
    Z : torch.Tensor
        Any shape.
    threshold : float

    Returns
    -------
    torch.Tensor
        Like ``Z``, of -1, 0 and 1.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> bipolar_step(torch.tensor([-1.0, 0.2, 2.0]), threshold=0.5)
    tensor([-1.,  0.,  1.])
    """
    return (Z > threshold).to(Z.dtype) - (Z < -threshold).to(Z.dtype)


def hardtanh(Z: torch.Tensor, min_value: float = -1.0, max_value: float = 1.0) -> torch.Tensor:
    """Clip to an interval, ``min(max(z, min_value), max_value)``.

    Parameters
    ----------
    Z : torch.Tensor
        Any shape.
    min_value, max_value : float

    Returns
    -------
    torch.Tensor
        Like ``Z``.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> hardtanh(torch.tensor([-3.0, 0.5, 2.0]))
    tensor([-1.0000,  0.5000,  1.0000])
    """
    return F.hardtanh(Z, min_value, max_value)


def prelu(Z: torch.Tensor, slope: torch.Tensor | float) -> torch.Tensor:
    """ReLU whose negative slope is learned, ``z`` where ``z > 0``, else ``slope * z``.

    Parameters
    ----------
    Z : torch.Tensor
        Shape (N, D).
    slope : torch.Tensor or float
        A scalar, or one slope for each column, shape (D,).

    Returns
    -------
    torch.Tensor
        Like ``Z``.

    Source: He et al. (2015), "Delving deep into rectifiers".

    Examples
    --------
    >>> prelu(torch.tensor([[-2.0, 4.0]]), 0.25)
    tensor([[-0.5000,  4.0000]])
    """
    return F.prelu(Z, torch.as_tensor(slope, dtype=Z.dtype, device=Z.device))


def swish(Z: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """Swish, ``z * sigmoid(beta * z)``; with ``beta = 1`` it is PyTorch's SiLU.

    Parameters
    ----------
    Z : torch.Tensor
        Any shape.
    beta : float

    Returns
    -------
    torch.Tensor
        Like ``Z``.

    Source: Ramachandran et al. (2017), "Searching for activation functions".

    Examples
    --------
    >>> swish(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7311])
    """
    return F.silu(Z) if beta == 1 else Z * torch.sigmoid(beta * Z)


def derivative(activation: Callable[[torch.Tensor], torch.Tensor], Z: torch.Tensor) -> torch.Tensor:
    """The derivative of an element-wise function at each element, computed by autograd.

    Because each output depends on its own input only, the gradient of the sum is the vector of derivatives.

    Parameters
    ----------
    activation : callable
        Tensor to tensor, element by element.
    Z : torch.Tensor
        Any shape.

    Returns
    -------
    torch.Tensor
        Like ``Z``.

    Examples
    --------
    >>> derivative(sigmoid, torch.tensor([0.0]))
    tensor([0.2500])
    """
    point = Z.detach().clone().requires_grad_(True)
    (slopes,) = torch.autograd.grad(activation(point).sum(), point)
    return slopes


def dead_fraction(A: torch.Tensor) -> float:
    """The fraction of units (columns) that are zero or less for every row: dead ReLUs.

    Parameters
    ----------
    A : torch.Tensor
        Activations, shape (N, D).

    Returns
    -------
    float
        Between 0 and 1.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> dead_fraction(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    0.5
    """
    return (A <= 0).all(dim=0).double().mean().item()
