"""nbgrader's gradebook, as others read it: marks, penalties, comments, names. :mod:`dlkit.grading.records.book` writes it."""

from __future__ import annotations

import csv
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbgrader.api import Assignment as Unit
from nbgrader.api import (
    Base,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from dlkit.grading.course import Course, CourseError, tools_on_path
from dlkit.grading.handed_in.reading import readable
from dlkit.grading.pages.names import student_problem
from dlkit.grading.records.log import write_whole

SQLITE = "sqlite:///"


@cache
def _empty_gradebook() -> bytes:
    with tempfile.TemporaryDirectory(prefix="dlkit-gradebook-") as folder:
        path = Path(folder) / "gradebook.db"
        _make_tables(f"{SQLITE}{path}")
        return path.read_bytes()


def _make_tables(url: str) -> None:
    """What nbgrader does with an empty database, except that it starts a program to learn the version of its own tables."""
    tools_on_path()
    head = _newest_version()
    if head:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head})
        engine.dispose()
    Gradebook(url).close()


def _newest_version() -> str | None:
    """The version of nbgrader's tables that no other follows; ``None`` if that is not plain to see."""
    texts = [path.read_text(encoding="utf-8") for path in (Path(ALEMBIC_DIR) / "versions").glob("*.py")]
    names, before = (
        re.findall(rf"(?m)^{name}\s*=\s*['\"](\w+)['\"]", "\n".join(texts)) for name in ("revision", "down_revision")
    )
    last = set(names) - set(before)
    return last.pop() if len(last) == 1 and len(names) == len(texts) else None


def ensure_gradebook(where: Path | str) -> bool:
    """Make an empty gradebook unless there is one, and tell whether it was made; `where` is a file or a database's URL.

    :class:`CourseError` if there is something else.
    """
    if isinstance(where, str) and not where.startswith(SQLITE):
        return _ensure_tables(where)
    path = Path(str(where).removeprefix(SQLITE))
    if path.exists() and path.stat().st_size:
        with path.open("rb") as file:
            if file.read(6) != b"SQLite":
                raise CourseError(
                    f"{path} is not a gradebook (or is damaged): move it away, and 'dlkit gradebook rebuild' makes a new one "
                    "from the journal"
                )
        return False
    for rest in side_files(path):  # of a gradebook that was there before: they do not belong to the new one
        rest.rename(rest.with_name(f"{rest.name}.old"))
    write_whole(path, _empty_gradebook())
    return True


def side_files(path: Path) -> list[Path]:
    """What SQLite keeps beside a gradebook while it is written."""
    return [rest for end in ("-journal", "-wal", "-shm") if (rest := path.with_name(path.name + end)).exists()]


def _ensure_tables(url: str) -> bool:
    try:
        engine = create_engine(url)
        made = not inspect(engine).has_table("grade")
        engine.dispose()
        if made:
            _make_tables(url)
    except (SQLAlchemyError, ImportError) as error:
        raise CourseError(f"the database of the gradebook cannot be used: {type(error).__name__}: {error}") from None
    return made


@dataclass(frozen=True)
class Mark:
    """One mark as the gradebook has it now, marks given by hand included."""

    student: str
    notebook: str
    grade_id: str
    score: float
    by_hand: bool
    open: bool


def read_marks(course: Course, unit: str) -> list[Mark]:
    """All marks of a unit."""
    with Gradebook(course.database_url) as book:
        rows = (
            book.db.query(
                Student.id, Notebook.name, BaseCell.name, Grade.score, Grade.manual_score, Grade.needs_manual_grade
            )
            .select_from(Grade)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Student, SubmittedAssignment.student_id == Student.id)
            .join(Unit, SubmittedAssignment.assignment_id == Unit.id)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .filter(Unit.name == unit)
            .order_by(Student.id)
            .all()
        )
    return [
        Mark(student, notebook, cell, float(score), manual is not None, bool(needed))
        for student, notebook, cell, score, manual, needed in rows
    ]


def read_penalties(course: Course, unit: str) -> dict[str, float]:
    """Points taken off for being late, for each student that has any."""
    with Gradebook(course.database_url) as book:
        found: dict[str, float] = {}
        for submission in book.assignment_submissions(unit):
            lost = sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
            if lost:
                found[submission.student.id] = float(lost)
        return found


def read_comments(course: Course, unit: str, student: str) -> dict[str, str]:
    """Comments on the answers of one student, by the id of the cell."""
    with Gradebook(course.database_url) as book:
        rows = (
            book.db.query(BaseCell.name, Comment)
            .select_from(Comment)
            .join(BaseCell, Comment.cell_id == BaseCell.id)
            .join(SubmittedNotebook, Comment.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Student, SubmittedAssignment.student_id == Student.id)
            .join(Unit, SubmittedAssignment.assignment_id == Unit.id)
            .filter(Unit.name == unit, Student.id == student)
            .all()
        )
        return {name: comment.comment for name, comment in rows if comment.comment}


def read_students(course: Course) -> list[dict[str, str]]:
    """The rows of ``students.csv``, whose columns commas, semicolons or tabs may separate."""
    path = course.root / "students.csv"
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not text in UTF-8: save it as 'CSV UTF-8'") from None
    head = lines[0] if lines else ""
    rows = csv.DictReader(lines, delimiter=max(",;\t", key=head.count))
    if "id" not in (rows.fieldnames or ()):
        raise CourseError(f"{path} has no column 'id'; its first line should be: id,first_name,last_name,email")
    fields = ("id", "first_name", "last_name", "email")
    found = [{name: row[name] for name in fields if row.get(name)} for row in rows if row.get("id")]
    for row in found:
        why = student_problem(row["id"])
        if why:
            raise CourseError(f"{path}: {readable(row['id'])!r} cannot be the id of a student ({why})")
    return found


def read_names(course: Course) -> dict[str, str]:
    """Full names of the students that the gradebook has names for."""
    with Gradebook(course.database_url) as book:
        people = {student.id: (student.first_name or "", student.last_name or "") for student in book.students}
    return {key: ", ".join(part for part in (last, first) if part) for key, (first, last) in people.items() if first or last}
