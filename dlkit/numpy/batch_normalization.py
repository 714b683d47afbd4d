"""Batch normalisation, forward and backward: in training with the statistics of the batch, in inference with running ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlkit.numpy.validation import as_float, expect_shape

__all__ = [
    "BatchNormCache",
    "InferenceCache",
    "batch_norm_backward",
    "batch_norm_forward",
    "batch_norm_inference_backward",
    "batch_norm_inference_forward",
    "running_statistics",
]

Gradients = tuple[np.ndarray, np.ndarray, np.ndarray]


class BatchNormCache(NamedTuple):
    """What the backward pass of batch norm needs; `mean` and `var` are those of the batch (var divides by n)."""

    X: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    inverse_std: np.ndarray
    gamma: np.ndarray


class InferenceCache(NamedTuple):
    """What the backward pass of batch norm with fixed statistics needs."""

    X: np.ndarray
    mean: np.ndarray
    inverse_std: np.ndarray
    gamma: np.ndarray


def batch_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray,
                       eps: float = 1e-5) -> tuple[np.ndarray, BatchNormCache]:
    """Batch norm while training: Y = gamma (X - mean) / sqrt(var + eps) + beta, with the statistics of this batch.

    Parameters
    ----------
    X : array_like, shape (N, C) or (N, C, ...)
        A batch; images and sequences have further axes. At least two values for each channel.
    gamma, beta : array_like, shape (C,)
        Scale and shift of each channel.
    eps : float
        Added to the variance, inside the root, so that a constant channel divides by no zero.

    Returns
    -------
    Y : ndarray, shape and dtype of X
    cache : BatchNormCache
        Its `var` is the biased variance, which divides by n: the one to normalise with.

    Raises
    ------
    ValueError : if the shapes do not fit, or each channel has one value only (its variance says nothing).

    Source: Lecture notes, unit 2; Ioffe and Szegedy, 2015.

    Examples
    --------
    >>> Y, cache = batch_norm_forward([[1.0], [5.0]], gamma=[3.0], beta=[10.0], eps=0.0)
    >>> Y.tolist(), cache.mean.tolist(), cache.var.tolist()
    ([[7.0], [13.0]], [3.0], [4.0])
    """
    X, gamma, beta = checked_affine(X, gamma, beta, eps)
    view = by_channel(X)
    n = _values_per_channel(X)
    mean = sum_by_channel(view) / n
    Y = view - column(mean, view)
    var = dot_by_channel(Y, Y) / n
    inverse_std = 1.0 / np.sqrt(var + eps)
    Y *= column(gamma * inverse_std, view)  # in place: what costs here is moving numbers through memory
    Y += column(beta, view)
    return Y.reshape(X.shape), BatchNormCache(X, mean, var, inverse_std, gamma)


def batch_norm_backward(dY: np.ndarray, cache: BatchNormCache) -> Gradients:
    """Gradients of batch norm in training: dX = gamma / std (dY - mean(dY) - xhat mean(dY xhat)).

    Every example of the batch takes part in mean and variance, so each one's gradient depends on all of dY.

    Parameters
    ----------
    dY : array_like, shape of X
        Upstream gradient.
    cache : BatchNormCache
        From `batch_norm_forward`.

    Returns
    -------
    dX : ndarray, shape of X
    dgamma, dbeta : ndarray, shape (C,)
        Sums over the batch of dY xhat and of dY.

    Raises
    ------
    ValueError : if dY has not the shape of X.

    Source: Lecture notes, unit 2; Ioffe and Szegedy, 2015.

    Examples
    --------
    Two examples always end at plus and minus one, whatever they were: only eps lets a gradient through.

    >>> Y, cache = batch_norm_forward([[1.0], [5.0]], gamma=[3.0], beta=[10.0], eps=0.0)
    >>> dX, dgamma, dbeta = batch_norm_backward([[1.0], [2.0]], cache)
    >>> dX.tolist(), dgamma.tolist(), dbeta.tolist()
    ([[0.0], [0.0]], [1.0], [3.0])
    """
    X, mean, _, inverse_std, gamma = cache
    dY = as_float("dY", dY, X.dtype)
    expect_shape("dY", dY, X.shape, to_match=("X", X))
    upstream, n = by_channel(dY), _values_per_channel(X)
    dbeta = sum_by_channel(upstream)
    dX = by_channel(X) - column(mean, upstream)
    dgamma = dot_by_channel(upstream, dX) * inverse_std
    dX *= column(-inverse_std * dgamma / n, upstream)  # -xhat mean(dY xhat)
    dX += upstream
    dX -= column(dbeta / n, upstream)
    dX *= column(gamma * inverse_std, upstream)
    return dX.reshape(X.shape), dgamma, dbeta


def running_statistics(X: np.ndarray, running_mean: np.ndarray, running_var: np.ndarray,
                       momentum: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """The running mean and variance after one more batch: new = (1 - momentum) old + momentum batch.

    The batch variance that enters divides by n - 1: it estimates the variance of all data, not that of this batch.
    `momentum` is PyTorch's, the weight of the new; elsewhere the same word is the weight of the old.

    Parameters
    ----------
    X : array_like, shape (N, C) or (N, C, ...)
        A batch, at least two values for each channel.
    running_mean, running_var : array_like, shape (C,)
        From the batches before; 0 and 1 before the first.
    momentum : float
        Weight of this batch, from 0 to 1.

    Returns
    -------
    running_mean, running_var : ndarray, shape (C,), dtype of X
        New arrays.

    Raises
    ------
    ValueError : if the shapes do not fit, a channel has one value only, or momentum is not in [0, 1].

    Source: Lecture notes, unit 2; Ioffe and Szegedy, 2015.

    Examples
    --------
    >>> mean, var = running_statistics([[1.0], [5.0]], [0.0], [1.0], momentum=0.5)
    >>> mean.tolist(), var.tolist()  # the batch has mean 3 and unbiased variance 8
    ([1.5], [4.5])
    """
    X = as_float("X", X)
    view, n = by_channel(X), _values_per_channel(X)
    mean = sum_by_channel(view) / n
    centred = view - column(mean, view)
    return blend(mean, dot_by_channel(centred, centred) / n, n, running_mean, running_var, momentum)


def batch_norm_inference_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, running_mean: np.ndarray,
                                 running_var: np.ndarray, eps: float = 1e-5) -> tuple[np.ndarray, InferenceCache]:
    """Batch norm when the training is over: Y = gamma (X - running_mean) / sqrt(running_var + eps) + beta.

    No example sees the others any more: a batch of one is fine, and each channel is a straight line.

    Parameters
    ----------
    X : array_like, shape (N, C) or (N, C, ...)
    gamma, beta : array_like, shape (C,)
    running_mean, running_var : array_like, shape (C,)
        From `running_statistics`.
    eps : float
        As in training.

    Returns
    -------
    Y : ndarray, shape and dtype of X
    cache : InferenceCache

    Raises
    ------
    ValueError : if the shapes do not fit.

    Source: Ioffe and Szegedy, 2015 (the lecture notes give no rule for inference).

    Examples
    --------
    >>> Y, _ = batch_norm_inference_forward([[1.0]], [3.0], [10.0], running_mean=[3.0], running_var=[4.0], eps=0.0)
    >>> Y.tolist()
    [[7.0]]
    """
    X, gamma, beta = checked_affine(X, gamma, beta, eps)
    mean, var = as_float("running_mean", running_mean, X.dtype), as_float("running_var", running_var, X.dtype)
    expect_shape("running_mean", mean, gamma.shape, to_match=("X", X))
    expect_shape("running_var", var, gamma.shape, to_match=("X", X))
    view = by_channel(X)
    inverse_std = 1.0 / np.sqrt(var + eps)
    Y = view - column(mean, view)
    Y *= column(gamma * inverse_std, view)
    Y += column(beta, view)
    return Y.reshape(X.shape), InferenceCache(X, mean, inverse_std, gamma)


def batch_norm_inference_backward(dY: np.ndarray, cache: InferenceCache) -> Gradients:
    """Gradients of batch norm with fixed statistics: dX = gamma / std dY, no example depends on another.

    Parameters
    ----------
    dY : array_like, shape of X
        Upstream gradient.
    cache : InferenceCache
        From `batch_norm_inference_forward`.

    Returns
    -------
    dX : ndarray, shape of X
    dgamma, dbeta : ndarray, shape (C,)

    Raises
    ------
    ValueError : if dY has not the shape of X.

    Examples
    --------
    >>> Y, cache = batch_norm_inference_forward([[1.0]], [3.0], [10.0], [3.0], [4.0], eps=0.0)
    >>> [gradient.tolist() for gradient in batch_norm_inference_backward([[2.0]], cache)]
    [[[3.0]], [-2.0], [2.0]]
    """
    X, mean, inverse_std, gamma = cache
    dY = as_float("dY", dY, X.dtype)
    expect_shape("dY", dY, X.shape, to_match=("X", X))
    upstream = by_channel(dY)
    dgamma = dot_by_channel(upstream, by_channel(X) - column(mean, upstream)) * inverse_std
    dX = upstream * column(gamma * inverse_std, upstream)
    return dX.reshape(X.shape), dgamma, sum_by_channel(upstream)


# -- helpers -------------------------------------------------------------------------------------------------------------


def checked_affine(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray,
                   eps: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X (N, C, ...) with gamma and beta (C,) as arrays of one floating dtype."""
    X = as_float("X", X)
    gamma, beta = as_float("gamma", gamma, X.dtype), as_float("beta", beta, X.dtype)
    if X.ndim < 2:
        raise ValueError(f"X has shape {X.shape}, expected (N, C) or (N, C, ...)")
    expect_shape("gamma", gamma, X.shape[1:2], to_match=("X", X))
    expect_shape("beta", beta, X.shape[1:2], to_match=("X", X))
    expect_eps(eps)
    return X, gamma, beta


