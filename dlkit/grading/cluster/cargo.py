"""What travels to the workers of a cluster and back: the unit, notebooks, results, and what both sides must agree on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from dlkit import __version__
from dlkit.grading.cluster.parcel import BadCargo, Parts, pack, unpack
from dlkit.grading.course import SOURCE, Course
from dlkit.grading.handed_in.reading import MOST_EXTRA_BYTES, Unreadable, extras, file_bytes
from dlkit.grading.records.address import IGNORED, _digest, definitions, environment, file_digests
from dlkit.grading.results import GradedNotebook
from dlkit.grading.running.worker import Task

KEY = "course key"


# -- what a worker is given once ------------------------------------------------------------------------------------------


def pack_unit(course: Course, unit: str, cell_seconds: float) -> bytes:
    """All that grading a unit takes, beyond the package itself: its solved notebooks, the files beside them, the course key."""
    source = course.home / SOURCE / unit
    files = [*(Path(f"{name}.ipynb") for name in course.notebooks(unit)), *extras(source)]
    parts = {path.as_posix(): file_bytes(source / path, MOST_EXTRA_BYTES) for path in files}
    key = course.key_file()
    if key is not None:
        parts[KEY] = key.read_bytes().strip()
    return pack({"unit": unit, "cell_seconds": cell_seconds}, parts)


def unpack_unit(data: bytes, folder: Path) -> tuple[Course, str, float, bytes | None]:
    """The course in `folder` with this unit, the unit, seconds for a cell, and the course key, which goes into no file."""
    about, parts = unpack(data)
    key = parts.pop(KEY, None)
    unit = plain_name(about.get("unit"))
    home, root = folder / "home", folder / "class"
    root.mkdir()
    write_files(home / SOURCE / unit, parts)
    return Course(home, root), unit, float(about["cell_seconds"]), key


# -- notebooks ------------------------------------------------------------------------------------------------------------


def pack_task(task: Task) -> bytes:
    """A notebook that was handed in, with the files beside it; :class:`Unreadable` if it is no plain file."""
    notebook = file_bytes(task.file)
    parts = {}
    for path in task.extras:
        try:
            parts[path.as_posix()] = file_bytes(task.file.parent / path, MOST_EXTRA_BYTES)
        except Unreadable:  # it was a plain file when it was found
            continue
    about = {"student": task.student, "unit": task.unit, "notebook": task.notebook, "file": task.file.name}
    return pack(about, {"": notebook, **parts})


def unpack_task(data: bytes, folder: Path) -> Task:
    """The task, with its files in `folder`."""
    about, parts = unpack(data)
    file = folder / plain_name(about.get("file"))
    file.write_bytes(parts.pop("", b""))
    write_files(folder, parts)
    student, unit, notebook = (str(about[name]) for name in ("student", "unit", "notebook"))
    return Task(student, unit, notebook, file, tuple(Path(name) for name in parts))


def write_files(folder: Path, parts: Parts) -> None:
    """Write files below a folder, and nowhere else."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in parts.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise BadCargo(f"{name!r} is not the name of a file below a folder")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def plain_name(name: Any) -> str:
    """The name, if it is one of a file in a folder, without a way there."""
    if not isinstance(name, str) or name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise BadCargo(f"{name!r} is not the name of a file")
    return name


def pack_result(graded: GradedNotebook) -> bytes:
    return pack({"state": "graded", "result": asdict(graded)})


def result_of(about: Mapping[str, Any], task: Task, level: int) -> GradedNotebook:
    """The result that came back for a task, looked at closely; `level` is what the worker has proved."""
    told = about.get("result")
    names = {item.name for item in fields(GradedNotebook)}
    if not isinstance(told, dict) or set(told) != names:
        raise BadCargo("no result")
    result = GradedNotebook(**{**told, "level": level})
    if (result.student, result.notebook) != (task.student, task.notebook):
        raise BadCargo("the result of another notebook")
    good = isinstance(result.marks, dict) and all(mark is None or _is_mark(mark) for mark in result.marks.values())
    good = good and all(_is_texts(texts) for texts in (result.unanswered, result.notes, result.flags))
    good = good and all(text is None or isinstance(text, str) for text in (result.problem, result.content))
    if not good or not _is_mark(result.seconds) or result.missing:
        raise BadCargo("a result with something else in it than marks and texts")
    return result


def _is_mark(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value >= 0


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


# -- what both sides have to have in common -------------------------------------------------------------------------------


def fingerprint() -> dict[str, Any]:
    """What a mark depends on besides notebook, unit and key: the package, the exercises, Python and its packages."""
    return {"version": __version__, "program": _program(), "exercises": definitions(), "environment": environment()}


@cache
def _program() -> str:
    """A fingerprint of the code that grades."""
    folder = Path(__file__).resolve().parents[1]
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not IGNORED & set(path.parts))
    return _digest(file_digests(folder, [path.relative_to(folder) for path in paths]))


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """In which way a worker differs, for people; nothing if it does not.

    >>> differences({"version": "2", "environment": ["Python 3.12"]}, {"version": "1", "environment": ["Python 3.11"]})
    ["version '1' of the course's package instead of '2'", 'Python 3.11 instead of Python 3.12']
    """
    found = []
    if theirs.get("version") != ours["version"]:
        found.append(f"version {theirs.get('version')!r} of the course's package instead of {ours['version']!r}")
    elif theirs.get("program") != ours.get("program"):
        found.append("other code that grades, though it calls itself by the same version")
    if theirs.get("exercises") != ours.get("exercises"):
        found.append("other definitions of exercises, or other files named in DLKIT_EXERCISES")
    return found + _unlike(ours.get("environment", []), theirs.get("environment", []))


def _unlike(ours: list[str], theirs: Any) -> list[str]:
    if not isinstance(theirs, list) or len(theirs) != len(ours):
        return ["another list of packages"]
    return [f"{one} instead of {other}" for one, other in zip(theirs, ours, strict=True) if one != other]
