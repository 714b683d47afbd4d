"""`dlkit.numpy` and `dlkit.torch` compute the same: values, gradients of inputs, gradients of parameters.

The hand-written backward passes are compared with PyTorch's autograd, with a random upstream gradient.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest
import torch

from dlkit.torch.device import available_devices

from .operations import OPERATIONS
from .rows import Operation

TOLERANCES = {"float64": 1e-12, "float32": 2e-5}

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
every_dtype = pytest.mark.parametrize("dtype", TOLERANCES)
every_device = pytest.mark.parametrize("device", available_devices(), ids=str)


def draw(operation: Operation, dtype: str) -> tuple[dict[str, Any], np.random.Generator]:
    rng = np.random.default_rng(zlib.crc32(operation.name.encode()))
    inputs = operation.draw(rng)
    for name, value in inputs.items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            inputs[name] = value.astype(dtype)
    return inputs, rng


def tensors(operation: Operation, inputs: dict[str, Any], device: torch.device, *, track: bool) -> dict[str, Any]:
    made = {}
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            value = torch.tensor(value, device=device)
            if track and value.is_floating_point() and name not in operation.constants:
                value.requires_grad_()
        made[name] = value
    return made


def parts(output: Any) -> list[Any]:
    return list(output) if isinstance(output, (tuple, list)) else [output]


def to_numpy(value: Any) -> np.ndarray:
    return value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)


def assert_same(ours: Any, theirs: Any, tolerance: float, what: str) -> None:
    ours, theirs = to_numpy(ours), to_numpy(theirs)
    assert ours.shape == theirs.shape, f"{what}: shape {ours.shape} in NumPy, {theirs.shape} in PyTorch"
    assert np.isfinite(ours).all() and np.isfinite(theirs).all(), f"{what} is not finite"
    difference = np.linalg.norm(np.subtract(ours, theirs, dtype=np.float64))
    size = max(np.linalg.norm(ours.astype(np.float64)), np.linalg.norm(theirs.astype(np.float64)), 1e-30)
    assert difference <= tolerance * size, f"{what} differs: relative error {difference / size:.1e}"


@every_device
@every_dtype
@every_operation
def test_values(operation: Operation, dtype: str, device: torch.device) -> None:
    inputs, _ = draw(operation, dtype)
    before = {name: np.copy(value) for name, value in inputs.items()}
    ours, _ = operation.numpy(**inputs)
    theirs = operation.torch(**tensors(operation, inputs, device, track=False))
    for i, (a, b) in enumerate(zip(parts(ours), parts(theirs), strict=True)):
        assert_same(a, b, TOLERANCES[dtype], f"output {i}")
        if isinstance(a, np.ndarray) and isinstance(b, torch.Tensor) and a.dtype.kind == "f":
            assert str(a.dtype) == dtype and str(b.dtype) == f"torch.{dtype}", (
                f"output {i} is {a.dtype} in NumPy and {b.dtype} in PyTorch for {dtype} inputs"
            )
    for name, value in inputs.items():
        assert np.array_equal(value, before[name]), f"{name} was modified"


DIFFERENTIABLE = [
    operation for operation in OPERATIONS if operation.numpy(**operation.draw(np.random.default_rng(0)))[1] is not None
]


@every_device
@every_dtype
@pytest.mark.parametrize("operation", DIFFERENTIABLE, ids=lambda operation: operation.name)
def test_gradients(operation: Operation, dtype: str, device: torch.device) -> None:
    inputs, rng = draw(operation, dtype)
    output, backward = operation.numpy(**inputs)
    upstream = np.asarray(rng.standard_normal(np.shape(output))).astype(dtype)
    ours = backward(upstream)

    tracked = tensors(operation, inputs, device, track=True)
    operation.torch(**tracked).backward(torch.tensor(upstream, device=device))
    theirs = {name: t.grad for name, t in tracked.items() if isinstance(t, torch.Tensor) and t.requires_grad}

    assert ours.keys() == theirs.keys()
    for name, gradient in ours.items():
        assert gradient.dtype == dtype, f"the gradient of {name} is {gradient.dtype} for {dtype} inputs"
        assert_same(gradient, theirs[name], TOLERANCES[dtype], f"the gradient of {name}")


def test_the_table_names_every_row_once() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))
