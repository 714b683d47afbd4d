"""Finding what was handed in: lazily, and without touching what is no plain file."""

from __future__ import annotations

import os
from collections.abc import Iterator

import handout
import pytest

from dlkit.grading.course import Course, CourseError
from dlkit.grading.handed_in import reading
from dlkit.grading.handed_in.reading import Unreadable, copy_extras, file_bytes, find_extras
from dlkit.grading.handed_in.release import Release
from dlkit.grading.handed_in.salvage import salvaged
from dlkit.grading.handed_in.submissions import count_submissions, iter_submissions, submission_remarks

FILE = f"{handout.NOTEBOOK}.ipynb"
LINKS = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and pipes")


@pytest.fixture
def course(tmp_path) -> Course:
    return Course.at(tmp_path / "root", handout.make_course(tmp_path / "home").home)


def hand_in(course: Course, student: str, name: str = FILE, answered: bool = True):
    folder = course.submitted(student, handout.UNIT)
    folder.mkdir(parents=True, exist_ok=True)
    release = Release.of(course, handout.UNIT, handout.NOTEBOOK)
    content = handout.handed_in(release) if answered else handout.released(release)
    (folder / name).write_bytes(handout.dump(content))
    return folder


def only(course: Course):
    (found,) = iter_submissions(course, handout.UNIT)
    return found


def test_submissions_are_found_one_by_one(course, monkeypatch):
    for student in ("b", "a", "c"):
        hand_in(course, student)
    looked_at = []
    monkeypatch.setattr("dlkit.grading.handed_in.submissions.find_extras", lambda folder: looked_at.append(folder) or ((), []))
    found = iter_submissions(course, handout.UNIT)
    assert isinstance(found, Iterator) and count_submissions(course, handout.UNIT) == 3 and looked_at == []
    assert next(found).student == "a" and len(looked_at) == 1
    assert [submission.student for submission in found] == ["b", "c"]
    assert [submission.student for submission in iter_submissions(course, handout.UNIT, ["c", "a", "c"])] == ["c", "a"]
    assert count_submissions(course, handout.UNIT, ["c", "a", "c"]) == 2


def test_errors_come_at_once(course):
    for call in (iter_submissions, count_submissions):
        with pytest.raises(CourseError, match="no submissions of unit1_numbers: expected"):
            call(course, handout.UNIT)
    hand_in(course, "ann")
    for name in ("bob", "../ann", "ann/..", "/etc", ""):
        for call in (iter_submissions, count_submissions):
            with pytest.raises(CourseError, match="no submission of unit1_numbers by"):
                call(course, handout.UNIT, [name])
    (course.root / "submitted" / "cid" / "unit1_number").mkdir(parents=True)
    assert submission_remarks(course, handout.UNIT) == [
        "submitted/cid/unit1_number was not graded: is it meant to be unit1_numbers?"
    ]


@pytest.mark.parametrize("name", ["1_numbers (1).ipynb", "my notebook.ipynb", "1_NUMBERS.IPYNB", "Kopie von 1_numbers.ipynb"])
def test_a_renamed_file_is_the_notebook(course, name):
    hand_in(course, "ann", name)
    submission = only(course)
    assert [(task.notebook, task.file.name) for task in submission.tasks] == [(handout.NOTEBOOK, name)]
    assert submission.notes == [f"{name} graded as {FILE}"] and not submission.missing


def test_of_two_copies_the_one_with_answers_counts(course):
    hand_in(course, "ann", FILE, answered=False)
    hand_in(course, "ann", "1_numbers (1).ipynb")
    hand_in(course, "ann", "._1_numbers.ipynb")
    submission = only(course)
    assert [task.file.name for task in submission.tasks] == ["1_numbers (1).ipynb"]
    assert submission.notes == [f"1_numbers (1).ipynb graded as {FILE}, as {FILE} has no answers"]
    hand_in(course, "ann", FILE)
    assert [task.file.name for task in only(course).tasks] == [FILE]
    assert only(course).notes == ["1_numbers (1).ipynb is not part of unit1_numbers: left out"]


def test_nothing_of_the_unit_is_there(course):
    folder = hand_in(course, "ann", "x.txt")
    submission = only(course)
    assert submission.problems == ["no notebook was handed in"] and submission.missing == [handout.NOTEBOOK]
    hand_in(course, "ann", f"{FILE}.bak")
    (folder / "backup").mkdir()
    (folder / "x.txt").rename(folder / "backup" / FILE)
    (folder / "all.zip").write_bytes(b"PK")
    assert only(course).notes == [
        f"not graded: {FILE}.bak, backup/{FILE} (notebooks belong in the folder itself, named *.ipynb)",
        "not graded: all.zip (archives are not unpacked)",
    ]


