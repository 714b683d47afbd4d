"""Losses for regression. Each returns (value, gradient with respect to the prediction).

What one element costs is its *loss*, the mean over the data set is the *cost*: ``reduction`` says which one
you get, as in PyTorch. "mean" averages over all elements, "sum" adds them up (both give a float), "none"
keeps one value per element. The gradient belongs to the value returned, with "none" to each element on its
own.

Source, where no paper is named: Lecture notes, unit 1.
"""

from __future__ import annotations

import numpy as np

from dlkit.numpy.validation import as_float, expect_choice, expect_shape

__all__ = ["half_squared_error", "huber", "mae", "mse", "reduce_loss", "sum_squared_residuals"]


def reduce_loss(values: np.ndarray, gradient: np.ndarray,
                reduction: str) -> tuple[float | np.ndarray, np.ndarray]:
    """Reduce the losses of single examples or elements, and scale their gradient to match.

    Parameters
    ----------
    values : ndarray, any shape
        One loss per example or element.
    gradient : ndarray
        Gradient of the *sum* of the values.
    reduction : {"mean", "sum", "none"}
        How to reduce.

    Returns
    -------
    value : float, or `values` for "none"
    gradient : ndarray

    Raises
    ------
    ValueError : if the reduction is unknown, or there is nothing to average.

    Examples
    --------
    >>> value, gradient = reduce_loss(np.array([1.0, 3.0]), np.array([2.0, 4.0]), "mean")
    >>> value, gradient.tolist()
    (2.0, [1.0, 2.0])
    """
    if reduction == "mean":
        if values.size == 0:
            raise ValueError("the loss has no element to average, expected at least one")
        return float(values.sum()) / values.size, gradient / values.size
    expect_choice("reduction", reduction, ("mean", "sum", "none"))
    return (float(values.sum()) if reduction == "sum" else values), gradient


def _residual(prediction: object, target: object) -> np.ndarray:
    """Prediction minus target, in the dtype of the prediction; shapes must be equal, nothing is broadcast."""
    prediction = as_float("prediction", prediction)
    target = as_float("target", target, prediction.dtype)
    expect_shape("target", target, prediction.shape, to_match=("prediction", prediction))
    return prediction - target


def mse(prediction: np.ndarray, target: np.ndarray, *,
        reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Mean squared error (L2 loss): (1/n) sum (o - t)^2, with gradient 2 (o - t) / n. Outliers weigh heavily.

    Parameters
    ----------
    prediction : array_like, any shape
        Outputs o.
    target : array_like, shape of the prediction
        True values t.
    reduction : {"mean", "sum", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the prediction

    Raises
    ------
    ValueError : if the shapes differ or the reduction is unknown.

    Examples
    --------
    >>> value, gradient = mse([1.0, 5.0], [2.0, 2.0])
    >>> value, gradient.tolist()
    (5.0, [-1.0, 3.0])
    """
    residual = _residual(prediction, target)
    return reduce_loss(residual * residual, 2.0 * residual, reduction)


def sum_squared_residuals(prediction: np.ndarray, target: np.ndarray, *,
                          reduction: str = "sum") -> tuple[float | np.ndarray, np.ndarray]:
    """Sum of squared residuals (SSR, RSS, SSE): sum (o - t)^2, gradient 2 (o - t); `mse` without the mean.

    Parameters
    ----------
    prediction : array_like, any shape
        Outputs o.
    target : array_like, shape of the prediction
        True values t.
    reduction : {"sum", "mean", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the prediction

    Raises
    ------
    ValueError : if the shapes differ or the reduction is unknown.

    Examples
    --------
    >>> value, gradient = sum_squared_residuals([1.0, 5.0], [2.0, 2.0])
    >>> value, gradient.tolist()
    (10.0, [-2.0, 6.0])
    """
    return mse(prediction, target, reduction=reduction)


def half_squared_error(prediction: np.ndarray, target: np.ndarray, *,
                       reduction: str = "sum") -> tuple[float | np.ndarray, np.ndarray]:
    """Half squared error: 0.5 sum (t - o)^2, whose gradient is the plain difference o - t of the delta rule.

    Parameters
    ----------
    prediction : array_like, any shape
        Outputs o.
    target : array_like, shape of the prediction
        True values t.
    reduction : {"sum", "mean", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the prediction

    Raises
    ------
    ValueError : if the shapes differ or the reduction is unknown.

    Examples
    --------
    >>> value, gradient = half_squared_error([1.0, 5.0], [2.0, 2.0])
    >>> value, gradient.tolist()
    (5.0, [-1.0, 3.0])
    """
    residual = _residual(prediction, target)
    return reduce_loss(0.5 * residual * residual, residual, reduction)


def mae(prediction: np.ndarray, target: np.ndarray, *,
        reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Mean absolute error (L1 loss): (1/n) sum |o - t|, with gradient sign(o - t) / n (0 at o = t).

    An outlier pulls no harder than any other example: the loss is robust.

    Parameters
    ----------
    prediction : array_like, any shape
        Outputs o.
    target : array_like, shape of the prediction
        True values t.
    reduction : {"mean", "sum", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the prediction

    Raises
    ------
    ValueError : if the shapes differ or the reduction is unknown.

    Examples
    --------
    >>> value, gradient = mae([1.0, 5.0], [2.0, 2.0])
    >>> value, gradient.tolist()
    (2.0, [-0.5, 0.5])
    """
    residual = _residual(prediction, target)
    return reduce_loss(np.abs(residual), np.sign(residual), reduction)


def huber(prediction: np.ndarray, target: np.ndarray, *, delta: float = 1.0,
          reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Huber loss: with e = o - t, 0.5 e^2 where |e| <= delta, else delta |e| - 0.5 delta^2.

    Squared near the target, absolute far from it; the gradient is e cut off at +-delta.

    Parameters
    ----------
    prediction : array_like, any shape
        Outputs o.
    target : array_like, shape of the prediction
        True values t.
    delta : float
        Where the parabola turns into a line, positive; in units of the target.
    reduction : {"mean", "sum", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the prediction

    Raises
    ------
    ValueError : if delta is not positive, the shapes differ or the reduction is unknown.

    Source: Huber, "Robust estimation of a location parameter", 1964.

    Examples
    --------
    >>> value, gradient = huber([0.5, 3.0], [0.0, 0.0], reduction="sum")
    >>> value, gradient.tolist()
    (2.625, [0.5, 1.0])
    """
    if not delta > 0:
        raise ValueError(f"delta is {delta}, expected a positive number")
    delta, residual = float(delta), _residual(prediction, target)
    clipped = np.clip(residual, -delta, delta)
    # One formula for both branches: c (e - c/2) is e^2 / 2 where c = e, and delta |e| - delta^2 / 2 beyond.
    return reduce_loss(clipped * (residual - 0.5 * clipped), clipped, reduction)
