"""Graded notebooks of all attempts in one file, each compressed by itself and found by its place."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from pathlib import Path

from dlkit.grading.records.log import add_bytes, open_to_add


def digest_of(content: bytes) -> str:
    """Names the content of a graded notebook; empty for nothing."""
    return hashlib.sha256(content).hexdigest()[:32] if content else ""


class Pack:
    """Graded notebooks in one file that is only ever added to, each compressed by itself (``zcat`` shows all of them)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None
        self._end = 0
        self._lasting = True

    def add(self, data: bytes) -> tuple[int, int]:
        """Add a notebook; returns where it begins and how long it is."""
        if self._handle is None:
            self._handle = open_to_add(self.path)
            self._end = os.fstat(self._handle).st_size
        packed = gzip.compress(data, 5, mtime=0)
        add_bytes(self.path, self._handle, packed, self._end, lasting=False)
        place, self._end, self._lasting = (self._end, len(packed)), self._end + len(packed), False
        return place

    def sync(self) -> None:
        """Have all that was added on the disk."""
        if self._handle is not None and not self._lasting:
            add_bytes(self.path, self._handle, b"", self._end, lasting=True)
            self._lasting = True

    def read(self, place: int, length: int) -> bytes | None:
        """What was added at a place; ``None`` if that cannot be read."""
        try:
            with self.path.open("rb") as file:
                file.seek(place)
                return gzip.decompress(file.read(length))
        except (OSError, EOFError, zlib.error):
            return None

    def close(self) -> None:
        if self._handle is not None:
            self.sync()
            os.close(self._handle)
            self._handle = None
