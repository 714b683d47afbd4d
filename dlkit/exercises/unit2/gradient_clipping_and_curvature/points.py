"""The exercise second_derivative_test: what kind of point is this?"""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake


def second_derivative_test(gradient, hessian, tolerance):
    if np.abs(gradient).max() > tolerance:
        return "not stationary"
    curvatures = np.linalg.eigvalsh(hessian)
    if (curvatures > tolerance).all():
        return "minimum"
    if (curvatures < -tolerance).all():
        return "maximum"
    if curvatures[0] < -tolerance and curvatures[-1] > tolerance:
        return "saddle"
    return "inconclusive"


def second_derivative_test_by_counting(gradient, hessian, tolerance):
    if any(abs(slope) > tolerance for slope in gradient):
        return "not stationary"
    values = [float(v) for v in np.linalg.eigvals(np.asarray(hessian, dtype=float)).real]
    up, down = sum(v > tolerance for v in values), sum(v < -tolerance for v in values)
    if up and down:
        return "saddle"
    return "minimum" if up == len(values) else "maximum" if down == len(values) else "inconclusive"


def _kind(curvatures, tolerance):
    up, down = curvatures > tolerance, curvatures < -tolerance
    if up.any() and down.any():
        return "saddle"
    return "minimum" if up.all() else "maximum" if down.all() else "inconclusive"


def _sloped(gradient, tolerance):
    return np.abs(gradient).max() > tolerance


def point_without_slope_check(gradient, hessian, tolerance):
    return _kind(np.linalg.eigvalsh(hessian), tolerance)


def point_turned(gradient, hessian, tolerance):
    return "not stationary" if _sloped(gradient, tolerance) else _kind(-np.linalg.eigvalsh(hessian), tolerance)


def point_by_diagonal(gradient, hessian, tolerance):
    return "not stationary" if _sloped(gradient, tolerance) else _kind(np.diag(hessian), tolerance)


def point_by_determinant(gradient, hessian, tolerance):
    if _sloped(gradient, tolerance):
        return "not stationary"
    if len(hessian) == 1:
        return _kind(hessian[0], tolerance)
    determinant = np.linalg.det(hessian)
    if determinant < -tolerance:
        return "saddle"
    if determinant > tolerance:
        return "minimum" if hessian[0, 0] > 0 else "maximum"
    return "inconclusive"


def point_saddle_inconclusive(gradient, hessian, tolerance):
    kind = "not stationary" if _sloped(gradient, tolerance) else _kind(np.linalg.eigvalsh(hessian), tolerance)
    return "inconclusive" if kind == "saddle" else kind


def point_any_zero(gradient, hessian, tolerance):
    if _sloped(gradient, tolerance):
        return "not stationary"
    curvatures = np.linalg.eigvalsh(hessian)
    return "inconclusive" if (np.abs(curvatures) <= tolerance).any() else _kind(curvatures, tolerance)


def point_flat_is_minimum(gradient, hessian, tolerance):
    if _sloped(gradient, tolerance):
        return "not stationary"
    curvatures = np.linalg.eigvalsh(hessian)
    if (curvatures >= -tolerance).all():
        return "minimum"
    return "maximum" if (curvatures <= tolerance).all() else "saddle"


def point_flat_is_saddle(gradient, hessian, tolerance):
    kind = "not stationary" if _sloped(gradient, tolerance) else _kind(np.linalg.eigvalsh(hessian), tolerance)
    return "saddle" if kind == "inconclusive" else kind


def point_exact_slope(gradient, hessian, tolerance):
    return "not stationary" if np.any(gradient != 0) else _kind(np.linalg.eigvalsh(hessian), tolerance)


def point_exact_curvature(gradient, hessian, tolerance):
    return "not stationary" if _sloped(gradient, tolerance) else _kind(np.linalg.eigvalsh(hessian), 0.0)


def point_exact_both(gradient, hessian, tolerance):
    return "not stationary" if np.any(gradient != 0) else _kind(np.linalg.eigvalsh(hessian), 0.0)


def point_by_trace(gradient, hessian, tolerance):
    if _sloped(gradient, tolerance):
        return "not stationary"
    return _kind(np.array([np.trace(hessian)]), tolerance)


def point_smallest_only(gradient, hessian, tolerance):
    return "not stationary" if _sloped(gradient, tolerance) else _kind(np.linalg.eigvalsh(hessian)[:1], tolerance)


def point_largest_only(gradient, hessian, tolerance):
    return "not stationary" if _sloped(gradient, tolerance) else _kind(np.linalg.eigvalsh(hessian)[-1:], tolerance)


def point_positive_slopes(gradient, hessian, tolerance):
    return "not stationary" if gradient.max() > tolerance else _kind(np.linalg.eigvalsh(hessian), tolerance)


def point_sum_of_slopes(gradient, hessian, tolerance):
    return "not stationary" if abs(gradient.sum()) > tolerance else _kind(np.linalg.eigvalsh(hessian), tolerance)


def point_all_slopes(gradient, hessian, tolerance):
    return "not stationary" if (np.abs(gradient) > tolerance).all() else _kind(np.linalg.eigvalsh(hessian), tolerance)


def _name_all(answer, points, tolerance):
    """The public script: the kind of each point (gradient, Hessian)."""
    calls = [answer.later("second_derivative_test", gradient, hessian, tolerance) for gradient, hessian in points]
    return [call.value for call in calls]