@pytest.mark.parametrize("ending", [".ipynb.txt", ".ipynb.json", ".json", ".py"])
def test_notebooks_with_a_wrong_ending_are_read(course, ending):
    folder = hand_in(course, "ann", f"{handout.NOTEBOOK}{ending}")
    submission = only(course)
    assert submission.notes == [f"{handout.NOTEBOOK}{ending} graded as {FILE}"] and not submission.problems
    release = Release.of(course, handout.UNIT, handout.NOTEBOOK)
    assert handout.marks(salvaged(submission.tasks[0].file, release).notebook) == handout.FULL
    hand_in(course, "ann")
    assert [task.file for task in only(course).tasks] == [folder / FILE] and only(course).notes == []


def test_two_notebooks_saved_under_each_others_names(course):
    source = course.home / "solutions" / handout.UNIT
    (source / "2_more.ipynb").write_text((source / FILE).read_text().replace("unit1-", "unit2-"))
    folder = hand_in(course, "ann", "2_more.ipynb")
    (folder / FILE).write_text((folder / "2_more.ipynb").read_text().replace("unit1-", "unit2-"))
    submission = only(course)
    assert [(task.notebook, task.file.name) for task in submission.tasks] == [(handout.NOTEBOOK, "2_more.ipynb"), ("2_more", FILE)]
    assert submission.notes == [f"{FILE} graded as 2_more.ipynb", f"2_more.ipynb graded as {FILE}"]
    (folder / FILE).write_text((folder / "2_more.ipynb").read_text())
    submission = only(course)
    assert submission.missing == ["2_more"] and submission.notes[0] == f"2_more.ipynb holds {FILE}, which is there: left out"


@LINKS
def test_links_pipes_and_devices_are_refused_and_do_not_hang(course, tmp_path):
    folder = hand_in(course, "ann")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("secret")
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "timestamp.txt")
    os.symlink(secret / "key", folder / "key.txt")
    os.symlink(secret, folder / "data")
    os.symlink("/dev/zero", folder / "zero.csv")
    (folder / "good.txt").write_text("good")
    submission = only(course)
    assert [path.name for path in submission.tasks[0].extras] == ["good.txt"] and submission.timestamp is None
    assert submission.notes == [
        "left out: data (a link), key.txt (a link), pipe.txt (not a file), timestamp.txt (not a file) and 1 more"
    ]
    copy_extras(folder, tmp_path / "copy")
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["good.txt"]
    for name, says in (("pipe.txt", "is not a file"), ("zero.csv", "is a link"), ("data", "is a link"), ("none", "cannot be read")):
        with pytest.raises(Unreadable, match=says):
            file_bytes(folder / name)


@LINKS
def test_a_notebook_that_is_a_pipe_or_a_link(course):
    folder = course.submitted("ann", handout.UNIT)
    folder.mkdir(parents=True)
    os.mkfifo(folder / FILE)
    assert [task.file.name for task in only(course).tasks] == [FILE]  # reading it says what is wrong
    (folder / FILE).unlink()
    os.symlink(hand_in(course, "bob") / FILE, folder / FILE)
    submissions = list(iter_submissions(course, handout.UNIT))
    with pytest.raises(Unreadable, match="is a link: links are not followed"):
        file_bytes(submissions[0].tasks[0].file)


@LINKS
@pytest.mark.parametrize("where", ["student", "unit"])
def test_folders_that_are_links_are_refused(course, where):
    folder = hand_in(course, "bob")
    linked = course.submitted("ann", handout.UNIT)
    if where == "student":
        linked.parent.symlink_to(folder.parent)
    else:
        linked.parent.mkdir()
        linked.symlink_to(folder)
    found = {submission.student: submission for submission in iter_submissions(course, handout.UNIT)}
    assert found["ann"].refused and found["ann"].problems == ["the folder is a link: links are not followed"]
    assert not found["bob"].refused


@LINKS
@pytest.mark.parametrize("name", ["a[b]", "*", ".hidden", " a", "a\nb", "a\\b", "c:d", "a\u202eb"])
def test_folders_with_odd_names_are_refused(course, name):
    hand_in(course, name)
    assert only(course).refused and "cannot be the name of a student" in only(course).problems[0]


def test_too_much_beside_the_notebooks_is_left_out(course, monkeypatch):
    folder = hand_in(course, "ann")
    for number in range(8):
        (folder / f"{number}.txt").write_text("x" * 10)
    monkeypatch.setattr(reading, "MOST_EXTRAS", 5)
    files, remarks = find_extras(folder)
    assert len(files) == 5 and "more than 5 files or 256 MB beside the notebooks: only the first 5 files" in remarks[0]
    monkeypatch.setattr(reading, "MOST_EXTRA_BYTES", 25)
    assert len(find_extras(folder)[0]) == 2
    deep = folder.joinpath(*"abcdefghijkl")
    deep.mkdir(parents=True)
    (deep / "lost.txt").write_text("x")
    assert not any(path.name == "lost.txt" for path in find_extras(folder)[0])


def test_large_files_are_refused_before_they_are_read(tmp_path):
    with (tmp_path / "x.ipynb").open("wb") as file:
        file.truncate(reading.MOST_BYTES + 1)
    with pytest.raises(Unreadable, match="32 MB large, more than 32"):
        file_bytes(tmp_path / "x.ipynb")
