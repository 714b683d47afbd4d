"""The child: runs the cells of one notebook and answers the judge's calls, until its line is closed.

It is started in two ways, by a fork of the template (:mod:`dlkit.grading.child.template`) or cold, as a program of its own;
from :func:`serve` on there is no difference.

Messages it gets, as objects of the codec: ``{"do": "run", "source": ...}`` (a cell), ``{"do": "judging", "on": ...}`` (calls of
the judge begin or have ended: no reply is expected, since every turn on the line takes longer than most calls),
``{"calls": ...}`` (of the judge, see :mod:`dlkit.checking.protocol`) and ``{"answer": ...}``. It sends
``{"output": ...}``, ``{"done": ...}``, replies to the judge, and ``{"ask": ...}`` for what the course has to say.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any

import numpy as np

from dlkit.checking.codec import CodecError, dumps, loads
from dlkit.checking.protocol import Link, Message, Turn, fingerprint
from dlkit.checking.respondent import Respondent
from dlkit.grading.child.channel import Channel, ChannelClosed
from dlkit.grading.child.shell import Output, Shell

MOST_OUTPUT = 16 * 2**20  # bytes of one output


class Line(Link):
    """The child's end: takes turns with the trusted side, which may call while it is being asked."""

    def __init__(self, channel: Channel, shell: Shell) -> None:
        self._channel, self._shell = channel, shell
        self._respondent = Respondent(shell.user_ns, stopped_by=(KeyboardInterrupt, GeneratorExit))
        self._judging = ExitStack()
        self._turn = threading.Lock()  # one thread at a time waits for a reply
        self._holder: int | None = None
        self._at_work = 0
        self._being_judged = False
        self._passed: dict[str, dict[str, tuple[int, str]]] = {}
        shell.sink = self._send_output

    def serve(self) -> None:
        """Do what is asked until the line is closed."""
        while True:
            try:
                self._handle(self._receive())
            except KeyboardInterrupt:  # came between two messages: there is nothing to interrupt
                continue

    def ask_course(self, question: str, **details: Any) -> dict[str, Any]:
        """Ask the trusted side, serving its calls meanwhile; the answer is a plain object."""
        with self._waiting():
            self._shell._flush()
            self._send({"ask": question, **details})
            while "answer" not in (message := self._receive()):
                self._handle(message)
        answer = message["answer"]
        if "error" in answer:
            raise RuntimeError(str(answer["error"][1]))
        return answer

    def ask(self, request: bytes, on_callback: Turn) -> Message:
        """A call of a function that runs on the trusted side (:class:`dlkit.checking.protocol.Link`)."""
        with self._waiting():
            self._send({"ask": "call", "request": request.decode()})
            while True:
                message = self._receive()
                if "answer" in message:
                    return message["answer"]
                if "callback" in message:
                    with self._work():  # what is called may have something to ask, too
                        reply = on_callback(message)
                    self._channel.send(reply)
                else:
                    self._handle(message)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """A turn of one thread; none begins once the trusted side has been told that the work is done."""
        with self._turn:
            if not self._at_work:
                raise RuntimeError("nothing can be asked after the cell, or the call, has ended")
            self._holder = threading.get_ident()
            try:
                yield
            finally:
                self._holder = None

    @contextmanager
    def _work(self) -> Iterator[None]:
        """While a cell or a call is run, other threads may have a turn; it ends when none of them waits for a reply."""
        mine = self._holder == threading.get_ident()
        if mine:
            self._holder = None
            self._turn.release()
        self._at_work += 1
        try:
            yield
        finally:
            self._turn.acquire()
            self._at_work -= 1
            if mine:
                self._holder = threading.get_ident()
            else:
                self._turn.release()

    def _handle(self, message: Message) -> None:
        if message.get("do") == "run":
            self._run(str(message["source"]))
        elif message.get("do") == "judging":
            self._judge(bool(message["on"]), message.get("passed") or ())
        elif "calls" in message:
            try:
                with self._work():
                    reply = self._respondent.respond(message, self._call_back)
            except KeyboardInterrupt:  # came after a call, before its reply: the judge has given up on that
                reply = dumps({"replies": [{"error": ["KeyboardInterrupt", "the call was stopped", ""]}]})
            self._shell.drain()  # what calls print belongs to them
            self._channel.send(reply)

    def _run(self, source: str) -> None:
        success = False
        try:
            with self._work():
                success = self._shell.run(source)
        except (Exception, KeyboardInterrupt, SystemExit):
            self._shell.showtraceback()
        finally:
            self._shell.drain()
        self._send({"done": success, "count": self._shell.execution_count - 1})

    def _call_back(self, request: bytes) -> Message:
        """Send a call of one of the judge's functions; the judge may call in turn before it replies."""
        with self._waiting():
            self._channel.send(request)
            while True:
                message = self._receive()
                if "calls" not in message:
                    return message
                self._handle(message)

    def own(self, key: str) -> list[Any] | None:
        """The notebook's own answer to an exercise, if it has passed and is still the same; never while one is judged."""
        passed, names = self._passed.get(key), self._shell.user_ns
        if self._being_judged or passed is None or any(fingerprint(names.get(name)) != was for name, was in passed.items()):
            return None
        return [names[name] for name in passed]

    def _judge(self, on: bool, passed: Sequence[str]) -> None:
        """While the judge calls, random states and settings are put aside, so that the notebook goes on as if it had not."""
        self._judging.close()
        self._being_judged = on
        if passed:
            key, *names = map(str, passed)
            self._passed[key] = {name: fingerprint(self._shell.user_ns.get(name)) for name in names}
        if on:
            states = random.getstate(), np.random.get_state()
            self._judging.callback(np.random.set_state, states[1])
            self._judging.callback(random.setstate, states[0])
            torch = sys.modules.get("torch")
            if torch is not None and hasattr(torch, "get_rng_state"):
                self._judging.callback(torch.set_rng_state, torch.get_rng_state())
            self._judging.enter_context(np.errstate(all="ignore"))
            self._judging.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")

    def _send_output(self, output: Output) -> None:
        data = output.get("data")
        if isinstance(data, dict):
            output = {**output, "data": {str(kind): _mime(value) for kind, value in data.items()}}
        try:
            message = dumps({"output": output})
        except (TypeError, ValueError, CodecError):  # something that JSON cannot carry
            message = b""
        if not 0 < len(message) <= MOST_OUTPUT:
            spare = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "[an output that cannot be kept]"}}
            message = dumps({"output": spare})
        self._channel.send(message)

    def _send(self, message: dict[str, Any]) -> None:
        self._channel.send(dumps(message))

    def _receive(self) -> Message:
        message = self._channel.receive()
        assert message is not None
        return loads(message)


