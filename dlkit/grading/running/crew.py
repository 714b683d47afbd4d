"""Who grades notebooks: processes on this machine. Each takes one notebook after the other and knows no gradebook."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import connection, forkserver
from typing import Any, Protocol

from dlkit import exercises
from dlkit.grading.course import Course
from dlkit.grading.handed_in.reading import readable
from dlkit.grading.results import GradedNotebook
from dlkit.grading.running import worker
from dlkit.grading.running.worker import Task

DIED = "{} could not be graded: the process that graded it died, twice"


class Crew(Protocol):
    """Grades notebooks, in any order. It asks for the next task when it has room for it, so only a few are under way."""

    def grade(self, tasks: Iterable[Task]) -> Iterator[GradedNotebook]: ...


CrewMaker = Callable[[Course, str, int, "int | None"], AbstractContextManager[Crew]]


class LazyCrew:
    """A crew that is not called in before there is something to do."""

    def __init__(self, stack: ExitStack, make: Callable[[], AbstractContextManager[Crew]]) -> None:
        self._stack, self._make = stack, make

    def grade(self, tasks: Iterator[Task]) -> Iterator[GradedNotebook]:
        first = next(tasks, None)
        if first is None:
            return
        crew = self._stack.enter_context(self._make())
        yield from crew.grade(_chain(first, tasks))


def _chain(first: Task, rest: Iterator[Task]) -> Iterator[Task]:
    yield first
    yield from rest


class Processes:
    """`jobs` processes on this machine.

    If one dies, the notebooks then under way are tried again, one at a time, so that only the culprit is lost.

    Parameters
    ----------
    setting
        Given to each process once, as it starts.
    jobs : int
        Notebooks graded at the same time.
    start, work : callable
        What a process does with the setting, and with each task. Both are found by their names in the new process.
    """

    def __init__(
        self, setting: Any, jobs: int, start: Callable[[Any], Any] = worker.start,
        work: Callable[[Task], GradedNotebook] = worker.grade,
    ) -> None:  # fmt: skip
        self.setting, self.jobs, self._start, self._work = setting, max(1, jobs), start, work

    def grade(self, tasks: Iterable[Task]) -> Iterator[GradedNotebook]:
        coming = iter(tasks)
        again: deque[Task] = deque()  # taken, but not begun when a process died
        while first := again.popleft() if again else next(coming, None):
            again.append(first)
            suspects = []
            for task, graded in self._until_broken(coming, again, self.jobs):
                if graded is None:
                    suspects.append(task)
                else:
                    yield graded
            for task in suspects:
                yield self._alone(task)

    def _alone(self, task: Task) -> GradedNotebook:
        for _ in range(2):  # it may have been waiting, not running, when the process died
            for _, graded in self._until_broken(iter([]), deque([task]), 1):
                if graded is not None:
                    return graded
        return given_up(task)

    def _until_broken(
        self, coming: Iterator[Task], again: deque[Task], jobs: int
    ) -> Iterator[tuple[Task, GradedNotebook | None]]:
        """Grade until no task is left or a process has died; ``None`` for those under way when it did."""
        running: dict[Future, Task] = {}
        broken = False
        pool = ProcessPoolExecutor(jobs, context(), begin, (self._start, self.setting))
        try:
            while not broken:
                while len(running) < 2 * jobs:  # more than there are processes, so that none waits for us
                    task = again.popleft() if again else next(coming, None)
                    if task is None:
                        break
                    try:
                        running[pool.submit(self._work, task)] = task
                    except BrokenProcessPool:
                        again.appendleft(task)
                        broken = True
                        break
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    error = future.exception()
                    if error is not None and not isinstance(error, BrokenProcessPool):
                        raise error
                    broken = broken or error is not None
                    yield task, None if error else future.result()
            for future, task in running.items():
                yield task, None if future.exception() else future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def given_up(task: Task) -> GradedNotebook:
    """What is left of a notebook with which two processes died."""
    why = DIED.format(readable(task.file.name))
    return GradedNotebook(task.student, task.notebook, problem=why, content=worker.placeholder(why))


def context() -> Any:
    """How processes are started: forked from a server that has imported what they need, where there is such a thing."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["dlkit.grading.running.worker", *(f"dlkit.exercises.{unit}" for unit in exercises.UNITS)])
    return server


def warm_up() -> None:
    """Start importing what processes will need, in the background."""
    if context().get_start_method() == "forkserver":
        forkserver.ensure_running()


def begin(start: Callable[[Any], Any], setting: Any) -> None:
    """The first thing that a process does: see to it that it does not outlive the one that wants its results."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    start(setting)


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
