"""What notebooks call: :func:`check`, :func:`hint`, :func:`use`; and :func:`grade`, the same check with the course key."""

from __future__ import annotations

import inspect
import os
import random
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dlkit.checking import own_code
from dlkit.checking.cases import find_key
from dlkit.checking.diagnose import diagnose
from dlkit.checking.display import card_of, error_card, hint_card, notice_card, show
from dlkit.checking.judge import Verdict, judge, passes
from dlkit.checking.links import LocalLink
from dlkit.checking.protocol import fingerprint
from dlkit.checking.quiet import Quiet
from dlkit.checking.shortcuts import unwatched
from dlkit.exercises import find
from dlkit.exercises.model import Exercise

_STARTED_IN = Path.cwd()  # an answer may change the working directory later
_running: list[str] = []
_hints: dict[str, int] = {}


def check(key: str) -> float:
    """Judge your answer to an exercise on its visible cases: shows a card and returns the marks so far.

    The answer is looked up by name where `check` is called, so a missing or broken answer never raises here.
    """
    return _judged(key, inspect.currentframe().f_back.f_globals, None)  # type: ignore[union-attr]


def grade(key: str) -> float:
    """Judge an answer as in grading: on cases drawn from the course key. Without a key, like :func:`check`."""
    return _judged(key, inspect.currentframe().f_back.f_globals, find_key(_STARTED_IN))  # type: ignore[union-attr]


def being_graded() -> bool:
    """Whether the notebook is being graded now: experiments that no mark depends on are skipped then."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _judged(key: str, namespace: Mapping[str, Any], secret: bytes | None) -> float:
    try:
        exercise = find(key)
    except KeyError as error:
        show(error_card(key, str(error.args[0])))
        return 0.0
    verdict, printed = verdict_on(exercise, namespace, secret)
    if verdict.passed and not being_graded():
        own_code.remember(exercise, namespace)
    show(card_of(verdict, printed))
    if verdict.passed and os.environ.get("NBGRADER_EXECUTION") == "validate":
        return exercise.points  # nbgrader's Validate asks whether anything fails, and hidden checks cannot be run there
    return float(verdict.mark)


def verdict_on(exercise: Exercise, namespace: Mapping[str, Any], secret: bytes | None = None) -> tuple[Verdict, str]:
    """The verdict with its diagnosis, and what the answer printed; nothing outside is changed."""
    with _judging(exercise) as quiet:
        verdict = judge(exercise, LocalLink(_View(namespace)), secret)
        verdict.diagnosis = diagnose(verdict)
    return verdict, quiet.text


@contextmanager
def _judging(exercise: Exercise) -> Iterator[Quiet]:
    _running.append(exercise.key)
    try:
        with _undisturbed(), Quiet() as quiet:
            yield quiet
    finally:
        _running.pop()


class _View(Mapping):
    """The student's names, read when they are needed and never written."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace

    def __getitem__(self, name: str) -> Any:
        return self._namespace[name]

    def __contains__(self, name: object) -> bool:
        return name in self._namespace

    def __iter__(self) -> Iterator[str]:
        return iter(self._namespace)

    def __len__(self) -> int:
        return len(self._namespace)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave the random states, NumPy's error settings and the warning filters as they were."""
    states = random.getstate(), np.random.get_state()
    torch = sys.modules.get("torch")
    torch_state = torch.get_rng_state() if torch is not None and hasattr(torch, "get_rng_state") else None
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        if torch_state is not None:
            torch.set_rng_state(torch_state)  # type: ignore[union-attr]


def hint(key: str, number: int | None = None) -> None:
    """Show the next hint to an exercise (there are three), or the one with this number."""
    try:
        exercise = find(key)
    except KeyError as error:
        show(error_card(key, str(error.args[0])))
        return
    if number is None:
        number = min(_hints.get(key, 0) + 1, len(exercise.hints))
        _hints[key] = number
    if not 1 <= number <= len(exercise.hints):
        show(error_card(key, f"there are hints 1 to {len(exercise.hints)}, not {number}"))
        return
    show(hint_card(exercise, number))


def use(key: str) -> Any:
    """Your own answer to an exercise if it passes its check, else the reference, with a notice.

    Looked for in this notebook, then among the answers that passed in earlier ones. An exercise with several names gives
    a tuple of them. Inside the exercise itself it is refused.
    """
    exercise = find(key)
    if key in _running:
        raise RuntimeError(f"use({key!r}) inside its own exercise: write the answer yourself")
    namespace = inspect.currentframe().f_back.f_globals  # type: ignore[union-attr]
    own = {name: namespace[name] for name in exercise.names if name in namespace}
    if len(own) == len(exercise.names) and _passes(exercise, own):
        return _unpacked(own)
    if not being_graded():
        saved = own_code.recall(exercise)
        if saved and _passes(exercise, saved):
            show(notice_card(f"{key}: using the answer that you wrote earlier."))
            return _unpacked(saved)
    show(notice_card(f"{key}: using the course's own version (no answer of yours passes its check yet)."))
    return _unpacked({name: _reference(value) for name, value in exercise.namespace().items()})


_passed: dict[tuple, bool] = {}


def _passes(exercise: Exercise, own: Mapping[str, Any]) -> bool:
    print_of = tuple(fingerprint(value) for value in own.values())
    if (exercise.key, print_of) not in _passed:
        with _judging(exercise):
            _passed[exercise.key, print_of] = passes(exercise, LocalLink(own))
    return _passed[exercise.key, print_of]


def _reference(value: Any) -> Any:
    return value if isinstance(value, type) else unwatched(value)


def _unpacked(found: Mapping[str, Any]) -> Any:
    values = tuple(found.values())
    return values[0] if len(values) == 1 else values
