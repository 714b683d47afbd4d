"""The exercise group_norm_forward: group norm made of layer norm; layer and instance norm are its two ends."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake


def standardised(V, eps):
    """The last axis with mean 0 and variance 1."""
    return (V - V.mean(axis=-1, keepdims=True)) / np.sqrt(V.var(axis=-1, keepdims=True) + eps)


def group_norm_by_rows(X, num_groups, gamma, beta, eps):
    xhat = standardised(X.reshape(len(X), num_groups, -1), eps).reshape(X.shape)
    return gamma[:, None, None] * xhat + beta[:, None, None]


def group_norm_by_loops(X, num_groups, gamma, beta, eps):
    N, C, _, _ = X.shape
    size = C // num_groups
    Y = np.empty(X.shape)
    for n in range(N):
        for start in range(0, C, size):
            group = X[n, start:start + size]
            xhat = (group - group.mean()) / np.sqrt(group.var() + eps)
            for c in range(size):
                Y[n, start + c] = gamma[start + c] * xhat[c] + beta[start + c]
    return Y


def group_norm_by_turning(X, num_groups, gamma, beta, eps):
    """Channels last for the scale, groups by an array that says who belongs to which."""
    C = X.shape[1]
    belongs = (np.arange(C)[:, None] // (C // num_groups) == np.arange(num_groups)).astype(float)
    share = belongs @ belongs.T / (X.size // len(X) // num_groups)
    mean = np.einsum("nchw,cd->nd", X, share)[:, :, None, None]
    var = np.einsum("nchw,cd->nd", (X - mean) ** 2, share)[:, :, None, None]
    xhat = (X - mean) * (var + eps) ** -0.5
    return np.moveaxis(np.moveaxis(xhat, 1, -1) * gamma + beta, -1, 1)


def three_ways(answer, X, num_groups, gamma, beta, eps):
    """The public script: with the groups asked for, with a group for each channel, with one group for all."""
    calls = [answer.later("group_norm_forward", X, groups, gamma, beta, eps) for groups in (num_groups, X.shape[1], 1)]
    return tuple(call.value for call in calls)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def affine(xhat, gamma, beta):
    return gamma[:, None, None] * xhat + beta[:, None, None]


def over(X, axes, gamma, beta, eps):
    """Normalised over some axes of (N, C, H, W)."""
    return affine((X - X.mean(axis=axes, keepdims=True)) / np.sqrt(X.var(axis=axes, keepdims=True) + eps), gamma, beta)


def group_interleaved(X, num_groups, gamma, beta, eps):
    N, C, H, W = X.shape
    V = X.reshape(N, C // num_groups, num_groups, H, W)
    axes = (1, 3, 4)
    xhat = (V - V.mean(axis=axes, keepdims=True)) / np.sqrt(V.var(axis=axes, keepdims=True) + eps)
    return affine(xhat.reshape(X.shape), gamma, beta)


def group_size_for_number(X, num_groups, gamma, beta, eps):
    return group_norm_by_rows(X, X.shape[1] // num_groups, gamma, beta, eps)


def group_of_single_channels(X, num_groups, gamma, beta, eps):
    return over(X, (2, 3), gamma, beta, eps)


def group_of_all_channels(X, num_groups, gamma, beta, eps):
    return over(X, (1, 2, 3), gamma, beta, eps)


def group_as_batch_norm(X, num_groups, gamma, beta, eps):
    return over(X, (0, 2, 3), gamma, beta, eps)


def group_with_batch(X, num_groups, gamma, beta, eps):
    N, C, H, W = X.shape
    V = X.reshape(N, num_groups, -1)
    xhat = (V - V.mean(axis=(0, 2), keepdims=True)) / np.sqrt(V.var(axis=(0, 2), keepdims=True) + eps)
    return affine(xhat.reshape(X.shape), gamma, beta)


def group_positions_apart(X, num_groups, gamma, beta, eps):
    N, C, H, W = X.shape
    V = X.reshape(N, num_groups, C // num_groups, H, W)
    xhat = (V - V.mean(axis=2, keepdims=True)) / np.sqrt(V.var(axis=2, keepdims=True) + eps)
    return affine(xhat.reshape(X.shape), gamma, beta)


def group_rows_apart(X, num_groups, gamma, beta, eps):
    N, C, H, W = X.shape
    V = X.reshape(N, num_groups, C // num_groups, H, W)
    axes = (2, 4)
    xhat = (V - V.mean(axis=axes, keepdims=True)) / np.sqrt(V.var(axis=axes, keepdims=True) + eps)
    return affine(xhat.reshape(X.shape), gamma, beta)


def group_without_root(X, num_groups, gamma, beta, eps):
    V = X.reshape(len(X), num_groups, -1)
    xhat = (V - V.mean(axis=-1, keepdims=True)) / (V.var(axis=-1, keepdims=True) + eps)
    return affine(xhat.reshape(X.shape), gamma, beta)


def group_one_scale_for_each_group(X, num_groups, gamma, beta, eps):
    size = X.shape[1] // num_groups
    return group_norm_by_rows(X, num_groups, np.repeat(gamma[::size], size), np.repeat(beta[::size], size), eps)


def group_scaled_along_width(X, num_groups, gamma, beta, eps):
    xhat = standardised(X.reshape(len(X), num_groups, -1), eps).reshape(X.shape)
    return gamma * xhat + beta


def group_sample_variance(X, num_groups, gamma, beta, eps):
    V = X.reshape(len(X), num_groups, -1)
    xhat = (V - V.mean(axis=-1, keepdims=True)) / np.sqrt(V.var(axis=-1, ddof=1, keepdims=True) + eps)
    return affine(xhat.reshape(X.shape), gamma, beta)


def group_eps_outside(X, num_groups, gamma, beta, eps):
    V = X.reshape(len(X), num_groups, -1)
    xhat = (V - V.mean(axis=-1, keepdims=True)) / (V.std(axis=-1, keepdims=True) + eps)
    return affine(xhat.reshape(X.shape), gamma, beta)


def group_without_eps(X, num_groups, gamma, beta, eps):
    return group_norm_by_rows(X, num_groups, gamma, beta, 0.0)


def group_gamma_and_beta_swapped(X, num_groups, gamma, beta, eps):
    return group_norm_by_rows(X, num_groups, beta, gamma, eps)


def group_without_scale_and_shift(X, num_groups, gamma, beta, eps):
    return standardised(X.reshape(len(X), num_groups, -1), eps).reshape(X.shape)


def group_scaled_before(X, num_groups, gamma, beta, eps):
    return group_without_scale_and_shift(affine(X, gamma, beta), num_groups, gamma, beta, eps)


def group_not_shaped_back(X, num_groups, gamma, beta, eps):
    return group_norm_by_rows(X, num_groups, gamma, beta, eps).reshape(len(X), num_groups, -1)


def group_in_whole_numbers(X, num_groups, gamma, beta, eps):
    return group_norm_by_rows(X, num_groups, gamma, beta, eps).astype(X.dtype)


def group_in_place(X, num_groups, gamma, beta, eps):
    Y = group_norm_by_rows(X, num_groups, gamma, beta, eps)
    if X.dtype.kind == "f":
        V = X.reshape(len(X), num_groups, -1)
        V -= V.mean(axis=-1, keepdims=True)
    return Y


# -- cases ---------------------------------------------------------------------------------------------------------------


def _images(rng):
    """Three groups of two channels in two images; as wide as there are channels, so that a scale along the width runs."""
    X = rng.normal(size=(2, 6, 5, 6)) * rng.uniform(0.5, 2.0, size=(2, 6, 1, 1)) + rng.normal(size=(2, 6, 1, 1))
    gamma = rng.uniform(1.5, 3.0, size=6) * rng.choice([-1.0, 1.0], size=6)
    return X, 3, gamma, rng.uniform(1.0, 2.0, size=6), 1e-3


_SMALL = np.array([[[[1, 1, 1, 1]], [[5, 5, 5, 5]], [[10, 20, 20, 10]], [[30, 20, 20, 30]]]])

GROUP_NORM_FORWARD = Exercise(
    key="unit2.group_norm_forward",
    title="Group norm out of layer norm",
    reference=group_norm_by_rows,
    alternatives=(group_norm_by_loops, group_norm_by_turning),
    probe=three_ways,
    returns=("the result for these groups", "the result with a group for each channel", "the result with one group"),
    examples=(Example(
        args=(_SMALL, 2, np.array([1, 2, 3, 4]), np.array([0, 0, 1, -1]), 1.0),
        expected=(np.array([[[[-0.894427191] * 4], [[1.788854382] * 4], [[-3.200840252084, 1.0, 1.0, -3.200840252084]],
                             [[4.601120336112, -1.0, -1.0, 4.601120336112]]]]),
                  np.array([[[[0.0] * 4], [[0.0] * 4], [[-1.941742027073, 3.941742027073, 3.941742027073, -1.941742027073]],
                             [[2.922322702764, -4.922322702764, -4.922322702764, 2.922322702764]]]]),
                  np.array([[[[-1.048689955822] * 4], [[-1.298378040541] * 4],
                             [[0.550561447505, 3.546818464139, 3.546818464139, 0.550561447505]],
                             [[6.390767307696, 2.395757952185, 2.395757952185, 6.390767307696]]]]))),),
    regimes={"images": _images},
    parts={"worked example": 0.5, "images": 1.5},
    mistakes=(
        Mistake("deals the channels out like cards: a group is made of neighbours, 0 and 1, then 2 and 3", group_interleaved),
        Mistake("takes num_groups for the number of channels in a group", group_size_for_number),
        Mistake("normalises every channel by itself: the channels of a group share a mean", group_of_single_channels),
        Mistake("normalises all channels together: there are several groups", group_of_all_channels),
        Mistake("normalises each channel over the batch: that is batch norm", group_as_batch_norm),
        Mistake("lets the examples of the batch share the mean of a group: each example stays by itself", group_with_batch,
                mark=0.5),
        Mistake("gives every position its own mean: a group's mean goes over its positions, too", group_positions_apart),
        Mistake("averages over the positions of a group but keeps rows of the image apart: height and width both go",
                group_rows_apart, mark=0.5),
        Mistake("lays gamma and beta along the width: the channels are the second axis, gamma[:, None, None]",
                group_scaled_along_width),
        Mistake("takes the variance that divides by one less: here it divides by all", group_sample_variance),
        Mistake("divides by sigma + eps: eps belongs inside the root, sqrt(var + eps)", group_eps_outside),
        Mistake("forgets eps: sqrt(var + eps)", group_without_eps),
        Mistake("divides by the variance: its square root is missing", group_without_root),
        Mistake("swaps gamma and beta: gamma scales, beta shifts", group_gamma_and_beta_swapped),
        Mistake("forgets gamma and beta", group_without_scale_and_shift),
        Mistake("applies gamma and beta before normalising: they come last", group_scaled_before),
        Mistake("gives all channels of a group the gamma and beta of its first: every channel has its own",
                group_one_scale_for_each_group),
        Mistake("does not bring the result back into the shape of X", group_not_shaped_back),
        Mistake("keeps whole numbers whole: an array of X's type cuts every fraction off", group_in_whole_numbers, mark=1.5),
        Mistake("subtracts the mean in place (a reshaped array shares its numbers with X)", group_in_place, mark=0.5),
    ),
    hints=("Layer norm does everything along the last axis. Can you put all numbers of one group there?",
           "X.reshape(N, num_groups, -1) has one group per row. Normalise it with gamma 1 and beta 0, then reshape back.",
           "Then scale the channels: gamma[:, None, None] * xhat + beta[:, None, None]."),
    minutes=8, difficulty=3, rung="compose",
)
