"""Exercises of the first notebook: NumPy in five minutes, and what a check says."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake

# -- the mean of each column ---------------------------------------------------------------------------------------------


def column_means(X):
    return X.mean(axis=0)


def column_means_by_loop(X):
    return [sum(X[:, j]) / X.shape[0] for j in range(X.shape[1])]


def row_means(X):
    return X.mean(axis=1)


def mean_of_everything(X):
    return X.mean()


def column_sums_over_columns(X):
    return X.sum(axis=0) / X.shape[1]


def column_sums(X):
    return X.sum(axis=0)


def column_means_as_row(X):
    return X.mean(axis=0, keepdims=True)


def column_medians(X):
    return np.median(X, axis=0)


def column_means_with_n_minus_one(X):
    return X.sum(axis=0) / max(len(X) - 1, 1)


def column_sample_means(X):
    return X.sum(axis=0) / max(len(X), 2)


def _ordinary(rng):
    return (rng.normal(size=(5, 3)),)


def _one_row(rng):
    return (rng.normal(size=(1, 7)),)


COLUMN_MEANS = Exercise(
    key="unit0.column_means",
    title="The mean of each column",
    reference=column_means,
    alternatives=(column_means_by_loop,),
    examples=(Example(args=(np.array([[1.0, 2.0], [3.0, 6.0]]),), expected=np.array([2.0, 4.0])),),
    regimes={"ordinary": _ordinary, "one row": _one_row},
    parts={"worked example": 1.0, "ordinary": 1.0, "one row": 1.0},
    mistakes=(
        Mistake("averages each row: axis=0 runs down the rows and leaves one number per column", row_means),
        Mistake("averages all numbers at once: without an axis nothing is left of the columns", mean_of_everything),
        Mistake("divides by the number of columns instead of the number of rows", column_sums_over_columns, mark=1.0),
        Mistake("adds up each column and forgets to divide by the number of rows", column_sums, mark=1.0),
        Mistake("keeps the axis that was averaged: the result is one row of shape (1, D), not a plain (D,)",
                column_means_as_row),
        Mistake("takes the median, which is the mean only for one or two rows", column_medians, mark=2.0),
        Mistake("divides by the number of rows minus one, as for a variance", column_means_with_n_minus_one, mark=1.0),
        Mistake("never divides by less than two rows", column_sample_means, mark=2.0),
    ),
    hints=("Which axis disappears when you average a column?", "X.mean takes an argument named axis.",
           "X.mean(axis=0) averages over the rows."),
    minutes=3, difficulty=1, rung="implement",
)

# -- broadcasting: every row with every column ---------------------------------------------------------------------------


def table_of_sums(a, b):
    return a[:, None] + b


def table_by_loops(a, b):
    return [[float(x) + float(y) for y in b] for x in a]


def table_turned(a, b):
    return a + b[:, None]


def table_of_products(a, b):
    return a[:, None] * b


def table_of_differences(a, b):
    return a[:, None] - b


def table_entry_by_entry(a, b):
    return a + b


def table_of_columns(a, b):
    return a[:, None] + b[:, None]


def table_of_rows(a, b):
    return a[None, :] + b[None, :]


def table_flat(a, b):
    return (a[:, None] + b).ravel()


def table_square(a, b):
    n = min(len(a), len(b))
    return a[:n, None] + b[:n]


def _two_lengths(rng):
    return rng.normal(size=3), rng.normal(size=5)


def _same_entries(rng):
    x = rng.normal(size=4)
    return x, x.copy()


def table_of_maxima_when_equal(a, b):
    if np.array_equal(a, b):
        return 2 * a
    return a[:, None] + b


TABLE_OF_SUMS = Exercise(
    key="unit0.table_of_sums",
    title="A table of sums by broadcasting",
    reference=table_of_sums,
    alternatives=(table_by_loops,),
    examples=(Example(args=(np.array([0.0, 10.0]), np.array([1.0, 2.0])),
                      expected=np.array([[1.0, 2.0], [11.0, 12.0]])),),
    regimes={"two lengths": _two_lengths, "the same twice": _same_entries},
    parts={"worked example": 0.5, "two lengths": 1.0, "the same twice": 0.5},
    mistakes=(
        Mistake("turns the table: a belongs to the rows, b to the columns", table_turned, mark=0.5),
        Mistake("multiplies where it should add", table_of_products),
        Mistake("subtracts where it should add", table_of_differences),
        Mistake("adds entry by entry, which needs equal lengths: give a second axis to one of them, so that every entry meets "
                "all the others", table_entry_by_entry),
        Mistake("makes columns of both: one has to stay a row, so that they meet crosswise", table_of_columns),
        Mistake("makes rows of both: one has to be a column, so that they meet crosswise", table_of_rows),
        Mistake("flattens the table to one axis", table_flat),
        Mistake("cuts both to the shorter length before adding", table_square, mark=1.0),
        Mistake("adds entry by entry when a and b are alike, so the table shrinks to a vector",
                table_of_maxima_when_equal, mark=1.5),
    ),
    hints=("What shape must a have so that each of its entries meets all of b?",
           "a[:, None] has shape (n, 1): one column.", "(n, 1) plus (m,) broadcasts to (n, m)."),
    minutes=4, difficulty=1, rung="implement",
)

# -- predict a shape -----------------------------------------------------------------------------------------------------


def predicted_shape():
    return (4, 3)


def predicted_shape_as_list():
    return [4, 3]


def shape_of_the_matrix():
    return (3, 4)


def shape_with_one():
    return (4, 1)


def shape_of_one_axis():
    return (4,)


def shape_of_three_axes():
    return (4, 1, 3)


PREDICTED_SHAPE = Exercise(
    key="unit0.predicted_shape",
    title="Predict a shape before running the code",
    reference=predicted_shape,
    alternatives=(predicted_shape_as_list,),
    examples=(Example(args=(), expected=(4, 3)),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("gives the shape the other way round: rows come first", shape_of_the_matrix),
        Mistake("forgets that the axis of length 1 is stretched to meet the 3", shape_with_one),
        Mistake("forgets the axis that b brings along", shape_of_one_axis),
        Mistake("keeps both shapes side by side: broadcasting aligns axes from the right", shape_of_three_axes),
    ),
    hints=("Write the two shapes under each other, aligned at the right.", "An axis of length 1 stretches.",
           "(4, 1) and (3,): the missing axis counts as 1."),
    minutes=1, difficulty=1, rung="predict",
)

EXERCISES = (PREDICTED_SHAPE, COLUMN_MEANS, TABLE_OF_SUMS)
