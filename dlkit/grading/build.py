"""Make ``course/`` from ``solutions/``: what students open, without a line of any answer.

nbgrader does the work, in a temporary folder with a gradebook of its own; the result is searched for leaks and only then
put in place, so ``course/`` is never half built. The same sources give the same bytes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from dlkit.grading.cells import BEGIN_HIDDEN, END_HIDDEN
from dlkit.grading.course import RELEASE, SOURCE, STUB, Course, CourseError, read_json, run_nbgrader
from dlkit.grading.records.gradebook import ensure_gradebook

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
IGNORED = (".ipynb_checkpoints", "__pycache__", "*.pyc")
TELLING = 16  # a line shorter than this may be anybody's


def build_course(
    root: str | Path = ".", units: Iterable[str] | None = None, progress: Callable[[str], Any] | None = None
) -> list[Path]:
    """Build ``course/`` under `root` from ``solutions/``.

    Parameters
    ----------
    root : path
        The folder that holds ``solutions/``.
    units : names, optional
        Units to build; all by default, and then units that no longer have a source are removed.
    progress : callable, optional
        Called with one line of text for each unit.

    Returns
    -------
    list of Path
        The notebooks written.

    Raises
    ------
    CourseError
        If there is no such unit, a notebook breaks the rules of the course, or an answer would leak.
    """
    course = Course.at(root)
    wanted = list(units) if units is not None else course.units()
    if not wanted:
        raise CourseError(f"{course.home / SOURCE} holds no notebooks")
    written: list[Path] = []
    for unit in wanted:
        course.check_unit(unit)
        with tempfile.TemporaryDirectory(prefix="dlkit-build-") as folder:
            built = generate(course, unit, Path(folder))
            leaks = find_leaks(course, unit, built)
            if leaks:
                raise CourseError(f"{unit} would show answers:\n  " + "\n  ".join(leaks))
            target = course.home / RELEASE / unit
            _replace(built, target)
        written += sorted(target.glob("*.ipynb"))
        if progress:
            progress(f"{unit}: {len(course.notebooks(unit))} notebooks in {RELEASE}/{unit}, no answer found in them")
    if units is None:
        for stale in _stale_units(course):
            shutil.rmtree(stale)
    return written


def generate(course: Course, unit: str, folder: Path, database: Path | None = None) -> Path:
    """Run nbgrader's ``generate_assignment`` on a copy of one unit in `folder`, and return the folder it made.

    The graded cells are written to the gradebook `database`, by default one in `folder`; it is made if it is missing.
    """
    folder = folder.resolve()
    source = folder / SOURCE / unit
    if not source.exists():
        shutil.copytree(course.home / SOURCE / unit, source, ignore=shutil.ignore_patterns(*IGNORED))
        for path in source.glob("*.ipynb"):
            _tidy(path)
    database = database or folder / "gradebook.db"
    ensure_gradebook(database)
    private = Course(folder, folder).nbgrader(db_url=f"sqlite:///{database}")
    run_nbgrader(private.generate_assignment(unit, force=True, create=True), f"building {unit}")
    return folder / RELEASE / unit


def course_in_step(root: str | Path = ".") -> list[str]:
    """Differences between ``course/`` and a fresh build of ``solutions/``; an empty list if they are in step."""
    course = Course.at(root)
    different = [f"{RELEASE}/{path.name}: has no source" for path in _stale_units(course)]
    for unit in course.units():
        with tempfile.TemporaryDirectory(prefix="dlkit-build-") as folder:
            fresh, there = generate(course, unit, Path(folder)), course.home / RELEASE / unit
            ours, theirs = _files(fresh), _files(there)
            for name in sorted(ours.keys() | theirs.keys()):
                where = f"{RELEASE}/{unit}/{name}"
                if name not in theirs:
                    different.append(f"{where}: is missing")
                elif name not in ours:
                    different.append(f"{where}: does not come from {SOURCE}/")
                elif ours[name].read_bytes() != theirs[name].read_bytes():
                    different.append(f"{where}: differs from its source")
    return different


def find_leaks(course: Course, unit: str, built: Path) -> list[str]:
    """Answers and hidden tests of a unit that appear anywhere in the built files: sources, metadata, outputs, names.

    An answer leaks if its lines appear one after the other, or if one telling line of it does that the author does not show
    outside the answer.
    """
    found = []
    answers, shown = [], set()
    for notebook in course.notebooks(unit):
        for cell in read_json(course.home / SOURCE / unit / f"{notebook}.ipynb")["cells"]:
            secret, visible = split_source("".join(cell["source"]), cell)
            shown.update(_lines(visible))
            answers += [(notebook, cell, lines) for lines in map(_lines, secret) if lines]
    key = course.key_file()
    key_text = key.read_text().strip() if key else None
    for name, path in _files(built).items():
        texts = list(_strings(path))
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
                found.append(f"{name}: a cell has outputs")
        if key_text and any(key_text in text for text in texts):
            found.append(f"{name}: holds the course key")
        if any(mark in text for text in texts for mark in ("BEGIN HIDDEN", "END HIDDEN", "import grade as check")):
            found.append(f"{name}: holds hidden tests")
        tidied = [_lines(text) for text in texts]
        joined = ["\n".join(lines) for lines in tidied]
        lines_there = {line for lines in tidied for line in lines}
        for notebook, cell, lines in answers:
            whole = "\n".join(lines)
            where = cell["metadata"].get("nbgrader", {}).get("grade_id", "a cell")
            if len(whole) >= 8 and any(f"\n{whole}\n" in f"\n{text}\n" for text in joined):
                found.append(f"{name}: holds the whole answer of {where} in {notebook}")
                continue
            for line in lines:
                if len(line) >= TELLING and line not in shown and line in lines_there:
                    found.append(f"{name}: holds a line of the answer of {where} in {notebook}: {line}")
    return found


def split_source(source: str, cell: dict[str, Any]) -> tuple[list[str], str]:
    """The secret regions of a cell of ``solutions/`` (answers, hidden tests) and the text that students see."""
    meta = cell["metadata"].get("nbgrader", {})
    if meta.get("solution") and BEGIN_SOLUTION not in source:
        return [source], ""
    secret: list[list[str]] = []
    visible, inside = [], False
    for line in source.split("\n"):
        if BEGIN_SOLUTION in line or BEGIN_HIDDEN in line:
            inside = True
            secret.append([])
        elif END_SOLUTION in line or END_HIDDEN in line:
            inside = False
        elif inside:
            secret[-1].append(line)
        else:
            visible.append(line)
    return ["\n".join(lines) for lines in secret], "\n".join(visible)


def _lines(text: str) -> list[str]:
    """Lines of a text with spaces squeezed, without empty ones, comments, and the stub."""
    squeezed = (re.sub(r"\s+", " ", line).strip() for line in text.split("\n"))
    return [line for line in squeezed if line and not line.startswith("#") and line not in (STUB, "pass")]


def _strings(path: Path) -> Iterator[str]:
    """Every text in a file: for a notebook, all strings at any depth, keys included."""
    if path.suffix != ".ipynb":
        yield path.name
        yield path.read_bytes().decode("utf-8", errors="replace")
        return

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            if value and all(isinstance(item, str) for item in value):
                yield "".join(value)
            else:
                for item in value:
                    yield from walk(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield str(key)
                yield from walk(item)

    yield from walk(json.loads(path.read_text(encoding="utf-8")))


def _tidy(path: Path) -> None:
    """Check that a notebook has stable ids, and drop what differs from one run or machine to the next."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    without = [index for index, cell in enumerate(notebook["cells"]) if not cell.get("id")]
    if without:
        raise CourseError(f"{path.name}: cells {without} have no id, so two builds would differ; save it with nbformat 4.5")
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        **{name: value for name, value in notebook["metadata"].items() if name.startswith("dlkit")},
    }
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _files(folder: Path) -> dict[str, Path]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(folder).as_posix(): path for path in sorted(files)}


def _stale_units(course: Course) -> list[Path]:
    units = course.units()
    folders = (path for path in (course.home / RELEASE).glob("*") if path.is_dir() and any(path.glob("*.ipynb")))
    return sorted(path for path in folders if path.name not in units)


def _replace(new: Path, target: Path) -> None:
    """Put a folder in the place of another, leaving files alone that stay the same."""
    target.mkdir(parents=True, exist_ok=True)
    fresh, old = _files(new), _files(target)
    for name in old.keys() - fresh.keys():
        old[name].unlink()
    for name, path in fresh.items():
        there = target / name
        if there.exists() and there.read_bytes() == path.read_bytes():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        partial = there.with_name(there.name + ".part")
        shutil.copyfile(path, partial)
        os.replace(partial, there)
