"""The conversation between the judge and an answer.

The judge sends a call (a name or a kept object, with arguments); the answer's side replies with the result as plain data, or
with the error that was raised. Functions among the arguments are called back through the same line. Only bytes pass, so a
verdict does not depend on whether the answer lives in this process (:class:`LocalLink`) or in another (:class:`PipeLink`
and :func:`serve`).
"""

from __future__ import annotations

import hashlib
import struct
import traceback
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np

from dlkit.checking.codec import CodecError, Reference, Table, decode, dumps, encode, loads, plain
from dlkit.checking.shortcuts import Watch, unwatched

JUDGE, ANSWER = "judge", "answer"
Message = dict[str, Any]  # plain data, as it came out of `loads`; what is to be sent is bytes
Ask = Callable[[bytes], Message]
Turn = Callable[[Message], bytes]


def fingerprint(answer: Any) -> tuple[int, str]:
    """Tells whether a name still holds what was judged: another object, or other code, has another fingerprint."""
    code = getattr(answer, "__code__", None)
    return id(answer), hashlib.sha256(code.co_code).hexdigest() if code else ""


class AnswerError(Exception):
    """The answer raised: `kind` and `message` of the error, and the line of the answer where it happened."""

    def __init__(self, kind: str, message: str, where: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind, self.message, self.where = kind, message, where


# -- the side of the answer ----------------------------------------------------------------------------------------------


class Respondent:
    """Answers calls on the functions of `namespace`."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace
        self.table = Table(ANSWER)

    def respond(self, request: Message, call_back: Ask) -> bytes:
        """One call of the judge; `call_back` sends a message to the judge meanwhile and returns its reply."""
        try:
            return dumps(self._call(request, call_back))
        except AnswerError as error:
            return dumps({"error": [error.kind, error.message, error.where]})
        except CodecError as error:
            return dumps({"error": ["CodecError", str(error), ""]})

    def _call(self, message: Message, call_back: Ask) -> Message:
        def resolve(reference: Reference) -> Any:
            return self.table.find(reference) if reference.owner == ANSWER else _callback(reference, self, call_back)

        target = message["target"]
        method = message.get("method")
        if isinstance(target, str):
            if target not in self.namespace:
                raise AnswerError("NameError", f"{target} is not defined")
            function = self.namespace[target]
        else:
            function = decode(target, resolve)
        args = [decode(item, resolve) for item in message["args"]]
        before = [_copied(item, value) for item, value in zip(message["args"], args, strict=True)]
        watch = Watch(message.get("forbids") or ())
        try:
            if method is not None:
                function = getattr(function, method)
            if message.get("get"):
                result = function
            elif not callable(function):
                raise AnswerError("TypeError", f"{target} is a {type(function).__name__}, not a function")
            else:
                with watch:
                    result = function(*args)
        except AnswerError:
            raise
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # SystemExit too: an answer cannot end its judge
            raise AnswerError(type(error).__name__, str(error)[:2000], _where(error)) from None
        keep = message.get("keep")
        reply = {"value": self._encode_result(result, keep)}
        changed = [i for i, (old, new) in enumerate(zip(before, args, strict=True)) if _changed(old, new)]
        if changed:
            reply["changed"] = changed
        if watch.seen:
            reply["shortcuts"] = sorted(watch.seen)
        return reply

    def _encode_result(self, result: Any, keep: Any) -> Any:
        if keep is True:
            return encode(self.table.keep(result), self.table)
        if keep and isinstance(result, list | tuple):
            result = tuple(self.table.keep(item) if i in keep else item for i, item in enumerate(result))
        return encode(result, self.table)


def _callback(reference: Reference, side: Respondent, call_back: Ask) -> Callable:
    @unwatched
    def function(*args: Any) -> Any:
        request = {"callback": reference.number, "args": [encode(item, side.table) for item in args]}
        reply = call_back(dumps(request))
        if "error" in reply:
            raise ValueError(reply["error"][1])
        return decode(reply["value"], side.table.find)

    function.__name__ = "f"
    function.__dlkit_reference__ = reference
    return function


def _copied(item: Any, value: Any) -> Any:
    """Of an argument that came as `item`, a copy of what :func:`_changed` compares.

    What came by reference is the answer's own, to change as it likes.
    """
    if isinstance(item, list):
        return [_copied(each, part) for each, part in zip(item, value, strict=True)]
    kind, body = (item["k"], item["v"]) if isinstance(item, dict) else ("", None)
    if kind == "array":
        return value.copy()
    if kind == "tensor":
        return value.clone()
    if kind in ("tuple", "objects"):
        return [_copied(each, part) for each, part in zip(body if kind == "tuple" else body[1], value, strict=True)]
    if kind == "dict":
        return {name: _copied(each, value[name]) for name, each in body}
    return None


def _changed(old: Any, new: Any) -> bool:
    """Whether an argument was modified in place (arrays and lists; generators are meant to move on)."""
    if isinstance(old, np.ndarray):
        return not (isinstance(new, np.ndarray) and old.shape == new.shape
                    and np.array_equal(old, new, equal_nan=old.dtype.kind in "fc"))
    if isinstance(old, list | tuple):
        return len(old) != len(new) or any(_changed(a, b) for a, b in zip(old, new, strict=True))
    if isinstance(old, dict):
        return list(old) != list(new) or any(_changed(old[name], new[name]) for name in old)
    if hasattr(old, "detach"):
        return _changed(old.numpy(), new.detach().numpy())
    return False


def _where(error: BaseException) -> str:
    """The innermost line of the student's own code in the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "dlkit/checking" not in f.filename.replace("\\", "/")
           and "site-packages" not in f.filename]
    return f"line {own[-1].lineno}: {own[-1].line}" if own and own[-1].line else ""


