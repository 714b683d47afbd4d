"""What a gradebook holds for one submission, as plain data, and what a graded attempt makes of it.

The engine reads a sheet, changes it with :func:`marked`, and writes the difference; the gradebook is rebuilt from the journal
with the same function. So both come to the same marks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

NO_RESPONSE = "No response."  # nbgrader's own words
AUTO, MANUAL, EXTRA, NEEDS = range(4)
UNMARKED, UNCOMMENTED = [None, None, None, True], [None, None]


@dataclass(frozen=True)
class Cell:
    """A graded cell as the author wrote it; ``kind`` is nbgrader's name for its table."""

    name: str
    kind: str
    max_score: float | None = None
    cell_type: str | None = None


@dataclass(frozen=True)
class Notebook:
    """A notebook of a unit as the gradebook knows it: its cells, sorted, and their sources in the solved notebook."""

    name: str
    kernelspec: str
    cells: tuple[Cell, ...]
    sources: tuple[tuple[str, str, bool, str, str | None], ...] = ()  # name, cell_type, locked, source, checksum

    @cached_property
    def graded(self) -> list[str]:
        return [cell.name for cell in self.cells if cell.kind in ("GradeCell", "TaskCell")]

    @cached_property
    def commented(self) -> list[str]:
        return [cell.name for cell in self.cells if cell.kind in ("SolutionCell", "TaskCell")]

    @cached_property
    def max_score(self) -> float:
        return float(sum(cell.max_score or 0.0 for cell in self.cells))


Unit = Mapping[str, Notebook]


@dataclass
class Sheet:
    """One submission in the gradebook.

    ``grades[notebook][cell]`` is ``[auto_score, manual_score, extra_credit, needs_manual_grade]``, ``comments`` likewise
    ``[auto_comment, manual_comment]``. ``attempt`` names the attempt whose marks these are, ``late`` the seconds for which
    penalties were reckoned.
    """

    student: str
    timestamp: str | None = None
    extension: float | None = None
    attempt: str = ""
    late: float = 0.0
    grades: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    comments: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    flagged: list[str] = field(default_factory=list)
    penalties: dict[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """All that is not as in a new submission, as JSON."""
        data = dict(vars(self))
        for name, empty in (("grades", UNMARKED), ("comments", UNCOMMENTED)):
            kept = {book: {cell: row for cell, row in cells.items() if row != empty} for book, cells in data[name].items()}
            data[name] = {book: cells for book, cells in kept.items() if cells}
        data["flagged"] = sorted(self.flagged)
        data["penalties"] = {name: value for name, value in self.penalties.items() if value is not None}
        return data

    @property
    def digest(self) -> str:
        """The same for the same content."""
        return hashlib.sha256(json.dumps(self.plain(), sort_keys=True).encode()).hexdigest()[:16]

    def filled(self, unit: Unit) -> Sheet:
        """With a row for each graded cell of the unit and none for others, as the gradebook has it."""

        def rows(there: dict[str, dict[str, list[Any]]], name: str, cells: list[str], empty: list[Any]) -> dict[str, list[Any]]:
            known = there.get(name, {})
            return {cell: list(known.get(cell, empty)) for cell in cells}

        return replace(
            self,
            grades={name: rows(self.grades, name, book.graded, UNMARKED) for name, book in unit.items()},
            comments={name: rows(self.comments, name, book.commented, UNCOMMENTED) for name, book in unit.items()},
            flagged=[name for name in self.flagged if name in unit],
            penalties={name: value for name, value in self.penalties.items() if name in unit},
        )

    def score(self, notebook: str) -> float:
        """Points in a notebook, as nbgrader counts them, before anything is taken off for being late."""
        total = 0.0
        for auto, manual, extra, _ in self.grades.get(notebook, {}).values():
            base = manual if manual is not None else auto
            total += 0.0 if base is None else base + (extra or 0.0)
        return total

    @property
    def total(self) -> float:
        """All points, less what is taken off for being late."""
        return round(sum(self.score(name) - (self.penalties.get(name) or 0.0) for name in self.grades), 10)

    @property
    def open(self) -> int:
        """Answers that wait for a person."""
        return sum(bool(row[NEEDS]) for cells in self.grades.values() for row in cells.values())


def marked(sheet: Sheet, attempt: Mapping[str, Any], unit: Unit) -> Sheet:
    """The sheet after the marks of an attempt have been entered as nbgrader would, stale ones cleared.

    Marks given by hand stay, and are put up for review where their notebook was graded anew. A notebook that is the same as
    in the attempt before, whose marks are there already, is left alone.
    """
    new = sheet.filled(unit)
    if new.attempt == attempt["id"]:
        return new
    after = new.attempt and new.attempt == attempt.get("after")
    new.attempt = attempt["id"]
    new.timestamp = attempt.get("timestamp") or new.timestamp
    for result in attempt["notebooks"]:
        name = result["notebook"]
        if name not in unit or (after and name not in attempt["changed"]):
            continue
        missing, problem = result["missing"], result["problem"]
        for cell, row in new.grades[name].items():
            row[AUTO] = None if problem else 0.0 if missing else result["marks"].get(cell, 0.0)
            row[NEEDS] = not missing and (row[MANUAL] is not None or row[AUTO] is None)
        for cell, row in new.comments[name].items():
            row[0] = NO_RESPONSE if cell in result["unanswered"] else None
    return new


def seconds_late(sheet: Sheet, due: datetime | None) -> float:
    """How long after the time it was due, extension included, a submission was handed in."""
    if sheet.timestamp is None or due is None:
        return 0.0
    by = due + timedelta(seconds=sheet.extension or 0.0)
    return max(0.0, (datetime.fromisoformat(sheet.timestamp) - by).total_seconds())


Penalty = Callable[[str, float, float], "float | None"]


def entered(sheet: Sheet, attempt: Mapping[str, Any], unit: Unit, due: datetime | None, penalty: Penalty) -> Sheet:
    """The sheet after an attempt has been entered: its marks, and what ``penalty(student, score, late)`` takes off them."""
    new = marked(sheet, attempt, unit)
    new.late = seconds_late(new, due)
    if new.attempt != sheet.attempt or new.late != sheet.late:
        penalties = {name: penalty(new.student, new.score(name), new.late) for name in unit}
        new.penalties = {name: value for name, value in penalties.items() if value is not None}
    return new
