"""The exercise adamw_step: a step of Adam with weight decay, in which two slips have to be repaired."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.optimizers.walks import signed, walk, whole_walk


def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return (1 - lr * decay) * theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamw_step_as_a_sum(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = m + (1 - beta1) * (gradient - m)
    v = v + (1 - beta2) * (np.square(gradient) - v)
    adam = m / (1 - beta1**t) / ((v / (1 - beta2**t)) ** 0.5 + eps)
    return theta - lr * (adam + decay * theta), m, v


def walk_with_adamw(answer, theta, m, v, gradient, t, lr, beta1, beta2, eps, decay, later):
    """The public script: one call for each gradient, from the state that the last call returned; t counts on from 1."""
    more = ((g, number, lr, beta1, beta2, eps, decay) for number, g in enumerate((gradient, *later), start=t))
    return walk(answer, "adamw_step", ("theta", "m", "v"), (theta, m, v), more)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def adam_move(m, v, gradient, t, lr, beta1, beta2, eps):
    """Adam's step, and the two averages."""
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def as_found(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    gradient = gradient + decay * theta
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta1**t)) + eps), m, v


def correction_as_found(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return (1 - lr * decay) * theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta1**t)) + eps), m, v


def decay_as_found(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient + decay * theta, t, lr, beta1, beta2, eps)
    return theta - move, m, v


def no_decay(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return theta - move, m, v


def decay_in_both_places(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient + decay * theta, t, lr, beta1, beta2, eps)
    return (1 - lr * decay) * theta - move, m, v


def decay_without_rate(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return (1 - decay) * theta - move, m, v


def decay_after_the_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return (1 - lr * decay) * (theta - move), m, v


def grows(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return (1 + lr * decay) * theta - move, m, v


def decay_through_the_root(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return theta - lr * (m / (1 - beta1**t) + decay * theta) / root, m, v


def decay_in_m(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * (gradient + decay * theta)
    v = beta2 * v + (1 - beta2) * gradient**2
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def decay_by_sign(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return theta - lr * decay * np.sign(theta) - move, m, v


def half_the_decay(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return (1 - lr * decay / 2) * theta - move, m, v


def twice_the_decay(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return (1 - 2 * lr * decay) * theta - move, m, v


def everything_decays(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    return (1 - lr * decay) * (theta - move), (1 - lr * decay) * m, (1 - lr * decay) * v


def power_lost(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return (1 - lr * decay) * theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2)) + eps), m, v


def powers_lost(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return (1 - lr * decay) * theta - lr * (m / (1 - beta1)) / (np.sqrt(v / (1 - beta2)) + eps), m, v


def v_not_corrected(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return (1 - lr * decay) * theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v) + eps), m, v


def wrong_one_changed(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return (1 - lr * decay) * theta - lr * (m / (1 - beta2**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def corrections_exchanged(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return (1 - lr * decay) * theta - lr * (m / (1 - beta2**t)) / (np.sqrt(v / (1 - beta1**t)) + eps), m, v


def in_place(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    theta *= 1 - lr * decay
    theta -= move
    return theta, m, v


def shrunk_in_place(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    theta *= 1 - lr * decay
    return theta - move, m, v


def in_place_on_floats(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    theta = np.asarray(theta, dtype=float)
    theta *= 1 - lr * decay
    theta -= move
    return theta, m, v


def epsilon_moved(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return (1 - lr * decay) * theta - lr * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t) + eps), m, v


def whole_theta(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    move, m, v = adam_move(m, v, gradient, t, lr, beta1, beta2, eps)
    new = theta.copy()
    new[...] = (1 - lr * decay) * theta - move
    return new, m, v


# -- cases ---------------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    theta, gradients = signed(rng, 3.0, 5.0, (3, 2)), signed(rng, 1.0, 3.0, (12, 3, 2))
    rates = float(rng.uniform(0.01, 0.02)), float(rng.uniform(0.6, 0.75)), float(rng.uniform(0.95, 0.98))
    return (theta, np.zeros((3, 2)), np.zeros((3, 2)), gradients[0], 1, *rates, 1e-3, float(rng.uniform(0.1, 0.3)),
            gradients[1:])


def _whole_numbers(rng):
    theta, gradients = whole_walk(rng)
    return theta, np.zeros_like(theta), np.zeros_like(theta), gradients[0], 1, 0.01, 0.9, 0.999, 1e-8, 0.5, gradients[1:]


ADAMW_STEP = Exercise(
    key="unit2.adamw_step",
    title="Repair a step of AdamW",
    reference=adamw_step,
    alternatives=(adamw_step_as_a_sum,),
    probe=walk_with_adamw,
    returns=("path", "final m", "final v"),
    examples=(Example(args=(np.array([2.0, -4.0]), np.zeros(2), np.zeros(2), np.array([5.0, 5.0]), 1, 0.1, 0.9, 0.999, 0.0, 0.5,
                            np.zeros((0, 2))),
                      expected=(np.array([[1.8, -3.9]]), np.array([0.5, 0.5]), np.array([0.025, 0.025]))),),
    regimes={"ordinary": Regime(_ordinary, cases=1), "whole numbers": Regime(_whole_numbers, cases=1)},
    parts={"worked example": 0.5, "ordinary": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("returns the function as it was found: both slips are still there", as_found),
        Mistake("mends the decay, but v is still corrected with beta1", correction_as_found),
        Mistake("mends the correction of v, but the decay still goes through the gradient and is divided by the root",
                decay_as_found),
        Mistake("throws the decay away: the weights have to shrink by the factor 1 - lr * decay", no_decay),
        Mistake("shrinks the weights, but leaves the decay in the gradient as well", decay_in_both_places),
        Mistake("shrinks by 1 - decay: the factor is 1 - lr * decay", decay_without_rate),
        Mistake("shrinks the weights after Adam's step, and the step with them: it is the old weights that shrink",
                decay_after_the_step),
        Mistake("lets the weights grow: the factor is 1 - lr * decay", grows),
        Mistake("adds the decay to m_hat, so that it is still divided by the root", decay_through_the_root),
        Mistake("takes the decay out of the squares only: m averages the plain gradients too", decay_in_m),
        Mistake("pulls all weights by the same amount: the decay is proportional to the weight", decay_by_sign),
        Mistake("halves the decay: the 1/2 of a penalty is gone in its gradient", half_the_decay),
        Mistake("doubles the decay: the factor is 1 - lr * decay", twice_the_decay),
        Mistake("shrinks the averages together with the weights", everything_decays),
        Mistake("mends the beta in the correction of v and loses the power t", power_lost, mark=0.5, also=(powers_lost,)),
        Mistake("no longer corrects v at all: it has to be divided by 1 - beta2**t", v_not_corrected),
        Mistake("corrects m with beta2 now: m belongs to beta1 and v to beta2", wrong_one_changed),
        Mistake("exchanges the two corrections: m belongs to beta1 and v to beta2", corrections_exchanged),
        Mistake("writes into theta (theta *= ...): make a new array", in_place,
                also=(shrunk_in_place, in_place_on_floats)),
        Mistake("moves epsilon into the root: that line was right, epsilon is added to the root", epsilon_moved, mark=1.0),
        Mistake("keeps whole numbers whole: an array made like theta cuts every fraction off", whole_theta, mark=1.5),
    ),
    hints=("Follow the decay through the lines: what is it divided by in the end? Then compare the two corrections.",
           "One line lets the decay into both averages. Another one uses the wrong beta.",
           "The gradient goes into the averages as it is. The formula above says where the decay belongs, and v has "
           "a beta of its own."),
    minutes=6, difficulty=3, rung="debug",
)
