"""`Sequential`: PyTorch's container with `fit`, `evaluate` and `predict`, on the CPU or a GPU."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from dlkit.numpy.network import History, count_parameters
from dlkit.torch import evaluation, training
from dlkit.torch.evaluation import Loss, Metrics
from dlkit.torch.layers import Dense
from dlkit.torch.training_data import model_device, model_dtype

__all__ = ["History", "Sequential", "count_parameters", "mlp"]


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
        return model_device(self)

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the parameters, to which inputs are converted."""
        return model_dtype(self)

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
        **options: Any,
    ) -> History:
        """Train by mini-batches, shuffled anew in each epoch: `dlkit.torch.training.fit` with this model.

        Parameters
        ----------
        X : torch.Tensor, array_like or DataLoader
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
        **options
            validation_data, metrics, callback, schedule, clip_norm, clip_value, amp, early_stopping,
            progress, log_dir, checkpoint, resume, compile, device: as there.

        Returns
        -------
        History
            "loss" is the mean over the epoch, taken while the network was learning; with validation data
            also "val_loss" and each metric as "val_<name>".

        Raises
        ------
        ValueError, TypeError
            If an argument does not fit.
        """
        return training.fit(self, X, y, loss, optimizer, epochs, batch_size, rng, **options)

    def evaluate(
        self, X: Any, y: Any, loss: Loss, metrics: Metrics | None = None, *, batch_size: int | None = None
    ) -> dict[str, float]:
        """The loss and the metrics on a data set, without training: `dlkit.torch.evaluation.evaluate`.

        Parameters
        ----------
        X, y : torch.Tensor or array_like
            Shapes (N, ...).
        loss : callable
            ``loss(output, target)``.
        metrics : dict of str to callable, optional
        batch_size : int, optional
            Rows at a time, to save memory.

        Returns
        -------
        dict of str to float
            "loss" and each metric.
        """
        return evaluation.evaluate(self, X, y, loss, metrics, batch_size=batch_size)

    def predict(self, X: Any, *, batch_size: int | None = None) -> torch.Tensor:
        """The output for each row, without gradients, in evaluation mode: `dlkit.torch.evaluation.predict`.

        Parameters
        ----------
        X : torch.Tensor or array_like
            Shape (N, ...).
        batch_size : int, optional
            Rows at a time, to save memory.

        Returns
        -------
        torch.Tensor
            On the device X came from; anything but a tensor comes from the CPU.
        """
        return evaluation.predict(self, X, batch_size=batch_size)


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
