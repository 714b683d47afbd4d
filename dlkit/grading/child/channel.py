"""Messages between a trusted process and a child: a length and that many bytes, over one socket.

The trusted side never waits for longer than it wants to, and never reads more than it allows, whatever the child sends.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time

HEAD = struct.Struct("<Q")
MOST = 256 * 2**20
PIECE = 2**16  # bytes read at once; as many are allocated for every message, however small it is


class ChannelClosed(Exception):
    """The other side has gone, or sends what is no message; the text says which."""


class Channel:
    """One end of the line. ``receive`` takes a deadline; ``send`` may be called from several threads.

    Parameters
    ----------
    end : socket.socket
        A connected stream socket, owned by the channel from now on.
    most : int
        Bytes that one message may have.
    """

    def __init__(self, end: socket.socket, most: int = MOST) -> None:
        self._end, self._most = end, most
        self._lock = threading.Lock()
        self._buffer = bytearray()

    def fileno(self) -> int:
        return self._end.fileno()

    def send(self, data: bytes, deadline: float | None = None) -> None:
        """Send one message; :class:`ChannelClosed` if the other side is gone or does not read in time."""
        with self._lock:
            rest = memoryview(HEAD.pack(len(data)) + data)
            while rest:
                if deadline is not None and not select.select([], [self._end], [], max(0, deadline - time.monotonic()))[1]:
                    raise ChannelClosed("the process does not read what it is sent")
                try:
                    rest = rest[self._end.send(rest[: 2**16] if deadline is not None else rest) :]
                except OSError as error:
                    raise ChannelClosed(f"the process has ended ({error.__class__.__name__})") from None

    def receive(self, until: float | None = None) -> bytes | None:
        """The next message, or ``None`` if it has not come whole by the time `until` (of :func:`time.monotonic`)."""
        while (message := self._whole()) is None:
            if until is not None and not select.select([self._end], [], [], max(0, until - time.monotonic()))[0]:
                return None
            try:
                data = self._end.recv(PIECE)
            except OSError as error:
                raise ChannelClosed(f"the process has ended ({error.__class__.__name__})") from None
            if not data:
                raise ChannelClosed("the process has ended")
            self._buffer += data
        return message

    def _whole(self) -> bytes | None:
        if len(self._buffer) < HEAD.size:
            return None
        (size,) = HEAD.unpack_from(self._buffer)
        if size > self._most:
            raise ChannelClosed(f"the process announced a message of {size / 2**20:.0f} MiB; {self._most >> 20} is the most")
        if len(self._buffer) < HEAD.size + size:
            return None
        message = bytes(self._buffer[HEAD.size : HEAD.size + size])
        del self._buffer[: HEAD.size + size]
        return message

    def close(self) -> None:
        self._end.close()
