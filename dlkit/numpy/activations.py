r"""Elementwise activation functions, each with its derivative and its forward/backward pair.

An activation turns the pre-activation z = w.x + b of a neuron into its output a = f(z). Without a nonlinear f
a deep network collapses into a single linear map. For each activation ``f`` that can be trained through there
are

* ``f(Z)``: the outputs A,
* ``f_derivative(Z)``: the slopes dA/dZ,
* ``f_forward(Z) -> (A, cache)`` and ``f_backward(dA, cache) -> dZ``: the same as a step of backpropagation.

The last three are made from ``f`` and one formula right below it. The step functions have no useful
derivative, PReLU has a trained slope; softmax mixes the units and has its own module. Source, where no paper
is named: Lecture notes, unit 1.
"""

from __future__ import annotations

import numpy as np

from dlkit.numpy.elementwise import differentiable
from dlkit.numpy.validation import as_float, expect_shape

SELU_ALPHA = 1.6732632423543772  # these two together keep mean 0 and variance 1
SELU_SCALE = 1.0507009873554805


def identity(Z: np.ndarray, slope: float = 1.0) -> np.ndarray:
    """Linear activation: f(z) = slope * z, unbounded; the output of a regression network.

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)
    slope : float

    Returns
    -------
    ndarray, shape and dtype of Z

    Examples
    --------
    >>> identity([-1.0, 2.0], slope=3.0).tolist()
    [-3.0, 6.0]
    """
    return as_float("Z", Z) * slope


identity_derivative, identity_forward, identity_backward = differentiable(
    identity, lambda Z, A, slope: np.full_like(Z, slope), "slope")


def step(Z: np.ndarray, threshold: float = 0.0) -> np.ndarray:
    """Binary step: f(z) = 1 if z >= threshold, else 0. Its derivative is 0 wherever it exists.

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)
    threshold : float, where the unit begins to fire

    Returns
    -------
    ndarray, shape and dtype of Z, values 0 and 1

    Examples
    --------
    >>> step([-0.5, 0.0, 2.0]).tolist()
    [0.0, 1.0, 1.0]
    """
    Z = as_float("Z", Z)
    return (Z >= threshold).astype(Z.dtype)


def bipolar_step(Z: np.ndarray, threshold: float = 0.0) -> np.ndarray:
    """Three-level step: f(z) = 1 if z > threshold, -1 if z < -threshold, 0 between (both ends included).

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)
    threshold : float, half the width of the undecided band, not negative

    Returns
    -------
    ndarray, shape and dtype of Z, values -1, 0 and 1

    Raises
    ------
    ValueError : if the threshold is negative.

    Examples
    --------
    >>> bipolar_step([-3.0, -0.2, 0.2, 3.0], threshold=0.2).tolist()
    [-1.0, 0.0, 0.0, 1.0]
    """
    Z = as_float("Z", Z)
    if threshold < 0:
        raise ValueError(f"threshold is {threshold}, expected a number >= 0")
    return (Z > threshold).astype(Z.dtype) - (Z < -threshold)


