"""The judge's side of one running notebook: verdicts on its answers, and what its cells may ask the course.

Everything a child sends is taken as plain data from a stranger. While trusted code works on such data it has a time limit.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from dlkit.checking.codec import CodecError, Reference, Table, loads
from dlkit.checking.diagnose import diagnose
from dlkit.checking.display import Card, bundle, card_of, error_card, hint_card, notice_card
from dlkit.checking.judge import Verdict, judge, passes
from dlkit.checking.protocol import ANSWER, DIED, AnswerError, Link, Message, Turn
from dlkit.checking.respondent import Respondent
from dlkit.exercises import find
from dlkit.exercises.model import Exercise
from dlkit.exercises.source import answer_source
from dlkit.grading.running.host import Child, ChildEnded, TooLong

CALL_SECONDS = 10.0
EXERCISE_SECONDS = 30.0
OWN_SECONDS = 20
GRACE = 2.0  # seconds for a call to end after it has been interrupted
MOST_PRINTED = 4000


_course_source = lru_cache(maxsize=256)(answer_source)


class Stuck(ChildEnded):
    """A call of the judge could not be brought to an end."""


class Nothing(Table):
    """Keeps no object of ours for a stranger, and finds none."""

    def keep(self, value: Any) -> Reference:
        return Reference(self.owner, -1, type(value).__name__)

    def find(self, reference: Reference) -> Any:
        raise CodecError("nothing is kept here")


class Desk(Link):
    """Talks to one child.

    Parameters
    ----------
    child : Child
        The process of the notebook.
    secret : bytes or None
        The course key.
    asked : sequence of str
        Keys of the exercises of this notebook, in order: their references are never handed out, only called.
    library : mapping of str to str
        ``module:function`` of :mod:`dlkit.numpy` that this notebook may have called here -> the exercise that asks for it.
    on_output : callable
        Gets each output of a cell, as the child describes it.
    hopeless : set of str
        Keys of exercises whose answers ran out of time or ended the process: ``use`` does not try them again. Added to here.
    """

    def __init__(
        self, child: Child, secret: bytes | None, asked: Sequence[str], library: Mapping[str, str],
        on_output: Callable[[dict[str, Any]], None], hopeless: set[str] | None = None,
    ) -> None:  # fmt: skip
        self.child, self._secret, self._asked, self._library = child, secret, asked, library
        self._on_output = on_output
        self._hopeless = set() if hopeless is None else hopeless
        self._judging: list[str] = []
        self._printed: list[str] = []
        self._until, self._patience = float("inf"), CALL_SECONDS
        self._ends = float("inf")  # of the cell that runs, or the call that is judged
        self.slow: list[str] = []
        self._called: dict[str, Callable] = {}

    # -- running cells -----------------------------------------------------------------------------------------------------

    def run(self, source: str, seconds: float) -> str | None:
        """Run a cell; ``None``, or why it did not come to its end. :class:`ChildEnded` if the process is gone after that."""
        self.child.send({"do": "run", "source": source})
        limit = time.monotonic() + seconds
        try:
            self._converse(limit)
            return None
        except TooLong:
            self.child.interrupt()
        try:
            self._converse(time.monotonic() + GRACE)
            return f"it was stopped after {seconds:.0f} s"
        except TooLong:
            raise ChildEnded(f"it ran for more than {seconds:.0f} s and did not stop when it was told to") from None

    def _converse(self, until: float) -> dict[str, Any]:
        """Serve the child until it is done with what it was sent last; its closing message."""
        outer, self._ends = self._ends, until
        try:
            return self._served(until)
        finally:
            self._ends = outer

    def _served(self, until: float) -> dict[str, Any]:
        while True:
            message = self.child.receive(until)
            if "output" in message:
                self._output(message["output"])
            elif "ask" in message:
                self._answer(message)
            elif "callback" in message:
                self.child.send({"error": ["RuntimeError", "the judge is not calling"]})
            elif "done" in message:
                return message
            else:
                self.child.fail("the process sent what nobody had asked for")

    def _output(self, output: Any) -> None:
        if not isinstance(output, dict):
            return
        if not self._judging:
            self._on_output(output)
        elif output.get("output_type") == "stream" and sum(map(len, self._printed)) < MOST_PRINTED:
            self._printed.append(str(output.get("text"))[:MOST_PRINTED])

    # -- judging -----------------------------------------------------------------------------------------------------------

    def verdict(self, key: str, hidden: bool, seconds: float = EXERCISE_SECONDS) -> tuple[Verdict, Card]:
        """The verdict on the child's answer to an exercise, and its card; `seconds` is what all its calls may take."""
        exercise = find(key)
        with self._while_judging(exercise, seconds) as ended:
            found = judge(exercise, self, self._secret if hidden else None)
            found.diagnosis = diagnose(found)
            ended(found.passed)
            # What was printed may be the arguments, and hidden ones are not told to those who come later.
            return found, card_of(found, "" if hidden else "".join(self._printed))

    def passes(self, exercise: Exercise) -> bool:
        """Whether the child's answer passes its visible cases."""
        with self._while_judging(exercise, EXERCISE_SECONDS) as ended:
            found = passes(exercise, self)
            ended(found)
            return found

    @contextmanager
    def _while_judging(self, exercise: Exercise, seconds: float) -> Iterator[Callable[[bool], None]]:
        """The time in which calls of the judge are made; what it gives is to be called at their end: did the answer pass?"""
        outer, self._printed = self._printed, []
        if not self._judging:
            self._until, self._patience = time.monotonic() + seconds, min(CALL_SECONDS, seconds)
            self.slow = []
        self._judging.append(exercise.key)
        try:
            self._turn(on=True)
            with own_time():
                yield lambda passed: self._turn(on=False, passed=exercise if passed else None)
        finally:
            if self.slow or self.child.ended:
                self._hopeless.add(exercise.key)
            self._judging.pop()
            self._printed = outer

    def _turn(self, on: bool, passed: Exercise | None = None) -> None:
        """Tell the child that calls of the judge begin or have ended; ``use`` takes an answer that `passed` as it is."""
        if len(self._judging) > 1:
            return
        try:
            self.child.send({"do": "judging", "on": on} | ({"passed": [passed.key, *passed.names]} if passed else {}))
        except ChildEnded:
            if on:
                raise Stuck("the process did not answer") from None

    def ask(self, request: bytes, on_callback: Turn) -> Message:
        """Calls of the answer (:class:`dlkit.checking.protocol.Link`).

        Calls that go together are over in a moment; if a request takes long, it is for the last one that has a reply.
        """
        if self.child.ended:
            raise AnswerError(DIED, self.child.ended)
        patience = self._patience
        until = min(self._until, time.monotonic() + patience)
        if until <= time.monotonic():
            raise AnswerError("TimeoutError", "no time is left for this answer")
        outer, self._ends = self._ends, until
        try:
            self.child.send(request)
            try:
                return self._reply(on_callback, until)
            except TooLong:
                self.child.interrupt()
            says = f"a call took more than {patience:.0f} s"
            self._patience = min(1.0, patience)  # the next ones are given less
            self.slow.append(says)
            try:
                replies = self._reply(on_callback, time.monotonic() + GRACE).get("replies")
            except TooLong:
                self.child.ended = f"{says} and did not stop when it was told to"
                raise AnswerError(DIED, self.child.ended) from None
            before = replies[:-1] if isinstance(replies, list) else []
            return {"replies": [*before, {"error": ["TimeoutError", says]}]}
        except ChildEnded as error:
            raise AnswerError(DIED, f"the process ended: {error}") from None
        finally:
            self._ends = outer

    def _reply(self, on_callback: Turn, until: float) -> Message:
        while True:
            message = self.child.receive(until)
            if "output" in message:
                self._output(message["output"])
            elif "ask" in message:
                self._answer(message)
            elif "callback" in message:
                self.child.send(on_callback(message))
            else:
                return message

    # -- what cells may ask --------------------------------------------------------------------------------------------------

    def _answer(self, message: Mapping[str, Any]) -> None:
        try:
            with own_time():
                answer = self._answered(message)
        except (ChildEnded, TooLong):
            raise
        except Exception as error:
            answer = {"error": [type(error).__name__, str(error.args[0] if error.args else error)[:500]]}
        if self.child.ended:
            raise ChildEnded(self.child.ended)
        self.child.send({"answer": answer})

    def _answered(self, message: Mapping[str, Any]) -> dict[str, Any]:
        question = message.get("ask")
        if question == "call":
            return self._call(str(message.get("request")))
        key = str(message.get("key"))[:200]
        try:
            exercise = find(key)
        except KeyError as error:
            if question == "use":
                raise
            return {"card": bundle(error_card(key, str(error.args[0])))}
        if question == "use":
            return self._use(exercise)
        if question == "hint":
            number = message.get("number")
            number = number if isinstance(number, int) and 1 <= number <= len(exercise.hints) else 1
            return {"card": bundle(hint_card(exercise, number))}
        if question == "check":
            if self._judging:
                raise RuntimeError("check() inside an answer that is being judged")
            verdict, card = self.verdict(key, hidden=False)
            return {"card": bundle(card), "mark": verdict.mark}
        raise ValueError(f"nothing answers {question!r}")

    def _use(self, exercise: Exercise) -> dict[str, Any]:
        if exercise.key in self._judging:
            raise RuntimeError(f"use({exercise.key!r}) inside its own exercise: write the answer yourself")
        names = list(exercise.names)
        if exercise.key not in self._hopeless and self.passes(exercise):
            return {"names": names, "own": True}
        says = f"{exercise.key}: using the course's own version (no answer of yours passes its check yet)."
        answer: dict[str, Any] = {"names": names, "card": bundle(notice_card(says))}
        if exercise.key not in self._asked:
            answer["source"] = _course_source(exercise)
        return answer

    def _call(self, request: str) -> dict[str, Any]:
        """Call a function of the course for the child, unless its exercise is being judged."""
        calls = loads(request.encode("utf-8", "surrogatepass")).get("calls")
        message = calls[0] if isinstance(calls, list) and len(calls) == 1 else None
        if not isinstance(message, dict):
            raise CodecError("functions of the course are called one at a time")
        target = message.get("target")
        if not isinstance(target, str):
            raise CodecError("only functions of the course can be called")
        if target not in self._called:
            self._called[target] = with_keywords(self._function(target))
        respondent = Respondent({target: self._called[target]})
        respondent.table = Nothing(ANSWER)
        if self._comes_too_early({target.partition(":")[0], self._library.get(target)}):
            name = target.rpartition(":")[2]
            raise RuntimeError(f"{name} of the course cannot be used inside its own exercise, or an earlier one")
        only = {"target": target, "args": message.get("args")}  # no methods, no attributes: only this call
        return loads(respondent.respond({"after": 0, "calls": [only]}, self._call_back))

    def _comes_too_early(self, keys: set[str | None]) -> bool:
        """Whether one of these exercises is being judged, or comes after one that is."""
        order = {key: place for place, key in enumerate(self._asked)}
        first = min((order.get(key, len(order)) for key in self._judging), default=None)
        return first is not None and any(key in self._judging or order.get(key, -1) >= first for key in keys if key)

    def _call_back(self, request: bytes) -> Message:
        """A function of the child among the arguments of a call: it is called there."""
        self.child.send(request)
        while True:
            message = self.child.receive(min(self._ends, time.monotonic() + CALL_SECONDS))
            if "output" in message:
                self._output(message["output"])
            elif "ask" in message:
                self._answer(message)
            else:
                return message

    def _function(self, target: str) -> Callable:
        first, _, name = target.partition(":")
        if first in self._asked:
            functions = find(first).namespace()
            if name in functions and not isinstance(functions[name], type):
                return functions[name]
        if target in self._library:
            from importlib import import_module

            found = getattr(import_module(f"dlkit.numpy.{first}"), name)
            if not isinstance(found, type):  # an object would have to stay here
                return found
        raise ValueError(f"{target!r} is not a function that can be called here")


def with_keywords(function: Callable) -> Callable:
    """Take a last argument ``{"__keywords__": ...}`` for keyword arguments: the protocol has positional ones only."""

    def called(*args: Any) -> Any:
        if args and isinstance(args[-1], dict) and set(args[-1]) == {"__keywords__"}:
            return function(*args[:-1], **args[-1]["__keywords__"])
        return function(*args)

    return called


@contextmanager
def own_time(seconds: int = OWN_SECONDS) -> Iterator[None]:
    """A limit on the processor time that trusted code spends on a stranger's data, where signals can set one.

    Waiting for the child does not count. Nested limits keep the outer one.
    """
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable or signal.getitimer(signal.ITIMER_PROF)[0]:
        yield
        return

    def stop(number: int, frame: Any) -> None:
        raise AnswerError("TimeoutError", "the result took too long to look at")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
