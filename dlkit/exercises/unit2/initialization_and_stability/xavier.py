"""The exercise xavier: uniform weights of variance 2 / (fan_in + fan_out)."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit2.initialization_and_stability.draws import draw, findings, same_again


def xavier(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_by_rows(fan_in, fan_out, rng):
    std = np.sqrt(2 / (fan_in + fan_out))
    return np.array([std * np.sqrt(3) * (2 * rng.random(fan_out) - 1) for _ in range(fan_in)])


def probe(answer, fan_in, fan_out):
    """The public script: draw one large array and sum it up; draw small ones to see where the numbers come from."""
    W, small = draw(answer, "xavier", fan_in, fan_out)
    std = np.sqrt(2 / (fan_in + fan_out))
    found = findings(W, (fan_in, fan_out), std, np.sqrt(3) * std)
    found["the same generator again gives"], found["another generator gives"] = same_again(small)
    return found


# -- mistakes ------------------------------------------------------------------------------------------------------------


def xavier_fan_in(fan_in, fan_out, rng):
    limit = np.sqrt(3 / fan_in)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_fan_out(fan_in, fan_out, rng):
    limit = np.sqrt(3 / fan_out)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_he(fan_in, fan_out, rng):
    limit = np.sqrt(6 / fan_in)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_linear_default(fan_in, fan_out, rng):
    limit = np.sqrt(1 / fan_in)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_std_as_limit(fan_in, fan_out, rng):
    limit = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_variance_as_limit(fan_in, fan_out, rng):
    limit = 2 / (fan_in + fan_out)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_no_root(fan_in, fan_out, rng):
    limit = 6 / (fan_in + fan_out)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_sum_not_mean(fan_in, fan_out, rng):
    limit = np.sqrt(3 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_product(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in * fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


def xavier_normal_by_factor(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) * np.sqrt(6 / (fan_in + fan_out))


def xavier_from_zero(fan_in, fan_out, rng):
    return rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), size=(fan_in, fan_out))


def xavier_turned(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_out, fan_in))


def xavier_generator_of_its_own(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng().uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_global_generator(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return np.random.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_seed_of_its_own(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(0).uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_only_for_the_example(fan_in, fan_out, rng):
    return rng.uniform(-0.05, 0.05, size=(fan_in, fan_out))


def _other_layers(rng):
    return int(rng.integers(512, 515)), 76


XAVIER = Exercise(
    key="unit2.xavier",
    title="Xavier weights, uniform",
    reference=xavier,
    alternatives=(xavier_by_rows,),
    probe=probe,
    examples=(Example(args=(24, 2376), expected={
        "shape": [24, 2376], "numbers": "finite", "mean, in standard deviations": 0.0,
        "powers of two by which the spread is off": 0.0, "law": "uniform", "all within the limit": True,
        "the same generator again gives": "the same numbers", "another generator gives": "other numbers"}),),
    regimes={"other layers": _other_layers},
    parts={"worked example": 1.0, "other layers": 1.0},
    mistakes=(
        Mistake("divides by the fan-in alone: that is LeCun's choice, Xavier takes the mean of fan-in and fan-out",
                xavier_fan_in),
        Mistake("divides by the fan-out alone: that serves the gradients on their way back, Xavier serves both ways",
                xavier_fan_out),
        Mistake("draws He's weights: 6 / fan_in is made for ReLU", xavier_he),
        Mistake("draws as PyTorch's nn.Linear does by default, from -sqrt(1 / fan_in) to sqrt(1 / fan_in): that is a third of "
                "LeCun's variance, not Xavier's", xavier_linear_default),
        Mistake("takes the standard deviation for the limit: a uniform number from -l to l has the variance l^2 / 3, so "
                "l = sqrt(3) times the standard deviation", xavier_std_as_limit),
        Mistake("takes the variance 2 / (fan_in + fan_out) for the limit: the limit is sqrt(3 * variance)",
                xavier_variance_as_limit),
        Mistake("forgets the root: the limit is sqrt(6 / (fan_in + fan_out))", xavier_no_root),
        Mistake("has half of the variance: the mean of the two fans is their sum divided by 2, which moves a 2 above the line",
                xavier_sum_not_mean),
        Mistake("multiplies the fans: they are added", xavier_product),
        Mistake("draws normal numbers: the right variance, but a uniform law was asked for", xavier_normal),
        Mistake("multiplies normal numbers by the limit of the uniform law", xavier_normal_by_factor),
        Mistake("draws from 0 to the limit: weights need both signs, from -limit to limit", xavier_from_zero),
        Mistake("has the shape the other way round: (fan_in, fan_out), one column for each unit", xavier_turned),
        Mistake("makes numbers that come from nowhere: draw from the generator that is given, so that a run can be repeated",
                xavier_generator_of_its_own, also=(xavier_global_generator,)),
        Mistake("starts a generator with a seed of its own: every layer would get the same numbers; use the one that is given",
                xavier_seed_of_its_own),
        Mistake("has the limit 0.05 of the example for every layer", xavier_only_for_the_example, mark=1.0),
    ),
    hints=("Which variance suits the way forwards, which the way back? What lies between the two?",
           "The variance is 2 / (fan_in + fan_out). A uniform number between -l and l has the variance l^2 / 3.",
           "l = sqrt(6 / (fan_in + fan_out)), and rng.uniform(-l, l, size=...) draws."),
    minutes=4, difficulty=2, rung="implement",
    inapplicable={"sign flipped": "the law is symmetric",
                  "too low precision": "random numbers are as good in float32"},
)
