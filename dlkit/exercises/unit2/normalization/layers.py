"""The exercise layer_norm_forward: the same formula, another axis."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def layer_norm_last_axis(X, gamma, beta, eps):
    mean = X.mean(axis=-1, keepdims=True)
    var = X.var(axis=-1, keepdims=True)
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


def layer_norm_row_by_row(X, gamma, beta, eps):
    rows = np.reshape(X, (-1, np.shape(X)[-1]))
    out = []
    for row in rows:
        centred = row - sum(row) / len(row)
        out.append(gamma * centred * (centred @ centred / len(row) + eps) ** -0.5 + beta)
    return np.reshape(out, np.shape(X))


def layer_norm_with_features_first(X, gamma, beta, eps):
    turned = np.moveaxis(np.asarray(X, dtype=float), -1, 0)
    centred = turned - turned.mean(axis=0)
    return np.moveaxis(centred / np.sqrt((centred**2).mean(axis=0) + eps), 0, -1) * gamma + beta


# -- mistakes ------------------------------------------------------------------------------------------------------------


def normalised(X, mean, var, gamma, beta, eps):
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


def layer_down_the_batch(X, gamma, beta, eps):
    return normalised(X, X.mean(axis=0), X.var(axis=0), gamma, beta, eps)


def layer_second_axis(X, gamma, beta, eps):
    return normalised(X, X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True), gamma, beta, eps)


def layer_all_but_first_axis(X, gamma, beta, eps):
    axes = tuple(range(1, X.ndim))
    return normalised(X, X.mean(axis=axes, keepdims=True), X.var(axis=axes, keepdims=True), gamma, beta, eps)


def layer_all_but_last_axis(X, gamma, beta, eps):
    axes = tuple(range(X.ndim - 1))
    return normalised(X, X.mean(axis=axes), X.var(axis=axes), gamma, beta, eps)


def layer_whole_array(X, gamma, beta, eps):
    return normalised(X, X.mean(), X.var(), gamma, beta, eps)


def layer_axes_lost(X, gamma, beta, eps):
    return normalised(X, X.mean(axis=-1), X.var(axis=-1), gamma, beta, eps)


def layer_sample_variance(X, gamma, beta, eps):
    return normalised(X, X.mean(axis=-1, keepdims=True), X.var(axis=-1, ddof=1, keepdims=True), gamma, beta, eps)


def layer_eps_outside(X, gamma, beta, eps):
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (X.std(axis=-1, keepdims=True) + eps) + beta


def layer_without_eps(X, gamma, beta, eps):
    return normalised(X, X.mean(axis=-1, keepdims=True), X.var(axis=-1, keepdims=True), gamma, beta, 0.0)


def layer_without_root(X, gamma, beta, eps):
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (X.var(axis=-1, keepdims=True) + eps) + beta


def layer_gamma_and_beta_swapped(X, gamma, beta, eps):
    return layer_norm_last_axis(X, beta, gamma, eps)


def layer_without_scale_and_shift(X, gamma, beta, eps):
    return layer_norm_last_axis(X, 1.0, 0.0, eps)


def layer_shift_scaled_too(X, gamma, beta, eps):
    return gamma * (layer_norm_last_axis(X, 1.0, 0.0, eps) + beta)


def layer_scaled_before(X, gamma, beta, eps):
    return layer_norm_last_axis(gamma * X + beta, 1.0, 0.0, eps)


def layer_scaled_by_row(X, gamma, beta, eps):
    return gamma[:, None] * layer_norm_last_axis(X, 1.0, 0.0, eps) + beta[:, None]


def layer_root_mean_square(X, gamma, beta, eps):
    return gamma * X / np.sqrt((X**2).mean(axis=-1, keepdims=True) + eps) + beta


def layer_not_centred(X, gamma, beta, eps):
    return normalised(X, 0.0, X.var(axis=-1, keepdims=True), gamma, beta, eps)


def layer_mean_square(X, gamma, beta, eps):
    return normalised(X, X.mean(axis=-1, keepdims=True), (X**2).mean(axis=-1, keepdims=True), gamma, beta, eps)


def layer_euclidean(X, gamma, beta, eps):
    centred = X - X.mean(axis=-1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).sum(axis=-1, keepdims=True) + eps) + beta


def layer_in_whole_numbers(X, gamma, beta, eps):
    Y = np.empty_like(X)
    Y[...] = layer_norm_last_axis(X, gamma, beta, eps)
    return Y


def layer_in_place(X, gamma, beta, eps):
    Y = layer_norm_last_axis(X, gamma, beta, eps)
    if X.dtype.kind == "f":
        X -= X.mean(axis=-1, keepdims=True)
    return Y


def layer_one_pass(X, gamma, beta, eps):
    mean = X.mean(axis=-1, keepdims=True)
    var = np.maximum((X**2).mean(axis=-1, keepdims=True) - mean**2, 0)
    return normalised(X, mean, var, gamma, beta, eps)


# -- cases ---------------------------------------------------------------------------------------------------------------


def _affine(rng, D):
    return rng.uniform(1.5, 3.0, size=D) * rng.choice([-1.0, 1.0], size=D), rng.uniform(1.0, 2.0, size=D)


def _rows(rng):
    """As many rows as features, so that a lost axis raises no error."""
    return (rng.normal(size=(5, 5)) * rng.uniform(0.5, 2.0, size=(5, 1)) + rng.normal(size=(5, 1)), *_affine(rng, 5), 1e-5)


def _sequences(rng):
    return (rng.normal(size=(4, 4, 4)) + 2 * rng.normal(size=(4, 4, 1)), *_affine(rng, 4), 0.0)


def _far_from_zero(rng):
    """Eight whole numbers near 10^9 in each row: mean and deviations are exact, squares of the values are not."""
    return (1e9 + rng.permuted(np.tile(np.arange(8.0), (3, 1)), axis=1) * np.array([[1], [2], [3]]), *_affine(rng, 8), 0.0)


def _whole_numbers(rng):
    return rng.permuted(np.tile(np.array([0, 1, 3, 7, 9]), (4, 1)), axis=1), np.arange(2, 7), np.array([4, -1, 0, 3, 8]), 0.0


LAYER_NORM_FORWARD = Exercise(
    key="unit2.layer_norm_forward",
    title="Layer norm, forward",
    reference=layer_norm_last_axis,
    alternatives=(layer_norm_row_by_row, layer_norm_with_features_first),
    examples=(Example(
        args=(np.array([[1.0, 1.0, 5.0, 5.0], [10.0, 40.0, 10.0, 40.0]]), np.array([1.0, 2.0, 3.0, 4.0]),
              np.array([10.0, 20.0, 30.0, 40.0]), 0.0),
        expected=np.array([[9.0, 18.0, 33.0, 44.0], [9.0, 22.0, 27.0, 44.0]])),),
    regimes={"rows": _rows, "sequences": _sequences, "far from zero": Regime(_far_from_zero, 1, "edge cases", hidden=True),
             "whole numbers": Regime(_whole_numbers, 1, "edge cases", hidden=True)},
    parts={"worked example": 0.5, "rows": 0.5, "sequences": 0.5, "edge cases": 0.5},
    mistakes=(
        Mistake("normalises down the batch: that is batch norm", layer_down_the_batch),
        Mistake("normalises over the second axis: in a sequence (N, T, D) that is the time, the features come last",
                layer_second_axis, mark=1.5),
        Mistake("normalises over all axes but the first: in a sequence (N, T, D) every position has its own mean",
                layer_all_but_first_axis, mark=1.5),
        Mistake("normalises over all axes but the last: that is batch norm over examples and positions",
                layer_all_but_last_axis),
        Mistake("takes one mean and one variance for everything: every row has its own", layer_whole_array),
        Mistake("loses the axis of the means: without keepdims=True they are laid along the features",
                layer_axes_lost),
        Mistake("takes the variance that divides by D - 1: here it divides by D", layer_sample_variance),
        Mistake("divides by sigma + eps: eps belongs inside the root, sqrt(var + eps)", layer_eps_outside, mark=1.5),
        Mistake("forgets eps: sqrt(var + eps)", layer_without_eps, mark=1.5),
        Mistake("divides by the variance: its square root is missing", layer_without_root),
        Mistake("swaps gamma and beta: gamma scales, beta shifts", layer_gamma_and_beta_swapped),
        Mistake("forgets gamma and beta", layer_without_scale_and_shift),
        Mistake("scales the shift, too: gamma * xhat + beta, not gamma * (xhat + beta)", layer_shift_scaled_too),
        Mistake("applies gamma and beta before normalising", layer_scaled_before),
        Mistake("gives every row a gamma and beta: they belong to the features", layer_scaled_by_row),
        Mistake("divides by the root mean square and never subtracts the mean: that is RMS norm", layer_root_mean_square),
        Mistake("forgets to subtract the mean", layer_not_centred),
        Mistake("takes the mean of the squares for the variance: subtract the mean before squaring", layer_mean_square),
        Mistake("divides by the length of the row: the variance is the mean of the squares, not their sum", layer_euclidean),
        Mistake("keeps whole numbers whole: an array like X takes its type, and integers cut every fraction off",
                layer_in_whole_numbers, mark=1.5),
        Mistake("computes the variance as mean(x^2) - mean(x)^2, which loses all digits when the mean is large: subtract first",
                layer_one_pass, mark=1.5),
        Mistake("subtracts the mean in place, so the input of whoever called is gone", layer_in_place),
    ),
    hints=("Who shares a mean: the numbers of one example. Along which axis do they lie, also in (N, T, D)?",
           "axis=-1 with keepdims=True keeps one mean for each row, ready to be subtracted.",
           "The rest is as in batch norm: gamma * (X - mean) / sqrt(var + eps) + beta."),
    minutes=5, difficulty=2, rung="implement",
)
