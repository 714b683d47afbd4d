"""Messages for machines that share no files with this one: plain JSON and bytes, never a pickle."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

HEAD = struct.Struct("<Q")
MOST_CARGO = 384 * 2**20  # of one message: a notebook, all that may lie beside it, and some room
Parts = Mapping[str, bytes]


class BadCargo(ValueError):
    """Bytes that are not what was agreed on; the message says in what."""


def pack(about: Mapping[str, Any], parts: Parts | None = None) -> bytes:
    """One message of something that JSON can say, and named bytes.

    >>> unpack(pack({"state": "ready"}, {"a": b"1"}))
    ({'state': 'ready'}, {'a': b'1'})
    """
    parts = parts or {}
    head = json.dumps({"about": about, "parts": [[name, len(data)] for name, data in parts.items()]}).encode()
    return b"".join([HEAD.pack(len(head)), head, *parts.values()])


def unpack(data: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What :func:`pack` was given; :class:`BadCargo` if these are not such bytes."""
    if not isinstance(data, bytes) or len(data) < HEAD.size:
        raise BadCargo(f"expected a message, got {type(data).__name__}")
    if len(data) > MOST_CARGO:
        raise BadCargo(f"a message of {len(data) / 2**20:.0f} MB; {MOST_CARGO / 2**20:.0f} MB is the most")
    place = HEAD.size + HEAD.unpack_from(data)[0]
    try:
        head = json.loads(data[HEAD.size : place])
        about, sizes = dict(head["about"]), [(str(name), int(size)) for name, size in head["parts"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadCargo("a message without a head that can be read") from None
    parts = {}
    for name, size in sizes:
        parts[name] = data[place : place + size] if size >= 0 else b""
        place += size
    if place != len(data) or min((size for _, size in sizes), default=0) < 0:
        raise BadCargo("a message that is not as long as its head says")
    return about, parts
