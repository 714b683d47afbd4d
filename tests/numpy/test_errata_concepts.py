"""More errata of unit 1, about what functions do: the claim of the notes gives one number, the truth another."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import leaky_relu, leaky_relu_derivative, prelu, relu, relu_derivative, sigmoid, step, tanh
from dlkit.numpy.linear import dense_forward
from dlkit.numpy.losses_classification import bce_with_logits, categorical_cross_entropy, cross_entropy
from dlkit.numpy.softmax import softmax


def test_E1_17_a_step_answers_one_it_does_not_pass_its_input_on():
    z = np.array([0.5, 2.5])
    assert (z * (z >= 1.0)).tolist() == [0.0, 2.5]  # what the notes describe: thresholded linear
    assert step(z, threshold=1.0).tolist() == [0.0, 1.0]
    assert step(1.0) + step(1.0) != step(1.0 + 1.0)  # and it is not linear


def test_E2_10_the_sum_of_the_cross_entropy_begins_at_the_first_class():
    p, y = np.array([[0.2, 0.7, 0.1]]), np.array([[0.5, 0.5, 0.0]])
    from_second = categorical_cross_entropy(p[:, 1:], y[:, 1:])[0]  # the printed lower limit leaves classes out
    assert from_second == pytest.approx(0.17833747)
    assert categorical_cross_entropy(p, y)[0] == pytest.approx(0.98305643)


def test_E2_12_the_step_updates_the_weights_not_the_cost():
    X, labels = np.array([[1.0, 2.0]]), np.array([1])
    W = np.zeros((2, 2))
    value, dZ = cross_entropy(X @ W, labels)
    gradient = X.T @ dZ
    assert (value - 0.1 * gradient).shape == (2, 2)  # "cost minus gradient" is not even a number
    assert cross_entropy(X @ (W - 0.1 * gradient), labels)[0] < value


def test_E2_15_the_log_loss_is_convex_for_a_linear_score_and_not_through_a_hidden_layer():
    x, y = np.array([[1.0], [2.0]]), np.array([[1.0], [1.0]])

    def linear(w):
        return bce_with_logits(x * w, y)[0]

    def deep(v, w):
        return bce_with_logits(tanh(x * v) * w, y)[0]

    for a, b in np.random.default_rng(0).normal(size=(50, 2)):
        assert linear((a + b) / 2) <= (linear(a) + linear(b)) / 2 + 1e-12
    # Mirrored weights are the same network; the point between them is worse than both.
    assert deep(2.0, 1.0) == pytest.approx(deep(-2.0, -1.0))
    assert deep(0.0, 0.0) > deep(2.0, 1.0)


def test_E2_46_not_every_activation_keeps_to_an_interval():
    z = np.array([-3.0, 50.0])
    assert relu(z)[1] == 50.0 and leaky_relu(z)[1] == 50.0
    assert np.all((sigmoid(z) >= 0) & (sigmoid(z) <= 1)) and np.all(np.abs(tanh(z)) <= 1)


def test_E2_47_saturation_is_far_from_zero_not_where_x_is_small():
    assert tanh(1e-3) == pytest.approx(1e-3, rel=1e-5)  # small x: the straight part
    assert tanh(-10.0) == pytest.approx(-1.0) and sigmoid(-10.0) == pytest.approx(0.0, abs=1e-4)


def test_E2_48_the_unit_slope_keeps_gradients_alive_not_the_zeroed_negatives():
    assert relu_derivative(2.0) ** 10 == 1.0 and relu_derivative(-2.0) ** 10 == 0.0
    s = sigmoid(2.0)
    assert (s * (1 - s)) ** 10 < 1e-9


def test_E2_50_a_tenth_of_minus_62_and_minus_60_differ():
    assert prelu(np.array([-62.0, -60.0]), 0.1) == pytest.approx([-6.2, -6.0])
    assert prelu(np.array([-62.0, -60.0]), 0.9) == pytest.approx([-55.8, -54.0])


def test_E2_59_max_is_the_function_its_slope_is_a_step():
    assert leaky_relu(-2.0, 0.01) == pytest.approx(-0.02)  # printed under the name f'
    assert leaky_relu_derivative(-2.0, 0.01) == pytest.approx(0.01)


def test_E2_64_the_cross_entropy_takes_scores_a_softmax_before_it_counts_twice():
    Z, labels = np.array([[2.0, 0.0, 0.0]]), np.array([0])
    assert cross_entropy(softmax(Z), labels)[0] == pytest.approx(0.6995, abs=1e-4)
    assert cross_entropy(Z, labels)[0] == pytest.approx(0.2395, abs=1e-4)


def test_a_linear_stack_collapses_to_one_layer():
    rng = np.random.default_rng(1)
    X, W1, W2 = rng.normal(size=(5, 3)), rng.normal(size=(3, 7)), rng.normal(size=(7, 2))
    zero1, zero2 = np.zeros(7), np.zeros(2)
    two = dense_forward(dense_forward(X, W1, zero1)[0], W2, zero2)[0]
    assert np.allclose(two, dense_forward(X, W1 @ W2, zero2)[0])
    assert not np.allclose(dense_forward(relu(dense_forward(X, W1, zero1)[0]), W2, zero2)[0], two)
