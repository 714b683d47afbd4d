"""Runs what a test asks for in a process of its own: as root or as an ordinary user, on a machine that may lack abilities.

Orders come as JSON on stdin: ``user`` ("root", "ordinary" or "me"), ``lacking`` (of "namespaces", "landlock", "mount_setattr", "proc",
"capabilities"), ``script`` (Python, executed here, with ``confined`` and friends in its namespace).
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from dlkit.grading.sandbox import SandboxError, confine, libc, policy, seccomp  # noqa: E402
from dlkit.grading.sandbox.meter import Meter  # noqa: E402

ORDINARY = 65534


def open_house() -> None:
    """Root only: where Python or this checkout lies below a folder that is closed to others, make a private view in which it is not."""
    needed = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, ROOT)}
    closed = set()
    for path in needed:
        above = path
        while above != "/":
            above = os.path.dirname(above)
            if not os.stat(above).st_mode & 0o001:
                closed.add(above)
    for top in closed - {path for path in closed if any(path.startswith(other + "/") for other in closed)}:
        libc.unshare(libc.CLONE_NEWNS)
        libc.mount("", "/", flags=libc.MS_REC | libc.MS_PRIVATE)
        libc.mount("tmpfs", "/mnt", "tmpfs", data="mode=755")
        for path in sorted(needed):
            if path.startswith(top + "/"):
                inside = "/mnt" + path[len(top) :]
                os.makedirs(inside, exist_ok=True)
                libc.mount(path, inside, flags=libc.MS_BIND | libc.MS_REC)
        libc.mount("/mnt", top, flags=8192)  # MS_MOVE


def forbid(lacking: list[str]) -> None:
    """Take abilities away from this process and all its descendants, as a container or an older kernel does."""
    if "proc" in lacking:  # as Docker does: parts of /proc are covered, so that a fresh one is refused
        libc.unshare(libc.CLONE_NEWNS)
        libc.mount("", "/", flags=libc.MS_REC | libc.MS_PRIVATE)
        libc.mount("tmpfs", "/proc/sys", "tmpfs", libc.MS_RDONLY)
    if "capabilities" in lacking:  # root in a container: what Docker leaves to it
        kept = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
        libc.set_capabilities(sum(1 << number for number in kept))
    calls = {}
    if "namespaces" in lacking:
        calls |= {272 if libc.MACHINE == "x86_64" else 97: errno.EPERM}
    if "landlock" in lacking:
        calls |= dict.fromkeys((444, 445, 446), errno.ENOSYS)
    if "mount_setattr" in lacking:
        calls |= {442: errno.ENOSYS}
    if calls:
        code = struct.pack("=HBBI", 0x20, 0, 0, 0)
        for number, answer in calls.items():
            code += struct.pack("=HBBI", 0x15, 0, 1, number) + struct.pack("=HBBI", 0x06, 0, 0, 0x50000 | answer)
        code += struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)
        block = ctypes.create_string_buffer(code)
        program = seccomp._Program(len(code) // 8, ctypes.addressof(block))
        if libc.capabilities() >> 21 & 1 == 0:
            libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        libc.syscall("seccomp", 1, 0, libc.address(program))


class Ended:
    """How a confined process ended: ``refusal`` (what the keeper said instead of starting it), ``code``, ``answer``."""

    def __init__(self, refusal: str, code: int, answer):
        self.refusal, self.code, self.answer = refusal, code, answer


def confined(rules: policy.Policy, main, watch=None, keep=()) -> Ended:
    """Fork, confine, run ``main`` and return what it returned; ``watch(keeper pid)`` is called once it runs."""
    said, say = os.pipe()
    answer, reply = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(said)

        def run() -> None:
            os.write(reply, json.dumps(main()).encode())

        confine(rules, run, (2, reply, *keep), say)
    os.close(say)
    os.close(reply)
    with os.fdopen(said, "rb") as report:
        refusal = report.read().decode().strip()
    if watch and not refusal:
        watch(pid)
    with os.fdopen(answer, "rb") as result:
        data = result.read()
    return Ended(refusal, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), json.loads(data) if data else None)


def outcome(attempt) -> str:
    """Empty if it worked, else the name of the error."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    except Exception as error:
        return type(error).__name__
    return ""


def main() -> None:
    orders = json.loads(sys.stdin.buffer.read())
    if os.geteuid() == 0 and orders["user"] != "me":
        open_house()
    if "proc" in orders["lacking"]:
        forbid(["proc"])
    if orders["user"] == "ordinary" and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(ORDINARY, ORDINARY, ORDINARY)
        os.setresuid(ORDINARY, ORDINARY, ORDINARY)
        libc.prctl(libc.PR_SET_DUMPABLE, 1)
        os.environ["HOME"] = orders["folder"]
    os.chdir("/")
    forbid([ability for ability in orders["lacking"] if ability != "proc"])
    names = {
        "Meter": Meter,
        "Policy": policy.Policy,
        "SandboxError": SandboxError,
        "confined": confined,
        "libc": libc,
        "outcome": outcome,
        "orders": orders,
    }
    result = None
    exec(compile(orders["script"], "<script>", "exec"), names)
    result = names.get("result", result)
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
