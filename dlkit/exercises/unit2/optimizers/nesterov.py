"""The exercise nesterov_step: take the gradient where the velocity is about to lead."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.optimizers.walks import signed, walk


def nesterov_step(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta - beta * v)
    return theta - v, v


def nesterov_step_from_the_point_ahead(theta, v, gradient, lr, beta):
    ahead = theta - beta * v
    step = lr * np.asarray(gradient(ahead))
    return ahead - step, beta * v + step


def nesterov_step_with_a_move(theta, v, gradient, lr, beta):
    move = -beta * v
    move = move - lr * gradient(theta + move)
    return theta + move, -move


def walk_with_nesterov(answer, theta, v, gradient, lr, beta, steps):
    """The public script: `steps` calls, each from the state that the last one returned."""
    return walk(answer, "nesterov_step", ("theta", "v"), (theta, v), [(gradient, lr, beta)] * steps)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def right_step(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta - beta * v)
    return theta - v, v


def gradient_here(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta)
    return theta - v, v


def looks_back(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta + beta * v)
    return theta - v, v


def looks_too_far(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta - v)
    return theta - v, v


def looks_a_rate_ahead(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta - lr * beta * v)
    return theta - v, v


def starts_from_ahead(theta, v, gradient, lr, beta):
    ahead = theta - beta * v
    v = beta * v + lr * gradient(ahead)
    return ahead - v, v


def averaged(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * lr * gradient(theta - beta * v)
    return theta - v, v


def averaged_rate_outside(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient(theta - beta * v)
    return theta - lr * v, v


def averaged_throughout(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient(theta - lr * beta * v)
    return theta - lr * v, v


def pytorch_form(theta, v, gradient, lr, beta):
    g = gradient(theta)
    v = beta * v + g
    return theta - lr * (g + beta * v), v


def pytorch_form_with_rate(theta, v, gradient, lr, beta):
    step = lr * np.asarray(gradient(theta))
    v = beta * v + step
    return theta - (step + beta * v), v


def rate_outside(theta, v, gradient, lr, beta):
    v = beta * v + gradient(theta - lr * beta * v)
    return theta - lr * v, v


def rate_outside_mixed(theta, v, gradient, lr, beta):
    v = beta * v + gradient(theta - beta * v)
    return theta - lr * v, v


def rate_missing(theta, v, gradient, lr, beta):
    v = beta * v + gradient(theta - beta * v)
    return theta - v, v


def old_velocity(theta, v, gradient, lr, beta):
    return theta - v, beta * v + lr * gradient(theta - beta * v)


def uphill(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta - beta * v)
    return theta + v, v


def beta_fixed(theta, v, gradient, lr, beta):
    return right_step(theta, v, gradient, lr, 0.9)


def gradient_after_the_step(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta - beta * v)
    theta = theta - v
    return theta, beta * v + lr * gradient(theta)


def no_memory(theta, v, gradient, lr, beta):
    v = lr * np.asarray(gradient(theta - beta * v))
    return theta - v, v


def ahead_returned(theta, v, gradient, lr, beta):
    theta, v = right_step(theta, v, gradient, lr, beta)
    return theta - beta * v, v


def results_swapped(theta, v, gradient, lr, beta):
    theta, v = right_step(theta, v, gradient, lr, beta)
    return v, theta


def old_velocity_returned(theta, v, gradient, lr, beta):
    return right_step(theta, v, gradient, lr, beta)[0], v


def in_place(theta, v, gradient, lr, beta):
    g = gradient(theta - beta * v)
    v *= beta
    v += lr * g
    theta -= v
    return theta, v


def velocity_in_place(theta, v, gradient, lr, beta):
    g = gradient(theta - beta * v)
    v *= beta
    v += lr * g
    return theta - v, v


def in_place_on_floats(theta, v, gradient, lr, beta):
    theta, v = np.asarray(theta, dtype=float), np.asarray(v, dtype=float)
    g = gradient(theta - beta * v)
    v *= beta
    v += lr * g
    theta -= v
    return theta, v


def looks_ahead_in_place(theta, v, gradient, lr, beta):
    theta -= beta * v
    g = gradient(theta)
    return theta - lr * g, beta * v + lr * g


def whole_numbers(theta, v, gradient, lr, beta):
    new_v = np.zeros_like(v)
    new_v[...] = beta * v + lr * gradient(theta - beta * v)
    return theta - new_v, new_v


def whole_theta(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta - beta * v)
    new = theta.copy()
    new[...] = theta - v
    return new, v


# -- cases ---------------------------------------------------------------------------------------------------------------


def slope_of_square(w):
    return 2 * w


def _bowl(curvature, bottom):
    def gradient(x):
        return curvature * (x - bottom)

    return gradient


def _ordinary(rng):
    gradient = _bowl(rng.uniform(1.0, 3.0, size=(3, 2)), rng.normal(size=(3, 2)))
    start = signed(rng, 3.0, 5.0, (3, 2))
    return start, np.zeros((3, 2)), gradient, float(rng.uniform(0.003, 0.006)), float(rng.uniform(0.6, 0.8)), 12


def _whole_numbers(rng):
    gradient = _bowl(rng.integers(1, 4, size=4), rng.integers(20, 30, size=4))
    return rng.integers(1, 10, size=4), np.zeros(4, dtype=int), gradient, 0.01, 0.9, 3


NESTEROV_STEP = Exercise(
    key="unit2.nesterov_step",
    title="One step of Nesterov's momentum",
    reference=nesterov_step,
    alternatives=(nesterov_step_from_the_point_ahead, nesterov_step_with_a_move),
    probe=walk_with_nesterov,
    returns=("path", "final v"),
    examples=(Example(args=(np.array([1.0]), np.array([0.0]), slope_of_square, 0.1, 0.9, 3),
                      expected=(np.array([[0.8], [0.496], [0.17792]]), np.array([0.31808]))),),
    regimes={"ordinary": Regime(_ordinary, cases=1), "whole numbers": Regime(_whole_numbers, cases=1)},
    parts={"worked example": 0.5, "ordinary": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("takes the gradient at theta, which is plain momentum: take it at the point ahead, theta - beta v",
                gradient_here),
        Mistake("looks back instead of ahead: the step subtracts v, so the point ahead is theta - beta v", looks_back),
        Mistake("looks ahead by the whole velocity: only the share beta of it survives until the step, so theta - beta v",
                looks_too_far),
        Mistake("multiplies the look ahead by the learning rate: in this form the rate is inside v already",
                looks_a_rate_ahead),
        Mistake("starts the step from the point ahead, so that beta v is walked twice: the gradient comes from there, the step "
                "starts at theta", starts_from_ahead),
        Mistake("gives the gradient the weight 1 - beta, as in an average: this form has v = beta v + lr gradient", averaged),
        Mistake("mixes in the averaged form, (1 - beta) in v and the rate in the step: this form has v = beta v + lr gradient",
                averaged_rate_outside, also=(averaged_throughout,)),
        Mistake("is PyTorch's form, which stores the points ahead: here theta is the point itself, and the gradient is taken "
                "ahead of it", pytorch_form, also=(pytorch_form_with_rate,)),
        Mistake("takes the right steps, but leaves the learning rate out of v: here v = beta v + lr gradient, and theta - v",
                rate_outside),
        Mistake("leaves the rate out of v and multiplies the step with it, but looks ahead by beta v as if it were in there",
                rate_outside_mixed),
        Mistake("never uses the learning rate", rate_missing),
        Mistake("steps with the velocity of the step before: update v first, then walk along the new one", old_velocity),
        Mistake("walks uphill: subtract the velocity", uphill),
        Mistake("has beta = 0.9 built in: use the argument", beta_fixed, mark=1.0),
        Mistake("takes a second gradient after the step and adds it to v: one gradient per step, at the point ahead",
                gradient_after_the_step),
        Mistake("looks ahead, but forgets to keep the share beta of the old velocity", no_memory),
        Mistake("returns the next point ahead in place of theta", ahead_returned),
        Mistake("returns v first: theta was asked for first", results_swapped),
        Mistake("hands the old velocity back, so that the memory stays empty for ever", old_velocity_returned),
        Mistake("writes into the arrays it was given (v *= ..., theta -= ...): make new ones", in_place,
                also=(velocity_in_place, looks_ahead_in_place, in_place_on_floats)),
        Mistake("keeps whole numbers whole: an array made like theta or v cuts every fraction off", whole_numbers, mark=1.5,
                also=(whole_theta,)),
    ),
    hints=("Where would the next step lead if the gradient were zero? That is the place to ask for the gradient.",
           "ahead = theta - beta * v. Only the gradient is taken there; the step itself starts at theta.",
           "Three lines: the point ahead, the new v with the gradient from there, theta minus the new v. Return theta and v."),
    minutes=6, difficulty=2, rung="implement",
)
