"""The exercise on the saliency of every input of a small network."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import network as networks
from dlkit.numpy import saliency as inputs

# -- right answers and mistakes --------------------------------------------------------------------------------------------


def saliency(X, W1, b1, W2, b2, class_index):
    network = networks.mlp([len(W1), len(b1), len(b2)], np.random.default_rng(0))
    network.params = {"0.W": W1, "0.b": b1, "2.W": W2, "2.b": b2}
    return inputs.saliency(network, X, class_index)


def saliency_by_chain_rule(X, W1, b1, W2, b2, class_index):
    slopes = 1 - np.tanh(X @ W1 + b1) ** 2
    return np.abs((slopes * W2[:, class_index]) @ W1.T)


def saliency_entry_by_entry(X, W1, b1, W2, b2, class_index):
    found = np.zeros(X.shape)
    for n, x in enumerate(X):
        for i in range(len(x)):
            for j in range(len(b1)):
                found[n, i] += W1[i, j] * W2[j, class_index] / np.cosh(x @ W1[:, j] + b1[j]) ** 2
    return np.abs(found)


def hidden(X, W1, b1):
    return np.tanh(X @ W1 + b1)


def saliency_signed(X, W1, b1, W2, b2, class_index):
    return ((1 - hidden(X, W1, b1) ** 2) * W2[:, class_index]) @ W1.T


def saliency_of_weights(X, W1, b1, W2, b2, class_index):
    return np.tile(np.abs(W1 @ W2[:, class_index]), (len(X), 1))


def saliency_of_weights_one_row(X, W1, b1, W2, b2, class_index):
    return np.abs(W1 @ W2[:, class_index])


def saliency_slope_of_z(X, W1, b1, W2, b2, class_index):
    return np.abs(((1 - (X @ W1 + b1) ** 2) * W2[:, class_index]) @ W1.T)


def saliency_slope_without_square(X, W1, b1, W2, b2, class_index):
    return np.abs(((1 - hidden(X, W1, b1)) * W2[:, class_index]) @ W1.T)


def saliency_slope_of_sigmoid(X, W1, b1, W2, b2, class_index):
    H = hidden(X, W1, b1)
    return np.abs((H * (1 - H) * W2[:, class_index]) @ W1.T)


def saliency_activation_for_slope(X, W1, b1, W2, b2, class_index):
    return np.abs((hidden(X, W1, b1) * W2[:, class_index]) @ W1.T)


def saliency_without_bias(X, W1, b1, W2, b2, class_index):
    return np.abs(((1 - np.tanh(X @ W1) ** 2) * W2[:, class_index]) @ W1.T)


def saliency_absolute_too_early(X, W1, b1, W2, b2, class_index):
    return np.abs((1 - hidden(X, W1, b1) ** 2) * W2[:, class_index]) @ np.abs(W1).T


def saliency_squared(X, W1, b1, W2, b2, class_index):
    return saliency_signed(X, W1, b1, W2, b2, class_index) ** 2


def saliency_times_input(X, W1, b1, W2, b2, class_index):
    return np.abs(X * saliency_signed(X, W1, b1, W2, b2, class_index))


def saliency_of_all_classes(X, W1, b1, W2, b2, class_index):
    return np.abs(((1 - hidden(X, W1, b1) ** 2) * W2.sum(axis=1)) @ W1.T)


def probabilities(X, W1, b1, W2, b2):
    scores = hidden(X, W1, b1) @ W2 + b2
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def saliency_of_probability(X, W1, b1, W2, b2, class_index):
    P = probabilities(X, W1, b1, W2, b2)
    upstream = P[:, [class_index]] * (np.eye(len(b2))[class_index] - P)
    return np.abs(((1 - hidden(X, W1, b1) ** 2) * (upstream @ W2.T)) @ W1.T)


def saliency_of_loss(X, W1, b1, W2, b2, class_index):
    upstream = probabilities(X, W1, b1, W2, b2) - np.eye(len(b2))[class_index]
    return np.abs(((1 - hidden(X, W1, b1) ** 2) * (upstream @ W2.T)) @ W1.T)


def saliency_of_first_class(X, W1, b1, W2, b2, class_index):
    return np.abs(saliency_signed(X, W1, b1, W2, b2, 0))


def saliency_of_predicted_class(X, W1, b1, W2, b2, class_index):
    H = hidden(X, W1, b1)
    return np.abs(((1 - H**2) * W2[:, (H @ W2 + b2).argmax(axis=1)].T) @ W1.T)


def saliency_of_hidden_units(X, W1, b1, W2, b2, class_index):
    return np.abs((1 - hidden(X, W1, b1) ** 2) * W2[:, class_index])


def saliency_row_of_w2(X, W1, b1, W2, b2, class_index):
    return np.abs(((1 - hidden(X, W1, b1) ** 2) * W2[class_index]) @ W1.T)


def saliency_w1_not_transposed(X, W1, b1, W2, b2, class_index):
    return np.abs(((1 - hidden(X, W1, b1) ** 2) * W2[:, class_index]) @ W1)


def saliency_averaged(X, W1, b1, W2, b2, class_index):
    return np.abs(saliency_signed(X, W1, b1, W2, b2, class_index)).mean(axis=0)


def saliency_summed(X, W1, b1, W2, b2, class_index):
    return np.abs(saliency_signed(X, W1, b1, W2, b2, class_index)).sum(axis=0)


def saliency_squeezed(X, W1, b1, W2, b2, class_index):
    return np.squeeze(np.abs(saliency_signed(X, W1, b1, W2, b2, class_index)))


HAND_NETWORK = (np.array([[1.0, 1.0], [-2.0, 1.0]]), np.array([np.log(3) / 2, 0.0]),
                np.array([[4.0, 1.0], [-2.0, 3.0]]), np.array([0.5, -0.5]))


def _network(rng, rows, class_index):
    return (rng.normal(size=(rows, 5)), rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=(4, 3)),
            rng.normal(size=3), class_index)


def _seven_rows(rng):
    return _network(rng, 7, 1 + int(rng.integers(2)))


def _one_row(rng):
    """Asks for class 0, which has the smallest score here, so that the network predicts another one."""
    X, W1, b1, W2, b2, _ = _network(rng, 1, 0)
    order = (hidden(X, W1, b1) @ W2 + b2)[0].argsort()
    return X, W1, b1, W2[:, order], b2[order], 0


SALIENCY = Exercise(
    key="unit1.saliency",
    title="The saliency of every input",
    reference=saliency,
    alternatives=(saliency_by_chain_rule, saliency_entry_by_entry),
    examples=(Example(args=(np.array([[0.0, 0.0], [np.log(3) / 2, np.log(3) / 2]]), *HAND_NETWORK, 0),
                      expected=np.array([[1.0, 8.0], [3.28, 8.72]])),),
    regimes={"seven rows": Regime(_seven_rows, cases=3), "one row": Regime(_one_row, hidden=True)},
    parts={"worked example": 0.5, "seven rows": 2.0, "one row": 0.5},
    mistakes=(
        Mistake("keeps the sign: how strongly an input matters is the size of its gradient", saliency_signed),
        Mistake("forgets the slope of tanh, so only the weights count and all rows are alike", saliency_of_weights,
                also=(saliency_of_weights_one_row,)),
        Mistake("takes 1 - z^2 as the slope: for tanh it is 1 - h^2 with the activation h, not with z",
                saliency_slope_of_z),
        Mistake("takes 1 - h as the slope of tanh; the square is missing", saliency_slope_without_square),
        Mistake("takes h (1 - h) as the slope, which belongs to the sigmoid; for tanh it is 1 - h^2",
                saliency_slope_of_sigmoid),
        Mistake("multiplies by the activation h where its slope 1 - h^2 belongs", saliency_activation_for_slope),
        Mistake("leaves the bias b1 out of the forward pass, so the slopes are taken at the wrong place",
                saliency_without_bias),
        Mistake("takes absolute values inside the sum over the hidden units: their contributions may cancel, the absolute "
                "value comes last", saliency_absolute_too_early),
        Mistake("squares the gradient instead of taking its absolute value", saliency_squared),
        Mistake("multiplies the gradient by the input; saliency is the gradient alone", saliency_times_input),
        Mistake("differentiates the sum of all scores: the upstream gradient is 1 at the one class and 0 elsewhere",
                saliency_of_all_classes),
        Mistake("differentiates the probability behind a softmax; take the score of the class itself",
                saliency_of_probability),
        Mistake("differentiates the loss (or the logarithm of the probability); take the score of the class itself",
                saliency_of_loss),
        Mistake("always takes class 0, whatever class_index says", saliency_of_first_class, mark=1.0),
        Mistake("takes the class that the network predicts for each row, not the one that was asked for",
                saliency_of_predicted_class),
        Mistake("stops at the hidden units: one more step back through W1 leads to the inputs", saliency_of_hidden_units),
        Mistake("takes a row of W2 instead of a column: W2 has shape (hidden units, classes)", saliency_row_of_w2),
        Mistake("multiplies by W1 where its transpose carries the gradient back", saliency_w1_not_transposed),
        Mistake("averages or adds up over the rows: the result has the shape of X, one saliency per example and input",
                saliency_averaged, also=(saliency_summed,)),
        Mistake("squeezes the axis of the rows away when there is only one", saliency_squeezed, mark=2.5),
    ),
    hints=("Run the network forward and keep the hidden activations. Then walk back from one score to the inputs.",
           "The gradient at the hidden units is a column of W2; going through tanh multiplies it by 1 - H**2.",
           "((1 - H**2) * W2[:, class_index]) @ W1.T, and then the absolute value."),
    minutes=7, difficulty=3, rung="implement",
)
