"""What ``dlkit grade`` and ``dlkit demo`` do: grade, write what people read, print a table and where the files are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from dlkit.checking.cases import KEY_FILE, make_key
from dlkit.grading.build import build_course
from dlkit.grading.classroom import make_class
from dlkit.grading.cluster.dask_client import Certificates, dask_crew
from dlkit.grading.course import Course, CourseError
from dlkit.grading.engine import grade_unit
from dlkit.grading.handed_in.reading import readable
from dlkit.grading.pages.feedback import write_feedback
from dlkit.grading.pages.report import write_report
from dlkit.grading.records.export import as_csv, as_json
from dlkit.grading.records.gradebook import read_names
from dlkit.grading.records.rebuild import rebuild_gradebook
from dlkit.grading.records.regrade import changes_text, preview, regrade, write_changes
from dlkit.grading.results import UnitResult, summary_table
from dlkit.grading.running.crew import CrewMaker
from dlkit.grading.running.local import local_crew
from dlkit.grading.sandbox import LEVELS, Proof, prove

SAFE_LEVEL = 2  # below it, a program handed in can read and change what belongs to whoever grades it
UNGRADED_UNIT = "unit0"  # how the course works: nobody gets marks for it
Cluster = tuple[str, Path, Path, Path]
MADE_HERE = ("submitted", "autograded", "feedback", "reports", "journal")
CONFIG = '''"""Tells nbgrader about this class: its own folders here, the notebooks of the course in {home}."""

from dlkit.grading.course import settings

c = get_config()  # noqa: F821  (nbgrader defines get_config for this file)
c.merge(settings())
c.CourseDirectory.source_directory = {source!r}
'''


def proved(require: int | None = None, allow: int | None = None) -> tuple[Proof, int]:
    """What protection this machine gives, proved just now, and the least to ask of it.

    Parameters
    ----------
    require : int, optional
        Refuse to run anybody's work at a lower level than this.
    allow : int, optional
        Run it at a level as low as this. Without it, other people's work is not run below :data:`SAFE_LEVEL`.

    Raises
    ------
    CourseError
        If that is not proved; it says why, and what can be done.
    """
    least = max(require or 0, SAFE_LEVEL if allow is None else allow)
    proof = prove()
    if proof.level >= least:
        return proof, least
    why = "; ".join(proof.reasons) or "more was not tried"
    says = f"level {least} of the sandbox ({LEVELS[least]}) is not to be had here, only level {proof.level} ({why})."
    if proof.level >= (require or 0):
        says += (
            f" Use a machine or container where it is (see docs/promises.md), or, if you trust all who handed in, "
            f"--allow-level {proof.level}"
        )
    raise CourseError(says)


def workers(require: int | None, allow: int | None, dask: Cluster | None) -> tuple[CrewMaker, int, str]:
    """Who grades, the least level of the sandbox that counts, and what to say about it. Parameters as below."""
    if dask is None:
        proof, least = proved(require, allow)
        return partial(local_crew, proof=proof), least, f"level {proof.level}: {LEVELS[proof.level]}"
    if allow is not None:
        raise CourseError("--allow-level is for this machine: a cluster has to prove that there is no network")
    address, *files = dask
    if None in files:
        raise CourseError("--dask needs --tls-ca, --tls-cert and --tls-key, too")
    least = max(require or 0, SAFE_LEVEL)
    says = f"level {least} or more, proved by each worker: {LEVELS[least]}"
    return dask_crew(address, Certificates(*files), least), least, says


def grade_command(
    root: str | Path, unit: str, *, class_dir: str | Path | None = None, jobs: int | None = None,
    students: Iterable[str] | None = None, due: str | None = None, again: bool = False, require: int | None = None,
    allow: int | None = None, dask: Cluster | None = None, progress: bool = True, say: Callable[[str], Any] = print,
) -> int:  # fmt: skip
    """Grade a unit and write everything that comes of it; the work of ``dlkit grade``.

    Parameters
    ----------
    root : path
        The home of the course (with ``solutions/``).
    unit : str
        The unit to grade.
    class_dir : path, optional
        The folder with ``submitted/``; `root` by default.
    jobs, students, due, again, progress
        As for :func:`dlkit.grading.engine.grade_unit`.
    require, allow : int, optional
        As for :func:`proved`.
    dask : tuple, optional
        Grade on a Dask cluster: the address of its scheduler, and files with its authority, our certificate, and its key.
    say : callable
        Gets the lines of text that people read; what went wrong goes to stderr.

    Returns
    -------
    int
        0 if everything handed in was graded, 1 if something was left ungraded, 2 if there was nothing to grade.
    """
    try:
        course = Course.at(class_dir or root, root)
        course.check_unit(unit)
        crew, level, sandbox = workers(require, allow, dask)
        chosen = None if students is None else list(students)
        result = grade_unit(course, unit, jobs=jobs, students=chosen, due=due, again=again, level=level, progress=progress,
                            crew=crew)  # fmt: skip
        _finish(course, result, jobs, chosen, progress, say)
        say(f"{'sandbox':<24}{sandbox}")
    except CourseError as error:
        print(f"dlkit grade: {error}", file=sys.stderr)
        return 2
    for row in result.ungraded:
        print(readable(f"dlkit grade: {row.student}: {'; '.join(row.problems)}"), file=sys.stderr)
    return result.exit_code


def regrade_command(
    root: str | Path, unit: str, *, only_preview: bool, table: str | Path | None = None,
    class_dir: str | Path | None = None, jobs: int | None = None, students: Iterable[str] | None = None, again: bool = False,
    require: int | None = None, allow: int | None = None, dask: Cluster | None = None, progress: bool = True,
    say: Callable[[str], Any] = print,
) -> int:  # fmt: skip
    """Show what grading again would change, or do it; the work of ``dlkit regrade``. Parameters as above, and

    Parameters
    ----------
    only_preview : bool
        Write nothing.
    table : path, optional
        A file for the changes, for spreadsheets.
    """
    try:
        course = Course.at(class_dir or root, root)
        crew, level, _ = workers(require, allow, dask)
        options: dict[str, Any] = dict(jobs=jobs, students=students, again=again, progress=progress, crew=crew)
        if only_preview:
            found, result = preview(course, unit, **options), None
        else:
            found, result = regrade(course, unit, level=level, **options)
            _finish(course, result, jobs, [row.student for row in result.rows], progress, say)
        say(changes_text(found, read_names(course), done=not only_preview))
        if table:
            write_changes(found, Path(table))
    except (CourseError, OSError) as error:
        print(f"dlkit regrade: {error}", file=sys.stderr)
        return 2
    return result.exit_code if result else 0


def gradebook_command(
    what: str, root: str | Path, class_dir: str | Path | None = None, journal_only: bool = False, form: str = "json",
    out: str | Path | None = None, say: Callable[[str], Any] = print,
) -> int:  # fmt: skip
    """Make the gradebook anew from the journal, or write out what it holds; the work of ``dlkit gradebook``."""
    try:
        course = Course.at(class_dir or root, root)
        if what == "rebuild":
            aside, notes = rebuild_gradebook(course, journal_only)
            for line in notes:
                say(line)
            say(f"{course.database_name} is as the journal says" + (f"; the one before is {aside}" if aside else ""))
            return 0
        text = as_csv(course) if form == "csv" else as_json(course)
        if out is None:
            say(text.rstrip("\n"))
        else:
            Path(out).write_text(text, encoding="utf-8", newline="")
    except (CourseError, OSError) as error:
        print(f"dlkit gradebook: {error}", file=sys.stderr)
        return 2
    return 0


def run_demo(
    root: str | Path = ".", out: str | Path = "demo", *, units: Iterable[str] | None = None, jobs: int | None = None,
    students: int = 24, seed: int = 1, progress: bool = True, say: Callable[[str], Any] = print,
) -> int:  # fmt: skip
    """Build the course, make a class, grade it, and show what came of it; the work of ``dlkit demo``.

    Parameters
    ----------
    root : path
        The home of the course (with ``solutions/``).
    out : path
        Where the class goes; what an earlier demonstration left there is replaced.
    units, students, seed
        What the class hands in (by default all units that count for the grade), how many they are, and which class.
    jobs, progress, say
        As for :func:`grade_command`.

    Returns
    -------
    int
        As for :func:`grade_command`; of several units the highest.
    """
    home, out = Path(root).resolve(), Path(out).resolve()
    codes = [0]
    try:
        say("1. building course/ from solutions/")
        build_course(home, progress=lambda line: say(f"   {line}"))
        course = prepare_root(home, out)
        chosen = [unit for unit in course.units() if not unit.startswith(UNGRADED_UNIT)] if units is None else list(units)
        proof = prove()
        for number, unit in enumerate(chosen):
            people, due = make_class(course, unit, out, n=students, seed=seed)
            say(f"{2 * number + 2}. a class of {len(people)} has handed in {unit} (due {due:%Y-%m-%d %H:%M} UTC)")
            say(f"{2 * number + 3}. grading, then feedback and reports")
            result = grade_unit(course, unit, jobs=jobs, due=due, progress=progress, crew=partial(local_crew, proof=proof))
            _finish(course, result, jobs, None, progress, say)
            codes.append(result.exit_code)
            say("")
        say(f"{'sandbox':<24}level {proof.level}: {LEVELS[proof.level]}")
    except CourseError as error:
        print(f"dlkit demo: {error}", file=sys.stderr)
        return 2
    return max(codes)


def _finish(
    course: Course, result: UnitResult, jobs: int | None, students: list[str] | None, progress: bool,
    say: Callable[[str], Any],
) -> None:  # fmt: skip
    """Write feedback, report and table, and print the summary and where the files are."""
    pages = write_feedback(course, result.unit, students=students, jobs=jobs, progress=progress)
    report, table = write_report(course, result.unit)
    say("")
    say(summary_table(result, read_names(course)))
    say("")
    for name, path in where_things_are(course, report, table, pages):
        say(f"{name:<24}{path}")


def prepare_root(home: Path, out: Path) -> Course:
    """An empty class in `out` that belongs to the course in `home`, ready for nbgrader's own commands too."""
    if out == home:
        raise CourseError("a demonstration needs a folder of its own: it replaces submitted/ and the gradebook there")
    out.mkdir(parents=True, exist_ok=True)
    for name in MADE_HERE:
        shutil.rmtree(out / name, ignore_errors=True)
    (out / "gradebook.db").unlink(missing_ok=True)
    course = Course.at(out, home)
    text = CONFIG.format(home=home, source=str(home / "solutions"))
    if course.key_file() is None:
        make_key(out / KEY_FILE)
    (out / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return course


def where_things_are(course: Course, report: Path, table: Path, pages: list[Path]) -> list[tuple[str, Path]]:
    """What was made, for people to open."""
    found = [("report for instructors", report), ("marks as a table", table)]
    if pages:
        found.append(("feedback, for instance", pages[0]))
    return [*found, ("graded notebooks", course.root / "autograded"), ("gradebook of nbgrader", course.database)]
