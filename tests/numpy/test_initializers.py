"""Starting values: shapes, limits, spreads, reproducibility.

A sample standard deviation over n weights strays from the true one by about 1 / sqrt(2 n) of it: 0.4 % here.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlkit.numpy import initializers
from dlkit.numpy.initializers import constant, fans, normal, uniform, zeros

FAN_IN, FAN_OUT = 211, 127
EXPECTED_STD = {
    "xavier_uniform": math.sqrt(2 / (FAN_IN + FAN_OUT)),
    "xavier_normal": math.sqrt(2 / (FAN_IN + FAN_OUT)),
    "he_uniform": math.sqrt(2 / FAN_IN),
    "he_normal": math.sqrt(2 / FAN_IN),
    "lecun_normal": math.sqrt(1 / FAN_IN),
    "uniform": 1 / math.sqrt(12),
    "normal": 0.01,
}


@pytest.mark.parametrize(("name", "std"), EXPECTED_STD.items())
def test_spread(name, std):
    W = getattr(initializers, name)((FAN_IN, FAN_OUT), np.random.default_rng(25))
    assert W.shape == (FAN_IN, FAN_OUT) and W.dtype == np.float64
    assert abs(W.std() / std - 1) < 0.03
    assert abs(W.mean()) < 0.03 * std
    if name.endswith("uniform"):
        limit = math.sqrt(3) * std
        assert 0.99 * limit < np.abs(W).max() <= limit


@pytest.mark.parametrize("name", EXPECTED_STD)
def test_same_generator_same_weights(name):
    draw = getattr(initializers, name)
    np.testing.assert_array_equal(
        draw((3, 5), np.random.default_rng(7)), draw((3, 5), np.random.default_rng(7))
    )
    rng = np.random.default_rng(7)
    assert not np.array_equal(draw((3, 5), rng), draw((3, 5), rng))
    with pytest.raises(TypeError, match="rng has type int, expected numpy.random.Generator"):
        draw((3, 5), 7)


def test_fillers_and_options():
    rng = np.random.default_rng(0)
    assert zeros((2, 3), rng).tolist() == [[0] * 3] * 2
    assert constant((2, 1), rng, value=3).tolist() == [[3.0], [3.0]]
    assert uniform((1000,), rng, low=2, high=3).min() >= 2
    assert abs(normal((10000,), rng, mean=5, std=0.1).mean() - 5) < 0.01


def test_fans():
    assert fans((3, 5)) == (3, 5)
    assert fans((7, 2, 3, 5)) == (30, 105)
    for shape in ((3,), (3, 0)):
        with pytest.raises(ValueError, match="expected \\(fan_in, fan_out\\), both at least 1"):
            fans(shape)


def test_variance_survives_many_layers_only_with_the_right_scale():
    rng = np.random.default_rng(26)
    fading = kept = rng.standard_normal((64, 200))
    for _ in range(10):
        fading = np.maximum(fading @ initializers.lecun_normal((200, 200), rng), 0)
        kept = np.maximum(kept @ initializers.he_normal((200, 200), rng), 0)
    assert 0.2 < (kept**2).mean() < 5
    assert (fading**2).mean() < 0.01
