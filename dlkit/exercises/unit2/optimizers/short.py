"""Two short exercises: the rate that makes the two forms of momentum walk alike, and the first moves of Adam."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

# -- derive: matching_rate -----------------------------------------------------------------------------------------------


def matching_rate(lr, beta):
    return (1 - beta) * lr


def matching_rate_by_difference(lr, beta):
    return lr - beta * lr


def rate_divided(lr, beta):
    return lr / (1 - beta)


def rate_unchanged(lr, beta):
    return lr


def rate_times_beta(lr, beta):
    return lr * beta


def rate_divided_by_beta(lr, beta):
    return lr / beta


def rate_tenth(lr, beta):
    return lr / 10


def rate_times_ten(lr, beta):
    return lr * 10


def rate_squared_beta(lr, beta):
    return lr * (1 - beta**2)


def rate_whole_sum(lr, beta):
    return lr / (1 + beta)


def rate_with_both(lr, beta):
    return lr * (1 - beta) / beta


def _rates(rng):
    return float(rng.uniform(0.01, 0.5)), float(rng.uniform(0.3, 0.8))


MATCHING_RATE = Exercise(
    key="unit2.matching_rate",
    title="The same path in both forms",
    reference=matching_rate,
    alternatives=(matching_rate_by_difference,),
    examples=(Example(args=(1.0, 0.9), expected=0.1),),
    regimes={"other rates": Regime(_rates, cases=3)},
    parts={"worked example": 0.5, "other rates": 0.5},
    mistakes=(
        Mistake("goes the other way: lr / (1 - beta) is the rate of the averaged form that follows a classical one",
                rate_divided),
        Mistake("leaves the rate as it is: the classical form adds whole gradients, the averaged one only the share 1 - beta",
                rate_unchanged),
        Mistake("multiplies by beta: that is the share of the old velocity, which both forms keep alike", rate_times_beta),
        Mistake("divides by beta: that is the share of the old velocity, which both forms keep alike", rate_divided_by_beta),
        Mistake("divides by 10, which is right for beta = 0.9 only", rate_tenth, mark=0.5),
        Mistake("multiplies by 10: right for beta = 0.9 only, and in the wrong direction", rate_times_ten),
        Mistake("squares beta: compare what one single gradient adds to the step", rate_squared_beta),
        Mistake("divides by 1 + beta: compare what one single gradient adds to the step", rate_whole_sum),
        Mistake("takes beta into the share of the new gradient as well: compare what one single gradient adds to the step",
                rate_with_both),
    ),
    hints=("Write down the first step of both forms from v = 0.",
           "Averaged: theta - lr (1 - beta) g. Classical: theta - rate g. For which rate are they the same?",
           "The later steps keep the share beta of both velocities, so the ratio of the first step stays: multiply lr by the "
           "share of the gradient."),
    minutes=4, difficulty=2, rung="derive",
)

# -- predict: predicted_first_moves --------------------------------------------------------------------------------------


def predicted_first_moves():
    return 0.01, 0.01


def predicted_first_moves_computed():
    gradients = np.array([1000.0, 0.001])
    return tuple(0.01 * np.abs(gradients) / np.sqrt(gradients**2))


def moves_of_plain_descent():
    return 10.0, 0.00001


def moves_without_correction():
    return 0.01 * 0.1 / np.sqrt(0.001), 0.01 * 0.1 / np.sqrt(0.001)


def moves_of_momentum():
    return 1.0, 0.000001


def moves_by_root():
    return 0.01 * np.sqrt(1000.0), 0.01 * np.sqrt(0.001)


def moves_without_root():
    return 0.01 / 1000.0, 0.01 / 0.001


def moves_small_one_not_at_all():
    return 0.01, 0.0


def moves_tenth():
    return 0.001, 0.001


def moves_root_corrected_only():
    return 0.01 * np.sqrt(0.001) / 0.1, 0.01 * np.sqrt(0.001) / 0.1


def moves_with_sign():
    return -0.01, -0.01


PREDICTED_FIRST_MOVES = Exercise(
    key="unit2.predicted_first_moves",
    title="Predict Adam's first moves",
    reference=predicted_first_moves,
    alternatives=(predicted_first_moves_computed,),
    examples=(Example(args=(), expected=(0.01, 0.01)),),
    parts={"prediction": 1.0},
    returns=("move of the first weight", "move of the second weight"),
    rtol=1e-3,
    mistakes=(
        Mistake("multiplies the rate by the gradient, as plain gradient descent does: Adam divides by its size",
                moves_of_plain_descent),
        Mistake("forgets the bias correction: without it the first move is 0.1 / sqrt(0.001) = 3.16 times too long",
                moves_without_correction),
        Mistake("takes the move of momentum, the rate times a tenth of the gradient: Adam also divides", moves_of_momentum),
        Mistake("divides by the root of the gradient: it is the root of the squared gradient", moves_by_root),
        Mistake("divides by the squared gradient: take its root first", moves_without_root),
        Mistake("leaves the weight with the small gradient in place: it moves as far as the other one",
                moves_small_one_not_at_all),
        Mistake("corrects the squares but not the gradient: m is a tenth of the gradient after one step, until it is divided "
                "by 1 - beta1", moves_tenth),
        Mistake("has the bias correction upside down", moves_root_corrected_only),
        Mistake("gives the changes of the weights, with their sign: distances were asked for", moves_with_sign),
    ),
    hints=("After one step, what is m in terms of the gradient? What is v? And what does the correction make of them?",
           "At t = 1 the corrected averages are the gradient itself and its square.",
           "The move is lr * g / sqrt(g * g). How large is that quotient for any g?"),
    minutes=2, difficulty=2, rung="predict",
    inapplicable={"too low precision": "a prediction to three digits is enough"},
)
