"""The marks of a class in one unit, from the gradebook and the graded notebooks: what CSV, feedback and report are made of."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

from dlkit.grading.cells import VERDICT
from dlkit.grading.course import Course, CourseError, Slot
from dlkit.grading.pages.names import harmless
from dlkit.grading.records.gradebook import read_marks, read_names, read_penalties, read_students
from dlkit.grading.results import RUN_FILE, Row, UnitResult


@dataclass
class Cell:
    """One student's mark in one exercise, and what is known about it."""

    score: float | None
    answered: bool = True
    open: bool = False
    diagnosis: str | None = None
    shortcuts: list[str] = field(default_factory=list)


@dataclass
class Marks:
    """A unit's marks: ``cells[student][grade_id]``, rows of the run, and titles for people."""

    unit: str
    slots: list[Slot]
    cells: dict[str, dict[str, Cell]]
    rows: dict[str, Row]
    names: dict[str, str]
    penalties: dict[str, float]
    titles: dict[str, str]
    result: UnitResult

    def name(self, student: str) -> str:
        return self.names.get(student, student)

    def total(self, student: str) -> float:
        """Points of a student, late penalty taken off."""
        scores = (cell.score or 0.0 for cell in self.cells[student].values())
        return round(sum(scores) - self.penalties.get(student, 0.0), 10)

    @property
    def max_score(self) -> float:
        return sum(slot.points for slot in self.slots)

    def title(self, slot: Slot) -> str:
        return self.titles.get(slot.key) or slot.heading or slot.stem

    def mistakes(self) -> list[tuple[Slot, str, list[str]]]:
        """Named mistakes with the students who made them, the most frequent first."""
        who: dict[tuple[str, str], list[str]] = {}
        for student in sorted(self.cells):
            for grade_id, cell in self.cells[student].items():
                if cell.diagnosis:
                    who.setdefault((grade_id, cell.diagnosis), []).append(student)
        by_id = {slot.grade_id: slot for slot in self.slots}
        order = {slot.grade_id: number for number, slot in enumerate(self.slots)}
        ranked = sorted(who.items(), key=lambda item: (-len(item[1]), order[item[0][0]], item[0][1]))
        return [(by_id[grade_id], says, students) for (grade_id, says), students in ranked]


def load_marks(course: Course, unit: str) -> Marks:
    """Everything known about a graded unit; raises :class:`CourseError` if it has not been graded."""
    course.check_unit(unit)
    run = course.reports(unit) / RUN_FILE
    if not run.is_file() or (course.has_file and not course.database.is_file()):
        raise CourseError(f"{unit} has not been graded in {course.root}: run 'dlkit grade {unit}' first")
    result = UnitResult.load(run)
    slots = course.slots(unit)
    known = {slot.grade_id for slot in slots}
    cells: dict[str, dict[str, Cell]] = {}
    for mark in read_marks(course, unit):
        if mark.grade_id in known:
            cells.setdefault(mark.student, {})[mark.grade_id] = Cell(mark.score, open=mark.open)
    for student, found in cells.items():
        for slot in slots:
            found.setdefault(slot.grade_id, Cell(None, answered=False))
        cells[student] = {slot.grade_id: found[slot.grade_id] for slot in slots}
        for notebook in course.notebooks(unit):
            _look_into(course.autograded(student, unit) / f"{notebook}.ipynb", cells[student], slots)
    return Marks(
        unit, slots, cells, {row.student: row for row in result.rows}, read_names(course), read_penalties(course, unit),
        exercise_titles(), result,
    )  # fmt: skip


def _look_into(path: Path, cells: dict[str, Cell], slots: list[Slot]) -> None:
    """Take diagnoses from the cards in a graded notebook, and see which answers were never begun."""
    mine = [slot for slot in slots if slot.notebook == path.stem]
    if not path.is_file():
        for slot in mine:
            cells[slot.grade_id].answered = False
        return
    stems = {slot.stem: slot.grade_id for slot in mine}
    for raw in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        meta = raw["metadata"].get("nbgrader") or {}
        grade_id = meta.get("grade_id")
        if meta.get("solution") and (grade_id in stems or grade_id in cells):
            cell = NotebookNode(source="".join(raw["source"]), cell_type=raw["cell_type"])
            cell.metadata = NotebookNode(nbgrader=NotebookNode(meta))
            if meta.get("checksum") == utils.compute_checksum(cell) or not cell.source.strip():
                cells[stems.get(grade_id, grade_id)].answered = False
        elif grade_id in cells:
            verdict = verdict_of(raw)
            cells[grade_id].diagnosis = verdict.get("diagnosis")
            cells[grade_id].shortcuts = verdict.get("shortcuts", [])


def verdict_of(cell: dict[str, Any]) -> dict[str, Any]:
    """The verdict that the card of a grade cell carries, reduced to what has the right type; empty if there is none."""
    for output in cell.get("outputs", []):
        data = output.get("data", {}).get(VERDICT)
        if isinstance(data, dict):
            diagnosis, shortcuts = data.get("diagnosis"), data.get("shortcuts")
            return {
                "diagnosis": diagnosis[:300] if isinstance(diagnosis, str) and diagnosis.strip() else None,
                "shortcuts": [str(name)[:80] for name in shortcuts[:8]] if isinstance(shortcuts, list) else [],
            }
    return {}


def exercise_titles() -> dict[str, str]:
    """Titles of the exercises by key."""
    from dlkit.exercises import all_exercises

    return {exercise.key: exercise.title for exercise in all_exercises()}


def write_csv(course: Course, marks: Marks) -> Path:
    """Write ``grades.csv``: one row for each student, one column for each exercise."""
    people = {row["id"]: row for row in read_students(course)}
    path = course.reports(marks.unit) / "grades.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = ["student_id", "last_name", "first_name", "email", "unit", "score", "max_score", "late_penalty", "seconds_late",
            "status", "to_grade_by_hand", "remarks", *(slot.grade_id for slot in marks.slots)]  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow([harmless(text) for text in head])
        for student in sorted(marks.cells):
            person, row = people.get(student, {}), marks.rows.get(student, Row(student))
            cells = marks.cells[student]
            line = [
                student, person.get("last_name", ""), person.get("first_name", ""), person.get("email", ""), marks.unit,
                marks.total(student), marks.max_score, marks.penalties.get(student, 0.0), round(row.seconds_late),
                "ungraded" if row.problems else row.status, sum(cell.open for cell in cells.values()), row.reason,
                *("" if cell.score is None or (cell.open and not cell.score) else cell.score for cell in cells.values()),
            ]  # fmt: skip
            out.writerow([harmless(value) for value in line])
    return path


def most_frequent_mistake(marks: Marks) -> dict[str, tuple[str, int]]:
    """For each grade cell the named mistake made most often, and how often."""
    best: dict[str, tuple[str, int]] = {}
    for slot, says, students in marks.mistakes():
        best.setdefault(slot.grade_id, (says, len(students)))
    return best


def count_shortcuts(marks: Marks) -> Counter[tuple[str, str]]:
    """How many students let a forbidden package do the work, by grade cell and package."""
    return Counter(
        (grade_id, name) for cells in marks.cells.values() for grade_id, cell in cells.items() for name in cell.shortcuts
    )
