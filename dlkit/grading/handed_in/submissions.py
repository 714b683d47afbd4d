"""Finds what was handed in for a unit, and sorts out which file is which notebook."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from dlkit.grading.course import Course, CourseError
from dlkit.grading.handed_in.reading import Unreadable, file_bytes, find_extras, readable, walk
from dlkit.grading.handed_in.release import Release, plain
from dlkit.grading.handed_in.salvage import read
from dlkit.grading.handed_in.submitted_cell import answers
from dlkit.grading.pages.names import look_alikes, student_problem
from dlkit.grading.running.worker import Task

PATTERNS = set("*?[]")  # nbgrader takes these for patterns
BAD_NAME = "the name of the folder cannot be the name of a student ({}): rename it"
MOST_NOTEBOOKS = 100
ENDINGS = (".ipynb.txt", ".ipynb.json", ".json", ".py")  # that browsers, mail programs and students give to notebooks
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar")


@dataclass
class Submission:
    """What one student handed in for a unit: the notebooks found, and what was odd about the folder.

    One that is `refused` is not looked into; `problems` say why.
    """

    student: str
    folder: Path
    tasks: list[Task] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    timestamp: datetime | None = None
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    refused: bool = False


def iter_submissions(course: Course, unit: str, students: Iterable[str] | None = None) -> Iterator[Submission]:
    """The submissions of a unit, one after the other, in the order of their names (or of `students`).

    Each is looked into when it is asked for, and none is kept: only their names are held in memory.

    Raises
    ------
    CourseError
        At once, if there is no submission, or none of one of `students`.
    """
    names = _students(course, unit, students)
    return (_examine(course, unit, student) for student in names)


def count_submissions(course: Course, unit: str, students: Iterable[str] | None = None) -> int:
    """How many submissions :func:`iter_submissions` will find; reads the names of folders and nothing else.

    Each has at most one task for each notebook of the unit: the product is the length of a progress bar, in which a missing
    notebook counts as done. The same errors are raised.
    """
    return len(_students(course, unit, students))


def submission_remarks(course: Course, unit: str) -> list[str]:
    """Remarks about folders that look like a submission of this unit but are none, and about names taken for each other."""
    pairs = look_alikes(folder.name for folder in _folders(course))
    notes = [f"{readable(one)} and {readable(other)} look alike: are they two students?" for one, other in pairs]
    for folder in _folders(course):
        if (folder / unit).is_symlink() or (folder / unit).is_dir():
            continue
        names = [path.name for path in folder.glob("*") if path.is_dir()]
        close = difflib.get_close_matches(unit, [name for name in names if name not in course.units()], n=1, cutoff=0.8)
        if close:
            where = f"submitted/{readable(folder.name)}/{readable(close[0])}"
            notes.append(f"{where} was not graded: is it meant to be {unit}?")
        elif os.path.lexists(folder / unit):
            notes.append(f"submitted/{readable(folder.name)}/{unit} was not graded: it is a file, not a folder")
    return notes


def _folders(course: Course) -> list[Path]:
    return sorted(path for path in (course.root / "submitted").glob("*") if path.is_dir())


def _students(course: Course, unit: str, students: Iterable[str] | None) -> list[str]:
    """Names of the folders that hold a submission of the unit; all of `students` have to be among them."""
    base = course.root / "submitted"
    found = [folder.name for folder in _folders(course) if (folder / unit).is_symlink() or (folder / unit).is_dir()]
    if students is not None:
        wanted, there = list(dict.fromkeys(students)), set(found)
        absent = [name for name in wanted if name not in there]
        if absent:
            raise CourseError(f"no submission of {unit} by {', '.join(map(readable, absent))} in {base}")
        found = wanted
    if not found:
        hint = "".join(f" {text}" for text in submission_remarks(course, unit))
        raise CourseError(f"no submissions of {unit}: expected {base}/<student>/{unit}/<notebook>.ipynb.{hint}")
    return found


def _refusal(course: Course, unit: str, student: str) -> str | None:
    """Why a folder is not looked into at all, if there is a reason."""
    folder = course.submitted(student, unit)
    if folder.is_symlink() or folder.parent.is_symlink():
        return "the folder is a link: links are not followed"
    why = student_problem(student)
    if why:
        return BAD_NAME.format(why)
    if PATTERNS & set(student):
        return BAD_NAME.format("* ? [ ] stand for patterns")
    if set("\\/:") & set(student):
        return BAD_NAME.format("\\ / : separate folders")
    return None


def _examine(course: Course, unit: str, student: str) -> Submission:
    folder = course.submitted(student, unit)
    why = _refusal(course, unit, student)
    if why:
        return Submission(readable(student), folder, problems=[why], refused=True)
    submission = Submission(student, folder)
    releases = {name: Release.of(course, unit, name) for name in course.notebooks(unit)}
    chosen, submission.notes = choose_files(folder, releases)
    files, remarks = find_extras(folder)
    files = tuple(path for path in files if path.name != "timestamp.txt")
    submission.notes += remarks
    for name in releases:
        if name in chosen:
            submission.tasks.append(Task(student, unit, name, chosen[name], files))
        else:
            submission.missing.append(name)
    if submission.missing:
        submission.notes += _astray(folder)
    if not chosen and not any(path.suffix.lower() == ".ipynb" for path in folder.iterdir()):
        submission.problems.append("no notebook was handed in")
    submission.timestamp = _timestamp(folder, submission)
    return submission


def choose_files(folder: Path, releases: Mapping[str, Release]) -> tuple[dict[str, Path], list[str]]:
    """Which file in a folder is which notebook, and remarks.

    A file of the right name is it, unless another notebook of the unit is in it, or it has no answers and a copy of it
    (``1_neurons (1).ipynb``) has. Files of other names are told by their graded cells, else by their name. A folder or a link
    of the right name is chosen if there is nothing else: reading it says what is wrong.
    """
    notes: list[str] = []
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".ipynb" and not path.name.startswith("."))
    if len(found) > MOST_NOTEBOOKS:
        notes.append(f"{len(found)} notebooks were handed in: only those with the right names are looked at")
        found = [path for path in found if path.stem in releases]
    files = [path for path in found if path.is_file() and not path.is_symlink()]
    chosen = {path.stem: path for path in files if path.name == f"{path.stem}.ipynb" and path.stem in releases}
    for name, path in list(chosen.items()):
        if not _holds(path, releases[name]) and _which(path, releases)[0] not in (name, None):
            del chosen[name]
    for path in [path for path in files if path not in chosen.values()]:
        meant, work = _which(path, releases)
        if meant is not None and meant not in chosen:
            notes.append(f"{readable(path.name)} graded as {meant}.ipynb")
            chosen[meant] = path
        elif meant is not None and work > 0 and _which(chosen[meant], {meant: releases[meant]})[1] == 0:
            notes.append(f"{readable(path.name)} graded as {meant}.ipynb, as {readable(chosen[meant].name)} has no answers")
            chosen[meant] = path
        else:
            what = f"holds {meant}.ipynb, which is there" if path.stem in releases else f"is not part of {folder.name}"
            notes.append(f"{readable(path.name)} {what}: left out")
    for name in releases:
        others = [folder / f"{name}{ending}" for ending in (".ipynb", *ENDINGS)]
        path = next((path for path in others if os.path.lexists(path)), None)
        if path is not None and name not in chosen and path not in files:
            chosen[name] = path
            if path.suffix != ".ipynb":
                notes.append(f"{path.name} graded as {name}.ipynb")
    return chosen, notes


def _holds(path: Path, release: Release) -> bool:
    """Whether any graded cell of a notebook is named in a file; a quick look, no proof."""
    try:
        data = file_bytes(path)
    except Unreadable:
        return True
    return any(f'"{slot.grade_id}"'.encode() in data for slot in release.slots)


def _which(path: Path, releases: Mapping[str, Release]) -> tuple[str | None, int]:
    """The notebook that a file is, by its graded cells or its name, and the number of answers in it."""
    try:
        cells = read(file_bytes(path)).cells
    except Unreadable:
        cells = []
    ids = [cell.grade_id for cell in cells if cell.grade_id]
    votes = Counter({name: sum(grade_id in release.by_grade_id for grade_id in ids) for name, release in releases.items()})
    if not votes.total() and cells:
        texts = {plain(cell.source) for cell in cells} - {""}
        votes = Counter({name: len(texts & release.plain_texts) for name, release in releases.items()})
    best = [name for name, number in votes.most_common(1) if number]
    if not best:
        best = difflib.get_close_matches(path.stem.lower(), list(releases), n=1, cutoff=0.8 if not cells else 0.7)
    return (best[0], answers(cells, releases[best[0]])) if best else (None, 0)


def _astray(folder: Path) -> list[str]:
    """Remarks about files that may be the notebooks that are missing, but are not where or what they have to be."""
    odd, archives = [], []
    for entry, inside in walk(folder):
        name = inside.name.lower()
        if not entry.is_file(follow_symlinks=False):
            continue
        if name.endswith(ARCHIVES):
            archives.append(readable(str(inside)))
        elif name.endswith(".ipynb") if len(inside.parts) > 1 else ".ipynb" in name and not name.endswith((".ipynb", *ENDINGS)):
            odd.append(readable(str(inside)))
    remarks = [f"not graded: {_few(odd)} (notebooks belong in the folder itself, named *.ipynb)"] if odd else []
    return remarks + ([f"not graded: {_few(archives)} (archives are not unpacked)"] if archives else [])


def _few(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _timestamp(folder: Path, submission: Submission) -> datetime | None:
    try:
        text = file_bytes(folder / "timestamp.txt", 2**16)[:200].decode("utf-8", errors="replace").strip()
    except Unreadable:
        return None
    try:
        return parse_utc(text) if text else None
    except (ValueError, OverflowError):
        submission.notes.append(f"timestamp.txt holds no date ({readable(text[:30])!r}): ignored")
        return None
