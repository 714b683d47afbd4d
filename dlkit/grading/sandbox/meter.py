"""Watches a confined process and all its descendants from outside, and ends them together."""

from __future__ import annotations

import os
import select
import signal
import stat
import time

from dlkit.grading.sandbox.policy import Policy

FOLDER_EVERY = 0.5  # seconds between two looks into the folder
MOST_ENTRIES, MOST_DEPTH = 10_000, 64
REWRITTEN = 8  # times ``disk`` may be written in all, deleted and overwritten files included


class Meter:
    """What the descendants of a keeper use together.

    Parameters
    ----------
    keeper:
        Process id of a process that called, or is about to call, ``confine``.
    policy:
        Its policy.
    """

    def __init__(self, keeper: int, policy: Policy):
        self.keeper, self.policy = keeper, policy
        self.peak = 0
        self._start = _field(keeper, 21)
        self._baseline = _resident(_status(keeper))
        self._seen: dict[int, str] = {}
        self._next_look = 0.0
        self._fd = _pidfd(keeper)

    def close(self) -> None:
        """Forget the keeper; kills nothing."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def alive(self) -> bool:
        """Whether the keeper has not ended yet."""
        return _field(self.keeper, 2) not in ("", "Z", "X") and _field(self.keeper, 21) == self._start

    def check(self) -> str | None:
        """Which bound is broken, as the end of a sentence about the notebook, or None. To be called some 20 times a second."""
        policy = self.policy
        statuses = {pid: _status(pid) for pid in descendants(self.keeper)}
        for pid in statuses:
            if pid not in self._seen:
                self._seen[pid] = _field(pid, 21)
        if sum(int(status.get("Threads", "0")) for status in statuses.values()) > policy.processes:
            return f"started more than {policy.processes} processes and threads"
        used = self._memory(statuses)
        self.peak = max(self.peak, used)
        if used > policy.memory:
            return f"used more than {_size(policy.memory)} of memory"
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + FOLDER_EVERY
            if broken := self._storage(list(statuses)):
                return broken
        return None

    def _memory(self, statuses: dict[int, dict[str, str]]) -> int:
        """Private and shared memory beyond the start.

        The sum of what is resident counts a page once for every process that shares it since a fork. Only if that is too much,
        the exact shares are asked for, which costs milliseconds.
        """
        total = sum(_resident(status) for status in statuses.values()) - self._baseline
        if total <= self.policy.memory:
            return max(0, total)
        # Twice, as processes fork and end while they are asked.
        return max(0, min(sum(_share(pid) for pid in descendants(self.keeper)) for _ in range(2)) - self._baseline)

    def _storage(self, pids: list[int]) -> str | None:
        size = folder_size(self.policy.folder, self.policy.disk)
        if size is None:
            return f"made more than {MOST_ENTRIES} files, or folders nested too deeply"
        if size > self.policy.disk:
            return f"filled its folder with more than {_size(self.policy.disk)}"
        if sum(_written(pid) for pid in (*pids, self.keeper)) > REWRITTEN * self.policy.disk:
            return f"wrote more than {_size(REWRITTEN * self.policy.disk)} to disk"
        return None

    def interrupt(self) -> None:
        """Send the confined process a SIGINT; the keeper passes it on."""
        self._signal(signal.SIGINT)

    def kill(self, patience: float = 3.0) -> bool:
        """End the confined process, all its descendants and the keeper; whether that succeeded.

        The keeper does it, being nearest. If it is stopped or dead, what is left of the tree is killed from here.
        """
        end = time.monotonic() + patience
        self._seen |= {pid: _field(pid, 21) for pid in descendants(self.keeper)}
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)
        while self.alive() and time.monotonic() < end - patience / 2:
            self._wait(0.02)
        while left := self._left():
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    pass
            if time.monotonic() > end:
                return False
            time.sleep(0.002)
        self._signal(signal.SIGKILL)
        while self.alive() and time.monotonic() < end:
            self._wait(0.02)
        return not self.alive()

    def _left(self) -> list[int]:
        """Descendants that still run, those of a keeper that is gone and their own descendants included."""
        known = {pid for pid, start in self._seen.items() if start and _field(pid, 21) == start}
        for pid in (*known, self.keeper):
            for one in descendants(pid):
                self._seen.setdefault(one, _field(one, 21))
                known.add(one)
        return [pid for pid in known if _field(pid, 2) not in ("", "Z", "X")]

    def _signal(self, number: int) -> None:
        try:
            if self._fd is not None:
                signal.pidfd_send_signal(self._fd, number)
            elif self.alive():
                os.kill(self.keeper, number)
        except ProcessLookupError:
            pass

    def _wait(self, seconds: float) -> None:
        if self._fd is None:
            time.sleep(seconds)
        else:
            select.select([self._fd], [], [], seconds)


def children_of(pid: int) -> list[int]:
    """The processes that a process, by any of its threads, has started or inherited."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as names:
                found += [int(name) for name in names.read().split()]
    except FileNotFoundError:
        if os.path.exists(f"/proc/{pid}") and not os.path.exists("/proc/self/task"):
            raise
        if os.path.exists(f"/proc/{pid}/task") and not os.path.exists(f"/proc/self/task/{os.getpid()}/children"):
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and _field(int(name), 3) == str(pid)]
    except (ProcessLookupError, PermissionError):
        pass
    return found


