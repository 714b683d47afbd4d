"""Grades notebooks on a machine that has nothing of the class: a program beside a worker of a cluster, told what it needs.

It proves its level of the sandbox, opens a session for one unit, and grades what comes over its lines, one notebook at a time
on each. Its end comes with that of the process that started it, or after some time without work. It has the course key in
its memory, and no gradebook.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from dlkit.grading.child.channel import Channel, ChannelClosed
from dlkit.grading.cluster.cargo import fingerprint, pack_result, unpack_task, unpack_unit
from dlkit.grading.cluster.parcel import MOST_CARGO, pack
from dlkit.grading.results import GradedNotebook
from dlkit.grading.running import worker
from dlkit.grading.running.crew import begin, context, given_up
from dlkit.grading.running.session import Session
from dlkit.grading.running.worker import Duty, Task
from dlkit.grading.sandbox import protect_self, prove

IDLE_SECONDS = 900.0  # without work, then it closes; whoever has work again opens another one
KEY_VARIABLE = "DLKIT_COURSE_KEY_FILE"


class Seat:
    """One process that grades. If it dies, the notebook gets another one; if that dies too, it is given up."""

    def __init__(self, duty: Duty) -> None:
        self._duty = duty
        self._pool: ProcessPoolExecutor | None = None

    def grade(self, task: Task) -> GradedNotebook:
        for _ in range(2):
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, context(), begin, (worker.start, self._duty))
            try:
                return self._pool.submit(worker.grade, task).result()
            except BrokenProcessPool:
                self.close()
        return given_up(task)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


class Office:
    """Serves its lines until `control` is closed.

    Parameters
    ----------
    control : Channel
        What this machine is, goes out there; what is to be graded comes in.
    lines : channels
        On each, notebooks come in and results go out.
    """

    def __init__(self, control: Channel, lines: Sequence[Channel]) -> None:
        self._control, self._lines = control, lines
        self._last = dict.fromkeys(range(len(lines)), time.monotonic())

    def run(self) -> None:
        proof = prove()
        about = {"state": "here", "level": proof.level, "reasons": proof.reasons, "fingerprint": fingerprint()}
        self._control.send(pack(about))
        unit = self._control.receive(time.monotonic() + IDLE_SECONDS)
        if unit is None:
            return
        with tempfile.TemporaryDirectory(prefix="dlkit-office-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            course, unit_name, cell_seconds, key = unpack_unit(unit, folder)
            with Session(course, unit_name, proof, cell_seconds=cell_seconds) as session:
                duty = Duty(course, replace(session.setting, secret=key))
                for number in self._last:
                    threading.Thread(target=self._serve, args=(number, Seat(duty), folder), daemon=True).start()
                self._control.send(pack({"state": "ready"}))
                while time.monotonic() - max(self._last.values()) < IDLE_SECONDS:
                    self._control.receive(time.monotonic() + 60)

    def _serve(self, number: int, seat: Seat, folder: Path) -> None:
        line = self._lines[number]
        try:
            while (data := line.receive()) is not None:
                self._last[number] = float("inf")
                line.send(self._graded(data, seat, folder))
                self._last[number] = time.monotonic()
        except ChannelClosed:
            return

    def _graded(self, data: bytes, seat: Seat, folder: Path) -> bytes:
        try:
            with tempfile.TemporaryDirectory(prefix="notebook-", dir=folder) as name:
                return pack_result(seat.grade(unpack_task(data, Path(name))))
        except Exception as error:
            return pack({"state": "failed", "why": f"{type(error).__name__}: {str(error)[:300]}"})


def main(arguments: Sequence[str]) -> None:
    """`arguments` are the numbers of the descriptors: that of the control line, then those of the others."""
    protect_self()
    os.environ.pop(KEY_VARIABLE, None)
    control, *lines = (_channel(int(number)) for number in arguments)
    try:
        Office(control, lines).run()
    except ChannelClosed:
        pass
    except Exception as error:
        try:
            control.send(pack({"state": "failed", "why": f"{type(error).__name__}: {str(error)[:1000]}"}))
        except ChannelClosed:
            pass
    finally:
        os._exit(0)  # the processes of its seats see it go, and go too


def _channel(number: int) -> Channel:
    os.set_inheritable(number, False)
    return Channel(socket.socket(fileno=number), MOST_CARGO)


if __name__ == "__main__":
    main(sys.argv[1:])
