"""Clipping: against the formula, dtypes, inputs that stay, errors, and an optimizer that clips."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.clipping import Clipped, clip_by_global_norm, clip_by_norm, clip_by_value, global_norm
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.momentum import Momentum
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent


def gradients(rng: np.random.Generator, scale: float = 5.0, dtype=np.float64) -> dict[str, np.ndarray]:
    return {"W": (scale * rng.normal(size=(5, 3))).astype(dtype), "b": (scale * rng.normal(size=3)).astype(dtype),
            "s": np.array(scale, dtype=dtype)}


def angle_kept(a: np.ndarray, b: np.ndarray) -> bool:
    a, b = a.ravel(), b.ravel()
    return bool(np.isclose(a @ b, np.linalg.norm(a) * np.linalg.norm(b), rtol=1e-12))


def test_by_value_bounds_entries_and_leaves_small_ones():
    g = np.random.default_rng(0).normal(size=(7, 3))
    clipped = clip_by_value(g, 0.5)
    assert np.abs(clipped).max() == 0.5 and np.array_equal(clipped[np.abs(g) <= 0.5], g[np.abs(g) <= 0.5])
    assert np.array_equal(np.sign(clipped), np.sign(g)) and not angle_kept(g, clipped)
    assert clip_by_value([np.inf, -np.inf, 0.0], 2.0).tolist() == [2.0, -2.0, 0.0]


def test_by_norm_bounds_the_length_and_keeps_the_direction():
    g = np.random.default_rng(1).normal(size=(7, 3))
    clipped = clip_by_norm(g, 1.5)
    assert np.linalg.norm(clipped) == pytest.approx(1.5, rel=1e-12) and angle_kept(g, clipped)
    assert np.array_equal(clip_by_norm(g, 100.0), g) and not clip_by_norm(np.zeros(3), 1.0).any()


def test_global_norm_is_that_of_one_long_vector():
    grads = gradients(np.random.default_rng(2))
    flat = np.concatenate([g.ravel() for g in grads.values()])
    assert global_norm(grads) == pytest.approx(np.linalg.norm(flat), rel=1e-14)
    assert global_norm({}) == 0.0 == global_norm({"empty": np.zeros((0, 3))})
    assert global_norm({"a": [3e200], "b": [4e200]}) == pytest.approx(5e200, rel=1e-14)
    assert global_norm({"a": [3e-200], "b": [4e-200]}) == pytest.approx(5e-200, rel=1e-14)


@pytest.mark.parametrize("max_norm", [0.1, 3.0, 1e6])
def test_one_factor_for_all(max_norm):
    grads = gradients(np.random.default_rng(3))
    before = {name: g.copy() for name, g in grads.items()}
    clipped, norm = clip_by_global_norm(grads, max_norm)
    assert norm == pytest.approx(global_norm(grads))
    factors = np.concatenate([(clipped[name] / grads[name]).ravel() for name in grads])
    np.testing.assert_allclose(factors, min(1.0, max_norm / norm), rtol=1e-12)
    assert all(np.array_equal(grads[name], before[name]) and clipped[name] is not grads[name] for name in grads)


def test_dtypes_are_kept():
    grads = gradients(np.random.default_rng(4), dtype=np.float32)
    assert all(g.dtype == np.float32 for g in clip_by_global_norm(grads, 1.0)[0].values())
    assert clip_by_value(grads["W"], 0.1).dtype == clip_by_norm(grads["W"], 0.1).dtype == np.float32
    assert clip_by_value([3, -4], 2.5).tolist() == [2.5, -2.5]


def test_an_optimizer_that_clips_bounds_each_step():
    rng = np.random.default_rng(5)
    params, grads = gradients(rng), gradients(rng, 100.0)
    by_norm = Clipped(GradientDescent(0.5), max_norm=2.0)
    new = by_norm.step(params, grads)
    assert global_norm({name: new[name] - params[name] for name in params}) == pytest.approx(1.0)
    assert by_norm.norms == [pytest.approx(global_norm(grads))]
    by_value = Clipped(GradientDescent(0.5), limit=2.0).step(params, grads)
    assert max(float(np.abs(by_value[name] - params[name]).max()) for name in params) == pytest.approx(1.0)
    both = Clipped(GradientDescent(1.0), limit=2.0, max_norm=1.0).step(params, grads)
    expected, _ = clip_by_global_norm({name: clip_by_value(g, 2.0) for name, g in grads.items()}, 1.0)
    np.testing.assert_allclose(params["W"] - both["W"], expected["W"], rtol=1e-10)


def test_it_trains_a_network_with_a_schedule_and_a_state():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    y = X @ np.array([[1.0], [-2.0], [0.5]])
    optimizer = Clipped(Momentum(0.05, form="classical"), max_norm=1.0)
    history = mlp([3, 7, 1], rng).fit(X, y, mse, optimizer, 30, 8, rng, schedule=lambda epoch: 0.05 / (1 + 0.02 * epoch))
    assert history["loss"][-1] < 0.1 * history["loss"][0] and len(optimizer.norms) == 150
    assert optimizer.lr == pytest.approx(0.05 / 1.58) == optimizer.optimizer.lr


@pytest.mark.parametrize(("call", "message"), [
    (lambda: clip_by_value([1.0], 0.0), "limit is 0.0, expected a positive number"),
    (lambda: clip_by_norm([1.0], -1.0), "max_norm is -1.0, expected a positive number"),
    (lambda: clip_by_global_norm({"w": [1.0]}, float("nan")), "max_norm is nan, expected a positive number"),
    (lambda: clip_by_global_norm({"w": [np.nan]}, 1.0), "grads has the norm nan, expected a finite one"),
    (lambda: clip_by_global_norm({"w": [1.0], "b": [np.inf]}, 1.0), "grads has the norm inf, expected a finite one"),
    (lambda: Clipped(GradientDescent(0.1)), "limit and max_norm are None, expected at least one"),
    (lambda: Clipped(GradientDescent(0.1), limit=-2.0), "limit is -2.0"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_gradients_of_text_are_refused():
    with pytest.raises(TypeError, match=r"grads\['w'\] has dtype <U1"):
        global_norm({"w": ["a"]})
