"""Judge one answer: run the cases, compare, add up the parts.

>>> from dlkit.checking.judge import judge_namespace
>>> from dlkit.exercises import find
>>> exercise = find("unit1.linear_unit")
>>> judge_namespace(exercise, exercise.namespace()).passed
True
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from dlkit.checking.cases import Case, draw_cases
from dlkit.checking.client import Client
from dlkit.checking.compare import Difference, compare
from dlkit.checking.links import LocalLink
from dlkit.checking.protocol import AnswerError, Link
from dlkit.exercises.model import Exercise


@dataclass
class Outcome:
    """What an answer gave for one case: a value or an error, and which arguments it modified in place."""

    value: Any = None
    error: AnswerError | None = None
    changed: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class CaseResult:
    """A case with the answer's outcome, the expected value, and what is wrong (``None``: nothing)."""

    case: Case
    outcome: Outcome
    expected: Any
    difference: Difference | None
    failed_steps: dict[str, Difference] = field(default_factory=dict)


@dataclass
class PartResult:
    name: str
    points: float
    passed: bool

    @property
    def mark(self) -> float:
        return self.points if self.passed else 0.0


@dataclass
class Verdict:
    """The mark of an answer, part by part, and the cases behind it."""

    exercise: Exercise
    parts: list[PartResult]
    results: list[CaseResult]
    shortcuts: list[str]
    graded: bool
    diagnosis: str | None = None

    @property
    def mark(self) -> float:
        return round(float(sum(part.mark for part in self.parts)), 9)

    @property
    def passed(self) -> bool:
        """Whether every case that was run is right (hidden regimes are not run in the notebook)."""
        return bool(self.results) and self.first_failure is None

    @property
    def first_failure(self) -> CaseResult | None:
        return next((result for result in self.results if result.difference), None)

    def failed_checks(self) -> list[str]:
        """Names of the checks (worked example, regimes) with at least one wrong case, in order."""
        return list(dict.fromkeys(result.case.check for result in self.results if result.difference))


def run_case(exercise: Exercise, client: Client, args: tuple) -> Outcome:
    """One case through the protocol, by the probe of the exercise or by a plain call."""
    client.changed = []
    if not exercise.probe:
        return _outcome(client, lambda: client(*args))
    # The probe runs on the judge's side and must not hand one case's modified arrays to the next.
    own = tuple(item if callable(item) else copy.deepcopy(item) for item in args)
    found = _outcome(client, lambda: exercise.probe(client, *own))
    client.finish(in_time=not found.error or found.error.kind != "TimeoutError")
    return found


def _outcome(client: Client, found: Callable[[], Any]) -> Outcome:
    try:
        value = found()
    except AnswerError as error:
        return Outcome(error=error, changed=client.changed)
    except Exception as error:  # a probe tripped over what the answer returned
        return Outcome(error=AnswerError("TypeError", f"the result cannot be used: {error}"), changed=client.changed)
    return Outcome(value, None, client.changed)


def outcomes(exercise: Exercise, client: Client, cases: Sequence[Case], watch: bool) -> Iterator[Outcome]:
    """The answer's outcomes, case by case; without a probe, all calls go together.

    Shortcuts are looked for in the first case of each check.
    """
    first = {case.check: case for case in reversed(cases)}
    calls = []
    for case in cases:
        client.forbids = tuple(exercise.forbids) if watch and case is first[case.check] else ()
        if exercise.probe:
            yield run_case(exercise, client, case.args)
        else:
            calls.append(client.later(exercise.names[0], *case.args))
    for call in calls:
        client.changed = []
        yield _outcome(client, lambda call=call: call.value)


@lru_cache(maxsize=256)
def cases_and_expected(exercise: Exercise, secret: bytes | None) -> tuple[list[Case], list[Any]]:
    """The cases with the reference's results, remembered: the visible ones, or with a course key the hidden ones."""
    cases = draw_cases(exercise, secret)
    return cases, _expected(exercise, cases)


def _expected(exercise: Exercise, cases: Sequence[Case]) -> list[Any]:
    client = Client(LocalLink(exercise.namespace()), exercise.names)
    results = list(outcomes(exercise, client, cases, watch=False))
    for case, outcome in zip(cases, results, strict=True):
        if outcome.error:
            raise RuntimeError(f"{exercise.key}: the reference fails on {case.check!r}: {outcome.error}")
    return [outcome.value for outcome in results]


