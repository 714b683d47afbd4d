"""The one comparison: what is equal, what is not, and what the message says."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.checking.compare import compare, show


@pytest.mark.parametrize("got, expected", [
    (np.array(2.0), 2.0), ([2.0], 2.0), (2, 2.0), (2.0, np.array([2.0])), ((1.0, 2.0), [1.0, 2.0]),
    ([1, 2], np.array([1.0, 2.0])), ([[1.0], [2.0]], np.array([[1.0], [2.0]])), (np.float32(0.5), 0.5), (True, np.bool_(True)),
    (1, True), (None, None), ("a", "a"), ({"a": [1.0]}, {"a": np.array([1.0])}), (np.array([np.nan]), np.array([np.nan])),
    (np.array([3, 4]), (3.0, 4.0)), ([np.ones(2), 1.0], (np.ones(2), 1.0)), ([], []), (1e-17, 0.0),
])
def test_equal(got, expected):
    assert compare(got, expected) is None


@pytest.mark.parametrize("got, expected, kind, says", [
    (np.ones((3, 1)), np.ones(3), "shape", "flatten"),
    (np.ones(3), np.ones((3, 1)), "shape", "keepdims"),
    (np.ones((2, 3)), np.ones((3, 2)), "shape", "other way round"),
    (None, 1.0, "nothing", "return"),
    ("a", 1.0, "type", "the string 'a'"),
    (1.0, "a", "type", "expected a string"),
    ([1.0, 2.0], [1.0, 2.1], "value", "the result[1] is 2, expected 2.1"),
    (np.array([1.0, np.nan]), np.array([1.0, 2.0]), "not finite", "nan"),
    ((1.0,), (1.0, np.ones(2)), "shape", "1 components, expected 2"),
    ({"a": 1}, {"a": 1, "b": 2}, "shape", "lacks 'b'"),
    ({"a": 1, "c": 2}, {"a": 1}, "shape", "nobody asked"),
    (object(), 1.0, "type", "expected the number 1"),
    (1.0 + 1e-6, 1.0, "value", "1.000001"),
    (np.array([1e-13]), np.array([2e-13]), "value", "expected 2e-13"),
])
def test_different(got, expected, kind, says):
    found = compare(got, expected)
    assert found is not None and found.kind == kind and says in found.text


def test_components_are_named():
    found = compare((1.0, np.zeros(2)), (1.0, np.ones(2)), names=("loss", "gradient"))
    assert found is not None and found.text.startswith("gradient[0] is 0, expected 1")
    assert "slope is 3" in compare((3.0, 1.0), (2.0, 1.0), names=("slope", "intercept")).text


def test_expected_numbers_can_be_kept_back():
    assert "2.1" not in compare([1.0, 2.0], [1.0, 2.1], reveal=False).text


def test_two_numbers_that_look_alike_are_shown_with_enough_digits():
    assert show(0.1 + 0.2, 0.3) != show(0.3, 0.1 + 0.2)
