from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from dlkit.grading.classroom import ROLES, make_class, make_people
from dlkit.grading.command import grade_command, prepare_root
from dlkit.grading.course import Course, CourseError


def digest(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_class_is_the_same_every_time(toy, home, tmp_path):
    course = Course.at(home)
    people, due = make_class(course, toy.UNIT, tmp_path / "a")
    make_class(course, toy.UNIT, tmp_path / "b")
    make_class(course, toy.UNIT, tmp_path / "c", seed=2)
    assert digest(tmp_path / "a") == digest(tmp_path / "b") != digest(tmp_path / "c")
    assert len(people) == 24 and len({person.login for person in people}) == 24
    late = [p for p in people if (tmp_path / "a" / "submitted" / p.login / toy.UNIT / "timestamp.txt").read_text() > f"{due}"]
    assert {person.role for person in late} == {"late"} and len(late) == ROLES.count("late")


def test_names_are_as_people_have_them():
    people = make_people(24, 1)
    names = " ".join(f"{person.first_name} {person.last_name}" for person in people)
    assert "," in names and "'" in names and not names.isascii()
    assert {person.role for person in make_people(8, 1)} == set(ROLES)


def test_an_empty_submission_is_the_released_notebook(toy, home, tmp_path):
    people, _ = make_class(Course.at(home), toy.UNIT, tmp_path)
    empty = next(person for person in people if person.role == "empty")
    handed_in = json.loads((tmp_path / "submitted" / empty.login / toy.UNIT / "1_first.ipynb").read_text())
    assert handed_in == json.loads((home / "course" / toy.UNIT / "1_first.ipynb").read_text())


def test_a_demonstration_does_not_touch_the_course_itself(home):
    with pytest.raises(CourseError, match="a folder of its own"):
        prepare_root(home, home)


def test_grade_command_from_submissions_to_files(toy, home, tmp_path, capsys):
    course = prepare_root(home, tmp_path)
    make_class(course, toy.UNIT, tmp_path, n=2)
    said: list[str] = []
    assert grade_command(home, toy.UNIT, class_dir=tmp_path, jobs=2, progress=False, say=said.append) == 0
    text = "\n".join(said)
    assert "Okafor, Amara" in text and "2 submissions" in text
    for line in said[-6:-1]:
        assert Path(line[24:]).exists()
    assert said[-1].startswith("sandbox") and "level" in said[-1]
    assert grade_command(home, "nonsense", class_dir=tmp_path, progress=False, say=said.append) == 2
    assert "there is no unit 'nonsense'" in capsys.readouterr().err
