"""Worked numbers and errata of the notebook on backpropagation: what is printed, given as the slip, and what is right."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import sigmoid, sigmoid_derivative, tanh, tanh_derivative
from dlkit.numpy.backprop import intermediates, linear_output_221, mlp_backward, mlp_forward, neuron_pass
from dlkit.numpy.gradient_check import numerical_gradient
from dlkit.numpy.network import count_parameters
from dlkit.numpy.optim import gradient_descent_step

SIGMOID, TANH = (sigmoid, sigmoid_derivative), (tanh, tanh_derivative)


def drawn(sizes, rows=1):
    rng = np.random.default_rng(12)
    weights = [rng.standard_normal(shape) for shape in zip(sizes, sizes[1:], strict=False)]
    return rng.standard_normal((rows, sizes[0])), weights, [rng.standard_normal(n) for n in sizes[1:]]


def test_W13_nine_parameters_and_nine_derivatives():
    X, weights, biases = drawn((2, 2, 1))
    assert count_parameters([2, 2, 1]) == 9
    assert len(linear_output_221(X[0], 1.0, weights, biases)) == 9


def test_first_of_the_nine_is_the_printed_formula():
    x, y = np.array([2.0, 1.0]), 3.0
    weights, biases = ([[0.5, -1.0], [1.0, 2.0]], [[1.0], [2.0]]), ([0.0, 0.5], [-1.0])
    nine = linear_output_221(x, y, weights, biases)
    output, cache = mlp_forward(x[None], weights, biases, (None, None))
    assert cache.A[1].tolist() == [[2.0, 0.5]] and output.tolist() == [[2.0]]
    assert nine["w11^2"] == -2 * (y - 2.0) * 2.0 == -4.0
    assert list(nine.values()) == [-4.0, -8.0, -2.0, -4.0, -2.0, -4.0, -4.0, -1.0, -2.0]


@pytest.mark.parametrize("f, slope, formula", [(np.exp, np.exp, "e^x"), (np.sin, np.cos, "sin x")])
def test_a_slope_is_the_limit_of_slopes_of_lines(f, slope, formula):
    x = 1.3
    both = {k: abs((f(x + h) - f(x - h)) / (2 * h) - slope(x)) for k in range(1, 13) for h in [10.0**-k]}
    one_side = {k: abs((f(x + h) - f(x)) / h - slope(x)) for k in range(1, 13) for h in [10.0**-k]}
    assert both[1] / both[2] == pytest.approx(100, rel=0.02)  # truncation shrinks like h^2
    assert one_side[2] / one_side[3] == pytest.approx(10, rel=0.05)  # and like h to one side
    assert both[12] > 1000 * both[5]  # rounding grows like 1 / h
    assert both[5] < 1e-9


def test_E3_4_backpropagation_changes_no_weight_and_the_step_does():
    X, weights, biases = drawn((3, 5, 2), rows=7)
    before = [array.copy() for array in (*weights, *biases)]
    output, cache = mlp_forward(X, weights, biases, (TANH, None))
    gradients = mlp_backward(2 * output, cache)
    assert all(np.array_equal(a, b) for a, b in zip(before, (*weights, *biases), strict=True))
    old, slopes = {"W": weights[0]}, {"W": gradients.dW[0]}
    steps = [gradient_descent_step(old, slopes, lr)["W"] - weights[0] for lr in (0.1, 0.2)]
    assert np.abs(steps[0]).max() > 0  # the step moves them
    np.testing.assert_allclose(steps[1], 2 * steps[0])  # the same gradients, another update


def test_E3_8_the_input_layer_passes_x_through():
    X, weights, biases = drawn((3, 5, 2), rows=7)
    _, cache = mlp_forward(X, weights, biases, (TANH, None))
    assert np.array_equal(cache.A[0], X) and len(cache.Z) == 2  # two layers compute, the input layer does not
    assert count_parameters([2, 2, 1]) == 9
    assert count_parameters([2, 2, 2, 1]) == 15  # the slip: weights in front of the inputs as well


def test_E3_9_the_sum_runs_over_the_units_of_the_next_layer():
    X, weights, biases = drawn((4, 2, 3))  # a layer of 2 units with 3 successors
    y = np.array([[1.0, 0.0, 1.0]])
    output, cache = mlp_forward(X, weights, biases, (SIGMOID, SIGMOID))
    table = intermediates(cache, mlp_backward(2 * (output - y), cache))

    def cost(hidden):
        return np.sum((sigmoid(hidden @ weights[1] + biases[1]) - y) ** 2)

    def sum_to(last):
        return [sum(table["dZ2"][0, j] * weights[1][k, j] for j in range(last)) for k in range(2)]

    measured = numerical_gradient(cost, cache.A[1])[0]
    np.testing.assert_allclose(sum_to(3), measured, rtol=1e-7)  # n_L
    np.testing.assert_allclose(table["dA1"][0], measured, rtol=1e-7)
    assert np.abs(sum_to(2) - measured).max() > 0.01  # n_(L-1), as printed


def test_E3_49_training_follows_the_gradient_of_the_loss_with_respect_to_the_parameters():
    x, w, b, y = np.array([2.0, 1.0]), np.array([0.5, -0.25]), 0.0, 1.0
    links = neuron_pass(x, w, b, y)
    output_by_input = links.da_dz * w  # the slip: of the output, with respect to the inputs
    np.testing.assert_allclose(output_by_input, numerical_gradient(lambda x: sigmoid(x @ w + b), x), rtol=1e-7)
    assert neuron_pass(x, w - output_by_input, b, y).cost > links.cost
    assert neuron_pass(x, w - links.dC_dw, b, y).cost < links.cost


def test_E3_51_rows_are_successors_where_z_is_W_times_a_and_columns_where_z_is_a_times_W():
    a, W_notes = np.array([1.0, 2.0]), np.array([[1.0, 10.0], [100.0, 1000.0]])
    assert (W_notes @ a).tolist() == [21.0, 2100.0]
    Z = mlp_forward(a[None], [W_notes.T], [np.zeros(2)], [None])[0]
    assert Z.tolist() == [[21.0, 2100.0]]
    mixed = mlp_forward(a[None], [W_notes], [np.zeros(2)], [None])[0]
    assert mixed.tolist() == [[201.0, 2010.0]]  # fits, because it is square, and is wrong
