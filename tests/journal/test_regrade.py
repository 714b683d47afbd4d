"""Grading again: what would change, by how much and why, is told before anything is written."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from dlkit.grading import command
from dlkit.grading.cells import VERDICT
from dlkit.grading.course import Course, CourseError
from dlkit.grading.engine import grade_unit
from dlkit.grading.records.regrade import changes_text, preview, regrade, write_changes
from dlkit.grading.results import GradedNotebook
from dlkit.grading.running.crew import Processes
from dlkit.grading.running.worker import Task
from dlkit.grading.sandbox import Proof

KEY = ".course_key"


class Judging:
    """Gives the marks in the answers, ``u-a-check`` in two parts of which the second depends on the course key."""

    def __init__(self, fake) -> None:
        self.fake = fake

    @contextmanager
    def __call__(self, course: Course, unit: str, jobs: int, cell_timeout: int | None = None):
        self.strict = (course.root / KEY).read_text() == "two"
        yield self

    def grade(self, tasks):
        for task in tasks:
            graded = self.fake.grade(task)
            if task.notebook == "1_first":
                content = json.loads(graded.content)
                mark = graded.marks["u-a-check"]
                edge = 0.0 if self.strict and mark < 2 else mark / 2
                graded.marks["u-a-check"] = mark / 2 + edge
                verdict = {"parts": [{"name": "worked example", "points": 2.0, "mark": mark / 2}, {"name": "edge cases", "points": 2.0, "mark": edge}],
                           "diagnosis": None if edge or not mark else "divides by zero"}  # fmt: skip
                cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "u-a-check"}}, "source": "", "outputs": [{"data": {VERDICT: verdict}}]}
                content["cells"].append(cell)
                graded.content = json.dumps(content)
            yield graded


@pytest.fixture
def course(fake, home, tmp_path) -> Course:
    """Three students, graded with one course key; one has a mark by hand. Then the key changes."""
    course = Course.at(tmp_path / "class", home)
    for student, mark in (("ann", 1.0), ("bob", 3.0), ("cy", 1.5)):
        fake.hand_in(course.root, student, {cell: mark for cell in "abcde"})
    (course.root / KEY).write_text("one")
    grade_unit(course, fake.UNIT, crew=Judging(fake), progress=False)
    with Gradebook(course.database_url) as gradebook:
        gradebook.find_grade("u-a-check", "1_first", fake.UNIT, "cy").manual_score = 4.0
        gradebook.db.commit()
    (course.root / KEY).write_text("two")
    return course


def everything(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_preview_says_what_would_change_and_why_and_writes_nothing(fake, course):
    before = everything(course.root)
    found = preview(course, fake.UNIT, crew=Judging(fake), progress=False)
    assert everything(course.root) == before
    assert [(c.student, c.grade_id, c.before, c.after, c.points) for c in found.changes] == [
        ("ann", "u-a-check", 1.0, 0.5, -0.5), ("cy", "u-a-check", 1.5, 0.75, 0.0),
    ]  # fmt: skip
    assert found.changes[0].why == "edge cases: 0.0/2.0 instead of 0.5/2.0; divides by zero; changed: the course key"
    assert found.run == 6 and found.same == 0
    text = changes_text(found, {"ann": "Ann O'Hara"})
    assert "Ann O'Hara  u-a-check  1       0.5    -0.5" in text and "a person gave 4, which stays" in text
    assert "points of 1 students would change (0 up, 1 down)" in text and "nothing has been written" in text


def test_grading_again_does_what_the_preview_said(fake, course, tmp_path):
    foretold = preview(course, fake.UNIT, crew=Judging(fake), progress=False)
    fake.hand_in(course.root, "new", {"a": 1.0})  # has not been graded: that is for 'dlkit grade'
    found, result = regrade(course, fake.UNIT, crew=Judging(fake), progress=False)
    assert found.changes == foretold.changes and [row.student for row in result.rows] == ["ann", "bob", "cy"]
    assert [row.score for row in result.rows] == [4.5, 15.0, 4 * 1.5 + 4.0]
    assert "have changed" in changes_text(found, {}, done=True)
    again = preview(course, fake.UNIT, crew=Judging(fake), progress=False)
    assert again.changes == [] and (again.run, again.same) == (0, 6)
    assert preview(course, fake.UNIT, crew=Judging(fake), progress=False, again=True).run == 6
    write_changes(found, tmp_path / "changes.csv")
    rows = list(csv.DictReader((tmp_path / "changes.csv").open(newline="", encoding="utf-8")))
    assert [(row["student"], row["before"], row["after"], row["by_hand"]) for row in rows] == [("ann", "1.0", "0.5", ""), ("cy", "1.5", "0.75", "4.0")]


def test_what_cannot_be_graded_again_is_told(fake, course):
    with pytest.raises(CourseError, match="of zed has not been graded yet"):
        preview(course, fake.UNIT, students=["zed"], crew=Judging(fake), progress=False)
    shutil.rmtree(course.root / "journal")
    with pytest.raises(CourseError, match="has not been graded yet: use 'dlkit grade unit1_fake'"):
        preview(course, fake.UNIT, crew=Judging(fake), progress=False)


@pytest.mark.parametrize(
    ("proved", "require", "allow", "says"),
    [(3, None, None, 2), (2, None, None, 2), (3, 3, None, 3), (1, None, 1, 1), (1, None, 0, 0), (3, 3, 0, 3),
     (2, 3, None, "level 3 of the sandbox"), (1, None, None, "--allow-level 1"), (0, 1, None, "level 2 of the sandbox"),
     (0, 1, 0, "level 1 of the sandbox"), (0, None, 1, "--allow-level 0")],
)  # fmt: skip
def test_no_work_of_others_is_run_below_level_2_unless_asked_for(monkeypatch, proved, require, allow, says):
    monkeypatch.setattr(command, "prove", lambda: Proof(proved, reasons=["no such thing here"]))
    if isinstance(says, int):
        assert command.proved(require, allow)[1] == says
    else:
        with pytest.raises(CourseError, match=says):
            command.proved(require, allow)


def test_a_refused_run_writes_nothing(fake, course, monkeypatch, capsys):
    monkeypatch.setattr(command, "prove", lambda: Proof(1, reasons=["no namespaces"]))
    before = everything(course.root)
    assert command.grade_command(course.home, fake.UNIT, class_dir=course.root, progress=False) == 2
    assert command.regrade_command(course.home, fake.UNIT, class_dir=course.root, only_preview=True, progress=False) == 2
    says = capsys.readouterr().err
    assert "only level 1 (no namespaces)" in says and "--allow-level 1" in says and everything(course.root) == before


def test_what_was_run_with_less_protection_is_run_again_when_more_is_asked_for(fake, course):
    crew = fake.Instant()  # says level 3
    assert len(grade_unit(course, fake.UNIT, crew=crew, progress=False, level=3).rows) == 3
    assert len(crew.graded) == 6
    grade_unit(course, fake.UNIT, crew=crew, progress=False, level=3)
    assert len(crew.graded) == 6
    log = course.root / "journal" / "units" / fake.UNIT / "log.jsonl"
    from dlkit.grading.records.log import decode, encode

    records = [decode(line) for line in log.read_bytes().splitlines()]
    for record in records:
        record.update({"level": 1} if record["kind"] == "result" else {})
    log.write_bytes(b"".join(map(encode, records)))
    grade_unit(course, fake.UNIT, crew=crew, progress=False, level=2)
    assert len(crew.graded) == 12


def start(setting: dict) -> None:
    os.environ["FAKE_SETTING"] = json.dumps(setting)


def work(task: Task) -> GradedNotebook:
    if "die" in task.student and not task.file.with_suffix(".died").exists():
        task.file.with_suffix(".died").touch()
        os._exit(9)
    if task.student == "deadly":
        os._exit(9)
    return GradedNotebook(task.student, task.notebook, {"a": float(json.loads(os.environ["FAKE_SETTING"])["mark"])}, content="{}")


def test_tasks_are_taken_only_when_there_is_room(tmp_path):
    taken = []

    def tasks():
        for number in range(12):
            taken.append(number)
            yield Task(f"s{number}", "u", "n", tmp_path / f"{number}.ipynb")

    done = 0
    for graded in Processes({"mark": 2}, 2, start, work).grade(tasks()):
        done += 1
        assert graded.marks == {"a": 2.0} and len(taken) - done <= 5
    assert done == 12


def test_processes_that_die_cost_only_what_kills_them(tmp_path):
    names = ["a", "b", "die once", "c", "deadly", "d", "die too", "e"]
    tasks = [Task(name, "u", "n", tmp_path / f"{name}.ipynb") for name in names]
    done = {graded.student: graded for graded in Processes({"mark": 1}, 3, start, work).grade(tasks)}
    assert sorted(done) == sorted(names)
    assert [name for name, graded in done.items() if graded.problem] == ["deadly"]
    assert "the process that graded it died, twice" in done["deadly"].problem and "could not be graded" in done["deadly"].content
