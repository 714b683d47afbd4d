"""An IPython shell that runs cells and hands on their outputs in the form that notebooks keep them."""

from __future__ import annotations

import ast
import builtins
import copy
import io
import mmap
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type

from dlkit.grading.child.cells import UNREADABLE, Compiler, Transformers
from dlkit.grading.sandbox import advice

Output = dict[str, Any]
MOST_TEXT = 2**20  # signs of one cell that are kept of each stream
RESERVE = 48 * 2**20  # bytes of address space, put aside for the time when a cell has used up all others
NO_INPUT = "input() cannot be answered while a notebook is graded: give the value in the cell itself."


class Publisher(DisplayPublisher):
    """``display(...)`` and ``clear_output()``."""

    def publish(  # type: ignore[override]
        self, data: dict, metadata: dict | None = None, source: Any = None, *, transient: dict | None = None,
        update: bool = False, **rest: Any,
    ) -> None:  # fmt: skip
        output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        if transient and transient.get("display_id"):
            output["display_id"] = str(transient["display_id"])
        if update:
            output["update"] = True
        self.shell.emit(output)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.emit({"output_type": "clear", "wait": bool(wait)})


class Hook(DisplayHook):
    """The value of the last expression of a cell."""

    def start_displayhook(self) -> None:
        return None

    def write_output_prompt(self) -> None:
        return None

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        self.shell.emit({"output_type": "execute_result", "data": dict(format_dict), "metadata": md_dict or {},
                         "execution_count": self.prompt_count})  # fmt: skip

    def finish_displayhook(self) -> None:
        return None


class Stream(io.TextIOBase):
    """What is written to ``sys.stdout`` or ``sys.stderr``, handed on in few large pieces."""

    encoding = "utf-8"

    def __init__(self, name: str, emit: Callable[[Output], None], descriptor: int) -> None:
        self.name, self._emit, self._descriptor = f"<{name}>", emit, descriptor
        self._stream, self._parts, self._size, self.left = name, [], 0, MOST_TEXT
        self._lock = threading.RLock()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self._lock:
            if self.left > 0:
                self._parts.append(text[: self.left])
                self._size += len(text)
                self.left -= len(text)
                if self.left <= 0:
                    self._parts.append("\n[the rest of the output was left out]\n")
                if self._size > 2**14:
                    self.flush()
        return len(text)

    def flush(self) -> None:
        with self._lock:
            if self._parts:
                text = "".join(self._parts)
                self._parts, self._size = [], 0
                self._emit({"output_type": "stream", "name": self._stream, "text": text})


class Shell(InteractiveShell):
    """Runs cells; :attr:`sink` gets each output as a dict. Made in the template, before any student code is known."""

    display_pub_class = Type(Publisher)
    displayhook_class = Type(Hook)
    compiler_class = Type(Compiler)
    input_transformer_manager = Instance(Transformers, ())

    def __init__(self, **options: Any) -> None:
        self.sink: Callable[[Output], None] = lambda output: None
        super().__init__(**options)
        self._reserve: mmap.mmap | None = _address_space(RESERVE)
        self._out = Stream("stdout", self._forward, 1)
        self._err = Stream("stderr", self._forward, 2)

    # -- hooks of IPython ------------------------------------------------------------------------------------------------

    def init_history(self) -> None:
        self.config.HistoryManager.enabled = False  # no file, and no thread that writes one
        super().init_history()

    def init_io(self) -> None:
        return None

    def enable_gui(self, gui: str | None = None) -> None:
        return None

    def ask_exit(self) -> None:
        """``exit`` and ``quit`` do nothing: the rest of the notebook is to be graded."""

    def showtraceback(self, *args: Any, **options: Any) -> None:
        self.relieve()
        super().showtraceback(*args, **options)

    def relieve(self) -> None:
        """Give back what was put aside, if memory has run out: telling the error, and all later cells, need some."""
        if self._reserve is None:
            return
        try:
            _address_space(RESERVE).close()
        except (OSError, MemoryError):
            self._reserve.close()
            self._reserve = None

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        lines = [str(line) for line in stb]
        hint = advice(evalue)
        self.emit({"output_type": "error", "ename": str(getattr(etype, "__name__", etype)), "evalue": _text(evalue),
                   "traceback": lines + ([hint] if hint else [])})  # fmt: skip

    def should_run_async(self, raw_cell: str, *, transformed_cell: str, **rest: Any) -> bool:
        """Whether there is a top-level ``await``; the cell need not be compiled to see that no such word is in it."""
        if "await" not in transformed_cell and "async" not in transformed_cell:
            return False
        return super().should_run_async(raw_cell, transformed_cell=transformed_cell, **rest)

    def learn(self, cells: list[str]) -> None:
        """Read cells that are expected, so that they need not be read again."""
        code = []
        for cell in cells:
            with suppress(*UNREADABLE):
                code.append(self.transform_cell(cell))
                self.input_transformer_manager.keep(cell)
        flags = self.compile.flags
        self.compile.learn(code, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        self.compile.flags = flags

    def transform_ast(self, node: ast.AST) -> ast.AST:
        """Let the notebook's own transformers change the tree, but not one that is kept."""
        return super().transform_ast(copy.deepcopy(node) if self.ast_transformers else node)

    # -- running ---------------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Take over the streams and descriptors of this process, and refuse input."""
        self._below = tempfile.TemporaryFile()  # what is written to descriptors 1 and 2
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        for descriptor in (1, 2):
            os.dup2(self._below.fileno(), descriptor)
        if nothing > 2:
            os.close(nothing)
        sys.stdin = open(os.devnull)  # noqa: SIM115
        sys.stdout = sys.__stdout__ = self._out
        sys.stderr = sys.__stderr__ = self._err
        builtins.input = _no_input
        import getpass

        getpass.getpass = _no_input

    def emit(self, output: Output) -> None:
        """Hand on an output, after the text written before it."""
        self._flush()
        self.sink(output)

    def _forward(self, output: Output) -> None:
        self.sink(output)

    def _flush(self) -> None:
        for stream in (self._out, self._err):
            stream.flush()

    def run(self, source: str) -> bool:
        """Run one cell; whether it ended without an error."""
        self._out.left = self._err.left = MOST_TEXT
        sys.stdout = sys.__stdout__ = self._out  # an earlier cell may have put others in their place
        sys.stderr = sys.__stderr__ = self._err
        done = self.run_cell(source, store_history=True)
        self.drain()
        return bool(done.success)

    def drain(self) -> None:
        """Hand on what is still in the streams, and what came below them."""
        self._flush()
        try:
            end = os.lseek(self._below.fileno(), 0, os.SEEK_END)
            if end:
                text = os.pread(self._below.fileno(), MOST_TEXT, 0).decode("utf-8", "replace")
                os.ftruncate(self._below.fileno(), 0)
                os.lseek(self._below.fileno(), 0, os.SEEK_SET)
                self.sink({"output_type": "stream", "name": "stdout", "text": text})
        except OSError:  # the student closed it
            return


def _address_space(size: int) -> mmap.mmap:
    """Memory that counts against this process's limit, though no page of it is ever touched."""
    private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if sys.platform != "win32" else {}
    return mmap.mmap(-1, size, **private)


def _text(value: Any) -> str:
    try:
        return str(value)
    except BaseException:
        return f"<{type(value).__name__}>"


def _no_input(*args: Any, **kwargs: Any) -> str:
    raise StdinNotImplementedError(NO_INPUT)
