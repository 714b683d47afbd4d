"""The exercise error_terms: the errors of the output and of the hidden nodes in the delta rule."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.multilayer_perceptron.first_pass import W15, W15_TARGET
from dlkit.numpy.activations import sigmoid

_SOURCE = "lecture notes, unit 1"


def error_terms(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ Err_output)}


def error_terms_by_loops(O_hidden, O_output, W2, target):
    Err_output = [o * (1 - o) * (t - o) for o, t in zip(O_output, target, strict=True)]
    Err_hidden = []
    for j in range(len(O_hidden)):
        blame = sum(Err_output[k] * W2[j, k] for k in range(len(Err_output)))
        Err_hidden.append(O_hidden[j] * (1 - O_hidden[j]) * blame)
    return {"Err_output": np.array(Err_output), "Err_hidden": np.array(Err_hidden)}


def follow_error_terms(args, own):
    O_hidden, O_output, W2, target = args
    Err_output = O_output * (1 - O_output) * (target - O_output)
    sent_back = own["Err_output"] if np.any(own["Err_output"]) else Err_output  # zeros are no step of one's own
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ sent_back)}


def errors_without_output_slope(O_hidden, O_output, W2, target):
    Err_output = target - O_output
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ Err_output)}


def errors_without_hidden_slope(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": W2 @ Err_output}


def errors_without_slopes(O_hidden, O_output, W2, target):
    Err_output = target - O_output
    return {"Err_output": Err_output, "Err_hidden": W2 @ Err_output}


def errors_turned(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (O_output - target)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ Err_output)}


def errors_hidden_from_plain_error(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ (target - O_output))}


def errors_hidden_turned(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": -O_hidden * (1 - O_hidden) * (W2 @ Err_output)}


def errors_hidden_without_weights(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * Err_output.sum()}


def errors_hidden_from_first_output(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * W2[:, 0] * Err_output[0]}


def errors_hidden_averaged(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 * Err_output).mean(axis=1)}


def errors_hidden_summed_apart(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * W2.sum(axis=1) * Err_output.sum()}


def errors_rounded(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (target - O_output)
    Err_hidden = O_hidden * (1 - O_hidden) * (W2 @ Err_output)
    return {"Err_output": np.round(Err_output, 3), "Err_hidden": np.round(Err_hidden, 3)}


def errors_sigmoid_twice(O_hidden, O_output, W2, target):
    S_output, S_hidden = sigmoid(O_output), sigmoid(O_hidden)
    Err_output = S_output * (1 - S_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": S_hidden * (1 - S_hidden) * (W2 @ Err_output)}


def errors_tanh_slope(O_hidden, O_output, W2, target):
    Err_output = (1 - O_output**2) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": (1 - O_hidden**2) * (W2 @ Err_output)}


def errors_half_slope(O_hidden, O_output, W2, target):
    Err_output = (1 - O_output) * (target - O_output)
    return {"Err_output": Err_output, "Err_hidden": (1 - O_hidden) * (W2 @ Err_output)}


def errors_absolute(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * np.abs(target - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ Err_output)}


def errors_from_one(O_hidden, O_output, W2, target):
    Err_output = O_output * (1 - O_output) * (1 - O_output)
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ Err_output)}


def errors_cut_to_integers(O_hidden, O_output, W2, target):
    Err_output = np.zeros_like(target)
    for k in range(len(target)):
        Err_output[k] = O_output[k] * (1 - O_output[k]) * (target[k] - O_output[k])
    return {"Err_output": Err_output, "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ Err_output)}


def _other_outputs(rng):
    O_output = rng.uniform(0.1, 0.9, size=3)
    target = np.clip(O_output + np.array([0.3, -0.2, 0.1]) * rng.uniform(0.5, 1.5, size=3), 0.0, 0.95)
    return rng.uniform(0.1, 0.9, size=5), O_output, rng.normal(size=(5, 3)), target


ERROR_TERMS = Exercise(
    key="unit1.error_terms",
    title="Whose fault? The errors of the output and of the hidden nodes",
    reference=error_terms,
    alternatives=(error_terms_by_loops,),
    examples=(Example(
        args=(np.array([0.598687660112452, 0.7310585786300049]), np.array([0.4174148989550627]), W15[3], W15_TARGET),
        expected={"Err_output": np.array([0.14167287072891396]),
                  "Err_hidden": np.array([-0.010211528871801637, 0.005570915400376464])},
        printed={"Err_output": [0.141], "Err_hidden": [-0.0101, 0.005]}, decimals=3, source=_SOURCE,
        why="the notes inherit I6 = 1.2, and -0.0101 is cut where -0.0102 is rounded"),),
    regimes={"several outputs": _other_outputs},
    follow=follow_error_terms,
    steps={"output errors": ("Err_output",), "hidden errors": ("Err_hidden",)},
    parts={"output errors": 1.0, "hidden errors": 1.0},
    mistakes=(
        Mistake("forgets the slope O (1 - O) of the output node: the error passes back through its sigmoid",
                errors_without_output_slope, mark=1.0),
        Mistake("forgets the slope O (1 - O) of the hidden nodes: the error passes back through their sigmoids too",
                errors_without_hidden_slope, mark=1.0),
        Mistake("forgets the slope O (1 - O) in both layers", errors_without_slopes),
        Mistake("takes output minus target: with this sign the update would go the wrong way", errors_turned, mark=1.0),
        Mistake("sends target minus output back to the hidden nodes: what goes back is Err_output, slope included",
                errors_hidden_from_plain_error, mark=1.0),
        Mistake("has the sign of the hidden errors the wrong way round: the minus is in the weights already",
                errors_hidden_turned, mark=1.0),
        Mistake("forgets the weights on the way back: a hidden node is to blame as much as its weight let it speak",
                errors_hidden_without_weights, mark=1.0),
        Mistake("sends only the error of the first output back: a hidden node hears from every output",
                errors_hidden_from_first_output, mark=1.0),
        Mistake("averages what comes back from the outputs: it is a sum", errors_hidden_averaged, mark=1.0),
        Mistake("adds up weights and errors separately: each error comes back along its own weight, so multiply before adding",
                errors_hidden_summed_apart, mark=1.0),
        Mistake("rounds to three digits, as the notes print them: keep all digits", errors_rounded),
        Mistake("takes the sigmoid of O once more: O is the sigmoid already, its slope is O (1 - O)", errors_sigmoid_twice),
        Mistake("uses the slope of tanh, 1 - O^2: that of the sigmoid is O (1 - O)", errors_tanh_slope),
        Mistake("has 1 - O for the slope and forgets the factor O", errors_half_slope),
        Mistake("drops the sign of target minus output: too large outputs must come down", errors_absolute, mark=1.0),
        Mistake("measures the error from 1 instead of from the target", errors_from_one, mark=1.0),
        Mistake("collects the errors in an array like the target, which is integer here, so the decimals are cut off",
                errors_cut_to_integers),
    ),
    hints=("The output node knows its target; a hidden node knows only what it contributed. Who tells it?",
           "Both errors begin with O * (1 - O). The output goes on with target - O_output, a hidden node with the errors "
           "that come back along its own weights.",
           "Err_output = O_output * (1 - O_output) * (target - O_output). For the hidden nodes replace the last bracket by "
           "W2 @ Err_output."),
    minutes=6, difficulty=3, rung="derive",
    inapplicable={"sign flipped": "a sign slip in the output errors costs that step; the hidden errors follow from it",
                  "twice the result": "a factor in the output errors costs that step; the hidden errors follow from it"},
)
