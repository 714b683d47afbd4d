"""The exercise fold_batch_norm: a trained batch norm disappears in the dense layer before it."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def folded(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


def fold_by_matrix(W, b, gamma, beta, mean, var, eps):
    S = np.diag(np.asarray(gamma, dtype=float)) @ np.diag((np.asarray(var, dtype=float) + eps) ** -0.5)
    return W @ S, b @ S - mean @ S + beta


def fold_by_probing(W, b, gamma, beta, mean, var, eps):
    """An affine map is known from what it does to zero and to the unit vectors."""
    def both(X):
        return gamma * (X @ W + b - mean) / np.sqrt(var + eps) + beta

    D = len(W)
    at_zero = both(np.zeros(D))
    return np.array([both(unit) - gamma * (b - mean) / np.sqrt(var + eps) - beta for unit in np.eye(D)]), at_zero


# -- mistakes ------------------------------------------------------------------------------------------------------------


def fold_without_mean(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b * scale + beta


def fold_without_bias(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, beta - mean * scale


def fold_without_beta(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale


def fold_rows(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale[:, None], (b - mean) * scale + beta


def fold_rows_by_matrix(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return np.diag(scale) @ W, (b - mean) * scale + beta


def fold_bias_unscaled(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b - mean * scale + beta


def fold_mean_unscaled(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b * scale - mean + beta


def fold_nothing_scaled_in_bias(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b - mean + beta


def fold_beta_scaled(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean + beta) * scale


def fold_weights_unscaled(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W.copy(), (b - mean) * scale + beta


def fold_mean_added(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b + mean) * scale + beta


def fold_eps_outside(W, b, gamma, beta, mean, var, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return W * scale, (b - mean) * scale + beta


def fold_without_eps(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var)
    return W * scale, (b - mean) * scale + beta


def fold_by_variance(W, b, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps)
    return W * scale, (b - mean) * scale + beta


def fold_multiplied(W, b, gamma, beta, mean, var, eps):
    scale = gamma * np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


def fold_without_gamma(W, b, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


def fold_gamma_and_beta_swapped(W, b, gamma, beta, mean, var, eps):
    return folded(W, b, beta, gamma, mean, var, eps)


def fold_order(W, b, gamma, beta, mean, var, eps):
    return folded(W, b, gamma, beta, mean, var, eps)[::-1]


def fold_in_place(W, b, gamma, beta, mean, var, eps):
    result = folded(W, b, gamma, beta, mean, var, eps)
    if W.dtype.kind == "f":
        W *= gamma / np.sqrt(var + eps)
    return result


def fold_in_whole_numbers(W, b, gamma, beta, mean, var, eps):
    exact, bias = folded(W, b, gamma, beta, mean, var, eps)
    weights = np.zeros_like(W)
    for j in range(W.shape[1]):
        weights[:, j] = exact[:, j]
    return weights, bias


def fold_everything_in_whole_numbers(W, b, gamma, beta, mean, var, eps):
    exact, bias = folded(W, b, gamma, beta, mean, var, eps)
    return exact.astype(W.dtype), bias.astype(b.dtype)


def fold_mean_through_weights(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b * scale + beta - mean * scale * W.sum(axis=0)


# -- cases ---------------------------------------------------------------------------------------------------------------


def _trained_layers(rng):
    """As many inputs as units, so that scaling the wrong axis raises no error."""
    D = 4
    away = [rng.uniform(1.0, 3.0, size=D) * rng.choice([-1.0, 1.0], size=D) for _ in range(4)]
    b, gamma, beta, mean = away
    return rng.normal(size=(D, D)), b, gamma, beta, mean, rng.uniform(1.5, 4.0, size=D), 1e-3


def _whole_numbers(rng):
    W, b = rng.permutation(np.arange(1, 16)).reshape(5, 3), rng.permutation(np.array([2, 3, 5]))
    gamma, beta, mean = (rng.permutation(np.array(values)) for values in ([1, 2, -1], [4, 7, -8], [6, -7, 9]))
    return W, b, gamma, beta, mean, rng.permutation(np.array([25, 49, 121])), 0.0


FOLD_BATCH_NORM = Exercise(
    key="unit2.fold_batch_norm",
    title="Make a trained batch norm disappear",
    reference=folded,
    alternatives=(fold_by_matrix, fold_by_probing),
    returns=("W", "b"),
    examples=(Example(
        args=(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0]), np.array([4.0, 6.0]), np.array([10.0, 20.0]),
              np.array([3.0, 1.0]), np.array([4.0, 16.0]), 0.0),
        expected=(np.array([[2.0, 3.0], [6.0, 6.0]]), np.array([6.0, 17.0]))),),
    regimes={"trained layers": _trained_layers, "whole numbers": Regime(_whole_numbers, 1, hidden=True)},
    parts={"worked example": 0.5, "trained layers": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("forgets the running mean: (b - mean) * scale + beta", fold_without_mean),
        Mistake("forgets the old bias: it is scaled like everything that comes out of the dense layer", fold_without_bias),
        Mistake("forgets beta", fold_without_beta),
        Mistake("scales the rows of W: row i belongs to input i, but it is the units, the columns, that are normalised",
                fold_rows, also=(fold_rows_by_matrix,)),
        Mistake("leaves the old bias unscaled", fold_bias_unscaled),
        Mistake("leaves the mean unscaled", fold_mean_unscaled),
        Mistake("scales nothing in the bias: b and mean both pass through the scale", fold_nothing_scaled_in_bias),
        Mistake("scales beta, too: it is added after the scale", fold_beta_scaled),
        Mistake("leaves W as it was: the scale reaches the weights, too", fold_weights_unscaled),
        Mistake("adds the mean: it is subtracted", fold_mean_added),
        Mistake("divides by sigma + eps: eps belongs inside the root, sqrt(var + eps)", fold_eps_outside, mark=1.0),
        Mistake("forgets eps: sqrt(var + eps)", fold_without_eps, mark=1.0),
        Mistake("divides by the variance: its square root is missing", fold_by_variance),
        Mistake("multiplies by the spread instead of dividing", fold_multiplied),
        Mistake("forgets gamma", fold_without_gamma),
        Mistake("swaps gamma and beta: gamma scales, beta shifts", fold_gamma_and_beta_swapped),
        Mistake("returns the bias before the weights", fold_order),
        Mistake("scales W in place and so changes the layer of whoever called", fold_in_place, mark=0.5),
        Mistake("keeps whole numbers whole: an array like W takes its type, and integers cut every fraction off",
                fold_in_whole_numbers, mark=1.5, also=(fold_everything_in_whole_numbers,)),
        Mistake("sends the mean through the weights, too: it belongs to the units, after the product",
                fold_mean_through_weights),
    ),
    hints=("Write out gamma * (x W + b - mean) / sqrt(var + eps) + beta and collect what multiplies x.",
           "One number for each unit does it all: scale = gamma / sqrt(var + eps). It multiplies a column of W.",
           "The new bias is what comes out for x = 0."),
    minutes=6, difficulty=2, rung="simplify",
)
