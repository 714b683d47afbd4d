"""The exercise train_network: the training loop around a backward pass."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.backpropagation.network import forward, mlp_backward


def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    losses = []
    for epoch in range(epochs + 1):
        A = forward(X, weights, biases, names)
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if epoch == epochs or losses[-1] <= target_loss:
            break
        _, dWs, dbs = mlp_backward(2 * (A[-1] - Y) / Y.size, A, weights, names)
        weights = [W - lr * dW for W, dW in zip(weights, dWs, strict=True)]
        biases = [b - lr * db for b, db in zip(biases, dbs, strict=True)]
    return weights, biases, losses


def train_network_on_copies(X, Y, weights, biases, names, lr, epochs, target_loss):
    weights, biases = [np.array(W, dtype=float) for W in weights], [np.array(b, dtype=float) for b in biases]
    A = forward(X, weights, biases, names)
    losses = [((A[-1] - Y) ** 2).mean()]
    while len(losses) <= epochs and losses[-1] > target_loss:
        _, dWs, dbs = mlp_backward((A[-1] - Y) * 2 / Y.size, A, weights, names)
        for layer in range(len(weights)):
            weights[layer] -= lr * dWs[layer]
            biases[layer] -= lr * dbs[layer]
        A = forward(X, weights, biases, names)
        losses.append(((A[-1] - Y) ** 2).mean())
    return weights, biases, losses


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _train(X, Y, weights, biases, names, lr, epochs, target_loss, *, upstream=lambda E, size: 2 * E / size, loss=None,
           rounds=lambda epochs: epochs, move_biases=True, layers=lambda n: range(n), check=True, keep_first=True,
           keep_last=True, truncate=False, stale=False):
    loss = loss or (lambda E: float(np.mean(E**2)))
    weights, biases, losses = list(weights), list(biases), []
    start = weights, biases
    epochs = rounds(epochs)
    for epoch in range(epochs + 1):
        A = forward(X, weights, biases, names)
        losses.append(loss(A[-1] - Y))
        if epoch == epochs or (check and losses[-1] <= target_loss):
            break
        used = forward(X, *start, names) if stale else A
        _, dWs, dbs = mlp_backward(upstream(used[-1] - Y, Y.size), used, start[0] if stale else weights, names)
        for layer in layers(len(weights)):
            new = weights[layer] - lr * dWs[layer]
            weights = [*weights[:layer], new.astype(weights[layer].dtype) if truncate else new, *weights[layer + 1:]]
            if move_biases:
                biases = [*biases[:layer], biases[layer] - lr * dbs[layer], *biases[layer + 1:]]
    return weights, biases, losses[0 if keep_first else 1:len(losses) if keep_last else -1]


def loop_uphill(*args):
    return _train(*args, upstream=lambda E, size: -2 * E / size)


def loop_without_two(*args):
    return _train(*args, upstream=lambda E, size: E / size)


def loop_not_averaged(*args):
    return _train(*args, upstream=lambda E, size: 2 * E)


def loop_averaged_over_rows(*args):
    return _train(*args, upstream=lambda E, size: 2 * E / len(E))


def loop_averaged_twice(*args):
    return _train(*args, upstream=lambda E, size: 2 * E / size / len(E))


def loop_loss_summed(*args):
    return _train(*args, loss=lambda E: float(np.sum(E**2)))


def loop_loss_halved(*args):
    return _train(*args, loss=lambda E: float(np.mean(E**2) / 2))


def loop_loss_root(*args):
    return _train(*args, loss=lambda E: float(np.sqrt(np.mean(E**2))))


def loop_without_last_loss(*args):
    return _train(*args, keep_last=False)


def loop_without_first_loss(*args):
    return _train(*args, keep_first=False)


def loop_one_more(*args):
    return _train(*args, rounds=lambda epochs: epochs + 1)


def loop_one_less(*args):
    return _train(*args, rounds=lambda epochs: max(epochs - 1, 0))


def loop_biases_rest(*args):
    return _train(*args, move_biases=False)


def loop_last_layer_only(*args):
    return _train(*args, layers=lambda n: range(n - 1, n))


def loop_first_and_last_only(*args):
    return _train(*args, layers=lambda n: sorted({0, n - 1}))


def loop_gradients_of_the_start(*args):
    return _train(*args, stale=True)


def loop_ignores_target(*args):
    return _train(*args, check=False)


def loop_cut_to_integers(*args):
    return _train(*args, truncate=True)


def loop_in_place(X, Y, weights, biases, names, lr, epochs, target_loss):
    losses = []
    for epoch in range(epochs + 1):
        A = forward(X, weights, biases, names)
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if epoch == epochs or losses[-1] <= target_loss:
            break
        _, dWs, dbs = mlp_backward(2 * (A[-1] - Y) / Y.size, A, weights, names)
        for layer in range(len(weights)):
            weights[layer] = weights[layer] - lr * dWs[layer]
            biases[layer] = biases[layer] - lr * dbs[layer]
    return weights, biases, losses


def loop_arrays_in_place(X, Y, weights, biases, names, lr, epochs, target_loss):
    weights, biases, losses = list(weights), list(biases), []
    for epoch in range(epochs + 1):
        A = forward(X, weights, biases, names)
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if epoch == epochs or losses[-1] <= target_loss:
            break
        _, dWs, dbs = mlp_backward(2 * (A[-1] - Y) / Y.size, A, weights, names)
        for layer in range(len(weights)):
            weights[layer] -= lr * dWs[layer]
            biases[layer] -= lr * dbs[layer]
    return weights, biases, losses


def loop_layer_by_layer(X, Y, weights, biases, names, lr, epochs, target_loss):
    weights, biases, losses = list(weights), list(biases), []
    for epoch in range(epochs + 1):
        A = forward(X, weights, biases, names)
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if epoch == epochs or losses[-1] <= target_loss:
            break
        for layer in reversed(range(len(weights))):  # the layers below hear through weights that have moved already
            _, dWs, dbs = mlp_backward(2 * (A[-1] - Y) / Y.size, A, weights, names)
            weights[layer] = weights[layer] - lr * dWs[layer]
            biases[layer] = biases[layer] - lr * dbs[layer]
    return weights, biases, losses


def loop_checks_after_the_step(X, Y, weights, biases, names, lr, epochs, target_loss):
    losses = []
    for epoch in range(epochs + 1):
        A = forward(X, weights, biases, names)
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if epoch == epochs:
            break
        _, dWs, dbs = mlp_backward(2 * (A[-1] - Y) / Y.size, A, weights, names)
        weights = [W - lr * dW for W, dW in zip(weights, dWs, strict=True)]
        biases = [b - lr * db for b, db in zip(biases, dbs, strict=True)]
        if losses[-1] <= target_loss:
            break
    return weights, biases, losses


# -- what to train ---------------------------------------------------------------------------------------------------------


def _data(rng, sizes=(3, 5, 2), names=("tanh", "linear")):
    weights = [rng.normal(size=shape) * 0.6 for shape in zip(sizes[:-1], sizes[1:], strict=True)]
    biases = [rng.normal(size=n) * 0.3 for n in sizes[1:]]
    return rng.normal(size=(7, 3)), rng.normal(size=(7, 2)) + 2.0, weights, biases, list(names)


def _several_steps(rng):
    return *_data(rng, (3, 5, 7, 2), ("tanh", "sigmoid", "linear")), float(rng.uniform(0.1, 0.2)), 4, 0.0


def _target(rng):
    """A target between two losses on the way."""
    X, Y, weights, biases, names = _data(rng)
    losses = train_network(X, Y, weights, biases, names, 0.1, 9, 0.0)[2]
    return X, Y, weights, biases, names, 0.1, 9, (losses[3] + losses[4]) / 2


def _whole_numbers(rng):
    X, Y, _, _, names = _data(rng)
    biases = [rng.integers(1, 3, size=5), rng.integers(1, 3, size=2)]
    return X, Y, [np.ones((3, 5), dtype=int), np.ones((5, 2), dtype=int)], biases, names, float(rng.uniform(0.05, 0.1)), 2, 0.0


TRAIN_NETWORK = Exercise(
    key="unit2.train_network",
    title="The training loop",
    reference=train_network,
    alternatives=(train_network_on_copies,),
    examples=(Example(args=(np.array([[1.0]]), np.array([[4.0]]), [np.array([[0.0]])], [np.array([0.0])], ["linear"], 0.125, 1,
                            0.0),
                      expected=([np.array([[1.0]])], [np.array([1.0])], [16.0, 4.0])),),
    regimes={"several steps": _several_steps, "target loss": Regime(_target, 1, "edge cases"),
             "whole numbers": Regime(_whole_numbers, 1, "edge cases", hidden=True)},
    parts={"worked example": 0.5, "several steps": 1.0, "edge cases": 0.5},
    returns=("weights", "biases", "losses"),
    mistakes=(
        Mistake("walks uphill: the step is minus lr times the gradient of the loss, which is 2 (output - Y) / Y.size at the "
                "output", loop_uphill),
        Mistake("loses the 2 of the squared error in the gradient", loop_without_two),
        Mistake("forgets the mean in the gradient: the loss is divided by the number of all its elements, so is its slope",
                loop_not_averaged, mark=0.5),
        Mistake("divides the gradient by the number of rows: the loss is a mean over all elements, rows times outputs",
                loop_averaged_over_rows, mark=0.5),
        Mistake("averages twice: by Y.size at the output, and once more over the rows", loop_averaged_twice, mark=0.5),
        Mistake("notes the sum of the squared errors: the loss is their mean", loop_loss_summed, mark=0.5),
        Mistake("notes half the mean squared error: here the loss has no 1/2", loop_loss_halved),
        Mistake("notes the root of the mean squared error", loop_loss_root),
        Mistake("leaves out the loss after the last update", loop_without_last_loss),
        Mistake("leaves out the loss of the start", loop_without_first_loss),
        Mistake("makes one update too many", loop_one_more),
        Mistake("makes one update too few", loop_one_less),
        Mistake("never moves the biases", loop_biases_rest),
        Mistake("trains the last layer only", loop_last_layer_only, mark=0.5),
        Mistake("trains the first and the last layer only: there may be more than two", loop_first_and_last_only, mark=1.0),
        Mistake("takes every gradient at the start: forward and backward belong inside the loop",
                loop_gradients_of_the_start, mark=0.5),
        Mistake("never looks at target_loss", loop_ignores_target, mark=1.5),
        Mistake("looks at target_loss after the update: once the loss is low enough, nothing should move",
                loop_checks_after_the_step, mark=1.5),
        Mistake("updates a layer before the layers below it have heard through it: all gradients belong to one point, then "
                "everything moves", loop_layer_by_layer, mark=0.5),
        Mistake("writes the new parameters into the lists or arrays it was given: build new ones", loop_in_place,
                also=(loop_arrays_in_place,)),
        Mistake("keeps weights that start as whole numbers whole, so that small steps are cut off", loop_cut_to_integers,
                mark=1.5),
    ),
    hints=("Four steps, again and again: forward, loss, backward, update. Which of them has to come before you may stop?",
           "The loss is a mean over all elements: dY = 2 * (A[-1] - Y) / Y.size. Build new lists of weights and biases.",
           "for epoch in range(epochs + 1): forward; append the loss; if epoch == epochs or the loss is low enough: break; "
           "backward; update. So the last loss is noted, too."),
    minutes=7, difficulty=3, rung="compose",
)
