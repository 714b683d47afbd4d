"""What ``prove`` runs inside: tries everything that is forbidden, in the confined process and in a descendant of it."""

from __future__ import annotations

import ctypes
import errno
import json
import mmap
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from dlkit.grading.sandbox import libc
from dlkit.grading.sandbox.keeper import confine
from dlkit.grading.sandbox.policy import Policy

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
MEBIBYTE = 2**20


def main() -> None:
    """Read orders from stdin, run two keepers one after the other, write a line of JSON for each step to stdout."""
    orders = json.loads(sys.stdin.buffer.read())
    policy = Policy(**{**orders["policy"], "layers": None})
    hold = orders["hold"]
    for part, keep in ((_tries, (1, *hold[:1])), (_hog, (1, *hold[1:]))):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            confine(policy, lambda part=part: part(orders), keep, write)
        os.close(write)
        with os.fdopen(read, "rb") as report:
            refusal = report.read().decode("utf-8", "replace").strip()
        _say({"refused": refusal} if refusal else {"keeper": pid})
        os.close(hold[0 if part is _tries else 1])
        status = os.waitpid(pid, 0)[1]
        _say({"ended": status})
        if refusal or orders["control"]:
            return


def _say(message: dict[str, Any]) -> None:
    os.write(1, json.dumps(message).encode() + b"\n")


def _tries(orders: dict[str, Any]) -> None:
    """All attempts here, then in a grandchild with a session of its own, then leave that one's like behind."""
    _say({"results": attempts(orders)})
    if orders["control"]:
        return
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        os.write(write, json.dumps(attempts(orders)).encode())
        os._exit(0)
    os.close(write)
    os.wait()
    with os.fdopen(read, "rb") as answer:
        _say({"descendant": json.loads(answer.read() or b"null")})
    _linger()


def _linger() -> None:
    """Leave a process behind that has detached itself and heeds nothing but SIGKILL; it holds an inherited descriptor."""
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if os.fork():
            os._exit(0)
        time.sleep(60)
        os._exit(0)
    os.wait()


def _hog(orders: dict[str, Any]) -> None:
    """Use more memory than allowed, in sum over several processes and shared, so that no limit of one process stops it."""
    _linger()
    for _ in range(3):
        if os.fork() == 0:
            block = mmap.mmap(-1, orders["policy"]["memory"] // 2)
            for start in range(0, len(block), 4096):
                block[start] = 1
            time.sleep(60)
            os._exit(0)
    time.sleep(60)


def attempts(orders: dict[str, Any]) -> dict[str, str]:
    """What happened to each attempt: empty if it succeeded, else how it was refused."""
    own = (_processes, _memory, _file) if orders["control"] else ()
    return {name: _outcome(attempt, orders) for name, attempt in ATTEMPTS.items() if attempt not in own}


def _outcome(attempt: Callable[[dict[str, Any]], None], orders: dict[str, Any]) -> str:
    try:
        attempt(orders)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error)) if error.errno else str(error)
    except Exception as error:
        return type(error).__name__ + (f": {error}" if str(error) else "")
    return ""


def _read(orders: dict[str, Any]) -> None:
    with open(orders["canary"], "rb") as file:
        file.read()


def _read_hidden(orders: dict[str, Any]) -> None:
    with open(orders["hidden"], "rb") as file:
        if not file.read():
            raise OSError("it is empty")


def _write(orders: dict[str, Any]) -> None:
    with open(orders["canary"], "ab") as file:
        file.write(b"!")


def _list(orders: dict[str, Any]) -> None:
    if os.path.basename(orders["canary"]) not in os.listdir(os.path.dirname(orders["canary"])):
        raise OSError("it is not there")


def _create(orders: dict[str, Any]) -> None:
    with open(orders["canary"] + f".{os.getpid()}", "xb"):
        pass


def _link(orders: dict[str, Any]) -> None:
    name = f"link{os.getpid()}"
    os.link(orders["canary"], name)
    with open(name, "rb") as file:
        file.read()


def _see(orders: dict[str, Any]) -> None:
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{int(name)}/cmdline", "rb") as file:
                if orders["token"].encode() in file.read():
                    return
        except (OSError, ValueError):
            continue  # not a process, or one that has just ended
    raise OSError("it is not there")


def _signal(orders: dict[str, Any]) -> None:
    os.kill(orders["victim"], signal.SIGCONT)


def _attach(orders: dict[str, Any]) -> None:
    lib = ctypes.CDLL(None, use_errno=True)
    if lib.ptrace(PTRACE_ATTACH, orders["victim"], None, None) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    os.waitpid(orders["victim"], 0)
    lib.ptrace(PTRACE_DETACH, orders["victim"], None, None)


def _memory_of(orders: dict[str, Any]) -> None:
    with open(f"/proc/{orders['victim']}/mem", "rb", buffering=0):
        pass


def _tcp(orders: dict[str, Any]) -> None:
    socket.create_connection(("127.0.0.1", orders["tcp"]), timeout=1).close()


def _udp(orders: dict[str, Any]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"canary", ("127.0.0.1", orders["udp"]))


def _unix(orders: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(orders["unix"])


def _abstract(orders: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0" + orders["abstract"])


def _namespace(orders: dict[str, Any]) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            libc.unshare(libc.CLONE_NEWUSER)
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    if code := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise OSError(code, os.strerror(code))


def _processes(orders: dict[str, Any]) -> None:
    children: list[int] = []
    try:
        while len(children) < orders["bomb"]:
            pid = os.fork()
            if pid == 0:
                signal.pause()
                os._exit(0)
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        for pid in children:
            os.waitpid(pid, 0)


def _memory(orders: dict[str, Any]) -> None:
    mmap.mmap(-1, orders["policy"]["memory"] + 32 * MEBIBYTE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


def _file(orders: dict[str, Any]) -> None:
    name = f"big{os.getpid()}"
    try:
        with open(name, "wb", buffering=0) as file:
            for _ in range(orders["policy"]["file_size"] // MEBIBYTE + 1):
                file.write(bytes(MEBIBYTE))
    finally:
        os.unlink(name)


def _folder(orders: dict[str, Any]) -> None:
    name = os.path.join(orders["policy"]["folder"], f"note{os.getpid()}")
    with open(name, "w") as file:
        file.write("hello")
    os.rename(name, name + "b")
    os.unlink(name + "b")


def _programs(orders: dict[str, Any]) -> None:
    subprocess.run([sys.executable, "-I", "-S", "-c", "import json"], check=True, capture_output=True, timeout=10)


ATTEMPTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "write in its folder": _folder,
    "start Python": _programs,
    "read a file outside": _read,
    "read a hidden file": _read_hidden,
    "write to a file outside": _write,
    "list a folder outside": _list,
    "make a file outside": _create,
    "link a file outside": _link,
    "see a process outside": _see,
    "signal a process outside": _signal,
    "attach to a process outside": _attach,
    "open the memory of a process outside": _memory_of,
    "connect by TCP": _tcp,
    "send by UDP": _udp,
    "connect to a local socket": _unix,
    "connect to an abstract socket": _abstract,
    "make a user namespace": _namespace,
    "start too many processes": _processes,
    "take too much memory": _memory,
    "write too large a file": _file,
}
