"""MNIST and Fashion-MNIST in their own file format, IDX, gzipped as published."""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path

import numpy as np

from dlkit.data.cache import RemoteFile, data_directory, fetch
from dlkit.data.dataset import Dataset

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_BYTES = 1 << 31

_IMAGES = {True: "train-images-idx3-ubyte.gz", False: "t10k-images-idx3-ubyte.gz"}
_LABELS = {True: "train-labels-idx1-ubyte.gz", False: "t10k-labels-idx1-ubyte.gz"}

_MNIST_HOSTS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
_FASHION_HOSTS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)


def _published(hosts: tuple[str, ...], table: tuple[tuple[str, int, str], ...]) -> dict[str, RemoteFile]:
    return {
        name: RemoteFile(name, size, sha, tuple(host + name for host in hosts)) for name, size, sha in table
    }


MNIST_FILES = _published(
    _MNIST_HOSTS,
    (
        (_IMAGES[True], 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (_LABELS[True], 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (_IMAGES[False], 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (_LABELS[False], 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ),
)
FASHION_MNIST_FILES = _published(
    _FASHION_HOSTS,
    (
        (_IMAGES[True], 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (_LABELS[True], 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (_IMAGES[False], 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (_LABELS[False], 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ),
)
DIGIT_NAMES = tuple(str(digit) for digit in range(10))
CLOTHING_NAMES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip


def load_mnist(
    train: bool = True, *, download: bool = False, directory: str | os.PathLike[str] | None = None
) -> Dataset:
    """Load MNIST: 60,000 training or 10,000 test images of handwritten digits, 28 by 28 pixels.

    Parameters
    ----------
    train : bool
        Training images, or test images.
    download : bool
        Fetch the files if they are not here (about 12 MB).
    directory : path, optional
        Folder of the four ``.gz`` files; by default ``mnist`` in the data folder (``DLKIT_DATA``).

    Returns
    -------
    Dataset
        X (N, 1, 28, 28) uint8 (divide by 255 for numbers from 0 to 1), y (N,) int64 in 0..9.

    Raises
    ------
    DataNotFoundError
        If the files are not here; the message says where to get them and where to put them.
    ChecksumError
        If a file is not the published one.

    Source: lecture notes, unit 1; Y. LeCun, C. Cortes, C. Burges, The MNIST database.
    """
    return _load("mnist", "load_mnist", MNIST_FILES, DIGIT_NAMES, train, download, directory)


def load_fashion_mnist(
    train: bool = True, *, download: bool = False, directory: str | os.PathLike[str] | None = None
) -> Dataset:
    """Load Fashion-MNIST: 60,000 training or 10,000 test images of clothes, 28 by 28 pixels, 10 classes.

    Parameters
    ----------
    train : bool
        Training images, or test images.
    download : bool
        Fetch the files if they are not here (about 31 MB).
    directory : path, optional
        Folder of the four ``.gz`` files; by default ``fashion-mnist`` in the data folder (``DLKIT_DATA``).

    Returns
    -------
    Dataset
        X (N, 1, 28, 28) uint8, y (N,) int64 in 0..9.

    Raises
    ------
    DataNotFoundError, ChecksumError
        As in :func:`load_mnist`.

    Source: lecture notes, unit 1; Xiao, Rasul, Vollgraf, Fashion-MNIST, 2017.
    """
    name = "fashion-mnist"
    return _load(name, "load_fashion_mnist", FASHION_MNIST_FILES, CLOTHING_NAMES, train, download, directory)


def read_idx(path: str | os.PathLike[str]) -> np.ndarray:
    """Read one IDX file, gzipped or not.

    Two zero bytes, a type byte, the number of dimensions, each of them in 4 bytes (big-endian), the values.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    ndarray
        Values in the shape and type that the header states, in the byte order of this machine.

    Raises
    ------
    ValueError
        If the file is not IDX, is cut short, has bytes left over, or is damaged inside its compression.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "three-labels"
    >>> _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]))
    >>> read_idx(path).tolist()
    [7, 2, 1]
    """
    path = Path(path)
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rb") if zipped else path.open("rb") as stream:
            head = stream.read(4)
            if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _TYPES:
                raise ValueError(f"{path.name} is not an IDX file: it starts with {head!r}")
            sizes = stream.read(4 * head[3])
            if len(sizes) < 4 * head[3]:
                raise ValueError(f"{path.name} is cut short inside its header")
            shape = tuple(int(n) for n in np.frombuffer(sizes, ">u4"))
            dtype = np.dtype(_TYPES[head[2]])
            expected = math.prod(shape) * dtype.itemsize
            if expected > _MAX_BYTES:
                raise ValueError(f"{path.name} announces {expected} bytes, shape {shape}: too large")
            body = stream.read(expected + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"{path.name} is damaged or cut short: {error}") from error
    if len(body) != expected:
        found = f"only {len(body)}" if len(body) < expected else "more"
        raise ValueError(f"{path.name} announces shape {shape}, {expected} bytes, but holds {found}")
    return np.frombuffer(body, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _load(
    folder: str,
    loader: str,
    files: dict[str, RemoteFile],
    names: tuple[str, ...],
    train: bool,
    download: bool,
    directory: str | os.PathLike[str] | None,
) -> Dataset:
    place = data_directory() / folder if directory is None else Path(directory).expanduser()
    call = f"dlkit.data.{loader}(train={bool(train)}, download=True)"
    paths = [fetch(files[name], place, call, download=download) for name in (_IMAGES[train], _LABELS[train])]
    images, labels = (read_idx(path) for path in paths)
    if images.ndim != 3 or images.dtype != np.uint8:
        raise ValueError(
            f"{paths[0].name} holds {images.dtype} of shape {images.shape}, expected uint8 (N, H, W)"
        )
    if labels.shape != (len(images),):
        raise ValueError(
            f"{paths[1].name} holds shape {labels.shape}, expected ({len(images)},) to match the images"
        )
    if labels.size and labels.max() >= len(names):
        raise ValueError(f"{paths[1].name} holds the label {labels.max()}, expected 0 to {len(names) - 1}")
    part = "training" if train else "test"
    text = f"{folder}: {len(images)} {part} images, ink from 0 to 255."
    return Dataset(images[:, None], labels.astype(np.int64), (), names, text)
