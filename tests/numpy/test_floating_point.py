"""Floating-point formats, rounding to them, loss scaling."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.floating_point import LossScaler, float_format, round_to, scaled_step
from dlkit.numpy.optim import GradientDescent


@pytest.mark.parametrize("name", ["float16", "float32", "float64"])
def test_formats_are_those_of_numpy(name):
    ours, theirs = float_format(name), np.finfo(name)
    assert (ours.bits, ours.eps, ours.digits) == (theirs.bits, float(theirs.eps), theirs.precision)
    assert (ours.largest, ours.smallest_normal) == (float(theirs.max), float(theirs.smallest_normal))
    assert ours.smallest == float(theirs.smallest_subnormal)


def test_bfloat16_has_the_range_of_float32_and_few_digits():
    ours, wide = float_format("bfloat16"), float_format("float32")
    assert ours.smallest_normal == wide.smallest_normal and ours.digits == 2
    assert 0.99 < ours.largest / wide.largest < 1


def test_rounding_to_bfloat16():
    """Eight bits of the fraction count; a tie goes to the even neighbour."""
    eps = 2.0**-7
    x = np.array([1.0, 1 + eps, 1 + eps / 2, 1 + 1.5 * eps, 1 + 0.51 * eps, -1 - 1.5 * eps, 0.0, -0.0])
    expected = [1.0, 1 + eps, 1.0, 1 + 2 * eps, 1 + eps, -1 - 2 * eps, 0.0, -0.0]
    rounded = round_to(x, "bfloat16")
    assert rounded.tolist() == expected and np.signbit(rounded).tolist() == np.signbit(expected).tolist()
    assert round_to([np.inf, -np.inf, 3.4e38, -1e300], "bfloat16").tolist() == [np.inf, -np.inf, np.inf, -np.inf]
    assert np.isnan(round_to(np.nan, "bfloat16"))
    smallest = float_format("bfloat16").smallest
    assert round_to([smallest, smallest / 2, 1.6 * smallest], "bfloat16").tolist() == [smallest, 0.0, 2 * smallest]


def test_rounding_keeps_dtype_and_input():
    x = np.array([0.1, 70000.0], dtype=np.float32)
    for name in ("float16", "bfloat16", "float32", "float64"):
        assert round_to(x, name).dtype == np.float32
    assert x.tolist() == [np.float32(0.1), 70000.0]
    assert round_to([1e-8, 70000.0], "float16").tolist() == [0.0, np.inf]
    np.testing.assert_array_equal(round_to(np.arange(5), "bfloat16"), np.arange(5.0))


def test_the_scale_grows_and_backs_off():
    scaler = LossScaler(scale=8.0, growth_interval=3)
    scales = []
    for finite in (True, True, True, True, True, False, True, True, True):
        scaler.update(finite)
        scales.append(scaler.scale)
    assert scales == [8, 8, 16, 16, 16, 8, 8, 8, 16]


def test_small_gradients_survive_by_scaling():
    """A gradient of 1e-9 is 0 in float16; times 2^16 it is not."""
    true = np.array([1e-9, -3e-9])
    assert not true.astype(np.float16).any()
    scaler = LossScaler()
    grads, finite = scaler.unscale({"w": (true * scaler.scale).astype(np.float16)})
    assert finite and grads["w"].dtype == np.float32
    np.testing.assert_allclose(grads["w"], true, rtol=1e-3)
    params = {"w": np.ones(2, dtype=np.float32)}
    new = scaled_step(params, {"w": (true * scaler.scale).astype(np.float16)}, GradientDescent(lr=1e8), scaler)
    np.testing.assert_allclose(new["w"], [0.9, 1.3], rtol=1e-3)


def test_an_overflow_skips_the_step():
    scaler = LossScaler(scale=4.0)
    params = {"w": np.ones(2), "b": np.ones(1)}
    new = scaled_step(params, {"w": np.array([1.0, np.nan]), "b": np.ones(1)}, GradientDescent(lr=1.0), scaler)
    assert new is not params and all(np.array_equal(new[k], params[k]) for k in params) and scaler.scale == 2.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: float_format("float8"), "name is 'float8', expected one of 'float16', 'bfloat16'"),
        (lambda: round_to(1.0, "half"), "name is 'half'"),
        (lambda: LossScaler(0.0), "scale is 0.0 and growth_interval 2000, expected positive"),
        (lambda: LossScaler(growth_interval=0), "growth_interval 0"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()
