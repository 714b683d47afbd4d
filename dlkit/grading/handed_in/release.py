"""What was handed out: the cells of a released notebook, with which a submitted one is compared.

A release comes from ``solutions/``, in memory and through nbgrader's own preprocessors, or from the gradebook into which
``nbgrader generate_assignment`` wrote it. Both know the same graded cells; the cells around them are known from
``solutions/`` alone.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import nbformat

from dlkit.grading.course import SOURCE, Course, CourseError, settings

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
MOST_CODE = 100_000  # signs of a cell
FLAGS = ("grade", "solution", "locked")
DEFINITION = re.compile(r"(?m)^(?:async[ \t]+def|def|class)[ \t]+(\w+)")
ASSIGNMENT = re.compile(r"(?m)^([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)")


@dataclass(frozen=True)
class ReleasedCell:
    """One cell as students got it.

    ``given`` is the source that students see, ``source`` the one that is graded with: the instructor's, hidden tests
    included, for a locked cell. Cells without a `grade_id` are not graded.
    """

    id: str
    cell_type: str
    given: str
    source: str
    grade_id: str = ""
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    points: float | None = None
    checksum: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fixed(self) -> bool:
        """Whether its source is the instructor's, whatever a student makes of it."""
        return bool(self.grade_id) and not self.solution and (self.locked or self.grade)

    @cached_property
    def names(self) -> frozenset[str]:
        """Functions, classes and variables that an answer here has to define."""
        return defined(self.given) if self.solution and self.cell_type == "code" else frozenset()

    def nbgrader(self) -> dict[str, Any]:
        """nbgrader's metadata of this cell."""
        data = {
            "grade_id": self.grade_id, "grade": self.grade, "solution": self.solution, "locked": self.locked,
            "task": self.task, "schema_version": 3, "cell_type": self.cell_type,
        }  # fmt: skip
        if self.points is not None:
            data["points"] = self.points
        if self.checksum is not None:
            data["checksum"] = self.checksum
        return data


@dataclass(frozen=True)
class Release:
    """The released version of one notebook. ``whole`` says whether cells that are not graded are among its cells."""

    unit: str
    notebook: str
    cells: tuple[ReleasedCell, ...]
    kernelspec: Mapping[str, Any]
    whole: bool = True

    @classmethod
    def of(cls, course: Course, unit: str, notebook: str) -> Release:
        """The release of a notebook in ``solutions/``; it is not computed again while the file has the same content."""
        path = course.home / SOURCE / unit / f"{notebook}.ipynb"
        try:
            return _from_source(path.read_bytes(), unit, notebook)
        except FileNotFoundError:
            raise CourseError(f"there is no notebook {notebook!r} in {SOURCE}/{unit}") from None

    @classmethod
    def from_gradebook(cls, db_url: str, unit: str, notebook: str, source: Path | None = None) -> Release:
        """The release as the gradebook has it; :class:`CourseError` if it does not know the notebook.

        If the file `source` (of ``solutions/``) has the same graded cells, its other cells complete the release.
        """
        cells, kernelspec = _rows(db_url, unit, notebook)
        if source is not None and source.is_file():
            around = _from_source(source.read_bytes(), unit, notebook)
            if {cell.grade_id for cell in around.slots} == cells.keys():
                merged = tuple(
                    _with(cell, cells[cell.grade_id]) if cell.grade_id else cell for cell in around.cells
                )  # fmt: skip
                return cls(unit, notebook, merged, kernelspec)
        return cls(unit, notebook, tuple(cells.values()), kernelspec, whole=False)

    @cached_property
    def slots(self) -> tuple[ReleasedCell, ...]:
        """The cells that nbgrader knows: graded ones, answers, and those that students may not change."""
        return tuple(cell for cell in self.cells if cell.grade_id)

    @cached_property
    def plain_ids(self) -> frozenset[str]:
        """Ids of the cells that are not graded."""
        return frozenset(cell.id for cell in self.cells if cell.id and not cell.grade_id)

    @cached_property
    def plain_texts(self) -> frozenset[str]:
        """What the cells say that are not graded."""
        return frozenset(plain(cell.given) for cell in self.cells if not cell.grade_id)

    @cached_property
    def by_grade_id(self) -> dict[str, ReleasedCell]:
        return {cell.grade_id: cell for cell in self.slots}

    @cached_property
    def answer_of(self) -> dict[str, tuple[str, ...]]:
        """For each locked grade cell the answers that it judges: the one of its name, else those since the last one."""
        found: dict[str, tuple[str, ...]] = {}
        since: list[str] = []
        for cell in self.slots:
            if cell.solution and not cell.grade:
                since.append(cell.grade_id)
            elif cell.grade and cell.fixed:
                stem = cell.grade_id.removesuffix("-check")
                named = stem in self.by_grade_id and stem != cell.grade_id
                found[cell.grade_id] = (stem,) if named else tuple(since)
                since = []
        return found


