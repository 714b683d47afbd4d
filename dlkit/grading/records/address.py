"""The address of a graded notebook: a fingerprint of all that its marks depend on. The same address, the same marks."""

from __future__ import annotations

import hashlib
import hmac
import importlib.metadata
import json
import os
import platform
import stat
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from dlkit.exercises import MORE
from dlkit.grading.course import SOURCE, Course
from dlkit.grading.handed_in.reading import extras
from dlkit.grading.handed_in.release import Release
from dlkit.grading.records.sheet import Cell, Notebook
from dlkit.grading.running.worker import Task

FORMAT = 1  # a new number has everything graded anew
DEFINITIONS = ("exercises", "checking", "numpy", "torch", "data")
PACKAGES = ("numpy", "torch", "matplotlib", "scikit-learn", "ipython", "nbgrader", "nbconvert", "nbformat")
IGNORED = {"__pycache__"}


def read_unit(course: Course, unit: str) -> dict[str, Notebook]:
    """The notebooks of a unit as ``solutions/`` has them now, with their cells as nbgrader knows them."""
    found = {}
    for name in course.notebooks(unit):
        release = Release.of(course, unit, name)
        cells, sources = [], []
        for cell in release.slots:
            points = {"max_score": float(cell.points or 0.0), "cell_type": cell.cell_type}
            if cell.grade:
                cells.append(Cell(cell.grade_id, "GradeCell", **points))
            if cell.solution:
                cells.append(Cell(cell.grade_id, "SolutionCell"))
            if cell.task:
                cells.append(Cell(cell.grade_id, "TaskCell", **points))
            sources.append((cell.grade_id, cell.cell_type, cell.locked, cell.source, cell.checksum))
        cells.sort(key=lambda cell: (cell.name, cell.kind))
        found[name] = Notebook(name, json.dumps(dict(release.kernelspec)), tuple(cells), tuple(sorted(sources)))
    return found


class Addresses:
    """Addresses for the notebooks of one unit; what they have in common is reckoned once.

    Parameters
    ----------
    course, unit
        Whose exercises and key count.
    cell_timeout : int, optional
        Seconds that a cell may take, if that is not as usual.
    """

    def __init__(self, course: Course, unit: str, cell_timeout: int | None = None) -> None:
        self._source = course.home / SOURCE / unit
        beside = file_digests(self._source, extras(self._source))
        self._common = {
            "the exercises": definitions(), "the environment": environment(), "the course key": key_fingerprint(course),
            "the time limit": cell_timeout, "the files beside the notebooks": beside,
        }  # fmt: skip
        self._unit = unit
        self._solved: dict[str, str] = {}

    def of(self, task: Task) -> tuple[str, dict[str, str]]:
        """The address of a notebook that was handed in, and what it is made of, each in short and with a name for people."""
        solved = self._solved.get(task.notebook)
        if solved is None:
            solved = self._solved[task.notebook] = file_digest(self._source / f"{task.notebook}.ipynb")
        handed_in = [file_digest(task.file), task.file.name, file_digests(task.file.parent, task.extras)]
        parts = {**self._common, "the released notebook": solved, "what was handed in": handed_in}
        made_of = {name: _digest(value)[:8] for name, value in parts.items()}
        return _digest([FORMAT, self._unit, task.student, task.notebook, parts]), made_of


def file_digest(path: Path) -> str:
    """A digest of the content of a file; of what it is instead, if it is no plain file. Links are not followed."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return "not a file"
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    except OSError as error:
        return f"cannot be read: {type(error).__name__}"
    return digest.hexdigest()


def file_digests(folder: Path, names: Iterable[Path]) -> list[tuple[str, str]]:
    return [(name.as_posix(), file_digest(folder / name)) for name in sorted(names)]


def definitions() -> str:
    """A fingerprint of all code and data that exercises and their verdicts are made of, an instructor's own included."""
    return _definitions(os.environ.get(MORE, ""))


@cache
def _definitions(more: str) -> str:
    package = Path(__file__).resolve().parents[2]
    paths = [path for part in DEFINITIONS for path in sorted((package / part).rglob("*")) if path.is_file()]
    own = [file_digest(Path(path)) for path in filter(None, more.split(os.pathsep))]
    ours = (path.relative_to(package) for path in paths if not IGNORED & set(path.parts))
    return _digest([file_digests(package, ours), own])


@cache
def environment() -> list[str]:
    """What notebooks run on: Python, the system, and versions of the packages that matter."""
    found = [f"Python {platform.python_version()}", platform.system(), platform.machine()]
    for name in PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"no {name}")
    return found


def key_fingerprint(course: Course) -> str:
    """Tells one course key from another, and nothing about either."""
    path = course.key_file()
    if path is None:
        return "no key"
    return hmac.new(path.read_bytes().strip(), b"fingerprint for the journal", hashlib.sha256).hexdigest()[:16]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
