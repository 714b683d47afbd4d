"""Exercises on probabilities that share one whole: softmax and softmax_backward."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import softmax

# -- softmax ---------------------------------------------------------------------------------------------------------------


def softmax_by_logarithm(Z):
    top = np.max(Z, axis=-1, keepdims=True)
    return np.exp(Z - top - np.log(np.sum(np.exp(Z - top), axis=-1, keepdims=True)))


def softmax_row_by_row(Z):
    rows = []
    for row in Z:
        powers = [np.exp(z - max(row)) for z in row]
        rows.append([p / sum(powers) for p in powers])
    return np.array(rows)


def softmax_down_the_columns(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def softmax_down_the_columns_naive(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=0)


def softmax_sum_down_the_columns(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=0)


def softmax_maximum_down_the_columns(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=-1, keepdims=True)


def softmax_naive(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=-1, keepdims=True)


def softmax_plain_sum(Z):
    return Z / Z.sum(axis=-1, keepdims=True)


def softmax_same_index(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E


def softmax_over_everything(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum()


def softmax_over_everything_naive(Z):
    return np.exp(Z) / np.exp(Z).sum()


def softmax_over_everything_row_maximum(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum()


def softmax_one_maximum(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=-1, keepdims=True)


def softmax_sum_turned(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1)


def softmax_sum_turned_naive(Z):
    E = np.exp(Z)
    return E / E.sum(axis=-1)


def softmax_maximum_turned(Z):
    E = np.exp(Z - Z.max(axis=-1))
    return E / E.sum(axis=-1, keepdims=True)


def softmax_everything_turned(Z):
    E = np.exp(Z - Z.max(axis=-1))
    return E / E.sum(axis=-1)


def softmax_one_class_too_many(Z):
    return np.exp(Z) / (1 + np.exp(Z).sum(axis=-1, keepdims=True))


def softmax_one_class_too_many_shifted(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / (1 + E.sum(axis=-1, keepdims=True))


def softmax_of_the_negative(Z):
    return softmax_by_logarithm(-np.asarray(Z))


def softmax_of_the_negative_naive(Z):
    return np.exp(-Z) / np.exp(-Z).sum(axis=-1, keepdims=True)


def softmax_as_sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax_as_logarithm(Z):
    Z = Z - Z.max(axis=-1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))


def softmax_not_divided(Z):
    return np.exp(Z - Z.max(axis=-1, keepdims=True))


def softmax_not_divided_naive(Z):
    return np.exp(Z)


def softmax_hard(Z):
    return (Z == Z.max(axis=-1, keepdims=True)).astype(float)


def softmax_maximum_of_the_powers(Z):
    E = np.exp(Z)
    E = E - E.max(axis=-1, keepdims=True)
    return E / E.sum(axis=-1, keepdims=True)


def softmax_in_whole_numbers(Z):
    P = np.zeros_like(Z)
    for i, z in enumerate(Z):
        E = np.exp(z - z.max())
        P[i] = E / E.sum()
    return P


def _square_batch(rng):
    return (rng.normal(scale=2.0, size=(4, 4)),)


def _whole_numbers(rng):
    return (rng.permuted(np.array([[0, 1, 2, int(rng.integers(2, 5))]]), axis=1),)


def _large_scores(rng):
    top = float(rng.integers(800, 1200))
    return (rng.permuted(np.array([[top, top, top - 1000, -top]]), axis=1),)


def _rows_far_apart(rng):
    return (np.array([[-float(rng.integers(300, 400))] * 2, [float(rng.integers(600, 700))] * 2]),)


SOFTMAX = Exercise(
    key="unit1.softmax",
    title="Softmax, one row at a time",
    reference=softmax.softmax,
    alternatives=(softmax_by_logarithm, softmax_row_by_row),
    examples=(
        Example(args=(np.array([[1.0, 3.0, 4.0, 7.0]]),),
                expected=np.array([[0.0023153325912804574, 0.01710812260064402, 0.046504698921977486, 0.934071845886098]]),
                printed=[[0.002, 0.017, 0.047, 0.934]], decimals=3, source="lecture notes, unit 1"),
        Example(args=(np.array([[2.1, 3.2, 1.5]]),),
                expected=np.array([[0.21963648290580754, 0.6598244595647186, 0.12053905752947390]]),
                printed=[[0.22, 0.66, 0.12]], decimals=2, source="lecture notes, unit 1"),
    ),
    regimes={"several rows": _square_batch, "whole numbers": Regime(_whole_numbers, 1, "several rows"),
             "large scores": Regime(_large_scores, 1, "stability"),
             "rows far apart": Regime(_rows_far_apart, 1, "stability", hidden=True)},
    parts={"worked example": 0.5, "several rows": 0.5, "stability": 1.0},
    mistakes=(
        Mistake("normalises over the batch instead of over the classes: each row, not each column, must sum to 1",
                softmax_down_the_columns, also=(softmax_down_the_columns_naive, softmax_sum_down_the_columns)),
        Mistake("subtracts the maximum of each column: what may be subtracted is one number per row",
                softmax_maximum_down_the_columns),
        Mistake("overflows for large scores: subtract the largest score of the row first, the result stays the same",
                softmax_naive, mark=1.0),
        Mistake("divides by the plain sum, without the exponential", softmax_plain_sum),
        Mistake("divides each exponential by itself, so every answer is 1: the sum below runs over all classes",
                softmax_same_index),
        Mistake("adds up the whole batch: every row is an example of its own and must sum to 1", softmax_over_everything,
                mark=0.5, also=(softmax_over_everything_naive, softmax_over_everything_row_maximum)),
        Mistake("subtracts one maximum for all rows, so a row far below it vanishes: each row needs its own",
                softmax_one_maximum, mark=1.0),
        Mistake("loses the column of sums: without keepdims=True the sums of the rows are laid along the columns",
                softmax_sum_turned, mark=1.5),
        Mistake("loses the columns of maxima and of sums: without keepdims=True both are laid along the columns",
                softmax_everything_turned, mark=0.5),
        Mistake("lays the sums along the columns (keepdims=True keeps them a column) and overflows for large scores",
                softmax_sum_turned_naive, mark=0.5),
        Mistake("loses the column of maxima: without keepdims=True they are laid along the columns",
                softmax_maximum_turned, mark=0.5),
        Mistake("has one class too many in the sum: it runs from 1 to k, not from 0, and nothing else is added",
                softmax_one_class_too_many, also=(softmax_one_class_too_many_shifted,)),
        Mistake("prefers the smallest score: the exponent is +z", softmax_of_the_negative,
                also=(softmax_of_the_negative_naive,)),
        Mistake("gives each class a sigmoid of its own: in a softmax they share one whole", softmax_as_sigmoid),
        Mistake("returns the logarithm of the probabilities", softmax_as_logarithm),
        Mistake("stops at the exponentials: divide them by their sum", softmax_not_divided,
                also=(softmax_not_divided_naive,)),
        Mistake("gives all to the largest score: that is a hard maximum, softmax only leans to it", softmax_hard),
        Mistake("keeps whole numbers whole: an array like Z takes the type of Z, and integers cut every fraction off",
                softmax_in_whole_numbers, mark=1.5),
        Mistake("subtracts the maximum after the exponential: take it from the scores, before", softmax_maximum_of_the_powers),
    ),
    hints=("What must each row add up to?", "Sum over the last axis and keep it: axis=-1, keepdims=True.",
           "Subtract from each row its own largest score, take the exponential, divide by the row's sum."),
    minutes=4, difficulty=2, rung="implement",
)

# -- backwards through softmax ---------------------------------------------------------------------------------------------


def softmax_backward_by_jacobian(dP, P):
    dZ = []
    for upstream, p in zip(dP, P, strict=True):
        jacobian = np.diag(p) - np.outer(p, p)
        dZ.append(jacobian @ upstream)
    return np.array(dZ)


def softmax_backward_by_einsum(dP, P):
    return P * dP - P * np.einsum("nk,nk->n", P, dP)[:, None]


def softmax_backward_diagonal(dP, P):
    return dP * P * (1 - P)


def softmax_backward_over_batch(dP, P):
    return P * (dP - (P * dP).sum(axis=0, keepdims=True))


def softmax_backward_over_everything(dP, P):
    return P * (dP - np.sum(P * dP))


def softmax_backward_turned(dP, P):
    return P * (dP - (P * dP).sum(axis=-1))


def softmax_backward_unweighted(dP, P):
    return P * (dP - dP.sum(axis=-1, keepdims=True))


def softmax_backward_mean(dP, P):
    return P * (dP - dP.mean(axis=-1, keepdims=True))


def softmax_backward_mean_weighted(dP, P):
    return P * (dP - (P * dP).mean(axis=-1, keepdims=True))


def softmax_backward_without_factor(dP, P):
    return dP - (P * dP).sum(axis=-1, keepdims=True)


def softmax_backward_plus(dP, P):
    return P * (dP + (P * dP).sum(axis=-1, keepdims=True))


def softmax_backward_cross_entropy(dP, P):
    return P - dP


def softmax_backward_uncoupled(dP, P):
    return P * dP


def softmax_backward_only_coupling(dP, P):
    return -P * (P * dP).sum(axis=-1, keepdims=True)


def softmax_backward_half_factor(dP, P):
    return P * dP - (P * dP).sum(axis=-1, keepdims=True)


def softmax_backward_squared(dP, P):
    return P * dP - P**2 * dP.sum(axis=-1, keepdims=True)


def _batch_of_probabilities(rng):
    return rng.normal(size=(4, 4)), rng.dirichlet(np.ones(4) * 2, size=4)


SOFTMAX_BACKWARD = Exercise(
    key="unit1.softmax_backward",
    title="Backwards through softmax",
    reference=softmax.softmax_backward,
    alternatives=(softmax_backward_by_jacobian, softmax_backward_by_einsum),
    examples=(Example(args=(np.array([[4.0, 0.0, 0.0]]), np.array([[0.5, 0.25, 0.25]])),
                      expected=np.array([[1.0, -0.5, -0.5]])),),
    regimes={"several rows": _batch_of_probabilities},
    parts={"worked example": 0.5, "several rows": 1.0},
    mistakes=(
        Mistake("keeps only the diagonal p (1 - p): raising one score also lowers all the other probabilities",
                softmax_backward_diagonal),
        Mistake("sums over the batch: every row has a sum of its own, over its classes", softmax_backward_over_batch),
        Mistake("adds up p * dp over the whole batch: every row has a sum of its own", softmax_backward_over_everything,
                mark=0.5),
        Mistake("lays the row sums along the columns: keepdims=True keeps them a column", softmax_backward_turned, mark=0.5),
        Mistake("forgets the weights p in the sum: it is the mean of dp under p", softmax_backward_unweighted),
        Mistake("subtracts the plain mean of dp: the mean is weighted by p", softmax_backward_mean,
                also=(softmax_backward_mean_weighted,)),
        Mistake("forgets the factor p in front of the parenthesis", softmax_backward_without_factor),
        Mistake("adds the weighted mean where it should subtract it: the classes compete", softmax_backward_plus),
        Mistake("returns p - dp, which is the gradient of softmax together with the cross entropy",
                softmax_backward_cross_entropy),
        Mistake("forgets the coupling of the classes: raising one score lowers the other probabilities",
                softmax_backward_uncoupled),
        Mistake("returns only the coupling of the classes and drops the direct term p * dp", softmax_backward_only_coupling),
        Mistake("forgets the factor p in front of the sum: both terms carry it", softmax_backward_half_factor),
        Mistake("takes p out of the sum and squares it: each dp_j in the sum has its own p_j", softmax_backward_squared),
    ),
    hints=("Each probability depends on all scores of its row: dz_i collects dp_j times dp_j/dz_i over all j.",
           "dp_j/dz_i = p_j ((1 if i = j else 0) - p_i). Insert it and take p_i out of the sum.",
           "dz_i = p_i (dp_i - s) with s the sum over j of p_j dp_j: one number per row."),
    minutes=5, difficulty=3, rung="derive",
)
