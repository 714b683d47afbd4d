"""Opens what students hand in: only plain files, no links, nothing larger than we can take."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 32 * 2**20  # of one file
MOST_EXTRAS, MOST_EXTRA_BYTES = 500, 256 * 2**20  # files beside the notebooks of a submission
DEEPEST = 8  # folders in folders


class Unreadable(Exception):
    """A file that is no notebook; the message says why."""


def file_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of a plain file. Links, folders, pipes, devices and files larger than `most` bytes are refused."""
    with open_plain(path, most) as file:
        return file.read(most)


@contextmanager
def open_plain(path: Path, most: int) -> Iterator[BinaryIO]:
    """Open a file for reading, or raise :class:`Unreadable` unless it is a plain file of at most `most` bytes."""
    try:
        kind = os.lstat(path).st_mode
        if stat.S_ISLNK(kind):
            raise Unreadable("is a link: links are not followed")
        if not stat.S_ISREG(kind):
            raise Unreadable("is a folder, not a notebook" if stat.S_ISDIR(kind) else "is not a file")
        flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
        handle = os.open(path, flags)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or type(error).__name__}") from None
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("is not a file")
        if about.st_size > most:
            size = f"{about.st_size / 2**20:.0f} MB large, more than {most / 2**20:.0f}"
            raise Unreadable(f"is {size}: clear the outputs of its cells and hand it in again")
        yield file


def readable(name: str) -> str:
    """A file name for people, whatever bytes and signs it is made of.

    >>> readable("a\\nb"), readable("Zoë")
    ('a\\\\nb', 'Zoë')
    """
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in name)


def copy_extras(source: Path, folder: Path, names: tuple[Path, ...] | None = None) -> None:
    """Copy the files of `source` that are not notebooks (only `names`, if given) over what is in `folder`; no links."""
    for path in names if names is not None else extras(source):
        target = folder / path
        for above in reversed(path.parents[:-1]):
            if (folder / above).is_file():
                (folder / above).unlink()
        if target.is_dir():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open_plain(source / path, MOST_EXTRA_BYTES) as file, target.open("wb") as copy:
                shutil.copyfileobj(file, copy)
        except Unreadable:  # it was a plain file when it was found
            target.unlink(missing_ok=True)


def extras(source: Path) -> tuple[Path, ...]:
    """Files beside the notebooks of a folder, relative to it; no links, caches or checkpoints."""
    return find_extras(source)[0]


def find_extras(source: Path) -> tuple[tuple[Path, ...], list[str]]:
    """Files beside the notebooks of a folder, and remarks about those that are left out."""
    found, refused, size, full = [], [], 0, False
    for entry, inside in walk(source):
        if entry.is_symlink():
            refused.append(f"{readable(str(inside))} (a link)")
        elif not entry.is_file(follow_symlinks=False):
            refused.append(f"{readable(str(inside))} (not a file)")
        elif not (inside.suffix == ".pyc" or any(part.lower().endswith(".ipynb") for part in inside.parts)):
            bytes_more = entry.stat(follow_symlinks=False).st_size
            if len(found) >= MOST_EXTRAS or size + bytes_more > MOST_EXTRA_BYTES:
                full = True
                continue
            size += bytes_more
            found.append(inside)
    remarks = []
    if refused:
        more = f" and {len(refused) - 4} more" if len(refused) > 4 else ""
        remarks.append(f"left out: {', '.join(refused[:4])}{more}")
    if full:
        limit = f"{MOST_EXTRAS} files or {MOST_EXTRA_BYTES // 2**20} MB"
        remarks.append(f"more than {limit} beside the notebooks: only the first {len(found)} files were taken")
    return tuple(sorted(found)), remarks


def walk(folder: Path, inside: Path = Path()) -> Iterator[tuple[os.DirEntry[str], Path]]:
    """Entries below a folder that are not folders, in order; links are not followed."""
    try:
        with os.scandir(folder / inside) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in listed:
        if entry.name in (".ipynb_checkpoints", "__pycache__"):
            continue
        if entry.is_dir(follow_symlinks=False):
            if len(inside.parts) < DEEPEST:
                yield from walk(folder, inside / entry.name)
        else:
            yield entry, inside / entry.name
