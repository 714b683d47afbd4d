"""The exercise first_pass: every intermediate of the forward pass, each judged from the student's own earlier values."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.numpy.activations import sigmoid

# The 4-2-1 network of the notes. Inputs and target are whole numbers there, and arrays of integers here: a result that is
# collected in "an array like the inputs" loses its decimals.
W15 = (np.array([1, 1, 0, 1]), np.array([[0.3, 0.1], [-0.2, 0.4], [0.2, -0.3], [0.1, 0.4]]), np.array([0.2, 0.1]),
       np.array([[-0.3], [0.2]]), np.array([-0.3]))
W15_TARGET = np.array([1])
W15_RATE = 0.8
_SOURCE = "lecture notes, unit 1"


def draw_network(rng):
    """x, W1, b1, W2, b2 and a target of a 5-3-2 network; one output is too small and the other one too large."""
    D, H, M = 5, 3, 2
    x, W1, b1, W2, b2 = (rng.normal(size=shape) for shape in (D, (D, H), H, (H, M), M))
    output = sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)
    wanted = rng.permutation([0.0, 1.0])
    return x, W1, b1, W2, b2, output + rng.uniform(0.4, 0.8, size=M) * (wanted - output)


def first_pass_by_layers(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    O_hidden = sigmoid(I_hidden)
    I_output = O_hidden @ W2 + b2
    O_output = sigmoid(I_output)
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def from_I_hidden(I_hidden, W2, b2, target):
    O_hidden = sigmoid(I_hidden)
    I_output = O_hidden @ W2 + b2
    O_output = sigmoid(I_output)
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def follow_first_pass(args, own):
    x, W1, b1, W2, b2, target = args
    return {"I_hidden": x @ W1 + b1, "O_hidden": sigmoid(own["I_hidden"]), "I_output": own["O_hidden"] @ W2 + b2,
            "O_output": sigmoid(own["I_output"]), "error": target - own["O_output"]}


def first_pass_node_by_node(x, W1, b1, W2, b2, target):
    def layer(values, W, b):
        sums = [float(b[j]) for j in range(len(b))]
        for j in range(len(b)):
            for i in range(len(values)):
                sums[j] += values[i] * W[i, j]
        return np.array(sums), np.array([0.5 * (1 + np.tanh(s / 2)) for s in sums])

    I_hidden, O_hidden = layer(x, W1, b1)
    I_output, O_output = layer(O_hidden, W2, b2)
    return dict(I_hidden=I_hidden, O_hidden=O_hidden, I_output=I_output, O_output=O_output, error=target - O_output)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def first_pass_with_the_slip(x, W1, b1, W2, b2, target):
    misread = W1.copy()
    misread[0, 1] = W1[0, 0]
    return first_pass_by_layers(x, misread, b1, W2, b2, target)


def first_pass_copied_from_the_notes(x, W1, b1, W2, b2, target):
    I5 = x[0] * W1[0, 0] + x[1] * W1[1, 0] + x[2] * W1[2, 0] + x[3] * W1[3, 0] + b1[0]
    I6 = x[0] * W1[0, 0] + x[1] * W1[1, 1] + x[2] * W1[2, 1] + x[3] * W1[3, 1] + b1[1]
    O5, O6 = sigmoid(I5), sigmoid(I6)
    I7 = O5 * W2[0, 0] + O6 * W2[1, 0] + b2[0]
    O7 = sigmoid(I7)
    return {"I_hidden": np.array([I5, I6]), "O_hidden": np.array([O5, O6]), "I_output": np.array([I7]),
            "O_output": np.array([O7]), "error": np.array([target[0] - O7])}


def first_pass_by_hand_for_4_2_1(x, W1, b1, W2, b2, target):
    I5 = x[0] * W1[0, 0] + x[1] * W1[1, 0] + x[2] * W1[2, 0] + x[3] * W1[3, 0] + b1[0]
    I6 = x[0] * W1[0, 1] + x[1] * W1[1, 1] + x[2] * W1[2, 1] + x[3] * W1[3, 1] + b1[1]
    O5, O6 = sigmoid(I5), sigmoid(I6)
    I7 = O5 * W2[0, 0] + O6 * W2[1, 0] + b2[0]
    O7 = sigmoid(I7)
    return {"I_hidden": np.array([I5, I6]), "O_hidden": np.array([O5, O6]), "I_output": np.array([I7]),
            "O_output": np.array([O7]), "error": np.array([target[0] - O7])}


def first_pass_copied_with_names(x, W1, b1, W2, b2, target):
    x1, x2, x3, x4 = x
    (w15, _), (w25, w26), (w35, w36), (w45, w46) = W1
    I5 = x1 * w15 + x2 * w25 + x3 * w35 + x4 * w45 + b1[0]
    I6 = x1 * w15 + x2 * w26 + x3 * w36 + x4 * w46 + b1[1]
    return from_I_hidden(np.array([I5, I6]), W2, b2, target)


def first_pass_copied_with_error_in_arrays(x, W1, b1, W2, b2, target):
    I5 = x[0] * W1[0, 0] + x[1] * W1[1, 0] + x[2] * W1[2, 0] + x[3] * W1[3, 0] + b1[0]
    I6 = x[0] * W1[0, 0] + x[1] * W1[1, 1] + x[2] * W1[2, 1] + x[3] * W1[3, 1] + b1[1]
    O5, O6 = sigmoid(I5), sigmoid(I6)
    I7 = O5 * W2[0, 0] + O6 * W2[1, 0] + b2[0]
    O7 = sigmoid(I7)
    return {"I_hidden": np.array([I5, I6]), "O_hidden": np.array([O5, O6]), "I_output": np.array([I7]),
            "O_output": np.array([O7]), "error": target - O7}


def first_pass_copied_then_in_matrices(x, W1, b1, W2, b2, target):
    I5 = x[0] * W1[0, 0] + x[1] * W1[1, 0] + x[2] * W1[2, 0] + x[3] * W1[3, 0] + b1[0]
    I6 = x[0] * W1[0, 0] + x[1] * W1[1, 1] + x[2] * W1[2, 1] + x[3] * W1[3, 1] + b1[1]
    return from_I_hidden(np.array([I5, I6]), W2, b2, target)


def first_pass_by_hand_with_names(x, W1, b1, W2, b2, target):
    x1, x2, x3, x4 = x
    (w15, w16), (w25, w26), (w35, w36), (w45, w46) = W1
    I5 = x1 * w15 + x2 * w25 + x3 * w35 + x4 * w45 + b1[0]
    I6 = x1 * w16 + x2 * w26 + x3 * w36 + x4 * w46 + b1[1]
    return from_I_hidden(np.array([I5, I6]), W2, b2, target)


def first_pass_by_hand_with_error_in_arrays(x, W1, b1, W2, b2, target):
    I5 = x[0] * W1[0, 0] + x[1] * W1[1, 0] + x[2] * W1[2, 0] + x[3] * W1[3, 0] + b1[0]
    I6 = x[0] * W1[0, 1] + x[1] * W1[1, 1] + x[2] * W1[2, 1] + x[3] * W1[3, 1] + b1[1]
    O5, O6 = sigmoid(I5), sigmoid(I6)
    I7 = O5 * W2[0, 0] + O6 * W2[1, 0] + b2[0]
    O7 = sigmoid(I7)
    return {"I_hidden": np.array([I5, I6]), "O_hidden": np.array([O5, O6]), "I_output": np.array([I7]),
            "O_output": np.array([O7]), "error": target - O7}


def first_pass_by_hand_then_in_matrices(x, W1, b1, W2, b2, target):
    I5 = x[0] * W1[0, 0] + x[1] * W1[1, 0] + x[2] * W1[2, 0] + x[3] * W1[3, 0] + b1[0]
    I6 = x[0] * W1[0, 1] + x[1] * W1[1, 1] + x[2] * W1[2, 1] + x[3] * W1[3, 1] + b1[1]
    return from_I_hidden(np.array([I5, I6]), W2, b2, target)


def first_pass_without_hidden_bias(x, W1, b1, W2, b2, target):
    return from_I_hidden(x @ W1, W2, b2, target)


def first_pass_without_output_bias(x, W1, b1, W2, b2, target):
    return from_I_hidden(x @ W1 + b1, W2, 0, target)


def first_pass_without_biases(x, W1, b1, W2, b2, target):
    return from_I_hidden(x @ W1, W2, 0, target)


def first_pass_minus_biases(x, W1, b1, W2, b2, target):
    return from_I_hidden(x @ W1 - b1, W2, -b2, target)


def first_pass_cut_to_integers(x, W1, b1, W2, b2, target):
    I_hidden = np.zeros(len(b1), dtype=x.dtype)
    for j in range(len(b1)):
        I_hidden[j] = x @ W1[:, j] + b1[j]
    return from_I_hidden(I_hidden, W2, b2, target)


def first_pass_error_cut_to_integers(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    error = np.zeros_like(target)
    for k in range(len(target)):
        error[k] = target[k] - values["O_output"][k]
    return values | {"error": error}


def first_pass_linear_hidden(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    I_output = I_hidden @ W2 + b2
    O_output = sigmoid(I_output)
    return {"I_hidden": I_hidden, "O_hidden": I_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def first_pass_net_input_passed_on(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    I_output = I_hidden @ W2 + b2
    O_output = sigmoid(I_output)
    return {"I_hidden": I_hidden, "O_hidden": sigmoid(I_hidden), "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def first_pass_linear_output(x, W1, b1, W2, b2, target):
    O_hidden = sigmoid(x @ W1 + b1)
    I_output = O_hidden @ W2 + b2
    return {"I_hidden": x @ W1 + b1, "O_hidden": O_hidden, "I_output": I_output, "O_output": I_output,
            "error": target - I_output}


def first_pass_tanh(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    O_hidden = np.tanh(I_hidden)
    I_output = O_hidden @ W2 + b2
    O_output = np.tanh(I_output)
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def first_pass_tanh_hidden(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    O_hidden = np.tanh(I_hidden)
    I_output = O_hidden @ W2 + b2
    O_output = sigmoid(I_output)
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def first_pass_relu_hidden(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    O_hidden = np.maximum(I_hidden, 0)
    I_output = O_hidden @ W2 + b2
    O_output = sigmoid(I_output)
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def first_pass_rounded_at_the_end(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    return {name: np.round(value, 3) for name, value in values.items()}


def first_pass_rounded_on_the_way(x, W1, b1, W2, b2, target):
    I_hidden = np.round(x @ W1 + b1, 3)
    O_hidden = np.round(sigmoid(I_hidden), 3)
    I_output = np.round(O_hidden @ W2 + b2, 3)
    O_output = np.round(sigmoid(I_output), 3)
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": np.round(target - O_output, 3)}


def first_pass_mirrored_sigmoid(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    O_hidden = 1 / (1 + np.exp(I_hidden))
    I_output = O_hidden @ W2 + b2
    O_output = 1 / (1 + np.exp(I_output))
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}


def first_pass_step_output(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    O_output = np.where(values["I_output"] >= 0, 1.0, 0.0)
    return values | {"O_output": O_output, "error": target - O_output}


def first_pass_error_turned(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    return values | {"error": values["O_output"] - target}


def first_pass_error_without_sign(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    return values | {"error": np.abs(values["error"])}


def first_pass_error_from_one(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    return values | {"error": 1 - values["O_output"]}


def first_pass_half_squared_error(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    return values | {"error": 0.5 * values["error"] ** 2}


def first_pass_squared_error(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    return values | {"error": values["error"] ** 2}


def first_pass_error_with_slope(x, W1, b1, W2, b2, target):
    values = first_pass_by_layers(x, W1, b1, W2, b2, target)
    return values | {"error": values["O_output"] * (1 - values["O_output"]) * values["error"]}


def _other_networks(rng):
    return draw_network(rng)


FIRST_PASS = Exercise(
    key="unit1.first_pass",
    title="The first pass, every intermediate",
    reference=first_pass_by_layers,
    alternatives=(first_pass_node_by_node,),
    examples=(Example(
        args=(*W15, W15_TARGET),
        expected={"I_hidden": np.array([0.4, 1.0]), "O_hidden": np.array([0.598687660112452, 0.7310585786300049]),
                  "I_output": np.array([-0.3333945823077346]), "O_output": np.array([0.4174148989550627]),
                  "error": np.array([0.5825851010449373])},
        printed={"I_hidden": [0.4, 1.2], "O_hidden": [0.599, 0.769], "I_output": [-0.326], "O_output": [0.419],
                 "error": [0.581]},
        decimals=3, source=_SOURCE, why="the notes read w15 where w16 belongs, and all that follows inherits it"),),
    regimes={"other networks": _other_networks},
    follow=follow_first_pass,
    steps={"net inputs of the hidden layer": ("I_hidden",), "outputs of the hidden layer": ("O_hidden",),
           "net inputs of the output layer": ("I_output",), "outputs": ("O_output",), "error": ("error",)},
    parts={"net inputs of the hidden layer": 1.0, "outputs of the hidden layer": 0.5,
           "net inputs of the output layer": 0.5, "outputs": 0.5, "error": 0.5},
    mistakes=(
        Mistake("reads w15 where w16 belongs, exactly as the notes do: the net input of node 6 uses the weights that lead to "
                "node 6, the second column of W1", first_pass_with_the_slip, mark=2.0),
        Mistake("writes the sums of the notes out by hand, their slip included: node 6 needs w16, not w15, and the function "
                "should serve networks of any size, not only 4-2-1", first_pass_copied_from_the_notes,
                also=(first_pass_copied_with_names, first_pass_copied_then_in_matrices,
                      first_pass_copied_with_error_in_arrays)),
        Mistake("writes the sums out for 4 inputs, 2 hidden nodes and 1 output: right for the notes' network, but the "
                "function should serve any size (let x @ W1 do the sums)", first_pass_by_hand_for_4_2_1,
                also=(first_pass_by_hand_with_names, first_pass_by_hand_then_in_matrices,
                      first_pass_by_hand_with_error_in_arrays)),
        Mistake("forgets the biases of the hidden layer", first_pass_without_hidden_bias, mark=2.0),
        Mistake("forgets the bias of the output layer", first_pass_without_output_bias, mark=2.5),
        Mistake("forgets the biases in both layers", first_pass_without_biases, mark=1.5),
        Mistake("subtracts theta as if it were a threshold to reach: in these formulas theta is added, like a bias",
                first_pass_minus_biases, mark=1.5),
        Mistake("collects the net inputs in an array of x's own type, which is integer here, so the decimals are cut off",
                first_pass_cut_to_integers, mark=2.0),
        Mistake("collects the error in an array like the target, which is integer here, so the decimals are cut off",
                first_pass_error_cut_to_integers, mark=2.5),
        Mistake("forgets the sigmoid of the hidden layer", first_pass_linear_hidden, mark=2.5),
        Mistake("sends I_hidden on to the output layer: what travels on is O_hidden, after the sigmoid",
                first_pass_net_input_passed_on, mark=2.5),
        Mistake("forgets the sigmoid of the output layer", first_pass_linear_output, mark=2.5),
        Mistake("uses tanh in place of the sigmoid", first_pass_tanh, mark=2.0),
        Mistake("uses tanh in the hidden layer: both layers are sigmoids here", first_pass_tanh_hidden, mark=2.5),
        Mistake("uses ReLU in the hidden layer: both layers are sigmoids here", first_pass_relu_hidden, mark=2.5),
        Mistake("rounds to three digits at the end, as the notes print them: keep all digits, rounding is for showing",
                first_pass_rounded_at_the_end),
        Mistake("rounds to three digits on the way, as one does by hand: keep all digits, rounding is for showing",
                first_pass_rounded_on_the_way),
        Mistake("has the sigmoid the wrong way round: 1 / (1 + e^-I), with a minus", first_pass_mirrored_sigmoid, mark=2.0),
        Mistake("turns the output into 0 or 1: the error is measured on the number that the sigmoid gives",
                first_pass_step_output, mark=2.5),
        Mistake("takes output minus target: here the error is target minus output, so that a positive error says 'more'",
                first_pass_error_turned, mark=2.5),
        Mistake("drops the sign of the error: it tells in which direction to go", first_pass_error_without_sign, mark=2.5),
        Mistake("measures the error from 1 instead of from the target", first_pass_error_from_one, mark=2.5),
        Mistake("halves and squares the error: that is the loss; here the plain difference is asked for",
                first_pass_half_squared_error, mark=2.5),
        Mistake("squares the error: here the plain difference is asked for", first_pass_squared_error, mark=2.5),
        Mistake("multiplies the error by O (1 - O) already: that is the next exercise", first_pass_error_with_slope, mark=2.5),
    ),
    hints=("Go from left to right and give each line one formula: net input, output, net input, output, error.",
           "A net input is everything that arrives, weighted, plus the bias: x @ W1 + b1. What arrives at the output layer?",
           "O_hidden = sigmoid(x @ W1 + b1); the output layer does the same with O_hidden, W2 and b2; error = target - "
           "O_output."),
    minutes=6, difficulty=2, rung="implement",
)
