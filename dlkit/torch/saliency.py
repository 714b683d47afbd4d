"""Which inputs an output depends on, by the gradient of the output with respect to the input."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["saliency", "saliency_feature_ranking", "select_features"]


def saliency(model: nn.Module, X: torch.Tensor, class_index: int | torch.Tensor) -> torch.Tensor:
    """The size of the gradient of one output with respect to each input, ``|d o_m / d x_i|``.

    Parameters
    ----------
    model : nn.Module
        Gives outputs of shape (N, M), each row depending on its own input only.
    X : torch.Tensor
        Shape (N, D), on the device of the model.
    class_index : int or torch.Tensor
        The output m, or one for each row, shape (N,).

    Returns
    -------
    torch.Tensor
        Shape (N, D), not negative.

    Source: Lecture notes, unit 1; Simonyan et al. (2014), "Deep inside convolutional networks".

    Examples
    --------
    >>> layer = nn.Linear(2, 1)
    >>> layer.weight.data = torch.tensor([[3.0, -4.0]])  # a linear model: the gradient is the weight
    >>> saliency(layer, torch.zeros(1, 2), 0)
    tensor([[3., 4.]])
    """
    point = X.detach().clone().requires_grad_(True)
    outputs = model(point)
    chosen = torch.as_tensor(class_index, device=outputs.device).expand(len(outputs)).unsqueeze(1)
    (gradient,) = torch.autograd.grad(outputs.gather(1, chosen).sum(), point)
    return gradient.abs()


def saliency_feature_ranking(model: nn.Module, X: torch.Tensor, y: torch.Tensor, *, per_class: bool = False) -> torch.Tensor:
    """Score of every feature: its saliency for the right class, summed over correctly classified examples.

    Parameters
    ----------
    model : nn.Module
        Gives class scores (N, K).
    X : torch.Tensor
        Shape (N, D), on the device of the model.
    y : torch.Tensor
        Labels 0 to K-1, shape (N,).
    per_class : bool
        Keep the sums of the classes apart.

    Returns
    -------
    torch.Tensor
        Shape (D,), or (K, D) with ``per_class``; larger is more important.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X = torch.tensor([[2.0, 1.0], [1.0, 2.0]])
    >>> saliency_feature_ranking(nn.Identity(), X, torch.tensor([0, 0]))  # the second row is misclassified
    tensor([1., 0.])
    """
    with torch.no_grad():
        scores = model(X)
    gradients = saliency(model, X, y) * (scores.argmax(dim=1) == y).unsqueeze(1)
    if not per_class:
        return gradients.sum(dim=0)
    return gradients.new_zeros(scores.shape[1], X.shape[1]).index_add_(0, y, gradients)


def select_features(scores: torch.Tensor, k: int) -> torch.Tensor:
    """Columns of the k best features, best first; the first of equals comes first.

    Parameters
    ----------
    scores : torch.Tensor
        One for each feature, shape (D,).
    k : int
        1 to D.

    Returns
    -------
    torch.Tensor
        Whole numbers, shape (k,).

    Raises
    ------
    ValueError
        If k is out of range.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> select_features(torch.tensor([0.2, 0.9, 0.5]), k=2).tolist()
    [1, 2]
    """
    if not 1 <= k <= len(scores):
        raise ValueError(f"k is {k}, expected 1 to {len(scores)}, the number of scores")
    return scores.argsort(descending=True, stable=True)[:k]
