"""Lines to an answer: in this process, or in another one at the end of two pipes."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

from dlkit.checking.codec import loads
from dlkit.checking.protocol import DIED, AnswerError, Link, Message, Turn
from dlkit.checking.respondent import Respondent


class LocalLink(Link):
    """The answer lives in this process; all the same, only bytes pass."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._respondent = Respondent(namespace)

    def ask(self, request: bytes, on_callback: Turn) -> Message:
        return loads(self._respondent.respond(loads(request), lambda data: loads(on_callback(loads(data)))))


class PipeLink(Link):
    """The answer lives in another process that runs :func:`serve` at the other end of two pipes."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._reader, self._writer = reader, writer

    def ask(self, request: bytes, on_callback: Turn) -> Message:
        try:
            _write(self._writer, request)
            while (data := _read(self._reader)) is not None:
                reply = loads(data)
                if "callback" not in reply:
                    return reply
                _write(self._writer, on_callback(reply))
        except BrokenPipeError:
            pass
        raise AnswerError(DIED, "the process that ran the answer has ended")


def serve(namespace: Mapping[str, Any], reader: BinaryIO, writer: BinaryIO) -> None:
    """Answer calls that come in through `reader` until it is closed."""
    respondent = Respondent(namespace)

    def call_back(request: bytes) -> Message:
        _write(writer, request)
        reply = _read(reader)
        if reply is None:
            raise SystemExit(0)
        return loads(reply)

    while (request := _read(reader)) is not None:
        _write(writer, respondent.respond(loads(request), call_back))


def _write(stream: BinaryIO, data: bytes) -> None:
    stream.write(struct.pack("<Q", len(data)) + data)
    stream.flush()


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(8)
    if len(head) < 8:
        return None
    (size,) = struct.unpack("<Q", head)
    data = stream.read(size)
    return data if len(data) == size else None
