"""The exercises of the toy course: so small that grading them takes no time."""

from __future__ import annotations

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

HINTS = ("Read the title.", "Try it by hand.", "It is one line.")


def double(x):
    return 2 * x


def square(x):
    return x * x


def answer(x):
    return 42


def _knows_the_shown(x):
    return {1: 1, 2: 4, 3: 9}.get(x)


def _draw(rng):
    return (int(rng.integers(10, 10**6)),)


def _exercise(function, points, says, wrong):
    return Exercise(
        key=f"unit1.{function.__name__}", title=f"{function.__name__.title()} a number", reference=function,
        examples=tuple(Example((x,), function(x)) for x in (1, 2, 3)), regimes={"other numbers": Regime(_draw, part="hidden")},
        parts={"worked example": points / 2, "hidden": points / 2}, mistakes=(Mistake(says, wrong, points / 2),),
        hints=HINTS, minutes=1, difficulty=1, rung="implement",
    )  # fmt: skip


EXERCISES = (
    _exercise(double, 2.0, "adds two instead of doubling", lambda x: x + 2),
    _exercise(square, 1.0, "knows only the numbers that are shown", _knows_the_shown),
    _exercise(answer, 3.0, "gives back what it was asked", lambda x: x),
)
