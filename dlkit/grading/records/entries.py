"""Submissions of one unit in the gradebook: read as sheets, and written back where an attempt changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from dlkit.grading.records.book import Book
from dlkit.grading.records.journal import UnitJournal
from dlkit.grading.records.sheet import Sheet, Unit, entered
from dlkit.grading.records.tables import (
    ASSIGNMENT,
    CELL,
    COMMENT,
    ENTERED,
    GRADE,
    GRADED,
    NOTEBOOK,
    STUDENT,
    SUBMISSION,
    SUBMITTED,
    new_id,
    put_unit,
    read_unit,
)

CHUNK = 50  # submissions read at once


@dataclass
class _Rows:
    """Where the parts of a sheet stand in the gradebook."""

    submission: str
    notebooks: dict[str, str] = field(default_factory=dict)
    grades: dict[tuple[str, str], str] = field(default_factory=dict)
    comments: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, table: Any) -> dict[Any, str]:
        return self.notebooks if table is SUBMITTED else self.grades if table is GRADE else self.comments


Found = tuple[Sheet, _Rows]


def _of(column: Any) -> Any:
    return column.in_(bindparam("keys", expanding=True))


# Statements are made once: making one takes longer than running it.
_SUBMISSIONS = (
    select(SUBMISSION.c.id, SUBMISSION.c.student_id, SUBMISSION.c.timestamp, SUBMISSION.c.extension, ENTERED.c.attempt,
           ENTERED.c.late)
    .select_from(SUBMISSION.join(ASSIGNMENT, SUBMISSION.c.assignment_id == ASSIGNMENT.c.id)
                 .outerjoin(ENTERED, ENTERED.c.submission_id == SUBMISSION.c.id))
    .where(ASSIGNMENT.c.name == bindparam("unit"), _of(SUBMISSION.c.student_id))
)  # fmt: skip
_SUBMITTED = (
    select(SUBMITTED.c.id, SUBMITTED.c.assignment_id, NOTEBOOK.c.name, SUBMITTED.c.flagged, SUBMITTED.c.late_submission_penalty)
    .select_from(SUBMITTED.join(NOTEBOOK, SUBMITTED.c.notebook_id == NOTEBOOK.c.id))
    .where(_of(SUBMITTED.c.assignment_id))
    .order_by(NOTEBOOK.c.name)
)
_GRADES = (
    select(GRADE.c.id, GRADE.c.notebook_id, CELL.c.name, GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit,
           GRADE.c.needs_manual_grade)
    .select_from(GRADE.join(CELL, GRADE.c.cell_id == CELL.c.id))
    .where(_of(GRADE.c.notebook_id))
)  # fmt: skip
_COMMENTS = (
    select(COMMENT.c.id, COMMENT.c.notebook_id, CELL.c.name, COMMENT.c.auto_comment, COMMENT.c.manual_comment)
    .select_from(COMMENT.join(CELL, COMMENT.c.cell_id == CELL.c.id))
    .where(_of(COMMENT.c.notebook_id))
)
_READ = [_SUBMISSIONS, _SUBMITTED, _GRADES, _COMMENTS]
# Where the database lets others write at the same time, they wait for these rows until the transaction has ended.
_READ_LOCKED = [
    query.with_for_update(of=table) for query, table in zip(_READ, (SUBMISSION, SUBMITTED, GRADE, COMMENT), strict=True)
]
_DUE = select(ASSIGNMENT.c.duedate).where(ASSIGNMENT.c.name == bindparam("unit"))


def read_sheets(connection: Connection, unit: str, students: Sequence[str], lock: bool = False) -> dict[str, Found]:
    """The submissions of some students; with `lock`, nobody else can change them before the end of the transaction."""
    submissions, submitted, grades, comments = _READ_LOCKED if lock else _READ
    by_id: dict[str, Found] = {}
    rows: Any = connection.execute(submissions, {"unit": unit, "keys": list(students)})
    for key, student, timestamp, extension, attempt, late in rows:
        seconds = extension.total_seconds() if extension is not None else None
        sheet = Sheet(student, timestamp.isoformat() if timestamp else None, seconds, attempt or "", late or 0.0)
        by_id[key] = sheet, _Rows(key)
    if not by_id:
        return {}
    books: dict[str, tuple[str, Sheet, _Rows]] = {}
    for key, submission, name, flagged, penalty in connection.execute(submitted, {"keys": list(by_id)}):
        sheet, where = by_id[submission]
        books[key] = name, sheet, where
        where.notebooks[name] = key
        sheet.grades[name], sheet.comments[name] = {}, {}
        if flagged:
            sheet.flagged.append(name)
        if penalty is not None:
            sheet.penalties[name] = penalty
    for key, book, cell, *values in connection.execute(grades, {"keys": list(books)}):
        name, sheet, where = books[book]
        sheet.grades[name][cell] = values
        where.grades[name, cell] = key
    for key, book, cell, *values in connection.execute(comments, {"keys": list(books)}):
        name, sheet, where = books[book]
        sheet.comments[name][cell] = values
        where.comments[name, cell] = key
    return {sheet.student: (sheet, where) for sheet, where in by_id.values()}


def keep_all(book: Book, unit: str, journal: UnitJournal) -> None:
    """Copy to the journal all that people have entered in the gradebook since it was last looked at."""
    with book.reading() as connection:
        joined = SUBMISSION.join(ASSIGNMENT, SUBMISSION.c.assignment_id == ASSIGNMENT.c.id)
        query = select(SUBMISSION.c.student_id).select_from(joined).where(ASSIGNMENT.c.name == unit)
        students = sorted(connection.execute(query).scalars())
        for start in range(0, len(students), CHUNK):
            for sheet, _ in read_sheets(connection, unit, students[start : start + CHUNK]).values():
                journal.keep_sheet(sheet)


class UnitRows:
    """How the submissions of a unit are written, in a gradebook that has the unit's notebooks and cells."""

    def __init__(self, connection: Connection, name: str, unit: Unit) -> None:
        self.unit = unit
        self._id = connection.execute(select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == name)).scalar_one()
        query = select(NOTEBOOK.c.id, NOTEBOOK.c.name).where(NOTEBOOK.c.assignment_id == self._id)
        self._notebooks = {name: key for key, name in connection.execute(query)}
        self._grades: dict[tuple[str, str], str] = {}
        self._comments: dict[tuple[str, str], str] = {}
        for notebook, book in self._notebooks.items():
            query = select(CELL.c.id, CELL.c.name, CELL.c.type).where(CELL.c.notebook_id == book)
            for key, cell, kind in connection.execute(query):
                if kind in GRADED:
                    self._grades[notebook, cell] = key
                if kind != "GradeCell":
                    self._comments[notebook, cell] = key

    def hand_in(self, connection: Connection, student: str) -> _Rows:
        """A new submission, of which nothing has been written yet."""
        if connection.execute(select(STUDENT.c.id).where(STUDENT.c.id == student)).first() is None:
            connection.execute(insert(STUDENT).values(id=student))
        rows = _Rows(new_id())
        connection.execute(insert(SUBMISSION), {"id": rows.submission, "assignment_id": self._id, "student_id": student})
        return rows

    def write(self, connection: Connection, old: Sheet, new: Sheet, rows: _Rows) -> None:
        """Write what differs between two sheets; a row that is missing is added, as nbgrader has one for each cell."""
        if (old.timestamp, old.extension) != (new.timestamp, new.extension):
            connection.execute(_WRITE_SUBMISSION, {
                "row": rows.submission, "timestamp_": datetime.fromisoformat(new.timestamp) if new.timestamp else None,
                "extension_": None if new.extension is None else timedelta(seconds=new.extension),
            })  # fmt: skip
        for table, query, names, cells in (
            (SUBMITTED, _WRITE_SUBMITTED, ("flagged", "late_submission_penalty"), self._notebooks),
            (GRADE, _WRITE_GRADE, ("auto_score", "manual_score", "extra_credit", "needs_manual_grade"), self._grades),
            (COMMENT, _WRITE_COMMENT, ("auto_comment", "manual_comment"), self._comments),
        ):
            there = rows.of(table)
            was, now = _values(old, table), _values(new, table)
            changed = [
                {"row": there[where], **dict(zip([f"{name}_" for name in names], now[where], strict=True))}
                for where in cells if where in there and now[where] != was[where]
            ]  # fmt: skip
            if changed:
                connection.execute(query, changed)
            missing = [where for where in cells if where not in there]
            there.update((where, new_id()) for where in missing)
            if missing:
                connection.execute(insert(table), [
                    {"id": there[where], **self._belongs(table, where, rows), **dict(zip(names, now[where], strict=True))}
                    for where in missing
                ])  # fmt: skip
        if (old.attempt, old.late) != (new.attempt, new.late):
            connection.execute(_FORGET, {"row": rows.submission})
            connection.execute(insert(ENTERED), {"submission_id": rows.submission, "attempt": new.attempt, "late": new.late})

    def _belongs(self, table: Any, where: Any, rows: _Rows) -> dict[str, str]:
        if table is SUBMITTED:
            return {"notebook_id": self._notebooks[where], "assignment_id": rows.submission}
        cells = self._grades if table is GRADE else self._comments
        return {"cell_id": cells[where], "notebook_id": rows.notebooks[where[0]]}


