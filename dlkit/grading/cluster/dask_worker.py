"""What runs inside a worker of a Dask cluster: functions that take and give bytes and never raise.

A worker is a thread of somebody else's process, which may have other things to do. So notebooks are graded in a program of our
own beside it (:mod:`.office`), one for each run, with a seat for each thread of the worker. Signals, limits,
processes and their ends are then as on the machine of the instructor, and a notebook that ends the process that grades it does
not end the worker.
"""

from __future__ import annotations

import functools
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from dlkit.grading.child.channel import Channel, ChannelClosed
from dlkit.grading.cluster.parcel import MOST_CARGO, pack
from dlkit.grading.sandbox import protect_self

HERE = str(Path(__file__).resolve().parents[3])
SECURE = "tls://"

_branches: dict[str, Branch] = {}
_lock = threading.Lock()


class Closed(Exception):
    """There is no office here for this run, or no longer."""


class Branch:
    """An office, seen from the worker that opened it."""

    def __init__(self, seats: int) -> None:
        pairs = [socket.socketpair() for _ in range(seats + 1)]
        numbers = [theirs.fileno() for _, theirs in pairs]
        paths = os.pathsep.join([HERE, *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dlkit.grading.cluster.office", *map(str, numbers)],
            pass_fds=numbers, start_new_session=True,
            env={**os.environ, "PYTHONPATH": paths}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for _, theirs in pairs:
            theirs.close()
        self._ends = [mine for mine, _ in pairs]
        self._control, *lines = (Channel(mine, MOST_CARGO) for mine in self._ends)
        self._free: queue.SimpleQueue[Channel] = queue.SimpleQueue()
        for line in lines:
            self._free.put(line)

    @property
    def gone(self) -> bool:
        return self._process.poll() is not None

    def hear(self) -> bytes:
        """What the office says next about itself."""
        return self._control.receive() or b""

    def tell(self, unit: bytes) -> bytes:
        """Give the office what it has to know."""
        self._control.send(unit)
        return self.hear()

    def grade(self, task: bytes) -> bytes:
        try:
            line = self._free.get_nowait()
        except queue.Empty:
            raise Closed("all seats are taken") from None
        try:
            line.send(task)
            result = line.receive() or b""
        except ChannelClosed:
            line.close()
            raise
        self._free.put(line)
        return result

    def close(self) -> None:
        """The office sees its control line closed, and closes. Whoever waits on a line sees it closed, too."""
        for end in self._ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:  # it has ended already
                continue
        self._control.close()
        while not self._free.empty():
            self._free.get().close()
        threading.Thread(target=self._process.wait, daemon=True).start()


def _answering(function: Callable[..., bytes]) -> Callable[..., bytes]:
    """Say what went wrong in the answer: an exception would travel as a pickle, and Dask would write arguments to its log."""

    @functools.wraps(function)
    def answer(run: str, *arguments: bytes) -> bytes:
        try:
            return function(run, *arguments)
        except Closed as error:
            state, why = "closed", str(error)
        except ChannelClosed as error:
            leave(run)
            state, why = "died", str(error)
        except Exception as error:
            state, why = "failed", f"{type(error).__name__}: {str(error)[:1000]}"
        return pack({"state": state, "why": why})

    return answer


@_answering
def greet(run: str) -> bytes:
    """Open an office; it says what it is, and which level it has proved."""
    from distributed import get_worker

    worker = get_worker()
    if not (worker.address.startswith(SECURE) and worker.scheduler.address.startswith(SECURE)):
        return pack({"state": "failed", "why": "its connections are not encrypted"})
    protect_self()  # the course key passes through this process
    branch = Branch(worker.state.nthreads)
    with _lock:
        before, _branches[run] = _branches.get(run), branch
    if before is not None:
        before.close()
    return branch.hear()


@_answering
def furnish(run: str, unit: bytes) -> bytes:
    """Give the office what it has to know."""
    return _branch(run).tell(unit)


@_answering
def grade(run: str, task: bytes) -> bytes:
    """Grade one notebook."""
    return _branch(run).grade(task)


def _branch(run: str) -> Branch:
    branch = _branches.get(run)
    if branch is not None and branch.gone:
        leave(run)
        branch = None
    if branch is None:
        raise Closed("the office was closed")
    return branch


def leave(run: str) -> None:
    """Close the office of a run."""
    with _lock:
        branch = _branches.pop(run, None)
    if branch is not None:
        branch.close()
