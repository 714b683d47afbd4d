"""The conversation between the judge and an answer.

The judge sends calls (a name or a kept object, with arguments); the answer's side replies with each result as plain data, or
with the error that was raised. Functions among the arguments are called back through the same line. Only bytes pass, so a
verdict does not depend on where the answer lives: :mod:`dlkit.checking.links`. The judge's side is
:mod:`dlkit.checking.client`, the answer's :mod:`dlkit.checking.respondent`.

A turn on a line between processes takes longer than most calls. So calls go together: a request is
``{"after": n, "calls": [...]}``, its reply ``{"replies": [...]}``, one for each call. The answer's side may stop after any of
them, and does when they take long; the judge then sends the rest, with the number `n` of those that have been answered. An
argument, or the target, may be what an earlier one of these calls returned, before the judge has seen it (:data:`EARLIER`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

JUDGE, ANSWER = "judge", "answer"
EARLIER = "earlier"
"""The owner of a reference to the result of an earlier call: its number, and instead of a type which component (or "")."""

TOGETHER_BYTES = 2**18  # of calls that go together, and of their replies; a longer one goes alone

Message = dict[str, Any]  # plain data, as it came out of `loads`; what is to be sent is bytes
Ask = Callable[[bytes], Message]
Turn = Callable[[Message], bytes]


class AnswerError(Exception):
    """The answer raised: `kind` and `message` of the error, and the line of the answer where it happened."""

    def __init__(self, kind: str, message: str, where: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind, self.message, self.where = kind, message, where


DIED = "ProcessDied"
"""The kind of error of an answer whose process has ended, or had to be ended because nothing else could stop it."""


class Link:
    """A line to an answer: `ask` sends a request and returns the reply, serving callbacks on the way.

    :class:`AnswerError` if there is no reply, because the process has ended or no time is left: for all calls of the request.
    """

    def ask(self, request: bytes, on_callback: Turn) -> Message:
        raise NotImplementedError


def fingerprint(answer: Any) -> tuple[int, str]:
    """Tells whether a name still holds what was judged: another object, or other code, has another fingerprint."""
    code = getattr(answer, "__code__", None)
    return id(answer), hashlib.sha256(code.co_code).hexdigest() if code else ""
