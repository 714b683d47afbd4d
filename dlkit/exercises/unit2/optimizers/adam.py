"""The exercise adam_step: momentum, divided by the root of averaged squares, both corrected for their start at zero."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.optimizers.walks import matrix_walk, tiny_walk, walk, whole_walk


def adam_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_step_with_one_factor(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (gradient - m)
    v = v + (1 - beta2) * (np.square(gradient) - v)
    root = np.sqrt(1 - beta2**t)
    return theta - (lr * root / (1 - beta1**t)) * m / (np.sqrt(v) + eps * root), m, v


def adam_step_number_by_number(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    new = [np.empty(theta.shape) for _ in range(3)]
    for i in np.ndindex(theta.shape):
        g = float(gradient[i])
        new[1][i] = beta1 * m[i] + (1 - beta1) * g
        new[2][i] = beta2 * v[i] + (1 - beta2) * g * g
        step = new[1][i] / (1 - beta1**t) / ((new[2][i] / (1 - beta2**t)) ** 0.5 + eps)
        new[0][i] = theta[i] - lr * step
    return tuple(new)


def walk_with_adam(answer, theta, m, v, gradient, t, lr, beta1, beta2, eps, later):
    """The public script: one call for each gradient, from the state that the last call returned; t counts on from 1."""
    more = ((g, number, lr, beta1, beta2, eps) for number, g in enumerate((gradient, *later), start=t))
    return walk(answer, "adam_step", ("theta", "m", "v"), (theta, m, v), more)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def right_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def averages(m, v, gradient, beta1, beta2):
    return beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient**2


def power_missing(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1)) / (np.sqrt(v / (1 - beta2)) + eps), m, v


def no_correction(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * m / (np.sqrt(v) + eps), m, v


def only_m_corrected(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v) + eps), m, v


def only_v_corrected(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * m / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def counts_from_zero(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1 ** (t - 1))) / (np.sqrt(v / (1 - beta2 ** (t - 1))) + eps), m, v


def counts_one_more(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1 ** (t + 1))) / (np.sqrt(v / (1 - beta2 ** (t + 1))) + eps), m, v


def times_t(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1 * t)) / (np.sqrt(np.abs(v / (1 - beta2 * t))) + eps), m, v


def bracket_to_the_power(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1) ** t) / (np.sqrt(v / (1 - beta2) ** t) + eps), m, v


def one_minus_missing(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / beta1**t) / (np.sqrt(v / beta2**t) + eps), m, v


def multiplied_correction(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * m * (1 - beta1**t) / (np.sqrt(v * (1 - beta2**t)) + eps), m, v


def correction_outside_root(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v) / (1 - beta2**t) + eps), m, v


def same_beta_corrected(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta1**t)) + eps), m, v


def corrected_ones_kept(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m / (np.sqrt(v) + eps), m, v


def betas_exchanged(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    return right_step(theta, m, v, gradient, t, lr, beta2, beta1, eps)


def weights_swapped(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = (1 - beta1) * m + beta1 * gradient
    v = (1 - beta2) * v + beta2 * gradient**2
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def betas_fixed(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    return right_step(theta, m, v, gradient, t, lr, 0.9, 0.999, eps)


def epsilon_inside(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t) + eps), m, v


def epsilon_beside_uncorrected_root(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (np.sqrt(1 - beta2**t) / (1 - beta1**t)) * m / (np.sqrt(v) + eps), m, v


def no_epsilon(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t)), m, v


def squares_of_the_average(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * m**2
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def squares_missing(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * np.abs(gradient)
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def correction_stops(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    if t <= 20:
        return right_step(theta, m, v, gradient, t, lr, beta1, beta2, eps)
    return no_correction(theta, m, v, gradient, t, lr, beta1, beta2, eps)


def correction_stands_still(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1 ** min(t, 20))) / (np.sqrt(v / (1 - beta2 ** min(t, 20))) + eps), m, v


def plain_gradient(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * gradient / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def no_root(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (m / (1 - beta1**t)) / (v / (1 - beta2**t) + eps), m, v


def old_averages(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - step, *averages(m, v, gradient, beta1, beta2)


def uphill(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = averages(m, v, gradient, beta1, beta2)
    return theta + lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def whole_gradients(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + gradient, beta2 * v + gradient**2
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def averages_swapped(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    theta, m, v = right_step(theta, m, v, gradient, t, lr, beta1, beta2, eps)
    return theta, v, m


def theta_last(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    theta, m, v = right_step(theta, m, v, gradient, t, lr, beta1, beta2, eps)
    return m, v, theta


def in_place(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * gradient
    v *= beta2
    v += (1 - beta2) * gradient**2
    theta -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta, m, v


def averages_in_place(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * gradient
    v *= beta2
    v += (1 - beta2) * gradient**2
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def in_place_on_floats(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    theta, m, v = (np.asarray(a, dtype=float) for a in (theta, m, v))
    m *= beta1
    m += (1 - beta1) * gradient
    v *= beta2
    v += (1 - beta2) * gradient**2
    theta -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta, m, v


def whole_theta(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    new = np.zeros_like(theta)
    new[...], m, v = right_step(theta, m, v, gradient, t, lr, beta1, beta2, eps)
    return new, m, v


def whole_averages(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    new_m, new_v = np.zeros_like(m), np.zeros_like(v)
    new_m[...], new_v[...] = averages(m, v, gradient, beta1, beta2)
    return theta - lr * (new_m / (1 - beta1**t)) / (np.sqrt(new_v / (1 - beta2**t)) + eps), new_m, new_v


# -- cases ---------------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    theta, gradients = matrix_walk(rng)
    rates = float(rng.uniform(0.005, 0.01)), float(rng.uniform(0.6, 0.75)), float(rng.uniform(0.95, 0.98))
    return theta, np.zeros((3, 2)), np.zeros((3, 2)), gradients[0], 1, *rates, 1e-8, gradients[1:]


def _fifty_steps(rng):
    theta, gradients = matrix_walk(rng, 50)
    return theta, np.zeros((3, 2)), np.zeros((3, 2)), gradients[0], 1, 0.01, 0.9, 0.999, 1e-8, gradients[1:]


def _tiny_and_zero(rng):
    theta, gradients = tiny_walk(rng)
    return theta, np.zeros(5), np.zeros(5), gradients[0], 1, 0.1, 0.9, 0.999, 1e-8, gradients[1:]


def _whole_numbers(rng):
    theta, gradients = whole_walk(rng)
    return theta, np.zeros_like(theta), np.zeros_like(theta), gradients[0], 1, 0.01, 0.9, 0.999, 1e-8, gradients[1:]


_W35 = (np.array([0.0, 0.0]), np.zeros(2), np.zeros(2), np.array([1.0, -3.0]), 1, 0.1, 0.9, 0.999, 0.0,
        np.array([[1.0, -3.0], [1.0, -3.0]]))

ADAM_STEP = Exercise(
    key="unit2.adam_step",
    title="One step of Adam",
    reference=adam_step,
    alternatives=(adam_step_with_one_factor, adam_step_number_by_number),
    probe=walk_with_adam,
    returns=("path", "final m", "final v"),
    examples=(Example(args=_W35, expected=(np.array([[-0.1, 0.1], [-0.2, 0.2], [-0.3, 0.3]]), np.array([0.271, -0.813]),
                                           np.array([0.002997001, 0.026973009])),
                      source="lecture notes, unit 2: a constant gradient"),),
    regimes={"ordinary": Regime(_ordinary, cases=1), "tiny and zero gradients": Regime(_tiny_and_zero, cases=1),
             "whole numbers": Regime(_whole_numbers, cases=1),
             "fifty steps": Regime(_fifty_steps, cases=1, part="ordinary", hidden=True)},
    parts={"worked example": 0.5, "ordinary": 1.0, "tiny and zero gradients": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("divides by 1 - beta in every step, as the notes print it: it is 1 - beta to the power t", power_missing),
        Mistake("leaves out the bias correction: both averages start at zero and are too small at first", no_correction),
        Mistake("corrects m only: v starts at zero as well", only_m_corrected),
        Mistake("corrects v only: m starts at zero as well", only_v_corrected),
        Mistake("uses t - 1 for t, as if the first step were number 0: then the first correction divides by zero",
                counts_from_zero),
        Mistake("uses t + 1 for t: the given t is 1 in the first step already", counts_one_more),
        Mistake("drops the correction after some steps: with beta2 near 1 it is needed for many hundreds of them",
                correction_stops, mark=2.0),
        Mistake("stops counting t after some steps: with beta2 near 1 the correction changes for many hundreds of them",
                correction_stands_still, mark=2.0),
        Mistake("multiplies beta by t: it is beta to the power t", times_t),
        Mistake("raises the whole bracket to the power t: only beta is, 1 - beta**t", bracket_to_the_power),
        Mistake("divides by beta to the power t: what is missing from the average is 1 - beta**t", one_minus_missing),
        Mistake("multiplies by 1 - beta**t: averages that are too small have to be divided by it", multiplied_correction),
        Mistake("corrects the root of v: correct v first, and take the root afterwards", correction_outside_root),
        Mistake("corrects v with beta1: its own beta is beta2", same_beta_corrected),
        Mistake("hands the corrected averages back, so that they are corrected again in the next step: keep m and v raw",
                corrected_ones_kept),
        Mistake("exchanges beta1 and beta2: the gradients have beta1, their squares beta2", betas_exchanged),
        Mistake("swaps beta and 1 - beta in the averages: the old average keeps the large share beta", weights_swapped),
        Mistake("has 0.9 and 0.999 built in: use the arguments", betas_fixed, mark=2.0),
        Mistake("puts epsilon inside the root: with tiny gradients that makes a large difference; PyTorch adds it to the root",
                epsilon_inside, mark=2.0),
        Mistake("adds epsilon to the root before it is corrected, which makes epsilon too large in the first steps",
                epsilon_beside_uncorrected_root, mark=2.0),
        Mistake("leaves epsilon out: a parameter that never had a gradient becomes 0 / 0, not a number", no_epsilon, mark=2.0),
        Mistake("averages the squares of m: v averages the squares of the gradients", squares_of_the_average),
        Mistake("averages the sizes of the gradients in v: average their squares", squares_missing),
        Mistake("steps along the plain gradient: that is RMSProp, Adam walks along the corrected m", plain_gradient,
                mark=0.5),
        Mistake("divides by the corrected v itself: take its root", no_root),
        Mistake("steps with the averages of the step before: update m and v first", old_averages),
        Mistake("walks uphill: subtract", uphill),
        Mistake("adds whole gradients and squares: in an average they have the weights 1 - beta", whole_gradients),
        Mistake("returns v before m: the order is theta, m, v", averages_swapped),
        Mistake("returns theta last: the order is theta, m, v", theta_last),
        Mistake("writes into the arrays it was given (m *= ...): make new ones", in_place,
                also=(averages_in_place, in_place_on_floats)),
        Mistake("keeps whole numbers whole: an array made like theta, m or v cuts every fraction off", whole_theta, mark=2.5,
                also=(whole_averages,)),
    ),
    hints=("You have written both halves: momentum_step has the line for m, rmsprop_step the one for v.",
           "Before they meet, each average is divided by what is missing from it after t steps: 1 - beta**t, each with its own "
           "beta. The raw averages are what the next step needs.",
           "Five lines: m, v, their two corrections under names of their own, theta. In the last one m_hat has the place of "
           "rmsprop_step's gradient, and v_hat that of E."),
    minutes=10, difficulty=3, rung="implement",
)
