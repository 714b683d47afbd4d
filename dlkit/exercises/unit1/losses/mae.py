"""Exercise on the mean absolute error: the loss that shrugs at outliers, and has a corner."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.losses.mse import PREDICTION, TARGET, draw_tables, draw_whole_numbers
from dlkit.numpy import losses_regression


def _exact_hits(rng):
    target = rng.normal(size=5)
    error = rng.permutation(np.array([0.0, 0.0, 1.0, -1.0, 1.0])) * rng.uniform(0.2, 2.0, size=5)
    return target + error, target


def mae_by_loop(prediction, target):
    errors = [float(o) - float(t) for o, t in zip(np.ravel(prediction), np.ravel(target), strict=True)]
    slopes = [0.0 if e == 0 else (1.0 if e > 0 else -1.0) / len(errors) for e in errors]
    return sum(abs(e) for e in errors) / len(errors), np.array(slopes).reshape(np.shape(prediction))


def mae_by_comparison(prediction, target):
    above, below = np.greater(prediction, target), np.less(prediction, target)
    return np.abs(np.subtract(prediction, target)).mean(), (above * 1.0 - below * 1.0) / above.size


def mae_minus_one_at_a_hit(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.where(e > 0, 1.0, -1.0) / e.size


def mae_plus_one_at_a_hit(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.where(e >= 0, 1.0, -1.0) / e.size


def mae_error_by_its_size(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), e / np.abs(e) / e.size


def mae_gradient_of_sum(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.sign(e)


def mae_sum(prediction, target):
    e = prediction - target
    return np.sum(np.abs(e)), np.sign(e)


def mae_sum_value_only(prediction, target):
    e = prediction - target
    return np.sum(np.abs(e)), np.sign(e) / e.size


def mae_over_rows(prediction, target):
    e = prediction - target
    return np.sum(np.abs(e)) / len(e), np.sign(e) / len(e)


def mae_over_rows_gradient_only(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.sign(e) / len(e)


def mae_over_columns(prediction, target):
    e = prediction - target
    return np.sum(np.abs(e)) / e.shape[-1], np.sign(e) / e.shape[-1]


def mae_signed(prediction, target):
    e = prediction - target
    return np.mean(e), np.sign(e) / e.size


def mae_signed_constant_gradient(prediction, target):
    e = prediction - target
    return np.mean(e), np.ones_like(e) / e.size


def mae_of_the_mean(prediction, target):
    e = prediction - target
    return np.abs(np.mean(e)), np.sign(e) / e.size


def mae_of_the_mean_with_its_gradient(prediction, target):
    e = prediction - target
    return np.abs(np.mean(e)), np.full(e.shape, np.sign(np.mean(e)) / e.size)


def mae_squares(prediction, target):
    e = prediction - target
    return np.mean(e**2), 2 * e / e.size


def mae_squares_value_only(prediction, target):
    e = prediction - target
    return np.mean(e**2), np.sign(e) / e.size


def mae_gradient_of_squares(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), 2 * e / e.size


def mae_gradient_is_error(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), e / e.size


def mae_gradient_without_sign(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.ones_like(e) / e.size


def mae_gradient_keeps_absolute_value(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.abs(e) / e.size


def mae_median(prediction, target):
    e = prediction - target
    return np.median(np.abs(e)), np.sign(e) / e.size


def mae_one_number_gradient(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.mean(np.sign(e))


def mae_one_number_gradient_summed(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.sum(np.sign(e))


def mae_one_loss_per_element(prediction, target):
    e = prediction - target
    return np.abs(e), np.sign(e)


def mae_one_loss_per_element_mean_gradient(prediction, target):
    e = prediction - target
    return np.abs(e), np.sign(e) / e.size


def mae_per_column(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e), axis=0), np.sign(e) / e.size


def mae_per_column_with_its_gradient(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e), axis=0), np.sign(e) / len(e)


def mae_in_place(prediction, target):
    prediction -= target
    return np.mean(np.abs(prediction)), np.sign(prediction) / prediction.size


def mae_integer_gradient(prediction, target):
    gradient = np.zeros_like(prediction)
    gradient[prediction > target] = 1 / prediction.size
    gradient[prediction < target] = -1 / prediction.size
    return np.mean(np.abs(prediction - target)), gradient


MAE = Exercise(
    key="unit1.mae",
    title="Mean absolute error and its gradient",
    reference=losses_regression.mae,
    alternatives=(mae_by_loop, mae_by_comparison),
    examples=(Example(args=(PREDICTION, TARGET), expected=(1.5, np.array([-0.25, 0.25, -0.25, -0.25]))),),
    regimes={"tables": draw_tables, "exact hits": _exact_hits,
             "whole numbers": Regime(draw_whole_numbers, cases=1, part="tables", hidden=True)},
    parts={"worked example": 0.5, "tables": 0.5, "exact hits": 1.0},
    mistakes=(
        Mistake("picks a side where the prediction is exact: at the corner of |e| take 0, so that a hit is not pushed away",
                mae_minus_one_at_a_hit, mark=1.0, also=(mae_plus_one_at_a_hit,)),
        Mistake("divides an error by its size to get its sign, which is 0/0 = nan for an exact hit",
                mae_error_by_its_size, mark=1.0),
        Mistake("has the gradient of the sum: the mean in the loss divides its gradient too", mae_gradient_of_sum),
        Mistake("adds the absolute errors up and never divides: the cost is their mean", mae_sum, also=(mae_sum_value_only,)),
        Mistake("divides by the number of rows, where the mean goes over all elements", mae_over_rows, mark=1.5,
                also=(mae_over_rows_gradient_only,)),
        Mistake("divides by the number of columns, where the mean goes over all elements", mae_over_columns, mark=1.5),
        Mistake("averages the errors with their signs, so that plus and minus cancel", mae_signed,
                also=(mae_signed_constant_gradient,)),
        Mistake("takes the absolute value of the mean instead of the mean of the absolute values", mae_of_the_mean,
                also=(mae_of_the_mean_with_its_gradient,)),
        Mistake("squares the errors: that is the MSE again", mae_squares, also=(mae_squares_value_only,)),
        Mistake("has the gradient of the squared error: the slope of |e| is 1 or -1, however large e is",
                mae_gradient_of_squares, also=(mae_gradient_is_error,)),
        Mistake("forgets the sign in the gradient: predictions that are too low must be pushed the other way",
                mae_gradient_without_sign),
        Mistake("has the absolute error itself as the gradient: its slope is the sign of the error",
                mae_gradient_keeps_absolute_value),
        Mistake("takes the median of the absolute errors instead of their mean", mae_median),
        Mistake("melts the gradient down to one number: each prediction has a slope of its own", mae_one_number_gradient,
                also=(mae_one_number_gradient_summed,)),
        Mistake("returns the loss of every element: the cost is one number, their mean", mae_one_loss_per_element,
                also=(mae_one_loss_per_element_mean_gradient,)),
        Mistake("averages along the first axis only, so that a table leaves one loss per column", mae_per_column, mark=1.5,
                also=(mae_per_column_with_its_gradient,)),
        Mistake("subtracts in place and so overwrites the predictions of whoever called", mae_in_place),
        Mistake("fills the gradient into an array of the prediction's type, and integers cut off fractions",
                mae_integer_gradient, mark=1.5),
    ),
    hints=("What is the slope of |e| to the right of 0, and what to the left?",
           "NumPy has a function for the sign of each number, and it gives 0 at 0.",
           "The loss is np.mean(np.abs(e)), the gradient np.sign(e) / e.size."),
    minutes=3, difficulty=1, rung="implement", returns=("loss", "gradient"),
)
