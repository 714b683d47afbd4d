"""From outputs to decisions, and how good they are; all take (predicted, target)."""

from __future__ import annotations

import torch
import torch.nn.functional as F

__all__ = [
    "accuracy",
    "binary_labels",
    "class_labels",
    "confusion_matrix",
    "f1",
    "mean_absolute_error",
    "mean_squared_error",
    "precision",
    "recall",
    "root_mean_squared_error",
]


def binary_labels(probability: torch.Tensor, threshold: float = 0.5) -> torch.Tensor:
    """Decide each output on its own: 1 where ``p >= threshold``, else 0.

    Parameters
    ----------
    probability : torch.Tensor
        Probabilities of any shape; or scores, with threshold 0.
    threshold : float

    Returns
    -------
    torch.Tensor
        Whole numbers, same shape.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> binary_labels(torch.tensor([0.70, 0.55, 0.4, 0.1])).tolist()
    [1, 1, 0, 0]
    """
    return (probability >= threshold).long()


def class_labels(scores: torch.Tensor) -> torch.Tensor:
    """The one class with the largest score in each row.

    Parameters
    ----------
    scores : torch.Tensor
        Shape (..., K).

    Returns
    -------
    torch.Tensor
        Whole numbers, shape (...).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> class_labels(torch.tensor([[0.3, 0.6, 0.1], [5.0, 1.0, 2.0]])).tolist()
    [1, 0]
    """
    return scores.argmax(dim=-1)


def accuracy(predicted: torch.Tensor, target: torch.Tensor) -> float:
    """The fraction of predictions that are right.

    Parameters
    ----------
    predicted : torch.Tensor
        Labels, shape (N,); or rows of scores (N, K), of which the class with the largest counts.
    target : torch.Tensor
        Labels, shape (N,).

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the shapes do not match, or there is nothing to count.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> accuracy(torch.tensor([0, 1, 1, 1]), torch.tensor([0, 1, 0, 1]))
    0.75
    >>> accuracy(torch.tensor([[0.2, 0.8], [0.9, 0.1]]), torch.tensor([1, 1]))
    0.5
    """
    if predicted.ndim == target.ndim + 1:
        predicted = class_labels(predicted)
    if predicted.shape != target.shape:
        raise ValueError(f"predicted has shape {tuple(predicted.shape)}, expected {tuple(target.shape)} to match target")
    if target.numel() == 0:
        raise ValueError("target is empty, expected at least one label")
    return (predicted == target).double().mean().item()


def confusion_matrix(predicted: torch.Tensor, target: torch.Tensor, num_classes: int | None = None) -> torch.Tensor:
    """Count what became of each class: row is the true class, column the predicted one.

    Parameters
    ----------
    predicted : torch.Tensor
        Labels, shape (N,); or rows of scores (N, K).
    target : torch.Tensor
        Labels, shape (N,).
    num_classes : int, optional
        K; else the number of scores, else the largest label plus one.

    Returns
    -------
    torch.Tensor
        Whole numbers, shape (K, K), on the device of the labels.

    Raises
    ------
    ValueError
        If the shapes do not match or a label is not in 0, ..., K - 1.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> confusion_matrix(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 0, 0, 1])).tolist()
    [[2, 1], [0, 1]]
    """
    if predicted.ndim == target.ndim + 1:
        num_classes = predicted.shape[-1] if num_classes is None else num_classes
        predicted = class_labels(predicted)
    if predicted.shape != target.shape or target.ndim != 1:
        raise ValueError(f"predicted has shape {tuple(predicted.shape)} and target {tuple(target.shape)}, expected (N,)")
    both = torch.stack([target.long(), predicted.long()])  # bytes would overflow below
    if num_classes is None:
        num_classes = 1 + int(both.max()) if both.numel() else 0
    if both.numel() and not 0 <= int(both.min()) <= int(both.max()) < num_classes:
        raise ValueError(f"labels are {int(both.min())} to {int(both.max())}, expected 0 to {num_classes - 1}")
    counts = torch.bincount(both[0] * num_classes + both[1], minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes)


