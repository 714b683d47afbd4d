"""The exercises dense_backward and activation_backward: the two kinds of step on the way back."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

# -- through the weights ---------------------------------------------------------------------------------------------------


def dense_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


def dense_backward_row_by_row(dZ, X, W):
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n in range(len(X)):
        dX[n] = W @ dZ[n]
        dW += np.outer(X[n], dZ[n])
        db += dZ[n]
    return dX, dW, db


def dense_backward_by_indices(dZ, X, W):
    return np.einsum("nj,kj->nk", dZ, W), np.einsum("nk,nj->kj", X, dZ), np.einsum("nj->j", dZ)


def dense_w_not_turned(dZ, X, W):
    return dZ @ W, X.T @ dZ, dZ.sum(axis=0)


def dense_dx_in_columns(dZ, X, W):
    return W @ dZ.T, X.T @ dZ, dZ.sum(axis=0)


def dense_dw_turned(dZ, X, W):
    return dZ @ W.T, dZ.T @ X, dZ.sum(axis=0)


def dense_x_not_turned(dZ, X, W):
    return dZ @ W.T, X @ dZ.T, dZ.sum(axis=0)


def dense_bias_averaged(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.mean(axis=0)


def dense_weights_averaged(dZ, X, W):
    return dZ @ W.T, X.T @ dZ / len(X), dZ.sum(axis=0)


def dense_both_averaged(dZ, X, W):
    return dZ @ W.T, X.T @ dZ / len(X), dZ.mean(axis=0)


def dense_bias_keeps_axis(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0, keepdims=True)


def dense_bias_over_units(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=1)


def dense_bias_one_number(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum()


def dense_bias_not_summed(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.copy()


def dense_bias_first_row(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ[0].copy()


def dense_bias_local(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.full(W.shape[1], float(len(X)))


def dense_dx_local(dZ, X, W):
    return np.ones(dZ.shape) @ W.T, X.T @ dZ, dZ.sum(axis=0)


def dense_dw_local(dZ, X, W):
    return dZ @ W.T, X.T @ np.ones(dZ.shape), dZ.sum(axis=0)


def dense_means_multiplied(dZ, X, W):
    return dZ @ W.T, np.outer(X.mean(axis=0), dZ.sum(axis=0)), dZ.sum(axis=0)


def dense_order(dZ, X, W):
    return X.T @ dZ, dZ @ W.T, dZ.sum(axis=0)


def dense_dx_times_x(dZ, X, W):
    return (dZ @ W.T) * X, X.T @ dZ, dZ.sum(axis=0)


def dense_dx_summed(dZ, X, W):
    return (dZ @ W.T).sum(axis=0), X.T @ dZ, dZ.sum(axis=0)


def dense_cut_to_integers(dZ, X, W):
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    dX[...], dW[...] = dZ @ W.T, X.T @ dZ
    return dX, dW, dZ.sum(axis=0)


def _layer(rng):
    return rng.normal(size=(7, 3)) + 0.3, rng.normal(size=(7, 5)), rng.normal(size=(5, 3))


def _whole_layer(rng):
    return rng.uniform(0.2, 0.8, size=(1, 3)) + 1, rng.integers(1, 9, size=(1, 2)), rng.integers(1, 9, size=(2, 3))


DENSE_BACKWARD = Exercise(
    key="unit2.dense_backward",
    title="Backwards through a dense layer",
    reference=dense_backward,
    alternatives=(dense_backward_row_by_row, dense_backward_by_indices),
    examples=(Example(args=(np.array([[3.0, -1.0]]), np.array([[1.0, 2.0]]), np.array([[1.0, 0.5], [0.0, 2.0]])),
                      expected=(np.array([[2.5, -2.0]]), np.array([[3.0, -1.0], [6.0, -2.0]]), np.array([3.0, -1.0]))),),
    regimes={"ordinary": _layer, "whole numbers": Regime(_whole_layer, 1, hidden=True)},
    parts={"worked example": 0.5, "ordinary": 1.0, "whole numbers": 0.5},
    returns=("dX", "dW", "db"),
    mistakes=(
        Mistake("multiplies dZ by W as it stands: the way back goes from outputs to inputs, so W is turned round (W.T)",
                dense_w_not_turned),
        Mistake("returns dX with examples in columns: rows are examples, like in X", dense_dx_in_columns),
        Mistake("returns dW turned round: row i of W belongs to input i, and so does row i of dW", dense_dw_turned),
        Mistake("multiplies X by dZ the wrong way round for dW: the sum runs over the examples, X.T @ dZ",
                dense_x_not_turned),
        Mistake("averages db over the examples: every example used the same bias, so their shares add up; a loss that is a "
                "mean has put its 1/N into dZ already", dense_bias_averaged, mark=1.0),
        Mistake("divides dW by N: a loss that is a mean has put its 1/N into dZ already", dense_weights_averaged, mark=1.0),
        Mistake("divides dW and db by N: a loss that is a mean has put its 1/N into dZ already", dense_both_averaged,
                mark=1.0),
        Mistake("returns db with shape (1, M): the bias has shape (M,)", dense_bias_keeps_axis),
        Mistake("sums db over the units (axis 1): examples are rows, so the sum runs down the columns",
                dense_bias_over_units),
        Mistake("sums db to one number: each unit has a bias of its own", dense_bias_one_number),
        Mistake("leaves db unsummed, one row per example: all examples share one bias", dense_bias_not_summed),
        Mistake("takes db from the first example only", dense_bias_first_row, mark=1.0),
        Mistake("counts the examples for db, which is the local slope alone: the upstream gradient dZ is missing",
                dense_bias_local),
        Mistake("forgets the upstream gradient in dX", dense_dx_local),
        Mistake("forgets the upstream gradient in dW", dense_dw_local),
        Mistake("multiplies averages for dW: each example's input meets its own dZ, and then they are added",
                dense_means_multiplied, mark=1.0),
        Mistake("returns dW first: the order is dX, dW, db", dense_order),
        Mistake("multiplies dX by X: when X moves, Z moves by W, whatever X is", dense_dx_times_x),
        Mistake("sums dX over the examples: every row of X has a gradient of its own", dense_dx_summed),
        Mistake("collects the gradients in arrays like X and W, which may hold whole numbers, so decimals are cut off",
                dense_cut_to_integers, mark=1.5),
    ),
    hints=("Write the shapes down: dX like X, dW like W, db like b. Which products of dZ, X and W have these shapes?",
           "One example, one unit: z = x1 w1 + x2 w2 + b. How does z move with w1? With x1? With b? Then multiply by dz.",
           "Every sum that is left over in the chain rule is a matrix product: dX sums over units, dW and db over examples."),
    minutes=6, difficulty=3, rung="derive",
)

# -- through the activation ------------------------------------------------------------------------------------------------


def activation_backward(dA, A, name):
    if name == "sigmoid":
        return dA * A * (1.0 - A)
    if name == "tanh":
        return dA * (1.0 - A**2)
    if name == "relu":
        return dA * (A > 0)
    return 1.0 * dA


def activation_backward_by_table(dA, A, name):
    slopes = {"linear": lambda: np.ones_like(A, dtype=float), "sigmoid": lambda: A - A * A,
              "tanh": lambda: (1 - A) * (1 + A), "relu": lambda: np.sign(A)}
    return np.multiply(slopes[name](), dA)


def _sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def relu_blocks_in_place(dA, A, name):
    if name != "relu":
        return activation_backward_by_table(dA, A, name)
    dA[A <= 0] = 0
    return dA


def slope_only(dA, A, name):
    return activation_backward_by_table(np.ones(A.shape), A, name)


def gives_the_slope_of_z(dA, A, name):
    if name == "sigmoid":
        return dA * _sigmoid(A) * (1 - _sigmoid(A))
    return dA * (1 - np.tanh(A) ** 2) if name == "tanh" else activation_backward_by_table(dA, A, name)


def sigmoid_once_more(dA, A, name):
    return (gives_the_slope_of_z if name == "sigmoid" else activation_backward_by_table)(dA, A, name)


def tanh_once_more(dA, A, name):
    return (gives_the_slope_of_z if name == "tanh" else activation_backward_by_table)(dA, A, name)


def applies_the_function(dA, A, name):
    if name == "sigmoid":
        return _sigmoid(dA)
    return np.tanh(dA) if name == "tanh" else np.maximum(dA, 0.0) if name == "relu" else 1.0 * dA


def multiplies_by_the_output(dA, A, name):
    return dA * A


def sigmoid_one_minus_a(dA, A, name):
    return dA * (1 - A) if name == "sigmoid" else activation_backward_by_table(dA, A, name)


def sigmoid_slope_of_tanh(dA, A, name):
    return dA * (1 - A**2) if name == "sigmoid" else activation_backward_by_table(dA, A, name)


def tanh_slope_of_sigmoid(dA, A, name):
    return dA * A * (1 - A) if name == "tanh" else activation_backward_by_table(dA, A, name)


def tanh_without_square(dA, A, name):
    return dA * (1 - A) if name == "tanh" else activation_backward_by_table(dA, A, name)


def tanh_square_outside(dA, A, name):
    return dA * (1 - A) ** 2 if name == "tanh" else activation_backward_by_table(dA, A, name)


def relu_lets_all_pass(dA, A, name):
    return dA * (A >= 0) if name == "relu" else activation_backward_by_table(dA, A, name)


def relu_blocks_by_dA(dA, A, name):
    return np.maximum(dA, 0.0) if name == "relu" else activation_backward_by_table(dA, A, name)


def relu_blocks_both(dA, A, name):
    return np.maximum(dA, 0.0) * (A > 0) if name == "relu" else activation_backward_by_table(dA, A, name)


def relu_times_output(dA, A, name):
    return dA * A if name == "relu" else activation_backward_by_table(dA, A, name)


def relu_mask_turned(dA, A, name):
    return dA * (A == 0) if name == "relu" else activation_backward_by_table(dA, A, name)


def relu_cut_to_integers(dA, A, name):
    return np.where(A > 0, dA, 0).astype(A.dtype) if name == "relu" else activation_backward_by_table(dA, A, name)


def linear_ones(dA, A, name):
    return np.ones(A.shape) if name == "linear" else activation_backward_by_table(dA, A, name)


def linear_output(dA, A, name):
    return A.copy() if name == "linear" else activation_backward_by_table(dA, A, name)


def linear_zeros(dA, A, name):
    return np.zeros(A.shape) if name == "linear" else activation_backward_by_table(dA, A, name)


def _draw(name, of, low=-2.0):
    def draw(rng):
        Z = rng.uniform(0.3, 2.0, size=(5, 3)) * np.resize([1.0, -1.0], (5, 3))
        return rng.uniform(0.5, 2.0, size=(5, 3)) * np.resize([-1.0, -1.0, 1.0, 1.0], (5, 3)), of(Z), name

    return draw


def _whole_relu(rng):
    A = np.array([[3, 0], [0, 4], [1, 2]]) * rng.integers(1, 4)
    return rng.uniform(0.2, 0.8, size=(3, 2)), A, "relu"


ACTIVATION_BACKWARD = Exercise(
    key="unit2.activation_backward",
    title="Backwards through an activation",
    reference=activation_backward,
    alternatives=(activation_backward_by_table,),
    regimes={"sigmoid": Regime(_draw("sigmoid", _sigmoid), 1, "curves"), "tanh": Regime(_draw("tanh", np.tanh), 1, "curves"),
             "relu": Regime(_draw("relu", lambda Z: np.maximum(Z, 0.0)), 1, "straight pieces"),
             "linear": Regime(_draw("linear", lambda Z: Z.copy()), 1, "straight pieces"),
             "whole numbers": Regime(_whole_relu, 1, "straight pieces", hidden=True)},
    parts={"curves": 1.0, "straight pieces": 1.0},
    mistakes=(
        Mistake("applies sigmoid and tanh once more to A: A is their output already, and their slopes are A (1 - A) and "
                "1 - A^2", gives_the_slope_of_z, mark=1.0),
        Mistake("applies the sigmoid once more to A: A is its output already, and the slope is A (1 - A)", sigmoid_once_more,
                mark=1.0),
        Mistake("applies tanh once more to A: A is its output already, and the slope is 1 - A^2", tanh_once_more, mark=1.0),
        Mistake("forgets the upstream gradient dA and gives the slope alone", slope_only),
        Mistake("applies the function itself to dA: on the way back it is the slope that multiplies", applies_the_function),
        Mistake("multiplies dA by the output A: it is the slope that multiplies", multiplies_by_the_output),
        Mistake("takes 1 - A for the slope of the sigmoid: it is A (1 - A)", sigmoid_one_minus_a,
                mark=1.0),
        Mistake("takes 1 - A^2 for the slope of the sigmoid: that is the one of tanh",
                sigmoid_slope_of_tanh, mark=1.0),
        Mistake("takes A (1 - A) for the slope of tanh: that is the one of the sigmoid",
                tanh_slope_of_sigmoid, mark=1.0),
        Mistake("forgets the square in the slope of tanh: it is 1 - A^2", tanh_without_square,
                mark=1.0),
        Mistake("takes (1 - A)^2 for the slope of tanh: it is 1 - A^2", tanh_square_outside,
                mark=1.0),
        Mistake("lets everything through at relu: A >= 0 is true for all outputs of a relu, and those of silent units are 0",
                relu_lets_all_pass, mark=1.0),
        Mistake("blocks negative gradients at relu: it is the sign of the unit that decides, not the sign of dA",
                relu_blocks_by_dA, mark=1.0),
        Mistake("blocks negative gradients at relu besides those of silent units",
                relu_blocks_both, mark=1.0),
        Mistake("multiplies by A at relu: the slope of an active unit is 1", relu_times_output,
                mark=1.0),
        Mistake("turns the mask of relu round and blocks the active units", relu_mask_turned,
                mark=1.0),
        Mistake("writes into dA, which the caller still needs: work on a copy", relu_blocks_in_place, mark=1.0),
        Mistake("gives ones for a linear layer: its slope is 1, so dZ is dA",
                linear_ones, mark=1.0),
        Mistake("gives A back for a linear layer: its slope is 1, so dZ is dA", linear_output,
                mark=1.0),
        Mistake("says that nothing passes a linear layer: the slope of a line is not 0",
                linear_zeros, mark=1.0),
        Mistake("collects the result in an array like A, which may hold whole numbers, so decimals are cut off",
                relu_cut_to_integers, mark=1.0),
    ),
    hints=("Every entry of A came from one entry of Z: multiply dA by the slope there, entry by entry.",
           "You need no Z: all four slopes can be read off the output A. Where was a relu silent?",
           "sigmoid and tanh: unit 1 has their slopes in terms of the output. relu: 1 where A > 0 and 0 elsewhere; linear: 1."),
    minutes=4, difficulty=2, rung="implement",
)
