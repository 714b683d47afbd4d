"""Worked examples of unit 1 of the lecture notes: what the library computes against what the notes print.

Where the printed number is wrong or rounded in an unusual way, the test says so and holds the right one.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlkit.numpy.activations import (
    SELU_ALPHA,
    SELU_SCALE,
    prelu,
    sigmoid_derivative,
    tanh_derivative,
)
from dlkit.numpy.linear import linear_unit
from dlkit.numpy.losses_classification import (
    bce,
    categorical_cross_entropy,
    cross_entropy,
    hinge,
    perceptron_criterion,
)
from dlkit.numpy.softmax import softmax, sum_normalise


def test_W1_calories_of_a_cereal():
    assert linear_unit(5.0, 2.5, 90.0) == 102.5  # printed 102


def test_W2_softmax_of_four_scores():
    P = softmax([1.0, 3.0, 4.0, 7.0])
    np.testing.assert_allclose(P, [0.0023153326, 0.0171081226, 0.0465046989, 0.9340718459], atol=5e-11)
    assert P.round(3).tolist() == [0.002, 0.017, 0.047, 0.934]
    exponentials = np.exp([1.0, 3.0, 4.0, 7.0])
    np.testing.assert_allclose(
        exponentials, [2.718281828, 20.085536923, 54.598150033, 1096.633158428], atol=5e-10
    )
    assert exponentials.sum() == pytest.approx(1174.035127213, abs=5e-10)
    assert P.argmax() == 3 and P[3] > 0.9


def test_W3_cross_entropy_of_a_banana():
    y, p = np.array([[0.0, 1.0, 0.0]]), np.array([[0.2, 0.7, 0.1]])
    value, _ = categorical_cross_entropy(p, y)
    assert value == pytest.approx(0.3566749439, abs=5e-11) and round(value, 2) == 0.36
    _, dz = cross_entropy(np.log(p), y)
    np.testing.assert_allclose(dz, [[0.2, -0.3, 0.1]], atol=1e-15)


def test_W12_four_cases_of_the_perceptron_loss():
    y, f = np.array([1.0, 1.0, -1.0, -1.0]), np.array([1.0, -1.0, 1.0, -1.0])
    assert perceptron_criterion(f, y, reduction="none")[0].tolist() == [0, 1, 1, 0]  # printed 0 0 0 0
    assert hinge(f, y, reduction="none")[0].tolist() == [0, 2, 2, 0]
    assert perceptron_criterion(f, y)[0] == 0.5 and hinge(f, y)[0] == 1.0


def test_W19_exponentials():
    assert np.exp([0.0, 2.0, 4.0]).round(1).tolist() == [1.0, 7.4, 54.6]
    np.testing.assert_allclose(np.exp([2.0, 4.0]), [7.3890561, 54.5981500], atol=5e-8)


def test_W20_two_ways_to_normalise():
    z = [2.1, 3.2, 1.5]
    np.testing.assert_allclose(sum_normalise(z), [0.3088235, 0.4705882, 0.2205882], atol=5e-8)
    np.testing.assert_allclose(softmax(z), [0.2196365, 0.6598245, 0.1205391], atol=5e-8)
    assert sum_normalise(z).round(2).tolist() == [0.31, 0.47, 0.22]
    assert softmax(z).round(2).tolist() == [0.22, 0.66, 0.12]
    assert np.exp(z).round(2).tolist() == [8.17, 24.53, 4.48]
    assert np.exp(z).sum() == pytest.approx(37.1803892, abs=5e-8)


def test_W21_binary_cross_entropy():
    p, y = [0.92, 0.09, 0.03, 0.94], [1, 1, 0, 0]
    values, _ = bce(p, y, reduction="none")
    np.testing.assert_allclose(values, [0.0833816089, 2.4079456087, 0.0304592075, 2.8134107168], atol=5e-11)
    assert [f"{value:.2g}" for value in values[:1]] == ["0.083"]
    assert values[1:].round(2).tolist() == [2.41, 0.03, 2.81]
    assert bce(p, y)[0] == pytest.approx(1.3337992855, abs=5e-11)
    assert bce([1.0, 0.0, 0.0, 1.0], [1, 1, 0, 0], reduction="none")[0].tolist() == [0, 100, 0, 100]


def test_W22_cross_entropy_in_base_two_and_e():
    S, T = np.array([[0.775, 0.126, 0.039, 0.070]]), np.array([[1.0, 0.0, 0.0, 0.0]])
    value, _ = categorical_cross_entropy(S, T)
    assert value == pytest.approx(0.2548922496, abs=5e-11)
    assert value / math.log(2) == pytest.approx(0.3677317845, abs=5e-11)  # printed 0.3677: base 2
    assert S.sum() == pytest.approx(1.01)  # no distribution, and the loss does not notice
    renormalised = sum_normalise(S)
    assert renormalised[0, 0] == pytest.approx(0.7673267, abs=5e-8)
    assert categorical_cross_entropy(renormalised, T)[0] == pytest.approx(0.2648426, abs=5e-8)


def test_W26_parametric_relu():
    np.testing.assert_allclose(prelu([-62.0, -60.0], 0.1), [-6.2, -6.0])  # printed 0.6 for both
    np.testing.assert_allclose(prelu([-62.0, -60.0], 0.9), [-55.8, -54.0])


def test_W31_largest_slopes():
    Z = np.linspace(-5, 5, 1001)
    for slope, largest in ((sigmoid_derivative(Z), 0.25), (tanh_derivative(Z), 1.0)):
        assert slope.max() == largest and Z[slope.argmax()] == pytest.approx(0, abs=1e-12)
        assert slope.min() > 0
    assert float(sigmoid_derivative(0.0)) ** 10 == pytest.approx(9.5367e-7, abs=5e-12)


def test_W36_constants_of_selu():
    assert (SELU_ALPHA, SELU_SCALE) == (1.6732632423543772, 1.0507009873554805)
    assert (round(SELU_ALPHA, 3), round(SELU_SCALE, 3)) == (1.673, 1.051)
