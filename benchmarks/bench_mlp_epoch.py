"""One epoch of training a multi-layer perceptron, shuffling included: dlkit.numpy against numpy-ml and PyTorch.

`Sequential.fit` of dlkit.numpy against loops by hand around the others, one thread, float64 and float32. Before anything is
timed, all contenders train for one epoch from the same start, in the same order, and must arrive at the same weights.

numpy-ml is optional (pip install --no-deps numpy-ml); without it, the entry says so and compares the others.

examples:
  python benchmarks/bench_mlp_epoch.py
  python benchmarks/bench_mlp_epoch.py --json > mlp_epoch.json
  python benchmarks/bench_mlp_epoch.py --quick
"""

from __future__ import annotations

import harness
import numpy as np
import torch
from bench_mlp_step import (
    LEARNING_RATE,
    Contender,
    Weights,
    check_that_all_do_the_same,
    import_numpy_ml,
    numpy_ml_network,
    pytorch_network,
)

from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent

CASES = {"small": ((20, 32, 3), 320, 32), "digits": ((784, 128, 64, 10), 512, 64)}  # sizes, rows, rows of a batch
GOAL = "numpy-ml at least 5; PyTorch at least 1 in float64 and 0.33 in float32 (times of dlkit.numpy)"


def dlkit_numpy(sizes: tuple[int, ...], X: np.ndarray, labels: np.ndarray, batch_size: int, start: Weights) -> Contender:
    model, rng = mlp(sizes, np.random.default_rng(0)), np.random.default_rng(1)
    model.params = dict(zip(model.params, start, strict=True))
    optimizer = GradientDescent(lr=LEARNING_RATE)
    return (
        lambda: model.fit(X, labels, cross_entropy, optimizer, 1, batch_size, rng),
        lambda: list(model.params.values()),
    )


def pytorch(sizes: tuple[int, ...], X: np.ndarray, labels: np.ndarray, batch_size: int, start: Weights) -> Contender:
    train, weights = pytorch_network(sizes, start)
    rng, inputs, targets = np.random.default_rng(1), torch.tensor(X), torch.tensor(labels)

    def epoch() -> float:
        total = 0.0
        for rows in torch.from_numpy(rng.permutation(len(X))).split(batch_size):
            total += train(inputs[rows], targets[rows]).item() * len(rows)
        return total / len(X)

    return epoch, weights


def numpy_ml(sizes: tuple[int, ...], X: np.ndarray, labels: np.ndarray, batch_size: int, start: Weights) -> Contender:
    train, weights = numpy_ml_network(sizes, batch_size, start)
    rng, one_hot = np.random.default_rng(1), np.eye(sizes[-1], dtype=X.dtype)[labels]

    def epoch() -> float:
        order, total = rng.permutation(len(X)), 0.0
        for begin in range(0, len(X), batch_size):
            rows = order[begin : begin + batch_size]
            total += train(X[rows], one_hot[rows])
        return total / len(X)

    return epoch, weights


def run(quick: bool) -> list[harness.Comparison]:
    makers = {"dlkit.numpy": dlkit_numpy, "PyTorch eager": pytorch}
    notes = []
    try:
        import_numpy_ml()
        makers["numpy-ml"] = numpy_ml
    except ImportError as error:
        notes.append(f"numpy-ml is not installed, so it is left out ({error}): pip install --no-deps numpy-ml")
    comparisons = []
    for name, (sizes, rows, batch_size) in CASES.items():
        for dtype in ("float64", "float32"):
            rng = np.random.default_rng(0)
            X = rng.standard_normal((rows, sizes[0])).astype(dtype)
            labels = rng.integers(sizes[-1], size=rows)
            start = [value.astype(dtype) for value in mlp(sizes, rng).params.values()]
            contenders = {label: make(sizes, X, labels, batch_size, start) for label, make in makers.items()}
            check_that_all_do_the_same(contenders, 1e-9 if dtype == "float64" else 1e-3)
            title = f"MLP epoch, {name}: {'-'.join(map(str, sizes))}, {rows} rows in batches of {batch_size}, {dtype}"
            timed = {label: epoch for label, (epoch, _) in contenders.items()}
            comparisons.append(
                harness.compare(title, timed, baseline="dlkit.numpy", quick=quick, goal=GOAL, notes=notes)
            )
    return comparisons


if __name__ == "__main__":
    harness.main(run, __doc__)
