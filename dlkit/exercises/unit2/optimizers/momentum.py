"""The exercise momentum_step: walk along the average of past gradients."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.optimizers.walks import matrix_walk, walk, whole_walk


def momentum_step(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient
    return theta - lr * v, v


def momentum_step_towards_the_gradient(theta, v, gradient, lr, beta):
    moved = v + (1 - beta) * (gradient - v)
    return theta - lr * moved, moved


def momentum_step_number_by_number(theta, v, gradient, lr, beta):
    new_theta, new_v = np.empty(theta.shape), np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        new_v[i] = beta * v[i] + gradient[i] - beta * gradient[i]
        new_theta[i] = theta[i] - lr * new_v[i]
    return new_theta, new_v


def walk_with_momentum(answer, theta, v, gradient, lr, beta, later):
    """The public script: one call for each gradient, from the state that the last call returned."""
    return walk(answer, "momentum_step", ("theta", "v"), (theta, v), ((g, lr, beta) for g in (gradient, *later)))


# -- mistakes ------------------------------------------------------------------------------------------------------------


def right_step(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient
    return theta - lr * v, v


def whole_gradient(theta, v, gradient, lr, beta):
    v = beta * v + gradient
    return theta - lr * v, v


def classical(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient
    return theta - v, v


def rate_in_velocity(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * lr * gradient
    return theta - v, v


def rate_twice(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * lr * gradient
    return theta - lr * v, v


def old_velocity(theta, v, gradient, lr, beta):
    return theta - lr * v, beta * v + (1 - beta) * gradient


def betas_swapped(theta, v, gradient, lr, beta):
    v = (1 - beta) * v + beta * gradient
    return theta - lr * v, v


def uphill(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient
    return theta + lr * v, v


def velocity_downhill(theta, v, gradient, lr, beta):
    v = beta * v - (1 - beta) * gradient
    return theta + lr * v, v


def beta_fixed(theta, v, gradient, lr, beta):
    v = 0.9 * v + 0.1 * gradient
    return theta - lr * v, v


def results_swapped(theta, v, gradient, lr, beta):
    theta, v = right_step(theta, v, gradient, lr, beta)
    return v, theta


def move_returned(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient
    return lr * v, v


def steps_along_gradient(theta, v, gradient, lr, beta):
    return theta - lr * gradient, beta * v + (1 - beta) * gradient


def old_velocity_returned(theta, v, gradient, lr, beta):
    return theta - lr * (beta * v + (1 - beta) * gradient), v


def in_place(theta, v, gradient, lr, beta):
    v *= beta
    v += (1 - beta) * gradient
    theta -= lr * v
    return theta, v


def velocity_in_place(theta, v, gradient, lr, beta):
    v *= beta
    v += (1 - beta) * gradient
    return theta - lr * v, v


def in_place_on_floats(theta, v, gradient, lr, beta):
    theta, v = np.asarray(theta, dtype=float), np.asarray(v, dtype=float)
    v *= beta
    v += (1 - beta) * gradient
    theta -= lr * v
    return theta, v


def whole_numbers(theta, v, gradient, lr, beta):
    new_theta, new_v = np.zeros_like(theta), np.zeros_like(v)
    new_v[...] = beta * v + (1 - beta) * gradient
    new_theta[...] = theta - lr * new_v
    return new_theta, new_v


def whole_theta(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient
    new = theta.copy()
    new[...] = theta - lr * v
    return new, v


def averages_parameters(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * theta
    return theta - lr * v, v


def theta_alone(theta, v, gradient, lr, beta):
    return theta - lr * (beta * v + (1 - beta) * gradient)


def gradient_once_more(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient
    return theta - lr * (v + gradient), v


# -- cases ---------------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    theta, gradients = matrix_walk(rng)
    return theta, np.zeros((3, 2)), gradients[0], float(rng.uniform(0.001, 0.01)), float(rng.uniform(0.6, 0.8)), gradients[1:]


def _whole_numbers(rng):
    theta, gradients = whole_walk(rng)
    return theta, np.zeros_like(theta), gradients[0], 0.01, 0.9, gradients[1:]


MOMENTUM_STEP = Exercise(
    key="unit2.momentum_step",
    title="One step of momentum, averaged form",
    reference=momentum_step,
    alternatives=(momentum_step_towards_the_gradient, momentum_step_number_by_number),
    probe=walk_with_momentum,
    returns=("path", "final v"),
    examples=(Example(args=(np.array([1.0]), np.array([0.0]), np.array([2.0]), 0.1, 0.9, np.array([[1.96], [1.8848]])),
                      expected=(np.array([[0.98], [0.9424], [0.889712]]), np.array([0.52688]))),),
    regimes={"ordinary": Regime(_ordinary, cases=1), "whole numbers": Regime(_whole_numbers, cases=1)},
    parts={"worked example": 0.5, "ordinary": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("adds the whole gradient to the velocity, as PyTorch does: the averaged form gives it the weight 1 - beta",
                whole_gradient),
        Mistake("is the classical form, v = beta v + lr gradient: here v is an average of gradients, and the rate comes in "
                "only with the step", classical),
        Mistake("takes the right steps, but v contains the learning rate: v is the average of the gradients alone",
                rate_in_velocity),
        Mistake("multiplies by the learning rate twice, in the velocity and in the step", rate_twice),
        Mistake("steps with the velocity of the step before: update v first, then walk along the new one", old_velocity),
        Mistake("swaps beta and 1 - beta: the old velocity keeps the large share beta", betas_swapped),
        Mistake("walks uphill: v points where the loss grows, so subtract", uphill),
        Mistake("takes the right steps, but keeps v with the opposite sign: v averages the gradients, not the moves",
                velocity_downhill),
        Mistake("has beta = 0.9 built in: use the argument", beta_fixed, mark=1.0),
        Mistake("returns v first: theta was asked for first", results_swapped),
        Mistake("returns the move lr v in place of the new theta", move_returned),
        Mistake("keeps a velocity and then steps along the plain gradient", steps_along_gradient),
        Mistake("hands the old velocity back, so that the memory stays empty for ever", old_velocity_returned),
        Mistake("writes into the arrays it was given (v *= ...): make new ones", in_place,
                also=(velocity_in_place, in_place_on_floats)),
        Mistake("keeps whole numbers whole: an array made like theta cuts every fraction off", whole_numbers, mark=1.5,
                also=(whole_theta,)),
        Mistake("averages the parameters: momentum averages past gradients", averages_parameters),
        Mistake("returns theta alone: the caller needs the new v for the next step", theta_alone),
        Mistake("adds the gradient to the step once more: it is in the new v already", gradient_once_more),
    ),
    hints=("Which of the two lines needs the result of the other one?",
           "The new v is a weighted average of the old v and the gradient; the two weights add up to 1.",
           "Two lines: v first, then theta with the new v and the rate. Return both, theta first."),
    minutes=5, difficulty=1, rung="implement",
)
