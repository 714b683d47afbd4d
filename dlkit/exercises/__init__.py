"""All exercises of the course, by key.

>>> find("unit1.linear_unit").points > 0
True
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import sys
from functools import cache
from types import ModuleType

from dlkit.exercises.model import AsTensor, Example, Exercise, Mistake, Regime, Rng

__all__ = ["AsTensor", "Example", "Exercise", "Mistake", "Regime", "Rng", "all_exercises", "find"]

UNITS = ("unit0", "unit1", "unit2")
MORE = "DLKIT_EXERCISES"
"""Environment variable with more files of exercises, each with a tuple ``EXERCISES``: an instructor's own."""


@cache
def _by_key() -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for module in (*map(_unit, UNITS), *map(_file, filter(None, os.environ.get(MORE, "").split(os.pathsep)))):
        for exercise in module.EXERCISES:
            if exercise.key in found:
                raise ValueError(f"two exercises have the key {exercise.key!r}")
            if module.__name__.startswith("dlkit.") and exercise.unit != module.__name__.rpartition(".")[2]:
                raise ValueError(f"{exercise.key!r} is listed in {module.__name__}")
            found[exercise.key] = exercise
    return found


def _unit(name: str) -> ModuleType:
    return importlib.import_module(f"dlkit.exercises.{name}")


def _file(path: str) -> ModuleType:
    name = f"dlkit_exercises_{os.path.splitext(os.path.basename(path))[0]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{MORE} names {path!r}, expected a Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def all_exercises(unit: str | None = None) -> list[Exercise]:
    """Every exercise in the order of the course, or those of one unit (``"unit1"``)."""
    return [exercise for exercise in _by_key().values() if unit in (None, exercise.unit)]


def find(key: str) -> Exercise:
    """The exercise with this key; ``KeyError`` that suggests the nearest ones otherwise."""
    exercises = _by_key()
    if key not in exercises:
        near = difflib.get_close_matches(key, exercises, n=3)
        raise KeyError(f"no exercise {key!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
    return exercises[key]