def expect_eps(eps: float) -> None:
    """Raise for a negative eps, or NaN."""
    if not eps >= 0:
        raise ValueError(f"eps is {eps}, expected 0 or a small positive number")


def _values_per_channel(X: np.ndarray) -> int:
    n = X.size // X.shape[1] if X.size else 0
    if n < 2:
        raise ValueError(f"X has shape {X.shape}, expected at least two values for each channel: "
                         "one value has no variance (does the last batch of an epoch hold a single row?)")
    return n


def by_channel(X: np.ndarray) -> np.ndarray:
    """(N, C) as it is, (N, C, ...) as (N, C, S)."""
    return X if X.ndim == 2 else X.reshape(X.shape[0], X.shape[1], -1)


def column(channels: np.ndarray, view: np.ndarray) -> np.ndarray:
    """One number per channel (C,), to be combined with (N, C) or (N, C, S)."""
    return channels if view.ndim == 2 else channels[:, None]


def sum_by_channel(view: np.ndarray) -> np.ndarray:
    """Sum over all but the channels. A product with ones is the fastest sum there is."""
    if view.ndim == 2:
        return np.ones(len(view), view.dtype) @ view
    return (view @ np.ones(view.shape[2], view.dtype)).sum(axis=0)


def dot_by_channel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sum of a * b over all but the channels, without the array a * b."""
    return np.einsum("nc,nc->c" if a.ndim == 2 else "ncs,ncs->c", a, b)


def blend(mean: np.ndarray, var: np.ndarray, n: int, running_mean: np.ndarray, running_var: np.ndarray,
          momentum: float) -> tuple[np.ndarray, np.ndarray]:
    """Running statistics from the mean and the biased variance of a batch of n values per channel."""
    if not 0 <= momentum <= 1:
        raise ValueError(f"momentum is {momentum}, expected 0 to 1, the weight of the new batch")
    old_mean, old_var = as_float("running_mean", running_mean, mean.dtype), as_float("running_var", running_var, mean.dtype)
    expect_shape("running_mean", old_mean, mean.shape)
    expect_shape("running_var", old_var, mean.shape)
    momentum = float(momentum)
    unbiased = var * (n / (n - 1))
    return (1 - momentum) * old_mean + momentum * mean, (1 - momentum) * old_var + momentum * unbiased
