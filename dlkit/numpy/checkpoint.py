"""Checkpoints: a network in the middle of its training, as one .npz file that anybody can open.

Arrays and a line of JSON, no pickle: loading a file from a stranger runs no code of theirs. A file is written under another
name first and then moved into place, so that a crash leaves the old checkpoint or the new one, never half of one.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dlkit.numpy.layers import Layer

__all__ = ["load_checkpoint", "save_checkpoint", "write_atomically"]

_JSON = "contents"


def save_checkpoint(path: str | os.PathLike, network: Layer, optimizer: Any = None, rng: np.random.Generator | None = None,
                    **notes: Any) -> None:
    """Write what is needed to go on training as if nothing had happened: to `path`, atomically.

    Parameters
    ----------
    path : str or path
        A file, by custom with the suffix ".npz"; an old one is replaced.
    network : Layer
        Its parameters are kept, and all arrays that are attributes of its layers: the running means and variances of
        batch norm, for instance.
    optimizer : optional
        Any optimizer of the course: everything it remembers is kept (learning rate, steps, moments).
    rng : numpy.random.Generator, optional
        Its state: the next shuffle will be the one that would have come.
    **notes
        Numbers, strings, lists and dicts of them, arrays: the epoch, the history, hyperparameters.

    Raises
    ------
    TypeError : if something cannot be kept without pickle.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> import tempfile
    >>> from dlkit.numpy.network import mlp
    >>> network = mlp([2, 3, 1], np.random.default_rng(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(Path(folder) / "a.npz", network, epoch=7, lr=0.1)
    ...     network.params = {name: 0 * value for name, value in network.params.items()}
    ...     notes = load_checkpoint(Path(folder) / "a.npz", network)
    >>> notes, bool(network.params["0.W"].any())
    ({'epoch': 7, 'lr': 0.1}, True)
    """
    arrays: dict[str, np.ndarray] = {}
    contents = {
        "network": _pack(_memory(network), arrays, "network"),
        "optimizer": None if optimizer is None else _pack(vars(optimizer), arrays, "optimizer"),
        "rng": None if rng is None else _pack(rng.bit_generator.state, arrays, "rng"),
        "notes": _pack(notes, arrays, "notes"),
    }
    write_atomically(path, lambda file: np.savez(file, **{_JSON: np.array(json.dumps(contents))}, **arrays))


def load_checkpoint(path: str | os.PathLike, network: Layer, optimizer: Any = None,
                    rng: np.random.Generator | None = None) -> dict[str, Any]:
    """Put network, optimizer and rng back into the state of the checkpoint.

    Everything is read and compared first: if something does not fit, nothing has changed.

    Parameters
    ----------
    path : str or path
        What `save_checkpoint` wrote.
    network : Layer
        Built as it was then; its numbers are replaced.
    optimizer, rng : optional
        Likewise, if they were saved.

    Returns
    -------
    dict
        The notes.

    Raises
    ------
    FileNotFoundError : if there is no such file.
    ValueError : if the file is no checkpoint, lacks what is asked for, or has other names or shapes.

    Source: Lecture notes, unit 2.
    """
    with open(path, "rb") as file:
        try:
            with np.load(file, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            contents = json.loads(str(arrays.pop(_JSON)))
        except (ValueError, KeyError, EOFError, AttributeError) as error:
            raise ValueError(f"{os.fspath(path)} is no checkpoint: {error}") from None
    for name, wanted in (("optimizer", optimizer), ("rng", rng)):
        if wanted is not None and contents[name] is None:
            raise ValueError(f"{os.fspath(path)} holds no {name}, expected one")
    memory = _unpack(contents["network"], arrays)
    _expect_alike(memory, _memory(network))
    if optimizer is not None:
        kept = _unpack(contents["optimizer"], arrays)
        if kept.keys() != vars(optimizer).keys():
            raise ValueError(f"the optimizer of the checkpoint has {sorted(kept)}, "
                             f"{type(optimizer).__name__} has {sorted(vars(optimizer))}")
        vars(optimizer).update(kept)
    if rng is not None:
        rng.bit_generator.state = _unpack(contents["rng"], arrays)
    for name, layer in _places(network):
        if own := _own_params(layer):
            layer.params = {key: np.asarray(memory[f"{name}.params.{key}"]) for key in own}
        for key in _arrays_of(layer):
            setattr(layer, key, np.asarray(memory[f"{name}.{key}"]))
    return _unpack(contents["notes"], arrays)


def write_atomically(path: str | os.PathLike, write: Any) -> None:
    """Call ``write(file)`` on a new file beside `path`, then move it there in one step.

    The new file has the mode of the old one, or, if there is none, that of any new file. On Linux it has no name until it
    is complete, so that not even a process that is killed leaves half a file behind; elsewhere the name ends in ".part".

    Parameters
    ----------
    path : str or path
        Where the file shall be.
    write : callable
        Writes bytes to the file it is given.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a", lambda file: file.write(b"whole"))
    ...     (Path(folder) / "a").read_bytes()
    b'whole'
    """
    path = Path(path)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    handle, has_name = _new_file(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())  # on the disk before the old file goes
            if not has_name:
                os.link(f"/proc/self/fd/{handle}", temporary, src_dir_fd=handle)  # with src_dir_fd, the link is followed
        if path.exists():
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _new_file(path: Path) -> tuple[int, bool]:
    """A file to write to, and whether it has its name yet. The mode is left to the umask, as for any new file."""
    if hasattr(os, "O_TMPFILE") and os.path.isdir("/proc/self/fd"):
        try:
            return os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666), False
        except OSError:
            pass  # not every file system can
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666), True


def _inner(layer: Layer) -> list[tuple[str, Layer]]:
    """The layers inside a layer, by their place in it."""
    found = []
    for key, value in vars(layer).items():
        if isinstance(value, Layer):
            found.append((key, value))
        elif isinstance(value, list | tuple | dict):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            found += [(f"{key}.{i}", child) for i, child in items if isinstance(child, Layer)]
    return found


def _places(layer: Layer, name: str = "network") -> Iterator[tuple[str, Layer]]:
    """A layer and all layers in it, with their place."""
    yield name, layer
    for key, child in _inner(layer):
        yield from _places(child, f"{name}.{key}")


def _own_params(layer: Layer) -> dict[str, np.ndarray]:
    """Parameters that the layer holds itself; those of a chain belong to its layers."""
    return vars(layer).get("params", {}) if _inner(layer) else layer.params


def _arrays_of(layer: Layer) -> dict[str, np.ndarray]:
    return {key: value for key, value in vars(layer).items() if isinstance(value, np.ndarray)}


def _memory(network: Layer) -> dict[str, np.ndarray]:
    memory = {}
    for name, layer in _places(network):
        memory |= {f"{name}.params.{key}": value for key, value in _own_params(layer).items()}
        memory |= {f"{name}.{key}": value for key, value in _arrays_of(layer).items()}
    return memory


def _expect_alike(found: Mapping[str, np.ndarray], own: Mapping[str, np.ndarray]) -> None:
    if found.keys() != own.keys():
        raise ValueError(f"the checkpoint has {sorted(found)}, the network {sorted(own)}")
    for name, value in found.items():
        if value.shape != own[name].shape:
            raise ValueError(f"{name} has shape {value.shape} in the checkpoint, expected {own[name].shape}")


def _pack(value: Any, arrays: dict[str, np.ndarray], where: str) -> Any:
    """`value` as JSON; arrays go to `arrays` and leave their number."""
    if isinstance(value, np.ndarray | np.generic):
        if np.asarray(value).dtype.hasobject:
            raise TypeError(f"{where} holds Python objects in an array, expected numbers or text")
        arrays[f"array_{len(arrays)}"] = np.asarray(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {"dict": {key: _pack(item, arrays, f"{where}.{key}") for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [_pack(item, arrays, f"{where}[{i}]") for i, item in enumerate(value)]}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{where} is a {type(value).__name__}, expected numbers, text, arrays, and lists and dicts of them")


def _unpack(value: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, body),) = value.items()
    if kind == "array":
        array = arrays[f"array_{body}"]
        return array if array.ndim else array[()]
    if kind == "dict":
        return {key: _unpack(item, arrays) for key, item in body.items()}
    items = [_unpack(item, arrays) for item in body]
    return tuple(items) if kind == "tuple" else items
