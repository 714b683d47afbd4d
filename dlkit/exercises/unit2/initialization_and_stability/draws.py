"""How answers that draw random weights are judged: by what does not depend on the order of the draws.

A probe looks at one large array and sums it up in a few coarse findings. Each finding of a right answer lies at least twelve
standard errors from its border, so the chance to reject one is below 1e-30 per array, far below 1e-9 in all. The shapes
are such that also the named mistakes lie well inside their findings, so that their names are told whatever was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlkit.exercises.model import Rng


def draw(answer: Any, name: str, fan_in: int, fan_out: int, *more: Any) -> tuple[Any, list[Any]]:
    """A large array, drawn by `name(fan_in, fan_out, rng, *more)`, and calls that draw small ones, for :func:`same_again`."""
    W = answer.later(name, fan_in, fan_out, Rng(fan_in), *more)
    small = [answer.later(name, 7, 5, Rng(seed), *more) for seed in (1, 1, 2)]
    return W.value, small


def same_again(calls: Sequence[Any]) -> tuple[str, str]:
    """Whether the same generator gives the same numbers again, and another one others, in words."""
    first, again, other = (np.asarray(call.value, dtype=float) for call in calls)
    repeats = first.shape == again.shape and bool(np.array_equal(first, again, equal_nan=True))
    differs = first.shape != other.shape or not np.array_equal(first, other, equal_nan=True)
    return "the same numbers" if repeats else "other numbers", "other numbers" if differs else "the same numbers"


def findings(W: Any, shape: tuple[int, int], std: float, limit: float = np.inf) -> dict[str, Any]:
    """Coarse facts about an array of draws: shape, centre, spread, law."""
    W = np.asarray(W, dtype=float)
    found: dict[str, Any] = {"shape": list(W.shape)}
    if W.shape not in (shape, shape[::-1]) or not np.isfinite(W).all():
        return found | {"numbers": "not finite" if W.size and not np.isfinite(W).all() else "finite"}
    spread = float(W.std())
    found["numbers"] = "finite"
    found["mean, in standard deviations"] = round(4 * float(W.mean()) / (spread or 1.0)) / 4 + 0.0
    powers = round(10 * float(np.log2(spread / std))) / 10 + 0.0 if spread else "no spread"
    found["powers of two by which the spread is off"] = powers
    squares = np.square(W - W.mean())  # and not to the fourth power, which is 20 times slower
    tails = float(np.square(squares).mean()) / spread**4 if spread else 0.0
    found["law"] = "uniform" if abs(tails - 1.8) < 0.4 else "normal" if abs(tails - 3.0) < 0.6 else "another"
    if np.isfinite(limit):
        found["all within the limit"] = bool(np.abs(W).max() <= limit * (1 + 1e-6))
    return found
