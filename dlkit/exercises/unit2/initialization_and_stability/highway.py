"""The exercise residual_backward: gradients of y = x + relu(x W1) W2."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def residual_backward(dY, X, W1, W2):
    Z = X @ W1
    H = np.maximum(Z, 0)
    dZ = (dY @ W2.T) * (Z > 0)
    return dY + dZ @ W1.T, X.T @ dZ, H.T @ dY


def residual_backward_row_by_row(dY, X, W1, W2):
    dX, dW1, dW2 = [], np.zeros(W1.shape), np.zeros(W2.shape)
    for upstream, x in zip(dY, X, strict=True):
        z = W1.T @ x
        back = np.where(z > 0, W2 @ upstream, 0.0)
        dW2 += np.outer(np.where(z > 0, z, 0.0), upstream)
        dW1 += np.outer(x, back)
        dX.append(upstream + W1 @ back)
    return np.array(dX), dW1, dW2


# -- mistakes ------------------------------------------------------------------------------------------------------------


def residual_without_skip(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dZ @ W1.T, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_skip_only(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dY.copy(), X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_multiplied(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dY * (dZ @ W1.T), X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_skip_subtracted(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dZ @ W1.T - dY, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_skip_twice(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return 2 * dY + dZ @ W1.T, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_adds_the_input(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return X + dZ @ W1.T, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_adds_one(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return 1 + dZ @ W1.T, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_no_mask(dY, X, W1, W2):
    dZ = dY @ W2.T
    return dY + dZ @ W1.T, X.T @ dZ, np.maximum(X @ W1, 0).T @ dY


def residual_mask_missing_in_dX(dY, X, W1, W2):
    Z = X @ W1
    dH = dY @ W2.T
    return dY + dH @ W1.T, X.T @ (dH * (Z > 0)), np.maximum(Z, 0).T @ dY


def residual_mask_of_the_gradient(dY, X, W1, W2):
    dH = dY @ W2.T
    dZ = dH * (dH > 0)
    return dY + dZ @ W1.T, X.T @ dZ, np.maximum(X @ W1, 0).T @ dY


def residual_relu_of_Z_as_slope(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * np.maximum(Z, 0)
    return dY + dZ @ W1.T, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_Z_in_dW2(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dY + dZ @ W1.T, X.T @ dZ, Z.T @ dY


def residual_output_in_dW1(dY, X, W1, W2):
    Z = X @ W1
    H = np.maximum(Z, 0)
    dZ = (dY @ W2.T) * (Z > 0)
    return dY + dZ @ W1.T, (X + H @ W2).T @ dZ, H.T @ dY


def residual_mean_over_batch(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dY + dZ @ W1.T, X.T @ dZ / len(X), np.maximum(Z, 0).T @ dY / len(X)


def residual_skip_through_the_mask(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dY * (X > 0) + dZ @ W1.T, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_weights_get_the_skip(dY, X, W1, W2):
    Z = X @ W1
    dX = dY + ((dY @ W2.T) * (Z > 0)) @ W1.T
    dZ = (dX @ W2.T) * (Z > 0)
    return dX, X.T @ dZ, np.maximum(Z, 0).T @ dX


def residual_in_place(dY, X, W1, W2):
    Z = X @ W1
    H = np.maximum(Z, 0)
    dZ = (dY @ W2.T) * (Z > 0)
    dW2 = H.T @ dY
    dY += dZ @ W1.T
    return dY, X.T @ dZ, dW2


def residual_in_a_copy(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    dX = dY.copy()
    dX += dZ @ W1.T
    return dX, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_filled_by_rows(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    dX = np.zeros_like(dY)
    for n in range(len(dY)):
        dX[n] = dY[n] + dZ[n] @ W1.T
    return dX, X.T @ dZ, np.maximum(Z, 0).T @ dY


def residual_swapped(dY, X, W1, W2):
    dX, dW1, dW2 = residual_backward_row_by_row(dY, X, W1, W2)
    return dX, dW2, dW1


def _with_both_signs(rng, dY):
    """A block for this upstream gradient: hidden units on both sides of 0, whatever the sign of their gradient, none near."""
    N, D, H = *dY.shape, 3
    while True:
        X, W1, W2 = rng.normal(size=(N, D)), rng.normal(size=(D, H)), rng.normal(size=(H, D))
        Z, dH = X @ W1, dY @ W2.T
        signs = {(bool(a), bool(b)) for a, b in zip((Z > 0).ravel(), (dH > 0).ravel(), strict=True)}
        if len(signs) >= 3 and (X < 0).any() and np.abs(Z).min() > 1e-2 and np.abs(dH).min() > 1e-2:
            return dY, X, W1, W2


def _ordinary(rng):
    return _with_both_signs(rng, rng.normal(size=(7, 5)))


def _whole_upstream(rng):
    return _with_both_signs(rng, rng.integers(1, 5, size=(1, 5)) * rng.choice([-1, 1], size=(1, 5)))


RESIDUAL_BACKWARD = Exercise(
    key="unit2.residual_backward",
    title="Backwards through a residual block",
    reference=residual_backward,
    alternatives=(residual_backward_row_by_row,),
    examples=(Example(args=(np.array([[1.0, 0.0]]), np.array([[1.0, 2.0]]), np.array([[1.0], [1.0]]),
                            np.array([[1.0, -1.0]])),
                      expected=(np.array([[2.0, 1.0]]), np.array([[1.0], [2.0]]), np.array([[3.0, 0.0]]))),),
    regimes={"ordinary": _ordinary, "whole numbers upstream": Regime(_whole_upstream, part="whole numbers")},
    parts={"worked example": 0.5, "ordinary": 1.0, "whole numbers": 0.5},
    returns=("dX", "dW1", "dW2"),
    mistakes=(
        Mistake("forgets the skip: y contains x itself, so dX contains dY itself", residual_without_skip),
        Mistake("returns dY for dX and forgets what comes back through the branch", residual_skip_only),
        Mistake("multiplies the two paths: where a value goes two ways, its gradients add up", residual_multiplied),
        Mistake("subtracts dY: the two paths add up", residual_skip_subtracted),
        Mistake("counts the skip twice", residual_skip_twice),
        Mistake("adds X where dY belongs: forwards the input skips the branch, backwards the gradient does",
                residual_adds_the_input),
        Mistake("adds 1: the slope of x with respect to x is 1, but it still multiplies dY", residual_adds_one),
        Mistake("forgets the slope of ReLU: where X W1 is negative nothing comes back", residual_no_mask, mark=0.5),
        Mistake("uses the slope of ReLU for dW1 but forgets it on the way to dX", residual_mask_missing_in_dX, mark=0.5),
        Mistake("applies ReLU to the gradient: it is the sign of X W1 that decides, not that of the gradient",
                residual_mask_of_the_gradient, mark=0.5),
        Mistake("multiplies by relu(X W1) where its slope, 0 or 1, belongs", residual_relu_of_Z_as_slope),
        Mistake("uses X W1 for dW2: what W2 was multiplied by is relu(X W1)", residual_Z_in_dW2, mark=0.5),
        Mistake("uses the output of the block for dW1: what W1 was multiplied by is X", residual_output_in_dW1),
        Mistake("averages over the rows: a backward pass adds them up, the loss has averaged already", residual_mean_over_batch,
                mark=1.0),
        Mistake("sends the skip through a ReLU: it passes nothing at all, that is the point of it",
                residual_skip_through_the_mask, mark=0.5),
        Mistake("uses dX for the weights: the branch received dY; what the skip adds belongs to the input only",
                residual_weights_get_the_skip),
        Mistake("adds to dY in place: += changes the caller's array, so build a new one", residual_in_place),
        Mistake("adds floats to a copy of dY in place: if dY holds whole numbers that fails, so write dY + ... instead",
                residual_in_a_copy, mark=1.5),
        Mistake("collects dX in an array like dY: whole numbers there cut every fraction off", residual_filled_by_rows,
                mark=1.5),
        Mistake("returns dW2 before dW1", residual_swapped),
    ),
    hints=("On how many paths does x reach y? What happens to the gradients where a value was used twice?",
           "The branch is two dense layers with a ReLU between: dH = dY W2^T, then the slope of ReLU, then W1^T.",
           "dX = dY + dZ W1^T with dZ = dY W2^T where X W1 > 0, else 0; dW1 = X^T dZ and dW2 = relu(X W1)^T dY."),
    minutes=6, difficulty=3, rung="derive",
)
