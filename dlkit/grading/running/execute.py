"""Runs notebooks for nbgrader's own commands: the preprocessor that takes the place of its ``Execute``.

``nbgrader autograde`` and the formgrader's button so use the same sandbox and the same judge as ``dlkit grade``. The session
(proof, stage, template) is opened with the first notebook of a unit and closed when the process ends.
"""

from __future__ import annotations

import atexit
import hashlib
import os
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from traitlets import Float, Integer

from dlkit.grading.cells import Done, Step, note
from dlkit.grading.course import SOURCE, Course
from dlkit.grading.handed_in.reading import copy_extras
from dlkit.grading.running.runner import NotebookRun
from dlkit.grading.running.session import CELL_SECONDS, Session
from dlkit.grading.sandbox import required

_sessions: dict[tuple[Path, str], Session] = {}


def seed_of(*what: str) -> int:
    """The seed of a notebook's random numbers: the same whenever it is graded.

    >>> seed_of("ada", "unit1", "1_neurons") == seed_of("ada", "unit1", "1_neurons")
    True
    """
    return int.from_bytes(hashlib.sha256("\0".join(what).encode("utf-8", "surrogatepass")).digest()[:4], "big")


class RunInSandbox(Step):
    """Fills in the outputs of a sanitised notebook; it never fails because of what the notebook does."""

    require = Integer(2, help="The least level of the sandbox under which other people's notebooks are run").tag(config=True)
    timeout = Float(CELL_SECONDS, help="Seconds that one cell may take").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Done:
        where, folder = resources["nbgrader"], Path(resources["metadata"]["path"]).resolve()
        session = session_for(self._course(), where["assignment"], self.require, self.timeout)
        seed = seed_of(where["student"], where["assignment"], where["notebook"])
        ran = NotebookRun(session.setting, nb, where["notebook"], lambda box: copy_extras(folder, box), seed).run()
        for text in [*ran.notes, *ran.flags]:
            note(resources, text)
            self.log.warning("%s: %s", where["notebook"], text)
        return nb, resources


    def _course(self) -> Course:
        """The course whose class nbgrader is at work in."""
        where = self.config.CourseDirectory
        root = Path(where.get("root") or Path.cwd())  # nbgrader goes there while it converts notebooks
        home = Path(root, where.get("source_directory") or SOURCE).parent
        return Course.at(root, home if (home / SOURCE).is_dir() else None)


def session_for(course: Course, unit: str, require: int, cell_seconds: float) -> Session:
    """The session of this process for a unit, opened if it is not."""
    key = (course.root, unit)
    if key not in _sessions:
        session = Session(course, unit, cell_seconds=cell_seconds)
        required(session.proof, require)
        _sessions[key] = session.__enter__()
        owner = os.getpid()
        atexit.register(lambda: session.__exit__(None, None, None) if os.getpid() == owner else None)
    return _sessions[key]
