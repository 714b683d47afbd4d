"""The exercises predicted_rates and largest_stable_rate: how large may a step be?"""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.numpy import line_descent

# -- predict on a parabola -------------------------------------------------------------------------------------------------


def predicted_rates():
    return -0.6, 0.25, 0.5


def predicted_rates_as_formulas():
    curvature, w = 4, 1
    return w - 0.4 * curvature * w, 1 / curvature, 2 / curvature


def rates_any_below_one():
    return -0.6, 0.25, 1.0


def rates_derivative_2w():
    return 0.2, 0.5, 1.0


def rates_no_overshoot():
    return 0.6, 0.25, 0.5


def rates_uphill():
    return 2.6, 0.25, 0.5


def rates_limit_is_the_best():
    return -0.6, 0.25, 0.25


def rates_best_is_the_limit():
    return -0.6, 0.5, 0.5


def rates_step_only():
    return -1.6, 0.25, 0.5


def rates_loss_reported():
    return 0.72, 0.25, 0.5


def rates_step_of_loss():
    return 0.2, 0.25, 0.5


def rates_limit_upside_down():
    return -0.6, 0.25, 0.125


def rates_exchanged():
    return -0.6, 0.5, 0.25


def rates_without_bound():
    return -0.6, 0.25, float("inf")


PREDICTED_RATES = Exercise(
    key="unit2.predicted_rates",
    title="Predict three learning rates on a parabola",
    reference=predicted_rates,
    alternatives=(predicted_rates_as_formulas,),
    examples=(Example(args=(), expected=(-0.6, 0.25, 0.5)),),
    parts={"prediction": 1.0},
    returns=("weight after one step", "rate that needs one step", "largest stable rate"),
    mistakes=(
        Mistake("believes that every rate below 1 is safe: at 0.5 the weight jumps from 1 to -1 and back for ever",
                rates_any_below_one),
        Mistake("takes 2 w for the derivative of 2 w^2: it is 4 w", rates_derivative_2w),
        Mistake("drops a sign in the first number: the step of 1.6 leads past the minimum, to the other side",
                rates_no_overshoot),
        Mistake("goes uphill in the first number: the step is subtracted", rates_uphill),
        Mistake("takes the rate that needs one step for the largest one: twice that rate is the limit, where every step lands "
                "as far on the other side", rates_limit_is_the_best),
        Mistake("takes the limit for the rate that needs one step: 1 - lr * 4 must be 0, not -1", rates_best_is_the_limit),
        Mistake("gives the step itself in the first number: it still has to be added to the weight", rates_step_only),
        Mistake("gives the loss after the step in the first number: the weight was asked for", rates_loss_reported),
        Mistake("steps by the rate times the loss in the first number: a step is the rate times the derivative",
                rates_step_of_loss),
        Mistake("halves the rate that needs one step to get the limit, 1 / (2 * 4): it is twice that rate, 2 / 4",
                rates_limit_upside_down),
        Mistake("exchanges the two rates: the one that needs a single step was asked for first, then the limit",
                rates_exchanged),
        Mistake("sees no limit: a rate that is too large makes every step longer than the last", rates_without_bound),
    ),
    hints=("The derivative of 2 w^2 is 4 w. Write down one step: w - lr * 4 w.",
           "One step multiplies the weight by 1 - 4 lr. For which rate is that 0?",
           "It comes to rest while |1 - 4 lr| < 1. At which positive rate does that end?"),
    minutes=3, difficulty=2, rung="predict",
)

# -- the largest rate for a line -------------------------------------------------------------------------------------------


def largest_stable_rate(x):
    return line_descent.largest_stable_rate(line_descent.ssr_hessian(x))


def largest_stable_rate_by_formula(x):
    a, b, d = 2.0 * np.sum(x**2), 2.0 * np.sum(x), 2.0 * len(x)
    return 2 / ((a + d) / 2 + np.sqrt((a - d) ** 2 / 4 + b**2))


def largest_stable_rate_by_svd(x):
    return 1 / np.linalg.svd(np.column_stack([x, np.ones(len(x))]), compute_uv=False)[0] ** 2


def _hessian(x):
    return 2.0 * np.array([[np.sum(x**2), np.sum(x)], [np.sum(x), len(x)]])


def rate_smallest_eigenvalue(x):
    return 2 / np.linalg.eigvalsh(_hessian(x))[0]


def rate_trace(x):
    return 2 / np.trace(_hessian(x))


def rate_diagonal(x):
    return 2 / np.diag(_hessian(x)).max()


