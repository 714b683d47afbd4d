"""The exercise gradient_error: how far a claimed gradient is from central differences."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def _central(f, x, h):
    x = np.array(x, dtype=float)
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        slopes[i] = (f(up) - f(down)) / (2 * h)
    return slopes


def gradient_error(f, gradient, x, h=1e-5):
    claimed, measured = np.asarray(gradient(x), dtype=float), _central(f, x, h)
    scale = max(np.linalg.norm(claimed), np.linalg.norm(measured))
    return float(np.linalg.norm(claimed - measured) / scale) if scale else 0.0


def gradient_error_with_a_floor(f, gradient, x, h=1e-5):
    flat = np.array(x, dtype=float).ravel()
    measured = np.array([(f((flat + h * e).reshape(np.shape(x))) - f((flat - h * e).reshape(np.shape(x)))) / (2 * h)
                         for e in np.eye(flat.size)])
    claimed = np.ravel(gradient(x))
    lengths = np.sqrt([(claimed**2).sum(), (measured**2).sum()])
    return np.sqrt(((claimed - measured) ** 2).sum()) / max(lengths.max(), 1e-300)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _both(f, gradient, x, h):
    return np.asarray(gradient(x), dtype=float), _central(f, x, h)


def _ratio(above, below):
    return float(above / below) if below else 0.0


def error_by_claimed(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(np.linalg.norm(a - b), np.linalg.norm(a))


def error_by_measured(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(np.linalg.norm(a - b), np.linalg.norm(b))


def error_by_smaller(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(np.linalg.norm(a - b), min(np.linalg.norm(a), np.linalg.norm(b)))


def error_by_sum(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(np.linalg.norm(a - b), np.linalg.norm(a) + np.linalg.norm(b))


def error_absolute(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return float(np.linalg.norm(a - b))


def error_by_entries(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    scale = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / np.where(scale > 0, scale, 1.0)))


def error_mean_of_entries(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    scale = np.maximum(np.abs(a), np.abs(b))
    return float(np.mean(np.abs(a - b) / np.where(scale > 0, scale, 1.0)))


def error_squared(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(((a - b) ** 2).sum(), max((a**2).sum(), (b**2).sum()))


def error_of_lengths(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(abs(np.linalg.norm(a) - np.linalg.norm(b)), max(np.linalg.norm(a), np.linalg.norm(b)))


def error_of_sums(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(abs((a - b).sum()), max(np.linalg.norm(a), np.linalg.norm(b)))


def error_largest_entry(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(np.abs(a - b).max(), max(np.abs(a).max(), np.abs(b).max()))


def error_one_sided(f, gradient, x, h=1e-5):
    x = np.array(x, dtype=float)
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up = x.copy()
        up[i] += h
        slopes[i] = (f(up) - f(x)) / h
    a = np.asarray(gradient(x), dtype=float)
    return _ratio(np.linalg.norm(a - slopes), max(np.linalg.norm(a), np.linalg.norm(slopes)))


def error_step_ignored(f, gradient, x, h=1e-5):
    return gradient_error_with_a_floor(f, gradient, x, 1e-5)


def error_zero_by_zero(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    with np.errstate(invalid="ignore"):
        return float(np.linalg.norm(a - b) / np.maximum(np.linalg.norm(a), np.linalg.norm(b)))


def error_spectral(f, gradient, x, h=1e-5):
    a, b = _both(f, gradient, x, h)
    return _ratio(np.linalg.norm(a - b, 2), max(np.linalg.norm(a, 2), np.linalg.norm(b, 2)))


def error_whole_numbers_stay(f, gradient, x, h=1e-5):
    a = np.asarray(gradient(x), dtype=float)
    x = np.array(x)
    b = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        middle = x[i]
        x[i] = middle + h
        above = f(x)
        x[i] = middle - h
        b[i] = (above - f(x)) / (2 * h)
        x[i] = middle
    return _ratio(np.linalg.norm(a - b), max(np.linalg.norm(a), np.linalg.norm(b)))


def error_as_verdict(f, gradient, x, h=1e-5):
    return bool(gradient_error_with_a_floor(f, gradient, x, h) < 1e-5)


def error_gradient_at_a_step(f, gradient, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    a, b = np.asarray(gradient(x + h), dtype=float), _central(f, x, h)
    return _ratio(np.linalg.norm(a - b), max(np.linalg.norm(a), np.linalg.norm(b)))


# -- functions with right and wrong gradients ------------------------------------------------------------------------------


def square_and_product(x):
    return float(x[0] ** 2 + 3 * x[0] * x[1])


def wrong_for_the_second(x):
    return np.array([2 * x[0] + 3 * x[1], 4 * x[0]])


def _curved(rng):
    """A curved function, and a gradient that is too short: wrong in every entry, most of all in the last."""
    a = rng.uniform(20.0, 40.0, size=5)
    wrong = rng.permutation(np.array([0.9, 0.8, 0.7, 0.5, 0.2]))

    def curved(x):
        return float(np.sum(a * np.exp(x)))

    def claimed(x):
        return wrong * a * np.exp(x)

    return curved, claimed, rng.uniform(0.2, 1.5, size=5), float(rng.uniform(0.1, 0.3))


def _matrix(rng):
    """A matrix of whole numbers: quadratic, so that central differences are exact for every step."""
    a, wrong = rng.uniform(5.0, 9.0, size=(2, 3)), rng.uniform(0.3, 0.8, size=(2, 3))

    def bowl(x):
        return float(np.sum(a * np.asarray(x) ** 2))

    def claimed(x):
        return 2 * a * np.asarray(x) * wrong

    return bowl, claimed, rng.integers(2, 9, size=(2, 3)), float(rng.uniform(0.1, 0.3))


def _flat(rng):
    level = float(rng.normal())

    def flat(x):
        return level

    def nothing(x):
        return np.zeros(np.shape(x))

    return flat, nothing, rng.normal(size=3), float(rng.uniform(0.1, 0.3))


GRADIENT_ERROR = Exercise(
    key="unit2.gradient_error",
    title="A gradient checker",
    reference=gradient_error,
    alternatives=(gradient_error_with_a_floor,),
    examples=(Example(args=(square_and_product, wrong_for_the_second, np.array([2.0, 1.0]), 0.25),
                      expected=2.0 / np.sqrt(113.0)),),
    regimes={"ordinary": _curved, "matrix": Regime(_matrix, 1), "both vanish": Regime(_flat, 1)},
    parts={"worked example": 0.5, "ordinary": 0.5, "edge cases": 1.0},
    mistakes=(
        Mistake("divides by the length of the claimed gradient only: one that is far too short would look better or worse "
                "than it is; take the longer of the two", error_by_claimed, mark=0.5),
        Mistake("divides by the length of the measured gradient only: take the longer of the two", error_by_measured,
                mark=1.5),
        Mistake("divides by the shorter of the two lengths: take the longer one", error_by_smaller),
        Mistake("divides by the sum of the two lengths: a usual choice as well, but here the longer of the two was asked for",
                error_by_sum),
        Mistake("gives the distance itself: divide it by the longer of the two lengths, or a gradient of 1000 could never "
                "be right", error_absolute),
        Mistake("takes the worst relative error of a single entry: an entry near zero spoils that; compare the whole arrays "
                "by their lengths", error_by_entries),
        Mistake("averages the relative errors of the entries: compare the whole arrays by their lengths",
                error_mean_of_entries),
        Mistake("compares squares: a length is the root of the sum of squares", error_squared),
        Mistake("compares the two lengths: arrays of the same length can point anywhere; measure the difference of the arrays",
                error_of_lengths),
        Mistake("adds the differences up with their signs, so that errors can cancel", error_of_sums, mark=0.5),
        Mistake("looks at the largest entries only: a length takes all entries together", error_largest_entry),
        Mistake("measures slopes to one side only, with f(x + h) - f(x)", error_one_sided),
        Mistake("takes a step of its own in place of the h it is given", error_step_ignored, mark=1.5),
        Mistake("divides 0 by 0 where both gradients vanish: they agree, so the error is 0", error_zero_by_zero, mark=1.0),
        Mistake("takes the spectral norm of a matrix (ord=2): the length meant here is the root of the sum of all squares",
                error_spectral, mark=1.0),
        Mistake("keeps whole numbers whole when it measures, so that 3 + h is cut back to 3: make x a float array first",
                error_whole_numbers_stay, mark=1.0),
        Mistake("gives a verdict: the number was asked for, and whoever reads it decides", error_as_verdict),
        Mistake("asks for the claimed gradient at x + h: it belongs to x itself", error_gradient_at_a_step),
    ),
    hints=("You have an instrument from unit 1 that measures the gradient. What is left is to compare two arrays.",
           "The length of an array of any shape is np.linalg.norm(array) (without a second argument).",
           "norm(claimed - measured) / max(norm(claimed), norm(measured)), and 0.0 if that maximum is 0."),
    minutes=6, difficulty=2, rung="implement",
    # central differences carry rounding errors of their own
    rtol=1e-9, atol=1e-9,
)
