"""Softmax and its relatives: from scores to a distribution over the last axis."""

from __future__ import annotations

import numpy as np

from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["log_softmax", "log_sum_exp", "softmax", "softmax_backward", "softmax_forward", "sum_normalise"]


def _as_rows(Z: object) -> np.ndarray:
    Z = as_float("Z", Z)
    if Z.ndim == 0 or Z.shape[-1] == 0:
        raise ValueError(f"Z has shape {Z.shape}, expected at least one class on the last axis")
    return Z


def softmax(Z: np.ndarray) -> np.ndarray:
    """Softmax of each row: p_i = e^{z_i} / sum_j e^{z_j}, over the last axis.

    The largest score of the row is subtracted first: that leaves p unchanged and no exponential can overflow.

    Parameters
    ----------
    Z : array_like, shape (..., K)
        Scores (logits), one row per example.

    Returns
    -------
    ndarray, shape and dtype of Z
        Each row is positive and sums to 1.

    Raises
    ------
    ValueError : if there is no last axis, or it is empty.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> softmax([1.0, 3.0, 4.0, 7.0]).round(3).tolist()
    [0.002, 0.017, 0.047, 0.934]
    >>> softmax([[1000.0, 1000.0], [-1000.0, 1000.0]]).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    Z = _as_rows(Z)
    P = np.exp(Z - Z.max(axis=-1, keepdims=True))
    P /= P.sum(axis=-1, keepdims=True)
    return P


def log_softmax(Z: np.ndarray) -> np.ndarray:
    """Logarithm of the softmax: log p_i = z_i - log sum_j e^{z_j}; finite where p itself underflows to 0.

    Parameters
    ----------
    Z : array_like, shape (..., K)
        Scores (logits), one row per example.

    Returns
    -------
    ndarray, shape and dtype of Z

    Raises
    ------
    ValueError : if there is no last axis, or it is empty.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> log_softmax([0.0, 1000.0]).tolist()
    [-1000.0, 0.0]
    """
    Z = _as_rows(Z)
    shifted = Z - Z.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def log_sum_exp(Z: np.ndarray, axis: int = -1, keepdims: bool = False) -> np.ndarray:
    """Logarithm of a sum of exponentials: log sum_j e^{z_j} = m + log sum_j e^{z_j - m}, with m the largest z_j.

    No exponential can overflow, and at least one of them is 1, so the logarithm never meets 0. It lies between the
    maximum and the maximum + log K: a smooth maximum, whose gradient is the softmax. An entry of -inf stands for the
    logarithm of 0; where all entries are -inf, so is the result.

    Parameters
    ----------
    Z : array_like, shape (..., K)
        Scores, or logarithms of numbers to be added.
    axis : int
        Where to add up; the last axis if not given.
    keepdims : bool
        Keep that axis, with length 1.

    Returns
    -------
    ndarray, shape of Z without the axis, dtype of Z

    Raises
    ------
    ValueError : if there is no such axis, or it is empty.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> round(float(log_sum_exp([0.0, 0.0])), 6), float(log_sum_exp([1000.0, 0.0]))
    (0.693147, 1000.0)
    """
    Z = as_float("Z", Z)
    if not -Z.ndim <= axis < Z.ndim or Z.shape[axis] == 0:
        raise ValueError(f"Z has shape {Z.shape}, expected at least one number on axis {axis}")
    top = Z.max(axis=axis, keepdims=True)
    finite = np.where(np.isfinite(top), top, 0.0)  # inf - inf would be NaN
    with np.errstate(divide="ignore", over="ignore"):  # log 0 = -inf is right where all entries are -inf
        result = finite + np.log(np.exp(Z - finite).sum(axis=axis, keepdims=True))
    result = result.astype(Z.dtype, copy=False)
    return result if keepdims else result.squeeze(axis)


def softmax_forward(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Apply `softmax`; return (P, cache), where the cache is P itself."""
    P = softmax(Z)
    return P, P


def softmax_backward(dP: np.ndarray, cache: np.ndarray) -> np.ndarray:
    """Gradient through softmax: dz_i = p_i (dp_i - sum_j p_j dp_j).

    This is the Jacobian diag(p) - p p^T times the upstream gradient, without ever forming the matrix.

    Parameters
    ----------
    dP : array_like, shape (..., K)
        Upstream gradient.
    cache : ndarray, shape (..., K)
        From `softmax_forward`.

    Returns
    -------
    ndarray, shape (..., K)
        Each row sums to 0: adding a constant to all scores changes nothing.

    Raises
    ------
    ValueError : if dP has not the shape of Z.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> P, cache = softmax_forward([0.0, 0.0])
    >>> softmax_backward([1.0, 0.0], cache).tolist()
    [0.25, -0.25]
    """
    P = cache
    dP = as_float("dP", dP)
    expect_shape("dP", dP, P.shape, to_match=("Z", P))
    return P * (dP - (P * dP).sum(axis=-1, keepdims=True))


def sum_normalise(Z: np.ndarray) -> np.ndarray:
    """Divide each row by its plain sum: z_i / sum_j z_j, the naive rival of softmax.

    It fails for negative scores and for a row that sums to 0, and it does not amplify differences.

    Parameters
    ----------
    Z : array_like, shape (..., K)
        Scores, one row per example.

    Returns
    -------
    ndarray, shape and dtype of Z

    Raises
    ------
    ValueError : if there is no last axis, it is empty, or a row sums to 0.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> sum_normalise([2.1, 3.2, 1.5]).round(2).tolist()
    [0.31, 0.47, 0.22]
    """
    Z = _as_rows(Z)
    total = Z.sum(axis=-1, keepdims=True)
    if np.any(total == 0):
        raise ValueError("Z has a row that sums to 0, expected a non-zero sum")
    return Z / total
