"""The unit with a slot for the loss: predict its boundary, mend its training."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import linear_models
from dlkit.numpy.losses_classification import bce_with_logits, hinge
from dlkit.numpy.losses_regression import mse

# -- which boundary belongs to which loss: squared error, perceptron criterion, hinge ------------------------------------


def which_boundary():
    return [3, 1, 2]


def which_boundary_as_array():
    return np.array([3, 1, 2])


def boundary_1_3_2():
    return [1, 3, 2]


def boundary_2_1_3():
    return [2, 1, 3]


def boundary_3_2_1():
    return [3, 2, 1]


def boundary_1_2_3():
    return [1, 2, 3]


def boundary_2_3_1():
    return [2, 3, 1]


WHICH_BOUNDARY = Exercise(
    key="unit1.which_boundary",
    title="Predict which boundary belongs to which loss",
    reference=which_boundary,
    alternatives=(which_boundary_as_array,),
    examples=(Example(args=(), expected=[3, 1, 2]),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("has the hinge right and the other two exchanged: only one of these losses also charges points for being "
                "far on the right side, so only that one bends to them", boundary_1_3_2),
        Mistake("has the perceptron criterion right and the other two exchanged: a hinge costs nothing beyond its margin, "
                "so far points on the right side cannot pull at it", boundary_2_1_3),
        Mistake("has the squared error right and the other two exchanged: one of them is content as soon as no point is "
                "wrong, the other wants a distance as well", boundary_3_2_1),
        Mistake("names the pictures in the order of the losses: for each loss, ask which points still cost something when "
                "all are on the right side", boundary_1_2_3),
        Mistake("names none of them right: for each loss, ask which points still cost something when all are on the "
                "right side", boundary_2_3_1),
    ),
    hints=("Which losses are exactly zero for a point far on the right side, and which one is not?",
           "The squared error compares the score with +1 or -1, so a score of 6 costs 25: far points pull the line.",
           "Of the two that ignore far points, one stops as soon as nobody is wrong, and so may touch a cloud; the other "
           "keeps its distance from both."),
    minutes=2, difficulty=2, rung="predict",
)

# -- the broken code has three bugs, and each of its seven versions that is not wholly mended is a mistake ----------------


def fit_unit(X, y, loss, lr, steps):
    model = linear_models.SingleLayerModel(loss, lr=lr, epochs=steps).fit(X, y)
    return model.W_, model.b_


def fit_unit_with_ones(X, y, loss, lr, steps):
    A = np.column_stack([np.ones(len(X)), X])
    v = np.zeros(A.shape[1])
    while steps > 0:
        v = v - lr * loss(A @ v, y)[1] @ A
        steps -= 1
    return v[1:], v[0]


def _unit_with_bugs(X, y, loss, lr, steps, first, moved, averaged):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(first, steps):
        _, d_scores = loss(X @ w + b, y)
        w = w - lr * X.T @ d_scores
        if moved:
            _, d_scores = loss(X @ w + b, y)
        b = b - lr * (d_scores.mean() if averaged else d_scores.sum())
    return w, b


def unit_as_printed(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, 1, True, True)


def unit_starts_at_one(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, 1, False, False)


def unit_moves_in_turn(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, 0, True, False)


def unit_averages_twice(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, 0, False, True)


def unit_only_loop_mended(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, 0, True, True)


def unit_only_order_mended(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, 1, False, True)


def unit_only_average_mended(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, 1, True, False)


def unit_averages_weights_too(X, y, loss, lr, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        _, d_scores = loss(X @ w + b, y)
        w, b = w - lr * X.T @ d_scores / len(y), b - lr * d_scores.mean()
    return w, b


def unit_one_step_more(X, y, loss, lr, steps):
    return _unit_with_bugs(X, y, loss, lr, steps, -1, False, False)


def _any_loss(rng):
    n = int(rng.integers(5, 9))
    side = rng.permutation(np.arange(n) % 2)
    loss, y = [(mse, rng.normal(size=n)), (bce_with_logits, side), (hinge, 2.0 * side - 1)][int(rng.integers(3))]
    return rng.normal(size=(n, 2)), y, loss, float(rng.uniform(0.1, 0.3)), int(rng.integers(4, 7))


FIT_UNIT = Exercise(
    key="unit1.fit_unit",
    title="Mend the training of a unit with any loss",
    reference=fit_unit,
    alternatives=(fit_unit_with_ones,),
    returns=("w", "b"),
    examples=(Example(args=(np.array([[1.0]]), np.array([3.0]), mse, 0.25, 1), expected=(np.array([1.5]), 1.5)),),
    regimes={"any loss": Regime(_any_loss, cases=3)},
    parts={"mended": 2.0},
    mistakes=(
        Mistake("still has all three bugs: look at the number of steps, at the point where each slope is taken, and at what "
                "the loss has already averaged", unit_as_printed),
        Mistake("still loses a step: range(1, steps) has steps - 1 numbers in it", unit_starts_at_one),
        Mistake("still takes the slope of the bias after the weights have moved: both belong to the same point",
                unit_moves_in_turn),
        Mistake("still averages the slope of the bias twice: the loss has divided by N already, so add the rows up",
                unit_averages_twice),
        Mistake("has the loop mended, but not yet the slope of the bias: where is it taken, and how are its rows put "
                "together?", unit_only_loop_mended),
        Mistake("takes both slopes at one point now, but still loses a step and averages the bias twice",
                unit_only_order_mended),
        Mistake("adds up the rows for the bias now, but still loses a step and moves the bias too late",
                unit_only_average_mended),
        Mistake("averages both slopes a second time: the loss has divided by N already", unit_averages_weights_too),
        Mistake("takes one step too many now: range(steps) has as many numbers as there are steps", unit_one_step_more),
    ),
    hints=("There are three bugs. Run it by hand for one row and one step.",
           "How often does the loop run for steps = 1? At which weights is d_scores taken when the bias moves?",
           "d_scores comes from a loss that is a mean, so it holds 1/N already: add its rows up, for weights and bias alike, "
           "and compute it once per step."),
    minutes=5, difficulty=3, rung="debug",
)
