"""The exercise rmsprop_step: divide by the root of an average of recent squared gradients."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.optimizers.walks import matrix_walk, tiny_walk, walk, whole_walk


def rmsprop_step(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def rmsprop_step_towards_the_square(theta, E, gradient, lr, beta, eps):
    average = E + (1 - beta) * (np.square(gradient) - E)
    rates = lr / (average**0.5 + eps)
    return theta - rates * gradient, average


def rmsprop_step_number_by_number(theta, E, gradient, lr, beta, eps):
    new_theta, new_E = np.empty(theta.shape), np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        new_E[i] = beta * E[i] + (1 - beta) * float(gradient[i]) ** 2
        new_theta[i] = theta[i] - lr * gradient[i] / (new_E[i] ** 0.5 + eps)
    return new_theta, new_E


def walk_with_rmsprop(answer, theta, E, gradient, lr, beta, eps, later):
    """The public script: one call for each gradient, from the state that the last call returned."""
    return walk(answer, "rmsprop_step", ("theta", "E"), (theta, E), ((g, lr, beta, eps) for g in (gradient, *later)))


# -- mistakes ------------------------------------------------------------------------------------------------------------


def right_step(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def epsilon_inside(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / np.sqrt(E + eps), E


def epsilon_in_the_average(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2 + eps
    return theta - lr * gradient / np.sqrt(E), E


def no_epsilon(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / np.sqrt(E), E


def no_epsilon_but_a_question(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return np.where(E > 0, theta - lr * gradient / np.sqrt(np.where(E > 0, E, 1.0)), theta), E


def epsilon_as_a_floor(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / np.maximum(np.sqrt(E), eps), E


def betas_swapped(theta, E, gradient, lr, beta, eps):
    E = (1 - beta) * E + beta * gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def beta_fixed(theta, E, gradient, lr, beta, eps):
    E = 0.9 * E + 0.1 * gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def sums_up(theta, E, gradient, lr, beta, eps):
    E = E + gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def whole_square(theta, E, gradient, lr, beta, eps):
    E = beta * E + gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def whole_memory(theta, E, gradient, lr, beta, eps):
    E = E + (1 - beta) * gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def square_of_the_average(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient
    return theta - lr * gradient / (np.sqrt(E**2) + eps), E


def root_of_the_average_gradient(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def square_of_the_average_of_roots(theta, E, gradient, lr, beta, eps):
    E = (beta * np.sqrt(E) + (1 - beta) * gradient) ** 2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def averages_sizes(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * np.abs(gradient)
    return theta - lr * gradient / (E + eps), E


def weight_squared_too(theta, E, gradient, lr, beta, eps):
    E = beta * E + ((1 - beta) * gradient) ** 2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def old_average(theta, E, gradient, lr, beta, eps):
    return theta - lr * gradient / (np.sqrt(E) + eps), beta * E + (1 - beta) * gradient**2


def no_root(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / (E + eps), E


def root_kept(theta, E, gradient, lr, beta, eps):
    E = np.sqrt(beta * E + (1 - beta) * gradient**2)
    return theta - lr * gradient / (E + eps), E


def uphill(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta + lr * gradient / (np.sqrt(E) + eps), E


def step_of_the_rate(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr / (np.sqrt(E) + eps), E


def one_rate_for_all(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * np.mean(gradient**2)
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def one_rate_but_own_averages(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / (np.sqrt(np.mean(E)) + eps), E


def no_base_rate(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient**2
    return theta - gradient / (np.sqrt(E) + eps), E


def old_average_returned(theta, E, gradient, lr, beta, eps):
    return right_step(theta, E, gradient, lr, beta, eps)[0], E


def results_swapped(theta, E, gradient, lr, beta, eps):
    theta, E = right_step(theta, E, gradient, lr, beta, eps)
    return E, theta


def in_place(theta, E, gradient, lr, beta, eps):
    E *= beta
    E += (1 - beta) * gradient**2
    theta -= lr * gradient / (np.sqrt(E) + eps)
    return theta, E


def average_in_place(theta, E, gradient, lr, beta, eps):
    E *= beta
    E += (1 - beta) * gradient**2
    return theta - lr * gradient / (np.sqrt(E) + eps), E


def in_place_on_floats(theta, E, gradient, lr, beta, eps):
    theta, E = np.asarray(theta, dtype=float), np.asarray(E, dtype=float)
    E *= beta
    E += (1 - beta) * gradient**2
    theta -= lr * gradient / (np.sqrt(E) + eps)
    return theta, E


def whole_theta(theta, E, gradient, lr, beta, eps):
    theta_new = np.zeros_like(theta)
    theta_new[...], E = right_step(theta, E, gradient, lr, beta, eps)
    return theta_new, E


def whole_average(theta, E, gradient, lr, beta, eps):
    average = np.zeros_like(E)
    average[...] = beta * E + (1 - beta) * gradient**2
    return theta - lr * gradient / (np.sqrt(average) + eps), average


# -- cases ---------------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    theta, gradients = matrix_walk(rng)
    rate, beta = float(rng.uniform(0.005, 0.01)), float(rng.uniform(0.55, 0.7))
    return theta, np.zeros((3, 2)), gradients[0], rate, beta, 1e-8, gradients[1:]


def _tiny_and_zero(rng):
    theta, gradients = tiny_walk(rng)
    return theta, np.zeros(5), gradients[0], 0.1, 0.9, 1e-8, gradients[1:]


def _whole_numbers(rng):
    theta, gradients = whole_walk(rng)
    return theta, np.zeros_like(theta), gradients[0], 0.01, 0.9, 1e-8, gradients[1:]


RMSPROP_STEP = Exercise(
    key="unit2.rmsprop_step",
    title="One step of RMSProp",
    reference=rmsprop_step,
    alternatives=(rmsprop_step_towards_the_square, rmsprop_step_number_by_number),
    probe=walk_with_rmsprop,
    returns=("path", "final E"),
    examples=(Example(args=(np.array([0.0, 0.0]), np.array([0.0, 9.0]), np.array([4.0, -3.0]), 0.6, 0.9, 0.0,
                            np.array([[2.0, 3.0]])),
                      expected=(np.array([[-1.8973665961, 0.6], [-2.7820183330, 0.0]]), np.array([1.84, 9.0]))),),
    regimes={"ordinary": Regime(_ordinary, cases=1), "tiny and zero gradients": Regime(_tiny_and_zero, cases=1),
             "whole numbers": Regime(_whole_numbers, cases=1)},
    parts={"worked example": 0.5, "ordinary": 0.5, "tiny and zero gradients": 0.5, "whole numbers": 0.5},
    mistakes=(
        Mistake("puts epsilon inside the root: with tiny gradients that makes a large difference; PyTorch adds it to the root",
                epsilon_inside, mark=1.5),
        Mistake("adds epsilon to the average that is kept, so it piles up: add it to the root, for this step only",
                epsilon_in_the_average, mark=1.5),
        Mistake("leaves epsilon out: a parameter that never had a gradient becomes 0 / 0, not a number", no_epsilon, mark=1.5),
        Mistake("guards against 0 / 0 in another way and adds no epsilon to the root: tiny gradients need it too",
                no_epsilon_but_a_question, mark=1.5, also=(epsilon_as_a_floor,)),
        Mistake("swaps beta and 1 - beta: the old average keeps the large share beta", betas_swapped),
        Mistake("has beta = 0.9 built in: use the argument", beta_fixed, mark=1.5),
        Mistake("adds all squares up: that is AdaGrad, RMSProp takes a moving average", sums_up),
        Mistake("adds the whole square: in an average it has the weight 1 - beta", whole_square),
        Mistake("keeps the whole old average: its weight is beta", whole_memory),
        Mistake("averages the gradients and squares afterwards: square first, or gradients of both signs cancel",
                square_of_the_average, also=(root_of_the_average_gradient, square_of_the_average_of_roots)),
        Mistake("averages the sizes of the gradients: average their squares, and take the root afterwards", averages_sizes),
        Mistake("squares the weight 1 - beta together with the gradient: only the gradient is squared", weight_squared_too),
        Mistake("divides by the average of the earlier gradients: the square of the new one has to be in it already",
                old_average),
        Mistake("divides by the average itself: take its root", no_root),
        Mistake("keeps the root and averages squares into it: keep the average itself, the root is for the step only",
                root_kept),
        Mistake("walks uphill: subtract", uphill),
        Mistake("subtracts the rate itself: multiply it by the gradient", step_of_the_rate),
        Mistake("divides all parameters by the same number: each has its own average and its own rate", one_rate_for_all,
                also=(one_rate_but_own_averages,)),
        Mistake("leaves out the base rate lr", no_base_rate),
        Mistake("hands the old average back, so that nothing is ever remembered", old_average_returned),
        Mistake("returns E first: theta was asked for first", results_swapped),
        Mistake("writes into the arrays it was given (E *= ...): make new ones", in_place,
                also=(average_in_place, in_place_on_floats)),
        Mistake("keeps whole numbers whole: an array made like theta or E cuts every fraction off", whole_theta, mark=1.5,
                also=(whole_average,)),
    ),
    hints=("It is AdaGrad with a memory that fades. Which line changes?",
           "E is a weighted average of the old E and the squared gradient; the weights are beta and 1 - beta.",
           "Take your adagrad_step and change the line of G into that average. The step divides by the root of the new E, and "
           "epsilon stands behind the closing bracket of np.sqrt( )."),
    minutes=4, difficulty=2, rung="implement",
)
