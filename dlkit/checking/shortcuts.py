"""Notice shortcuts: calls into packages that an exercise asks to do without.

What is watched are the calls made *while the answer runs*, not the imports of the notebook, so plotting, loaders and the
notebook's own PyTorch part raise no alarm. A shortcut is pointed out, never scored.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable)
_UNWATCHED: set[Any] = set()
OWN = ("dlkit.checking", "dlkit.grading.child")  # what runs the answer, prints for it, and hands it what the course offers


class Watch:
    """While active, collects in ``seen`` the top-level packages among `packages` that are called."""

    def __init__(self, packages: Sequence[str]) -> None:
        self.packages = frozenset(packages)
        self.seen: set[str] = set()
        self._pauses = 0
        self._before: Any = None

    def __enter__(self) -> Watch:
        if self.packages:
            self._before = sys.getprofile()
            sys.setprofile(self._on_event)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.packages:
            sys.setprofile(self._before)

    def _on_event(self, frame: FrameType, event: str, function: Any) -> None:
        if event == "call" or event == "return":
            if frame.f_code in _UNWATCHED:
                self._pauses += 1 if event == "call" else -1
                return
            if self._pauses or event == "return":
                return
            name = frame.f_globals.get("__name__")
        elif event == "c_call" and not self._pauses:
            name = getattr(function, "__module__", None) or type(getattr(function, "__self__", None)).__module__
        else:
            return
        package = str(name).partition(".")[0]
        if package in self.packages and not str(name).startswith(OWN):
            self.seen.add(package)


def unwatched(function: F) -> F:
    """Whatever `function` calls does not count: it was handed to the answer by the course itself."""

    @functools.wraps(function)
    def pause(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    _UNWATCHED.add(pause.__code__)
    return pause  # type: ignore[return-value]
