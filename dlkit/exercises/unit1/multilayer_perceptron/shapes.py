"""Exercises on the shapes of a multilayer perceptron: count_parameters and mlp_forward."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import network
from dlkit.numpy.activations import sigmoid

# -- count_parameters ----------------------------------------------------------------------------------------------------


def count_by_columns(sizes):
    return sum((sizes[k] + 1) * sizes[k + 1] for k in range(len(sizes) - 1))


def count_by_dot_product(sizes):
    sizes = np.asarray(sizes)
    return int(sizes[:-1] @ sizes[1:] + sizes[1:].sum())


def count_weights_only(sizes):
    return sum(sizes[k] * sizes[k + 1] for k in range(len(sizes) - 1))


def count_one_bias_per_layer(sizes):
    return sum(sizes[k] * sizes[k + 1] + 1 for k in range(len(sizes) - 1))


def count_biases_of_the_layer_before(sizes):
    return sum(sizes[k] * sizes[k + 1] + sizes[k] for k in range(len(sizes) - 1))


def count_biases_of_inputs_too(sizes):
    return sum(sizes[k] * sizes[k + 1] for k in range(len(sizes) - 1)) + sum(sizes)


def count_without_output_bias(sizes):
    return sum(sizes[k] * sizes[k + 1] for k in range(len(sizes) - 1)) + sum(sizes[1:-1])


def count_adding_sizes(sizes):
    return sum(sizes[k] + sizes[k + 1] for k in range(len(sizes) - 1))


def count_without_output_layer(sizes):
    return sum(sizes[k] * sizes[k + 1] + sizes[k + 1] for k in range(len(sizes) - 2))


def count_first_three_layers(sizes):
    return sum(sizes[k] * sizes[k + 1] + sizes[k + 1] for k in range(min(len(sizes) - 1, 3)))


def count_hidden_then_output(sizes):
    total = sizes[0] * sizes[1] + sizes[1]
    for k in range(1, len(sizes) - 2):
        total += sizes[k] * sizes[k + 1] + sizes[k + 1]
    return total + sizes[-2] * sizes[-1] + sizes[-1]


def _deep(rng):
    return ([int(n) for n in rng.integers(2, 30, size=rng.integers(5, 8))],)


def _single_layer(rng):
    return ([int(n) for n in rng.integers(2, 30, size=2)],)


COUNT_PARAMETERS = Exercise(
    key="unit1.count_parameters",
    title="How many numbers does a network learn?",
    reference=network.count_parameters,
    alternatives=(count_by_columns, count_by_dot_product),
    examples=(
        Example(args=([4, 3, 2, 1],), expected=26, printed=26, decimals=0, source="lecture notes, unit 1"),
        Example(args=([2, 2, 1],), expected=9, printed=9, decimals=0, source="lecture notes, unit 1"),
        Example(args=([4, 2, 1],), expected=13, source="lecture notes, unit 1"),
    ),
    regimes={"deep": _deep, "a single layer": Regime(_single_layer, part="deep", hidden=True)},
    parts={"worked example": 0.5, "deep": 0.5},
    mistakes=(
        Mistake("counts the weights and forgets the biases: every unit that computes has one", count_weights_only),
        Mistake("gives each layer one bias: each unit of the layer has its own", count_one_bias_per_layer),
        Mistake("gives each layer as many biases as it has inputs (the notes do so in layer 3): biases belong to the units "
                "that the weights lead to", count_biases_of_the_layer_before),
        Mistake("gives the inputs a bias too: input nodes compute nothing", count_biases_of_inputs_too),
        Mistake("forgets the bias of the output layer", count_without_output_bias),
        Mistake("adds the sizes of neighbouring layers: every unit of one meets every unit of the other, so multiply",
                count_adding_sizes),
        Mistake("stops one layer early: the weights into the output count too", count_without_output_layer),
        Mistake("stops after three layers of weights, however deep the network is", count_first_three_layers, mark=0.5),
        Mistake("counts the first and the last layer of weights separately, so a single layer is counted twice",
                count_hidden_then_output, mark=0.5),
    ),
    hints=("Take one pair of neighbouring layers. How many arrows are there between them?",
           "n_in units and n_out units: n_in * n_out weights. Who owns a bias, the arrow or the unit it points to?",
           "Each pair contributes n_in * n_out + n_out. Sum over all neighbouring pairs of `sizes`."),
    minutes=3, difficulty=1, rung="derive",
)

# -- mlp_forward ---------------------------------------------------------------------------------------------------------


def mlp_forward(X, weights, biases):
    A = X
    for W, b in zip(weights, biases, strict=True):
        A = sigmoid(A @ W + b)
    return A


def forward_row_by_row(X, weights, biases):
    rows = []
    for x in X:
        outputs = list(x)
        for W, b in zip(weights, biases, strict=True):
            outputs = [0.5 + 0.5 * np.tanh(0.5 * (sum(outputs[i] * W[i, j] for i in range(len(outputs))) + b[j]))
                       for j in range(len(b))]
        rows.append(outputs)
    return np.array(rows)


def forward_in_columns(X, weights, biases):
    columns = X.T
    for W, b in zip(weights, biases, strict=True):
        columns = 1 / (1 + np.exp(-(W.T @ columns + b[:, None])))
    return columns.T


def forward_left_in_columns(X, weights, biases):
    columns = X.T
    for W, b in zip(weights, biases, strict=True):
        columns = 1 / (1 + np.exp(-(W.T @ columns + b[:, None])))
    return columns


def forward_linear_output(X, weights, biases):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        X = sigmoid(X @ W + b)
    return X @ weights[-1] + biases[-1]


def forward_linear_hidden(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = X @ W + b
    return sigmoid(X)


def forward_without_activation(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = X @ W + b
    return X


def forward_without_biases(X, weights, biases):
    for W in weights:
        X = sigmoid(X @ W)
    return X


def forward_bias_after_sigmoid(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = sigmoid(X @ W) + b
    return X


def forward_minus_bias(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = sigmoid(X @ W - b)
    return X


def forward_tanh(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = np.tanh(X @ W + b)
    return X


def forward_relu_hidden(X, weights, biases):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        X = np.maximum(X @ W + b, 0)
    return sigmoid(X @ weights[-1] + biases[-1])


def forward_tanh_hidden(X, weights, biases):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        X = np.tanh(X @ W + b)
    return sigmoid(X @ weights[-1] + biases[-1])


def forward_step(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = np.where(X @ W + b >= 0, 1.0, 0.0)
    return X


def forward_mirrored_sigmoid(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = 1 / (1 + np.exp(X @ W + b))
    return X


def forward_two_layers(X, weights, biases):
    return sigmoid(sigmoid(X @ weights[0] + biases[0]) @ weights[1] + biases[1])


def forward_first_and_last_layer(X, weights, biases):
    hidden = sigmoid(X @ weights[0] + biases[0])
    return sigmoid(hidden @ weights[-1] + biases[-1])


def forward_first_layer_only(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        A = sigmoid(X @ W + b)
        return A


def forward_without_last_layer(X, weights, biases):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        X = sigmoid(X @ W + b)
    return X


def forward_then_decide(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        X = sigmoid(X @ W + b)
    return np.where(X >= 0.5, 1.0, 0.0)


def forward_first_row(X, weights, biases):
    A = X[0]
    for W, b in zip(weights, biases, strict=True):
        A = sigmoid(A @ W + b)
    return A[None, :]


def forward_mean_of_rows(X, weights, biases):
    A = X.mean(axis=0, keepdims=True)
    for W, b in zip(weights, biases, strict=True):
        A = sigmoid(A @ W + b)
    return A


def forward_all_layers(X, weights, biases):
    outputs = [X]
    for W, b in zip(weights, biases, strict=True):
        outputs.append(sigmoid(outputs[-1] @ W + b))
    return outputs


def forward_overflowing(X, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        Z = X @ W + b
        X = np.exp(Z) / (1 + np.exp(Z))
    return X


def _layers(rng, sizes, rows, scale=1.0):
    weights = [rng.normal(scale=scale, size=shape) for shape in zip(sizes[:-1], sizes[1:], strict=True)]
    biases = [rng.normal(scale=scale, size=size) for size in sizes[1:]]
    return rng.normal(size=(rows, sizes[0])), weights, biases


def _several_examples(rng):
    while True:  # a network of steps must not agree with the decisions of the network of sigmoids
        case = _layers(rng, (5, 3, 2), rows=7)
        if (forward_step(*case) != forward_then_decide(*case)).any():
            return case


def _deep_network(rng):
    return _layers(rng, (4, 3, 2, 1), rows=1)


def _huge_net_inputs(rng):
    X, weights, biases = _layers(rng, (5, 3, 2), rows=1)
    sign = np.where(X[0] @ weights[0] > 0, 1, -1)
    return X, [3000.0 * weights[0] * sign / np.abs(X[0] @ weights[0]), weights[1]], [biases[0], biases[1]]


_W1 = np.array([[0.3, 0.1], [-0.2, 0.4], [0.2, -0.3], [0.1, 0.4]])
_W2 = np.array([[-0.3], [0.2]])

MLP_FORWARD = Exercise(
    key="unit1.mlp_forward",
    title="Forward through any number of layers",
    reference=mlp_forward,
    alternatives=(forward_row_by_row, forward_in_columns),
    examples=(Example(args=(np.array([[1.0, 1.0, 0.0, 1.0]]), [_W1, _W2], [np.array([0.2, 0.1]), np.array([-0.3])]),
                      expected=np.array([[0.4174148989550627]]), printed=0.419, decimals=3, source="lecture notes, unit 1",
                      why="the notes read w15 where w16 belongs"),),
    regimes={"several examples": _several_examples, "deep": _deep_network,
             "huge net inputs": Regime(_huge_net_inputs, part="several examples", hidden=True)},
    parts={"worked example": 0.5, "several examples": 1.0, "deep": 0.5},
    mistakes=(
        Mistake("leaves the examples in columns, as the notes draw them: here the rows are the examples",
                forward_left_in_columns, mark=1.0),
        Mistake("forgets the sigmoid of the output layer", forward_linear_output),
        Mistake("forgets the sigmoid of the hidden layers, so the whole network is one linear map", forward_linear_hidden),
        Mistake("has no sigmoid anywhere: a chain of linear maps is one linear map", forward_without_activation),
        Mistake("forgets the biases", forward_without_biases),
        Mistake("adds the bias after the sigmoid: it belongs to the net input", forward_bias_after_sigmoid),
        Mistake("subtracts the bias as if it were a threshold to reach: the net input is the weighted sum plus theta",
                forward_minus_bias),
        Mistake("uses tanh in place of the sigmoid", forward_tanh),
        Mistake("uses tanh in the hidden layers: every layer is a sigmoid here", forward_tanh_hidden),
        Mistake("uses ReLU in the hidden layers: every layer is a sigmoid here", forward_relu_hidden),
        Mistake("uses a step, as the notes once say of MLPs: these units are sigmoids, and answer with any number between "
                "0 and 1", forward_step),
        Mistake("has the sigmoid the wrong way round: 1 / (1 + e^-z), with a minus", forward_mirrored_sigmoid),
        Mistake("goes through the first two layers only, however many there are", forward_two_layers, mark=1.5),
        Mistake("jumps from the first layer to the last and needs exactly two", forward_first_and_last_layer, mark=1.5),
        Mistake("comes back after the first layer: does the return stand inside the loop?", forward_first_layer_only),
        Mistake("stops before the output layer", forward_without_last_layer),
        Mistake("turns the outputs into 0 or 1: what the sigmoid gives is asked for", forward_then_decide),
        Mistake("sends only the first example through", forward_first_row, mark=1.0),
        Mistake("averages the examples before the first layer: each row has an output of its own", forward_mean_of_rows,
                mark=1.0),
        Mistake("returns the outputs of all layers: only those of the last one are asked for", forward_all_layers),
        Mistake("overflows for large net inputs: e^z / (1 + e^z) is infinity over infinity, 1 / (1 + e^-z) is not",
                forward_overflowing, mark=1.0),
    ),
    hints=("The output of one layer is the input of the next, so one loop with one variable is enough.",
           "A @ W has one row per example and one column per unit. What is still missing before the sigmoid?",
           "Start with A = X; for each W, b: A = sigmoid(A @ W + b); return A."),
    minutes=5, difficulty=2, rung="implement",
)
