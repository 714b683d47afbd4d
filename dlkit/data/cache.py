"""Where downloaded files live, how they get there, and how we know that they are the published ones."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 18
_TIMEOUT_SECONDS = 30


class DataNotFoundError(FileNotFoundError):
    """A data file is not on this machine; the message says where to get it and where to put it."""


class ChecksumError(ValueError):
    """A data file is not the published one: damaged, cut short, or another file of that name."""


@dataclass(frozen=True)
class RemoteFile:
    """One published file: its name, size in bytes, SHA-256, and the addresses that serve it."""

    name: str
    size: int
    sha256: str
    urls: tuple[str, ...]


def data_directory() -> Path:
    """Return the folder for downloaded data: ``DLKIT_DATA`` if set, else the platform's cache folder.

    Returns
    -------
    pathlib.Path
        ``~/.cache/dlkit`` on Linux, ``~/Library/Caches/dlkit`` on macOS, ``dlkit`` in ``%LOCALAPPDATA%`` on
        Windows. It need not exist.
    """
    chosen = os.environ.get("DLKIT_DATA")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "dlkit"


def fetch(file: RemoteFile, directory: Path, call: str, *, download: bool = False) -> Path:
    """Return the path of a published file after checking it; download it first if asked to.

    Parameters
    ----------
    file : RemoteFile
        What is wanted.
    directory : pathlib.Path
        Folder of the data set.
    call : str
        The loader's call that would download it, for the error message.
    download : bool
        Fetch a file that is missing or damaged. Progress is printed; the file appears only when it is
        complete and its checksum is right.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    DataNotFoundError
        If the file is missing and ``download`` is false, or if no address could be reached.
    ChecksumError
        If the file is not the published one.
    """
    path = directory / file.name
    if path.is_file():
        problem = _problem(path, file)
        if problem is None:
            return path
        if not download:
            raise ChecksumError(f"{path} {problem}. Delete it, or replace it with  {call}")
    elif not download:
        raise DataNotFoundError(_how_to_get(file, path, call, "is not on this machine"))
    return _download(file, path, call)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in _blocks(stream):
            digest.update(block)
    return digest.hexdigest()


def _problem(path: Path, file: RemoteFile) -> str | None:
    size = path.stat().st_size
    if size != file.size:
        return f"has {size} bytes, the published file has {file.size}"
    found = sha256(path)
    if found != file.sha256:
        return f"has SHA-256 {found}, the published file has {file.sha256}"
    return None


def _how_to_get(file: RemoteFile, path: Path, call: str, trouble: str) -> str:
    addresses = "\n              ".join(file.urls)
    return (
        f"The file {file.name} {trouble}.\n"
        f"  looked for: {path}\n"
        f"  get it:     {call}\n"
        f"  or fetch:   {addresses}\n"
        f"  put it in:  {path.parent}   (the environment variable DLKIT_DATA moves the data folder)"
    )


def _download(file: RemoteFile, path: Path, call: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    reasons = []
    damaged = False
    for url in file.urls:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=path.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                _copy(url, target, file)
            problem = _problem(part, file)
            if problem is None:
                os.replace(part, path)
                return path
            damaged = True
            reasons.append(f"{url}: what came {problem}")
        except OSError as error:
            reasons.append(f"{url}: {error}")
        finally:
            part.unlink(missing_ok=True)
    trouble = "could not be downloaded (" + "; ".join(reasons) + ")"
    error_class = ChecksumError if damaged else DataNotFoundError
    raise error_class(_how_to_get(file, path, call, trouble))


def _copy(url: str, target: BinaryIO, file: RemoteFile) -> None:
    """Copy at most one byte more than the published size, so that an endless answer cannot fill the disk."""
    request = urllib.request.Request(url, headers={"User-Agent": "dlkit-course"})
    done, printed = 0, -1
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as source:
        for block in _blocks(source):
            target.write(block[: file.size + 1 - done])
            done += len(block)
            tenth = min(10, 10 * done // file.size)
            if tenth != printed:
                printed = tenth
                print(f"\r{file.name}: {10 * tenth:3d} % of {file.size / 1e6:.1f} MB", end="", flush=True)
            if done > file.size:
                break
    print()


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block
