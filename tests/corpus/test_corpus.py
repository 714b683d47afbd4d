"""How good the diagnosis is, measured on answers by people who had not seen the bank (see README.md beside this file)."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlkit.checking.diagnose import diagnose, named_mistake
from dlkit.checking.judge import PartResult, Verdict, judge_namespace
from dlkit.exercises import find

KINDS = ("single", "pair", "unknown", "right")
TIME_LIMIT = 60.0  # seconds for one answer with all its cases; who needs longer is wrong


@dataclass(frozen=True)
class Stranger:
    key: str
    kind: str
    says: str
    name: str
    source: str

    def __str__(self):
        return f"{self.key} {self.kind} {self.says}"[:80]


def read(path: Path) -> list[Stranger]:
    blocks = re.split(r"^# %% ", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    found = []
    for block in blocks:
        head, _, source = block.partition("\n")
        kind, _, says = head.partition(":")
        name = re.search(r"^# name: (.*)$", source, flags=re.M)
        assert kind in KINDS and says.strip(), f"{path.name}: {head!r}"
        found.append(Stranger(path.stem, kind, says.strip(), name.group(1).strip() if name else "none", source))
    return found


ANSWERS = [answer for path in sorted((Path(__file__).parent / "answers").glob("*.py")) for answer in read(path)]


class TimeIsUp(KeyboardInterrupt):
    """Raised inside an answer that takes too long; the judge lets an interrupt through, whatever an answer raises otherwise."""


def within(seconds: float, work: Callable[[], Any]) -> Any:
    """What `work` returns; after `seconds` it is interrupted, and ``TimeIsUp`` is raised here.

    Signals with a timer do not exist everywhere, and a process for each answer costs too much: the work is done in a thread,
    in which an exception can be raised from outside. (Should the thread be deep in a library just then, it is left behind.)
    """
    done: dict = {}

    def run() -> None:
        try:
            done["result"] = work()
        except BaseException as error:
            done["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeIsUp))
        thread.join(5.0)
        raise TimeIsUp
    if "error" in done:
        raise done["error"]
    return done["result"]


@cache
def verdict_of(answer: Stranger, secret: bytes | None = None):
    """The verdict with its diagnosis, and the name of the mistake; an answer that does not end in time fails every part."""
    try:
        return within(TIME_LIMIT, lambda: _verdict_of(answer, secret))
    except TimeIsUp:
        exercise = find(answer.key)
        parts = [PartResult(name, float(points), False) for name, points in exercise.parts.items()]
        return Verdict(exercise, parts, [], [], secret is not None), None


def _verdict_of(answer: Stranger, secret: bytes | None):
    namespace: dict = {"np": np, "numpy": np, "__name__": "cell"}
    with np.errstate(all="ignore"):
        try:
            exec(compile(answer.source, f"<{answer.key}>", "exec"), namespace)
        except Exception:
            pass  # a cell that fails leaves its names undefined, as in a notebook
        verdict = judge_namespace(find(answer.key), namespace, secret)
        verdict.diagnosis = diagnose(verdict)
        return verdict, named_mistake(verdict) if verdict.first_failure else None


@pytest.mark.parametrize("answer", [a for a in ANSWERS if a.kind == "right"], ids=str)
def test_no_right_answer_loses_a_point(answer):
    assert verdict_of(answer, b"corpus")[0].mark == find(answer.key).points
    assert verdict_of(answer)[0].passed


@pytest.mark.parametrize("answer", [a for a in ANSWERS if a.kind != "right"], ids=str)
def test_no_wrong_answer_gets_full_marks_and_none_gets_a_wrong_name(answer):
    graded, name = verdict_of(answer, b"corpus")
    assert graded.mark < find(answer.key).points
    assert name in (None, answer.name)
    assert verdict_of(answer)[1] in (None, answer.name)


def test_names_of_the_corpus_are_names_of_the_bank():
    for answer in ANSWERS:
        known = {mistake.says for mistake in find(answer.key).mistakes} | {"none"}
        assert answer.name in known, f"{answer}: {answer.name!r}"


def test_nine_of_ten_known_single_mistakes_are_told_by_name(record_property):
    known = [answer for answer in ANSWERS if answer.kind == "single" and answer.name != "none"]
    told = [answer for answer in known if verdict_of(answer)[1] == answer.name or verdict_of(answer, b"corpus")[1] == answer.name]
    missed = [str(answer) for answer in known if answer not in told]
    print(f"{len(told)} of {len(known)} known single mistakes are named; of {len(ANSWERS)} answers in all")
    record_property("named", f"{len(told)} of {len(known)}")
    assert len([answer for answer in ANSWERS if answer.kind != "right"]) >= 100
    assert len(told) >= 0.9 * len(known), missed


def test_an_answer_that_does_not_end_is_wrong_and_is_stopped(monkeypatch):
    monkeypatch.setattr(f"{__name__}.TIME_LIMIT", 0.5)
    source = "def mse(prediction, target):\n    while True:\n        pass\n"
    before = threading.active_count()
    verdict, name = verdict_of(Stranger("unit1.mse", "single", "never ends", "none", source))
    assert (verdict.mark, verdict.passed, name) == (0.0, False, None)
    assert threading.active_count() == before
