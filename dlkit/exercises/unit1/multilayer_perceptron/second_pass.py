"""The exercise second_pass: the same inputs through the new weights, and how much smaller the error is."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.multilayer_perceptron.first_pass import W15, W15_RATE, W15_TARGET, draw_network
from dlkit.exercises.unit1.multilayer_perceptron.update import (
    update_output_layer_only,
    update_with_new_weights,
    update_with_the_slip,
    update_without_biases,
    updated_by_layers,
)
from dlkit.numpy.activations import sigmoid


def through(x, W1, b1, W2, b2, target):
    """All intermediates of a forward pass."""
    I_hidden = x @ W1 + b1
    O_hidden = sigmoid(I_hidden)
    I_output = O_hidden @ W2 + b2
    O_output = sigmoid(I_output)
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def second_pass_by_layers(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    first, second = through(x, W1, b1, W2, b2, target), through(x, **new, target=target)
    return second | {"reduction": first["error"] - second["error"]}


def second_pass_in_one_piece(x, W1, b1, W2, b2, rate, target):
    hidden = 1 / (1 + np.exp(-(x @ W1 + b1)))
    out = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
    err = out * (1 - out) * (target - out)
    back = hidden * (1 - hidden) * (err @ W2.T)
    I_hidden = x @ W1 + b1 + rate * back * (1 + x @ x)
    O_hidden = 0.5 * (1 + np.tanh(I_hidden / 2))
    I_output = O_hidden @ W2 + b2 + rate * err * (1 + O_hidden @ hidden)
    O_output = 0.5 * (1 + np.tanh(I_output / 2))
    return dict(I_hidden=I_hidden, O_hidden=O_hidden, I_output=I_output, O_output=O_output, error=target - O_output,
                reduction=O_output - out)


def follow_second_pass(args, own):
    x, W1, b1, W2, b2, rate, target = args
    new = updated_by_layers(*args)
    return {"I_hidden": x @ new["W1"] + new["b1"], "O_hidden": sigmoid(own["I_hidden"]),
            "I_output": own["O_hidden"] @ new["W2"] + new["b2"], "O_output": sigmoid(own["I_output"]),
            "error": target - own["O_output"],
            "reduction": through(x, W1, b1, W2, b2, target)["error"] - own["error"]}


# -- mistakes ------------------------------------------------------------------------------------------------------------


def second_with(x, W1, b1, W2, b2, target, new):
    """The second pass with the parameters `new`, right or wrong."""
    first, second = through(x, W1, b1, W2, b2, target), through(x, **new, target=target)
    return second | {"reduction": first["error"] - second["error"]}


def second_pass_with_old_weights(x, W1, b1, W2, b2, rate, target):
    return second_with(x, W1, b1, W2, b2, target, {"W1": W1, "b1": b1, "W2": W2, "b2": b2})


def second_pass_old_hidden_layer(x, W1, b1, W2, b2, rate, target):
    return second_with(x, W1, b1, W2, b2, target, update_output_layer_only(x, W1, b1, W2, b2, rate, target))


def second_pass_old_output_layer(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return second_with(x, W1, b1, W2, b2, target, new | {"W2": W2, "b2": b2})


def second_pass_old_biases(x, W1, b1, W2, b2, rate, target):
    return second_with(x, W1, b1, W2, b2, target, update_without_biases(x, W1, b1, W2, b2, rate, target))


def second_pass_errors_with_new_weights(x, W1, b1, W2, b2, rate, target):
    return second_with(x, W1, b1, W2, b2, target, update_with_new_weights(x, W1, b1, W2, b2, rate, target))


def second_pass_uphill(x, W1, b1, W2, b2, rate, target):
    return second_with(x, W1, b1, W2, b2, target, updated_by_layers(x, W1, b1, W2, b2, -rate, target))


def second_pass_without_rate(x, W1, b1, W2, b2, rate, target):
    return second_with(x, W1, b1, W2, b2, target, updated_by_layers(x, W1, b1, W2, b2, 1.0, target))


def second_pass_two_updates(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    return second_with(x, W1, b1, W2, b2, target, updated_by_layers(x, **new, rate=rate, target=target))


def second_pass_with_the_slip(x, W1, b1, W2, b2, rate, target):
    misread = W1.copy()
    misread[0, 1] = W1[0, 0]
    new = update_with_the_slip(x, W1, b1, W2, b2, rate, target)
    misread_new = new["W1"].copy()
    misread_new[0, 1] = new["W1"][0, 0]
    first = through(x, misread, b1, W2, b2, target)
    second = through(x, misread_new, new["b1"], new["W2"], new["b2"], target)
    return second | {"reduction": first["error"] - second["error"]}


def second_pass_slip_again(x, W1, b1, W2, b2, rate, target):
    new = updated_by_layers(x, W1, b1, W2, b2, rate, target)
    misread = new["W1"].copy()
    misread[0, 1] = misread[0, 0]
    return second_with(x, W1, b1, W2, b2, target, new | {"W1": misread})


def second_pass_stale_net_input(x, W1, b1, W2, b2, rate, target):
    first = through(x, W1, b1, W2, b2, target)
    return second_pass_by_layers(x, W1, b1, W2, b2, rate, target) | {"I_output": first["I_output"]}


def second_pass_reduction_turned(x, W1, b1, W2, b2, rate, target):
    values = second_pass_by_layers(x, W1, b1, W2, b2, rate, target)
    return values | {"reduction": -values["reduction"]}


def second_pass_reduction_without_sign(x, W1, b1, W2, b2, rate, target):
    values = second_pass_by_layers(x, W1, b1, W2, b2, rate, target)
    return values | {"reduction": np.abs(values["reduction"])}


def second_pass_reduction_of_sizes(x, W1, b1, W2, b2, rate, target):
    values, first = second_pass_by_layers(x, W1, b1, W2, b2, rate, target), through(x, W1, b1, W2, b2, target)
    return values | {"reduction": np.abs(first["error"]) - np.abs(values["error"])}


def second_pass_rounded(x, W1, b1, W2, b2, rate, target):
    values = second_pass_by_layers(x, W1, b1, W2, b2, rate, target)
    return {name: np.round(value, 3) for name, value in values.items()}


def second_pass_reduction_relative(x, W1, b1, W2, b2, rate, target):
    values, first = second_pass_by_layers(x, W1, b1, W2, b2, rate, target), through(x, W1, b1, W2, b2, target)
    return values | {"reduction": values["reduction"] / first["error"]}


def second_pass_reduction_of_loss(x, W1, b1, W2, b2, rate, target):
    values, first = second_pass_by_layers(x, W1, b1, W2, b2, rate, target), through(x, W1, b1, W2, b2, target)
    return values | {"reduction": 0.5 * first["error"] ** 2 - 0.5 * values["error"] ** 2}


def second_pass_error_turned(x, W1, b1, W2, b2, rate, target):
    values = second_pass_by_layers(x, W1, b1, W2, b2, rate, target)
    return values | {"error": -values["error"], "reduction": -values["reduction"]}


def second_pass_error_cut_to_integers(x, W1, b1, W2, b2, rate, target):
    values, first = second_pass_by_layers(x, W1, b1, W2, b2, rate, target), through(x, W1, b1, W2, b2, target)
    error = np.zeros_like(target)
    for k in range(len(target)):
        error[k] = values["error"][k]
    return values | {"error": error, "reduction": first["error"] - error}


def _other_networks(rng):
    while True:  # one output goes up and the other one comes down, so that no sign can be dropped unnoticed
        *network, target = draw_network(rng)
        case = *network, float(rng.uniform(0.3, 0.7)), target
        reduction = second_pass_by_layers(*case)["reduction"]
        if reduction.min() < -0.005 and reduction.max() > 0.005:
            return case


SECOND_PASS = Exercise(
    key="unit1.second_pass",
    title="The second pass: has it learnt anything?",
    reference=second_pass_by_layers,
    alternatives=(second_pass_in_one_piece,),
    examples=(Example(
        args=(*W15, W15_RATE, W15_TARGET),
        expected={"I_hidden": np.array([0.36732310761023473, 1.0178269292812048]),
                  "O_hidden": np.array([0.5908119888434402, 0.7345490955539927]),
                  "I_output": np.array([-0.11604389678659845]), "O_output": np.array([0.4710215376208701]),
                  "error": np.array([0.5289784623791298]), "reduction": np.array([0.053606638665807504])},
        printed={"I_hidden": [0.368, 1.204], "O_hidden": [0.591, 0.7692], "I_output": [-0.326], "O_output": [0.474],
                 "error": [0.526], "reduction": [0.055]},
        decimals=3, source="lecture notes, unit 1",
        why="the new w15 is read for the new w16 again, and -0.326 is copied from the first pass"),),
    regimes={"other networks": _other_networks},
    follow=follow_second_pass,
    steps={"hidden layer": ("I_hidden", "O_hidden"), "output layer": ("I_output", "O_output", "error"),
           "reduction": ("reduction",)},
    parts={"hidden layer": 1.0, "output layer": 0.5, "reduction": 0.5},
    mistakes=(
        Mistake("sends x through the old weights again, so nothing changes", second_pass_with_old_weights, mark=0.5),
        Mistake("keeps the old hidden layer: all 13 parameters have changed", second_pass_old_hidden_layer, mark=1.0),
        Mistake("keeps the old output layer: all 13 parameters have changed", second_pass_old_output_layer, mark=1.5),
        Mistake("keeps the old biases: they learn too", second_pass_old_biases, mark=0.5),
        Mistake("computes the hidden errors with the new W2: all errors belong to the old weights",
                second_pass_errors_with_new_weights, mark=1.0),
        Mistake("has updated in the wrong direction: the error has grown", second_pass_uphill, mark=0.5),
        Mistake("has forgotten the learning rate in the update", second_pass_without_rate, mark=0.5),
        Mistake("updates twice before it looks again: one update lies between the two passes", second_pass_two_updates,
                mark=0.5),
        Mistake("follows the notes' slip in both passes: node 6 reads w15, old and new, where w16 belongs",
                second_pass_with_the_slip),
        Mistake("reads the new w15 where the new w16 belongs, as the notes do in the second pass", second_pass_slip_again,
                mark=1.0),
        Mistake("copies the net input of the output from the first pass, as the notes do (-0.326 stands there twice)",
                second_pass_stale_net_input, mark=1.5),
        Mistake("has the reduction the wrong way round: error before minus error after is positive when things got better "
                "for an output that was too small", second_pass_reduction_turned, mark=1.5),
        Mistake("drops the signs: the reduction is the plain error before minus the plain error after, and may be negative "
                "for an output that had to come down", second_pass_reduction_of_sizes, mark=1.5,
                also=(second_pass_reduction_without_sign,)),
        Mistake("rounds to three digits, as the notes print them: keep all digits", second_pass_rounded),
        Mistake("divides the reduction by the first error: the plain difference is asked for",
                second_pass_reduction_relative, mark=1.5),
        Mistake("compares half squared errors: the plain difference of the errors is asked for",
                second_pass_reduction_of_loss, mark=1.5),
        Mistake("takes output minus target for the error: it is target minus output", second_pass_error_turned, mark=1.0),
        Mistake("collects the error in an array like the target, which is integer here, so the decimals are cut off",
                second_pass_error_cut_to_integers, mark=1.5),
    ),
    hints=("You have written both halves already: one update, and a forward pass.",
           "Which weights and biases go into the second forward pass? And which error belongs to the old ones?",
           "new = your update; second = your first_pass with new['W1'], new['b1'], ...; reduction = error before - error "
           "after, which joins the dict of the second pass."),
    minutes=4, difficulty=2, rung="compose",
)
