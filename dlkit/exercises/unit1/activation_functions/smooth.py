"""Exercises on smooth activations: sigmoid and tanh_derivative."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import activations

# -- sigmoid -------------------------------------------------------------------------------------------------------------


def sigmoid_by_tanh(Z):
    return 0.5 * (1 + np.tanh(np.asarray(Z) / 2))


def sigmoid_by_cases(Z):
    Z = np.asarray(Z, dtype=float)
    small = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + small), small / (1 + small))


def sigmoid_mirrored(Z):
    return 1 / (1 + np.exp(Z))


def sigmoid_mirrored_by_ratio(Z):
    return np.exp(-Z) / (1 + np.exp(-Z))


def sigmoid_overflowing(Z):
    return np.exp(Z) / (1 + np.exp(Z))


def sigmoid_without_parentheses(Z):
    return 1 / 1 + np.exp(-Z)


def sigmoid_as_tanh(Z):
    return np.tanh(Z)


def sigmoid_of_twice_z(Z):
    return 0.5 * (1 + np.tanh(Z))


def sigmoid_slope(Z):
    S = sigmoid_by_tanh(Z)
    return S * (1 - S)


def sigmoid_of_distance(Z):
    return 1 / (1 + np.exp(-np.abs(Z)))


def sigmoid_as_softmax(Z):
    return np.exp(Z) / np.exp(Z).sum()


def sigmoid_as_softmax_without_overflow(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum()


def sigmoid_with_minus(Z):
    return 1 / (1 - np.exp(-Z))


def sigmoid_clipped(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -10, 10)))


def sigmoid_clipped_at_twenty(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -20, 20)))


def sigmoid_in_whole_numbers(Z):
    S = np.zeros_like(Z)
    S[Z >= 0] = 1 / (1 + np.exp(-Z[Z >= 0]))
    S[Z < 0] = np.exp(Z[Z < 0]) / (1 + np.exp(Z[Z < 0]))
    return S


def _whole_numbers(rng):
    return (rng.permutation(np.concatenate([-rng.integers(1, 4, size=2), rng.integers(1, 4, size=2)])),)


def _ordinary(rng):
    return (rng.normal(scale=2.0, size=(3, 5)),)


def _extreme(rng):
    Z = np.concatenate([-rng.uniform(750, 1500, size=2), [0.0], rng.uniform(750, 1500, size=2)])
    return (rng.permutation(Z),)


SIGMOID = Exercise(
    key="unit1.sigmoid",
    title="Sigmoid, for every number",
    reference=activations.sigmoid,
    alternatives=(sigmoid_by_tanh, sigmoid_by_cases),
    examples=(Example(args=(np.log([1.0, 3.0, 1 / 3]),), expected=np.array([0.5, 0.75, 0.25])),),
    regimes={"ordinary": _ordinary, "whole numbers": Regime(_whole_numbers, part="ordinary"), "extreme": _extreme},
    parts={"worked example": 0.5, "ordinary": 0.5, "extreme": 1.0},
    mistakes=(
        Mistake("falls where it should rise: the exponent is minus z", sigmoid_mirrored, also=(sigmoid_mirrored_by_ratio,)),
        Mistake("gives NaN for large z, because e^z overflows to inf and inf / inf is nothing: use e^-z where z is positive",
                sigmoid_overflowing, mark=1.0),
        Mistake("computes 1 / 1 and then adds e^-z: the sum needs parentheses", sigmoid_without_parentheses),
        Mistake("is tanh, which runs from -1 to 1", sigmoid_as_tanh),
        Mistake("is too steep by a factor of two: with tanh, the sigmoid is (1 + tanh(z / 2)) / 2", sigmoid_of_twice_z,
                mark=1.0),
        Mistake("returns the slope s (1 - s) instead of s itself", sigmoid_slope),
        Mistake("treats negative z like positive ones: for z < 0 the stable form is e^z / (1 + e^z)", sigmoid_of_distance),
        Mistake("lets the numbers compete like a softmax: a sigmoid looks at one number at a time", sigmoid_as_softmax,
                also=(sigmoid_as_softmax_without_overflow,)),
        Mistake("subtracts e^-z in the denominator where it should add it", sigmoid_with_minus),
        Mistake("keeps whole numbers whole: an array like Z takes the type of Z, and integers cut every fraction off",
                sigmoid_in_whole_numbers, mark=1.5),
        Mistake("cuts z off too early, so that it never comes close enough to 0 and 1", sigmoid_clipped, mark=1.0,
                also=(sigmoid_clipped_at_twenty,)),
    ),
    hints=("What do you get at z = 0, at z = 1000, and at z = -1000? The last two must be 1 and 0.",
           "e^1000 is inf in floating point. 1 / (1 + inf) is a good 0, but inf / inf is NaN.",
           "Keep the exponential in the denominator only: 1 / (1 + ...), and the exponent is -Z."),
    minutes=3, difficulty=2, rung="implement",
)

# -- the slope of tanh ---------------------------------------------------------------------------------------------------


def tanh_derivative(Z):
    return 1.0 - np.tanh(Z) ** 2


def tanh_slope_by_cosh(Z):
    return 1 / np.cosh(Z) ** 2


def tanh_slope_by_sigmoid(Z):
    S = 0.5 * (1 + np.tanh(Z))
    return 4 * S * (1 - S)


def tanh_slope_by_factors(Z):
    A = np.tanh(Z)
    return (1 - A) * (1 + A)


def tanh_slope_as_printed(Z):
    A = np.tanh(Z)
    return (1 - A) / (1 + A)


def tanh_slope_without_square(Z):
    return 1 - np.tanh(Z)


def tanh_slope_like_sigmoid(Z):
    A = np.tanh(Z)
    return A * (1 - A)


def tanh_slope_with_plus(Z):
    return 1 + np.tanh(Z) ** 2


def tanh_slope_of_the_input(Z):
    return 1 - Z**2


def tanh_slope_by_cosh_without_square(Z):
    return 1 / np.cosh(Z)


def tanh_slope_by_overflowing_ratio(Z):
    up, down = np.exp(Z), np.exp(-Z)
    return 1 - ((up - down) / (up + down)) ** 2


def tanh_slope_of_sigmoid(Z):
    S = sigmoid_by_tanh(Z)
    return S * (1 - S)


def tanh_itself(Z):
    return np.tanh(Z)


def tanh_slope_square_inside(Z):
    return 1 - np.tanh(Z**2)


def tanh_slope_minus_twice(Z):
    return 1 - 2 * np.tanh(Z)


def tanh_slope_in_whole_numbers(Z):
    slopes = np.zeros_like(Z)
    slopes[...] = 1 - np.tanh(Z) ** 2
    return slopes


def tanh_slope_only_the_square(Z):
    return np.tanh(Z) ** 2


TANH_DERIVATIVE = Exercise(
    key="unit1.tanh_derivative",
    title="The slope of tanh",
    reference=tanh_derivative,
    alternatives=(tanh_slope_by_cosh, tanh_slope_by_sigmoid, tanh_slope_by_factors),
    examples=(Example(args=(np.array([0.0, 0.5493061443340548]),), expected=np.array([1.0, 0.75]),
                      source="lecture notes, unit 1", why="the largest slope of tanh is 1, at 0"),),
    regimes={"ordinary": _ordinary, "whole numbers": Regime(_whole_numbers, part="ordinary"), "extreme": _extreme},
    parts={"worked example": 0.5, "ordinary": 0.5, "extreme": 0.5},
    mistakes=(
        Mistake("divides by 1 + tanh, as the lecture notes print it: 1 - tanh^2 is the product (1 - tanh)(1 + tanh)",
                tanh_slope_as_printed),
        Mistake("forgets the square of tanh: a slope of tanh is never above 1", tanh_slope_without_square),
        Mistake("takes over a (1 - a), which is the rule for the sigmoid, with a = tanh", tanh_slope_like_sigmoid),
        Mistake("adds the square of tanh where it should subtract it", tanh_slope_with_plus),
        Mistake("squares the input z: the formula 1 - a^2 wants the output a = tanh(z)", tanh_slope_of_the_input),
        Mistake("forgets the square of cosh: the slope is 1 / cosh^2", tanh_slope_by_cosh_without_square, mark=0.5),
        Mistake("gives NaN far from 0, because both exponentials overflow: np.tanh is safe", tanh_slope_by_overflowing_ratio,
                mark=1.0),
        Mistake("is the slope of the sigmoid, at most 0.25", tanh_slope_of_sigmoid),
        Mistake("returns tanh itself, not its slope", tanh_itself),
        Mistake("squares inside tanh: square the output instead, tanh(z)^2", tanh_slope_square_inside, mark=0.5),
        Mistake("stops at tanh^2: the slope is what is left of 1", tanh_slope_only_the_square),
        Mistake("keeps whole numbers whole: an array like Z takes the type of Z, and integers cut every fraction off",
                tanh_slope_in_whole_numbers, mark=1.0),
        Mistake("multiplies tanh by 2 instead of squaring it", tanh_slope_minus_twice),
    ),
    hints=("Write a = u / v with u = e^z - e^-z and v = e^z + e^-z. What are u' and v'?",
           "u' = v and v' = u, so the quotient rule gives (v^2 - u^2) / v^2.",
           "(v^2 - u^2) / v^2 = 1 - (u / v)^2, and u / v is the output a."),
    minutes=3, difficulty=2, rung="derive",
)
