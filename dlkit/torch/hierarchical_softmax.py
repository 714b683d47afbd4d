"""Hierarchical softmax on tensors: a class is a leaf of a tree, its probability a product of decisions.

PyTorch has nothing like it (its adaptive softmax groups classes by frequency). Trees come from
`dlkit.numpy.hierarchical_softmax`; everything that has a gradient is here.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from dlkit.numpy.hierarchical_softmax import Tree, balanced_tree, expected_path_length, huffman_tree

__all__ = [
    "HierarchicalSoftmax",
    "Tree",
    "balanced_tree",
    "expected_path_length",
    "hierarchical_softmax_loss",
    "huffman_tree",
    "leaf_probabilities",
    "path_probability",
]


def path_probability(h: torch.Tensor, tree: Tree, V: torch.Tensor, leaf: int) -> torch.Tensor:
    """Probability of one class, ``prod_n sigmoid(s_n v_n . h)`` over the inner nodes n of its path.

    Parameters
    ----------
    h : torch.Tensor
        Hidden vector, shape (D,).
    tree : Tree
        K leaves.
    V : torch.Tensor
        One vector for each inner node, shape (K - 1, D).
    leaf : int
        Class, 0 to K-1.

    Returns
    -------
    torch.Tensor
        A scalar.

    Source: Lecture notes, unit 1; Morin and Bengio (2005).

    Examples
    --------
    >>> path_probability(torch.tensor([1.0]), balanced_tree(4), torch.zeros(3, 1), leaf=0)
    tensor(0.2500)
    """
    return hierarchical_softmax_loss(h, V, tree, leaf).neg().exp()


def leaf_probabilities(h: torch.Tensor, tree: Tree, V: torch.Tensor) -> torch.Tensor:
    """Probabilities of all classes; they add up to 1 with no normalisation.

    Parameters
    ----------
    h : torch.Tensor
        Hidden vectors, shape (D,) or (N, D).
    tree : Tree
        K leaves.
    V : torch.Tensor
        Shape (K - 1, D).

    Returns
    -------
    torch.Tensor
        Shape (K,) or (N, K).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> leaf_probabilities(torch.tensor([1.0]), balanced_tree(4), torch.zeros(3, 1))
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """
    paths, signs = _on(V, tree)
    margins = signs * (h @ V.T)[..., paths]  # (..., K, depth)
    return (F.logsigmoid(margins) * (signs != 0)).sum(dim=-1).exp()


def hierarchical_softmax_loss(h: torch.Tensor, V: torch.Tensor, tree: Tree, label: int | torch.Tensor) -> torch.Tensor:
    """Negative log probability of the label, mean over the batch; only the nodes of the path take part.

    Parameters
    ----------
    h : torch.Tensor
        Hidden vectors, shape (D,) or (N, D).
    V : torch.Tensor
        Shape (K - 1, D).
    tree : Tree
        K leaves.
    label : int or torch.Tensor
        Class, or classes of shape (N,), 0 to K-1.

    Returns
    -------
    torch.Tensor
        A scalar.

    Raises
    ------
    IndexError
        If there is no such leaf.

    Source: Lecture notes, unit 1; Morin and Bengio (2005).

    Examples
    --------
    >>> hierarchical_softmax_loss(torch.tensor([2.0]), torch.zeros(3, 1), balanced_tree(4), label=0)
    tensor(1.3863)
    """
    return _path_loss(h, V, *_on(V, tree), label)


class HierarchicalSoftmax(nn.Module):
    """Output layer and loss in one, with a trained vector for each inner node of the tree.

    Parameters
    ----------
    tree : Tree
        K leaves.
    in_features : int
        Size D of the hidden vectors.

    Source: Lecture notes, unit 1; Morin and Bengio (2005).

    Examples
    --------
    >>> layer = HierarchicalSoftmax(balanced_tree(4), in_features=3)
    >>> round(layer(torch.zeros(2, 3), torch.tensor([0, 3])).item(), 4)  # two decisions by a coin: 2 ln 2
    1.3863
    >>> tuple(layer.probabilities(torch.zeros(2, 3)).shape)
    (2, 4)
    """

    paths: torch.Tensor
    signs: torch.Tensor

    def __init__(self, tree: Tree, in_features: int) -> None:
        super().__init__()
        self.tree = tree
        self.V = nn.Parameter(torch.zeros(tree.num_leaves - 1, in_features))
        self.register_buffer("paths", torch.from_numpy(tree.paths), persistent=False)
        self.register_buffer("signs", torch.from_numpy(tree.signs), persistent=False)

    def forward(self, h: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        """The loss of `hierarchical_softmax_loss`."""
        return _path_loss(h, self.V, self.paths, self.signs, label)

    def probabilities(self, h: torch.Tensor) -> torch.Tensor:
        """Probabilities of all classes, shape (N, K)."""
        return leaf_probabilities(h, self.tree, self.V)


def _on(V: torch.Tensor, tree: Tree) -> tuple[torch.Tensor, torch.Tensor]:
    if V.shape[0] != tree.num_leaves - 1:
        leaves = tree.num_leaves
        raise ValueError(f"V has shape {tuple(V.shape)}, expected ({leaves - 1}, *) to match {leaves} leaves")
    return torch.from_numpy(tree.paths).to(V.device), torch.from_numpy(tree.signs).to(V.device)


def _path_loss(
    h: torch.Tensor, V: torch.Tensor, paths: torch.Tensor, signs: torch.Tensor, label: int | torch.Tensor
) -> torch.Tensor:
    nodes, turns = paths[label], signs[label]  # (..., depth)
    margins = turns * torch.einsum("...d,...kd->...k", h, V[nodes])
    return -(F.logsigmoid(margins) * (turns != 0)).sum(dim=-1).mean()
