"""Linear units, the generic neuron and the dense layer: Z = X W + b."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.validation import as_float, expect_shape


class DenseCache(NamedTuple):
    """What the backward pass of a dense layer remembers."""

    X: np.ndarray  # (N, D)
    W: np.ndarray  # (D, M)


class Line(NamedTuple):
    """Where a line meets the axes, and how steep it is."""

    x_intercept: float
    y_intercept: float
    slope: float


def linear_unit(X: np.ndarray, w: np.ndarray | float, b: float = 0.0) -> np.ndarray:
    """Linear unit: y = sum_i w_i x_i + b for each example; a line, a plane, a hyperplane.

    Parameters
    ----------
    X : array_like, shape (N, D)
        One example per row. A single example (D,) gives a single number.
    w : array_like, shape (D,), or float
        Weights. A number is the unit with one input: then X may have any shape, and y = w x + b elementwise.
    b : float
        Bias (intercept): the output where all inputs are 0.

    Returns
    -------
    ndarray, shape (N,)

    Raises
    ------
    ValueError : if the number of weights is not the number of features.

    Source: Lecture notes, unit 1.

    Examples
    --------
    Calories of a cereal with 5 g of sugar:

    >>> float(linear_unit(5.0, 2.5, 90.0))
    102.5
    >>> linear_unit([[1.0, 2.0], [3.0, 4.0]], [10.0, 1.0], 0.5).tolist()
    [12.5, 34.5]
    """
    X, w = as_float("X", X), as_float("w", w)
    if w.ndim == 0:
        return X * w + b
    if X.ndim == 0:
        raise ValueError(f"X is a single number, expected (N, {w.size}) to match w {w.shape}")
    expect_shape("w", w, X.shape[-1:], to_match=("X", X))
    return X @ w + b


def neuron(X: np.ndarray, w: np.ndarray | float, b: float = 0.0,
           activation: Callable[[np.ndarray], np.ndarray] = sigmoid) -> np.ndarray:
    """Artificial neuron: a = f(z) with z = sum_i w_i x_i + b.

    Parameters
    ----------
    X : array_like, shape (N, D)
        One example per row.
    w : array_like, shape (D,)
        Weights.
    b : float
        Bias.
    activation : callable
        The function f, applied to the pre-activations (N,).

    Returns
    -------
    ndarray, shape (N,)

    Raises
    ------
    ValueError : if the number of weights is not the number of features.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> neuron([[1.0, 1.0], [2.0, 0.0]], [3.0, -2.0], -1.0).round(4).tolist()
    [0.5, 0.9933]
    """
    return activation(linear_unit(X, w, b))


def augment_ones(X: np.ndarray) -> np.ndarray:
    """Append a column of ones, so that the bias becomes the last weight: [X, 1] [w; b] = X w + b.

    Parameters
    ----------
    X : array_like, shape (N, D) or (D,)
        Examples, or a single one.

    Returns
    -------
    ndarray, shape (N, D + 1) or (D + 1,), dtype of X

    Raises
    ------
    ValueError : if X is a single number.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> augment_ones([[4.0, 5.0], [6.0, 7.0]]).tolist()
    [[4.0, 5.0, 1.0], [6.0, 7.0, 1.0]]
    """
    X = as_float("X", X)
    if X.ndim == 0:
        raise ValueError("X is a single number, expected (N, D) or (D,)")
    return np.concatenate([X, np.ones(X.shape[:-1] + (1,), dtype=X.dtype)], axis=-1)


def dense_forward(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, DenseCache]:
    """Dense (fully connected) layer: Z = X W + b, every output sees every input.

    Parameters
    ----------
    X : array_like, shape (N, D)
        One example per row.
    W : array_like, shape (D, M)
        Weights; column m belongs to unit m.
    b : array_like, shape (M,)
        Biases.

    Returns
    -------
    Z : ndarray, shape (N, M)
    cache : DenseCache

    Raises
    ------
    ValueError : if the shapes do not fit together.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> Z, cache = dense_forward([[1.0, 2.0]], [[1.0, 0.0, -1.0], [0.5, 2.0, 1.0]], [0.0, 1.0, 10.0])
    >>> Z.tolist()
    [[2.0, 5.0, 11.0]]
    """
    X, W, b = as_float("X", X), as_float("W", W), as_float("b", b)
    expect_shape("X", X, (None, None))
    expect_shape("W", W, (X.shape[1], None), to_match=("X", X))
    expect_shape("b", b, W.shape[1:], to_match=("W", W))
    Z = X @ W  # (N, D) @ (D, M) -> (N, M)
    Z += b
    return Z, DenseCache(X, W)


def dense_backward(dZ: np.ndarray, cache: DenseCache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a dense layer: dX = dZ W^T, dW = X^T dZ, db = sum over the examples of dZ.

    Parameters
    ----------
    dZ : array_like, shape (N, M)
        Upstream gradient.
    cache : DenseCache
        From `dense_forward`.

    Returns
    -------
    dX : ndarray, shape (N, D)
    dW : ndarray, shape (D, M)
    db : ndarray, shape (M,)

    Raises
    ------
    ValueError : if dZ has not the shape of Z.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> Z, cache = dense_forward([[1.0, 2.0]], [[1.0], [0.5]], [0.0])
    >>> dX, dW, db = dense_backward([[3.0]], cache)
    >>> dX.tolist(), dW.tolist(), db.tolist()
    ([[3.0, 1.5]], [[3.0], [6.0]], [3.0])
    """
    dW, db = dense_parameter_gradients(dZ, cache)
    return as_float("dZ", dZ) @ cache.W.T, dW, db  # dX: (N, M) @ (M, D) -> (N, D)


def dense_parameter_gradients(dZ: np.ndarray, cache: DenseCache) -> tuple[np.ndarray, np.ndarray]:
    """The dW and db of `dense_backward` alone: a first layer needs no gradient of its input."""
    X, W = cache
    dZ = as_float("dZ", dZ)
    expect_shape("dZ", dZ, (X.shape[0], W.shape[1]), to_match=("Z = X W with W", W))
    return X.T @ dZ, dZ.sum(axis=0)  # dW: (D, N) @ (N, M) -> (D, M)


def line_intercepts(A: float, B: float, C: float) -> Line:
    """Intercepts and slope of the line A x + B y + C = 0: -C/A, -C/B and -A/B.

    Parameters
    ----------
    A, B, C : float
        Coefficients of the line, for instance the weights and the bias of a perceptron with two inputs.

    Returns
    -------
    Line
        (x_intercept, y_intercept, slope). A missing intercept is nan; the slope of a vertical line is inf.

    Raises
    ------
    ValueError : if A and B are both 0: that is no line.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> line_intercepts(2.0, 4.0, -8.0)
    Line(x_intercept=4.0, y_intercept=2.0, slope=-0.5)
    >>> line_intercepts(0.0, 4.0, -8.0)
    Line(x_intercept=nan, y_intercept=2.0, slope=0.0)
    """
    if A == 0 and B == 0:
        raise ValueError("A and B are both 0, expected at least one non-zero coefficient")
    x_intercept = 0.0 - C / A if A != 0 else math.nan  # 0.0 - ... rather than -...: no minus zero
    y_intercept = 0.0 - C / B if B != 0 else math.nan
    return Line(x_intercept, y_intercept, 0.0 - A / B if B != 0 else math.inf)
