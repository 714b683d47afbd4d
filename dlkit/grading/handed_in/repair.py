"""Salvage for nbgrader's own commands: ``nbgrader autograde`` and the formgrader's button read repaired copies.

:func:`dlkit.grading.course.settings` plugs these in. The copies and a log lie in ``salvaged/<student>/<unit>/``; what was
handed in is never changed.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry

from dlkit.grading.cells import Done, Step, note
from dlkit.grading.course import CourseError
from dlkit.grading.handed_in.align import align
from dlkit.grading.handed_in.reading import Unreadable, readable
from dlkit.grading.handed_in.release import Release
from dlkit.grading.handed_in.salvage import Salvaged, salvaged
from dlkit.grading.handed_in.submissions import choose_files
from dlkit.grading.handed_in.submitted_cell import Cell

FOLDER, LOG = "salvaged", "repairs.txt"


def write_salvaged(root: Path, student: str, unit: str, notebook: str, result: Salvaged) -> Path | None:
    """Write the repaired copy of a notebook and what was repaired; nothing, if there was nothing to repair.

    Returns the copy. What an earlier call has written for this notebook is replaced.
    """
    folder = root / FOLDER / student / unit
    copy, log = folder / f"{notebook}.ipynb", folder / LOG
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    others = [line for line in lines if not line.startswith(f"{notebook}.ipynb: ")]
    mine = [f"{notebook}.ipynb: {readable(text)}" for text in result.notes]
    if mine:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(copy, nbformat.writes(result.notebook) + "\n")
    else:
        copy.unlink(missing_ok=True)
    if sorted(lines) != sorted(others + mine):
        _replace(log, "".join(f"{line}\n" for line in sorted(others) + mine))
    return copy if mine else None


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".part")
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, path)


class AlignCells(Step):
    """Lay a submitted notebook beside the released one: what was deleted, changed or mixed up is set right, and noted."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> Done:
        try:
            release = _release(resources)
        except CourseError:
            return nb, resources  # nbgrader says what it thinks of a notebook that it does not know
        notebook, notes = align([Cell.of(cell) for cell in nb.cells], release)
        for text in notes:
            note(resources, text)
        return notebook, resources


def _release(resources: dict[str, Any]) -> Release:
    given = resources.get("dlkit", {}).get("release")
    if given is not None:
        return given
    where = resources["nbgrader"]
    return Release.from_gradebook(where["db_url"], where["assignment"], where["notebook"])


class SalvagingExporter(NotebookExporter):
    """Reads what was handed in as ``dlkit grade`` does, and everything else as nbgrader does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._looked_at: tuple[Path | None, Any] = (None, None)
        self._known: dict[str, dict[str, Release]] = {}
        if getattr(self.parent, "pre_convert_hook", None) is find_renamed:  # nbgrader does not tell it which course it is
            self.parent.pre_convert_hook = partial(find_renamed, releases=self._releases)

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> tuple[Any, Any]:
        if not getattr(self.parent, "_sanitizing", False) or "nbgrader" not in (resources or {}):
            return super().from_filename(filename, resources=resources, **options)
        where, course = resources["nbgrader"], self.parent.coursedir
        releases = self._releases(where["assignment"])
        release, wanted = releases[where["notebook"]], Path(filename)
        if self._looked_at[0] != wanted.parent:
            self._looked_at = (wanted.parent, choose_files(wanted.parent, releases))
        chosen, notes = self._looked_at[1]
        file = chosen.get(where["notebook"], wanted)
        try:
            result = salvaged(file, release)
        except Unreadable as error:
            raise Unreadable(f"{readable(file.name)} {error}") from None
        result.notes[:0] = [text for text in notes if text.startswith(readable(file.name)) or wanted.name in text]
        for text in result.notes:
            self.log.warning("%s: %s", filename, text)
            note(resources, text)
        resources.setdefault("dlkit", {})["release"] = release
        resources.setdefault("metadata", {}).update(name=where["notebook"], path=str(wanted.parent))
        write_salvaged(Path(course.root), where["student"], where["assignment"], where["notebook"], result)
        return self.from_notebook_node(result.notebook, resources=resources, **options)

    def _releases(self, unit: str) -> dict[str, Release]:
        """What was handed out, of all notebooks of a unit; it stays the same while nbgrader's command runs."""
        course = self.parent.coursedir
        if unit not in self._known:
            with Gradebook(course.db_url) as book:
                try:
                    names = sorted(notebook.name for notebook in book.find_assignment(unit).notebooks)
                except MissingEntry:
                    names = []
            folder = Path(course.format_path(course.source_directory, ".", unit))
            self._known[unit] = {
                name: Release.from_gradebook(course.db_url, unit, name, folder / f"{name}.ipynb") for name in names
            }  # fmt: skip
        return self._known[unit]


def find_renamed(assignment: str, student: str, notebooks: list[str], releases: Any = None) -> None:
    """nbgrader's ``pre_convert_hook``: put notebooks that were handed in under another name on its list.

    The list is changed in place; :class:`SalvagingExporter` reads each notebook from the file that holds it.
    """
    if notebooks and releases is not None:
        folder = Path(notebooks[0]).parent
        chosen, _ = choose_files(folder, releases(folder.name))
        notebooks[:] = sorted({str(folder / f"{name}.ipynb") for name in chosen} or notebooks)
