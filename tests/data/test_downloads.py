"""Loaders of the large classics, on tiny files in the real formats: right, damaged, swapped and hostile."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import io
import os
import pickle
import struct
import sys
import tarfile
import threading

import numpy as np
import pytest

from dlkit.data import ChecksumError, DataNotFoundError, cache, cifar, idx
from dlkit.data.cache import RemoteFile


def idx_bytes(array, code=0x08):
    head = bytes([0, 0, code, array.ndim]) + b"".join(struct.pack(">I", n) for n in array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def published(path, *urls):
    content = path.read_bytes()
    return RemoteFile(path.name, len(content), hashlib.sha256(content).hexdigest(), urls)


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)


@pytest.fixture
def mnist(tmp_path, images, monkeypatch):
    """A data folder with a test set of three images, known to the loader as the published one."""
    folder = tmp_path / "mnist"
    folder.mkdir()
    parts = {"t10k-images-idx3-ubyte.gz": images, "t10k-labels-idx1-ubyte.gz": np.array([7, 2, 1], np.uint8)}
    files = {}
    for name, array in parts.items():
        (folder / name).write_bytes(gzip.compress(idx_bytes(array)))
        files[name] = published(folder / name, "http://127.0.0.1:9/" + name)
    monkeypatch.setattr(idx, "MNIST_FILES", files)
    monkeypatch.setenv("DLKIT_DATA", str(tmp_path))
    return folder


# --- the cache folder


def test_data_directory_of_each_platform(monkeypatch, tmp_path):
    monkeypatch.delenv("DLKIT_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    expected = {
        "linux": tmp_path / "xdg",
        "darwin": tmp_path / "Library" / "Caches",
        "win32": tmp_path / "local",
    }
    for platform, base in expected.items():
        monkeypatch.setattr(sys, "platform", platform)
        assert cache.data_directory() == base / "dlkit"
    monkeypatch.setenv("DLKIT_DATA", "~/mine")
    assert cache.data_directory() == tmp_path / "mine"


# --- IDX


def test_mnist_is_read_as_published(mnist, images):
    loaded = idx.load_mnist(train=False)
    assert np.array_equal(loaded.X, images[:, None]) and loaded.X.dtype == np.uint8
    assert loaded.y.tolist() == [7, 2, 1] and loaded.y.dtype == np.int64 and loaded.target_names[7] == "7"
    assert np.array_equal(idx.load_mnist(train=False, directory=mnist).X, loaded.X)


def test_fashion_mnist_has_its_own_folder_and_names(mnist, monkeypatch):
    monkeypatch.setattr(idx, "FASHION_MNIST_FILES", idx.MNIST_FILES)
    mnist.rename(mnist.with_name("fashion-mnist"))
    loaded = idx.load_fashion_mnist(train=False)
    assert loaded.target_names[loaded.y[0]] == "Sneaker"


def test_missing_file_says_name_place_source_and_destination(monkeypatch, tmp_path):
    monkeypatch.setenv("DLKIT_DATA", str(tmp_path))
    with pytest.raises(DataNotFoundError) as caught:
        idx.load_mnist()
    text = str(caught.value)
    assert "train-images-idx3-ubyte.gz is not on this machine" in text
    assert f"looked for: {tmp_path / 'mnist' / 'train-images-idx3-ubyte.gz'}" in text
    assert "dlkit.data.load_mnist(train=True, download=True)" in text and "https://" in text
    assert f"put it in:  {tmp_path / 'mnist'}" in text and "DLKIT_DATA" in text
    assert isinstance(caught.value, FileNotFoundError) and list(tmp_path.iterdir()) == []


def test_published_checksums_are_well_formed():
    files = [*idx.FASHION_MNIST_FILES.values(), *idx.MNIST_FILES.values(), cifar.CIFAR10_FILE]
    assert len(files) == 9 and len({f.sha256 for f in files}) == 9
    assert all(len(bytes.fromhex(f.sha256)) == 32 and f.urls and f.size > 4000 for f in files)


def test_wrong_checksum_and_wrong_size_are_refused(mnist):
    path = mnist / "t10k-labels-idx1-ubyte.gz"
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(ChecksumError, match="has SHA-256 .* the published file has .*download=True"):
        idx.load_mnist(train=False)
    path.write_bytes(good[:-3])
    with pytest.raises(ChecksumError, match=f"has {len(good) - 3} bytes, the published file has {len(good)}"):
        idx.load_mnist(train=False)


@pytest.mark.parametrize(
    "dtype, code", [("u1", 8), ("i1", 9), ("i2", 11), ("i4", 12), ("f4", 13), ("f8", 14)]
)
def test_idx_types(tmp_path, dtype, code):
    array = np.arange(6, dtype=dtype).reshape(2, 3)
    (tmp_path / "a").write_bytes(idx_bytes(array, code))
    got = idx.read_idx(tmp_path / "a")
    assert np.array_equal(got, array) and got.dtype == array.dtype and got.flags.writeable


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "not an IDX file"),
        (b"PK\3\4 a zip", "not an IDX file"),
        (b"\0\0\x08\x02\0\0\0\x05", "cut short inside its header"),
        (idx_bytes(np.zeros(9, np.uint8))[:-2], r"announces shape \(9,\), 9 bytes, but holds only 7"),
        (idx_bytes(np.zeros(9, np.uint8)) + b"x", "but holds more"),
        (b"\0\0\x08\x02" + b"\xff" * 8, "too large"),
        (gzip.compress(idx_bytes(np.zeros(999, np.uint8)), mtime=0)[:-12], "damaged or cut short"),
        (gzip.compress(idx_bytes(np.arange(99, dtype=np.uint8)), mtime=0)[:40] + b"\0" * 60, "damaged or cut short"),
    ],
    ids=["empty", "zip", "header cut", "data cut", "data left over", "too large", "gzip cut", "gzip overwritten"],
)
def test_damaged_idx(tmp_path, content, message):
    (tmp_path / "broken").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        idx.read_idx(tmp_path / "broken")


def test_images_and_labels_must_belong_together(mnist, monkeypatch):
    path = mnist / "t10k-labels-idx1-ubyte.gz"
    for labels, message in (
        (np.zeros(2, np.uint8), "expected .3,. to match"),
        (np.array([1, 2, 10], np.uint8), "label 10"),
    ):
        path.write_bytes(gzip.compress(idx_bytes(np.array(labels, np.uint8))))
        monkeypatch.setitem(idx.MNIST_FILES, path.name, published(path))
        with pytest.raises(ValueError, match=message):
            idx.load_mnist(train=False)


# --- download


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path):
    root = tmp_path / "served"
    root.mkdir()
    handler = functools.partial(QuietHandler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield root, f"http://127.0.0.1:{httpd.server_port}/"
        httpd.shutdown()


def test_download_falls_back_to_the_next_address_and_shows_progress(server, tmp_path, capsys):
    root, url = server
    (root / "set.gz").write_bytes(os.urandom(600_000))
    file = published(root / "set.gz", url + "gone/set.gz", url + "set.gz")
    target = tmp_path / "cache"
    path = cache.fetch(file, target, "load()", download=True)
    assert path.read_bytes() == (root / "set.gz").read_bytes()
    assert "100 % of 0.6 MB" in capsys.readouterr().out
    assert [p.name for p in target.iterdir()] == ["set.gz"]
    (root / "set.gz").unlink()
    assert cache.fetch(file, target, "load()") == path
    assert capsys.readouterr().out == ""


def test_download_of_wrong_bytes_leaves_nothing_behind(server, tmp_path):
    root, url = server
    (root / "set.gz").write_bytes(b"right")
    file = published(root / "set.gz", url + "set.gz")
    for wrong in (b"wrong", b"right and then much more"):
        (root / "set.gz").write_bytes(wrong)
        with pytest.raises(ChecksumError, match="what came has"):
            cache.fetch(file, tmp_path / "cache", "load()", download=True)
        assert list((tmp_path / "cache").iterdir()) == []


def test_download_replaces_a_damaged_file_and_keeps_it_when_offline(server, tmp_path):
    root, url = server
    (root / "set.gz").write_bytes(b"right")
    file = published(root / "set.gz", url + "set.gz")
    (tmp_path / "set.gz").write_bytes(b"wrong")
    (root / "set.gz").rename(root / "hidden")
    with pytest.raises(DataNotFoundError, match="could not be downloaded .*404"):
        cache.fetch(file, tmp_path, "load()", download=True)
    assert (tmp_path / "set.gz").read_bytes() == b"wrong"
    (root / "hidden").rename(root / "set.gz")
    assert cache.fetch(file, tmp_path, "load()", download=True).read_bytes() == b"right"


# --- CIFAR-10


def py2_string(content):
    return b"T" + struct.pack("<I", len(content)) + content


def py2_array(shape, content, code=b"u1"):
    """The opcodes that Python 2 wrote for a NumPy array."""
    dims = b"".join(b"J" + struct.pack("<i", n) for n in shape)
    dtype = (
        b"cnumpy\ndtype\n"
        + py2_string(code)
        + b"K\0K\1\x87R(K\3"
        + py2_string(b"|")
        + b"NNNJ\xff\xff\xff\xff"
    )
    dtype += b"J\xff\xff\xff\xffK\0tb"
    head = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85" + py2_string(b"b") + b"\x87R"
    return head + b"(K\1(" + dims + b"t" + dtype + b"\x89" + py2_string(content) + b"tb"


def py2_batch(pixels, labels, **changes):
    array = py2_array(changes.get("shape", pixels.shape), pixels.tobytes(), changes.get("code", b"u1"))
    values = b"](" + b"".join(b"K" + bytes([n]) for n in labels) + b"e"
    entries = py2_string(b"batch_label") + py2_string(b"testing batch 1 of 1")
    entries += py2_string(b"data") + array + py2_string(b"labels") + values
    return b"\x80\x02}(" + entries + b"u."


def tar_gz(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for member, content in members:
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


@pytest.fixture
def pixels():
    return np.random.default_rng(1).integers(0, 256, (4, 3072), dtype=np.uint8)


def test_our_python_2_pickles_are_what_python_2_wrote(pixels):
    batch = pickle.loads(py2_batch(pixels, [3, 8, 8, 0]), encoding="bytes")
    assert np.array_equal(batch[b"data"], pixels) and batch[b"labels"] == [3, 8, 8, 0]


def test_cifar_is_read_as_published(tmp_path, pixels, monkeypatch):
    folder = tarfile.TarInfo("cifar-10-batches-py")
    folder.type = tarfile.DIRTYPE
    batches = [
        (f"cifar-10-batches-py/data_batch_{i}", py2_batch(pixels + i, [i] * 4)) for i in (2, 1, 3, 4, 5)
    ]
    test = ("cifar-10-batches-py/test_batch", py2_batch(pixels, [3, 8, 8, 0]))
    path = tmp_path / "cifar-10-python.tar.gz"
    tar_gz(path, [(folder, b""), ("cifar-10-batches-py/readme.html", b"<html>"), *batches, test])
    monkeypatch.setattr(cifar, "CIFAR10_FILE", published(path))
    loaded = cifar.load_cifar10(train=False, directory=tmp_path)
    assert loaded.X.shape == (4, 3, 32, 32) and np.array_equal(loaded.X.reshape(4, -1), pixels)
    assert [loaded.target_names[i] for i in loaded.y] == ["cat", "ship", "ship", "airplane"]
    train = cifar.load_cifar10(directory=tmp_path)
    assert train.X.shape == (20, 3, 32, 32) and train.y.tolist() == np.repeat([1, 2, 3, 4, 5], 4).tolist()
    assert [p.name for p in tmp_path.iterdir()] == ["cifar-10-python.tar.gz"]


def test_cifar_missing_says_where(monkeypatch, tmp_path):
    monkeypatch.setenv("DLKIT_DATA", str(tmp_path))
    with pytest.raises(DataNotFoundError, match="cifar-10-python.tar.gz is not on this machine"):
        cifar.load_cifar10()


class Touch:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.system, (f"touch {self.path}",))


def test_hostile_pickles_do_not_run(tmp_path, pixels):
    proof = tmp_path / "proof"
    for protocol in range(6):
        with pytest.raises(ValueError, match="refused: the pickle asks for (posix|nt).system"):
            cifar.read_cifar_batch(pickle.dumps({"data": Touch(proof), "labels": []}, protocol))
    for name in ("eval", "getattr", "__import__"):
        with pytest.raises(ValueError, match=f"asks for __builtin__.{name}|asks for builtins.{name}"):
            cifar.read_cifar_batch(b"c__builtin__\n" + name.encode() + b"\n(S'1'\ntR.")
    with pytest.raises(ValueError, match="refused"):
        cifar.read_cifar_batch(b"cnumpy.core.multiarray\n_reconstruct.__globals__\n.")
    with pytest.raises(ValueError, match="object outside itself"):
        cifar.read_cifar_batch(b"Pelsewhere\n.")
    assert not proof.exists()


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda p: b"", "not a readable batch"),
        (lambda p: py2_batch(p, [1, 2, 3, 4])[:-2000], "not a readable batch"),
        (lambda p: b"\x80\x02]q\0.", "has no data and labels"),
        (lambda p: py2_batch(p, [1, 2, 3]), "labels do not match the 4 images"),
        (lambda p: py2_batch(p, [1, 2, 3, 10]), "whole numbers from 0 to 9"),
        (lambda p: py2_batch(p, [1, 2, 3, 4], shape=(5, 3072)), "12288 bytes of pixels, expected 5 x 3072"),
        (lambda p: py2_batch(p, [1, 2, 3, 4], shape=(8, 1536)), "expected u1"),
        (lambda p: py2_batch(p, [1, 2, 3, 4], code=b"O8"), "expected u1"),
        (lambda p: pickle.dumps({b"data": [1], b"labels": [1]}, 2), "refused|expected an array"),
    ],
)
def test_damaged_batches(pixels, make, message):
    with pytest.raises(ValueError, match=message):
        cifar.read_cifar_batch(make(pixels))


def test_archives_that_point_outside_are_refused(tmp_path, pixels):
    link = tarfile.TarInfo("cifar-10-batches-py/test_batch")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    good = ("cifar-10-batches-py/test_batch", py2_batch(pixels, [0] * 4))
    for bad in ("../evil", "/tmp/evil", "cifar-10-batches-py/../../evil", "..\\evil", link):
        path = tmp_path / "bad.tar.gz"
        tar_gz(path, [(bad, b""), good])
        with pytest.raises(ValueError, match="does not belong there"):
            cifar.read_cifar_archive(path, ("test_batch",))
    assert [p.name for p in tmp_path.iterdir()] == ["bad.tar.gz"]


def test_damaged_archives(tmp_path, pixels):
    path = tmp_path / "a.tar.gz"
    tar_gz(path, [("cifar-10-batches-py/test_batch", py2_batch(pixels, [0] * 4))])
    with pytest.raises(ValueError, match="lacks cifar-10-batches-py/data_batch_1"):
        cifar.read_cifar_archive(path, ("data_batch_1",))
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], b"no archive", b""):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="damaged or cut short"):
            cifar.read_cifar_archive(path, ("test_batch",))


def test_cifar_checksum_is_checked_before_anything_is_read(tmp_path, monkeypatch):
    path = tmp_path / "cifar-10-python.tar.gz"
    path.write_bytes(b"x" * 100)
    with pytest.raises(ChecksumError, match="has 100 bytes, the published file has 170498071"):
        cifar.load_cifar10(directory=tmp_path)