def judge(exercise: Exercise, link: Link, secret: bytes | None = None) -> Verdict:
    """The verdict on the answer at the other end of `link`.

    With a course key (`secret`) all cases are drawn from it, hidden regimes included; without one the visible cases decide.
    An answer that ends its process, or cannot be stopped, gets nothing, whatever it got right before.
    """
    cases, expected = cases_and_expected(exercise, secret)
    client = Client(link, exercise.names)
    got = list(outcomes(exercise, client, cases, watch=True))
    if client.died:  # how far it got before depends on how calls were sent
        got = [Outcome(error=client.died) for _ in cases]
    results = [_compared(exercise, *row) for row in zip(cases, got, expected, strict=True)]
    return Verdict(exercise, _parts(exercise, results), results, sorted(client.shortcuts), secret is not None)


def passes(exercise: Exercise, link: Link) -> bool:
    """Whether an answer passes its visible cases: as `judge(exercise, link).passed`, but no call is sent after a failure."""
    cases, expected = cases_and_expected(exercise, None)
    rows = zip(cases, outcomes(exercise, Client(link, exercise.names), cases, watch=False), expected, strict=True)
    return bool(cases) and not any(_compared(exercise, *row).difference for row in rows)


def judge_namespace(exercise: Exercise, namespace: Mapping[str, Any], secret: bytes | None = None) -> Verdict:
    """:func:`judge` for functions in this process."""
    return judge(exercise, LocalLink(namespace), secret)


def _compared(exercise: Exercise, case: Case, outcome: Outcome, expected: Any) -> CaseResult:
    try:
        return _result(exercise, case, outcome, expected)
    except Exception as error:  # a result so odd that looking at it fails is a wrong one
        difference = Difference("error", f"the result cannot be compared: {type(error).__name__}: {str(error)[:200]}")
        return CaseResult(case, outcome, expected, difference, dict.fromkeys(_all_steps(exercise), difference))


def _result(exercise: Exercise, case: Case, outcome: Outcome, expected: Any) -> CaseResult:
    if outcome.error:
        difference: Difference | None = Difference("error", str(outcome.error))
        return CaseResult(case, outcome, expected, difference, dict.fromkeys(_all_steps(exercise), difference))
    if exercise.follow:
        failed = _failed_steps(exercise, case, outcome.value, expected)
        difference = next(iter(failed.values()), None)
    else:
        failed = {}
        difference = differs(exercise, case.args, outcome.value, expected)
    if outcome.changed and not difference:
        name, position = outcome.changed[0]
        difference = Difference("modified", f"{name} modified {_argument(exercise, name, position)} in place: work on a copy")
        failed = dict.fromkeys(_all_steps(exercise), difference)
    return CaseResult(case, outcome, expected, difference, failed)


def _argument(exercise: Exercise, function: str, position: int) -> str:
    """The name of an argument, as the reference calls it."""
    try:
        return list(inspect.signature(exercise.namespace()[function]).parameters)[position]
    except (KeyError, TypeError, ValueError, IndexError):
        return f"its argument number {position + 1}"


def differs(exercise: Exercise, args: tuple, got: Any, expected: Any) -> Difference | None:
    """What is wrong with a result, by the exercise's own test or by comparison with the expected value."""
    if exercise.accepts:
        says = exercise.accepts(args, got)
        return Difference("value", says) if says else None
    return compare(got, expected, exercise.rtol, exercise.atol, names=tuple(exercise.returns))


def _all_steps(exercise: Exercise) -> list[str]:
    return [step for steps in exercise.steps.values() for step in steps]


def _failed_steps(exercise: Exercise, case: Case, got: Any, expected: dict) -> dict[str, Difference]:
    """Of a chain of steps, those that are wrong given the student's own earlier values."""
    if not isinstance(got, dict):
        return dict.fromkeys(_all_steps(exercise), compare(got, expected))
    own = {name: got[name] if _usable(got.get(name), expected[name]) else expected[name] for name in expected}
    right = exercise.follow(case.args, own)
    failed = {}
    for step in _all_steps(exercise):
        if step not in got:
            failed[step] = Difference("nothing", f"{step} is missing from the result", step)
        elif found := compare(got[step], right[step], exercise.rtol, exercise.atol, step):
            failed[step] = found
    return failed


def _usable(value: Any, expected: Any) -> bool:
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return False
    return array.shape == np.shape(expected) and bool(np.isfinite(array).all())


def _parts(exercise: Exercise, results: Sequence[CaseResult]) -> list[PartResult]:
    failed: set[str] = set()
    judged: set[str] = set()
    for result in results:
        if exercise.steps:
            failed |= {part for part, steps in exercise.steps.items() if set(steps) & set(result.failed_steps)}
            judged |= set(exercise.steps)
        else:
            part = exercise.part_of(result.case.check)
            judged.add(part)
            if result.difference:
                failed.add(part)
    return [PartResult(name, float(points), name in judged and name not in failed)
            for name, points in exercise.parts.items()]
