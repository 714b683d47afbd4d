"""Exercise on the loss of a hierarchical softmax and its gradients, of which only the nodes of one path have any."""

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


def hierarchical_loss(h, V, paths, signs, label):
    return hierarchical_softmax.hierarchical_softmax_loss(h, V, hierarchical_softmax.Tree(paths, signs), label)


def loss_by_loop(h, V, paths, signs, label):
    loss, dh, dV = 0.0, np.zeros(len(h)), np.zeros(V.shape)
    for node, sign in zip(paths[label], signs[label], strict=True):
        if sign == 0:
            break
        score = V[node] @ h
        loss += np.logaddexp(0, -sign * score)
        error = sigmoid(score) - (sign == 1)
        dh += error * V[node]
        dV[node] += error * h
    return loss, dh, dV


def loss_of_margins(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    margins = turns * (V[nodes] @ h)
    loss = np.sum(np.maximum(-margins, 0) + np.log1p(np.exp(-np.abs(margins))))
    g = -turns * sigmoid(-margins)
    dV = np.zeros_like(V)
    dV[nodes] = np.outer(g, h)
    return loss, g @ V[nodes], dV


def path_of(paths, signs, label):
    turns = signs[label][signs[label] != 0]
    return paths[label][: len(turns)], turns


def spread(rows, nodes, V):
    dV = np.zeros_like(V)
    dV[nodes] = rows
    return dV


# -- wrong answers: the loss -----------------------------------------------------------------------------------------------


def loss_naive(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    g = -turns * sigmoid(-turns * (V[nodes] @ h))
    loss = -np.log(np.prod(sigmoid(turns * (V[nodes] @ h))))
    return loss, g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_naive_by_quotients(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    p = sigmoid(turns * (V[nodes] @ h))
    g = -turns * p * (1 - p) / p
    return -np.sum(np.log(p)), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_clipped(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    p = sigmoid(turns * (V[nodes] @ h))
    g = -turns * (1 - p)
    return -np.sum(np.log(p + 1e-12)), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_is_the_probability(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    g = -turns * sigmoid(-turns * (V[nodes] @ h))
    return np.prod(sigmoid(turns * (V[nodes] @ h))), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_averaged(h, V, paths, signs, label):
    loss, dh, dV = loss_by_loop(h, V, paths, signs, label)
    n = np.count_nonzero(signs[label])
    return loss / n, dh / n, dV / n


def loss_only_averaged(h, V, paths, signs, label):
    loss, dh, dV = loss_by_loop(h, V, paths, signs, label)
    return loss / np.count_nonzero(signs[label]), dh, dV


def loss_with_padding(h, V, paths, signs, label):
    loss, dh, dV = loss_by_loop(h, V, paths, signs, label)
    return loss + np.log(2) * np.sum(signs[label] == 0), dh, dV


def loss_with_padding_overwriting(h, V, paths, signs, label):
    nodes, turns = paths[label], signs[label]
    margins = turns * (V[nodes] @ h)
    g = -turns * sigmoid(-margins)
    return np.sum(np.logaddexp(0, -margins)), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_padding_goes_right(h, V, paths, signs, label):
    nodes = paths[label]
    scores, left = V[nodes] @ h, signs[label] > 0
    errors = sigmoid(scores) - left
    dV = np.zeros_like(V)
    np.add.at(dV, nodes, np.outer(errors, h))
    return np.sum(np.logaddexp(0, np.where(left, -scores, scores))), errors @ V[nodes], dV


def loss_padding_goes_right_overwriting(h, V, paths, signs, label):
    nodes = paths[label]
    scores, left = V[nodes] @ h, signs[label] > 0
    errors = sigmoid(scores) - left
    loss = np.sum(np.logaddexp(0, np.where(left, -scores, scores)))
    return loss, errors @ V[nodes], spread(np.outer(errors, h), nodes, V)


# -- wrong answers: the gradients ------------------------------------------------------------------------------------------


def loss_root_overwritten(h, V, paths, signs, label):
    loss, dh, dV = loss_by_loop(h, V, paths, signs, label)
    if np.any(signs[label] == 0):
        dV[0] = 0
    return loss, dh, dV


def loss_without_signs(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    scores = V[nodes] @ h
    g = -sigmoid(-scores)
    return np.sum(np.logaddexp(0, -scores)), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_turned(h, V, paths, signs, label):
    return loss_by_loop(h, V, paths, -signs, label)


def loss_sign_lost_in_the_gradient(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    margins = turns * (V[nodes] @ h)
    g = -sigmoid(-margins)
    return np.sum(np.logaddexp(0, -margins)), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_error_of_left(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    g = sigmoid(V[nodes] @ h) - 1
    return np.sum(np.logaddexp(0, -turns * (V[nodes] @ h))), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_target_is_the_sign(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    g = sigmoid(V[nodes] @ h) - turns
    return np.sum(np.logaddexp(0, -turns * (V[nodes] @ h))), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_probability_for_error(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    margins = turns * (V[nodes] @ h)
    g = -turns * sigmoid(margins)
    return np.sum(np.logaddexp(0, -margins)), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_slope_of_the_sigmoid(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    margins = turns * (V[nodes] @ h)
    g = -turns * sigmoid(margins) * sigmoid(-margins)
    return np.sum(np.logaddexp(0, -margins)), g @ V[nodes], spread(np.outer(g, h), nodes, V)


def loss_rows_of_the_path(h, V, paths, signs, label):
    loss, dh, dV = loss_by_loop(h, V, paths, signs, label)
    return loss, dh, dV[paths[label]]


def loss_rows_of_the_path_unpadded(h, V, paths, signs, label):
    loss, dh, dV = loss_by_loop(h, V, paths, signs, label)
    return loss, dh, dV[path_of(paths, signs, label)[0]]


def loss_gradients_exchanged(h, V, paths, signs, label):
    loss, dh, dV = loss_by_loop(h, V, paths, signs, label)
    return loss, dV, dh


def loss_one_decision_early(h, V, paths, signs, label):
    turns = signs.copy()
    turns[label, np.count_nonzero(signs[label]) - 1] = 0
    return loss_by_loop(h, V, paths, turns, label)


def loss_first_nodes(h, V, paths, signs, label):
    return loss_by_loop(h, V, np.tile(np.arange(paths.shape[1]), (len(paths), 1)), signs, label)


def loss_all_nodes(h, V, paths, signs, label):
    nodes, turns = path_of(paths, signs, label)
    loss = np.sum(np.logaddexp(0, -turns * (V[nodes] @ h)))
    target = np.zeros(len(V))
    target[nodes] = turns == 1
    errors = sigmoid(V @ h) - target
    return loss, errors @ V, np.outer(errors, h)


# -- the same with the logarithm of a product, which becomes minus infinity --------------------------------------------------


def by_product(result):
    loss, dh, dV = result
    return (np.inf if loss > 700 else loss), dh, dV


def loss_averaged_by_product(h, V, paths, signs, label):
    return by_product(loss_averaged(h, V, paths, signs, label))


def loss_without_signs_by_product(h, V, paths, signs, label):
    return by_product(loss_without_signs(h, V, paths, signs, label))


def loss_sign_lost_in_the_gradient_by_product(h, V, paths, signs, label):
    return by_product(loss_sign_lost_in_the_gradient(h, V, paths, signs, label))


def loss_error_of_left_by_product(h, V, paths, signs, label):
    return by_product(loss_error_of_left(h, V, paths, signs, label))


def loss_target_is_the_sign_by_product(h, V, paths, signs, label):
    return by_product(loss_target_is_the_sign(h, V, paths, signs, label))


def loss_probability_for_error_by_product(h, V, paths, signs, label):
    return by_product(loss_probability_for_error(h, V, paths, signs, label))


def loss_slope_of_the_sigmoid_by_product(h, V, paths, signs, label):
    return by_product(loss_slope_of_the_sigmoid(h, V, paths, signs, label))


def loss_rows_of_the_path_by_product(h, V, paths, signs, label):
    return by_product(loss_rows_of_the_path(h, V, paths, signs, label))


def loss_rows_of_the_path_unpadded_by_product(h, V, paths, signs, label):
    return by_product(loss_rows_of_the_path_unpadded(h, V, paths, signs, label))


def loss_one_decision_early_by_product(h, V, paths, signs, label):
    return by_product(loss_one_decision_early(h, V, paths, signs, label))


def loss_all_nodes_by_product(h, V, paths, signs, label):
    return by_product(loss_all_nodes(h, V, paths, signs, label))


# -- the exercise ----------------------------------------------------------------------------------------------------------


def _three_decisions(rng):
    tree = hierarchical_softmax.balanced_tree(8)
    return rng.normal(size=3), rng.normal(size=(7, 3)), tree.paths, tree.signs.astype(np.int64), int(rng.choice([2, 4, 5]))


def _short_path(rng):
    # Every node has a leaf of its own, so a path is 0, 1, 2, ... and stops early for all but two leaves.
    paths = np.array([[0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 2, 0], [0, 1, 2, 3], [0, 1, 2, 3]])
    signs = np.array([[-1, 0, 0, 0], [1, -1, 0, 0], [1, 1, -1, 0], [1, 1, 1, 1], [1, 1, 1, -1]])
    return rng.normal(size=3), rng.normal(size=(4, 3)), paths, signs, 1 + int(rng.integers(2))


def _hopeless_decision(rng):
    scores = np.array([rng.uniform(-900, -750), rng.uniform(0.3, 1.0), rng.normal()])
    h, V = vectors_with_scores(rng, scores, 2)
    return h, V, HAND_PATHS, HAND_SIGNS, 1


_PADDING = ("counts the padding behind the end of a short path as further decisions: cut the path where the signs become 0")

HIERARCHICAL_LOSS = Exercise(
    key="unit1.hierarchical_loss",
    title="The loss of a hierarchical softmax and its gradients",
    reference=hierarchical_loss,
    alternatives=(loss_by_loop, loss_of_margins),
    examples=(Example(args=(HAND_H, HAND_V, HAND_PATHS, HAND_SIGNS, 1),
                      expected=(np.log(5), HAND_V[0] * -0.4 + HAND_V[1] * 2 / 3,
                                np.array([[-0.4, -0.4], [2 / 3, 2 / 3], [0.0, 0.0]]))),),
    regimes={"three decisions": _three_decisions, "short path": _short_path, "hopeless decision": _hopeless_decision},
    parts={"worked example": 0.5, "three decisions": 1.5, "short path": 1.0, "hopeless decision": 1.0},
    returns=("loss", "dh", "dV"),
    mistakes=(
        Mistake("takes the logarithm of a probability that has become 0: log(1 + e^-m) = logaddexp(0, -m) stays finite",
                loss_naive, mark=3.0, also=(loss_naive_by_quotients, loss_clipped)),
        Mistake("gives the probability where the loss is minus its logarithm", loss_is_the_probability),
        Mistake("averages over the decisions of the path: they all have to succeed, so their losses add up", loss_averaged,
                also=(loss_only_averaged, loss_averaged_by_product)),
        Mistake(_PADDING, loss_with_padding, mark=3.0,
                also=(loss_with_padding_overwriting, loss_padding_goes_right, loss_padding_goes_right_overwriting)),
        Mistake("lets the padding overwrite the gradient of the root: paths are filled up with node 0, so assign to the nodes "
                "of the real path only (or use np.add.at)", loss_root_overwritten, mark=3.0),
        Mistake("leaves out the signs everywhere, so it learns to turn left at every node", loss_without_signs,
                also=(loss_without_signs_by_product,)),
        Mistake("exchanges left and right: sign +1 wants sigma(v . h) near 1", loss_turned),
        Mistake("loses the sign in the gradients: the score enters the loss as s v . h, so its derivative carries an s",
                loss_sign_lost_in_the_gradient,
                also=(loss_sign_lost_in_the_gradient_by_product,)),
        Mistake("takes sigma(v . h) - 1 as the error at every node: where the path turns right the target is 0",
                loss_error_of_left,
                also=(loss_error_of_left_by_product,)),
        Mistake("subtracts the sign as if it were the target: the targets of sigma are 1 (left) and 0 (right), not -1",
                loss_target_is_the_sign,
                also=(loss_target_is_the_sign_by_product,)),
        Mistake("uses the probability of the right turn as the error; the error is what is missing to 1, sigma(-m)",
                loss_probability_for_error,
                also=(loss_probability_for_error_by_product,)),
        Mistake("differentiates the sigmoid but not the logarithm in front of it, which divides by sigma again",
                loss_slope_of_the_sigmoid,
                also=(loss_slope_of_the_sigmoid_by_product,)),
        Mistake("gives the rows of dV on the path only: dV has the shape of V, with zeros elsewhere", loss_rows_of_the_path,
                also=(loss_rows_of_the_path_unpadded, loss_rows_of_the_path_by_product,
                      loss_rows_of_the_path_unpadded_by_product)),
        Mistake("returns dV before dh", loss_gradients_exchanged),
        Mistake("stops at the last inner node, one decision early: the nodes are decisions, the classes are the leaves below",
                loss_one_decision_early,
                also=(loss_one_decision_early_by_product,)),
        Mistake("takes the first rows of V instead of the rows that the path names", loss_first_nodes, mark=2.5),
        Mistake("gives a gradient to all nodes; those that are not on the path were not asked anything", loss_all_nodes,
                also=(loss_all_nodes_by_product,)),
    ),
    hints=("Every decision on the path is a logistic regression of its own, and their losses add up.",
           "For one decision with margin m = s v . h the loss is log(1 + e^-m); its derivative by the score v . h is "
           "-s sigma(-m). Leave out entries with sign 0 first.",
           "With nodes, s cut to the real path and g = -s * sigma(-m): dh = g @ V[nodes], dV[nodes] = np.outer(g, h), and "
           "the loss is np.logaddexp(0, -m).sum()."),
    minutes=10, difficulty=4, rung="derive",
)
