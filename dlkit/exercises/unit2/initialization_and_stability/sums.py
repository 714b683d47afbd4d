"""The exercise log_sum_exp: the logarithm of a sum of exponentials that no score can break."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import softmax


def log_sum_exp_by_pairs(Z):
    result = np.array(Z[:, 0], dtype=float)
    for column in np.asarray(Z, dtype=float).T[1:]:
        result = np.logaddexp(result, column)
    return result


def log_sum_exp_row_by_row(Z):
    sums = []
    for row in Z:
        top = max(row)
        sums.append(top + np.log(sum(np.exp(z - top) for z in row)))
    return np.array(sums)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def lse_naive(Z):
    return np.log(np.exp(Z).sum(axis=1))


def lse_in_longer_numbers(Z):
    return np.log(np.exp(np.asarray(Z, dtype=np.longdouble)).sum(axis=1)).astype(float)


def lse_maximum_not_added(Z):
    return np.log(np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=1))


def lse_maximum_subtracted_again(Z):
    top = Z.max(axis=1)
    return np.log(np.exp(Z - top[:, None]).sum(axis=1)) - top


def lse_maximum_multiplied(Z):
    top = Z.max(axis=1)
    return top * np.log(np.exp(Z - top[:, None]).sum(axis=1))


def lse_one_maximum(Z):
    return Z.max() + np.log(np.exp(Z - Z.max()).sum(axis=1))


def lse_minimum(Z):
    low = Z.min(axis=1)
    return low + np.log(np.exp(Z - low[:, None]).sum(axis=1))


def lse_mean(Z):
    middle = Z.mean(axis=1)
    return middle + np.log(np.exp(Z - middle[:, None]).sum(axis=1))


def lse_absolute_maximum(Z):
    top = np.abs(Z).max(axis=1)
    return top + np.log(np.exp(Z - top[:, None]).sum(axis=1))


def lse_clipped(Z):
    return np.log(np.exp(np.clip(Z, -700, 700)).sum(axis=1))


def lse_clipped_at_500(Z):
    return np.log(np.exp(np.clip(Z, -500, 500)).sum(axis=1))


def lse_clipped_at_100(Z):
    return np.log(np.exp(np.clip(Z, -100, 100)).sum(axis=1))


def lse_clipped_at_50(Z):
    return np.log(np.exp(np.clip(Z, -50, 50)).sum(axis=1))


def lse_with_epsilon(Z):
    return np.log(np.exp(Z).sum(axis=1) + 1e-15)


def lse_negative_maximum_only(Z):
    top = np.minimum(Z.max(axis=1), 0)
    return top + np.log(np.exp(Z - top[:, None]).sum(axis=1))


def lse_positive_maximum_only(Z):
    top = np.maximum(Z.max(axis=1), 0)
    return top + np.log(np.exp(Z - top[:, None]).sum(axis=1))


def lse_maximum_only(Z):
    return Z.max(axis=1).astype(float)


def lse_of_the_mean(Z):
    top = Z.max(axis=1)
    return top + np.log(np.exp(Z - top[:, None]).mean(axis=1))


def lse_columns(Z):
    top = Z.max(axis=0)
    return top + np.log(np.exp(Z - top).sum(axis=0))


def lse_everything(Z):
    top = Z.max()
    return top + np.log(np.exp(Z - top).sum())


def lse_kept_axis(Z):
    top = Z.max(axis=1, keepdims=True)
    return top + np.log(np.exp(Z - top).sum(axis=1, keepdims=True))


def lse_shape_lost(Z):
    top = Z.max(axis=1, keepdims=True)
    return top + np.log(np.exp(Z - top).sum(axis=1))


def lse_base_two(Z):
    top = Z.max(axis=1)
    return top + np.log2(np.exp(Z - top[:, None]).sum(axis=1))


def lse_sum_of_logarithms(Z):
    return Z.sum(axis=1) + 0.0


def lse_log_softmax(Z):
    top = Z.max(axis=1, keepdims=True)
    return Z - top - np.log(np.exp(Z - top).sum(axis=1, keepdims=True))


def lse_without_logarithm(Z):
    return np.exp(Z).sum(axis=1)


def lse_in_whole_numbers(Z):
    result = np.zeros(len(Z), dtype=Z.dtype)
    for i, row in enumerate(Z):
        result[i] = row.max() + np.log(np.exp(row - row.max()).sum())
    return result


def _whole_numbers(rng):
    return (rng.permuted(np.array([[0, 1, 2, int(rng.integers(2, 5))], [1, 1, 3, 3], [-2, -1, 0, 2], [4, 0, 0, 4]]), axis=1),)


def _large_scores(rng):
    top = float(rng.integers(12_000, 18_000))  # too large for the long floats of any machine
    return (rng.permuted(np.array([[top, top - 1.0, top - 2.0, -3 * top]]), axis=1),)


def _very_negative_scores(rng):
    top = -float(rng.integers(12_000, 18_000))
    return (rng.permuted(np.array([[top, top - 1.0, top - 2.0, top - 1000.0]]), axis=1),)


def _rows_far_apart(rng):
    low = float(rng.integers(300, 340))
    return (np.array([[-low, -low - 1.0], [low + 300.0, low + 301.0]]),)


LOG_SUM_EXP = Exercise(
    key="unit2.log_sum_exp",
    title="The logarithm of a sum of exponentials",
    reference=softmax.log_sum_exp,
    alternatives=(log_sum_exp_by_pairs, log_sum_exp_row_by_row),
    examples=(Example(args=(np.log(np.array([[1.0, 2.0, 4.0], [3.0, 3.0, 3.0]])),),
                      expected=np.log(np.array([7.0, 9.0]))),),
    regimes={"whole numbers": Regime(_whole_numbers, 1),
             "large scores": Regime(_large_scores, 1, "stability"),
             "very negative scores": Regime(_very_negative_scores, 1, "stability"),
             "rows far apart": Regime(_rows_far_apart, 1, "stability", hidden=True)},
    parts={"worked example": 0.5, "whole numbers": 0.5, "stability": 1.0},
    mistakes=(
        Mistake("overflows for large scores and finds log(0) for very negative ones: take the maximum out of the sum first",
                lse_naive, mark=1.0, also=(lse_in_longer_numbers,)),
        Mistake("never adds the maximum back: e^z = e^m e^(z - m), so the logarithm gets its m again", lse_maximum_not_added),
        Mistake("subtracts the maximum a second time instead of adding it back", lse_maximum_subtracted_again),
        Mistake("multiplies by the maximum: the logarithm of a product is a sum", lse_maximum_multiplied),
        Mistake("takes one maximum for all rows, so a row far below it vanishes: each row needs its own", lse_one_maximum,
                mark=1.0),
        Mistake("takes the minimum out: then the large exponents grow even larger", lse_minimum, mark=1.0),
        Mistake("takes out something smaller than the maximum (the mean, or the maximum only where it is negative): large "
                "scores still overflow", lse_mean, mark=1.0, also=(lse_negative_maximum_only,)),
        Mistake("takes out the largest absolute value: for negative scores that makes the exponents even more negative",
                lse_absolute_maximum, mark=1.0),
        Mistake("cuts the scores off (at 700, say): no overflow, but another sum", lse_clipped, mark=1.0,
                also=(lse_clipped_at_500, lse_clipped_at_100, lse_clipped_at_50)),
        Mistake("adds a small epsilon against log(0): for very negative scores that is all that is left, and large ones "
                "still overflow", lse_with_epsilon, mark=1.0),
        Mistake("takes the maximum out only where it is positive: for very negative scores the logarithm still meets 0",
                lse_positive_maximum_only, mark=1.0),
        Mistake("returns the maximum: that is close only if one score stands far above the others", lse_maximum_only),
        Mistake("averages instead of adding up: the result is too small by log K", lse_of_the_mean),
        Mistake("adds up the columns: each row is an example of its own", lse_columns),
        Mistake("adds up the whole batch: one number for each row was asked for", lse_everything),
        Mistake("keeps the axis, shape (N, 1): one number for each row, shape (N,), was asked for", lse_kept_axis),
        Mistake("adds a column of maxima to a row of logarithms, which broadcasts to a table: give both the shape (N,)",
                lse_shape_lost),
        Mistake("takes the logarithm to base 2", lse_base_two),
        Mistake("adds the scores up: the logarithm of a sum is not the sum of the logarithms", lse_sum_of_logarithms),
        Mistake("returns log-softmax, which subtracts this number from the scores", lse_log_softmax),
        Mistake("forgets the logarithm", lse_without_logarithm),
        Mistake("keeps whole numbers whole: an array of the type of Z cuts every fraction off", lse_in_whole_numbers, mark=1.5),
    ),
    hints=("log(e^1000 + e^999): which factor could you take out of the sum, so that what is left is harmless?",
           "e^z = e^m e^(z - m). Choose m so that no exponent is positive and at least one is 0.",
           "m = Z.max(axis=1); the result is m + log(sum over the row of exp(z - m))."),
    minutes=4, difficulty=2, rung="simplify",
)
