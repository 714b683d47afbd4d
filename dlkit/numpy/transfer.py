"""Transfer learning: keep a trained body as it is and train a new head on top of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlkit.numpy.layers import Gradients, Layer
from dlkit.numpy.network import Sequential

__all__ = ["Frozen", "freeze", "unfreeze"]


class Frozen(Layer):
    """A layer or network that computes as before and shows no parameters, so that no optimizer moves them.

    The gradient still passes through to what lies before it. It computes as in prediction also while the
    rest is trained, so that dropout and running statistics rest, too.

    Parameters
    ----------
    layer : Layer
        What is kept; `unfreeze` gives it back.

    Source: Lecture notes, unit 2.
    """

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, Any]:
        """As the layer itself, in prediction mode."""
        return self.layer.forward(X, False)

    def backward(self, dout: np.ndarray, cache: Any) -> tuple[np.ndarray, Gradients]:
        """The gradient of the input, and none of parameters."""
        return self.layer.backward(dout, cache)[0], {}

    def parameter_gradients(self, dout: np.ndarray, cache: Any) -> Gradients:
        """None: nothing has to be computed where the frozen body comes first."""
        return {}

    def __repr__(self) -> str:
        return f"Frozen({self.layer!r})"


def freeze(layer: Layer) -> Frozen:
    """Wrap a layer or network so that training leaves it alone.

    Feature extraction trains a new head on a frozen body; fine-tuning then unfreezes the body and goes on
    with a small learning rate.

    Parameters
    ----------
    layer : Layer
        A layer or a `Sequential`; it is not copied.

    Returns
    -------
    Frozen

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> from dlkit.numpy.layers import Dense, Tanh
    >>> rng = np.random.default_rng(0)
    >>> body = Sequential(Dense(4, 3, rng), Tanh())
    >>> model = Sequential(freeze(body), Dense(3, 2, rng))
    >>> model.count_parameters(), sorted(model.params)
    (8, ['1.W', '1.b'])
    """
    return Frozen(layer)


def unfreeze(layer: Layer) -> Layer:
    """The layer without `freeze`; a `Sequential` is made anew with its frozen members unwrapped, sharing the rest.

    Examples
    --------
    >>> from dlkit.numpy.layers import Dense
    >>> rng = np.random.default_rng(0)
    >>> unfreeze(Sequential(freeze(Sequential(Dense(4, 3, rng))), Dense(3, 2, rng))).count_parameters()
    23
    """
    if isinstance(layer, Frozen):
        return unfreeze(layer.layer)
    if isinstance(layer, Sequential):
        return Sequential(*(unfreeze(child) for child in layer.layers))
    return layer