@lru_cache(maxsize=1024)
def defined(source: str) -> frozenset[str]:
    """Names that code defines at its top level: functions, classes and variables; also of code that does not compile.

    >>> sorted(defined("import math\\ndef f(x):\\n    y = 1\\nlimit: float = 3"))
    ['f', 'limit']
    >>> sorted(defined("def f(x:\\n    return 1"))
    ['f']
    """
    tree = syntax_tree(source)
    if tree is None:
        return frozenset(DEFINITION.findall(source)) | frozenset(ASSIGNMENT.findall(source))
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name))
    return frozenset(names)


def syntax_tree(source: str) -> ast.Module | None:
    """The syntax tree of code, or ``None`` if it does not compile or is so long that nobody has written it."""
    if len(source) > MOST_CODE:
        return None
    try:
        return ast.parse(_runnable(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _runnable(source: str) -> str:
    """Code without IPython's own lines (``%magic``, ``!command``), so that Python can read the rest."""
    lines = source.split("\n")
    if lines and lines[0].startswith("%%"):
        return ""
    return "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines)


def plain(text: str) -> str:
    """A source without spaces at the ends of its lines, or empty lines at its own ends."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def stable_id(grade_id: str) -> str:
    """The id that a cell of this course has, if it was made from its text (see :mod:`dlkit.grading.weave`)."""
    return hashlib.sha256(grade_id.encode()).hexdigest()[:8]


@lru_cache(maxsize=64)
def _from_source(data: bytes, unit: str, notebook: str) -> Release:
    from nbgrader import preprocessors as theirs

    config, resources = settings(), {"nbgrader": {}}
    given = nbformat.reads(data.decode("utf-8"), as_version=4)
    given.metadata["kernelspec"] = nbformat.from_dict(KERNEL)
    for step in (theirs.LockCells, theirs.ClearSolutions, theirs.ClearOutput, theirs.ComputeChecksums):
        given, resources = step(config=config).preprocess(given, resources)
    sources = [(cell.source, cell.metadata.get("nbgrader", {}).get("checksum")) for cell in given.cells]
    for step in (theirs.ClearHiddenTests, theirs.ClearMarkScheme):
        given, resources = step(config=config).preprocess(given, resources)
    cells = []
    for cell, (source, checksum) in zip(given.cells, sources, strict=True):
        meta = cell.metadata.pop("nbgrader", {})
        known = any(meta.get(name) for name in (*FLAGS, "task"))
        about: dict[str, Any] = {}
        if known:
            about = {name: bool(meta.get(name)) for name in (*FLAGS, "task")}
            about.update(grade_id=meta["grade_id"], points=meta.get("points"), checksum=checksum)
        about["metadata"] = dict(cell.metadata)
        cells.append(ReleasedCell(cell.get("id", ""), cell.cell_type, cell.source, source, **about))
    return Release(unit, notebook, tuple(cells), KERNEL)


def _rows(db_url: str, unit: str, notebook: str) -> tuple[dict[str, ReleasedCell], Mapping[str, Any]]:
    from nbgrader.api import Gradebook, MissingEntry

    from dlkit.grading.cells import without_hidden

    with Gradebook(db_url) as book:
        try:
            found = book.find_notebook(notebook, unit)
        except MissingEntry:
            raise CourseError(f"the gradebook knows no notebook {notebook!r} of {unit}: generate it first") from None
        grades = {cell.name: cell.max_score for cell in found.grade_cells}
        tasks = {cell.name: cell.max_score for cell in found.task_cells}
        solutions = {cell.name for cell in found.solution_cells}
        kernelspec = json.loads(found.kernelspec) if found.kernelspec else KERNEL
        cells = {}
        for row in found.source_cells:
            points = grades.get(row.name, tasks.get(row.name))
            cells[row.name] = ReleasedCell(
                stable_id(row.name), row.cell_type, without_hidden(row.source), row.source, row.name, row.name in grades,
                row.name in solutions, bool(row.locked), row.name in tasks,
                int(points) if isinstance(points, float) and points.is_integer() else points, row.checksum,
            )  # fmt: skip
    return cells, kernelspec


def _with(cell: ReleasedCell, row: ReleasedCell) -> ReleasedCell:
    """A cell of ``solutions/`` as the gradebook has it."""
    return ReleasedCell(
        cell.id, row.cell_type, row.given, row.source, row.grade_id, row.grade, row.solution, row.locked, row.task, row.points,
        row.checksum, cell.metadata,
    )  # fmt: skip
