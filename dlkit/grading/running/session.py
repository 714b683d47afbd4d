"""What is set up once per run of grading, and taken down at its end: the proved sandbox, the stage, and the template."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType

from dlkit.grading.course import Course
from dlkit.grading.running.host import CAN_FORK, Template
from dlkit.grading.running.preload import course_modules, known_cells, modules_for
from dlkit.grading.running.stage import PACKAGE, Stage, asked_functions, exposed, keys_of
from dlkit.grading.sandbox import Policy, Proof, prove, runtime_paths

CELL_SECONDS = 30.0
BUDGET_SECONDS = 60.0  # the least that a notebook may take in all; three times what the solved one took, if that is more


@dataclass(frozen=True)
class Setting:
    """What the notebooks of a run share; it travels to the workers."""

    level: int
    base: Path
    notebooks: Path
    readable: tuple[str, ...]
    hidden: tuple[str, ...]
    library: Mapping[str, str]
    secret: bytes | None
    requests: socket.socket | None
    modules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cell_seconds: float = CELL_SECONDS
    budget: float = BUDGET_SECONDS

    def packages(self, notebook: str) -> Path:
        """The folder that the child puts before the others of the package."""
        return self.notebooks / notebook

    def cells(self, notebook: str) -> Path:
        """The file with the cells that the template reads beforehand."""
        return self.notebooks.with_name("cells") / f"{notebook}.json"

    def policy(self, notebook: str, folder: str) -> Policy:
        """What the child of a notebook may do."""
        readable = (*self.readable, str(self.base), str(self.packages(notebook)))
        return Policy(level=self.level, folder=folder, readable=readable, hidden=self.hidden)


class Session:
    """Use it in a ``with`` block; :attr:`setting` is for the workers.

    Parameters
    ----------
    course : Course
        Whose notebooks are run.
    unit : str
        The unit.
    proof : Proof, optional
        What :func:`dlkit.grading.sandbox.prove` found; asked anew otherwise.
    fork : bool
        Fork children from a template where that is possible; else each is started cold.
    """

    def __init__(self, course: Course, unit: str, proof: Proof | None = None, *, level: int | None = None, fork: bool = True,
                 cell_seconds: float = CELL_SECONDS) -> None:  # fmt: skip
        self._course, self._unit, self._cell_seconds = course, unit, cell_seconds
        self._proof, self._level = proof, level
        self._fork = fork and CAN_FORK
        self._template: Template | None = None

    @cached_property
    def proof(self) -> Proof:
        """What the sandbox has been proved to be."""
        return self._proof or prove()

    @property
    def level(self) -> int:
        """The level of the sandbox in which notebooks run."""
        return self.proof.level if self._level is None else self._level

    def __enter__(self) -> Session:
        self._folder = tempfile.TemporaryDirectory(prefix="dlkit-run-", ignore_cleanup_errors=True)
        try:
            self._set_up()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _set_up(self) -> None:
        course, unit = self._course, self._unit
        folder = Path(self._folder.name).resolve()
        folder.chmod(0o711)  # a child under another name has to get to its stage; nothing here is secret
        names = course.notebooks(unit)
        stage = Stage(folder / "stage")
        if self._fork:
            modules = folder / "modules.txt"
            modules.write_text("\n".join(modules_for(course, unit)), encoding="utf-8")
            self._template = Template(stage.base, modules, folder)
        # The template takes seconds to start. All that follows is done meanwhile.
        asked = {name: asked_functions(keys_of(course, unit, name)) for name in names}
        for name in names:
            stage.of(name, asked[name])
            stage.cells(name, known_cells(course, unit, name))
        key, readable = course.key_file(), tuple(runtime_paths())
        self.setting = Setting(
            self.level, stage.base, stage.folder / "notebooks", readable, self._private(key, readable), exposed(asked.values()),
            key.read_bytes().strip() if key else None, self._template.requests if self._template else None,
            {name: course_modules(course, unit, name) for name in names}, self._cell_seconds,
        )  # fmt: skip
        if self._template:
            self._template.wait()

    def _private(self, key: Path | None, readable: Sequence[str]) -> tuple[str, ...]:
        """Paths that no child may read, should they lie below something that it may."""
        paths = {path.resolve() for path in (PACKAGE, self._course.home, self._course.root, *([key] if key else []))}
        above = {place for path in readable for place in (Path(path), *Path(path).parents)}
        return tuple(sorted(str(path) for path in paths if path not in above))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._template:
            self._template.close()
            self._template = None
        self._folder.cleanup()


def box_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for one notebook to run in."""
    return tempfile.TemporaryDirectory(prefix="dlkit-box-", ignore_cleanup_errors=True)


def cores() -> int:
    """How many notebooks to run at once, if nobody says."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
