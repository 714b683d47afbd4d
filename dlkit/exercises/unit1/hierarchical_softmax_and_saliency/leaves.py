"""Exercise on the probabilities of all leaves of a tree, whose paths may differ in length."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.hierarchical_softmax_and_saliency.path import (
    HAND_H,
    HAND_PATHS,
    HAND_SIGNS,
    HAND_V,
    sigmoid,
    vectors_with_scores,
)
from dlkit.numpy import hierarchical_softmax

# -- leaf_probabilities ----------------------------------------------------------------------------------------------------


def leaf_probabilities(h, V, paths, signs):
    return hierarchical_softmax.leaf_probabilities(h, hierarchical_softmax.Tree(paths, signs), V)


def leaves_one_by_one(h, V, paths, signs):
    found = np.ones(len(paths))
    for k in range(len(paths)):
        for node, sign in zip(paths[k], signs[k], strict=True):
            if sign != 0:
                found[k] *= sigmoid(sign * (V[node] @ h))
    return found


def leaves_by_where(h, V, paths, signs):
    left = sigmoid(V @ h)[paths]
    return np.where(signs == 1, left, np.where(signs == -1, 1 - left, 1)).prod(axis=1)


def leaves_padding_counts(h, V, paths, signs):
    return sigmoid(signs * (V @ h)[paths]).prod(axis=1)


def leaves_padding_goes_right(h, V, paths, signs):
    left = sigmoid(V @ h)[paths]
    return np.where(signs > 0, left, 1 - left).prod(axis=1)


def leaves_padding_goes_left(h, V, paths, signs):
    left = sigmoid(V @ h)[paths]
    return np.where(signs < 0, 1 - left, left).prod(axis=1)


def leaves_padding_divided_out(h, V, paths, signs):
    found = sigmoid(signs * (V @ h)[paths]).prod(axis=1)
    return found / found.sum()


def leaves_always_left(h, V, paths, signs):
    return np.where(signs != 0, sigmoid(V @ h)[paths], 1).prod(axis=1)


def leaves_always_left_padded(h, V, paths, signs):
    return sigmoid(V @ h)[paths].prod(axis=1)


def leaves_turned(h, V, paths, signs):
    return np.where(signs != 0, sigmoid(-signs * (V @ h)[paths]), 1).prod(axis=1)


def leaves_turned_padded(h, V, paths, signs):
    return sigmoid(-signs * (V @ h)[paths]).prod(axis=1)


def leaves_sign_outside(h, V, paths, signs):
    return np.where(signs != 0, signs * sigmoid(V @ h)[paths], 1).prod(axis=1)


def leaves_sign_outside_padded(h, V, paths, signs):
    return (signs * sigmoid(V @ h)[paths]).prod(axis=1)


def leaves_added(h, V, paths, signs):
    return np.where(signs != 0, sigmoid(signs * (V @ h)[paths]), 0).sum(axis=1)


def leaves_added_padded(h, V, paths, signs):
    return sigmoid(signs * (V @ h)[paths]).sum(axis=1)


def leaves_product_over_leaves(h, V, paths, signs):
    return np.where(signs != 0, sigmoid(signs * (V @ h)[paths]), 1).prod(axis=0)


def leaves_product_over_leaves_padded(h, V, paths, signs):
    return sigmoid(signs * (V @ h)[paths]).prod(axis=0)


def nodes_as_classes(h, V, paths, signs):
    return sigmoid(V @ h)


def nodes_as_classes_softmax(h, V, paths, signs):
    powers = np.exp(V @ h - np.max(V @ h))
    return powers / powers.sum()


def leaves_by_softmax(h, V, paths, signs):
    scores = (signs * (V @ h)[paths]).sum(axis=1)
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def leaves_parents(h, V, paths, signs):
    found = np.ones(len(paths))
    for k in range(len(paths)):
        steps = np.flatnonzero(signs[k])[:-1]
        found[k] = sigmoid(signs[k, steps] * (V[paths[k, steps]] @ h)).prod()
    return found


def leaves_logarithms(h, V, paths, signs):
    return np.where(signs != 0, np.log(sigmoid(signs * (V @ h)[paths])), 0).sum(axis=1)


def leaves_first_nodes(h, V, paths, signs):
    found = np.ones(len(paths))
    for k in range(len(paths)):
        turns = signs[k][signs[k] != 0]
        found[k] = sigmoid(turns * (V[: len(turns)] @ h)).prod()
    return found


def leaves_overflow(h, V, paths, signs):
    powers = np.exp(signs * (V @ h)[paths])
    return np.where(signs != 0, powers / (1 + powers), 1).prod(axis=1)


def _unequal_depths(rng):
    frequencies = rng.permutation([3, 3, 4, 4, 5, 20])
    tree = hierarchical_softmax.huffman_tree(frequencies)
    return rng.normal(size=3), rng.normal(size=(5, 3)), tree.paths, tree.signs.astype(np.int64)


def _one_large_score(rng):
    h, V = vectors_with_scores(rng, np.array([rng.uniform(0.3, 1.0), rng.uniform(750, 900), rng.uniform(-1.0, -0.3)]), 2)
    return h, V, HAND_PATHS, HAND_SIGNS


LEAF_PROBABILITIES = Exercise(
    key="unit1.leaf_probabilities",
    title="The probabilities of all leaves",
    reference=leaf_probabilities,
    alternatives=(leaves_one_by_one, leaves_by_where),
    examples=(Example(args=(HAND_H, HAND_V, HAND_PATHS, HAND_SIGNS), expected=np.array([0.4, 0.2, 0.1, 0.3])),),
    regimes={"unequal depths": _unequal_depths, "large scores": _one_large_score},
    parts={"worked example": 0.5, "unequal depths": 1.0, "large scores": 0.5},
    mistakes=(
        Mistake("counts the padding behind the end of a short path as decisions: where the sign is 0 nothing is decided, "
                "so the factor is 1", leaves_padding_counts, mark=1.0,
                also=(leaves_padding_goes_right, leaves_padding_goes_left)),
        Mistake("divides by the sum so that it gives 1: with the padding left out (factor 1, not sigma(0) = 1/2) the sum is "
                "1 by itself", leaves_padding_divided_out, mark=1.0),
        Mistake("leaves out the signs, so it turns left at every node", leaves_always_left,
                also=(leaves_always_left_padded,)),
        Mistake("goes right where the sign is +1 and left where it is -1", leaves_turned, also=(leaves_turned_padded,)),
        Mistake("multiplies the sigmoid by the sign; the sign belongs inside, because 1 - sigma(z) is sigma(-z)",
                leaves_sign_outside, also=(leaves_sign_outside_padded,)),
        Mistake("adds the decisions of a path up instead of multiplying them", leaves_added, also=(leaves_added_padded,)),
        Mistake("multiplies down the leaves: the decisions of one leaf stand in its row, which is axis 1",
                leaves_product_over_leaves, also=(leaves_product_over_leaves_padded,)),
        Mistake("gives one number for each inner node: those are the decisions, the classes are the leaves",
                nodes_as_classes, also=(nodes_as_classes_softmax,)),
        Mistake("adds up the scores of each path and takes a softmax over the leaves, which costs the sum over all classes "
                "that the tree is there to avoid", leaves_by_softmax),
        Mistake("stops at the last inner node, one decision early, so two leaves get the probability of their parent",
                leaves_parents),
        Mistake("gives the logarithms of the probabilities", leaves_logarithms),
        Mistake("takes the first rows of V for every leaf instead of the rows that its path names", leaves_first_nodes),
        Mistake("computes e^z / (1 + e^z), which is infinity by infinity for a large score", leaves_overflow, mark=1.5),
    ),
    hints=("One row of paths and signs is one leaf: what you did for one path, K times.",
           "(V @ h)[paths] has the shape of paths: the score of every decision of every leaf. What about the zeros in signs?",
           "Compute sigma(signs * scores), put 1 where signs == 0 (np.where), and multiply along axis 1."),
    minutes=7, difficulty=3, rung="compose",
)
