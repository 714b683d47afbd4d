"""One step of Adam on all parameters of a network: dlkit.numpy against numpy-ml and PyTorch.

The gradients are given, so only the optimizers are compared; one thread, float64 and float32. Before anything is timed, all
contenders make three steps from the same start and must arrive at the same parameters.

numpy-ml is optional (pip install --no-deps numpy-ml); without it, the entry says so and compares the others.

examples:
  python benchmarks/bench_optimizers.py
  python benchmarks/bench_optimizers.py --json > optimizers.json
  python benchmarks/bench_optimizers.py --quick
"""

from __future__ import annotations

import collections
import collections.abc
import warnings
from collections.abc import Callable

import harness
import numpy as np
import torch

from dlkit.numpy.adam import Adam
from dlkit.numpy.network import mlp

LEARNING_RATE, EPSILON = 0.001, 1e-8
CASES = {"small": (20, 32, 3), "digits": (784, 128, 64, 10)}
GOAL = "numpy-ml and PyTorch eager at least 1 (times of dlkit.numpy)"

Arrays = dict[str, np.ndarray]
Contender = tuple[Callable[[], object], Callable[[], Arrays]]  # a step, and how to read the parameters


def dlkit_numpy(start: Arrays, grads: Arrays) -> Contender:
    optimizer, now = Adam(lr=LEARNING_RATE, eps=EPSILON), {"params": start}

    def step() -> None:
        now["params"] = optimizer.step(now["params"], grads)

    return step, lambda: now["params"]


def numpy_ml(start: Arrays, grads: Arrays) -> Contender:
    optimizer, now = import_numpy_ml().Adam(lr=LEARNING_RATE, eps=EPSILON), dict(start)

    def step() -> None:
        for name, value in now.items():
            now[name] = optimizer.update(value, grads[name], name)

    return step, lambda: now


def pytorch(start: Arrays, grads: Arrays, **options: bool) -> Contender:
    torch.set_num_threads(1)
    params = {name: torch.nn.Parameter(torch.tensor(value)) for name, value in start.items()}
    for name, param in params.items():
        param.grad = torch.tensor(grads[name])
    optimizer = torch.optim.Adam(params.values(), lr=LEARNING_RATE, eps=EPSILON, **options)
    return optimizer.step, lambda: {name: param.detach().numpy() for name, param in params.items()}


def pytorch_fused(start: Arrays, grads: Arrays) -> Contender:
    return pytorch(start, grads, fused=True)


def import_numpy_ml():
    """Its optimizers; it needs a name that `collections` lost after Python 3.9."""
    if not hasattr(collections, "Hashable"):
        collections.Hashable = collections.abc.Hashable  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from numpy_ml.neural_nets import optimizers
    return optimizers


def run(quick: bool) -> list[harness.Comparison]:
    makers = {"dlkit.numpy": dlkit_numpy, "PyTorch eager": pytorch, "PyTorch fused": pytorch_fused}
    notes = []
    try:
        import_numpy_ml()
        makers["numpy-ml"] = numpy_ml
    except ImportError as error:
        notes.append(f"numpy-ml is not installed, so it is left out ({error}): pip install --no-deps numpy-ml")
    comparisons = []
    for name, sizes in CASES.items():
        for dtype in ("float64", "float32"):
            rng = np.random.default_rng(0)
            start = {key: value.astype(dtype) for key, value in mlp(sizes, rng).params.items()}
            grads = {key: rng.standard_normal(value.shape).astype(dtype) for key, value in start.items()}
            contenders = {label: make(start, grads) for label, make in makers.items()}
            check_that_all_do_the_same(contenders, 1e-12 if dtype == "float64" else 1e-5)
            comparisons.append(
                harness.compare(
                    f"Adam step, {name}: {'-'.join(map(str, sizes))}, {dtype}",
                    {label: step for label, (step, _) in contenders.items()},
                    baseline="dlkit.numpy",
                    quick=quick,
                    goal=GOAL,
                    notes=notes,
                )
            )
    return comparisons


def check_that_all_do_the_same(contenders: dict[str, Contender], tolerance: float) -> None:
    """Three steps each: same parameters, else the comparison would be of different work."""
    reached = {}
    for label, (step, params) in contenders.items():
        for _ in range(3):
            step()
        reached[label] = params()
    (first, reference), *others = reached.items()
    for label, params in others:
        for name, value in reference.items():
            if value.dtype != params[name].dtype or not np.allclose(value, params[name], rtol=tolerance, atol=tolerance):
                raise RuntimeError(f"{label} and {first} reached different values of {name} after three steps")


if __name__ == "__main__":
    harness.main(run, __doc__)
