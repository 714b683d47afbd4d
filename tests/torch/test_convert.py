"""Networks carried to PyTorch and back compute the same, and share no memory."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dlkit.numpy import layers as numpy_layers
from dlkit.numpy.activations import elu_backward, elu_forward
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.network import Sequential, mlp
from dlkit.numpy.normalization_layers import BatchNorm
from dlkit.numpy.residual import Residual
from dlkit.numpy.signal_propagation import deep_network
from dlkit.torch.convert import from_torch, to_torch
from dlkit.torch.device import available_devices
from dlkit.torch.residual import Residual as TorchResidual


def every_kind(dtype: str) -> Sequential:
    rng = np.random.default_rng(0)
    network = Sequential(
        numpy_layers.Dense(5, 7, rng), numpy_layers.Tanh(),
        numpy_layers.Dense(7, 3, rng), numpy_layers.LeakyReLU(0.2),
        Sequential(numpy_layers.Dense(3, 11, rng), numpy_layers.ReLU()),
        Residual(numpy_layers.Dense(11, 3, rng), Residual(numpy_layers.Tanh()), numpy_layers.Dense(3, 11, rng)),
        numpy_layers.Dense(11, 2, rng), numpy_layers.Sigmoid(), numpy_layers.Softmax(),
    )  # fmt: skip
    network.params = {name: rng.standard_normal(value.shape).astype(dtype) for name, value in network.params.items()}
    return network


@pytest.mark.parametrize("device", available_devices(), ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_there_and_back(dtype: str, device: torch.device) -> None:
    network = every_kind(dtype)
    X = np.random.default_rng(1).standard_normal((13, 5)).astype(dtype)
    module = to_torch(network, device=device)
    back = from_torch(module)

    assert module.predict(X).dtype == getattr(torch, dtype)
    assert module.device.type == device.type
    tolerance = 1e-5 if dtype == "float32" else 1e-12
    np.testing.assert_allclose(module.predict(X).numpy(), network.predict(X), rtol=tolerance)
    np.testing.assert_array_equal(back.predict(X), network.predict(X))
    assert repr(back) == repr(network)
    assert {name: value.dtype for name, value in back.params.items()} == dict.fromkeys(network.params, dtype)
    assert module.count_parameters() == network.count_parameters() == back.count_parameters()


def test_parameters_are_copied() -> None:
    network = mlp([2, 3, 1], np.random.default_rng(0))
    module = to_torch(network)
    back = from_torch(module)
    before = {name: value.copy() for name, value in network.params.items()}
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(9.0)
    for name, value in before.items():
        assert np.array_equal(network.params[name], value) and np.array_equal(back.params[name], value)


def test_residual_blocks_compute_the_same_forwards_and_backwards() -> None:
    ours = deep_network(3, 5, np.random.default_rng(2), residual=True)
    theirs = to_torch(ours)
    assert [type(block) for block in theirs] == [TorchResidual] * 3
    X, target = np.random.default_rng(3).standard_normal((2, 7, 5))
    prediction, caches = ours.forward(X)
    dX, grads = ours.backward(mse(prediction, target)[1], caches)
    inputs = torch.from_numpy(X).requires_grad_()
    nn.functional.mse_loss(theirs(inputs), torch.from_numpy(target)).backward()
    np.testing.assert_allclose(inputs.grad.numpy(), dX, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(theirs[1].branch[0].weight.grad.T.numpy(), grads["1.0.W"], rtol=1e-10, atol=1e-13)
    back = from_torch(nn.Sequential(*theirs))
    assert repr(back) == repr(ours)
    np.testing.assert_array_equal(back.predict(X), ours.predict(X))


def test_a_layer_inside_a_residual_block_keeps_its_state_and_shares_nothing() -> None:
    X = np.random.default_rng(4).standard_normal((13, 3))
    block = Residual(BatchNorm(3))
    block.forward(X, training=True)
    module = to_torch(block)
    back = from_torch(module)
    before = block.forward(X)[0]
    with torch.no_grad():
        module.branch[0].running_mean.fill_(9.0)
        module.branch[0].weight.fill_(9.0)
    for layer in (block, back):
        assert np.abs(layer.branch.layers[0].running_mean).min() > 0
        np.testing.assert_array_equal(layer.forward(X)[0], before)


def test_a_plain_pytorch_network_comes_across() -> None:
    module = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2, bias=False), nn.Softmax(dim=1))
    X = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    np.testing.assert_allclose(from_torch(module).predict(X.numpy()), module(X).detach().numpy(), rtol=1e-5)


def test_what_has_no_counterpart_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="Conv2d has no counterpart in dlkit.numpy, expected one of Dense"):
        from_torch(nn.Sequential(nn.Conv2d(1, 1, 3)))
    with pytest.raises(TypeError, match="axis 0 has no counterpart"):
        from_torch(nn.Softmax(dim=0))
    with pytest.raises(TypeError, match=r"Activation\(\) has no counterpart in dlkit.torch"):
        to_torch(Sequential(numpy_layers.Activation(elu_forward, elu_backward)))
    with pytest.raises(TypeError, match="Conv1d has no counterpart .*Sequential, Residual"):
        from_torch(TorchResidual(nn.Conv1d(1, 1, 1)))
    with pytest.raises(TypeError, match=r"Activation\(\) has no counterpart in dlkit.torch"):
        to_torch(Residual(numpy_layers.Activation(elu_forward, elu_backward)))
