"""Files that survive a crash: logs that are only ever added to, and files that are there whole or not at all.

A log holds one JSON object in each line. Each carries a number, one more than that of the line before, and a checksum of
itself. A line that a crash left half written is cut off and put aside when the log is opened for writing; damaged lines
further up are passed over and reported.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from dlkit.grading.course import CourseError

_SUM = b',"sum":"'
_END = 16 + len(b'"}')


class JournalError(CourseError):
    """The journal cannot be written (or is in use); what it says is for people."""


def sync(handle: int) -> None:
    """Do not return before what was written to an open file is on the disk."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    else:
        os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Do not return before new and changed names in a folder are on the disk."""
    if os.name == "nt":
        return  # folders cannot be opened there, and names are kept with the files
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, for good."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        sync_folder(new.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, and for good."""
    make_folder(path.parent)
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            sync(file.fileno())
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def open_to_add(path: Path) -> int:
    """Open a file to which things are added; it is made if it is missing."""
    try:
        make_folder(path.parent)
        new = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        if new:
            sync_folder(path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return handle


def add_bytes(path: Path, handle: int, data: bytes, end: int, lasting: bool) -> None:
    """Add to a file that is `end` bytes long: all of `data`, or nothing and an error."""
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if lasting:
            sync(handle)
    except OSError as error:
        os.ftruncate(handle, end)  # no half record stays
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> JournalError:
    return JournalError(
        f"{path} cannot be written ({error.strerror or error}): nothing that it holds is lost; make room, then run the same "
        "command again"
    )


def encode(record: dict[str, Any]) -> bytes:
    """A record as a line of a log.

    >>> encode({"n": 1, "kind": "done"})
    b'{"n":1,"kind":"done","sum":"9d310e65f99cedab"}\\n'
    """
    body = json.dumps(record, separators=(",", ":"), allow_nan=False).encode()[:-1]
    return body + _SUM + hashlib.sha256(body).hexdigest()[:16].encode() + b'"}\n'


def decode(line: bytes) -> dict[str, Any] | None:
    """The record in a line; ``None`` if the line is damaged. The end of the line itself may be missing.

    >>> decode(encode({"n": 1, "kind": "done"}))
    {'n': 1, 'kind': 'done'}
    >>> decode(encode({"n": 1, "kind": "done"}).replace(b"1", b"2")) is None
    True
    """
    line = line.removesuffix(b"\n")
    body, mark, rest = line[: -_END - len(_SUM)], line[-_END - len(_SUM) : -_END], line[-_END:]
    if mark != _SUM or rest != hashlib.sha256(body).hexdigest()[:16].encode() + b'"}':
        return None
    try:
        record = json.loads(body + b"}")
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("n"), int) else None


class Log:
    """A log, read from its beginning and then added to.

    Parameters
    ----------
    path : Path
        The file; made, with its folder, when the first record is added.
    writable : bool
        Whether to mend the end of the file and to allow :meth:`add`.

    ``notes`` says in words what was found damaged.
    """

    def __init__(self, path: Path, writable: bool = True) -> None:
        self.path, self.writable, self.notes = path, writable, []
        self.number = 0
        self._end = 0
        self._open_line = False  # the last record is whole, its end of line is not there
        self._handle: int | None = None

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._handle is not None:
            sync(self._handle)
            os.close(self._handle)
            self._handle = None

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """All records that are whole, with the place where each begins. To be read to its end, before anything is added."""
        if not self.path.is_file():
            return
        place, good, before = 0, 0, 0
        with self.path.open("rb") as file:
            for line in file:
                record = decode(line)
                if record is None:
                    place += len(line)
                    continue
                if good < place:
                    self._damaged(before, record["n"])
                yield place, record
                place += len(line)
                good, before = place, record["n"]
                self._open_line = not line.endswith(b"\n")
        self.number, self._end = before, good
        if good < place:
            self._cut(good, place)

    def _damaged(self, before: int, after: int) -> None:
        lost = after - before - 1
        numbers = f"record {before + 1}" if lost == 1 else f"records {before + 1} to {after - 1}"
        self.notes.append(f"{self.path}: {numbers} cannot be read; all others are used")

    def _cut(self, good: int, end: int) -> None:
        """Put aside what follows the last whole record: a crash left it, or something damaged it."""
        says = f"{self.path}: the last {end - good} bytes are no whole record"
        if not self.writable:
            self.notes.append(f"{says}: passed over")
            return
        with self.path.open("rb") as file:
            file.seek(good)
            rest = file.read()
        aside = self.path.parent / "damaged" / f"{self.path.stem}-{good}-{hashlib.sha256(rest).hexdigest()[:8]}.txt"
        write_whole(aside, rest)
        with self.path.open("r+b") as file:
            file.truncate(good)
            sync(file.fileno())
        self.notes.append(f"{says}: moved to {aside}")

    def read(self, place: int) -> dict[str, Any]:
        """The record that begins at a place, as :meth:`records` or :meth:`add` gave it."""
        with self.path.open("rb") as file:
            file.seek(place)
            record = decode(file.readline())
        if record is None:
            raise JournalError(f"{self.path} has been changed by something else: the record at byte {place} is gone")
        return record

    def add(self, kind: str, *, lasting: bool = True, **fields: Any) -> int:
        """Add a record, and return the place where it begins.

        From then on it outlives this process. With `lasting`, it and all before it are on the disk too, for a power failure.
        """
        assert self.writable, "this log was opened for reading"
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = encode({"n": self.number + 1, "kind": kind, "when": when, **fields})
        if self._open_line:
            line = b"\n" + line
        if self._handle is None:
            self._handle = open_to_add(self.path)
        add_bytes(self.path, self._handle, line, self._end, lasting)
        place = self._end + self._open_line
        self._end += len(line)
        self.number, self._open_line = self.number + 1, False
        return place


class Lock:
    """Held by the one process that writes to a class; the system gives it up when that process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Lock:
        make_folder(self.path.parent)
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise JournalError(f"another dlkit command is writing to {self.path.parents[1]}: wait until it is done") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)
