"""How large signals are on their way through a deep network: forwards the activations, backwards the gradients.

`trace` runs any network once in both directions and keeps what passes between its layers; `signal_statistics`
and `grad_norms_by_layer` say how large it is. `deep_network` builds networks to look at. `mean_square` and what
follows it predict the same numbers without a network, for very wide layers of random weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from dlkit.numpy.initializers import xavier_normal
from dlkit.numpy.layers import Activation, Dense, Gradients, Initializer, Layer, Tanh
from dlkit.numpy.network import Sequential
from dlkit.numpy.residual import Residual
from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["SignalStatistics", "Trace", "deep_network", "grad_norms_by_layer", "gradient_factor", "mean_square",
           "preserving_gain", "signal_statistics", "trace", "variance_path"]


class Trace(NamedTuple):
    """What passed between the layers of a network, in the order of the forward pass."""

    outputs: list[np.ndarray]  # what each layer gave
    gradients: list[np.ndarray]  # the gradient of each output; empty without an upstream gradient
    parameter_gradients: list[Gradients]  # of each layer, under the names of its params


class SignalStatistics(NamedTuple):
    """Numbers that describe the signal at each layer, arrays (L,)."""

    mean: np.ndarray
    std: np.ndarray
    rms: np.ndarray  # root of the mean square
    zeros: np.ndarray  # share of exact zeros: silent ReLUs, or gradients that underflowed


def deep_network(depth: int, width: int, rng: np.random.Generator, weight_init: Initializer = xavier_normal,
                 activation: Callable[[], Activation] = Tanh, *, residual: bool = False) -> Sequential:
    """A network of `depth` equal blocks, each a dense layer of `width` units and an activation.

    Parameters
    ----------
    depth, width : int
        Number of blocks, and of units in each.
    rng : numpy.random.Generator
        Draws the weights.
    weight_init : callable
        One of :mod:`dlkit.numpy.initializers`.
    activation : callable
        Makes the activation of a block: a layer class such as `Tanh`.
    residual : bool
        Let each block add its result to its input, x + f(x W + b).

    Returns
    -------
    Sequential
        One layer per block, so that `trace` gives one output per block.

    Raises
    ------
    ValueError : if depth or width is less than 1.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> deep_network(2, 3, np.random.default_rng(0))
    Sequential(Sequential(Dense(3, 3), Tanh()), Sequential(Dense(3, 3), Tanh()))
    """
    if depth < 1 or width < 1:
        raise ValueError(f"depth is {depth} and width {width}, expected both at least 1")
    make: type[Residual | Sequential] = Residual if residual else Sequential
    blocks: list[Layer] = [make(Dense(width, width, rng, weight_init), activation()) for _ in range(depth)]
    return Sequential(*blocks)


def trace(network: Sequential, X: np.ndarray, upstream: np.ndarray | None = None) -> Trace:
    """Run a network forwards and backwards, and keep what passes between its layers.

    Parameters
    ----------
    network : Sequential
        Any chain of layers.
    X : array_like, shape (N, ...)
        One example per row.
    upstream : array_like, shape of the output, optional
        Gradient of the loss with respect to the output; without it there is no backward pass.

    Returns
    -------
    Trace
        (outputs, gradients, parameter_gradients), one entry per layer of the network.

    Raises
    ------
    ValueError : if `upstream` has not the shape of the output.

    Examples
    --------
    >>> from dlkit.numpy.initializers import constant
    >>> network = deep_network(2, 1, np.random.default_rng(0), lambda shape, rng: constant(shape, value=0.5))
    >>> passed = trace(network, [[0.0]], [[1.0]])
    >>> [float(a[0, 0]) for a in passed.outputs], [float(g[0, 0]) for g in passed.gradients]
    ([0.0, 0.0], [0.5, 1.0])
    """
    outputs, caches, A = [], [], as_float("X", X)
    for layer in network.layers:
        A, cache = layer.forward(A)
        outputs.append(A)
        caches.append(cache)
    if upstream is None:
        return Trace(outputs, [], [])
    dA = as_float("upstream", upstream)
    expect_shape("upstream", dA, A.shape, to_match=("the output", A))
    gradients, parameter_gradients = [], []
    for layer, cache in zip(reversed(network.layers), reversed(caches), strict=True):
        gradients.append(dA)
        dA, grads = layer.backward(dA, cache)
        parameter_gradients.append(grads)
    return Trace(outputs, gradients[::-1], parameter_gradients[::-1])


def signal_statistics(signals: Sequence[np.ndarray]) -> SignalStatistics:
    """Mean, standard deviation, root mean square and share of zeros of each array.

    Parameters
    ----------
    signals : sequence of array_like
        One array per layer, such as ``trace(...).outputs``.

    Returns
    -------
    SignalStatistics
        Arrays (L,) of float64.

    Raises
    ------
    ValueError : if there is no array, or an empty one.

    Examples
    --------
    >>> statistics = signal_statistics([[0.0, 2.0], [3.0, -3.0]])
    >>> statistics.mean.tolist(), statistics.std.tolist(), statistics.zeros.tolist()
    ([1.0, 0.0], [1.0, 3.0], [0.5, 0.0])
    """
    arrays = [np.asarray(signal, dtype=np.float64) for signal in signals]
    if not arrays or min(a.size for a in arrays) == 0:
        raise ValueError(f"signals has {len(arrays)} arrays, expected at least one, and none empty")
    with np.errstate(over="ignore", invalid="ignore"):  # an exploded signal has no spread: it is inf or NaN, and that is told
        return SignalStatistics(np.array([a.mean() for a in arrays]), np.array([a.std() for a in arrays]),
                                np.array([_rms(a) for a in arrays]), np.array([(a == 0).mean() for a in arrays]))


def _rms(a: np.ndarray) -> float:
    size = float(np.abs(a).max())  # taken out first: the square of 1e-200 would be 0
    return size * math.sqrt(float(np.mean((a / size) ** 2))) if 0 < size < np.inf else size


def grad_norms_by_layer(network: Sequential, X: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    """Euclidean norm of the gradient of all parameters of a layer, for each layer that has some.

    Where these differ by orders of magnitude, some layers learn and others stand still: the first thing to look
    at when a deep network does not train.

    Parameters
    ----------
    network : Sequential
    X : array_like, shape (N, ...)
    upstream : array_like, shape of the output
        Gradient of the loss with respect to the output: what a loss of the library returns second.

    Returns
    -------
    ndarray of float64, (number of layers with parameters,)

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> from dlkit.numpy.initializers import constant
    >>> network = deep_network(2, 1, np.random.default_rng(0), lambda shape, rng: constant(shape, value=0.5))
    >>> grad_norms_by_layer(network, [[0.0]], [[1.0]]).tolist()
    [0.5, 1.0]
    """
    grads = trace(network, X, upstream).parameter_gradients
    return np.array([math.hypot(*(float(np.linalg.norm(g)) for g in layer.values())) for layer in grads if layer])


# -- predictions for wide layers: z is a sum of many independent terms, so it is normal --------------------------------


def _normal_mean(f: Callable[[np.ndarray], np.ndarray], variance: float) -> float:
    width = 24.0 / 6000
    z = -12.0 + width * (np.arange(6000) + 0.5)  # midpoints: a jump at 0 falls between two of them
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return float(np.sum(f(math.sqrt(variance) * z) * density) * width)


def mean_square(activation: Callable[[np.ndarray], np.ndarray], variance: float = 1.0) -> float:
    """Mean of f(z)^2 for normal z with mean 0: what an activation leaves of a signal.

    Parameters
    ----------
    activation : callable
        Elementwise, array -> array.
    variance : float
        Of z.

    Returns
    -------
    float

    Raises
    ------
    ValueError : if the variance is negative.

    Examples
    --------
    >>> from dlkit.numpy.activations import identity, relu
    >>> round(mean_square(identity, 3.0), 9), round(mean_square(relu), 9)
    (3.0, 0.5)
    """
    if not variance >= 0:
        raise ValueError(f"variance is {variance}, expected a number >= 0")
    return _normal_mean(lambda z: np.square(activation(z)), variance)


def preserving_gain(activation: Callable[[np.ndarray], np.ndarray]) -> float:
    """The gain g for which weights of standard deviation g / sqrt(fan_in) keep a mean square of 1: 1 / sqrt(E[f(z)^2]).

    sqrt(2) for ReLU (He), 1 for linear units and SELU (LeCun), 1.5925 for tanh (where 5/3 is the habit).

    Parameters
    ----------
    activation : callable
        Elementwise, array -> array.

    Returns
    -------
    float

    Examples
    --------
    >>> from dlkit.numpy.activations import relu, selu, tanh
    >>> [round(preserving_gain(f), 4) for f in (relu, selu, tanh)]
    [1.4142, 1.0, 1.5925]
    """
    return 1.0 / math.sqrt(mean_square(activation))


def variance_path(activation: Callable[[np.ndarray], np.ndarray], gain: float, depth: int,
                  start: float = 1.0) -> np.ndarray:
    """Mean square of the activations after each layer, for weights of variance gain^2 / fan_in: q <- E[f(gain sqrt(q) z)^2].

    Parameters
    ----------
    activation : callable
        Elementwise, array -> array.
    gain : float
        Standard deviation of the weights times the root of the fan-in.
    depth : int
        Number of layers.
    start : float
        Mean square of the inputs.

    Returns
    -------
    ndarray of float64, (depth + 1,)
        The start first.

    Source: Poole et al., "Exponential expressivity in deep neural networks through transient chaos", 2016.

    Examples
    --------
    >>> from dlkit.numpy.activations import relu
    >>> variance_path(relu, 1.0, 3, start=8.0).round(9).tolist()
    [8.0, 4.0, 2.0, 1.0]
    """
    path = [float(start)]
    for _ in range(depth):
        path.append(mean_square(activation, gain**2 * path[-1]))
    return np.array(path)


def gradient_factor(derivative: Callable[[np.ndarray], np.ndarray], gain: float, incoming: float = 1.0) -> float:
    """Factor of the mean square of the gradient in one step back: gain^2 E[f'(z)^2], z of variance gain^2 * incoming.

    Less than 1: gradients vanish. More than 1: they explode.

    Parameters
    ----------
    derivative : callable
        Slope of the activation, elementwise.
    gain : float
        Standard deviation of the weights times the root of the fan-in (layers of equal width).
    incoming : float
        Mean square of the signal that enters the layer.

    Returns
    -------
    float

    Source: Schoenholz et al., "Deep information propagation", 2017.

    Examples
    --------
    >>> from dlkit.numpy.activations import relu_derivative, sigmoid_derivative
    >>> round(gradient_factor(relu_derivative, 2 ** 0.5), 3), round(gradient_factor(sigmoid_derivative, 1.0, 0.0), 4)
    (1.0, 0.0625)
    """
    return gain**2 * _normal_mean(lambda z: np.square(derivative(z)), gain**2 * incoming)
