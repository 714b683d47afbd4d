"""Exercises on the log loss of probabilities: mend the printed formula, and find out why one unit has one valley."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.numpy import losses_classification

FOUR_PROBABILITIES = np.array([0.92, 0.09, 0.03, 0.94])
FOUR_TARGETS = np.array([1.0, 1.0, 0.0, 0.0])

# -- the binary cross-entropy, mended --------------------------------------------------------------------------------------


def bce(probability, target):
    return losses_classification.bce(probability, target)[0]


def _certain(rng):
    """Two certain and right, two certain and wrong, a few in between."""
    order = rng.permutation(7)
    probability = np.concatenate([[0.0, 1.0, 0.0, 1.0], rng.uniform(0.2, 0.8, size=3)])
    target = np.concatenate([[0.0, 1.0, 1.0, 0.0], rng.permutation([0.0, 1.0, 1.0])])
    return probability[order], target[order]


def bce_of_the_true_class(probability, target):
    given = np.where(target == 1, probability, 1 - probability)
    return -np.mean(np.log(np.maximum(given, np.exp(-100.0))))


def bce_by_loop(probability, target):
    total = 0.0
    for p, y in zip(probability, target, strict=True):
        q = p if y == 1 else 1 - p
        total += 100.0 if q == 0 else min(100.0, -np.log(q))
    return total / len(target)


def _log(p):
    return np.maximum(np.log(p), -100.0)


def bce_as_given(probability, target):
    p, y = probability, target
    return -np.mean(y * np.log2(p) - (1 - y) * np.log2(1 - p))


def bce_without_brackets(probability, target):
    p, y = probability, target
    return -np.mean(y * _log(p) - (1 - y) * _log(1 - p))


def bce_without_brackets_or_floor(probability, target):
    p, y = probability, target
    return -np.mean(y * np.log(p) - (1 - y) * np.log(1 - p))


def bce_brackets_of_the_mean(probability, target):
    p, y = probability, target
    return -np.mean(y * _log(p)) - np.sum((1 - y) * _log(1 - p))


def bce_base_two(probability, target):
    p, y = probability, target
    return -np.mean(y * np.maximum(np.log2(p), -100) + (1 - y) * np.maximum(np.log2(1 - p), -100))


def bce_base_two_without_floor(probability, target):
    p, y = probability, target
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


def bce_base_ten(probability, target):
    p, y = probability, target
    return -np.mean(y * np.maximum(np.log10(p), -100) + (1 - y) * np.maximum(np.log10(1 - p), -100))


def bce_without_floor(probability, target):
    p, y = probability, target
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def bce_nan_to_number(probability, target):
    p, y = probability, target
    return -np.mean(np.nan_to_num(y * np.log(p) + (1 - y) * np.log(1 - p)))


def _with_probabilities_between(smallest, probability, target):
    p, y = np.clip(probability, smallest, 1 - smallest), target
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def bce_smallest_1e_15(probability, target):
    return _with_probabilities_between(1e-15, probability, target)


def bce_smallest_1e_12(probability, target):
    return _with_probabilities_between(1e-12, probability, target)


def bce_smallest_1e_10(probability, target):
    return _with_probabilities_between(1e-10, probability, target)


def bce_smallest_1e_9(probability, target):
    return _with_probabilities_between(1e-9, probability, target)


def bce_smallest_1e_8(probability, target):
    return _with_probabilities_between(1e-8, probability, target)


def bce_smallest_1e_7(probability, target):
    return _with_probabilities_between(1e-7, probability, target)


def _with_added(small, probability, target):
    p, y = probability, target
    return -np.mean(y * np.log(p + small) + (1 - y) * np.log(1 - p + small))


def bce_plus_1e_9(probability, target):
    return _with_added(1e-9, probability, target)


def bce_plus_1e_8(probability, target):
    return _with_added(1e-8, probability, target)


def bce_plus_1e_7(probability, target):
    return _with_added(1e-7, probability, target)


def bce_roles_swapped(probability, target):
    p, y = probability, target
    return -np.mean(y * _log(1 - p) + (1 - y) * _log(p))


def bce_first_term_only(probability, target):
    return -np.mean(target * _log(probability))


def bce_floor_on_products(probability, target):
    p, y = probability, target
    return -np.mean(np.maximum(y * np.log(p), -100) + np.maximum((1 - y) * np.log(1 - p), -100))


BCE = Exercise(
    key="unit1.bce",
    title="Mend the printed binary cross-entropy",
    reference=bce,
    alternatives=(bce_of_the_true_class, bce_by_loop),
    examples=(Example(args=(FOUR_PROBABILITIES, FOUR_TARGETS), expected=1.3337992855,
                      source="lecture notes, unit 1", why="the mean of the four printed losses"),),
    regimes={"certain": _certain},
    parts={"worked example": 1.0, "certain": 1.0},
    mistakes=(
        Mistake("still is the code of the notes", bce_as_given),
        Mistake("still lets the outer minus reach only the first term: without brackets a wrong 'no' earns a reward",
                bce_without_brackets, also=(bce_without_brackets_or_floor,)),
        Mistake("puts the mean around the first term only: 1/n belongs in front of the whole bracket",
                bce_brackets_of_the_mean),
        Mistake("still takes logarithms to base 2", bce_base_two, also=(bce_base_two_without_floor,)),
        Mistake("takes logarithms to base 10: np.log is the natural one", bce_base_ten),
        Mistake("has no floor under the logarithm yet, so a certain probability gives inf or 0 * inf = nan",
                bce_without_floor, mark=1.0, also=(bce_floor_on_products,)),
        Mistake("replaces what is infinite by the largest number there is: stop the logarithm at -100", bce_nan_to_number,
                mark=1.0),
        Mistake("keeps the probability away from 0 and 1: then a certain mistake costs 16 to 37 or so and a certain hit is "
                "not free. Put the floor of -100 under the logarithm instead", bce_smallest_1e_12, mark=1.0,
                also=(bce_smallest_1e_15, bce_smallest_1e_10, bce_smallest_1e_9, bce_smallest_1e_8, bce_smallest_1e_7)),
        Mistake("adds a small number inside the logarithm, which changes every loss a little: a floor changes only those "
                "that need it", bce_plus_1e_8, also=(bce_plus_1e_9, bce_plus_1e_7)),
        Mistake("pairs the target with the other class: y goes with log p, 1 - y with log(1 - p)", bce_roles_swapped),
        Mistake("leaves the second term out, so that examples of class 0 cost nothing", bce_first_term_only),
    ),
    hints=("Try the code on one example with y = 0 and p = 0.94. Should that be a small or a large loss?",
           "Put brackets around both terms, take np.log, and ask what 0 * log(0) is for a computer.",
           "Replace each logarithm by np.maximum(np.log(p), -100), and likewise for 1 - p."),
    minutes=4, difficulty=2, rung="debug",
)

# -- curvature: why logistic regression has one valley ---------------------------------------------------------------------


def log_loss_curvature(x, y, w, b):
    p = 1 / (1 + np.exp(-(w * x + b)))
    return x**2 * p * (1 - p)


def curvature_by_tanh(x, y, w, b):
    return (x / 2) ** 2 * (1 - np.tanh((w * x + b) / 2) ** 2)


def _random_point(rng):
    x = float(rng.choice([-1, 1]) * rng.uniform(0.5, 3))
    sign = float(rng.choice([-1, 1]))
    return x, float(rng.integers(0, 2)), sign * float(rng.uniform(0.3, 1.0)), sign * float(rng.uniform(0.2, 1.0))


def _for_both_targets(answer, x, y, w, b):
    calls = [answer.later("log_loss_curvature", x, target, w, b) for target in (y, 1 - y)]
    return [call.value for call in calls]


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def curvature_without_square(x, y, w, b):
    p = _sigmoid(w * x + b)
    return x * p * (1 - p)


def curvature_without_input(x, y, w, b):
    p = _sigmoid(w * x + b)
    return p * (1 - p)


def curvature_square_of_slope(x, y, w, b):
    return (x * (_sigmoid(w * x + b) - y)) ** 2


def curvature_slope(x, y, w, b):
    return x * (_sigmoid(w * x + b) - y)


def curvature_slope_times_input(x, y, w, b):
    return x**2 * (_sigmoid(w * x + b) - y)


def curvature_of_sigmoid(x, y, w, b):
    p = _sigmoid(w * x + b)
    return x**2 * p * (1 - p) * (1 - 2 * p)


def curvature_weight_for_input(x, y, w, b):
    p = _sigmoid(w * x + b)
    return w**2 * p * (1 - p)


def curvature_p_squared(x, y, w, b):
    return x**2 * _sigmoid(w * x + b) ** 2


def curvature_only_p(x, y, w, b):
    return x**2 * _sigmoid(w * x + b)


def curvature_variance_squared(x, y, w, b):
    p = _sigmoid(w * x + b)
    return (x * p * (1 - p)) ** 2


def curvature_minus_target(x, y, w, b):
    p = _sigmoid(w * x + b)
    return x**2 * p * (1 - p) - y


def curvature_target_left(x, y, w, b):
    p = _sigmoid(w * x + b)
    return x**2 * (p - y) * p * (1 - p)


def curvature_only_of_class_one(x, y, w, b):
    p = _sigmoid(w * x + b)
    return x**2 * p * (1 - p) * y


def curvature_at_the_middle(x, y, w, b):
    return x**2 / 4


LOG_LOSS_CURVATURE = Exercise(
    key="unit1.log_loss_curvature",
    title="The curvature of the log loss of one unit",
    reference=log_loss_curvature,
    alternatives=(curvature_by_tanh,),
    examples=(Example(args=(2.0, 1.0, 0.5, -1.0), expected=[1.0, 1.0]),),
    regimes={"random points": _random_point},
    probe=_for_both_targets,
    parts={"worked example": 0.5, "random points": 0.5},
    mistakes=(
        Mistake("brings x down once: each of the two derivatives brings a factor x", curvature_without_square),
        Mistake("is the curvature along z: along w the chain rule brings x down, twice", curvature_without_input),
        Mistake("squares the slope: the curvature is the slope of the slope", curvature_square_of_slope, mark=0.5),
        Mistake("is the first derivative: differentiate once more", curvature_slope),
        Mistake("multiplies the first derivative by x without differentiating p", curvature_slope_times_input),
        Mistake("is the second derivative of the sigmoid itself, not of the log loss", curvature_of_sigmoid),
        Mistake("brings w down instead of x: we differentiate along w", curvature_weight_for_input),
        Mistake("takes p^2 for the derivative of the sigmoid, which is p (1 - p)", curvature_p_squared, mark=0.5),
        Mistake("leaves out the factor 1 - p of the sigmoid's derivative", curvature_only_p),
        Mistake("squares p (1 - p) as well: only x comes down twice", curvature_variance_squared),
        Mistake("keeps the target in the second derivative: in (p - y) x it does not depend on w", curvature_minus_target,
                also=(curvature_target_left, curvature_only_of_class_one)),
        Mistake("takes p = 1/2 everywhere: that is right only on the boundary", curvature_at_the_middle, mark=0.5),
    ),
    hints=("Along z the first derivative of the log loss is p - y. What does the chain rule add along w?",
           "The slope along w is (p - y) x. Only p depends on w, and the derivative of the sigmoid is p (1 - p).",
           "x times the derivative of p along w, which is p (1 - p) x."),
    minutes=4, difficulty=3, rung="derive",
)
