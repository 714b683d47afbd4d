"""A root of its own: what may be read, the folder, a small private ``/tmp``, and nothing else."""

from __future__ import annotations

import errno
import os
import re
import stat
from functools import cache

from dlkit.grading.sandbox import libc
from dlkit.grading.sandbox.policy import Policy, SandboxError

DEVICES = ("null", "zero", "full", "random", "urandom")
LINKS = {
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
    "/dev/ptmx": "pts/ptmx",
}
SYSTEM = ("/sys/devices/system/cpu", "/sys/devices/system/node")
# Where a fresh /proc is refused (parts of the old one are hidden, as in most containers), these tell enough of the machine.
PROC_FILES = ("cpuinfo", "filesystems", "loadavg", "meminfo", "stat", "uptime", "version", "vmstat")
OLD, EMPTY, EMPTY_FILE = "/.old", "/.empty", "/.nothing"
RDONLY, NOSUID, NODEV, NOEXEC = 1, 2, 4, 8  # for mount_setattr


def scratch_bytes(policy: Policy) -> int:
    """How much ``/tmp`` and ``/dev/shm`` hold together. It is memory, but in no process's sum."""
    return min(policy.memory // 4, 512 * 2**20)


def build(policy: Policy, own_processes: bool) -> None:
    """Move this process into a new root; ``/proc`` is fresh if the process ids are its own.

    It needs the right to mount in a mount namespace of its own. The new root is a tmpfs of limited size.
    """
    try:
        _build(policy, own_processes)
    except OSError as error:
        raise SandboxError("mounts", f"the view of the files could not be built: {error}") from error


def _build(policy: Policy, own_processes: bool) -> None:
    binds, links = plan((*policy.readable, *SYSTEM), policy.hidden)
    links = dict(links)
    folder = _resolve(policy.folder, links)
    libc.unshare(libc.CLONE_NEWNS)
    libc.mount("", "/", flags=libc.MS_REC | libc.MS_PRIVATE)
    options = f"size={scratch_bytes(policy)},nr_inodes=20000,mode=755"
    libc.mount("tmpfs", folder, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, options)
    os.mkdir(folder + OLD)
    libc.pivot_root(folder, folder + OLD)
    os.chdir("/")
    os.umask(0o022)
    for place in ("/tmp", "/dev/shm"):
        os.makedirs(place)
        os.chmod(place, 0o1777)
        libc.mount(place, place, flags=libc.MS_BIND)
    for place in ("/proc", "/dev/pts", EMPTY):
        os.makedirs(place)
    for place in (EMPTY_FILE, *(f"/dev/{name}" for name in DEVICES)):
        _touch(place)
    for path, visible in binds:
        _bind(path) if visible else _cover(path)
    _bind(folder)
    for link, target in {**links, **LINKS}.items():
        if not os.path.lexists(link):
            os.makedirs(os.path.dirname(link), exist_ok=True)
            os.symlink(target, link)
    if not own_processes or not _fresh_proc():
        for name in PROC_FILES:
            if os.path.exists(f"{OLD}/proc/{name}"):
                _bind(f"/proc/{name}")
    _change("/", RDONLY | NOSUID | NODEV, 0, recursive=True)
    for place in ("/tmp", "/dev/shm", folder):
        _change(place, 0, RDONLY)
    for name in DEVICES:
        libc.mount(f"{OLD}/dev/{name}", f"/dev/{name}", flags=libc.MS_BIND)
        _change(f"/dev/{name}", 0, NODEV)  # the old root got it too, a moment ago
    try:
        libc.mount("devpts", "/dev/pts", "devpts", libc.MS_NOSUID | libc.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0600")
    except OSError:
        pass  # no terminals then; nothing but programs that ask for one needs them
    libc.unmount(OLD, libc.MNT_DETACH)
    os.chdir(policy.folder)


def _fresh_proc() -> bool:
    try:
        libc.mount("proc", "/proc", "proc", libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC | libc.MS_RDONLY)
        return True
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EACCES):
            return False
        raise


def _touch(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def _bind(path: str) -> None:
    """Show a path of the old root under the same name in the new one."""
    source = OLD + path
    if not os.path.lexists(path):
        os.makedirs(path if os.path.isdir(source) else os.path.dirname(path), exist_ok=True)
        if not os.path.isdir(source):
            _touch(path)
    libc.mount(source, path, flags=libc.MS_BIND | libc.MS_REC)


def _cover(path: str) -> None:
    """Put something empty over what is hidden."""
    try:
        folder = stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return
    libc.mount(EMPTY if folder else EMPTY_FILE, path, flags=libc.MS_BIND)


def _change(path: str, add: int, clear: int, recursive: bool = False) -> None:
    """Set and clear flags of mounts, by one call where the kernel has it (5.12), else one by one."""
    try:
        libc.mount_setattr(path, add, clear, recursive)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        for mount, flags in _mounts_below(path) if recursive else [(path, _flags(path))]:
            libc.mount("", mount, flags=libc.MS_REMOUNT | libc.MS_BIND | (flags | add) & ~clear)


def _mounts_below(path: str) -> list[tuple[str, int]]:
    with open(f"{OLD}/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as table:
        points = [re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), line.split()[4]) for line in table]
    return [(point, _flags(point)) for point in points if not point.startswith(OLD) and point.startswith(path)]


def _flags(path: str) -> int:
    """The flags of a mount, which must be named again when it is changed."""
    found = os.statvfs(path).f_flag
    return found & (RDONLY | NOSUID | NODEV | NOEXEC | libc.MS_NOATIME | libc.MS_NODIRATIME) | (
        libc.MS_RELATIME if found & 4096 else 0
    )


@cache
def plan(readable: tuple[str, ...], hidden: tuple[str, ...]) -> tuple[list[tuple[str, bool]], dict[str, str]]:
    """What to bind and what to cover, outer paths first, and the symbolic links that lead there.

    The innermost mention of a path decides; of a path that is both readable and hidden, hidden.
    """
    links: dict[str, str] = {}
    marks = {_resolve(path, links): True for path in readable if os.path.exists(path)}
    marks |= {os.path.realpath(path): False for path in hidden}
    steps: list[tuple[str, bool]] = []
    shown: dict[str, bool] = {}
    for path in sorted(marks):
        around = next((shown[parent] for parent in _parents(path) if parent in shown), False)
        shown[path] = marks[path]
        if marks[path] != around:
            steps.append((path, marks[path]))
    return steps, links


def _parents(path: str) -> list[str]:
    """``/a/b/c`` -> ``/a/b``, ``/a``, ``/``."""
    found = []
    while path != "/":
        path = os.path.dirname(path)
        found.append(path)
    return found


def _resolve(path: str, links: dict[str, str]) -> str:
    """The real path; every symbolic link on the way is added to ``links``."""
    for _ in range(40):
        done = "/"
        for part in path.strip("/").split("/"):
            step = os.path.join(done, part)
            if os.path.islink(step):
                links[step] = os.readlink(step)
                path = os.path.normpath(os.path.join(done, links[step])) + path[len(step) :]
                break
            done = step
        else:
            return path
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
