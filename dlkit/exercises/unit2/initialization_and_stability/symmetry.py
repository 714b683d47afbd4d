"""The exercise symmetric_start: what can move, and what can differ, when a network starts with equal numbers."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake

EXPECTED = {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 1, "columns_zero_output": 4}


def symmetric_start():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 1, "columns_zero_output": 4}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gradients(X, T, W1, b1, W2, b2, f, slope):
    H = f(X @ W1 + b1)
    dY = (H @ W2 + b2 - T) / len(X)
    dZ = dY @ W2.T * slope(H)
    return X.T @ dZ, dZ.sum(axis=0), H.T @ dY, dY.sum(axis=0)


def symmetric_start_by_training():
    rng = np.random.default_rng(0)
    X, T = rng.normal(size=(50, 3)), rng.normal(size=(50, 2))
    pairs = {"tanh": (np.tanh, lambda H: 1 - H * H), "sigmoid": (sigmoid, lambda H: H * (1 - H))}

    def moved(name):
        start = [np.zeros((3, 4)), np.zeros(4), np.zeros((4, 2)), np.zeros(2)]
        return sum(bool(np.any(g)) for g in gradients(X, T, *start, *pairs[name]))

    def columns(W1, W2):
        now = [W1, np.zeros(4), W2, np.zeros(2)]
        for _ in range(300):
            now = [p - 0.1 * g for p, g in zip(now, gradients(X, T, *now, *pairs["sigmoid"]), strict=True)]
        return len(np.unique(now[0].round(9), axis=1).T)

    return {"moved_tanh": moved("tanh"), "moved_sigmoid": moved("sigmoid"),
            "columns_constant": columns(np.full((3, 4), 0.5), np.full((4, 2), 0.5)),
            "columns_zero_output": columns(rng.normal(size=(3, 4)), np.zeros((4, 2)))}


# -- mistakes ------------------------------------------------------------------------------------------------------------


def start_nothing_moves():
    return {"moved_tanh": 0, "moved_sigmoid": 0, "columns_constant": 1, "columns_zero_output": 4}


def start_tanh_stands_still():
    return {"moved_tanh": 0, "moved_sigmoid": 2, "columns_constant": 1, "columns_zero_output": 4}


def start_tanh_like_sigmoid():
    return {"moved_tanh": 2, "moved_sigmoid": 2, "columns_constant": 1, "columns_zero_output": 4}


def start_sigmoid_like_tanh():
    return {"moved_tanh": 1, "moved_sigmoid": 1, "columns_constant": 1, "columns_zero_output": 4}


def start_output_bias_forgotten():
    return {"moved_tanh": 0, "moved_sigmoid": 1, "columns_constant": 1, "columns_zero_output": 4}


def start_everything_moves():
    return {"moved_tanh": 4, "moved_sigmoid": 4, "columns_constant": 1, "columns_zero_output": 4}


def start_hidden_bias_moves():
    return {"moved_tanh": 1, "moved_sigmoid": 3, "columns_constant": 1, "columns_zero_output": 4}


def start_both_biases_move():
    return {"moved_tanh": 2, "moved_sigmoid": 3, "columns_constant": 1, "columns_zero_output": 4}


def start_sigmoid_moves_all():
    return {"moved_tanh": 1, "moved_sigmoid": 4, "columns_constant": 1, "columns_zero_output": 4}


def start_training_separates():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 4, "columns_zero_output": 4}


def start_outputs_separate():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 2, "columns_zero_output": 4}


def start_inputs_separate():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 3, "columns_zero_output": 4}


def start_no_column_left():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 0, "columns_zero_output": 4}


def start_zero_output_freezes():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 1, "columns_zero_output": 1}


def start_zero_output_leaves_outputs():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 1, "columns_zero_output": 2}


def start_columns_swapped():
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 4, "columns_zero_output": 1}


def follow_predictions(args, own):
    return symmetric_start()


SYMMETRIC_START = Exercise(
    key="unit2.symmetric_start",
    title="What moves, and what stays equal",
    reference=symmetric_start,
    alternatives=(symmetric_start_by_training,),
    examples=(Example(args=(), expected=EXPECTED, source="lecture notes, unit 2"),),
    follow=follow_predictions,
    steps={"zeros, tanh": ("moved_tanh",), "zeros, sigmoid": ("moved_sigmoid",), "constants": ("columns_constant",),
           "zeros in the last layer": ("columns_zero_output",)},
    parts={"zeros, tanh": 0.5, "zeros, sigmoid": 0.5, "constants": 0.5, "zeros in the last layer": 0.5},
    mistakes=(
        Mistake("lets nothing move at all: the bias of the output does not care what the weights are", start_nothing_moves,
                mark=1.0),
        Mistake("lets nothing move with tanh: the gradient of the output's bias is the error itself", start_tanh_stands_still,
                mark=1.5),
        Mistake("moves W2 with tanh hidden units: its gradient is the hidden output times the error, and tanh(0) is 0",
                start_tanh_like_sigmoid, mark=1.5),
        Mistake("forgets that a sigmoid of 0 is one half: the hidden output is not 0, so W2 has a gradient too",
                start_sigmoid_like_tanh, mark=1.5),
        Mistake("forgets the bias of the output, with tanh and with sigmoid: its gradient is the error itself, whatever the "
                "hidden units say", start_output_bias_forgotten, mark=1.0),
        Mistake("lets all four arrays move: the error has to pass W2 on its way back, and W2 is 0", start_everything_moves,
                mark=1.0),
        Mistake("moves b1 with sigmoid hidden units: on its way to b1 the error passes W2, which is 0",
                start_hidden_bias_moves, mark=1.5),
        Mistake("moves both biases: only that of the output is reached without passing a weight", start_both_biases_move,
                mark=1.0),
        Mistake("lets all four arrays move with sigmoid hidden units: the error has to pass W2, which is 0",
                start_sigmoid_moves_all, mark=1.5),
        Mistake("expects training to make the units different: equal units get equal gradients, so they stay equal",
                start_training_separates, mark=1.5),
        Mistake("expects one kind of hidden unit for each output: every hidden unit feeds both outputs with the same weights",
                start_outputs_separate, mark=1.5),
        Mistake("counts the rows of W1, which differ since the inputs do: a unit is a column", start_inputs_separate,
                mark=1.5),
        Mistake("counts 0 columns: all four are equal, so there is one kind left", start_no_column_left, mark=1.5),
        Mistake("expects zeros in the last layer to make the hidden units equal: their own weights were different all along",
                start_zero_output_freezes, mark=1.5),
        Mistake("expects one kind of hidden unit for each output: the four were different from the start, and stay so",
                start_zero_output_leaves_outputs, mark=1.5),
        Mistake("has the last two answers the wrong way round: equal units stay equal, different ones stay different",
                start_columns_swapped, mark=1.0),
    ),
    hints=("Write the four gradients down: two of them contain the factor W2, and one contains the output of the hidden units.",
           "With zeros, which factors vanish? tanh(0) = 0, sigmoid(0) = 0.5; the error itself is not 0.",
           "Two units with equal incoming and equal outgoing weights compute the same and receive the same gradient. Can one "
           "step, or a thousand, tell them apart?"),
    minutes=5, difficulty=2, rung="predict",
)
