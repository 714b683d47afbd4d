"""Proves a level by trying what it forbids, and never claims one that it did not prove."""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dlkit.grading.sandbox import landlock, libc
from dlkit.grading.sandbox.meter import Meter
from dlkit.grading.sandbox.paths import runtime_paths
from dlkit.grading.sandbox.policy import LEVELS, Policy, SandboxError

PATIENCE = 10.0  # seconds for one level; half a second is usual
PROCESSES = 16
PROBE = "import sys; sys.path.insert(0, sys.argv[1]); from dlkit.grading.sandbox.probe import main; main()"

MUST_WORK = ("write in its folder", "start Python")
LAYERS = {
    "files": (
        "read a file outside", "read a hidden file", "write to a file outside", "list a folder outside", "make a file outside",
        "link a file outside",
    ),
    "network": ("connect by TCP", "send by UDP", "connect to a local socket", "connect to an abstract socket"),
    "memory of others": ("attach to a process outside", "open the memory of a process outside"),
    "signals": ("signal a process outside",),
    "sight of others": ("see a process outside",),
    "new namespaces": ("make a user namespace",),
    "processes": ("start too many processes",),
    "memory": ("take too much memory", "take too much memory together"),
    "file size": ("write too large a file",),
    "survivors": ("leave a process behind", "survive being killed"),
}  # fmt: skip
LIMITS = ("processes", "memory", "file size", "survivors")
NEEDED = {
    1: LIMITS,
    2: ("files", "network", "memory of others", "new namespaces", *LIMITS),
    3: tuple(LAYERS),
}
# Refused this way outside the sandbox too, there is nothing to prove: the machine forbids it to everybody.
REFUSALS = {"EPERM", "EACCES", "ENOSYS", "ENETUNREACH", "EAFNOSUPPORT", "ENOSPC", "EUSERS"}


@dataclass(frozen=True)
class Proof:
    """What was proved here.

    Attributes
    ----------
    level:
        The highest level of which every layer held, see ``LEVELS``.
    layers:
        For that level: whether each layer held, also those that the level does not promise.
    reasons:
        In plain words, why not more, and what else is worth knowing.
    seconds:
        How long it took.
    """

    level: int
    layers: dict[str, bool] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def text(self) -> str:
        """For people."""
        held = ", ".join(name for name, holds in self.layers.items() if holds)
        lines = [f"Sandbox: level {self.level} proved ({LEVELS[self.level]})."]
        if held:
            lines.append(f"  Tried and refused: {held}.")
        return "\n".join(lines + [f"  {reason}." for reason in self.reasons])


def required(proof: Proof, level: int) -> None:
    """Raise ``SandboxError`` unless at least this level was proved."""
    if proof.level < level:
        why = "; ".join(proof.reasons) or "nothing more was tried"
        raise SandboxError("level", f"level {level} ({LEVELS[level]}) is required; proved here is level {proof.level}: {why}")


def prove(highest: int = 3, readable: tuple[str, ...] | None = None) -> Proof:
    """Try the forbidden things at each level from ``highest`` down, in a process and in a descendant of it.

    Parameters
    ----------
    highest:
        The level to begin with.
    readable:
        The allow-list to prove it with; by default that of this Python.
    """
    begin = time.monotonic()
    reasons: list[str] = []
    level, layers = 0, {}
    if not libc.SUPPORTED:
        machine = f"{sys.platform} on {libc.MACHINE}"
        reasons.append(f"levels 1 to 3 not available: they need Linux on x86_64 or aarch64, this is {machine}")
    elif highest > 0:
        with ExitStack() as stack:
            scene = _Scene(stack, runtime_paths() if readable is None else readable)
            control = scene.start(0)
            for rung in range(highest, 0, -1):
                run = scene.start(rung)
                if rung == highest:
                    problem = _control_problem(scene.finish(control))
                    if problem:  # once more: on a busy machine something may have come too late
                        problem = _control_problem(scene.finish(scene.start(0)))
                    if problem:
                        reasons.append(problem)
                        scene.finish(run)
                        break
                layers, why = _verdict(rung, scene.finish(run))
                if why and not run.refused:  # once more, likewise; a wall that does not hold will not hold then
                    layers, why = _verdict(rung, scene.finish(scene.start(rung)))
                if not why:
                    level = rung
                    reasons += _remarks(rung, layers)
                    break
                reasons.append(f"level {rung} not available: {why}")
                layers = {}
    return Proof(level, layers, reasons, round(time.monotonic() - begin, 3))


@dataclass
class _Run:
    level: int
    process: subprocess.Popen[bytes]
    holds: list[int]
    policy: Policy
    tried: dict[str, list[str]] = field(default_factory=dict)
    refused: str = ""


