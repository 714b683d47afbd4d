"""Signals through deep networks: what is traced is what is there, and predictions for wide layers hold."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy import activations, initializers
from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.layers import Dense, ReLU, Sigmoid, Tanh
from dlkit.numpy.network import Sequential, mlp
from dlkit.numpy.residual import Residual
from dlkit.numpy.signal_propagation import (
    deep_network,
    grad_norms_by_layer,
    gradient_factor,
    mean_square,
    preserving_gain,
    signal_statistics,
    trace,
    variance_path,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_trace_is_what_the_network_computes():
    network = mlp([5, 3, 2], rng(1), hidden=Sigmoid)
    X, upstream = rng(2).standard_normal((7, 5)), rng(3).standard_normal((7, 2))
    before = X.copy()
    passed = trace(network, X, upstream)
    output, caches = network.forward(X)
    dX, grads = network.backward(upstream, caches)
    np.testing.assert_array_equal(passed.outputs[-1], output)
    np.testing.assert_array_equal(passed.gradients[-1], upstream)
    assert [a.shape for a in passed.outputs] == [g.shape for g in passed.gradients] == [(7, 3), (7, 3), (7, 2)]
    assert {f"{i}.{n}" for i, g in enumerate(passed.parameter_gradients) for n in g} == set(grads)
    for i, group in enumerate(passed.parameter_gradients):
        for name, value in group.items():
            np.testing.assert_array_equal(value, grads[f"{i}.{name}"])
    np.testing.assert_array_equal(X, before)
    assert trace(network, X).gradients == [] and len(trace(network, X).outputs) == 3


@pytest.mark.parametrize("at", [0, 1, 2])
def test_traced_gradients_are_those_of_the_outputs(at):
    """Move the output of a layer, run the rest: central differences agree."""
    network = deep_network(3, 5, rng(4), residual=at == 1)
    X, upstream = rng(5).standard_normal((7, 5)), rng(6).standard_normal((7, 5))
    passed = trace(network, X, upstream)
    rest = network.layers[at + 1:]

    def value(A):
        return float((upstream * (Sequential(*rest).predict(A) if rest else A)).sum())

    assert relative_error(passed.gradients[at], numerical_gradient(value, passed.outputs[at])) < 1e-8


def test_norms_of_the_parameter_gradients():
    network = Sequential(Dense(5, 3, rng(7)), Tanh(), Dense(3, 2, rng(8)))
    X, upstream = rng(9).standard_normal((7, 5)), rng(10).standard_normal((7, 2))
    grads = network.backward(upstream, network.forward(X)[1])[1]
    expected = [np.sqrt((grads[f"{i}.W"] ** 2).sum() + (grads[f"{i}.b"] ** 2).sum()) for i in (0, 2)]
    np.testing.assert_allclose(grad_norms_by_layer(network, X, upstream), expected, rtol=1e-12)


def test_statistics_of_known_arrays():
    statistics = signal_statistics([[[3.0, -3.0], [0.0, 0.0]], [1e-200, 1e-200], [0.0], [np.inf, 1.0]])
    assert statistics.mean[:3].tolist() == [0.0, 1e-200, 0.0]
    np.testing.assert_allclose(statistics.std[:3], [np.sqrt(4.5), 0.0, 0.0])
    np.testing.assert_allclose(statistics.rms[:3], [np.sqrt(4.5), 1e-200, 0.0], rtol=1e-12)
    assert statistics.rms[3] == np.inf and statistics.zeros.tolist() == [0.5, 0.0, 1.0, 0.0]


def test_deep_networks_of_both_kinds():
    plain, highway = deep_network(3, 5, rng(1), activation=ReLU), deep_network(3, 5, rng(1), residual=True)
    assert len(plain.layers) == 3 and all(isinstance(b, Residual) for b in highway.layers)
    assert repr(plain.layers[0]) == "Sequential(Dense(5, 5), ReLU())"
    np.testing.assert_array_equal(plain.params["0.0.W"], highway.params["0.0.W"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: deep_network(0, 3, rng()), "depth is 0 and width 3, expected both at least 1"),
        (lambda: trace(deep_network(1, 3, rng()), np.ones((2, 3)), np.ones((2, 1))), r"upstream has shape \(2, 1\)"),
        (lambda: signal_statistics([]), "signals has 0 arrays, expected at least one"),
        (lambda: signal_statistics([np.zeros(0)]), "none empty"),
        (lambda: mean_square(np.tanh, -1.0), "variance is -1.0, expected a number >= 0"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# -- predictions ---------------------------------------------------------------------------------------------------------


def test_mean_squares_that_are_known_exactly():
    assert mean_square(activations.identity, 5.0) == pytest.approx(5.0, rel=1e-12)
    assert mean_square(activations.relu, 5.0) == pytest.approx(2.5, rel=1e-6)
    assert mean_square(lambda z: activations.leaky_relu(z, 0.5), 4.0) == pytest.approx(2.5, rel=1e-6)
    assert mean_square(activations.step, 4.0) == pytest.approx(0.5, rel=1e-12)  # a jump at 0
    assert mean_square(np.tanh, 0.0) == 0.0
    assert preserving_gain(activations.selu) == pytest.approx(1.0, abs=1e-6)
    assert gradient_factor(activations.relu_derivative, 3.0) == pytest.approx(4.5, rel=1e-12)
    assert gradient_factor(activations.sigmoid_derivative, 2.0, 0.0) == pytest.approx(4 / 16, rel=1e-12)


def test_mean_square_agrees_with_chance():
    """10^6 normal numbers: the mean of tanh^2 strays by less than 0.04 %."""
    z = rng(11).standard_normal(1_000_000)
    assert mean_square(np.tanh, 4.0) == pytest.approx((np.tanh(2 * z) ** 2).mean(), rel=3e-3)


@pytest.mark.parametrize(("name", "gain"), [("relu", 2**0.5), ("tanh", 1.0), ("tanh", 1.5925), ("selu", 1.0), ("relu", 1.0)])
def test_the_path_of_the_variance_is_what_a_wide_network_does(name, gain):
    f = getattr(activations, name)
    depth, width = 5, 1500  # one layer of ReLU strays by 6 %, five by 13 %
    A, chance = np.ones((1, width)), rng(12)
    measured = []
    for _ in range(depth):
        A = f(A @ chance.normal(0, gain / np.sqrt(width), size=(width, width)))
        measured.append(float((A**2).mean()))
    np.testing.assert_allclose(measured, variance_path(f, gain, depth)[1:], rtol=0.3)


def test_the_factor_of_the_gradient_is_what_a_wide_network_does():
    depth, width, gain = 6, 800, 1.3
    network = deep_network(depth, width, rng(13), lambda s, r: initializers.normal(s, r, std=gain / np.sqrt(width)))
    X = rng(14).standard_normal((4, width))
    passed = trace(network, X, rng(15).standard_normal((4, width)))
    sizes = signal_statistics(passed.gradients).rms ** 2
    path = variance_path(np.tanh, gain, depth)
    for layer in range(1, depth):
        predicted = gradient_factor(activations.tanh_derivative, gain, path[layer])
        assert sizes[layer - 1] / sizes[layer] == pytest.approx(predicted, rel=0.2)
