"""Makes a gradebook from the journal: after it was lost or damaged, or when somebody wants to be sure."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from nbgrader.api import Base
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from dlkit.grading.course import Course, CourseError
from dlkit.grading.records.address import read_unit
from dlkit.grading.records.book import Book
from dlkit.grading.records.entries import UnitRows, keep_all, read_sheets
from dlkit.grading.records.gradebook import side_files
from dlkit.grading.records.journal import ClassJournal, UnitJournal, journal_folder, journalled_units
from dlkit.grading.records.log import JournalError, Lock
from dlkit.grading.records.sheet import Sheet, Unit, entered
from dlkit.grading.records.tables import ASSIGNMENT, ENTERED, STUDENT, put_unit


def rebuild_gradebook(course: Course, journal_only: bool = False) -> tuple[Path | None, list[str]]:
    """Make a new gradebook from the journal and ``solutions/``; the old one is moved aside.

    Parameters
    ----------
    course : Course
        Whose gradebook it is.
    journal_only : bool
        Do not even look at the gradebook that is there. By default marks that people have entered in it since the last run
        are copied to the journal first, if it can be read.

    Returns
    -------
    (Path, list of str)
        Where the old gradebook is now (``None`` if there was none), and remarks.

    Raises
    ------
    CourseError
        If there is no journal, or the new gradebook cannot be written; the old one is then as it was.
    """
    if not journalled_units(course):
        raise CourseError(f"{journal_folder(course)} holds no records: there is nothing to make a gradebook from")
    notes: list[str] = []
    with Lock(journal_folder(course) / "lock"), ClassJournal(course) as people:
        if not journal_only:
            notes += _keep_what_is_there(course, people)
        if course.has_file:
            return _new_file(course, people, notes), notes
        with Book(course) as book:
            aside = book.snapshot()
            with book.engine.begin() as connection:
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(delete(table))
                ENTERED.drop(connection, checkfirst=True)
                notes += fill(course, book, connection, people)
        return aside, notes


def adopt(course: Course, book: Book, people: ClassJournal) -> list[str]:
    """Enter what the journal knows into a gradebook that has never been written to from it: a new one, or nbgrader's own."""
    if not book.new:
        return []
    known = journalled_units(course)
    with book.engine.begin() as connection:
        notes = fill(course, book, connection, people)
    book.new = False
    return [f"{course.database_name} was new: filled from the journal", *notes] if known else notes


def fill(course: Course, book: Book, connection: Connection, people: ClassJournal) -> list[str]:
    """Enter all that the journal knows, and the gradebook does not have, in one transaction. Returns remarks."""
    ENTERED.create(connection, checkfirst=True)
    there = set(connection.execute(select(STUDENT.c.id)).scalars())
    for student, fields in people.all("student").items():
        if student not in there:
            connection.execute(insert(STUDENT).values(id=student, **fields))
    notes = list(people.log.notes)
    for name in journalled_units(course):
        if name not in course.units():
            notes.append(f"{name} is not in solutions/ any more: left out, its marks are in the journal only")
            continue
        unit = read_unit(course, name)
        put_unit(connection, name, unit, book.course_id)
        due = people.facts.get(("unit", name), {}).get("due")
        if due:
            value = datetime.fromisoformat(due)
            connection.execute(update(ASSIGNMENT).where(ASSIGNMENT.c.name == name).values(duedate=value))
        with UnitJournal(course, name, writable=False) as journal:
            notes += journal.log.notes
            _fill_unit(connection, name, unit, book, journal)
    return notes


def _fill_unit(connection: Connection, name: str, unit: Unit, book: Book, journal: UnitJournal) -> None:
    rows = UnitRows(connection, name, unit)
    due = connection.execute(select(ASSIGNMENT.c.duedate).where(ASSIGNMENT.c.name == name)).scalar()
    for student, said in journal.sheets():
        if read_sheets(connection, name, [student]):
            continue
        sheet, last = said.filled(unit), journal.last(student)
        if last is not None and last["id"] != sheet.attempt:
            sheet = entered(sheet, last, unit, due, book.penalty)  # as the run that wrote it down would have done next
        rows.write(connection, Sheet(student).filled(unit), sheet, rows.hand_in(connection, student))


def keep_marks_by_hand(course: Course) -> None:
    """Copy what people have entered in the gradebook to the journal; nothing is done while a run does it."""
    if journalled_units(course):
        with suppress(JournalError), Lock(journal_folder(course) / "lock"), ClassJournal(course) as people:
            _keep_what_is_there(course, people)


def _keep_what_is_there(course: Course, people: ClassJournal) -> list[str]:
    """Copy marks that people have entered in the gradebook to the journal, as far as it can be read."""
    if course.has_file and not course.database.is_file():
        return []
    try:
        with Book(course) as book:
            if book.new:
                return []
            for name in journalled_units(course):
                with UnitJournal(course, name) as journal:
                    keep_all(book, name, journal)
            for student, fields in book.people().items():
                people.keep("student", student, **fields)
    except (CourseError, SQLAlchemyError) as error:
        return [f"the old gradebook cannot be read, so the journal alone counts ({str(error).splitlines()[0][:200]})"]
    return []


def _new_file(course: Course, people: ClassJournal, notes: list[str]) -> Path | None:
    old = course.database
    fresh = old.with_name(old.name + ".new")
    for path in (fresh, *side_files(fresh)):
        path.unlink(missing_ok=True)
    with Book(course, f"sqlite:///{fresh}") as book, book.engine.begin() as connection:
        notes += fill(course, book, connection, people)
    aside = None
    if old.exists():
        when = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        aside = old.with_name(f"{old.stem}-{when}-{time.time_ns() % 10**9:09d}{old.suffix}")
        _settle(old)
        try:
            os.link(old, aside)
        except OSError:
            shutil.copyfile(old, aside)
    os.replace(fresh, old)
    return aside


def _settle(path: Path) -> None:
    """Have SQLite undo what a crash left half written in a file, so that nothing beside it belongs to it any more."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute("begin immediate")
            base.execute("rollback")
    except sqlite3.Error:
        for rest in side_files(path):  # it is no gradebook any more
            rest.rename(rest.with_name(f"{rest.name}.old"))
