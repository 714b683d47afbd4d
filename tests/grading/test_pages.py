from __future__ import annotations

import csv
import re

import pytest
from nbconvert.exporters import HTMLExporter

from dlkit.grading.course import settings
from dlkit.grading.pages.feedback import write_feedback
from dlkit.grading.pages.marks import load_marks
from dlkit.grading.pages.report import write_report
from dlkit.grading.pages.statistics import item_rest_correlation, upper_lower_index


@pytest.fixture(scope="module")
def pages(toy, graded):
    course = graded[0]
    write_feedback(course, toy.UNIT, jobs=2, progress=False)
    return course, *write_report(course, toy.UNIT)


def test_csv_is_quoted_and_harmless(pages):
    rows = {row["student_id"]: row for row in csv.DictReader(pages[2].open(newline="", encoding="utf-8"))}
    assert len(rows) == 19
    assert rows["right"]["last_name"] == "O'Hara, Jr." and rows["right"]["first_name"] == "Zoë"
    assert rows["right"]["email"] == "'=cmd@example.org"
    assert float(rows["visible_only"]["score"]) == 5.5 and float(rows["visible_only"]["unit1-square-check"]) == 0.5
    assert rows["broken"]["status"] == "ungraded" and rows["right"]["unit1-why"] == ""


def test_feedback_shows_no_hidden_test_and_runs_nothing(toy, pages):
    course = pages[0]
    found = sorted((course.root / "feedback").rglob("*.html"))
    assert len(found) >= 19 * 2
    for path in found:
        text = path.read_text()
        for bad in ("HIDDEN", "import grade", "secret_case", "1234567", "<script", "http:", "https:"):
            assert bad not in text, (path, bad)
        assert "Content-Security-Policy" in text and not re.search(r"<[^>]*\son\w+=", text)
    assert not [path for path in (course.root / "feedback").rglob("*") if path.is_file() and path.suffix != ".html"]
    page = (course.feedback("visible_only", toy.UNIT) / "2_second.html").read_text()
    assert "0.5 of 1 points" in page and "to be graded by a person" in page and "Square a number" in page
    overview = (course.feedback("broken", toy.UNIT) / "index.html").read_text()
    assert "is not JSON" in overview


def test_graded_notebooks_hold_no_active_content(toy, graded):
    course = graded[0]
    for student in ("visible_only", "prints_markup"):
        text = (course.autograded(student, toy.UNIT) / "2_second.ipynb").read_text()
        assert "<script" not in text and not re.search(r'"text/html".{0,80}onerror', text, re.DOTALL)


def test_report_shows_everyone_and_what_went_wrong(toy, pages):
    text = pages[1].read_text()
    assert "O&#39;Hara, Jr., Zo" in text and "knows only the numbers that are shown" in text
    assert "is not JSON" in text and "late" in text and "Discrimi" in text
    assert text.count('scope="row"') >= 13
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", text)


def test_report_counts_named_mistakes(toy, graded):
    (slot, says, students) = load_marks(graded[0], toy.UNIT).mistakes()[0]
    assert (slot.key, says) == ("unit1.square", "knows only the numbers that are shown") and "visible_only" in students


def test_statistics_by_hand():
    assert item_rest_correlation([1, 1, 1], [1, 2, 3]) is None
    assert item_rest_correlation([1, 0, 1, 0], [5, 1, 4, 2]) == pytest.approx(2 / 5**0.5)
    assert upper_lower_index([0, 1, 1, 0], [1, 4, 5, 2], 1) == 1.0
    assert upper_lower_index([1, 1], [1, 2], 1) is None


@pytest.mark.parametrize("template", ["feedback", "formgrade"])
def test_nbgraders_own_pages_find_their_templates(template):
    exporter = HTMLExporter(config=settings(), template_name=template)
    assert exporter.template is not None
