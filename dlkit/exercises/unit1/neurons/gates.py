"""Exercises of the notebook on neurons about logic gates: predict one, build some, and show that XOR is out of reach."""

from __future__ import annotations

from itertools import product

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.neurons import gates_mistakes as wrong

# -- predict a gate ------------------------------------------------------------------------------------------------------


def predicted_gate():
    return [1, 1, 1, 0]


def predicted_gate_by_rule():
    return [int(-x1 - x2 >= -1) for x1, x2 in product((0, 1), repeat=2)]


PREDICTED_GATE = Exercise(
    key="unit1.predicted_gate",
    title="Predict a gate",
    reference=predicted_gate,
    alternatives=(predicted_gate_by_rule,),
    examples=(Example(args=(), expected=[1, 1, 1, 0]),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("stays silent in the two rows where the sum is exactly -1: reaching the threshold is enough",
                wrong.gate_without_ties),
        Mistake("says OR: check that you kept both minus signs, that -2 is less than -1, and that you began with (0, 0)",
                wrong.gate_or),
        Mistake("says AND: with negative weights an active input holds the unit back", wrong.gate_and),
        Mistake("never fires: the threshold is -1, below zero, so a sum of 0 is above it", wrong.gate_never),
        Mistake("always fires: with both inputs active the sum is -2, which is less than -1", wrong.gate_always),
        Mistake("says XOR: the row (0, 0) has the sum 0, and 0 is more than -1", wrong.gate_xor),
        Mistake("gives the weighted sums: now compare each of them with the threshold", wrong.gate_sums),
        Mistake("gives the sums minus the threshold: the unit answers 1 where this is 0 or more, else 0",
                wrong.gate_differences),
    ),
    hints=("Write the weighted sum beside each of the four rows.", "The sums are 0, -1, -1, -2. Which of them reach -1?",
           "On the number line, -2 lies to the left of -1, and -1 is exactly on the threshold."),
    minutes=2, difficulty=1, rung="predict",
)

# -- weights for a gate --------------------------------------------------------------------------------------------------


