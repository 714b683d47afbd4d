"""Exercises of the notebook on linear regression: fitting a line, the normal equation, preparing data."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.linear_regression import mistakes as wrong
from dlkit.numpy import least_squares

# -- the intercept, derived ----------------------------------------------------------------------------------------------


def best_intercept(x, y, slope):
    return float(np.mean(y) - slope * np.mean(x))


def best_intercept_by_residuals(x, y, slope):
    return sum(b - slope * a for a, b in zip(x, y, strict=True)) / len(x)


def _points_and_slope(rng):
    x = rng.normal(2.0, 1.0, size=7)
    return x, rng.normal(3.0, 1.0, size=7), float(rng.uniform(1.5, 3.0))


BEST_INTERCEPT = Exercise(
    key="unit1.best_intercept",
    title="The best intercept for a given slope",
    reference=best_intercept,
    alternatives=(best_intercept_by_residuals,),
    regimes={"random points": _points_and_slope},
    parts={"random points": 1.0},
    mistakes=(
        Mistake("adds slope times the mean of x: the line has to come back down to x = 0", wrong.intercept_added),
        Mistake("lets the line pass through the first point instead of the middle of all points", wrong.intercept_first_point),
        Mistake("takes the mean of y, which is right only for slope 0 or centred x", wrong.intercept_mean_y),
        Mistake("takes the median residual, which is best for absolute errors, not for squared ones", wrong.intercept_median),
        Mistake("subtracts the mean of x without the slope: back at x = 0 the line has come down by slope * mean(x)",
                wrong.intercept_without_slope),
        Mistake("fits a slope of its own and ignores the one that is given", wrong.intercept_of_own_line),
        Mistake("divides by the slope: that is where the line crosses the x-axis", wrong.intercept_divided),
    ),
    hints=("Set the derivative of the sum of squared residuals with respect to the intercept to zero.",
           "The derivative says: the residuals must add up to zero.",
           "Solve sum(y - slope * x - intercept) = 0 for the intercept."),
    minutes=4, difficulty=2, rung="derive",
)

# -- the line of best fit --------------------------------------------------------------------------------------------------


def fit_line(x, y):
    return least_squares.fit_line(x, y)


def fit_line_by_lstsq(x, y):
    x, y = np.asarray(x), np.asarray(y)
    centred = x - x.mean()
    slope = float(centred @ (y - y.mean()) / (centred @ centred))
    return slope, float(y.mean() - slope * x.mean())


def fit_line_by_polyfit(x, y):
    return tuple(np.polyfit(x, y, 1))


def _scattered(rng):
    x = rng.permutation(np.linspace(-2.0, 3.0, 11)) + 0.1 * rng.normal(size=11)
    return x, 1.7 * x + 4.0 + rng.normal(size=11)


def _far_from_zero(rng):
    offsets = np.sort(rng.uniform(-1.0, 1.0, size=8))
    return 1e5 + offsets, 3.0 * offsets + rng.normal(size=8)


FIT_LINE = Exercise(
    key="unit1.fit_line",
    title="The line of best fit",
    reference=fit_line,
    alternatives=(fit_line_by_lstsq, fit_line_by_polyfit),
    examples=(Example(args=(np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1])),
                      expected=(2.0789473684, -0.2657894737), source="lecture notes, unit 1, three points"),),
    regimes={"scattered": _scattered, "far from zero": Regime(_far_from_zero, hidden=True)},
    parts={"worked example": 1.0, "scattered": 1.0, "far from zero": 1.0},
    returns=("slope", "intercept"),
    rtol=1e-8,
    mistakes=(
        Mistake("returns the intercept first: the slope was asked for first", wrong.line_swapped),
        Mistake("forces the line through the origin: the means have to be subtracted first", wrong.line_through_origin),
        Mistake("divides by the spread of y: that is the line that predicts x from y", wrong.line_x_on_y),
        Mistake("takes the correlation for the slope: it has no units, the slope is the correlation times std(y) / std(x)",
                wrong.line_correlation),
        Mistake("divides by the standard deviation of x: it is its square, the variance, that belongs below",
                wrong.line_without_square),
        Mistake("has the sign of the intercept turned round: c = mean(y) - m mean(x)", wrong.line_intercept_sign),
        Mistake("takes mean(y) for the intercept and forgets to go back by m mean(x)", wrong.line_intercept_mean),
        Mistake("joins the first and the last point and ignores all others", wrong.line_end_points),
        Mistake("mixes N and N - 1: the covariance is divided by N - 1, the variance by N", wrong.line_mixed_ddof),
        Mistake("averages y / x over the points instead of dividing two sums", wrong.line_mean_ratio),
        Mistake("sorts x and leaves y as it was, so the pairs are torn apart", wrong.line_sorted_x, mark=2.0,
                also=(wrong.line_sorted_both,)),
        Mistake("subtracts two huge sums (n sum(xy) - sum(x) sum(y)): subtract the means first, or digits are lost",
                wrong.line_one_pass, mark=2.0, also=(wrong.line_one_pass_means,)),
    ),
    hints=("Both formulas speak of deviations from the mean.", "m = sum((x - mean x)(y - mean y)) / sum((x - mean x)^2)",
           "Then c = mean(y) - m * mean(x)."),
    minutes=8, difficulty=2, rung="implement",
)

# -- the normal equation ---------------------------------------------------------------------------------------------------


def normal_equation(X, y):
    return least_squares.normal_equation(X, y)


def normal_equation_by_pinv(X, y):
    return np.linalg.pinv(X) @ y


def normal_equation_by_svd(X, y):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    keep = s > 1e-12 * s[0]
    return Vt[keep].T @ ((U[:, keep].T @ y) / s[keep])


def _overdetermined(rng):
    X = rng.normal(size=(11, 3))
    return X, X @ np.array([1.0, -2.0, 0.5]) + 0.3 + rng.normal(size=11)


def _collinear(rng):
    X = rng.integers(1, 9, size=(7, 3)).astype(float)
    X[:3] = np.eye(3) * 5 + 1
    X = np.column_stack([X, X[:, 0]])
    return X, X @ np.array([1.1, 2.3, -0.7, 3.1])


NORMAL_EQUATION = Exercise(
    key="unit1.normal_equation",
    title="Least squares with several features",
    reference=normal_equation,
    alternatives=(normal_equation_by_pinv, normal_equation_by_svd),
    examples=(Example(args=(np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]]), np.array([3.0, 5.0, 7.0])),
                      expected=np.array([1.0, 2.0])),),
    regimes={"ordinary": _overdetermined, "collinear": _collinear},
    parts={"worked example": 0.5, "ordinary": 1.0, "collinear": 1.5},
    mistakes=(
        Mistake("inverts X^T X, which collinear columns make singular: use lstsq or pinv", wrong.weights_by_inverse,
                mark=1.5, also=(wrong.weights_by_solve,)),
        Mistake("solves only the first rows, as many as there are features, and ignores the others",
                wrong.weights_first_rows, mark=2.0),
        Mistake("stops at X^T y: the inverse of X^T X is missing", wrong.weights_without_inverse),
        Mistake("fits each feature on its own: features share the work when they are correlated", wrong.weights_one_by_one),
        Mistake("centres the data first, which fits an intercept that was not asked for", wrong.weights_centred,
                mark=1.5),
        Mistake("adds a column of ones, so there is one weight too many", wrong.weights_with_ones),
        Mistake("adds a column of ones and throws its weight away: the others are then the weights of a fit with an intercept",
                wrong.weights_with_ones_dropped, mark=1.5),
        Mistake("drops columns that repeat others: of all best weights the shortest were asked for, and they share the work",
                wrong.weights_independent_columns, mark=1.5, also=(wrong.weights_independent_columns_from_the_end,)),
        Mistake("adds a ridge penalty, which shrinks the weights", wrong.weights_ridge,
                also=(wrong.weights_ridge_tenth, wrong.weights_ridge_hundredth, wrong.weights_ridge_thousandth,
                      wrong.weights_ridge_tiny, wrong.weights_ridge_tinier, wrong.weights_ridge_millionth)),
        Mistake("returns the predictions X w instead of the weights w", wrong.weights_predictions),
    ),
    hints=("What if two columns of X are the same? How many solutions are there then?",
           "np.linalg has a function whose name begins with lst...",
           "np.linalg.lstsq(X, y, rcond=None) returns the solution first; of many solutions, the shortest."),
    minutes=6, difficulty=2, rung="implement",
)

# -- standardising ---------------------------------------------------------------------------------------------------------


def fit_scaler(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std > 0, std, 1.0)


def apply_scaler(X, mean, std):
    return (X - mean) / std


def fit_scaler_by_moments(X):
    mean = X.sum(axis=0) / len(X)
    std = np.sqrt(((X - mean) ** 2).sum(axis=0) / len(X))
    std[std == 0] = 1.0
    return mean, std


def _scale_both(answer, X_train, X_test):
    """The public script: learn from the training rows, then scale training rows and test rows."""
    scaler = answer.later("fit_scaler", X_train)
    train, test = (answer.later("apply_scaler", X, scaler[0], scaler[1]) for X in (X_train, X_test))
    _mean, _std = scaler.value  # two things
    return train.value, test.value


def _two_sets(rng):
    scale = np.array([30.0, 2.0, 0.1])
    return rng.normal(size=(7, 3)) * scale + 5, rng.normal(size=(5, 3)) * scale + 8


def _whole_numbers(rng):
    X = np.vstack([[[0, 9]], rng.integers(1, 9, size=(4, 2)), [[9, 0]]])
    return X, X.copy()


def _constant_column(rng):
    X = rng.normal(size=(6, 2))
    X[:, 1] = 4.0
    return X, X.copy()


_HOUSING = np.array([[32.0, 3.0, 5.0], [25.0, 1.0, 8.0], [80.0, 4.0, 10.0], [55.0, 3.0, 10.0]])
_HOUSING_SCALED = np.array([[-0.7423814704, 0.2294157339, -1.5882027766], [-1.0671733637, -1.6059101371, -0.1221694444],
                            [1.4847629408, 1.1470786694, 0.8551861105], [0.3247918933, 0.2294157339, 0.8551861105]])

STANDARDIZE = Exercise(
    key="unit1.standardize",
    title="Standardise with the training set's mean and spread",
    reference={"fit_scaler": fit_scaler, "apply_scaler": apply_scaler},
    alternatives=({"fit_scaler": fit_scaler_by_moments},),
    probe=_scale_both,
    returns=("training rows", "test rows"),
    examples=(Example(args=(_HOUSING, _HOUSING), expected=(_HOUSING_SCALED, _HOUSING_SCALED),
                      source="lecture notes, unit 1, housing table"),),
    regimes={"two sets": _two_sets, "whole numbers": Regime(_whole_numbers, part="two sets"),
             "constant column": _constant_column},
    parts={"worked example": 1.0, "two sets": 1.0, "constant column": 1.0},
    mistakes=(
        Mistake("scales each set by its own mean and spread: the test set must use what was learned from training rows",
                {"apply_scaler": wrong.apply_own_statistics}, mark=2.0),
        Mistake("divides by N - 1 in the spread (ddof=1): the notes and scikit-learn divide by N",
                {"fit_scaler": wrong.fit_sample_std}),
        Mistake("divides by the variance: take its square root", {"fit_scaler": wrong.fit_variance}),
        Mistake("lacks brackets, as the notes print it: X - mean / std divides only the mean",
                {"apply_scaler": wrong.apply_no_brackets}),
        Mistake("takes mean and spread of each row: features are columns, so axis=0", {"fit_scaler": wrong.fit_rows,
                                                                                 "apply_scaler": wrong.apply_rows}),
        Mistake("takes one mean and one spread for the whole table: every feature has its own",
                {"fit_scaler": wrong.fit_whole_table}),
        Mistake("divides 0 by 0 in a column that never changes: such a column should become 0",
                {"fit_scaler": wrong.fit_zero_spread}, mark=2.0),
        Mistake("keeps whole numbers whole: a copy of integers cuts every fraction off, so put the result in a new array",
                {"apply_scaler": wrong.apply_in_whole_numbers}, mark=2.0),
        Mistake("uses minimum and range: that is min-max scaling", {"fit_scaler": wrong.fit_min_max}),
        Mistake("multiplies by the spread instead of dividing", {"apply_scaler": wrong.apply_multiplied}),
        Mistake("forgets to subtract the mean", {"apply_scaler": wrong.apply_no_mean}),
        Mistake("forgets to divide by the spread", {"apply_scaler": wrong.apply_no_std}),
    ),
    hints=("Which rows may the mean know about?", "Mean and standard deviation run down the columns; the spread divides by N.",
           "A constant column has spread 0: put 1 in its place before you divide."),
    minutes=8, difficulty=2, rung="implement",
)

# -- one-hot encoding ------------------------------------------------------------------------------------------------------


def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels]


def one_hot_by_comparison(labels, num_classes):
    return (np.asarray(labels)[:, None] == np.arange(num_classes)).astype(float)


def _all_classes(rng):
    return rng.permutation(np.array([0, 1, 2, 3, 4, 1, 3])), 5


def _missing_classes(rng):
    return rng.permutation(np.array([0, 2, 3])), 6


ONE_HOT = Exercise(
    key="unit1.one_hot",
    title="One-hot encoding",
    reference=one_hot,
    alternatives=(one_hot_by_comparison,),
    examples=(Example(args=(np.array([0, 1, 2, 3]), 4), expected=np.eye(4), printed="the row of the USA is missing",
                      source="lecture notes, unit 1, four countries", why="four labels need four positions"),),
    regimes={"repeated labels": _all_classes, "classes that do not occur": _missing_classes},
    parts={"worked example": 0.5, "repeated labels": 0.5, "classes that do not occur": 1.0},
    mistakes=(
        Mistake("counts classes from the labels at hand: a class that happens not to occur still needs its column",
                wrong.one_hot_by_max, mark=1.0, also=(wrong.one_hot_by_unique,)),
        Mistake("has one position too few, as in the notes, where the USA has no row", wrong.one_hot_drop_last),
        Mistake("starts counting at 1: label 0 belongs in column 0", wrong.one_hot_from_one,
                also=(wrong.one_hot_from_one_wrapped,)),
        Mistake("fills whole columns, since the colon stands for all rows: each label belongs to one row, np.arange(N)",
                wrong.one_hot_whole_columns),
        Mistake("marks only the first row of each class", wrong.one_hot_first_only, mark=1.5),
        Mistake("fills all positions up to the label: that encodes an order", wrong.one_hot_thermometer),
        Mistake("writes the label itself instead of 1", wrong.one_hot_label_value),
        Mistake("has classes in rows and examples in columns", wrong.one_hot_transposed, mark=0.5),
        Mistake("swaps 0 and 1: the position of the class must be the hot one", wrong.one_hot_inverted),
    ),
    hints=("How many columns must the result have, whatever the labels are?",
           "Row k of the identity matrix is the code of label k.",
           "An identity matrix can be indexed with an array of labels."),
    minutes=5, difficulty=1, rung="implement",
)

# -- find the leak ---------------------------------------------------------------------------------------------------------


def prepare(X, train_rows, test_rows):
    train, test = X[train_rows], X[test_rows]
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


def prepare_by_lists(X, train_rows, test_rows):
    mean = sum(X[i] for i in train_rows) / len(train_rows)
    std = np.sqrt(sum((X[i] - mean) ** 2 for i in train_rows) / len(train_rows))
    return np.stack([(X[i] - mean) / std for i in train_rows]), np.stack([(X[i] - mean) / std for i in test_rows])


def _split_table(rng):
    rows = rng.permutation(12)
    X = rng.normal(size=(12, 3))
    X[rows[8:]] += 3.0
    return X, rows[:8], rows[8:]


FIND_THE_LEAK = Exercise(
    key="unit1.prepare",
    title="Find the leak in a scaling step",
    reference=prepare,
    alternatives=(prepare_by_lists,),
    regimes={"split table": _split_table},
    parts={"split table": 2.0},
    returns=("training rows", "test rows"),
    mistakes=(
        Mistake("still leaks: mean and spread are taken over all rows, the test rows included", wrong.prepare_leaking),
        Mistake("scales each set by its own mean and spread, so the two sets are no longer comparable", wrong.prepare_own),
        Mistake("learns from the test rows instead of the training rows", wrong.prepare_from_test),
        Mistake("mends the mean but still takes the spread over all rows", wrong.prepare_half_mended),
        Mistake("mends the spread but still takes the mean over all rows", wrong.prepare_other_half),
        Mistake("returns the test rows first", wrong.prepare_swapped),
        Mistake("leaves the test rows unscaled", wrong.prepare_test_raw),
        Mistake("takes one mean and one spread for the whole table: every feature has its own, axis=0",
                wrong.prepare_whole_table),
    ),
    hints=("Which rows take part in X.mean(axis=0)?", "Whatever is learned must be learned after the split.",
           "Take X[train_rows] first, and mean and std of that alone."),
    minutes=5, difficulty=2, rung="debug",
)

# -- predict a scaled value ------------------------------------------------------------------------------------------------


def predicted_scaled_value():
    return 1.5


def predicted_scaled_value_as_formula():
    return (40 - 10) / (30 - 10)


PREDICTED_SCALED_VALUE = Exercise(
    key="unit1.predicted_scaled_value",
    title="Predict a min-max scaled test value",
    reference=predicted_scaled_value,
    alternatives=(predicted_scaled_value_as_formula,),
    examples=(Example(args=(), expected=1.5),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("stays inside [0, 1]: only the rows that were fitted are sure to", wrong.scaled_clipped),
        Mistake("divides by the range but forgets to subtract the minimum", wrong.scaled_no_shift),
        Mistake("divides by the maximum instead of the range", wrong.scaled_by_maximum),
        Mistake("lacks brackets: 40 - 10 / 20 divides only the minimum", wrong.scaled_without_brackets),
        Mistake("standardises: that is another scaling", wrong.scaled_standardised),
    ),
    hints=("Which rows did the scaler see?", "Its minimum is 10 and its range is 20, whatever comes later.",
           "(value - minimum) / range may well be larger than 1."),
    minutes=1, difficulty=1, rung="predict",
)

EXERCISES: tuple[Exercise, ...] = (BEST_INTERCEPT, FIT_LINE, NORMAL_EQUATION, PREDICTED_SCALED_VALUE, STANDARDIZE,
                                   FIND_THE_LEAK, ONE_HOT)
