"""The exercise on a small deep autoencoder: D inputs, tanh, a linear code, tanh, a linear reconstruction.

Three functions of the answer are judged one after the other: the forward pass on random weights, one step of gradient
descent on random weights, and training on a saddle in space, where it has to do better than PCA on new points. The saddle
comes in random order with its axes exchanged and reflected. Training moves along with that, so its outcome is the same
for every course key although no number is.
"""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake, Regime
from dlkit.exercises.unit1.autoencoders import deep_answers as answers

STEPS, RATE, START = 30, 0.5, 1054  # START: a seed whose first weights train fast


def _random_weights(rng, D, hidden, code):
    sizes = (D, hidden, code, hidden, D)
    return [(rng.normal(size=(n, m)) / np.sqrt(n), 0.3 * rng.normal(size=m)) for n, m in zip(sizes, sizes[1:], strict=False)]


def _forward(rng):
    return "forward", rng.normal(size=(3, 5)), None, _random_weights(rng, 5, 7, 2), 0.0, 0


def _one_step(rng):
    return "step", rng.normal(size=(11, 5)), None, _random_weights(rng, 5, 7, 2), float(rng.uniform(0.05, 0.2)), 1


def _saddle(x):
    """Points (a, b, 0.8 (a^2 - b^2)) over the square grid of `x`."""
    a, b = (part.ravel() for part in np.meshgrid(x, x))
    return np.stack([a, b, 0.8 * (a * a - b * b)], axis=1)


def _training(rng):
    (W1, b1), *middle, (W4, b4) = _random_weights(np.random.default_rng(START), 3, 8, 2)
    axes, signs = rng.permutation(3), rng.choice([-1.0, 1.0], size=3)
    weights = [((W1.T * signs)[:, axes].T.copy(), b1), *middle, ((W4 * signs)[:, axes], (b4 * signs)[axes])]
    X, X_new = ((_saddle(np.linspace(-1.2, 1.2, n)) * signs)[:, axes] for n in (6, 5))
    return "training", X[rng.permutation(len(X))], X_new, weights, RATE, STEPS


def error_of_pca(X, X_new, k):
    """Mean squared error of new points, projected to the k directions of largest variance of `X`."""
    mean = X.mean(axis=0)
    V = np.linalg.svd(X - mean, full_matrices=False)[2][:k]
    return float(np.mean(((X_new - mean) - (X_new - mean) @ V.T @ V) ** 2))


def probe(answer, what, X, X_new, weights, lr, steps):
    """Codes and reconstructions, the parameters after one step (last layer first), or how training ends."""
    if what == "forward":
        codes, reconstructions = answer.later("encode", X, weights), answer.later("reconstruct", X, weights)
        return {"codes": codes.value, "reconstructions": reconstructions.value}
    trained = answer.fit_autoencoder(X, weights, lr, steps)
    if what == "step":
        pairs = zip("4321", list(trained)[::-1], strict=True)
        return {name + number: value for number, pair in pairs for name, value in zip("Wb", pair, strict=True)}
    error = float(np.mean((answers.reconstruct(X_new, trained) - X_new) ** 2))
    better = error < 0.5 * error_of_pca(X, X_new, weights[1][0].shape[1])
    return f"new points: {'less' if better else 'not less'} than half the error of PCA"


def _with(fit=answers.fit_autoencoder, encode=answers.encode, reconstruct=answers.reconstruct):
    return {"encode": encode, "reconstruct": reconstruct, "fit_autoencoder": fit}


DEEP_AUTOENCODER = Exercise(
    key="unit1.deep_autoencoder",
    title="A deep autoencoder that beats PCA",
    reference=_with(),
    alternatives=(_with(answers.fit_by_layers, answers.encode_by_layers, answers.reconstruct_by_layers),),
    probe=probe,
    regimes={"forward pass": _forward, "one step": _one_step, "training": Regime(_training, cases=1)},
    parts={"forward pass": 1.0, "one step": 2.0, "training": 1.0},
    mistakes=(
        Mistake("puts a tanh on the code: it is linear, only the two hidden layers bend",
                _with(answers.fit_with_tanh_code, answers.encode_with_tanh, answers.reconstruct_with_tanh_code)),
        Mistake("has no tanh at all: four linear layers are one linear map, and none of those beats PCA",
                _with(answers.fit_linearly, answers.encode_linearly, answers.reconstruct_linearly)),
        Mistake("puts a tanh on the reconstruction, which then cannot leave -1 to 1",
                _with(answers.fit_with_tanh, reconstruct=answers.reconstruct_with_tanh),
                also=(_with(answers.fit_with_tanh_without_slope, reconstruct=answers.reconstruct_with_tanh),)),
        Mistake("returns the hidden layer of the encoder as the code: one more linear layer follows",
                _with(encode=answers.encode_to_hidden), mark=3.0),
        Mistake("lets the error pass through tanh unchanged: multiply by its slope, 1 - A^2",
                _with(answers.fit_without_slopes), mark=1.0),
        Mistake("multiplies by a slope 1 - H^2 at the code, which is linear: its slope is 1",
                _with(answers.fit_with_slope_at_the_code), mark=1.0),
        Mistake("uses the slope of the sigmoid, A (1 - A), for tanh", _with(answers.fit_with_sigmoid_slopes), mark=1.0),
        Mistake("takes tanh once more in the slope: A already is the tanh, so the slope is 1 - A^2",
                _with(answers.fit_with_tanh_in_the_slope), mark=1.0),
        Mistake("changes a layer's weights before the error has travelled back through them",
                _with(answers.fit_with_new_weights), mark=2.0),
        Mistake("never changes the biases", _with(answers.fit_without_biases), mark=1.0),
        Mistake("averages the gradient of the biases over the rows: the division by N is already in the error at the output",
                _with(answers.fit_with_mean_bias_gradients), mark=1.0),
        Mistake("forgets the 2 that the square leaves in the gradient", _with(answers.fit_without_two), mark=1.0),
        Mistake("divides by the number of rows only: the mean runs over all N times D entries",
                _with(answers.fit_per_row), mark=1.0),
        Mistake("adds up the squares without dividing, so every step is far too long",
                _with(answers.fit_the_sum), mark=1.0),
        Mistake("starts from the plain difference R - X: the gradient of the mean of squares has a factor 2 / (N D)",
                _with(answers.fit_plain_difference), mark=1.0),
        Mistake("goes uphill: subtract the gradient, with R - X in the error", _with(answers.fit_uphill), mark=1.0),
        Mistake("does not repeat the whole step: each of them needs a forward pass of its own, with the newest weights",
                _with(answers.fit_with_first_outputs), mark=3.0, also=(_with(answers.fit_once),)),
        Mistake("trains the decoder only: the error travels on through the code into the encoder",
                _with(answers.fit_decoder_only), mark=1.0),
        Mistake("changes the given weights in place: work on copies", _with(answers.fit_in_place), mark=1.0),
    ),
    hints=("Write the forward pass so that it keeps A, H and B: the backward pass needs all three.",
           "An error goes back through a layer with the transposed weights, and through tanh with a factor 1 - A^2 (entry by "
           "entry). The code has no tanh.",
           "dR = 2 (R - X) / (N D); dB = dR W4^T * (1 - B^2); dH = dB W3^T; dA = dH W2^T * (1 - A^2). Then for each layer: "
           "W - lr * (its input)^T (its error), b - lr * (its error summed over the rows)."),
    minutes=12, difficulty=4, rung="compose",
    inapplicable={"too low precision": "how well a trained network reconstructs does not hang on the eighth digit"},
)