def _values(sheet: Sheet, table: Any) -> dict[Any, Sequence[Any]]:
    """What a sheet says in the rows of a table."""
    if table is SUBMITTED:
        return {name: (name in sheet.flagged, sheet.penalties.get(name)) for name in sheet.grades}
    rows = sheet.grades if table is GRADE else sheet.comments
    return {(name, cell): row for name, cells in rows.items() for cell, row in cells.items()}


def _writes(table: Any, *names: str) -> Any:
    values = {name: bindparam(f"{name}_") for name in names}
    return update(table).where(table.c.id == bindparam("row")).values(values)


_WRITE_SUBMISSION = _writes(SUBMISSION, "timestamp", "extension")
_WRITE_SUBMITTED = _writes(SUBMITTED, "flagged", "late_submission_penalty")
_WRITE_GRADE = _writes(GRADE, "auto_score", "manual_score", "extra_credit", "needs_manual_grade")
_WRITE_COMMENT = _writes(COMMENT, "auto_comment", "manual_comment")
_FORGET = delete(ENTERED).where(ENTERED.c.submission_id == bindparam("row"))


class Entries:
    """The submissions of a unit in an open gradebook.

    What people have entered is copied to the journal first; then the unit's cells are brought into step with its notebooks.
    ``removed`` names graded cells that were there and are not in the unit any more.
    """

    def __init__(self, book: Book, name: str, unit: Unit, journal: UnitJournal) -> None:
        self.book, self.name, self.unit, self.journal = book, name, unit, journal
        self.removed: list[str] = []
        keep_all(book, name, journal)
        with book.reading() as connection:
            there = read_unit(connection, name)
        if there != unit:
            with book.writing() as connection:
                self.removed = put_unit(connection, name, unit, book.course_id)
        with book.reading() as connection:
            self._rows = UnitRows(connection, name, unit)

    def entered(self, student: str) -> str:
        """The attempt whose marks the gradebook has; empty if there is none."""
        with self.book.reading() as connection:
            found = read_sheets(connection, self.name, [student]).get(student)
        return found[0].attempt if found else ""

    def enter(self, attempt: Mapping[str, Any]) -> Sheet:
        """Enter the marks of an attempt in one transaction, and return the sheet as it is then.

        What a person has entered is in the journal before anything is written, and is never written over.
        """
        student = attempt["student"]
        if self.journal.is_done(attempt):
            with self.book.reading() as connection:
                found = read_sheets(connection, self.name, [student]).get(student)
                due = connection.execute(_DUE, {"unit": self.name}).scalar()
            if found is not None and entered(found[0], attempt, self.unit, due, self.book.penalty) == found[0]:
                return found[0]
        with self.book.writing() as connection:
            found = read_sheets(connection, self.name, [student], lock=True).get(student)
            due = connection.execute(_DUE, {"unit": self.name}).scalar()
            old = (found[0] if found else Sheet(student)).filled(self.unit)
            if found or self.journal.digest(student):
                self.journal.keep_sheet(old)
            rows = found[1] if found else self._rows.hand_in(connection, student)
            new = entered(old, attempt, self.unit, due, self.book.penalty)
            self._rows.write(connection, old, new, rows)
        return new