def gate_weights(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "and" else 0.5


def gate_weights_on_the_edge(gate, num_inputs):
    w, threshold = {"and": (1, num_inputs), "or": (2, 1), "not": (-3, -2)}[gate]
    return [w] * num_inputs, threshold


def _truth_tables(answer, gate, sizes):
    """The public script: build a unit for each number of inputs, and write down its answers to all rows of 0 and 1."""
    tables = {}
    calls = [answer.later("gate_weights", gate, n) for n in sizes]
    for n, call in zip(sizes, calls, strict=True):
        w, threshold = call.value
        w, threshold = np.asarray(w, dtype=float), np.asarray(threshold, dtype=float)
        w = np.atleast_1d(w) if n == 1 else w
        if w.shape != (n,) or threshold.size != 1:
            return f"for {n} inputs: weights of shape {w.shape} and a threshold of shape {threshold.shape}"
        rows = np.array(list(product((0.0, 1.0), repeat=n)))
        tables[f"{n} inputs" if n > 1 else "1 input"] = (rows @ w >= threshold.item()).astype(int)
    return tables


def _or_gates(rng):
    return "or", [2, 3, int(rng.integers(4, 6))]


def _and_gates(rng):
    return "and", [2, 3, int(rng.integers(4, 6))]


def _not_gate(rng):
    return "not", [1]


_ANY_SCALE = "weights and threshold may be scaled together: the unit answers the same"

GATE_WEIGHTS = Exercise(
    key="unit1.gate_weights",
    title="Weights and a threshold for AND, OR and NOT",
    reference=gate_weights,
    alternatives=(gate_weights_on_the_edge,),
    probe=_truth_tables,
    regimes={"or": Regime(_or_gates, cases=1), "and": Regime(_and_gates, cases=1), "not": Regime(_not_gate, cases=1)},
    parts={"or": 0.5, "and": 1.0, "not": 0.5},
    inapplicable={"twice the result": _ANY_SCALE},
    mistakes=(
        Mistake("lets two active inputs suffice for AND, however many there are: the threshold must grow with their number",
                wrong.weights_fixed_and, mark=1.0),
        Mistake("lets AND fire with one input missing: the threshold must lie above num_inputs - 1",
                wrong.weights_and_needs_one_less, mark=1.0),
        Mistake("lets AND fire when half of the inputs are active: that is a vote, AND wants all of them",
                wrong.weights_and_majority, mark=1.0),
        Mistake("sets AND's threshold so high that all inputs together cannot reach it", wrong.weights_and_too_high,
                mark=1.0),
        Mistake("has AND and OR the wrong way round: AND is the demanding one and has the higher threshold",
                wrong.weights_swapped, mark=0.5, also=(wrong.weights_swapped_for_two,)),
        Mistake("lets OR fire even when no input is active: a sum of 0 must stay below the threshold",
                wrong.weights_or_at_zero, mark=1.5),
        Mistake("asks for two active inputs before OR fires: one must be enough", wrong.weights_or_needs_two, mark=1.5),
        Mistake("lets OR's threshold grow with the number of inputs: one active input must always be enough",
                wrong.weights_or_grows, mark=1.5),
        Mistake("copies the input instead of turning it round: NOT needs a negative weight", wrong.weights_not_copies,
                mark=1.5),
        Mistake("makes a NOT that never fires: with weight -1 the sums are 0 and -1, so the threshold must lie between them, "
                "below zero", wrong.weights_not_never, mark=1.5),
        Mistake("makes a NOT that always fires: the sum -1 must not reach the threshold", wrong.weights_not_always, mark=1.5),
        Mistake("returns the bias instead of the threshold: they have opposite signs, b = -threshold",
                wrong.weights_bias_returned),
        Mistake("puts every threshold on the largest sum that should stay silent: reaching the threshold is enough to fire, so "
                "it must lie above", wrong.weights_for_strict_units),
        Mistake("always returns two weights for AND and OR: there must be one for each input", wrong.weights_two_only,
                mark=0.5),
        Mistake("returns the threshold first: the weights come first", wrong.weights_threshold_first),
    ),
    hints=("With all weights 1, the sum simply counts the active inputs. How many does OR need, and how many AND?",
           "Put the threshold half-way between the largest count that must stay silent and the smallest that must fire.",
           "An active input must push NOT down, so its weight is negative, and so is the threshold between 0 and that weight."),
    minutes=6, difficulty=2, rung="implement",
)

# -- why no line does XOR ------------------------------------------------------------------------------------------------


def xor_inequalities(w1, w2, threshold):
    return np.array([threshold, w2 - threshold, w1 - threshold, threshold - (w1 + w2)])


def xor_inequalities_from_the_table(w1, w2, threshold):
    signs = [1 if answer else -1 for answer in (0, 1, 1, 0)]
    return [s * (w1 * x1 + w2 * x2 - threshold) for s, (x1, x2) in zip(signs, product((0, 1), repeat=2), strict=True)]


def _random_unit(rng):
    return tuple(float(v) for v in rng.uniform(0.3, 3.0, size=3) * rng.choice([-1.0, 1.0], size=3))


XOR_INEQUALITIES = Exercise(
    key="unit1.xor_inequalities",
    title="Why no line does XOR",
    reference=xor_inequalities,
    alternatives=(xor_inequalities_from_the_table,),
    examples=(Example(args=(1.0, 1.0, 0.5), expected=np.array([0.5, 0.5, 0.5, -1.5])),),
    regimes={"random units": Regime(_random_unit, cases=4)},
    parts={"worked example": 0.5, "random units": 1.5},
    mistakes=(
        Mistake("takes sum minus threshold in every row: where the unit has to stay silent it is threshold minus sum",
                wrong.xor_nothing_turned),
        Mistake("has the sign of row (0, 0) wrong: there the sum is 0 and must stay below the threshold",
                wrong.xor_first_row_turned_back),
        Mistake("asks row (1, 1) to fire: that is OR, and XOR differs from it in just this row", wrong.xor_last_row_of_or),
        Mistake("swaps rows (0, 1) and (1, 0): in row (0, 1) only the second input is active, so only w2 counts",
                wrong.xor_rows_swapped, mark=0.5),
        Mistake("leaves the threshold out of row (0, 0): the sum is 0 there, but its distance from the threshold is not",
                wrong.xor_first_row_zero),
        Mistake("adds the threshold where it should be subtracted, as if it were a bias", wrong.xor_threshold_added),
        Mistake("puts -1 in place of 0 for an input that is off", wrong.xor_bipolar_inputs),
        Mistake("gives the weighted sums: how far are they on the right side of the threshold?", wrong.xor_sums_only),
        Mistake("says whether each inequality holds: give the number that has to be positive", wrong.xor_true_or_false),
        Mistake("gives what the unit answers in each row: give how far it is on the right side", wrong.xor_outputs),
        Mistake("drops the signs: a row on the wrong side must show a negative number", wrong.xor_sizes),
        Mistake("loses a bracket in row (1, 1): threshold - (w1 + w2) subtracts both weights", wrong.xor_last_row_sign),
    ),
    hints=("Take the rows one at a time. What is the weighted sum, and on which side of the threshold must it lie?",
           "A row that must fire asks for sum - threshold, a row that must stay silent for threshold - sum.",
           "Row (0, 0) has the sum 0 and must stay silent, so it asks for threshold - 0. Row (1, 1) must stay silent too."),
    minutes=6, difficulty=3, rung="derive",
)
