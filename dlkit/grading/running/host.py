"""The trusted side of the template and its children: starts them, talks to them, and ends them.

:class:`Template` belongs to a run; every worker has a copy of its request line. :class:`Child` is one notebook's process. Where
there is no fork (macOS, Windows), the same child program is started cold.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dlkit.checking.codec import CodecError, dumps, loads
from dlkit.grading.child.channel import Channel, ChannelClosed
from dlkit.grading.sandbox import Meter, Policy

CAN_FORK = sys.platform == "linux"
START_SECONDS = 120.0
MOST_MESSAGE = 32 * 2**20
HALF_SIGN = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")  # perhaps half of a pair, which no file in UTF-8 can hold
PULSE = 0.1  # seconds between two looks at what a child uses
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
BOOT = """
import sys
sys.path[0] = sys.argv.pop(1)
sys.meta_path[:] = [finder for finder in sys.meta_path if not getattr(finder, "__module__", "").startswith("__editable__")]
from dlkit.grading.child import template
getattr(template, sys.argv.pop(1))(sys.argv[1:])
"""


class ChildEnded(Exception):
    """The process of a notebook is gone, or was ended; the text says why."""


class TooLong(Exception):
    """A child did not answer in time."""


def child_environment(folder: str) -> dict[str, str]:
    """All environment variables of a child."""
    return {
        **template_environment(), "HOME": folder, "TMPDIR": folder, "IPYTHONDIR": f"{folder}/.ipython",
        "MPLCONFIGDIR": f"{folder}/.matplotlib",
    }  # fmt: skip


def template_environment() -> dict[str, str]:
    """What the template runs with: how notebooks are run, one thread each, and what programs need to be found."""
    kept = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ}, **dict.fromkeys(THREADS, "1"),
        "NBGRADER_EXECUTION": "autograde", "DLKIT_ANSWERS": "", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "TERM": "dumb", "PYTHONUTF8": "1",
    }  # fmt: skip


class Template:
    """The template process of a run.

    Parameters
    ----------
    base : Path
        The stage.
    modules : Path
        A file with the names of modules to import before the first fork.
    home : Path
        Where the template may keep files while it starts.
    """

    def __init__(self, base: Path, modules: Path, home: Path) -> None:
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {**template_environment(), "HOME": os.environ.get("HOME", str(home)), "IPYTHONDIR": str(home / "ipython")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-c", BOOT, str(base), "main", str(theirs.fileno()), str(modules)],
                pass_fds=[theirs.fileno()], env=environment, cwd=home, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Until it is ready; an error with its own words if it does not come up."""
        if select.select([self.requests], [], [], seconds)[0] and self.requests.recv(64) == b"ready":
            return
        self._process.kill()
        said = (self._process.communicate()[1] or b"").decode(errors="replace").strip().splitlines()
        raise RuntimeError(f"the process that runs notebooks did not start: {said[-1] if said else 'no word from it'}")

    def close(self) -> None:
        self.requests.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()


