"""Links to answers that live in a forked process, so that the pipe is tested as it is used."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from dlkit.checking.protocol import PipeLink, serve


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
        self._reader.close()
        self._writer.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@pytest.fixture
def forked():
    """``forked(namespace)`` gives a link; all children end with the test."""
    links: list[ForkedLink] = []
    lock = threading.Lock()

    def start(namespace) -> ForkedLink:
        with lock:
            links.append(ForkedLink(namespace))
        return links[-1]

    yield start
    for link in links:
        link.close()
