"""Backpropagation, every intermediate of it: against numbers by hand, central differences and the layers of the library."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy import activations as act
from dlkit.numpy.backprop import (
    first_difference,
    intermediates,
    linear_output_221,
    mlp_backward,
    mlp_forward,
    neuron_pass,
    train_loop,
)
from dlkit.numpy.gradient_check import check_gradients, numerical_gradient, relative_error
from dlkit.numpy.layers import Dense, Tanh
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.network import Sequential
from dlkit.numpy.optim import GradientDescent

SIGMOID, TANH = (act.sigmoid, act.sigmoid_derivative), (act.tanh, act.tanh_derivative)
SWISH = (act.swish, act.swish_derivative)
SIZES = (5, 7, 3, 2)  # with 11 examples, distinct primes


@pytest.fixture
def rng():
    return np.random.default_rng(31)


def network(rng, sizes=SIZES):
    weights = [rng.standard_normal(shape) for shape in zip(sizes, sizes[1:], strict=False)]
    return weights, [rng.standard_normal(n) for n in sizes[1:]]


def test_a_neuron_by_hand():
    links = neuron_pass([1.0, 2.0], [0.5, -0.25], 0.0, 1.0)  # z = 0, a = 1/2
    assert (links.z, links.a, links.cost, links.dC_da, links.da_dz, links.dC_dz) == (0.0, 0.5, 0.25, -1.0, 0.25, -0.25)
    assert links.dz_dw.tolist() == [1.0, 2.0] and links.dC_dw.tolist() == [-0.25, -0.5]
    assert links.dC_db == -0.25 and links.dC_dx.tolist() == [-0.125, 0.0625]


@pytest.mark.parametrize("activation", [None, SIGMOID, TANH, SWISH])
def test_a_neuron_against_central_differences(rng, activation):
    x, w, b, y = rng.standard_normal(5), rng.standard_normal(5), 0.3, -0.7
    links = neuron_pass(x, w, b, y, activation)
    for name, gradient, at in (("w", links.dC_dw, w), ("x", links.dC_dx, x), ("b", links.dC_db, np.array(b))):
        given = {"x": x, "w": w, "b": b}
        slopes = numerical_gradient(lambda v, n=name, g=given: neuron_pass(**{**g, n: v}, y=y, activation=activation).cost, at)
        assert relative_error(gradient, slopes) < 1e-6, name
    assert links.dC_dz == pytest.approx(links.dC_da * links.da_dz)
    np.testing.assert_allclose(links.dC_dw, links.dC_da * links.da_dz * links.dz_dw)


def test_the_backward_pass_of_an_mlp_against_central_differences(rng):
    weights, biases = network(rng)

    def forward(X, W1, W2, W3, b1, b2, b3):
        return mlp_forward(X, (W1, W2, W3), (b1, b2, b3), (TANH, SWISH, SIGMOID))

    def backward(upstream, cache):
        grads = mlp_backward(upstream, cache)
        return grads.dX, *grads.dW, *grads.db

    errors = check_gradients(forward, backward, [rng.standard_normal((11, 5)), *weights, *biases], rng)
    assert len(errors) == 7 and max(errors.values()) < 1e-7


def test_it_agrees_with_the_layers(rng):
    X, upstream = rng.standard_normal((11, 5)), rng.standard_normal((11, 3))
    layered = Sequential(Dense(5, 7, rng), Tanh(), Dense(7, 3, rng))
    p = layered.params
    output, cache = mlp_forward(X, (p["0.W"], p["2.W"]), (p["0.b"], p["2.b"]), (TANH, None))
    theirs, caches = layered.forward(X)
    np.testing.assert_allclose(output, theirs, rtol=1e-14)
    grads, (dX, expected) = mlp_backward(upstream, cache), layered.backward(upstream, caches)
    np.testing.assert_allclose(grads.dX, dX, rtol=1e-12)
    for layer, name in enumerate(("0", "2")):
        np.testing.assert_allclose(grads.dW[layer], expected[f"{name}.W"], rtol=1e-12)
        np.testing.assert_allclose(grads.db[layer], expected[f"{name}.b"], rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtypes_are_kept_and_inputs_left_alone(rng, dtype):
    weights, biases = network(rng)
    weights, biases = [W.astype(dtype) for W in weights], [b.astype(dtype) for b in biases]
    X = rng.standard_normal((11, 5)).astype(dtype)
    for array in (X, *weights, *biases):
        array.flags.writeable = False
    output, cache = mlp_forward(X, weights, biases, (TANH, SIGMOID, None))
    grads = mlp_backward(np.ones_like(output), cache)
    table = intermediates(cache, grads)
    assert {str(value.dtype) for value in (output, grads.dX, *table.values())} == {dtype}
    trained = train_loop(X, np.ones_like(output), weights, biases, (TANH, SIGMOID, None), mse, np.float64(0.1), 3)
    assert {str(value.dtype) for value in (*trained.weights, *trained.biases)} == {dtype}


def test_intermediates_are_named_in_the_order_of_the_work(rng):
    weights, biases = network(rng)
    output, cache = mlp_forward(rng.standard_normal((11, 5)), weights, biases, (TANH, TANH, None))
    table = intermediates(cache, mlp_backward(np.ones_like(output), cache))
    assert " ".join(table) == "Z1 A1 Z2 A2 Z3 A3 dA3 dZ3 dW3 db3 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1"
    assert " ".join(intermediates(cache)) == "Z1 A1 Z2 A2 Z3 A3"
    assert table["dW2"].shape == (7, 3) and table["dZ1"].shape == (11, 7) and table["db3"].shape == (2,)
    np.testing.assert_allclose(table["dA1"], table["dZ2"] @ weights[1].T)


def test_first_difference(rng):
    right = {"Z1": np.ones(2), "A1": np.ones((2, 3)), "Z2": np.ones(1)}
    assert first_difference(right, right) is None
    assert first_difference(right | {"A1": np.ones((2, 3)) + 1e-4, "Z2": np.zeros(1)}, right) == "A1"
    assert first_difference(right | {"A1": np.ones((2, 3)) + 1e-4}, right, tolerance=1e-3) is None
    assert first_difference(right | {"A1": np.ones((3, 2))}, right) == "A1"  # the shape is wrong
    assert first_difference(right | {"Z2": np.array([np.nan])}, right) == "Z2"
    with pytest.raises(ValueError, match="printed has the lines Z1, expected Z1, A1, Z2"):
        first_difference({"Z1": 1.0}, right)


@pytest.mark.parametrize("hidden", [None, SIGMOID, TANH])
def test_nine_derivatives_against_central_differences(rng, hidden):
    x, y = rng.standard_normal(2), 0.7
    W1, b1, W2, b2 = rng.standard_normal((2, 2)), rng.standard_normal(2), rng.standard_normal((2, 1)), rng.standard_normal(1)
    names = ["w11^1", "w12^1", "w21^1", "w22^1", "b11", "b12", "w11^2", "w21^2", "b21"]
    flat = np.concatenate([W1.ravel(), b1, W2.ravel(), b2])
    f = (lambda z: z) if hidden is None else hidden[0]

    def loss(p):  # written out, not by the function that is tested
        O11 = f(p[0] * x[0] + p[2] * x[1] + p[4])
        O12 = f(p[1] * x[0] + p[3] * x[1] + p[5])
        return (y - (p[6] * O11 + p[7] * O12 + p[8])) ** 2

    nine = linear_output_221(x, y, (W1, W2), (b1, b2), hidden)
    assert list(nine) == names
    assert relative_error(np.array(list(nine.values())), numerical_gradient(loss, flat)) < 1e-8


def test_train_loop_is_gradient_descent(rng):
    X, Y = rng.standard_normal((11, 5)), rng.standard_normal((11, 3))
    layered = Sequential(Dense(5, 7, rng), Tanh(), Dense(7, 3, rng))
    p = layered.params
    trained = train_loop(X, Y, (p["0.W"], p["2.W"]), (p["0.b"], p["2.b"]), (TANH, None), mse, 0.3, 4)
    losses = [layered.train_step(X, Y, mse, GradientDescent(lr=0.3)) for _ in range(4)]
    losses.append(mse(layered.predict(X), Y)[0])
    np.testing.assert_allclose(trained.losses, losses, rtol=1e-12)
    np.testing.assert_allclose(trained.weights[0], layered.params["0.W"], rtol=1e-12)
    np.testing.assert_allclose(trained.biases[1], layered.params["2.b"], rtol=1e-12)


def test_train_loop_stops_at_the_target(rng):
    start = ([np.zeros((1, 1))], [np.zeros(1)], [None], mse)
    X, y = np.array([[0.0], [1.0]]), np.array([[1.0], [3.0]])
    patient = train_loop(X, y, *start, 0.5, 100)
    hurried = train_loop(X, y, *start, 0.5, 100, target_loss=0.1)
    assert len(patient.losses) == 101 and patient.losses[-1] < 1e-6
    assert hurried.losses == patient.losses[:len(hurried.losses)]
    assert hurried.losses[-1] <= 0.1 < hurried.losses[-2]
    assert train_loop(X, y, *start, 0.5, 100, target_loss=1e9).weights[0].tolist() == [[0.0]]


@pytest.mark.parametrize("call, message", [
    (lambda: neuron_pass([1.0], [1.0, 2.0], 0.0, 1.0), r"w has shape \(2,\), expected \(1,\) to match x"),
    (lambda: mlp_forward(np.ones((2, 3)), [np.ones((3, 1))], [], []), "have 1, 0 and 0 entries, expected one per layer"),
    (lambda: mlp_forward(np.ones((2, 3)), [np.ones((2, 1))], [np.ones(1)], [None]),
     r"weights\[0\] has shape \(2, 1\), expected \(3, \*\) to match what arrives"),
    (lambda: mlp_forward(np.ones((2, 3)), [np.ones((3, 1))], [np.ones(2)], [None]), r"biases\[0\] has shape \(2,\)"),
    (lambda: mlp_backward(np.ones((2, 2)), mlp_forward(np.ones((2, 3)), [np.ones((3, 1))], [np.ones(1)], [None])[1]),
     r"dA has shape \(2, 2\), expected \(2, 1\)"),
    (lambda: linear_output_221([1.0], 1.0, (np.ones((2, 2)), np.ones((2, 1))), (np.ones(2), np.ones(1))),
     r"x has shape \(1,\), expected \(2,\)"),
    (lambda: linear_output_221([1.0, 2.0], 1.0, (np.ones((2, 2)), np.ones((1, 2))), (np.ones(2), np.ones(1))),
     r"weights\[1\] has shape \(1, 2\), expected \(2, 1\)"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
