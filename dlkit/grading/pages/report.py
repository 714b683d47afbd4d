"""The instructor's report: one HTML file with everything in it, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import statistics as plain
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dlkit.grading.course import TEMPLATES, Course, notebook_title, unit_title
from dlkit.grading.pages.marks import (
    Cell,
    Marks,
    count_shortcuts,
    load_marks,
    most_frequent_mistake,
    write_csv,
)
from dlkit.grading.pages.statistics import histogram, item_rest_correlation, upper_lower_index
from dlkit.grading.results import Row, duration

WEAK = 0.2  # an exercise that correlates less with the rest is worth a look
HARD, EASY = 0.4, 0.95


def write_report(course: Course, unit: str) -> tuple[Path, Path]:
    """Write ``reports/<unit>/report.html`` and ``grades.csv`` from the gradebook as it is now; returns both paths."""
    marks = load_marks(course, unit)
    table = write_csv(course, marks)
    path = course.reports(unit) / "report.html"
    path.write_text(render(marks), encoding="utf-8")
    return path, table


def environment() -> Environment:
    """Templates with everything escaped."""
    made = Environment(
        loader=FileSystemLoader([TEMPLATES, TEMPLATES / "feedback"]), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["points"] = lambda value: f"{value:g}" if value is not None else ""
    made.filters["percent"] = lambda value: f"{100 * value:.0f} %" if value is not None else "-"
    made.filters["signed"] = lambda value: f"{value:.2f}" if value is not None else "-"
    made.filters["duration"] = duration
    return made


def render(marks: Marks) -> str:
    """The report as HTML."""
    script = (TEMPLATES / "sort.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    students = sorted(marks.cells, key=lambda student: (-marks.total(student), marks.name(student).casefold()))
    shares = [marks.total(student) / marks.max_score if marks.max_score else 0.0 for student in students]
    return environment().get_template("report.html.j2").render(
        marks=marks, title=unit_title(marks.unit), script=script, digest=digest, students=students,
        groups=_groups(marks), heat=[_heat_row(marks, student) for student in students], items=_items(marks),
        bars=_bars(histogram(shares)), mistakes=marks.mistakes(), shortcuts=_shortcuts(marks), facts=_facts(marks, shares),
        attention=_attention(marks), notebook_title=notebook_title,
    )  # fmt: skip


def _facts(marks: Marks, shares: list[float]) -> list[tuple[str, str]]:
    totals = [marks.total(student) for student in marks.cells]
    late = sum(row.seconds_late > 0 for row in marks.rows.values())
    by_hand = sum(cell.open for cells in marks.cells.values() for cell in cells.values())
    ungraded = len(marks.result.ungraded)
    return [
        ("submissions", str(len(totals))),
        ("mean", f"{plain.fmean(totals):.1f} of {marks.max_score:g}"),
        ("median", f"{plain.median(totals):.1f}"),
        ("with half the points", f"{sum(share >= 0.5 for share in shares)} of {len(shares)}"),
        ("late", str(late)),
        ("answers to grade by hand", str(by_hand)),
        ("with something ungraded", str(ungraded)),
    ]


def _groups(marks: Marks) -> list[tuple[str, int]]:
    """Notebooks with the number of their columns."""
    groups: dict[str, int] = {}
    for slot in marks.slots:
        groups[slot.notebook] = groups.get(slot.notebook, 0) + 1
    return [(notebook_title(name), size) for name, size in groups.items()]


def _heat_row(marks: Marks, student: str) -> dict[str, Any]:
    row = marks.rows.get(student, Row(student))
    cells = [_heat_cell(marks, slot, marks.cells[student][slot.grade_id]) for slot in marks.slots]
    return {
        "student": student,
        "name": marks.name(student),
        "total": marks.total(student),
        "share": marks.total(student) / marks.max_score if marks.max_score else 0.0,
        "late": row.seconds_late > 0,
        "ungraded": bool(row.problems),
        "cells": cells,
    }


def _heat_cell(marks: Marks, slot: Any, cell: Cell) -> dict[str, str]:
    score = cell.score or 0.0
    share = score / slot.points if slot.points else 1.0
    about = f"{marks.title(slot)}: {score:g} of {slot.points:g}"
    if cell.open:
        return {"level": "open", "text": "?", "about": f"{marks.title(slot)}: to be graded by hand"}
    if not cell.answered and not score:
        return {"level": "none", "text": "\u2013", "about": f"{about}, no answer"}
    level = "full" if share >= 1 - 1e-9 else "zero" if share <= 0 else f"part{min(2, int(share * 3))}"
    return {"level": level, "text": f"{score:.3g}", "about": about + (f": {cell.diagnosis}" if cell.diagnosis else "")}


def _items(marks: Marks) -> list[dict[str, Any]]:
    """One line for each exercise: how hard it was, and how well it tells students apart."""
    common, lines = most_frequent_mistake(marks), []
    for number, slot in enumerate(marks.slots, start=1):
        settled = [student for student in marks.cells if not marks.cells[student][slot.grade_id].open]
        cells = [marks.cells[student][slot.grade_id] for student in settled]
        scores = [cell.score or 0.0 for cell in cells]
        totals = [marks.total(student) + marks.penalties.get(student, 0.0) for student in settled]
        shares = [score / slot.points if slot.points else 0.0 for score in scores]
        rest = item_rest_correlation(scores, totals)
        mean = plain.fmean(shares) if shares else None
        lines.append({
            "number": number, "slot": slot, "title": marks.title(slot), "mean": mean,
            "full": sum(share >= 1 - 1e-9 for share in shares) / len(shares) if shares else None,
            "silent": sum(not cell.answered for cell in cells) / len(cells) if cells else None,
            "rest": rest, "ends": upper_lower_index(scores, totals, slot.points), "open": len(marks.cells) - len(settled),
            "common": common.get(slot.grade_id), "remark": _remark(mean, rest),
        })  # fmt: skip
    return lines


def _remark(mean: float | None, rest: float | None) -> str:
    if mean is None:
        return ""
    words = ["hard"] if mean < HARD else ["easy"] if mean > EASY else []
    if rest is not None and rest < 0:
        words.append("good students do worse: look at it")
    elif rest is not None and rest < WEAK:
        words.append("tells little apart")
    return ", ".join(words)


def _bars(counts: list[int]) -> list[dict[str, Any]]:
    most = max(counts) or 1
    width = 100 // len(counts)
    return [
        {"label": f"{i * width}\u2013{(i + 1) * width} %", "count": count, "height": 100 * count / most, "x": 44 * i}
        for i, count in enumerate(counts)
    ]


def _shortcuts(marks: Marks) -> list[tuple[str, str, int]]:
    by_id = {slot.grade_id: slot for slot in marks.slots}
    return [(marks.title(by_id[grade_id]), name, count) for (grade_id, name), count in count_shortcuts(marks).most_common()]


def _attention(marks: Marks) -> list[Row]:
    """Rows with anything to say, the ungraded first."""
    rows = [row for row in marks.rows.values() if row.problems or row.notes or row.seconds_late > 0]
    return sorted(rows, key=lambda row: (not row.problems, row.seconds_late <= 0, marks.name(row.student).casefold()))
