"""Feedback for students: a page for each notebook and an overview, without hidden tests and without scripts.

nbgrader's ``generate_feedback`` makes the pages, with our template (``templates/feedback``) and our preprocessors.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path

from tqdm import tqdm

from dlkit.grading.course import Course, notebook_title, run_nbgrader, unit_title
from dlkit.grading.pages.marks import Marks, load_marks
from dlkit.grading.pages.report import environment
from dlkit.grading.results import Row


def write_feedback(
    course: Course, unit: str, *, students: Iterable[str] | None = None, jobs: int | None = None, progress: bool = True
) -> list[Path]:
    """Write ``feedback/<student>/<unit>/``, several students at once; returns the overview page of each student."""
    marks = load_marks(course, unit)
    wanted = [student for student in sorted(marks.cells) if students is None or student in set(students)]
    make = partial(_pages, course, unit)
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(wanted)))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        steps = pool.map(make, wanted)
        list(tqdm(steps, total=len(wanted), unit="student", desc="feedback", disable=not progress))
    return [_overview(course, marks, student) for student in wanted]


def _pages(course: Course, unit: str, student: str) -> None:
    """nbgrader's pages of one student, if there is anything to show."""
    if not any(course.autograded(student, unit).glob("*.ipynb")):
        return
    run_nbgrader(course.nbgrader().generate_feedback(unit, student, force=True), f"feedback for {student}")
    pages = {f"{notebook}.html" for notebook in course.notebooks(unit)}
    for path in sorted(course.feedback(student, unit).rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        elif path.name not in pages or path.parent.name != unit:
            path.unlink()  # nbgrader copies all that was handed in; feedback is the pages only


def _overview(course: Course, marks: Marks, student: str) -> Path:
    folder = course.feedback(student, marks.unit)
    folder.mkdir(parents=True, exist_ok=True)
    cells = marks.cells[student]
    by_notebook = groupby(marks.slots, key=lambda slot: slot.notebook)
    notebooks = [(name, [(slot, cells[slot.grade_id]) for slot in slots]) for name, slots in by_notebook]
    text = environment().get_template("feedback_overview.html.j2").render(
        marks=marks, student=student, title=unit_title(marks.unit), row=marks.rows.get(student, Row(student)),
        notebooks=notebooks, pages={name: (folder / f"{name}.html").is_file() for name, _ in notebooks},
        penalty=marks.penalties.get(student, 0.0), open=sum(cell.open for cell in cells.values()),
        notebook_title=notebook_title,
    )  # fmt: skip
    path = folder / "index.html"
    path.write_text(text, encoding="utf-8")
    return path