def rate_slope_only(x):
    return 1 / np.sum(x**2)


def rate_intercept_only(x):
    return 1 / len(x)


def rate_frobenius(x):
    return 2 / np.linalg.norm(_hessian(x))


def rate_row_sums(x):
    return 2 / np.abs(_hessian(x)).sum(axis=1).max()


def rate_condition(x):
    return 2 / np.linalg.cond(_hessian(x))


def rate_determinant(x):
    return 2 / np.linalg.det(_hessian(x))


def rate_square_of_sum(x):
    H = 2.0 * np.array([[np.sum(x) ** 2, np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(H)[-1]


def rate_half_mixed(x):
    H = np.array([[2.0 * np.sum(x**2), np.sum(x)], [np.sum(x), 2.0 * len(x)]])
    return 2 / np.linalg.eigvalsh(H)[-1]


def rate_three_points(x):
    H = np.array([[2.0 * np.sum(x**2), 2.0 * np.sum(x)], [2.0 * np.sum(x), 6.0]])
    return 2 / np.linalg.eigvalsh(H)[-1]


def rate_one_for_n(x):
    H = np.array([[2.0 * np.sum(x**2), 2.0 * np.sum(x)], [2.0 * np.sum(x), 2.0]])
    return 2 / np.linalg.eigvalsh(H)[-1]


def rate_both_eigenvalues(x):
    return 2 / np.linalg.eigvalsh(_hessian(x))


def rate_best(x):
    return 2 / np.linalg.eigvalsh(_hessian(x)).sum()


def _points(rng):
    """The slope has the larger curvature here, in the worked example the intercept has it."""
    n = int(rng.choice([5, 7, 11]))
    x = rng.uniform(1.1, 2.2, size=n)
    x[0] = -float(rng.uniform(1.1, 1.5))
    return (rng.permutation(x),)


LARGEST_STABLE_RATE = Exercise(
    key="unit2.largest_stable_rate",
    title="The largest learning rate for a line through points",
    reference=largest_stable_rate,
    alternatives=(largest_stable_rate_by_formula, largest_stable_rate_by_svd),
    examples=(Example(args=(np.array([0.6, 0.8, 1.1]),), expected=0.1947035705, source="lecture notes, unit 2, three points"),),
    regimes={"other points": _points},
    parts={"worked example": 0.5, "other points": 1.5},
    mistakes=(
        Mistake("takes the flattest direction: it is the steepest one, the largest eigenvalue, where descent breaks out first",
                rate_smallest_eigenvalue),
        Mistake("takes the sum of both curvatures (the trace, which is the sum of both eigenvalues), which is a little too "
                "careful: the largest eigenvalue alone sets the limit", rate_trace, also=(rate_best,)),
        Mistake("takes the larger second derivative and ignores the mixed one: the steepest direction lies between the axes",
                rate_diagonal),
        Mistake("looks at the slope alone: slope and intercept move together", rate_slope_only),
        Mistake("looks at the intercept alone: slope and intercept move together", rate_intercept_only),
        Mistake("takes the norm of the whole Hessian: both eigenvalues are in it, only the largest counts", rate_frobenius),
        Mistake("takes the largest row sum, an upper bound of the largest eigenvalue: the limit itself was asked for",
                rate_row_sums),
        Mistake("divides by the condition number: that says how slow the slowest direction is, not where descent breaks out",
                rate_condition),
        Mistake("divides by the determinant, the product of both eigenvalues", rate_determinant),
        Mistake("squares the sum of x: the second derivative by the slope is 2 sum(x^2)", rate_square_of_sum),
        Mistake("forgets the 2 in the mixed derivative", rate_half_mixed),
        Mistake("writes 6 for 2 N, which is right for three points only", rate_three_points, mark=0.5),
        Mistake("puts 2 where 2 N belongs: every point adds 2 to the second derivative by the intercept", rate_one_for_n),
        Mistake("gives a rate for each eigenvalue: one rate has to suit both, the smaller one", rate_both_eigenvalues),
    ),
    hints=("Differentiate the two derivatives of ssr_gradient once more, by the slope and by the intercept.",
           "The 2 by 2 matrix of second derivatives knows the curvature in every direction; np.linalg.eigvalsh gives its "
           "extremes, in ascending order.",
           "The entries of H are twice the sums of x^2, of x and of 1 over all points. The largest eigenvalue belongs to the "
           "steepest direction: what is the limit for a parabola with that curvature?"),
    minutes=6, difficulty=3, rung="derive",
)
