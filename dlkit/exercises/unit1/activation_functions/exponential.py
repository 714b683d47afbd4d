"""Exercises on the exponential rectifiers: elu (to be repaired) and selu."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import activations

# -- ELU -------------------------------------------------------------------------------------------------------------------


def elu_repaired(Z, alpha=1.0):
    A = np.array(Z, dtype=float)
    negative = A < 0
    A[negative] = alpha * (np.exp(A[negative]) - 1)
    return A


def elu_by_parts(Z, alpha=1.0):
    return np.maximum(Z, 0) + alpha * np.expm1(np.minimum(Z, 0))


def elu_as_given(Z, alpha=1.0):
    A = Z
    negative = A < 0
    A[negative] = alpha * np.exp(A[negative]) - 1
    return A


def elu_minus_one_outside(Z, alpha=1.0):
    return np.where(Z > 0, Z, alpha * np.exp(Z) - 1)


def elu_in_place(Z, alpha=1.0):
    A = Z
    negative = A < 0
    A[negative] = alpha * (np.exp(A[negative]) - 1)
    return A


def elu_in_whole_numbers(Z, alpha=1.0):
    A = Z.copy()
    negative = A < 0
    A[negative] = alpha * (np.exp(A[negative]) - 1)
    return A


def elu_by_masks(Z, alpha=1.0):
    return (Z > 0) * Z + (Z <= 0) * alpha * (np.exp(Z) - 1)


def elu_without_minus_one(Z, alpha=1.0):
    return np.where(Z > 0, Z, alpha * np.exp(Z))


def elu_turned_up(Z, alpha=1.0):
    return np.where(Z > 0, Z, alpha * (1 - np.exp(Z)))


def elu_without_alpha(Z, alpha=1.0):
    return np.where(Z > 0, Z, np.exp(Z) - 1)


def elu_exploding(Z, alpha=1.0):
    return np.where(Z > 0, Z, alpha * (np.exp(-Z) - 1))


def elu_exponential_everywhere(Z, alpha=1.0):
    return alpha * (np.exp(Z) - 1)


def elu_alpha_on_both_sides(Z, alpha=1.0):
    return alpha * np.where(Z > 0, Z, np.exp(Z) - 1)


def elu_alpha_in_the_exponent(Z, alpha=1.0):
    return np.where(Z > 0, Z, np.exp(alpha * Z) - 1)


def elu_one_in_the_exponent(Z, alpha=1.0):
    return np.where(Z > 0, Z, alpha * np.exp(Z - 1))


def elu_swapped(Z, alpha=1.0):
    return np.where(Z > 0, alpha * (np.exp(Z) - 1), Z)


def _two_alphas(rng):
    return rng.normal(scale=1.5, size=(4, 3)), float(rng.choice([rng.uniform(0.3, 0.7), rng.uniform(1.5, 2.5)]))


def _whole_numbers(rng):
    return rng.permutation(np.concatenate([-rng.integers(1, 5, size=3), rng.integers(1, 5, size=3)]))


def _whole_numbers_and_alpha(rng):
    return _whole_numbers(rng), float(rng.uniform(1.5, 2.5))


def _far_out(rng):
    return rng.permutation(np.concatenate([-rng.uniform(750, 1500, size=2), rng.uniform(750, 1500, size=2)])), 1.0


ELU = Exercise(
    key="unit1.elu",
    title="Repair an ELU",
    reference=activations.elu,
    alternatives=(elu_repaired, elu_by_parts),
    examples=(Example(args=(np.array([-0.6931471805599453, 2.0]), 1.0), expected=np.array([-0.5, 2.0])),),
    regimes={"ordinary": _two_alphas, "whole numbers": Regime(_whole_numbers_and_alpha, part="ordinary"), "extreme": _far_out},
    parts={"worked example": 0.5, "ordinary": 0.5, "extreme": 0.5},
    mistakes=(
        Mistake("still has both faults: it writes into the array it was given, and alpha misses the -1", elu_as_given),
        Mistake("multiplies only e^z by alpha: the -1 belongs inside the parentheses, or the curve jumps at 0",
                elu_minus_one_outside, mark=1.0),
        Mistake("writes into the array it was given: A = Z is a second name, not a copy", elu_in_place),
        Mistake("keeps whole numbers whole: a copy of integers cuts every fraction off, so start from a copy of floats",
                elu_in_whole_numbers, mark=1.0),
        Mistake("gives NaN for large z: e^z is inf there, and inf times the 0 of a mask is NaN. np.where chooses instead",
                elu_by_masks, mark=1.0),
        Mistake("forgets the -1, so the curve jumps at 0", elu_without_minus_one),
        Mistake("turns the negative side up: e^z - 1, not 1 - e^z", elu_turned_up),
        Mistake("never uses alpha", elu_without_alpha, mark=1.0),
        Mistake("takes e^-z on the negative side, which explodes where the curve should level off", elu_exploding),
        Mistake("bends the positive side too: there ELU is z itself", elu_exponential_everywhere),
        Mistake("multiplies the positive side by alpha too: there ELU is z itself", elu_alpha_on_both_sides, mark=1.0),
        Mistake("puts alpha into the exponent: it stands in front, alpha (e^z - 1)", elu_alpha_in_the_exponent, mark=1.0),
        Mistake("subtracts the 1 in the exponent: e^z - 1, not e^(z - 1)", elu_one_in_the_exponent),
        Mistake("bends the wrong side: positive z pass as they are", elu_swapped),
    ),
    hints=("Try it with alpha = 2 near z = 0: a good ELU has no jump there. Then print Z after the call.",
           "Two faults: one pair of parentheses is missing, and A = Z gives the same array a second name.",
           "Start from a copy of Z in floats, and let alpha multiply the whole (e^z - 1)."),
    minutes=3, difficulty=2, rung="debug",
)

# -- SELU ------------------------------------------------------------------------------------------------------------------


def selu(Z, alpha=activations.SELU_ALPHA, scale=activations.SELU_SCALE):
    return scale * activations.elu(Z, alpha)


def selu_by_parts(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    Z = np.asarray(Z, dtype=float)
    return scale * np.maximum(Z, 0) + scale * alpha * np.expm1(np.minimum(Z, 0))


def selu_without_scale(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return np.where(Z > 0, Z, alpha * (np.exp(Z) - 1))


def selu_scale_on_positive(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return np.where(Z > 0, scale * Z, alpha * (np.exp(Z) - 1))


def selu_scale_on_negative(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return np.where(Z > 0, Z, scale * alpha * (np.exp(Z) - 1))


def selu_swapped_constants(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return alpha * np.where(Z > 0, Z, scale * (np.exp(Z) - 1))


def selu_without_alpha(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return scale * np.where(Z > 0, Z, np.exp(Z) - 1)


def selu_scale_added(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return np.where(Z > 0, Z, alpha * (np.exp(Z) - 1)) + scale


def selu_by_masks(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return scale * ((Z > 0) * Z + (Z <= 0) * alpha * (np.exp(Z) - 1))


def selu_in_whole_numbers(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    A = np.zeros_like(Z)
    A[Z > 0] = scale * Z[Z > 0]
    A[Z <= 0] = scale * alpha * (np.exp(Z[Z <= 0]) - 1)
    return A


def selu_bent_in_whole_numbers(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    A = Z.copy()
    A[Z <= 0] = alpha * (np.exp(Z[Z <= 0]) - 1)
    return scale * A


def selu_without_minus_one(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return scale * np.where(Z > 0, Z, alpha * np.exp(Z))


def selu_minus_one_outside(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return scale * np.where(Z > 0, Z, alpha * np.exp(Z) - 1)


def selu_alpha_on_both_sides(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return scale * alpha * np.where(Z > 0, Z, np.exp(Z) - 1)


def selu_turned_up(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return scale * np.where(Z > 0, Z, alpha * (1 - np.exp(Z)))


def selu_one_in_the_exponent(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return scale * np.where(Z > 0, Z, alpha * np.exp(Z - 1))


def selu_as_printed(Z, alpha=1.673, scale=1.051):
    return selu_by_parts(Z, alpha, scale)


def selu_four_digits(Z, alpha=1.6733, scale=1.0507):
    return selu_by_parts(Z, alpha, scale)


def selu_fixed_constants(Z, alpha=1.6732632423543772, scale=1.0507009873554805):
    return selu_by_parts(Z)


def _whole_numbers_and_constants(rng):
    return _whole_numbers(rng), float(rng.uniform(1.2, 2.0)), float(rng.uniform(2.2, 2.8))


def _wide_range(rng):
    Z = np.concatenate([rng.normal(size=4), -rng.uniform(750, 1500, size=2), rng.uniform(750, 1500, size=2)])
    return rng.permutation(Z), float(rng.uniform(1.2, 2.0)), float(rng.uniform(2.2, 3.0))


SELU = Exercise(
    key="unit1.selu",
    title="SELU, with its scale",
    reference=selu,
    alternatives=(selu_by_parts,),
    examples=(Example(args=(np.array([2.0, -1.0]),), expected=np.array([2.101401974710961, -1.1113307378125625]),
                      source="lecture notes, unit 1", why="the notes list the scale 1.051 but leave it out of the formula"),),
    regimes={"wide range": _wide_range, "whole numbers": Regime(_whole_numbers_and_constants, part="wide range")},
    parts={"worked example": 0.5, "wide range": 0.5},
    mistakes=(
        Mistake("leaves the scale out, as the lecture notes print it: what remains is an ELU with another alpha",
                selu_without_scale),
        Mistake("scales the positive side only: the scale multiplies both sides", selu_scale_on_positive),
        Mistake("scales the negative side only: the scale multiplies both sides", selu_scale_on_negative),
        Mistake("swaps alpha and scale: 1.67 bends the negative side, 1.05 multiplies everything", selu_swapped_constants),
        Mistake("forgets alpha on the negative side", selu_without_alpha),
        Mistake("uses rounded constants when none are given: the defaults are alpha and scale with all their digits",
                selu_as_printed, mark=0.5, also=(selu_four_digits,)),
        Mistake("never looks at the alpha and scale that it is given", selu_fixed_constants, mark=0.5),
        Mistake("subtracts the 1 in the exponent: e^z - 1, not e^(z - 1)", selu_one_in_the_exponent),
        Mistake("adds the scale: it multiplies", selu_scale_added),
        Mistake("turns the negative side up: e^z - 1, not 1 - e^z", selu_turned_up),
        Mistake("gives NaN for large z: e^z is inf there, and inf times the 0 of a mask is NaN. np.where chooses instead",
                selu_by_masks, mark=0.5),
        Mistake("keeps whole numbers whole: an array of integers cuts every fraction off, so make it an array of floats",
                selu_in_whole_numbers, mark=0.5, also=(selu_bent_in_whole_numbers,)),
        Mistake("forgets the -1, so the curve jumps at 0", selu_without_minus_one),
        Mistake("multiplies only e^z by alpha: the -1 belongs inside the parentheses, or the curve jumps at 0",
                selu_minus_one_outside),
        Mistake("multiplies the positive side by alpha too: there only the scale acts", selu_alpha_on_both_sides),
    ),
    hints=("SELU is an ELU with a special alpha, times a special scale.", "On which sides does the scale act? On both.",
           "scale * np.where(Z > 0, Z, alpha * (e^z - 1)); the two constants are the defaults."),
    minutes=2, difficulty=1, rung="implement",
)
