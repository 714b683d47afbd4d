from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from dlkit.grading.command import prepare_root
from dlkit.grading.course import Course, CourseError
from dlkit.grading.engine import grade_unit
from dlkit.grading.records.gradebook import read_marks
from dlkit.grading.results import UnitResult, summary_table
from dlkit.grading.running.crew import Processes
from dlkit.grading.running.session import Setting
from dlkit.grading.running.worker import Duty, Task

SCORES = {
    "right": 6, "warns": 6, "broken_syntax": 4, "visible_only": 5.5, "prints_markup": 6, "loops": 4, "late": 6, "dead": 5,
    "broken": 4, "hollow": 0, "renamed": 6, "missing": 4, "damaged": 6, "formats": 5.5, "noisy": 6, "Zo\u00eb o'Hara, 2": 4,
    "untidy": 6, "mislaid": 2, "linked": 4, "all [of] us": 0,
}  # fmt: skip


def test_everyone_gets_the_marks_they_earned(graded):
    assert {student: row.score for student, row in graded[2].items()} == SCORES


def test_every_submission_has_a_row_and_a_reason(graded):
    rows = graded[2]
    assert rows["right"].reason == "" and rows["right"].status == "graded"
    assert rows["late"].status == "late" and rows["late"].seconds_late == 86400
    assert "unit1-double: SyntaxError" in rows["broken_syntax"].reason
    assert "cell unit1-double-check: a call took more than 5 s" in rows["loops"].reason
    assert "cell unit1-square was left out: the process has ended" in rows["dead"].reason
    assert "cell unit1-double was changed to markdown; set back" in rows["untidy"].reason
    assert "my work.ipynb graded as 1_first.ipynb" in rows["mislaid"].notes and "not graded: copy/2_second.ipynb" in rows["mislaid"].reason
    assert rows["linked"].problems == ["1_first.ipynb is a link: links are not followed"]
    assert "stand for patterns" in rows["all [of] us"].reason
    assert rows["broken"].problems == ["1_first.ipynb is not JSON (line 1, column 1: Expecting value)"]
    assert rows["hollow"].problems == ["1_first.ipynb is empty"]
    assert "2_second.ipynb is missing: 0 points" in rows["hollow"].notes
    assert rows["renamed"].notes == ["my copy (1).ipynb graded as 2_second.ipynb"]
    assert rows["missing"].notes == ["1_first.ipynb is missing: 0 points"]
    for remark in ("stands there more than once", "flags of cell unit1-double-check", "unit1-square-check was deleted"):
        assert remark in rows["damaged"].reason
    assert graded[1].notes == ["submitted/nobody/unit1_toi was not graded: is it meant to be unit1_toy?"]


def test_exit_code_tells_whether_something_was_left_ungraded(graded):
    result = graded[1]
    assert result.exit_code == 1 and [row.student for row in result.ungraded] == ["all [of] us", "broken", "hollow", "linked"]
    assert UnitResult("u", [graded[2]["missing"], graded[2]["dead"]], 1.0, 1).exit_code == 0


def test_submissions_are_left_as_they_were(graded):
    root = graded[0].root

    def same(comparison: filecmp.dircmp) -> bool:
        clean = not (comparison.left_only or comparison.right_only or comparison.diff_files)
        return clean and all(map(same, comparison.subdirs.values()))

    assert same(filecmp.dircmp(root / "submitted", root / "kept"))


def test_table_has_a_line_for_each_student(graded):
    text = summary_table(graded[1], {"right": "O'Hara, Zoë"})
    assert "O'Hara, Zoë" in text and f"{len(SCORES)} submissions" in text and all(len(line) < 140 for line in text.splitlines())


def test_marks_by_hand_survive_and_stale_marks_do_not(toy, graded, home, tmp_path):
    root = tmp_path
    toy.hand_in(home, root, "ann", toy.RIGHT)
    course = Course.at(root, home)
    assert grade_unit(course, toy.UNIT, jobs=2, progress=False).rows[0].score == 6
    with Gradebook(course.database_url) as book:
        book.find_grade("unit1-why", "2_second", toy.UNIT, "ann").manual_score = 3
        book.db.commit()
    folder = toy.hand_in(home, root, "ann", {**toy.RIGHT, "unit1-square": "square = None"})
    notebook = json.loads((folder / "1_first.ipynb").read_text())
    notebook["cells"] = notebook["cells"][:1]
    (folder / "1_first.ipynb").write_text(json.dumps(notebook))
    row = grade_unit(course, toy.UNIT, jobs=1, students=["ann"], progress=False).rows[0]
    assert row.score == 3 + 3  # written answer and the answer 42; the double and the square are gone
    assert {mark.grade_id: mark.score for mark in read_marks(course, toy.UNIT)}["unit1-double-check"] == 0


