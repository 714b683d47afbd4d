"""Networks: a chain of layers that predicts, learns and is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from dlkit.numpy.layers import Activation, Dense, Gradients, Layer, Tanh
from dlkit.numpy.optim import Optimizer
from dlkit.numpy.validation import expect_rng

__all__ = ["History", "Sequential", "count_parameters", "mlp"]

Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]
Metric = Callable[[np.ndarray, np.ndarray], float]


@dataclass
class History:
    """Numbers recorded at the end of each epoch.

    Attributes
    ----------
    records : dict of list of float
        By name, one number per epoch: "loss"; with validation data "val_loss" and each metric as
        "val_<name>".

    Examples
    --------
    >>> history = History()
    >>> history.append({"loss": 0.7})
    >>> history.append({"loss": 0.5})
    >>> history["loss"], len(history)
    ([0.7, 0.5], 2)
    """

    records: dict[str, list[float]] = field(default_factory=dict)

    def append(self, record: Mapping[str, float]) -> None:
        """Add the numbers of one epoch."""
        for name, value in record.items():
            self.records.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> list[float]:
        return self.records[name]

    def __len__(self) -> int:
        return len(self.records.get("loss", []))


class Sequential(Layer):
    """Chain of layers, itself a layer: the output of each is the input of the next.

    Parameters
    ----------
    *layers : Layer
        In the order of the forward pass.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> network = Sequential(Dense(2, 3, rng), Tanh(), Dense(3, 1, rng))
    >>> network
    Sequential(Dense(2, 3), Tanh(), Dense(3, 1))
    >>> sorted(network.params), network.count_parameters()
    (['0.W', '0.b', '2.W', '2.b'], 13)
    >>> network.predict([[0.0, 0.0]]).tolist()
    [[0.0]]
    """

    def __init__(self, *layers: Layer) -> None:
        if not layers:
            raise ValueError("Sequential got no layers, expected at least one")
        self.layers = layers

    @property
    def params(self) -> dict[str, np.ndarray]:
        """All parameters as "<index of layer>.<name>". Assign a dict of the same names to replace them."""
        return {f"{i}.{name}": value
                for i, layer in enumerate(self.layers) for name, value in layer.params.items()}

    @params.setter
    def params(self, new: Mapping[str, np.ndarray]) -> None:
        old = self.params
        if new.keys() != old.keys():
            raise ValueError(f"params has the names {sorted(new)}, expected {sorted(old)}")
        for name, value in new.items():
            if value.shape != old[name].shape:
                raise ValueError(f"params[{name!r}] has shape {value.shape}, expected {old[name].shape}")
        for i, layer in enumerate(self.layers):
            if layer.params:
                layer.params = {name: new[f"{i}.{name}"] for name in layer.params}

    def forward(self, X: np.ndarray, training: bool = False) -> tuple[np.ndarray, list[Any]]:
        """Return the output of the last layer, and the cache of every layer."""
        caches = []
        for layer in self.layers:
            X, cache = layer.forward(X, training)
            caches.append(cache)
        return X, caches

    def _backward_after_first(self, dout: np.ndarray, caches: list[Any]) -> tuple[np.ndarray, Gradients]:
        grads: Gradients = {}
        for i in range(len(self.layers) - 1, 0, -1):
            dout, layer_grads = self.layers[i].backward(dout, caches[i])
            for name, value in layer_grads.items():
                grads[f"{i}.{name}"] = value
        return dout, grads

    def backward(self, dout: np.ndarray, cache: list[Any]) -> tuple[np.ndarray, Gradients]:
        """Return the gradient of the input, and those of all parameters under the names of `params`."""
        dout, grads = self._backward_after_first(dout, cache)
        dX, first = self.layers[0].backward(dout, cache[0])
        return dX, grads | {f"0.{name}": value for name, value in first.items()}

    def parameter_gradients(self, dout: np.ndarray, cache: list[Any]) -> Gradients:
        """Return the gradients of the parameters only, which is all that training needs."""
        dout, grads = self._backward_after_first(dout, cache)
        first = self.layers[0].parameter_gradients(dout, cache[0])
        return grads | {f"0.{name}": value for name, value in first.items()}

    def count_parameters(self) -> int:
        """Number of trainable numbers."""
        return sum(value.size for value in self.params.values())

    def predict(self, X: np.ndarray, batch_size: int | None = None) -> np.ndarray:
        """Output of the network for `X`, one row per example; in batches if that saves memory."""
        X = np.asarray(X)
        if batch_size is None or len(X) <= batch_size:
            return self.forward(X)[0]
        return np.concatenate([self.forward(X[i:i + batch_size])[0] for i in range(0, len(X), batch_size)])

    def evaluate(self, X: np.ndarray, y: np.ndarray, loss: Loss,
                 metrics: Mapping[str, Metric] | None = None, *,
                 batch_size: int | None = None) -> dict[str, float]:
        """Loss and metrics of the predictions for `X`, as {"loss": ..., name: ...}."""
        prediction = self.predict(X, batch_size)
        values = {"loss": loss(prediction, y)[0]}
        return values | {name: float(metric(prediction, y)) for name, metric in (metrics or {}).items()}

    def train_step(self, X: np.ndarray, y: np.ndarray, loss: Loss, optimizer: Optimizer) -> float:
        """One step of training on one batch: forward, loss, backward, update. Returns the loss before it."""
        prediction, caches = self.forward(X, training=True)
        value, dout = loss(prediction, y)
        self.params = optimizer.step(self.params, self.parameter_gradients(dout, caches))
        return value

    def fit(self, X: np.ndarray, y: np.ndarray, loss: Loss, optimizer: Optimizer, epochs: int,
            batch_size: int | None, rng: np.random.Generator, *,
            validation_data: tuple[np.ndarray, np.ndarray] | None = None,
            metrics: Mapping[str, Metric] | None = None,
            callback: Callable[[int, dict[str, float]], bool | None] | None = None,
            schedule: Callable[[int], float] | None = None,
            progress: bool = False) -> History:
        """Train on mini-batches, in a new random order each epoch.

        Parameters
        ----------
        X : ndarray, shape (N, ...)
            Examples.
        y : ndarray, shape (N, ...)
            Targets, as the loss wants them.
        loss : callable
            (prediction, target) -> (value, gradient), averaged over the batch.
        optimizer : Optimizer
            Has ``step(params, grads) -> params``.
        epochs : int
            Passes over the data.
        batch_size : int or None
            Examples per step; None takes all at once. The last batch may be smaller.
        rng : numpy.random.Generator
            Shuffles.
        validation_data : (ndarray, ndarray), optional
            Inputs and targets that are evaluated after each epoch.
        metrics : dict of callable, optional
            name -> (prediction, target) -> number, on the validation data.
        callback : callable, optional
            (epoch, record) after each epoch, counted from 1; returning True ends the training.
        schedule : callable, optional
            epoch, counted from 0 -> learning rate of that epoch, as in `dlkit.numpy.schedules`. Before each epoch
            the ``lr`` of the optimizer is set to it, and the optimizer keeps the last one.
        progress : bool
            Print one line per epoch.

        Returns
        -------
        History
            "loss" is the mean over the epoch, taken while the network was learning.

        Raises
        ------
        ValueError : if X and y differ in length, there are no examples or the batch size is not positive.

        Examples
        --------
        >>> from dlkit.numpy.losses_regression import mse
        >>> from dlkit.numpy.optim import GradientDescent
        >>> rng = np.random.default_rng(0)
        >>> network, X = Sequential(Dense(1, 1, rng)), np.array([[0.0], [1.0], [2.0]])
        >>> history = network.fit(X, 3 * X - 1, mse, GradientDescent(lr=0.3), 200, None, rng)
        >>> len(history), history["loss"][-1] < 1e-9, network.predict([[10.0]]).round(3).tolist()
        (200, True, [[29.0]])
        """
        X, y = np.asarray(X), np.asarray(y)
        n = len(X)
        expect_rng(rng)
        if len(y) != n or n == 0:
            raise ValueError(f"y has {len(y)} rows and X {n}, expected the same number, at least 1")
        if batch_size is not None and batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}, expected at least 1, or None for all at once")
        batch_size = min(batch_size or n, n)
        history = History()
        for epoch in range(1, epochs + 1):
            if schedule is not None:
                optimizer.lr = schedule(epoch - 1)
            order, total = rng.permutation(n), 0.0
            for start in range(0, n, batch_size):
                rows = order[start:start + batch_size]
                total += self.train_step(X[rows], y[rows], loss, optimizer) * len(rows)
            record = {"loss": total / n}
            if validation_data is not None:
                values = self.evaluate(*validation_data, loss, metrics, batch_size=batch_size)
                record |= {f"val_{name}": value for name, value in values.items()}
            history.append(record)
            if progress:
                print(f"epoch {epoch}: " + ", ".join(f"{name} {value:.4f}" for name, value in record.items()))
            if callback is not None and callback(epoch, record):
                break
        return history

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"


def mlp(sizes: Sequence[int], rng: np.random.Generator, hidden: Callable[[], Activation] = Tanh,
        output: Callable[[], Activation] | None = None) -> Sequential:
    """Multi-layer perceptron: dense layers with an activation after each hidden one.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, hidden layers, outputs.
    rng : numpy.random.Generator
        Draws the weights.
    hidden : callable
        Makes the activation of a hidden layer: a layer class such as `Tanh`.
    output : callable, optional
        Makes that of the output. Without it the outputs are scores, as the losses on logits want them.

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError : if there are fewer than two sizes.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> mlp([4, 2, 1], np.random.default_rng(0))
    Sequential(Dense(4, 2), Tanh(), Dense(2, 1))
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes is {list(sizes)}, expected at least the inputs and the outputs")
    layers: list[Layer] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [Dense(fan_in, fan_out, rng), hidden()]
    layers[-1:] = [] if output is None else [output()]
    return Sequential(*layers)


def count_parameters(sizes: Sequence[int]) -> int:
    """Number of weights and biases of a fully connected network: sum of n_in n_out + n_out over its layers.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, hidden layers, outputs.

    Returns
    -------
    int

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> count_parameters([4, 3, 2, 1]), count_parameters([2, 2, 1])
    (26, 9)
    """
    return sum(fan_in * fan_out + fan_out for fan_in, fan_out in pairwise(sizes))
