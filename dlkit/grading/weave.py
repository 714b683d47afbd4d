"""Notebooks as text, for authors: percent scripts (jupytext) in which the cells of an exercise are marked by its key.

    # %% solution="unit1.softmax"      the cell with the solution, between ### BEGIN SOLUTION and ### END SOLUTION
    # %% check="unit1.softmax"         the grade cell; its text is always the same and is filled in
    # %% [markdown] written="unit1-why-softmax" points=2     a written answer, graded by hand
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from dlkit.exercises import find

CHECK_CELL = """from dlkit.checking import check
### BEGIN HIDDEN TESTS
from dlkit.checking import grade as check
### END HIDDEN TESTS
check("{key}")"""
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def to_notebook(source: Path, target: Path, execute: bool = False) -> NotebookNode:
    """Write the notebook that the text in `source` describes; with `execute`, run it from its own folder first."""
    import jupytext

    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    finished = finish(notebook)
    if execute:
        _run(finished, target.parent)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(finished, target)
    return finished


def finish(notebook: NotebookNode) -> NotebookNode:
    """Fill in nbgrader's metadata, the grade cells, stable cell ids, and the kernel."""
    for number, cell in enumerate(notebook.cells):
        _mark(cell)
        stem = cell.metadata.get("nbgrader", {}).get("grade_id") or f"{number}-{cell.source[:200]}"
        cell["id"] = hashlib.sha256(stem.encode()).hexdigest()[:8]
    notebook.metadata = NotebookNode(kernelspec=_KERNEL, language_info={"name": "python"})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return notebook


def _mark(cell: NotebookNode) -> None:
    metadata: dict[str, Any] = cell.metadata
    solution, check = metadata.pop("solution", None), metadata.pop("check", None)
    written, points = metadata.pop("written", None), metadata.pop("points", None)
    if solution:
        metadata["nbgrader"] = _nbgrader(find(solution).grade_id, grade=False, solution=True, locked=False)
        if "### BEGIN SOLUTION" not in cell.source:
            raise ValueError(f"the solution cell of {solution} has no line '### BEGIN SOLUTION'")
    elif check:
        exercise = find(check)
        cell.source = CHECK_CELL.format(key=check)
        metadata["nbgrader"] = _nbgrader(f"{exercise.grade_id}-check", grade=True, solution=False, locked=True,
                                         points=exercise.points)
    elif written:
        metadata["nbgrader"] = _nbgrader(str(written), grade=True, solution=True, locked=False, points=float(points))
    metadata.pop("lines_to_next_cell", None)


def _nbgrader(grade_id: str, **flags: Any) -> dict[str, Any]:
    if isinstance(flags.get("points"), float) and flags["points"].is_integer():
        flags["points"] = int(flags["points"])
    return {"grade_id": grade_id, "schema_version": 3, "task": False, **flags}


def _run(notebook: NotebookNode, folder: Path) -> None:
    from nbclient import NotebookClient

    folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", record_timing=False, store_widget_state=False,
                            resources={"metadata": {"path": str(folder)}})
    client.execute(env=os.environ | {"DLKIT_ANSWERS": ""})  # an author's solutions are not the answers of a student


def to_text(source: Path) -> str:
    """The notebook in `source` as a percent script, without outputs."""
    import jupytext

    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        found = cell.metadata.pop("nbgrader", None)
        if not found:
            continue
        if found["grade"] and not found["solution"]:
            cell.metadata["check"] = cell.source.rpartition('check("')[2].partition('"')[0]
            cell.source = ""
        elif found["grade"]:
            cell.metadata["written"], cell.metadata["points"] = found["grade_id"], found["points"]
        elif found["solution"]:
            cell.metadata["solution"] = found["grade_id"].replace("-", ".", 1)
    return jupytext.writes(notebook, fmt="py:percent")
