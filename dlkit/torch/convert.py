"""Carry networks across: the same parameters in `dlkit.numpy` and in PyTorch.

Only the layout differs. The course keeps a dense weight as ``W (D, M)``, PyTorch as its transpose.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from dlkit.numpy import layers as numpy_layers
from dlkit.numpy.network import Sequential as NumpySequential
from dlkit.torch.layers import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from dlkit.torch.network import Sequential

__all__ = ["from_torch", "to_torch"]

# classes that have no parameters and need no argument, in both libraries
_PLAIN = {
    numpy_layers.Sigmoid: Sigmoid,
    numpy_layers.Tanh: Tanh,
    numpy_layers.ReLU: ReLU,
    numpy_layers.Softmax: Softmax,
}


def to_torch(layer: numpy_layers.Layer, *, device: str | torch.device | None = None) -> nn.Module:
    """A PyTorch module that computes the same as a layer or network of `dlkit.numpy`; parameters are copied.

    Parameters
    ----------
    layer : dlkit.numpy.layers.Layer
        A dense layer, an activation, or a `Sequential` of such.
    device : str or torch.device, optional
        Where to put it; the CPU when not given.

    Returns
    -------
    nn.Module
        With the dtype of the parameters.

    Raises
    ------
    TypeError
        If a layer has no counterpart.

    Examples
    --------
    >>> from dlkit.numpy.network import mlp
    >>> model = mlp([2, 3, 1], np.random.default_rng(0))
    >>> X = np.array([[0.5, -1.0]])
    >>> bool(np.allclose(to_torch(model).predict(X), model.predict(X)))
    True
    """
    return _to_torch(layer).to(device)


def from_torch(module: nn.Module) -> numpy_layers.Layer:
    """A layer or network of `dlkit.numpy` that computes the same as a PyTorch module; parameters are copied.

    Parameters
    ----------
    module : nn.Module
        An `nn.Linear`, an activation, or an `nn.Sequential` of such, on any device.

    Returns
    -------
    dlkit.numpy.layers.Layer

    Raises
    ------
    TypeError
        If a module has no counterpart.

    Examples
    --------
    >>> module = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1, bias=False))
    >>> from_torch(module)
    Sequential(Dense(2, 3), ReLU(), Dense(3, 1))
    """
    if isinstance(module, nn.Sequential):
        return NumpySequential(*(from_torch(child) for child in module))
    if isinstance(module, nn.Linear):
        return _numpy_dense(module)
    if isinstance(module, nn.LeakyReLU):
        return numpy_layers.LeakyReLU(module.negative_slope)
    if isinstance(module, nn.Softmax):
        if module.dim not in (-1, 1):
            raise TypeError(f"nn.Softmax over axis {module.dim} has no counterpart, expected the last axis")
        return numpy_layers.Softmax()
    for ours, theirs in _PLAIN.items():
        if isinstance(module, theirs):
            return ours()
    raise TypeError(f"{type(module).__name__} has no counterpart in dlkit.numpy, expected one of {_known()}")


def _to_torch(layer: numpy_layers.Layer) -> nn.Module:
    if isinstance(layer, NumpySequential):
        return Sequential(*(_to_torch(child) for child in layer.layers))
    if isinstance(layer, numpy_layers.Dense):
        return _torch_linear(layer)
    if isinstance(layer, numpy_layers.LeakyReLU):
        return LeakyReLU(layer.negative_slope)
    if type(layer) in _PLAIN:
        return _PLAIN[type(layer)]()
    raise TypeError(f"{layer!r} has no counterpart in dlkit.torch, expected one of {_known()}")


def _torch_linear(layer: numpy_layers.Dense) -> nn.Linear:
    weight = torch.from_numpy(np.array(layer.params["W"].T, order="C"))  # (M, D)
    linear = nn.utils.skip_init(nn.Linear, weight.shape[1], weight.shape[0], dtype=weight.dtype)
    with torch.no_grad():
        linear.weight.copy_(weight)
        linear.bias.copy_(torch.from_numpy(layer.params["b"]))
    return linear


def _numpy_dense(linear: nn.Linear) -> numpy_layers.Dense:
    W = _array(linear.weight).T.copy()  # (D, M)
    dense = numpy_layers.Dense(*W.shape, np.random.default_rng(0), weight_init=lambda shape, rng: W)
    dense.params["b"] = np.zeros(W.shape[1], W.dtype) if linear.bias is None else _array(linear.bias).copy()
    return dense


def _array(parameter: torch.Tensor) -> np.ndarray:
    return parameter.detach().cpu().numpy()


def _known() -> str:
    names: list[Any] = [numpy_layers.Dense, numpy_layers.LeakyReLU, *_PLAIN, NumpySequential]
    return ", ".join(kind.__name__ for kind in names)