_line: Line | None = None


def line() -> Line:
    """The line of this process to the trusted side."""
    if _line is None:
        raise RuntimeError("this process is not connected to anything")
    return _line


def _mime(value: Any) -> Any:
    """Pictures come as bytes from some libraries; notebooks keep them in base64."""
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode("ascii")
    return value


def sow(seed: int) -> None:
    """Set the random numbers of Python, NumPy and PyTorch; of PyTorch when it is imported, if it is not yet."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
    else:
        sys.meta_path.insert(0, _SeedsTorch(seed))


class _SeedsTorch(MetaPathFinder):
    """Waits for ``import torch``, lets the others find it, and seeds it once it is there."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_seed(module: Any) -> None:
                execute(module)
                module.manual_seed(self._seed)

            spec.loader.exec_module = execute_and_seed  # type: ignore[method-assign]
        return spec


def make_shell() -> Shell:
    """The shell of a child; the template makes it before it forks."""
    shell = Shell.instance(colors="nocolor", xmode="Plain")
    shell.user_ns["__name__"] = "__main__"
    sys.stdout.flush()
    return shell


def serve(channel: Channel, shell: Shell, folder: str, seed: int, environment: Mapping[str, str]) -> None:
    """Become the child of one notebook: `folder` is where it works, `seed` sets its random numbers."""
    global _line
    try:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = ["", *(path for path in sys.path if path)]
        sow(seed)
        shell.prepare()
        _line = Line(channel, shell)
        channel.send(dumps({"hello": os.getpid()}))
    except Exception as error:
        channel.send(dumps({"failed": f"{type(error).__name__}: {error}"}))
        return
    try:
        _line.serve()
    except (ChannelClosed, BrokenPipeError):
        return
