"""Losses for classes: PyTorch's own, and the few it lacks.

The names are those of `dlkit.numpy.losses_classification`. Each returns the value as a tensor; the
gradient comes from ``value.backward()``.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from dlkit.torch.losses_regression import _same_shape

__all__ = [
    "bce",
    "bce_with_logits",
    "categorical_cross_entropy",
    "cross_entropy",
    "hinge",
    "multiclass_hinge",
    "multilabel_bce_with_logits",
    "perceptron_criterion",
    "sparse_categorical_cross_entropy",
]

_SMALLEST_LOG = -100.0  # the floors PyTorch itself has in its binary cross-entropy: of the logarithm,
_SMALLEST_DIVISOR = 1e-12  # and of the probability that the gradient divides by


def _floored_log(P: torch.Tensor) -> torch.Tensor:
    value = P.detach().log().clamp(min=_SMALLEST_LOG)
    slope = P / P.detach().clamp(min=_SMALLEST_DIVISOR)
    return value + (slope - slope.detach())  # adds zero to the value; its gradient is 1/p, never nan


def _reduce(values: torch.Tensor, reduction: str) -> torch.Tensor:
    if reduction == "mean":
        return values.mean()
    if reduction == "sum":
        return values.sum()
    if reduction == "none":
        return values
    raise ValueError(f"reduction is {reduction!r}, expected 'mean', 'sum' or 'none'")


def bce(probability: torch.Tensor, target: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """Binary cross-entropy of probabilities, ``-[y log p + (1 - y) log(1 - p)]``; logarithms stop at -100.

    Parameters
    ----------
    probability : torch.Tensor
        Between 0 and 1, any shape.
    target : torch.Tensor
        Between 0 and 1, same shape and dtype.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``probability``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> bce(torch.tensor([0.5, 1.0]), torch.tensor([1.0, 1.0]), reduction="sum")
    tensor(0.6931)
    """
    _same_shape(probability, target)
    return F.binary_cross_entropy(probability, target, reduction=reduction)


def bce_with_logits(logits: torch.Tensor, target: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """Binary cross-entropy of ``sigmoid(logits)``, stable for logits of any size.

    Parameters
    ----------
    logits : torch.Tensor
        Any shape.
    target : torch.Tensor
        Between 0 and 1, same shape and dtype.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``logits``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> bce_with_logits(torch.tensor([0.0, 1000.0]), torch.tensor([1.0, 1.0]), reduction="sum")
    tensor(0.6931)
    """
    _same_shape(logits, target)
    return F.binary_cross_entropy_with_logits(logits, target, reduction=reduction)


def cross_entropy(logits: torch.Tensor, target: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """Cross-entropy of ``softmax(logits)``, ``-sum_k y_k log p_k`` averaged over the batch.

    Parameters
    ----------
    logits : torch.Tensor
        Shape (N, K).
    target : torch.Tensor
        Whole-number labels, shape (N,), or one-hot rows or probabilities, shape (N, K).
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" of shape (N,).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> cross_entropy(torch.zeros(1, 2), torch.tensor([1]))
    tensor(0.6931)
    """
    return F.cross_entropy(logits, target, reduction=reduction)


def categorical_cross_entropy(probabilities: torch.Tensor, one_hot: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """Cross-entropy of probabilities against one-hot rows, ``-sum_k y_k log p_k``; logarithms stop at -100.

    Parameters
    ----------
    probabilities, one_hot : torch.Tensor
        Shape (N, K); rows add up to 1.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" of shape (N,).

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> categorical_cross_entropy(torch.tensor([[0.5, 0.5]]), torch.tensor([[0.0, 1.0]]))
    tensor(0.6931)
    """
    _same_shape(probabilities, one_hot)
    return _reduce(-(one_hot * _floored_log(probabilities)).sum(dim=-1), reduction)


def sparse_categorical_cross_entropy(
    probabilities: torch.Tensor, labels: torch.Tensor, *, reduction: str = "mean"
) -> torch.Tensor:
    """Cross-entropy of probabilities against labels, ``-log p_y``; logarithms stop at -100.

    Parameters
    ----------
    probabilities : torch.Tensor
        Shape (N, K); rows add up to 1.
    labels : torch.Tensor
        Whole numbers 0 to K-1, shape (N,).
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" of shape (N,).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> sparse_categorical_cross_entropy(torch.tensor([[0.5, 0.5]]), torch.tensor([0]))
    tensor(0.6931)
    """
    return F.nll_loss(_floored_log(probabilities), labels, reduction=reduction)


def multilabel_bce_with_logits(logits: torch.Tensor, target: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """One sigmoid for each label: the binary cross-entropies, summed over labels and averaged over the batch.

    Parameters
    ----------
    logits, target : torch.Tensor
        Shape (N, K).
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" of shape (N,).

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> multilabel_bce_with_logits(torch.zeros(1, 2), torch.ones(1, 2))
    tensor(1.3863)
    """
    return _reduce(bce_with_logits(logits, target, reduction="none").sum(dim=-1), reduction)


def perceptron_criterion(scores: torch.Tensor, target: torch.Tensor, *, reduction: str = "mean") -> torch.Tensor:
    """The loss whose gradient step is the perceptron's, ``max(0, -t s)``.

    Parameters
    ----------
    scores, target : torch.Tensor
        Same shape; targets are -1 or 1.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``scores``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> perceptron_criterion(torch.tensor([2.0, 2.0]), torch.tensor([1.0, -1.0]))
    tensor(1.)
    """
    return hinge(scores, target, margin=0.0, reduction=reduction)


def hinge(scores: torch.Tensor, target: torch.Tensor, *, margin: float = 1.0, reduction: str = "mean") -> torch.Tensor:
    """Hinge loss, ``max(0, margin - t s)``.

    Parameters
    ----------
    scores, target : torch.Tensor
        Same shape; targets are -1 or 1.
    margin : float
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" like ``scores``.

    Raises
    ------
    ValueError
        If the shapes differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> hinge(torch.tensor([0.5, 2.0]), torch.tensor([1.0, 1.0]))
    tensor(0.2500)
    """
    _same_shape(scores, target)
    return _reduce(F.relu(margin - target * scores), reduction)


def multiclass_hinge(
    scores: torch.Tensor,
    labels: torch.Tensor,
    *,
    margin: float = 1.0,
    power: int = 1,
    reduction: str = "mean",
) -> torch.Tensor:
    """Multi-class hinge loss, ``sum_{j != y} max(0, s_j - s_y + margin)^power``, averaged over the batch.

    PyTorch's ``multi_margin_loss`` is this divided by the number of classes.

    Parameters
    ----------
    scores : torch.Tensor
        Shape (N, K).
    labels : torch.Tensor
        Whole numbers 0 to K-1, shape (N,).
    margin : float
    power : {1, 2}
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    torch.Tensor
        A scalar, or with "none" of shape (N,).

    Source: Lecture notes, unit 1; Weston and Watkins (1999), "Support vector machines for multi-class
    pattern recognition".

    Examples
    --------
    >>> multiclass_hinge(torch.tensor([[3.0, 2.5, 0.0]]), torch.tensor([0]))
    tensor(0.5000)
    """
    return scores.shape[-1] * F.multi_margin_loss(scores, labels, p=power, margin=margin, reduction=reduction)
