"""Exercises of the notebook on neurons: the linear unit, the threshold unit, logic gates, and the generic neuron."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.neurons import mistakes as wrong
from dlkit.exercises.unit1.neurons.gates import GATE_WEIGHTS, PREDICTED_GATE, XOR_INEQUALITIES
from dlkit.numpy import activations, linear, perceptron

_BITS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])

# -- the linear unit -----------------------------------------------------------------------------------------------------


def linear_unit(X, w, b):
    return linear.linear_unit(X, w, b)


def linear_unit_by_loops(X, w, b):
    return [float(b) + sum(float(x) * float(v) for x, v in zip(row, w, strict=True)) for row in X]


def linear_unit_with_ones(X, w, b):
    return np.column_stack([X, np.ones(len(X))]) @ np.append(w, b)


def _several_inputs(rng):
    return rng.normal(size=(5, 3)), rng.normal(size=3), float(rng.uniform(2.0, 4.0))


def _whole_numbers(rng):
    return rng.integers(1, 9, size=(3, 2)), rng.integers(1, 5, size=2) + 0.5, float(rng.integers(2, 8)) + 0.25


LINEAR_UNIT = Exercise(
    key="unit1.linear_unit",
    title="The linear unit",
    reference=linear_unit,
    alternatives=(linear_unit_by_loops, linear_unit_with_ones),
    examples=(Example(args=(np.array([[5.0]]), np.array([2.5]), 90.0), expected=np.array([102.5]),
                      printed=np.array([102.0]), decimals=0, source="lecture notes, unit 1, cereals",
                      why="half a calorie was dropped: 2.5 times 5 is 12.5"),),
    regimes={"several inputs": _several_inputs, "whole numbers": Regime(_whole_numbers, hidden=True)},
    parts={"worked example": 0.5, "several inputs": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("forgets the bias: without b the line has to pass through the origin", wrong.linear_without_bias),
        Mistake("uses 1 for the bias: the bias's input is always 1, its weight b is whatever was learned",
                wrong.linear_bias_one),
        Mistake("subtracts the bias: it is added to the weighted sum", wrong.linear_bias_subtracted),
        Mistake("adds the bias to the inputs, so that the weights multiply it too: weight and sum first, then add b once",
                wrong.linear_bias_on_inputs),
        Mistake("multiplies by the bias: b is added", wrong.linear_bias_as_factor),
        Mistake("adds the bias once for each input: it belongs to the unit, so it is added once, after the sum",
                wrong.linear_bias_per_product, mark=0.5),
        Mistake("does not add up the weighted inputs: one example must give one number", wrong.linear_not_summed),
        Mistake("looks at the first input only: every input has its weight", wrong.linear_first_feature, mark=0.5),
        Mistake("averages the weighted inputs: a neuron adds them up", wrong.linear_mean_of_products, mark=0.5),
        Mistake("adds down the columns (axis=0): the sum runs over the inputs of one example, along its row",
                wrong.linear_summed_down, mark=0.5),
        Mistake("adds up all examples together: each row must get its own result", wrong.linear_all_rows, mark=0.5),
        Mistake("answers for the first example only: each row must get its own result", wrong.linear_first_row, mark=0.5),
        Mistake("returns a column of shape (N, 1): one number per example is shape (N,), as in X @ w with w of shape (D,)",
                wrong.linear_column, also=(wrong.linear_column_by_weights,)),
        Mistake("drops what comes after the decimal point, as the lecture notes do when they print 102", wrong.linear_truncated,
                also=(wrong.linear_rounded, wrong.linear_floored)),
        Mistake("adds weights to inputs instead of multiplying", wrong.linear_added_inputs),
        Mistake("multiplies two sums: each input has to meet its own weight before anything is added",
                wrong.linear_weight_sum, mark=0.5),
        Mistake("stores the results in an array of whole numbers, because X holds whole numbers: make the array of floats",
                wrong.linear_integer_results, mark=1.5),
        Mistake("turns the weights into whole numbers when X holds whole numbers", wrong.linear_integer_weights, mark=1.5),
    ),
    hints=("Try one example on paper first: which number belongs to which input, and what happens once at the end?",
           "X @ w does \"multiply and add up\" for all rows at once.",
           "What is still missing from X @ w is the bias, and it is added once per example."),
    minutes=5, difficulty=1, rung="implement",
)

# -- pre-activation, then activation -------------------------------------------------------------------------------------


def sigmoid(z):
    return activations.sigmoid(z)


def softsign(z):
    return z / (1.0 + np.abs(z))


def bump(z):
    return np.exp(-0.5 * z * z)


def neuron(X, w, b, activation):
    return linear.neuron(X, w, b, activation)


def neuron_one_by_one(X, w, b, activation):
    results = []
    for row in X:
        z = b
        for x, weight in zip(row, w, strict=True):
            z = z + x * weight
        results.append(float(activation(np.array([z]))[0]))
    return np.array(results)


def _another_activation(rng):
    """Pre-activations of both signs, so that no two of the usual functions agree on all of them."""
    while True:
        X, w, b = rng.normal(size=(5, 3)), rng.normal(size=3), float(rng.uniform(0.5, 1.5))
        if np.min(X @ w + b) < -0.2 and np.max(X @ w + b) > 0.2:
            return X, w, b, (softsign, bump)[rng.integers(2)]


NEURON = Exercise(
    key="unit1.neuron",
    title="The generic neuron: add up, then activate",
    reference=neuron,
    alternatives=(neuron_one_by_one,),
    examples=(Example(args=(np.array([[1.0, 1.0], [2.0, 0.0]]), np.array([3.0, -2.0]), -1.0, sigmoid),
                      expected=np.array([0.5, 0.9933071490757153])),),
    regimes={"another activation": _another_activation},
    parts={"worked example": 0.5, "another activation": 1.5},
    mistakes=(
        Mistake("adds the bias after the activation: it belongs to the pre-activation, inside f", wrong.neuron_bias_after),
        Mistake("forgets the bias", wrong.neuron_without_bias),
        Mistake("uses 1 for the bias: the bias's input is 1, its weight is b", wrong.neuron_bias_one),
        Mistake("subtracts the bias: that is how a threshold enters, a bias is added", wrong.neuron_bias_subtracted),
        Mistake("stops at the pre-activation: f has not been applied", wrong.neuron_linear),
        Mistake("applies f to the inputs, before they are weighted: add up first, then activate",
                wrong.neuron_activates_inputs),
        Mistake("applies f to every weighted input: add up first, then activate once", wrong.neuron_activates_products),
        Mistake("applies f to every term and adds up afterwards: add up first, then activate once",
                wrong.neuron_activates_terms),
        Mistake("adds the bias once for each input: it is added once, after the sum", wrong.neuron_bias_per_product),
        Mistake("applies f twice", wrong.neuron_twice),
        Mistake("always uses the sigmoid: use the function that was handed in as `activation`", wrong.neuron_always_sigmoid,
                mark=0.5),
        Mistake("always uses the same function: use the one that was handed in as `activation`", wrong.neuron_always_tanh,
                also=(wrong.neuron_always_step, wrong.neuron_always_relu)),
        Mistake("returns z as well as a: only the activation is asked for", wrong.neuron_both),
        Mistake("multiplies z by f(z): only f(z) leaves the neuron", wrong.neuron_gated),
        Mistake("adds up all examples together: each row must get its own result", wrong.neuron_all_rows),
        Mistake("returns a column of shape (N, 1): one number per example is shape (N,)", wrong.neuron_column),
    ),
    hints=("Two lines are enough. What does the first one compute?",
           "z is your linear unit of the last exercise, bias included.",
           "`activation` is an ordinary function that takes an array: call it with z."),
    minutes=4, difficulty=1, rung="compose",
)

# -- the threshold unit --------------------------------------------------------------------------------------------------


def threshold_unit(X, w, threshold):
    return perceptron.threshold_unit(X, w, threshold)


def threshold_unit_by_loops(X, w, threshold):
    outputs = []
    for row in X:
        total = sum(float(x) * float(v) for x, v in zip(row, w, strict=True))
        outputs.append(0 if total < threshold else 1)
    return outputs


def threshold_unit_as_booleans(X, w, threshold):
    return X @ w - threshold >= 0


_USUAL = (threshold_unit_as_booleans, wrong.threshold_ignored, wrong.threshold_added, wrong.threshold_reversed,
          wrong.threshold_any_product, wrong.threshold_all_products, wrong.threshold_on_sizes)


def _all_differ(answers, X, w, threshold):
    return all(np.any(f(X, w, threshold) != g(X, w, threshold)) for f, g in combinations(answers, 2))


def _different_weights(rng):
    """Two inputs and two unequal weights, such that no two of the usual answers agree on all rows."""
    while True:
        X, threshold = rng.normal(scale=2.0, size=(9, 2)), float(rng.choice([-1.0, 1.0]) * rng.uniform(0.8, 1.6))
        w = rng.uniform(1.0, 3.0, size=2) * rng.permutation([1.0, -1.0])
        if _all_differ((*_USUAL, wrong.threshold_weights_ignored), X, w, threshold):
            return X, w, threshold


def _on_the_threshold(rng):
    return rng.permutation(np.concatenate([_BITS, [[2.0, 0.0], [0.0, 2.0]]])), np.ones(2), 2.0


def _more_inputs(rng):
    """Five inputs of equal weight."""
    while True:
        X, w, threshold = rng.normal(size=(11, 5)), np.ones(5), float(rng.uniform(0.5, 1.5))
        if _all_differ((*_USUAL, wrong.threshold_two_inputs), X, w, threshold):
            return X, w, threshold


THRESHOLD_UNIT = Exercise(
    key="unit1.threshold_unit",
    title="The threshold unit",
    reference=threshold_unit,
    alternatives=(threshold_unit_by_loops, threshold_unit_as_booleans),
    examples=(Example(args=(_BITS, np.array([1.0, 1.0]), 0.5), expected=np.array([0.0, 1.0, 1.0, 1.0]),
                      printed="only the inputs", source="lecture notes, unit 1, OR gate",
                      why="the outputs are left to the reader: they make OR"),),
    regimes={"different weights": _different_weights, "on the threshold": _on_the_threshold,
             "more inputs": Regime(_more_inputs, hidden=True)},
    parts={"worked example": 0.5, "different weights": 0.5, "on the threshold": 0.5, "more inputs": 0.5},
    mistakes=(
        Mistake("stays silent when the sum is exactly the threshold: reaching it is enough, so >= and not >",
                wrong.threshold_strict, mark=1.5),
        Mistake("leaves the threshold out and asks whether the sum is 0 or more", wrong.threshold_ignored),
        Mistake("leaves the threshold out and asks whether the sum is positive", wrong.threshold_ignored_strict, mark=0.5),
        Mistake("adds the threshold to the sum: it is subtracted, the sum has to overcome it", wrong.threshold_added,
                also=(wrong.threshold_added_strict,)),
        Mistake("counts the inputs and leaves the weights out", wrong.threshold_weights_ignored, mark=1.5),
        Mistake("fires below the threshold: the comparison is the other way round", wrong.threshold_reversed,
                also=(wrong.threshold_reversed_strict,)),
        Mistake("answers -1 where the unit stays silent: this one says 0 (a unit with -1 and 1 is called bipolar)",
                wrong.threshold_bipolar, also=(wrong.threshold_bipolar_sign,)),
        Mistake("returns how far the sum is from the threshold: the answer is only yes (1) or no (0)",
                wrong.threshold_not_compared),
        Mistake("passes on the sum itself where it reaches the threshold: the unit fires with 1, however large the sum",
                wrong.threshold_sum_passed_on, also=(wrong.threshold_excess_passed_on,)),
        Mistake("answers with a smooth curve: this unit is all or nothing", wrong.threshold_sigmoid),
        Mistake("compares every weighted input with the threshold: add up first, then compare once",
                wrong.threshold_each_product),
        Mistake("fires as soon as one weighted input alone reaches the threshold: add up first, then compare",
                wrong.threshold_any_product, mark=0.5),
        Mistake("asks that every weighted input alone reaches the threshold: add up first, then compare",
                wrong.threshold_all_products),
        Mistake("works for two inputs only: take as many as there are weights", wrong.threshold_two_inputs, mark=1.5),
        Mistake("adds up all rows together: each row must get its own answer", wrong.threshold_all_rows),
        Mistake("returns a column of shape (N, 1): one answer per row is shape (N,)", wrong.threshold_column),
        Mistake("compares the size of the sum, without its sign", wrong.threshold_on_sizes, mark=1.0),
    ),
    hints=("First the weighted sum of each row; what question do you ask about it?",
           "A comparison of arrays gives True and False, one per row; .astype(float) makes 1 and 0 of them.",
           "Compare X @ w with the threshold, and let equality count as reaching it."),
    minutes=4, difficulty=1, rung="implement",
)

EXERCISES: tuple[Exercise, ...] = (LINEAR_UNIT, NEURON, THRESHOLD_UNIT, PREDICTED_GATE, GATE_WEIGHTS, XOR_INEQUALITIES)
