"""The student version: in step with the solutions, silent about the answers, and kind to a student who has written nothing."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from dlkit.checking.display import MIME
from dlkit.exercises import all_exercises
from dlkit.grading.build import course_in_step

ROOT = Path(__file__).resolve().parents[2]
COURSE = sorted((ROOT / "course").glob("*/*.ipynb"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in COURSE]


def test_the_course_is_what_the_solutions_make():
    assert course_in_step(ROOT) == []


def test_the_course_has_all_notebooks_of_the_solutions():
    solved = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "solutions").glob("*/*.ipynb")}
    assert set(NAMES) == solved and len(NAMES) >= 10


@pytest.mark.parametrize("path", COURSE, ids=NAMES)
def test_an_unanswered_notebook_runs_through_and_earns_nothing(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=os.environ | {"DLKIT_ANSWERS": str(tmp_path / "answers"), "MPLBACKEND": "agg"})  # raises if a cell does
    checks = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assert not [o for o in cell.outputs if o.get("name") == "stderr"], cell.source
        if cell.metadata.get("nbgrader", {}).get("grade"):
            checks += 1
            card = next(o for o in cell.outputs if MIME in o.get("data", {}))
            assert cell.outputs[-1].data["text/plain"] == "0.0"
            assert card.data[MIME]["mark"] == 0 and "Not answered yet" in card.data["text/plain"]
    assert checks


def test_nothing_of_an_answer_is_in_the_built_files():
    """Search the files as bytes, besides the builder's own search: telling lines of every solution region."""
    everything = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "course").rglob("*") if path.is_file())
    assert "BEGIN SOLUTION" not in everything and "HIDDEN TESTS" not in everything and "grade as check" not in everything
    shown = set()
    secret = set()
    for path in (ROOT / "solutions").glob("*/*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            for region in re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", source, re.S):
                secret.update(line.strip() for line in region.splitlines() if len(line.strip()) > 20)
            shown.update(line.strip() for line in re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "", source, flags=re.S).splitlines())
    leaked = [line for line in secret - shown if json.dumps(line)[1:-1] in everything]
    assert secret and leaked == []


def test_no_regime_or_mistake_text_is_in_the_built_files():
    everything = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "course").rglob("*.ipynb"))
    for exercise in all_exercises():
        for mistake in exercise.mistakes:
            assert mistake.says not in everything, mistake.says
