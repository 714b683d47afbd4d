"""The exercise on slopes in general: numerical_gradient."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import gradient_check


def gradient_by_unit_vectors(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in steps]).reshape(x.shape)


def gradient_on_a_flat_copy(f, x, h=1e-5):
    shape, flat = np.shape(x), np.array(x, dtype=float).ravel()
    slopes = []
    for i in range(len(flat)):
        up, down = flat.copy(), flat.copy()
        up[i] += h
        down[i] -= h
        slopes.append((f(up.reshape(shape)) - f(down.reshape(shape))) / h / 2)
    return np.reshape(slopes, shape)


def forward_difference(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += h
        gradient[i] = (f(moved) - f(x)) / h
    return gradient


def backward_difference(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] -= h
        gradient[i] = (f(x) - f(moved)) / h
    return gradient


def one_sided_over_two_h(f, x, h=1e-5):
    return forward_difference(f, x, h) / 2


def all_entries_at_once(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    return (f(x + h) - f(x - h)) / (2 * h)


def all_entries_at_once_as_array(f, x, h=1e-5):
    return np.full(np.shape(x), all_entries_at_once(f, x, h))


def entry_never_moved_back(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


def entry_moved_back_too_little(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


def whole_rows_move(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient


def one_number_per_row(f, x, h=1e-5):
    rows = whole_rows_move(f, x, h)
    return rows if rows.ndim == 1 else rows[:, 0]


def step_ignored(f, x, h=1e-5):
    return gradient_by_unit_vectors(f, x, 1e-5)


def half_a_step(f, x, h=1e-5):
    return gradient_by_unit_vectors(f, x, h / 2)


def whole_numbers_stay_whole(f, x, h=1e-5):
    x = x.copy()
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        middle = x[i]
        x[i] = middle + h
        above = f(x)
        x[i] = middle - h
        gradient[i] = (above - f(x)) / (2 * h)
        x[i] = middle
    return gradient


def whole_gradient(f, x, h=1e-5):
    return gradient_by_unit_vectors(f, x, h).astype(np.asarray(x).dtype)


def flat_gradient(f, x, h=1e-5):
    return gradient_by_unit_vectors(f, x, h).ravel()


def times_h(f, x, h=1e-5):
    return gradient_by_unit_vectors(f, x, h) * h**2


def only_below_is_divided(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = f(up) - f(down) / (2 * h)
    return gradient


def single_entries_to_f(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = (f(x[i] + h) - f(x[i] - h)) / (2 * h)
    return gradient


def square_and_product(x):
    return float(x[0] ** 2 + 3 * x[0] * x[1])


def _curved(rng):
    a = rng.uniform(0.5, 1.5, size=5)

    def curved(x):
        return float(np.sum(a * np.sin(x)) + np.sum(x**3) / 3 + np.sum(x) ** 2 / 2)

    return curved, rng.uniform(-2.0, 2.0, size=5), float(rng.uniform(0.1, 0.4))


def _bowl(rng, shape):
    a, b = rng.uniform(0.5, 1.5, size=shape), rng.normal(size=shape)

    def bowl(x):
        return float(np.sum(a * x**2) + np.sum(b * x) + np.sum(x) ** 2 / 2)

    return bowl


def _matrix(rng):
    return _bowl(rng, (2, 3)), rng.normal(size=(2, 3)), float(rng.uniform(0.1, 0.4))


def _whole_numbers(rng):
    return _bowl(rng, 3), rng.integers(1, 9, size=3), float(rng.uniform(0.1, 0.4))


NUMERICAL_GRADIENT = Exercise(
    key="unit1.numerical_gradient",
    title="The slope of any function",
    reference=gradient_check.numerical_gradient,
    alternatives=(gradient_by_unit_vectors, gradient_on_a_flat_copy),
    examples=(Example(args=(square_and_product, np.array([2.0, 1.0]), 0.25), expected=np.array([7.0, 6.0])),),
    regimes={"ordinary": _curved, "matrix": Regime(_matrix, 1, "shapes"),
             "whole numbers": Regime(_whole_numbers, 1, "shapes", hidden=True)},
    parts={"worked example": 0.5, "ordinary": 0.5, "shapes": 1.0},
    mistakes=(
        Mistake("looks to one side only, (f(x + h) - f(x)) / h: go a step down as well, the error shrinks from h to h^2",
                forward_difference),
        Mistake("looks to one side only, (f(x) - f(x - h)) / h: go a step up as well, the error shrinks from h to h^2",
                backward_difference),
        Mistake("goes only one step h, from x to x + h, and still divides by 2 h", one_sided_over_two_h,
                also=(entry_moved_back_too_little,)),
        Mistake("moves all entries of x together: each slope needs a step of one entry alone", all_entries_at_once,
                also=(all_entries_at_once_as_array,)),
        Mistake("leaves an entry at x - h when it goes on to the next one: put it back", entry_never_moved_back),
        Mistake("moves a whole row of a matrix at once: every entry needs its own step", whole_rows_move, mark=1.0,
                also=(one_number_per_row,)),
        Mistake("takes a step of its own instead of the h it is given", step_ignored, mark=1.5),
        Mistake("goes only h / 2 to each side; here h itself is the step up and the step down", half_a_step, mark=1.5),
        Mistake("keeps whole numbers whole, so that 3 + h is cut back to 3: make x a float array first",
                whole_numbers_stay_whole, mark=1.0, also=(whole_gradient,)),
        Mistake("loses the shape of a matrix: the gradient has the shape of x", flat_gradient, mark=1.0),
        Mistake("divides by 2 and then multiplies by h: / 2 * h is not / (2 * h)", times_h),
        Mistake("divides only the second value by 2 h: the difference needs its own parentheses", only_below_is_divided),
        Mistake("hands f a single entry: f takes the whole array, with one entry moved", single_entries_to_f),
    ),
    hints=("Move one entry of x by h, up and down, and leave the others where they are.",
           "Loop over np.ndindex(x.shape): it gives the index of every entry, whatever the shape.",
           "On a float copy: save x[i], set it to x[i] + h and call f, to x[i] - h and call f, put it back, and divide the "
           "difference by 2 h."),
    minutes=5, difficulty=3, rung="implement", rtol=1e-8, atol=1e-9,
    # Differences of nearly equal numbers carry rounding errors, hence the wider tolerance.
)
