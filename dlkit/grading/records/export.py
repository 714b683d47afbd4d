"""The whole gradebook as plain data that is the same for the same marks: no ids, no times of grading, sorted."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from sqlalchemy import inspect, select

from dlkit.grading.course import Course, CourseError
from dlkit.grading.pages.marks import harmless
from dlkit.grading.records.book import Book
from dlkit.grading.records.entries import CHUNK, read_sheets
from dlkit.grading.records.sheet import AUTO, EXTRA, MANUAL, NEEDS
from dlkit.grading.records.tables import ASSIGNMENT, ENTERED, SUBMISSION, read_unit

COLUMNS = ("unit", "student", "notebook", "cell", "max_score", "auto_score", "manual_score", "extra_credit",
           "needs_manual_grade", "late_submission_penalty", "flagged", "auto_comment", "manual_comment")  # fmt: skip


def canonical_export(course: Course) -> dict[str, Any]:
    """Everything in the gradebook: students, units with their cells, and all marks, comments, penalties and flags."""
    if course.has_file and not course.database.is_file():
        raise CourseError(f"there is no gradebook {course.database}: grade a unit first")
    with Book(course) as book:
        units = {}
        with book.reading() as connection:
            if not inspect(connection).has_table(ENTERED.name):
                raise CourseError(f"{course.database_name} has not been written to by dlkit: grade a unit first")
            for name in sorted(connection.execute(select(ASSIGNMENT.c.name)).scalars()):
                units[name] = _unit(book, connection, name)
        return {"students": book.people(), "units": units}


def _unit(book: Book, connection: Any, name: str) -> dict[str, Any]:
    due = connection.execute(select(ASSIGNMENT.c.duedate).where(ASSIGNMENT.c.name == name)).scalar()
    query = select(SUBMISSION.c.student_id).join(ASSIGNMENT, SUBMISSION.c.assignment_id == ASSIGNMENT.c.id)
    students = sorted(connection.execute(query.where(ASSIGNMENT.c.name == name)).scalars())
    submissions = {}
    for start in range(0, len(students), CHUNK):
        found = read_sheets(connection, name, students[start : start + CHUNK])
        for student in sorted(found):
            sheet = found[student][0]
            plain = sheet.plain()
            submissions[student] = {
                "handed_in": sheet.timestamp, "extension": sheet.extension, "flagged": plain["flagged"],
                "penalties": plain["penalties"], "grades": sheet.grades, "comments": sheet.comments, "score": sheet.total,
            }  # fmt: skip
    cells = {
        book: {f"{cell.name} ({cell.kind})": cell.max_score for cell in notebook.cells}
        for book, notebook in read_unit(connection, name).items()
    }
    return {"due": due.isoformat() if due else None, "cells": cells, "submissions": submissions}


def as_json(course: Course) -> str:
    return json.dumps(canonical_export(course), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def as_csv(course: Course) -> str:
    """A line for each graded cell of each student, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for name, unit in canonical_export(course)["units"].items():
        for student, found in unit["submissions"].items():
            for notebook, grades in sorted(found["grades"].items()):
                comments, cells = found["comments"].get(notebook, {}), unit["cells"][notebook]
                for cell, row in sorted(grades.items()):
                    maximum = cells.get(f"{cell} (GradeCell)", cells.get(f"{cell} (TaskCell)"))
                    values = (name, student, notebook, cell, maximum, row[AUTO], row[MANUAL], row[EXTRA], row[NEEDS],
                              found["penalties"].get(notebook), notebook in found["flagged"],
                              *comments.get(cell.removesuffix("-check"), comments.get(cell, (None, None))))  # fmt: skip
                    writer.writerow([harmless(value) for value in values])
    return text.getvalue()