def test_same_marks_as_stock_nbgrader(toy, graded, home, tmp_path):
    """``nbgrader autograde`` with its own ``Execute``, on those submissions that it can grade at all."""
    students = ["warns", "broken_syntax", "visible_only", "late", "damaged", "missing"]
    course = graded[0]
    for student in students:
        source = course.submitted(student, toy.UNIT)
        target = tmp_path / "submitted" / student / toy.UNIT
        target.mkdir(parents=True)
        for path in source.iterdir():
            (target / path.name).write_bytes(path.read_bytes())
    shutil.copytree(home / "solutions", tmp_path / "solutions")
    (tmp_path / "nbgrader_config.py").write_bytes((Path(__file__).parents[2] / "nbgrader_config.py").read_bytes())
    for command in (["generate_assignment", "--force"], ["autograde"]):
        done = _nbgrader(tmp_path, command[0], toy.UNIT, *command[1:])
        assert done.returncode == 0, done.stderr
    ours = {(m.student, m.grade_id): m.score for m in read_marks(course, toy.UNIT) if m.student in students}
    theirs = {(m.student, m.grade_id): m.score for m in read_marks(Course.at(tmp_path), toy.UNIT)}
    assert theirs == ours
    done = _nbgrader(tmp_path, "generate_feedback", toy.UNIT)
    assert done.returncode == 0 and "WARNING" not in done.stderr.replace("Removing", "")
    page = (tmp_path / "feedback" / "warns" / toy.UNIT / "1_first.html").read_text()
    assert "import grade" not in page and "<script" not in page
    assert _nbgrader(tmp_path, "export").returncode == 0
    done = _nbgrader(tmp_path, "validate", str(tmp_path / "solutions" / toy.UNIT / "1_first.ipynb"))
    assert "Success" in done.stdout


def test_nbgraders_own_command_finds_course_and_key_of_a_class_elsewhere(toy, home, tmp_path):
    """The class has a folder of its own: notebooks come from the course, the key from the class, and nothing runs in place."""
    course = prepare_root(home, tmp_path)
    toy.hand_in(home, tmp_path, "ann", {**toy.RIGHT, "unit1-double": "open('left.txt', 'w').close()\ndef double(x):\n    return 2 * x"})
    assert _nbgrader(tmp_path, "generate_assignment", toy.UNIT, "--force").returncode == 0
    done = _nbgrader(tmp_path, "autograde", toy.UNIT)
    assert done.returncode == 0, done.stderr
    marks = {mark.grade_id: mark.score for mark in read_marks(course, toy.UNIT)}
    assert marks["unit1-double-check"] == 2 and marks["unit1-square-check"] == 1 and marks["unit1-answer-check"] == 3
    notebook = (course.autograded("ann", toy.UNIT) / "1_first.ipynb").read_text()
    assert '"hidden": true' in notebook  # judged by the key
    assert not list(tmp_path.rglob("left.txt"))


def _nbgrader(folder: Path, *words: str) -> subprocess.CompletedProcess:
    here = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": here, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    command = [sys.executable, "-m", "nbgrader", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def test_bad_requests_say_what_is_wrong(toy, home, tmp_path, graded):
    course = Course.at(tmp_path, home)
    with pytest.raises(CourseError, match="there is no unit 'unit2'.*units are: unit1_toy"):
        grade_unit(course, "unit2", progress=False)
    with pytest.raises(CourseError, match="no submissions of unit1_toy: expected .*submitted/<student>/unit1_toy"):
        grade_unit(course, toy.UNIT, progress=False)
    with pytest.raises(CourseError, match="no submission of unit1_toy by zed"):
        grade_unit(graded[0], toy.UNIT, students=["zed"], progress=False)
    with pytest.raises(CourseError, match="'soon' is not a date"):
        grade_unit(graded[0], toy.UNIT, due="soon", progress=False)
    toy.hand_in(home, tmp_path / "class", "ann", toy.RIGHT)
    course = Course.at(tmp_path / "class", home)
    (course.root / "students.csv").write_bytes("id;first_name\nann;Zo\u00eb\n".encode("cp1252"))
    with pytest.raises(CourseError, match="students.csv is not text in UTF-8"):
        grade_unit(course, toy.UNIT, progress=False)
    (course.root / "students.csv").write_text("name,first_name\nann,x\n")
    with pytest.raises(CourseError, match="has no column 'id'"):
        grade_unit(course, toy.UNIT, progress=False)
    course.database.write_text("no gradebook")
    with pytest.raises(CourseError, match="is not a gradebook"):
        grade_unit(course, toy.UNIT, progress=False)
    with pytest.raises(CourseError, match="found no folder solutions/"):
        Course.at(tmp_path, tmp_path)


def test_a_grading_process_that_dies_costs_only_its_own_notebook(toy, home, tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.ipynb").write_text("not json")
    setting = Setting(0, tmp_path, tmp_path, (), (), {}, None, None)
    tasks = [Task(name, toy.UNIT, "1_first", tmp_path / f"{name}.ipynb") for name in ("a", "b", "c")]
    tasks[1] = _Deadly("b", toy.UNIT, "1_first", tmp_path / "b.ipynb")
    duty = Duty(Course.at(tmp_path, home), setting)
    done = {graded.student: graded.problem for graded in Processes(duty, 2).grade(tasks)}
    assert done["a"].startswith("a.ipynb is not JSON") and done["c"].startswith("c.ipynb is not JSON")
    assert "the process that graded it died, twice" in done["b"]


class _Deadly(Task):
    """A task that ends the process that unpacks it."""

    def __reduce__(self):
        return _die, (os.getpid(), self.file)


def _die(parent: int, file: Path) -> Task:
    if os.getpid() != parent:
        os._exit(9)
    return Task("b", "unit1_toy", "1_first", file)
