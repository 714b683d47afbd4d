"""Notice shortcuts: calls into packages that an exercise asks to do without.

What is watched are the calls made *while the answer runs*, not the imports of the notebook, so plotting, loaders and the
notebook's own PyTorch part raise no alarm. A shortcut is pointed out, never scored.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Sequence
from types import CodeType, FrameType, TracebackType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable)
_UNWATCHED: set[Any] = set()
MOST_EVENTS = 5_000  # calls and returns: two milliseconds
OWN = ("dlkit.checking", "dlkit.grading.child")  # what runs the answer, prints for it, and hands it what the course offers


class Watch:
    """While active, collects in ``seen`` the top-level packages among `packages` that are called.

    Python tells of every single call and return, which slows a training loop down by half: so decisions are remembered, and
    the watch ends after `MOST_EVENTS`. What a loop has not called by then it hardly ever will.
    """

    def __init__(self, packages: Sequence[str]) -> None:
        self.packages = frozenset(packages)
        self.seen: set[str] = set()
        self._before: Any = None

    def __enter__(self) -> Watch:
        if self.packages:
            self._before = sys.getprofile()
            sys.setprofile(self._watcher())
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.packages:
            sys.setprofile(self._before)

    def _watcher(self) -> Callable[[FrameType, str, Any], None]:
        known: dict[int, CodeType] = {}  # by number: to hash a code object takes long; kept, so that no number is used again
        called = _Called(self.packages, self.seen)
        pauses, left = 0, MOST_EVENTS

        def on_event(frame: FrameType, event: str, function: Any) -> None:
            nonlocal pauses, left
            left -= 1
            if left < 0:
                sys.setprofile(self._before)
            elif event == "call":
                code = frame.f_code
                if id(code) in known:
                    return
                if code in _UNWATCHED:
                    pauses += 1
                elif not pauses:
                    known[id(code)] = code
                    called[frame.f_globals.get("__name__")]
            elif event == "c_call":
                if not pauses:
                    called[getattr(function, "__module__", None) or type(getattr(function, "__self__", None)).__module__]
            elif pauses and event == "return" and frame.f_code in _UNWATCHED:
                pauses -= 1

        return on_event


class _Called(dict[Any, None]):
    """Looking up the name of a module notes its package if that is one of `packages`, the first time."""

    def __init__(self, packages: Collection[str], seen: set[str]) -> None:
        self._packages, self._seen = packages, seen

    def __missing__(self, name: Any) -> None:
        package = str(name).partition(".")[0]
        if package in self._packages and not str(name).startswith(OWN):
            self._seen.add(package)
        self[name] = None


def unwatched(function: F) -> F:
    """Whatever `function` calls does not count: it was handed to the answer by the course itself."""

    @functools.wraps(function)
    def pause(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    _UNWATCHED.add(pause.__code__)
    return pause  # type: ignore[return-value]