def _turned(rng, curvatures):
    """A symmetric matrix with these eigenvalues, whose axes are not the coordinate axes."""
    Q = np.linalg.qr(rng.normal(size=(len(curvatures), len(curvatures))))[0]
    return (Q * np.asarray(curvatures)) @ Q.T


def _mixed(rng):
    """All kinds without flat directions, in one to three dimensions; both matrices of a saddle have a positive diagonal."""
    a, b, c = rng.uniform(1.0, 3.0, size=3)
    zero = np.zeros
    hidden = np.array([[a, 2 * a], [2 * a, a + 0.5]])  # a saddle with a positive diagonal
    slope = np.array([b, 0.0, -b])
    points = [(zero(1), np.array([[a]])), (zero(1), np.array([[-b]])), (np.array([-c]), np.array([[a]])),
              (zero(2), _turned(rng, [a, b])), (zero(2), _turned(rng, [-a, -c])), (zero(2), hidden),
              (zero(3), _turned(rng, [-a, -b, -c])), (zero(3), _turned(rng, [a, -b, -c])), (zero(3), _turned(rng, [a, b, c])),
              (slope, _turned(rng, [a, b, c])), (np.array([0.0, -b]), _turned(rng, [a, c]))]
    return [points[i] for i in rng.permutation(len(points))], 1e-9


def _flat(rng):
    a, b = rng.uniform(1.0, 3.0, size=2)
    kinds = [[a, 0.0], [-a, 0.0], [0.0], [a, b, 0.0], [a, -b, 0.0], [-a, -b, 0.0]]
    points = [(np.zeros(len(k)), np.diag(k)) for k in kinds]
    return [points[i] for i in rng.permutation(len(points))], 1e-9


def _nearly_zero(rng):
    a, b = rng.uniform(1.0, 3.0, size=2)
    tiny = 1e-12 * rng.uniform(1.0, 9.0)
    points = [(np.array([tiny]), np.array([[a]])), (np.array([tiny, -tiny]), np.diag([-a, -b])),
              (np.array([1e-4, tiny]), np.diag([a, b])),
              (np.zeros(1), np.array([[tiny]])), (np.zeros(2), np.diag([a, -tiny])), (np.zeros(1), np.array([[-tiny]]))]
    return [points[i] for i in rng.permutation(len(points))], 1e-9


SECOND_DERIVATIVE_TEST = Exercise(
    key="unit2.second_derivative_test",
    title="Name the point: minimum, maximum, saddle, or none of them",
    reference=second_derivative_test,
    alternatives=(second_derivative_test_by_counting,),
    probe=_name_all,
    regimes={"all kinds": _mixed, "flat directions": _flat, "nearly zero": _nearly_zero},
    parts={"all kinds": 1.25, "flat directions": 0.75, "nearly zero": 0.5},
    mistakes=(
        Mistake("does not look at the gradient: on a slope there is no minimum and no maximum, whatever the curvature",
                point_without_slope_check, mark=0.75),
        Mistake("has minimum and maximum the wrong way round: a valley bends upwards, f'' > 0", point_turned, mark=0.75),
        Mistake("looks at the diagonal of the Hessian only: a saddle can lie across the axes; the eigenvalues know",
                point_by_diagonal, mark=1.25),
        Mistake("uses the determinant, a rule for two numbers: with three, two negative eigenvalues hide behind a positive "
                "product",
                point_by_determinant, mark=0.5),
        Mistake("calls a saddle inconclusive: curvatures of both signs are an answer", point_saddle_inconclusive, mark=0.5),
        Mistake("calls a point inconclusive as soon as one curvature is zero: with a positive and a negative one beside it, it "
                "is a saddle already", point_any_zero, mark=1.75),
        Mistake("takes a flat direction for a curved one: with a zero among curvatures of one sign, nothing is decided (x^4 or "
                "-x^4?)", point_flat_is_minimum, mark=1.25),
        Mistake("calls a flat point a saddle: a curvature of 0 decides nothing", point_flat_is_saddle, mark=1.25),
        Mistake("waits for slopes of exactly 0: computed slopes never are, so up to the tolerance counts as 0",
                point_exact_slope, mark=2),
        Mistake("wants curvatures of exactly 0: computed ones never are, so up to the tolerance counts as 0",
                point_exact_curvature, mark=2),
        Mistake("compares slopes and curvatures with exactly 0: computed ones never are, so up to the tolerance counts as 0",
                point_exact_both, mark=2),
        Mistake("adds up the curvatures (the trace): a steep valley hides a gentle ridge; look at each of them",
                point_by_trace),
        Mistake("looks at the smallest curvature only: below 0 it may be a maximum or a saddle", point_smallest_only, mark=0.5),
        Mistake("looks at the largest curvature only: above 0 it may be a minimum or a saddle", point_largest_only),
        Mistake("overlooks negative slopes: take their size", point_positive_slopes, mark=1.25),
        Mistake("adds the slopes up: opposite ones cancel, and it is still a slope", point_sum_of_slopes, mark=1.25),
        Mistake("asks for a slope in all directions: one is enough", point_all_slopes, mark=0.75),
    ),
    hints=("First: is there a slope at all? Then: which signs do the curvatures have?",
           "The curvatures are the eigenvalues: np.linalg.eigvalsh(hessian). For one number it is f'' itself.",
           "Any |slope| > tolerance: not stationary. Any curvature above and any below: saddle. All above: minimum. All below: "
           "maximum. Else: inconclusive."),
    minutes=8, difficulty=3, rung="implement",
)
