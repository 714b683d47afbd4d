"""Puts graded notebooks where nbgrader looks for them: ``autograded/<student>/<unit>/``, at once or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from nbgrader.utils import rmtree

from dlkit.grading.course import SOURCE, Course
from dlkit.grading.handed_in.reading import copy_extras
from dlkit.grading.pages.names import tidy
from dlkit.grading.records.journal import UnitJournal

PARTS = ".dlkit-parts"  # beside the students' folders; nbgrader passes over names that begin with a dot


def is_in_place(course: Course, unit: str, attempt: Mapping[str, Any]) -> bool:
    """Whether the graded notebooks of an attempt are all there, as long as they have to be, and no others."""
    folder = course.autograded(attempt["student"], unit)
    try:
        found = {entry.name: entry.stat().st_size for entry in os.scandir(folder) if entry.name.endswith(".ipynb")}
    except OSError:
        return False
    return found == {f"{result['notebook']}.ipynb": result["size"] for result in attempt["notebooks"] if result["graded"]}


def put_in_place(course: Course, unit: str, attempt: Mapping[str, Any], journal: UnitJournal) -> None:
    """Write ``autograded/<student>/<unit>/`` as nbgrader does: notebooks with outputs, and the files beside them.

    It is written elsewhere and then renamed, so that what can be seen is always whole.
    """
    target = course.autograded(attempt["student"], unit)
    parts = course.root / "autograded" / PARTS
    new, old = parts / "new", parts / "old"
    for left in (new, old):
        if left.exists():
            rmtree(str(left))
    new.mkdir(parents=True)
    submitted = course.submitted(attempt["student"], unit)
    if submitted.is_dir():
        copy_extras(submitted, new)
        tidy(new)
    copy_extras(course.home / SOURCE / unit, new)
    for result in attempt["notebooks"]:
        content = journal.content(result)
        if content is not None:
            (new / f"{result['notebook']}.ipynb").write_bytes(content)
    for path in new.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        os.rename(target, old)
    os.rename(new, target)
    if old.exists():
        rmtree(str(old))


def clear_parts(course: Course) -> None:
    """Remove what a run left half written, and the folder for it."""
    parts = course.root / "autograded" / PARTS
    if parts.exists():
        rmtree(str(parts))
