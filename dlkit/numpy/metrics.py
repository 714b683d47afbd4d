"""From outputs to decisions, and how good they are: counts of right and wrong labels, sizes of errors.

All take (predicted, target), so that they serve as ``metrics`` of ``fit``; scikit-learn has the target first.
"""

from __future__ import annotations

import numpy as np

from dlkit.numpy.validation import as_float, as_labels, expect_choice, expect_shape

__all__ = ["accuracy", "binary_labels", "class_labels", "confusion_matrix", "f1", "mean_absolute_error",
           "mean_squared_error", "precision", "recall", "root_mean_squared_error"]


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


def confusion_matrix(predicted: np.ndarray, target: np.ndarray, num_classes: int | None = None) -> np.ndarray:
    """Count what became of each class: entry (i, j) is the number of examples of class i that were called j.

    Parameters
    ----------
    predicted : array_like of int, shape (N,); or of float, shape (N, K)
        Labels; or one row of scores per example, of which the class with the largest counts.
    target : array_like of int, shape (N,)
        True labels.
    num_classes : int, optional
        K; else the number of scores, else the largest label plus one (say it where a class may be absent).

    Returns
    -------
    ndarray of int64, shape (K, K)
        Row: true class, column: predicted class. The diagonal is right, and the sum is N.

    Raises
    ------
    TypeError : if labels are not integers.
    ValueError : if the shapes do not match or a label is not in 0, ..., K - 1.

    Source: Lecture notes, unit 2.

    Examples
    --------
    Of three cats (0) one is called a dog (1), and the one dog is recognised:

    >>> confusion_matrix([0, 0, 1, 1], [0, 0, 0, 1]).tolist()
    [[2, 1], [0, 1]]
    """
    predicted, target = np.asarray(predicted), np.asarray(target)
    if predicted.ndim == target.ndim + 1:
        num_classes = predicted.shape[-1] if num_classes is None else num_classes
        predicted = class_labels(predicted)
    expect_shape("target", target, (None,))
    if num_classes is None:
        num_classes = 1 + max(int(labels.max()) if labels.size else -1 for labels in (predicted, target))
    target = as_labels("target", target, target.shape, num_classes).astype(np.int64)  # bytes would overflow below
    predicted = as_labels("predicted", predicted, target.shape, num_classes).astype(np.int64)
    counts = np.bincount(target * num_classes + predicted, minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes).astype(np.int64)


def precision(predicted: np.ndarray, target: np.ndarray, *, average: str | None = "binary", positive: int = 1,
              num_classes: int | None = None, zero_division: float = 0.0) -> float | np.ndarray:
    """Of what was called a class, the share that is one: TP / (TP + FP).

    Parameters
    ----------
    predicted, target, num_classes
        As for `confusion_matrix`.
    average : {"binary", "macro", "micro", None}
        "binary": of the class `positive`; None: of each class; "macro": the mean over the classes; "micro":
        from the counts of all classes together (which is the accuracy).
    positive : int
        The class that "binary" is about.
    zero_division : float
        The value where nothing was called that class, 0 / 0.

    Returns
    -------
    float; or ndarray, shape (K,), for average=None

    Raises
    ------
    ValueError : if `average` or `positive` is unknown, and as `confusion_matrix`.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> precision([0, 1, 1, 1], [0, 0, 1, 1])
    0.6666666666666666
    >>> precision([0, 1, 1, 1], [0, 0, 1, 1], average=None).round(3).tolist()
    [1.0, 0.667]
    """
    matrix = confusion_matrix(predicted, target, _enough(num_classes, predicted, target, average, positive))
    return _averaged(np.diag(matrix), matrix.sum(axis=0), average, positive, zero_division)


def recall(predicted: np.ndarray, target: np.ndarray, *, average: str | None = "binary", positive: int = 1,
           num_classes: int | None = None, zero_division: float = 0.0) -> float | np.ndarray:
    """Of what is a class, the share that was called so: TP / (TP + FN).

    Parameters
    ----------
    predicted, target, average, positive, num_classes
        As for `precision`.
    zero_division : float
        The value where the class does not occur, 0 / 0.

    Returns
    -------
    float; or ndarray, shape (K,), for average=None

    Raises
    ------
    ValueError : as `precision`.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> recall([0, 1, 1, 0], [0, 0, 1, 1])
    0.5
    """
    matrix = confusion_matrix(predicted, target, _enough(num_classes, predicted, target, average, positive))
    return _averaged(np.diag(matrix), matrix.sum(axis=1), average, positive, zero_division)


