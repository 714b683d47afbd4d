"""The exercise forward_variance: the mean square of a signal after each of several layers, on paper."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def forward_variance(q0, widths, variances, relu):
    path, q = [], q0
    for fan_in, variance in zip(widths[:-1], variances, strict=True):
        q = q * fan_in * variance * (0.5 if relu else 1.0)
        path.append(q)
    return np.array(path)


def forward_variance_by_product(q0, widths, variances, relu):
    factors = np.array(widths[:-1], dtype=float) * np.asarray(variances, dtype=float)
    return q0 * np.cumprod(factors / 2 if relu else factors)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def variance_fan_out(q0, widths, variances, relu):
    return q0 * np.cumprod(np.array(widths[1:]) * np.asarray(variances) / (2 if relu else 1))


def variance_mean_fan(q0, widths, variances, relu):
    fans = (np.array(widths[1:]) + np.array(widths[:-1])) / 2
    return q0 * np.cumprod(fans * np.asarray(variances) / (2 if relu else 1))


def variance_first_width(q0, widths, variances, relu):
    return q0 * np.cumprod(widths[0] * np.asarray(variances) / (2 if relu else 1))


def variance_without_fan(q0, widths, variances, relu):
    return q0 * np.cumprod(np.asarray(variances) / (2 if relu else 1))


def variance_squared(q0, widths, variances, relu):
    return q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances) ** 2 / (2 if relu else 1))


def variance_root(q0, widths, variances, relu):
    return q0 * np.cumprod(np.array(widths[:-1]) * np.sqrt(variances) / (2 if relu else 1))


def variance_divided(q0, widths, variances, relu):
    return q0 * np.cumprod(np.asarray(variances) / np.array(widths[:-1]) / (2 if relu else 1))


def variance_relu_forgotten(q0, widths, variances, relu):
    return q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances))


def variance_always_relu(q0, widths, variances, relu):
    return q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances) / 2)


def variance_halved_once(q0, widths, variances, relu):
    return q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances)) / (2 if relu else 1)


def variance_halved_at_the_end(q0, widths, variances, relu):
    path = q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances))
    path[-1] = path[-1] / 2 if relu else path[-1]
    return path


def variance_no_relu_at_the_end(q0, widths, variances, relu):
    path = q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances) / (2 if relu else 1))
    path[-1] = path[-1] * 2 if relu else path[-1]
    return path


def variance_quarter(q0, widths, variances, relu):
    return q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances) / (4 if relu else 1))


def variance_around_the_mean(q0, widths, variances, relu):
    kept = 0.5 - 0.5 / np.pi if relu else 1.0
    return q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances) * kept)


def variance_before_the_activation(q0, widths, variances, relu):
    path, q = [], q0
    for fan_in, variance in zip(widths[:-1], variances, strict=True):
        path.append(q * fan_in * variance)
        q = path[-1] / (2 if relu else 1)
    return np.array(path)


def variance_start_of_one(q0, widths, variances, relu):
    return np.cumprod(np.array(widths[:-1]) * np.asarray(variances) / (2 if relu else 1))


def variance_with_the_start(q0, widths, variances, relu):
    return np.append(q0, q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances) / (2 if relu else 1)))


def variance_last_only(q0, widths, variances, relu):
    return q0 * np.prod(np.array(widths[:-1]) * np.asarray(variances) / (2 if relu else 1))


def variance_each_on_its_own(q0, widths, variances, relu):
    return q0 * np.array(widths[:-1]) * np.asarray(variances) / (2 if relu else 1)


def variance_root_mean_square(q0, widths, variances, relu):
    return np.sqrt(q0 * np.cumprod(np.array(widths[:-1]) * np.asarray(variances) / (2 if relu else 1)))


def variance_in_whole_numbers(q0, widths, variances, relu):
    path = np.zeros_like(variances)
    q = q0
    for k, variance in enumerate(variances):
        q = q * widths[k] * variance / (2 if relu else 1)
        path[k] = q
    return path


def _different_widths(rng):
    widths = [int(n) for n in rng.permutation([5, 11, 7, 17])]
    return widths, rng.uniform(0.03, 0.4, size=3)


def _rectified(rng):
    widths, variances = _different_widths(rng)
    return float(rng.uniform(1.5, 3.0)), widths, variances, True


def _whole_numbers(rng):
    widths, _ = _different_widths(rng)
    return float(rng.integers(1, 9)) / 10 + 0.05, widths, rng.permutation(np.array([1, 2, 3])), False


FORWARD_VARIANCE = Exercise(
    key="unit2.forward_variance",
    title="What is left of a signal after each layer",
    reference=forward_variance,
    alternatives=(forward_variance_by_product,),
    examples=(Example(args=(1.0, [100, 100, 100], np.array([0.02, 0.02]), False), expected=np.array([2.0, 4.0])),),
    regimes={"ReLU": _rectified, "whole numbers": Regime(_whole_numbers, part="linear")},
    parts={"worked example": 0.5, "linear": 0.5, "ReLU": 1.0},
    mistakes=(
        Mistake("multiplies by the fan-out: each sum has as many terms as the layer has inputs", variance_fan_out, mark=0.5),
        Mistake("multiplies by the mean of fan-in and fan-out: that is Xavier's compromise; forwards the fan-in counts",
                variance_mean_fan, mark=0.5),
        Mistake("uses the width of the inputs for every layer: each layer has a fan-in of its own", variance_first_width,
                mark=0.5),
        Mistake("forgets the fan-in: a unit adds up as many products as it has inputs, and their variances add up",
                variance_without_fan),
        Mistake("squares the variances of the weights: a variance already is a mean square", variance_squared),
        Mistake("takes the root of the variances: the mean square of a product is the product of the mean squares",
                variance_root),
        Mistake("divides by the fan-in: that is what the variance of the weights should do to balance it", variance_divided),
        Mistake("forgets that ReLU takes away half of the mean square, in every layer", variance_relu_forgotten, mark=1.0),
        Mistake("takes half away in every layer, also without ReLU", variance_always_relu, mark=1.0),
        Mistake("takes half away only once: every ReLU takes its half", variance_halved_once, mark=1.0),
        Mistake("takes half away only behind the last layer: every ReLU takes its half", variance_halved_at_the_end, mark=1.0),
        Mistake("takes nothing away behind the last layer: here a ReLU follows every layer, the last one too",
                variance_no_relu_at_the_end, mark=1.0),
        Mistake("leaves a quarter behind each ReLU: half of the numbers survive unchanged, so half of the mean square does",
                variance_quarter, mark=1.0),
        Mistake("takes the variance of ReLU's output around its mean: the next sum feels the mean square, the mean included",
                variance_around_the_mean, mark=1.0),
        Mistake("gives the mean squares before the ReLU of each layer: the activations behind it were asked for",
                variance_before_the_activation, mark=1.0),
        Mistake("starts with a mean square of 1, whatever q0 says", variance_start_of_one, mark=0.5),
        Mistake("lists the inputs too: one number for each layer was asked for", variance_with_the_start),
        Mistake("returns only the last layer: one number for each layer was asked for", variance_last_only),
        Mistake("starts every layer from the inputs: a layer works on what the one before has left", variance_each_on_its_own),
        Mistake("returns roots: the mean square itself was asked for", variance_root_mean_square),
        Mistake("collects the results in an array like `variances`: whole numbers there cut every fraction off",
                variance_in_whole_numbers, mark=1.5),
    ),
    hints=("A unit computes z = x1 w1 + ... + xn wn. What is the mean of z^2, if the weights are independent with mean 0?",
           "All mixed terms vanish; n terms of mean square q * v remain. And ReLU: z is positive half of the time.",
           "q becomes fan_in * v * q, and half of that behind a ReLU. Go on from layer to layer."),
    minutes=6, difficulty=2, rung="derive",
)
