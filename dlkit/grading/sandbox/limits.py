"""Identity, descriptors and resource limits of a confined process."""

from __future__ import annotations

import os
import platform
from typing import Any

from dlkit.grading.sandbox import libc
from dlkit.grading.sandbox.policy import Policy, SandboxError

try:
    import resource
except ImportError:  # Windows
    resource: Any = None

# Identities that no account has: above all that systemd gives out, or, where a container maps only 65536, those it takes for
# passing services. Each keeper has its own, so that two confined processes are strangers to each other.
HIGH, HIGH_COUNT = 0x70000000, 0x0FFF0000
LOW, LOW_COUNT = 61184, 4336
CAP_KILL, CAP_SYS_ADMIN = 5, 21


def identity() -> int:
    """The user and group to run as: an unprivileged one of this process's own if it is root, else the present one."""
    if os.geteuid() != 0:
        return os.geteuid()
    number = os.getpid() + 40503 * os.stat("/proc/self/ns/pid").st_ino  # containers count their processes alike
    for first, count in ((HIGH, HIGH_COUNT), (LOW, LOW_COUNT)):
        candidate = first + number % count
        if _mapped(candidate, "uid") and _mapped(candidate, "gid"):
            return candidate
    raise SandboxError("identity", "this process is root, but there is no other user here to become (see /proc/self/uid_map)")


def _mapped(number: int, kind: str) -> bool:
    with open(f"/proc/self/{kind}_map", encoding="ascii") as table:
        rows = [[int(field) for field in row.split()] for row in table]
    return any(first <= number < first + count for first, _, count in rows)


def hand_over(folder: str, user: int) -> None:
    """Give the folder, prepared by trusted code, to the user who works in it. Links are not followed."""
    try:
        os.chown(folder, user, user, follow_symlinks=False)
        for place, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(os.path.join(place, name), user, user, follow_symlinks=False)
    except OSError as error:
        raise SandboxError("identity", f"root cannot hand the folder to user {user} here: {error}") from error


def become(user: int) -> None:
    """Drop root for good."""
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        libc.prctl(libc.PR_SET_DUMPABLE, 1)  # or its files in /proc, the map of its user namespace among them, would be root's
    except OSError as error:
        raise SandboxError("identity", f"root could not become user {user}: {error}") from error


def unprivileged() -> None:
    """No capability, and none to be had again, also not by a set-user-id program."""
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    held = libc.capabilities()
    libc.set_capabilities(0, bounding=bool(held >> 8 & 1))  # CAP_SETPCAP
    if libc.capabilities():
        raise SandboxError("identity", "capabilities could not be given up")


def silence(keep: tuple[int, ...]) -> None:
    """Close what was inherited, except ``keep``; the standard streams lead nowhere unless kept."""
    libc.close_all_but(keep)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in {0, 1, 2} - set(keep):
        os.dup2(null, fd)
    if null > 2:
        os.close(null)


def tasks_of(user: int) -> int:
    """How many processes and threads a user has."""
    count = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat(f"/proc/{name}").st_uid == user:
                    count += os.stat(f"/proc/{name}/task").st_nlink - 2
            except OSError:
                pass  # ended in between
    return count


def counts_by_namespace() -> bool:
    """Since Linux 5.14 a user namespace counts its own processes."""
    return tuple(int(part) for part in platform.release().split(".")[:2] if part.isdigit()) >= (5, 14)


def data_size() -> int:
    """Bytes of private, writable memory that this process has."""
    with open("/proc/self/statm", encoding="ascii") as sizes:
        return int(sizes.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")


def process_limit(policy: Policy, own_user: bool, own_namespace: bool) -> int:
    """For RLIMIT_NPROC, which counts all of a user.

    Exact where the confined processes have a user (root started them) or a user namespace of their own. Else it is a backstop
    above what the user has now, so wide that one notebook cannot take another's share: the ``Meter`` keeps the exact number.
    """
    if own_user:
        return policy.processes
    if own_namespace and counts_by_namespace():
        return policy.processes + 1  # the keeper
    return tasks_of(os.geteuid()) + 4 * policy.processes


def apply(policy: Policy, processes: int, data: int) -> None:
    """The limits that the kernel keeps for each process; ``data`` is what ``data_size`` said at the start."""
    mebibyte = 2**20
    wanted = {
        "RLIMIT_DATA": data + policy.memory,
        "RLIMIT_NPROC": processes,
        "RLIMIT_NOFILE": policy.open_files,
        "RLIMIT_FSIZE": policy.file_size,
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": policy.cpu_seconds,
        "RLIMIT_STACK": 64 * mebibyte,
        "RLIMIT_MEMLOCK": 8 * mebibyte,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_NICE": 0,
        "RLIMIT_RTPRIO": 0,
        "RLIMIT_SIGPENDING": 1024,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name)
        soft, hard = resource.getrlimit(kind)
        top = value if hard == resource.RLIM_INFINITY else min(value, hard)
        start = min(8 * mebibyte, top) if name == "RLIMIT_STACK" else top
        try:
            resource.setrlimit(kind, (start, top))
        except (OSError, ValueError) as error:
            raise SandboxError("limits", f"{name} could not be set to {top}: {error}") from error


def protect_self() -> None:
    """For trusted processes: code of the same user can no longer read their memory or attach to them. On Linux."""
    if libc.SUPPORTED:
        libc.prctl(libc.PR_SET_DUMPABLE, 0)
