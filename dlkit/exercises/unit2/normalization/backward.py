"""The exercise batch_norm_backward: three gradients, of which the last one takes some thought."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake


def batch_norm_gradients(dY, xhat, std, gamma):
    dbeta = dY.sum(axis=0)
    dgamma = (dY * xhat).sum(axis=0)
    dX = gamma / std * (dY - dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0))
    return {"dX": dX, "dgamma": dgamma, "dbeta": dbeta}


def follow_batch_norm_backward(args, own):
    return batch_norm_gradients(*args)


def batch_norm_backward_step_by_step(dY, xhat, std, gamma):
    """Through the graph: xhat = c / s, s = sqrt(v + eps), v = mean(c^2), c = x - mean(x)."""
    N = len(dY)
    c = xhat * std
    dxhat = dY * gamma
    dc = dxhat / std
    ds = -(dxhat * c).sum(axis=0) / std**2
    dv = ds / (2 * std)
    dc = dc + 2 * c * dv / N
    dX = dc - dc.sum(axis=0) / N
    return {"dX": dX, "dgamma": np.einsum("nd,nd->d", dY, xhat), "dbeta": np.ones(N) @ dY}


def batch_norm_backward_by_jacobians(dY, xhat, std, gamma):
    N, D = dY.shape
    dX, dgamma, dbeta = np.empty((N, D)), np.empty(D), np.empty(D)
    for d in range(D):
        h = xhat[:, d]
        jacobian = (np.eye(N) - 1 / N - np.outer(h, h) / N) * gamma[d] / std[d]
        dX[:, d] = jacobian @ dY[:, d]
        dgamma[d], dbeta[d] = h @ dY[:, d], dY[:, d].sum()
    return {"dX": dX, "dgamma": dgamma, "dbeta": dbeta}


# -- mistakes ------------------------------------------------------------------------------------------------------------


def with_dX(dX, dY, xhat):
    return {"dX": dX, "dgamma": (dY * xhat).sum(axis=0), "dbeta": dY.sum(axis=0)}


def backward_constants(dY, xhat, std, gamma):
    return with_dX(gamma / std * dY, dY, xhat)


def backward_without_variance(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean(axis=0)), dY, xhat)


def backward_without_mean(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_variance_added(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean(axis=0) + xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_mean_added(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY + dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_both_added(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY + dY.mean(axis=0) + xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_without_gamma(dY, xhat, std, gamma):
    return with_dX((dY - dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0)) / std, dY, xhat)


def backward_without_std(dY, xhat, std, gamma):
    return with_dX(gamma * (dY - dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_times_std(dY, xhat, std, gamma):
    return with_dX(gamma * std * (dY - dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_over_variance(dY, xhat, std, gamma):
    return with_dX(gamma / std**2 * (dY - dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_root_again(dY, xhat, std, gamma):
    return with_dX(gamma / np.sqrt(std) * (dY - dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_sums(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.sum(axis=0) - xhat * (dY * xhat).sum(axis=0)), dY, xhat)


def backward_sum_in_variance(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean(axis=0) - xhat * (dY * xhat).sum(axis=0)), dY, xhat)


def backward_sum_in_mean(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.sum(axis=0) - xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_n_minus_one(dY, xhat, std, gamma):
    n = len(dY) - 1
    return with_dX(gamma / std * (dY - dY.mean(axis=0) - xhat * (dY * xhat).sum(axis=0) / n), dY, xhat)


def backward_projected(dY, xhat, std, gamma):
    along = (dY * xhat).sum(axis=0) / (xhat**2).sum(axis=0)
    return with_dX(gamma / std * (dY - dY.mean(axis=0) - xhat * along), dY, xhat)


def backward_whole_means(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean() - xhat * (dY * xhat).mean()), dY, xhat)


def backward_row_means(dY, xhat, std, gamma):
    mean, along = dY.mean(axis=1, keepdims=True), (dY * xhat).mean(axis=1, keepdims=True)
    return with_dX(gamma / std * (dY - mean - xhat * along), dY, xhat)


def backward_gamma_on_first_term_only(dY, xhat, std, gamma):
    return with_dX((gamma * dY - dY.mean(axis=0) - xhat * (dY * xhat).mean(axis=0)) / std, dY, xhat)


def backward_without_xhat_in_front(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean(axis=0) - (dY * xhat).mean(axis=0)), dY, xhat)


def backward_product_of_means(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean(axis=0) - xhat * dY.mean(axis=0)), dY, xhat)


def backward_half_variance(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean(axis=0) - 0.5 * xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_double_variance(dY, xhat, std, gamma):
    return with_dX(gamma / std * (dY - dY.mean(axis=0) - 2 * xhat * (dY * xhat).mean(axis=0)), dY, xhat)


def backward_stopped_at_xhat(dY, xhat, std, gamma):
    return with_dX(gamma * dY, dY, xhat)


def backward_averaged(dY, xhat, std, gamma):
    right = batch_norm_gradients(dY, xhat, std, gamma)
    return right | {"dgamma": (dY * xhat).mean(axis=0), "dbeta": dY.mean(axis=0)}


def backward_dgamma_averaged(dY, xhat, std, gamma):
    return batch_norm_gradients(dY, xhat, std, gamma) | {"dgamma": (dY * xhat).mean(axis=0)}


def backward_dbeta_averaged(dY, xhat, std, gamma):
    return batch_norm_gradients(dY, xhat, std, gamma) | {"dbeta": dY.mean(axis=0)}


def backward_dgamma_without_xhat(dY, xhat, std, gamma):
    return batch_norm_gradients(dY, xhat, std, gamma) | {"dgamma": dY.sum(axis=0)}


def backward_dgamma_with_gamma(dY, xhat, std, gamma):
    return batch_norm_gradients(dY, xhat, std, gamma) | {"dgamma": gamma * (dY * xhat).sum(axis=0)}


def backward_dbeta_with_gamma(dY, xhat, std, gamma):
    return batch_norm_gradients(dY, xhat, std, gamma) | {"dbeta": gamma * dY.sum(axis=0)}


def backward_swapped(dY, xhat, std, gamma):
    right = batch_norm_gradients(dY, xhat, std, gamma)
    return {"dX": right["dX"], "dgamma": right["dbeta"], "dbeta": right["dgamma"]}


def backward_not_summed(dY, xhat, std, gamma):
    return batch_norm_gradients(dY, xhat, std, gamma) | {"dgamma": dY * xhat, "dbeta": dY.copy()}


def backward_summed_over_features(dY, xhat, std, gamma):
    right = batch_norm_gradients(dY, xhat, std, gamma)
    return right | {"dgamma": (dY * xhat).sum(axis=1), "dbeta": dY.sum(axis=1)}


def backward_in_whole_numbers(dY, xhat, std, gamma):
    right = batch_norm_gradients(dY, xhat, std, gamma)
    dX = np.zeros_like(dY)
    dX[...] = right["dX"]
    return right | {"dX": dX}


def backward_in_place(dY, xhat, std, gamma):
    right = batch_norm_gradients(dY, xhat, std, gamma)
    dY *= gamma
    return right


# -- cases ---------------------------------------------------------------------------------------------------------------


def _batches(rng):
    """With an eps that can be felt: the mean of xhat^2 is well below 1."""
    N, D = 7, 5
    X = rng.normal(size=(N, D)) * rng.uniform(0.5, 2.0, size=D) + rng.normal(size=D)
    std = np.sqrt(X.var(axis=0) + 0.5)
    gamma = rng.uniform(1.5, 3.0, size=D) * rng.choice([-1.0, 1.0], size=D)
    return rng.normal(size=(N, D)), (X - X.mean(axis=0)) / std, std, gamma


BATCH_NORM_BACKWARD = Exercise(
    key="unit2.batch_norm_backward",
    title="Batch norm, backward",
    reference=batch_norm_gradients,
    alternatives=(batch_norm_backward_step_by_step, batch_norm_backward_by_jacobians),
    examples=(Example(
        args=(np.array([[1], [2], [3], [6]]), np.array([[-1.0], [-1.0], [1.0], [1.0]]), np.array([2.0]), np.array([3.0])),
        expected={"dX": np.array([[-0.75], [0.75], [-2.25], [2.25]]), "dgamma": np.array([6]), "dbeta": np.array([12])}),),
    regimes={"batches": _batches},
    follow=follow_batch_norm_backward,
    steps={"dbeta": ("dbeta",), "dgamma": ("dgamma",), "dX": ("dX",)},
    parts={"dbeta": 0.5, "dgamma": 0.5, "dX": 2.0},
    inapplicable={"transposed": "dgamma and dbeta have one axis, so they stay right and keep their marks"},
    mistakes=(
        Mistake("treats mean and variance as constants: each x moves them, and through them all other rows",
                backward_constants, mark=1.0),
        Mistake("stops at gamma * dY, the gradient of xhat: X has still to come", backward_stopped_at_xhat, mark=1.0),
        Mistake("forgets the way through the variance: the term xhat * mean(dY * xhat)", backward_without_variance, mark=1.0),
        Mistake("forgets the way through the mean: the term mean(dY)", backward_without_mean, mark=1.0),
        Mistake("adds the variance's term: it is subtracted", backward_variance_added, mark=1.0),
        Mistake("adds the mean's term: it is subtracted", backward_mean_added, mark=1.0),
        Mistake("adds both terms: the ways through mean and variance are subtracted", backward_both_added, mark=1.0),
        Mistake("forgets gamma in dX", backward_without_gamma, mark=1.0),
        Mistake("forgets to divide dX by std", backward_without_std, mark=1.0),
        Mistake("multiplies dX by std: dividing forward is dividing backward", backward_times_std, mark=1.0),
        Mistake("divides dX by the variance: it is the std", backward_over_variance, mark=1.0),
        Mistake("takes a square root of std, which is one already", backward_root_again, mark=1.0),
        Mistake("subtracts sums over the batch where their means belong", backward_sums, mark=1.0),
        Mistake("has a sum in the variance's term where a mean over the batch belongs", backward_sum_in_variance, mark=1.0),
        Mistake("has a sum in the mean's term where a mean over the batch belongs", backward_sum_in_mean, mark=1.0),
        Mistake("divides by N - 1 in the variance's term: the variance of the forward pass divides by N",
                backward_n_minus_one, mark=1.0),
        Mistake("divides by the sum of xhat^2: that is N only as long as eps is 0", backward_projected, mark=1.0),
        Mistake("takes means over the whole table: every feature has its own", backward_whole_means, mark=1.0),
        Mistake("takes the means over the features: what couples the numbers is the batch, axis=0", backward_row_means,
                mark=1.0),
        Mistake("multiplies only the first term by gamma: all three carry it", backward_gamma_on_first_term_only, mark=1.0),
        Mistake("lacks the factor xhat in front of mean(dY * xhat)", backward_without_xhat_in_front, mark=1.0),
        Mistake("takes mean(dY) where mean(dY * xhat) belongs, so the two factors are averaged one by one",
                backward_product_of_means, mark=1.0),
        Mistake("halves the variance's term: the 1/2 of the root meets the 2 of the square", backward_half_variance,
                mark=1.0),
        Mistake("doubles the variance's term: the 2 of the square meets the 1/2 of the root", backward_double_variance,
                mark=1.0),
        Mistake("averages dgamma and dbeta over the batch: the loss has its mean in dY already, so they are sums",
                backward_averaged, mark=2.0),
        Mistake("averages dgamma over the batch: it is a sum", backward_dgamma_averaged, mark=2.5),
        Mistake("averages dbeta over the batch: it is a sum", backward_dbeta_averaged, mark=2.5),
        Mistake("forgets the factor xhat in dgamma: gamma multiplies xhat", backward_dgamma_without_xhat, mark=2.5),
        Mistake("multiplies dgamma by gamma: the derivative of gamma * xhat by gamma is xhat", backward_dgamma_with_gamma,
                mark=2.5),
        Mistake("multiplies dbeta by gamma: beta comes after the scale", backward_dbeta_with_gamma, mark=2.5),
        Mistake("swaps dgamma and dbeta", backward_swapped, mark=2.0),
        Mistake("does not sum dgamma and dbeta over the batch: they have the shapes of gamma and beta", backward_not_summed,
                mark=2.0),
        Mistake("sums dgamma and dbeta over the features: the batch is what must go, axis=0", backward_summed_over_features,
                mark=2.0),
        Mistake("keeps whole numbers whole: an array like dY takes its type, and integers cut every fraction off",
                backward_in_whole_numbers, mark=1.0),
        Mistake("multiplies dY by gamma in place and so spoils it for whoever called", backward_in_place),
    ),
    hints=("Y = gamma * xhat + beta is a linear unit: dgamma and dbeta are sums over the batch. Then dxhat = gamma * dY.",
           "x reaches xhat on three ways: directly, through the mean, through the variance. Two of them need a mean over the "
           "batch: of dY, and of dY * xhat.",
           "dX = gamma / std * (dY - mean of dY - xhat * something), and that something is a mean of a product."),
    minutes=15, difficulty=4, rung="derive",
)
