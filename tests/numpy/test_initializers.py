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


SMALL = (7, 5)  # fan-in and fan-out, distinct primes
MANY = {
    "xavier_uniform": 2 / 12,
    "xavier_normal": 2 / 12,
    "he_uniform": 2 / 7,
    "he_normal": 2 / 7,
    "lecun_uniform": 1 / 7,
    "lecun_normal": 1 / 7,
    "uniform": 1 / 12,
    "normal": 0.01**2,
    "orthogonal": 1 / 7,  # columns of length 1 with 7 entries
    "zeros": 0.0,
    "constant": 0.0,
}


@pytest.mark.parametrize(("name", "variance"), MANY.items())
def test_variance_over_a_thousand_draws(name, variance):
    """35 000 numbers: the variance of a normal sample strays by 0.8 %, so 5 % is more than six standard errors."""
    rng = np.random.default_rng(41)
    draws = np.array([getattr(initializers, name)(SMALL, rng) for _ in range(1000)])
    assert abs(draws.var() - variance) <= 0.05 * variance
    if variance:
        assert abs(draws.mean()) < 6 * math.sqrt(variance / draws.size)
        spread = draws.var(axis=0) / variance  # of each entry on its own: 4.5 % per entry
        assert 0.7 < spread.min() and spread.max() < 1.35


@pytest.mark.parametrize(("name", "kurtosis"), [("uniform", 1.8), ("normal", 3.0)])
def test_shapes_of_the_distributions(name, kurtosis):
    for scheme in ("xavier", "he", "lecun"):
        W = getattr(initializers, f"{scheme}_{name}")((300, 200), np.random.default_rng(42))
        assert abs((W**4).mean() / W.var() ** 2 - kurtosis) < 0.12


@pytest.mark.parametrize("shape", [(7, 5), (5, 7), (5, 5), (1, 3), (7, 2, 3, 5)])
@pytest.mark.parametrize("gain", [1.0, 1.7])
def test_orthogonal_keeps_lengths(shape, gain):
    W = initializers.orthogonal(shape, np.random.default_rng(43), gain=gain)
    assert W.shape == shape
    flat = W.reshape(shape[0], -1)
    gram = flat.T @ flat if flat.shape[0] >= flat.shape[1] else flat @ flat.T
    np.testing.assert_allclose(gram, gain**2 * np.eye(len(gram)), atol=1e-12)


def test_orthogonal_prefers_no_direction():
    """Without the signs of R, the diagonal of Q would be negative most of the time."""
    rng = np.random.default_rng(44)
    diagonals = np.array([np.diag(initializers.orthogonal((3, 3), rng)) for _ in range(2000)])
    assert np.abs(diagonals.mean(axis=0)).max() < 0.08  # six standard errors of a mean of numbers with variance 1/3
    determinants = [np.linalg.det(initializers.orthogonal((3, 3), rng)) for _ in range(500)]
    assert 0.35 < np.mean(np.array(determinants) > 0) < 0.65


def test_gains():
    gain = initializers.calculate_gain
    assert gain("tanh") == 5 / 3 and gain("relu") ** 2 == pytest.approx(2) and gain("selu") == 0.75
    assert gain("linear") == gain("identity") == gain("sigmoid") == 1
    assert gain("leaky_relu", 0.5) ** 2 == pytest.approx(1.6)
    with pytest.raises(ValueError, match="nonlinearity is 'swish', expected one of 'linear'"):
        gain("swish")
    rng = np.random.default_rng(45)
    for draw, option, factor in (
        (initializers.xavier_normal, {"gain": 3.0}, 3.0),
        (initializers.xavier_uniform, {"gain": 3.0}, 3.0),
        (initializers.he_normal, {"negative_slope": 1.0}, math.sqrt(0.5)),
        (initializers.he_uniform, {"negative_slope": 1.0}, math.sqrt(0.5)),
    ):
        plain, changed = draw((200, 150), rng), draw((200, 150), rng, **option)
        assert changed.std() / plain.std() == pytest.approx(factor, rel=0.03)


def test_orthogonal_needs_two_axes():
    with pytest.raises(ValueError, match="expected \\(fan_in, fan_out\\)"):
        initializers.orthogonal((3,), np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng has type int"):
        initializers.orthogonal((3, 2), 0)
