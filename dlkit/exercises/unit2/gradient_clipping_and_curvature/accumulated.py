"""The exercise accumulated_step: a step from several micro-batches, with clipping in the right place."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def accumulated_step(theta, micro_gradients, lr, max_norm):
    total = np.zeros(len(theta))
    for gradient in micro_gradients:
        total += gradient
    mean = total / len(micro_gradients)
    norm = np.linalg.norm(mean)
    factor = max_norm / norm if norm > max_norm else 1.0
    return theta - lr * factor * mean


def accumulated_step_by_mean(theta, micro_gradients, lr, max_norm):
    gradient = np.mean(micro_gradients, axis=0)
    return theta - lr * gradient / max(1.0, np.sqrt(gradient @ gradient) / max_norm)


def _clipped(gradient, max_norm):
    return gradient * min(1.0, max_norm / np.linalg.norm(gradient))


def step_draft(theta, micro_gradients, lr, max_norm):
    total = np.zeros_like(theta)
    for gradient in micro_gradients:
        norm = np.linalg.norm(gradient)
        total += gradient * max(1.0, max_norm / norm)
    return theta - lr * total


def step_draft_with_floats(theta, micro_gradients, lr, max_norm):
    total = np.zeros(len(theta))
    for gradient in micro_gradients:
        total += gradient * max(1.0, max_norm / np.linalg.norm(gradient))
    return theta - lr * total


def step_each_clipped_and_summed(theta, micro_gradients, lr, max_norm):
    total = np.zeros(len(theta))
    for gradient in micro_gradients:
        total += _clipped(gradient, max_norm)
    return theta - lr * total


def step_each_clipped_and_summed_in_whole_numbers(theta, micro_gradients, lr, max_norm):
    total = np.zeros_like(theta)
    for gradient in micro_gradients:
        total += _clipped(gradient, max_norm)
    return theta - lr * total


def step_each_clipped(theta, micro_gradients, lr, max_norm):
    total = np.zeros(len(theta))
    for gradient in micro_gradients:
        total += _clipped(gradient, max_norm)
    return theta - lr * total / len(micro_gradients)


def step_each_clipped_in_whole_numbers(theta, micro_gradients, lr, max_norm):
    total = np.zeros_like(theta)
    for gradient in micro_gradients:
        total += _clipped(gradient, max_norm)
    return theta - lr * total / len(micro_gradients)


def step_each_clipped_then_the_mean(theta, micro_gradients, lr, max_norm):
    mean = np.mean([_clipped(gradient, max_norm) for gradient in micro_gradients], axis=0)
    return theta - lr * _clipped(mean, max_norm)


def step_of_the_sum(theta, micro_gradients, lr, max_norm):
    return theta - lr * _clipped(np.sum(micro_gradients, axis=0, dtype=float), max_norm)


def step_clipped_sum_divided(theta, micro_gradients, lr, max_norm):
    return theta - lr * _clipped(np.sum(micro_gradients, axis=0, dtype=float), max_norm) / len(micro_gradients)


def step_larger_factor(theta, micro_gradients, lr, max_norm):
    mean = np.mean(micro_gradients, axis=0)
    return theta - lr * mean * max(1.0, max_norm / np.linalg.norm(mean))


def step_larger_factor_unless_zero(theta, micro_gradients, lr, max_norm):
    mean = np.mean(micro_gradients, axis=0)
    norm = np.linalg.norm(mean)
    return theta - lr * mean * (max(1.0, max_norm / norm) if norm > 0 else 1.0)


def step_in_whole_numbers(theta, micro_gradients, lr, max_norm):
    total = np.zeros_like(theta)
    for gradient in micro_gradients:
        total += gradient
    return theta - lr * _clipped(total / len(micro_gradients), max_norm)


def step_without_clipping(theta, micro_gradients, lr, max_norm):
    return theta - lr * np.mean(micro_gradients, axis=0)


def step_always_full_length(theta, micro_gradients, lr, max_norm):
    mean = np.mean(micro_gradients, axis=0)
    return theta - lr * mean * max_norm / np.linalg.norm(mean)


def step_divides_by_zero(theta, micro_gradients, lr, max_norm):
    mean = np.mean(micro_gradients, axis=0)
    norm = np.linalg.norm(mean)
    return theta - lr * mean / norm * min(norm, max_norm)


def step_clips_the_move(theta, micro_gradients, lr, max_norm):
    return theta - _clipped(lr * np.mean(micro_gradients, axis=0), max_norm)


def step_by_value(theta, micro_gradients, lr, max_norm):
    return theta - lr * np.clip(np.mean(micro_gradients, axis=0), -max_norm, max_norm)


def step_uphill(theta, micro_gradients, lr, max_norm):
    return theta + lr * _clipped(np.mean(micro_gradients, axis=0), max_norm)


def step_divides_by_parameters(theta, micro_gradients, lr, max_norm):
    return theta - lr * _clipped(np.sum(micro_gradients, axis=0, dtype=float) / len(theta), max_norm)


def step_last_only(theta, micro_gradients, lr, max_norm):
    return theta - lr * _clipped(micro_gradients[-1], max_norm)


def step_first_two(theta, micro_gradients, lr, max_norm):
    return theta - lr * _clipped((micro_gradients[0] + micro_gradients[1]) / 2, max_norm)


def step_one_after_the_other(theta, micro_gradients, lr, max_norm):
    for gradient in micro_gradients:
        theta = theta - lr / len(micro_gradients) * gradient
    return theta


def _unit(rng, size):
    v = rng.choice([-1.0, 1.0], size=size) * rng.uniform(0.7, 1.0, size=size)
    return v / np.linalg.norm(v)


def _too_long(rng):
    """The mean is far too long; the micro-batches differ in length and in direction."""
    direction = _unit(rng, 5)
    lengths = rng.permutation([12.0, 30.0, 55.0]) * rng.uniform(0.9, 1.1, size=3)
    aside = rng.uniform(1.0, 3.0, size=(3, 5)) * rng.choice([-1.0, 1.0], size=(3, 5))
    return rng.normal(size=5), lengths[:, None] * direction + aside, float(rng.uniform(0.2, 0.4)), float(rng.uniform(2.0, 3.0))


def _cancelling(rng):
    """Each micro-batch is longer than the limit; they nearly cancel, and the mean is short."""
    noise = rng.uniform(3.0, 6.0) * _unit(rng, 5)
    drift = rng.uniform(0.25, 0.4) * np.roll(_unit(rng, 5), 1)
    return rng.normal(size=5), np.array([noise, -noise]) + drift, 0.1, 1.5


def _no_mean(rng):
    """Two micro-batches that cancel to the last bit."""
    g = rng.uniform(3.0, 6.0) * _unit(rng, 3)
    return rng.normal(size=3), np.array([g, -g]), 0.1, 1.5


def _whole_numbers(rng):
    return rng.integers(-5, 6, size=3), rng.uniform(2.0, 5.0, size=(2, 3)) * np.array([[1.0, -1.0, 0.3]]), 0.1, 1.5


ACCUMULATED_STEP = Exercise(
    key="unit2.accumulated_step",
    title="Mend a clipped step from several micro-batches",
    reference=accumulated_step,
    alternatives=(accumulated_step_by_mean,),
    examples=(Example(args=(np.array([0.0, 0.0]), np.array([[6.0, 8.0], [18.0, 2.0]]), 0.1, 6.5),
                      expected=np.array([-0.6, -0.25])),),
    regimes={"too long": _too_long, "cancelling": _cancelling, "zero mean": Regime(_no_mean, part="cancelling"),
             "whole numbers": _whole_numbers},
    parts={"worked example": 0.5, "too long": 0.5, "cancelling": 0.5, "whole numbers": 0.5},
    mistakes=(
        Mistake("has at most the types mended: nothing is clipped by max(1, ...), each micro-batch is treated by itself, and "
                "the sum is not divided", step_draft, also=(step_draft_with_floats,)),
        Mistake("takes the smaller factor now, but still clips each micro-batch by itself and never divides the sum",
                step_each_clipped_and_summed, also=(step_each_clipped_and_summed_in_whole_numbers,)),
        Mistake("still clips each micro-batch by itself: the step is made of their mean, so that is what may be too long",
                step_each_clipped, also=(step_each_clipped_in_whole_numbers, step_each_clipped_then_the_mean)),
        Mistake("clips the sum: where the limit cuts in, sum and mean end up equal; where it does not, the step is as many "
                "times too long as there are micro-batches", step_of_the_sum, mark=1.5),
        Mistake("divides after clipping: the mean comes first, then the limit", step_clipped_sum_divided, mark=0.5),
        Mistake("still takes the larger of 1 and max_norm / norm: the factor is the smaller one", step_larger_factor,
                also=(step_larger_factor_unless_zero,)),
        Mistake("still collects the sum in an array of the type of theta, which may be whole numbers", step_in_whole_numbers,
                mark=1.5),
        Mistake("has lost the clipping", step_without_clipping, mark=0.5, also=(step_one_after_the_other,)),
        Mistake("gives every step the full length: a mean that is short enough stays as it is", step_always_full_length,
                mark=1.5),
        Mistake("divides by the norm of the mean, which may be 0: then nothing needs clipping", step_divides_by_zero, mark=1.5),
        Mistake("clips after multiplying by the learning rate: the limit is meant for the gradient", step_clips_the_move,
                mark=0.5),
        Mistake("clips by value: the limit is meant for the length", step_by_value, mark=0.5),
        Mistake("goes uphill: the step is subtracted", step_uphill),
        Mistake("divides by the number of parameters: there are as many terms in the sum as micro-batches",
                step_divides_by_parameters, mark=1.5),
        Mistake("takes the first two micro-batches only: there may be more", step_first_two, mark=1.5),
        Mistake("keeps the last micro-batch only: each adds to the sum", step_last_only),
    ),
    hints=("Two micro-batches with gradients (100, 1) and (-100, 1): what is their mean, and is it too long?",
           "There are four faults: the type of total, what is clipped, max or min, and sum or mean.",
           "Collect the sum in np.zeros(len(theta)), divide by the number of micro-batches, and then multiply once: by "
           "max_norm / norm if that norm is larger than max_norm."),
    minutes=6, difficulty=2, rung="debug",
)
