"""The solved notebooks keep the rules of the house: one grade cell per exercise, honest headers, few ignored outputs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from dlkit.exercises import all_exercises, find
from dlkit.grading.weave import CHECK_CELL

ROOT = Path(__file__).resolve().parents[2]
SOLVED = sorted(path for path in (ROOT / "solutions").glob("*/*.ipynb") if ".ipynb_checkpoints" not in path.parts)
NAMES = [f"{path.parent.name}/{path.stem}" for path in SOLVED]
IGNORED_SHARE = 0.25


@pytest.fixture(params=SOLVED, ids=NAMES)
def notebook(request):
    found = nbformat.read(request.param, as_version=4)
    found.path = str(request.param)
    return found


def graded(notebook):
    """(key, grade cell, solution cell) of each exercise, in order."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    for grade_id, cell in cells.items():
        if cell.metadata.nbgrader.grade and cell.cell_type == "code":
            stem = grade_id.removesuffix("-check")
            yield stem.replace("-", ".", 1), cell, cells[stem]


def keys_of(notebook):
    return [key for key, _, _ in graded(notebook)]


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_there_are_the_notebooks_of_the_units():
    assert len([name for name in NAMES if name.startswith("unit0_")]) == 1
    assert [name.split("/")[1][0] for name in NAMES if name.startswith("unit1_")] == list("123456789")
    assert [name.split("/")[1][0] for name in NAMES if name.startswith("unit2_")] == list("12345678")


def test_every_exercise_is_asked_exactly_once():
    asked = [key for path in SOLVED for key in keys_of(nbformat.read(path, as_version=4))]
    assert sorted(asked) == sorted(exercise.key for exercise in all_exercises())


def test_grade_cells_are_all_alike_and_worth_the_points_of_the_exercise(notebook):
    assert keys_of(notebook)
    for key, check, solution in graded(notebook):
        assert check.source == CHECK_CELL.format(key=key)
        assert check.metadata.nbgrader.points == find(key).points
        assert check.metadata.nbgrader.locked and not solution.metadata.nbgrader.locked
        names = {node.name for node in ast.parse(solution.source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        assert set(find(key).names) <= names, f"{key}: the solution cell defines {names}"


def test_solution_cells_are_typed_and_documented(notebook):
    for key, _, solution in graded(notebook):
        for node in ast.parse(solution.source).body:
            if isinstance(node, ast.FunctionDef) and node.name in find(key).names:
                assert ast.get_docstring(node), f"{key}: {node.name} has no docstring"
                assert node.returns is not None, f"{key}: {node.name} does not say what it returns"


def test_the_solution_gets_full_marks(notebook):
    for key, check, _ in graded(notebook):
        visible = sum(points for part, points in find(key).parts.items()
                      if find(key).steps or any(find(key).part_of(c) == part and (c == "worked example" or not find(key).regime(c).hidden)
                                                for c in find(key).checks))
        assert check.outputs[-1].output_type == "execute_result", key
        assert float(check.outputs[-1].data["text/plain"]) == visible, key


def test_a_notebook_climbs_the_ladder(notebook):
    if "unit0" in notebook.path:
        return
    rungs = {find(key).rung for key in keys_of(notebook)}
    assert len(rungs) >= 3 and rungs & {"predict", "debug"}, rungs


def test_the_header_tells_difficulty_minutes_points_and_prerequisites(notebook):
    header = "\n".join(cell.source for cell in notebook.cells[:3])
    for word in ("difficulty", "minutes", "points", "prerequisites"):
        assert word in header.lower(), word
    points = sum(cell.metadata.nbgrader.points for cell in notebook.cells
                 if cell.metadata.get("nbgrader", {}).get("grade"))
    assert re.search(rf"\b{points:g}\b", header), f"the cells are worth {points:g} points"


def test_no_exercise_is_imported_from_the_library(notebook):
    """A deleted stub would otherwise resolve to the reference."""
    names = {name for exercise in all_exercises() for name in exercise.names}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dlkit.numpy"):
                    taken = {alias.name for alias in node.names} & names
                    assert not taken and "*" not in {alias.name for alias in node.names}, taken


def test_pictures_have_alt_text_and_labels(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
                assert re.search(r'alt="[^"]{20,}"', tag), tag[:100]
            if "image/png" in data:
                assert re.search(r'alt="[^"]{20,}"', data.get("text/html", "")), "a picture without alt text"
        for tag in re.findall(r"!\[([^\]]*)\]\(", cell.source):
            assert len(tag) >= 20, "a picture without alt text"


def test_solved_notebooks_are_executed_in_order_without_errors(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [output for cell in code for output in cell.outputs if output.output_type == "error"]
    assert not [output for cell in code for output in cell.outputs if output.get("name") == "stderr"]


def test_few_outputs_are_left_uncompared(record_property):
    total = ignored = 0
    for path in SOLVED:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                total += 1
                ignored += bool(set(cell.metadata.get("tags", [])) & {"nbval-ignore-output", "nbval-skip"})
    record_property("cells whose output is not compared", f"{ignored} of {total}")
    print(f"outputs not compared: {ignored} of {total} code cells")
    assert ignored < IGNORED_SHARE * total


def test_notebooks_are_small():
    for path in SOLVED:
        assert path.stat().st_size < 1_500_000, f"{path.name} has {path.stat().st_size / 1e6:.1f} MB"
