"""Errata of the lecture notes on batch norm: the slip gives the printed number, the right reading another one.

In each test one call has the slip as its input and returns the wrong value, the other returns the right one.
"""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.layers import Dense, ReLU
from dlkit.numpy.network import Sequential
from dlkit.numpy.normalization import batch_norm_backward, batch_norm_forward, running_statistics
from dlkit.numpy.normalization_layers import BatchNorm
from dlkit.numpy.preprocessing import StandardScaler


def edge(sigma, eps):
    """What batch norm makes of a value one sigma above the mean."""
    column = sigma * np.array([[-1.0], [-1.0], [1.0], [1.0]])
    return batch_norm_forward(column, [1.0], [0.0], eps)[0][-1, 0]


@pytest.mark.parametrize(("sigma", "printed", "right"), [(1.0, 0.99999000, 0.99999500), (0.001, 0.9900990, 0.3015113)])
def test_E1_10_eps_belongs_inside_the_root(sigma, printed, right):
    eps = 1e-5
    slip = 2 * sigma * eps + eps**2  # sqrt(sigma^2 + slip) is sigma + eps
    assert edge(sigma, slip) == pytest.approx(sigma / (sigma + eps), rel=1e-12) == pytest.approx(printed, abs=5e-8)
    assert edge(sigma, eps) == pytest.approx(right, abs=5e-8)


def test_E1_10_the_two_forms_differ_by_millionths_for_an_ordinary_unit():
    assert 1e-7 < abs(edge(1.0, 1e-5) - edge(1.0, 2e-5 + 1e-10)) < 1e-5


def test_E1_10_what_is_called_variance_is_its_root():
    X = np.array([[1.0], [1.0], [5.0], [5.0]])
    variance = batch_norm_forward(X, [1.0], [0.0])[1].var
    assert np.sqrt(variance).tolist() == [2.0]  # printed as the variance
    assert variance.tolist() == [4.0]
    slip = StandardScaler()
    slip._shift, slip._scale = np.array([3.0]), np.sqrt(np.sqrt(variance))  # the root of "the variance"
    assert slip.transform(X)[-1, 0] == pytest.approx(np.sqrt(2))
    assert batch_norm_forward(X, [1.0], [0.0])[0][-1, 0] == pytest.approx(1.0, abs=1e-5)


def test_E1_10_momentum_is_the_weight_of_the_new_and_the_running_variance_is_unbiased():
    X, start = np.array([[1.0], [5.0]]), (np.array([10.0]), np.array([2.0]))
    slip_mean, _ = running_statistics(X, *start, momentum=0.9)  # as if 0.9 were kept of the old
    mean, var = running_statistics(X, *start, momentum=0.1)
    assert slip_mean[0] == pytest.approx(0.1 * 10 + 0.9 * 3)
    assert mean[0] == pytest.approx(0.9 * 10 + 0.1 * 3)
    assert var[0] == pytest.approx(0.9 * 2 + 0.1 * 8)  # biased it would be 0.9 * 2 + 0.1 * 4
    layer = BatchNorm(1)
    assert (layer.momentum, layer.eps) == (0.1, 1e-5)


def test_E1_10_without_a_rule_for_inference_a_single_row_becomes_beta():
    rng, beta = np.random.default_rng(90), np.array([7.0, 8.0])
    layer = BatchNorm(2)
    layer.params = {"gamma": np.array([2.0, 3.0]), "beta": beta}
    for _ in range(100):
        layer.forward(rng.normal([5.0, -5.0], 2.0, size=(32, 2)), training=True)
    row = np.array([[9.0, -9.0]])
    alone = batch_norm_forward(np.vstack([row, row]), [2.0, 3.0], beta)[0]  # a batch of nothing but this row
    np.testing.assert_allclose(alone, [beta, beta])
    np.testing.assert_allclose(layer.forward(row)[0], [[7 + 2 * 2, 8 - 3 * 2]], atol=0.5)


def test_E3_53_before_and_after_the_activation_are_different_networks():
    rng = np.random.default_rng(91)
    dense = Dense(5, 3, rng)
    dense.params["b"] = np.array([3.0, 0.0, -3.0])
    before, after = Sequential(dense, BatchNorm(3), ReLU()), Sequential(dense, ReLU(), BatchNorm(3))
    X = rng.standard_normal((200, 5))
    first, second = before.forward(X, training=True)[0], after.forward(X, training=True)[0]
    assert first.min() == 0.0 and second.min() < -0.1
    np.testing.assert_allclose(second.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((first > 0).mean(axis=0), 0.5, atol=0.1)


def test_E3_53_before_the_activation_the_bias_of_the_dense_layer_is_of_no_use():
    rng = np.random.default_rng(92)
    dense, X = Dense(5, 3, rng), rng.standard_normal((20, 5))
    upstream = rng.standard_normal((20, 3))
    for layers, useless in (((dense, BatchNorm(3), ReLU()), True), ((dense, ReLU(), BatchNorm(3)), False)):
        network = Sequential(*layers)
        _, caches = network.forward(X, training=True)
        gradient = network.parameter_gradients(upstream, caches)["0.b"]
        assert (np.abs(gradient).max() < 1e-12) == useless


def test_batch_norm_of_the_whole_set_is_standardising():
    X = np.random.default_rng(93).normal([3.0, -2.0], [5.0, 0.1], size=(30, 2))
    Y = batch_norm_forward(X, np.ones(2), np.zeros(2), eps=0.0)[0]
    np.testing.assert_allclose(Y, StandardScaler().fit_transform(X))


def test_an_upstream_gradient_of_ones_tells_nothing():
    _, cache = batch_norm_forward(np.random.default_rng(94).standard_normal((7, 3)), [1.0, 2.0, 3.0], np.zeros(3))
    assert np.abs(batch_norm_backward(np.ones((7, 3)), cache)[0]).max() < 1e-14
