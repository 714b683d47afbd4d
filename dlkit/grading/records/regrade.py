"""Grading again after exercises, the course key or the environment have changed: what it would change, before it is done."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlalchemy import inspect
from tqdm import tqdm

from dlkit.grading.cells import VERDICT
from dlkit.grading.course import Course, CourseError
from dlkit.grading.engine import grade_unit
from dlkit.grading.handed_in.reading import readable
from dlkit.grading.handed_in.submissions import iter_submissions
from dlkit.grading.pages.marks import harmless
from dlkit.grading.records.address import Addresses
from dlkit.grading.records.entries import CHUNK, read_sheets
from dlkit.grading.records.journal import Damaged, UnitJournal, plain_result
from dlkit.grading.records.sheet import MANUAL
from dlkit.grading.records.tables import ENTERED, connect
from dlkit.grading.results import UnitResult
from dlkit.grading.running.crew import CrewMaker, LazyCrew
from dlkit.grading.running.local import local_crew
from dlkit.grading.running.worker import Task


@dataclass
class Change:
    """One mark that is not what it was; ``None`` where there is or was no mark."""

    student: str
    notebook: str
    grade_id: str
    before: float | None
    after: float | None
    why: str
    by_hand: float | None = None  # what a person has given instead: that stays

    @property
    def points(self) -> float:
        """By how much the student's points change."""
        return 0.0 if self.by_hand is not None else (self.after or 0.0) - (self.before or 0.0)


@dataclass
class Preview:
    """What grading again would change."""

    unit: str
    changes: list[Change] = field(default_factory=list)
    run: int = 0
    same: int = 0  # notebooks that need not be run
    notes: list[str] = field(default_factory=list)


def preview(
    course: Course, unit: str, *, jobs: int | None = None, students: Iterable[str] | None = None,
    cell_timeout: int | None = None, again: bool = False, progress: bool = True, crew: CrewMaker = local_crew,
) -> Preview:  # fmt: skip
    """Run again what would be run again, and compare the marks with those in the journal. Nothing is written."""
    course.check_unit(unit)
    found = Preview(unit)
    with ExitStack() as stack:
        journal = stack.enter_context(UnitJournal(course, unit, writable=False))
        known = graded_students(course, unit, journal, students)
        found.notes += journal.log.notes
        addresses = Addresses(course, unit, cell_timeout)
        jobs = max(1, jobs or os.cpu_count() or 1)
        total = len(known) * len(course.notebooks(unit))
        bar = stack.enter_context(tqdm(total=total, unit="notebook", desc="trying", disable=not progress, smoothing=0.05))
        made_of: dict[tuple[str, str], dict[str, str]] = {}

        def tasks() -> Iterator[Task]:
            for submission in iter_submissions(course, unit, known):
                for task in submission.tasks:
                    address, parts = addresses.of(task)
                    if not again and journal.find(address) is not None:
                        found.same += 1
                        bar.update()
                    else:
                        made_of[task.student, task.notebook] = parts
                        yield task

        team = LazyCrew(stack, lambda: crew(course, unit, jobs, cell_timeout))
        for graded in team.grade(tasks()):
            found.run += 1
            bar.update()
            result = plain_result(graded, "", made_of.pop((graded.student, graded.notebook)))
            last = journal.last(graded.student) or {"notebooks": []}
            before = next((old for old in last["notebooks"] if old["notebook"] == graded.notebook), None)
            found.changes += differences(before, result, _content(journal, before), (graded.content or "").encode())
    add_marks_by_hand(course, unit, found.changes)
    found.changes.sort(key=lambda change: (change.student, change.notebook, change.grade_id))
    return found


def regrade(course: Course, unit: str, students: Iterable[str] | None = None, **options: Any) -> tuple[Preview, UnitResult]:
    """Grade again those who have been graded, and say what has changed; `options` are those of the engine."""
    course.check_unit(unit)
    with UnitJournal(course, unit, writable=False) as journal:
        known = graded_students(course, unit, journal, students)
        before = {student: journal.place(student) for student in known}
    result = grade_unit(course, unit, students=known, **options)
    run = sum(row.run for row in result.rows)
    found = Preview(unit, run=run, same=len(known) * len(course.notebooks(unit)) - run, notes=result.notes)
    with UnitJournal(course, unit, writable=False) as journal:
        for student in known:
            if journal.place(student) != before[student]:
                old = {item["notebook"]: item for item in journal.log.read(before[student])["notebooks"]}
                for item in (journal.last(student) or {})["notebooks"]:
                    was = old.get(item["notebook"])
                    found.changes += differences(was, item, _content(journal, was), _content(journal, item))
    add_marks_by_hand(course, unit, found.changes)
    return found, result


