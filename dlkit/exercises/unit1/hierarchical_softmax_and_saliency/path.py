"""Exercise on the probability of one leaf of a tree, with the tree and the helpers that its neighbours share."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.numpy import hierarchical_softmax

# The tree of the worked example has four leaves; its nodes send h = (1, 1) left with probability 3/5, 2/3 and 1/4.
HAND_H = np.array([1.0, 1.0])
HAND_V = np.array([[np.log(1.5) - 1, 1.0], [np.log(2) + 2, -2.0], [-np.log(3) - 0.5, 0.5]])
HAND_PATHS = np.array([[0, 1], [0, 1], [0, 2], [0, 2]])
HAND_SIGNS = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])


def vectors_with_scores(rng, scores, size):
    """A hidden vector h and vectors V of the nodes with V @ h = scores."""
    h, V = rng.uniform(0.5, 1.5, size=size), rng.normal(size=(len(scores), size))
    return h, V + np.outer((scores - V @ h) / (h @ h), h)


# -- path_probability ------------------------------------------------------------------------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def path_probability(h, V, path, signs):
    paths, turns = np.zeros((2, len(V) + 1, len(path)), dtype=np.int64)
    paths[0], turns[0] = path, signs
    return hierarchical_softmax.path_probability(h, hierarchical_softmax.Tree(paths, turns), V, leaf=0)


def path_probability_step_by_step(h, V, path, signs):
    probability = 1.0
    for node, sign in zip(path, signs, strict=True):
        left = sigmoid(np.dot(V[node], h))
        probability = probability * (left if sign > 0 else 1 - left)
    return probability


def path_probability_at_once(h, V, path, signs):
    return np.prod(sigmoid(signs * (V[path] @ h)))


def path_always_left(h, V, path, signs):
    return np.prod(sigmoid(V[path] @ h))


def path_turned(h, V, path, signs):
    return np.prod(sigmoid(-signs * (V[path] @ h)))


def path_sign_outside(h, V, path, signs):
    return np.prod(signs * sigmoid(V[path] @ h))


def path_added(h, V, path, signs):
    return np.sum(sigmoid(signs * (V[path] @ h)))


def path_averaged(h, V, path, signs):
    return np.mean(sigmoid(signs * (V[path] @ h)))


def path_one_sigmoid(h, V, path, signs):
    return sigmoid(np.sum(signs * (V[path] @ h)))


def path_to_the_last_node(h, V, path, signs):
    return np.prod(sigmoid(signs[:-1] * (V[path[:-1]] @ h)))


def path_without_the_root(h, V, path, signs):
    return np.prod(sigmoid(signs[1:] * (V[path[1:]] @ h)))


def path_last_decision(h, V, path, signs):
    return sigmoid(signs[-1] * (V[path[-1]] @ h))


def path_logarithm(h, V, path, signs):
    return np.sum(np.log(sigmoid(signs * (V[path] @ h))))


def path_first_nodes(h, V, path, signs):
    return np.prod(sigmoid(signs * (V[: len(path)] @ h)))


def path_overflow(h, V, path, signs):
    powers = np.exp(signs * (V[path] @ h))
    return np.prod(powers / (1 + powers))


def _four_decisions(rng):
    path = np.concatenate([[0], np.sort(rng.choice(np.arange(2, 9), size=3, replace=False))])
    return rng.normal(size=3), rng.normal(size=(9, 3)), path, rng.permutation([1, 1, 1, -1])


def _large_score_on_the_path(rng):
    scores = np.array([rng.uniform(0.3, 1.0), rng.uniform(750, 900), rng.uniform(0.3, 1.0), rng.normal()])
    h, V = vectors_with_scores(rng, scores, 2)
    return h, V, np.array([0, 1, 2]), np.array([-1, 1, int(rng.choice([1, -1]))])


PATH_PROBABILITY = Exercise(
    key="unit1.path_probability",
    title="The probability of one leaf",
    reference=path_probability,
    alternatives=(path_probability_step_by_step, path_probability_at_once),
    examples=(Example(args=(HAND_H, HAND_V, np.array([0, 1]), np.array([1, -1])), expected=0.2),),
    regimes={"four decisions": _four_decisions, "large scores": _large_score_on_the_path},
    parts={"worked example": 0.5, "four decisions": 1.0, "large scores": 0.5},
    mistakes=(
        Mistake("leaves out the signs, so it turns left at every node", path_always_left),
        Mistake("goes right where the sign is +1 and left where it is -1: a node says left with probability sigma(v . h)",
                path_turned),
        Mistake("multiplies the sigmoid by the sign; the sign belongs inside, because 1 - sigma(z) is sigma(-z)",
                path_sign_outside),
        Mistake("adds the decisions up: to reach the leaf all of them must go its way, so they multiply", path_added),
        Mistake("averages the decisions: to reach the leaf all of them must go its way, so they multiply", path_averaged),
        Mistake("adds up the scores and takes one sigmoid: each decision has a sigmoid of its own", path_one_sigmoid),
        Mistake("stops at the last inner node, one decision early: the nodes are decisions, the classes are the leaves below",
                path_to_the_last_node),
        Mistake("starts below the root and leaves out the first decision", path_without_the_root),
        Mistake("takes the last decision alone, as if the leaf's parent had been reached for certain", path_last_decision),
        Mistake("gives the logarithm of the probability", path_logarithm),
        Mistake("takes the first rows of V instead of the rows that the path names", path_first_nodes, mark=1.0),
        Mistake("computes e^z / (1 + e^z), which is infinity by infinity for a large score", path_overflow, mark=1.5),
    ),
    hints=("What must happen at each node of the path for you to arrive?",
           "V[path] @ h gives one score per node. The sign goes in front of the score, inside the sigmoid.",
           "Multiply sigma(sign * score) over the nodes of the path: np.prod."),
    minutes=5, difficulty=2, rung="implement",
)
