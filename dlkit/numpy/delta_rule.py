"""The delta rule, for one linear unit (Widrow-Hoff, LMS) and for a network with one hidden layer.

Both descend half the squared error of one example, ``0.5 (t - o)^2``, before any threshold. Weights of the
linear unit are *augmented*: its inputs end in a constant 1 and its last weight is the bias.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.linear import augment_ones
from dlkit.numpy.validation import as_float, expect_rng, expect_shape

Pair = tuple[np.ndarray, np.ndarray]  # one array per layer


def lms_step(w: np.ndarray, x: np.ndarray, t: float, lr: float) -> np.ndarray:
    """One step of the delta rule (Widrow-Hoff, LMS): ``w + lr (t - w.x) x``.

    The error is taken before any threshold, so a step is made even where the class is right already: the rule
    descends ``0.5 (t - w.x)^2``. ``t - w.x`` has a sign; the half square is what becomes small.

    Parameters
    ----------
    w : (D + 1,) augmented weights.
    x : (D + 1,) augmented example.
    t : target, any number.
    lr : learning rate, positive.

    Returns
    -------
    (D + 1,) new weights.

    Raises
    ------
    ValueError : when ``w`` does not match ``x``.

    Source: Lecture notes, unit 1, the delta rule; Widrow and Hoff (1960).

    Examples
    --------
    >>> lms_step(np.array([1.0, 0.0]), np.array([2.0, 1.0]), t=3.0, lr=0.5).tolist()    # error 3 - 2 = 1
    [2.0, 0.5]
    """
    w, x = as_float("w", w), as_float("x", x)
    expect_shape("x", x, (None,))
    expect_shape("w", w, x.shape, to_match=("x", x))
    return w + lr * (t - x @ w) * x


def lms_fit(
    X: np.ndarray, t: np.ndarray, lr: float = 0.01, epochs: int = 100, *, rng: np.random.Generator
) -> np.ndarray:
    """Train a linear unit by the delta rule: from zeros, every row once per epoch, in a new random order.

    Parameters
    ----------
    X : (N, D) examples, float.
    t : (N,) targets, float.
    lr : learning rate; too large a rate diverges (keep it below 2 over the largest squared row length).
    epochs : passes over the data.
    rng : draws the orders.

    Returns
    -------
    (D + 1,) augmented weights, bias last.

    Raises
    ------
    ValueError : when shapes do not match.

    Source: Lecture notes, unit 1, the delta rule; Widrow and Hoff (1960).

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0]])                        # t = 2 x + 1
    >>> w = lms_fit(X, np.array([1.0, 3.0, 5.0]), lr=0.2, epochs=200, rng=np.random.default_rng(0))
    >>> w.round(4).tolist()
    [2.0, 1.0]
    """
    X, t = as_float("X", X), as_float("t", t)
    expect_shape("X", X, (None, None))
    expect_shape("t", t, (X.shape[0],), to_match=("X", X))
    expect_rng(rng)
    rows = augment_ones(X)
    w = np.zeros(rows.shape[1], dtype=rows.dtype)
    for _ in range(epochs):
        for i in rng.permutation(len(rows)):
            w += lr * (t[i] - rows[i] @ w) * rows[i]
    return w


@dataclass(frozen=True)
class DeltaStep:
    """All intermediates of one delta-rule step; ``weights`` and ``biases`` are the new ones."""

    hidden_input: np.ndarray  # I_j   (H,)
    hidden_output: np.ndarray  # O_j   (H,)
    output_input: np.ndarray  # I_k   (M,)
    output: np.ndarray  # O_k   (M,)
    error: np.ndarray  # t_k - O_k   (M,)
    output_delta: np.ndarray  # Err_k (M,)
    hidden_delta: np.ndarray  # Err_j (H,)
    weights: Pair  # (D, H), (H, M)
    biases: Pair  # (H,), (M,)


def mlp_delta_step(x: np.ndarray, weights: Pair, biases: Pair, rate: float, target: np.ndarray) -> DeltaStep:
    """One delta-rule step of a network with one hidden layer, sigmoid throughout, on one sample.

    Forward: ``I = x W + theta``, ``O = sigmoid(I)``. Errors: ``Err_k = O_k (1 - O_k)(t_k - O_k)`` and
    ``Err_j = O_j (1 - O_j) sum_k w_jk Err_k``, with the old weights. Update: ``w_ij += rate O_i Err_j`` and
    ``theta_j += rate Err_j``. This is gradient descent on ``0.5 sum_k (t_k - O_k)^2``.

    Parameters
    ----------
    x : (D,) inputs, float.
    weights : pair (D, H), (H, M).
    biases : pair (H,), (M,).
    rate : learning rate, called alpha in the notes.
    target : (M,) or a number, values between 0 and 1.

    Returns
    -------
    DeltaStep : every intermediate and the new parameters.

    Raises
    ------
    ValueError : when a shape does not fit.

    Source: Lecture notes, unit 1, the learning algorithm of the multi-layer perceptron.

    Examples
    --------
    >>> W1, W2 = np.zeros((2, 2)), np.zeros((2, 1))          # every node gives sigmoid(0) = 0.5
    >>> step = mlp_delta_step(np.ones(2), (W1, W2), (np.zeros(2), np.zeros(1)), rate=0.8, target=1.0)
    >>> step.output_delta.tolist()                           # 0.5 * 0.5 * (1 - 0.5)
    [0.125]
    >>> step.weights[1].round(4).tolist()                    # 0 + 0.8 * 0.5 * 0.125
    [[0.05], [0.05]]
    """
    x, W1, W2 = as_float("x", x), as_float("weights[0]", weights[0]), as_float("weights[1]", weights[1])
    b1, b2 = as_float("biases[0]", biases[0]), as_float("biases[1]", biases[1])
    expect_shape("x", x, (None,))
    expect_shape("weights[0]", W1, (x.shape[0], None), to_match=("x", x))
    expect_shape("weights[1]", W2, (W1.shape[1], None), to_match=("weights[0]", W1))
    expect_shape("biases[0]", b1, (W1.shape[1],), to_match=("weights[0]", W1))
    expect_shape("biases[1]", b2, (W2.shape[1],), to_match=("weights[1]", W2))

    target = as_float("target", target)
    if target.ndim:
        expect_shape("target", target, b2.shape, to_match=("weights[1]", W2))

    hidden_input = x @ W1 + b1
    hidden_output = sigmoid(hidden_input)
    output_input = hidden_output @ W2 + b2
    output = sigmoid(output_input)

    error = target - output
    output_delta = output * (1 - output) * error
    hidden_delta = hidden_output * (1 - hidden_output) * (W2 @ output_delta)

    return DeltaStep(
        hidden_input,
        hidden_output,
        output_input,
        output,
        error,
        output_delta,
        hidden_delta,
        weights=(W1 + rate * np.outer(x, hidden_delta), W2 + rate * np.outer(hidden_output, output_delta)),
        biases=(b1 + rate * hidden_delta, b2 + rate * output_delta),
    )
