"""Normalisation in both libraries: values, gradients, layers that train, networks carried across."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dlkit.numpy import layers as numpy_layers
from dlkit.numpy import normalization_layers as numpy_norms
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.network import Sequential
from dlkit.numpy.optim import GradientDescent
from dlkit.torch import normalization_layers as torch_norms
from dlkit.torch.convert import from_torch, to_torch

from . import test_parity as parity
from .rows import Array, Backward, D, K, M, Maker, N, Operation, distribution, draw, normal, pair, same

NORMALIZATION = pair("normalization")


def offset(*shape: int) -> Maker:
    """Channels with means and spreads of their own, as real data have them."""
    def make(rng: np.random.Generator) -> Array:
        column = (1, shape[1], *[1] * (len(shape) - 2))
        return rng.standard_normal(shape) * rng.uniform(0.5, 3.0, column) + 5 * rng.standard_normal(column)
    return make


def norm(name: str, note: str, X: Maker, affine: tuple[int, ...], *options: int, eps: float = 1e-5, **more: Maker) -> Operation:
    modules = NORMALIZATION
    names = ("X", "gamma", "beta")

    def with_backward(X: Array, gamma: Array, beta: Array, **rest: Array) -> tuple[Array, Backward]:
        Y, cache = getattr(modules.numpy, f"{name}_forward")(X, *options, gamma, beta, *rest.values(), eps=eps)
        backward = getattr(modules.numpy, f"{name}_backward")
        return Y, lambda upstream: dict(zip(names, backward(upstream, cache), strict=True))

    def in_torch(X: Any, gamma: Any, beta: Any, **rest: Any) -> Any:
        return getattr(modules.torch, name)(X, *options, gamma, beta, *rest.values(), eps=eps)

    return Operation(f"{name} {note}".strip(), draw(X=X, gamma=normal(*affine), beta=normal(*affine), **more),
                     with_backward, in_torch, frozenset(more))


def positive(*shape: int) -> Maker:
    return lambda rng: rng.uniform(0.5, 4.0, size=shape)


OPERATIONS = [
    norm("batch_norm", "", offset(N, D), (D,)),
    norm("batch_norm", "sequence", offset(N, D, M), (D,)),
    norm("batch_norm", "images", offset(N, D, M, 2), (D,)),
    norm("batch_norm", "large eps", offset(N, D), (D,), eps=0.5),
    norm("batch_norm", "two rows", normal(2, D), (D,)),
    norm("batch_norm_inference", "", offset(N, D), (D,), running_mean=normal(D), running_var=positive(D)),
    norm("batch_norm_inference", "images", offset(N, D, M, 2), (D,), running_mean=normal(D), running_var=positive(D)),
    norm("batch_norm_inference", "one row", offset(1, D), (D,), running_mean=normal(D), running_var=positive(D)),
    norm("layer_norm", "", offset(N, D), (D,)),
    norm("layer_norm", "sequence", normal(N, M, D), (D,)),
    norm("layer_norm", "whole image", normal(N, M, D, 2), (M, D, 2)),
    norm("layer_norm", "large eps", normal(N, D), (D,), eps=0.5),
    norm("group_norm", "two groups of 3", normal(N, 6), (6,), 2),
    norm("group_norm", "images", offset(N, 6, M, 2), (6,), 3),
    norm("group_norm", "one group", offset(N, D, M, 2), (D,), 1),
    norm("group_norm", "single channels", offset(N, D, K), (D,), D),
    norm("instance_norm", "sequence", offset(N, D, K), (D,)),
    norm("instance_norm", "images", offset(N, D, M, 2), (D,)),
    *(same(NORMALIZATION, "running_statistics", note, inputs={"X": X, "running_mean": normal(D), "running_var": positive(D)},
           momentum=momentum)
      for note, X, momentum in (("", offset(N, D), 0.1), ("images", offset(N, D, M, 2), 0.3), ("forget", offset(2, D), 1.0))),
    same(NORMALIZATION, "running_statistics", "probabilities",
         inputs={"X": distribution(N, D), "running_mean": normal(D), "running_var": positive(D)}),
]
DIFFERENTIABLE = [operation for operation in OPERATIONS if not operation.name.startswith("running")]
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


@parity.every_device
@parity.every_dtype
@every_operation
def test_values(operation: Operation, dtype: str, device: torch.device) -> None:
    parity.test_values(operation, dtype, device)


@parity.every_device
@parity.every_dtype
@pytest.mark.parametrize("operation", DIFFERENTIABLE, ids=lambda operation: operation.name)
def test_gradients(operation: Operation, dtype: str, device: torch.device) -> None:
    parity.test_gradients(operation, dtype, device)


# -- layers --------------------------------------------------------------------------------------------------------------

CHANNELS = 6
LAYERS: dict[str, tuple[Callable[[], numpy_layers.Layer], Callable[[], nn.Module], tuple[int, ...]]] = {
    "batch, rows": (lambda: numpy_norms.BatchNorm(CHANNELS, 0.2, 1e-3), lambda: nn.BatchNorm1d(CHANNELS, 1e-3, 0.2), (N, CHANNELS)),
    "batch, images": (lambda: numpy_norms.BatchNorm(CHANNELS), lambda: nn.BatchNorm2d(CHANNELS), (N, CHANNELS, 3, 5)),
    "batch, volumes": (lambda: numpy_norms.BatchNorm(CHANNELS), lambda: nn.BatchNorm3d(CHANNELS), (N, CHANNELS, 3, 2, 5)),
    "layer": (lambda: numpy_norms.LayerNorm(5, 1e-3), lambda: nn.LayerNorm(5, 1e-3), (N, CHANNELS, 5)),
    "layer, two axes": (lambda: numpy_norms.LayerNorm((3, 5)), lambda: nn.LayerNorm((3, 5)), (N, CHANNELS, 3, 5)),
    "group": (lambda: numpy_norms.GroupNorm(3, CHANNELS, 1e-3), lambda: nn.GroupNorm(3, CHANNELS, 1e-3), (N, CHANNELS, 3, 5)),
    "instance": (lambda: numpy_norms.InstanceNorm(CHANNELS, 1e-3), lambda: nn.InstanceNorm2d(CHANNELS, 1e-3, affine=True),
                 (N, CHANNELS, 3, 5)),
}
every_layer = pytest.mark.parametrize("kind", LAYERS)


def tolerance(dtype: str) -> dict[str, float]:
    return {"rtol": 1e-4, "atol": 1e-5} if dtype == "float32" else {"rtol": 1e-10, "atol": 1e-11}


@parity.every_dtype
@every_layer
def test_layers_behave_like_pytorchs_through_training_and_inference(kind: str, dtype: str) -> None:
    make, make_torch, shape = LAYERS[kind]
    rng = np.random.default_rng(41)
    ours, theirs = make(), make_torch().to(getattr(torch, dtype))
    ours.params = {name: rng.standard_normal(value.shape).astype(dtype) for name, value in ours.params.items()}
    with torch.no_grad():
        theirs.weight.copy_(torch.from_numpy(ours.params["gamma"]))
        theirs.bias.copy_(torch.from_numpy(ours.params["beta"]))
    for training in (True, True, False, True, False):
        X, upstream = (offset(*shape)(rng).astype(dtype) for _ in range(2))
        Y, cache = ours.forward(X, training)
        dX, gradients = ours.backward(upstream, cache)
        theirs.train(training).zero_grad()
        X_torch = torch.from_numpy(X).requires_grad_()
        Y_torch = theirs(X_torch)
        Y_torch.backward(torch.from_numpy(upstream))
        assert Y.dtype == dX.dtype == dtype
        np.testing.assert_allclose(Y, Y_torch.detach().numpy(), **tolerance(dtype))
        np.testing.assert_allclose(dX, X_torch.grad.numpy(), **tolerance(dtype))
        np.testing.assert_allclose(gradients["gamma"], theirs.weight.grad.numpy(), **tolerance(dtype))
        np.testing.assert_allclose(gradients["beta"], theirs.bias.grad.numpy(), **tolerance(dtype))
    if isinstance(ours, numpy_norms.BatchNorm):
        assert ours.running_mean.dtype == ours.running_var.dtype == dtype
        np.testing.assert_allclose(ours.running_mean, theirs.running_mean.numpy(), **tolerance(dtype))
        np.testing.assert_allclose(ours.running_var, theirs.running_var.numpy(), **tolerance(dtype))


@parity.every_dtype
@every_layer
def test_layers_are_carried_across_and_back(kind: str, dtype: str) -> None:
    make, make_torch, shape = LAYERS[kind]
    rng = np.random.default_rng(42)
    layer = make()
    layer.params = {name: rng.standard_normal(value.shape).astype(dtype) for name, value in layer.params.items()}
    X = offset(*shape)(rng).astype(dtype)
    layer.forward(X, training=True)  # the running statistics must come along
    module = to_torch(layer).eval()
    assert type(module).__name__ == type(layer).__name__
    assert module.weight.dtype == getattr(torch, dtype)
    np.testing.assert_allclose(module(torch.from_numpy(X)).detach().numpy(), layer.forward(X)[0], **tolerance(dtype))
    back = from_torch(module)
    assert repr(back) == repr(layer) and type(back) is type(layer)
    assert vars(back).keys() == vars(layer).keys()
    for name, value in vars(layer).items():
        if name != "params":
            np.testing.assert_array_equal(getattr(back, name), value)
    np.testing.assert_array_equal(back.forward(X)[0], layer.forward(X)[0])
    # PyTorch's own class comes across, too
    theirs = make_torch().to(getattr(torch, dtype)).eval()
    np.testing.assert_allclose(from_torch(theirs).forward(X)[0], theirs(torch.from_numpy(X)).detach().numpy(), **tolerance(dtype))


def test_nothing_is_shared_after_a_conversion() -> None:
    layer = numpy_norms.BatchNorm(3)
    module = to_torch(layer)
    back = from_torch(module)
    module(torch.randn(5, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))
    with torch.no_grad():
        module.weight.fill_(9.0)
    assert layer.params["gamma"].tolist() == back.params["gamma"].tolist() == [1, 1, 1]
    assert layer.running_mean.tolist() == back.running_mean.tolist() == [0, 0, 0]


def test_modules_without_scale_and_shift_get_one_and_zero() -> None:
    for module in (nn.BatchNorm1d(3, affine=False), nn.LayerNorm(3, elementwise_affine=False), nn.LayerNorm(3, bias=False),
                   nn.GroupNorm(3, 3, affine=False), nn.InstanceNorm1d(3)):
        layer = from_torch(module)
        assert layer.params["gamma"].tolist() == [1, 1, 1] and layer.params["beta"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("module", [nn.BatchNorm1d(3, track_running_stats=False), nn.BatchNorm1d(3, momentum=None),
                                    nn.InstanceNorm1d(3, track_running_stats=True)], ids=repr)
def test_what_has_no_counterpart_is_refused(module: nn.Module) -> None:
    with pytest.raises(TypeError, match="has no counterpart, expected"):
        from_torch(module)


def test_a_network_trains_to_the_same_weights_and_predictions() -> None:
    rng = np.random.default_rng(43)
    X, y = rng.standard_normal((24, 5)), rng.standard_normal((24, 2))
    ours = Sequential(numpy_layers.Dense(5, 7, rng), numpy_norms.BatchNorm(7), numpy_layers.Tanh(),
                      numpy_layers.Dense(7, 6, rng), numpy_norms.LayerNorm(6), numpy_layers.ReLU(),
                      numpy_norms.GroupNorm(2, 6), numpy_layers.Dense(6, 2, rng))  # fmt: skip
    theirs = to_torch(ours)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.1)
    for _ in range(20):
        ours.train_step(X, y, mse, GradientDescent(lr=0.1))
        optimizer.zero_grad()
        nn.functional.mse_loss(theirs.train()(torch.from_numpy(X)), torch.from_numpy(y)).backward()
        optimizer.step()
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X).numpy(), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.layers[1].running_var, theirs[1].running_var.numpy(), rtol=1e-6)
    np.testing.assert_allclose(ours.predict(X)[:1], ours.predict(X[:1]), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(("layer", "shape"), [(torch_norms.BatchNorm(3), (5,)), (torch_norms.BatchNorm(3), (5, 2)),
                                              (torch_norms.InstanceNorm(3), (5, 3)), (torch_norms.InstanceNorm(3), (5, 2, 4))])
def test_wrong_shapes_are_named(layer: nn.Module, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"X has shape .*, expected \(N, 3, ...\)"):
        layer(torch.zeros(shape))
