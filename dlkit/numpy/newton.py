"""Newton's method, which divides each direction by its curvature, and the condition number: how unlike the curvatures are."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlkit.numpy.validation import as_float, as_symmetric, expect_shape

__all__ = ["NewtonResult", "condition_number", "newton", "newton_step"]

FLAT = 1e-12  # a direction whose curvature is below this share of the largest one counts as flat


class NewtonResult(NamedTuple):
    """What `newton` found."""

    minimum: np.ndarray  # the last point
    path: np.ndarray  # (steps + 1, D) all points, the start first
    steps: int  # number of steps made
    converged: bool  # whether a step was smaller than the tolerance


def newton_step(theta: np.ndarray, gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """To where the quadratic that fits here has no slope: ``theta - H^-1 g``, by solving ``H d = g``.

    On a quadratic bowl that is the minimum, in one step, however ill-conditioned. Where the Hessian has negative
    eigenvalues it is a saddle or a maximum: Newton does not know down from up.

    Parameters
    ----------
    theta, gradient : (D,) float
    hessian : (D, D) float, symmetric and not singular

    Returns
    -------
    (D,) the new parameters

    Raises
    ------
    ValueError : if shapes do not match, or the Hessian is not symmetric or is singular.

    Source: Nocedal and Wright (2006), section 2.2.

    Examples
    --------
    >>> newton_step([1.0, 1.0], [2.0, 8.0], [[2.0, 0.0], [0.0, 4.0]]).tolist()         # 1 - 2/2 and 1 - 8/4
    [0.0, -1.0]
    """
    H = as_symmetric("hessian", hessian)
    theta = as_float("theta", theta)
    gradient = as_float("gradient", gradient, theta.dtype)
    expect_shape("theta", theta, (len(H),), to_match=("hessian", H))
    expect_shape("gradient", gradient, theta.shape, to_match=("theta", theta))
    try:
        return theta - np.linalg.solve(H.astype(theta.dtype), gradient)
    except np.linalg.LinAlgError:
        raise ValueError("hessian is singular, expected curvature in every direction") from None


def newton(gradient_fn: Callable[[np.ndarray], np.ndarray], hessian_fn: Callable[[np.ndarray], np.ndarray], start: np.ndarray,
           max_steps: int = 50, tolerance: float = 1e-10) -> NewtonResult:
    """Repeat `newton_step` until a step is tiny. Near a minimum the number of right digits doubles in each step.

    Parameters
    ----------
    gradient_fn : callable
        theta (D,) -> gradient (D,).
    hessian_fn : callable
        theta (D,) -> Hessian (D, D).
    start : (D,) array_like
    max_steps : int
        Largest number of steps.
    tolerance : float
        Stop after a step whose largest entry is smaller than this; 0 never stops early.

    Returns
    -------
    NewtonResult : (minimum, path, steps, converged)

    Raises
    ------
    ValueError : as `newton_step`.

    Source: Nocedal and Wright (2006), section 3.3.

    Examples
    --------
    The square root of 2 is where x^3/3 - 2 x has its minimum:

    >>> newton(lambda x: x**2 - 2, lambda x: 2 * x, [1.0]).path.ravel()[:5].round(8).tolist()
    [1.0, 1.5, 1.41666667, 1.41421569, 1.41421356]
    """
    theta = as_float("start", start)
    expect_shape("start", theta, (None,))
    path, converged = [theta.copy()], False
    while len(path) <= max_steps and not converged:
        path.append(newton_step(path[-1], gradient_fn(path[-1]), hessian_fn(path[-1])))
        converged = bool(np.abs(path[-1] - path[-2]).max() < tolerance)
    return NewtonResult(path[-1], np.array(path), len(path) - 1, converged)


def condition_number(hessian: np.ndarray) -> float:
    """How unlike the curvatures are: the largest eigenvalue divided by the smallest, in size.

    1 is a round bowl. Gradient descent needs a number of steps that grows in proportion to it, since one learning rate has
    to suit the steepest direction and the flattest one.

    Parameters
    ----------
    hessian : (D, D) symmetric, float

    Returns
    -------
    float
        Infinity if a direction is flat (its curvature is below 1e-12 of the largest).

    Raises
    ------
    ValueError : if the matrix is not symmetric, or zero everywhere.

    Source: Lecture notes, unit 2, ill-conditioning; Boyd and Vandenberghe (2004), section 9.3.

    Examples
    --------
    >>> condition_number([[8.0, 0.0], [0.0, 2.0]]), condition_number([[1.0, 1.0], [1.0, 1.0]])
    (4.0, inf)
    """
    H = as_symmetric("hessian", hessian)
    sizes = np.abs(np.linalg.eigvalsh(H))
    if sizes.max() == 0:
        raise ValueError("hessian is zero everywhere, expected some curvature")
    flat = max(FLAT, len(H) * float(np.finfo(H.dtype).eps))
    return float(sizes.max() / sizes.min()) if sizes.min() > flat * sizes.max() else float("inf")
