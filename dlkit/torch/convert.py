"""Carry networks across: the same parameters in `dlkit.numpy` and in PyTorch.

Only the layout differs. The course keeps a dense weight as ``W (D, M)``, PyTorch as its transpose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.instancenorm import _InstanceNorm

from dlkit.numpy import layers as numpy_layers
from dlkit.numpy import normalization_layers as numpy_norms
from dlkit.numpy.network import Sequential as NumpySequential
from dlkit.numpy.residual import Residual as NumpyResidual
from dlkit.torch.layers import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from dlkit.torch.network import Sequential
from dlkit.torch.normalization_layers import BatchNorm, GroupNorm, InstanceNorm, LayerNorm
from dlkit.torch.residual import Residual

__all__ = ["from_torch", "to_torch"]

# classes that have no parameters and need no argument, in both libraries
_PLAIN = {
    numpy_layers.Sigmoid: Sigmoid,
    numpy_layers.Tanh: Tanh,
    numpy_layers.ReLU: ReLU,
    numpy_layers.Softmax: Softmax,
}


# normalisation: the counterpart, and how each is made from the other one's attributes
_NORMS: dict[type, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    numpy_norms.BatchNorm: (
        _BatchNorm,
        lambda ours: BatchNorm(ours.params["gamma"].size, ours.eps, ours.momentum),
        lambda theirs: numpy_norms.BatchNorm(theirs.num_features, theirs.momentum, theirs.eps),
    ),
    numpy_norms.InstanceNorm: (
        _InstanceNorm,
        lambda ours: InstanceNorm(ours.params["gamma"].size, ours.eps),
        lambda theirs: numpy_norms.InstanceNorm(theirs.num_features, theirs.eps),
    ),
    numpy_norms.LayerNorm: (
        nn.LayerNorm,
        lambda ours: LayerNorm(ours.params["gamma"].shape, ours.eps),
        lambda theirs: numpy_norms.LayerNorm(theirs.normalized_shape, theirs.eps),
    ),
    numpy_norms.GroupNorm: (
        nn.GroupNorm,
        lambda ours: GroupNorm(ours.num_groups, ours.params["gamma"].size, ours.eps),
        lambda theirs: numpy_norms.GroupNorm(theirs.num_groups, theirs.num_channels, theirs.eps),
    ),
}
_TORCH_NORMS = tuple(theirs for theirs, _, _ in _NORMS.values())
_RUNNING = ("running_mean", "running_var")


def to_torch(layer: numpy_layers.Layer, *, device: str | torch.device | None = None) -> nn.Module:
    """A PyTorch module that computes the same as a layer or network of `dlkit.numpy`; parameters are copied.

    Parameters
    ----------
    layer : dlkit.numpy.layers.Layer
        A dense layer, an activation, a normalisation, or a `Sequential` or `Residual` of such.
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
        An `nn.Linear`, an activation, a normalisation, or an `nn.Sequential` or `Residual` of such, on any device.

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
    if isinstance(module, Residual):
        return NumpyResidual(*(from_torch(child) for child in module.branch))
    if isinstance(module, nn.Linear):
        return _numpy_dense(module)
    if isinstance(module, _TORCH_NORMS):
        return _numpy_norm(module)
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
    if isinstance(layer, NumpyResidual):
        return Residual(*(_to_torch(child) for child in layer.branch.layers))
    if isinstance(layer, numpy_layers.Dense):
        return _torch_linear(layer)
    if type(layer) in _NORMS:
        return _torch_norm(layer)
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


def _torch_norm(layer: numpy_layers.Layer) -> nn.Module:
    module = _NORMS[type(layer)][1](layer).to(torch.from_numpy(layer.params["gamma"]).dtype)
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(layer.params["gamma"]))
        module.bias.copy_(torch.from_numpy(layer.params["beta"]))
        if isinstance(layer, numpy_norms.BatchNorm):
            for name in _RUNNING:
                getattr(module, name).copy_(torch.from_numpy(getattr(layer, name)))
    return module


def _numpy_norm(module: Any) -> numpy_layers.Layer:
    kind, make = next((kind, make) for kind, (theirs, _, make) in _NORMS.items() if isinstance(module, theirs))
    batch = kind is numpy_norms.BatchNorm
    if batch and (module.running_mean is None or module.momentum is None):
        raise TypeError(f"{module} has no counterpart, expected running statistics with a momentum")
    if kind is numpy_norms.InstanceNorm and module.track_running_stats:
        raise TypeError(f"{module} has no counterpart, expected track_running_stats=False")
    layer = make(module)
    for name, parameter in (("gamma", module.weight), ("beta", module.bias)):
        if parameter is not None:  # without scale or shift: 1 and 0
            layer.params[name] = _array(parameter).copy()
    for name in _RUNNING if batch else ():
        setattr(layer, name, _array(getattr(module, name)).copy())
    return layer


def _array(parameter: torch.Tensor) -> np.ndarray:
    return parameter.detach().cpu().numpy()


def _known() -> str:
    names: list[Any] = [numpy_layers.Dense, numpy_layers.LeakyReLU, *_PLAIN, *_NORMS, NumpySequential, NumpyResidual]
    return ", ".join(kind.__name__ for kind in names)
