"""Layers: the forward/backward pairs together with the parameters they need.

A layer owns arrays and nothing else: no gradients, no optimizer, no memory of the last batch. What the
backward pass needs travels in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlkit.numpy.activations import (
    leaky_relu_backward,
    leaky_relu_forward,
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)
from dlkit.numpy.initializers import xavier_uniform, zeros
from dlkit.numpy.linear import dense_backward, dense_forward, dense_parameter_gradients
from dlkit.numpy.softmax import softmax_backward, softmax_forward

__all__ = ["Activation", "Dense", "Layer", "LeakyReLU", "ReLU", "Sigmoid", "Softmax", "Tanh"]

Initializer = Callable[[Sequence[int], np.random.Generator], np.ndarray]
Gradients = dict[str, np.ndarray]


class Layer:
    """What a network asks of a layer.

    Attributes
    ----------
    params : dict of ndarray
        Parameters by name; empty for a layer without any.
    """

    params: dict[str, np.ndarray]

    def __init__(self) -> None:
        self.params = {}

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """Return (output, cache). `training` is for layers that behave differently then, such as dropout."""
        raise NotImplementedError

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """Return the gradient of the input, and those of the parameters under the names of `params`."""
        raise NotImplementedError

    def parameter_gradients(self, dout: np.ndarray, cache: Any) -> Gradients:
        """Return the gradients of the parameters only: enough for the first layer, and cheaper for some."""
        return self.backward(dout, cache)[1]


class Dense(Layer):
    """Fully connected layer: Z = X W + b.

    Parameters
    ----------
    in_features, out_features : int
        D and M.
    rng : numpy.random.Generator
        Draws the weights.
    weight_init : callable
        One of :mod:`dlkit.numpy.initializers`. Biases start at 0.

    Attributes
    ----------
    params : dict
        "W" (D, M) and "b" (M,), float64.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> layer = Dense(3, 2, np.random.default_rng(0))
    >>> layer.params["W"].shape, layer.params["b"].tolist()
    ((3, 2), [0.0, 0.0])
    >>> Z, cache = layer.forward(np.zeros((5, 3)))
    >>> Z.shape
    (5, 2)
    """

    def __init__(self, in_features: int, out_features: int, rng: np.random.Generator,
                 weight_init: Initializer = xavier_uniform) -> None:
        self.params = {"W": weight_init((in_features, out_features), rng), "b": zeros(out_features)}

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """(N, D) -> (N, M)."""
        return dense_forward(X, self.params["W"], self.params["b"])

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """(N, M) -> (N, D), and the gradients of W and b."""
        dX, dW, db = dense_backward(dout, cache)
        return dX, {"W": dW, "b": db}

    def parameter_gradients(self, dout: np.ndarray, cache: Any) -> Gradients:
        """The gradients of W and b, without the product that gives dX."""
        dW, db = dense_parameter_gradients(dout, cache)
        return {"W": dW, "b": db}

    def __repr__(self) -> str:
        in_features, out_features = self.params["W"].shape
        return f"Dense({in_features}, {out_features})"


class Activation(Layer):
    """Layer without parameters, made of a forward/backward pair.

    Parameters
    ----------
    forward : callable
        Z -> (A, cache).
    backward : callable
        (dA, cache) -> dZ.

    Examples
    --------
    >>> from dlkit.numpy.activations import elu_backward, elu_forward
    >>> layer = Activation(elu_forward, elu_backward)
    >>> A, cache = layer.forward([[-1.0, 2.0]])
    >>> dZ, grads = layer.backward([[1.0, 1.0]], cache)
    >>> dZ.round(4).tolist(), grads
    ([[0.3679, 1.0]], {})
    """

    def __init__(self, forward: Callable, backward: Callable) -> None:
        super().__init__()
        self._forward, self._backward = forward, backward

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """Apply the activation to each row."""
        return self._forward(X)

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """Gradient of the pre-activations, and no parameters."""
        return self._backward(dout, cache), {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Sigmoid(Activation):
    """Logistic function on every unit; as an output: the probability of a binary class."""

    def __init__(self) -> None:
        super().__init__(sigmoid_forward, sigmoid_backward)


class Tanh(Activation):
    """Hyperbolic tangent on every unit."""

    def __init__(self) -> None:
        super().__init__(tanh_forward, tanh_backward)


class ReLU(Activation):
    """max(0, z) on every unit."""

    def __init__(self) -> None:
        super().__init__(relu_forward, relu_backward)


class LeakyReLU(Activation):
    """z for z > 0, else negative_slope * z, on every unit."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__(lambda Z: leaky_relu_forward(Z, negative_slope), leaky_relu_backward)
        self.negative_slope = negative_slope

    def __repr__(self) -> str:
        return f"LeakyReLU({self.negative_slope})"


class Softmax(Activation):
    """Softmax of each row. For training, end in plain scores: `cross_entropy` includes the softmax."""

    def __init__(self) -> None:
        super().__init__(softmax_forward, softmax_backward)
