"""Where a course keeps its things, and how nbgrader is told about it.

A *home* holds what the author writes (``solutions/``) and what students open (``course/``). A *root* holds one class: its
``submitted/``, ``autograded/``, ``feedback/``, ``reports/`` and ``gradebook.db``. For an instructor both are the repository; a
demonstration has a root of its own.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dlkit.checking.cases import KEY_FILE

SOURCE, RELEASE = "solutions", "course"
STUB = 'raise NotImplementedError("Replace this line with your answer.")'
WRITTEN_STUB = "*Write your answer here, in place of this line.*"
TEMPLATES = Path(__file__).parent / "templates"


class CourseError(Exception):
    """Something about the course or its files is not as it has to be; the message says what, and what to do."""


@dataclass(frozen=True)
class Slot:
    """One graded cell of a unit: where it stands and what it is worth."""

    unit: str
    notebook: str
    grade_id: str
    points: float
    by_hand: bool
    heading: str = ""

    @property
    def stem(self) -> str:
        """``unit1-softmax`` for the grade cell ``unit1-softmax-check``."""
        return self.grade_id.removesuffix("-check")

    @property
    def key(self) -> str:
        """The key of the exercise, ``unit1.softmax``."""
        return self.stem.replace("-", ".", 1)


@dataclass(frozen=True)
class Course:
    """The folders of a course; see the top of this module."""

    home: Path
    root: Path

    @classmethod
    def at(cls, root: str | Path = ".", home: str | Path | None = None) -> Course:
        """The course whose class lives in `root`; its home is looked for there, above it, and around this package."""
        root = Path(root).resolve()
        if home is not None:
            places = [Path(home).resolve()]
        else:
            places = [root, *root.parents, Path(__file__).resolve().parents[2]]
        for place in places:
            if (place / SOURCE).is_dir():
                return cls(place, root)
        raise CourseError(f"found no folder {SOURCE}/ in {places[0]} or above it: run this in the folder of the course")

    @property
    def database(self) -> Path:
        """The file of the gradebook, if it is in a file."""
        return Path(self.database_url.removeprefix("sqlite:///")) if self.has_file else self.root / "gradebook.db"

    @property
    def has_file(self) -> bool:
        return self.database_url.startswith("sqlite:///")

    @property
    def database_url(self) -> str:
        """Where the gradebook is: what ``nbgrader_config.py`` of the class says, else ``gradebook.db`` in its folder."""
        return str(own_config(self.root).CourseDirectory.get("db_url") or f"sqlite:///{self.root / 'gradebook.db'}")

    @property
    def database_name(self) -> str:
        """The gradebook for people, without a password."""
        kind, _, rest = self.database_url.partition("://")
        return str(self.database) if kind == "sqlite" else f"{kind}://{rest.rpartition('@')[2]}"

    def units(self) -> list[str]:
        """Names of the units, in order."""
        found = [path.parent.name for path in (self.home / SOURCE).glob("*/*.ipynb")]
        return sorted(set(found))

    def check_unit(self, unit: str) -> None:
        """Raise :class:`CourseError` unless `unit` is one of the units, with a guess of what was meant."""
        units = self.units()
        if unit in units:
            return
        close = difflib.get_close_matches(unit, units, n=1, cutoff=0.4)
        meant = f" Did you mean {close[0]!r}?" if close else ""
        raise CourseError(f"there is no unit {unit!r}.{meant} The units are: {', '.join(units) or 'none'}")

    def notebooks(self, unit: str) -> list[str]:
        """Names (without ``.ipynb``) of the notebooks of a unit, in order."""
        return sorted(path.stem for path in (self.home / SOURCE / unit).glob("*.ipynb"))

    def slots(self, unit: str) -> list[Slot]:
        """The graded cells of a unit, in the order in which a student meets them."""
        found = []
        for notebook in self.notebooks(unit):
            heading = ""
            for cell in read_json(self.home / SOURCE / unit / f"{notebook}.ipynb")["cells"]:
                meta = cell["metadata"].get("nbgrader", {})
                markdown = cell["cell_type"] == "markdown"
                if meta.get("grade"):
                    by_hand = markdown or bool(meta.get("solution"))
                    found.append(Slot(unit, notebook, meta["grade_id"], float(meta["points"]), by_hand, heading))
                elif markdown:
                    headings = re.findall(r"(?m)^#+\s+(.+?)\s*$", re.sub(r"<[^>]*>", "", "".join(cell["source"])))
                    heading = headings[-1] if headings else heading
        return found

    def submitted(self, student: str, unit: str) -> Path:
        return self.root / "submitted" / student / unit

    def autograded(self, student: str, unit: str) -> Path:
        return self.root / "autograded" / student / unit

    def feedback(self, student: str, unit: str) -> Path:
        return self.root / "feedback" / student / unit

    def reports(self, unit: str) -> Path:
        return self.root / "reports" / unit

    def key_file(self) -> Path | None:
        """The course key's file, if there is one (``dlkit secret`` makes it)."""
        named = os.environ.get("DLKIT_COURSE_KEY_FILE")
        places = [Path(named)] if named else [self.root / KEY_FILE, self.home / KEY_FILE]
        return next((place.resolve() for place in places if place.is_file()), None)

    def config(self, **overrides: Any) -> Any:
        """nbgrader's configuration for this course, complete, with what ``nbgrader_config.py`` of the class adds to ours."""
        config = settings()
        config.merge(own_config(self.root))
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = self.database_url
        if self.home != self.root:
            config.CourseDirectory.source_directory = str(self.home / SOURCE)
        config.CourseDirectory.update(overrides)
        return config

    def nbgrader(self, **overrides: Any) -> Any:
        """nbgrader's Python interface to this course."""
        from nbgrader.apps import NbGraderAPI

        return NbGraderAPI(config=self.config(**overrides))


