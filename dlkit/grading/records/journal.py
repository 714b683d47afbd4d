"""The journal of a class: what came of everything that was handed in, kept for good in ``journal/`` beside ``submitted/``.

    journal/class.jsonl                   names of students, and when units are due
    journal/units/<unit>/log.jsonl        results, attempts, marks given by hand, and what has been entered in the gradebook
    journal/units/<unit>/graded.gz        every graded notebook, one after the other; the log says where each begins
    journal/snapshots/                    the gradebook as it was before the last runs
    journal/damaged/                      what crashes left behind

Records of a unit are of these kinds. *run*: notebooks were run, and on what. *result*: one notebook was graded. *attempt*: all
notebooks of one submission. *sheet*: what the gradebook said about a submission when that was not what the journal said (a
person has marked it). *done*: the attempt is in the gradebook, which now says this, and its graded notebooks are in place. The
gradebook can be rebuilt from these alone; what it said last of a submission is in one record, so that a damaged one does
little harm. *lost*: a graded notebook was damaged, and its result does not count any more.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from dlkit.grading.course import Course, CourseError
from dlkit.grading.records.log import Log
from dlkit.grading.records.pack import Pack, digest_of
from dlkit.grading.records.sheet import Sheet
from dlkit.grading.results import GradedNotebook

FOLDER = "journal"


class Damaged(CourseError):
    """A file of the journal is not what was written."""


def journal_folder(course: Course) -> Path:
    return course.root / FOLDER


def journalled_units(course: Course) -> list[str]:
    """The units that the journal knows, in order."""
    return sorted(path.parent.name for path in (journal_folder(course) / "units").glob("*/log.jsonl"))


@dataclass
class _Known:
    """Where the last records of a student are, and what they say; small, since there is one for each student."""

    __slots__ = ("attempt", "digest", "done", "number", "place", "sheet", "whole")
    number: int
    place: int  # of the last attempt
    sheet: int  # place of what the gradebook said last
    attempt: str  # its name
    done: str  # name of the last attempt entered in the gradebook
    digest: str  # of the sheet in the gradebook, as far as the journal knows
    whole: bool  # the last attempt can be read


class UnitJournal:
    """The journal of one unit, open. In memory it keeps where things are, not what they are.

    Parameters
    ----------
    course, unit
        Whose journal it is.
    writable : bool
        ``False`` to look things up only. A writer holds the lock of the class (:class:`dlkit.grading.records.log.Lock`).
    """

    def __init__(self, course: Course, unit: str, writable: bool = True) -> None:
        self.folder = journal_folder(course) / "units" / unit
        self.log = Log(self.folder / "log.jsonl", writable)
        self._graded = Pack(self.folder / "graded.gz")
        self._known: dict[str, _Known] = {}
        self._results: dict[bytes, int] = {}
        for place, record in self.log.records():
            self._learn(place, record)

    def __enter__(self) -> UnitJournal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._graded.close()
        self.log.close()

    def _learn(self, place: int, record: Mapping[str, Any]) -> None:
        kind, student = record["kind"], record.get("student", "")
        if kind == "result":
            self._results[_short(record["address"])] = place
            return
        if kind == "lost":
            self._results.pop(_short(record["address"]), None)
        if not student:
            return
        known = self._known.setdefault(student, _Known(0, -1, -1, "", "", "", True))
        if kind == "attempt":
            known.number, known.place, known.attempt, known.whole = record["attempt"], place, record["id"], True
        elif kind in ("done", "sheet"):
            known.digest, known.sheet = record["digest"], place
            if kind == "done":
                known.done, known.whole = record["id"], record["id"] == known.attempt

    def students(self) -> list[str]:
        """Everyone who has an attempt."""
        return sorted(student for student, known in self._known.items() if known.place >= 0)

    def unfinished(self) -> Iterator[dict[str, Any]]:
        """Attempts that may not be in the gradebook yet."""
        for student in self.students():
            known = self._known[student]
            if known.whole and known.done != known.attempt:
                yield self.log.read(known.place)

    def find(self, address: str) -> dict[str, Any] | None:
        """The last result for a notebook with this address, if there is one."""
        place = self._results.get(_short(address))
        return None if place is None else self.log.read(place)

    def last(self, student: str) -> dict[str, Any] | None:
        """The last attempt of a student; ``None`` if there is none, or it cannot be read."""
        known = self._known.get(student)
        return None if known is None or known.place < 0 or not known.whole else self.log.read(known.place)

    def place(self, student: str) -> int:
        """Where the last attempt of a student is written down; it changes with each new attempt."""
        return self._known[student].place

    def is_done(self, attempt: Mapping[str, Any]) -> bool:
        known = self._known.get(attempt["student"])
        return known is not None and known.done == attempt["id"]

    def digest(self, student: str) -> str:
        """The digest of the student's sheet as the journal knows it; empty if there was none."""
        known = self._known.get(student)
        return known.digest if known else ""

    def keep(self, graded: GradedNotebook, address: str, made_of: Mapping[str, str]) -> dict[str, Any]:
        """Write down the result of one notebook, and its graded notebook before it."""
        result = plain_result(graded, address, made_of)
        known = self._known.get(graded.student)
        result["attempt"] = (known.number if known else 0) + 1
        before = self.find(address)
        if before is not None and same_result(before) == same_result(result):
            return before
        if graded.content is not None:
            result["place"] = list(self._graded.add(graded.content.encode("utf-8")))
        self._results[_short(address)] = self.log.add("result", lasting=False, **result)
        return result

    def attempt(self, student: str, results: list[dict[str, Any]], **about: Any) -> dict[str, Any]:
        """The attempt with these results: the last one if it has the same, else a new one, written down."""
        last = self.last(student)
        results = [{name: value for name, value in result.items() if name not in _RECORD} for result in results]
        content = json.dumps([[same_result(result) for result in results], about], sort_keys=True)
        identity = hashlib.sha256(content.encode()).hexdigest()[:16]
        same = last is not None and last["id"] == identity
        if same and [result["place"] for result in last["notebooks"]] == [result["place"] for result in results]:
            return last  # else its graded notebooks were damaged, and are there again
        before = {result["notebook"]: result for result in last["notebooks"]} if last else {}
        changed = [
            result["notebook"] for result in results
            if result["notebook"] not in before or same_result(before[result["notebook"]]) != same_result(result)
        ]  # fmt: skip
        known = self._known.get(student)
        number = (known.number if known else 0) + (not same)
        self._graded.sync()
        fields = dict(student=student, attempt=number, id=identity, after=last["id"] if last else "", changed=changed,
                      notebooks=results, **about)  # fmt: skip
        place = self.log.add("attempt", **fields)
        self._learn(place, {"kind": "attempt", **fields})
        return fields

    def begin(self, **about: Any) -> None:
        """Write down on what the notebooks that follow are run."""
        self.log.add("run", lasting=False, **about)

    def keep_sheet(self, sheet: Sheet) -> None:
        """Write down what the gradebook says about a submission, if that is not what the journal says."""
        if sheet.digest != self.digest(sheet.student):
            fields = {"student": sheet.student, "digest": sheet.digest, "sheet": sheet.plain()}
            self._learn(self.log.add("sheet", **fields), {"kind": "sheet", **fields})

    def done(self, attempt: Mapping[str, Any], sheet: Sheet) -> None:
        """Write down that an attempt is in the gradebook, which now says `sheet`, and in place."""
        if self.is_done(attempt) and sheet.digest == self.digest(sheet.student):
            return
        fields = {"student": sheet.student, "attempt": attempt["attempt"], "id": attempt["id"], "digest": sheet.digest,
                  "sheet": sheet.plain()}  # fmt: skip
        self._learn(self.log.add("done", lasting=False, **fields), {"kind": "done", **fields})

    def content(self, result: Mapping[str, Any]) -> bytes | None:
        """The graded notebook of a result, ``None`` if there is none; :class:`Damaged` if it is not what was written."""
        if not result["graded"]:
            return None
        data = self._graded.read(*result["place"])
        if data is not None and digest_of(data) == result["graded"]:
            return data
        if self.log.writable and _short(result["address"]) in self._results:
            self._learn(0, {"kind": "lost", "address": result["address"]})
            self.log.add("lost", address=result["address"])
        raise Damaged(f"a graded notebook in {self._graded.path} is damaged: the next run grades it again")

    def sheets(self) -> Iterator[tuple[str, Sheet]]:
        """What the gradebook said last about each submission, as far as the journal knows."""
        for student in sorted(self._known):
            place = self._known[student].sheet
            yield student, Sheet(**self.log.read(place)["sheet"]) if place >= 0 else Sheet(student)


