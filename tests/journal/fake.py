"""A course and a class whose notebooks are graded in no time: the marks are written in the answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from dlkit.grading.course import Course
from dlkit.grading.results import GradedNotebook
from dlkit.grading.running.worker import Task

UNIT = "unit1_fake"
CELLS = {"1_first": ("a", "b", "c"), "2_second": ("d", "e", "why")}
POINTS = 4.0


def make_home(home: Path) -> Path:
    """Write ``solutions/unit1_fake``: two notebooks with three graded cells each, of which one is graded by hand."""
    folder = home / "solutions" / UNIT
    folder.mkdir(parents=True)
    (folder / "helper.py").write_text("ANSWER = 42\n")
    for name, cells in CELLS.items():
        notebook = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}})
        for cell in cells:
            notebook.cells += _cells(cell)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return home


def _cells(name: str) -> list:
    def meta(grade_id: str, **flags) -> dict:
        flags = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
        return {"nbgrader": {"grade_id": grade_id, "schema_version": 3, **flags}}

    if name == "why":
        return [new_markdown_cell("Because.", metadata=meta("u-why", grade=True, solution=True, points=POINTS), id="u-why")]
    source = f"### BEGIN SOLUTION\n{name} = 1\n### END SOLUTION"
    return [
        new_code_cell(source, metadata=meta(f"u-{name}", solution=True), id=f"u-{name}"),
        new_code_cell(f"assert {name}", metadata=meta(f"u-{name}-check", grade=True, locked=True, points=POINTS), id=f"u-{name}-check"),
    ]


def hand_in(root: Path, student: str, marks: dict[str, float], why: str = "So.", timestamp: str | None = None) -> Path:
    """Write ``submitted/<student>/unit1_fake`` with these marks in its answers."""
    folder = root / "submitted" / student / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in CELLS.items():
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
        for cell in cells:
            text = why if cell == "why" else str(marks.get(cell, 0.0))
            kind = "markdown" if cell == "why" else "code"
            notebook["cells"].append({"cell_type": kind, "id": f"u-{cell}", "source": text,
                                      "metadata": {"nbgrader": {"grade_id": f"u-{cell}"}}})  # fmt: skip
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)
    return folder


def make_class(root: Path, number: int, attempt: int = 0) -> None:
    """A class of which every second student hands in something new in each attempt."""
    for i in range(number):
        again = attempt if i % 2 else 0
        marks = {cell: float((i + 3 * k + again) % 9) / 2 for k, cell in enumerate("abcde")}
        hand_in(root, f"student{i:04d}", marks, why=f"Reason {i} {again}", timestamp=f"2030-01-0{1 + i % 3} 00:00:00 UTC")


def grade(task: Task) -> GradedNotebook:
    """The marks that the answers say, and nothing else."""
    try:
        cells = json.loads(task.file.read_text())["cells"]
        if "pause" in cells[0]:
            time.sleep(cells[0]["pause"])
        marks, unanswered = {}, []
        for cell in cells:
            grade_id, text = cell["metadata"]["nbgrader"]["grade_id"], cell["source"]
            if cell["cell_type"] == "markdown":
                marks[grade_id] = None
            else:
                marks[f"{grade_id}-check"] = float(text)
            if text in ("0.0", ""):
                unanswered.append(grade_id)
    except (ValueError, KeyError) as error:
        problem = f"{task.notebook}: {error}"
        return GradedNotebook(task.student, task.notebook, problem=problem, content=json.dumps({"problem": problem}))
    return GradedNotebook(task.student, task.notebook, marks, unanswered, content=json.dumps({"cells": cells, "by": task.student}),
                          seconds=0.25, level=3)  # fmt: skip


class Instant:
    """Grades in this process, one notebook after the other, and counts them."""

    def __init__(self) -> None:
        self.graded: list[tuple[str, str]] = []

    def grade(self, tasks: Iterable[Task]) -> Iterator[GradedNotebook]:
        for task in tasks:
            self.graded.append((task.student, task.notebook))
            yield grade(task)

    @contextmanager
    def __call__(self, course: Course, unit: str, jobs: int, cell_timeout: int | None = None) -> Iterator[Instant]:
        yield self
