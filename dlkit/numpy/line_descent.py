"""A line fitted by gradient descent: small enough to see every number, and the whole theory of the learning rate is in it.

The loss is the sum of squared residuals ``SSR = sum (y - (m x + c))^2``, a bowl over slope ``m`` and intercept ``c``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlkit.numpy.batches import minibatches
from dlkit.numpy.optim import gradient_descent
from dlkit.numpy.validation import as_float, expect_choice, expect_shape

__all__ = ["LineDescent", "descend_line", "largest_stable_rate", "ssr", "ssr_gradient", "ssr_hessian", "stochastic_line_path"]

RULES = ("each", "length")


class LineDescent(NamedTuple):
    """What `descend_line` found."""

    slope: float
    intercept: float
    steps: int  # number of updates made
    converged: bool  # whether the stop rule was met (else max_steps was reached)
    path: np.ndarray  # (steps + 1, 2) slope and intercept, the start first


def _points(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = as_float("x", x)
    y = as_float("y", y, x.dtype)
    expect_shape("x", x, (None,))
    expect_shape("y", y, x.shape, to_match=("x", x))
    if x.size == 0:
        raise ValueError("x is empty, expected at least one point")
    return x, y


def _downhill(line: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Minus the gradient of the SSR, (2,): the inner loops call this one, without looking at the points again."""
    residual = y - (line[0] * x + line[1])
    return 2 * np.array([x @ residual, residual.sum()], dtype=x.dtype)


def ssr(slope: float, intercept: float, x: np.ndarray, y: np.ndarray) -> float:
    """Sum of squared residuals of a line: ``sum (y - (slope x + intercept))^2``.

    Parameters
    ----------
    slope, intercept : float
    x, y : (N,) points, float.

    Returns
    -------
    float

    Raises
    ------
    ValueError : when the shapes differ or there is no point.

    Source: Lecture notes, unit 2, gradient descent.

    Examples
    --------
    >>> round(ssr(1.0, 0.0, [0.6, 0.8, 1.1], [1.1, 1.2, 2.1]), 10)      # 0.5^2 + 0.4^2 + 1.0^2
    1.41
    """
    x, y = _points(x, y)
    residual = y - (slope * x + intercept)
    return float(residual @ residual)


