"""A toy course of two notebooks, so that grading can be tested without the real one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from dlkit import exercises

UNIT = "unit1_toy"
HELPER = "ANSWER = 42\n"
EXERCISES = Path(__file__).with_name("toy_exercises.py")


@contextmanager
def exercises_known() -> Iterator[None]:
    """The exercises of the toy course are known here, and in every process started from here."""
    before = os.environ.get(exercises.MORE)
    os.environ[exercises.MORE] = str(EXERCISES)
    exercises._by_key.cache_clear()
    try:
        yield
    finally:
        os.environ.pop(exercises.MORE)
        if before is not None:
            os.environ[exercises.MORE] = before
        exercises._by_key.cache_clear()


def meta(grade_id: str, points: float | None = None, solution: bool = False) -> dict:
    graded = points is not None
    data = {"grade": graded, "solution": solution, "locked": graded and not solution, "task": False,
            "schema_version": 3, "grade_id": grade_id}  # fmt: skip
    return {"nbgrader": {**data, **({"points": points} if graded else {})}}


def answer_cell(name: str, body: str, points: float) -> list:
    source = f"def {name}(x):\n    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION"
    check = (
        "from dlkit.checking import check\n### BEGIN HIDDEN TESTS\nfrom dlkit.checking import grade as check\n### END HIDDEN TESTS\n"
        f'check("unit1.{name}")'
    )
    return [
        new_markdown_cell(f"## {name.title()} a number", id=f"{name}-head"),
        new_code_cell(source, metadata=meta(f"unit1-{name}", solution=True), id=f"{name}-answer"),
        new_code_cell(check, metadata=meta(f"unit1-{name}-check", points), id=f"{name}-check",
                      outputs=[nbformat.v4.new_output("stream", text="solved")], execution_count=3),
    ]  # fmt: skip


def make_home(home: Path) -> Path:
    """Write ``solutions/unit1_toy`` with two notebooks under `home`."""
    folder = home / "solutions" / UNIT
    folder.mkdir(parents=True)
    (folder / "helper.py").write_text(HELPER)
    start = new_code_cell("import math\nbase = 2", id="start")
    first = [start, *answer_cell("double", "return x + x * (base - 1) + math.floor(0.25)", 2)]
    written = new_markdown_cell(
        "It grows with the square, since both sides double.", metadata=meta("unit1-why", 4, solution=True), id="why"
    )
    second = [*answer_cell("square", "return x * x * math.prod([1, 1])", 1), written, *answer_cell("answer", "return 6 * 7 + 0 * x", 3)]
    second.insert(0, new_code_cell("import math", id="start"))
    for name, cells in (("1_first", first), ("2_second", second)):
        notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}})
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return home


RIGHT = {
    "unit1-double": "def double(x):\n    return 2 * x",
    "unit1-square": "def square(x):\n    return x ** 2",
    "unit1-answer": "def answer(x):\n    return 42",
    "unit1-why": "Because.",
}


def hand_in(home: Path, root: Path, student: str, answers: dict[str, str], timestamp: str | None = None) -> Path:
    """Copy the released notebooks to ``submitted/`` with some cells answered; returns the folder."""
    target = root / "submitted" / student / UNIT
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((home / "course" / UNIT).glob("*.ipynb")):
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id in answers:
                cell["source"] = answers[grade_id]
        (target / path.name).write_text(json.dumps(notebook))
    if timestamp:
        (target / "timestamp.txt").write_text(timestamp)
    return target


def damage(first: Path, second: Path) -> None:
    """A copied answer cell with the same id, changed flags, and a deleted grade cell: all things that students do."""
    notebook = json.loads(first.read_text())
    answer = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "unit1-double")
    wrong = json.loads(json.dumps(answer))
    wrong.update(source="def double(x):\n    return 0", id="copied")
    notebook["cells"].insert(notebook["cells"].index(answer), wrong)
    next(cell for cell in notebook["cells"] if cell["id"] == "double-check")["metadata"]["nbgrader"]["grade"] = False
    first.write_text(json.dumps(notebook))
    notebook = json.loads(second.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "square-check"]
    second.write_text(json.dumps(notebook))


def untidy(first: Path, second: Path) -> None:
    """Notebooks that break the rules of their format where it does not matter, one of them in UTF-16."""
    notebook = json.loads(first.read_text())
    notebook["metadata"], notebook["nbformat_minor"] = {"kernelspec": 5}, 99
    for cell in notebook["cells"]:
        cell["id"] = "the same for all"
        cell["outputs"] = [{"output_type": "nonsense", "text": "x" * 100_000}]
        cell.pop("execution_count", None)
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "unit1-double":
            cell["cell_type"] = "markdown"
            cell["source"] += "\nhalf = '\ud800'\n"
    notebook["cells"][0]["metadata"] = {"nbgrader": None, "tags": 3}
    notebook["cells"] += ["junk", {"cell_type": "heading", "source": 5}, {"cell_type": "code", "source": "x = 1\0"}]
    first.write_text(json.dumps(notebook), encoding="utf-16")
    notebook = json.loads(second.read_text())
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    second.write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook).encode())
