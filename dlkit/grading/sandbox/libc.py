"""The system calls that Python has no name for, by ctypes. Linux on x86_64 and aarch64."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from functools import cache
from typing import Any

LINUX = sys.platform == "linux"
MACHINE = platform.machine()
SUPPORTED = LINUX and MACHINE in ("x86_64", "aarch64") and sys.maxsize > 2**32

# Numbers that are the same on both architectures, then those of each.
NUMBERS = {"mount_setattr": 442, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}
NUMBERS |= (
    {"capget": 90, "capset": 91, "pivot_root": 41, "seccomp": 277, "close_range": 436}
    if MACHINE == "aarch64"
    else {"capget": 125, "capset": 126, "pivot_root": 155, "seccomp": 317, "close_range": 436}
)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 1024, 2048, 4096, 16384, 1 << 18, 1 << 21
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 36, 38, 47, 4


@cache
def _libc() -> Any:
    lib = ctypes.CDLL(None, use_errno=True)
    lib.syscall.restype = ctypes.c_long
    lib.syscall.argtypes = (ctypes.c_long,) * 7
    lib.mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)
    lib.umount2.argtypes = (ctypes.c_char_p, ctypes.c_int)
    lib.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    lib.unshare.argtypes = (ctypes.c_int,)
    return lib


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), what)
    return result


def syscall(name: str, first: int = 0, second: int = 0, third: int = 0, fourth: int = 0, fifth: int = 0) -> int:
    """Call by number; pointers are passed as addresses, see ``address``."""
    return _checked(_libc().syscall(NUMBERS[name], first, second, third, fourth, fifth, 0), name)


def address(thing: Any) -> int:
    """Where a ctypes structure, array or buffer begins; it must live until the call is over."""
    return ctypes.addressof(thing)


def prctl(option: int, value: int = 0, third: int = 0) -> int:
    return _checked(_libc().prctl(option, value, third, 0, 0), f"prctl({option})")


def unshare(flags: int) -> None:
    _checked(_libc().unshare(flags), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    texts = [os.fsencode(text) if text else None for text in (source, target, kind, data)]
    _checked(_libc().mount(texts[0], texts[1], texts[2], flags, texts[3]), f"mount {target}")


def unmount(target: str, flags: int = 0) -> None:
    _checked(_libc().umount2(os.fsencode(target), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    texts = [ctypes.create_string_buffer(os.fsencode(path)) for path in (new, old)]
    syscall("pivot_root", address(texts[0]), address(texts[1]))


class _MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("attr_set", "attr_clr", "propagation", "userns_fd")]


def mount_setattr(path: str, add: int, clear: int, recursive: bool) -> None:
    """Set and clear flags of a mount, of all below it too if ``recursive``. Linux 5.12 and later, else ENOSYS."""
    attr = _MountAttr(add, clear, 0, 0)
    target = ctypes.create_string_buffer(os.fsencode(path))
    syscall("mount_setattr", -100, address(target), 0x8000 if recursive else 0, address(attr), ctypes.sizeof(attr))


def close_all_but(keep: tuple[int, ...]) -> None:
    """Close all file descriptors from 3 on except these."""
    edges = [2, *sorted({fd for fd in keep if fd > 2}), 2**31 - 1]
    for low, high in zip(edges, edges[1:], strict=False):
        if low + 1 < high:
            try:
                syscall("close_range", low + 1, high - 1, 0)
            except OSError as error:
                if error.errno != errno.ENOSYS:
                    raise
                _close_listed(low + 1, high - 1)


def _close_listed(first: int, last: int) -> None:
    for name in os.listdir("/proc/self/fd"):
        if first <= int(name) <= last:
            try:
                os.close(int(name))
            except OSError:
                pass  # the listing's own descriptor


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def capabilities() -> int:
    """The effective capabilities of this process, as a bit mask."""
    header, data = _CapHeader(0x20080522, 0), (ctypes.c_uint32 * 6)()
    syscall("capget", address(header), address(data))
    return data[0] | data[3] << 32


def set_capabilities(mask: int, bounding: bool = True) -> None:
    """Keep these capabilities and no others, now and after any exec."""
    if bounding:
        for number in range(64):
            if not mask >> number & 1 and _libc().prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0:
                if ctypes.get_errno() == errno.EINVAL:
                    break  # the kernel knows no more of them
    try:
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    low, high = mask & 0xFFFFFFFF, mask >> 32
    data = (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0)
    header = _CapHeader(0x20080522, 0)
    syscall("capset", address(header), address(data))
