"""How good the diagnosis is, measured on answers by people who had not seen the bank (see README.md beside this file)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from dlkit.checking.diagnose import diagnose, named_mistake
from dlkit.checking.judge import judge_namespace
from dlkit.exercises import find

KINDS = ("single", "pair", "unknown", "right")


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


def verdict_of(answer: Stranger, secret: bytes | None = None):
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
