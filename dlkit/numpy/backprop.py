"""Backpropagation with every intermediate named and kept: one neuron, a 2-2-1 network, an MLP of any depth.

`dlkit.numpy.layers` does the same work and keeps only what it needs; here everything can be looked at. Backpropagation
computes gradients and nothing else. What is done with them is the business of `train_loop`, or of an optimizer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dlkit.numpy.activations import sigmoid, sigmoid_derivative
from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["MLPCache", "MLPGradients", "NeuronPass", "Training", "first_difference", "intermediates",
           "linear_output_221", "mlp_backward", "mlp_forward", "neuron_pass", "train_loop"]

Function = Callable[[np.ndarray], np.ndarray]
Activation = tuple[Function, Function] | None
"""A function and its slope, such as ``(tanh, tanh_derivative)``; None for a layer that stays linear."""


class NeuronPass(NamedTuple):
    """Forward and backward through one neuron; the links of the chain rule are ``dC_da``, ``da_dz``, ``dz_dw``."""

    z: float  # pre-activation w.x + b
    a: float  # activation f(z)
    cost: float  # (a - y)^2
    dC_da: float  # 2 (a - y)
    da_dz: float  # f'(z)
    dC_dz: float  # the product of the two above, shared by all that follow
    dz_dw: np.ndarray  # (D,) the inputs
    dC_dw: np.ndarray  # (D,)
    dC_db: float  # dC_dz * 1
    dC_dx: np.ndarray  # (D,) what the layer before would be told


class MLPCache(NamedTuple):
    """What the forward pass leaves for the backward pass; ``A[0]`` is the input, ``Z[l]`` belongs to ``weights[l]``."""

    A: tuple[np.ndarray, ...]  # (N, n_l), one more than there are layers
    Z: tuple[np.ndarray, ...]  # (N, n_l)
    weights: tuple[np.ndarray, ...]
    activations: tuple[Activation, ...]


class MLPGradients(NamedTuple):
    """Gradients by layer, first layer first."""

    dX: np.ndarray  # (N, D)
    dW: tuple[np.ndarray, ...]  # as the weights
    db: tuple[np.ndarray, ...]  # as the biases
    dZ: tuple[np.ndarray, ...]  # (N, n_l)
    dA: tuple[np.ndarray, ...]  # (N, n_l)


class Training(NamedTuple):
    """What `train_loop` returns."""

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    losses: list[float]  # before each update, and after the last one


def neuron_pass(x: np.ndarray, w: np.ndarray, b: float, y: float,
                activation: Activation = (sigmoid, sigmoid_derivative)) -> NeuronPass:
    """Chain rule through one neuron: dC/dw = dC/da * da/dz * dz/dw for the cost C = (a - y)^2, a = f(w.x + b).

    Parameters
    ----------
    x : array_like, shape (D,)
        Inputs.
    w : array_like, shape (D,)
        Weights.
    b : float
        Bias.
    y : float
        Target.
    activation : (f, slope) or None
        The function and its derivative; None for a linear neuron.

    Returns
    -------
    NeuronPass

    Raises
    ------
    ValueError : if the shapes do not match.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> links = neuron_pass([2.0], [3.0], 1.0, 5.0, activation=None)     # z = a = 7, two too many
    >>> links.dC_da, links.dC_dw.tolist(), links.dC_db, links.dC_dx.tolist()
    (4.0, [8.0], 4.0, [12.0])
    """
    x, w = as_float("x", x), as_float("w", w)
    expect_shape("x", x, (None,))
    expect_shape("w", w, x.shape, to_match=("x", x))
    z = np.asarray(x @ w + b)
    a, slope = (z, np.ones_like(z)) if activation is None else (activation[0](z), activation[1](z))
    dC_da = 2.0 * (float(a) - y)
    dC_dz = dC_da * float(slope)
    return NeuronPass(float(z), float(a), (float(a) - y) ** 2, dC_da, float(slope), dC_dz, x.copy(), dC_dz * x, dC_dz,
                      dC_dz * w)


def linear_output_221(x: np.ndarray, y: float, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray],
                      hidden: Activation = None) -> dict[str, float]:
    """The nine partial derivatives of L = (y - yhat)^2 in a network of 2 inputs, 2 hidden units and 1 linear output.

    With O_1j = f(z_j), z_j = w_1j^1 x_1 + w_2j^1 x_2 + b_1j and yhat = w_11^2 O_11 + w_21^2 O_12 + b_21:
    dL/dw_j1^2 = -2 (y - yhat) O_1j and dL/dw_ij^1 = -2 (y - yhat) w_j1^2 f'(z_j) x_i; biases have input 1.

    Parameters
    ----------
    x : array_like, shape (2,)
        Inputs.
    y : float
        Target.
    weights : pair of array_like, shapes (2, 2) and (2, 1)
        Row: where from; column: where to.
    biases : pair of array_like, shapes (2,) and (1,)
    hidden : (f, slope) or None
        Activation of the hidden units; None as in the notes, where they are linear.

    Returns
    -------
    dict of float
        "w11^1", "w12^1", "w21^1", "w22^1", "b11", "b12", "w11^2", "w21^2", "b21": from unit i to unit j, into layer k.

    Raises
    ------
    ValueError : if a shape is another one.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> d = linear_output_221([1.0, 2.0], 3.0, ([[1.0, 0.0], [0.0, 1.0]], [[1.0], [1.0]]), ([0.0, 0.0], [1.0]))
    >>> d["w11^2"], d["w21^2"], d["b21"], d["w21^1"]        # yhat = 1 + 2 + 1 = 4, one too many
    (2.0, 4.0, 2.0, 4.0)
    """
    x = as_float("x", x)
    expect_shape("x", x, (2,))
    W1, W2 = as_float("weights[0]", weights[0]), as_float("weights[1]", weights[1])
    expect_shape("weights[0]", W1, (2, 2))
    expect_shape("weights[1]", W2, (2, 1))
    output, cache = mlp_forward(x[None], (W1, W2), biases, (hidden, None))
    grads = mlp_backward(-2.0 * (y - output), cache)
    (dW1, dW2), (db1, db2) = grads.dW, grads.db
    return {"w11^1": float(dW1[0, 0]), "w12^1": float(dW1[0, 1]), "w21^1": float(dW1[1, 0]),
            "w22^1": float(dW1[1, 1]), "b11": float(db1[0]), "b12": float(db1[1]), "w11^2": float(dW2[0, 0]),
            "w21^2": float(dW2[1, 0]), "b21": float(db2[0])}


def mlp_forward(X: np.ndarray, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray],
                activations: Sequence[Activation]) -> tuple[np.ndarray, MLPCache]:
    """Forward pass that keeps everything: Z_l = A_(l-1) W_l + b_l, A_l = f_l(Z_l), A_0 = X.

    Parameters
    ----------
    X : array_like, shape (N, D)
        One example per row.
    weights : sequence of array_like, shapes (D, n_1), (n_1, n_2), ...
    biases : sequence of array_like, shapes (n_1,), (n_2,), ...
    activations : sequence of (f, slope) or None
        One per layer.

    Returns
    -------
    output : ndarray, shape (N, n_L)
    cache : MLPCache

    Raises
    ------
    ValueError : if numbers of layers or shapes do not match.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> output, cache = mlp_forward([[1.0, 2.0]], [[[1.0], [1.0]], [[2.0]]], [[0.5], [0.0]], [None, None])
    >>> cache.Z[0].tolist(), output.tolist()
    ([[3.5]], [[7.0]])
    """
    if not len(weights) == len(biases) == len(activations):
        raise ValueError(f"weights, biases and activations have {len(weights)}, {len(biases)} and "
                         f"{len(activations)} entries, expected one per layer")
    A = [as_float("X", X)]
    expect_shape("X", A[0], (None, None))
    Z, used = [], []
    for number, (W, b, activation) in enumerate(zip(weights, biases, activations, strict=True)):
        W, b = as_float(f"weights[{number}]", W), as_float(f"biases[{number}]", b)
        expect_shape(f"weights[{number}]", W, (A[-1].shape[1], None), to_match=("what arrives", A[-1]))
        expect_shape(f"biases[{number}]", b, W.shape[1:], to_match=(f"weights[{number}]", W))
        used.append(W)
        Z.append(A[-1] @ W + b)  # (N, n_in) @ (n_in, n_out) -> (N, n_out)
        A.append(Z[-1] if activation is None else activation[0](Z[-1]))
    return A[-1], MLPCache(tuple(A), tuple(Z), tuple(used), tuple(activations))


def mlp_backward(dA: np.ndarray, cache: MLPCache) -> MLPGradients:
    """Backward pass of `mlp_forward`: from the last layer to the first,

    dZ_l = dA_l * f_l'(Z_l), dW_l = A_(l-1)^T dZ_l, db_l = sum over the examples of dZ_l, dA_(l-1) = dZ_l W_l^T.

    The last formula is the sum over all successors of a unit: it has told all of them something.

    Parameters
    ----------
    dA : array_like, shape (N, n_L)
        Upstream gradient: of the loss with respect to the output.
    cache : MLPCache
        From `mlp_forward`.

    Returns
    -------
    MLPGradients

    Raises
    ------
    ValueError : if dA has not the shape of the output.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> output, cache = mlp_forward([[1.0, 2.0]], [[[1.0], [1.0]], [[2.0]]], [[0.5], [0.0]], [None, None])
    >>> grads = mlp_backward([[10.0]], cache)
    >>> grads.dW[1].tolist(), grads.dW[0].tolist(), grads.db[0].tolist(), grads.dX.tolist()
    ([[35.0]], [[20.0], [40.0]], [20.0], [[20.0, 20.0]])
    """
    dA = as_float("dA", dA)
    expect_shape("dA", dA, cache.A[-1].shape, to_match=("the output", cache.A[-1]))
    dW, db, dZ, dAs = [], [], [], []
    for layer in reversed(range(len(cache.weights))):
        activation = cache.activations[layer]
        dAs.append(dA)
        dZ.append(dA if activation is None else dA * activation[1](cache.Z[layer]))
        dW.append(cache.A[layer].T @ dZ[-1])  # (n_in, N) @ (N, n_out)
        db.append(dZ[-1].sum(axis=0))
        dA = dZ[-1] @ cache.weights[layer].T  # (N, n_out) @ (n_out, n_in): summed over the successors
    return MLPGradients(dA, *(tuple(reversed(items)) for items in (dW, db, dZ, dAs)))


def intermediates(cache: MLPCache, gradients: MLPGradients | None = None) -> dict[str, np.ndarray]:
    """All numbers of a pass by name, in the order in which they are computed.

    Parameters
    ----------
    cache : MLPCache
    gradients : MLPGradients, optional
        Leave it out for the forward pass alone.

    Returns
    -------
    dict of ndarray
        "Z1", "A1", "Z2", ... and backwards "dA2", "dZ2", "dW2", "db2", "dA1", ...

    Examples
    --------
    >>> output, cache = mlp_forward([[1.0]], [[[3.0]], [[2.0]]], [[0.0], [1.0]], [None, None])
    >>> table = intermediates(cache, mlp_backward([[1.0]], cache))
    >>> " ".join(table)
    'Z1 A1 Z2 A2 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1'
    """
    table: dict[str, np.ndarray] = {}
    for number, (Z, A) in enumerate(zip(cache.Z, cache.A[1:], strict=True), start=1):
        table |= {f"Z{number}": Z, f"A{number}": A}
    if gradients is not None:
        for number in range(len(cache.weights), 0, -1):
            for name in ("dA", "dZ", "dW", "db"):
                table[f"{name}{number}"] = getattr(gradients, name)[number - 1]
    return table


def first_difference(printed: Mapping[str, np.ndarray], right: Mapping[str, np.ndarray],
                     tolerance: float = 1e-9) -> str | None:
    """Name of the first line of a table that differs from the right one; None if none does.

    Lines after a wrong one are computed from it, so they are wrong without being at fault.

    Parameters
    ----------
    printed, right : mapping of str to array_like
        Tables with the same names, in the order of computation.
    tolerance : float
        Largest accepted absolute difference.

    Returns
    -------
    str or None

    Raises
    ------
    ValueError : if the names differ.

    Examples
    --------
    >>> first_difference({"Z1": [1.0], "A1": [0.5], "Z2": [7.0]}, {"Z1": [1.0], "A1": [0.6], "Z2": [8.0]})
    'A1'
    """
    if list(printed) != list(right):
        raise ValueError(f"printed has the lines {', '.join(printed)}, expected {', '.join(right)}")
    for name, value in right.items():
        mine, value = np.asarray(printed[name], dtype=float), np.asarray(value, dtype=float)
        if mine.shape != value.shape or not (np.abs(mine - value) <= tolerance).all():
            return name
    return None


def train_loop(X: np.ndarray, y: np.ndarray, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray],
               activations: Sequence[Activation], loss: Callable, lr: float, epochs: int,
               target_loss: float = -np.inf) -> Training:
    """The training loop, all rows at once: forward, loss, backward, update w <- w - lr * gradient; repeat.

    Parameters
    ----------
    X : array_like, shape (N, D)
    y : array_like
        Targets, as the loss wants them.
    weights, biases, activations
        As for `mlp_forward`; the given arrays stay as they are.
    loss : callable
        (output, y) -> (value, gradient).
    lr : float
        Learning rate.
    epochs : int
        Largest number of updates.
    target_loss : float
        Stop before an update when the loss is at most this.

    Returns
    -------
    Training

    Raises
    ------
    ValueError : if shapes do not match.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> from dlkit.numpy.losses_regression import mse
    >>> result = train_loop([[1.0]], [[4.0]], [[[0.0]]], [[0.0]], [None], mse, lr=0.25, epochs=2)
    >>> result.losses, result.weights[0].tolist()          # both gain 0.25 * 8 = 2
    ([16.0, 0.0, 0.0], [[2.0]])
    """
    weights, biases = [as_float("weights", W) for W in weights], [as_float("biases", b) for b in biases]
    lr, losses = float(lr), []
    for epoch in range(epochs + 1):
        output, cache = mlp_forward(X, weights, biases, activations)
        value, dA = loss(output, y)
        losses.append(float(value))
        if epoch == epochs or value <= target_loss:
            break
        grads = mlp_backward(dA, cache)
        weights = [W - lr * dW for W, dW in zip(weights, grads.dW, strict=True)]
        biases = [b - lr * db for b, db in zip(biases, grads.db, strict=True)]
    return Training(tuple(weights), tuple(biases), losses)
