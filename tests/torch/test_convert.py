"""Networks carried to PyTorch and back compute the same, and share no memory."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dlkit.numpy import layers as numpy_layers
from dlkit.numpy.activations import elu_backward, elu_forward
from dlkit.numpy.network import Sequential, mlp
from dlkit.torch.convert import from_torch, to_torch
from dlkit.torch.device import available_devices


def every_kind(dtype: str) -> Sequential:
    rng = np.random.default_rng(0)
    network = Sequential(
        numpy_layers.Dense(5, 7, rng), numpy_layers.Tanh(),
        numpy_layers.Dense(7, 3, rng), numpy_layers.LeakyReLU(0.2),
        Sequential(numpy_layers.Dense(3, 11, rng), numpy_layers.ReLU()),
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