def sigmoid(Z: np.ndarray) -> np.ndarray:
    """Logistic function: f(z) = 1 / (1 + e^-z), in (0, 1); f' = f (1 - f), at most 0.25.

    Parameters
    ----------
    Z : array_like, any shape
        Pre-activations (log odds).

    Returns
    -------
    ndarray, shape and dtype of Z

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    Z = as_float("Z", Z)
    with np.errstate(over="ignore"):  # e^1000 = inf is harmless here: 1 / (1 + inf) = 0 is the right answer
        return 1.0 / (1.0 + np.exp(-Z))


sigmoid_derivative, sigmoid_forward, sigmoid_backward = differentiable(
    sigmoid, lambda Z, A: A * (1.0 - A), "f(z) (1 - f(z))")


def tanh(Z: np.ndarray) -> np.ndarray:
    """Hyperbolic tangent: (e^z - e^-z) / (e^z + e^-z), in (-1, 1), zero-centred; f' = 1 - f^2, at most 1.

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)

    Returns
    -------
    ndarray, shape and dtype of Z

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 0.5]).round(4).tolist()
    [-1.0, 0.0, 0.4621]
    """
    return np.tanh(as_float("Z", Z))


tanh_derivative, tanh_forward, tanh_backward = differentiable(
    tanh, lambda Z, A: 1.0 - A * A, "1 - f(z)^2")


def hardtanh(Z: np.ndarray, min_value: float = -1.0, max_value: float = 1.0) -> np.ndarray:
    """Hard tanh: z cut off at both ends; the cheap cousin of tanh. Slope 1 strictly between, else 0.

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)
    min_value, max_value : float

    Returns
    -------
    ndarray, shape and dtype of Z

    Examples
    --------
    >>> hardtanh([-2.0, 0.3, 2.0]).tolist()
    [-1.0, 0.3, 1.0]
    """
    return np.clip(as_float("Z", Z), min_value, max_value)


hardtanh_derivative, hardtanh_forward, hardtanh_backward = differentiable(
    hardtanh, lambda Z, A, min_value, max_value: ((Z > min_value) & (Z < max_value)).astype(Z.dtype),
    "1 if min_value < z < max_value else 0")


def relu(Z: np.ndarray) -> np.ndarray:
    """Rectified linear unit: f(z) = max(0, z). Slope 1 for z > 0, else 0 (at z = 0 too, as in PyTorch).

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)

    Returns
    -------
    ndarray, shape and dtype of Z

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0]).tolist()
    [0.0, 0.0, 3.0]
    >>> relu_derivative([-2.0, 0.0, 3.0]).tolist()
    [0.0, 0.0, 1.0]
    """
    return np.maximum(as_float("Z", Z), 0.0)


relu_derivative, relu_forward, relu_backward = differentiable(
    relu, lambda Z, A: (Z > 0).astype(Z.dtype), "1 if z > 0 else 0")


def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Leaky ReLU: f(z) = z if z > 0 else negative_slope * z. A unit that is always negative still learns.

    The short form max(a z, z) is the same only for 0 <= a <= 1.

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)
    negative_slope : float, slope for z <= 0, fixed (`prelu` trains it)

    Returns
    -------
    ndarray, shape and dtype of Z

    Examples
    --------
    >>> leaky_relu([-2.0, 3.0], negative_slope=0.1).tolist()
    [-0.2, 3.0]
    """
    Z = as_float("Z", Z)
    return np.where(Z > 0, Z, negative_slope * Z)


leaky_relu_derivative, leaky_relu_forward, leaky_relu_backward = differentiable(
    leaky_relu, lambda Z, A, negative_slope: np.where(Z > 0, 1.0, negative_slope).astype(Z.dtype),
    "1 if z > 0 else negative_slope")


