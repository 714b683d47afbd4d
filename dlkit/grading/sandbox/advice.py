"""Says what the sandbox has to do with an error that honest code meets in it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from types import TracebackType

PROCESSES = (
    "worker processes that share memory (multiprocessing, a DataLoader with num_workers > 0) are not allowed at level 2 of the "
    "sandbox: use num_workers=0"
)
NETWORK = "there is no network in the sandbox: no download, no connection to anything"
FILES = "the sandbox allows to write in the notebook's own folder only, and to read what belongs to Python and the course"
MEMORY = "the sandbox gives a notebook a fixed amount of memory"


def advice(error: BaseException) -> str | None:
    """A sentence for the student, if the error is one that the walls cause; None for all others."""
    for one in _chain(error):
        modules = set(_modules(one.__traceback__))
        if isinstance(one, socket.gaierror) or (isinstance(one, OSError) and one.errno == errno.ENETUNREACH):
            return NETWORK
        if isinstance(one, PermissionError):
            if one.filename is None and any(name.split(".")[0] == "multiprocessing" for name in modules):
                return PROCESSES
            if one.filename is None and modules & {"socket", "asyncio.selector_events", "asyncio.base_events"}:
                return NETWORK
            if one.filename is not None:
                return FILES
        if isinstance(one, OSError) and one.errno == errno.EROFS:
            return FILES
        if isinstance(one, MemoryError) or (isinstance(one, OSError) and one.errno == errno.ENOMEM):
            return MEMORY
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those that led to it."""
    seen: list[BaseException] = []
    todo = [error]
    while todo and len(seen) < 20:
        one = todo.pop(0)
        if one not in seen:
            seen.append(one)
            before = (one.__cause__, one.__context__, getattr(one, "reason", None))
            todo += [each for each in before if isinstance(each, BaseException)]
    return iter(seen)


def _modules(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        yield str(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
