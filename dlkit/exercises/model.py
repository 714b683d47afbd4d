"""What an exercise is: data. The notebook around it is prose, and :mod:`dlkit.checking` is the judge.

An answer is always one or more named functions (or classes) that the student writes. A *case* is one tuple of arguments.
Cases come from worked examples and from *regimes*: named ways of drawing arguments (ordinary numbers, extreme values, one
row, ...), each aimed at one thing that can go wrong.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Answer = Callable[..., Any] | Mapping[str, Any] | str
"""A function, a mapping from names to functions, or ``"package.module:name"``, loaded only when it is needed."""

RUNGS = ("predict", "derive", "implement", "debug", "simplify", "compose", "test")
EXAMPLES = "worked example"


@dataclass(frozen=True)
class Rng:
    """Stands for ``numpy.random.default_rng(seed)`` in the arguments of a case: a generator travels as its seed."""

    seed: int

    @property
    def travels_as(self) -> tuple[str, int]:
        return "rng", self.seed


@dataclass(frozen=True, eq=False)
class AsTensor:
    """Stands for ``torch.from_numpy(array)`` in the arguments of a case."""

    array: np.ndarray

    @property
    def travels_as(self) -> tuple[str, np.ndarray]:
        return "tensor", self.array


@dataclass(frozen=True)
class Example:
    """A worked example: arguments with the result at full precision, and what the lecture notes print."""

    args: tuple
    expected: Any
    printed: Any = None
    decimals: int | None = None
    source: str = ""
    why: str = ""


@dataclass(frozen=True)
class Regime:
    """A named way of drawing cases: ``draw(rng)`` gives one tuple of arguments.

    ``part`` is the part of the mark that these cases decide; a ``hidden`` regime is only run when a class is graded.
    """

    draw: Callable[[np.random.Generator], tuple]
    cases: int = 2
    part: str | None = None
    hidden: bool = False


@dataclass(frozen=True, eq=False)
class Mistake:
    """A plausible implementation with one wrong decision.

    ``says`` is what the student reads ("normalises over the batch instead of over the classes"), ``mark`` what the answer
    deserves. ``also`` holds other spellings of the same mistake whose results differ in some corner.
    """

    says: str
    answer: Answer
    mark: float = 0.0
    also: tuple[Answer, ...] = ()


@dataclass(frozen=True, eq=False)
class Exercise:
    """One graded question.

    Parameters
    ----------
    key : str
        ``"unit1.softmax"``; the part after the dot is the default name of the answer.
    title : str
        One line for tables and cards.
    reference : Answer
        The right answer. Its names are the names that the student has to define.
    parts : mapping of str to float
        Points of each part; a part is all or nothing. The part ``"worked example"`` is decided by ``examples``. A regime
        counts for the part of its own name, else for ``"edge cases"``, unless it names its part.
    examples, regimes, mistakes, alternatives, hints
        See the classes above. ``hints`` are three, from a nudge to nearly the answer.
    probe : callable, optional
        ``probe(answer, *args)`` calls the answer (several calls, handles kept between them) and returns plain data. Without
        one, the first name is called with the arguments of the case. ``answer`` is a :class:`dlkit.checking.client.Client`:
        calls that need not wait for each other are asked for with ``answer.later``.
    accepts : callable, optional
        ``accepts(args, result)`` returns ``None`` if the result is right and a sentence if not; for answers that have many
        right results (a fitted model, a draw). Without one, the result must equal that of the reference.
    follow : callable, optional
        For a chain of steps whose answer is a dict: ``follow(args, own)`` recomputes every step from the student's own
        earlier values, so that one slip costs one step. ``steps`` then maps each part to the steps that decide it.
    returns : sequence of str
        Names of the components of a tuple result, for messages ("loss", "gradient").
    rtol, atol : float
        Tolerances. ``atol`` is relative to the largest expected magnitude.
    forbids : sequence of str
        Packages whose use inside the answer is pointed out (never scored).
    inapplicable : mapping of str to str
        Generic wrong answers that coincide with the right one here, each with the reason.
    """

    key: str
    title: str
    reference: Answer
    parts: Mapping[str, float]
    mistakes: Sequence[Mistake]
    hints: Sequence[str]
    minutes: int
    difficulty: int
    rung: str
    examples: Sequence[Example] = ()
    regimes: Mapping[str, Regime | Callable] = field(default_factory=dict)
    alternatives: Sequence[Answer] = ()
    probe: Callable | None = None
    accepts: Callable | None = None
    follow: Callable | None = None
    steps: Mapping[str, Sequence[str]] = field(default_factory=dict)
    returns: Sequence[str] = ()
    rtol: float = 1e-9
    atol: float = 1e-12
    forbids: Sequence[str] = ("torch", "scipy", "sklearn", "dlkit")
    inapplicable: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rung not in RUNGS:
            raise ValueError(f"{self.key}: rung is {self.rung!r}, expected one of {', '.join(RUNGS)}")
        if not 1 <= self.difficulty <= 5:
            raise ValueError(f"{self.key}: difficulty is {self.difficulty}, expected 1 to 5")
        if len(self.hints) != 3:
            raise ValueError(f"{self.key}: {len(self.hints)} hints, expected 3")
        wanted = set(self.steps) or {self.part_of(name) for name in self.checks}
        if wanted != set(self.parts):
            raise ValueError(f"{self.key}: parts are {sorted(self.parts)}, but the cases decide {sorted(wanted)}")

    # -- names and points ----------------------------------------------------------------------------------------------

    @property
    def unit(self) -> str:
        return self.key.partition(".")[0]

    @property
    def points(self) -> float:
        return float(sum(self.parts.values()))

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the student defines."""
        if isinstance(self.reference, Mapping):
            return tuple(self.reference)
        return (self.key.partition(".")[2],)

    @property
    def grade_id(self) -> str:
        """Stem of the nbgrader ids of the solution cell and (with ``-check``) the grade cell."""
        return self.key.replace(".", "-")

    def namespace(self, answer: Answer | None = None) -> dict[str, Any]:
        """The functions of `answer` by name; names it leaves out are taken from the reference."""
        found = self._named(self.reference)
        if answer is not None:
            found.update(self._named(answer))
        return found

    def _named(self, answer: Answer) -> dict[str, Any]:
        if isinstance(answer, Mapping):
            return {name: load(value) for name, value in answer.items()}
        return {self.names[0]: load(answer)}

    # -- checks: the worked examples and the regimes -------------------------------------------------------------------

    @property
    def checks(self) -> tuple[str, ...]:
        """Names of the groups of cases: the worked examples first, then the regimes."""
        return ((EXAMPLES,) if self.examples else ()) + tuple(self.regimes)

    def regime(self, name: str) -> Regime:
        found = self.regimes[name]
        return found if isinstance(found, Regime) else Regime(found)

    def part_of(self, check: str) -> str:
        """The part of the mark that a check decides."""
        if check != EXAMPLES and self.regime(check).part:
            return self.regime(check).part
        if check in self.parts:
            return check
        return next(iter(self.parts)) if len(self.parts) == 1 else "edge cases"


def load(answer: Any) -> Any:
    """Import ``"package.module:name"``; anything else is returned as it is.

    >>> load("math:floor")(2.7)
    2
    """
    if isinstance(answer, str):
        module, _, name = answer.partition(":")
        return getattr(importlib.import_module(module), name)
    return answer