def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Exponential linear unit: f(z) = z if z > 0 else alpha (e^z - 1); smooth at 0 for alpha = 1.

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)
    alpha : float, with -alpha the limit for z -> -inf

    Returns
    -------
    ndarray, shape and dtype of Z

    Source: Clevert et al., "Fast and accurate deep network learning by exponential linear units", 2016.

    Examples
    --------
    >>> elu([-1.0, 2.0]).round(4).tolist()
    [-0.6321, 2.0]
    """
    Z = as_float("Z", Z)
    return np.where(Z > 0, Z, alpha * np.expm1(np.minimum(Z, 0.0)))


elu_derivative, elu_forward, elu_backward = differentiable(
    elu, lambda Z, A, alpha: np.where(Z > 0, 1.0, alpha * np.exp(np.minimum(Z, 0.0))).astype(Z.dtype),
    "1 if z > 0 else alpha e^z")


def selu(Z: np.ndarray) -> np.ndarray:
    """Scaled ELU: f(z) = scale * (z if z > 0 else alpha (e^z - 1)), with `SELU_ALPHA` and `SELU_SCALE`.

    The two constants make mean 0 and variance 1 stable from layer to layer (with `lecun_normal` weights).

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)

    Returns
    -------
    ndarray, shape and dtype of Z

    Source: Klambauer et al., "Self-normalizing neural networks", 2017.

    Examples
    --------
    >>> selu([-1.0, 2.0]).round(4).tolist()
    [-1.1113, 2.1014]
    """
    return SELU_SCALE * elu(Z, SELU_ALPHA)


selu_derivative, selu_forward, selu_backward = differentiable(
    selu, lambda Z, A: SELU_SCALE * elu_derivative(Z, SELU_ALPHA), "scale * (1 if z > 0 else alpha e^z)")


def swish(Z: np.ndarray, beta: float = 1.0) -> np.ndarray:
    """Swish: f(z) = z sigmoid(beta z); smooth, and slightly negative left of 0. With beta = 1: SiLU.

    Parameters
    ----------
    Z : array_like, any shape (pre-activations)
    beta : float, sharpness: 0 gives z / 2, large values approach ReLU

    Returns
    -------
    ndarray, shape and dtype of Z

    Source: Ramachandran et al., "Searching for activation functions", 2017.

    Examples
    --------
    >>> swish([-1.0, 0.0, 1.0]).round(4).tolist()
    [-0.2689, 0.0, 0.7311]
    """
    Z = as_float("Z", Z)
    return Z * sigmoid(beta * Z)


def _swish_slope(Z: np.ndarray, A: np.ndarray, beta: float) -> np.ndarray:
    S = sigmoid(beta * Z)
    return S + beta * A * (1.0 - S)


swish_derivative, swish_forward, swish_backward = differentiable(
    swish, _swish_slope, "s + beta f(z) (1 - s) with s = sigmoid(beta z)")


def prelu(Z: np.ndarray, slope: float | np.ndarray) -> np.ndarray:
    """Parametric ReLU: f(z) = z if z > 0 else slope * z, where the slope is learnt with the weights.

    Parameters
    ----------
    Z : array_like, shape (N, D) or any
        Pre-activations.
    slope : float or array_like, shape () or (D,)
        One slope for all units, or one per unit (the last axis of Z).

    Returns
    -------
    ndarray, shape and dtype of Z

    Source: He et al., "Delving deep into rectifiers", 2015.

    Examples
    --------
    >>> prelu([-62.0, -60.0, 5.0], 0.1).round(4).tolist()
    [-6.2, -6.0, 5.0]
    """
    return prelu_forward(Z, slope)[0]


def prelu_forward(Z: np.ndarray, slope: float | np.ndarray) -> tuple[np.ndarray, tuple]:
    """Apply `prelu`; return (A, cache)."""
    Z = as_float("Z", Z)
    slope = as_float("slope", slope, Z.dtype)
    if slope.ndim:
        expect_shape("slope", slope, Z.shape[-1:], to_match=("Z", Z))
    return np.where(Z > 0, Z, slope * Z), (Z, slope)


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of `prelu`: dZ = dA * (1 if z > 0 else slope), dslope = sum of dA * z over z <= 0.

    Parameters
    ----------
    dA : array_like, shape of Z (upstream gradient)
    cache : tuple, from `prelu_forward`

    Returns
    -------
    dZ : ndarray, shape of Z
    dslope : ndarray, shape of the slope

    Examples
    --------
    >>> A, cache = prelu_forward([-2.0, -3.0, 4.0], 0.1)
    >>> dZ, dslope = prelu_backward([1.0, 10.0, 100.0], cache)
    >>> dZ.tolist(), float(dslope)
    ([0.1, 1.0, 100.0], -32.0)
    """
    Z, slope = cache
    dA = as_float("dA", dA)
    expect_shape("dA", dA, Z.shape, to_match=("Z", Z))
    dslope = dA * np.minimum(Z, 0.0)
    summed_axes = tuple(range(Z.ndim - slope.ndim))  # all of them, or all but the last
    return np.where(Z > 0, dA, slope * dA), dslope.sum(axis=summed_axes)


def dead_fraction(A: np.ndarray) -> float:
    """Fraction of the units that are <= 0 for every example: dead ReLUs, which receive no gradient.

    Parameters
    ----------
    A : array_like, shape (N, D)
        Activations (or pre-activations) of a layer: one row per example, one column per unit.

    Returns
    -------
    float, between 0 and 1

    Raises
    ------
    ValueError : if A is not a matrix with at least one row and one column.

    Examples
    --------
    >>> dead_fraction([[0.0, 1.0], [0.0, 0.0]])
    0.5
    """
    A = as_float("A", A)
    expect_shape("A", A, (None, None))
    if A.size == 0:
        raise ValueError(f"A has shape {A.shape}, expected at least one row and one column")
    return float(np.all(A <= 0, axis=0).mean())
