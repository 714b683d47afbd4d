"""Exercises on rectifiers: relu, the gradient of a bias behind one, leaky_relu, prelu. Wrong answers are next door."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.activation_functions import mistakes as wrong
from dlkit.numpy import activations

# -- ReLU and its slope --------------------------------------------------------------------------------------------------


def relu_derivative(Z):
    return np.where(np.asarray(Z) > 0, 1.0, 0.0)


def relu_by_mask(Z):
    return Z * (Z > 0)


def relu_slope_by_where(Z):
    return np.where(Z <= 0, 0.0, 1.0)


def relu_by_absolute_value(Z):
    return (Z + np.abs(Z)) / 2


def relu_slope_as_truth_values(Z):
    return np.asarray(Z) > 0


def relu_and_slope(answer, Z):
    value, slope = answer.later("relu", Z), answer.later("relu_derivative", Z)
    return value.value, slope.value


def _ordinary(rng):
    return (rng.normal(size=(4, 5)),)


def _at_zero(rng):
    return (rng.permutation(np.array([0.0, -1.0, 2.0, 0.0, -3.0, 4.0])),)


RELU = Exercise(
    key="unit1.relu",
    title="ReLU and its slope",
    reference={"relu": activations.relu, "relu_derivative": relu_derivative},
    alternatives=({"relu": relu_by_mask, "relu_derivative": relu_slope_by_where},
                  {"relu": relu_by_absolute_value, "relu_derivative": relu_slope_as_truth_values}),
    probe=relu_and_slope, returns=("relu", "relu_derivative"),
    examples=(Example(args=(np.array([[-2.0, 3.0], [0.5, -1.0]]),),
                      expected=(np.array([[0.0, 3.0], [0.5, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.0]]))),),
    regimes={"ordinary": _ordinary, "at zero": _at_zero},
    parts={"worked example": 0.5, "ordinary": 0.5, "at zero": 0.5},
    mistakes=(
        Mistake("gives slope 1 at z = 0; the usual choice there (PyTorch's too) is 0: z > 0, not z >= 0",
                {"relu_derivative": wrong.relu_slope_one_at_zero}, mark=1.0),
        Mistake("gives slope 1/2 at z = 0; the usual choice there (PyTorch's too) is 0",
                {"relu_derivative": wrong.relu_slope_half_at_zero}, mark=1.0),
        Mistake("divides the output by z to get the slope, which is 0 / 0 at z = 0",
                {"relu_derivative": wrong.relu_slope_by_division}, mark=1.0),
        Mistake("gives slope -1 for negative z: ReLU is flat there", {"relu_derivative": wrong.relu_slope_by_sign},
                also=({"relu_derivative": wrong.relu_slope_plus_minus_one},)),
        Mistake("gives slope 1 everywhere: for negative z the output does not move at all",
                {"relu_derivative": wrong.relu_slope_one}),
        Mistake("returns ReLU itself where its slope is asked for", {"relu_derivative": wrong.relu_itself}),
        Mistake("lets the gradient through on the wrong side: it passes where z > 0",
                {"relu_derivative": wrong.relu_slope_mirrored},
                also=({"relu_derivative": wrong.relu_slope_mirrored_with_zero},)),
        Mistake("turns negative numbers positive instead of cutting them off", {"relu": wrong.relu_absolute}),
        Mistake("keeps the negative numbers and cuts off the positive ones: the larger of 0 and z, not the smaller",
                {"relu": wrong.relu_minimum}),
        Mistake("returns 1 for positive z: that is a step, ReLU passes z itself on", {"relu": wrong.relu_step}),
        Mistake("writes zeros into the array it was given: work on a copy", {"relu": wrong.relu_in_place},
                also=({"relu_derivative": wrong.relu_slope_in_place},
                      {"relu": wrong.relu_in_place, "relu_derivative": wrong.relu_slope_in_place})),
        Mistake("uses np.max(Z, 0), where the 0 is an axis: np.maximum(Z, 0) compares each element with 0",
                {"relu": wrong.relu_zero_as_axis}),
        Mistake("returns relu as the one number max(Z): compare element by element, with np.maximum",
                {"relu": wrong.relu_one_number}),
    ),
    hints=("max(0, z) works for one number. Which NumPy function compares element by element?",
           "For the slope: where is the curve flat, and where does it rise by 1? At the corner z = 0 we take 0.",
           "np.maximum(Z, 0), and the truth values Z > 0 as numbers."),
    minutes=2, difficulty=1, rung="implement",
)

# -- predict a gradient behind a ReLU --------------------------------------------------------------------------------------


def predicted_bias_gradient():
    return 101.0


def predicted_bias_gradient_as_sum():
    return 1 + 100


BIAS_GRADIENT = Exercise(
    key="unit1.predicted_bias_gradient",
    title="Predict who moves a ReLU unit",
    reference=predicted_bias_gradient,
    alternatives=(predicted_bias_gradient_as_sum,),
    examples=(Example(args=(), expected=101.0),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("lets the sample with z = 0 speak too: the slope there is 0", wrong.bias_gradient_with_zero),
        Mistake("adds up all four gradients as if the unit were linear", wrong.bias_gradient_of_all),
        Mistake("says that nothing is learnt at all: a unit is silent only on the samples with z <= 0",
                wrong.bias_gradient_of_none),
        Mistake("adds up the gradients of the samples on which the unit is silent", wrong.bias_gradient_of_the_silent),
        Mistake("multiplies the gradients by z: the slope is 1 for every positive z", wrong.bias_gradient_times_z),
        Mistake("counts the active samples and forgets their gradients", wrong.bias_gradient_as_count),
        Mistake("averages over the four samples: the gradients add up, an average belongs into the loss",
                wrong.bias_gradient_mean, also=(wrong.bias_gradient_mean_of_active,)),
        Mistake("leaves sample 3 out because its inputs are not positive: what counts is z, and z is 1 there",
                wrong.bias_gradient_of_positive_inputs),
        Mistake("adds the gradients of all samples whose z is not zero: on the negative side the slope is 0",
                wrong.bias_gradient_without_zero),
    ),
    hints=("Compute z = w.x + b for each of the four samples first.", "z is 2, 0, 1 and -1.",
           "Only where z > 0 does the gradient pass; the slope of z with respect to b is 1."),
    minutes=2, difficulty=2, rung="predict",
)

# -- leaky ReLU ------------------------------------------------------------------------------------------------------------


def leaky_relu_derivative(Z, negative_slope=0.01):
    return np.where(np.asarray(Z) > 0, 1.0, negative_slope)


def leaky_by_parts(Z, negative_slope=0.01):
    return np.maximum(Z, 0) + negative_slope * np.minimum(Z, 0)


def leaky_slope_by_mask(Z, negative_slope=0.01):
    return (Z > 0) * 1.0 + (Z <= 0) * negative_slope


def leaky_and_slope(answer, Z, *slope):
    value, derivative = answer.later("leaky_relu", Z, *slope), answer.later("leaky_relu_derivative", Z, *slope)
    return value.value, derivative.value


def _gentle_with_zero(rng):
    Z = rng.normal(size=(3, 4))
    Z[rng.integers(3), rng.integers(4)] = 0.0
    return Z, float(rng.uniform(0.05, 0.4))


def _whole_numbers(rng):
    return rng.permutation(np.array([-7, -5, -3, -1, 1, 2, int(rng.integers(3, 9))]))


def _whole_numbers_and_slope(rng):
    return _whole_numbers(rng), float(rng.uniform(0.05, 0.4))


def _default(rng):
    return (rng.normal(size=7),)


def _steep(rng):
    return rng.normal(size=7), float(rng.uniform(1.5, 3.0))


LEAKY_RELU = Exercise(
    key="unit1.leaky_relu",
    title="Leaky ReLU and its slope",
    reference={"leaky_relu": activations.leaky_relu, "leaky_relu_derivative": leaky_relu_derivative},
    alternatives=({"leaky_relu": leaky_by_parts, "leaky_relu_derivative": leaky_slope_by_mask},),
    probe=leaky_and_slope, returns=("leaky_relu", "leaky_relu_derivative"),
    examples=(Example(args=(np.array([-8.0, 4.0]), 0.25), expected=(np.array([-2.0, 4.0]), np.array([0.25, 1.0]))),),
    regimes={"ordinary": _gentle_with_zero, "whole numbers": Regime(_whole_numbers_and_slope, 1, "ordinary"),
             "default slope": Regime(_default, 1), "steep slope": _steep},
    parts={"worked example": 0.5, "ordinary": 0.5, "default slope": 0.5, "steep slope": 0.5},
    mistakes=(
        Mistake("uses max(a z, z), which is a leaky ReLU only for slopes a up to 1: ask for the sign of z instead",
                {"leaky_relu": wrong.leaky_maximum}, mark=1.5),
        Mistake("returns the function max(a z, z) as the slope, as the lecture notes print it: a slope is 1 or a",
                {"leaky_relu_derivative": wrong.leaky_slope_as_printed},
                also=({"leaky_relu_derivative": wrong.leaky_slope_is_the_function},
                      {"leaky_relu": wrong.leaky_maximum, "leaky_relu_derivative": wrong.leaky_slope_as_printed})),
        Mistake("leaks 0.1 when no slope is given: the default is 0.01",
                {"leaky_relu": wrong.leaky_default_tenth, "leaky_relu_derivative": wrong.leaky_slope_default_tenth}, mark=1.5,
                also=({"leaky_relu": wrong.leaky_default_tenth},
                      {"leaky_relu_derivative": wrong.leaky_slope_default_tenth})),
        Mistake("always leaks 0.01 and never looks at negative_slope",
                {"leaky_relu": wrong.leaky_fixed, "leaky_relu_derivative": wrong.leaky_slope_fixed}, mark=0.5,
                also=({"leaky_relu": wrong.leaky_fixed}, {"leaky_relu_derivative": wrong.leaky_slope_fixed})),
        Mistake("gives slope 1 at z = 0, where the leaky side begins: z > 0, not z >= 0",
                {"leaky_relu_derivative": wrong.leaky_slope_one_at_zero}, mark=1.5),
        Mistake("divides the output by z to get the slope, which is 0 / 0 at z = 0",
                {"leaky_relu_derivative": wrong.leaky_slope_by_division}, mark=1.5),
        Mistake("turns the negative side up: a z keeps the sign of z", {"leaky_relu": wrong.leaky_upwards},
                also=({"leaky_relu": wrong.leaky_upwards, "leaky_relu_derivative": wrong.leaky_slope_negative},
                      {"leaky_relu_derivative": wrong.leaky_slope_negative})),
        Mistake("gives slope 0 for negative z, like the plain ReLU: the leak is there to let some gradient through",
                {"leaky_relu_derivative": wrong.leaky_slope_zero}),
        Mistake("gives the slope a z for negative z: the slope of a z is a",
                {"leaky_relu_derivative": wrong.leaky_slope_times_z}),
        Mistake("leaks on the wrong side: positive z pass whole",
                {"leaky_relu": wrong.leaky_swapped, "leaky_relu_derivative": wrong.leaky_slope_swapped},
                also=({"leaky_relu": wrong.leaky_swapped}, {"leaky_relu_derivative": wrong.leaky_slope_swapped})),
        Mistake("returns the slope itself for negative z: it has to be multiplied by z",
                {"leaky_relu": wrong.leaky_constant}),
        Mistake("cuts negative z off at 0, like the plain ReLU", {"leaky_relu": wrong.leaky_not_at_all},
                also=({"leaky_relu": wrong.leaky_not_at_all, "leaky_relu_derivative": wrong.leaky_slope_zero},)),
        Mistake("keeps whole numbers whole: a copy of integers cuts every fraction off, so start from an array of floats",
                {"leaky_relu": wrong.leaky_in_whole_numbers}, mark=1.5,
                also=({"leaky_relu_derivative": wrong.leaky_slope_in_whole_numbers},
                      {"leaky_relu": wrong.leaky_in_whole_numbers,
                       "leaky_relu_derivative": wrong.leaky_slope_in_whole_numbers})),
        Mistake("writes into the array it was given: work on a copy", {"leaky_relu": wrong.leaky_in_place},
                also=({"leaky_relu": wrong.leaky_in_place_by_times},
                      {"leaky_relu": wrong.leaky_in_place, "leaky_relu_derivative": wrong.leaky_slope_in_place},
                      {"leaky_relu_derivative": wrong.leaky_slope_in_place})),
    ),
    hints=("Two straight lines that meet at 0: which slope on which side?", "np.where(condition, here, else there).",
           "Ask for Z > 0: the function gives Z or negative_slope * Z, the slope 1 or negative_slope."),
    minutes=3, difficulty=2, rung="implement",
)

# -- PReLU -----------------------------------------------------------------------------------------------------------------


def prelu_by_parts(Z, slope):
    return np.maximum(Z, 0) + slope * np.minimum(Z, 0), {"Z": Z, "slope": slope}


def prelu_gradients_by_loop(dA, cache):
    Z, slope = cache["Z"], cache["slope"]
    dZ, dslope = np.array(dA, dtype=float), 0.0
    for i in np.ndindex(Z.shape):
        if Z[i] <= 0:
            dslope += dA[i] * Z[i]
            dZ[i] *= slope
    return dZ, dslope


def prelu_there_and_back(answer, Z, slope, dA):
    forward = answer.later("prelu_forward", Z, slope, keep=[1])
    backward = answer.later("prelu_backward", dA, forward[1])
    A, _ = forward.value
    dZ, dslope = backward.value
    return A, dZ, dslope


def _layer(rng):
    return rng.normal(size=(5, 3)), float(rng.uniform(0.05, 0.4)), rng.normal(size=(5, 3))


def _whole_layer(rng):
    return *_whole_numbers_and_slope(rng), rng.permutation(np.array([-4, -3, -2, 1, 2, 3, int(rng.integers(4, 9))]))


def _steep_slope(rng):
    return rng.normal(size=7), float(rng.uniform(1.5, 3.0)), rng.normal(size=7)


PRELU = Exercise(
    key="unit1.prelu",
    title="PReLU: the slope is learnt too",
    reference={"prelu_forward": activations.prelu_forward, "prelu_backward": activations.prelu_backward},
    alternatives=({"prelu_forward": prelu_by_parts, "prelu_backward": prelu_gradients_by_loop},),
    probe=prelu_there_and_back, returns=("A", "dZ", "dslope"),
    examples=(Example(args=(np.array([-62.0, -60.0, 5.0]), 0.1, np.array([1.0, 10.0, 100.0])),
                      expected=(np.array([-6.2, -6.0, 5.0]), np.array([0.1, 1.0, 100.0]), -662.0),
                      printed=[0.6, 0.6], decimals=1, source="lecture notes, unit 1",
                      why="a tenth of -62 is -6.2 and of -60 is -6.0: different, and negative"),),
    regimes={"ordinary": _layer, "whole numbers": Regime(_whole_layer, 1, "ordinary"), "steep slope": _steep_slope},
    parts={"worked example": 0.5, "ordinary": 1.0, "steep slope": 0.5},
    mistakes=(
        Mistake("lets positive z into the gradient of the slope: the slope acts only where z <= 0",
                {"prelu_backward": wrong.prelu_dslope_of_all}),
        Mistake("gives one slope gradient per element: they share one slope, so their gradients add up",
                {"prelu_backward": wrong.prelu_dslope_not_summed}),
        Mistake("averages the slope gradient: the elements share one slope, so their gradients add up",
                {"prelu_backward": wrong.prelu_dslope_mean}, also=({"prelu_backward": wrong.prelu_dslope_mean_of_negative},)),
        Mistake("forgets the upstream gradient dA in the gradient of the slope",
                {"prelu_backward": wrong.prelu_dslope_without_upstream}),
        Mistake("forgets the upstream gradient dA in dZ", {"prelu_backward": wrong.prelu_dz_without_upstream}),
        Mistake("multiplies dA by the output in the gradient of the slope: d(a z)/da is z, the input",
                {"prelu_backward": wrong.prelu_dslope_of_output}),
        Mistake("blocks the gradient for negative z, like the plain ReLU: dZ is slope * dA there",
                {"prelu_backward": wrong.prelu_dz_blocked}),
        Mistake("adds up dA alone for the slope: d(a z)/da is z, not 1", {"prelu_backward": wrong.prelu_dslope_without_z}),
        Mistake("takes the gradient of the slope from the positive side: the slope acts where z <= 0",
                {"prelu_backward": wrong.prelu_dslope_of_positive}),
        Mistake("adds up the slope gradient over the rows only: one slope for all means one number",
                {"prelu_backward": wrong.prelu_dslope_per_column}, mark=1.0),
        Mistake("uses max(a z, z), which is right only for slopes up to 1, and a learnt slope can grow beyond",
                {"prelu_forward": wrong.prelu_maximum}, mark=1.5),
        Mistake("keeps whole numbers whole: a copy of integers cuts every fraction off, so start from an array of floats",
                {"prelu_forward": wrong.prelu_in_whole_numbers}, mark=1.0,
                also=({"prelu_backward": wrong.prelu_dz_in_whole_numbers},
                      {"prelu_backward": wrong.prelu_slopes_in_whole_numbers},
                      {"prelu_forward": wrong.prelu_in_whole_numbers, "prelu_backward": wrong.prelu_dz_in_whole_numbers},
                      {"prelu_forward": wrong.prelu_in_whole_numbers,
                       "prelu_backward": wrong.prelu_slopes_in_whole_numbers})),
        Mistake("multiplies the gradient by the slope on the positive side: it is the negative one that leaks",
                {"prelu_backward": wrong.prelu_dz_swapped}),
        Mistake("passes dA on as dZ everywhere, as if the slope were 1 on both sides",
                {"prelu_backward": wrong.prelu_dz_unchanged}),
        Mistake("multiplies dA by slope * z for negative z: the derivative of a z with respect to z is a",
                {"prelu_backward": wrong.prelu_dz_times_z}),
    ),
    hints=("For z <= 0 the output is slope * z: a product of two things that can both move.",
           "Its derivative with respect to z is the slope, and with respect to the slope it is z. Multiply by the upstream "
           "dA each time.",
           "One slope acts on all elements, so its gradient is one number: the sum of dA * z over the elements with z <= 0."),
    minutes=5, difficulty=3, rung="implement",
)
