"""Right and wrong answers to the exercise on a deep autoencoder, in which only the two hidden layers have a tanh."""

from __future__ import annotations

import numpy as np


def _outputs(X, weights):
    """Hidden layer of the encoder, code, hidden layer of the decoder, reconstruction."""
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = weights
    A = np.tanh(X @ W1 + b1)
    H = A @ W2 + b2
    B = np.tanh(H @ W3 + b3)
    return A, H, B, B @ W4 + b4


def _errors(X, weights, outputs):
    """The derivative of the loss with respect to the net input of each of the four layers."""
    A, _, B, R = outputs
    (_, _), (W2, _), (W3, _), (W4, _) = weights
    dR = 2 * (R - X) / X.size
    dB = dR @ W4.T * (1 - B**2)
    dH = dB @ W3.T
    return dH @ W2.T * (1 - A**2), dH, dB, dR


def _descend(X, weights, outputs, errors, lr):
    """Weights and biases after a step against their gradients."""
    return [(W - lr * before.T @ error, b - lr * error.sum(axis=0))
            for (W, b), before, error in zip(weights, (X, *outputs[:3]), errors, strict=True)]


# -- right answers -------------------------------------------------------------------------------------------------------


def encode(X, weights):
    return _outputs(X, weights)[1]


def reconstruct(X, weights):
    return _outputs(X, weights)[3]


