"""Grades one notebook of one student, in a trusted process of its own, which reads files, returns data, and writes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from dlkit import exercises
from dlkit.grading.course import SOURCE, Course
from dlkit.grading.handed_in.reading import Unreadable, copy_extras, readable
from dlkit.grading.handed_in.release import Release
from dlkit.grading.handed_in.salvage import salvaged
from dlkit.grading.pages.safety import make_safe, own_texts
from dlkit.grading.results import GradedNotebook
from dlkit.grading.running.execute import seed_of
from dlkit.grading.running.runner import NotebookRun, is_judged
from dlkit.grading.running.session import Setting
from dlkit.grading.sandbox import protect_self

MOST_MEMORY = 4 * 2**30
EXPECTED = ("NotImplementedError", "NotRun", "CellTimeoutError")


@dataclass(frozen=True)
class Task:
    """One notebook to grade: whose, which, and the file it was handed in as."""

    student: str
    unit: str
    notebook: str
    file: Path
    extras: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Duty:
    """What a worker has to know: the course, what its notebooks share, and files of exercises besides the package's."""

    course: Course
    setting: Setting
    more: str = field(default_factory=lambda: os.environ.get(exercises.MORE, ""))


_duty: Duty | None = None


def start(duty: Duty) -> None:
    """Prepare this process to grade."""
    global _duty
    _duty = duty
    os.environ[exercises.MORE] = duty.more  # workers are forked from a process that is older than the run
    exercises._by_key.cache_clear()
    protect_self()
    _bounded()


def _bounded() -> None:
    """A bound on this process's memory: a notebook's process may answer with anything, and what is read of it is copied."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY if hard < 0 else min(MOST_MEMORY, hard), hard))


def grade(task: Task) -> GradedNotebook:
    """Grade one notebook; whatever goes wrong is said in the result."""
    assert _duty is not None, "start() comes first"
    begin = time.monotonic()
    result = GradedNotebook(task.student, task.notebook, level=_duty.setting.level)
    try:
        _grade(task, _duty.course, _duty.setting, result)
    except Unreadable as error:
        result.problem = f"{readable(task.file.name)} {error}"
    except Exception as error:
        result.problem = f"{readable(task.file.name)} could not be graded: {type(error).__name__}: {str(error)[:300]}"
    if result.problem:
        result.marks, result.unanswered, result.flags = {}, [], []
        result.content = placeholder(result.problem)
    result.seconds = time.monotonic() - begin
    return result


def _grade(task: Task, course: Course, setting: Setting, result: GradedNotebook) -> None:
    release = Release.of(course, task.unit, task.notebook)
    source = course.home / SOURCE / task.unit
    found = salvaged(task.file, release)
    nb, notes = found.notebook, list(found.notes)

    def fill(folder: Path) -> None:
        copy_extras(task.file.parent, folder, task.extras)
        copy_extras(source, folder)

    ran = NotebookRun(setting, nb, task.notebook, fill, seed_of(task.student, task.unit, task.notebook)).run()
    result.marks, result.unanswered = marks_of(nb, ran.marks), []
    result.flags = ran.flags
    notes += ran.notes
    for cell in nb.cells:
        if utils.is_solution(cell):
            grade_id = cell.metadata.nbgrader.grade_id
            if cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell):
                result.unanswered.append(grade_id)
            error = next((out for out in cell.get("outputs", []) if out.output_type == "error"), None)
            if error is not None and error.ename not in EXPECTED:
                notes.append(f"{grade_id}: {readable(error.ename[:80])}")
    notes += make_safe(nb, own_texts(source / f"{task.notebook}.ipynb"))
    result.notes += [f"{task.notebook}: {text}" for text in dict.fromkeys(notes)]
    result.content = written(nb)


def marks_of(nb: Any, judged: dict[str, float]) -> dict[str, float | None]:
    """The mark of every grade cell, as nbgrader would find it: ``None`` where a person has to give it."""
    marks: dict[str, float | None] = {}
    for cell in nb.cells:
        if not utils.is_grade(cell):
            continue
        grade_id = cell.metadata.nbgrader.grade_id
        marks[grade_id] = judged.get(grade_id, 0.0) if is_judged(cell) else utils.determine_grade(cell)[0]
    return marks


def placeholder(problem: str) -> str:
    """A notebook that stands for one that could not be graded, so that nbgrader's pages can show why."""
    text = f"**This notebook could not be graded.** `{problem.replace('`', ' ')}`"
    cell = nbformat.v4.new_markdown_cell(text, id=hashlib.sha256(text.encode()).hexdigest()[:8])
    nb = nbformat.v4.new_notebook(cells=[cell], metadata={"dlkit": {"ungraded": True}})
    make_safe(nb)
    return written(nb)


def written(nb: NotebookNode) -> str:
    """The text of a notebook in one line: many times faster to write than nbformat's, whose indents nobody reads here."""
    return json.dumps(nb, ensure_ascii=False, separators=(",", ":")) + "\n"
