"""Logistic regression, many steps: gradient descent on the whole training set."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.linear_classifiers.gradient import probability, stable_loss
from dlkit.numpy import linear_models

# -- right answers -------------------------------------------------------------------------------------------------------


def logistic_fit(X, y, lr, steps):
    model = linear_models.LogisticRegression(lr=lr, epochs=steps).fit(X, y)
    return model.W_, model.b_, model.loss_history_


def logistic_fit_with_ones(X, y, lr, steps):
    A = np.column_stack([X, np.ones(len(X))])
    v, history = np.zeros(A.shape[1]), []
    for _ in range(steps):
        z = A @ v
        history.append(float(np.logaddexp(0.0, (1 - 2 * y) * z).mean()))
        v = v + lr * A.T @ (y - 1 / (1 + np.exp(-z))) / len(y)
    return v[:-1], v[-1], history


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _slopes(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), X.T @ d / len(y), d.mean()


def fit_one_parameter_after_the_other(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        loss, dw, _ = _slopes(X, y, w, b)
        history.append(loss)
        w = w - lr * dw
        b = b - lr * _slopes(X, y, w, b)[2]
    return w, b, history


def fit_bias_first(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        loss, _, db = _slopes(X, y, w, b)
        history.append(loss)
        b = b - lr * db
        w = w - lr * _slopes(X, y, w, b)[1]
    return w, b, history


def fit_uphill(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w, b = w + lr * dw, b + lr * db
    return w, b, history


def fit_one_step_more(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps + 1):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w, b = w - lr * dw, b - lr * db
    return w, b, history


def fit_one_step_less(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(1, steps):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w, b = w - lr * dw, b - lr * db
    return w, b, history


def fit_without_bias(X, y, lr, steps):
    w, history = np.zeros(X.shape[1]), []
    for _ in range(steps):
        loss, dw, _ = _slopes(X, y, w, 0.0)
        history.append(loss)
        w = w - lr * dw
    return w, 0.0, history


def fit_by_sums(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w, b = w - lr * dw * len(y), b - lr * db * len(y)
    return w, b, history


def fit_row_by_row(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        history.append(stable_loss(X, y, w, b))
        for x, t in zip(X, y, strict=True):
            d = probability(x, w, b) - t
            w, b = w - lr * d * x, b - lr * d
    return w, b, history


def fit_with_cost_afterwards(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        _, dw, db = _slopes(X, y, w, b)
        w, b = w - lr * dw, b - lr * db
        history.append(stable_loss(X, y, w, b))
    return w, b, history


def fit_with_one_cost_more(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w, b = w - lr * dw, b - lr * db
    return w, b, [*history, stable_loss(X, y, w, b)]


def fit_with_first_gradient(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    _, dw, db = _slopes(X, y, w, b)
    for _ in range(steps):
        history.append(stable_loss(X, y, w, b))
        w, b = w - lr * dw, b - lr * db
    return w, b, history


def _fit_with(X, y, lr, steps, pull, weight_rows=None, bias_rows=None):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        history.append(stable_loss(X, y, w, b))
        d = pull(probability(X, w, b), y)
        w, b = w - lr * X.T @ d / (weight_rows or len(y)), b - lr * d.sum() / (bias_rows or len(y))
    return w, b, history


def _difference(p, y):
    return p - y


def _difference_with_slope(p, y):
    return (p - y) * p * (1 - p)


def _difference_of_classes(p, y):
    return (p >= 0.5) - y


def fit_with_sigmoid_slope(X, y, lr, steps):
    return _fit_with(X, y, lr, steps, _difference_with_slope)


def fit_with_hard_predictions(X, y, lr, steps):
    return _fit_with(X, y, lr, steps, _difference_of_classes)


def fit_weights_by_sum(X, y, lr, steps):
    return _fit_with(X, y, lr, steps, _difference, weight_rows=1)


def fit_bias_by_sum(X, y, lr, steps):
    return _fit_with(X, y, lr, steps, _difference, bias_rows=1)


def fit_from_ones(X, y, lr, steps):
    w, b, history = np.ones(X.shape[1]), 0.0, []
    for _ in range(steps):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w, b = w - lr * dw, b - lr * db
    return w, b, history


def fit_from_zeros_like_x(X, y, lr, steps):
    w, b, history = np.zeros_like(X[0]), 0.0, []
    for _ in range(steps):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w -= lr * dw
        b -= lr * db
    return w, b, history


def fit_into_zeros_like_x(X, y, lr, steps):
    w, b, history = np.zeros_like(X[0]), 0.0, []
    for _ in range(steps):
        loss, dw, db = _slopes(X, y, w, b)
        history.append(loss)
        w[:] = w - lr * dw
        b -= lr * db
    return w, b, history


# -- the exercise --------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    n = int(rng.integers(6, 10))
    y = rng.permutation(np.arange(n) % 2)
    return rng.normal(size=(n, 3)), y, float(rng.uniform(0.3, 0.9)), int(rng.integers(4, 8))


def _whole_numbers(rng):
    """One row of counts, as an array of integers."""
    return rng.integers(3, 7, size=(1, 3)), rng.integers(0, 2, size=1), float(rng.uniform(0.1, 0.3)), 2


LOGISTIC_FIT = Exercise(
    key="unit1.logistic_fit",
    title="Logistic regression by gradient descent",
    reference=logistic_fit,
    alternatives=(logistic_fit_with_ones,),
    returns=("w", "b", "history"),
    examples=(Example(args=(np.array([[2.0]]), np.array([1]), 1.0, 1),
                      expected=(np.array([1.0]), 0.5, [float(np.log(2.0))])),),
    regimes={"ordinary": _ordinary, "whole numbers": Regime(_whole_numbers, cases=1)},
    parts={"worked example": 0.5, "ordinary": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("moves the weights first and takes the slope of the bias afterwards, at another point: J(w, b) is one cost "
                "of both, so take both slopes before either moves", fit_one_parameter_after_the_other),
        Mistake("moves the bias first and takes the slope of the weights afterwards, at another point: J(w, b) is one cost "
                "of both, so take both slopes before either moves", fit_bias_first),
        Mistake("adds the gradient, which climbs: the cost goes down along the negative gradient", fit_uphill),
        Mistake("takes one step too many", fit_one_step_more),
        Mistake("takes one step too few: range(1, steps) leaves one out", fit_one_step_less),
        Mistake("never moves the bias", fit_without_bias),
        Mistake("steps along the sum over the rows: the gradient of the mean is N times smaller", fit_by_sums, mark=1.0),
        Mistake("steps along the sum over the rows for the weights, along the mean for the bias: both slopes are means",
                fit_weights_by_sum, mark=1.0),
        Mistake("steps along the sum over the rows for the bias, along the mean for the weights: both slopes are means",
                fit_bias_by_sum, mark=1.0),
        Mistake("multiplies by the sigmoid's slope p (1 - p) once too often: the log loss has already cancelled it",
                fit_with_sigmoid_slope),
        Mistake("rounds the probabilities to classes before the difference: that is the perceptron's rule",
                fit_with_hard_predictions),
        Mistake("takes a step after every single row: here one step looks at all rows together", fit_row_by_row,
                mark=1.0),
        Mistake("records the cost after the step: history starts with the cost at zero weights", fit_with_cost_afterwards),
        Mistake("records one cost too many: history has one number for each step, the cost before it",
                fit_with_one_cost_more),
        Mistake("computes the gradient once, before the loop: it changes with every step", fit_with_first_gradient,
                mark=0.5),
        Mistake("starts at ones: the start is asked to be zero", fit_from_ones),
        Mistake("starts from np.zeros_like(X[0]), which holds whole numbers when X does: np.zeros(D) holds floats",
                fit_from_zeros_like_x, mark=1.5, also=(fit_into_zeros_like_x,)),
    ),
    hints=("One step: where am I, how steep is it there in every direction, then move all parameters together.",
           "Call your gradient function once per step; append its loss to a list before you move.",
           "Inside the loop: get loss, dw, db at (w, b); append the loss; then w minus lr times dw and b minus lr times db."),
    minutes=5, difficulty=2, rung="compose",
)
