"""The answer's side of the conversation: calls what the judge asks for and describes what came of it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

import numpy as np

from dlkit.checking.codec import CodecError, Reference, Table, decode, dumps, encode, plain
from dlkit.checking.protocol import ANSWER, EARLIER, JUDGE, TOGETHER_BYTES, AnswerError, Ask, Message
from dlkit.checking.shortcuts import Watch, unwatched

TOGETHER_SECONDS = 0.05  # calls that go together give way to the judge after that, so each has its own time limit
MOST_BYTES = 24 * 2**20  # of one reply; a judge would not read much more


_LOST: Message = {"error": ["InterruptedError", "the call was stopped", ""]}


class Respondent:
    """Answers calls on the functions of `namespace`.

    `stopped_by` are the exceptions that stop a call and are no more than that; here, Ctrl-C stops the judge as well.
    """

    def __init__(self, namespace: Mapping[str, Any], stopped_by: tuple[type[BaseException], ...] = ()) -> None:
        self.namespace, self._stopped_by = namespace, stopped_by
        self.table = Table(ANSWER)
        self._earlier: list[Message] = []

    def respond(self, request: Message, call_back: Ask) -> bytes:
        """Calls of the judge; `call_back` sends a message to the judge meanwhile and returns its reply."""
        calls = request["calls"]
        earlier = self._earlier[: request["after"]]
        earlier += [_LOST] * (request["after"] - len(earlier))
        replies: list[bytes] = []
        try:
            until = perf_counter() + TOGETHER_SECONDS
            for call in calls:
                reply, data = self._reply(call, earlier, call_back)
                earlier.append(reply)
                replies.append(data)
                if sum(map(len, replies)) > TOGETHER_BYTES or perf_counter() > until:
                    break
        except self._stopped_by:
            if len(replies) < len(calls):  # else it came too late for the last of them
                earlier[request["after"] + len(replies) :] = [_LOST]
                replies.append(dumps(_LOST))
        self._earlier = earlier  # only now: a call may have led to other calls of the judge
        return b'{"replies":[' + b",".join(replies) + b"]}"

    def _reply(self, call: Message, earlier: Sequence[Message], call_back: Ask) -> tuple[Message, bytes]:
        """The reply to one call, after `earlier` ones: as it is, and as it is sent."""
        try:
            reply = self._call(call, earlier, call_back)
            data = dumps(reply)
            if len(data) > MOST_BYTES:
                raise CodecError(f"a result of {len(data) / 2**20:.0f} MiB is too large, the limit is {MOST_BYTES >> 20}")
            return reply, data
        except AnswerError as error:
            reply = {"error": [error.kind, error.message, error.where]}
        except CodecError as error:
            reply = {"error": ["CodecError", str(error), ""]}
        except Exception as error:  # a result, or what was made of an argument, so odd that describing it fails
            reply = {"error": ["TypeError", f"the result cannot be used: {type(error).__name__}: {str(error)[:500]}", ""]}
        return reply, dumps(reply)

    def _call(self, call: Message, earlier: Sequence[Message], call_back: Ask) -> Message:
        def resolve(reference: Reference) -> Any:
            return _callback(reference, self, call_back) if reference.owner == JUDGE else self.table.find(reference)

        target, *sent = (_filled(item, earlier) for item in (call["target"], *call["args"]))
        method = call.get("method")
        if isinstance(target, str):
            if target not in self.namespace:
                raise AnswerError("NameError", f"{target} is not defined")
            function = self.namespace[target]
        else:
            function = decode(target, resolve)
        args = [decode(item, resolve) for item in sent]
        before = [_copied(item, value) for item, value in zip(sent, args, strict=True)]
        watch = Watch(call.get("forbids") or ())
        try:
            if method is not None:
                function = getattr(function, method)
            if call.get("get"):
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
        keep = call.get("keep")
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


def _filled(item: Any, earlier: Sequence[Message]) -> Any:
    """An argument as it would have come if the judge had waited for the result that it stands for."""
    if not (isinstance(item, dict) and item.get("k") == "ref" and item["v"][0] == EARLIER):
        return item
    _, number, component = item["v"]
    if not 0 <= int(number) < len(earlier):
        raise CodecError(f"there is no earlier call {number}")
    reply = earlier[int(number)]
    if "error" in reply:
        raise AnswerError(*reply["error"])
    value = plain(reply["value"])
    if component == "":
        return value
    try:
        part = decode(value, lambda reference: reference)[int(component)]
    except (LookupError, TypeError) as error:
        raise AnswerError(type(error).__name__, f"a result has no component {component}: {error}") from None
    return encode(part, Table(ANSWER))


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
        return not isinstance(new, list | tuple) or len(old) != len(new) or any(map(_changed, old, new))
    if isinstance(old, dict):
        return not isinstance(new, dict) or list(old) != list(new) or any(_changed(old[name], new[name]) for name in old)
    if hasattr(old, "detach"):
        return not hasattr(new, "detach") or _changed(old.numpy(), new.detach().numpy())
    return False


def _where(error: BaseException) -> str:
    """The innermost line of the student's own code in the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "dlkit/checking" not in f.filename.replace("\\", "/")
           and "site-packages" not in f.filename]
    return f"line {own[-1].lineno}: {own[-1].line}" if own and own[-1].line else ""
