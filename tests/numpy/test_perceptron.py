"""Threshold units and their training rules."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import bipolar_step
from dlkit.numpy.linear import augment_ones
from dlkit.numpy.perceptron import (
    Perceptron,
    bipolar_perceptron_fit,
    logic_gate,
    multi_output_step,
    perceptron_fit,
    perceptron_step,
    perceptron_trick,
    threshold_unit,
)

BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def separable(n: int = 101, d: int = 3, seed: int = 0):
    """Points on both sides of a plane, none nearer than 0.3."""
    rng = np.random.default_rng(seed)
    X, normal = rng.standard_normal((n, d)), rng.standard_normal(d)
    normal /= np.linalg.norm(normal)
    side = np.where(X @ normal + 0.2 >= 0, 1, -1)
    return X + 0.3 * side[:, None] * normal, side


@pytest.mark.parametrize(
    ("name", "expected"),
    [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("nand", [1, 1, 1, 0]), ("nor", [1, 0, 0, 0])],
)
def test_logic_gates(name, expected):
    assert threshold_unit(BITS, *logic_gate(name)).tolist() == expected


def test_not_gate():
    assert threshold_unit(np.array([[0], [1]]), *logic_gate("not")).tolist() == [1, 0]


def test_gates_are_fresh_arrays():
    logic_gate("and")[0][:] = 7
    assert logic_gate("and")[0].tolist() == [1, 1]


def test_gate_errors():
    with pytest.raises(ValueError, match="name is 'xor', expected a linearly separable gate"):
        logic_gate("xor")
    with pytest.raises(ValueError, match="name is 'maybe', expected one of 'and', 'or'"):
        logic_gate("maybe")


def test_threshold_unit_fires_at_the_threshold_and_keeps_float32():
    out = threshold_unit(np.array([[1.0], [0.5]], dtype=np.float32), np.ones(1, dtype=np.float32), 1.0)
    assert out.tolist() == [1, 0] and out.dtype == np.float32


def test_trick_moves_by_the_augmented_point():
    line, point = np.array([2.0, 3.0, 5.0]), np.array([4.0, 5.0])
    assert perceptron_trick(line, point, 1, lr=0.5).tolist() == [4.0, 5.5, 5.5]
    assert perceptron_trick(line, point, 0, lr=0.5).tolist() == [0.0, 0.5, 4.5]
    assert line.tolist() == [2, 3, 5]


def test_step_equals_trick_on_misclassified_points_and_rests_on_others():
    rng = np.random.default_rng(0)
    for _ in range(20):
        w, x, y = rng.standard_normal(4), np.append(rng.standard_normal(3), 1), int(rng.integers(2))
        wrong = (x @ w >= 0) != y
        expected = perceptron_trick(w, x[:-1], y, lr=0.3) if wrong else w
        assert perceptron_step(w, x, y, lr=0.3) == pytest.approx(expected)


def test_perceptron_learns_separable_data():
    X, side = separable()
    y = (side > 0).astype(int)
    model = Perceptron(lr=0.1, epochs=5000).fit(X, y, rng=np.random.default_rng(1))
    assert (model.predict(X) == y).all()
    assert ((model.decision_function(X) >= 0) == y).all()
    w = perceptron_fit(X, y, 0.1, 5000, rng=np.random.default_rng(1))
    assert (w == np.append(model.w_, model.b_)).all()


def test_perceptron_fit_is_a_chain_of_steps():
    X, side = separable(n=11)
    y = (side > 0).astype(int)
    w = np.zeros(4)
    for i in np.random.default_rng(3).integers(11, size=50):
        w = perceptron_step(w, augment_ones(X)[i], y[i], 0.01)
    assert perceptron_fit(X, y, 0.01, 50, rng=np.random.default_rng(3)) == pytest.approx(w, abs=1e-15)


def test_bipolar_fit_learns_separable_data_and_says_so():
    X, side = separable()
    fit = bipolar_perceptron_fit(X, side, lr=0.5, max_epochs=1000)
    assert fit.converged and fit.w.shape == (3,) and fit.b.shape == ()
    assert (bipolar_step(X @ fit.w + fit.b) == side).all()


def test_bipolar_fit_with_a_dead_band_ends_outside_it():
    X, side = separable()
    fit = bipolar_perceptron_fit(X, side, threshold=2.0, max_epochs=1000)
    assert fit.converged and ((X @ fit.w + fit.b) * side > 2.0).all()


def test_several_outputs_are_several_single_ones():
    X, first = separable(seed=1)
    second = np.where(X[:, 0] + X[:, 1] > 0.1, 1, -1)
    both = bipolar_perceptron_fit(X, np.column_stack([first, second]), max_epochs=7)
    assert both.w.shape == (3, 2) and both.b.shape == (2,)
    for j, t in enumerate([first, second]):
        one = bipolar_perceptron_fit(X, t, max_epochs=7)
        assert both.w[:, j] == pytest.approx(one.w) and both.b[j] == pytest.approx(one.b)


def test_bipolar_fit_is_a_chain_of_multi_output_steps():
    rng = np.random.default_rng(4)
    X, t = rng.standard_normal((11, 3)), rng.choice([-1, 1], size=(11, 2))
    W, b = np.zeros((3, 2)), np.zeros(2)
    for _ in range(5):
        for x, target in zip(X, t, strict=True):
            W, b = multi_output_step(W, b, x, target, lr=0.7, threshold=0.1)
    fit = bipolar_perceptron_fit(X, t, lr=0.7, threshold=0.1, max_epochs=5)
    assert fit.w == pytest.approx(W) and fit.b == pytest.approx(b)


def test_multi_output_step_agrees_with_bipolar_step():
    rng = np.random.default_rng(5)
    for _ in range(50):
        W, b, x = (rng.integers(-2, 3, shape).astype(float) for shape in [(3, 2), 2, 3])
        t = rng.choice([-1, 1], size=2)
        wrong = bipolar_step(x @ W + b, 1.0) != t
        new_W, new_b = multi_output_step(W, b, x, t, lr=0.5, threshold=1.0)
        assert new_W.tolist() == (W + 0.5 * np.outer(x, t * wrong)).tolist()
        assert new_b.tolist() == (b + 0.5 * t * wrong).tolist()


def test_inputs_are_not_modified_and_float32_stays():
    X, side = separable(n=11)
    X = X.astype(np.float32)
    before = X.copy()
    assert perceptron_fit(X, side > 0, rng=np.random.default_rng(0)).dtype == np.float32
    assert bipolar_perceptron_fit(X, side, lr=0.3).w.dtype == np.float32
    W, b = np.zeros((3, 1), dtype=np.float32), np.zeros(1, dtype=np.float32)
    new_W, new_b = multi_output_step(W, b, X[0], np.array([1]))
    assert new_W is not W and (W == 0).all() and (b == 0).all() and (X == before).all()


def test_error_texts():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"w has shape \(3,\), expected \(2,\) to match X \(4, 2\)"):
        threshold_unit(BITS, np.ones(3), 0.5)
    with pytest.raises(ValueError, match=r"coefficients has shape \(2,\), expected \(3,\) to match point"):
        perceptron_trick(np.ones(2), np.ones(2), 1)
    with pytest.raises(ValueError, match="label is -1, expected one of 0, 1"):
        perceptron_trick(np.ones(3), np.ones(2), -1)
    with pytest.raises(ValueError, match="y contains -1, expected only 0 and 1"):
        perceptron_fit(BITS, np.array([-1, 1, 1, 1]), rng=rng)
    with pytest.raises(ValueError, match="t contains 0, expected only -1 and 1"):
        bipolar_perceptron_fit(BITS, np.array([0, 1, 1, 1]))
    with pytest.raises(ValueError, match=r"t has shape \(3,\), expected \(4,\) to match X \(4, 2\)"):
        bipolar_perceptron_fit(BITS, np.ones(3))
    with pytest.raises(ValueError, match="threshold is -1, expected 0 or more"):
        bipolar_perceptron_fit(BITS, np.ones(4), threshold=-1)
    with pytest.raises(TypeError, match="rng .* int, expected numpy.random.Generator"):
        perceptron_fit(BITS, np.ones(4), rng=0)
