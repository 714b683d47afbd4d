"""Hierarchical softmax: a class is a leaf of a binary tree, its probability a product of decisions.

Inner nodes are logistic units with a vector each; leaves are the classes. K classes need K - 1 inner nodes,
and one class costs the length of its path, about log2 K, where the plain softmax costs K.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np

from dlkit.numpy.validation import as_float, as_labels, expect_shape


@dataclass(frozen=True)
class Tree:
    """Paths from the root to the leaves of a binary tree; row k belongs to class k.

    ``paths`` (K, depth) int64: the inner nodes passed, root (node 0) first, filled up with 0.
    ``signs`` (K, depth) int8: +1 left, -1 right, and 0 behind the end of the path.
    """

    paths: np.ndarray
    signs: np.ndarray

    @property
    def num_leaves(self) -> int:
        """Number of classes K; there are K - 1 inner nodes."""
        return len(self.paths)

    @property
    def lengths(self) -> np.ndarray:
        """Decisions on the path to every leaf, (K,)."""
        return np.count_nonzero(self.signs, axis=1)


def balanced_tree(n: int) -> Tree:
    """A tree whose n leaves stand in order, all at depth floor(log2 n) or ceil(log2 n).

    Parameters
    ----------
    n : number of classes, at least 2.

    Returns
    -------
    Tree

    Raises
    ------
    ValueError : when ``n`` is below 2.

    Source: Lecture notes, unit 1, hierarchical softmax.

    Examples
    --------
    >>> tree = balanced_tree(4)
    >>> tree.paths.tolist(), tree.signs.tolist()
    ([[0, 1], [0, 1], [0, 2], [0, 2]], [[1, 1], [1, -1], [-1, 1], [-1, -1]])
    """
    if n < 2:
        raise ValueError(f"n is {n}, expected at least 2 classes")
    node_ids = count()

    def build(first: int, last: int):  # leaves first, ..., last - 1
        if last - first == 1:
            return first
        middle = (first + last + 1) // 2
        return next(node_ids), build(first, middle), build(middle, last)

    return _tree(build(0, n), n)


def huffman_tree(frequencies: np.ndarray) -> Tree:
    """The tree with the shortest expected path: frequent classes sit near the root.

    The two rarest subtrees are joined until one is left. The first of equals is taken first.

    Parameters
    ----------
    frequencies : (K,) counts or probabilities, not negative, K at least 2.

    Returns
    -------
    Tree

    Raises
    ------
    ValueError : when there are fewer than 2 frequencies, or one is negative or not finite.

    Source: Lecture notes, unit 1, hierarchical softmax; Huffman (1952); Mikolov et al. (2013).

    Examples
    --------
    >>> huffman_tree([4, 2, 1, 1]).lengths.tolist()
    [1, 2, 3, 3]
    """
    frequencies = _frequencies(frequencies)
    n = len(frequencies)
    if n < 2:
        raise ValueError(f"frequencies has shape {frequencies.shape}, expected at least 2 classes")
    heap = [(frequency, leaf, leaf) for leaf, frequency in enumerate(frequencies.tolist())]
    heapq.heapify(heap)
    for node in range(n - 2, -1, -1):  # the last one made is the root, node 0
        rarest, _, right = heapq.heappop(heap)
        next_rarest, _, left = heapq.heappop(heap)
        heapq.heappush(heap, (rarest + next_rarest, 2 * n - node, (node, left, right)))
    return _tree(heap[0][2], n)


def expected_path_length(tree: Tree, frequencies: np.ndarray | None = None) -> float:
    """Mean number of decisions for one class: ``sum_k f_k length_k / sum_k f_k``.

    Parameters
    ----------
    tree : the tree.
    frequencies : (K,) how often each class is asked for; equal when omitted.

    Returns
    -------
    float

    Raises
    ------
    ValueError : when ``frequencies`` does not match the tree, is negative, or sums to 0.

    Source: Lecture notes, unit 1, cost of the hierarchical softmax.

    Examples
    --------
    >>> expected_path_length(balanced_tree(4)), expected_path_length(huffman_tree([4, 2, 1, 1]), [4, 2, 1, 1])
    (2.0, 1.75)
    """
    if frequencies is None:
        return float(tree.lengths.mean())
    frequencies = _frequencies(frequencies)
    expect_shape("frequencies", frequencies, (tree.num_leaves,), to_match=("tree.paths", tree.paths))
    if frequencies.sum() == 0:
        raise ValueError("frequencies sum to 0, expected a positive sum")
    return float(np.average(tree.lengths, weights=frequencies))


def path_probability(h: np.ndarray, tree: Tree, V: np.ndarray, leaf: int) -> float:
    """Probability of one class: ``prod_n sigmoid(s_n v_n . h)`` over the inner nodes n of its path.

    Parameters
    ----------
    h : (D,) hidden vector.
    tree : K leaves.
    V : (K - 1, D) one vector per inner node.
    leaf : class, 0 to K - 1.

    Returns
    -------
    float

    Raises
    ------
    TypeError : when the class is not an integer.
    ValueError : when a shape does not match or there is no such leaf.

    Source: Lecture notes, unit 1, hierarchical softmax; Morin and Bengio (2005).

    Examples
    --------
    >>> V = np.array([[0.0], [np.log(3)], [0.0]])            # node 1 goes left with probability 3/4
    >>> round(path_probability(np.array([1.0]), balanced_tree(4), V, leaf=0), 6)    # 1/2 * 3/4
    0.375
    """
    h = as_float("h", h)
    expect_shape("h", h, (None,))
    loss, _, _ = hierarchical_softmax_loss(h, V, tree, leaf)
    return float(np.exp(-loss))


def leaf_probabilities(h: np.ndarray, tree: Tree, V: np.ndarray) -> np.ndarray:
    """Probabilities of all classes; they sum to 1 with no normalisation, whatever V is.

    Parameters
    ----------
    h : (D,) or (N, D) hidden vectors.
    tree : K leaves.
    V : (K - 1, D) one vector per inner node.

    Returns
    -------
    (K,) or (N, K)

    Raises
    ------
    ValueError : when a shape does not match.

    Source: Lecture notes, unit 1, hierarchical softmax.

    Examples
    --------
    >>> V = np.array([[0.0], [np.log(3)], [0.0]])
    >>> leaf_probabilities(np.array([1.0]), balanced_tree(4), V).round(6).tolist()
    [0.375, 0.125, 0.25, 0.25]
    """
    h, V = _hidden_and_nodes(h, V, tree)
    scores = h @ V.T  # (..., K - 1)
    return np.exp(-(_softplus(-tree.signs * scores[..., tree.paths]) * (tree.signs != 0)).sum(axis=-1))


def hierarchical_softmax_loss(
    h: np.ndarray, V: np.ndarray, tree: Tree, label
) -> tuple[float, np.ndarray, np.ndarray]:
    """Negative log probability of the label and its gradients; only the nodes of the path take part.

    ``L = sum_n log(1 + exp(-s_n v_n . h))``; with ``g_n = -s_n sigmoid(-s_n v_n . h)``: ``dL/dh = sum_n g_n
    v_n`` and ``dL/dv_n = g_n h``. Mean over the batch.

    Parameters
    ----------
    h : (D,) or (N, D) hidden vectors, float.
    V : (K - 1, D) one vector per inner node.
    tree : K leaves.
    label : class, or (N,) classes, 0 to K - 1.

    Returns
    -------
    (loss, dh, dV) : float, shape of ``h``, shape of ``V``.

    Raises
    ------
    TypeError : when the class is not an integer.
    ValueError : when a shape does not match or there is no such leaf.

    Source: Lecture notes, unit 1, hierarchical softmax; Morin and Bengio (2005).

    Examples
    --------
    >>> loss, dh, dV = hierarchical_softmax_loss(np.array([2.0]), np.zeros((3, 1)), balanced_tree(4), label=0)
    >>> round(loss, 4), dV.tolist()                          # 2 ln 2; g = -0.5 at nodes 0 and 1
    (1.3863, [[-1.0], [-1.0], [0.0]])
    """
    h, V = _hidden_and_nodes(h, V, tree)
    labels = np.atleast_1d(as_labels("label", label, h.shape[:-1], tree.num_leaves))
    H = np.atleast_2d(h)
    nodes, signs = tree.paths[labels], tree.signs[labels]  # (N, depth)
    margins = signs * np.einsum("nd,nkd->nk", H, V[nodes])
    loss = (_softplus(-margins) * (signs != 0)).sum() / len(H)

    # sigmoid(-m) = exp(-softplus(m)); behind the end of a path the sign, and so g, is 0
    g = -signs * np.exp(-_softplus(margins)) / len(H)  # (N, depth)
    dH = np.einsum("nk,nkd->nd", g, V[nodes])
    dV = np.zeros_like(V)
    np.add.at(dV, nodes, g[..., None] * H[:, None, :])
    return float(loss), dH.reshape(h.shape), dV


def _softplus(x: np.ndarray) -> np.ndarray:
    """log(1 + exp(x)) without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _frequencies(frequencies) -> np.ndarray:
    frequencies = as_float("frequencies", frequencies)
    expect_shape("frequencies", frequencies, (None,))
    if not (np.isfinite(frequencies).all() and (frequencies >= 0).all()):
        raise ValueError("frequencies contains a negative or infinite number, expected 0 or more")
    return frequencies


def _hidden_and_nodes(h, V, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    h, V = as_float("h", h), as_float("V", V)
    expect_shape("h", h, (None,) if h.ndim == 1 else (None, None))
    expect_shape("V", V, (tree.num_leaves - 1, h.shape[-1]), to_match=("h", h))
    return h, V


def _tree(root, num_leaves: int) -> Tree:
    """Write nested ``(node, left, right)`` tuples, leaves being integers, as arrays of paths."""
    paths: list[list[int]] = [[] for _ in range(num_leaves)]
    signs: list[list[int]] = [[] for _ in range(num_leaves)]
    stack = [(root, [], [])]
    while stack:
        branch, path, turns = stack.pop()
        if isinstance(branch, int):
            paths[branch], signs[branch] = path, turns
        else:
            node, left, right = branch
            stack += [(left, [*path, node], [*turns, 1]), (right, [*path, node], [*turns, -1])]
    depth = max(map(len, paths))
    padded_paths, padded_signs = ([row + [0] * (depth - len(row)) for row in rows] for rows in (paths, signs))
    return Tree(np.array(padded_paths, dtype=np.int64), np.array(padded_signs, dtype=np.int8))
