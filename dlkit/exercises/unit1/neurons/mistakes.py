"""Wrong answers to the exercises on neurons, each with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- linear_unit ---------------------------------------------------------------------------------------------------------


def linear_without_bias(X, w, b):
    return X @ w


def linear_bias_one(X, w, b):
    return X @ w + 1.0


def linear_bias_subtracted(X, w, b):
    return X @ w - b


def linear_bias_on_inputs(X, w, b):
    return (X + b) @ w


def linear_bias_as_factor(X, w, b):
    return (X @ w) * b


def linear_bias_per_product(X, w, b):
    return (X * w + b).sum(axis=1)


def linear_not_summed(X, w, b):
    return X * w + b


def linear_first_feature(X, w, b):
    return X[:, 0] * w[0] + b


def linear_mean_of_products(X, w, b):
    return (X * w).mean(axis=1) + b


def linear_summed_down(X, w, b):
    return (X * w).sum(axis=0) + b


def linear_all_rows(X, w, b):
    return (X * w).sum() + b


def linear_first_row(X, w, b):
    return X[0] @ w + b


def linear_column(X, w, b):
    return (X @ w + b)[:, None]


def linear_column_by_weights(X, w, b):
    return X @ np.reshape(w, (-1, 1)) + b


def linear_truncated(X, w, b):
    return np.trunc(X @ w + b)


def linear_rounded(X, w, b):
    return np.round(X @ w + b)


def linear_floored(X, w, b):
    return np.floor(X @ w + b)


def linear_added_inputs(X, w, b):
    return (X + w).sum(axis=1) + b


def linear_weight_sum(X, w, b):
    return X.sum(axis=1) * w.sum() + b


def linear_integer_results(X, w, b):
    results = np.zeros_like(X[:, 0])
    for i in range(len(X)):
        results[i] = X[i] @ w + b
    return results


def linear_integer_weights(X, w, b):
    return X @ w.astype(X.dtype) + b


# -- neuron --------------------------------------------------------------------------------------------------------------


def neuron_bias_after(X, w, b, activation):
    return activation(X @ w) + b


def neuron_without_bias(X, w, b, activation):
    return activation(X @ w)


def neuron_bias_one(X, w, b, activation):
    return activation(X @ w + 1.0)


def neuron_bias_subtracted(X, w, b, activation):
    return activation(X @ w - b)


def neuron_linear(X, w, b, activation):
    return X @ w + b


def neuron_activates_inputs(X, w, b, activation):
    return activation(X) @ w + b


def neuron_activates_products(X, w, b, activation):
    return activation(X * w).sum(axis=1) + b


def neuron_bias_per_product(X, w, b, activation):
    return activation((X * w + b).sum(axis=1))


def neuron_activates_terms(X, w, b, activation):
    return activation(X * w + b).sum(axis=1)


def neuron_twice(X, w, b, activation):
    return activation(activation(X @ w + b))


def neuron_always_sigmoid(X, w, b, activation):
    return 1.0 / (1.0 + np.exp(-(X @ w + b)))


def neuron_always_tanh(X, w, b, activation):
    return np.tanh(X @ w + b)


def neuron_always_step(X, w, b, activation):
    return (X @ w + b >= 0).astype(float)


def neuron_always_relu(X, w, b, activation):
    return np.maximum(X @ w + b, 0.0)


def neuron_both(X, w, b, activation):
    z = X @ w + b
    return z, activation(z)


def neuron_gated(X, w, b, activation):
    z = X @ w + b
    return z * activation(z)


def neuron_all_rows(X, w, b, activation):
    return activation(np.array((X * w).sum() + b))


def neuron_column(X, w, b, activation):
    return activation(X @ w + b)[:, None]


# -- threshold_unit ------------------------------------------------------------------------------------------------------


def threshold_strict(X, w, threshold):
    return (X @ w > threshold).astype(float)


def threshold_ignored(X, w, threshold):
    return (X @ w >= 0).astype(float)


def threshold_ignored_strict(X, w, threshold):
    return (X @ w > 0).astype(float)


def threshold_added(X, w, threshold):
    return (X @ w + threshold >= 0).astype(float)


def threshold_added_strict(X, w, threshold):
    return (X @ w + threshold > 0).astype(float)


def threshold_weights_ignored(X, w, threshold):
    return (X.sum(axis=1) >= threshold).astype(float)


def threshold_reversed(X, w, threshold):
    return (X @ w <= threshold).astype(float)


def threshold_reversed_strict(X, w, threshold):
    return (X @ w < threshold).astype(float)


def threshold_bipolar(X, w, threshold):
    return np.where(X @ w >= threshold, 1.0, -1.0)


def threshold_bipolar_sign(X, w, threshold):
    return np.sign(X @ w - threshold)


def threshold_not_compared(X, w, threshold):
    return X @ w - threshold


def threshold_sum_passed_on(X, w, threshold):
    z = X @ w
    return np.where(z >= threshold, z, 0.0)


def threshold_excess_passed_on(X, w, threshold):
    return np.maximum(X @ w - threshold, 0.0)


def threshold_sigmoid(X, w, threshold):
    return 1.0 / (1.0 + np.exp(-(X @ w - threshold)))


def threshold_each_product(X, w, threshold):
    return (X * w >= threshold).astype(float)


def threshold_any_product(X, w, threshold):
    return (X * w >= threshold).any(axis=1).astype(float)


def threshold_all_products(X, w, threshold):
    return (X * w >= threshold).all(axis=1).astype(float)


def threshold_two_inputs(X, w, threshold):
    return (X[:, 0] * w[0] + X[:, 1] * w[1] >= threshold).astype(float)


def threshold_all_rows(X, w, threshold):
    return float((X * w).sum() >= threshold)


def threshold_column(X, w, threshold):
    return (X @ w >= threshold).astype(float)[:, None]


def threshold_on_sizes(X, w, threshold):
    return (np.abs(X @ w) >= threshold).astype(float)
