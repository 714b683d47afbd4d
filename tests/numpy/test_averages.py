"""Moving averages: recursion against weights, correction, pandas' convention, messages."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.averages import ewm_mean, ewma, ewma_weights


@pytest.fixture
def series():
    return np.random.default_rng(5).normal(3.0, 2.0, size=(11, 3))


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
def test_the_recursion_is_a_weighted_sum(series, beta):
    V, corrected = ewma(series, beta), ewma(series, beta, bias_correction=True)
    for t in range(1, 12):
        weights = ewma_weights(t, beta)[:, None]
        newest_first = series[:t][::-1]
        np.testing.assert_allclose(V[t - 1], (weights * newest_first).sum(axis=0), rtol=1e-12)
        np.testing.assert_allclose(corrected[t - 1], np.average(newest_first, axis=0, weights=weights[:, 0]), rtol=1e-11)


def test_a_constant_series_is_kept_by_the_corrected_average_only():
    flat = np.full(7, 4.0)
    np.testing.assert_allclose(ewma(flat, 0.9, bias_correction=True), flat, rtol=1e-14)
    np.testing.assert_allclose(ewma(flat, 0.9), 4 * (1 - 0.9 ** np.arange(1, 8)), rtol=1e-14)


def test_beta_zero_forgets_everything(series):
    assert np.array_equal(ewma(series, 0), series)


def test_alpha_of_pandas_is_the_weight_of_the_newest(series):
    np.testing.assert_allclose(ewm_mean(series, 0.1), ewma(series, 0.9, bias_correction=True), rtol=1e-12)
    raw = ewm_mean(series, 0.3, adjust=False)
    np.testing.assert_allclose(raw[0], series[0])
    np.testing.assert_allclose(raw[1:], 0.7 * raw[:-1] + 0.3 * series[1:], rtol=1e-14)
    assert np.array_equal(ewm_mean(series, 1), series)


def test_dtype_shape_and_inputs(series):
    before = series.copy()
    for function in (lambda x: ewma(x, 0.9), lambda x: ewma(x, 0.9, bias_correction=True), lambda x: ewm_mean(x, 0.2),
                     lambda x: ewm_mean(x, np.float64(0.2), adjust=False)):
        assert function(series.astype(np.float32)).dtype == np.float32
        assert function([1, 2, 4]).dtype == np.float64
        assert function(series).shape == series.shape
        assert function(np.zeros((0, 3))).shape == (0, 3)
    assert np.array_equal(series, before)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ewma([1.0], 1.0), "beta is 1.0, expected at least 0 and less than 1"),
        (lambda: ewma([1.0], -0.1), "beta is -0.1"),
        (lambda: ewma(1.0, 0.9), r"x is a single number, expected a sequence \(T, ...\)"),
        (lambda: ewma_weights(0, 0.9), "num_values is 0, expected at least 1"),
        (lambda: ewm_mean([1.0], 0), "alpha is 0, expected more than 0 and at most 1"),
        (lambda: ewm_mean([1.0], 1.5, adjust=False), "alpha is 1.5"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
