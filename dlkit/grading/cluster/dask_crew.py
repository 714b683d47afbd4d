"""Grading on a Dask cluster: the same workers as on this machine, on others that share no files with it.

A notebook travels with the files beside it, the unit with its solved notebooks and the course key travels once to each worker,
and results come back: all of it plain JSON and bytes (:mod:`.cargo`) that is looked at before it is used. The
package itself, with exercises and judge, has to be installed on the workers; one that has another version, other definitions
or another environment is not used, and neither is one that does not prove the required level of the sandbox there and then.

What is trusted: the scheduler and the workers. They hold the course key and decide on marks, and Dask's own protocol contains
pickles, so whoever has a certificate of the cluster can run code on all its machines, this one included. Therefore addresses
that are not ``tls://`` are refused, on loopback too. The code of students is not trusted with anything: at the level that is
demanded it has no network and cannot read the memory of the processes around it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any

from dlkit.grading.cluster import dask_worker
from dlkit.grading.cluster.cargo import differences, fingerprint, pack_task, result_of
from dlkit.grading.cluster.dask_worker import SECURE
from dlkit.grading.cluster.parcel import BadCargo, unpack
from dlkit.grading.course import CourseError
from dlkit.grading.handed_in.reading import Unreadable, readable
from dlkit.grading.results import GradedNotebook
from dlkit.grading.running import worker
from dlkit.grading.running.worker import Task

LEAST = 2  # the lowest level without network
PULSE = 0.5  # seconds between two looks at which workers there are
PATIENCE = 60.0  # seconds to wait for a worker when there is none
HUNG_SECONDS = 1800.0  # no notebook takes as long
MOST_FAILURES = 3  # of one worker in a row
MOST_UNDER_WAY = 512 * 2**20  # bytes of notebooks that are under way
GIVEN_UP = "{} could not be graded: the worker that graded it failed, twice ({})"
GREETED, FURNISHED, AT_WORK, REFUSED = "greeted", "furnished", "at work", "refused"


@dataclass(eq=False)
class Member:
    """One worker of the cluster."""

    address: str
    seats: int
    state: str = GREETED
    level: int = 0
    failures: int = 0
    jobs: set[Future[Any]] = field(default_factory=set)


@dataclass(eq=False)
class Job:
    """Something that a worker has been asked to do: to grade a notebook, or what comes before that."""

    member: Member
    future: Any  # Dask's
    size: int
    task: Task | None = None
    alone: bool = False
    begun: float = field(default_factory=time.monotonic)


class DaskCrew:
    """Grades on the workers of a cluster, as many notebooks at once as they have threads, and one more for each worker.

    It is decided here which worker gets which notebook, so that it is known which ones a worker had when it failed. These are
    graded once more, each on a worker that does nothing else meanwhile, another one if possible; a notebook with which that
    one fails too is given up.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler.
    unit : bytes
        From :func:`dlkit.grading.cluster.cargo.pack_unit`.
    require : int
        The level that a worker has to prove.
    say : callable
        Gets a line of text when a worker is refused or lost.
    """

    def __init__(self, client: Any, unit: bytes, require: int, say: Callable[[str], Any]) -> None:
        self._client, self._unit, self._require, self._say = client, unit, require, say
        self._run = f"dlkit-{uuid.uuid4().hex[:12]}"
        self._ours = fingerprint()
        self._members: dict[str, Member] = {}
        self._running: dict[Future[Any], Job] = {}
        self._again: deque[Task] = deque()  # sent, but not begun
        self._suspects: deque[tuple[Task, str]] = deque()  # sent to a worker that failed; its address
        self._done: deque[GradedNotebook] = deque()
        self._reasons: list[str] = []
        self._number, self._bytes, self._looked, self._worked = 0, 0, 0.0, False
        self._waits_since = time.monotonic()

    def grade(self, tasks: Iterable[Task]) -> Iterator[GradedNotebook]:
        coming, more = iter(tasks), True
        while True:
            self._look_round()
            for member in self._members.values():
                while more and not self._suspects and self._has_room(member):
                    task = self._again.popleft() if self._again else next(coming, None)
                    if task is None:
                        more = False
                    else:
                        self._send(member, task)
                if (task := self._suspect_for(member)) is not None:
                    self._send(member, task, alone=True)
            while self._done:
                yield self._done.popleft()
            if not (more or self._again or self._suspects or any(job.task for job in self._running.values())):
                return
            if not self._running:
                self._wait_for_workers()
                time.sleep(PULSE)
            for waiting in wait(self._running, PULSE, FIRST_COMPLETED).done:
                self._arrived(waiting)
            more = more or bool(self._again)

    def close(self) -> None:
        """Give the workers back."""
        for waiting in tuple(self._running):
            self._take(waiting)
        try:
            if self._members:
                self._client.run(dask_worker.leave, self._run, workers=list(self._members), on_error="ignore")
        except Exception as error:  # they close by themselves after some time
            self._say(f"the workers could not be told that the work is done ({type(error).__name__})")

    # -- sending -------------------------------------------------------------------------------------------------------------

    def _has_room(self, member: Member) -> bool:
        """For one notebook more than it has seats, so that none waits for us; a notebook that is to be alone is alone."""
        if member.state != AT_WORK or self._bytes > MOST_UNDER_WAY:
            return False
        return len(member.jobs) <= member.seats and not any(self._running[waiting].alone for waiting in member.jobs)

    def _suspect_for(self, member: Member) -> Task | None:
        """A notebook with which another worker failed, if this one is at rest; its own if there is no other one."""
        if not self._suspects or member.state != AT_WORK or member.jobs:
            return None
        others = any(other.state == AT_WORK and other is not member for other in self._members.values())
        for suspect in self._suspects:
            if suspect[1] != member.address or not others:
                self._suspects.remove(suspect)
                return suspect[0]
        return None

    def _send(self, member: Member, task: Task, alone: bool = False) -> None:
        try:
            data = pack_task(task)
        except Unreadable as error:
            self._give_up(task, f"{readable(task.file.name)} {error}")
        else:
            self._submit(member, dask_worker.grade, data, task=task, alone=alone)

    def _submit(self, member: Member, function: Callable[..., bytes], *data: bytes, **about: Any) -> None:
        self._number += 1
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")
            future = self._client.submit(
                function, self._run, *data, key=f"{self._run}-{self._number}", workers=[member.address],
                allow_other_workers=False, pure=False, retries=0,
            )  # fmt: skip
        waiting = asyncio.run_coroutine_threadsafe(self._fetch(future), self._client.loop.asyncio_loop)
        job = self._running[waiting] = Job(member, future, sum(map(len, data)), **about)
        self._bytes += job.size
        member.jobs.add(waiting)

    async def _fetch(self, future: Any) -> Any:
        return await self._client.gather(future, asynchronous=True)

    def _take(self, waiting: Future[Any]) -> Job:
        """The job is no longer under way."""
        job = self._running.pop(waiting)
        job.member.jobs.discard(waiting)
        job.future.release()
        self._bytes -= job.size
        return job

    # -- receiving -----------------------------------------------------------------------------------------------------------

    def _arrived(self, waiting: Future[Any]) -> None:
        job = self._take(waiting)
        try:
            about, _ = unpack(waiting.result())
            state, why = about.get("state"), str(about.get("why"))[:1000]
        except Exception as error:  # whatever Dask has to say
            about, state, why = {}, "failed", f"{type(error).__name__}: {str(error)[:300]}"
        if job.task is None:
            self._answered(job.member, about, why)
        elif state == "graded":
            try:
                self._done.append(result_of(about, job.task, job.member.level))
                job.member.failures = 0
            except BadCargo as error:
                self._refuse(job.member, f"it sent {error}")
                self._suspect(job, str(error))
        elif state == "closed":
            self._again.append(job.task)
            self._greet(job.member)
        else:
            self._suspect(job, why)
            self._failed(job.member, state == "died", why)

    def _failed(self, member: Member, closed: bool, why: str) -> None:
        """A worker could not grade a notebook; once is no reason to do without it."""
        if closed and member.state != AT_WORK:
            return  # it is known: all that was under way there came back
        member.failures += 1
        if member.failures >= MOST_FAILURES:
            self._refuse(member, f"it failed {MOST_FAILURES} times in a row: {why}")
        elif closed:
            self._say(f"worker {member.address}: the program that grades there ended; it is started again")
            self._greet(member)

    def _answered(self, member: Member, about: dict[str, Any], why: str) -> None:
        """A worker has said what it is, or that it is ready."""
        if about.get("state") == "here" and member.state == GREETED:
            given, level, reasons = about.get("fingerprint"), about.get("level"), about.get("reasons")
            unlike = differences(self._ours, given if isinstance(given, dict) else {})
            if unlike:
                self._refuse(member, f"it has {'; '.join(unlike)}. Install the same there as here")
            elif type(level) is not int or level < self._require:
                more = "; ".join(map(str, reasons))[:2000] if isinstance(reasons, list) else ""
                self._refuse(member, f"it proved level {level} of the sandbox, and {self._require} is required. {more}".strip())
            else:
                member.level, member.state = level, FURNISHED
                self._submit(member, dask_worker.furnish, self._unit)
        elif about.get("state") == "ready" and member.state == FURNISHED:
            member.state, self._worked = AT_WORK, True
        elif member.state != REFUSED:
            self._refuse(member, why)

    def _suspect(self, job: Job, why: str) -> None:
        """A worker failed while it had this notebook."""
        assert job.task is not None
        if job.alone:
            self._give_up(job.task, GIVEN_UP.format(readable(job.task.file.name), why))
        else:
            self._suspects.append((job.task, job.member.address))

    def _give_up(self, task: Task, why: str) -> None:
        content = worker.placeholder(why)
        self._done.append(GradedNotebook(task.student, task.notebook, problem=why, content=content, level=self._require))

    # -- workers -------------------------------------------------------------------------------------------------------------

    def _look_round(self) -> None:
        """Greet the workers that have come, and take their notebooks from those that have gone."""
        now = time.monotonic()
        if now - self._looked < PULSE:
            return
        self._looked = now
        try:
            there = self._client.nthreads()
        except (OSError, RuntimeError, ValueError) as error:
            why = f"the scheduler does not answer any more ({type(error).__name__})"
            raise CourseError(f"{why}; what was graded is kept: run the same command again") from None
        for address in self._members.keys() - there.keys():
            self._lose(self._members.pop(address), "it is gone")
        for address in there.keys() - self._members.keys():
            member = self._members[address] = Member(address, there[address])
            if address.startswith(SECURE):
                self._greet(member)
            else:
                self._refuse(member, "its connection is not encrypted")
        for member in {job.member for job in self._running.values() if now - job.begun > HUNG_SECONDS}:
            self._lose(member, f"it has not answered for {HUNG_SECONDS / 60:.0f} minutes")
            self._refuse(member, "it hangs")
        if self._running or any(member.state == AT_WORK for member in self._members.values()):
            self._waits_since = now

    def _greet(self, member: Member) -> None:
        """Ask a worker what it is, unless it is being asked."""
        if member.state == AT_WORK or (member.state == GREETED and not member.jobs):
            member.state = GREETED
            self._submit(member, dask_worker.greet)

    def _lose(self, member: Member, why: str) -> None:
        if member.state != REFUSED:
            self._say(f"worker {member.address}: {why}; what it had is graded again")
        for waiting in tuple(member.jobs):
            job = self._take(waiting)
            if job.task is not None:
                self._suspect(job, why)

    def _refuse(self, member: Member, why: str) -> None:
        member.state = REFUSED
        self._reasons.append(f"{member.address}: {why}")
        self._say(f"worker {member.address} is not used: {why}")

    def _wait_for_workers(self) -> None:
        """Nothing is under way, since there is nobody to do it: wait for a worker, but not for ever."""
        refused = "".join(f"\n  {reason}" for reason in self._reasons)
        if refused and not self._worked:
            raise CourseError(f"none of the workers of the cluster can be used:{refused}")
        if time.monotonic() - self._waits_since > PATIENCE:
            raise CourseError(f"for {PATIENCE:.0f} s the cluster has had no worker that can be used{refused}")
