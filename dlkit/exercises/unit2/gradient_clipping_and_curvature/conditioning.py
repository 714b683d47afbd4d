"""The exercise condition_number: how unlike the curvatures of a bowl are."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit2.gradient_clipping_and_curvature.newton import _turned


def condition_number(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    if sizes.min() < 1e-12 * sizes.max():
        return float("inf")
    return float(sizes.max() / sizes.min())


def condition_number_by_svd(hessian):
    s = np.linalg.svd(hessian, compute_uv=False)
    return s[0] / s[-1] if s[-1] > 1e-12 * s[0] else np.inf


def condition_number_by_cond(hessian):
    found = np.linalg.cond(hessian)
    return found if found < 1e12 else np.inf


def _ratio(large, small):
    return float("inf") if abs(small) < 1e-12 * abs(large) else float(large / small)


def condition_turned(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return sizes.min() / sizes.max()


def condition_never_infinite(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return sizes.max() / sizes.min()


def condition_absolute_threshold(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return float("inf") if sizes.min() < 1e-12 else sizes.max() / sizes.min()


def condition_never_infinite_by_cond(hessian):
    return np.linalg.cond(hessian)


def condition_with_signs(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return _ratio(curvatures[-1], curvatures[0])


def condition_with_signs_bowls_only(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return float("inf") if curvatures[0] < 1e-12 * curvatures[-1] else curvatures[-1] / curvatures[0]


def condition_first_and_last(hessian):
    curvatures = np.abs(np.linalg.eigvalsh(hessian))
    return _ratio(curvatures[-1], curvatures[0])


def condition_diagonal(hessian):
    sizes = np.abs(np.diag(hessian))
    return _ratio(sizes.max(), sizes.min())


def condition_entries(hessian):
    sizes = np.abs(hessian)
    return _ratio(sizes.max(), sizes.min())


def condition_root(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return np.sqrt(_ratio(sizes.max(), sizes.min()))


def condition_squared(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return _ratio(sizes.max(), sizes.min()) ** 2


def condition_difference(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return sizes.max() - sizes.min()


def condition_determinant(hessian):
    return np.abs(np.linalg.eigvalsh(hessian)).max() / abs(np.prod(np.linalg.eigvalsh(hessian)))


def condition_frobenius(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    if sizes.min() < 1e-12 * sizes.max():
        return float("inf")
    return np.sqrt(np.sum(sizes**2) * np.sum(1 / sizes**2))


def condition_row_sums(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return float("inf") if sizes.min() < 1e-12 * sizes.max() else np.linalg.cond(hessian, 1)


def condition_of_two(hessian):
    sizes = np.abs(np.linalg.eigvalsh(hessian[:2, :2]))
    return _ratio(sizes.max(), sizes.min())


def condition_neighbours(hessian):
    sizes = np.sort(np.abs(np.linalg.eigvalsh(hessian)))
    return _ratio(sizes[-1], sizes[-2])


def condition_largest_only(hessian):
    return np.abs(np.linalg.eigvalsh(hessian)).max()


def condition_singular_values_squared_root(hessian):
    return np.sqrt(condition_never_infinite(hessian))


def _bowls(rng):
    size = int(rng.choice([3, 5]))
    return (_turned(rng, rng.permutation([0.3, *rng.uniform(1.0, 3.0, size=size - 2), 7.0]) * rng.uniform(0.5, 2.0)),)


def _saddles(rng):
    """The steepest curvature is negative, the flattest one positive."""
    return (_turned(rng, [-rng.uniform(4.0, 9.0), rng.uniform(0.5, 1.5)]),)


def _flat(rng):
    steep = float(rng.uniform(2.0, 5.0))
    return (np.diag(rng.permutation([steep, 1e-14 * steep])),)


def _faint(rng):
    """All curvatures are tiny, and none of them is tiny beside the others."""
    return (1e-14 * _turned(rng, [rng.uniform(0.5, 1.5), rng.uniform(5.0, 9.0)]),)


CONDITION_NUMBER = Exercise(
    key="unit2.condition_number",
    title="How long is the valley? The condition number",
    reference=condition_number,
    alternatives=(condition_number_by_svd, condition_number_by_cond),
    examples=(Example(args=(np.array([[4.42, 5.0], [5.0, 6.0]]),), expected=69.4174365027,
                      source="lecture notes, unit 2, three points"),),
    regimes={"bowls": _bowls, "saddles": _saddles, "flat": _flat, "faint": _faint},
    parts={"worked example": 0.5, "bowls": 0.5, "edge cases": 0.5},
    mistakes=(
        Mistake("divides the smallest by the largest: a condition number is at least 1", condition_turned),
        Mistake("gives a huge number for a flat direction: below 1e-12 of the largest curvature it counts as flat, and the "
                "answer is infinity", condition_never_infinite, mark=1.0, also=(condition_never_infinite_by_cond,)),
        Mistake("compares with 1e-12 itself: a direction is flat beside the others, so compare with 1e-12 times the largest",
                condition_absolute_threshold, mark=1.0),
        Mistake("keeps the signs: a hill is as long as the valley that it mirrors, so compare sizes", condition_with_signs,
                mark=1.0, also=(condition_with_signs_bowls_only,)),
        Mistake("takes the sizes of the last and the first eigenvalue: they are sorted with their signs, so look for the "
                "largest and the smallest size", condition_first_and_last, mark=1.0),
        Mistake("compares the entries of the diagonal: the steepest direction lies between the axes", condition_diagonal),
        Mistake("compares the largest entry with the smallest: the curvatures are the eigenvalues", condition_entries),
        Mistake("takes the root: that is the ratio of the lengths of the valley's axes", condition_root,
                also=(condition_singular_values_squared_root,)),
        Mistake("squares the ratio", condition_squared),
        Mistake("subtracts the smallest from the largest: what counts is the ratio", condition_difference),
        Mistake("divides by the determinant, the product of all curvatures: the smallest one was asked for",
                condition_determinant),
        Mistake("uses the norm of all entries in place of the largest eigenvalue", condition_frobenius),
        Mistake("uses the largest column sum in place of the largest eigenvalue (np.linalg.cond takes order 2 if you say "
                "nothing)",
                condition_row_sums),
        Mistake("looks at the first two parameters only", condition_of_two, mark=1.0),
        Mistake("compares the two largest curvatures: it is the flattest direction that is slow", condition_neighbours,
                mark=1.0),
        Mistake("gives the largest curvature: it sets the limit of the learning rate, but not how long the valley is",
                condition_largest_only),
    ),
    hints=("Which number says how strongly a bowl bends in its steepest direction? And in its flattest?",
           "np.linalg.eigvalsh gives the curvatures, sorted with their signs; their sizes were asked for.",
           "sizes = np.abs(np.linalg.eigvalsh(hessian)); the largest divided by the smallest, and infinity if the smallest is "
           "below 1e-12 of the largest."),
    minutes=4, difficulty=2, rung="implement",
)
