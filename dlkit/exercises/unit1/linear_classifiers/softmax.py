"""Softmax regression by gradient descent."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.linear_classifiers.cross_entropy import softmax_rows
from dlkit.numpy import linear_models

# -- right answers -------------------------------------------------------------------------------------------------------


def softmax_regression_fit(X, y, W, b, lr, steps):
    for _ in range(steps):
        _, dW, db = linear_models.softmax_regression_gradient(X, y, W, b)
        W, b = W - lr * dW, b - lr * db
    return W, b


def softmax_regression_fit_by_rows(X, y, W, b, lr, steps):
    for _ in range(steps):
        dW, db = np.zeros(W.shape), np.zeros(len(b))
        for x, label in zip(X, y, strict=True):
            z = W.T @ x + b
            dz = np.exp(z - np.logaddexp.reduce(z))
            dz[label] -= 1
            dW += x[:, None] * dz / len(y)
            db += dz / len(y)
        W, b = W - lr * dW, b - lr * db
    return W, b


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _overflowing(Z):
    P = np.exp(Z)
    return P / P.sum(axis=-1, keepdims=True)


def _softmax_fit(X, y, W, b, lr, steps, rows=None, softmax=softmax_rows):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = (softmax(X @ W + b) - Y) / (rows or len(y))
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_by_sums(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, lr, steps, rows=1)


def softmax_fit_mean_over_classes_too(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, lr, steps, rows=len(y) * len(b))


def softmax_fit_one_step_more(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, lr, steps + 1)


def softmax_fit_one_step_less(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, lr, steps - 1)


def softmax_fit_uphill(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, -lr, steps)


def softmax_fit_bias_summed(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = softmax_rows(X @ W + b) - Y
        W, b = W - lr * X.T @ d / len(y), b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_weights_summed(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = softmax_rows(X @ W + b) - Y
        W, b = W - lr * X.T @ d, b - lr * d.mean(axis=0)
    return W, b


def softmax_fit_bias_averaged_twice(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = (softmax_rows(X @ W + b) - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.mean(axis=0)
    return W, b


def softmax_fit_bias_not_used(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = (softmax_rows(X @ W) - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_with_slope(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        P = softmax_rows(X @ W + b)
        d = (P - Y) * P * (1 - P) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_scores(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = (X @ W + b - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_true_class_only(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = Y * (softmax_rows(X @ W + b) - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_of_the_cost(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    cost = 0.0
    for _ in range(steps):
        d = (softmax_rows(X @ W + b) - Y) / len(y)
        cost = cost - lr * X.T @ d
    return W, b


def softmax_fit_without_bias(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        W = W - lr * X.T @ (softmax_rows(X @ W + b) - Y) / len(y)
    return W, b


def softmax_fit_sigmoids(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = (np.exp(-np.logaddexp(0.0, -(X @ W + b))) - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_over_batch(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = (softmax_rows((X @ W + b).T).T - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_over_everything(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        P = np.exp(X @ W + b - (X @ W + b).max())
        d = (P / P.sum() - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_first_gradient(X, y, W, b, lr, steps):
    d = (softmax_rows(X @ W + b) - np.eye(W.shape[1])[y]) / len(y)
    return W - steps * lr * X.T @ d, b - steps * lr * d.sum(axis=0)


def softmax_fit_in_turn(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        W = W - lr * X.T @ (softmax_rows(X @ W + b) - Y) / len(y)
        b = b - lr * (softmax_rows(X @ W + b) - Y).mean(axis=0)
    return W, b


def softmax_fit_in_place(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        d = (softmax_rows(X @ W + b) - Y) / len(y)
        W -= lr * X.T @ d
        b -= lr * d.sum(axis=0)
    return W, b


def softmax_fit_from_zeros(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, np.zeros_like(W), np.zeros_like(b), lr, steps)


def softmax_fit_naive(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, lr, steps, softmax=_overflowing)


def softmax_fit_by_sums_naive(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, lr, steps, rows=1, softmax=_overflowing)


def softmax_fit_one_step_more_naive(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, lr, steps + 1, softmax=_overflowing)


def softmax_fit_uphill_naive(X, y, W, b, lr, steps):
    return _softmax_fit(X, y, W, b, -lr, steps, softmax=_overflowing)


def softmax_fit_without_bias_naive(X, y, W, b, lr, steps):
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        W = W - lr * X.T @ (_overflowing(X @ W + b) - Y) / len(y)
    return W, b


def softmax_fit_classes_by_maximum(X, y, W, b, lr, steps):
    Y = np.eye(y.max() + 1)[y]
    for _ in range(steps):
        d = (softmax_rows(X @ W + b) - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


def softmax_fit_classes_by_unique(X, y, W, b, lr, steps):
    Y = (y[:, None] == np.unique(y)).astype(float)
    for _ in range(steps):
        d = (softmax_rows(X @ W + b) - Y) / len(y)
        W, b = W - lr * X.T @ d, b - lr * d.sum(axis=0)
    return W, b


# -- the exercise --------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    n = int(rng.integers(6, 10))
    y = rng.permutation(np.arange(n) % 4)
    return (rng.normal(size=(n, 3)), y, rng.normal(size=(3, 4)), rng.normal(size=4), float(rng.uniform(0.3, 0.9)),
            int(rng.integers(3, 6)))


def _large_scores(rng):
    """One row of the last class, with scores that overflow the exponential."""
    W = rng.normal(size=(2, 3))
    W[:, rng.integers(0, 2)] += 800.0
    return rng.uniform(1.0, 2.0, size=(1, 2)), np.array([2]), W, rng.normal(size=3), float(rng.uniform(0.3, 0.9)), 2


def _missing_class(rng):
    """One row, and classes that do not occur in y."""
    return (rng.normal(size=(1, 3)), np.array([0]), rng.normal(size=(3, 4)), rng.normal(size=4),
            float(rng.uniform(0.3, 0.9)), 2)


SOFTMAX_REGRESSION_FIT = Exercise(
    key="unit1.softmax_regression_fit",
    title="Softmax regression by gradient descent",
    reference=softmax_regression_fit,
    alternatives=(softmax_regression_fit_by_rows,),
    returns=("W", "b"),
    examples=(Example(args=(np.array([[2.0]]), np.array([1]), np.zeros((1, 2)), np.zeros(2), 1.0, 1),
                      expected=(np.array([[-1.0, 1.0]]), np.array([-0.5, 0.5]))),),
    regimes={"ordinary": _ordinary, "large scores": Regime(_large_scores, cases=1),
             "missing class": Regime(_missing_class, cases=1, hidden=True)},
    parts={"worked example": 0.5, "ordinary": 1.5, "large scores": 0.5, "missing class": 0.5},
    mistakes=(
        Mistake("steps along the sum over the rows: the gradient of the mean is N times smaller", softmax_fit_by_sums,
                mark=1.5),
        Mistake("divides by N times K: the mean is over the rows, the classes are added up",
                softmax_fit_mean_over_classes_too),
        Mistake("averages for W but only adds up for b: both are gradients of the same mean", softmax_fit_bias_summed,
                mark=1.5),
        Mistake("averages for b but only adds up for W: both are gradients of the same mean", softmax_fit_weights_summed,
                mark=1.5),
        Mistake("averages twice for b: after the division by N its rows are added up", softmax_fit_bias_averaged_twice,
                mark=1.5),
        Mistake("leaves b out of the scores", softmax_fit_bias_not_used, mark=1.0),
        Mistake("multiplies P - Y by P (1 - P) once more: the logarithm has already cancelled that factor",
                softmax_fit_with_slope),
        Mistake("compares the scores with the one-hot targets: the softmax comes first", softmax_fit_scores),
        Mistake("moves the true class of each row only: the other classes are pushed down by their probabilities",
                softmax_fit_true_class_only),
        Mistake("takes one step too many", softmax_fit_one_step_more, also=(softmax_fit_one_step_more_naive,)),
        Mistake("takes one step too few", softmax_fit_one_step_less),
        Mistake("adds the gradient, which climbs: the cost goes down along the negative gradient", softmax_fit_uphill,
                also=(softmax_fit_uphill_naive,)),
        Mistake("subtracts the gradient from the cost, as the notes print it: it is W and b that must move",
                softmax_fit_of_the_cost),
        Mistake("never moves b", softmax_fit_without_bias, also=(softmax_fit_without_bias_naive,)),
        Mistake("fits one sigmoid for each class: in softmax regression the classes of a row share one whole",
                softmax_fit_sigmoids, mark=0.5),
        Mistake("normalises over the batch: each row of probabilities must add up to 1, not each column",
                softmax_fit_over_batch),
        Mistake("divides by the sum over the whole batch: each row of probabilities must add up to 1",
                softmax_fit_over_everything, mark=1.5),
        Mistake("computes the probabilities once, before the loop: they change with every step",
                softmax_fit_first_gradient, mark=1.0),
        Mistake("moves W first and takes the slope of b afterwards, at another point: take both before either moves",
                softmax_fit_in_turn, mark=0.5),
        Mistake("changes the W and b it was given (-= works in place): the caller may need them again", softmax_fit_in_place),
        Mistake("starts from zeros, but the start is given: W and b are arguments", softmax_fit_from_zeros, mark=0.5),
        Mistake("steps along the sum over the rows (it is a mean), and overflows for large scores",
                softmax_fit_by_sums_naive, mark=1.0),
        Mistake("overflows for large scores: subtract the largest score of each row before the exponential",
                softmax_fit_naive, mark=2.5),
        Mistake("counts the classes in y: a class may be missing there, but W has a column for each",
                softmax_fit_classes_by_maximum, mark=2.5),
        Mistake("makes one column for each class that occurs in y: a class may be missing there, but W has a column for each",
                softmax_fit_classes_by_unique, mark=1.5),
    ),
    hints=("Scores, probabilities, one-hot targets, difference: that is one number per row and class.",
           "Divide the difference by N; X transposed times it is the slope of W, its column sums are that of b.",
           "np.eye(K)[y] makes the targets, with K from W.shape[1]; subtract the largest score of each row "
           "(keepdims=True) before np.exp; write W = W - lr * dW, not W -= lr * dW."),
    minutes=7, difficulty=3, rung="implement",
)
