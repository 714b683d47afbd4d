"""Softmax family: rows that sum to one, stability, the Jacobian-vector product."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from dlkit.numpy.gradient_check import check_gradients
from dlkit.numpy.softmax import log_softmax, softmax, softmax_backward, softmax_forward, sum_normalise


@pytest.fixture
def rng():
    return np.random.default_rng(21)


def test_by_hand():
    Z = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 4.0]])
    np.testing.assert_allclose(softmax(Z), [[0.125, 0.25, 0.625], [0.3, 0.3, 0.4]], rtol=1e-14)
    np.testing.assert_allclose(log_softmax(Z), np.log([[0.125, 0.25, 0.625], [0.3, 0.3, 0.4]]), rtol=1e-14)
    np.testing.assert_allclose(sum_normalise([[1.0, 2.0, 5.0]]), [[0.125, 0.25, 0.625]])


def test_rows_sum_to_one_and_a_constant_changes_nothing(rng):
    Z = rng.standard_normal((2, 3, 5)) * 10
    np.testing.assert_allclose(softmax(Z).sum(axis=-1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(softmax(Z + 100.0), softmax(Z), rtol=1e-12)


def test_extremes():
    Z = np.array([[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, -1000.0], [1000.0, 1000.0, -np.inf]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        P, L = softmax(Z), log_softmax(Z)
    np.testing.assert_allclose(P, [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0]])
    np.testing.assert_allclose(L[0], [0, -2000, -1000])


def test_backward_against_central_differences(rng):
    Z = rng.standard_normal((3, 5))
    check_gradients(softmax_forward, softmax_backward, {"Z": Z}, rng, tolerance=1e-8)


def test_backward_is_the_jacobian_times_upstream(rng):
    P, cache = softmax_forward(rng.standard_normal(5))
    dP = rng.standard_normal(5)
    np.testing.assert_allclose(softmax_backward(dP, cache), (np.diag(P) - np.outer(P, P)) @ dP, rtol=1e-12)


@pytest.mark.parametrize("f", [softmax, log_softmax, sum_normalise])
def test_dtype_kept_input_untouched(f):
    Z = np.array([[1.0, 2.0, 4.0]], dtype=np.float32)
    Z.flags.writeable = False
    assert f(Z).dtype == np.float32
    assert f([1, 2, 4]).dtype == np.float64
    assert Z.tolist() == [[1.0, 2.0, 4.0]]


def test_messages():
    for f in (softmax, log_softmax, sum_normalise):
        with pytest.raises(ValueError, match=r"Z has shape \(2, 0\), expected at least one class"):
            f(np.zeros((2, 0)))
        with pytest.raises(ValueError, match=r"Z has shape \(\), expected at least one class"):
            f(3.0)
    with pytest.raises(ValueError, match="Z has a row that sums to 0"):
        sum_normalise([[1.0, 2.0], [1.0, -1.0]])
    _, cache = softmax_forward(np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"dP has shape \(3,\), expected \(2, 3\) to match Z \(2, 3\)"):
        softmax_backward(np.zeros(3), cache)
