"""log-sum-exp: by hand, at the ends of the number line, along any axis."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.softmax import log_softmax, log_sum_exp, softmax


def test_by_hand():
    assert log_sum_exp(np.log([1.0, 2.0, 4.0])) == pytest.approx(np.log(7.0), rel=1e-15)
    np.testing.assert_allclose(log_sum_exp([[0, 0], [1, 1]]), [np.log(2), 1 + np.log(2)])


def test_no_overflow_and_no_logarithm_of_zero():
    assert log_sum_exp([[1000.0, 0.0], [-1000.0, -1000.0]]).tolist() == [1000.0, -1000.0 + np.log(2)]
    inf = np.inf
    with np.errstate(all="raise"):
        assert log_sum_exp([[-inf, 3.0], [-inf, -inf], [inf, 0.0]]).tolist() == [3.0, -inf, inf]


def test_axis_keepdims_dtype_and_input():
    Z = np.random.default_rng(0).standard_normal((3, 5, 7))
    before = Z.copy()
    for axis in (0, 1, 2, -1, -3):
        np.testing.assert_allclose(log_sum_exp(Z, axis), np.log(np.exp(Z).sum(axis=axis)), rtol=1e-14)
        assert log_sum_exp(Z, axis, keepdims=True).shape == np.exp(Z).sum(axis=axis, keepdims=True).shape
    assert log_sum_exp(Z.astype(np.float32)).dtype == np.float32
    np.testing.assert_array_equal(Z, before)
    np.testing.assert_allclose(log_softmax(Z), Z - log_sum_exp(Z, keepdims=True), rtol=1e-12, atol=1e-14)


def test_its_gradient_is_the_softmax():
    z = np.random.default_rng(1).standard_normal(7)
    assert relative_error(softmax(z), numerical_gradient(log_sum_exp, z)) < 1e-9


@pytest.mark.parametrize(("Z", "axis"), [(np.float64(1.0), -1), (np.zeros((2, 0)), -1), (np.zeros((2, 3)), 2)])
def test_errors(Z, axis):
    with pytest.raises(ValueError, match=f"expected at least one number on axis {axis}"):
        log_sum_exp(Z, axis)