def fit_autoencoder(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        weights = _descend(X, weights, outputs, _errors(X, weights, outputs), lr)
    return weights


def encode_by_layers(X, weights):
    return np.tanh(X @ weights[0][0] + weights[0][1]) @ weights[1][0] + weights[1][1]


def reconstruct_by_layers(X, weights):
    H = encode_by_layers(X, weights)
    return np.tanh(H @ weights[2][0] + weights[2][1]) @ weights[3][0] + weights[3][1]


def fit_by_layers(X, weights, lr, steps):
    """A loop over layers, on copies that are changed in place; it returns a tuple of lists."""
    Ws, bs = [np.array(W) for W, _ in weights], [np.array(b) for _, b in weights]
    for _ in range(steps):
        A = [X]
        for k in range(4):
            Z = A[k] @ Ws[k] + bs[k]
            A.append(Z if k % 2 else np.tanh(Z))
        delta = 2 / len(X) / X.shape[1] * (A[4] - X)
        for k in (3, 2, 1, 0):
            back = delta @ Ws[k].T
            Ws[k] -= lr * A[k].T @ delta
            bs[k] -= lr * delta.sum(axis=0)
            delta = back if k % 2 == 0 else back * (1 - A[k] ** 2)
    return tuple([W, b] for W, b in zip(Ws, bs, strict=True))


# -- wrong answers -------------------------------------------------------------------------------------------------------


def encode_with_tanh(X, weights):
    return np.tanh(_outputs(X, weights)[1])


def _outputs_with_tanh_code(X, weights):
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = weights
    A = np.tanh(X @ W1 + b1)
    H = np.tanh(A @ W2 + b2)
    B = np.tanh(H @ W3 + b3)
    return A, H, B, B @ W4 + b4


def reconstruct_with_tanh_code(X, weights):
    return _outputs_with_tanh_code(X, weights)[3]


def fit_with_tanh_code(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs_with_tanh_code(X, weights)
        A, H, B, R = outputs
        dR = 2 * (R - X) / X.size
        dB = dR @ weights[3][0].T * (1 - B**2)
        dH = dB @ weights[2][0].T * (1 - H**2)
        dA = dH @ weights[1][0].T * (1 - A**2)
        weights = _descend(X, weights, outputs, (dA, dH, dB, dR), lr)
    return weights


def _linear_outputs(X, weights):
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = weights
    A = X @ W1 + b1
    H = A @ W2 + b2
    B = H @ W3 + b3
    return A, H, B, B @ W4 + b4


def encode_linearly(X, weights):
    return _linear_outputs(X, weights)[1]


def reconstruct_linearly(X, weights):
    return _linear_outputs(X, weights)[3]


def fit_linearly(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _linear_outputs(X, weights)
        dR = 2 * (outputs[3] - X) / X.size
        dB = dR @ weights[3][0].T
        dH = dB @ weights[2][0].T
        weights = _descend(X, weights, outputs, (dH @ weights[1][0].T, dH, dB, dR), lr)
    return weights


def _outputs_with_tanh(X, weights):
    A, H, B, R = _outputs(X, weights)
    return A, H, B, np.tanh(R)


def reconstruct_with_tanh(X, weights):
    return _outputs_with_tanh(X, weights)[3]


def fit_with_tanh(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs_with_tanh(X, weights)
        A, _, B, R = outputs
        dR = 2 * (R - X) / X.size * (1 - R**2)
        dB = dR @ weights[3][0].T * (1 - B**2)
        dH = dB @ weights[2][0].T
        weights = _descend(X, weights, outputs, (dH @ weights[1][0].T * (1 - A**2), dH, dB, dR), lr)
    return weights


def fit_with_tanh_without_slope(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs_with_tanh(X, weights)
        weights = _descend(X, weights, outputs, _errors(X, weights, outputs), lr)
    return weights


def encode_to_hidden(X, weights):
    return _outputs(X, weights)[0]


def fit_without_slopes(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        dR = 2 * (outputs[3] - X) / X.size
        dB = dR @ weights[3][0].T
        dH = dB @ weights[2][0].T
        weights = _descend(X, weights, outputs, (dH @ weights[1][0].T, dH, dB, dR), lr)
    return weights


def fit_with_slope_at_the_code(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        A, H, B, R = outputs
        dR = 2 * (R - X) / X.size
        dB = dR @ weights[3][0].T * (1 - B**2)
        dH = dB @ weights[2][0].T * (1 - H**2)
        dA = dH @ weights[1][0].T * (1 - A**2)
        weights = _descend(X, weights, outputs, (dA, dH, dB, dR), lr)
    return weights


def fit_with_sigmoid_slopes(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        A, _, B, R = outputs
        dR = 2 * (R - X) / X.size
        dB = dR @ weights[3][0].T * B * (1 - B)
        dH = dB @ weights[2][0].T
        dA = dH @ weights[1][0].T * A * (1 - A)
        weights = _descend(X, weights, outputs, (dA, dH, dB, dR), lr)
    return weights


def fit_with_tanh_in_the_slope(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        A, _, B, R = outputs
        dR = 2 * (R - X) / X.size
        dB = dR @ weights[3][0].T * (1 - np.tanh(B) ** 2)
        dH = dB @ weights[2][0].T
        dA = dH @ weights[1][0].T * (1 - np.tanh(A) ** 2)
        weights = _descend(X, weights, outputs, (dA, dH, dB, dR), lr)
    return weights


def fit_with_new_weights(X, weights, lr, steps):
    """Changes each layer before the error has passed through it."""
    for _ in range(steps):
        weights = list(weights)
        inputs = (X, *_outputs(X, weights)[:3])
        error = 2 * (_outputs(X, weights)[3] - X) / X.size
        for k in (3, 2, 1, 0):
            W, b = weights[k]
            weights[k] = (W - lr * inputs[k].T @ error, b - lr * error.sum(axis=0))
            error = error @ weights[k][0].T * (1 - inputs[k] ** 2 if k % 2 else 1.0)
    return weights


def fit_without_biases(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        new = _descend(X, weights, outputs, _errors(X, weights, outputs), lr)
        weights = [(W, b) for (W, _), (_, b) in zip(new, weights, strict=True)]
    return weights


def fit_with_mean_bias_gradients(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        errors = _errors(X, weights, outputs)
        new = _descend(X, weights, outputs, errors, lr)
        weights = [(W, b - lr * error.mean(axis=0)) for (W, _), (_, b), error in zip(new, weights, errors, strict=True)]
    return weights


def fit_without_two(X, weights, lr, steps):
    return fit_autoencoder(X, weights, lr / 2, steps)


def fit_per_row(X, weights, lr, steps):
    return fit_autoencoder(X, weights, lr * X.shape[1], steps)


def fit_the_sum(X, weights, lr, steps):
    return fit_autoencoder(X, weights, lr * X.size, steps)


def fit_plain_difference(X, weights, lr, steps):
    return fit_autoencoder(X, weights, lr * X.size / 2, steps)


def fit_uphill(X, weights, lr, steps):
    return fit_autoencoder(X, weights, -lr, steps)


def fit_once(X, weights, lr, steps):
    return fit_autoencoder(X, weights, lr, 1)


def fit_with_first_outputs(X, weights, lr, steps):
    outputs = _outputs(X, weights)
    for _ in range(steps):
        weights = _descend(X, weights, outputs, _errors(X, weights, outputs), lr)
    return weights


def fit_decoder_only(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        new = _descend(X, weights, outputs, _errors(X, weights, outputs), lr)
        weights = [*weights[:2], *new[2:]]
    return weights


def fit_in_place(X, weights, lr, steps):
    for _ in range(steps):
        outputs = _outputs(X, weights)
        errors = _errors(X, weights, outputs)
        for (W, b), before, error in zip(weights, (X, *outputs[:3]), errors, strict=True):
            W -= lr * before.T @ error
            b -= lr * error.sum(axis=0)
    return weights
