"""Say what went wrong: compare an answer that fails with the exercise's bank of wrong answers.

A named mistake is told only if the answer agrees with it in *every* case, the ones that pass included, and with no other
named mistake. Failing that, a generic remark is made if it is a fact ("the right one times 2"). Failing that, nothing:
a wrong name is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from dlkit.checking.cases import Case
from dlkit.checking.client import Client
from dlkit.checking.compare import as_array, compare, show
from dlkit.checking.judge import CaseResult, Outcome, Verdict, run_case
from dlkit.checking.links import LocalLink
from dlkit.exercises.model import Exercise, Mistake


def diagnose(verdict: Verdict) -> str | None:
    """The diagnosis of an answer that fails, or ``None``."""
    if verdict.passed or verdict.first_failure is None:
        return None
    return named_mistake(verdict) or generic_remark(verdict)


def named_mistake(verdict: Verdict) -> str | None:
    """What the one mistake of the bank says that agrees with the answer in every case."""
    exercise = verdict.exercise
    cases = tuple(result.case for result in verdict.results)
    own = [result.outcome for result in verdict.results]
    matching = [mistake for mistake in exercise.mistakes
                if any(_agree(exercise, own, theirs) for theirs in _spellings(exercise, mistake, cases))]
    return matching[0].says if len(matching) == 1 else None


class _Answer:
    """What a spelling of a mistake gives for the cases, one after the other, as far as anyone has asked."""

    def __init__(self, exercise: Exercise, answer: Any, cases: Sequence[Case]) -> None:
        self._exercise, self._cases = exercise, cases
        self._client = Client(LocalLink(exercise.namespace(answer)), exercise.names)
        self._known: list[Outcome] = []

    def outcome(self, number: int) -> Outcome:
        while len(self._known) <= number:
            with np.errstate(all="ignore"):
                self._known.append(run_case(self._exercise, self._client, self._cases[len(self._known)].args))
        return self._known[number]


@lru_cache(maxsize=16384)  # more than all mistakes of the course: a whole class meets the same cases
def _spellings(exercise: Exercise, mistake: Mistake, cases: tuple[Case, ...]) -> list[_Answer]:
    return [_Answer(exercise, answer, cases) for answer in (mistake.answer, *mistake.also)]


def _agree(exercise: Exercise, own: Sequence[Outcome], theirs: _Answer) -> bool:
    return all(same_outcome(exercise, outcome, theirs.outcome(number)) for number, outcome in enumerate(own))


def same_outcome(exercise: Exercise, a: Outcome, b: Outcome) -> bool:
    """Whether two answers did the same in a case: equal results, or errors of the same type."""
    if a.error or b.error:
        return bool(a.error and b.error and a.error.kind == b.error.kind)
    if a.changed != b.changed:
        return False
    return compare(a.value, b.value, max(exercise.rtol, 1e-9), max(exercise.atol, 1e-12)) is None


# -- generic remarks -----------------------------------------------------------------------------------------------------


def generic_remark(verdict: Verdict) -> str | None:
    """A fact about how the results differ from the expected ones, true in every case that fails."""
    failures = [result for result in verdict.results if result.difference]
    if any(result.outcome.error or result.difference.kind == "modified" for result in failures):
        return None
    if verdict.exercise.accepts or verdict.exercise.follow:
        return None
    pairs = [_numbers(verdict.exercise, result) for result in failures]
    if any(pair is None for pair in pairs):
        return None
    return _remark([pair for pair in pairs if pair], [result.case.args for result in failures])


def _numbers(exercise: Exercise, result: CaseResult) -> tuple[str, np.ndarray, np.ndarray] | None:
    """The first component that differs, as (its name, got, expected)."""
    got, expected, name = result.outcome.value, result.expected, "your result"
    if isinstance(expected, dict):
        return None
    while isinstance(expected, tuple | list) and as_array(expected) is None or (
            isinstance(expected, tuple) and isinstance(got, tuple)):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return None
        wrong = [i for i in range(len(got)) if compare(got[i], expected[i], exercise.rtol, exercise.atol)]
        if not wrong:
            return None
        names = exercise.returns if name == "your result" else ()
        name = names[wrong[0]] if wrong[0] < len(names) else f"component {wrong[0]}"
        got, expected = got[wrong[0]], expected[wrong[0]]
    mine, right = as_array(got), as_array(expected)
    if mine is None or right is None or {"U", "c"} & {mine.dtype.kind, right.dtype.kind}:
        return None
    return name, mine.astype(float), right.astype(float)


def _remark(pairs: Sequence[tuple[str, np.ndarray, np.ndarray]], args: Sequence[tuple]) -> str | None:
    names = {name for name, _, _ in pairs}
    if len(names) != 1:
        return None
    name = f"the {names.pop()}".replace("the your", "your").replace("the the", "the")
    if all(b.size and np.abs(b).max() > 0 for _, _, b in pairs):
        if all(not a.any() for _, a, _ in pairs):
            return f"{name} is zero everywhere"
        if all(a.ndim == 2 and a.shape == b.shape[::-1] and compare(a.T, b) is None for _, a, b in pairs):
            return f"{name} is transposed"
    if any(a.shape != b.shape for _, a, b in pairs):
        return None
    if any(_equals_an_argument(a, row) for (_, a, _), row in zip(pairs, args, strict=True)) and all(
            _equals_an_argument(a, row) for (_, a, _), row in zip(pairs, args, strict=True)):
        return f"{name} is the argument, unchanged"
    if any(not np.isfinite(a).all() for _, a, _ in pairs):
        return None
    ratios = [_ratio(a, b) for _, a, b in pairs]
    if all(ratio is not None for ratio in ratios) and sum(b.size for _, _, b in pairs) > 1:
        return _ratio_remark(name, [float(ratio) for ratio in ratios if ratio is not None], args)
    offsets = [_offset(a, b) for _, a, b in pairs]
    if len(pairs) > 1 and all(offset is not None for offset in offsets) and np.ptp(np.array(offsets, float)) < 1e-9:
        return f"{name} is off by the same number everywhere: {show(float(offsets[0] or 0))}"
    if all(_nearly(a, b) for _, a, b in pairs):
        return f"{name} is right to a few digits only: is something rounded, or computed in float32?"
    return None


def _ratio(mine: np.ndarray, right: np.ndarray) -> float | None:
    """c if mine = c * right, else ``None``."""
    at = np.unravel_index(np.argmax(np.abs(right)), right.shape) if right.ndim else ()
    if right.size == 0 or right[at] == 0:
        return None
    ratio = float(mine[at] / right[at])
    return ratio if compare(mine, ratio * right) is None and abs(ratio - 1) > 1e-9 else None


def _ratio_remark(name: str, ratios: list[float], args: Sequence[tuple]) -> str | None:
    rows = [next((len(item) for item in row if isinstance(item, np.ndarray) and item.ndim), 0) for row in args]
    if all(n > 1 for n in rows) and len(set(rows)) > 1:
        if all(abs(ratio - n) < 1e-7 * n for ratio, n in zip(ratios, rows, strict=True)):
            return f"{name} is the right one times N, the number of rows: sum or mean?"
        if all(abs(ratio * n - 1) < 1e-7 for ratio, n in zip(ratios, rows, strict=True)):
            return f"{name} is the right one divided by N, the number of rows: sum or mean?"
    if np.ptp(ratios) > 1e-7 * abs(ratios[0]):
        return None
    if abs(ratios[0] + 1) < 1e-9:
        return f"{name} has the wrong sign"
    return f"{name} is the right one times {show(round(ratios[0], 9))}"


def _offset(mine: np.ndarray, right: np.ndarray) -> float | None:
    if right.size < 2:
        return None
    shift = float((mine - right).mean())
    return shift if compare(mine, right + shift) is None else None


def _nearly(mine: np.ndarray, right: np.ndarray) -> bool:
    size = np.abs(right).max() if right.size else 0.0
    return bool(size > 0 and np.abs(mine - right).max() <= 5e-4 * size)


def _equals_an_argument(mine: np.ndarray, args: tuple) -> bool:
    return any(isinstance(item, np.ndarray) and item.shape == mine.shape and item.size > 1 and compare(mine, item) is None
               for item in args)
