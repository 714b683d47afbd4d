"""Normalisation inside a network: batch, layer, instance and group norm, forward and backward.

All four compute the same, ``gamma * (x - mean) / sqrt(var + eps) + beta``. They differ in one thing only: over which
numbers mean and variance are taken.

==========  =====================  ==============================  =======================
norm        input                  one mean and variance for each  gamma and beta for each
==========  =====================  ==============================  =======================
batch       (N, C) or (N, C, ...)  channel                         channel
layer       (N, ..., D)            example (and position)          feature
instance    (N, C, ...)            example and channel             channel
group       (N, C, ...)            example and group of channels   channel
==========  =====================  ==============================  =======================
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlkit.numpy.batch_normalization import (
    BatchNormCache,
    Gradients,
    InferenceCache,
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_inference_backward,
    batch_norm_inference_forward,
    by_channel,
    checked_affine,
    column,
    dot_by_channel,
    expect_eps,
    running_statistics,
    sum_by_channel,
)
from dlkit.numpy.validation import as_float, expect_shape

__all__ = [
    "BatchNormCache",
    "InferenceCache",
    "RowNormCache",
    "batch_norm_backward",
    "batch_norm_forward",
    "batch_norm_inference_backward",
    "batch_norm_inference_forward",
    "group_norm_backward",
    "group_norm_forward",
    "instance_norm_backward",
    "instance_norm_forward",
    "layer_norm_backward",
    "layer_norm_forward",
    "running_statistics",
]


class RowNormCache(NamedTuple):
    """What the backward passes of layer, instance and group norm need: `xhat` has one row per mean."""

    xhat: np.ndarray
    inverse_std: np.ndarray
    gamma: np.ndarray
    shape: tuple[int, ...]


def layer_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray,
                       eps: float = 1e-5) -> tuple[np.ndarray, RowNormCache]:
    """Layer norm: each example is normalised over its own features, the trailing axes that gamma has.

    Nothing depends on the batch, so training and inference are the same, and one example alone is enough.

    Parameters
    ----------
    X : array_like, shape (N, D), (N, T, D), (N, C, H, W), ...
    gamma, beta : array_like, shape of the last axes of X, usually (D,)
        Scale and shift of each feature.
    eps : float
        Added to the variance, inside the root.

    Returns
    -------
    Y : ndarray, shape and dtype of X
    cache : RowNormCache

    Raises
    ------
    ValueError : if the shapes do not fit.

    Source: Lecture notes, unit 2; Ba, Kiros and Hinton, 2016.

    Examples
    --------
    >>> Y, _ = layer_norm_forward([[1.0, 5.0], [70.0, 50.0]], gamma=[1.0, 2.0], beta=[0.0, 0.0], eps=0.0)
    >>> Y.tolist()
    [[-1.0, 2.0], [1.0, -2.0]]
    """
    X = as_float("X", X)
    gamma, beta = as_float("gamma", gamma, X.dtype), as_float("beta", beta, X.dtype)
    expect_eps(eps)
    if not 1 <= gamma.ndim < X.ndim:
        raise ValueError(f"gamma has shape {gamma.shape}, expected the last axes of X {X.shape}, without the first")
    expect_shape("gamma", gamma, X.shape[-gamma.ndim:], to_match=("X", X))
    expect_shape("beta", beta, gamma.shape, to_match=("gamma", gamma))
    xhat, inverse_std = _standardise_rows(X.reshape(-1, gamma.size), eps)
    Y = xhat * gamma.ravel()
    Y += beta.ravel()
    return Y.reshape(X.shape), RowNormCache(xhat, inverse_std, gamma, X.shape)


def layer_norm_backward(dY: np.ndarray, cache: RowNormCache) -> Gradients:
    """Gradients of layer norm: with g = gamma dY, dX = (g - mean(g) - xhat mean(g xhat)) / std, means over features.

    Parameters
    ----------
    dY : array_like, shape of X
        Upstream gradient.
    cache : RowNormCache
        From `layer_norm_forward`.

    Returns
    -------
    dX : ndarray, shape of X
    dgamma, dbeta : ndarray, shape of gamma
        Sums over all examples (and positions).

    Raises
    ------
    ValueError : if dY has not the shape of X.

    Source: Ba, Kiros and Hinton, 2016.

    Examples
    --------
    >>> Y, cache = layer_norm_forward([[1.0, 5.0]], gamma=[1.0, 2.0], beta=[0.0, 0.0], eps=0.0)
    >>> dX, dgamma, dbeta = layer_norm_backward([[10.0, 20.0]], cache)
    >>> dgamma.tolist(), dbeta.tolist()
    ([-10.0, 20.0], [10.0, 20.0])
    """
    xhat, inverse_std, gamma, shape = cache
    upstream = _upstream(dY, cache).reshape(xhat.shape)
    dgamma, dbeta = np.einsum("rs,rs->s", upstream, xhat), upstream.sum(axis=0)
    dX = _standardise_rows_backward(upstream * gamma.ravel(), xhat, inverse_std)
    return dX.reshape(shape), dgamma.reshape(gamma.shape), dbeta.reshape(gamma.shape)


def group_norm_forward(X: np.ndarray, num_groups: int, gamma: np.ndarray, beta: np.ndarray,
                       eps: float = 1e-5) -> tuple[np.ndarray, RowNormCache]:
    """Group norm: in each example, neighbouring channels are normalised together, in `num_groups` groups.

    One group takes all channels together, as layer norm over (C, H, W) does; as many groups as channels are
    instance norm. No statistics depend on the batch: it may be small.

    Parameters
    ----------
    X : array_like, shape (N, C) or (N, C, ...)
    num_groups : int
        G, a divisor of C; each group has C / G channels.
    gamma, beta : array_like, shape (C,)
        Scale and shift of each channel.
    eps : float
        Added to the variance, inside the root.

    Returns
    -------
    Y : ndarray, shape and dtype of X
    cache : RowNormCache

    Raises
    ------
    ValueError : if the shapes do not fit or the groups do not divide the channels.

    Source: Lecture notes, unit 2; Wu and He, 2018.

    Examples
    --------
    >>> Y, _ = group_norm_forward([[1.0, 5.0, 70.0, 50.0]], 2, gamma=np.ones(4), beta=np.zeros(4), eps=0.0)
    >>> Y.tolist()
    [[-1.0, 1.0, 1.0, -1.0]]
    """
    X, gamma, beta = checked_affine(X, gamma, beta, eps)
    if num_groups < 1 or X.shape[1] % num_groups:
        raise ValueError(f"num_groups is {num_groups}, expected a divisor of the {X.shape[1]} channels of X {X.shape}")
    xhat, inverse_std = _standardise_rows(X.reshape(len(X) * num_groups, -1), eps)
    view = by_channel(xhat.reshape(X.shape))
    Y = view * column(gamma, view)
    Y += column(beta, view)
    return Y.reshape(X.shape), RowNormCache(xhat, inverse_std, gamma, X.shape)


def group_norm_backward(dY: np.ndarray, cache: RowNormCache) -> Gradients:
    """Gradients of group norm: those of layer norm, with means over a group's channels and positions.

    Parameters
    ----------
    dY : array_like, shape of X
        Upstream gradient.
    cache : RowNormCache
        From `group_norm_forward`.

    Returns
    -------
    dX : ndarray, shape of X
    dgamma, dbeta : ndarray, shape (C,)

    Raises
    ------
    ValueError : if dY has not the shape of X.

    Source: Wu and He, 2018.

    Examples
    --------
    >>> Y, cache = group_norm_forward([[1.0, 5.0]], 1, gamma=[1.0, 2.0], beta=[0.0, 0.0], eps=0.0)
    >>> group_norm_backward([[10.0, 20.0]], cache)[1].tolist()
    [-10.0, 20.0]
    """
    xhat, inverse_std, gamma, shape = cache
    upstream = by_channel(_upstream(dY, cache))
    dgamma = dot_by_channel(upstream, by_channel(xhat.reshape(shape)))
    dxhat = (upstream * column(gamma, upstream)).reshape(xhat.shape)
    dX = _standardise_rows_backward(dxhat, xhat, inverse_std)
    return dX.reshape(shape), dgamma, sum_by_channel(upstream)


def instance_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray,
                          eps: float = 1e-5) -> tuple[np.ndarray, RowNormCache]:
    """Instance norm: each channel of each example on its own, over its positions. Group norm with C groups.

    Parameters
    ----------
    X : array_like, shape (N, C, ...)
        At least two positions for each channel.
    gamma, beta : array_like, shape (C,)
        Scale and shift of each channel.
    eps : float
        Added to the variance, inside the root.

    Returns
    -------
    Y : ndarray, shape and dtype of X
    cache : RowNormCache

    Raises
    ------
    ValueError : if the shapes do not fit, or each channel has one position only.

    Source: Lecture notes, unit 2; Ulyanov, Vedaldi and Lempitsky, 2016.

    Examples
    --------
    >>> Y, _ = instance_norm_forward([[[1.0, 5.0], [70.0, 50.0]]], gamma=[1.0, 2.0], beta=[0.0, 0.0], eps=0.0)
    >>> Y.tolist()
    [[[-1.0, 1.0], [2.0, -2.0]]]
    """
    X = as_float("X", X)
    if X.ndim < 3 or X.size == X.shape[0] * X.shape[1]:
        raise ValueError(f"X has shape {X.shape}, expected (N, C, ...) with at least two positions for each channel")
    return group_norm_forward(X, X.shape[1], gamma, beta, eps)


def instance_norm_backward(dY: np.ndarray, cache: RowNormCache) -> Gradients:
    """Gradients of instance norm: `group_norm_backward` with one channel in each group."""
    return group_norm_backward(dY, cache)


# -- helpers -------------------------------------------------------------------------------------------------------------


def _upstream(dY: np.ndarray, cache: RowNormCache) -> np.ndarray:
    dY = as_float("dY", dY, cache.xhat.dtype)
    expect_shape("dY", dY, cache.shape)
    return dY


def _standardise_rows(V: np.ndarray, eps: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows with mean 0 and (nearly) variance 1, and the factor of each row, 1 / sqrt(var + eps)."""
    xhat = V - V.mean(axis=1, keepdims=True)
    inverse_std = 1.0 / np.sqrt(np.einsum("rs,rs->r", xhat, xhat)[:, None] / V.shape[1] + eps)
    xhat *= inverse_std
    return xhat, inverse_std


def _standardise_rows_backward(dxhat: np.ndarray, xhat: np.ndarray, inverse_std: np.ndarray) -> np.ndarray:
    dV = xhat * (-np.einsum("rs,rs->r", dxhat, xhat)[:, None] / xhat.shape[1])
    dV += dxhat
    dV -= dxhat.mean(axis=1, keepdims=True)
    dV *= inverse_std
    return dV
