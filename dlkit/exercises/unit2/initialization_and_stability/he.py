"""The exercise he: normal weights of variance 2 / ((1 + slope^2) fan_in), for ReLU and leaky ReLU."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake
from dlkit.exercises.unit2.initialization_and_stability.draws import draw, findings, same_again


def he(fan_in, fan_out, rng, negative_slope):
    std = np.sqrt(2 / ((1 + negative_slope**2) * fan_in))
    return rng.normal(0, std, size=(fan_in, fan_out))


def he_by_units(fan_in, fan_out, rng, negative_slope):
    kept = (1 + negative_slope**2) / 2  # of the mean square
    units = [rng.standard_normal(fan_in) / np.sqrt(fan_in * kept) for _ in range(fan_out)]
    return np.column_stack(units)


def probe(answer, fan_in, fan_out, negative_slope):
    """The public script: draw one large array and sum it up; draw small ones to see where the numbers come from."""
    W, small = draw(answer, "he", fan_in, fan_out, negative_slope)
    found = findings(W, (fan_in, fan_out), np.sqrt(2 / ((1 + negative_slope**2) * fan_in)))
    found["the same generator again gives"], found["another generator gives"] = same_again(small)
    return found


# -- mistakes ------------------------------------------------------------------------------------------------------------


def he_fan_out(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 / ((1 + negative_slope**2) * fan_out)), size=(fan_in, fan_out))


def he_xavier(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


def he_lecun(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(1 / fan_in), size=(fan_in, fan_out))


def he_lecun_with_slope(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(1 / ((1 + negative_slope**2) * fan_in)), size=(fan_in, fan_out))


def he_variance_as_std(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, 2 / ((1 + negative_slope**2) * fan_in), size=(fan_in, fan_out))


def he_root_of_two_only(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 / (1 + negative_slope**2)) / fan_in, size=(fan_in, fan_out))


def he_uniform_by_std(fan_in, fan_out, rng, negative_slope):
    std = np.sqrt(2 / ((1 + negative_slope**2) * fan_in))
    return rng.uniform(-std, std, size=(fan_in, fan_out))


def he_uniform(fan_in, fan_out, rng, negative_slope):
    limit = np.sqrt(6 / ((1 + negative_slope**2) * fan_in))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def he_uniform_from_zero(fan_in, fan_out, rng, negative_slope):
    return rng.random((fan_in, fan_out)) * np.sqrt(2 / ((1 + negative_slope**2) * fan_in))


def he_positive(fan_in, fan_out, rng, negative_slope):
    return np.abs(rng.normal(0, np.sqrt(2 / ((1 + negative_slope**2) * fan_in)), size=(fan_in, fan_out)))


def he_no_slope_is_linear(fan_in, fan_out, rng, negative_slope):
    kept = (1 + negative_slope**2) / 2 if negative_slope else 1.0
    return rng.normal(0, np.sqrt(1 / (kept * fan_in)), size=(fan_in, fan_out))


def he_slope_ignored(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))


def he_slope_not_squared(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 / ((1 + negative_slope) * fan_in)), size=(fan_in, fan_out))


def he_slope_multiplied(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 * (1 + negative_slope**2) / fan_in), size=(fan_in, fan_out))


def he_turned(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 / ((1 + negative_slope**2) * fan_in)), size=(fan_out, fan_in))


def he_one_unit_for_all(fan_in, fan_out, rng, negative_slope):
    std = np.sqrt(2 / ((1 + negative_slope**2) * fan_in))
    return rng.choice([-std, std], size=(fan_in, fan_out))


def he_generator_of_its_own(fan_in, fan_out, rng, negative_slope):
    std = np.sqrt(2 / ((1 + negative_slope**2) * fan_in))
    return np.random.default_rng().normal(0, std, size=(fan_in, fan_out))


def he_global_generator(fan_in, fan_out, rng, negative_slope):
    return np.random.randn(fan_in, fan_out) * np.sqrt(2 / ((1 + negative_slope**2) * fan_in))


def he_seed_of_its_own(fan_in, fan_out, rng, negative_slope):
    std = np.sqrt(2 / ((1 + negative_slope**2) * fan_in))
    return np.random.default_rng(0).normal(0, std, size=(fan_in, fan_out))


def _relu(rng):
    return int(rng.integers(98, 102)), 601, 0.0


def _leaky(rng):
    return int(rng.integers(98, 102)), 601, float(rng.uniform(0.545, 0.555))


HE = Exercise(
    key="unit2.he",
    title="He weights, normal, for ReLU and leaky ReLU",
    reference=he,
    alternatives=(he_by_units,),
    probe=probe,
    regimes={"ReLU": _relu, "leaky ReLU": _leaky},
    parts={"ReLU": 1.0, "leaky ReLU": 1.0},
    mistakes=(
        Mistake("divides by the fan-out: a sum has as many terms as the layer has inputs", he_fan_out),
        Mistake("draws Xavier's weights, which know nothing of ReLU", he_xavier),
        Mistake("draws LeCun's weights, variance 1 / fan_in: ReLU throws half of the mean square away, so twice as much is "
                "needed", he_lecun),
        Mistake("has 1 above the line instead of 2: ReLU throws half of the mean square away", he_lecun_with_slope),
        Mistake("gives the variance 2 / fan_in to the generator as if it were the standard deviation: take the root, as the "
                "lecture notes should have done", he_variance_as_std),
        Mistake("takes the root of the 2 only: the fan-in belongs under the root as well", he_root_of_two_only),
        Mistake("draws uniformly between minus and plus the standard deviation: the law is wrong, and so is the spread",
                he_uniform_by_std),
        Mistake("draws a uniform law: the right variance, but normal numbers were asked for", he_uniform),
        Mistake("draws from 0 to 1 and scales that: rng.random is neither normal nor centred", he_uniform_from_zero),
        Mistake("has only positive weights: they need both signs", he_positive),
        Mistake("takes a slope of 0 for no activation at all: it is a ReLU, which throws half of the mean square away",
                he_no_slope_is_linear, mark=1.0),
        Mistake("ignores the slope: a leaky ReLU lets slope^2 of the negative half pass", he_slope_ignored, mark=1.0),
        Mistake("adds the slope instead of its square: it is a mean square that passes", he_slope_not_squared, mark=1.0),
        Mistake("multiplies by 1 + slope^2: what leaks makes the signal larger, so the weights must be smaller",
                he_slope_multiplied, mark=1.0),
        Mistake("has the shape the other way round: (fan_in, fan_out), one column for each unit", he_turned),
        Mistake("gives every weight the same size and only draws the sign: the right variance, but not a normal law",
                he_one_unit_for_all),
        Mistake("makes numbers that come from nowhere: draw from the generator that is given, so that a run can be repeated",
                he_generator_of_its_own, also=(he_global_generator,)),
        Mistake("starts a generator with a seed of its own: every layer would get the same numbers; use the one that is given",
                he_seed_of_its_own),
    ),
    hints=("Which part of the mean square of z survives a ReLU? And a leaky ReLU with slope a?",
           "(1 + a^2) / 2 survives. The variance of the weights has to make up for it: fan_in * variance * (1 + a^2) / 2 = 1.",
           "std = sqrt(2 / ((1 + a^2) * fan_in)); rng.normal takes the standard deviation, not the variance."),
    minutes=4, difficulty=2, rung="implement",
    inapplicable={"sign flipped": "the law is symmetric",
                  "too low precision": "random numbers are as good in float32"},
)