def f1(predicted: np.ndarray, target: np.ndarray, *, average: str | None = "binary", positive: int = 1,
       num_classes: int | None = None, zero_division: float = 0.0) -> float | np.ndarray:
    """The harmonic mean of precision and recall: 2 P R / (P + R) = 2 TP / (2 TP + FP + FN).

    Parameters
    ----------
    predicted, target, average, positive, num_classes
        As for `precision`.
    zero_division : float
        The value where the class neither occurs nor is predicted, 0 / 0. With errors and no hit it is 0.

    Returns
    -------
    float; or ndarray, shape (K,), for average=None

    Raises
    ------
    ValueError : as `precision`.

    Source: Lecture notes, unit 2.

    Examples
    --------
    Precision 1/2 and recall 1:

    >>> f1([1, 1, 0], [1, 0, 0])
    0.6666666666666666
    """
    matrix = confusion_matrix(predicted, target, _enough(num_classes, predicted, target, average, positive))
    return _averaged(2 * np.diag(matrix), matrix.sum(axis=0) + matrix.sum(axis=1), average, positive, zero_division)


def _enough(num_classes: int | None, predicted: np.ndarray, target: np.ndarray, average: str | None,
            positive: int) -> int | None:
    """The number of classes, such that the one asked for is among them."""
    expect_choice("average", average, ("binary", "macro", "micro", None))
    if num_classes is None and average == "binary" and np.ndim(predicted) == np.ndim(target):
        highest = max(np.asarray(predicted).max(initial=0), np.asarray(target).max(initial=0), positive)
        return 1 + int(highest)
    return num_classes


def _averaged(part: np.ndarray, whole: np.ndarray, average: str | None, positive: int,
              zero_division: float) -> float | np.ndarray:
    if average == "binary":
        if not 0 <= positive < len(part):
            raise ValueError(f"positive is {positive}, expected a class from 0 to {len(part) - 1}")
        part, whole = part[positive], whole[positive]
    elif average == "micro":
        part, whole = part.sum(), whole.sum()
    share = np.where(whole > 0, part / np.maximum(whole, 1), zero_division)
    return share if average is None else float(share.mean())


def mean_absolute_error(predicted: np.ndarray, target: np.ndarray) -> float:
    """The mean size of an error, mean |predicted - target|, in the unit of the target.

    Parameters
    ----------
    predicted, target : array_like, any common shape
        The mean is over all entries.

    Returns
    -------
    float

    Raises
    ------
    ValueError : if the shapes differ or there is nothing.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> mean_absolute_error([1.0, 2.0, 3.0], [1.0, 2.0, 9.0])
    2.0
    """
    return float(np.abs(_errors(predicted, target)).mean())


def mean_squared_error(predicted: np.ndarray, target: np.ndarray) -> float:
    """The mean of the squared errors, mean (predicted - target)^2, in the squared unit of the target.

    Parameters and errors as `mean_absolute_error`.

    Examples
    --------
    >>> mean_squared_error([1.0, 2.0, 3.0], [1.0, 2.0, 9.0])
    12.0
    """
    return float((_errors(predicted, target) ** 2).mean())


def root_mean_squared_error(predicted: np.ndarray, target: np.ndarray) -> float:
    """The root of the mean squared error: in the unit of the target, and dominated by large errors.

    It is never smaller than the mean absolute error, and equal to it if all errors have one size. Parameters
    and errors as `mean_absolute_error`.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> root_mean_squared_error([0.0, 0.0], [3.0, -3.0])
    3.0
    """
    return mean_squared_error(predicted, target) ** 0.5


def _errors(predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
    predicted, target = as_float("predicted", predicted), as_float("target", target)
    expect_shape("predicted", predicted, target.shape, to_match=("target", target))
    if target.size == 0:
        raise ValueError("target is empty, expected at least one number")
    return predicted - target
