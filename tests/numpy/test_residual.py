"""Residual blocks: contract, gradients, and the highway."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.gradient_check import check_gradients
from dlkit.numpy.initializers import normal, zeros
from dlkit.numpy.layers import Dense, ReLU, Sigmoid, Tanh
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.network import Sequential
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.residual import Residual
from dlkit.numpy.signal_propagation import deep_network, signal_statistics, trace


def block(rng, activation=Tanh):
    return Residual(Dense(5, 3, rng), activation(), Dense(3, 5, rng))


@pytest.mark.parametrize("activation", [Tanh, Sigmoid, ReLU])
def test_gradients_of_input_and_parameters(activation):
    rng = np.random.default_rng(31)
    layer = block(rng, activation)
    X = rng.standard_normal((7, 5))
    X.flags.writeable = False
    names = list(layer.params)
    assert names == ["0.W", "0.b", "2.W", "2.b"]

    def forward(X, *params):
        layer.params = dict(zip(names, params, strict=True))
        return layer.forward(X, training=True)

    def backward(dout, cache):
        dX, grads = layer.backward(dout, cache)
        for name, value in layer.parameter_gradients(dout, cache).items():
            np.testing.assert_array_equal(value, grads[name])
        return dX, *(grads[name] for name in names)

    check_gradients(forward, backward, {"X": X, **layer.params}, rng, tolerance=1e-7)


def test_by_hand():
    """y = x + relu(2 x) is 3 x on the right of 0 and x on the left."""
    layer = Residual(Dense(1, 1, np.random.default_rng(0), lambda shape, rng: np.full(shape, 2.0)), ReLU())
    Y, cache = layer.forward([[1.0], [-1.0]])
    dX, grads = layer.backward([[10.0], [10.0]], cache)
    assert Y.tolist() == [[3.0], [-1.0]] and dX.tolist() == [[30.0], [10.0]] and grads["0.W"].tolist() == [[10.0]]


def test_a_branch_of_zeros_is_the_identity_with_a_gradient_of_its_own():
    rng = np.random.default_rng(32)
    layer = Residual(Dense(5, 3, rng), Tanh(), Dense(3, 5, rng, weight_init=zeros))
    X, dY = rng.standard_normal((7, 5)), rng.standard_normal((7, 5))
    Y, cache = layer.forward(X)
    dX, grads = layer.backward(dY, cache)
    np.testing.assert_array_equal(Y, X)
    np.testing.assert_array_equal(dX, dY)
    assert np.abs(grads["2.W"]).max() > 0


def test_the_gradient_reaches_the_first_of_fifty_layers():
    def first_to_last(residual):
        small = lambda shape, rng: normal(shape, rng, std=0.3 / np.sqrt(shape[0]))  # noqa: E731
        network = deep_network(50, 64, np.random.default_rng(33), small, residual=residual)
        rng = np.random.default_rng(34)
        sizes = signal_statistics(trace(network, rng.standard_normal((16, 64)), rng.standard_normal((16, 64))).gradients).rms
        return sizes[0] / sizes[-1]

    assert first_to_last(residual=False) < 1e-20
    assert 0.3 < first_to_last(residual=True) < 30


def test_dtype_is_kept_and_it_trains_in_a_chain():
    rng = np.random.default_rng(35)
    network = Sequential(block(rng), Dense(5, 1, rng))
    network.params = {name: value.astype(np.float32) for name, value in network.params.items()}
    X = rng.standard_normal((17, 5)).astype(np.float32)
    y = X[:, :1] * X[:, 1:2]
    assert network.predict(X).dtype == np.float32
    history = network.fit(X, y, mse, GradientDescent(lr=0.1), 100, None, rng)
    assert history["loss"][-1] < 0.5 * history["loss"][0]


def test_errors():
    with pytest.raises(ValueError, match="Residual got no layers"):
        Residual()
    with pytest.raises(ValueError, match=r"F\(X\) has shape \(2, 3\), expected \(2, 5\) to match X"):
        Residual(Dense(5, 3, np.random.default_rng(0))).forward(np.ones((2, 5)))
