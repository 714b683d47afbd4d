"""Trees, probabilities along paths, gradients."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.hierarchical_softmax import (
    balanced_tree,
    expected_path_length,
    hierarchical_softmax_loss,
    huffman_tree,
    leaf_probabilities,
    path_probability,
)


def trees():
    rng = np.random.default_rng(0)
    return [balanced_tree(2), balanced_tree(7), balanced_tree(8), huffman_tree(rng.integers(1, 100, 11))]


@pytest.mark.parametrize("tree", trees())
def test_trees_have_one_node_fewer_than_leaves_and_distinct_paths(tree):
    used = tree.signs != 0
    assert set(tree.paths[used]) == set(range(tree.num_leaves - 1)) and (tree.paths[:, 0] == 0).all()
    assert (np.diff(used.astype(int), axis=1) <= 0).all()  # no hole in a path
    assert len(np.unique(np.hstack([tree.paths, tree.signs]), axis=0)) == tree.num_leaves
    assert (0.5**tree.lengths).sum() == 1  # Kraft: a full binary tree


@pytest.mark.parametrize("tree", trees())
def test_probabilities_sum_to_one_and_agree_in_three_ways(tree):
    rng = np.random.default_rng(1)
    V, H = rng.standard_normal((tree.num_leaves - 1, 5)), rng.standard_normal((3, 5))
    P = leaf_probabilities(H, tree, V)
    assert P.shape == (3, tree.num_leaves) and P.sum(axis=1) == pytest.approx(1)
    for leaf in range(tree.num_leaves):
        by_hand = np.prod([
            sigmoid(s * (V[n] @ H[0])) for n, s in zip(tree.paths[leaf], tree.signs[leaf], strict=True) if s
        ])
        assert P[0, leaf] == pytest.approx(by_hand)
        assert path_probability(H[0], tree, V, leaf) == pytest.approx(by_hand)
    assert leaf_probabilities(H[0], tree, V) == pytest.approx(P[0])


@pytest.mark.parametrize("tree", trees())
def test_gradients_of_a_batch(tree):
    rng = np.random.default_rng(2)
    V, H = rng.standard_normal((tree.num_leaves - 1, 5)), rng.standard_normal((3, 5))
    labels = rng.integers(tree.num_leaves, size=3)
    loss, dH, dV = hierarchical_softmax_loss(H, V, tree, labels)
    assert loss == pytest.approx(-np.log(leaf_probabilities(H, tree, V)[np.arange(3), labels]).mean())
    expected = numerical_gradient(lambda moved: hierarchical_softmax_loss(moved, V, tree, labels)[0], H)
    assert relative_error(dH, expected) < 1e-7
    expected = numerical_gradient(lambda moved: hierarchical_softmax_loss(H, moved, tree, labels)[0], V)
    assert relative_error(dV, expected) < 1e-7


def test_one_example_is_a_batch_of_one():
    rng = np.random.default_rng(3)
    tree, V, h = balanced_tree(7), rng.standard_normal((6, 5)), rng.standard_normal(5)
    loss, dh, dV = hierarchical_softmax_loss(h, V, tree, 4)
    batch = hierarchical_softmax_loss(h[None], V, tree, np.array([4]))
    assert loss == batch[0] and dh.shape == (5,) and (dh == batch[1][0]).all() and (dV == batch[2]).all()
    touched = np.flatnonzero(dV.any(axis=1))
    assert set(touched) == set(tree.paths[4][tree.signs[4] != 0])


def test_huge_scores_do_not_overflow():
    tree = balanced_tree(4)
    with np.errstate(all="raise", under="ignore"):
        loss, dh, dV = hierarchical_softmax_loss(np.array([1e4]), np.full((3, 1), -1.0), tree, 0)
    assert loss == 2e4 and np.isfinite(dh).all() and np.isfinite(dV).all()


def test_huffman_is_no_longer_than_balanced_and_meets_the_entropy_bound():
    p = 1 / np.arange(1, 101)
    p /= p.sum()
    entropy = -(p * np.log2(p)).sum()
    huffman, balanced = (expected_path_length(tree, p) for tree in (huffman_tree(p), balanced_tree(100)))
    assert entropy <= huffman < entropy + 1 and huffman < balanced


def test_float32_stays_and_inputs_are_not_modified():
    tree = balanced_tree(5)
    V, h = np.ones((4, 3), dtype=np.float32), np.ones(3, dtype=np.float32)
    loss, dh, dV = hierarchical_softmax_loss(h, V, tree, 2)
    assert dh.dtype == dV.dtype == leaf_probabilities(h, tree, V).dtype == np.float32
    assert isinstance(loss, float) and (V == 1).all() and (h == 1).all()


def test_error_texts():
    tree = balanced_tree(4)
    with pytest.raises(ValueError, match="n is 1, expected at least 2 classes"):
        balanced_tree(1)
    with pytest.raises(ValueError, match=r"frequencies has shape \(1,\), expected at least 2 classes"):
        huffman_tree([3])
    with pytest.raises(ValueError, match="frequencies contains a negative or infinite number"):
        huffman_tree([3, -1])
    with pytest.raises(ValueError, match="frequencies sum to 0"):
        expected_path_length(tree, [0, 0, 0, 0])
    with pytest.raises(ValueError, match=r"V has shape \(4, 2\), expected \(3, 2\) to match h \(2,\)"):
        leaf_probabilities(np.ones(2), tree, np.ones((4, 2)))
    with pytest.raises(ValueError, match="label .* 4"):
        path_probability(np.ones(2), tree, np.ones((3, 2)), 4)
    with pytest.raises(ValueError, match=r"label has shape \(2,\), expected \(3,\)"):
        hierarchical_softmax_loss(np.ones((3, 2)), np.ones((3, 2)), tree, np.array([0, 1]))