def descendants(pid: int) -> list[int]:
    """All processes below a process."""
    found: list[int] = []
    todo = [pid]
    while todo:
        below = [one for one in children_of(todo.pop()) if one not in found]
        found += below
        todo += below
    return found


def _field(pid: int, index: int) -> str:
    """A field of /proc/PID/stat, counted from 0; empty if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            head, _, rest = file.read().rpartition(b")")
    except OSError:
        return ""
    return (rest.split()[index - 2] if index >= 2 else head.split()[0]).decode()


def _status(pid: int) -> dict[str, str]:
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            pairs = (line.split(b":", 1) for line in file.read().splitlines())
            return {name.decode(): value.strip().decode("ascii", "replace") for name, value in pairs}
    except (OSError, ValueError):
        return {}


def _kilobytes(text: str) -> int:
    return int(text.split()[0]) * 1024 if text else 0


def _resident(status: dict[str, str]) -> int:
    return sum(_kilobytes(status.get(name, "")) for name in ("RssAnon", "RssShmem", "VmSwap"))


def _share(pid: int) -> int:
    """A process's share of its pages; all of them if the kernel does not tell (a process can hide them, at its own cost)."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            sizes = dict(line.split(":", 1) for line in file if line.startswith(("Pss_Anon", "Pss_Shmem", "SwapPss")))
    except (OSError, ValueError):
        sizes = {}
    return sum(_kilobytes(size) for size in sizes.values()) if "Pss_Anon" in sizes else _resident(_status(pid))


def _written(pid: int) -> int:
    """Bytes that a process, and the ended children it waited for, sent to disk."""
    try:
        with open(f"/proc/{pid}/io", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("write_bytes"))
    except (OSError, StopIteration):
        return 0


def folder_size(folder: str, enough: int) -> int | None:
    """Bytes on disk below a folder, counted until there are ``enough``; None if there is too much to count. Follows no link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        root = os.open(folder, flags)
    except OSError:
        return 0
    total = entries = 0
    todo: list[tuple[int, int]] = [(root, 0)]
    try:
        while todo:
            fd, depth = todo.pop()
            try:
                for name in os.listdir(fd):
                    entries += 1
                    try:
                        found = os.stat(name, dir_fd=fd, follow_symlinks=False)
                        total += found.st_blocks * 512
                        if stat.S_ISDIR(found.st_mode):
                            if len(todo) + depth >= MOST_DEPTH:
                                return None
                            todo.append((os.open(name, flags, dir_fd=fd), depth + 1))
                    except OSError:
                        continue  # gone in between, or closed to us by its owner
                    if entries > MOST_ENTRIES:
                        return None
                    if total > enough:
                        return total
            finally:
                os.close(fd)
    finally:
        for fd, _ in todo:
            os.close(fd)
    return total


def _pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _size(count: int) -> str:
    return f"{count / 2**30:g} GiB" if count >= 2**30 else f"{count / 2**20:g} MiB"
