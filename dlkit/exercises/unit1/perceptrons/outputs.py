"""Exercises of the notebook on perceptrons: several outputs, and the delta rule."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.perceptrons import outputs_mistakes as m
from dlkit.numpy import perceptron

# -- several outputs -----------------------------------------------------------------------------------------------------


def outputs_one_by_one(W, b, x, t, lr, threshold):
    W, b = W.copy(), b.copy()
    for j in range(W.shape[1]):
        z = float(b[j]) + sum(float(x[i]) * float(W[i, j]) for i in range(len(x)))
        y = 1 if z > threshold else -1 if z < -threshold else 0
        if y != t[j]:
            for i in range(len(x)):
                W[i, j] += lr * t[j] * x[i]
            b[j] += lr * t[j]
    return W, b


def _units_with_scores(rng, scores):
    """Weights (3, M), biases and an example for which the units have the given scores; the bias decides their sign."""
    x, W = rng.normal(size=3), rng.normal(size=(3, len(scores)))
    W = W * (-np.sign(scores) * rng.uniform(1.5, 3.0, size=len(scores)) / (x @ W))
    return W, scores - x @ W, x


def _mixed_outputs(rng):
    t = rng.permutation([1.0, -1.0, 1.0, -1.0, 1.0])
    right = rng.permutation([True, True, False, False, False])
    if len(set(t[right])) < 2:
        return _mixed_outputs(rng)
    scores = t * np.where(right, 1.0, -1.0) * rng.uniform(0.3, 2.0, size=5)
    W, b, x = _units_with_scores(rng, scores)
    return W, b, x, t, float(rng.uniform(0.1, 0.6)), 0.0


def _dead_band(rng):
    """All three scores lie in the band, two on the side of their target."""
    t, threshold = np.append(rng.permutation([1.0, -1.0]), rng.choice([1.0, -1.0])), float(rng.uniform(0.5, 1.0))
    W, b, x = _units_with_scores(rng, t * np.array([1.0, 1.0, -1.0]) * rng.uniform(0.2, 0.8, size=3) * threshold)
    return W, b, x, t, 1.0, threshold


def _edge_of_the_band(rng):
    """Whole numbers, so that both scores are exactly the threshold."""
    x, W = rng.integers(1, 5, size=3).astype(float), rng.integers(1, 4, size=(3, 2)).astype(float)
    threshold = float(rng.integers(1, 3))
    return W, threshold - x @ W, x, np.ones(2), 1.0, threshold


MULTI_OUTPUT_STEP = Exercise(
    key="unit1.multi_output_step",
    title="One step of several bipolar outputs",
    reference=perceptron.multi_output_step,
    alternatives=(outputs_one_by_one,),
    examples=(Example(args=(np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2), np.array([1.0, 2.0]), np.array([1.0, -1.0]),
                            1.0, 0.0),
                      expected=(np.array([[1.0, -1.0], [0.0, -1.0]]), np.array([0.0, -1.0]))),),
    regimes={"mixed outputs": _mixed_outputs, "dead band": _dead_band, "edge of the band": _edge_of_the_band},
    parts={"worked example": 0.5, "mixed outputs": 1.5, "dead band": 0.5, "edge of the band": 0.5},
    returns=("W", "b"),
    mistakes=(
        Mistake("moves units that are right too: each unit is judged by itself, and keeps its weights where it is right",
                m.outputs_all_move, mark=1.0, also=(m.outputs_all_if_any,)),
        Mistake("moves the units that are right and leaves the wrong ones", m.outputs_right_ones_move),
        Mistake("moves by t - y: between -1 and 1 that is a difference of 2, while this rule moves by t",
                m.outputs_by_difference, mark=1.0),
        Mistake("moves by t minus the score, before the step: that is the delta rule", m.outputs_by_score),
        Mistake("moves in the direction of the output y instead of the target t", m.outputs_by_output),
        Mistake("moves away from the target: the sign of the change is that of t", m.outputs_wrong_sign),
        Mistake("leaves the biases as they were: they move by lr times t", m.outputs_bias_stays),
        Mistake("adds the learning rate to the bias without the sign of the target", m.outputs_bias_without_target, mark=0.5),
        Mistake("moves every bias, also those of units that are right", m.outputs_bias_moves_always, mark=1.0),
        Mistake("leaves the bias out of the score", m.outputs_bias_not_added, mark=0.5),
        Mistake("leaves the learning rate out", m.outputs_without_rate, mark=1.5),
        Mistake("moves the biases without the learning rate", m.outputs_bias_without_rate, mark=1.5),
        Mistake("goes by the sign of the score and ignores the threshold: a score in the dead band gives 0, which is never the "
                "target", m.outputs_without_band, mark=2.0, also=(m.outputs_two_levels_at_zero,)),
        Mistake("gives -1 for everything that is not above the threshold: the dead band reaches down to -threshold",
                m.outputs_two_levels, mark=2.5, also=(m.outputs_lower_edge_lost,)),
        Mistake("has two levels with the border at the threshold: from -threshold to threshold the output is 0",
                m.outputs_two_levels_reached, mark=2.0),
        Mistake("leaves a unit in the dead band alone: its output 0 is not the target, so it moves", m.outputs_band_left_alone,
                mark=2.0),
        Mistake("counts the edge of the dead band as decided: a score of exactly the threshold still gives 0",
                m.outputs_edge_decided, mark=2.5),
        Mistake("has the outer product the wrong way round: W has one row per input, one column per output", m.outputs_turned),
        Mistake("adds the change to every weight without multiplying by the input", m.outputs_without_inputs),
        Mistake("updates W and b in place: make new arrays", m.outputs_in_place, also=(m.outputs_weights_in_place,)),
    ),
    hints=("Compute all M scores at once; which units give something else than their target?",
           "The change of unit j is lr * t_j where it is wrong and 0 where it is right: one vector of M numbers.",
           "np.outer(x, change) has the shape of W, and b moves by change itself. Mind the three levels of the output."),
    minutes=7, difficulty=3, rung="implement",
)

# -- the delta rule ------------------------------------------------------------------------------------------------------


def lms_fit(X, t, rows, lr):
    A, w = np.column_stack([X, np.ones(len(X))]), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (t[i] - A[i] @ w) * A[i]
    return w


def lms_with_bias_apart(X, t, rows, lr):
    weights, bias = [0.0] * X.shape[1], 0.0
    for i in np.asarray(rows).tolist():
        error = float(t[i]) - bias - sum(weights[j] * float(X[i, j]) for j in range(X.shape[1]))
        weights = [weights[j] + lr * error * float(X[i, j]) for j in range(X.shape[1])]
        bias += lr * error
    return np.array([*weights, bias])


_SLIPS = (lms_fit, m.lms_wrong_sign, m.lms_after_step, m.lms_after_bipolar_step, m.lms_by_target,
          m.lms_size_of_error, m.lms_bias_never_moves, m.lms_new_weights_for_the_bias, m.lms_from_ones)


def _all_differ(answers, *args):
    """Whether no two of the answers agree on these arguments."""
    results = [answer(*args) for answer in answers]
    return all(np.abs(one - other).max() > 1e-4 for one, other in combinations(results, 2))


def _lms_ordinary(rng):
    while True:
        X, rows = rng.normal(size=(7, 2)), rng.permutation(7)
        if rows[0] < rows[1]:
            rows = rows[::-1].copy()
        args = X, rng.normal(scale=2.0, size=7), rows, float(rng.uniform(0.05, 0.3))
        if _all_differ(_SLIPS, *args):
            return args


def _lms_bipolar_targets(rng):
    """Two far clouds: after the first step all signs are right, yet no score is its target."""
    t = np.array([1.0, -1.0, 1.0, -1.0, -1.0]) * rng.choice([-1.0, 1.0])
    X = t[:, None] * np.array([1.5, -2.0]) + rng.uniform(-0.3, 0.3, size=(5, 2))
    return X, t, np.arange(5), float(rng.uniform(0.02, 0.05))


def _lms_many_visits(rng):
    while True:
        args = (rng.normal(size=(4, 2)), rng.normal(scale=2.0, size=4), np.tile(np.arange(4), 3), float(rng.uniform(0.05, 0.2)))
        if _all_differ((*_SLIPS, m.lms_as_many_as_rows), *args):
            return args


LMS_FIT = Exercise(
    key="unit1.lms_fit",
    title="Train a linear unit by the delta rule",
    reference=lms_fit,
    alternatives=(lms_with_bias_apart,),
    examples=(Example(args=(np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([1.0, 3.0, 5.0]), np.arange(3), 0.1),
                      expected=np.array([0.712, 0.522, 0.812])),),
    regimes={"ordinary": Regime(_lms_ordinary, cases=1), "many visits": Regime(_lms_many_visits, cases=1),
             "bipolar targets": Regime(_lms_bipolar_targets, cases=1)},
    parts={"worked example": 0.5, "ordinary": 0.5, "many visits": 0.5, "bipolar targets": 0.5},
    mistakes=(
        Mistake("has the error the wrong way round: it is t - z, target minus score", m.lms_wrong_sign),
        Mistake("applies the step before it takes the error: that is the perceptron; the delta rule compares the score itself",
                m.lms_after_step),
        Mistake("applies the bipolar step before it takes the error: the delta rule compares the score itself",
                m.lms_after_bipolar_step),
        Mistake("moves only where the class is wrong: the delta rule has no cases, it always moves by t - z",
                m.lms_only_wrong_classes, mark=1.5, also=(m.lms_only_wrong_classes_two_levels,)),
        Mistake("moves by the target itself, which is the error of the very first weights only: each visit uses the weights as "
                "they are by then", m.lms_by_target, also=(m.lms_batch,)),
        Mistake("moves twice as far: with half the squared error the 2 of the derivative is gone", m.lms_twice),
        Mistake("divides by the number of rows: each visit is a full step on its own row", m.lms_mean),
        Mistake("adds the whole score w.x once for each input, the double sum of the notes: w.x is already the sum",
                m.lms_double_sum),
        Mistake("takes the size of the error: its sign says in which direction to move", m.lms_size_of_error, mark=0.5),
        Mistake("moves by half the squared error: the step is its slope, which has t - z to the first power",
                m.lms_squared_error),
        Mistake("adds the error to every weight without multiplying by the input", m.lms_without_input),
        Mistake("has no bias at all: append the constant 1 to every row", m.lms_without_ones),
        Mistake("never moves the bias: the constant 1 is an input like the others", m.lms_bias_never_moves),
        Mistake("puts the constant 1 in front, so that the bias comes first: in this course it comes last", m.lms_ones_first),
        Mistake("moves the bias by the whole error, without the learning rate", m.lms_bias_without_rate),
        Mistake("computes the error anew for the bias, with weights that have already moved: take one error for both",
                m.lms_new_weights_for_the_bias),
        Mistake("leaves the learning rate out", m.lms_without_rate),
        Mistake("takes the rows in the order of the table: `rows` says which one is visited at each step", m.lms_table_order,
                mark=1.5),
        Mistake("walks through the table once, whatever `rows` says", m.lms_table_once, mark=1.0),
        Mistake("makes only as many visits as the table has rows: go on to the end of `rows`", m.lms_as_many_as_rows, mark=1.5),
        Mistake("returns after the first visit: the return is indented into the loop", m.lms_returns_at_once),
        Mistake("starts from weights of 1: the training is to start from zeros", m.lms_from_ones),
    ),
    hints=("The loop is that of the perceptron. What takes the place of y - yhat?",
           "The error is t - z, with the score z = w.x itself: no step, no question whether the class is right.",
           "for i in rows: take x = [X[i], 1]; then w becomes w + lr * (t[i] - w @ x) * x."),
    minutes=5, difficulty=2, rung="simplify",
)
