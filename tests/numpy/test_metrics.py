"""Labels from outputs, and accuracy."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.metrics import accuracy, binary_labels, class_labels


def test_labels():
    assert binary_labels([0.49, 0.5, 0.51]).tolist() == [0, 1, 1]
    assert binary_labels([[0.2], [0.3]], threshold=0.25).tolist() == [[0], [1]]
    assert class_labels([[1, 5, 2], [7, 7, 0]]).tolist() == [1, 0]
    assert class_labels([1, 5, 2]) == 1
    with pytest.raises(ValueError, match="expected \\(N, K\\) with at least one class"):
        class_labels(np.zeros((2, 0)))


def test_accuracy():
    assert accuracy([1, 1, 0], [1, 0, 0]) == pytest.approx(2 / 3)
    assert accuracy([[0.1, 0.9], [0.9, 0.1]], [1, 0]) == 1.0
    assert accuracy([[1, 0], [1, 1]], [[1, 1], [1, 1]]) == 0.75
    assert type(accuracy([1.0], [1])) is float


def test_accuracy_messages():
    with pytest.raises(ValueError, match=r"predicted has shape \(2,\), expected \(3,\) to match target"):
        accuracy([1, 0], [1, 0, 1])
    with pytest.raises(ValueError, match="target is empty"):
        accuracy([], [])
    with pytest.raises(ValueError, match="predicted holds fractions, expected labels"):
        accuracy([0.9, 0.2], [1, 0])
