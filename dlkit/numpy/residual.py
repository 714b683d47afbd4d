"""Residual connections: a block that adds to its input instead of replacing it, y = x + F(x)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dlkit.numpy.layers import Gradients, Layer
from dlkit.numpy.network import Sequential
from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["Residual"]


class Residual(Layer):
    """Residual block: y = x + F(x), where F is a chain of layers that keeps the shape.

    Backwards, dx = dy + F'(x)^T dy: whatever F does, the gradient itself passes unchanged. That is the highway on which
    it reaches the first layers of a very deep network. If F is zero at the start, the block is the identity.

    Parameters
    ----------
    *layers : Layer
        The branch F, in the order of the forward pass.

    Attributes
    ----------
    branch : Sequential
        The layers as a chain.
    params : dict
        The parameters of the branch, "<index of layer>.<name>".

    Raises
    ------
    ValueError : if there is no layer; in the forward pass, if F(x) has not the shape of x.

    Source: Lecture notes, unit 2; He et al., "Deep residual learning for image recognition", 2016.

    Examples
    --------
    >>> from dlkit.numpy.initializers import constant
    >>> from dlkit.numpy.layers import Dense
    >>> half = Dense(1, 1, np.random.default_rng(0), lambda shape, rng: constant(shape, value=0.5))
    >>> block = Residual(half)
    >>> block
    Residual(Dense(1, 1))
    >>> Y, cache = block.forward([[2.0]])
    >>> dX, grads = block.backward([[1.0]], cache)
    >>> Y.tolist(), dX.tolist(), grads["0.W"].tolist()
    ([[3.0]], [[1.5]], [[2.0]])
    """

    def __init__(self, *layers: Layer) -> None:
        if not layers:
            raise ValueError("Residual got no layers, expected at least one")
        self.branch = Sequential(*layers)

    @property
    def params(self) -> dict[str, np.ndarray]:
        """The parameters of the branch. Assign a dict of the same names to replace them."""
        return self.branch.params

    @params.setter
    def params(self, new: Mapping[str, np.ndarray]) -> None:
        self.branch.params = new

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """(N, ...) -> (N, ...), the same shape."""
        X = as_float("X", X)
        F, cache = self.branch.forward(X, training)
        expect_shape("F(X)", F, X.shape, to_match=("X", X))
        return X + F, cache

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """The upstream gradient plus what comes back through the branch, and the gradients of its parameters."""
        dout = as_float("dout", dout)
        through_branch, grads = self.branch.backward(dout, cache)
        return dout + through_branch, grads

    def parameter_gradients(self, dout: np.ndarray, cache: Any) -> Gradients:
        """The gradients of the parameters of the branch."""
        return self.branch.parameter_gradients(as_float("dout", dout), cache)

    def __repr__(self) -> str:
        return f"Residual({', '.join(map(repr, self.branch.layers))})"
