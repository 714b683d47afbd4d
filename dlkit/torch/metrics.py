"""From outputs to decisions, and how often they are right."""

from __future__ import annotations

import torch

__all__ = ["accuracy", "binary_labels", "class_labels"]


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
