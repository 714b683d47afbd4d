"""From outputs to decisions, and how often they are right."""

from __future__ import annotations

import numpy as np

from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["accuracy", "binary_labels", "class_labels"]


def binary_labels(probability: np.ndarray, threshold: float = 0.5) -> np.ndarray:
    """Decide each output on its own: 1 where p >= threshold, else 0; for binary and for multi-label heads.

    Parameters
    ----------
    probability : array_like, any shape
        Probabilities; or scores with threshold 0.
    threshold : float
        From where on the answer is yes.

    Returns
    -------
    ndarray of int, shape of the probability

    Source: Lecture notes, unit 1.

    Examples
    --------
    Apple and orange are in the picture, banana and grape are not:

    >>> binary_labels([0.70, 0.55, 0.4, 0.1]).tolist()
    [1, 1, 0, 0]
    """
    return (as_float("probability", probability) >= threshold).astype(np.int64)


def class_labels(scores: np.ndarray) -> np.ndarray:
    """Pick the one class with the largest score (or probability) in each row; the first one of a tie.

    Parameters
    ----------
    scores : array_like, shape (..., K)
        One row per example.

    Returns
    -------
    ndarray of int, shape (...)

    Raises
    ------
    ValueError : if there is no class.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> class_labels([[0.3, 0.6, 0.1], [5.0, 1.0, 5.0]]).tolist()
    [1, 0]
    """
    scores = as_float("scores", scores)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ValueError(f"scores has shape {scores.shape}, expected (N, K) with at least one class")
    return scores.argmax(axis=-1)


def accuracy(predicted: np.ndarray, target: np.ndarray) -> float:
    """Fraction of the predictions that are right.

    Parameters
    ----------
    predicted : array_like, shape (N,) or (N, K)
        Labels; or one row of scores per example, of which the class with the largest counts.
    target : array_like, shape (N,)
        True labels. Arrays of labels may have any common shape.

    Returns
    -------
    float, between 0 and 1

    Raises
    ------
    ValueError : if the shapes do not match, there is nothing to count, or labels are not whole numbers.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> accuracy([0, 1, 1, 0], [0, 1, 0, 0])
    0.75
    >>> accuracy([[0.2, 0.8], [0.9, 0.1]], [1, 1])
    0.5
    """
    predicted, target = np.asarray(predicted), np.asarray(target)
    if predicted.ndim == target.ndim + 1:
        predicted = class_labels(predicted)
    expect_shape("predicted", predicted, target.shape, to_match=("target", target))
    if target.size == 0:
        raise ValueError("target is empty, expected at least one label")
    if predicted.dtype.kind == "f" and np.any(predicted != np.round(predicted)):
        raise ValueError("predicted holds fractions, expected labels: binary_labels decides")
    return float((predicted == target).mean())
