"""One training step of batch norm, forward and backward: dlkit.numpy against numpy-ml and PyTorch.

With the update of the running statistics, one thread, float64 and float32, a batch of rows and a batch of images. Before
anything is timed, all contenders must return the same output and the same gradients of input, scale and shift.

numpy-ml is optional (pip install --no-deps numpy-ml); without it, the entry says so and compares the others.

examples:
  python benchmarks/bench_normalization.py
  python benchmarks/bench_normalization.py --json > normalization.json
  python benchmarks/bench_normalization.py --quick
"""

from __future__ import annotations

import collections
import collections.abc
import warnings
from collections.abc import Callable

import harness
import numpy as np
import torch

from dlkit.numpy.normalization_layers import BatchNorm, LayerNorm

ROWS, IMAGES = (128, 256), (32, 16, 28, 28)
GOAL = "numpy-ml at least 5; PyTorch about 1 (times of dlkit.numpy)"

Results = list[np.ndarray]  # output, and the gradients of input, scale and shift
Contender = Callable[[], Results]


def dlkit_batch(X: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Contender:
    layer = BatchNorm(len(gamma))
    return _dlkit(layer, X, upstream, gamma, beta)


def dlkit_layer(X: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Contender:
    return _dlkit(LayerNorm(len(gamma)), X, upstream, gamma, beta)


def _dlkit(layer, X: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Contender:
    layer.params = {"gamma": gamma, "beta": beta}

    def step() -> Results:
        Y, cache = layer.forward(X, training=True)
        dX, gradients = layer.backward(upstream, cache)
        return [Y, dX, gradients["gamma"], gradients["beta"]]

    return step


def torch_batch(X: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Contender:
    make = torch.nn.BatchNorm1d if X.ndim == 2 else torch.nn.BatchNorm2d
    return _pytorch(make(len(gamma)), X, upstream, gamma, beta)


def torch_layer(X: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Contender:
    return _pytorch(torch.nn.LayerNorm(len(gamma)), X, upstream, gamma, beta)


def _pytorch(module, X: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Contender:
    torch.set_num_threads(1)
    inputs, dY = torch.tensor(X, requires_grad=True), torch.tensor(upstream)
    module = module.to(inputs.dtype)
    module.weight.data, module.bias.data = torch.tensor(gamma), torch.tensor(beta)

    def step() -> Results:
        inputs.grad = module.weight.grad = module.bias.grad = None
        Y = module(inputs)
        Y.backward(dY)
        return [value.detach().numpy() for value in (Y, inputs.grad, module.weight.grad, module.bias.grad)]

    return step


def numpy_ml_batch(X: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Contender:
    layers = import_numpy_ml()
    images = X.ndim == 4
    if images:  # it keeps channels last: turned once, outside the time that is measured
        X, upstream = (np.ascontiguousarray(a.transpose(0, 2, 3, 1)) for a in (X, upstream))
    layer = (layers.BatchNorm2D if images else layers.BatchNorm1D)()
    layer.forward(X, retain_derived=False)  # makes its parameters
    layer.parameters["scaler"], layer.parameters["intercept"] = gamma.copy(), beta.copy()

    def step() -> Results:
        layer.flush_gradients()
        Y = layer.forward(X)
        dX = layer.backward(upstream)
        Y, dX = (np.moveaxis(a, -1, 1) if images else a for a in (Y, dX))
        return [Y, dX, layer.gradients["scaler"], layer.gradients["intercept"]]

    return step


def import_numpy_ml():
    """Its layers; it needs a name that `collections` lost after Python 3.9."""
    if not hasattr(collections, "Hashable"):
        collections.Hashable = collections.abc.Hashable  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from numpy_ml.neural_nets import layers
    return layers


CASES = {
    "batch norm, rows": (ROWS, {"dlkit.numpy": dlkit_batch, "PyTorch eager": torch_batch, "numpy-ml": numpy_ml_batch}),
    "batch norm, images": (IMAGES, {"dlkit.numpy": dlkit_batch, "PyTorch eager": torch_batch, "numpy-ml": numpy_ml_batch}),
    "layer norm, rows": (ROWS, {"dlkit.numpy": dlkit_layer, "PyTorch eager": torch_layer}),
}


def run(quick: bool) -> list[harness.Comparison]:
    notes = []
    try:
        import_numpy_ml()
    except ImportError as error:
        notes.append(f"numpy-ml is not installed, so it is left out ({error}): pip install --no-deps numpy-ml")
    comparisons = []
    for name, (shape, makers) in CASES.items():
        for dtype in ("float64", "float32"):
            rng = np.random.default_rng(0)
            X, upstream = ((2 * rng.standard_normal(shape) + 1).astype(dtype) for _ in range(2))
            gamma, beta = (rng.standard_normal(shape[1]).astype(dtype) for _ in range(2))
            contenders = {label: make(X, upstream, gamma, beta) for label, make in makers.items()
                          if label != "numpy-ml" or not notes}
            check_that_all_do_the_same(contenders, 1e-8 if dtype == "float64" else 1e-3)
            comparisons.append(
                harness.compare(
                    f"{name}: {' x '.join(map(str, shape))}, {dtype}",
                    contenders,
                    baseline="dlkit.numpy",
                    quick=quick,
                    goal=GOAL,
                    notes=notes,
                )
            )
    return comparisons


def check_that_all_do_the_same(contenders: dict[str, Contender], tolerance: float) -> None:
    """Same output and gradients, else the comparison would be of different work."""
    (first, reference), *others = ((label, step()) for label, step in contenders.items())
    for label, results in others:
        for a, b in zip(reference, results, strict=True):
            if np.linalg.norm(a - np.reshape(b, a.shape)) > tolerance * np.linalg.norm(a):
                raise RuntimeError(f"{label} and {first} returned different numbers")


if __name__ == "__main__":
    harness.main(run, __doc__)
