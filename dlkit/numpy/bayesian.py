"""Bayesian optimisation in one dimension: a Gaussian process says what is known, expected improvement where to look."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["BayesianStep", "bayesian_search", "expected_improvement", "gaussian_process"]


def gaussian_process(x_seen: np.ndarray, y_seen: np.ndarray, x: np.ndarray, length: float = 1.0,
                     scale: float = 1.0, noise: float = 1e-3) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of a smooth unknown function at `x`, after seeing it at some points.

    With the kernel k(a, b) = scale^2 exp(-(a - b)^2 / (2 length^2)) and K = k(seen, seen) + noise^2 I:
    mean = m + k(x, seen) K^-1 (y - m), variance = k(x, x) - k(x, seen) K^-1 k(seen, x); m is the mean of y.

    Parameters
    ----------
    x_seen, y_seen : array_like, shape (N,)
        Where the function was evaluated, and what it gave.
    x : array_like, shape (M,)
        Where to predict.
    length, scale, noise : float
        How far a value reaches, how much the function varies, and how uncertain one evaluation is.

    Returns
    -------
    (mean, std) : ndarray, shape (M,)

    Raises
    ------
    ValueError : if the shapes do not match.

    Source: Rasmussen and Williams (2006), chapter 2.

    Examples
    --------
    Certain where it has looked, ignorant far away:

    >>> mean, std = gaussian_process([0.0, 1.0], [2.0, 4.0], [0.0, 50.0])
    >>> mean.round(3).tolist(), std.round(3).tolist()
    ([2.0, 3.0], [0.001, 1.0])
    """
    x_seen, y_seen, x = as_float("x_seen", x_seen), as_float("y_seen", y_seen), as_float("x", x)
    expect_shape("x_seen", x_seen, (None,))
    expect_shape("x", x, (None,))
    expect_shape("y_seen", y_seen, x_seen.shape, to_match=("x_seen", x_seen))

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return scale**2 * np.exp(-((a[:, None] - b) ** 2) / (2 * length**2))

    lower = np.linalg.cholesky(kernel(x_seen, x_seen) + noise**2 * np.eye(len(x_seen)))
    centre = y_seen.mean()
    across = np.linalg.solve(lower, kernel(x_seen, x))  # (N, M)
    mean = centre + across.T @ np.linalg.solve(lower, y_seen - centre)
    return mean, np.sqrt(np.maximum(scale**2 - (across**2).sum(axis=0), 0.0))


def expected_improvement(mean: np.ndarray, std: np.ndarray, best: float) -> np.ndarray:
    """By how much a value drawn from N(mean, std^2) is expected to exceed `best`; less counts as 0.

    EI = (mean - best) Phi(z) + std phi(z) with z = (mean - best) / std: large where the mean is high, and
    where little is known.

    Parameters
    ----------
    mean, std : array_like, any common shape
    best : float
        The highest value so far.

    Returns
    -------
    ndarray

    Source: Jones, Schonlau and Welch (1998).

    Examples
    --------
    >>> expected_improvement([1.0, 0.0, 2.0], [0.0, 1.0, 0.0], best=1.0).round(4).tolist()
    [0.0, 0.0833, 1.0]
    """
    mean, std = np.broadcast_arrays(as_float("mean", mean), as_float("std", std))
    gain = mean - best
    z = gain / np.where(std > 0, std, 1.0)
    below = 0.5 * (1.0 + np.array([math.erf(v / math.sqrt(2)) for v in z.ravel()]).reshape(z.shape))
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return np.where(std > 0, gain * below + std * density, np.maximum(gain, 0.0))


class BayesianStep(NamedTuple):
    """One step of `bayesian_search`: what was believed before it, and what it looked at."""

    mean: np.ndarray  # (M,) over the candidates
    std: np.ndarray  # (M,)
    improvement: np.ndarray  # (M,) expected improvement
    choice: int  # the candidate that was evaluated
    value: float  # what it gave


def bayesian_search(score: Callable[[float], float], candidates: np.ndarray, start: list[int], steps: int,
                    length: float = 1.0, scale: float = 1.0, noise: float = 1e-3) -> list[BayesianStep]:
    """Evaluate, step by step, the candidate with the largest expected improvement.

    Parameters
    ----------
    score : callable
        candidate -> number, the higher the better.
    candidates : array_like, shape (M,)
        Where one may look, such as exponents of a learning rate.
    start : list of int
        Candidates that are evaluated first.
    steps : int
        How many more.
    length, scale, noise : float
        As for `gaussian_process`.

    Returns
    -------
    list of BayesianStep

    Examples
    --------
    >>> steps = bayesian_search(lambda x: -((x - 2.0) ** 2), np.linspace(0, 4, 41), [0, 40], 4, scale=3.0)
    >>> round(float(np.linspace(0, 4, 41)[steps[0].choice]), 1), len(steps)
    (2.0, 4)
    """
    candidates = as_float("candidates", candidates)
    seen = list(start)
    values = [float(score(float(candidates[i]))) for i in seen]
    record = []
    for _ in range(steps):
        mean, std = gaussian_process(candidates[seen], np.array(values), candidates, length, scale, noise)
        improvement = expected_improvement(mean, std, max(values))
        improvement[seen] = -np.inf  # a second look at the same place tells nothing new
        choice = int(np.argmax(improvement))
        improvement[seen] = 0.0
        value = float(score(float(candidates[choice])))
        record.append(BayesianStep(mean, std, improvement, choice, value))
        seen.append(choice)
        values.append(value)
    return record
