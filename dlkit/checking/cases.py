"""The cases on which an answer is judged: worked examples, and draws from the regimes.

Visible cases are drawn from a public seed, so the same in every notebook; hidden ones from the course key, which only the
instructor has. A case is drawn from HMAC(key, exercise/regime/number), so neither order nor platform matters.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlkit.exercises.model import EXAMPLES, Exercise

PUBLIC_KEY = b"visible cases"
KEY_FILE = ".course_key"


@dataclass(frozen=True, eq=False)
class Case:
    """One tuple of arguments, and the check (worked example or regime) it belongs to. Equal only to itself."""

    check: str
    number: int
    args: tuple


def draw_cases(exercise: Exercise, key: bytes | None = None) -> list[Case]:
    """All cases of an exercise: the visible ones, or with a course key the hidden ones (worked examples included)."""
    cases = [Case(EXAMPLES, i, example.args) for i, example in enumerate(exercise.examples)]
    for name in exercise.regimes:
        regime = exercise.regime(name)
        if regime.hidden and key is None:
            continue
        for i in range(regime.cases):
            rng = generator(key or PUBLIC_KEY, f"{exercise.key}/{name}/{i}")
            args = regime.draw(rng)
            if not isinstance(args, tuple):
                raise TypeError(f"{exercise.key}: regime {name!r} drew a {type(args).__name__}, expected a tuple")
            cases.append(Case(name, i, args))
    return cases


def generator(key: bytes, what: str) -> np.random.Generator:
    """The random generator of one case."""
    digest = hmac.new(key, what.encode(), hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def find_key(start: Path | None = None) -> bytes | None:
    """The course key: the file that DLKIT_COURSE_KEY_FILE names, else ``.course_key`` here or in a folder above."""
    named = os.environ.get("DLKIT_COURSE_KEY_FILE")
    if named:
        return Path(named).read_bytes().strip()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / KEY_FILE).is_file():
            return (folder / KEY_FILE).read_bytes().strip()
    return None


def make_key(path: Path) -> bool:
    """Write a new course key, readable by its owner only; an existing one is left alone (``False``)."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    return True
