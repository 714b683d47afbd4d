"""One way for values to travel between the judge and an answer: as plain data.

Numbers, strings, ``None``, arrays (never pickled), tensors, and containers of these are copied. What cannot be copied stays
where it is and travels as a *reference*: an object of the answer (a cache, a fitted model) or a function of the judge.
A random generator travels as its seed, so both sides draw the same numbers.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BYTES = 256 * 2**20
MOST_DEPTH = 100  # containers in containers
_DTYPE = re.compile(r"^([<>|=]?[biufc]\d+|[<>=]?U\d+|bool|u?int\d+|float\d+|complex\d+)$")
_STAND_INS = "dlkit.exercises.model"  # not imported: where answers are run there are no exercises
_PLAIN = (bool, int, str, type(None))


class CodecError(ValueError):
    """A message that is not what the codec writes, or a value that is too large."""


@dataclass(frozen=True)
class Reference:
    """An object that stayed on the other side: who owns it, its number there, and the name of its type."""

    owner: str
    number: int
    kind: str


class Table:
    """The objects that one side keeps for the other."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self._objects: list[Any] = []

    def keep(self, value: Any) -> Reference:
        self._objects.append(value)
        return Reference(self.owner, len(self._objects) - 1, type(value).__name__)

    def find(self, reference: Reference) -> Any:
        if reference.owner != self.owner or not 0 <= reference.number < len(self._objects):
            raise CodecError(f"no object {reference.number} of {reference.owner} is kept here")
        return self._objects[reference.number]


def encode(value: Any, table: Table) -> Any:
    """Turn `value` into what JSON can carry; objects that cannot be copied are kept in `table`."""
    if isinstance(value, _PLAIN) and type(value) in _PLAIN:
        return value
    if type(value) is float:
        return value
    if isinstance(value, np.generic | np.ndarray):
        return _encode_array(value, table)
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        items = [encode(item, table) for item in value]
        return items if type(value) is list else {"k": "tuple", "v": items}
    if type(value) is dict and all(type(name) in (str, int, bool, float) for name in value):
        return {"k": "dict", "v": [[name, encode(item, table)] for name, item in value.items()]}
    if type(value) in (set, frozenset) and all(type(item) in (str, int, bool, float) for item in value):
        return {"k": "set", "v": sorted(value, key=repr)}
    if type(value).__module__ == _STAND_INS and hasattr(value, "travels_as"):
        kind, content = value.travels_as
        return {"k": kind, "v": content} if kind == "rng" else _encode_array(content, table) | {"k": kind}
    if isinstance(value, Reference):
        return {"k": "ref", "v": [value.owner, value.number, value.kind]}
    if type(value).__module__.startswith("torch") and hasattr(value, "detach"):
        return _encode_array(value.detach().cpu().numpy(), table) | {"k": "tensor"}
    if isinstance(value, range):
        return [encode(item, table) for item in value]
    kept = getattr(value, "__dlkit_reference__", None)
    return encode(kept if isinstance(kept, Reference) else table.keep(value), table)


def _encode_array(value: np.ndarray | np.generic, table: Table) -> Any:
    array = np.asarray(value)
    if not _DTYPE.match(array.dtype.str):
        if array.dtype == object and array.size <= 10_000:
            return {"k": "objects", "v": [list(array.shape), [encode(item, table) for item in array.ravel()]]}
        return encode(table.keep(value), table)
    if array.nbytes > MAX_BYTES:
        raise CodecError(f"an array of {array.nbytes / 2**20:.0f} MiB is too large, the limit is {MAX_BYTES >> 20}")
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return {"k": "array", "v": [array.dtype.str, list(array.shape), data]}


def decode(data: Any, resolve: Callable[[Reference], Any], depth: int = MOST_DEPTH) -> Any:
    """The value that :func:`encode` described; `resolve` turns references into objects."""
    if depth < 0:
        raise CodecError(f"nested more than {MOST_DEPTH} deep")
    if isinstance(data, _PLAIN) or type(data) is float:
        return data
    if isinstance(data, list):
        return [decode(item, resolve, depth - 1) for item in data]
    if not isinstance(data, dict) or set(data) != {"k", "v"}:
        raise CodecError("not a message of the codec")
    kind, body = data["k"], data["v"]
    if kind == "array":
        return _decode_array(body)
    if kind == "tensor":
        import importlib

        return importlib.import_module("torch").from_numpy(np.array(_decode_array(body)))
    if kind == "objects":
        return [decode(item, resolve, depth - 1) for item in body[1]]
    if kind == "tuple":
        return tuple(decode(item, resolve, depth - 1) for item in body)
    if kind == "dict":
        return {name: decode(item, resolve, depth - 1) for name, item in body}
    if kind == "set":
        return set(body)
    if kind == "rng":
        return np.random.default_rng(int(body))
    if kind == "ref":
        owner, number, name = body
        return resolve(Reference(str(owner), int(number), str(name)))
    raise CodecError(f"unknown kind {kind!r} in a message")


def _decode_array(body: Any) -> Any:
    dtype, shape, data = body
    if not isinstance(dtype, str) or not _DTYPE.match(dtype):
        raise CodecError(f"dtype {dtype!r} does not travel")
    flat = np.frombuffer(base64.b64decode(data), dtype=np.dtype(dtype))
    if flat.dtype.kind == "U" and flat.size and int(flat.view(f"{flat.dtype.byteorder}u4").max()) > 0x10FFFF:
        raise CodecError("an array of text holds what is no sign")
    array = flat.reshape([int(n) for n in shape]).copy()
    return array if array.ndim else array[()]


def plain(data: Any) -> Any:
    """Like :func:`decode` on the judge's side, but tensors arrive as arrays, so that no package is imported."""
    if isinstance(data, dict) and data.get("k") == "tensor":
        return data | {"k": "array"}
    if isinstance(data, dict) and data.get("k") in ("tuple", "dict", "objects"):
        if data["k"] == "tuple":
            return data | {"v": [plain(item) for item in data["v"]]}
        if data["k"] == "dict":
            return data | {"v": [[name, plain(item)] for name, item in data["v"]]}
        return data | {"v": [data["v"][0], [plain(item) for item in data["v"][1]]]}
    if isinstance(data, list):
        return [plain(item) for item in data]
    return data


_WRITER = json.JSONEncoder(separators=(",", ":"))  # json.dumps would make one for every message


def dumps(message: dict) -> bytes:
    """One message as bytes."""
    text = _WRITER.encode(message)
    if len(text) > MAX_BYTES:
        raise CodecError(f"a message of {len(text) / 2**20:.0f} MiB is too large")
    return text.encode("utf-8", "surrogatepass")


def loads(data: bytes) -> dict:
    """The message in `data`; :class:`CodecError` if there is none."""
    try:
        message = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise CodecError(f"not a message: {error}") from None
    if not isinstance(message, dict):
        raise CodecError(f"a message is an object, got {type(message).__name__}")
    return message
