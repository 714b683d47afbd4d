"""The gradient of the cross-entropy after a softmax, which the notes get wrong."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def softmax_rows(Z):
    P = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return P / P.sum(axis=-1, keepdims=True)


# -- right answers -------------------------------------------------------------------------------------------------------


def softmax_ce_gradient(x, y, W):
    dz = softmax_rows(x @ W) - y
    return dz, np.outer(x, dz)


def softmax_ce_gradient_by_loops(x, y, W):
    powers = [np.exp(sum(x[i] * W[i, k] for i in range(len(x)))) for k in range(len(y))]
    dz = [power / sum(powers) - float(target) for power, target in zip(powers, y, strict=True)]
    return dz, [[float(x[i]) * d for d in dz] for i in range(len(x))]


# -- mistakes ------------------------------------------------------------------------------------------------------------


def scores_gradient_for_weights(x, y, W):
    dz = softmax_rows(x @ W) - y
    return dz, dz


def scores_gradient_in_every_row(x, y, W):
    dz = softmax_rows(x @ W) - y
    return dz, np.tile(dz, (len(x), 1))


def weights_turned(x, y, W):
    dz = softmax_rows(x @ W) - y
    return dz, np.outer(dz, x)


def jacobian_once_more(x, y, W):
    p = softmax_rows(x @ W)
    dz = (np.diag(p) - np.outer(p, p)) @ (p - y)
    return dz, np.outer(x, dz)


def diagonal_of_jacobian(x, y, W):
    dz = -y * (1 - softmax_rows(x @ W))
    return dz, np.outer(x, dz)


def gradient_of_probabilities(x, y, W):
    dz = -y / softmax_rows(x @ W)
    return dz, np.outer(x, dz)


def sigmoid_slope_once_more(x, y, W):
    p = softmax_rows(x @ W)
    dz = (p - y) * p * (1 - p)
    return dz, np.outer(x, dz)


def scores_for_probabilities(x, y, W):
    dz = x @ W - y
    return dz, np.outer(x, dz)


def sigmoids_for_softmax(x, y, W):
    dz = np.exp(-np.logaddexp(0.0, -(x @ W))) - y
    return dz, np.outer(x, dz)


def most_likely_target(x, y, W):
    dz = softmax_rows(x @ W)
    dz[np.argmax(y)] -= 1
    return dz, np.outer(x, dz)


# -- the exercise --------------------------------------------------------------------------------------------------------


def _soft_targets(rng):
    y = rng.uniform(0.2, 1.0, size=5)
    return rng.normal(size=3), y / y.sum(), rng.normal(size=(3, 5))


SOFTMAX_CE_GRADIENT = Exercise(
    key="unit1.softmax_ce_gradient",
    title="Derive the gradient of cross-entropy after softmax",
    reference=softmax_ce_gradient,
    alternatives=(softmax_ce_gradient_by_loops,),
    returns=("dz", "dW"),
    examples=(Example(args=(np.array([1.0, 2.0]), np.array([0.0, 0.0, 1.0]), np.zeros((2, 3))),
                      expected=(np.array([1 / 3, 1 / 3, -2 / 3]),
                                np.array([[1 / 3, 1 / 3, -2 / 3], [2 / 3, 2 / 3, -4 / 3]]))),),
    regimes={"random points": Regime(_soft_targets, cases=3)},
    parts={"worked example": 0.5, "random points": 1.5},
    mistakes=(
        Mistake("gives the gradient of the scores for that of the weights, as the notes print it: each weight w_ik also "
                "carries its input x_i, which makes an outer product", scores_gradient_for_weights,
                also=(scores_gradient_in_every_row,)),
        Mistake("turns dW around: it has the shape of W, one row for each feature", weights_turned),
        Mistake("sends p - y through the softmax once more: p - y is the gradient at the scores already", jacobian_once_more),
        Mistake("keeps only the diagonal of the softmax's derivative: raising one score also lowers the other "
                "probabilities", diagonal_of_jacobian),
        Mistake("stops at the gradient of the probabilities, -y / p: the chain goes on through the softmax",
                gradient_of_probabilities),
        Mistake("multiplies p - y by p (1 - p) once more: the logarithm has already cancelled that factor",
                sigmoid_slope_once_more),
        Mistake("compares the scores, not the probabilities, with the target", scores_for_probabilities),
        Mistake("takes one sigmoid for each class where a softmax over all classes belongs", sigmoids_for_softmax),
        Mistake("subtracts 1 at the most likely class: the target may be any distribution, so subtract y itself",
                most_likely_target, mark=0.5),
    ),
    hints=("Write C = -sum_k y_k log p_k with log p_k = z_k - log sum_j exp(z_j), and differentiate by one z_j.",
           "The second term, log sum exp(z), has the derivative p_j; remember that the y_k add up to 1.",
           "That gives dz. Since z_k = sum_i x_i W_ik, the entry [i, k] of dW is x_i times dz_k."),
    minutes=5, difficulty=3, rung="derive",
)