def settings() -> Any:
    """The settings of nbgrader that are the same wherever the course lives; ``nbgrader_config.py`` merges them.

    The lists of preprocessors are nbgrader's own, with ours between them: see :mod:`dlkit.grading.cells`.
    """
    import nbgrader
    from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
    from nbgrader import preprocessors as theirs
    from traitlets.config import Config

    from dlkit.grading import cells as ours
    from dlkit.grading.handed_in import repair
    from dlkit.grading.pages import names, safety
    from dlkit.grading.running import execute

    tools_on_path()
    config = Config()
    config.CourseDirectory.course_id = "dlkit"
    config.CourseDirectory.source_directory = SOURCE
    config.CourseDirectory.release_directory = RELEASE
    config.ClearSolutions.code_stub = {"python": STUB}
    config.ClearSolutions.text_stub = WRITTEN_STUB
    config.ClearOutput.remove_metadata_fields = {"collapsed", "scrolled", "execution", "ExecuteTime"}
    config.Autograde.exporter_class = repair.SalvagingExporter
    config.Autograde.pre_convert_hook = repair.find_renamed
    config.Autograde.post_convert_hook = names.tidy_autograded
    config.Autograde.sanitize_preprocessors = [
        repair.AlignCells,
        theirs.ClearOutput,
        theirs.DeduplicateIds,
        theirs.OverwriteKernelspec,
        theirs.OverwriteCells,
        theirs.CheckCellMetadata,
    ]
    config.Autograde.autograde_preprocessors = [
        execute.RunInSandbox,
        ClearMetadataPreprocessor,
        theirs.LimitOutput,
        theirs.SaveAutoGrades,
        theirs.AssignLatePenalties,
        theirs.CheckCellMetadata,
        safety.MakeSafe,
    ]
    config.GenerateFeedback.preprocessors = [
        ours.GetMarks,
        ours.HideTests,
        safety.MakeSafe,
        CSSHTMLHeaderPreprocessor,
    ]
    formgrader = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), str(formgrader)]
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {**safety.PAGE_FILTERS, "notebook_title": notebook_title}
    return config


def own_config(root: Path) -> Any:
    """What ``nbgrader_config.py`` in the folder of a class says."""
    path = root / "nbgrader_config.py"
    return _own_config(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=8)
def _own_config(path: Path, modified: int) -> Any:
    from traitlets.config import Config, PyFileConfigLoader

    if not modified:
        return Config()
    try:
        return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except Exception as error:
        raise CourseError(f"{path} cannot be used: {type(error).__name__}: {error}") from error


def unit_title(unit: str) -> str:
    """A unit's folder name for people.

    >>> unit_title("unit1_shallow_networks")
    'Unit 1: shallow networks'
    """
    number, _, words = unit.partition("_")
    return f"{re.sub(r'(?<=[a-z])(?=[0-9])', ' ', number).capitalize()}: {words.replace('_', ' ')}"


def notebook_title(notebook: str) -> str:
    """A notebook's file name for people.

    >>> notebook_title("7_multilayer_perceptron")
    '7 Multilayer perceptron'
    """
    number, _, words = notebook.partition("_")
    return f"{number} {words.replace('_', ' ').capitalize()}" if words else notebook


def tools_on_path() -> None:
    """Let programs installed beside this Python be found: nbgrader calls ``alembic`` when it makes a gradebook."""
    beside = str(Path(sys.executable).parent)
    folders = os.environ.get("PATH", "").split(os.pathsep)
    if beside not in folders:
        os.environ["PATH"] = os.pathsep.join([beside, *folders])


def run_nbgrader(outcome: dict[str, Any], doing: str) -> None:
    """Raise :class:`CourseError` with nbgrader's own words if one of its steps failed."""
    if outcome["success"]:
        return
    lines = [line for line in outcome.get("log", "").splitlines() if line.startswith(("[ERROR]", "[CRITICAL]"))]
    last = outcome.get("error", "").strip().splitlines()[-1:]
    raise CourseError(f"{doing} failed: " + " ".join(line.split("] ", 1)[-1] for line in lines[:3]) + " ".join(last))


def read_json(path: Path) -> Any:
    """The content of a JSON file of ours, read again only when it has changed."""
    stat = path.stat()
    return json.loads(_text(path, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=64)
def _text(path: Path, modified: int, size: int) -> str:
    return path.read_text(encoding="utf-8")