# -- the side of the judge -----------------------------------------------------------------------------------------------


class Handle:
    """An object that stayed with the answer: call it, call its methods, or :func:`get` its attributes."""

    def __init__(self, client: Client, reference: Reference) -> None:
        self._client, self.__dlkit_reference__ = client, reference

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, keep=None: self._client.call(self, *args, method=name, keep=keep)

    def __call__(self, *args: Any, keep: Any = None) -> Any:
        return self._client.call(self, *args, keep=keep)

    def __repr__(self) -> str:
        return f"<a {self.__dlkit_reference__.kind}>"


class Client:
    """What the judge, and the probe of an exercise, holds of an answer.

    ``client.softmax(Z)`` calls the function of that name; ``client.call(name, *args, keep=[1])`` leaves the second
    component of the result with the answer and gives a handle for it (``keep=True``: the whole result).
    """

    def __init__(self, link: Link, names: tuple[str, ...] = ()) -> None:
        self._link, self.names = link, names
        self.table = Table(JUDGE)
        self.forbids: tuple[str, ...] = ()
        self.changed: list[tuple[str, int]] = []
        self.shortcuts: set[str] = set()

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, keep=None: self.call(name, *args, keep=keep)

    def __call__(self, *args: Any) -> Any:
        return self.call(self.names[0], *args)

    def get(self, handle: Handle, attribute: str) -> Any:
        """The value of an attribute of an object that stayed with the answer."""
        return self._send({"target": self._encode(handle), "method": attribute, "get": True, "args": []}, "")

    def call(self, target: str | Handle, *args: Any, method: str | None = None, keep: Any = None) -> Any:
        request: dict = {"target": target if isinstance(target, str) else self._encode(target),
                         "args": [self._encode(item) for item in args]}
        if method is not None:
            request["method"] = method
        if keep is not None:
            request["keep"] = keep if keep is True else list(keep)
        if self.forbids:
            request["forbids"] = list(self.forbids)
        return self._send(request, target if isinstance(target, str) else method or repr(target))

    def _send(self, request: dict, called: str) -> Any:
        reply = self._link.ask(dumps(request), self._answer_callback)
        if "error" in reply:
            raise AnswerError(*[str(item)[:2000] for item in [*reply["error"], "", ""][:3]])
        self.changed += [(called, int(i)) for i in reply.get("changed", ())]
        self.shortcuts.update({str(name) for name in reply.get("shortcuts", ())} & set(self.forbids))
        return decode(plain(reply["value"]), self._resolve)

    def _encode(self, value: Any) -> Any:
        return encode(value, self.table)

    def _resolve(self, reference: Reference) -> Any:
        return self.table.find(reference) if reference.owner == JUDGE else Handle(self, reference)

    def _answer_callback(self, message: Message) -> bytes:
        try:
            function = self.table.find(Reference(JUDGE, int(message["callback"]), ""))
            args = [decode(plain(item), self._resolve) for item in message["args"]]
            return dumps({"value": self._encode(function(*args))})
        except Exception as error:  # the answer called the function with something it cannot take
            return dumps({"error": [type(error).__name__, str(error)]})


class Link:
    """A line to an answer: `ask` sends a request and returns the reply, serving callbacks on the way."""

    def ask(self, request: bytes, on_callback: Turn) -> Message:
        raise NotImplementedError


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
        _write(self._writer, request)
        while True:
            data = _read(self._reader)
            if data is None:
                raise AnswerError("ProcessDied", "the process that ran the answer has ended")
            reply = loads(data)
            if "callback" not in reply:
                return reply
            _write(self._writer, on_callback(reply))


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