def graded_students(course: Course, unit: str, journal: UnitJournal, students: Iterable[str] | None = None) -> list[str]:
    """Those who have been graded, and whose work is still there (of `students`, if given)."""
    known = [name for name in journal.students() if course.submitted(name, unit).is_dir()]
    if students is not None:
        wanted = list(dict.fromkeys(students))
        absent = [name for name in wanted if name not in known]
        if absent:
            raise CourseError(f"{unit} of {', '.join(map(readable, absent))} has not been graded yet: use 'dlkit grade'")
        known = wanted
    if not known:
        raise CourseError(f"{unit} has not been graded yet: use 'dlkit grade {unit}'")
    return known


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], old: bytes | None, new: bytes | None
) -> Iterator[Change]:
    """The marks in which two results for a notebook differ, and why."""
    was, now = (before or {}).get("marks", {}), after["marks"]
    ids = [grade_id for grade_id in sorted({*was, *now}) if was.get(grade_id) != now.get(grade_id)]
    if not ids:
        return
    then, there = _verdicts(old), _verdicts(new)
    causes = _causes(before, after)
    for grade_id in ids:
        reasons = [after["problem"]] if after["problem"] else _parts(then.get(grade_id, {}), there.get(grade_id, {}))
        why = "; ".join(part for part in (*reasons, causes) if part)
        yield Change(after["student"], after["notebook"], grade_id, was.get(grade_id), now.get(grade_id), why)


def _causes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    """What has changed since the marks were given."""
    if before is None or not before["made_of"]:
        return "was not graded before"
    changed = [name for name, value in after["made_of"].items() if before["made_of"].get(name) != value]
    return "changed: " + ", ".join(changed) if changed else "nothing has changed: the answer or the machine is not steady"


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What the parts of an exercise say now, as far as that is new."""
    was = {str(part.get("name")): part for part in _list(before.get("parts"))}
    found = []
    for part in _list(after.get("parts")):
        old = was.pop(str(part.get("name")), None)
        if old is None or (old.get("mark"), old.get("points")) != (part.get("mark"), part.get("points")):
            then = "" if old is None else f" instead of {old.get('mark')}/{old.get('points')}"
            found.append(f"{part.get('name')}: {part.get('mark')}/{part.get('points')}{then}")
    found += [f"{name}: no longer asked" for name in was] if after else []
    diagnosis = after.get("diagnosis")
    return [*found, str(diagnosis)[:300]] if diagnosis and diagnosis != before.get("diagnosis") else found


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _verdicts(content: bytes | None) -> dict[str, dict[str, Any]]:
    """The verdicts in a graded notebook, by grade cell."""
    found = {}
    for cell in json.loads(content).get("cells", []) if content else []:
        grade_id = (cell.get("metadata", {}).get("nbgrader") or {}).get("grade_id")
        for output in cell.get("outputs", []):
            verdict = output.get("data", {}).get(VERDICT)
            if isinstance(grade_id, str) and isinstance(verdict, dict):
                found[grade_id] = verdict
    return found


def _content(journal: UnitJournal, result: Mapping[str, Any] | None) -> bytes | None:
    try:
        return journal.content(result) if result else None
    except Damaged:
        return None


def add_marks_by_hand(course: Course, unit: str, changes: list[Change]) -> None:
    """Say of each change which mark a person has given; it stays whatever the new mark is."""
    if not changes or (course.has_file and not course.database.is_file()):
        return
    engine = connect(course.database_url)
    names = sorted({change.student for change in changes})
    sheets = {}
    with engine.connect().execution_options(reading=True) as connection:
        if inspect(connection).has_table(ENTERED.name):
            for start in range(0, len(names), CHUNK):
                sheets.update(read_sheets(connection, unit, names[start : start + CHUNK]))
    engine.dispose()
    for change in changes:
        if change.student in sheets:
            row = sheets[change.student][0].grades.get(change.notebook, {}).get(change.grade_id)
            change.by_hand = row[MANUAL] if row else None


def changes_text(found: Preview, names: Mapping[str, str], done: bool = False, width: int = 160) -> str:
    """The changes as a table for people, and a summary."""
    head = ("student", "exercise", "before", "after", "change", "because")
    lines = [head]
    for change in found.changes:
        hand = f"a person gave {change.by_hand:g}, which stays; " if change.by_hand is not None else ""
        show = ["-" if mark is None else f"{mark:g}" for mark in (change.before, change.after)]
        name = names.get(change.student, change.student)
        lines.append((name, change.grade_id, *show, f"{change.points:+g}", hand + change.why))
    sizes = [max(len(line[i]) for line in lines) for i in range(5)]
    text = []
    for line in lines if found.changes else []:
        left = "  ".join(cell.ljust(size) for cell, size in zip(line[:5], sizes, strict=True))
        room = max(24, width - len(left) - 2)
        text.append(f"{left}  {line[5] if len(line[5]) <= room else line[5][: room - 3] + '...'}")
    totals: dict[str, float] = {}
    for change in found.changes:
        totals[change.student] = totals.get(change.student, 0.0) + change.points
    up, down = (sum(sign * total > 1e-9 for total in totals.values()) for sign in (1, -1))
    changed = f"points of {up + down} students {'have changed' if done else 'would change'} ({up} up, {down} down)"
    ran = f"{found.run} notebooks run again, {found.same} are as they were"
    return "\n".join([*text, *found.notes, f"{changed}; {ran}" + ("" if done else "; nothing has been written")])


def write_changes(found: Preview, path: Path) -> None:
    """The changes as a table for spreadsheets."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([item.name for item in fields(Change)])
        writer.writerows([harmless(value) for value in astuple(change)] for change in found.changes)
