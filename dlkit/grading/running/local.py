"""Grading on this machine: what is started once for a run, and the processes that use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dlkit.grading.course import Course
from dlkit.grading.running import worker
from dlkit.grading.running.crew import Crew, Processes, warm_up
from dlkit.grading.running.session import CELL_SECONDS, Session
from dlkit.grading.sandbox import Proof


@contextmanager
def local_crew(
    course: Course, unit: str, jobs: int, cell_timeout: int | None = None, proof: Proof | None = None
) -> Iterator[Crew]:
    """Processes that grade notebooks of a unit on this machine, `jobs` at the same time."""
    warm_up()
    with Session(course, unit, proof, cell_seconds=cell_timeout or CELL_SECONDS) as session:
        yield Processes(worker.Duty(course, session.setting), jobs)
