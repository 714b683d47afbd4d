"""One training step of a multi-layer perceptron: dlkit.numpy against numpy-ml and PyTorch.

Forward pass, cross-entropy, backward pass and plain gradient descent, one thread, float64 and float32. Before
anything is timed, all contenders make one step from the same start and must arrive at the same weights.

numpy-ml is optional (pip install --no-deps numpy-ml); without it, the entry says so and compares the others.

examples:
  python benchmarks/bench_mlp_step.py
  python benchmarks/bench_mlp_step.py --json > mlp_step.json
  python benchmarks/bench_mlp_step.py --quick
"""

from __future__ import annotations

import collections
import collections.abc
import warnings
from collections.abc import Callable
from itertools import pairwise

import harness
import numpy as np
import torch
from torch import nn

from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent

LEARNING_RATE = 0.1
CASES = {"small": ((20, 32, 3), 32), "digits": ((784, 128, 64, 10), 64)}
GOAL = "numpy-ml at least 5; PyTorch at least 1 in float64 and 0.33 in float32 (times of dlkit.numpy)"

Weights = list[np.ndarray]  # W and b of each dense layer
Step = Callable[[], object]
Contender = tuple[Step, Callable[[], Weights]]  # a step, and how to read the weights


def dlkit_numpy(sizes: tuple[int, ...], X: np.ndarray, labels: np.ndarray, start: Weights) -> Contender:
    model = mlp(sizes, np.random.default_rng(0))
    model.params = dict(zip(model.params, start, strict=True))
    optimizer = GradientDescent(lr=LEARNING_RATE)
    return (
        lambda: model.train_step(X, labels, cross_entropy, optimizer),
        lambda: list(model.params.values()),
    )


def pytorch(sizes: tuple[int, ...], X: np.ndarray, labels: np.ndarray, start: Weights) -> Contender:
    train, weights = pytorch_network(sizes, start)
    inputs, targets = torch.tensor(X), torch.tensor(labels)
    return lambda: train(inputs, targets), weights


def numpy_ml(sizes: tuple[int, ...], X: np.ndarray, labels: np.ndarray, start: Weights) -> Contender:
    train, weights = numpy_ml_network(sizes, len(X), start)
    one_hot = np.eye(sizes[-1], dtype=X.dtype)[labels]
    return lambda: train(X, one_hot), weights


def pytorch_network(
    sizes: tuple[int, ...], start: Weights
) -> tuple[Callable[[torch.Tensor, torch.Tensor], object], Callable[[], Weights]]:
    """A step on a batch, and how to read the weights."""
    torch.set_num_threads(1)
    layers: list[nn.Module] = []
    for (fan_in, fan_out), W, b in zip(pairwise(sizes), start[::2], start[1::2], strict=True):
        dense = nn.Linear(fan_in, fan_out)
        dense.weight.data, dense.bias.data = torch.tensor(W.T.copy()), torch.tensor(b)
        layers += [dense, nn.Tanh()]
    model = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    loss_function = nn.CrossEntropyLoss()

    def train(inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        optimizer.zero_grad()
        value = loss_function(model(inputs), targets)
        value.backward()
        optimizer.step()
        return value

    def weights() -> Weights:
        return [p.detach().numpy().T for p in model.parameters()]

    return train, weights


def numpy_ml_network(
    sizes: tuple[int, ...], batch_size: int, start: Weights
) -> tuple[Callable[[np.ndarray, np.ndarray], float], Callable[[], Weights]]:
    """A step on a batch of that size, with one-hot targets, and how to read the weights."""
    layers_module, losses, optimizers = import_numpy_ml()
    layers = []
    for i, (W, b) in enumerate(zip(start[::2], start[1::2], strict=True)):
        last = i == len(sizes) - 2
        # its cross-entropy adds up over the batch: a rate divided by the batch size gives the mean's step
        layer = layers_module.FullyConnected(
            W.shape[1], act_fn=None if last else "Tanh", optimizer=optimizers.SGD(lr=LEARNING_RATE / batch_size)
        )
        layer.n_in = W.shape[0]
        layer._init_params()
        layer.parameters = {"W": W.copy(), "b": b[None, :].copy()}
        layer.gradients = {name: np.zeros_like(value) for name, value in layer.parameters.items()}
        layers.append(layer)
    softmax, loss = layers_module.Softmax(), losses.CrossEntropy()

    def train(X: np.ndarray, one_hot: np.ndarray) -> float:
        out = X
        for layer in layers:
            out = layer.forward(out)
        probabilities = softmax.forward(out, retain_derived=False)
        value = loss.loss(one_hot, probabilities)
        gradient = loss.grad(one_hot, probabilities)
        for layer in reversed(layers):
            gradient = layer.backward(gradient)
        for layer in layers:
            layer.update()
        return value

    def weights() -> Weights:
        return [value for layer in layers for value in (layer.parameters["W"], layer.parameters["b"][0])]

    return train, weights


def import_numpy_ml():
    """Its layers, losses and optimizers; it needs a name that `collections` lost after Python 3.9."""
    if not hasattr(collections, "Hashable"):
        collections.Hashable = collections.abc.Hashable  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from numpy_ml.neural_nets import layers, losses, optimizers
    return layers, losses, optimizers


def run(quick: bool) -> list[harness.Comparison]:
    makers = {"dlkit.numpy": dlkit_numpy, "PyTorch eager": pytorch}
    notes = []
    try:
        import_numpy_ml()
        makers["numpy-ml"] = numpy_ml
    except ImportError as error:
        notes.append(f"numpy-ml is not installed, so it is left out ({error}): pip install --no-deps numpy-ml")
    comparisons = []
    for name, (sizes, batch_size) in CASES.items():
        for dtype in ("float64", "float32"):
            rng = np.random.default_rng(0)
            X = rng.standard_normal((batch_size, sizes[0])).astype(dtype)
            labels = rng.integers(sizes[-1], size=batch_size)
            start = [value.astype(dtype) for value in mlp(sizes, rng).params.values()]
            contenders = {label: make(sizes, X, labels, start) for label, make in makers.items()}
            check_that_all_do_the_same(contenders, 1e-9 if dtype == "float64" else 1e-4)
            comparisons.append(
                harness.compare(
                    f"MLP step, {name}: {'-'.join(map(str, sizes))}, batch {batch_size}, {dtype}",
                    {label: step for label, (step, _) in contenders.items()},
                    baseline="dlkit.numpy",
                    quick=quick,
                    goal=GOAL,
                    notes=notes,
                )
            )
    return comparisons


def check_that_all_do_the_same(contenders: dict[str, Contender], tolerance: float) -> None:
    """One step each: same weights, else the comparison would be of different work."""
    reached = {}
    for label, (step, weights) in contenders.items():
        step()
        reached[label] = weights()
    (first, reference), *others = reached.items()
    for label, weights in others:
        for a, b in zip(reference, weights, strict=True):
            if a.dtype != b.dtype or not np.allclose(a, b, rtol=tolerance, atol=tolerance):
                raise RuntimeError(f"{label} and {first} reached different weights")


if __name__ == "__main__":
    harness.main(run, __doc__)
