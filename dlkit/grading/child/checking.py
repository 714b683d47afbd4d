"""Stands in for :mod:`dlkit.checking` where student code runs while it is graded: it asks the trusted side.

No exercise, reference or expected value is here. What is shown is what the real :mod:`dlkit.checking` would show.
"""

from __future__ import annotations

from typing import Any

__all__ = ["being_graded", "check", "grade", "hint", "outside", "use"]


def being_graded() -> bool:
    """Whether the notebook is being graded now."""
    return True


def check(key: str) -> float:
    """Show how an answer fares on its visible cases. (The mark is found elsewhere.)"""
    return float(_ask_and_show("check", str(key)).get("mark", 0.0))


def grade(key: str) -> float:
    """The same as :func:`check`: a mark cannot be asked for."""
    return check(key)


def hint(key: str, number: int | None = None) -> None:
    """Show a hint."""
    _ask_and_show("hint", str(key), number=number)


def use(key: str) -> Any:
    """Your own answer to an exercise if it passes its check, else the course's version."""
    from dlkit.grading.child.program import line

    passed = line().own(str(key))
    if passed is not None:
        return passed[0] if len(passed) == 1 else tuple(passed)
    answer = _ask_and_show("use", str(key))
    names = [str(name) for name in answer["names"]]
    if answer.get("own"):
        from IPython import get_ipython

        found = [get_ipython().user_ns[name] for name in names]
    elif "source" in answer:
        found = _from_source(key, answer["source"], names)
    else:
        found = [_proxy(f"{key}:{name}") for name in names]
    return found[0] if len(found) == 1 else tuple(found)


def outside(what: str, args: tuple, keywords: dict[str, Any] | None = None) -> Any:
    """Call a function of the course that is kept on the trusted side."""
    from dlkit.checking.client import Client
    from dlkit.grading.child.program import line

    client = Client(line(), (what,))
    return client.call(what, *args, *([] if not keywords else [{"__keywords__": keywords}]))


def _proxy(what: str) -> Any:
    from dlkit.checking.shortcuts import unwatched

    @unwatched  # what the course hands out is no shortcut
    def function(*args: Any, **keywords: Any) -> Any:
        return outside(what, args, keywords)

    function.__name__ = what.rpartition(":")[2]
    return function


_made: dict[str, dict[str, Any]] = {}


def _from_source(key: str, source: str, names: list[str]) -> list[Any]:
    if key not in _made:
        namespace: dict[str, Any] = {"__name__": "course"}
        exec(compile(source, f"<{key}>", "exec", dont_inherit=True), namespace)
        _made[key] = namespace
    return [_made[key][name] for name in names]


def _ask_and_show(question: str, key: str, **details: Any) -> dict[str, Any]:
    from dlkit.grading.child.program import line

    answer = line().ask_course(question, key=key, **details)
    if answer.get("card"):
        from IPython.display import publish_display_data

        publish_display_data(answer["card"])
    return answer
