"""Exercises of the notebook on perceptrons: the whole training, and conditions that overlap."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.perceptrons import training_mistakes as m

# -- the whole training --------------------------------------------------------------------------------------------------


def perceptron_fit(X, y, rows, lr):
    A, w = np.column_stack([X, np.ones(len(X))]), np.zeros(X.shape[1] + 1)
    for i in rows:
        w = w + lr * (y[i] - float(A[i] @ w >= 0)) * A[i]
    return w


def fit_with_bias_apart(X, y, rows, lr):
    weights, bias = [0.0] * X.shape[1], 0.0
    for i in np.asarray(rows).tolist():
        score = bias + sum(weights[j] * X[i, j] for j in range(X.shape[1]))
        fires = 1 if score >= 0 else 0
        if fires != y[i]:
            sign = 1.0 if y[i] == 1 else -1.0
            weights = [weights[j] + sign * lr * X[i, j] for j in range(X.shape[1])]
            bias += sign * lr
    return np.array([*weights, bias])


_AND = (np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 0, 0, 1]))


def _never_separable(rng, n):
    """Points round the corners of a square with the classes of XOR: no line is ever right everywhere."""
    corners = np.arange(n) % 4
    X = 2.0 * np.stack([corners // 2, corners % 2], axis=1) - 1 + rng.uniform(-0.2, 0.2, size=(n, 2))
    return X, np.isin(corners, (1, 2)).astype(int)


_SLIPS = (perceptron_fit, m.fit_wrong_sign, m.fit_strict, m.fit_from_ones, m.fit_batch, m.fit_unconditional,
          m.fit_stops_when_right, m.fit_bias_never_moves, m.fit_table_for_each_visit)
_ORDERS = (*_SLIPS, m.fit_table_order, m.fit_table_once)


def _all_differ(answers, *args):
    """Whether no two of the answers agree on these arguments."""
    results = [answer(*args) for answer in answers]
    return all(np.abs(one - other).max() > 1e-3 for one, other in combinations(results, 2))


def _fit_small_steps(rng):
    """The first two rows visited are both wrong at their turn, and no two of the usual slips end with the same weights."""
    while True:
        X, y = _never_separable(rng, 7)
        rows, lr = np.append([4, 1], rng.permutation([0, 2, 3, 5, 6])), float(rng.uniform(0.05, 0.5))
        if _all_differ((*_SLIPS, m.fit_table_order, m.fit_without_rate, m.fit_bias_without_rate), X, y, rows, lr):
            return X, y, rows, lr


def _fit_many_visits(rng):
    while True:
        X, y = _never_separable(rng, 6)
        rows = np.concatenate([rng.permutation(6) for _ in range(4)])
        if _all_differ((*_ORDERS, m.fit_as_many_as_rows), X, y, rows, 1.0):
            return X, y, rows, 1.0


def _fit_more_inputs(rng):
    while True:
        X, y, rows = rng.normal(size=(9, 5)), np.append([1, 0], rng.integers(2, size=7)), np.arange(9)
        if _all_differ(_SLIPS, X, y, rows, 1.0):
            return X, y, rows, 1.0


PERCEPTRON_FIT = Exercise(
    key="unit1.perceptron_fit",
    title="Train a perceptron",
    reference=perceptron_fit,
    alternatives=(fit_with_bias_apart,),
    examples=(Example(args=(*_AND, np.arange(4), 1.0), expected=np.array([1.0, 1.0, 0.0])),),
    regimes={"small steps": Regime(_fit_small_steps, cases=1), "many visits": Regime(_fit_many_visits, cases=1),
             "more inputs": Regime(_fit_more_inputs, cases=1)},
    parts={"worked example": 0.5, "small steps": 1.0, "many visits": 1.0, "edge cases": 0.5},
    mistakes=(
        Mistake("leaves the learning rate out", m.fit_without_rate, mark=2.0),
        Mistake("moves the bias by the whole error, without the learning rate", m.fit_bias_without_rate, mark=2.0),
        Mistake("never moves the bias: append the constant 1 to every row, and the last weight learns like the others",
                m.fit_bias_never_moves),
        Mistake("has no bias at all: append the constant 1 to every row", m.fit_without_ones),
        Mistake("puts the constant 1 in front, so that the bias comes first: in this course it comes last", m.fit_ones_first),
        Mistake("drops the bias from what it returns", m.fit_bias_dropped),
        Mistake("takes the rows in the order of the table: `rows` says which one is visited at each step", m.fit_table_order,
                mark=1.0),
        Mistake("walks through the table once, whatever `rows` says", m.fit_table_once, mark=1.0),
        Mistake("walks through the whole table for each entry of `rows`: each entry is a single visit",
                m.fit_table_for_each_visit),
        Mistake("makes only as many visits as the table has rows: go on to the end of `rows`", m.fit_as_many_as_rows, mark=2.0),
        Mistake("returns after the first visit: the return is indented into the loop", m.fit_returns_at_once),
        Mistake("moves at every visit, even if the row is already on its right side", m.fit_unconditional),
        Mistake("has the error the wrong way round: it is y - yhat", m.fit_wrong_sign),
        Mistake("fires only above 0: with all weights 0 the score is 0, and that already counts as class 1", m.fit_strict),
        Mistake("starts from weights of 1: the training is to start from zeros", m.fit_from_ones),
        Mistake("computes all outputs once, with the first weights: each visit has to use the weights as they are by then",
                m.fit_batch),
        Mistake("has room for two inputs only: X tells how many there are", m.fit_in_the_plane, mark=2.5),
        Mistake("stops at the first row that is right: go on, later rows may still be wrong", m.fit_stops_when_right),
    ),
    hints=("Which row comes next, and with which weights is it judged?",
           "Start from D + 1 zeros, let each row end in a 1, and take one step of the perceptron per entry of rows.",
           "for i in rows: w = one step with X[i] and its 1, y[i] and lr; after the loop, return w."),
    minutes=7, difficulty=3, rung="compose",
)

# -- the overlapping conditions ------------------------------------------------------------------------------------------


def fix_overlapping_conditions(w, X, labels, lr):
    for x, label in zip(X, labels, strict=True):
        z = x @ w
        if label == "N" and z >= 0:
            w = w - lr * x
        elif label == "P" and z < 0:
            w = w + lr * x
    return w


def fix_by_unified_rule(w, X, labels, lr):
    now = np.array(w, dtype=float)
    for i in range(len(X)):
        now = now + lr * (int(labels[i] == "P") - int(X[i] @ now >= 0)) * X[i]
    return now


def on_the_line(rng):
    """Weights and an augmented example of whole numbers, so that the score is exactly 0."""
    w, x = rng.integers(1, 5, size=4).astype(float), np.append(rng.integers(1, 5, size=3), 1.0)
    w[1] = -w[1]
    w[-1] = -(w[:-1] @ x[:-1])
    if w[-1] == 0:
        w[0], w[-1] = w[0] + 1, -x[0]
    return w, x


def _labelled_rows(rng):
    """Six rows: at its turn each is wrong but two, an N and a P; false positives and false negatives both occur."""
    wrong = np.array([True, True, False, True, False, True])
    while True:
        w, lr = rng.normal(size=3), float(rng.uniform(0.2, 0.6))
        rows = np.column_stack([rng.normal(size=(6, 2)), np.ones(6)])
        now, labels = w, []
        for x, moves in zip(rows, wrong, strict=True):
            fires = x @ now >= 0
            labels.append("N" if fires == moves else "P")
            if moves:
                now = now - lr * x if fires else now + lr * x
        positive = np.array(labels) == "P"
        wrong_at_first = (rows @ w >= 0) != positive
        if len(set(positive[wrong])) == len(set(positive[~wrong])) == 2 and (wrong_at_first != wrong).any():
            return w, rows, labels, lr


def _n_on_the_line(rng):
    w, x = on_the_line(rng)
    return w, x[None, :], ["N"], 1.0


def _p_on_the_line(rng):
    w, x = on_the_line(rng)
    return w, x[None, :], ["P"], 1.0


_W10 = np.array([[4.0, 5.0, 1.0]])

FIX_OVERLAPPING_CONDITIONS = Exercise(
    key="unit1.fix_overlapping_conditions",
    title="Repair two conditions that overlap",
    reference=fix_overlapping_conditions,
    alternatives=(fix_by_unified_rule,),
    examples=(Example(args=(np.array([2.0, 3.0, 5.0]), _W10, ["N"], 1.0), expected=np.array([-2.0, -2.0, 4.0]),
                      source="lecture notes, unit 1"),
              Example(args=(np.array([-2.0, -2.0, 4.0]), _W10, ["P"], 1.0), expected=np.array([2.0, 3.0, 5.0]))),
    regimes={"several rows": Regime(_labelled_rows, cases=4), "N on the line": _n_on_the_line, "P on the line": _p_on_the_line},
    parts={"worked example": 0.5, "several rows": 1.0, "edge cases": 0.5},
    mistakes=(
        Mistake("still catches both failures in the first condition, so it subtracts where it should add and the elif is never "
                "reached", m.overlap_as_printed, also=(m.overlap_as_printed_subtracting,)),
        Mistake("adds for both failures: a false positive (N with a score of 0 or more) has to be subtracted",
                m.overlap_always_adds),
        Mistake("subtracts for both failures: a missed positive (P with a negative score) has to be added",
                m.overlap_always_subtracts, mark=0.5),
        Mistake("still counts a score of 0 as an error for both classes: on the line the output is 1, so P is right there",
                m.overlap_both_at_zero, mark=1.5),
        Mistake("lets N rest on the line: a score of 0 counts as P, so there N is wrong", m.overlap_none_at_zero, mark=1.5),
        Mistake("draws the border the other way round: a score of exactly 0 counts as P", m.overlap_strict, mark=1.5),
        Mistake("has add and subtract swapped", m.overlap_swapped),
        Mistake("repairs the rows that are right: N is wrong where the score is 0 or more, P where it is negative",
                m.overlap_sides_swapped),
        Mistake("drops the second branch: a P with a negative score is never repaired", m.overlap_only_subtracts, mark=0.5),
        Mistake("never asks for the label, so rows that are right are moved too", m.overlap_without_labels, mark=0.5),
        Mistake("never asks for the side, so rows that are right are moved too", m.overlap_without_sides, mark=0.5),
        Mistake("adds in every other case: an N with a negative score is right and must stay", m.overlap_bare_else, mark=0.5),
        Mistake("asks in the elif for the side alone: an N with a negative score is right and must stay",
                m.overlap_elif_without_label, mark=1.0),
        Mistake("computes all scores before the loop: each row has to meet the weights as they are by then",
                m.overlap_old_scores, mark=1.0),
        Mistake("returns after the first row: the return is indented into the loop", m.overlap_first_row_only, mark=1.0),
        Mistake("lost the learning rate on the way", m.overlap_without_rate, mark=1.0),
        Mistake("updates w in place: += and -= change the caller's array", m.overlap_in_place),
    ),
    hints=("Try a P with a negative score in the printed code: which branch catches it, and what does that branch do?",
           "Each failure belongs to one branch: an N on the positive side is subtracted, a P on the negative side is added.",
           "A score of 0 can be an error for one class only. The output there is 1, so which class is wrong?"),
    minutes=6, difficulty=2, rung="debug",
)
