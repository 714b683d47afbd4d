"""The exercise newton_step: where the quadratic that fits here has no slope."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def newton_step(theta, gradient, hessian):
    return theta - np.linalg.solve(hessian, gradient)


def newton_step_by_inverse(theta, gradient, hessian):
    return theta - np.linalg.inv(hessian) @ gradient


def newton_step_along_the_axes(theta, gradient, hessian):
    curvatures, axes = np.linalg.eigh(hessian)
    return theta - axes @ ((axes.T @ gradient) / curvatures)


def newton_diagonal(theta, gradient, hessian):
    return theta - gradient / np.diag(hessian)


def newton_uphill(theta, gradient, hessian):
    return theta + np.linalg.solve(hessian, gradient)


def newton_times_hessian(theta, gradient, hessian):
    return theta - hessian @ gradient


def newton_gradient_step(theta, gradient, hessian):
    return theta - gradient


def newton_twice_as_far(theta, gradient, hessian):
    return theta - np.linalg.solve(hessian / 2, gradient)


def newton_half_way(theta, gradient, hessian):
    return theta - np.linalg.solve(hessian, gradient) / 2


def newton_step_only(theta, gradient, hessian):
    return -np.linalg.solve(hessian, gradient)


def newton_step_only_turned(theta, gradient, hessian):
    return np.linalg.solve(hessian, gradient)


def newton_largest_curvature(theta, gradient, hessian):
    return theta - gradient / np.abs(np.linalg.eigvalsh(hessian)).max()


def newton_entrywise(theta, gradient, hessian):
    return theta - (1.0 / hessian) @ gradient


def newton_theta_inside(theta, gradient, hessian):
    return np.linalg.solve(hessian, theta - gradient)


def newton_damped(theta, gradient, hessian):
    return theta - np.linalg.solve(hessian + 1e-3 * np.eye(len(theta)), gradient)


def newton_damped_strongly(theta, gradient, hessian):
    return theta - np.linalg.solve(hessian + np.eye(len(theta)), gradient)


def newton_damped_weakly(theta, gradient, hessian):
    return theta - np.linalg.solve(hessian + 1e-6 * np.eye(len(theta)), gradient)


def newton_cholesky(theta, gradient, hessian):
    L = np.linalg.cholesky(hessian)
    return theta - np.linalg.solve(L.T, np.linalg.solve(L, gradient))


def newton_positive_curvatures(theta, gradient, hessian):
    curvatures, axes = np.linalg.eigh(hessian)
    return theta - axes @ ((axes.T @ gradient) / np.abs(curvatures))


def newton_cut(theta, gradient, hessian):
    return theta - np.linalg.pinv(hessian, rcond=1e-3) @ gradient


def newton_cut_by_lstsq(theta, gradient, hessian):
    return theta - np.linalg.lstsq(hessian, gradient, rcond=1e-3)[0]


def newton_in_whole_numbers(theta, gradient, hessian):
    new = theta.copy()
    new[:] = theta - np.linalg.solve(hessian, gradient)
    return new


def newton_subtracted_in_whole_numbers(theta, gradient, hessian):
    new = theta.copy()
    new -= np.linalg.solve(hessian, gradient)
    return new


def newton_of_two(theta, gradient, hessian):
    a, b, d = hessian[0, 0], hessian[0, 1], hessian[1, 1]
    inverse = np.array([[d, -b], [-b, a]]) / (a * d - b * b)
    return theta - inverse @ gradient


def newton_in_place(theta, gradient, hessian):
    theta -= np.linalg.solve(hessian, gradient)
    return theta


def _turned(rng, curvatures):
    """A symmetric matrix with these eigenvalues, far from diagonal: its axes are those of a reflection."""
    v = rng.uniform(0.6, 1.0, size=len(curvatures)) * rng.choice([-1.0, 1.0], size=len(curvatures))
    Q = np.eye(len(v)) - 2 * np.outer(v, v) / (v @ v)
    if len(v) == 2:
        angle = rng.uniform(0.4, 0.7)
        Q = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (Q * np.asarray(curvatures)) @ Q.T


def _bowls(rng):
    size = int(rng.choice([3, 5]))
    return rng.normal(size=size), rng.normal(size=size), _turned(rng, rng.uniform(0.5, 6.0, size=size))


def _saddle(rng):
    return rng.normal(size=2), rng.uniform(0.5, 2.0, size=2), _turned(rng, [rng.uniform(2.0, 4.0), -rng.uniform(0.5, 1.5)])


def _long_valley(rng):
    return rng.normal(size=2), rng.uniform(0.5, 2.0, size=2), _turned(rng,
                                                                      [rng.uniform(20.0, 40.0), 10 ** rng.uniform(-3.5, -2.5)])


def _whole_numbers(rng):
    return rng.integers(-5, 6, size=2), np.array([1, 3]) + 7 * rng.integers(1, 4, size=2), np.array([[5, 3], [3, 26]])


NEWTON_STEP = Exercise(
    key="unit2.newton_step",
    title="Derive one step of Newton's method",
    reference=newton_step,
    alternatives=(newton_step_by_inverse, newton_step_along_the_axes),
    examples=(Example(args=(np.array([1.0, 1.0]), np.array([2.0, 8.0]), np.array([[2.0, 0.0], [0.0, 4.0]])),
                      expected=np.array([0.0, -1.0])),),
    regimes={"bowls": _bowls, "saddle": _saddle, "long valley": _long_valley, "whole numbers": Regime(_whole_numbers)},
    parts={"worked example": 0.5, "bowls": 0.75, "saddle": 0.25, "long valley": 0.25, "whole numbers": 0.25},
    mistakes=(
        Mistake("divides by the diagonal of the Hessian only: the mixed derivatives turn the step", newton_diagonal, mark=0.5),
        Mistake("walks the other way: the step is subtracted", newton_uphill),
        Mistake("multiplies by the Hessian where it should divide: a strong curvature calls for a short step",
                newton_times_hessian),
        Mistake("makes a step of gradient descent with rate 1 and ignores the curvature", newton_gradient_step),
        Mistake("keeps the 1/2 of the quadratic: the slope of d H d / 2 is H d, so this goes twice as far as it should",
                newton_twice_as_far),
        Mistake("goes half of the way: the slope of d H d / 2 is H d, and no 1/2 is left", newton_half_way),
        Mistake("returns the step alone: the new theta was asked for", newton_step_only, also=(newton_step_only_turned,)),
        Mistake("divides by the largest curvature in all directions: that is gradient descent with a good rate; Newton divides "
                "by the curvature of each direction", newton_largest_curvature),
        Mistake("inverts each entry of the Hessian: the inverse of a matrix is another thing (np.linalg.solve)",
                newton_entrywise),
        Mistake("divides theta by the Hessian as well: only the gradient is", newton_theta_inside),
        Mistake("adds something to the diagonal of the Hessian (damping): that is useful, and a different step", newton_damped,
                also=(newton_damped_strongly, newton_damped_weakly)),
        Mistake("uses the Cholesky factor, which exists on a bowl only: the formula holds on a saddle, too", newton_cholesky,
                mark=1.75),
        Mistake("makes negative curvatures positive: a useful repair, but Newton's step goes to the saddle",
                newton_positive_curvatures, mark=1.75),
        Mistake("drops directions with little curvature: those need the longest steps", newton_cut, mark=1.75,
                also=(newton_cut_by_lstsq,)),
        Mistake("writes the result into a copy of theta, which may hold whole numbers", newton_in_whole_numbers, mark=1.75,
                also=(newton_subtracted_in_whole_numbers,)),
        Mistake("inverts a 2 by 2 matrix by formula: there may be more parameters", newton_of_two, mark=1.25),
        Mistake("overwrites the caller's theta: give a new array back", newton_in_place),
    ),
    hints=("Near theta the slope at theta + d is about g + H d. Which d makes it 0?",
           "H d = -g is a system of linear equations, and NumPy solves those.",
           "np.linalg.solve(hessian, gradient) is H^-1 g. Where do you end when you go minus that from theta?"),
    minutes=6, difficulty=3, rung="derive",
)
