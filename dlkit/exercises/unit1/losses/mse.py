"""Exercise on the mean squared error: the first loss, and the first gradient of one."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import losses_regression

PREDICTION = np.array([2.5, 5.0, 1.0, 4.0])
TARGET = np.array([3.0, 3.0, 1.5, 7.0])
"""Four errors, -0.5, 2, -0.5 and -3, that all regression losses of the notebook are tried on."""


def draw_tables(rng):
    """A table of predictions: the numbers of its rows, columns and elements all differ."""
    shape = (int(rng.integers(2, 4)), int(rng.integers(4, 6)))
    target = rng.normal(size=shape)
    return target + rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 3.0, size=shape), target


def draw_whole_numbers(rng):
    """Integers: what is made with zeros_like of them cannot hold a fraction."""
    target = rng.integers(-9, 10, size=7)
    return target + rng.permutation(np.array([-4, -3, -2, -1, 1, 2, 3])), target


def mse_by_loop(prediction, target):
    errors = [float(o) - float(t) for o, t in zip(np.ravel(prediction), np.ravel(target), strict=True)]
    gradient = np.array([2.0 * e / len(errors) for e in errors])
    return sum(e**2 for e in errors) / len(errors), gradient.reshape(np.shape(prediction))


def mse_by_norm(prediction, target):
    difference = np.subtract(prediction, target, dtype=float)
    return np.linalg.norm(difference) ** 2 / difference.size, difference * (2.0 / difference.size)


def mse_sum(prediction, target):
    e = prediction - target
    return np.sum(e**2), 2 * e


def mse_sum_value_only(prediction, target):
    e = prediction - target
    return np.sum(e**2), 2 * e / e.size


def mse_over_rows(prediction, target):
    e = prediction - target
    return np.sum(e**2) / len(e), 2 * e / len(e)


def mse_over_rows_gradient_only(prediction, target):
    e = prediction - target
    return np.mean(e**2), 2 * e / len(e)


def mse_over_rows_value_only(prediction, target):
    e = prediction - target
    return np.sum(e**2) / len(e), 2 * e / e.size


def mse_over_columns(prediction, target):
    e = prediction - target
    return np.sum(e**2) / e.shape[-1], 2 * e / e.shape[-1]


def mse_gradient_of_sum(prediction, target):
    e = prediction - target
    return np.mean(e**2), 2 * e


def mse_gradient_is_error(prediction, target):
    e = prediction - target
    return np.mean(e**2), e


def mse_gradient_is_squared(prediction, target):
    e = prediction - target
    return np.mean(e**2), 2 * e**2 / e.size


def mse_root(prediction, target):
    e = prediction - target
    return np.sqrt(np.mean(e**2)), 2 * e / e.size


def mse_root_with_its_gradient(prediction, target):
    e = prediction - target
    root = np.sqrt(np.mean(e**2))
    return root, e / (e.size * root)


def mse_absolute(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.sign(e) / e.size


def mse_absolute_value_only(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), 2 * e / e.size


def mse_without_square(prediction, target):
    e = prediction - target
    return np.mean(e), 2 * e / e.size


def mse_without_square_constant_gradient(prediction, target):
    e = prediction - target
    return np.mean(e), np.ones_like(e) / e.size


def mse_square_of_mean(prediction, target):
    e = prediction - target
    return np.mean(e) ** 2, 2 * e / e.size


def mse_square_of_mean_with_its_gradient(prediction, target):
    e = prediction - target
    return np.mean(e) ** 2, np.full(e.shape, 2 * np.mean(e) / e.size)


def mse_n_minus_one(prediction, target):
    e = prediction - target
    return np.sum(e**2) / (e.size - 1), 2 * e / (e.size - 1)


def mse_n_minus_one_value_only(prediction, target):
    e = prediction - target
    return np.sum(e**2) / (e.size - 1), 2 * e / e.size


def mse_one_number_gradient(prediction, target):
    e = prediction - target
    return np.mean(e**2), np.mean(2 * e)


def mse_one_number_gradient_summed(prediction, target):
    e = prediction - target
    return np.mean(e**2), np.sum(2 * e)


def mse_one_number_gradient_averaged_twice(prediction, target):
    e = prediction - target
    return np.mean(e**2), np.mean(2 * e / e.size)


def mse_one_loss_per_element(prediction, target):
    e = prediction - target
    return e**2, 2 * e


def mse_one_loss_per_element_mean_gradient(prediction, target):
    e = prediction - target
    return e**2, 2 * e / e.size


def mse_per_column(prediction, target):
    e = prediction - target
    return np.mean(e**2, axis=0), 2 * e / e.size


def mse_per_column_with_its_gradient(prediction, target):
    e = prediction - target
    return np.mean(e**2, axis=0), 2 * e / len(e)


def mse_per_row(prediction, target):
    e = prediction - target
    return np.mean(e**2, axis=-1), 2 * e / e.size


def mse_per_row_with_its_gradient(prediction, target):
    e = prediction - target
    return np.mean(e**2, axis=-1), 2 * e / e.shape[-1]


def mse_flat_gradient(prediction, target):
    e = (prediction - target).ravel()
    return np.mean(e**2), 2 * e / e.size


def mse_in_place(prediction, target):
    prediction -= target
    return np.mean(prediction**2), 2 * prediction / prediction.size


def mse_integer_gradient(prediction, target):
    gradient = np.zeros_like(prediction)
    gradient[...] = 2 * (prediction - target) / prediction.size
    return np.mean((prediction - target) ** 2), gradient


MSE = Exercise(
    key="unit1.mse",
    title="Mean squared error and its gradient",
    reference=losses_regression.mse,
    alternatives=(mse_by_loop, mse_by_norm),
    examples=(Example(args=(PREDICTION, TARGET), expected=(3.375, np.array([-0.25, 1.0, -0.25, -1.5]))),),
    regimes={"tables": draw_tables, "whole numbers": Regime(draw_whole_numbers, cases=1, part="tables", hidden=True)},
    parts={"worked example": 1.0, "tables": 1.0},
    mistakes=(
        Mistake("adds the squares up and never divides: the cost is their mean", mse_sum, also=(mse_sum_value_only,)),
        Mistake("divides by the number of rows, where the mean goes over all elements", mse_over_rows, mark=1.0,
                also=(mse_over_rows_gradient_only, mse_over_rows_value_only)),
        Mistake("divides by the number of columns, where the mean goes over all elements", mse_over_columns, mark=1.0),
        Mistake("has the gradient of the sum: the mean in the loss divides its gradient too", mse_gradient_of_sum),
        Mistake("takes the bare error for the gradient: the square brings a factor 2 down, the mean divides by n",
                mse_gradient_is_error),
        Mistake("keeps the square in the gradient: the derivative of e^2 is 2e", mse_gradient_is_squared),
        Mistake("takes a square root at the end: that is the RMSE, a relative of the MSE", mse_root,
                also=(mse_root_with_its_gradient,)),
        Mistake("takes absolute values where the errors should be squared", mse_absolute, also=(mse_absolute_value_only,)),
        Mistake("averages the errors without squaring them, so that plus and minus cancel", mse_without_square,
                also=(mse_without_square_constant_gradient,)),
        Mistake("squares the mean of the errors instead of averaging their squares", mse_square_of_mean,
                also=(mse_square_of_mean_with_its_gradient,)),
        Mistake("divides by n - 1, as for a sample variance: a mean loss divides by n", mse_n_minus_one,
                also=(mse_n_minus_one_value_only,)),
        Mistake("melts the gradient down to one number: each prediction has a slope of its own", mse_one_number_gradient,
                also=(mse_one_number_gradient_summed, mse_one_number_gradient_averaged_twice)),
        Mistake("returns the loss of every element: the cost is one number, their mean", mse_one_loss_per_element,
                also=(mse_one_loss_per_element_mean_gradient,)),
        Mistake("averages along the first axis only, so that a table leaves one loss per column", mse_per_column, mark=1.0,
                also=(mse_per_column_with_its_gradient,)),
        Mistake("averages along the last axis only, so that a table leaves one loss per row", mse_per_row, mark=1.0,
                also=(mse_per_row_with_its_gradient,)),
        Mistake("flattens the gradient: it has the shape of the predictions", mse_flat_gradient, mark=1.0),
        Mistake("subtracts in place and so overwrites the predictions of whoever called", mse_in_place),
        Mistake("fills the gradient into an array of the prediction's type, and integers cut off fractions",
                mse_integer_gradient, mark=1.0),
    ),
    hints=("Call the error e = prediction - target. How does one element e^2 / n of the sum depend on its prediction?",
           "A mean over all elements divides by e.size, and so does its gradient.",
           "The loss is np.mean(e ** 2), the gradient 2 * e / e.size."),
    minutes=3, difficulty=1, rung="implement", returns=("loss", "gradient"),
)
