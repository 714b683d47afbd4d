"""The exercise update_parameters: one step of the delta rule for a network with one hidden layer."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.multilayer_perceptron.errors import (
    error_terms,
    errors_cut_to_integers,
    errors_without_hidden_slope,
    errors_without_output_slope,
    errors_without_slopes,
)
from dlkit.exercises.unit1.multilayer_perceptron.first_pass import W15, W15_RATE, W15_TARGET, draw_network
from dlkit.numpy.activations import sigmoid


def updated_by_layers(x, W1, b1, W2, b2, rate, target):
    O_hidden = sigmoid(x @ W1 + b1)
    errors = error_terms(O_hidden, sigmoid(O_hidden @ W2 + b2), W2, target)
    return {"W1": W1 + rate * np.outer(x, errors["Err_hidden"]), "b1": b1 + rate * errors["Err_hidden"],
            "W2": W2 + rate * np.outer(O_hidden, errors["Err_output"]), "b2": b2 + rate * errors["Err_output"]}


def update_weight_by_weight(x, W1, b1, W2, b2, rate, target):
    hidden = 1 / (1 + np.exp(-(W1.T @ x + b1)))
    out = 1 / (1 + np.exp(-(W2.T @ hidden + b2)))
    new = {"W1": W1.copy(), "b1": b1.copy(), "W2": W2.copy(), "b2": b2.copy()}
    for k in range(len(out)):
        err = out[k] * (1 - out[k]) * (target[k] - out[k])
        new["b2"][k] += rate * err
        for j in range(len(hidden)):
            new["W2"][j, k] += rate * err * hidden[j]
            back = hidden[j] * (1 - hidden[j]) * err * W2[j, k]
            new["b1"][j] += rate * back
            new["W1"][:, j] += rate * back * x
    return new


def follow_update(args, own):
    return updated_by_layers(*args)


def new_parameters(x, W1, b1, W2, b2, rate, O_hidden, errors):
    return {"W1": W1 + rate * np.outer(x, errors["Err_hidden"]), "b1": b1 + rate * errors["Err_hidden"],
            "W2": W2 + rate * np.outer(O_hidden, errors["Err_output"]), "b2": b2 + rate * errors["Err_output"]}


def forward(x, W1, b1, W2, b2):
    O_hidden = sigmoid(x @ W1 + b1)
    return O_hidden, sigmoid(O_hidden @ W2 + b2)


def update_downhill_twice(x, W1, b1, W2, b2, rate, target):
    return updated_by_layers(x, W1, b1, W2, b2, -rate, target)


def update_without_rate(x, W1, b1, W2, b2, rate, target):
    return updated_by_layers(x, W1, b1, W2, b2, 1.0, target)


def update_biases_without_rate(x, W1, b1, W2, b2, rate, target):
    new, full = updated_by_layers(x, W1, b1, W2, b2, rate, target), updated_by_layers(x, W1, b1, W2, b2, 1.0, target)
    return new | {"b1": full["b1"], "b2": full["b2"]}


def update_without_biases(x, W1, b1, W2, b2, rate, target):
    return updated_by_layers(x, W1, b1, W2, b2, rate, target) | {"b1": b1, "b2": b2}


def update_without_hidden_bias(x, W1, b1, W2, b2, rate, target):
    return updated_by_layers(x, W1, b1, W2, b2, rate, target) | {"b1": b1}


def update_without_output_bias(x, W1, b1, W2, b2, rate, target):
    return updated_by_layers(x, W1, b1, W2, b2, rate, target) | {"b2": b2}


def update_output_layer_only(x, W1, b1, W2, b2, rate, target):
    return updated_by_layers(x, W1, b1, W2, b2, rate, target) | {"W1": W1, "b1": b1}


def update_with_new_weights(x, W1, b1, W2, b2, rate, target):
    O_hidden, O_output = forward(x, W1, b1, W2, b2)
    Err_output = O_output * (1 - O_output) * (target - O_output)
    new_W2 = W2 + rate * np.outer(O_hidden, Err_output)
    Err_hidden = O_hidden * (1 - O_hidden) * (new_W2 @ Err_output)
    return {"W1": W1 + rate * np.outer(x, Err_hidden), "b1": b1 + rate * Err_hidden,
            "W2": new_W2, "b2": b2 + rate * Err_output}


def update_in_place_with_new_weights(x, W1, b1, W2, b2, rate, target):
    O_hidden, O_output = forward(x, W1, b1, W2, b2)
    Err_output = O_output * (1 - O_output) * (target - O_output)
    W2 += rate * np.outer(O_hidden, Err_output)
    b2 += rate * Err_output
    Err_hidden = O_hidden * (1 - O_hidden) * (W2 @ Err_output)
    W1 += rate * np.outer(x, Err_hidden)
    b1 += rate * Err_hidden
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def update_biases_downwards(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return new | {"b1": b1 - (new["b1"] - b1), "b2": b2 - (new["b2"] - b2)}


def update_without_slopes(x, W1, b1, W2, b2, rate, target):
    O_hidden, O_output = forward(x, W1, b1, W2, b2)
    return new_parameters(x, W1, b1, W2, b2, rate, O_hidden, errors_without_slopes(O_hidden, O_output, W2, target))


def update_rounded(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return {name: np.round(value, 3) for name, value in new.items()}


def update_biases_times_themselves(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return new | {"b1": b1 + b1 * (new["b1"] - b1), "b2": b2 + b2 * (new["b2"] - b2)}


def update_without_inputs(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return new | {"W1": W1 + (new["b1"] - b1)}


def update_without_incoming_values(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return new | {"W1": W1 + (new["b1"] - b1), "W2": W2 + (new["b2"] - b2)}


def update_with_net_inputs(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return new | {"W2": W2 + np.outer(x @ W1 + b1, new["b2"] - b2)}


def update_without_output_slope(x, W1, b1, W2, b2, rate, target):
    O_hidden, O_output = forward(x, W1, b1, W2, b2)
    errors = errors_without_output_slope(O_hidden, O_output, W2, target)
    return new_parameters(x, W1, b1, W2, b2, rate, O_hidden, errors)


def update_without_hidden_slope(x, W1, b1, W2, b2, rate, target):
    O_hidden, O_output = forward(x, W1, b1, W2, b2)
    errors = errors_without_hidden_slope(O_hidden, O_output, W2, target)
    return new_parameters(x, W1, b1, W2, b2, rate, O_hidden, errors)


def update_in_place(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    for old, name in ((W1, "W1"), (b1, "b1"), (W2, "W2"), (b2, "b2")):
        old[...] = new[name]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def update_changes_only(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return {"W1": new["W1"] - W1, "b1": new["b1"] - b1, "W2": new["W2"] - W2, "b2": new["b2"] - b2}


def update_with_the_slip(x, W1, b1, W2, b2, rate, target):
    misread = W1.copy()
    misread[0, 1] = W1[0, 0]
    O_hidden, O_output = forward(x, misread, b1, W2, b2)
    return new_parameters(x, W1, b1, W2, b2, rate, O_hidden, error_terms(O_hidden, O_output, W2, target))


def update_towards_one(x, W1, b1, W2, b2, rate, target):
    return updated_by_layers(x, W1, b1, W2, b2, rate, np.ones(len(b2)))


def update_cut_to_integers(x, W1, b1, W2, b2, rate, target):
    O_hidden, O_output = forward(x, W1, b1, W2, b2)
    errors = errors_cut_to_integers(O_hidden, O_output, W2, target)
    return new_parameters(x, W1, b1, W2, b2, rate, O_hidden, errors)


def _other_networks(rng):
    *network, target = draw_network(rng)
    return *network, float(rng.uniform(0.2, 0.7)), target


UPDATE_PARAMETERS = Exercise(
    key="unit1.update_parameters",
    title="One update of all parameters",
    reference=updated_by_layers,
    alternatives=(update_weight_by_weight,),
    examples=(Example(
        args=(*W15, W15_RATE, W15_TARGET),
        expected={"W1": np.array([[0.29183077690255865, 0.10445673232030117], [-0.20816922309744132, 0.4044567323203012],
                                  [0.2, -0.3], [0.0918307769025587, 0.4044567323203012]]),
                  "b1": np.array([0.1918307769025587, 0.10445673232030117]),
                  "W2": np.array([[-0.23214576041751406], [0.2828569340044098]]), "b2": np.array([-0.18666170341686883])},
        printed={"W1": [[0.292, 0.104], [-0.208, 0.404], [0.2, -0.3], [0.092, 0.404]], "b1": [0.192, 0.104],
                 "W2": [[-0.232], [0.287]], "b2": [-0.187]},
        decimals=3, source="lecture notes, unit 1", why="w67 inherits O6 = 0.769 where 0.731 is right"),),
    regimes={"other networks": _other_networks},
    follow=follow_update,
    steps={name: (name,) for name in ("W1", "b1", "W2", "b2")},
    parts={"W1": 0.5, "b1": 0.5, "W2": 0.5, "b2": 0.5},
    mistakes=(
        Mistake("subtracts the change: the errors contain target minus output, so adding goes downhill already",
                update_downhill_twice),
        Mistake("forgets the learning rate", update_without_rate),
        Mistake("forgets the learning rate for the biases", update_biases_without_rate, mark=1.0),
        Mistake("leaves the biases as they were: all 13 parameters learn", update_without_biases, mark=1.0),
        Mistake("leaves the biases of the hidden nodes as they were", update_without_hidden_bias, mark=1.5),
        Mistake("leaves the bias of the output as it was", update_without_output_bias, mark=1.5),
        Mistake("trains only the output layer: the hidden layer has errors too", update_output_layer_only, mark=1.0),
        Mistake("computes the hidden errors with the new W2: all errors belong to the old weights, so update last",
                update_with_new_weights, mark=1.0, also=(update_in_place_with_new_weights,)),
        Mistake("subtracts the change from the biases, as if they were thresholds: they are added to the net input, so they "
                "move like weights", update_biases_downwards, mark=1.0),
        Mistake("multiplies the change of a bias by the bias: its input is the constant 1", update_biases_times_themselves,
                mark=1.0),
        Mistake("forgets the inputs x in the change of W1: a weight is to blame for what came through it",
                update_without_inputs, mark=1.5),
        Mistake("forgets what came in along each weight: its change is rate * Err * incoming value",
                update_without_incoming_values, mark=1.0),
        Mistake("uses the net inputs of the hidden nodes for W2: what travels along W2 is O_hidden", update_with_net_inputs,
                mark=1.5),
        Mistake("forgets the slope O (1 - O) of the output node", update_without_output_slope),
        Mistake("forgets the slope O (1 - O) of the hidden nodes", update_without_hidden_slope, mark=1.0),
        Mistake("forgets the slopes O (1 - O) in both layers", update_without_slopes),
        Mistake("rounds to three digits, as the notes print them: keep all digits", update_rounded),
        Mistake("writes the new values into the given arrays, so the old weights are lost: build new arrays (W1 + ..., not "
                "W1 += ...)", update_in_place),
        Mistake("returns the changes: add them to the old values", update_changes_only),
        Mistake("follows the notes' slip: in the forward pass node 6 reads w15 where w16 belongs", update_with_the_slip),
        Mistake("always learns towards 1 instead of towards the target", update_towards_one),
        Mistake("collects the errors in an array like the target, which is integer here, so nothing is learnt",
                update_cut_to_integers),
    ),
    hints=("Forward, then errors, then all changes with the old weights. Which of your own functions do the first two?",
           "A weight changes by rate * (error of the node it leads to) * (value that came along it): a table of products, "
           "one row per incoming value.",
           "new W1 = W1 + rate * np.outer(x, Err_hidden), new b1 = b1 + rate * Err_hidden; the output layer likewise with "
           "O_hidden and Err_output."),
    minutes=6, difficulty=3, rung="implement",
    inapplicable={"transposed": "the biases have one axis, so theirs stay right and keep their points"},
)
