"""nbgrader's gradebook, open for writing: by one process, in short transactions, with a copy made before the first of a run."""

from __future__ import annotations

import gzip
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any

from nbgrader.api import Base
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Connection, insert, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from dlkit.grading.course import Course, CourseError
from dlkit.grading.pages.names import person
from dlkit.grading.records.gradebook import ensure_gradebook, read_students
from dlkit.grading.records.journal import ClassJournal, journal_folder
from dlkit.grading.records.log import encode, make_folder, sync, sync_folder
from dlkit.grading.records.tables import ASSIGNMENT, ENTERED, STUDENT, connect

SNAPSHOTS = 5
PERSON = ("first_name", "last_name", "email", "lms_user_id")


class Book:
    """The gradebook of a class. Use it in a ``with`` block, while holding the lock of the class.

    ``new`` tells that the gradebook has never been written to from a journal: see :func:`dlkit.grading.records.rebuild.adopt`.
    """

    def __init__(self, course: Course, url: str | None = None) -> None:
        self.course, self.url = course, url or course.database_url
        made = ensure_gradebook(self.url)
        self.engine = connect(self.url)
        self._copied = made or url is not None  # one that is empty, or only just being built, needs no copy
        self._penalties = AssignLatePenalties(config=course.config())
        self._penalties.init_plugin()
        self.course_id = str(course.config().CourseDirectory.course_id)
        try:
            with self.reading() as connection:
                self.new = not inspect(connection).has_table(ENTERED.name)
        except SQLAlchemyError as error:
            self.engine.dispose()
            raise CourseError(
                f"{course.database_name} is not a gradebook (or is damaged): {error.__class__.__name__}; "
                "'dlkit gradebook rebuild' makes a new one from the journal"
            ) from error

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that nobody else can write during; all of it is kept, or nothing."""
        if not self._copied:
            self._copied = True
            self.snapshot()
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that keeps nobody waiting."""
        with self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    def penalty(self, student: str, score: float, late: float) -> float | None:
        """What the configured plugin of nbgrader takes off a notebook handed in `late` seconds after it was due."""
        if late <= 0:
            return None
        penalty = self._penalties.plugin_inst.late_submission_penalty(student, score, late)
        return None if penalty is None else float(self._penalties._check_late_penalty(SimpleNamespace(score=score), penalty))

    def set_due(self, unit: str, due: datetime) -> None:
        """Set when a unit is due (UTC)."""
        with self.writing() as connection:
            connection.execute(update(ASSIGNMENT).where(ASSIGNMENT.c.name == unit).values(duedate=due))

    def due(self, unit: str) -> datetime | None:
        with self.reading() as connection:
            return connection.execute(select(ASSIGNMENT.c.duedate).where(ASSIGNMENT.c.name == unit)).scalar()

    def people(self) -> dict[str, dict[str, str]]:
        """What the gradebook knows of the students, apart from their marks."""
        with self.reading() as connection:
            rows = connection.execute(select(STUDENT.c.id, *(STUDENT.c[name] for name in PERSON)).order_by(STUDENT.c.id)).all()
        return {row[0]: {name: value for name, value in zip(PERSON, row[1:], strict=True) if value} for row in rows}

    def enrol(self, journal: ClassJournal, units: list[str]) -> None:
        """Take names and addresses from ``students.csv``, if there is one, and keep those in the gradebook in the journal."""
        rows = read_students(self.course)
        wanted = {row.pop("id"): {field: person(text) for field, text in row.items()} for row in rows}
        self.add_people(wanted)
        for student, fields in self.people().items():
            journal.keep("student", student, **fields)
        for unit in units:
            due = self.due(unit)
            journal.keep("unit", unit, due=due.isoformat() if due else None)

    def add_people(self, wanted: dict[str, dict[str, str]]) -> None:
        """Enter names and addresses that are new."""
        there = self.people()
        new = [name for name in wanted if name not in there]
        changed = [name for name in wanted if name in there and {**there[name], **wanted[name]} != there[name]]
        if not new and not changed:
            return
        with self.writing() as connection:
            for name in new:
                connection.execute(insert(STUDENT).values(id=name, **wanted[name]))
            for name in changed:
                connection.execute(update(STUDENT).where(STUDENT.c.id == name).values(**wanted[name]))

    def snapshot(self) -> Path:
        """A copy of the whole gradebook in ``journal/snapshots/``; the last few are kept."""
        folder = journal_folder(self.course) / "snapshots"
        make_folder(folder)
        when = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        sqlite = self.course.has_file
        target = folder / f"gradebook-{when}-{time.time_ns() % 10**9:09d}.{'db' if sqlite else 'jsonl.gz'}"
        partial = target.with_name(target.name + ".part")
        try:
            if sqlite:
                with closing(sqlite3.connect(self.course.database)) as source, closing(sqlite3.connect(partial)) as copy:
                    source.backup(copy)
            else:
                self._write_out(partial)
            with partial.open("rb+") as file:
                sync(file.fileno())
            os.replace(partial, target)
            sync_folder(folder)
        except (OSError, sqlite3.Error) as error:
            partial.unlink(missing_ok=True)
            raise CourseError(f"no copy of the gradebook can be made in {folder}, so nothing was written: {error}") from error
        for old in sorted(folder.glob("gradebook-*"))[:-SNAPSHOTS]:
            old.unlink()
        return target

    def _write_out(self, path: Path) -> None:
        """All rows of all tables, a line for each."""
        number = 0
        with gzip.open(path, "wb") as file, self.reading() as connection:
            for table in [*Base.metadata.sorted_tables, ENTERED]:
                for row in connection.execution_options(yield_per=500).execute(select(table)).mappings():
                    number += 1
                    values = {str(name): _plain(value) for name, value in row.items()}
                    file.write(encode({"n": number, "table": table.name, "row": values}))


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
