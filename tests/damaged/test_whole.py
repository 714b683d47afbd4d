"""Damaged submissions through the whole engine, and through nbgrader's own commands: same marks, same words, nothing touched."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest
from damages import CORPUS, DOUBLE
from handout import ANSWERS
from nbgrader.api import Gradebook

from dlkit.grading.build import build_course
from dlkit.grading.course import Course
from dlkit.grading.engine import grade_unit
from dlkit.grading.handed_in.repair import FOLDER, LOG

DAMAGES = {damage.name: damage for damage in CORPUS.damages}
WHOLE = (
    "utf16", "latin1", "cut_in_the_metadata", "disk_full_at_the_end", "doubled", "merge_marks_in_an_answer", "quoted_printable",
    "format_3", "marks_and_ids_lost", "percent_script", "split_inside_a_function", "answer_turned_into_text", "check_moved_to_the_top",
    "answered_in_the_check", "answer_deleted", "check_deleted_here", "points_changed", "renamed_cell",
)  # fmt: skip


def _check_deleted_here(content):
    content["cells"] = [cell for cell in content["cells"] if cell["id"] != "double-check"]
    return json.dumps(content).encode()


@pytest.fixture(scope="module")
def toy():
    path = Path(__file__).parents[1] / "grading" / "toy.py"
    spec = importlib.util.spec_from_file_location("toy", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["toy"] = module
    spec.loader.exec_module(module)
    with module.exercises_known():
        yield module


@pytest.fixture(scope="module")
def submitted(toy, tmp_path_factory) -> Path:
    """A root with the toy course, and what a class has handed in for it: each student with one kind of damage."""
    root = tmp_path_factory.mktemp("root")
    toy.make_home(root)
    build_course(root)
    for name in WHOLE:
        path = toy.hand_in(root, root, name, toy.RIGHT | {"unit1-double": ANSWERS["unit1-double"]}) / "1_first.ipynb"
        content = json.loads(path.read_text())
        path.write_bytes(DAMAGES[name].data(content) if name in DAMAGES else _check_deleted_here(content))
    renamed = toy.hand_in(root, root, "renamed", toy.RIGHT)
    (renamed / "2_second.ipynb").rename(renamed / "my notebook (1).ipynb")
    copied = toy.hand_in(root, root, "copied", toy.RIGHT)
    (copied / "1_first.ipynb").rename(copied / "1_first (1).ipynb")
    shutil.copy(root / "course" / toy.UNIT / "1_first.ipynb", copied)
    toy.hand_in(root, root, "honest", toy.RIGHT)
    return root


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def scores(url: str, unit: str) -> dict[tuple[str, str], float]:
    with Gradebook(url) as book:
        return {
            (submission.student.id, grade.name): grade.score
            for submission in book.assignment_submissions(unit) for notebook in submission.notebooks for grade in notebook.grades
        }  # fmt: skip


def deserved(toy) -> dict[tuple[str, str], float]:
    students = [*WHOLE, "renamed", "copied", "honest"]
    full = {"unit1-double-check": 2, "unit1-square-check": 1, "unit1-answer-check": 3, "unit1-why": 0}
    lost = {(name, DOUBLE) for name in WHOLE if name in DAMAGES and DOUBLE in DAMAGES[name].lost}
    return {(who, cell): 0 if (who, cell) in lost else points for who in students for cell, points in full.items()}


@pytest.mark.slow
def test_dlkit_grade(toy, submitted, tmp_path):
    shutil.copytree(submitted / "submitted", tmp_path / "submitted")
    before = hashes(tmp_path / "submitted")
    course = Course.at(tmp_path, submitted)
    result = grade_unit(course, toy.UNIT, jobs=2, progress=False)
    assert scores(course.database_url, toy.UNIT) == deserved(toy)
    assert hashes(tmp_path / "submitted") == before
    rows = {row.student: row.reason for row in result.rows}
    assert rows["honest"] == "" and "my notebook (1).ipynb graded as 2_second.ipynb" in rows["renamed"]
    assert "as 1_first.ipynb has no answers" in rows["copied"]
    for name in WHOLE:
        for words in DAMAGES[name].says if name in DAMAGES else ("was deleted; put back",):
            assert words in rows[name], (name, rows[name])


@pytest.mark.slow
def test_nbgrader_autograde(toy, submitted):
    course = Course.at(submitted)
    before = hashes(submitted / "submitted")
    api = course.nbgrader()
    assert api.generate_assignment(toy.UNIT, force=True)["success"]
    outcome = api.autograde(toy.UNIT, "*")
    assert outcome["success"], outcome["log"]
    assert scores(course.database_url, toy.UNIT) == deserved(toy)
    assert hashes(submitted / "submitted") == before
    repaired = submitted / FOLDER
    assert not (repaired / "honest").exists()
    for name in (*WHOLE, "renamed", "copied"):
        for words in DAMAGES[name].says if name in DAMAGES else ():
            assert words in (repaired / name / toy.UNIT / LOG).read_text(encoding="utf-8") and words in outcome["log"]
    assert "my notebook (1).ipynb graded as 2_second.ipynb" in (repaired / "renamed" / toy.UNIT / LOG).read_text()
    path = submitted / "submitted" / "honest" / toy.UNIT / "1_first.ipynb"
    path.write_bytes(b"PK\x03\x04")
    outcome = api.autograde(toy.UNIT, "honest")
    assert not outcome["success"] and "1_first.ipynb is a zip archive" in outcome["log"]
