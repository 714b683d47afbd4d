"""The exercise batch_norm_forward: a batch of rows, normalised column by column."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

X_EXAMPLE = np.array([[1.0, 10.0], [1.0, 20.0], [5.0, 20.0], [5.0, 30.0]])


def batch_norm_of_rows(X, gamma, beta, eps):
    mean = X.mean(axis=0)
    std = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - mean) / std
    return gamma * xhat + beta, xhat, std


def batch_norm_column_by_column(X, gamma, beta, eps):
    N, D = X.shape
    Y, xhat, std = np.empty((N, D)), np.empty((N, D)), np.empty(D)
    for d in range(D):
        column = X[:, d].astype(float)
        centred = column - column.sum() / N
        std[d] = (centred @ centred / N + eps) ** 0.5
        xhat[:, d] = centred / std[d]
        Y[:, d] = xhat[:, d] * gamma[d] + beta[d]
    return Y, xhat, std


def batch_norm_by_moments_of_centred(X, gamma, beta, eps):
    centred = X - np.ones(len(X)) @ X / len(X)
    inverse = (np.einsum("nd,nd->d", centred, centred) / len(X) + eps) ** -0.5
    return centred * (inverse * gamma) + beta, centred * inverse, 1 / inverse


# -- mistakes ------------------------------------------------------------------------------------------------------------


def finished(X, mean, std, gamma, beta):
    xhat = (X - mean) / std
    return gamma * xhat + beta, xhat, std


def forward_rows(X, gamma, beta, eps):
    return finished(X, X.mean(axis=1, keepdims=True), np.sqrt(X.var(axis=1, keepdims=True) + eps), gamma, beta)


def forward_rows_flat(X, gamma, beta, eps):
    Y, xhat, std = forward_rows(X, gamma, beta, eps)
    return Y, xhat, std[:, 0]


def forward_whole_table(X, gamma, beta, eps):
    return finished(X, X.mean(), np.sqrt(X.var() + eps), gamma, beta)


def forward_sample_variance(X, gamma, beta, eps):
    return finished(X, X.mean(axis=0), np.sqrt(X.var(axis=0, ddof=1) + eps), gamma, beta)


def forward_eps_outside(X, gamma, beta, eps):
    return finished(X, X.mean(axis=0), X.std(axis=0) + eps, gamma, beta)


def forward_eps_outside_returned_inside(X, gamma, beta, eps):
    Y, xhat, _ = forward_eps_outside(X, gamma, beta, eps)
    return Y, xhat, np.sqrt(X.var(axis=0) + eps)


def forward_without_root(X, gamma, beta, eps):
    return finished(X, X.mean(axis=0), X.var(axis=0) + eps, gamma, beta)


def forward_without_eps(X, gamma, beta, eps):
    return finished(X, X.mean(axis=0), X.std(axis=0), gamma, beta)


def forward_returns_sigma(X, gamma, beta, eps):
    Y, xhat, _ = batch_norm_of_rows(X, gamma, beta, eps)
    return Y, xhat, X.std(axis=0)


def forward_returns_variance(X, gamma, beta, eps):
    Y, xhat, _ = batch_norm_of_rows(X, gamma, beta, eps)
    return Y, xhat, X.var(axis=0)


def forward_returns_variance_with_eps(X, gamma, beta, eps):
    Y, xhat, _ = batch_norm_of_rows(X, gamma, beta, eps)
    return Y, xhat, X.var(axis=0) + eps


def forward_returns_inverse(X, gamma, beta, eps):
    Y, xhat, std = batch_norm_of_rows(X, gamma, beta, eps)
    return Y, xhat, 1 / std


def forward_gamma_and_beta_swapped(X, gamma, beta, eps):
    return batch_norm_of_rows(X, beta, gamma, eps)


def forward_without_scale_and_shift(X, gamma, beta, eps):
    _, xhat, std = batch_norm_of_rows(X, gamma, beta, eps)
    return xhat, xhat, std


def forward_without_shift(X, gamma, beta, eps):
    _, xhat, std = batch_norm_of_rows(X, gamma, beta, eps)
    return gamma * xhat, xhat, std


def forward_without_scale(X, gamma, beta, eps):
    _, xhat, std = batch_norm_of_rows(X, gamma, beta, eps)
    return xhat + beta, xhat, std


def forward_shift_scaled_too(X, gamma, beta, eps):
    _, xhat, std = batch_norm_of_rows(X, gamma, beta, eps)
    return gamma * (xhat + beta), xhat, std


def forward_xhat_after_scale(X, gamma, beta, eps):
    Y, _, std = batch_norm_of_rows(X, gamma, beta, eps)
    return Y, Y, std


def forward_not_centred(X, gamma, beta, eps):
    return finished(X, 0.0, np.sqrt(X.var(axis=0) + eps), gamma, beta)


def forward_not_divided(X, gamma, beta, eps):
    Y, xhat, std = finished(X, X.mean(axis=0), 1.0, gamma, beta)
    return Y, xhat, np.sqrt(X.var(axis=0) + eps)


def forward_multiplied(X, gamma, beta, eps):
    std = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) * std
    return gamma * xhat + beta, xhat, std


def forward_no_brackets(X, gamma, beta, eps):
    std = np.sqrt(X.var(axis=0) + eps)
    xhat = X - X.mean(axis=0) / std
    return gamma * xhat + beta, xhat, std


def forward_mean_square(X, gamma, beta, eps):
    return finished(X, X.mean(axis=0), np.sqrt((X**2).mean(axis=0) + eps), gamma, beta)


def forward_absolute_deviation(X, gamma, beta, eps):
    mean = X.mean(axis=0)
    return finished(X, mean, np.abs(X - mean).mean(axis=0) + eps, gamma, beta)


def forward_sum_of_squares(X, gamma, beta, eps):
    mean = X.mean(axis=0)
    return finished(X, mean, np.sqrt(((X - mean) ** 2).sum(axis=0) + eps), gamma, beta)


def forward_one_pass(X, gamma, beta, eps):
    mean = X.mean(axis=0)
    return finished(X, mean, np.sqrt((X**2).mean(axis=0) - mean**2 + eps), gamma, beta)


def forward_one_pass_clipped(X, gamma, beta, eps):
    mean = X.mean(axis=0)
    return finished(X, mean, np.sqrt(np.maximum((X**2).mean(axis=0) - mean**2, 0) + eps), gamma, beta)


def forward_in_whole_numbers(X, gamma, beta, eps):
    mean, std = X.mean(axis=0), np.sqrt(X.var(axis=0) + eps)
    Y, xhat = np.zeros_like(X), np.zeros_like(X)
    for n in range(len(X)):
        xhat[n] = (X[n] - mean) / std
        Y[n] = gamma * xhat[n] + beta
    return Y, xhat, std


def forward_output_in_whole_numbers(X, gamma, beta, eps):
    Y, xhat, std = batch_norm_of_rows(X, gamma, beta, eps)
    return Y.astype(X.dtype), xhat, std


def forward_in_place(X, gamma, beta, eps):
    std = np.sqrt(X.var(axis=0) + eps)
    X -= X.mean(axis=0)
    X /= std
    return gamma * X + beta, X.copy(), std


def forward_order(X, gamma, beta, eps):
    Y, xhat, std = batch_norm_of_rows(X, gamma, beta, eps)
    return xhat, Y, std


def forward_output_only(X, gamma, beta, eps):
    return batch_norm_of_rows(X, gamma, beta, eps)[0]


def forward_min_max(X, gamma, beta, eps):
    low, spread = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
    return finished(X, low, spread + eps, gamma, beta)


# -- cases ---------------------------------------------------------------------------------------------------------------


def _affine(rng, D):
    return rng.uniform(0.5, 2.0, size=D) * rng.choice([-1.0, 1.0], size=D), rng.uniform(1.0, 3.0, size=D)


def _batches(rng):
    X = rng.normal(size=(7, 5)) * rng.uniform(0.5, 2.0, size=5) + rng.normal(size=5)
    return (X, *_affine(rng, 5), 1e-5)


def _far_from_zero(rng):
    """Eight whole numbers near 10^9 in each column: mean and deviations are exact, squares of the values are not."""
    X = 1e9 + rng.permuted(np.tile(np.arange(8.0)[:, None], 3), axis=0) * np.array([1, 2, 3])
    return (X, *_affine(rng, 3), 0.0)


def _whole_numbers(rng):
    X = rng.permuted(np.tile(np.array([0, 1, 3, 7, 9])[:, None], 3), axis=0) + rng.integers(-9, 10, size=3)
    return X, np.array([2, 3, -1]), np.array([1, -4, 5]), 0.0


BATCH_NORM_FORWARD = Exercise(
    key="unit2.batch_norm_forward",
    title="Batch norm, forward",
    reference=batch_norm_of_rows,
    alternatives=(batch_norm_column_by_column, batch_norm_by_moments_of_centred),
    returns=("Y", "xhat", "std"),
    examples=(Example(
        args=(X_EXAMPLE, np.array([3.0, 1.0]), np.array([10.0, 0.5]), 0.0),
        expected=(np.array([[7.0, -0.914213562373095], [7.0, 0.5], [13.0, 0.5], [13.0, 1.914213562373095]]),
                  np.array([[-1.0, -1.414213562373095], [-1.0, 0.0], [1.0, 0.0], [1.0, 1.414213562373095]]),
                  np.array([2.0, 7.071067811865475]))),),
    regimes={"batches": _batches, "far from zero": Regime(_far_from_zero, 1),
             "whole numbers": Regime(_whole_numbers, 1, hidden=True)},
    parts={"worked example": 0.5, "batches": 1.0, "edge cases": 1.0},
    mistakes=(
        Mistake("takes mean and variance of each row: batch norm has one mean for each feature, down the batch (axis=0)",
                forward_rows, also=(forward_rows_flat,)),
        Mistake("takes one mean and one variance for the whole table: every feature has its own", forward_whole_table),
        Mistake("normalises with the variance that divides by N - 1: inside the layer the variance divides by N",
                forward_sample_variance),
        Mistake("divides by sigma + eps, as the lecture notes print it: eps belongs inside the root, sqrt(var + eps)",
                forward_eps_outside, mark=1.5, also=(forward_eps_outside_returned_inside,)),
        Mistake("divides by the variance: its square root is missing", forward_without_root),
        Mistake("forgets eps: sqrt(var + eps)", forward_without_eps, mark=1.5),
        Mistake("returns the plain sigma as std: what was divided by is sqrt(var + eps)", forward_returns_sigma, mark=1.5),
        Mistake("returns the variance in place of std", forward_returns_variance, also=(forward_returns_variance_with_eps,)),
        Mistake("returns 1/std: std itself is asked for", forward_returns_inverse),
        Mistake("swaps gamma and beta: gamma scales, beta shifts", forward_gamma_and_beta_swapped),
        Mistake("returns xhat as Y: gamma and beta are missing", forward_without_scale_and_shift),
        Mistake("forgets the shift beta", forward_without_shift),
        Mistake("forgets the scale gamma", forward_without_scale),
        Mistake("scales the shift, too: gamma * xhat + beta, not gamma * (xhat + beta)", forward_shift_scaled_too),
        Mistake("returns Y twice: xhat is what there is before gamma and beta", forward_xhat_after_scale),
        Mistake("forgets to subtract the mean", forward_not_centred),
        Mistake("forgets to divide by std", forward_not_divided),
        Mistake("multiplies by std instead of dividing", forward_multiplied),
        Mistake("lacks brackets: X - mean / std divides only the mean", forward_no_brackets),
        Mistake("takes the mean of the squares for the variance: subtract the mean before squaring", forward_mean_square),
        Mistake("averages absolute deviations: the variance averages squares", forward_absolute_deviation),
        Mistake("adds the squares up and never divides by N", forward_sum_of_squares),
        Mistake("computes the variance as mean(x^2) - mean(x)^2, which loses all digits when the mean is large: subtract first",
                forward_one_pass, mark=1.5, also=(forward_one_pass_clipped,)),
        Mistake("keeps whole numbers whole: arrays like X take its type, and integers cut every fraction off",
                forward_in_whole_numbers, mark=1.5, also=(forward_output_in_whole_numbers,)),
        Mistake("subtracts and divides in place, so the batch of whoever called is gone", forward_in_place),
        Mistake("returns xhat before Y: the order is Y, xhat, std", forward_order),
        Mistake("returns Y alone: the backward pass needs xhat and std, so return all three", forward_output_only),
        Mistake("uses minimum and range: that is min-max scaling", forward_min_max),
    ),
    hints=("One mean and one variance for each feature: which axis disappears?",
           "std = sqrt(var + eps), with the variance that divides by N; xhat = (X - mean) / std.",
           "Y = gamma * xhat + beta: gamma and beta (D,) stretch over the rows by themselves. Return Y, xhat, std."),
    minutes=7, difficulty=2, rung="implement",
)
