"""What a process that runs other people's code may do, and the rungs of the ladder."""

from __future__ import annotations

import os
from dataclasses import dataclass

LEVELS = {
    0: "none",
    1: "limits only",
    2: "files by allow-list, no network, limits",
    3: "own namespaces: no network, no other processes visible, files by allow-list, limits",
}
LAYERS = ("identity", "namespaces", "mounts", "landlock", "seccomp", "limits")
NEEDED = {
    0: frozenset(),
    1: frozenset({"identity", "limits"}),
    2: frozenset({"identity", "landlock", "seccomp", "limits"}),
    3: frozenset({"identity", "namespaces", "mounts", "seccomp", "limits"}),
}
REFUSED = 97  # exit status of a keeper that could not apply a layer


class SandboxError(RuntimeError):
    """A layer could not be applied; ``layer`` is its name, the message says why in plain words."""

    def __init__(self, layer: str, message: str):
        super().__init__(message)
        self.layer = layer


@dataclass(frozen=True)
class Policy:
    """One rung of the ladder for one process: all of its layers, or an error.

    Parameters
    ----------
    level:
        Which rung, see ``LEVELS``.
    folder:
        The only real folder the process may write to: its working directory, HOME and TMPDIR.
    readable:
        Files and trees it may read (levels 2 and 3); those that do not exist are passed over.
    hidden:
        Paths below readable trees that it may not read. The innermost mention of a path decides. At level 2 hidden names can
        still be listed where Python imports from.
    memory:
        Bytes beyond what the process had when it started: kept for each process by the kernel, in sum over all descendants by
        the ``Meter``.
    processes, open_files, file_size, disk, cpu_seconds:
        How many processes and threads there may be at once; how many open files each; bytes in a file and in ``folder``; CPU
        seconds of each process.
    layers:
        Only these layers instead of those of the level, each of them for certain. For tests.
    """

    level: int
    folder: str
    readable: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    memory: int = 2 * 2**30
    processes: int = 64
    open_files: int = 256
    file_size: int = 256 * 2**20
    disk: int = 512 * 2**20
    cpu_seconds: int = 120
    layers: frozenset[str] | None = None

    def __post_init__(self) -> None:
        for name in ("readable", "hidden"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.level not in LEVELS:
            raise ValueError(f"level is {self.level}, expected one of {sorted(LEVELS)}")
        for path in (self.folder, *self.readable, *self.hidden):
            if not os.path.isabs(path) or os.path.normpath(path) != path:
                raise ValueError(f"{path!r} is not an absolute, plain path")
        if unknown := (self.layers or frozenset()) - set(LAYERS):
            raise ValueError(f"layers has {sorted(unknown)}, expected some of {', '.join(LAYERS)}")

    def wants(self, layer: str) -> bool:
        """Whether this layer must be applied."""
        return layer in (NEEDED[self.level] if self.layers is None else self.layers)
