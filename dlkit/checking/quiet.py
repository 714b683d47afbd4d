"""Catch whatever an answer prints: through ``sys.stdout`` and ``sys.stderr``, and through the file descriptors below them."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from types import TracebackType

LIMIT = 4000


class Quiet:
    """While active, output to streams and descriptors 1 and 2 is caught; ``text`` holds it afterwards (first 4000 signs)."""

    def __init__(self) -> None:
        self.text = ""

    def __enter__(self) -> Quiet:
        self._streams = sys.stdout, sys.stderr
        self._caught = io.StringIO()
        self._saved: list[tuple[int, int]] = []
        self._file = tempfile.TemporaryFile()
        for stream in self._streams:
            _flush(stream)
        for descriptor in (1, 2):
            try:
                copy = os.dup(descriptor)
            except OSError:  # closed: nothing can come through it
                continue
            os.dup2(self._file.fileno(), descriptor)
            self._saved.append((descriptor, copy))
        sys.stdout = sys.stderr = self._caught
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        sys.stdout, sys.stderr = self._streams
        for descriptor, copy in self._saved:
            os.dup2(copy, descriptor)
            os.close(copy)
        self._file.seek(0)
        below = self._file.read(LIMIT).decode("utf-8", "replace")
        self._file.close()
        self.text = (self._caught.getvalue()[:LIMIT] + below)[:LIMIT]


def _flush(stream: object) -> None:
    try:
        stream.flush()  # type: ignore[attr-defined]
    except (AttributeError, ValueError, OSError):
        return
