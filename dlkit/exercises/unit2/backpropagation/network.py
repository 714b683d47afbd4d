"""The exercise mlp_backward: the whole way back through a network of any depth."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.backpropagation.dense import activation_backward


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def activate(Z, name):
    if name == "sigmoid":
        return sigmoid(Z)
    if name == "tanh":
        return np.tanh(Z)
    return np.maximum(Z, 0.0) if name == "relu" else 1.0 * Z


def forward(X, weights, biases, names):
    """All activations, the input first."""
    A = [X]
    for W, b, name in zip(weights, biases, names, strict=True):
        A.append(activate(A[-1] @ W + b, name))
    return A


def mlp_backward(dY, A, weights, names):
    dA, dWs, dbs = dY, [], []
    for layer in reversed(range(len(weights))):
        dZ = activation_backward(dA, A[layer + 1], names[layer])
        dWs.insert(0, A[layer].T @ dZ)
        dbs.insert(0, dZ.sum(axis=0))
        dA = dZ @ weights[layer].T
    return dA, dWs, dbs


def mlp_backward_by_recursion(dY, A, weights, names):
    if not weights:
        return dY, [], []
    dZ = activation_backward(dY, A[-1], names[-1])
    dX, dWs, dbs = mlp_backward_by_recursion(np.einsum("nj,ij->ni", dZ, weights[-1]), A[:-1], weights[:-1], names[:-1])
    return dX, [*dWs, np.einsum("ni,nj->ij", A[-2], dZ)], [*dbs, np.ones(len(dZ)) @ dZ]


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _back(dY, A, weights, names, *, slope=activation_backward, name_of=lambda names, layer: names[layer], pass_on="dZ",
          met=lambda A, layer: A[layer], blame="dZ", bias="dZ", share=1.0, keepdims=False):
    dA, dWs, dbs = dY, [], []
    for layer in reversed(range(len(weights))):
        dZ = slope(dA, A[layer + 1], name_of(names, layer))
        both = {"dZ": dZ, "dA": dA}
        dWs.insert(0, met(A, layer).T @ both[blame] * share)
        dbs.insert(0, both[bias].sum(axis=0, keepdims=keepdims) * share)
        dA = both[pass_on] @ weights[layer].T
    return dA, dWs, dbs


def network_without_last_slope(dY, A, weights, names):
    return _back(dY, A, weights, [*names[:-1], "linear"])


def network_without_hidden_slopes(dY, A, weights, names):
    return _back(dY, A, weights, ["linear"] * (len(names) - 1) + [names[-1]])


def network_without_slopes(dY, A, weights, names):
    return _back(dY, A, weights, ["linear"] * len(names))


def network_first_name_for_hidden(dY, A, weights, names):
    return _back(dY, A, weights, [*[names[0]] * (len(names) - 1), names[-1]])


def network_last_name_for_all(dY, A, weights, names):
    return _back(dY, A, weights, [names[-1]] * len(names))


def network_names_reversed(dY, A, weights, names):
    return _back(dY, A, weights, names[::-1])


def network_names_one_early(dY, A, weights, names):
    return _back(dY, A, weights, names, name_of=lambda names, layer: names[layer - 1])


def network_last_layer_first(dY, A, weights, names):
    dX, dWs, dbs = _back(dY, A, weights, names)
    return dX, dWs[::-1], dbs[::-1]


def network_passes_dA(dY, A, weights, names):
    return _back(dY, A, weights, names, pass_on="dA")


def network_weights_meet_dA(dY, A, weights, names):
    return _back(dY, A, weights, names, blame="dA")


def network_bias_meets_dA(dY, A, weights, names):
    return _back(dY, A, weights, names, bias="dA")


def network_averages(dY, A, weights, names):
    return _back(dY, A, weights, names, share=1.0 / len(dY))


def network_bias_keeps_axis(dY, A, weights, names):
    return _back(dY, A, weights, names, keepdims=True)


def network_stops_at_dZ(dY, A, weights, names):
    _, dWs, dbs = _back(dY, A, weights, names)
    dA = dY
    for layer in reversed(range(len(weights))):
        dZ = activation_backward(dA, A[layer + 1], names[layer])
        dA = dZ @ weights[layer].T
    return dZ, dWs, dbs


def network_dx_from_upper_layer(dY, A, weights, names):
    _, dWs, dbs = _back(dY, A, weights, names)
    dA = dY
    for layer in reversed(range(1, len(weights))):
        dA = activation_backward(dA, A[layer + 1], names[layer]) @ weights[layer].T
    return dA, dWs, dbs


def network_always_from_the_loss(dY, A, weights, names):
    """Every layer is told dY, as far as shapes allow: the blame is not passed through the layers between."""
    dX, dWs, dbs = _back(dY, A, weights, names)
    for layer in range(len(weights) - 1):
        told = np.repeat(dY.sum(axis=1, keepdims=True), weights[layer].shape[1], axis=1)
        dZ = activation_backward(told, A[layer + 1], names[layer])
        dWs[layer], dbs[layer] = A[layer].T @ dZ, dZ.sum(axis=0)
    return dX, dWs, dbs


def network_only_two_layers(dY, A, weights, names):
    dZ2 = activation_backward(dY, A[-1], names[-1])
    dZ1 = activation_backward(dZ2 @ weights[-1].T, A[-2], names[-2]) if len(names) > 1 else dZ2
    if len(names) == 1:
        return dZ2 @ weights[0].T, [A[0].T @ dZ2], [dZ2.sum(axis=0)]
    return dZ1 @ weights[-2].T, [A[-3].T @ dZ1, A[-2].T @ dZ2], [dZ1.sum(axis=0), dZ2.sum(axis=0)]


def network_first_and_last_apart(dY, A, weights, names):
    dX, dWs, dbs = _back(dY, A, weights, names)
    return (dX, dWs, dbs) if len(weights) > 1 else (dX, dWs * 2, dbs * 2)


def network_slope_of_z(dY, A, weights, names):
    def slope(dA, A, name):
        again = {"sigmoid": lambda: sigmoid(A) * (1 - sigmoid(A)), "tanh": lambda: 1 - np.tanh(A) ** 2}
        return dA * again[name]() if name in again else activation_backward(dA, A, name)

    return _back(dY, A, weights, names, slope=slope)


def network_bias_first_layer_forgotten(dY, A, weights, names):
    dX, dWs, dbs = _back(dY, A, weights, names)
    return dX, dWs, [np.zeros_like(dbs[0]), *dbs[1:]] if len(dbs) > 1 else dbs


# -- networks ------------------------------------------------------------------------------------------------------------


def _network(rng, sizes, names, rows=7):
    weights = [rng.normal(size=shape) * 0.8 for shape in zip(sizes[:-1], sizes[1:], strict=True)]
    biases = [rng.normal(size=n) * 0.5 for n in sizes[1:]]
    return forward(rng.normal(size=(rows, sizes[0])), weights, biases, names), weights


def _deep(rng):
    names = ["tanh", "relu", "linear", "sigmoid"] if rng.integers(2) else ["sigmoid", "linear", "relu", "tanh"]
    while True:
        A, weights = _network(rng, (5, 7, 11, 3, 2), names)
        relu = A[names.index("relu") + 1]
        if 0.2 < (relu > 0).mean() < 0.8:
            return rng.normal(size=(7, 2)), A, weights, names


def _one_layer(rng):
    A, weights = _network(rng, (5, 3), ["sigmoid"])
    return rng.normal(size=(7, 3)), A, weights, ["sigmoid"]


_A = [np.array([[1.0, 2.0]]), np.array([[3.0, 0.0]]), np.array([[7.0]])]
_WEIGHTS = [np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[2.0], [1.0]])]

MLP_BACKWARD = Exercise(
    key="unit2.mlp_backward",
    title="Backwards through a whole network",
    reference=mlp_backward,
    alternatives=(mlp_backward_by_recursion,),
    examples=(Example(args=(np.array([[10.0]]), _A, _WEIGHTS, ["relu", "linear"]),
                      expected=(np.array([[20.0, 20.0]]), [np.array([[20.0, 0.0], [40.0, 0.0]]), np.array([[30.0], [0.0]])],
                                [np.array([20.0, 0.0]), np.array([10.0])])),),
    regimes={"deep": _deep, "one layer": Regime(_one_layer, 1)},
    parts={"worked example": 0.5, "deep": 1.5, "one layer": 0.5},
    returns=("dX", "dWs", "dbs"),
    mistakes=(
        Mistake("forgets the activation of the last layer: dY belongs to its output, so its slope comes first",
                network_without_last_slope, mark=0.5),
        Mistake("forgets the slopes of the hidden layers", network_without_hidden_slopes, mark=0.5),
        Mistake("forgets all slopes, as if every layer were linear", network_without_slopes),
        Mistake("uses the first layer's activation for all hidden layers: each has its own name",
                network_first_name_for_hidden, mark=1.0),
        Mistake("uses the last layer's activation for all layers: each has its own name", network_last_name_for_all,
                mark=0.5),
        Mistake("goes back through the layers, but through the names from the front", network_names_reversed, mark=0.5),
        Mistake("takes the activation of the layer before: layer l has names[l] and the output A[l + 1]",
                network_names_one_early, mark=0.5),
        Mistake("returns the gradients of the last layer first: turn the lists round at the end", network_last_layer_first,
                mark=0.5),
        Mistake("passes dA on through the weights: the layer before hears dZ @ W.T, after the slope", network_passes_dA),
        Mistake("takes dA in place of dZ for the weights: their gradient is made of what comes after the slope",
                network_weights_meet_dA),
        Mistake("takes dA in place of dZ for the biases: their gradient is made of what comes after the slope",
                network_bias_meets_dA),
        Mistake("divides by the number of rows in every layer: a loss that is a mean has done that once, in dY",
                network_averages, mark=0.5),
        Mistake("returns biases of shape (1, n)", network_bias_keeps_axis),
        Mistake("returns dZ of the first layer for dX: one more product with its weights is missing", network_stops_at_dZ),
        Mistake("returns what arrives at the first layer for dX: its slope and its weights are missing",
                network_dx_from_upper_layer),
        Mistake("tells every hidden layer dY itself: blame travels through the layers between, weighted by their weights",
                network_always_from_the_loss, mark=0.5),
        Mistake("is written for at most two layers: use a loop over the layers", network_only_two_layers, mark=1.0),
        Mistake("treats first and last layer apart and counts the only layer of a small network twice",
                network_first_and_last_apart, mark=2.0),
        Mistake("applies sigmoid and tanh once more to take their slopes: A holds their outputs already",
                network_slope_of_z, mark=0.5),
        Mistake("forgets the biases of the first layer", network_bias_first_layer_forgotten, mark=0.5),
    ),
    hints=("One layer back is two steps that you have already: activation_backward, then dense_backward.",
           "Count the layers from the last to the first. Layer l has weights[l], names[l], output A[l + 1] and input A[l].",
           "In the loop the activation makes dZ of dA, and the dense layer makes dW, db and the next dA of dZ. Collect dW and "
           "db, and turn both lists round at the end. The last dA is dX."),
    minutes=8, difficulty=3, rung="compose",
)
