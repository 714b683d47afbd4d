"""What the engine keeps, runs again, and never touches: a class over several runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from dlkit.grading.build import generate
from dlkit.grading.course import Course, CourseError
from dlkit.grading.engine import grade_unit
from dlkit.grading.records import address, book
from dlkit.grading.records.export import as_csv, as_json, canonical_export
from dlkit.grading.records.gradebook import ensure_gradebook
from dlkit.grading.records.journal import UnitJournal
from dlkit.grading.records.rebuild import keep_marks_by_hand, rebuild_gradebook
from dlkit.grading.records.tables import connect, read_unit

ALL = {cell: 2.0 for cell in "abcde"}


@pytest.fixture
def course(home, tmp_path) -> Course:
    return Course.at(tmp_path / "class", home)


def run(fake, course, **options):
    """One run: its rows by student, and the notebooks that were run."""
    crew = fake.Instant()
    result = grade_unit(course, fake.UNIT, progress=False, crew=crew, **options)
    return {row.student: row for row in result.rows}, crew.graded, result


def grades(course, unit, student) -> dict:
    sheet = canonical_export(course)["units"][unit]["submissions"][student]
    return {cell: row for rows in sheet["grades"].values() for cell, row in rows.items()}


def by_hand(course, unit, student, cell, **values) -> None:
    """What the formgrader does when somebody enters a mark."""
    with Gradebook(course.database_url) as gradebook:
        notebook = "2_second" if cell in ("u-why", "u-d-check", "u-e-check") else "1_first"
        grade = gradebook.find_grade(cell, notebook, unit, student)
        for name, value in values.items():
            setattr(grade, name, value)
        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        gradebook.db.commit()


def test_unchanged_work_is_not_run_again(fake, course):
    fake.hand_in(course.root, "ann", ALL)
    fake.hand_in(course.root, "bob", ALL)
    rows, graded, _ = run(fake, course)
    assert len(graded) == 4 and rows["ann"].score == 10 and (rows["ann"].run, rows["ann"].attempt) == (2, 1)
    before = as_json(course)
    rows, graded, _ = run(fake, course)
    assert graded == [] and rows["ann"].run == 0 and rows["ann"].score == 10 and as_json(course) == before
    fake.hand_in(course.root, "bob", {**ALL, "a": 4.0})
    rows, graded, _ = run(fake, course)
    assert graded == [("bob", "1_first")] and (rows["bob"].score, rows["bob"].attempt, rows["ann"].attempt) == (12, 2, 1)
    assert run(fake, course, again=True)[1] == [(s, n) for s in ("ann", "bob") for n in ("1_first", "2_second")]
    assert run(fake, course, due="2029-01-01")[1] == []


@pytest.mark.parametrize("change", ["solved notebook", "file beside it", "key", "exercises", "environment", "file handed in with it", "limit"])
def test_work_is_run_again_if_anything_changes_that_marks_depend_on(fake, course, tmp_path, monkeypatch, change):
    home = shutil.copytree(course.home, tmp_path / "home")
    course = Course(home, course.root)
    fake.hand_in(course.root, "ann", ALL)
    run(fake, course)
    source = home / "solutions" / fake.UNIT
    options = {}
    if change == "solved notebook":
        notebook = nbformat.read(source / "1_first.ipynb", as_version=4)
        notebook.cells[0].source += "\n# more"
        nbformat.write(notebook, source / "1_first.ipynb")
    elif change == "file beside it":
        (source / "helper.py").write_text("ANSWER = 43\n")
    elif change == "key":
        (home / ".course_key").write_text("0123")
    elif change == "exercises":
        (tmp_path / "more.py").write_text("")
        monkeypatch.setenv("DLKIT_EXERCISES", str(tmp_path / "more.py"))
    elif change == "environment":
        monkeypatch.setattr(address, "environment", lambda: ["Python 4"])
    elif change == "file handed in with it":
        (course.submitted("ann", fake.UNIT) / "data.csv").write_text("1,2")
    else:
        options = {"cell_timeout": 7}
    graded = run(fake, course, **options)[1]
    assert graded == [("ann", "1_first")] + ([] if change == "solved notebook" else [("ann", "2_second")])
    assert run(fake, course, **options)[1] == []


def test_all_attempts_are_kept(fake, course):
    for mark in (1.0, 2.0, 3.0):
        fake.hand_in(course.root, "ann", {**ALL, "b": mark})
        run(fake, course)
    records = [json.loads(line) for line in (course.root / "journal/units" / fake.UNIT / "log.jsonl").read_text().splitlines()]
    attempts = [record for record in records if record["kind"] == "attempt"]
    assert [record["attempt"] for record in attempts] == [1, 2, 3]
    assert [attempt["notebooks"][0]["marks"]["u-b-check"] for attempt in attempts] == [1, 2, 3]
    with UnitJournal(course, fake.UNIT, writable=False) as journal:
        for number, attempt in enumerate(attempts, start=1):
            cells = json.loads(journal.content(attempt["notebooks"][0]))["cells"]
            assert cells[1]["source"] == str(float(number))
    for name in ("student", "notebook", "address", "marks", "notes", "problem", "flags", "level", "seconds", "attempt", "when"):
        assert name in next(record for record in records if record["kind"] == "result"), name


def test_marks_by_hand_stay_and_are_put_up_for_review_when_their_notebook_is_graded_anew(fake, course):
    fake.hand_in(course.root, "ann", ALL)
    run(fake, course)
    assert grades(course, fake.UNIT, "ann")["u-why"] == [None, None, None, True]
    by_hand(course, fake.UNIT, "ann", "u-why", manual_score=3.0, extra_credit=0.5)
    by_hand(course, fake.UNIT, "ann", "u-a-check", manual_score=1.0)
    assert run(fake, course)[0]["ann"].score == 2 * 4 + 1 + 3.5
    assert grades(course, fake.UNIT, "ann")["u-why"] == [None, 3.0, 0.5, False]
    fake.hand_in(course.root, "ann", {**ALL, "d": 4.0})
    assert run(fake, course)[0]["ann"].by_hand == 1
    found = grades(course, fake.UNIT, "ann")
    assert found["u-why"] == [None, 3.0, 0.5, True] and found["u-d-check"] == [4.0, None, None, False]
    assert found["u-a-check"] == [2.0, 1.0, None, False]  # its notebook is as it was
    run(fake, course, again=True)
    assert grades(course, fake.UNIT, "ann") == found


def test_stale_marks_are_cleared(fake, course):
    folder = fake.hand_in(course.root, "ann", ALL)
    assert run(fake, course)[0]["ann"].score == 10
    (folder / "1_first.ipynb").unlink()
    rows, _, _ = run(fake, course)
    assert rows["ann"].score == 4 and "1_first.ipynb is missing: 0 points" in rows["ann"].reason
    assert not (course.autograded("ann", fake.UNIT) / "1_first.ipynb").exists()
    (folder / "2_second.ipynb").write_text('{"nbformat": 4, "cells": [')
    rows, _, _ = run(fake, course)
    assert rows["ann"].score == 0 and rows["ann"].problems and grades(course, fake.UNIT, "ann")["u-d-check"] == [None, None, None, True]


def test_lateness_follows_the_due_date_and_costs_what_the_class_says(fake, course):
    fake.hand_in(course.root, "ann", ALL, timestamp="2030-01-02 00:00:00 UTC")
    (course.root / "nbgrader_config.py").write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    assert run(fake, course)[0]["ann"].score == 10
    rows, graded, _ = run(fake, course, due="2030-01-01 12:00 UTC")
    assert graded == [] and rows["ann"].seconds_late == 43200 and rows["ann"].score == 0 and rows["ann"].status == "late"
    late = as_json(course)
    rebuild_gradebook(course, journal_only=True)
    assert as_json(course) == late and '"1_first": 6.0' in late
    assert run(fake, course, due="2030-01-03")[0]["ann"].score == 10
    with Gradebook(course.database_url) as gradebook:
        gradebook.grant_extension(fake.UNIT, "ann", hours=2)
    assert run(fake, course, due="2030-01-01 23:00")[0]["ann"].seconds_late == 0


def test_names_come_from_the_list_of_students_and_survive(fake, course):
    fake.hand_in(course.root, "ann", ALL)
    (course.root / "students.csv").write_text("id,first_name,last_name\nann,Ann,O'Hara\nzoe,Zo\u00eb,\n", encoding="utf-8")
    run(fake, course)
    with Gradebook(course.database_url) as gradebook:
        gradebook.find_student("ann").email = "ann@example.org"
        gradebook.db.commit()
    (course.root / "students.csv").unlink()
    run(fake, course)
    wanted = {"ann": {"first_name": "Ann", "last_name": "O'Hara", "email": "ann@example.org"}, "zoe": {"first_name": "Zo\u00eb"}}
    assert canonical_export(course)["students"] == wanted
    course.database.unlink()
    rebuild_gradebook(course)
    assert canonical_export(course)["students"] == wanted


def test_a_lost_gradebook_comes_back_with_the_next_run(fake, course):
    fake.make_class(course.root, 4)
    run(fake, course, due="2030-01-02")
    by_hand(course, fake.UNIT, "student0001", "u-why", manual_score=2.5)
    keep_marks_by_hand(course)  # what 'dlkit report' does
    before = as_json(course)
    course.database.unlink()
    _, graded, result = run(fake, course)
    assert graded == [] and as_json(course) == before and "was new: filled from the journal" in result.notes[0]


def test_rebuilding_takes_over_what_people_have_entered_since(fake, course):
    fake.make_class(course.root, 3)
    run(fake, course)
    by_hand(course, fake.UNIT, "student0001", "u-why", manual_score=2.5)
    with Gradebook(course.database_url) as gradebook:
        notebook = gradebook.find_submission_notebook("2_second", fake.UNIT, "student0002")
        notebook.flagged, notebook.comments[0].manual_comment = True, "<b>See me</b>"
        gradebook.db.commit()
    before = as_json(course)
    aside, notes = rebuild_gradebook(course)
    assert as_json(course) == before and notes == [] and aside.is_file()
    shutil.copyfile(aside, course.database)
    course.database.write_bytes(course.database.read_bytes()[:3000])  # damaged
    with pytest.raises(CourseError, match="rebuild"):
        run(fake, course)
    _, notes = rebuild_gradebook(course)
    assert as_json(course) == before and "cannot be read, so the journal alone counts" in notes[0]


def test_what_a_run_left_unfinished_is_finished_first_by_the_next_one(fake, course, monkeypatch):
    fake.hand_in(course.root, "ann", ALL)
    fake.hand_in(course.root, "bob", ALL)
    with monkeypatch.context() as patch:
        patch.setattr("dlkit.grading.records.entries.Entries.enter", stop)
        with pytest.raises(KeyboardInterrupt):
            run(fake, course)
    shutil.rmtree(course.submitted("ann", fake.UNIT))
    rows, graded, _ = run(fake, course, students=["bob"])
    assert list(rows) == ["bob"] and [student for student, _ in graded] == ["bob", "bob"]
    assert grades(course, fake.UNIT, "ann")["u-a-check"][0] == 2.0
    assert (course.autograded("ann", fake.UNIT) / "1_first.ipynb").is_file()


def stop(*args):
    raise KeyboardInterrupt


def test_a_gradebook_put_back_from_before_is_brought_up_to_date(fake, course):
    fake.hand_in(course.root, "ann", ALL)
    run(fake, course)
    shutil.copyfile(course.database, course.root / "before.db")
    fake.hand_in(course.root, "ann", {**ALL, "a": 4.0})
    run(fake, course)
    after = as_json(course)
    shutil.copyfile(course.root / "before.db", course.database)
    _, graded, _ = run(fake, course)
    assert graded == [] and as_json(course) == after


def test_graded_notebooks_that_were_deleted_or_changed_come_back(fake, course):
    fake.hand_in(course.root, "ann", ALL)
    (course.submitted("ann", fake.UNIT) / "data.csv").write_text("1,2")
    run(fake, course)
    folder = course.autograded("ann", fake.UNIT)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"1_first.ipynb", "2_second.ipynb", "data.csv", "helper.py"} | ({"timestamp.txt"} & set(before))
    (folder / "1_first.ipynb").unlink()
    (folder / "2_second.ipynb").chmod(0o644)
    (folder / "2_second.ipynb").write_text("half")
    assert run(fake, course)[1] == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    pack = course.root / "journal/units" / fake.UNIT / "graded.gz"
    pack.write_bytes(b"\0" * pack.stat().st_size)
    (folder / "1_first.ipynb").unlink()
    assert "is damaged: the next run grades it again" in run(fake, course)[0]["ann"].reason
    for _ in range(2):  # one for each notebook
        run(fake, course)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_damaged_record_in_the_middle_costs_nothing(fake, course):
    fake.make_class(course.root, 4)
    run(fake, course)
    by_hand(course, fake.UNIT, "student0001", "u-why", manual_score=2.5)
    fake.make_class(course.root, 4, attempt=1)
    run(fake, course)
    before = as_json(course)
    log = course.root / "journal/units" / fake.UNIT / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    for number in range(len(lines) - 1):
        damaged = [*lines]
        damaged[number] = damaged[number].replace(b'"kind"', b'"mind"')
        log.write_bytes(b"".join(damaged))
        _, _, result = run(fake, course)
        assert f"record {number + 1} cannot be read; all others are used" in result.notes[0]
        assert as_json(course) == before, number
        rebuild_gradebook(course)
        assert as_json(course) == before, number


def test_the_journal_cut_anywhere_in_its_last_record(fake, home, course, tmp_path):
    fake.hand_in(course.root, "ann", {"a": 2.0})
    run(fake, course)
    by_hand(course, fake.UNIT, "ann", "u-why", manual_score=2.5)
    fake.hand_in(course.root, "ann", {"a": 3.0})
    run(fake, course)
    wanted = as_json(course)
    assert grades(course, fake.UNIT, "ann")["u-why"][1] == 2.5
    log = course.root / "journal/units" / fake.UNIT / "log.jsonl"
    whole = log.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    assert json.loads(whole[last:])["kind"] == "done"
    for cut in range(last, len(whole)):
        log.write_bytes(whole[:cut])
        assert run(fake, course)[1] == [] and as_json(course) == wanted
    lines = whole.splitlines(keepends=True)
    for number, line in enumerate(lines):  # any record may be the last one that a crash left, at a few places of each
        for cut in range(1, len(line), 1 + len(line) // 4):
            root = tmp_path / "cut"
            shutil.copytree(course.root, root)
            (root / "journal/units" / fake.UNIT / "log.jsonl").write_bytes(b"".join(lines[:number]) + line[:cut])
            run(fake, Course(home, root))
            assert as_json(Course(home, root)) == wanted, (number, cut)
            shutil.rmtree(root)


def test_the_gradebook_is_copied_before_a_run_writes_to_it(fake, course, monkeypatch):
    monkeypatch.setattr(book, "SNAPSHOTS", 3)
    for number in range(6):
        fake.hand_in(course.root, "ann", {**ALL, "a": number / 2})
        run(fake, course)
        run(fake, course)  # writes nothing: no copy
    copies = sorted((course.root / "journal" / "snapshots").iterdir())
    assert len(copies) == 3
    shutil.copyfile(copies[-1], course.database)
    assert grades(course, fake.UNIT, "ann")["u-a-check"][0] == 2.0


def test_cells_may_be_added_and_removed_when_there_are_submissions(fake, home, tmp_path):
    home = shutil.copytree(home, tmp_path / "home")
    course = Course.at(tmp_path / "class", home)
    fake.hand_in(course.root, "ann", {**ALL, "f": 3.0})
    run(fake, course)
    by_hand(course, fake.UNIT, "ann", "u-why", manual_score=2.5)
    path = home / "solutions" / fake.UNIT / "1_first.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id not in ("u-c", "u-c-check")] + fake._cells("f")
    nbformat.write(notebook, path)
    rows, graded, result = run(fake, course)
    assert len(graded) == 1 and "1_first: u-c-check is no longer part of the unit" in result.notes[0]
    found = grades(course, fake.UNIT, "ann")
    assert found["u-why"] == [None, 2.5, None, False] and "u-c-check" not in found and found["u-f-check"] == [0.0, None, None, False]
    before = as_json(course)
    rebuild_gradebook(course, journal_only=True)
    assert as_json(course) == before


def test_units_stand_in_the_gradebook_as_nbgrader_puts_them_there(fake, course, tmp_path):
    ensure_gradebook(tmp_path / "theirs.db")
    generate(course, fake.UNIT, tmp_path / "built", tmp_path / "theirs.db")
    fake.hand_in(course.root, "ann", ALL)
    run(fake, course)
    found = []
    for path in (tmp_path / "theirs.db", course.database):
        engine = connect(f"sqlite:///{path}")
        with engine.connect() as connection:
            found.append(read_unit(connection, fake.UNIT))
        engine.dispose()
    assert found[0] == found[1] == address.read_unit(course, fake.UNIT)


def test_the_export_is_text_that_can_be_compared_and_opened(fake, course):
    fake.hand_in(course.root, "ann", ALL)
    run(fake, course)
    by_hand(course, fake.UNIT, "ann", "u-why", manual_score=2.5)
    with Gradebook(course.database_url) as gradebook:
        gradebook.find_comment("u-why", "2_second", fake.UNIT, "ann").manual_comment = "=cmd()"
        gradebook.db.commit()
    lines = as_csv(course).splitlines()
    assert len(lines) == 7 and lines[0].startswith("unit,student,notebook,cell,max_score,auto_score")
    assert next(line for line in lines if "u-why" in line).split(",")[5:8] == ["", "2.5", ""] and "'=cmd()" in lines[-1]
    assert not [word for word in ("uuid", "when", "seconds") if word in as_json(course)]


def test_rebuilding_from_nothing_says_so(course):
    course.root.mkdir()
    with pytest.raises(CourseError, match="holds no records"):
        rebuild_gradebook(course)
    with pytest.raises(CourseError, match="there is no gradebook"):
        as_json(course)


def test_the_configuration_of_nbgrader_says_where_the_gradebook_is(fake, course, tmp_path):
    fake.hand_in(course.root, "ann", ALL)
    elsewhere = tmp_path / "elsewhere" / "marks.db"
    (course.root / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{elsewhere}'\n")
    run(fake, course)
    fake.hand_in(course.root, "ann", {**ALL, "a": 4.0})
    run(fake, course)
    assert elsewhere.is_file() and not (course.root / "gradebook.db").exists() and course.database == elsewhere
    before = as_json(course)
    aside, _ = rebuild_gradebook(course)
    assert aside.parent == elsewhere.parent and as_json(course) == before
    (course.root / "nbgrader_config.py").write_text("c = get_config()\nno such thing\n")
    with pytest.raises(CourseError, match="nbgrader_config.py cannot be used: SyntaxError"):
        run(fake, course)


def test_rows_of_others_stay_when_one_student_is_graded(fake, course):
    fake.make_class(course.root, 3)
    run(fake, course)
    rows, _, _ = run(fake, course, students=["student0001"])
    assert list(rows) == ["student0001"]
    text = Path(course.reports(fake.UNIT) / "run.jsonl").read_text()
    assert [json.loads(line).get("student") for line in text.splitlines()].count("student0000") == 1
