from __future__ import annotations

import json

import nbformat
import pytest

from dlkit.grading.build import build_course, course_in_step, find_leaks, generate
from dlkit.grading.course import STUB, Course, CourseError


def test_course_has_stubs_and_neither_answers_nor_outputs(toy, home):
    cells = json.loads((home / "course" / toy.UNIT / "1_first.ipynb").read_text())["cells"]
    by_id = {cell["id"]: cell for cell in cells}
    assert "".join(by_id["double-answer"]["source"]) == f"def double(x):\n    {STUB}"
    assert "".join(by_id["double-check"]["source"]) == 'from dlkit.checking import check\ncheck("unit1.double")'
    assert by_id["double-check"]["outputs"] == [] and by_id["double-check"]["execution_count"] is None
    written = json.loads((home / "course" / toy.UNIT / "2_second.ipynb").read_text())["cells"]
    assert "sides double" not in json.dumps(written)


def test_two_builds_are_the_same_and_leave_no_gradebook(home):
    assert course_in_step(home) == []
    assert not (home / "gradebook.db").exists()


def test_changes_in_the_course_are_noticed(toy, home, tmp_path):
    fresh = toy.make_home(tmp_path)
    assert course_in_step(fresh)[0] == f"course/{toy.UNIT}/1_first.ipynb: is missing"
    build_course(fresh)
    path = fresh / "course" / toy.UNIT / "1_first.ipynb"
    path.write_text(path.read_text().replace("Double a number", "Triple a number"))
    (fresh / "course" / toy.UNIT / "notes.txt").write_text("x")
    stale = fresh / "course" / "unit9_old"
    stale.mkdir()
    (stale / "1.ipynb").write_text("{}")
    assert course_in_step(fresh) == [
        "course/unit9_old: has no source",
        f"course/{toy.UNIT}/1_first.ipynb: differs from its source",
        f"course/{toy.UNIT}/notes.txt: does not come from solutions/",
    ]
    build_course(fresh)
    assert course_in_step(fresh) == []


@pytest.mark.parametrize("where", ["prose", "metadata", "output", "file", "key", "hidden"])
def test_a_leak_is_found_wherever_it_is(toy, home, tmp_path, monkeypatch, where):
    course = Course.at(home)
    built = generate(course, toy.UNIT, tmp_path)
    assert find_leaks(course, toy.UNIT, built) == []
    path = built / "1_first.ipynb"
    notebook = nbformat.read(path, as_version=4)
    line = "return x + x * (base - 1) + math.floor(0.25)"
    if where == "prose":
        notebook.cells[1].source += f"\nOne could write\n\n```\n  {line}\n```"
    elif where == "metadata":
        notebook.metadata["note"] = {"deep": [line]}
    elif where == "output":
        notebook.cells[2].outputs.append(nbformat.v4.new_output("stream", text="4"))
    elif where == "file":
        (built / "more.py").write_text(f"def f(x):\n    {line}\n")
    elif where == "key":
        (tmp_path / "key").write_text("secretsecret\n")
        monkeypatch.setenv("DLKIT_COURSE_KEY_FILE", str(tmp_path / "key"))
        notebook.cells[1].source += "secretsecret"
    else:
        notebook.cells[3].source += "\nfrom dlkit.checking import grade as check"
    nbformat.write(notebook, path)
    assert find_leaks(course, toy.UNIT, built)


def test_unknown_unit_is_named_with_a_guess(home):
    with pytest.raises(CourseError, match="no unit 'unit1_toi'.*mean 'unit1_toy'"):
        build_course(home, ["unit1_toi"])


def test_cells_without_ids_are_refused(toy, tmp_path):
    fresh = toy.make_home(tmp_path)
    path = fresh / "solutions" / toy.UNIT / "1_first.ipynb"
    notebook = json.loads(path.read_text())
    del notebook["cells"][0]["id"]
    path.write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match="have no id"):
        build_course(fresh)
