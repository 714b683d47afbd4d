"""Grades a unit for a whole class. One process, this one, writes the journal and the gradebook; others run the notebooks.

For each submission, in this order: the result of each notebook is in the journal; the attempt is in the journal; so is what
people have entered in the gradebook, if that is new; the marks are in the gradebook, in one transaction; the graded notebooks
are in place; the journal says that it is done. A run that is killed anywhere is finished by the next one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from dlkit.grading.course import Course, CourseError
from dlkit.grading.handed_in.submissions import Submission, count_submissions, iter_submissions, submission_remarks
from dlkit.grading.records.address import Addresses, environment, key_fingerprint, read_unit
from dlkit.grading.records.book import Book
from dlkit.grading.records.entries import Entries
from dlkit.grading.records.journal import (
    ClassJournal,
    Damaged,
    UnitJournal,
    journal_folder,
    journalled_units,
    plain_result,
)
from dlkit.grading.records.log import JournalError, Lock
from dlkit.grading.records.place import clear_parts, is_in_place, put_in_place
from dlkit.grading.records.rebuild import adopt
from dlkit.grading.results import LATE, REPAIRED, RUN_FILE, GradedNotebook, Row, RowFile, UnitResult
from dlkit.grading.running.crew import Crew, CrewMaker, LazyCrew
from dlkit.grading.running.local import local_crew
from dlkit.grading.running.worker import Task

LATE_ROUNDING = 1.0


def grade_unit(
    course: Course, unit: str, *, jobs: int | None = None, students: Iterable[str] | None = None,
    due: str | datetime | None = None, cell_timeout: int | None = None, progress: bool = True, again: bool = False,
    level: int | None = None, crew: CrewMaker = local_crew,
) -> UnitResult:  # fmt: skip
    """Grade every submission of a unit; what has not changed since it was last graded is not run again.

    Parameters
    ----------
    course : Course
        Its root holds ``submitted/<student>/<unit>/``.
    unit : str
        Name of the unit.
    jobs : int, optional
        Notebooks graded at the same time; by default one for each core.
    students : names, optional
        Grade these only.
    due : str or datetime, optional
        When the unit is due (UTC unless it says otherwise); kept in the gradebook.
    cell_timeout : int, optional
        Seconds that one cell may take, if not as configured.
    progress : bool
        Show a progress bar with the time left, on stderr.
    again : bool
        Run everything again.
    level : int, optional
        Run again what was run at a lower level of the sandbox than this.
    crew : callable
        ``crew(course, unit, jobs, cell_timeout)`` gives a context manager in which notebooks are graded: whatever has to be
        started once for a run is started there, and closed at the end.

    Returns
    -------
    UnitResult
        One row for each submission. Also saved in ``reports/<unit>/run.jsonl``.

    Raises
    ------
    CourseError
        No such unit, no submissions, no such student, or the journal or the gradebook cannot be written.
    """
    chosen = None if students is None else list(students)
    run_unit(course, unit, jobs=jobs, students=chosen, due=due, cell_timeout=cell_timeout, progress=progress, again=again,
             level=level, crew=crew)  # fmt: skip
    return UnitResult.load(course.reports(unit) / RUN_FILE).only(chosen)


def run_unit(
    course: Course, unit: str, *, jobs: int | None = None, students: list[str] | None = None,
    due: str | datetime | None = None, cell_timeout: int | None = None, progress: bool = True, again: bool = False,
    level: int | None = None, crew: CrewMaker = local_crew,
) -> Path:  # fmt: skip
    """As :func:`grade_unit`, but the rows are only written to the file that is returned: a class of any size fits in memory."""
    course.check_unit(unit)
    try:
        return _run(course, unit, jobs, students, parse_due(due), cell_timeout, progress, again, level, crew)
    except (SQLAlchemyError, OSError) as error:
        raise CourseError(
            f"the run was stopped: {str(error).splitlines()[0][:300]} ({type(error).__name__}). Nothing is lost: when the "
            "cause is gone, the same command goes on from here"
        ) from error


def _run(
    course: Course, unit: str, jobs: int | None, students: list[str] | None, due: datetime | None, cell_timeout: int | None,
    progress: bool, again: bool, level: int | None, crew: CrewMaker,
) -> Path:  # fmt: skip
    begin = time.monotonic()
    jobs = max(1, jobs or os.cpu_count() or 1)
    number = count_submissions(course, unit, students)
    with ExitStack() as stack:
        stack.enter_context(Lock(journal_folder(course) / "lock"))
        clear_parts(course)
        journal = stack.enter_context(UnitJournal(course, unit))
        people = stack.enter_context(ClassJournal(course))
        book = stack.enter_context(Book(course))
        notes = [*journal.log.notes, *people.log.notes]
        notes += adopt(course, book, people)
        clerk = Clerk(course, unit, journal, Entries(book, unit, read_unit(course, unit), journal))
        notes += [f"{name} is no longer part of the unit: its marks are in the journal only" for name in clerk.entries.removed]
        if due is not None and book.due(unit) != due:
            book.set_due(unit, due)
        book.enrol(people, sorted({unit, *journalled_units(course)}))
        clerk.finish_open()
        clerk.use(Addresses(course, unit, cell_timeout), again, level)
        rows = stack.enter_context(RowFile(course.reports(unit) / RUN_FILE, keep=students is not None))
        bar = stack.enter_context(
            tqdm(total=number * len(clerk.unit), unit="notebook", desc="grading", disable=not progress, smoothing=0.05)
        )

        def call_in() -> AbstractContextManager[Crew]:
            journal.begin(environment=environment(), course_key=key_fingerprint(course), at_once=jobs)
            return crew(course, unit, jobs, cell_timeout)

        team = LazyCrew(stack, call_in)
        failures = 0

        def finished(row: Row) -> None:
            nonlocal failures
            rows.write(row)
            bar.update(len(clerk.unit))
            if row.problems:
                failures += 1
                bar.set_postfix(failures=failures)

        clerk.grade(iter_submissions(course, unit, students), team, finished)
        clear_parts(course)
        notes += submission_remarks(course, unit)
        rows.close(unit=unit, seconds=time.monotonic() - begin, jobs=jobs, notes=list(dict.fromkeys(notes)))
    return rows.path


def parse_due(due: str | datetime | None) -> datetime | None:
    """A date and time as nbgrader keeps it: UTC, without a zone."""
    if due is None:
        return None
    try:
        return parse_utc(due)
    except ValueError:
        raise CourseError(f"{due!r} is not a date and time; write it like '2026-03-01 23:59 UTC'") from None


@dataclass
class _Open:
    """A submission some of whose notebooks are under way."""

    submission: Submission
    addresses: dict[str, tuple[str, dict[str, str]]]
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    run: int = 0

    @property
    def waiting(self) -> bool:
        return len(self.results) < len(self.submission.tasks)


class Clerk:
    """Takes submissions, hands out notebooks to grade, and files what comes back. It holds only those that are under way."""

    def __init__(self, course: Course, unit: str, journal: UnitJournal, entries: Entries) -> None:
        self.course, self.name, self.journal, self.entries = course, unit, journal, entries
        self.unit = entries.unit
        self._open: dict[str, _Open] = {}

    def use(self, addresses: Addresses, again: bool, level: int | None) -> None:
        """How to find out what has been graded already, and what of that counts."""
        self._addresses, self._again, self._level = addresses, again, level

    def finish_open(self) -> None:
        """Finish what an earlier run had begun to enter, unless the gradebook has an attempt of which the journal lost all."""
        for attempt in self.journal.unfinished():
            if self.entries.entered(attempt["student"]) in ("", attempt["id"], attempt["after"]):
                self._settle(attempt)

    def grade(self, submissions: Iterator[Submission], crew: LazyCrew, finished: Callable[[Row], None]) -> None:
        """Grade submissions; `finished` gets the row of each as soon as everything about it is on the disk."""

        def tasks() -> Iterator[Task]:
            for submission in submissions:
                if submission.refused:
                    finished(Row(submission.student, problems=submission.problems))
                    continue
                here, todo = self._look_up(submission)
                if todo:
                    self._open[submission.student] = here
                    yield from todo
                else:
                    finished(self._file(here))

        for graded in crew.grade(tasks()):
            here = self._open[graded.student]
            here.results[graded.notebook] = self.journal.keep(graded, *here.addresses[graded.notebook])
            here.run += 1
            if not here.waiting:
                finished(self._file(self._open.pop(graded.student)))

    def _look_up(self, submission: Submission) -> tuple[_Open, list[Task]]:
        """What is known of a submission already, and the notebooks that have to be run."""
        here = _Open(submission, {task.notebook: self._addresses.of(task) for task in submission.tasks})
        for notebook, (address, _) in here.addresses.items():
            known = None if self._again else self.journal.find(address)
            if known is not None and known["problem"] is None and known["level"] >= (self._level or 0):
                here.results[notebook] = known
        return here, [task for task in submission.tasks if task.notebook not in here.results]

    def _file(self, here: _Open) -> Row:
        """Write down an attempt, and enter it."""
        submission = here.submission
        missing = [plain_result(GradedNotebook(submission.student, name)) for name in submission.missing]
        results = sorted([*here.results.values(), *missing], key=lambda result: result["notebook"])
        when = submission.timestamp.isoformat() if submission.timestamp else None
        attempt = self.journal.attempt(
            submission.student, results, timestamp=when, notes=submission.notes, problems=submission.problems
        )
        row = self._settle(attempt)
        row.run = here.run
        return row

    def _settle(self, attempt: Mapping[str, Any]) -> Row:
        """Enter an attempt in the gradebook and put its notebooks in place. What goes wrong is said in its row."""
        row = row_of(attempt)
        try:
            sheet = self.entries.enter(attempt)
            if not (self.journal.is_done(attempt) and is_in_place(self.course, self.name, attempt)):
                put_in_place(self.course, self.name, attempt, self.journal)
            self.journal.done(attempt, sheet)
        except JournalError:
            raise
        except (SQLAlchemyError, OSError, Damaged) as error:
            row.problems.append(
                f"the marks are in the journal, but could not be entered in the gradebook: {type(error).__name__}: "
                f"{str(error).splitlines()[0][:300]}; the next run tries again"
            )
            return row
        row.seconds_late = sheet.late
        row.score, row.by_hand = sheet.total, sheet.open
        row.max_score = sum(notebook.max_score for notebook in self.unit.values())
        row.status = LATE if sheet.late >= LATE_ROUNDING else REPAIRED if row.notes else row.status
        return row


def row_of(attempt: Mapping[str, Any]) -> Row:
    """What an attempt says about itself, before it is in the gradebook."""
    row = Row(attempt["student"], attempt=attempt["attempt"], notes=list(attempt["notes"]), problems=list(attempt["problems"]))
    for result in attempt["notebooks"]:
        row.notes += result["notes"]
        row.flags += result["flags"]
        if result["missing"]:
            row.notes.append(f"{result['notebook']}.ipynb is missing: 0 points")
        else:
            row.level = result["level"] if row.level is None else min(row.level, result["level"])
        if result["problem"]:
            row.problems.append(result["problem"])
    return row