_RECORD = {"n", "kind", "when"}
_ACCIDENTAL = {"attempt", "seconds", "place", *_RECORD}


def _short(address: str) -> bytes:
    return bytes.fromhex(address[:32])


def same_result(result: Mapping[str, Any]) -> dict[str, Any]:
    """What two results have to agree in to be the same."""
    return {name: value for name, value in result.items() if name not in _ACCIDENTAL}


def plain_result(graded: GradedNotebook, address: str = "", made_of: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A graded notebook as a record of the journal, without its content."""
    marks, problem = graded.marks, graded.problem
    content = (graded.content or "").encode("utf-8")
    if any(mark is not None and not math.isfinite(mark) for mark in marks.values()):
        marks, problem = {}, problem or f"{graded.notebook}: a mark is not a number"
    return {
        "student": graded.student, "notebook": graded.notebook, "address": address, "missing": graded.missing,
        "marks": marks, "unanswered": graded.unanswered, "notes": graded.notes, "problem": problem, "flags": graded.flags,
        "level": graded.level, "seconds": round(graded.seconds, 3), "graded": digest_of(content), "size": len(content),
        "place": None, "made_of": dict(made_of or {}),
    }  # fmt: skip


class ClassJournal:
    """Names of students, and when units are due: ``class.jsonl``."""

    def __init__(self, course: Course, writable: bool = True) -> None:
        self.log = Log(journal_folder(course) / "class.jsonl", writable)
        self.facts: dict[tuple[str, str], dict[str, Any]] = {}
        for _, record in self.log.records():
            self.facts[record["kind"], record["name"]] = record["fields"]

    def __enter__(self) -> ClassJournal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.log.close()

    def keep(self, kind: str, name: str, **fields: Any) -> None:
        """Write down what is known of a ``student`` or a ``unit``, if that is new."""
        if self.facts.get((kind, name), {}) != fields:
            self.log.add(kind, name=name, fields=fields)
            self.facts[kind, name] = fields

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        return {name: fields for (is_kind, name), fields in sorted(self.facts.items()) if is_kind == kind}

