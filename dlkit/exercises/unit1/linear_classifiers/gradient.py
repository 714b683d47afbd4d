"""Logistic regression, one look at the data: the cost and both its gradients."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def probability(X, w, b):
    """Sigmoid of the scores, written so that no exponential overflows."""
    return np.exp(-np.logaddexp(0.0, -(X @ w + b)))


def stable_loss(X, y, w, b):
    z = X @ w + b
    return np.mean(np.logaddexp(0.0, z) - y * z)


# -- right answers -------------------------------------------------------------------------------------------------------


def logistic_gradient_by_rows(X, y, w, b):
    loss, dw, db = 0.0, np.zeros(X.shape[1]), 0.0
    for x, t in zip(X, y, strict=True):
        side = 1.0 if t == 1 else -1.0
        margin = side * (float(x @ w) + b)
        small = np.exp(-abs(margin))
        loss += np.log1p(small) + max(-margin, 0.0)
        miss = -side * (1 / (1 + small) if margin < 0 else small / (1 + small))
        dw = dw + miss * x
        db += miss
    return loss / len(y), dw / len(y), db / len(y)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def gradients_summed(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), X.T @ d, d.sum()


def everything_summed(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b) * len(y), X.T @ d, d.sum()


def weights_summed(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), X.T @ d, d.mean()


def bias_summed(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), X.T @ d / len(y), d.sum()


def bias_per_row(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), X.T @ d / len(y), d


def bias_per_row_averaged(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), X.T @ d / len(y), d / len(y)


def mean_over_features(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), (X * d[:, None]).mean(axis=1), d.mean()


def mean_of_all_entries(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), (X * d[:, None]).mean(), d.mean()


def divided_by_size(X, y, w, b):
    d = probability(X, w, b) - y
    return stable_loss(X, y, w, b), X.T @ d / X.size, d.mean()


def with_sigmoid_slope(X, y, w, b):
    p = probability(X, w, b)
    d = (p - y) * p * (1 - p)
    return stable_loss(X, y, w, b), X.T @ d / len(y), d.mean()


def with_scores_for_probabilities(X, y, w, b):
    d = X @ w + b - y
    return stable_loss(X, y, w, b), X.T @ d / len(y), d.mean()


def with_hard_predictions(X, y, w, b):
    d = (probability(X, w, b) >= 0.5) - y
    return stable_loss(X, y, w, b), X.T @ d / len(y), d.mean()


def without_bias(X, y, w, b):
    d = probability(X, w, 0.0) - y
    return stable_loss(X, y, w, 0.0), X.T @ d / len(y), d.mean()


def loss_without_brackets(X, y, w, b):
    d = probability(X, w, b) - y
    z = X @ w + b
    loss = np.mean(y * np.logaddexp(0.0, -z) - (1 - y) * np.logaddexp(0.0, z))
    return loss, X.T @ d / len(y), d.mean()


def loss_of_class_1_only(X, y, w, b):
    d = probability(X, w, b) - y
    return np.mean(y * np.logaddexp(0.0, -(X @ w + b))), X.T @ d / len(y), d.mean()


def loss_squared(X, y, w, b):
    d = probability(X, w, b) - y
    return np.mean(d**2), X.T @ d / len(y), d.mean()


def naive_logarithms(X, y, w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    d = p - y
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), X.T @ d / len(y), d.mean()


def naive_quotient(X, y, w, b):
    z = X @ w + b
    p = np.exp(z) / (1 + np.exp(z))
    d = p - y
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), X.T @ d / len(y), d.mean()


def naive_log_of_one_plus_exp(X, y, w, b):
    z = X @ w + b
    d = probability(X, w, b) - y
    return np.mean(np.log(1 + np.exp(z)) - y * z), X.T @ d / len(y), d.mean()


def naive_log_of_one_plus_exp_minus(X, y, w, b):
    z = X @ w + b
    d = probability(X, w, b) - y
    return np.mean(np.log(1 + np.exp(-z)) + (1 - y) * z), X.T @ d / len(y), d.mean()


def _clipped(X, y, w, b, smallest, gradient_too=False):
    p = probability(X, w, b)
    q = np.clip(p, smallest, 1 - smallest)
    d = (q if gradient_too else p) - y
    return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q)), X.T @ d / len(y), d.mean()


def clipped_at_16_digits(X, y, w, b):
    return _clipped(X, y, w, b, np.finfo(float).eps)


def clipped_at_15_digits(X, y, w, b):
    return _clipped(X, y, w, b, 1e-15)


def shifted_by_15_digits(X, y, w, b):
    return _shifted(X, y, w, b, 1e-15)


def clipped_at_12_digits(X, y, w, b):
    return _clipped(X, y, w, b, 1e-12)


def clipped_at_10_digits(X, y, w, b):
    return _clipped(X, y, w, b, 1e-10)


def clipped_at_8_digits(X, y, w, b):
    return _clipped(X, y, w, b, 1e-8)


def clipped_at_8_digits_throughout(X, y, w, b):
    return _clipped(X, y, w, b, 1e-8, gradient_too=True)


def clipped_at_7_digits(X, y, w, b):
    return _clipped(X, y, w, b, 1e-7)


def clipped_at_7_digits_throughout(X, y, w, b):
    return _clipped(X, y, w, b, 1e-7, gradient_too=True)


def _shifted(X, y, w, b, eps):
    p = probability(X, w, b)
    loss = -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))
    return loss, X.T @ (p - y) / len(y), np.mean(p - y)


def shifted_by_9_digits(X, y, w, b):
    return _shifted(X, y, w, b, 1e-9)


def shifted_by_8_digits(X, y, w, b):
    return _shifted(X, y, w, b, 1e-8)


def shifted_by_7_digits(X, y, w, b):
    return _shifted(X, y, w, b, 1e-7)


# The same decisions by students who also take the logarithm of a rounded probability.


def _naive_loss(X, y, w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def gradients_summed_naive(X, y, w, b):
    return _naive_loss(X, y, w, b), *gradients_summed(X, y, w, b)[1:]


def everything_summed_naive(X, y, w, b):
    return len(y) * _naive_loss(X, y, w, b), *gradients_summed(X, y, w, b)[1:]


def weights_summed_naive(X, y, w, b):
    return _naive_loss(X, y, w, b), *weights_summed(X, y, w, b)[1:]


def bias_summed_naive(X, y, w, b):
    return _naive_loss(X, y, w, b), *bias_summed(X, y, w, b)[1:]


def with_sigmoid_slope_naive(X, y, w, b):
    return _naive_loss(X, y, w, b), *with_sigmoid_slope(X, y, w, b)[1:]


def without_bias_naive(X, y, w, b):
    return _naive_loss(X, y, w, 0.0), *without_bias(X, y, w, b)[1:]


def loss_without_brackets_naive(X, y, w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    loss = -np.mean(y * np.log(p) - (1 - y) * np.log(1 - p))
    return loss, *loss_without_brackets(X, y, w, b)[1:]


def loss_of_class_1_only_naive(X, y, w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    return -np.mean(y * np.log(p)), *loss_of_class_1_only(X, y, w, b)[1:]


# -- the exercise --------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    n = int(rng.integers(5, 12))
    y = rng.permutation(np.arange(n) % 2)
    return rng.normal(size=(n, 3)), y, rng.normal(size=3), float(rng.normal() + 0.5)


def _large_positive(rng):
    """One row of class 0 whose probability rounds to 1."""
    return rng.uniform(1.0, 2.0, size=(1, 2)), np.array([0]), rng.uniform(400.0, 900.0, size=2), float(rng.normal())


def _large_negative(rng):
    """One row of class 1 whose probability rounds to 0."""
    return rng.uniform(1.0, 2.0, size=(1, 2)), np.array([1]), -rng.uniform(400.0, 900.0, size=2), float(rng.normal())


LOGISTIC_GRADIENT = Exercise(
    key="unit1.logistic_gradient",
    title="Logistic regression: the cost and its gradients",
    reference="dlkit.numpy.linear_models:logistic_gradient",
    alternatives=(logistic_gradient_by_rows,),
    returns=("loss", "dw", "db"),
    examples=(Example(args=(np.array([[1.0, 2.0]]), np.array([1]), np.array([0.5, -0.5]), 0.5),
                      expected=(float(np.log(2.0)), np.array([-0.5, -1.0]), -0.5)),),
    regimes={"ordinary": _ordinary,
             "large positive scores": Regime(_large_positive, cases=1, part="large scores"),
             "large negative scores": Regime(_large_negative, cases=1, part="large scores")},
    parts={"worked example": 0.5, "ordinary": 1.5, "large scores": 1.0},
    mistakes=(
        Mistake("adds up the rows in both gradients: the cost is a mean, so its gradients are means too",
                gradients_summed, mark=1.5),
        Mistake("adds up the rows everywhere: the cost J is the mean of the losses, so divide it and its gradients by N",
                everything_summed, mark=1.5),
        Mistake("averages db but only adds up dw: both are gradients of the same mean", weights_summed, mark=1.5),
        Mistake("averages dw but only adds up db: both are gradients of the same mean", bias_summed, mark=1.5),
        Mistake("leaves db as one number per row: the bias is shared by all rows, so average them", bias_per_row,
                mark=1.5),
        Mistake("divides the rows of db by N but never adds them up", bias_per_row_averaged, mark=1.5),
        Mistake("averages dw over the features and keeps the rows: it is the rows (axis 0) that go away",
                mean_over_features),
        Mistake("averages dw over rows and features at once: each weight has a slope of its own", mean_of_all_entries),
        Mistake("divides dw by the number of entries of X: the mean is over the N rows only", divided_by_size),
        Mistake("multiplies by the sigmoid's slope p (1 - p) once too often: the log loss has already cancelled it",
                with_sigmoid_slope, also=(with_sigmoid_slope_naive,)),
        Mistake("compares the raw scores with y in the gradients: the sigmoid comes first, then the difference",
                with_scores_for_probabilities),
        Mistake("rounds the probabilities to classes before the difference: that is the perceptron's rule",
                with_hard_predictions, mark=1.0),
        Mistake("forgets the bias in the scores", without_bias, also=(without_bias_naive,)),
        Mistake("takes the minus sign before the first term only: -[y log p + (1 - y) log(1 - p)] needs its brackets",
                loss_without_brackets, mark=0.5, also=(loss_without_brackets_naive,)),
        Mistake("charges only the rows of class 1: the term (1 - y) log(1 - p) is missing from the cost",
                loss_of_class_1_only, mark=0.5, also=(loss_of_class_1_only_naive,)),
        Mistake("reports the squared error as cost beside the gradients of the log loss", loss_squared),
        Mistake("takes the logarithm of a probability that was rounded to 0 or 1: compute the loss from the score z, "
                "log(1 + e^z) - y z, with np.logaddexp", naive_logarithms, mark=2.0,
                also=(naive_quotient,)),
        Mistake("adds a small number inside the logarithms, which changes every loss a little: compute the loss from the score "
                "z, log(1 + e^z) - y z, with np.logaddexp", shifted_by_8_digits,
                also=(shifted_by_9_digits, shifted_by_7_digits)),
        Mistake("overflows where the score is large and positive: np.logaddexp(0, z) is log(1 + e^z) without that",
                naive_log_of_one_plus_exp, mark=2.0),
        Mistake("overflows where the score is large and negative: np.logaddexp(0, -z) is log(1 + e^-z) without that",
                naive_log_of_one_plus_exp_minus, mark=2.0),
        Mistake("adds up the rows in both gradients (they are means), and takes the logarithm of a probability that was "
                "rounded to 0 or 1", gradients_summed_naive, mark=0.5),
        Mistake("adds up the rows everywhere (J is a mean), and takes the logarithm of a probability that was rounded to 0 "
                "or 1", everything_summed_naive, mark=0.5),
        Mistake("adds up the rows for dw (it is a mean, like db), and takes the logarithm of a probability that was "
                "rounded to 0 or 1", weights_summed_naive, mark=0.5),
        Mistake("adds up the rows for db (it is a mean, like dw), and takes the logarithm of a probability that was "
                "rounded to 0 or 1", bias_summed_naive, mark=0.5),
        Mistake("clips the probability, so a row that is very wrong costs too little: compute the loss from the score z, "
                "log(1 + e^z) - y z, with np.logaddexp", clipped_at_12_digits, mark=2.0,
                also=(clipped_at_16_digits, clipped_at_15_digits, shifted_by_15_digits, clipped_at_10_digits,
                      clipped_at_8_digits, clipped_at_8_digits_throughout, clipped_at_7_digits,
                      clipped_at_7_digits_throughout)),
    ),
    hints=("Start with the scores z and the probabilities p; what each row pulls with is p - y.",
           "dw collects (p - y) times the row of features, db collects p - y alone; both are means over the rows.",
           "log p and log(1 - p) can be -inf. From the score, the loss of a row is np.logaddexp(0, z) - y * z; for the "
           "probability, np.exp(-np.logaddexp(0, -z)) never overflows."),
    minutes=7, difficulty=2, rung="implement",
)
