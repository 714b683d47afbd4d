"""Links to answers that live in a forked process. As a program: the bank of the named exercises through such links, as JSON.

The bank forks thousands of times, which is quick from a small process and slow from one that runs all kinds of tests.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys

from dlkit.checking.bank import Report, prove
from dlkit.checking.links import PipeLink, serve
from dlkit.exercises import find


class ForkedLink(PipeLink):
    """An answer in a child process."""

    def __init__(self, namespace) -> None:
        child_reads, judge_writes = os.pipe()
        judge_reads, child_writes = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(judge_writes)
                os.close(judge_reads)
                serve(namespace, os.fdopen(child_reads, "rb"), os.fdopen(child_writes, "wb"))
            finally:
                os._exit(0)
        os.close(child_reads)
        os.close(child_writes)
        super().__init__(os.fdopen(judge_reads, "rb"), os.fdopen(judge_writes, "wb"))

    def close(self) -> None:
        for stream in (self._reader, self._writer):
            with contextlib.suppress(BrokenPipeError):  # what had not been sent to a process that is gone
                stream.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def rows(report: Report) -> list[list]:
    """What must be the same wherever an answer lives."""
    return [[row.name, row.mark, row.visible_mark, row.killed_by, row.diagnosis] for row in report.rows]


def through_pipes(key: str) -> list[list]:
    """The rows of an exercise, each of its answers in a process of its own."""
    links: list[ForkedLink] = []

    def connect(_, namespace) -> ForkedLink:
        links.append(ForkedLink(namespace))
        return links[-1]

    try:
        return rows(prove(find(key), connect=connect))
    finally:
        for link in links:
            link.close()


if __name__ == "__main__":
    for key in sys.argv[1:]:
        print(json.dumps([key, through_pipes(key)]), flush=True)
