"""Starting values of weights: f((fan_in, fan_out), rng) -> W.

Fan-in is the number of inputs of a unit, fan-out the number of units that each input feeds. The variance of
the weights is chosen so that signals neither fade nor explode from layer to layer. A shape with more than two
axes is read as that of a convolution, (out_channels, in_channels, *kernel). The constant fillers take an
`rng` too, and ignore it: so any of these functions can be a ``weight_init``.

A *gain* multiplies the standard deviation; `calculate_gain` knows the one that an activation asks for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dlkit.numpy.validation import expect_choice, expect_rng

__all__ = ["calculate_gain", "constant", "fans", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform", "normal",
           "orthogonal", "uniform", "xavier_normal", "xavier_uniform", "zeros"]

_GAINS = {"linear": 1.0, "identity": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3.0, "relu": math.sqrt(2.0), "selu": 0.75}


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Fan-in and fan-out of a weight array.

    Parameters
    ----------
    shape : sequence of int
        (fan_in, fan_out), or (out_channels, in_channels, *kernel).

    Returns
    -------
    (fan_in, fan_out) : tuple of int

    Raises
    ------
    ValueError : if there are fewer than two axes, or one is empty.

    Examples
    --------
    >>> fans((784, 10))
    (784, 10)
    >>> fans((16, 3, 5, 5))
    (75, 400)
    """
    if len(shape) < 2 or min(shape) < 1:
        raise ValueError(f"shape is {tuple(shape)}, expected (fan_in, fan_out), both at least 1")
    if len(shape) == 2:
        return shape[0], shape[1]
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def zeros(shape: Sequence[int], rng: np.random.Generator | None = None) -> np.ndarray:
    """Zeros: right for biases; as weights they leave all units of a layer equal for ever.

    Examples
    --------
    >>> zeros((1, 2)).tolist()
    [[0.0, 0.0]]
    """
    return np.zeros(shape)


def constant(shape: Sequence[int], rng: np.random.Generator | None = None, *,
             value: float = 1.0) -> np.ndarray:
    """The same `value` everywhere.

    Examples
    --------
    >>> constant((1, 2), value=0.5).tolist()
    [[0.5, 0.5]]
    """
    return np.full(shape, float(value))


def uniform(shape: Sequence[int], rng: np.random.Generator, *, low: float = -0.5,
            high: float = 0.5) -> np.ndarray:
    """Uniform between `low` and `high`, whatever the fans: the start of the delta-rule examples.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> W = uniform((20, 30), np.random.default_rng(0))
    >>> W.shape, bool(W.min() >= -0.5), bool(W.max() < 0.5)
    ((20, 30), True, True)
    """
    expect_rng(rng)
    return rng.uniform(low, high, size=shape)


def normal(shape: Sequence[int], rng: np.random.Generator, *, mean: float = 0.0,
           std: float = 0.01) -> np.ndarray:
    """Normal with the given mean and standard deviation, whatever the fans.

    Examples
    --------
    >>> normal((2, 3), np.random.default_rng(0), mean=5.0, std=0.0).tolist()
    [[5.0, 5.0, 5.0], [5.0, 5.0, 5.0]]
    """
    expect_rng(rng)
    return rng.normal(mean, std, size=shape)


def _symmetric_uniform(shape: Sequence[int], rng: np.random.Generator, variance: float) -> np.ndarray:
    limit = math.sqrt(3.0 * variance)  # U(-l, l) has variance l^2 / 3
    return uniform(shape, rng, low=-limit, high=limit)


def calculate_gain(nonlinearity: str, negative_slope: float = 0.01) -> float:
    """Factor by which PyTorch multiplies the standard deviation for an activation.

    1 for linear and sigmoid units, 5/3 for tanh, sqrt(2) for ReLU, sqrt(2 / (1 + slope^2)) for leaky ReLU, 3/4 for
    SELU. Those of ReLU keep the mean square exactly; the others are habits
    (:func:`dlkit.numpy.signal_propagation.preserving_gain` computes what would keep it).

    Parameters
    ----------
    nonlinearity : str
        "linear", "identity", "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
    negative_slope : float
        Of the leaky ReLU.

    Returns
    -------
    float

    Raises
    ------
    ValueError : if the activation is not one of these.

    Source: the documentation of ``torch.nn.init``.

    Examples
    --------
    >>> calculate_gain("relu") ** 2, calculate_gain("leaky_relu", 1.0)
    (2.0000000000000004, 1.0)
    """
    expect_choice("nonlinearity", nonlinearity, (*_GAINS, "leaky_relu"))
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1.0 + negative_slope**2))
    return _GAINS[nonlinearity]


