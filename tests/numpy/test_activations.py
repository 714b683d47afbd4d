"""Elementwise activations: hand-computed numbers, slopes, extremes, dtypes, messages."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest

from dlkit.numpy import activations
from dlkit.numpy.activations import bipolar_step, dead_fraction, prelu, prelu_backward, prelu_forward, step
from dlkit.numpy.gradient_check import check_gradients

# name, arguments, inputs, outputs, slopes: all computed by hand or on a pocket calculator
TABLE = [
    ("identity", {}, [-2, 0, 3], [-2, 0, 3], [1, 1, 1]),
    ("identity", {"slope": 4.0}, [-2, 0, 3], [-8, 0, 12], [4, 4, 4]),
    ("sigmoid", {}, [0, np.log(3), -np.log(3)], [0.5, 0.75, 0.25], [0.25, 0.1875, 0.1875]),
    ("tanh", {}, [0, np.log(2), -np.log(2)], [0, 0.6, -0.6], [1, 0.64, 0.64]),
    ("hardtanh", {}, [-3, -1, 0.5, 1, 3], [-1, -1, 0.5, 1, 1], [0, 0, 1, 0, 0]),
    ("hardtanh", {"min_value": 0.0, "max_value": 6.0}, [-1, 2, 9], [0, 2, 6], [0, 1, 0]),
    ("relu", {}, [-2, 0, 3], [0, 0, 3], [0, 0, 1]),
    ("leaky_relu", {}, [-2, 0, 3], [-0.02, 0, 3], [0.01, 0.01, 1]),
    ("leaky_relu", {"negative_slope": 2.0}, [-2, 0, 3], [-4, 0, 3], [2, 2, 1]),
    ("elu", {}, [-np.log(2), 0, 3], [-0.5, 0, 3], [0.5, 1, 1]),
    ("elu", {"alpha": 3.0}, [-np.log(2), 0, 3], [-1.5, 0, 3], [1.5, 3, 1]),
    ("selu", {}, [-np.log(2), 2], [-0.8790495, 2.1014020], [0.8790495, 1.0507010]),
    ("swish", {}, [0, np.log(3)], [0, 0.8239592], [0.5, 0.9559898]),
    ("swish", {"beta": 2.0}, [0, np.log(3) / 2], [0, 0.4119796], [0.5, 0.9559898]),
]
PAIRS = sorted({row[0] for row in TABLE})


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@pytest.mark.parametrize(("name", "options", "Z", "A", "slope"), TABLE)
def test_hand_computed_values_and_slopes(name, options, Z, A, slope):
    np.testing.assert_allclose(getattr(activations, name)(Z, **options), A, atol=1e-7)
    np.testing.assert_allclose(getattr(activations, f"{name}_derivative")(Z, **options), slope, atol=1e-7)
    out, _ = getattr(activations, f"{name}_forward")(Z, *options.values())  # by position this time
    np.testing.assert_allclose(out, A, atol=1e-7)


@pytest.mark.parametrize(("name", "options"), [row[:2] for row in TABLE])
def test_backward_against_central_differences(name, options, rng):
    Z = rng.standard_normal((3, 5)) * 1.5
    for kink in (0.0, -1.0, 1.0, 6.0):
        Z[np.abs(Z - kink) < 0.01] += 0.05
    forward, backward = (getattr(activations, f"{name}_{way}") for way in ("forward", "backward"))
    check_gradients(lambda Z: forward(Z, **options), backward, {"Z": Z}, rng, tolerance=1e-8)


@pytest.mark.parametrize("name", PAIRS)
def test_extremes_are_finite_and_silent(name):
    Z = np.array([-1e4, -1000.0, -745.0, -40.0, 40.0, 745.0, 1000.0, 1e4])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        A, cache = getattr(activations, f"{name}_forward")(Z)
        dZ = getattr(activations, f"{name}_backward")(np.ones_like(Z), cache)
        getattr(activations, name)(Z.astype(np.float32))
    assert np.isfinite(A).all() and np.isfinite(dZ).all()


def test_sigmoid_keeps_its_relative_precision_far_left():
    np.testing.assert_allclose(activations.sigmoid([-40.0, -700.0]), np.exp([-40.0, -700.0]), rtol=1e-15)


@pytest.mark.parametrize("name", [*PAIRS, "step", "bipolar_step"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shape_are_kept_and_the_input_is_untouched(name, dtype, rng):
    Z = rng.standard_normal((2, 3, 5)).astype(dtype)
    before = Z.copy()
    Z.flags.writeable = False
    assert getattr(activations, name)(Z).dtype == dtype
    assert getattr(activations, name)(Z).shape == Z.shape
    assert getattr(activations, name)([1, 2]).dtype == np.float64
    if name in PAIRS:
        assert getattr(activations, f"{name}_derivative")(Z).dtype == dtype
        _, cache = getattr(activations, f"{name}_forward")(Z)
        assert getattr(activations, f"{name}_backward")(Z, cache).dtype == dtype
    np.testing.assert_array_equal(Z, before)


@pytest.mark.parametrize("name", PAIRS)
def test_messages(name):
    forward, backward = (getattr(activations, f"{name}_{way}") for way in ("forward", "backward"))
    with pytest.raises(TypeError, match="Z has dtype <U1, expected real numbers"):
        forward(["a"])
    _, cache = forward(np.ones((3, 2)))
    with pytest.raises(ValueError, match=r"dA has shape \(2, 3\), expected \(3, 2\) to match Z \(3, 2\)"):
        backward(np.ones((2, 3)), cache)


@pytest.mark.parametrize("name", PAIRS)
def test_made_functions_have_names_docs_and_can_be_pickled(name):
    for way in ("derivative", "forward", "backward"):
        function = getattr(activations, f"{name}_{way}")
        assert function.__name__ == f"{name}_{way}"
        assert name in function.__doc__
        assert pickle.loads(pickle.dumps(function)) is function


def test_steps():
    assert step([-1, 0, 1]).tolist() == [0, 1, 1]
    assert step([0.4, 0.5, 0.6], threshold=0.5).tolist() == [0, 1, 1]
    assert bipolar_step([-1, 0, 1]).tolist() == [-1, 0, 1]
    assert bipolar_step([-0.6, -0.5, 0.5, 0.6], threshold=0.5).tolist() == [-1, 0, 0, 1]
    with pytest.raises(ValueError, match="threshold is -1, expected a number >= 0"):
        bipolar_step([0.0], threshold=-1)


@pytest.mark.parametrize("slope", [0.25, [0.1, 0.2, 0.3, -0.4, 1.5]])
def test_prelu_backward_against_central_differences(slope, rng):
    Z = rng.standard_normal((7, 5))
    check_gradients(prelu_forward, prelu_backward, {"Z": Z, "slope": slope}, rng, tolerance=1e-8)


def test_prelu_by_hand():
    A, cache = prelu_forward([[-2.0, 4.0], [3.0, -5.0]], [0.5, 0.1])
    assert A.tolist() == [[-1.0, 4.0], [3.0, -0.5]]
    dZ, dslope = prelu_backward([[1.0, 10.0], [100.0, 1000.0]], cache)
    assert dZ.tolist() == [[0.5, 10.0], [100.0, 100.0]]
    assert dslope.tolist() == [-2.0, -5000.0]
    assert prelu(np.float32([-1.0]), 0.5).dtype == np.float32


def test_prelu_wants_one_slope_or_one_per_unit():
    with pytest.raises(ValueError, match=r"slope has shape \(3,\), expected \(2,\) to match Z \(5, 2\)"):
        prelu(np.ones((5, 2)), [0.1, 0.1, 0.1])


def test_dead_fraction():
    assert dead_fraction([[0, 1, 0, 2], [0, 0, -1, 3]]) == 0.5
    assert dead_fraction([[1.0]]) == 0.0
    with pytest.raises(ValueError, match=r"A has shape \(3,\), expected \(\*, \*\)"):
        dead_fraction([0.0, 1.0, 2.0])
    with pytest.raises(ValueError, match="expected at least one row and one column"):
        dead_fraction(np.zeros((0, 3)))
