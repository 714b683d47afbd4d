"""Errata on initialisation and stability: one call with the slip gives the printed value, another the right one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlkit.numpy import initializers
from dlkit.numpy.activations import identity, relu, selu, sigmoid_derivative, tanh
from dlkit.numpy.floating_point import round_to
from dlkit.numpy.gradient_check import relative_error
from dlkit.numpy.initializers import fans
from dlkit.numpy.layers import Dense, Sigmoid, Tanh
from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.network import Sequential
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.signal_propagation import (
    deep_network,
    gradient_factor,
    signal_statistics,
    trace,
    variance_path,
)
from dlkit.numpy.softmax import log_softmax, softmax

N = 100


def test_E1_11_the_root_is_the_standard_deviation():
    """A variance of sqrt(1/n) makes the signal of fifty linear layers 10^50 times too large; He's does it with ReLU."""
    assert variance_path(identity, math.sqrt(N * math.sqrt(1 / N)), 50)[-1] == pytest.approx(1e50, rel=1e-6)
    assert variance_path(identity, math.sqrt(N * (1 / N)), 50)[-1] == pytest.approx(1.0)
    assert variance_path(relu, math.sqrt(N * math.sqrt(2 / N)), 50)[-1] == pytest.approx((N * math.sqrt(2 / N) / 2) ** 50, rel=1e-4)
    assert variance_path(relu, math.sqrt(N * (2 / N)), 50)[-1] == pytest.approx(1.0, rel=1e-6)


def test_E1_11_randn_over_the_root_of_the_fan_in_is_lecun_not_xavier():
    shape, rng = (100, 400), np.random.default_rng(61)
    printed = rng.standard_normal(shape) / math.sqrt(fans(shape)[0])
    assert printed.std() == pytest.approx(0.1, rel=0.02) == pytest.approx(initializers.lecun_normal(shape, rng).std(), rel=0.02)
    right = initializers.xavier_normal(shape, rng)
    assert right.std() == pytest.approx(math.sqrt(2 / 500), rel=0.02)
    uniform = initializers.xavier_uniform(shape, rng)  # what Keras calls glorot_uniform
    assert np.abs(uniform).max() == pytest.approx(math.sqrt(6 / 500), rel=1e-3)


def test_E1_11_selu_goes_with_lecun():
    assert variance_path(selu, math.sqrt(2), 50)[-1] > 1000
    assert variance_path(selu, 1.0, 50)[-1] == pytest.approx(1.0, rel=1e-3)


def test_E3_50_weight_decay_does_not_repair_rounding():
    """Tiny gradients in float16: with decay it is another gradient, with a scaled loss it is the right one."""
    rng = np.random.default_rng(62)
    true, weights = 1e-8 * rng.standard_normal(1000), 0.1 * rng.standard_normal(1000)
    assert (round_to(true, "float16") == 0).mean() > 0.9
    assert relative_error(round_to(true + 1e-4 * weights, "float16"), true) > 0.99
    scaled = round_to(2.0**16 * true, "float16") / 2.0**16
    assert (scaled == 0).mean() < 0.01 and relative_error(scaled, true) < 1e-3


def test_E3_50_stable_formulas_repair_overflow():
    Z = round_to([[12.0, 11.0, 0.0]], "float16").astype(np.float16)
    with np.errstate(over="ignore", invalid="ignore"):
        naive = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    assert not np.isfinite(naive).all()
    np.testing.assert_allclose(softmax(Z), softmax(Z.astype(float)), atol=1e-3)
    assert np.isfinite(log_softmax(Z)).all()


def test_E3_54_uniform_is_random_too():
    """Two laws of the same variance: a tanh layer does not tell them apart."""
    rng = np.random.default_rng(63)
    X = rng.standard_normal((200, 100))
    limit = math.sqrt(3 / 100)
    uniform = tanh(X @ initializers.uniform((100, 100), rng, low=-limit, high=limit))
    normal = tanh(X @ initializers.normal((100, 100), rng, std=0.1))
    assert uniform.std() == pytest.approx(normal.std(), rel=0.03)
    other = tanh(X @ initializers.uniform((100, 100), rng, low=-0.1, high=0.1))  # the same limit as the spread: another variance
    assert other.std() < 0.85 * normal.std()


# -- what the notes say in words, in numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize("start", [lambda s, r: initializers.zeros(s), lambda s, r: initializers.constant(s, value=0.5)])
def test_equal_units_stay_equal(start):
    rng = np.random.default_rng(64)
    X, T = rng.standard_normal((20, 3)), rng.standard_normal((20, 2))
    network = Sequential(Dense(3, 4, rng, start), Sigmoid(), Dense(4, 2, rng, start))
    for _ in range(100):
        network.train_step(X, T, mse, GradientDescent(0.5))
    W = network.params["0.W"]
    np.testing.assert_allclose(W, W[:, :1] @ np.ones((1, 4)), rtol=1e-12)


def test_from_zeros_only_what_does_not_pass_a_weight_moves():
    rng = np.random.default_rng(65)
    X, T = rng.standard_normal((20, 3)), rng.standard_normal((20, 2))
    moved = {}
    for activation in (Tanh, Sigmoid):
        network = Sequential(Dense(3, 4, rng, initializers.zeros), activation(), Dense(4, 2, rng, initializers.zeros))
        prediction, caches = network.forward(X)
        grads = network.parameter_gradients(mse(prediction, T)[1], caches)
        moved[activation] = {name for name, g in grads.items() if g.any()}
    assert moved == {Tanh: {"2.b"}, Sigmoid: {"2.W", "2.b"}}


def test_too_small_and_too_large():
    """Weights within 0.01: the signal loses a factor of 17 per layer of 100 units; within 3: tanh saturates."""
    X = np.random.default_rng(66).standard_normal((64, 100))

    def spread(limit):
        network = deep_network(50, 100, np.random.default_rng(67), lambda s, r: initializers.uniform(s, r, low=-limit, high=limit))
        return signal_statistics(trace(network, X).outputs).rms

    small, large = spread(0.01), spread(3.0)
    assert small[0] / small[1] == pytest.approx(100 * math.sqrt(3) / 10, rel=0.15)
    assert small[-1] < 1e-60 and large.min() > 0.97


def test_the_gradient_of_sigmoids_fades_at_least_by_a_quarter():
    assert sigmoid_derivative(0.0) == 0.25 == np.max(sigmoid_derivative(np.linspace(-5, 5, 101)))
    assert gradient_factor(sigmoid_derivative, 1.0) < 1 / 16
    rng = np.random.default_rng(68)
    layers = []
    for fan_in, fan_out in ((7, 50), *((50, 50),) * 9, (50, 3)):
        layers += [Dense(fan_in, fan_out, rng), Sigmoid()]
    network = Sequential(*layers[:-1])
    X, y = rng.standard_normal((30, 7)), rng.integers(3, size=30)
    _, upstream = cross_entropy(network.predict(X), y)
    sizes = signal_statistics(trace(network, X, upstream).gradients).rms
    assert sizes[0] < 1e-5 * sizes[-1]