def xavier_uniform(shape: Sequence[int], rng: np.random.Generator, *, gain: float = 1.0) -> np.ndarray:
    """Xavier (Glorot) uniform: U(-l, l) with l = gain sqrt(6 / (fan_in + fan_out)); for tanh and sigmoid.

    Parameters
    ----------
    shape : sequence of int
        (fan_in, fan_out).
    rng : numpy.random.Generator
        Source of randomness.
    gain : float
        Factor for the activation, see `calculate_gain`.

    Returns
    -------
    ndarray of float64, the given shape

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward networks", 2010.

    Examples
    --------
    >>> W = xavier_uniform((2, 4), np.random.default_rng(0))
    >>> bool(abs(W).max() <= 1.0)
    True
    """
    return _symmetric_uniform(shape, rng, 2.0 * gain**2 / sum(fans(shape)))


def xavier_normal(shape: Sequence[int], rng: np.random.Generator, *, gain: float = 1.0) -> np.ndarray:
    """Xavier (Glorot) normal: standard deviation gain sqrt(2 / (fan_in + fan_out)); for tanh and sigmoid.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward networks", 2010.

    Examples
    --------
    >>> W = xavier_normal((200, 300), np.random.default_rng(0))
    >>> round(float(W.std()), 3), round((2 / 500) ** 0.5, 3)
    (0.063, 0.063)
    """
    return normal(shape, rng, std=gain * math.sqrt(2.0 / sum(fans(shape))))


def he_uniform(shape: Sequence[int], rng: np.random.Generator, *, negative_slope: float = 0.0) -> np.ndarray:
    """He (Kaiming) uniform: U(-l, l) with l = sqrt(6 / ((1 + slope^2) fan_in)); for ReLU and leaky ReLU.

    Source: He et al., "Delving deep into rectifiers", 2015.

    Examples
    --------
    >>> W = he_uniform((6, 50), np.random.default_rng(0))
    >>> bool(abs(W).max() <= 1.0)
    True
    """
    return _symmetric_uniform(shape, rng, 2.0 / ((1.0 + negative_slope**2) * fans(shape)[0]))


def he_normal(shape: Sequence[int], rng: np.random.Generator, *, negative_slope: float = 0.0) -> np.ndarray:
    """He (Kaiming) normal: standard deviation sqrt(2 / ((1 + slope^2) fan_in)); for ReLU, which drops half of the signal.

    Source: He et al., "Delving deep into rectifiers", 2015.

    Examples
    --------
    >>> W = he_normal((200, 300), np.random.default_rng(0))
    >>> round(float(W.std()), 2)
    0.1
    """
    return normal(shape, rng, std=math.sqrt(2.0 / ((1.0 + negative_slope**2) * fans(shape)[0])))


def lecun_uniform(shape: Sequence[int], rng: np.random.Generator) -> np.ndarray:
    """LeCun uniform: U(-l, l) with l = sqrt(3 / fan_in), so variance 1 / fan_in.

    Not PyTorch's start of ``nn.Linear``, which draws from U(-l, l) with l = sqrt(1 / fan_in): a third of this variance.

    Source: LeCun et al., "Efficient backprop", 1998.

    Examples
    --------
    >>> W = lecun_uniform((3, 50), np.random.default_rng(0))
    >>> bool(abs(W).max() <= 1.0)
    True
    """
    return _symmetric_uniform(shape, rng, 1.0 / fans(shape)[0])


def lecun_normal(shape: Sequence[int], rng: np.random.Generator) -> np.ndarray:
    """LeCun normal: standard deviation sqrt(1 / fan_in); what SELU asks for.

    Source: LeCun et al., "Efficient backprop", 1998.

    Examples
    --------
    >>> W = lecun_normal((400, 300), np.random.default_rng(0))
    >>> round(float(W.std()), 2)
    0.05
    """
    return normal(shape, rng, std=math.sqrt(1.0 / fans(shape)[0]))


def orthogonal(shape: Sequence[int], rng: np.random.Generator, *, gain: float = 1.0) -> np.ndarray:
    """Random orthogonal matrix times `gain`: W^T W = gain^2 I, or W W^T = gain^2 I if there are more columns than rows.

    A layer with such weights turns the signal and stretches nothing, whatever the depth. It is the Q of a normal
    matrix; each column is given the sign of the diagonal of R, so that all orthogonal matrices are equally likely.

    Parameters
    ----------
    shape : sequence of int
        (fan_in, fan_out), or (out_channels, in_channels, *kernel): then the rows are the filters.
    rng : numpy.random.Generator
        Source of randomness.
    gain : float
        Factor for the activation, see `calculate_gain`.

    Returns
    -------
    ndarray of float64, the given shape

    Raises
    ------
    ValueError : if there are fewer than two axes, or one is empty.

    Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.

    Examples
    --------
    >>> W = orthogonal((5, 3), np.random.default_rng(0), gain=2.0)
    >>> bool(np.allclose(W.T @ W, 4 * np.eye(3)))
    True
    """
    fans(shape)
    rows, columns = shape[0], math.prod(shape[1:])
    A = normal((max(rows, columns), min(rows, columns)), rng, std=1.0)
    Q, R = np.linalg.qr(A)
    Q *= np.where(np.diag(R) < 0, -1.0, 1.0)
    return gain * (Q if rows >= columns else Q.T).reshape(shape)
