"""`Sequential`: PyTorch's container with `fit`, `evaluate` and `predict`, on the CPU or a GPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from dlkit.numpy.network import History, count_parameters
from dlkit.torch.device import resolve_device, to_tensor
from dlkit.torch.layers import Dense

__all__ = ["History", "Sequential", "count_parameters", "mlp"]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Metrics = Mapping[str, Callable[[torch.Tensor, torch.Tensor], Any]]


class Sequential(nn.Sequential):
    """Layers one after the other: an `nn.Sequential` that can train itself, judge itself and predict.

    Everything PyTorch does with an `nn.Sequential` works with this one too; the forward pass is the same
    code.

    Parameters
    ----------
    *layers : nn.Module

    Examples
    --------
    >>> from dlkit.torch.layers import Dense
    >>> from dlkit.torch.losses_regression import mse
    >>> rng = torch.Generator().manual_seed(0)
    >>> X = torch.tensor([[0.0], [1.0], [2.0]])
    >>> model = Sequential(Dense(1, 1, rng))
    >>> sgd = torch.optim.SGD(model.parameters(), lr=0.2)
    >>> history = model.fit(X, 2 * X + 1, mse, sgd, epochs=200, batch_size=3, rng=rng, device="cpu")
    >>> [round(value, 3) for value in model.predict([[3.0]]).flatten().tolist()]
    [7.0]
    """

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        first = next(self.parameters(), None)
        return torch.device("cpu") if first is None else first.device

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the parameters, to which inputs are converted."""
        first = next(self.parameters(), None)
        return torch.get_default_dtype() if first is None else first.dtype

    def count_parameters(self) -> int:
        """How many numbers are trained."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)

    def fit(
        self,
        X: Any,
        y: Any,
        loss: Loss,
        optimizer: torch.optim.Optimizer,
        epochs: int,
        batch_size: int | None,
        rng: torch.Generator,
        *,
        validation_data: tuple[Any, Any] | None = None,
        metrics: Metrics | None = None,
        callback: Callable[[int, dict[str, float]], bool | None] | None = None,
        progress: bool = False,
        device: str | torch.device | None = None,
    ) -> History:
        """Train by mini-batches, shuffled anew in each epoch.

        The model moves to the device (in place, so the optimizer keeps its parameters) and stays there.
        The whole data set moves there too, and the loss is read once an epoch, so that a GPU never waits
        for the CPU.

        Parameters
        ----------
        X : torch.Tensor or array_like
            Shape (N, ...); floating values take the dtype of the model.
        y : torch.Tensor or array_like
            Shape (N, ...); whole numbers stay labels, floating values take the dtype of the model.
        loss : callable
            ``loss(output, target)`` gives a scalar tensor, the mean over the batch.
        optimizer : torch.optim.Optimizer
            Over the parameters of this model.
        epochs : int
            Passes over the data.
        batch_size : int or None
            Examples per step; None takes all at once. The last batch may be smaller.
        rng : torch.Generator
            A CPU generator, for the order of the rows.
        validation_data : (X, y), optional
            Judged after each epoch.
        metrics : dict of str to callable, optional
            ``metric(output, target)``, judged on the validation data.
        callback : callable, optional
            ``callback(epoch, record)`` after each epoch, counted from 1; returning True ends the training.
        progress : bool
            Print one line for each epoch.
        device : str or torch.device, optional
            `dlkit.torch.device.default_device` when not given.

        Returns
        -------
        History
            "loss" is the mean over the epoch, taken while the network was learning; with validation data
            also "val_loss" and each metric as "val_<name>".

        Raises
        ------
        ValueError
            If X and y have different lengths, there are no rows, or the batch size is not positive.
        """
        if batch_size is not None and batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}, expected at least 1, or None for all examples at once")
        if not isinstance(rng, torch.Generator):
            raise TypeError(f"rng is {type(rng).__name__}, expected a torch.Generator")
        self.to(resolve_device(device))
        X, y = self._pair(X, y, "X", "y")
        if validation_data is not None:
            validation_data = self._pair(*validation_data, "validation X", "validation y")
        history = History()
        was_training = self.training
        try:
            for epoch in range(1, epochs + 1):
                record = {"loss": self._train_epoch(X, y, loss, optimizer, batch_size or len(X), rng)}
                if validation_data is not None:
                    judged = self._judge(*validation_data, {"loss": loss, **(metrics or {})})
                    record |= {f"val_{name}": value for name, value in judged.items()}
                history.append(record)
                if progress:
                    print(f"epoch {epoch}: " + ", ".join(f"{name} {value:.4f}" for name, value in record.items()))
                if callback is not None and callback(epoch, record):
                    break
        finally:
            self.train(was_training)
        return history

    def evaluate(self, X: Any, y: Any, loss: Loss, metrics: Metrics | None = None) -> dict[str, float]:
        """The loss and the metrics on a data set, without training.

        Parameters
        ----------
        X, y : torch.Tensor or array_like
            Shapes (N, ...).
        loss : callable
            ``loss(output, target)``.
        metrics : dict of str to callable, optional

        Returns
        -------
        dict of str to float
            "loss" and each metric.
        """
        return self._judge(*self._pair(X, y, "X", "y"), {"loss": loss, **(metrics or {})})

    def predict(self, X: Any) -> torch.Tensor:
        """The output for each row, without gradients, in evaluation mode.

        Parameters
        ----------
        X : torch.Tensor or array_like
            Shape (N, ...).

        Returns
        -------
        torch.Tensor
            On the device X came from; anything but a tensor comes from the CPU.
        """
        home = X.device if isinstance(X, torch.Tensor) else torch.device("cpu")
        return self._output(to_tensor("X", X, dtype=self.dtype, device=self.device)).to(home)

    def _pair(self, X: Any, y: Any, X_name: str, y_name: str) -> tuple[torch.Tensor, torch.Tensor]:
        X = to_tensor(X_name, X, dtype=self.dtype, device=self.device)
        y = to_tensor(y_name, y, dtype=self.dtype, device=self.device)
        if X.ndim < 2:
            raise ValueError(f"{X_name} has shape {tuple(X.shape)}, expected (N, ...) with one row for each example")
        if y.ndim == 0 or len(y) != len(X):
            raise ValueError(f"{y_name} has shape {tuple(y.shape)}, expected ({len(X)}, ...) to match {X_name}")
        if len(X) == 0:
            raise ValueError(f"{X_name} has no rows")
        return X, y

    def _train_epoch(
        self,
        X: torch.Tensor,
        y: torch.Tensor,
        loss: Loss,
        optimizer: torch.optim.Optimizer,
        batch_size: int,
        rng: torch.Generator,
    ) -> float:
        self.train()
        order = torch.randperm(len(X), generator=rng).to(X.device)
        total = torch.zeros((), dtype=torch.float64, device=X.device)  # summed there: no waiting for each batch
        for rows in order.split(batch_size):
            optimizer.zero_grad()
            value = loss(self(X[rows]), y[rows])
            value.backward()
            optimizer.step()
            total += value.detach() * len(rows)
        return total.item() / len(X)

    @torch.no_grad()
    def _output(self, X: torch.Tensor) -> torch.Tensor:
        was_training = self.training
        self.eval()
        try:
            return self(X)
        finally:
            self.train(was_training)

    @torch.no_grad()
    def _judge(self, X: torch.Tensor, y: torch.Tensor, measures: Metrics) -> dict[str, float]:
        output = self._output(X)
        return {name: float(measure(output, y)) for name, measure in measures.items()}


def mlp(
    sizes: Sequence[int],
    rng: torch.Generator,
    hidden: Callable[[], nn.Module] = nn.Tanh,
    output: Callable[[], nn.Module] | None = None,
    *,
    dtype: torch.dtype | None = None,
) -> Sequential:
    """A multi-layer perceptron: dense layers with an activation between them.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, hidden layers, outputs: at least two numbers.
    rng : torch.Generator
        For the initial weights.
    hidden : callable
        Makes the activation after each hidden layer.
    output : callable, optional
        Makes the one after the last layer; none for logits.
    dtype : torch.dtype, optional

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError
        If there are fewer than two sizes.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> mlp([4, 3, 2, 1], torch.Generator().manual_seed(0)).count_parameters()
    26
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes is {list(sizes)}, expected at least the inputs and the outputs")
    layers: list[nn.Module] = []
    for i, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        layers.append(Dense(fan_in, fan_out, rng, dtype=dtype))
        make = hidden if i < len(sizes) - 2 else output
        if make is not None:
            layers.append(make())
    return Sequential(*layers)
