"""The judge's side of the conversation: what the judge, and the probe of an exercise, holds of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dlkit.checking.codec import Reference, Table, decode, dumps, encode, plain
from dlkit.checking.protocol import DIED, EARLIER, JUDGE, TOGETHER_BYTES, AnswerError, Link, Message


class Handle:
    """An object that stayed with the answer: an argument, or the target, of other calls."""

    def __init__(self, reference: Reference) -> None:
        self.__dlkit_reference__ = reference

    def __repr__(self) -> str:
        return f"<a {self.__dlkit_reference__.kind}>"


class Later:
    """A call whose result is not there yet. It is made when a :attr:`value` is asked for, its own or that of another such call.

    Before that it can be an argument of other calls, whole or (``later[0]``) a component of it.
    """

    __iter__ = None  # how many components there are is not known

    def __init__(self, client: Client, number: int, request: bytes, called: str, forbids: tuple[str, ...]) -> None:
        self.request, self.called, self.forbids = request, called, forbids
        self.__dlkit_reference__ = Reference(EARLIER, number, "")
        self.reply: Message | AnswerError | None = None
        self._client = client

    @cached_property
    def value(self) -> Any:
        """What the call returned; :class:`AnswerError` if it raised."""
        return self._client._value_of(self)

    def __getitem__(self, component: int) -> Any:
        return self.value[component] if self.reply is not None else Component(self, component)


@dataclass(frozen=True)
class Component:
    """One component of a result that is not there yet."""

    of: Later
    number: int

    @property
    def __dlkit_reference__(self) -> Reference:
        return Reference(EARLIER, self.of.__dlkit_reference__.number, str(self.number))


class Client:
    """An answer, as its judge sees it.

    ``client.softmax(Z)`` calls the function of that name; ``client.call(name, *args, keep=[1])`` leaves the second
    component of the result with the answer and gives a handle for it (``keep=True``: the whole result). Both wait for the
    result. ``client.later(name, *args)`` does not: calls that are asked for in this way go together, in this order.

    >>> from dlkit.checking.links import LocalLink
    >>> client = Client(LocalLink({"double": lambda x: (2 * x, "done")}))
    >>> two = client.later("double", 1)
    >>> four = client.later("double", two[0])
    >>> four.value
    (4, 'done')
    """

    def __init__(self, link: Link, names: tuple[str, ...] = ()) -> None:
        self._link, self.names = link, names
        self.table = Table(JUDGE)
        self.forbids: tuple[str, ...] = ()
        self.changed: list[tuple[str, int]] = []
        self.shortcuts: set[str] = set()
        self.died: AnswerError | None = None
        self._waiting: list[Later] = []
        self._answered = 0  # of the calls that go together
        self._most = 0  # to be sent at once

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, keep=None: self.call(name, *args, keep=keep)

    def __call__(self, *args: Any) -> Any:
        return self.call(self.names[0], *args)

    def finish(self, in_time: bool = True) -> None:
        """The end of a script: what still waits is made, whatever it gives, unless the script was out of time.

        For which calls are made, and hence whether the process survives, must not depend on how many went together.
        """
        try:
            while self._waiting and in_time:
                self._exchange()
        except Exception:  # nobody asks for these results
            pass
        self._waiting.clear()

    def call(self, target: str | Handle, *args: Any, method: str | None = None, keep: Any = None) -> Any:
        """The result of a call, now."""
        return self.later(target, *args, method=method, keep=keep).value

    def later(self, target: str | Handle | Later, *args: Any, method: str | None = None, keep: Any = None,
              get: bool = False) -> Later:  # fmt: skip
        """A call (or with `get` the attribute `method`) to be made together with others; its arguments are copied now."""
        if not self._waiting:
            self._answered, self._most = 0, 2**31
        request: dict = {"target": target if isinstance(target, str) else self._encode(target),
                         "args": [self._encode(item) for item in args]}
        if method is not None:
            request["method"] = method
        if get:
            request["get"] = True
        if keep is not None:
            request["keep"] = keep if keep is True else list(keep)
        if self.forbids and not get:
            request["forbids"] = list(self.forbids)
        called = "" if get else target if isinstance(target, str) else method or repr(target)
        number = self._answered + len(self._waiting)
        self._waiting.append(Later(self, number, dumps(request), called, self.forbids))
        return self._waiting[-1]

    def _value_of(self, later: Later) -> Any:
        while later.reply is None:
            self._expect(later)
            self._exchange()
        reply = later.reply
        if isinstance(reply, AnswerError):
            raise reply
        if "error" in reply:
            raise _error(reply)
        self.changed += [(later.called, int(i)) for i in reply.get("changed", ())]
        self.shortcuts.update({str(name) for name in reply.get("shortcuts", ())} & set(later.forbids))
        value = decode(plain(reply["value"]), self._resolve)
        later.reply = {}  # it may be large
        return value

    def _expect(self, later: Later) -> None:
        if later not in self._waiting:
            raise RuntimeError(f"the call of {later.called or 'an attribute'} does not wait to be made")

    def _exchange(self) -> None:
        """Send what waits, as much as goes together; note the replies."""
        block, size = self._waiting[: self._most], 0
        for number, later in enumerate(block):
            size += len(later.request)
            if number and size > TOGETHER_BYTES:
                del block[number:]
                break
        request = b'{"after":%d,"calls":[%s]}' % (self._answered, b",".join(later.request for later in block))
        waiting, answered = self._waiting, self._answered
        self._waiting = []  # a callback may have calls of its own, which cannot wait for these
        try:
            replies = _replies(self._link.ask(request, self._answer_callback), len(block))
        except AnswerError as error:
            replies = [error] * len(block)
            self.died = error if error.kind == DIED else self.died
        finally:
            self._waiting, self._answered = waiting, answered
        for later, reply in zip(block, replies, strict=False):
            later.reply, later.request = reply, b""
        del self._waiting[: len(replies)]
        self._answered += len(replies)
        self._most = 2 * len(replies)  # if they take long, there is no use in sending all the rest again and again

    def _encode(self, value: Any) -> Any:
        """A value as it travels; of a call for later, the value if that is known by now."""
        if isinstance(value, Later | Component):
            later = value.of if isinstance(value, Component) else value
            if later.reply is None:
                self._expect(later)
            elif value is later:
                value = later.value
            else:
                value = later.value[value.number]
        return encode(value, self.table)

    def _resolve(self, reference: Reference) -> Any:
        return self.table.find(reference) if reference.owner == JUDGE else Handle(reference)

    def _answer_callback(self, message: Message) -> bytes:
        try:
            function = self.table.find(Reference(JUDGE, int(message["callback"]), ""))
            args = [decode(plain(item), self._resolve) for item in message["args"]]
            return dumps({"value": self._encode(function(*args))})
        except Exception as error:  # the answer called the function with something it cannot take
            return dumps({"error": [type(error).__name__, str(error)]})


def _replies(message: Message, asked: int) -> list[Any]:
    if "error" in message:
        raise _error(message)
    replies = message.get("replies")
    if not isinstance(replies, list) or not 0 < len(replies) <= asked:
        raise AnswerError("TypeError", "what came back is no reply")
    return [reply if isinstance(reply, dict) else AnswerError("TypeError", "what came back is no reply") for reply in replies]


def _error(reply: Message) -> AnswerError:
    return AnswerError(*[str(item)[:2000] for item in [*reply["error"], "", ""][:3]])
