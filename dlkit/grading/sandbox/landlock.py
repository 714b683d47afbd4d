"""Files by allow-list without any privilege: Landlock, Linux 5.13 and later."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from functools import cache

from dlkit.grading.sandbox import libc
from dlkit.grading.sandbox.policy import SandboxError

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_CHAR, MAKE_BLOCK, REFER, TRUNCATE, IOCTL_DEV = 1 << 6, 1 << 11, 1 << 13, 1 << 14, 1 << 15
ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
READ = EXECUTE | READ_FILE | READ_DIR
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
ABOUT_ITSELF = ("cgroup", "cmdline", "comm", "environ", "fd", "fdinfo", "io", "limits", "maps", "stat", "statm", "status")
TCP = 0b11  # bind, connect
SIGNALS = 0b10
SCOPES = 0b11  # abstract sockets too


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def abi() -> int:
    """The version of Landlock that this kernel offers; 0 if there is none or it is switched off."""
    if not libc.SUPPORTED:
        return 0
    try:
        return libc.syscall("landlock_create_ruleset", 0, 0, 1)
    except OSError:
        return 0


def _create(fs: int, net: int, scoped: int, version: int) -> int:
    attr = _Ruleset(fs, net, scoped)
    size = 8 if version < 4 else 16 if version < 6 else 24
    return libc.syscall("landlock_create_ruleset", libc.address(attr), size)


def inside(folder: str) -> int:
    """Rules for a process that has a root and a ``/proc`` of its own: what it sees it may read."""
    fd, handled = _new()
    write = handled & ~(MAKE_CHAR | MAKE_BLOCK)
    writable = (folder, "/tmp", "/dev/shm", "/dev/pts", "/dev/ptmx", *DEVICES)
    for path, allowed in (("/", READ), *((path, write) for path in writable)):
        _allow(fd, path, allowed & handled)
    return fd


def common(readable: tuple[str, ...], hidden: tuple[str, ...], parent: str) -> int:
    """The half of the rules that processes with folders below ``parent`` share: what is readable, and all below ``parent``.

    It is long where something is hidden, and made once, before the forks. ``own`` is the other half; both must allow an access.
    """
    fd, handled = _new()
    for path, allowed in (*expand(readable, hidden), ("/proc", READ), (parent, handled), *((one, handled) for one in DEVICES)):
        _allow(fd, path, allowed & handled)
    return fd


def own(readable: tuple[str, ...], hidden: tuple[str, ...], folder: str) -> int:
    """The half that belongs to one process: what is readable, its folder and no other below the parent, itself in ``/proc``."""
    fd, handled = _new()
    write = handled & ~(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV)
    parent = os.path.dirname(os.path.realpath(folder))
    rules = [(folder, write), *((device, READ_FILE | WRITE_FILE | TRUNCATE) for device in DEVICES)]
    rules += [(f"/proc/{os.getpid()}/{name}", READ) for name in ABOUT_ITSELF]
    for path in readable:
        real = os.path.realpath(path)
        if _under(real, parent) or _under(parent, real):
            rules += expand((path,), hidden)
        else:
            rules.append((path, READ))
    for path, allowed in rules:
        _allow(fd, path, allowed & handled)
    return fd


def _new() -> tuple[int, int]:
    version = abi()
    if not version:
        raise SandboxError("landlock", "the kernel offers no Landlock (it needs Linux 5.13 or later with Landlock switched on)")
    handled = ALL[min(version, 5)]
    return _create(handled, TCP if version >= 4 else 0, SCOPES if version >= 6 else 0, version), handled


def _allow(fd: int, path: str, allowed: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # what is not there, or out of reach anyway, needs no rule
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            allowed &= ON_FILES
        rule = _Beneath(allowed, parent)
        libc.syscall("landlock_add_rule", fd, 1, libc.address(rule))
    finally:
        os.close(parent)


def restrict(fd: int) -> None:
    """From here on the rules hold for this process and all its descendants; no_new_privs must be set."""
    try:
        libc.syscall("landlock_restrict_self", fd)
    except OSError as error:
        raise SandboxError("landlock", f"Landlock refused the rules: {error}") from error
    finally:
        os.close(fd)


def scope_signals() -> bool:
    """Signals of this process and its descendants reach no one else, from here on. False where Landlock has no scopes yet."""
    version = abi()
    if version < 6:
        return False
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    fd = _create(REFER, 0, SIGNALS, version)
    _allow(fd, "/", REFER)  # which any rules forbid unless they allow it
    restrict(fd)
    return _deaf(os.getppid())


def _deaf(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        pass
    return False


@cache
def expand(readable: tuple[str, ...], hidden: tuple[str, ...]) -> list[tuple[str, int]]:
    """Rules that allow the readable trees without the hidden paths in them.

    A rule holds for all below it, so that a tree with something hidden in it becomes its entries, down to the hidden one. Its
    names stay listable where Python imports from: without them, the import system finds nothing there.
    """
    secret = [os.path.realpath(path) for path in hidden]
    packages = [os.path.realpath(path) for path in sys.path if os.path.isabs(path)]
    rules: list[tuple[str, int]] = []
    todo = [os.path.realpath(path) for path in readable]
    while todo:
        path = todo.pop()
        if path in secret:
            continue
        if not any(_under(one, path) for one in secret):
            rules.append((path, READ))
            continue
        if any(_under(path, one) for one in packages):
            rules.append((path, READ_DIR))
        try:
            with os.scandir(path) as entries:
                todo += [entry.path for entry in entries if not entry.is_symlink()]
        except (PermissionError, FileNotFoundError) as error:
            if error.errno not in (errno.EACCES, errno.ENOENT):
                raise
    return rules


def _under(path: str, tree: str) -> bool:
    return path == tree or path.startswith(tree.rstrip("/") + "/")
