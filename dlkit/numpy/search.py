"""Search for hyperparameters: every point of a grid, or points drawn at random."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from dlkit.numpy.validation import expect_rng

__all__ = ["SearchResult", "grid_search", "log_uniform", "parameter_grid", "random_search"]

Candidate = dict[str, Any]
Score = Callable[[Candidate], float]


class SearchResult(NamedTuple):
    """What a search found."""

    best: Candidate  # the winner; the earliest one of a tie
    score: float  # its score
    tried: list[tuple[Candidate, float]]  # every candidate with its score, in the order of trying


def parameter_grid(grid: Mapping[str, Sequence[Any]]) -> list[Candidate]:
    """Every combination of the listed values; the last name changes fastest.

    Parameters
    ----------
    grid : dict of sequence
        Values to try, by the name of the hyperparameter.

    Returns
    -------
    list of dict
        A dict of its own for each combination; as many as the product of the numbers of values.

    Raises
    ------
    TypeError : if the values of a name are a string or no sequence.
    ValueError : if a name has no value.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> parameter_grid({"lr": [0.1, 0.01], "units": [8]})
    [{'lr': 0.1, 'units': 8}, {'lr': 0.01, 'units': 8}]
    """
    for name, values in grid.items():
        if isinstance(values, str) or not hasattr(values, "__len__"):
            raise TypeError(f"grid[{name!r}] is {values!r}, expected a list of values")
        if len(values) == 0:
            raise ValueError(f"grid[{name!r}] is empty, expected at least one value")
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def grid_search(score: Score, grid: Mapping[str, Sequence[Any]]) -> SearchResult:
    """Try every combination and keep the one with the highest score.

    A score that is not a number (a run that diverged) never wins.

    Parameters
    ----------
    score : callable
        candidate -> number, the higher the better; judged on validation rows, never on test rows. Called
        once for each candidate.
    grid : dict of sequence
        As for `parameter_grid`.

    Returns
    -------
    SearchResult
        (best, score, tried)

    Raises
    ------
    ValueError : if every score is NaN; as `parameter_grid`.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> found = grid_search(lambda c: -abs(c["lr"] - 0.1) - c["units"] / 100, {"lr": [1.0, 0.1], "units": [8, 4]})
    >>> found.best, round(found.score, 6), len(found.tried)
    ({'lr': 0.1, 'units': 4}, -0.04, 4)
    """
    return _try_all(score, parameter_grid(grid))


def random_search(score: Score, space: Mapping[str, Any], n_iter: int, rng: np.random.Generator) -> SearchResult:
    """Try combinations drawn at random: each of them has a new value of every hyperparameter.

    Parameters
    ----------
    score : callable
        candidate -> number, the higher the better.
    space : dict
        By name: a sequence to choose from, or a function of `rng` that draws a value (`log_uniform`).
    n_iter : int
        How many candidates.
    rng : numpy.random.Generator
        Draws them all before the first is tried.

    Returns
    -------
    SearchResult
        (best, score, tried)

    Raises
    ------
    ValueError : if `n_iter` is not positive or every score is NaN.

    Source: Lecture notes, unit 2; Bergstra and Bengio (2012).

    Examples
    --------
    >>> space = {"lr": log_uniform(1e-4, 1.0), "units": [8, 16]}
    >>> found = random_search(lambda c: c["lr"], space, 20, np.random.default_rng(0))
    >>> len(found.tried), found.score == max(c["lr"] for c, _ in found.tried)
    (20, True)
    """
    expect_rng(rng)
    if n_iter < 1:
        raise ValueError(f"n_iter is {n_iter}, expected at least 1")
    candidates = [{name: _drawn(name, values, rng) for name, values in space.items()} for _ in range(n_iter)]
    return _try_all(score, candidates)


def log_uniform(low: float, high: float) -> Callable[[np.random.Generator], float]:
    """A distribution for `random_search` in which every power of ten has the same chance.

    Parameters
    ----------
    low, high : float
        0 < low < high.

    Returns
    -------
    callable
        rng -> float between low and high.

    Raises
    ------
    ValueError : if not 0 < low < high.

    Examples
    --------
    >>> draw, rng = log_uniform(1e-4, 1.0), np.random.default_rng(0)
    >>> round(float(np.mean([draw(rng) < 1e-2 for _ in range(2000)])), 1)
    0.5
    """
    if not 0 < low < high:
        raise ValueError(f"low is {low} and high is {high}, expected 0 < low < high")
    return lambda rng: float(np.exp(rng.uniform(math.log(low), math.log(high))))


def _drawn(name: str, values: Any, rng: np.random.Generator) -> Any:
    if callable(values):
        return values(rng)
    if isinstance(values, str) or not hasattr(values, "__len__") or len(values) == 0:
        raise ValueError(f"space[{name!r}] is {values!r}, expected values to choose from or a function of rng")
    return values[int(rng.integers(len(values)))]


def _try_all(score: Score, candidates: Sequence[Candidate]) -> SearchResult:
    tried = [(candidate, float(score(dict(candidate)))) for candidate in candidates]
    finite = [pair for pair in tried if not math.isnan(pair[1])]
    if not finite:
        raise ValueError(f"all {len(tried)} scores are NaN, expected at least one number")
    best, value = max(finite, key=lambda pair: pair[1])  # max keeps the first one of a tie
    return SearchResult(dict(best), value, tried)
