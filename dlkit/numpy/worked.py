"""The worked 4-2-1 network of the lecture notes: one delta-rule step, every intermediate by name.

Four inputs (nodes 1 to 4), two hidden sigmoid nodes (5 and 6), one sigmoid output (7). The notes compute a
first pass (forward, errors, new weights) and a second forward pass with the new weights. They read w15
where w16 is meant in the net input of node 6, and a few figures are cut or copied wrongly. Every function
here takes ``slip``: ``False`` computes what is right, ``True`` what the notes printed. ``W15_TABLE`` sets
both beside the printed text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dlkit.numpy.delta_rule import DeltaStep, Pair, mlp_delta_step
from dlkit.numpy.validation import as_float, expect_shape


def _step(x: np.ndarray, weights: Pair, biases: Pair, rate: float, target: float, slip: bool) -> DeltaStep:
    """One delta-rule step; with ``slip``, node 6 reads w15 in place of w16 on the way forward."""
    W1, W2 = as_float("weights[0]", weights[0]), weights[1]
    expect_shape("weights[0]", W1, (4, 2))
    expect_shape("weights[1]", np.asarray(W2), (2, 1))
    if not slip:
        return mlp_delta_step(x, (W1, W2), biases, rate, target)
    misread = W1.copy()
    misread[0, 1] = W1[0, 0]
    step = mlp_delta_step(x, (misread, W2), biases, rate, target)
    new_W1 = W1 + rate * np.outer(x, step.hidden_delta)  # the notes update the weight that w16 really was
    return replace(step, weights=(new_W1, step.weights[1]))


def first_pass(
    x: np.ndarray, weights: Pair, biases: Pair, rate: float, target: float, *, slip: bool = False
) -> dict[str, float]:
    """The first pass of a 4-2-1 network: forward, errors, and the new weights, by their names in the notes.

    Keys, in order: ``I5 O5 I6 O6 I7 O7 error Error7 Error6 Error5``, then the NEW weights ``w15 w16 w25 ...
    w46 w57 w67`` and biases ``theta5 theta6 theta7``. Formulas as in `mlp_delta_step`.

    Parameters
    ----------
    x : (4,) inputs.
    weights : pair (4, 2), (2, 1); ``weights[0][i - 1, j - 5]`` is w_ij.
    biases : pair (2,), (1,), called theta in the notes.
    rate : learning rate.
    target : wanted output, between 0 and 1.
    slip : read w15 for w16 in the net input of node 6, as the notes do.

    Returns
    -------
    dict : name -> value.

    Raises
    ------
    ValueError : when a shape does not fit a 4-2-1 network.

    Source: Lecture notes, unit 1, worked example of the multi-layer perceptron.

    Examples
    --------
    >>> right = first_pass(W15_INPUTS, W15_WEIGHTS, W15_BIASES, rate=0.8, target=1.0)
    >>> round(right["I6"], 4)                                # 1*0.1 + 1*0.4 + 0*(-0.3) + 1*0.4 + 0.1
    1.0
    >>> round(first_pass(W15_INPUTS, W15_WEIGHTS, W15_BIASES, 0.8, 1.0, slip=True)["I6"], 4)
    1.2
    """
    return _named_first_pass(_step(x, weights, biases, rate, target, slip))


def second_pass(
    x: np.ndarray, weights: Pair, biases: Pair, rate: float, target: float, *, slip: bool = False
) -> dict[str, float]:
    """The second forward pass: the same inputs through the weights that the first pass made.

    Keys, in order: ``I5' O5' I6' O6' I7' O7' error' reduction``; ``reduction`` is ``error - error'``.

    Parameters
    ----------
    x, weights, biases, rate, target, slip : as in `first_pass`; ``weights`` and ``biases`` are the starting
    ones.

    Returns
    -------
    dict : name -> value.

    Raises
    ------
    ValueError : when a shape does not fit a 4-2-1 network.

    Source: Lecture notes, unit 1, worked example of the multi-layer perceptron.

    Examples
    --------
    >>> again = second_pass(W15_INPUTS, W15_WEIGHTS, W15_BIASES, rate=0.8, target=1.0)
    >>> round(again["O7'"], 4), round(again["reduction"], 4)
    (0.471, 0.0536)
    """
    first = _step(x, weights, biases, rate, target, slip)
    second = _step(x, first.weights, first.biases, rate, target, slip)
    return _named_second_pass(first, second)


def _forward_values(step: DeltaStep, mark: str) -> dict[str, float]:
    (I5, I6), (O5, O6) = step.hidden_input, step.hidden_output
    named = {"I5": I5, "O5": O5, "I6": I6, "O6": O6, "I7": step.output_input[0], "O7": step.output[0]}
    named["error"] = step.error[0]
    return {name + mark: float(value) for name, value in named.items()}


def _named_first_pass(step: DeltaStep) -> dict[str, float]:
    W1, W2 = step.weights
    named = {"Error7": step.output_delta[0], "Error6": step.hidden_delta[1], "Error5": step.hidden_delta[0]}
    named |= {f"w{i + 1}{j + 5}": W1[i, j] for i in range(4) for j in range(2)}
    named |= {"w57": W2[0, 0], "w67": W2[1, 0]}
    named |= {f"theta{j + 5}": theta for j, theta in enumerate(np.concatenate(step.biases))}
    return _forward_values(step, "") | {name: float(value) for name, value in named.items()}


def _named_second_pass(first: DeltaStep, second: DeltaStep) -> dict[str, float]:
    return _forward_values(second, "'") | {"reduction": float(first.error[0] - second.error[0])}


def _constant(values: list) -> np.ndarray:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


W15_INPUTS = _constant([1, 1, 0, 1])
W15_WEIGHTS: Pair = (
    _constant([[0.3, 0.1], [-0.2, 0.4], [0.2, -0.3], [0.1, 0.4]]),  # row i, columns 5 and 6
    _constant([[-0.3], [0.2]]),
)
W15_BIASES: Pair = (_constant([0.2, 0.1]), _constant([-0.3]))
W15_RATE = 0.8
W15_TARGET = 1.0


def mlp_4_2_1(
    x: np.ndarray = W15_INPUTS,
    weights: Pair = W15_WEIGHTS,
    biases: Pair = W15_BIASES,
    rate: float = W15_RATE,
    target: float = W15_TARGET,
    *,
    slip: bool = False,
) -> dict[str, float]:
    """Both passes of a 4-2-1 network in one dictionary; without arguments, the worked example of the notes.

    Parameters
    ----------
    x, weights, biases, rate, target, slip : as in `first_pass`.

    Returns
    -------
    dict : the keys of `first_pass`, then those of `second_pass`.

    Raises
    ------
    ValueError : when a shape does not fit a 4-2-1 network.

    Source: Lecture notes, unit 1, worked example of the multi-layer perceptron.

    Examples
    --------
    >>> right, printed = mlp_4_2_1(), mlp_4_2_1(slip=True)
    >>> round(right["O7"], 6), round(printed["O7"], 6)
    (0.417415, 0.419238)
    """
    first = _step(x, weights, biases, rate, target, slip)
    second = _step(x, first.weights, first.biases, rate, target, slip)
    return _named_first_pass(first) | _named_second_pass(first, second)


@dataclass(frozen=True)
class WorkedRow:
    """One line of a worked example: what was printed, what the printed arithmetic gives, and what is right.

    ``why`` says why the printed figure is not the right one; it is empty where they agree at the printed
    precision.
    """

    name: str
    printed: str
    slip: float
    correct: float
    why: str

    @property
    def decimals(self) -> int:
        """Digits after the point in the printed text."""
        return len(self.printed.partition(".")[2])

    @property
    def agrees(self) -> bool:
        """Whether the right value, rounded to the printed precision, is what was printed."""
        return abs(round(self.correct, self.decimals) - float(self.printed)) < 1e-12


_W15_PRINTED = (
    "I5 0.4, O5 0.599, I6 1.2, O6 0.769, I7 -0.326, O7 0.419, error 0.581, Error7 0.141, Error6 0.005, "
    "Error5 -0.0101, w15 0.292, w16 0.104, w25 -0.208, w26 0.404, w35 0.2, w36 -0.3, w45 0.092, w46 0.404, "
    "w57 -0.232, w67 0.287, theta5 0.192, theta6 0.104, theta7 -0.187, I5' 0.368, O5' 0.591, I6' 1.204, "
    "O6' 0.7692, I7' -0.326, O7' 0.474, error' 0.526, reduction 0.055"
)
_W15_FOLLOWS = "Follows from I6, where w15 was read for w16."
_W15_WHY = {
    "I6": "w15 = 0.3 was read for w16 = 0.1; the sum 0.1 + 0.4 + 0.4 + 0.1 is 1.0.",
    "Error5": "Cut, not rounded: the notes' own arithmetic gives -0.01019, the right one -0.01021.",
    "I5'": "Sum of weights already rounded to 3 digits; with full precision it is 0.367.",
    "I6'": "The new w15 was read for the new w16 again.",
    "I7'": "Copied from the first pass; the slip's own value, -0.1034, stands negated in the exponent beside it.",
}


def _w15_table() -> tuple[WorkedRow, ...]:
    slip, correct, rows = mlp_4_2_1(slip=True), mlp_4_2_1(), []
    for entry in _W15_PRINTED.split(", "):
        name, printed = entry.split()
        row = WorkedRow(name, printed, slip[name], correct[name], why="")
        why = "" if row.agrees else _W15_WHY.get(name, _W15_FOLLOWS)
        rows.append(WorkedRow(name, printed, slip[name], correct[name], why))
    return tuple(rows)


W15_TABLE: tuple[WorkedRow, ...] = _w15_table()