def ssr_gradient(slope: float, intercept: float, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Partial derivatives of the SSR: ``-2 sum x r`` for the slope and ``-2 sum r`` for the intercept.

    ``r = y - (slope x + intercept)`` are the residuals.

    Parameters
    ----------
    slope, intercept : float
    x, y : (N,) points, float.

    Returns
    -------
    (by slope, by intercept) : floats.

    Raises
    ------
    ValueError : when the shapes differ or there is no point.

    Source: Lecture notes, unit 2, gradient descent.

    Examples
    --------
    >>> by_slope, by_intercept = ssr_gradient(1.0, 0.0, [0.6, 0.8, 1.1], [1.1, 1.2, 2.1])
    >>> round(by_slope, 10), round(by_intercept, 10)          # residuals 0.5, 0.4, 1.0
    (-3.44, -3.8)
    """
    x, y = _points(x, y)
    by_slope, by_intercept = -_downhill(np.array([slope, intercept], dtype=x.dtype), x, y)
    return float(by_slope), float(by_intercept)


def ssr_hessian(x: np.ndarray) -> np.ndarray:
    """Second derivatives of the SSR by slope and intercept: ``[[2 sum x^2, 2 sum x], [2 sum x, 2 N]]``.

    They depend on neither the line nor ``y``: the bowl has the same curvature everywhere.

    Parameters
    ----------
    x : (N,) float.

    Returns
    -------
    (2, 2) symmetric.

    Raises
    ------
    ValueError : when ``x`` is not a vector or is empty.

    Source: Lecture notes, unit 2, gradient descent.

    Examples
    --------
    >>> ssr_hessian([0.6, 0.8, 1.1]).round(10).tolist()
    [[4.42, 5.0], [5.0, 6.0]]
    """
    x = as_float("x", x)
    expect_shape("x", x, (None,))
    if x.size == 0:
        raise ValueError("x is empty, expected at least one point")
    return 2 * np.array([[x @ x, x.sum()], [x.sum(), len(x)]], dtype=x.dtype)


def largest_stable_rate(hessian: np.ndarray) -> float:
    """The learning rate below which gradient descent on a quadratic bowl comes to rest: ``2 / largest eigenvalue``.

    Along an eigenvector with eigenvalue ``k`` each step multiplies the distance from the minimum by ``1 - lr k``, which
    shrinks it as long as ``lr k < 2``.

    Parameters
    ----------
    hessian : (D, D) symmetric, with at least one positive eigenvalue.

    Returns
    -------
    float

    Raises
    ------
    ValueError : when the matrix is not square and symmetric, or has no positive eigenvalue.

    Source: Lecture notes, unit 2, learning rate; Boyd and Vandenberghe (2004), section 9.3.

    Examples
    --------
    >>> largest_stable_rate([[4.0, 0.0], [0.0, 1.0]])
    0.5
    >>> round(largest_stable_rate(ssr_hessian([0.6, 0.8, 1.1])), 7)
    0.1947036
    """
    H = as_float("hessian", hessian)
    expect_shape("hessian", H, (None, None))
    if H.shape[0] != H.shape[1] or not np.allclose(H, H.T):
        raise ValueError(f"hessian has shape {H.shape}, expected a symmetric square matrix")
    largest = float(np.linalg.eigvalsh(H)[-1])
    if not largest > 0:
        raise ValueError(f"hessian has {largest:g} as its largest eigenvalue, expected a positive one: this is no bowl")
    return 2.0 / largest


def descend_line(x: np.ndarray, y: np.ndarray, lr: float, *, tolerance: float = 0.001, max_steps: int = 1000,
                 start: tuple[float, float] = (1.0, 0.0), rule: str = "each") -> LineDescent:
    """Fit a line by gradient descent on the SSR, from a start, until the steps are tiny or too many.

    ``slope <- slope - lr dSSR/dslope`` and ``intercept <- intercept - lr dSSR/dintercept``, both from the same line.

    Parameters
    ----------
    x, y : (N,) points, float.
    lr : learning rate, positive.
    tolerance : what counts as a tiny step; 0 never stops early.
    max_steps : largest number of steps.
    start : (slope, intercept) of the first line.
    rule : "each" stops after a step whose two parts are both below the tolerance in size, "length" after a step whose
        Euclidean length is. Either may stop far from the minimum: with a small rate every step is small.

    Returns
    -------
    LineDescent : (slope, intercept, steps, converged, path).

    Raises
    ------
    ValueError : when the shapes differ, there is no point, ``lr`` is not positive, or the rule is unknown.

    Source: Lecture notes, unit 2, gradient descent.

    Examples
    --------
    >>> x, y = [0.6, 0.8, 1.1], [1.1, 1.2, 2.1]
    >>> descend_line(x, y, lr=0.1, max_steps=1).path.round(10).tolist()    # 1 + 0.344 and 0 + 0.38
    [[1.0, 0.0], [1.344, 0.38]]
    >>> [descend_line(x, y, lr).steps for lr in (0.1, 0.01)]
    [163, 81]
    """
    x, y = _points(x, y)
    expect_choice("rule", rule, RULES)
    if not lr > 0:
        raise ValueError(f"lr is {lr}, expected a positive number")

    start_line = as_float("start", np.asarray(start, dtype=x.dtype))
    if rule == "each":
        found = gradient_descent(lambda line: -_downhill(line, x, y), start_line, lr, max_steps, tolerance)
        path, converged = found.path, found.converged
    else:
        lines, converged = [start_line], False
        while len(lines) <= max_steps and not converged:
            lines.append(lines[-1] + float(lr) * _downhill(lines[-1], x, y))
            converged = bool(np.linalg.norm(lines[-1] - lines[-2]) < tolerance)
        path = np.array(lines)
    return LineDescent(float(path[-1, 0]), float(path[-1, 1]), len(path) - 1, converged, path)


def stochastic_line_path(x: np.ndarray, y: np.ndarray, lr: float, epochs: int, batch_size: int | None,
                         rng: np.random.Generator, *, start: tuple[float, float] = (1.0, 0.0)) -> np.ndarray:
    """The lines that mini-batch gradient descent visits: one step for each batch, on the *mean* squared residual.

    The mean makes one learning rate serve batches of every size; batch size 1 is stochastic gradient descent, None or N
    is batch gradient descent (on SSR / N).

    Parameters
    ----------
    x, y : (N,) points, float.
    lr : learning rate, positive.
    epochs : passes over the points.
    batch_size : points per step; None takes all.
    rng : draws a new order for each epoch.
    start : (slope, intercept) of the first line.

    Returns
    -------
    (steps + 1, 2) slope and intercept, the start first.

    Raises
    ------
    ValueError : when the shapes differ, there is no point, or the batch size is not positive.

    Source: Lecture notes, unit 2, stochastic and mini-batch gradient descent.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> path = stochastic_line_path([0.6, 0.8, 1.1], [1.1, 1.2, 2.1], 0.3, 1, None, rng)
    >>> path.round(10).tolist()                               # lr / 3 = 0.1: the step of `descend_line`
    [[1.0, 0.0], [1.344, 0.38]]
    """
    x, y = _points(x, y)
    path = [np.asarray(start, dtype=x.dtype)]
    for _ in range(epochs):
        for some_x, some_y in minibatches(x, y, batch_size, rng):
            path.append(path[-1] + float(lr) / len(some_x) * _downhill(path[-1], some_x, some_y))
    return np.array(path)
