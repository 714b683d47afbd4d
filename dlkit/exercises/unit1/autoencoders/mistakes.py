"""Wrong answers to the exercises on autoencoders: each complete and plausible, with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- predict -------------------------------------------------------------------------------------------------------------


def sizes_with_an_angle():
    return [1, 2, 1, 3]


def sizes_without_biases():
    return [2, 3, 3, 4]


def sizes_with_one_per_point():
    return [1, 2, 2, 4]


def sizes_with_all_columns():
    return [1, 2, 2, 10]


def sizes_with_a_lookup():
    return [1, 2, 2, 1]


def sizes_with_a_circle_in_space():
    return [1, 2, 3, 3]


def sizes_of_the_data():
    return [10, 10, 10, 10]


# -- reconstruction error: with floats, and with the bytes as they come --------------------------------------------------


def error_of_bytes(X, Xhat):
    return np.mean((X - Xhat) ** 2)


def error_per_column(X, Xhat):
    return np.sum((X.astype(float) - Xhat) ** 2) / X.shape[1]


def error_per_column_of_bytes(X, Xhat):
    return np.sum((X - Xhat) ** 2) / X.shape[1]


def error_per_row(X, Xhat):
    return np.sum((X.astype(float) - Xhat) ** 2) / X.shape[0]


def error_per_row_of_bytes(X, Xhat):
    return np.sum((X - Xhat) ** 2) / X.shape[0]


def error_absolute(X, Xhat):
    return np.mean(np.abs(X.astype(float) - Xhat))


def error_absolute_of_bytes(X, Xhat):
    return np.mean(np.abs(X - Xhat))


def error_root(X, Xhat):
    return np.sqrt(np.mean((X.astype(float) - Xhat) ** 2))


def error_root_of_bytes(X, Xhat):
    return np.sqrt(np.mean((X - Xhat) ** 2))


def error_sum(X, Xhat):
    return np.sum((X.astype(float) - Xhat) ** 2)


def error_sum_of_bytes(X, Xhat):
    return np.sum((X - Xhat) ** 2)


def error_of_the_mean(X, Xhat):
    return np.mean(X.astype(float) - Xhat) ** 2


def error_of_the_mean_of_bytes(X, Xhat):
    return np.mean(X - Xhat) ** 2


def error_of_each_row(X, Xhat):
    return np.mean((X.astype(float) - Xhat) ** 2, axis=1)


def error_of_each_row_of_bytes(X, Xhat):
    return np.mean((X - Xhat) ** 2, axis=1)


# -- one step of a tied linear autoencoder -------------------------------------------------------------------------------


def _tied_parts(X, W):
    """Loss and the two terms of its gradient: through the encoder, through the decoder."""
    H = X @ W
    difference = H @ W.T - X
    dR = 2 * difference / X.size
    return np.mean(difference**2), X.T @ (dR @ W), dR.T @ H


def tied_decoder_only(X, W, lr):
    loss, _, decoder = _tied_parts(X, W)
    return loss, W - lr * decoder


def tied_encoder_only(X, W, lr):
    loss, encoder, _ = _tied_parts(X, W)
    return loss, W - lr * encoder


def tied_encoder_twice(X, W, lr):
    loss, encoder, _ = _tied_parts(X, W)
    return loss, W - lr * 2 * encoder


def tied_decoder_twice(X, W, lr):
    loss, _, decoder = _tied_parts(X, W)
    return loss, W - lr * 2 * decoder


def tied_without_two(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss, W - lr * (encoder + decoder) / 2


def tied_gradient_per_row(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss, W - lr * (encoder + decoder) * X.shape[1]


def tied_per_row(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss * X.shape[1], W - lr * (encoder + decoder) * X.shape[1]


def tied_sum(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss * X.size, W - lr * (encoder + decoder) * X.size


def tied_gradient_of_the_sum(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss, W - lr * (encoder + decoder) * X.size


def tied_plain_difference(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss, W - lr * (encoder + decoder) * X.size / 2


def tied_uphill(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss, W + lr * (encoder + decoder)


def tied_loss_after(X, W, lr):
    _, encoder, decoder = _tied_parts(X, W)
    new = W - lr * (encoder + decoder)
    return _tied_parts(X, new)[0], new


def tied_gradient(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    return loss, encoder + decoder


def tied_in_place(X, W, lr):
    loss, encoder, decoder = _tied_parts(X, W)
    W -= lr * (encoder + decoder)
    return loss, W


# -- two losses behind a logistic output ---------------------------------------------------------------------------------


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)


def output_by_cases(x, z):
    r = _sigmoid(z)
    return np.where(x == 1, r - 1, r), 2 * (r - x) * r * (1 - r)


def output_by_rounding(x, z):
    r = _sigmoid(z)
    return r - (x > 0.5), 2 * (r - x) * r * (1 - r)


def output_overflowing(x, z):
    r = np.exp(z) / (1 + np.exp(z))
    return r - x, 2 * (r - x) * r * (1 - r)


def output_wrt_r(x, z):
    r = _sigmoid(z)
    return (r - x) / (r * (1 - r)), 2 * (r - x) * r * (1 - r)


def output_no_cancel(x, z):
    r = _sigmoid(z)
    return (r - x) * r * (1 - r), 2 * (r - x) * r * (1 - r)


def output_without_slope(x, z):
    r = _sigmoid(z)
    return r - x, 2 * (r - x)


def output_without_two(x, z):
    r = _sigmoid(z)
    return r - x, (r - x) * r * (1 - r)


def output_without_sigmoid(x, z):
    return z - x, 2 * (z - x)


def output_slope_of_z(x, z):
    r = _sigmoid(z)
    return r - x, 2 * (r - x) * z * (1 - z)


def output_slope_of_tanh(x, z):
    r = _sigmoid(z)
    return r - x, 2 * (r - x) * (1 - r**2)


def output_swapped(x, z):
    r = _sigmoid(z)
    return 2 * (r - x) * r * (1 - r), r - x


def output_mean(x, z):
    r = _sigmoid(z)
    return (r - x) / x.size, 2 * (r - x) * r * (1 - r) / x.size


# -- outlier scores ------------------------------------------------------------------------------------------------------


def scores_signed(X, Xhat):
    D = X - Xhat
    return D, (D**2).sum(axis=1), (D**2).sum(axis=0)


def scores_square_of_sum(X, Xhat):
    D = X - Xhat
    return np.abs(D), D.sum(axis=1) ** 2, D.sum(axis=0) ** 2


def scores_square_of_absolute_sum(X, Xhat):
    D = np.abs(X - Xhat)
    return D, D.sum(axis=1) ** 2, D.sum(axis=0) ** 2


def scores_squared_entries(X, Xhat):
    D = (X - Xhat) ** 2
    return D, D.sum(axis=1), D.sum(axis=0)


def scores_absolute(X, Xhat):
    D = np.abs(X - Xhat)
    return D, D.sum(axis=1), D.sum(axis=0)


def scores_swapped(X, Xhat):
    D = X - Xhat
    return np.abs(D), (D**2).sum(axis=0), (D**2).sum(axis=1)


def scores_means(X, Xhat):
    D = X - Xhat
    return np.abs(D), (D**2).mean(axis=1), (D**2).mean(axis=0)


def scores_norms(X, Xhat):
    D = X - Xhat
    return np.abs(D), np.sqrt((D**2).sum(axis=1)), np.sqrt((D**2).sum(axis=0))


def scores_signed_sums(X, Xhat):
    D = X - Xhat
    return np.abs(D), D.sum(axis=1), D.sum(axis=0)


def scores_keepdims(X, Xhat):
    D = X - Xhat
    return np.abs(D), (D**2).sum(axis=1, keepdims=True), (D**2).sum(axis=0, keepdims=True)


# -- denoising -----------------------------------------------------------------------------------------------------------


def denoising_noisy_target(X, noise):
    inputs = (X + noise).reshape(-1, X.shape[1])
    return inputs, inputs


def denoising_noisy_target_3d(X, noise):
    return X + noise, X + noise


def denoising_swapped(X, noise):
    return np.tile(X, (len(noise), 1)), (X + noise).reshape(-1, X.shape[1])


def denoising_repeated(X, noise):
    return (X + noise).reshape(-1, X.shape[1]), np.repeat(X, len(noise), axis=0)


def denoising_short_target(X, noise):
    return (X + noise).reshape(-1, X.shape[1]), X


def denoising_first_draw(X, noise):
    return X + noise[0], X


def denoising_averaged(X, noise):
    return X + noise.mean(axis=0), X


def denoising_noise_target(X, noise):
    return (X + noise).reshape(-1, X.shape[1]), noise.reshape(-1, X.shape[1])


def denoising_no_noise(X, noise):
    clean = np.tile(X, (len(noise), 1))
    return clean, clean


def denoising_multiplied(X, noise):
    return (X * noise).reshape(-1, X.shape[1]), np.tile(X, (len(noise), 1))


def denoising_subtracted(X, noise):
    return (X - noise).reshape(-1, X.shape[1]), np.tile(X, (len(noise), 1))


def denoising_3d(X, noise):
    return X + noise, np.broadcast_to(X, noise.shape)

