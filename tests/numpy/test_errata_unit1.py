"""Errata of unit 1 of the lecture notes: the slip gives the printed number, the right reading another one.

In each test one call has the slip as its input and returns the wrong value, the other returns the right one.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from dlkit.numpy.activations import elu, leaky_relu, selu, tanh, tanh_derivative
from dlkit.numpy.gradient_check import numerical_gradient
from dlkit.numpy.linear import dense_backward, dense_forward, linear_unit
from dlkit.numpy.losses_classification import (
    bce,
    categorical_cross_entropy,
    cross_entropy,
    hinge,
    multiclass_hinge,
    multilabel_bce_with_logits,
    perceptron_criterion,
)
from dlkit.numpy.losses_regression import huber
from dlkit.numpy.softmax import softmax

S = np.array([[0.775, 0.126, 0.039, 0.070]])
T = np.array([[1.0, 0.0, 0.0, 0.0]])


def test_E1_13_what_is_called_hinge_is_the_perceptron_criterion():
    y, f = [1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]
    assert hinge(f, y, margin=0.0)[0] == perceptron_criterion(f, y)[0] == 0.5
    assert hinge(f, y)[0] == 1.0
    assert hinge([0.4], [1.0])[0] == pytest.approx(0.6) and perceptron_criterion([0.4], [1.0])[0] == 0.0


def test_E1_14_multiclass_hinge_is_a_sum_over_the_classes_not_a_mean():
    scores, label = [[3.2, 5.1, -1.7]], [0]
    value, _ = multiclass_hinge(scores, label)
    assert value == pytest.approx(2.9)
    assert value / 3 == pytest.approx(0.9667, abs=5e-5)  # what PyTorch's multi_margin_loss returns


def test_E1_15_base_of_the_logarithm():
    value, _ = categorical_cross_entropy(S, T)
    assert value / math.log(2) == pytest.approx(0.3677, abs=5e-5)
    assert value == pytest.approx(0.2549, abs=5e-5)


def test_E1_16_slope_of_leaky_relu():
    assert leaky_relu([-10.0], 0.1).tolist() == [-1.0]
    assert leaky_relu([-10.0]).tolist() == [-0.1]
    z = np.array([-1.0, 1.0])  # max(a z, z) is leaky ReLU for a between 0 and 1 only
    assert np.maximum(2 * z, z).tolist() == [-1.0, 2.0]
    assert leaky_relu(z, 2.0).tolist() == [-2.0, 1.0]


def test_E2_1_half_a_calorie_is_lost():
    assert linear_unit(5.0, 2.4, 90.0) == 102.0  # the printed result belongs to another slope
    assert linear_unit(5.0, 2.5, 90.0) == 102.5


def test_E2_9_softmax_sums_over_k_classes_not_over_k_plus_one():
    z = np.array([1.0, 3.0, 4.0, 7.0])
    slip = softmax(np.append(0.0, z))[1:]  # a sum from j = 0 to k has a term too many
    assert slip.sum() == pytest.approx(0.999149, abs=5e-7)
    assert softmax(z).sum() == pytest.approx(1.0, abs=1e-15)


def test_E2_11_the_gradient_of_the_coefficients_needs_the_inputs():
    rng = np.random.default_rng(30)
    x, beta, y = rng.standard_normal((1, 5)), rng.standard_normal((5, 3)), [2]

    def cost(beta):
        return cross_entropy(x @ beta, y)[0]

    Z, cache = dense_forward(x, beta, np.zeros(3))
    _, dz = cross_entropy(Z, y)  # yhat - y: right with respect to z, and of the wrong shape for beta
    assert dz.shape == (1, 3)
    _, dbeta, _ = dense_backward(dz, cache)
    np.testing.assert_allclose(dbeta, x.T @ dz)
    np.testing.assert_allclose(dbeta, numerical_gradient(cost, beta), atol=1e-9)
    assert np.abs(np.broadcast_to(dz, beta.shape) - numerical_gradient(cost, beta)).max() > 0.1


def test_E2_19_the_two_wrong_cases_cost_one():
    target, scores = [1.0, -1.0], [-1.0, 1.0]
    assert perceptron_criterion(target, target, reduction="none")[0].tolist() == [0, 0]  # as if f were y
    assert perceptron_criterion(scores, target, reduction="none")[0].tolist() == [1, 1]


def test_E2_24_huber_has_one_half_where_the_notes_have_half_of_epsilon_squared():
    delta, error = 1.5, 0.5
    assert huber([delta * error], [0.0], delta=delta)[0] == pytest.approx(delta**2 / 2 * error**2)
    assert huber([error], [0.0], delta=delta)[0] == 0.125
    assert huber([4.0], [0.0], delta=delta)[0] == delta * 4 - 0.5 * delta**2  # the second branch is right


def test_E2_25_the_mean_is_over_both_terms():
    p, y = np.array([0.92, 0.09, 0.03, 0.94]), np.array([1.0, 1.0, 0.0, 0.0])
    values, _ = bce(p, y, reduction="none")
    without_brackets = (y * values).sum() / 4 + ((1 - y) * values).sum()
    assert without_brackets == pytest.approx(3.466702, abs=5e-7)
    assert bce(p, y)[0] == pytest.approx(1.333799, abs=5e-7)


def test_E2_29_the_sum_needs_an_index_of_its_own():
    z = np.array([1.0, 3.0, 4.0, 7.0])
    assert softmax(z[:, None]).ravel().tolist() == [1, 1, 1, 1]  # e^{z_i} over a sum that knows only z_i
    assert softmax(z).round(3).tolist() == [0.002, 0.017, 0.047, 0.934]


def test_E2_52_minus_the_logarithm_of_zero_is_plus_infinity():
    with np.errstate(divide="ignore"):
        assert np.log(0.0) == -math.inf and -np.log(0.0) == math.inf
    assert bce([0.0], [1])[0] == 100.0  # the loss stops at 100, with the sign of +infinity


def test_E2_53_zero_times_log_zero_is_a_limit_and_not_a_computation():
    with np.errstate(divide="ignore", invalid="ignore"):
        assert math.isnan(0.0 * -np.log(0.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bce([1.0], [1])[0] == bce([0.0], [0])[0] == 0.0
        assert categorical_cross_entropy([[1.0, 0.0]], [[1, 0]])[0] == 0.0


def test_E2_55_a_sum_of_binary_terms_is_the_multi_label_loss():
    logits = np.log(S / (1 - S))
    assert multilabel_bce_with_logits(logits, T)[0] == pytest.approx(0.5019, abs=5e-5)
    assert bce(S, T, reduction="sum")[0] == pytest.approx(0.5019, abs=5e-5)
    assert categorical_cross_entropy(S, T)[0] == pytest.approx(0.2549, abs=5e-5)


def test_E2_58_slope_of_tanh_is_a_product_and_not_a_quotient():
    f = float(tanh(0.5))
    assert (1 - f) / (1 + f) == pytest.approx(math.exp(-1.0))
    assert (
        float(tanh_derivative(0.5)) == pytest.approx((1 - f) * (1 + f)) == pytest.approx(0.786448, abs=5e-7)
    )
    assert numerical_gradient(tanh, 0.5) == pytest.approx(0.786448, abs=5e-7)


def test_E2_60_selu_without_its_scale_is_elu():
    assert elu([2.0], alpha=1.673).tolist() == [2.0]
    np.testing.assert_allclose(selu([2.0]), [2.1014], atol=5e-5)
    np.testing.assert_allclose(selu([-1.0]) / elu([-1.0], alpha=1.673), 1.0507, atol=5e-4)
