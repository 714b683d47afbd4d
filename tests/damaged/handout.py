"""A small notebook as an author writes it, as students get it, and as a good student hands it in."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from dlkit.grading.course import Course
from dlkit.grading.handed_in.release import Release

UNIT, NOTEBOOK = "unit1_numbers", "1_numbers"
SOLVED = {
    "unit1-double": "def double(x):\n    return x + x * (base - 1)",
    "unit1-shift": "def shift(x):\n    return x + 3\n\n\ndef unshift(y):\n    return y - 3",
    "unit1-root": "def root(x):\n    return math.sqrt(x)",
}
ANSWERS = {
    "unit1-double": "def double(x):\n    # twice, says Zoë\n    return 2 * x",
    "unit1-shift": "def shift(x):\n    return 3 + x\n\n\ndef unshift(y):\n    return -3 + y",
    "unit1-why": 'Because the square of "a root" is what we *began* with.',
    "unit1-root": "def root(x):\n    return math.sqrt(x)",
}
FULL = {"unit1-double-check": 2, "unit1-shift-check": 3, "unit1-root-check": 1}
CASES = {
    "unit1-double-check": lambda space: space["double"](4) == 8,
    "unit1-shift-check": lambda space: space["shift"](4) == 7 and space["unshift"](4) == 1,
    "unit1-root-check": lambda space: space["root"](2) == math.sqrt(2),
}
OWN = "my_notes = [double(x) for x in range(3)]  # a cell of my own"


def _mark(grade_id: str, points: float | None = None, solution: bool = False) -> dict[str, Any]:
    graded = points is not None
    flags = {"grade": graded, "solution": solution, "locked": graded and not solution, "task": False}
    return {"nbgrader": {"grade_id": grade_id, "schema_version": 3, **flags, **({"points": points} if graded else {})}}


def _exercise(name: str, points: float) -> list[Any]:
    lines, inside = [], False
    for line in SOLVED[f"unit1-{name}"].split("\n"):
        lines.append(line)
        if line.startswith("def "):
            lines.append("    ### BEGIN SOLUTION")
            inside = True
        elif inside and line.startswith("    "):
            lines.append("    ### END SOLUTION")
            inside = False
    check = f'from dlkit.checking import check\n### BEGIN HIDDEN TESTS\nhidden = "{name}"\n### END HIDDEN TESTS\ncheck("unit1.{name}")'
    return [
        new_markdown_cell(f"## Exercise: {name}", id=f"{name}-head"),
        new_code_cell("\n".join(lines), metadata=_mark(f"unit1-{name}", solution=True), id=f"{name}-answer"),
        new_code_cell(check, metadata=_mark(f"unit1-{name}-check", points), id=f"{name}-check"),
    ]


def make_course(home: Path) -> Course:
    """Write ``solutions/`` under `home`."""
    cells = [
        new_markdown_cell("# Numbers", id="title"),
        new_code_cell("import math\n\nbase = 2", id="start"),
        *_exercise("double", 2),
        new_code_cell("print([double(x) for x in (1, 2)])", id="show"),
        *_exercise("shift", 3),
        new_markdown_cell("Why is a root squared the number itself?", id="ask"),
        new_markdown_cell("The root is defined that way.", metadata=_mark("unit1-why", 4, solution=True), id="why"),
        *_exercise("root", 1),
        new_markdown_cell("That was all.", id="end"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = home / "solutions" / UNIT / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return Course.at(home)


def released(release: Release) -> dict[str, Any]:
    """What students get, as JSON content."""
    cells = []
    for cell in release.cells:
        mark = {"nbgrader": cell.nbgrader()} if cell.grade_id else {}
        content: dict[str, Any] = {"cell_type": cell.cell_type}
        if cell.cell_type == "code":
            content["execution_count"] = None
        content |= {"id": cell.id, "metadata": {**cell.metadata, **mark}}
        if cell.cell_type == "code":
            content["outputs"] = []
        cells.append({**content, "source": cell.given.splitlines(keepends=True)})
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def handed_in(release: Release) -> dict[str, Any]:
    """What a good student hands in: all answers, outputs, and a cell of her own."""
    notebook = released(release)
    for number, cell in enumerate(notebook["cells"]):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in ANSWERS:
            cell["source"] = ANSWERS[name].splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["[0, 2]\n", "done\n"]}]
    own = {"cell_type": "code", "execution_count": 99, "id": "own", "metadata": {}, "outputs": [], "source": [OWN]}
    notebook["cells"].insert(6, own)
    return notebook


def marks(notebook: Any) -> dict[str, float]:
    """What the answers in a notebook deserve: its cells run in order, and each grade cell asks for what was defined by then."""
    space: dict[str, Any] = {}
    found: dict[str, float] = {}
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and not mark.get("solution"):
            try:
                right = CASES[mark["grade_id"]](space)
            except Exception:
                right = False
            found[mark["grade_id"]] = mark["points"] if right else 0
        elif cell.cell_type == "code":
            try:
                exec(compile(cell.source, "cell", "exec"), space)
            except Exception:
                space["failed"] = True
    return found


def written(notebook: Any) -> str:
    """The answer that a person will grade."""
    return next(cell.source for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "unit1-why")


def clone(content: Any) -> Any:
    return copy.deepcopy(content)


def dump(content: Any, **options: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False, **options) + "\n").encode("utf-8", "surrogatepass")
