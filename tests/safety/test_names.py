from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from pathlib import Path, PurePath

import pytest

from dlkit.grading.build import build_course
from dlkit.grading.course import Course, CourseError
from dlkit.grading.handed_in.reading import Unreadable, file_bytes
from dlkit.grading.handed_in.submissions import iter_submissions, submission_remarks
from dlkit.grading.pages.names import harmless, look_alikes, person, served, student_problem, tidy, tidy_autograded
from dlkit.grading.records.gradebook import read_students
from dlkit.grading.results import Row, UnitResult, summary_table
from dlkit.grading.running.worker import placeholder


@pytest.fixture(scope="module")
def toy():
    spec = importlib.util.spec_from_file_location("safety_toy_names", Path(__file__).parents[1] / "grading" / "toy.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    with module.exercises_known():
        yield module


@pytest.fixture(scope="module")
def home(toy, tmp_path_factory):
    folder = toy.make_home(tmp_path_factory.mktemp("home"))
    build_course(folder)
    return folder


GOOD_NAMES = ["ann", "Zo\u00eb o'Hara, 2", "\u5f20\u4f1f", "\u0410\u043d\u043d\u0430", "a.b_c-d@example.org", "\u0645\u062d\u0645\u062f", "Nguy\u1ec5n", "x(1)", "'x'"]
BAD_NAMES = {
    "a tag": "<img src=x onerror=window.ran=1>", "a quote": 'a" onmouseover="window.ran=1', "an entity": "a&lt;b", "a template": "{{ 7*7 }}",
    "a back quote": "a`b", "turned around": "ann\u202egpj.exe", "a mark of direction": "an\u200en", "a joiner": "an\u200dn",
    "an escape": "ann\x1b[2J", "a line": "ann\nbob", "a tab": "a\tb", "a bell": "ann\x07", "a null width": "an\u200bn", "a blank before": " ann",
    "a blank after": "ann ", "a dot": ".ann", "an option": "--debug", "very long": "a" * 200, "piled marks": "a" + "\u0301" * 30,
    "private signs": "a\ue000", "a tag sign": "ann\U000e0041", "half a sign": "ann\udc80",
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD_NAMES, ids=range(len(GOOD_NAMES)))
def test_ordinary_names_are_names(name):
    assert student_problem(name) is None


@pytest.mark.parametrize("kind", BAD_NAMES)
def test_hostile_names_are_refused_with_a_reason(kind):
    reason = student_problem(BAD_NAMES[kind])
    assert reason and reason.isprintable()


@pytest.mark.parametrize("kind", [kind for kind in BAD_NAMES if kind not in ("a line", "a null width")])
def test_a_folder_of_such_a_name_is_not_looked_into(toy, home, tmp_path, kind):
    try:
        folder = toy.hand_in(home, tmp_path, BAD_NAMES[kind], toy.RIGHT)
    except OSError:  # a system without such names
        folder = toy.hand_in(home, tmp_path, "{{x}}", toy.RIGHT)
    (found,) = iter_submissions(Course.at(tmp_path, home), toy.UNIT)
    assert found.refused and not found.tasks and "rename it" in found.problems[0]
    assert found.student.isprintable() and folder.is_dir()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
@pytest.mark.parametrize("kind", ["student", "unit", "notebook", "extra", "extra folder"])
def test_links_are_not_followed(toy, home, tmp_path, kind):
    root, secret = tmp_path / "class", tmp_path / "secret"
    other = toy.hand_in(home, root, "ann", toy.RIGHT)
    secret.mkdir()
    (secret / "secret.csv").write_text("the secret")
    folder = toy.hand_in(home, root, "eve", toy.RIGHT)
    if kind == "student":
        (root / "submitted" / "eve").rename(tmp_path / "away")
        (root / "submitted" / "eve").symlink_to(root / "submitted" / "ann")
    elif kind == "unit":
        folder.rename(folder.with_name("away"))
        folder.symlink_to(other)
    elif kind == "notebook":
        (folder / "1_first.ipynb").unlink()
        (folder / "1_first.ipynb").symlink_to(other / "1_first.ipynb")
    elif kind == "extra":
        (folder / "data.csv").symlink_to(secret / "secret.csv")
    else:
        (folder / "data").symlink_to(secret)
    found = {submission.student: submission for submission in iter_submissions(Course.at(root, home), toy.UNIT)}["eve"]
    files = [file for task in found.tasks for file in (task.file, *(folder / extra for extra in task.extras))]
    linked = {file for file in files if file.is_symlink() or "secret" in str(file.resolve()) or "ann" in file.resolve().parts}
    assert found.refused or len(found.tasks) == 2
    assert linked == ({folder / "1_first.ipynb"} if kind == "notebook" else set())
    for file in linked:  # it is named in the row, by whoever would read it
        with pytest.raises(Unreadable, match="is a link"):
            file_bytes(file)


def test_names_of_notebooks_are_shown_as_they_are(toy, home, tmp_path):
    folder = toy.hand_in(home, tmp_path, "eve", toy.RIGHT)
    (folder / "1_first.ipynb").rename(folder / "\u202e<b>\x1b[2J tsrif.ipynb")
    (found,) = iter_submissions(Course.at(tmp_path, home), toy.UNIT)
    assert found.notes and all(note.isprintable() for note in found.notes)
    assert {task.notebook for task in found.tasks} == {"1_first", "2_second"}


def test_a_reason_cannot_hold_a_page():
    notebook = json.loads(placeholder("x`.ipynb is not JSON\n\n<script>window.ran=1</script>\n\n[a](javascript:x)"))
    text = "".join(notebook["cells"][0]["source"])
    assert "<script" not in text and "](javascript" not in text and notebook["metadata"]["dlkit"]["ungraded"]


def test_look_alikes_are_found():
    assert look_alikes(["anna", "\u0430nna", "ann\u0430", "bob"]) == [("anna", "ann\u0430"), ("anna", "\u0430nna")]
    assert look_alikes(["o1iver", "Oliver", "r0bin", "robin"]) == [("Oliver", "o1iver"), ("r0bin", "robin")]
    assert look_alikes(["ann", "anna", "Zo\u00eb", "Zoe", "\u5f20\u4f1f", "\u5f20\u4e1c"]) == []


def test_names_that_look_alike_are_remarked_on(toy, home, tmp_path):
    for name in ("anna", "\u0430nna", "bob"):
        toy.hand_in(home, tmp_path, name, toy.RIGHT)
    assert submission_remarks(Course.at(tmp_path, home), toy.UNIT) == ["anna and \u0430nna look alike: are they two students?"]


@pytest.mark.parametrize(("text", "kept"), [
    ("O'Hara, Jr.", "O'Hara, Jr."), ("Zo\u00eb", "Zo\u00eb"), ("  a  b ", "a b"), ("<script>x</script>", "\u2039script\u203ax\u2039/script\u203a"),
    ('a" onload="x', "a\u201d onload=\u201dx"), ("=cmd|' /C calc'!A0", "cmd|' /C calc'!A0"), ("+-@=x", "x"), ("a\x1b[2J\nb", "a [2J b"),
    ("\u202eeve", "eve"), ("", ""),
])  # fmt: skip
def test_people_are_entered_with_plain_names(text, kept):
    assert person(text) == kept


@pytest.mark.parametrize("text", [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", "\n=1", "|x", "%x", "\uff1d1+1", "\uff0b1", "a;=1+1", "a\t=1+1", "a\n=1+1",
    'a"=1+1', "a; @x", "\ufeff=1+1", "\u200b=1", "\x00=1+1",
])  # fmt: skip
def test_no_text_is_a_formula(text):
    plain = harmless(text)
    for part in re.split(r'[;\t\n"]', plain):
        assert not part.strip().startswith(tuple("=+-@|%\uff1d\uff0b")), plain
    assert harmless("plain; text, -5 and a=b") == "plain; text, -5 and a=b" and harmless(-1.5) == -1.5


@pytest.mark.parametrize(("name", "becomes"), [
    ("x.csv", "x.csv"), ("photo.PNG", "photo.PNG"), ("helper.py", "helper.py"), ("weights.npz", "weights.npz"), ("x.tar.gz", "x.tar.gz"),
    ("a.html", "a.html.txt"), ("a.HTM", "a.HTM.txt"), ("a.svg", "a.svg.txt"), ("a.svgz", "a.svgz.txt"), ("a.xml", "a.xml.txt"),
    ("a.xhtml", "a.xhtml.txt"), ("a.js", "a.js.txt"), ("a.mjs", "a.mjs.txt"), ("a.swf", "a.swf.txt"), ("a.mht", "a.mht.txt"), ("a", "a.txt"),
    ("a.xsl", "a.xsl.txt"), ("a.webmanifest", "a.webmanifest.txt"), ("nbgrader_config.py", "nbgrader_config.py.txt"),
    ("nbgrader_config.json", "nbgrader_config.json.txt"), ("jupyter_server_config.py", "jupyter_server_config.py.txt"),
    ("sitecustomize.py", "sitecustomize.py.txt"), ("x.pth", "x.pth.txt"), ("a.png.html", "a.png.html.txt"), ("a.html ", "a.html .txt"),
])  # fmt: skip
def test_files_are_served_as_text_or_pictures(name, becomes):
    assert served(PurePath("folder", name)) == PurePath("folder", becomes)


def test_the_hook_of_nbgraders_own_command_tidies_what_it_wrote(tmp_path):
    written = tmp_path / "autograded" / "eve" / "unit1"
    (written / "sub").mkdir(parents=True)
    (written / "sub" / "page.html").write_text("<script></script>")
    (written / "link").symlink_to("/etc/passwd")
    (written / "1_first.ipynb").write_text("{}")
    tidy_autograded("unit1", "*", [str(tmp_path / "submitted" / "eve" / "unit1" / "1_first.ipynb")])
    assert sorted(str(path.relative_to(written)) for path in written.rglob("*")) == ["1_first.ipynb", "sub", "sub/page.html.txt"]
    assert tidy(written) == []


def test_ids_in_the_list_of_students_are_names_too(tmp_path, home):
    (tmp_path / "students.csv").write_text('id,first_name\n"<img src=x>",Eve\n')
    with pytest.raises(CourseError, match="cannot be the id of a student"):
        read_students(Course.at(tmp_path, home))


def test_the_table_in_the_terminal_holds_no_escapes():
    row = Row("eve", notes=["unit1-x: \x1b]0;title\x07\x1b[2J", "\u202eabc"], problems=["a\nb"])
    text = summary_table(UnitResult("unit1", [row], 1.0, 1), {"eve": "\x1b[31mEve\r"}, width=400)
    assert all(sign.isprintable() or sign == "\n" for sign in text) and text.count("\n") == 4
