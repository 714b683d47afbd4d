"""What was handed out is the same from ``solutions/`` and from the gradebook, and after salvage nbgrader has nothing to repair."""

from __future__ import annotations

import logging

import handout
import nbformat
import pytest
from damages import CORPUS
from nbgrader.preprocessors import CheckCellMetadata, DeduplicateIds, OverwriteCells, OverwriteKernelspec

from dlkit.grading.build import generate
from dlkit.grading.classroom import make_class
from dlkit.grading.course import Course, CourseError
from dlkit.grading.handed_in.reading import Unreadable
from dlkit.grading.handed_in.release import Release, defined, stable_id
from dlkit.grading.handed_in.repair import AlignCells
from dlkit.grading.handed_in.salvage import salvage

ALIKE = ("found by its id", "found by its place", "put back, others need it")  # know more than a gradebook does


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("generated")
    generate(handout.make_course(folder / "home"), handout.UNIT, folder)
    return f"sqlite:///{folder / 'gradebook.db'}"


def test_a_release_is_what_students_get(release, tmp_path):
    course = handout.make_course(tmp_path / "home")
    built = nbformat.read(generate(course, handout.UNIT, tmp_path) / f"{handout.NOTEBOOK}.ipynb", as_version=4)
    assert [cell.given for cell in release.cells] == [cell.source for cell in built.cells]
    assert [cell.id for cell in release.cells] == [cell.id for cell in built.cells]
    assert dict(release.kernelspec) == built.metadata.kernelspec
    for cell, there in zip(release.cells, built.cells, strict=True):
        mark = dict(there.metadata.pop("nbgrader", {}))
        assert dict(cell.metadata) == there.metadata
        if cell.fixed:  # the student's version has another checksum, since the hidden tests are not in it
            assert "hidden =" in cell.source and "hidden" not in cell.given.lower()
            mark["checksum"] = cell.checksum
        assert mark == (cell.nbgrader() if cell.grade_id else {})
    assert release.answer_of == {f"unit1-{name}-check": (f"unit1-{name}",) for name in ("double", "shift", "root")}
    assert release.by_grade_id["unit1-shift"].names == {"shift", "unshift"}


def test_a_release_is_computed_once(tmp_path):
    course = handout.make_course(tmp_path)
    first = Release.of(course, handout.UNIT, handout.NOTEBOOK)
    assert Release.of(course, handout.UNIT, handout.NOTEBOOK) is first
    path = tmp_path / "solutions" / handout.UNIT / f"{handout.NOTEBOOK}.ipynb"
    path.write_text(path.read_text().replace("That was all.", "That was it."))
    assert Release.of(course, handout.UNIT, handout.NOTEBOOK).cells[-1].given == "That was it."
    with pytest.raises(CourseError, match="no notebook '2_more'"):
        Release.of(course, handout.UNIT, "2_more")


def test_the_gradebook_has_the_same_cells(release, database, tmp_path):
    plain = Release.from_gradebook(database, handout.UNIT, handout.NOTEBOOK)
    assert not plain.whole and [slot.nbgrader() for slot in plain.slots] == [slot.nbgrader() for slot in release.slots]
    for mine, theirs in zip(plain.slots, release.slots, strict=True):
        assert (mine.given, mine.source, mine.names) == (theirs.given, theirs.source, theirs.names)
    source = handout.make_course(tmp_path).home / "solutions" / handout.UNIT / f"{handout.NOTEBOOK}.ipynb"
    assert Release.from_gradebook(database, handout.UNIT, handout.NOTEBOOK, source) == release
    with pytest.raises(CourseError, match="knows no notebook 'other'"):
        Release.from_gradebook(database, handout.UNIT, "other")


@pytest.mark.parametrize("damage", [one for one in CORPUS.damages if not one.unreadable], ids=lambda damage: damage.name)
def test_both_releases_give_the_same_notebook(damage, release, database):
    data = damage.data(handout.handed_in(release))
    known = Release.from_gradebook(database, handout.UNIT, handout.NOTEBOOK)
    mine, theirs = salvage(data, release), salvage(data, known)
    if not any(words in text for text in mine.notes for words in ALIKE):
        assert [cell.source for cell in theirs.notebook.cells if "nbgrader" in cell.metadata] == [
            cell.source for cell in mine.notebook.cells if "nbgrader" in cell.metadata
        ]
        assert handout.marks(theirs.notebook) == damage.marks


@pytest.mark.parametrize("damage", [one for one in CORPUS.damages if not one.unreadable], ids=lambda damage: damage.name)
def test_nbgrader_has_nothing_left_to_repair(damage, release, database, caplog):
    notebook = salvage(damage.data(handout.handed_in(release)), release).notebook
    where = {"student": "ann", "assignment": handout.UNIT, "notebook": handout.NOTEBOOK, "db_url": database}
    resources = {"nbgrader": where, "dlkit": {"release": release}}
    before = nbformat.writes(notebook)
    with caplog.at_level(logging.WARNING):
        for step in (AlignCells, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata):
            notebook, resources = step().preprocess(notebook, resources)
    assert nbformat.writes(notebook) == before
    assert not [record for record in caplog.records if "changed" in record.message or "multiple" in record.message]
    assert not resources["dlkit"].get("notes")


def test_the_format_that_nbformat_writes_as_version_3(release):
    data = nbformat.writes(nbformat.reads(handout.dump(handout.handed_in(release)).decode(), as_version=4), version=3)
    result = salvage(data.encode(), release)
    assert handout.marks(result.notebook) == handout.FULL and result.notes == []


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"[1]", "not a notebook"), (b"[" * 10_000, "nested too deeply"), (b"\xff", "is not text in UTF-8"),
     (b'{"nbformat": 4, "cells": [{"sou', "is not JSON"), (b"x" * (32 * 2**20 + 1), "32 MB large, more than 32: clear the outputs")],
    ids=["list", "deep", "byte", "beginning", "large"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(release, data, says):
    with pytest.raises(Unreadable, match=says):
        salvage(data, release)


def test_names_that_code_defines():
    assert defined("%matplotlib inline\nclass A:\n    b = 1\nc, (d, e) = 1, (2, 3)\nasync def f(): pass") == set("Acdef")
    assert defined("def f(x)\n    y = 1\nz: int = 2") == {"f", "z"}
    assert len(stable_id("unit1-softmax")) == 8


@pytest.mark.slow
@pytest.mark.parametrize("unit", Course.at().units())
def test_no_false_alarm_in_a_class_of_the_course(unit, tmp_path):
    course = Course.at()
    make_class(course, unit, tmp_path)
    for path in sorted((tmp_path / "submitted").glob(f"*/{unit}/*.ipynb")):
        assert salvage(path.read_bytes(), Release.of(course, unit, path.stem)).notes == [], path
    for name in course.notebooks(unit):
        for folder in ("solutions", "course"):
            data = (course.home / folder / unit / f"{name}.ipynb").read_bytes()
            assert salvage(data, Release.of(course, unit, name)).notes == []
