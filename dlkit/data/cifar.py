"""CIFAR-10 in its published form, Python pickles in a gzipped tar archive, read without trusting either."""

from __future__ import annotations

import io
import os
import pickle
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from dlkit.data.cache import RemoteFile, data_directory, fetch
from dlkit.data.dataset import Dataset

CIFAR10_FILE = RemoteFile(
    "cifar-10-python.tar.gz",
    170_498_071,
    "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
)
CIFAR10_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip

_FOLDER = "cifar-10-batches-py"
_BATCHES = {True: tuple(f"data_batch_{i}" for i in range(1, 6)), False: ("test_batch",)}
_MAX_BATCH_BYTES = 64 << 20


def load_cifar10(
    train: bool = True, *, download: bool = False, directory: str | os.PathLike[str] | None = None
) -> Dataset:
    """Load CIFAR-10: 50,000 training or 10,000 test colour images of 32 by 32 pixels, 10 classes.

    Parameters
    ----------
    train : bool
        Training images, or test images.
    download : bool
        Fetch the archive if it is not here (170 MB).
    directory : path, optional
        Folder of ``cifar-10-python.tar.gz``; by default ``cifar-10`` in the data folder (``DLKIT_DATA``).

    Returns
    -------
    Dataset
        X (N, 3, 32, 32) uint8 (channels red, green, blue), y (N,) int64 in 0..9.

    Raises
    ------
    DataNotFoundError
        If the archive is not here; the message says where to get it and where to put it.
    ChecksumError
        If the archive is not the published one.

    Source: lecture notes, unit 1; A. Krizhevsky, Learning multiple layers of features from tiny images, 2009.
    """
    place = data_directory() / "cifar-10" if directory is None else Path(directory).expanduser()
    call = f"dlkit.data.load_cifar10(train={bool(train)}, download=True)"
    path = fetch(CIFAR10_FILE, place, call, download=download)
    wanted = _BATCHES[bool(train)]
    batches = read_cifar_archive(path, wanted)
    X = np.concatenate([batches[name][0] for name in wanted])
    y = np.concatenate([batches[name][1] for name in wanted])
    part = "training" if train else "test"
    return Dataset(X, y, (), CIFAR10_NAMES, f"cifar-10: {len(X)} {part} images in red, green, blue.")


def read_cifar_archive(
    path: str | os.PathLike[str], names: tuple[str, ...]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Read batches straight out of a CIFAR-10 archive; nothing is written to the disk.

    Parameters
    ----------
    path : path
        The ``.tar.gz`` file.
    names : tuple of str
        Batches, such as ``("data_batch_1",)``.

    Returns
    -------
    dict of str to (ndarray (N, 3, 32, 32) uint8, ndarray (N,) int64)

    Raises
    ------
    ValueError
        If the archive is damaged, has a member that points outside its folder, or lacks a batch.
    """
    path = Path(path)
    wanted = {f"{_FOLDER}/{name}": name for name in names}
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                _refuse_escape(member, path.name)
                if member.name not in wanted:
                    continue
                if not member.isreg() or member.size > _MAX_BATCH_BYTES:
                    raise ValueError(f"{path.name}: {member.name} is not a plain file of a sensible size")
                stream = archive.extractfile(member)
                assert stream is not None  # a regular file always has one
                found[wanted[member.name]] = read_cifar_batch(stream.read(), member.name)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise ValueError(f"{path.name} is damaged or cut short: {error}") from error
    missing = [name for name in names if name not in found]
    if missing:
        raise ValueError(f"{path.name} lacks {', '.join(f'{_FOLDER}/{name}' for name in missing)}")
    return found


def read_cifar_batch(content: bytes, name: str = "batch") -> tuple[np.ndarray, np.ndarray]:
    """Read one CIFAR batch, a Python 2 pickle of a dictionary, without running anything that it names.

    Parameters
    ----------
    content : bytes
        The pickle.
    name : str
        For error messages.

    Returns
    -------
    images : ndarray (N, 3, 32, 32) uint8
    labels : ndarray (N,) int64

    Raises
    ------
    ValueError
        If the pickle asks for anything but a NumPy array, is damaged, or holds no images and labels.
    """
    try:
        batch = _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
    except ValueError:
        raise
    except Exception as error:  # a damaged pickle can fail in any way
        raise ValueError(f"{name} is not a readable batch: {type(error).__name__}: {error}") from error
    if not isinstance(batch, Mapping) or b"data" not in batch or b"labels" not in batch:
        raise ValueError(f"{name} is not a CIFAR batch: it has no data and labels")
    pixels, labels = batch[b"data"], batch[b"labels"]
    if not isinstance(pixels, _PickledArray):
        raise ValueError(f"{name}: data is {type(pixels).__name__}, expected an array")
    rows = pixels.as_bytes_table(name)
    if not isinstance(labels, list) or len(labels) != len(rows):
        raise ValueError(f"{name}: labels do not match the {len(rows)} images")
    if not all(type(label) is int and 0 <= label < len(CIFAR10_NAMES) for label in labels):
        raise ValueError(f"{name}: labels are not all whole numbers from 0 to {len(CIFAR10_NAMES) - 1}")
    return rows.reshape(-1, 3, 32, 32), np.array(labels, dtype=np.int64)


def _refuse_escape(member: tarfile.TarInfo, archive: str) -> None:
    parts = PurePosixPath(member.name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or member.issym() or member.islnk() or member.isdev():
        raise ValueError(f"{archive} has a member that does not belong there: {member.name!r}")


class _PickledDtype:
    """Stands in for ``numpy.dtype``: remembers the type code, builds nothing."""

    def __init__(self, code: object, *_: object) -> None:
        self.code = code

    def __setstate__(self, state: object) -> None:
        """Ignore byte order and fields: one byte per pixel is all we accept."""


class _PickledArray:
    """Stands in for ``numpy.ndarray``: keeps shape, type code and bytes until they have been checked."""

    def __init__(self, *_: object) -> None:
        self.state: Any = None

    def __setstate__(self, state: object) -> None:
        self.state = state

    def as_bytes_table(self, name: str) -> np.ndarray:
        try:
            _, shape, dtype, fortran, content = self.state
            rows, columns = shape
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: the array of pixels has no proper state") from error
        code = dtype.code if isinstance(dtype, _PickledDtype) else None
        if (
            type(rows) is not int
            or code not in (b"u1", "u1")
            or fortran
            or columns != 3072
            or not isinstance(content, bytes)
        ):
            raise ValueError(f"{name}: pixels are {code!r} of shape {shape!r}, expected u1 (N, 3072)")
        if len(content) != rows * columns:
            raise ValueError(f"{name}: {len(content)} bytes of pixels, expected {rows} x {columns}")
        return np.frombuffer(content, np.uint8).reshape(rows, columns).copy()


class _BatchUnpickler(pickle.Unpickler):
    """Unpickler that knows the three names a CIFAR batch uses and answers each with a stand-in of ours."""

    _KNOWN = {
        ("numpy.core.multiarray", "_reconstruct"): _PickledArray,
        ("numpy", "ndarray"): _PickledArray,
        ("numpy", "dtype"): _PickledDtype,
    }

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._KNOWN[module, name]
        except KeyError:
            raise ValueError(f"refused: the pickle asks for {module}.{name}, no CIFAR batch does") from None

    def persistent_load(self, pid: object) -> Any:
        raise ValueError("refused: the pickle refers to an object outside itself")
