"""Normalisation as layers of a network: `BatchNorm`, `LayerNorm`, `InstanceNorm`, `GroupNorm`.

Only batch norm behaves differently in training and in inference, and only it remembers something: its running
statistics. They are no parameters, since no gradient reaches them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlkit.numpy import batch_normalization, normalization
from dlkit.numpy.layers import Gradients, Layer

__all__ = ["BatchNorm", "GroupNorm", "InstanceNorm", "LayerNorm"]


class BatchNorm(Layer):
    """Batch norm: by the batch's statistics in training, by the running ones otherwise.

    A forward pass with ``training=True`` also moves the running statistics, as PyTorch's does.

    Parameters
    ----------
    num_features : int
        C, the channels: the second axis of the input (N, C) or (N, C, ...).
    momentum : float
        Weight of the new batch in the running statistics.
    eps : float
        Added to the variance, inside the root.

    Attributes
    ----------
    params : dict
        "gamma" and "beta" (C,), 1 and 0 at the start.
    running_mean, running_var : ndarray (C,)
        0 and 1 at the start.

    Source: Lecture notes, unit 2; Ioffe and Szegedy, 2015.

    Examples
    --------
    >>> layer = BatchNorm(1, momentum=0.5, eps=0.0)
    >>> layer.forward(np.array([[1.0], [5.0]]), training=True)[0].tolist()
    [[-1.0], [1.0]]
    >>> layer.running_mean.tolist(), layer.running_var.tolist()
    ([1.5], [4.5])
    >>> layer.forward(np.array([[1.5]]))[0].tolist()
    [[0.0]]
    """

    def __init__(self, num_features: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum is {momentum}, expected 0 to 1, the weight of the new batch")
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.momentum, self.eps = momentum, eps

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """(N, C, ...) -> the same shape."""
        gamma, beta = self.params["gamma"], self.params["beta"]
        if not training:
            return normalization.batch_norm_inference_forward(X, gamma, beta, self.running_mean, self.running_var, self.eps)
        Y, cache = normalization.batch_norm_forward(X, gamma, beta, self.eps)
        n = cache.X.size // cache.X.shape[1]
        self.running_mean, self.running_var = batch_normalization.blend(cache.mean, cache.var, n, self.running_mean,
                                                                        self.running_var, self.momentum)
        return Y, cache

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """The gradient of the input, and those of gamma and beta; of whichever forward pass made the cache."""
        fixed = isinstance(cache, normalization.InferenceCache)
        backward = normalization.batch_norm_inference_backward if fixed else normalization.batch_norm_backward
        dX, dgamma, dbeta = backward(dout, cache)
        return dX, {"gamma": dgamma, "beta": dbeta}

    def __repr__(self) -> str:
        return f"BatchNorm({len(self.params['gamma'])})"


class LayerNorm(Layer):
    """Layer norm: each example over its own features; the same in training and in inference.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        The last axes of the input, usually D alone.
    eps : float
        Added to the variance, inside the root.

    Attributes
    ----------
    params : dict
        "gamma" and "beta" of that shape, 1 and 0 at the start.

    Source: Lecture notes, unit 2; Ba, Kiros and Hinton, 2016.

    Examples
    --------
    >>> LayerNorm(2, eps=0.0).forward(np.array([[1.0, 5.0], [70.0, 50.0]]))[0].tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """

    def __init__(self, normalized_shape: int | Sequence[int], eps: float = 1e-5) -> None:
        self.params = {"gamma": np.ones(normalized_shape), "beta": np.zeros(normalized_shape)}
        self.eps = eps

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """(N, ..., D) -> the same shape."""
        return normalization.layer_norm_forward(X, self.params["gamma"], self.params["beta"], self.eps)

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """The gradient of the input, and those of gamma and beta."""
        dX, dgamma, dbeta = normalization.layer_norm_backward(dout, cache)
        return dX, {"gamma": dgamma, "beta": dbeta}

    def __repr__(self) -> str:
        return f"LayerNorm({', '.join(map(str, self.params['gamma'].shape))})"


class GroupNorm(Layer):
    """Group norm: in each example, groups of neighbouring channels; the same in training and in inference.

    Parameters
    ----------
    num_groups : int
        G, a divisor of the channels.
    num_channels : int
        C, the second axis of the input.
    eps : float
        Added to the variance, inside the root.

    Attributes
    ----------
    params : dict
        "gamma" and "beta" (C,), 1 and 0 at the start.

    Source: Lecture notes, unit 2; Wu and He, 2018.

    Examples
    --------
    >>> GroupNorm(2, 4, eps=0.0).forward(np.array([[1.0, 5.0, 70.0, 50.0]]))[0].tolist()
    [[-1.0, 1.0, 1.0, -1.0]]
    """

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5) -> None:
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(f"num_groups is {num_groups}, expected a divisor of num_channels {num_channels}")
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}
        self.num_groups, self.eps = num_groups, eps

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """(N, C, ...) -> the same shape."""
        return normalization.group_norm_forward(X, self.num_groups, self.params["gamma"], self.params["beta"], self.eps)

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """The gradient of the input, and those of gamma and beta."""
        dX, dgamma, dbeta = normalization.group_norm_backward(dout, cache)
        return dX, {"gamma": dgamma, "beta": dbeta}

    def __repr__(self) -> str:
        return f"GroupNorm({self.num_groups}, {len(self.params['gamma'])})"


class InstanceNorm(Layer):
    """Instance norm: each channel of each example over its positions; the same in training and in inference.

    Parameters
    ----------
    num_features : int
        C, the second axis of the input (N, C, ...).
    eps : float
        Added to the variance, inside the root.

    Attributes
    ----------
    params : dict
        "gamma" and "beta" (C,), 1 and 0 at the start.

    Source: Lecture notes, unit 2; Ulyanov, Vedaldi and Lempitsky, 2016.

    Examples
    --------
    >>> InstanceNorm(2, eps=0.0).forward(np.array([[[1.0, 5.0], [70.0, 50.0]]]))[0].tolist()
    [[[-1.0, 1.0], [1.0, -1.0]]]
    """

    def __init__(self, num_features: int, eps: float = 1e-5) -> None:
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.eps = eps

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """(N, C, ...) -> the same shape."""
        return normalization.instance_norm_forward(X, self.params["gamma"], self.params["beta"], self.eps)

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """The gradient of the input, and those of gamma and beta."""
        dX, dgamma, dbeta = normalization.instance_norm_backward(dout, cache)
        return dX, {"gamma": dgamma, "beta": dbeta}

    def __repr__(self) -> str:
        return f"InstanceNorm({len(self.params['gamma'])})"
