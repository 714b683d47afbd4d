"""The checks of arguments: what they let through, and what they say otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.validation import as_float, as_labels, as_symmetric, expect_choice, expect_range, expect_rng, expect_shape


def test_float_arrays_pass_without_a_copy():
    for dtype in (np.float16, np.float32, np.float64):
        x = np.ones(3, dtype=dtype)
        assert as_float("x", x) is x
        assert as_float("x", x, x.dtype) is x


@pytest.mark.parametrize("value", [[1, 2], (True, False), np.array([1, 2], dtype=np.int8), 3, [1.0, 2.0]])
def test_other_numbers_become_float64(value):
    assert as_float("x", value).dtype == np.float64


def test_a_dtype_can_be_asked_for():
    assert as_float("x", [1, 2], np.dtype(np.float32)).dtype == np.float32
    assert as_float("x", np.ones(2), np.dtype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("value", [["a"], [1j], [None], [object()]])
def test_what_is_not_a_real_number_is_refused(value):
    with pytest.raises(TypeError, match=r"^weights has dtype \S+, expected real numbers$"):
        as_float("weights", value)


def test_ragged_lists_are_refused():
    with pytest.raises(ValueError, match=r"^X is ragged, expected rows of equal length"):
        as_float("X", [[1, 2], [3]])


@pytest.mark.parametrize(
    ("shape", "expected", "message"),
    [
        ((3, 4), (5, None), r"^W has shape \(3, 4\), expected \(5, \*\) to match X \(2, 5\)$"),
        ((3,), (None, None), r"^W has shape \(3,\), expected \(\*, \*\) to match X \(2, 5\)$"),
        ((3, 1), (3,), r"^W has shape \(3, 1\), expected \(3,\) to match X \(2, 5\)$"),
    ],
)
def test_shape_message(shape, expected, message):
    with pytest.raises(ValueError, match=message):
        expect_shape("W", np.zeros(shape), expected, to_match=("X", np.zeros((2, 5))))


def test_shapes_that_fit():
    expect_shape("W", np.zeros((3, 4)), (3, 4))
    expect_shape("W", np.zeros((3, 4)), [None, 4])
    expect_shape("W", np.zeros(()), ())


def test_labels():
    assert as_labels("y", [0, 2], (2,), 3).tolist() == [0, 2]
    with pytest.raises(TypeError, match="y has dtype float64, expected integer class labels"):
        as_labels("y", [0.0, 1.0], (2,), 3)
    with pytest.raises(ValueError, match=r"y has shape \(2, 1\), expected \(2,\)"):
        as_labels("y", [[0], [1]], (2,), 3)
    with pytest.raises(ValueError, match="y has labels from -1 to 1, expected 0 to 2 for 3 classes"):
        as_labels("y", [-1, 1], (2,), 3)


def test_range_choice_and_generator():
    expect_range("p", np.array([0.0, 1.0]), 0, 1)
    with pytest.raises(ValueError, match="p has values from nan to nan, expected 0 to 1; try again"):
        expect_range("p", np.array([0.5, np.nan]), 0, 1, hint="try again")
    with pytest.raises(ValueError, match="power is 3, expected one of 1, 2"):
        expect_choice("power", 3, (1, 2))
    expect_rng(np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng has type RandomState, expected numpy.random.Generator"):
        expect_rng(np.random.RandomState(0))


def test_as_symmetric_keeps_what_is_right_and_names_what_is_not():
    H = np.array([[2.0, 1.0], [1.0, 3.0]], dtype=np.float32)
    assert as_symmetric("H", H) is H and as_symmetric("H", 5).tolist() == [[5.0]]
    for wrong in ([[1.0, 2.0], [0.0, 1.0]], np.ones((2, 3)), np.ones((2, 2, 2)), np.empty((0, 0))):
        with pytest.raises(ValueError, match="H has shape .*, expected a symmetric square matrix"):
            as_symmetric("H", wrong)