class _Scene:
    """Everything outside that a confined process is set upon: files, listeners, a victim."""

    def __init__(self, stack: ExitStack, readable: tuple[str, ...]):
        self.stack = stack
        self.top = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dlkit-prove-", ignore_cleanup_errors=True)))
        self.top.chmod(0o755)
        self.canary, self.hidden = self.top / "outside" / "canary", self.top / "open" / "secret"
        for path in (self.canary, self.hidden):
            path.parent.mkdir()
            path.parent.chmod(0o777)
            path.write_text(secrets.token_hex())
            path.chmod(0o666)
        self.readable = (*readable, str(self.top / "open"))
        self.tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.udp.bind(("127.0.0.1", 0))
        self.unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.unix.bind(str(self.top / "outside" / "socket"))
        (self.top / "outside" / "socket").chmod(0o777)
        self.abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.name = f"dlkit-{secrets.token_hex(8)}"
        self.abstract.bind("\0" + self.name)
        for one in (self.unix, self.abstract):
            one.listen(16)

    def _victim(self) -> tuple[int, str]:
        token = f"60.{secrets.randbelow(10**9):09}"
        sleep = shutil.which("sleep")
        program = [sleep] if sleep else [sys.executable, "-ISc", "import time; time.sleep(60)"]
        victim = self.stack.enter_context(subprocess.Popen([*program, token]))
        self.stack.callback(victim.kill)
        return victim.pid, token

    def start(self, level: int) -> _Run:
        work = Path(tempfile.mkdtemp(prefix=f"level{level}-", dir=self.top))
        limits = {"memory": 48 * 2**20, "processes": PROCESSES, "open_files": 64, "file_size": 2**20, "disk": 64 * 2**20}
        policy = Policy(level, str(work), self.readable, (str(self.hidden),), cpu_seconds=20, **limits)
        pipes = [os.pipe() for _ in range(2)]
        root = str(Path(__file__).resolve().parents[3])
        process = self.stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", "-c", PROBE, root],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=[write for _, write in pipes],
            )
        )
        self.stack.callback(process.kill)
        for _, write in pipes:
            os.close(write)
        for read, _ in pipes:
            self.stack.callback(os.close, read)
        victim, token = self._victim()
        orders = {
            "control": level == 0,
            "policy": {name: value for name, value in asdict(policy).items() if name != "layers"},
            "hold": [write for _, write in pipes],
            "canary": str(self.canary),
            "hidden": str(self.hidden),
            "tcp": self.tcp.getsockname()[1],
            "udp": self.udp.getsockname()[1],
            "unix": str(self.top / "outside" / "socket"),
            "abstract": self.name,
            "token": token,
            "victim": victim,
            "bomb": 6 * PROCESSES + 32,
        }
        assert process.stdin is not None
        process.stdin.write(json.dumps(orders).encode())
        process.stdin.close()
        return _Run(level, process, [read for read, _ in pipes], policy)

    def finish(self, run: _Run) -> _Run:
        """Read what the probe says until it ends; when it begins to hog memory, measure and stop it."""
        end = time.monotonic() + PATIENCE
        rest, keepers = b"", 0
        assert run.process.stdout is not None
        out = run.process.stdout.fileno()
        while time.monotonic() < end and select.select([out], [], [], max(0.0, end - time.monotonic()))[0]:
            data = os.read(out, 65536)
            if not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                message = json.loads(line)
                for name, refusal in {**message.get("results", {}), **message.get("descendant", {})}.items():
                    run.tried.setdefault(name, []).append(refusal)
                run.refused = message.get("refused", run.refused)
                keepers += "keeper" in message
                if "ended" in message and keepers == 1 and not run.refused:
                    run.tried["leave a process behind"] = [_all_gone(run.holds[0])]
                if "keeper" in message and keepers == 2:
                    self._stop_hog(run, message["keeper"])
        run.process.kill()
        return run

    def _stop_hog(self, run: _Run, keeper: int) -> None:
        with Meter(keeper, run.policy) as meter:
            end = time.monotonic() + 2.0
            broken = None
            while broken is None and meter.alive() and time.monotonic() < end:
                broken = meter.check()
                time.sleep(0.005)
            killed = meter.kill()
        run.tried["take too much memory together"] = [broken if broken and "memory" in broken else ""]
        run.tried["survive being killed"] = [_all_gone(run.holds[1]) if killed else ""]


def _all_gone(descriptor: int) -> str:
    """Not empty if nobody holds the other end of a pipe any more, that is, if all processes that inherited it have ended."""
    return "killed" if select.select([descriptor], [], [], 1.0)[0] and not os.read(descriptor, 1) else ""


def _control_problem(run: _Run) -> str:
    """Outside the sandbox the attempts must succeed, or their failure inside would prove nothing."""
    if run.refused or not run.tried:
        return f"nothing could be proved: {run.refused or 'the attempts could not be made'}"
    names = [*MUST_WORK, *(name for layer, names in LAYERS.items() if layer not in LIMITS for name in names)]
    odd = {name: run.tried[name][0] for name in names if run.tried.get(name, [""])[0] not in {"", *REFUSALS}}
    return "nothing could be proved: outside the sandbox, too, " + _list(odd) if odd else ""


def _verdict(level: int, run: _Run) -> tuple[dict[str, bool], str]:
    """Which layers held, and why the level is not proved (empty if it is)."""
    if run.refused:
        return {}, run.refused
    for name in MUST_WORK:
        if bad := [refusal for refusal in run.tried.get(name, ["nothing came back"]) if refusal]:
            closed = (
                f"; {sys.base_prefix} may be closed to other users: open the folders above it, or start as an ordinary user"
            )
            return {}, f"a confined process could not {name} ({bad[0]}){closed if os.geteuid() == 0 else ''}"
    held = {layer: all(_held(run, name) for name in names) for layer, names in LAYERS.items()}
    broken = [name for layer in NEEDED[level] for name in LAYERS[layer] if not _held(run, name)]
    return held, "a confined process could " + " and ".join(broken) if broken else ""


def _held(run: _Run, name: str) -> bool:
    expected = 1 if name in ("take too much memory together", "leave a process behind", "survive being killed") else 2
    refusals = run.tried.get(name, [])
    return len(refusals) == expected and all(refusals)


def _list(outcomes: dict[str, str]) -> str:
    return "; ".join(f"one could not {name} ({refusal})" for name, refusal in outcomes.items())


def _remarks(level: int, layers: dict[str, bool]) -> list[str]:
    """What the proved level does not promise and does not have here."""
    remarks = []
    if level == 2 and not layers["signals"]:
        remarks.append("at level 2, signals to other processes of the same user are stopped only from Linux 6.12 on")
    if level == 3 and not landlock.abi():
        remarks.append("Landlock, a second wall at level 3, is not available here")
    return remarks
