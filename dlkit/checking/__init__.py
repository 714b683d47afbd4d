"""Judge one answer: run the cases of an exercise, compare, diagnose, explain.

In a notebook: ``from dlkit.checking import check, hint, use``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "being_graded": "notebook", "check": "notebook", "grade": "notebook", "hint": "notebook", "use": "notebook",
    "judge": "judge", "judge_namespace": "judge", "Verdict": "judge", "diagnose": "diagnose", "prove": "bank",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
