"""Wrong answers to the exercises on logic gates, each with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- predicted_gate ------------------------------------------------------------------------------------------------------


def gate_without_ties():
    return [1, 0, 0, 0]


def gate_or():
    return [0, 1, 1, 1]


def gate_and():
    return [0, 0, 0, 1]


def gate_never():
    return [0, 0, 0, 0]


def gate_always():
    return [1, 1, 1, 1]


def gate_xor():
    return [0, 1, 1, 0]


def gate_sums():
    return [0, -1, -1, -2]


def gate_differences():
    return [1, 0, 0, -1]


# -- gate_weights --------------------------------------------------------------------------------------------------------


def weights_fixed_and(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), 1.5 if gate == "and" else 0.5


def weights_and_needs_one_less(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs - 1.0 if gate == "and" else 0.5


def weights_and_majority(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs / 2 if gate == "and" else 0.5


def weights_and_too_high(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs + 0.5 if gate == "and" else 0.5


def weights_swapped(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "or" else 0.5


def weights_swapped_for_two(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), 1.5 if gate == "or" else 0.5


def weights_or_at_zero(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "and" else 0.0


def weights_or_needs_two(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "and" else 1.5


def weights_or_grows(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "and" else num_inputs / 2


def weights_not_copies(gate, num_inputs):
    if gate == "not":
        return np.array([1.0]), 0.5
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "and" else 0.5


def weights_not_never(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), 0.5
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "and" else 0.5


def weights_not_always(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -1.0
    return np.ones(num_inputs), num_inputs - 0.5 if gate == "and" else 0.5


def weights_bias_returned(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), 0.5
    return np.ones(num_inputs), 0.5 - num_inputs if gate == "and" else -0.5


def weights_for_strict_units(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -1.0
    return np.ones(num_inputs), num_inputs - 1.0 if gate == "and" else 0.0


def weights_two_only(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), -0.5
    return np.ones(2), 1.5 if gate == "and" else 0.5


def weights_threshold_first(gate, num_inputs):
    if gate == "not":
        return -0.5, np.array([-1.0])
    return num_inputs - 0.5 if gate == "and" else 0.5, np.ones(num_inputs)


# -- xor_inequalities ----------------------------------------------------------------------------------------------------


def xor_nothing_turned(w1, w2, threshold):
    return np.array([-threshold, w2 - threshold, w1 - threshold, w1 + w2 - threshold])


def xor_first_row_turned_back(w1, w2, threshold):
    return np.array([-threshold, w2 - threshold, w1 - threshold, threshold - w1 - w2])


def xor_last_row_of_or(w1, w2, threshold):
    return np.array([threshold, w2 - threshold, w1 - threshold, w1 + w2 - threshold])


def xor_rows_swapped(w1, w2, threshold):
    return np.array([threshold, w1 - threshold, w2 - threshold, threshold - w1 - w2])


def xor_first_row_zero(w1, w2, threshold):
    return np.array([0.0, w2 - threshold, w1 - threshold, threshold - w1 - w2])


def xor_threshold_added(w1, w2, threshold):
    return np.array([-threshold, w2 + threshold, w1 + threshold, -threshold - w1 - w2])


def xor_bipolar_inputs(w1, w2, threshold):
    return np.array([threshold + w1 + w2, w2 - w1 - threshold, w1 - w2 - threshold, threshold - w1 - w2])


def xor_sums_only(w1, w2, threshold):
    return np.array([0.0, w2, w1, w1 + w2])


def xor_true_or_false(w1, w2, threshold):
    return np.array([threshold > 0, w2 >= threshold, w1 >= threshold, w1 + w2 < threshold])


def xor_outputs(w1, w2, threshold):
    return np.array([0 >= threshold, w2 >= threshold, w1 >= threshold, w1 + w2 >= threshold], dtype=float)


def xor_sizes(w1, w2, threshold):
    return np.abs([threshold, w2 - threshold, w1 - threshold, threshold - w1 - w2])


def xor_last_row_sign(w1, w2, threshold):
    return np.array([threshold, w2 - threshold, w1 - threshold, threshold - w1 + w2])