class Child:
    """The process of one notebook."""

    def __init__(self, channel: Channel, pid: int, policy: Policy, handle: int | None, process: Any = None) -> None:
        self.channel, self.pid, self._handle, self._process = channel, pid, handle, process
        self._meter = Meter(pid, policy)
        self._looked = 0.0
        self.ended: str | None = None

    def send(self, message: Mapping[str, Any] | bytes) -> None:
        data = message if isinstance(message, bytes) else dumps(dict(message))
        try:
            self.channel.send(data, time.monotonic() + 10)
        except ChannelClosed as error:
            self._fail(str(error))

    def receive(self, until: float) -> dict[str, Any]:
        """The next message; :class:`TooLong` at the time `until`, :class:`ChildEnded` if there will be none."""
        while True:
            now = time.monotonic()
            if now - self._looked >= PULSE:
                self._looked = now
                if why := self._meter.check():
                    self._fail(why)
            if now >= until:
                raise TooLong
            try:
                data = self.channel.receive(min(until, now + PULSE))
                if data is not None:
                    return self._opened(data)
            except (ChannelClosed, CodecError, RecursionError) as error:
                self._fail(self._why_gone() or str(error))
            except MemoryError:
                self._fail("the process sent more than can be read")
            if self._handle is not None and select.select([self._handle], [], [], 0)[0]:
                self._fail(self._why_gone() or "the process has ended")

    def _opened(self, data: bytes) -> dict[str, Any]:
        message = loads(data)
        # The pattern is slow on long messages; what it looks for has one of these, and nearly no message has.
        if (b"\\u" in data or b"\xed" in data) and HALF_SIGN.search(data):
            return _readable(message)
        return message

    def interrupt(self) -> None:
        """What Ctrl-C does: a KeyboardInterrupt where the child is."""
        self._meter.interrupt()

    def kill(self) -> None:
        """End the child and whatever it started."""
        self._meter.kill()
        self._meter.close()
        self.channel.close()
        if self._handle is not None:
            select.select([self._handle], [], [], 2)
            os.close(self._handle)
            self._handle = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _why_gone(self) -> str | None:
        return self._meter.check()

    def fail(self, why: str) -> None:
        """No more of this child: :class:`ChildEnded`."""
        self._fail(why)

    def _fail(self, why: str) -> None:
        self.ended = why
        raise ChildEnded(why)


def _readable(message: dict[str, Any]) -> dict[str, Any]:
    """The message with a question mark for every half of a pair of signs that stands alone."""
    return json.loads(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace"))


def start_child(requests: socket.socket | None, stage: Path, request: dict[str, Any], policy: Policy) -> Child:
    """A child for one notebook: forked from the template, or cold if there is none."""
    request = {**request, "policy": {name: _plain(value) for name, value in asdict(policy).items()}}
    mine, theirs = socket.socketpair()
    with theirs:
        if requests is None:
            pid, handle, process = _start_cold(stage, request, theirs)
        else:
            pid, handle = _fork(requests, request, theirs)
            process = None
    child = Child(Channel(mine, MOST_MESSAGE), pid, policy, handle, process)
    try:
        first = child.receive(time.monotonic() + START_SECONDS)
    except (ChildEnded, TooLong) as error:
        child.kill()
        raise RuntimeError(str(error) or "it did not come up in time") from None
    if "hello" not in first:
        child.kill()
        raise RuntimeError(str(first.get("failed")))
    return child


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


def _fork(requests: socket.socket, request: dict[str, Any], line: socket.socket) -> tuple[int, int | None]:
    reply, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with reply:
        with theirs:
            socket.send_fds(requests, [json.dumps(request).encode()], [line.fileno(), theirs.fileno()])
        reply.settimeout(START_SECONDS)
        pid, handle, refused = 0, None, ""
        while True:
            data, handles, _, _ = socket.recv_fds(reply, 2**12, 1)
            if not data:
                break
            if data.startswith(b"{"):
                pid, handle = int(json.loads(data)["pid"]), (handles or [None])[0]
            else:
                refused = data.decode("utf-8", "replace").strip()
    if refused or not pid:
        if handle is not None:
            os.close(handle)
        raise RuntimeError(refused or "the process that runs notebooks is gone")
    return pid, handle


def _start_cold(stage: Path, request: dict[str, Any], line: socket.socket) -> tuple[int, int | None, Any]:
    command: Sequence[str] = [sys.executable, "-s", "-c", BOOT, str(stage), "cold"]
    options: dict[str, Any] = {"env": {**template_environment(), "HOME": request["folder"]}, "stdin": subprocess.PIPE,
                               "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # fmt: skip
    if sys.platform == "win32":
        process = subprocess.Popen([*command, "share"], **options)
        first = line.share(process.pid).hex()
    else:
        process = subprocess.Popen([*command, str(line.fileno())], pass_fds=[line.fileno()], start_new_session=True, **options)
        first = ""
    assert process.stdin is not None
    process.stdin.write(json.dumps({"line": first, "request": request}).encode())
    process.stdin.close()
    handle = os.pidfd_open(process.pid) if hasattr(os, "pidfd_open") else None
    return process.pid, handle, process
