"""Prove that the exercises can tell right from wrong: run the whole bank of answers and hold each to what it deserves.

For every exercise: the reference and each alternative score full marks; the stub and every generic wrong answer score
nothing; each named mistake scores exactly what it is said to deserve and is diagnosed by its own name; and each part and
each check (worked example or regime) rejects something that no other one rejects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlkit.checking.cases import draw_cases
from dlkit.checking.client import Client
from dlkit.checking.diagnose import diagnose, generic_remark
from dlkit.checking.generic import ALWAYS_WRONG, Generic, generic_mistakes
from dlkit.checking.judge import Verdict, judge, run_case
from dlkit.checking.links import LocalLink
from dlkit.checking.protocol import Link
from dlkit.exercises.model import EXAMPLES, Exercise

BANK_KEY = b"the key with which the bank is proven"
LinkMaker = Callable[[Exercise, Mapping[str, Any]], Link]


@dataclass
class Row:
    """One answer of the bank and what became of it."""

    kind: str  # "right", "mistake", "generic"
    name: str
    deserved: float
    mark: float
    visible_mark: float
    killed_by: list[str]
    failed_parts: list[str]
    diagnosis: str | None
    inapplicable: str | None = None


@dataclass
class Report:
    """The kill matrix of one exercise, and everything that is wrong with it."""

    key: str
    title: str
    checks: list[str]
    points: float
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def local_link(exercise: Exercise, namespace: Mapping[str, Any]) -> Link:
    return LocalLink(namespace)


def prove(exercise: Exercise, connect: LinkMaker = local_link, key: bytes = BANK_KEY) -> Report:
    """Run the bank of one exercise."""
    report = Report(exercise.key, exercise.title, list(exercise.checks), exercise.points)
    with np.errstate(all="ignore"):
        _prove_right(exercise, report, connect, key)
        _prove_mistakes(exercise, report, connect, key)
        _prove_generic(exercise, report, connect, key)
    _prove_own_kills(exercise, report)
    _prove_size(exercise, report)
    return report


def _verdicts(exercise: Exercise, namespace: Mapping[str, Any], connect: LinkMaker, key: bytes) -> tuple[Verdict, Verdict]:
    graded = judge(exercise, connect(exercise, namespace), key)
    visible = judge(exercise, connect(exercise, namespace))
    graded.diagnosis, visible.diagnosis = diagnose(graded), diagnose(visible)
    return graded, visible


def _row(kind: str, name: str, deserved: float, graded: Verdict, visible: Verdict) -> Row:
    failed = [part.name for part in graded.parts if not part.passed]
    return Row(kind, name, deserved, graded.mark, visible.mark, graded.failed_checks(), failed, graded.diagnosis)


def _prove_right(exercise: Exercise, report: Report, connect: LinkMaker, key: bytes) -> None:
    for number, answer in enumerate((None, *exercise.alternatives)):
        name = "reference" if number == 0 else f"alternative {number}"
        graded, visible = _verdicts(exercise, exercise.namespace(answer), connect, key)
        row = _row("right", name, exercise.points, graded, visible)
        report.rows.append(row)
        for verdict in (graded, visible):
            if not verdict.passed or (verdict is graded and verdict.mark < exercise.points):
                failure = verdict.first_failure
                what = f"{failure.case.check}: {failure.difference.text}" if failure and failure.difference else "no case"
                report.problems.append(f"{name} loses points ({what})")
                break


def _prove_mistakes(exercise: Exercise, report: Report, connect: LinkMaker, key: bytes) -> None:
    for mistake in exercise.mistakes:
        for number, answer in enumerate((mistake.answer, *mistake.also)):
            name = mistake.says + (f" (spelling {number + 1})" if number else "")
            graded, visible = _verdicts(exercise, exercise.namespace(answer), connect, key)
            row = _row("mistake", name, mistake.mark, graded, visible)
            report.rows.append(row)
            if graded.passed:
                report.problems.append(f"survivor: {name!r} gets full marks")
                continue
            if abs(row.mark - mistake.mark) > 1e-9:
                report.problems.append(f"wrong mark: {name!r} gets {row.mark:g}, deserves {mistake.mark:g} "
                                       f"(dies on {', '.join(row.killed_by)})")
            if graded.diagnosis != mistake.says:
                report.problems.append(f"diagnosis: {name!r} is told {graded.diagnosis!r}")
            elif visible.first_failure and visible.diagnosis != mistake.says:
                report.problems.append(f"diagnosis in the notebook: {name!r} is told {visible.diagnosis!r}")
            remark = generic_remark(graded)
            everywhere = set(row.killed_by) == set(exercise.checks) and exercise.rung != "predict"
            whole = remark is not None and remark.startswith("your result")
            if everywhere and whole and any(fact in remark for fact in (" times ", "wrong sign", "zero everywhere")):
                report.problems.append(f"not a mistake of its own: {name!r} is generic: {remark}")


def _prove_generic(exercise: Exercise, report: Report, connect: LinkMaker, key: bytes) -> None:
    for generic in generic_mistakes(exercise):
        generic.mark = _deserved(exercise, generic, key)
        graded = judge(exercise, connect(exercise, generic.namespace), key)
        graded.diagnosis = diagnose(graded)
        row = _row("generic", generic.name, generic.mark, graded, graded)
        report.rows.append(row)
        reason = exercise.inapplicable.get(generic.name)
        if graded.passed and not generic.touched and connect is local_link:
            row.inapplicable = reason or "there is nothing to change"
        elif reason:
            row.inapplicable = reason
            if not graded.passed and abs(row.mark - generic.mark) < 1e-9:
                report.problems.append(f"{generic.name!r} is declared inapplicable, but it is rejected all the same")
        elif graded.passed and connect is local_link:
            report.problems.append(f"survivor: {generic.name!r} gets full marks")
        elif abs(row.mark - generic.mark) > 1e-9 and connect is local_link:
            report.problems.append(f"wrong mark: {generic.name!r} gets {row.mark:g}, deserves {generic.mark:g} "
                                   f"(dies on {', '.join(row.killed_by)})")
    unknown = set(exercise.inapplicable) - {row.name for row in report.rows if row.kind == "generic"}
    if unknown:
        report.problems.append(f"unknown generic answers declared inapplicable: {sorted(unknown)}")


def _prove_own_kills(exercise: Exercise, report: Report) -> None:
    wrong = [row for row in report.rows if row.kind != "right"]
    for check in exercise.checks:
        if len(exercise.checks) > 1 and not any(row.killed_by == [check] for row in wrong):
            report.problems.append(f"check {check!r} rejects nothing that no other check rejects")
    for part in exercise.parts:
        if len(exercise.parts) > 1 and not any(row.failed_parts == [part] for row in wrong):
            report.problems.append(f"part {part!r} rejects nothing that no other part rejects")


def _prove_size(exercise: Exercise, report: Report) -> None:
    named = [row for row in report.rows if row.kind == "mistake"]
    if len(exercise.mistakes) < 3:
        report.problems.append(f"{len(exercise.mistakes)} named mistakes, at least 3 are asked for")
    if not exercise.alternatives:
        report.problems.append("no alternative right answer")
    only_regimes = [row for row in named if row.killed_by and EXAMPLES not in row.killed_by]
    if exercise.examples and exercise.regimes and not exercise.steps and not only_regimes:
        report.problems.append("no named mistake passes the worked example and dies only on a regime")


def _deserved(exercise: Exercise, generic: Generic, key: bytes) -> float:
    """What a generic wrong answer deserves: the parts in which it changed nothing (round numbers survive float32)."""
    if generic.name in ALWAYS_WRONG or exercise.steps:
        return generic.mark
    touched_parts = set()
    client = Client(LocalLink(generic.namespace), exercise.names)
    for case in draw_cases(exercise, key):
        generic.touched.clear()
        run_case(exercise, client, case.args)
        if generic.touched:
            touched_parts.add(exercise.part_of(case.check))
    return sum(points for part, points in exercise.parts.items() if part not in touched_parts)


# -- the page ------------------------------------------------------------------------------------------------------------


def summary(report: Report) -> str:
    """One line: how many answers of each kind, and how many problems."""
    kinds = [sum(row.kind == kind and not row.inapplicable for row in report.rows) for kind in ("right", "mistake", "generic")]
    skipped = sum(bool(row.inapplicable) for row in report.rows)
    state = "ok" if not report.problems else f"{len(report.problems)} problems"
    return (f"{report.key:<38} {kinds[0]:>2} right  {kinds[1]:>2} mistakes  {kinds[2]:>2} generic  "
            f"{skipped:>2} inapplicable  {state}")


def markdown(reports: Iterable[Report]) -> str:
    """The kill matrix as a page."""
    reports = list(reports)
    lines = ["# Kill matrix", "",
             "Generated by `dlkit bank --write docs/kill_matrix.md`. For every exercise: each wrong answer, the checks that",
             "reject it (x), the mark it gets (always the mark it deserves), and what the student is told.", "",
             _totals(reports), ""]
    for report in reports:
        lines += [f"## `{report.key}`: {report.title}", ""]
        lines += ["| answer | " + " | ".join(report.checks) + " | mark | told |", "|---" * (len(report.checks) + 3) + "|"]
        for row in report.rows:
            if row.inapplicable:
                cells = ["not applicable: " + row.inapplicable] + [""] * (len(report.checks) - 1)
                lines.append(f"| {_cell(row.name)} | " + " | ".join(map(_cell, cells)) + " | | |")
                continue
            cells = ["x" if check in row.killed_by else "" for check in report.checks]
            told = "" if row.diagnosis is None else "its name" if row.diagnosis == row.name else row.diagnosis
            name = f"*{row.name}*" if row.kind == "generic" else row.name
            lines.append(f"| {_cell(name)} | " + " | ".join(cells) + f" | {row.mark:g} / {report.points:g} | {_cell(told)} |")
        lines.append("")
    return "\n".join(lines)


def _totals(reports: Sequence[Report]) -> str:
    rows = [row for report in reports for row in report.rows]
    named = sum(row.kind == "mistake" for row in rows)
    generic = sum(row.kind == "generic" and not row.inapplicable for row in rows)
    skipped = sum(bool(row.inapplicable) for row in rows)
    right = sum(row.kind == "right" for row in rows)
    return (f"{len(reports)} exercises, {right} right answers, {named} named mistakes, {generic} generic wrong answers "
            f"({skipped} more are not applicable).")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
