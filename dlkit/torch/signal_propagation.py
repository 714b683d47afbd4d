"""How large signals are on their way through a deep network: the same questions as in NumPy, answered by autograd."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import nn

from dlkit.torch.initializers import xavier_normal
from dlkit.torch.layers import Dense
from dlkit.torch.network import Sequential
from dlkit.torch.residual import Residual

__all__ = [
    "SignalStatistics",
    "Trace",
    "deep_network",
    "grad_norms_by_layer",
    "gradient_factor",
    "mean_square",
    "preserving_gain",
    "signal_statistics",
    "trace",
    "variance_path",
]

Function = Callable[[torch.Tensor], torch.Tensor]


class Trace(NamedTuple):
    """What passed between the layers of a network, in the order of the forward pass."""

    outputs: list[torch.Tensor]  # what each layer gave
    gradients: list[torch.Tensor]  # the gradient of each output; empty without an upstream gradient
    parameter_gradients: list[dict[str, torch.Tensor]]  # of each layer, under the names of its parameters


class SignalStatistics(NamedTuple):
    """Numbers that describe the signal at each layer, tensors (L,) of float64."""

    mean: torch.Tensor
    std: torch.Tensor
    rms: torch.Tensor  # root of the mean square
    zeros: torch.Tensor  # share of exact zeros


def deep_network(
    depth: int,
    width: int,
    rng: torch.Generator,
    weight_init: Callable[..., torch.Tensor] = xavier_normal,
    activation: Callable[[], nn.Module] = nn.Tanh,
    *,
    residual: bool = False,
    dtype: torch.dtype | None = None,
) -> Sequential:
    """A network of ``depth`` equal blocks, each a dense layer of ``width`` units and an activation.

    Parameters
    ----------
    depth, width : int
    rng : torch.Generator
    weight_init : callable
        One of `dlkit.torch.initializers`.
    activation : callable
        Makes the activation of a block.
    residual : bool
        Let each block add its result to its input.
    dtype : torch.dtype, optional

    Returns
    -------
    Sequential
        One module per block.

    Raises
    ------
    ValueError
        If depth or width is less than 1.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> len(deep_network(2, 3, torch.Generator().manual_seed(0)))
    2
    """
    if depth < 1 or width < 1:
        raise ValueError(f"depth is {depth} and width {width}, expected both at least 1")
    make = Residual if residual else Sequential
    return Sequential(
        *(make(Dense(width, width, rng, weight_init, dtype=dtype), activation()) for _ in range(depth))
    )


def trace(network: nn.Sequential, X: torch.Tensor, upstream: torch.Tensor | None = None) -> Trace:
    """Run a network forwards and backwards, and keep what passes between its modules.

    Parameters
    ----------
    network : nn.Sequential
        Any chain of modules. The ``grad`` of its parameters is left as it was.
    X : torch.Tensor
        Shape (N, ...).
    upstream : torch.Tensor, optional
        Gradient of the loss with respect to the output; without it there is no backward pass.

    Returns
    -------
    Trace
        (outputs, gradients, parameter_gradients), one entry per module.

    Raises
    ------
    ValueError
        If ``upstream`` has not the shape of the output.

    Examples
    --------
    >>> from dlkit.torch.initializers import constant
    >>> half = lambda shape, rng, dtype: constant(shape, value=0.5, dtype=dtype)
    >>> passed = trace(deep_network(2, 1, torch.Generator(), half), torch.zeros(1, 1), torch.ones(1, 1))
    >>> [g.item() for g in passed.gradients]
    [0.5, 1.0]
    """
    outputs, A = [], X
    with torch.set_grad_enabled(upstream is not None):
        for module in network:
            A = module(A)
            outputs.append(A)
    if upstream is None:
        return Trace(outputs, [], [])
    if upstream.shape != A.shape:
        raise ValueError(f"upstream has shape {tuple(upstream.shape)}, expected {tuple(A.shape)} to match the output")
    names = [list(dict(module.named_parameters())) for module in network]
    parameters = [p for module in network for p in module.parameters()]
    found = torch.autograd.grad(A, outputs + parameters, upstream, materialize_grads=True)
    gradients, rest = list(found[: len(outputs)]), iter(found[len(outputs) :])
    return Trace(
        [a.detach() for a in outputs], gradients, [{name: next(rest) for name in group} for group in names]
    )


def signal_statistics(signals: Sequence[torch.Tensor]) -> SignalStatistics:
    """Mean, standard deviation, root mean square and share of zeros of each tensor.

    Parameters
    ----------
    signals : sequence of torch.Tensor
        One per layer, such as ``trace(...).outputs``.

    Returns
    -------
    SignalStatistics
        Tensors (L,) of float64.

    Raises
    ------
    ValueError
        If there is no tensor, or an empty one.

    Examples
    --------
    >>> signal_statistics([torch.tensor([0.0, 2.0]), torch.tensor([3.0, -3.0])]).std.tolist()
    [1.0, 3.0]
    """
    if not len(signals) or min(a.numel() for a in signals) == 0:
        raise ValueError(f"signals has {len(signals)} tensors, expected at least one, and none empty")
    wide = [a.detach().to(torch.float64) for a in signals]
    return SignalStatistics(
        torch.stack([a.mean() for a in wide]),
        torch.stack([a.std(correction=0) for a in wide]),
        torch.stack([_rms(a) for a in wide]),
        torch.stack([(a == 0).to(torch.float64).mean() for a in wide]),
    )


def _rms(a: torch.Tensor) -> torch.Tensor:
    size = a.abs().max()
    return size * (a / size).square().mean().sqrt() if 0 < size.item() < math.inf else size


def grad_norms_by_layer(network: nn.Sequential, X: torch.Tensor, upstream: torch.Tensor) -> torch.Tensor:
    """Euclidean norm of the gradient of all parameters of a module, for each module that has some.

    Parameters
    ----------
    network : nn.Sequential
    X : torch.Tensor
        Shape (N, ...).
    upstream : torch.Tensor
        Gradient of the loss with respect to the output.

    Returns
    -------
    torch.Tensor
        Shape (number of modules with parameters,), float64.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> from dlkit.torch.initializers import constant
    >>> half = lambda shape, rng, dtype: constant(shape, value=0.5, dtype=dtype)
    >>> network = deep_network(2, 1, torch.Generator(), half)
    >>> grad_norms_by_layer(network, torch.zeros(1, 1), torch.ones(1, 1)).tolist()
    [0.5, 1.0]
    """
    grads = trace(network, X, upstream).parameter_gradients
    return torch.stack([torch.cat([g.flatten().to(torch.float64) for g in group.values()]).norm() for group in grads if group])


def _normal_mean(f: Function, variance: float) -> float:
    width = 24.0 / 6000
    z = -12.0 + width * (torch.arange(6000, dtype=torch.float64) + 0.5)
    density = torch.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return (f(math.sqrt(variance) * z) * density).sum().item() * width


def mean_square(activation: Function, variance: float = 1.0) -> float:
    """The mean of ``f(z)^2`` for normal z with mean 0.

    Parameters
    ----------
    activation : callable
        Elementwise, tensor to tensor.
    variance : float

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the variance is negative.

    Examples
    --------
    >>> round(mean_square(torch.relu), 9)
    0.5
    """
    if not variance >= 0:
        raise ValueError(f"variance is {variance}, expected a number >= 0")
    return _normal_mean(lambda z: activation(z).square(), variance)


def preserving_gain(activation: Function) -> float:
    """The gain for which weights of standard deviation ``gain / sqrt(fan_in)`` keep a mean square of 1.

    `torch.nn.init.calculate_gain` has the same for ReLU, and a rounder 5/3 for tanh.

    Parameters
    ----------
    activation : callable
        Elementwise, tensor to tensor.

    Returns
    -------
    float

    Examples
    --------
    >>> [round(preserving_gain(f), 4) for f in (torch.relu, torch.selu, torch.tanh)]
    [1.4142, 1.0, 1.5925]
    """
    return 1.0 / math.sqrt(mean_square(activation))


def variance_path(activation: Function, gain: float, depth: int, start: float = 1.0) -> torch.Tensor:
    """Mean square of the activations after each layer, for weights of variance ``gain^2 / fan_in``.

    Parameters
    ----------
    activation : callable
        Elementwise, tensor to tensor.
    gain : float
    depth : int
    start : float
        Mean square of the inputs.

    Returns
    -------
    torch.Tensor
        Shape (depth + 1,), float64, the start first.

    Source: Poole et al. (2016), "Exponential expressivity in deep neural networks through transient chaos".

    Examples
    --------
    >>> [round(q, 9) for q in variance_path(torch.relu, 1.0, 3, start=8.0).tolist()]
    [8.0, 4.0, 2.0, 1.0]
    """
    path = [float(start)]
    for _ in range(depth):
        path.append(mean_square(activation, gain**2 * path[-1]))
    return torch.tensor(path, dtype=torch.float64)


def gradient_factor(derivative: Function, gain: float, incoming: float = 1.0) -> float:
    """Factor of the mean square of the gradient in one step back, ``gain^2 E[f'(z)^2]``.

    Parameters
    ----------
    derivative : callable
        Slope of the activation, elementwise: for instance
        ``lambda z: dlkit.torch.activations.derivative(torch.tanh, z)``.
    gain : float
    incoming : float
        Mean square of the signal that enters the layer.

    Returns
    -------
    float

    Source: Schoenholz et al. (2017), "Deep information propagation".

    Examples
    --------
    >>> round(gradient_factor(lambda z: (z > 0).double(), 2**0.5), 9)
    1.0
    """
    return gain**2 * _normal_mean(lambda z: derivative(z).square(), gain**2 * incoming)
