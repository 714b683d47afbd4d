"""The exercise adagrad_step: every parameter is divided by the root of its own squared gradients so far."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.optimizers.walks import matrix_walk, tiny_walk, walk, whole_walk


def adagrad_step(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def adagrad_step_with_rates(theta, G, gradient, lr, eps):
    total = np.add(G, np.square(gradient))
    rates = lr / (total**0.5 + eps)
    return theta - rates * gradient, total


def adagrad_step_number_by_number(theta, G, gradient, lr, eps):
    new_theta, new_G = np.empty(theta.shape), np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        new_G[i] = G[i] + gradient[i] * gradient[i]
        new_theta[i] = theta[i] - lr / (new_G[i] ** 0.5 + eps) * gradient[i]
    return new_theta, new_G


def walk_with_adagrad(answer, theta, G, gradient, lr, eps, later):
    """The public script: one call for each gradient, from the state that the last call returned."""
    return walk(answer, "adagrad_step", ("theta", "G"), (theta, G), ((g, lr, eps) for g in (gradient, *later)))


# -- mistakes ------------------------------------------------------------------------------------------------------------


def right_step(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def epsilon_inside(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / np.sqrt(G + eps), G


def epsilon_in_the_sum(theta, G, gradient, lr, eps):
    G = G + gradient**2 + eps
    return theta - lr * gradient / np.sqrt(G), G


def epsilon_twice(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / (np.sqrt(G + eps) + eps), G


def no_epsilon(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / np.sqrt(G), G


def no_epsilon_but_a_question(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return np.where(G > 0, theta - lr * gradient / np.sqrt(np.where(G > 0, G, 1.0)), theta), G


def epsilon_as_a_floor(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / np.maximum(np.sqrt(G), eps), G


def divides_before_adding(theta, G, gradient, lr, eps):
    return theta - lr * gradient / (np.sqrt(G) + eps), G + gradient**2


def no_root(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / (G + eps), G


def sums_gradients(theta, G, gradient, lr, eps):
    G = G + gradient
    return theta - lr * gradient / (np.sqrt(np.abs(G)) + eps), G


def sums_gradients_signed(theta, G, gradient, lr, eps):
    G = G + gradient
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def sums_sizes(theta, G, gradient, lr, eps):
    G = G + np.abs(gradient)
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def sums_sizes_without_root(theta, G, gradient, lr, eps):
    G = G + np.abs(gradient)
    return theta - lr * gradient / (G + eps), G


def last_gradient_only(theta, G, gradient, lr, eps):
    G = gradient**2
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def averages(theta, G, gradient, lr, eps):
    G = 0.9 * G + 0.1 * gradient**2
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def one_rate_for_all(theta, G, gradient, lr, eps):
    G = G + np.sum(gradient**2)
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def one_rate_for_all_by_mean(theta, G, gradient, lr, eps):
    G = G + np.mean(gradient**2)
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def one_rate_but_own_sums(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / (np.sqrt(np.sum(G)) + eps), G


def diagonal_of_outer_product(theta, G, gradient, lr, eps):
    G = G + np.diag(np.outer(gradient, gradient))
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def uphill(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta + lr * gradient / (np.sqrt(G) + eps), G


def multiplies(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient * (np.sqrt(G) + eps), G


def step_of_the_rate(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr / (np.sqrt(G) + eps), G


def step_by_sign(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * np.sign(gradient) / (np.sqrt(G) + eps), G


def no_base_rate(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - gradient / (np.sqrt(G) + eps), G


def rates_returned(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / (np.sqrt(G) + eps), lr / (np.sqrt(G) + eps)


def roots_returned(theta, G, gradient, lr, eps):
    G = G + gradient**2
    return theta - lr * gradient / (np.sqrt(G) + eps), np.sqrt(G)


def old_sum_returned(theta, G, gradient, lr, eps):
    return theta - lr * gradient / (np.sqrt(G + gradient**2) + eps), G


def results_swapped(theta, G, gradient, lr, eps):
    theta, G = right_step(theta, G, gradient, lr, eps)
    return G, theta


def in_place(theta, G, gradient, lr, eps):
    G += gradient**2
    theta -= lr * gradient / (np.sqrt(G) + eps)
    return theta, G


def sum_in_place(theta, G, gradient, lr, eps):
    G += gradient**2
    return theta - lr * gradient / (np.sqrt(G) + eps), G


def in_place_on_floats(theta, G, gradient, lr, eps):
    theta, G = np.asarray(theta, dtype=float), np.asarray(G, dtype=float)
    G += gradient**2
    theta -= lr * gradient / (np.sqrt(G) + eps)
    return theta, G


def whole_theta(theta, G, gradient, lr, eps):
    G = G + gradient**2
    new = np.zeros_like(theta)
    new[...] = theta - lr * gradient / (np.sqrt(G) + eps)
    return new, G


# -- cases ---------------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    theta, gradients = matrix_walk(rng)
    return theta, np.zeros((3, 2)), gradients[0], float(rng.uniform(0.01, 0.02)), 1e-8, gradients[1:]


def _tiny_and_zero(rng):
    theta, gradients = tiny_walk(rng)
    return theta, np.zeros(5), gradients[0], 0.1, 1e-8, gradients[1:]


def _whole_numbers(rng):
    theta, gradients = whole_walk(rng)
    return theta, np.zeros_like(theta), gradients[0], 0.01, 1e-8, gradients[1:]


ADAGRAD_STEP = Exercise(
    key="unit2.adagrad_step",
    title="One step of AdaGrad",
    reference=adagrad_step,
    alternatives=(adagrad_step_with_rates, adagrad_step_number_by_number),
    probe=walk_with_adagrad,
    returns=("path", "final G"),
    examples=(Example(args=(np.array([0.0, 0.0]), np.array([0.0, 0.0]), np.array([3.0, 6.0]), 0.5, 0.0,
                            np.array([[4.0, -8.0]])),
                      expected=(np.array([[-0.5, -0.5], [-0.9, -0.1]]), np.array([25.0, 100.0]))),),
    regimes={"ordinary": Regime(_ordinary, cases=1), "tiny and zero gradients": Regime(_tiny_and_zero, cases=1),
             "whole numbers": Regime(_whole_numbers, cases=1)},
    parts={"worked example": 0.5, "ordinary": 0.5, "tiny and zero gradients": 0.5, "whole numbers": 0.5},
    mistakes=(
        Mistake("puts epsilon inside the root: with tiny gradients that makes a large difference; PyTorch adds it to the root",
                epsilon_inside, mark=1.5),
        Mistake("adds epsilon to the sum that is kept, so it piles up with every step: add it to the root, for this step only",
                epsilon_in_the_sum, mark=1.5),
        Mistake("adds epsilon twice, inside the root and outside: only outside was asked for", epsilon_twice, mark=1.5),
        Mistake("leaves epsilon out: a parameter that never had a gradient becomes 0 / 0, not a number", no_epsilon, mark=1.5),
        Mistake("guards against 0 / 0 in another way and adds no epsilon to the root: tiny gradients need it too",
                no_epsilon_but_a_question, mark=1.5, also=(epsilon_as_a_floor,)),
        Mistake("divides by the sum of the earlier gradients: the square of the new one has to be in it already",
                divides_before_adding),
        Mistake("divides by the sum itself: take its root", no_root),
        Mistake("adds up the gradients: add up their squares", sums_gradients, also=(sums_gradients_signed,)),
        Mistake("adds up the sizes of the gradients: add up their squares, and take the root afterwards", sums_sizes,
                also=(sums_sizes_without_root,)),
        Mistake("forgets all earlier gradients: G grows by the new square", last_gradient_only),
        Mistake("takes a moving average of the squares: that is RMSProp, AdaGrad adds them all up", averages),
        Mistake("divides all parameters by the same number: each has its own sum and its own rate", one_rate_for_all,
                also=(one_rate_for_all_by_mean, one_rate_but_own_sums)),
        Mistake("takes the squares from the diagonal of an outer product, which is right for vectors only",
                diagonal_of_outer_product, mark=1.5),
        Mistake("walks uphill: subtract", uphill),
        Mistake("multiplies by the root instead of dividing", multiplies),
        Mistake("subtracts the rate itself: multiply it by the gradient", step_of_the_rate),
        Mistake("keeps only the sign of the gradient in the step: its size belongs there too", step_by_sign),
        Mistake("leaves out the base rate lr", no_base_rate),
        Mistake("returns the rates in place of G: the next step needs the sum", rates_returned),
        Mistake("returns the root of G: the next step needs the sum itself", roots_returned),
        Mistake("hands the old sum back, so that nothing is ever remembered", old_sum_returned),
        Mistake("returns G first: theta was asked for first", results_swapped),
        Mistake("writes into the arrays it was given (G += ...): make new ones", in_place,
                also=(sum_in_place, in_place_on_floats)),
        Mistake("keeps whole numbers whole: an array made like theta cuts every fraction off", whole_theta, mark=1.5),
    ),
    hints=("G remembers one number per parameter. What happens to it first, before anything is divided?",
           "G grows by the square of the new gradient; then the step is the gradient divided by the root of G, plus epsilon.",
           "Two lines: the new G, then theta with it. Does your epsilon stand behind the closing bracket of np.sqrt( )? Return "
           "both, theta first."),
    minutes=5, difficulty=2, rung="implement",
)