def precision(
    predicted: torch.Tensor,
    target: torch.Tensor,
    *,
    average: str | None = "binary",
    positive: int = 1,
    num_classes: int | None = None,
    zero_division: float = 0.0,
) -> float | torch.Tensor:
    """Of what was called a class, the share that is one: ``TP / (TP + FP)``.

    Parameters
    ----------
    predicted, target, num_classes
        As for `confusion_matrix`.
    average : {"binary", "macro", "micro", None}
        Of the class ``positive``, the mean over the classes, of all counts together, or of each class.
    positive : int
    zero_division : float
        The value of 0 / 0.

    Returns
    -------
    float or torch.Tensor
        A float64 tensor (K,) for ``average=None``.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> precision(torch.tensor([0, 1, 1, 1]), torch.tensor([0, 0, 1, 1]), average=None)
    tensor([1.0000, 0.6667], dtype=torch.float64)
    """
    matrix = _counts(predicted, target, average, positive, num_classes)
    return _averaged(matrix.diag(), matrix.sum(dim=0), average, positive, zero_division)


def recall(
    predicted: torch.Tensor,
    target: torch.Tensor,
    *,
    average: str | None = "binary",
    positive: int = 1,
    num_classes: int | None = None,
    zero_division: float = 0.0,
) -> float | torch.Tensor:
    """Of what is a class, the share that was called so: ``TP / (TP + FN)``; arguments as for `precision`.

    Examples
    --------
    >>> recall(torch.tensor([0, 1, 1, 0]), torch.tensor([0, 0, 1, 1]))
    0.5
    """
    matrix = _counts(predicted, target, average, positive, num_classes)
    return _averaged(matrix.diag(), matrix.sum(dim=1), average, positive, zero_division)


def f1(
    predicted: torch.Tensor,
    target: torch.Tensor,
    *,
    average: str | None = "binary",
    positive: int = 1,
    num_classes: int | None = None,
    zero_division: float = 0.0,
) -> float | torch.Tensor:
    """The harmonic mean of precision and recall, ``2 TP / (2 TP + FP + FN)``; arguments as for `precision`.

    Examples
    --------
    >>> round(f1(torch.tensor([1, 1, 0]), torch.tensor([1, 0, 0])), 4)
    0.6667
    """
    matrix = _counts(predicted, target, average, positive, num_classes)
    return _averaged(2 * matrix.diag(), matrix.sum(dim=0) + matrix.sum(dim=1), average, positive, zero_division)


def _counts(
    predicted: torch.Tensor, target: torch.Tensor, average: str | None, positive: int, num_classes: int | None
) -> torch.Tensor:
    if average not in ("binary", "macro", "micro", None):
        raise ValueError(f"average is {average!r}, expected one of 'binary', 'macro', 'micro', None")
    matrix = confusion_matrix(predicted, target, num_classes)
    missing = positive + 1 - len(matrix)
    if average == "binary" and num_classes is None and missing > 0:  # the class asked for occurs nowhere
        matrix = F.pad(matrix, (0, missing, 0, missing))
    return matrix


def _averaged(
    part: torch.Tensor, whole: torch.Tensor, average: str | None, positive: int, zero_division: float
) -> float | torch.Tensor:
    if average == "binary":
        if not 0 <= positive < len(part):
            raise ValueError(f"positive is {positive}, expected a class from 0 to {len(part) - 1}")
        part, whole = part[positive], whole[positive]
    elif average == "micro":
        part, whole = part.sum(), whole.sum()
    share = torch.where(whole > 0, part.double() / whole.clamp(min=1), zero_division)
    return share if average is None else share.mean().item()


def mean_absolute_error(predicted: torch.Tensor, target: torch.Tensor) -> float:
    """The mean size of an error, in the unit of the target.

    Examples
    --------
    >>> mean_absolute_error(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 9.0]))
    2.0
    """
    return _errors(predicted, target).abs().mean().item()


def mean_squared_error(predicted: torch.Tensor, target: torch.Tensor) -> float:
    """The mean of the squared errors, in the squared unit of the target.

    Examples
    --------
    >>> mean_squared_error(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 9.0]))
    12.0
    """
    return _errors(predicted, target).square().mean().item()


def root_mean_squared_error(predicted: torch.Tensor, target: torch.Tensor) -> float:
    """The root of the mean squared error, in the unit of the target; never below the mean absolute error.

    Examples
    --------
    >>> root_mean_squared_error(torch.zeros(2), torch.tensor([3.0, -3.0]))
    3.0
    """
    return _errors(predicted, target).square().mean().sqrt().item()


def _errors(predicted: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    if predicted.shape != target.shape:
        raise ValueError(f"predicted has shape {tuple(predicted.shape)}, expected {tuple(target.shape)} to match target")
    if target.numel() == 0:
        raise ValueError("target is empty, expected at least one number")
    return predicted.double() - target.double()  # whole numbers and bytes, too
