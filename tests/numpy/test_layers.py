"""Layers: the contract that networks rely on."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.gradient_check import check_gradients
from dlkit.numpy.initializers import he_normal
from dlkit.numpy.layers import Dense, Layer, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh

MAKERS = [lambda: Dense(5, 3, np.random.default_rng(0)), LeakyReLU, ReLU, Sigmoid, Softmax, Tanh]


@pytest.mark.parametrize("make", MAKERS)
def test_contract(make):
    rng, layer = np.random.default_rng(28), make()
    X = rng.standard_normal((7, 5))
    X.flags.writeable = False
    names = list(layer.params)

    def forward(X, *params):
        layer.params = dict(zip(names, params, strict=True))
        return layer.forward(X, training=True)

    def backward(dout, cache):
        dX, grads = layer.backward(dout, cache)
        assert list(grads) == names
        for name, value in layer.parameter_gradients(dout, cache).items():
            np.testing.assert_array_equal(value, grads[name])
        return dX, *grads.values()

    check_gradients(forward, backward, {"X": X, **layer.params}, rng, tolerance=1e-7)
    np.testing.assert_array_equal(layer.forward(X)[0], layer.forward(X, training=True)[0])


def test_dense_starts_with_zero_biases_and_the_weights_asked_for():
    layer = Dense(4, 3, np.random.default_rng(5), weight_init=he_normal)
    np.testing.assert_array_equal(layer.params["W"], he_normal((4, 3), np.random.default_rng(5)))
    assert layer.params["b"].tolist() == [0, 0, 0]
    assert (
        repr(layer) == "Dense(4, 3)" and repr(Tanh()) == "Tanh()" and repr(LeakyReLU(0.2)) == "LeakyReLU(0.2)"
    )


def test_leaky_relu_uses_its_slope():
    assert LeakyReLU(0.5).forward([[-2.0, 2.0]])[0].tolist() == [[-1.0, 2.0]]


def test_a_layer_of_ones_own_needs_forward_and_backward_only():
    class Double(Layer):
        def forward(self, X, training=False):
            return 2 * X, None

        def backward(self, dout, cache):
            return 2 * dout, {}

    layer = Double()
    assert layer.params == {} and layer.parameter_gradients(np.ones(1), None) == {}
    with pytest.raises(NotImplementedError):
        Layer().forward(np.ones((1, 1)))
