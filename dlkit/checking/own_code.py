"""Remember answers that passed, so that a later notebook can use them.

The source of the answer's functions, with the helpers they use, is kept in a folder of the student's own; nothing of it is
ever sent anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dlkit.exercises.model import Exercise
from dlkit.exercises.source import source_of


def folder() -> Path | None:
    """Where passed answers are kept: DLKIT_ANSWERS, else ``~/.dlkit/answers``; ``None`` (nowhere) if it is set to nothing."""
    named = os.environ.get("DLKIT_ANSWERS", str(Path.home() / ".dlkit" / "answers"))
    return Path(named) if named else None


def remember(exercise: Exercise, namespace: Mapping[str, Any]) -> None:
    """Keep the source of an answer; silently nothing if it has none or the folder cannot be written."""
    place = folder()
    if place is None:
        return
    try:
        source = source_of({name: namespace[name] for name in exercise.names})
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{exercise.key}.py").write_text(source, encoding="utf-8")
    except (OSError, TypeError, KeyError, SyntaxError):
        return


def recall(exercise: Exercise) -> dict[str, Any] | None:
    """The kept functions of an answer, or ``None``; it is judged again before it is used."""
    place = folder()
    if place is None:
        return None
    file = place / f"{exercise.key}.py"
    try:
        source = file.read_text(encoding="utf-8")
        namespace: dict[str, Any] = {"np": np, "__name__": "own_answer"}
        exec(compile(source, str(file), "exec", dont_inherit=True), namespace)
        return {name: namespace[name] for name in exercise.names}
    except Exception:  # whatever is wrong with an old file, the course goes on with the reference
        return None
