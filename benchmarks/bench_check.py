"""Latency of `check` for every exercise: how long a student waits for the card.

Timed is the verdict with its diagnosis, the answer's own compute included, so the figures are upper
bounds of what the goal asks for: of a right answer (the reference), the first time in a session and
again, and of a wrong one (the first named mistake). A ratio is the time divided by the goal: above 1 the
goal is missed.

examples:
  python benchmarks/bench_check.py
  python benchmarks/bench_check.py --json
  python benchmarks/bench_check.py --quick      # the first three exercises of each unit
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import harness

from dlkit.checking.notebook import verdict_on
from dlkit.exercises import all_exercises
from dlkit.exercises.model import Exercise

MEDIAN_GOAL, TAIL_GOAL = 0.1, 0.5


def seconds(exercise: Exercise, answer: object) -> float:
    namespace = exercise.namespace(answer)
    start = time.perf_counter()
    verdict_on(exercise, namespace)
    return time.perf_counter() - start


def percentile_95(values: Sequence[float]) -> float:
    """The smallest value that at least 95 % of the values do not exceed."""
    ordered = sorted(values)
    return ordered[-(-95 * len(ordered) // 100) - 1]


def distribution(title: str, times: dict[str, float]) -> harness.Comparison:
    """Median and tail over the exercises, with the slowest by name."""
    middle, tail = statistics.median(times.values()), percentile_95(list(times.values()))
    slowest = sorted(times, key=times.__getitem__, reverse=True)[:5]
    named = ", ".join(f"{key} {harness.shown_seconds(times[key])}" for key in slowest)
    return harness.Comparison(
        f"{title}, {len(times)} exercises",
        [
            harness.Row("median", middle, harness.spread(list(times.values())), middle / MEDIAN_GOAL, 0.0),
            harness.Row("95 %", tail, 0.0, tail / TAIL_GOAL, 0.0),
        ],
        "median under 100 ms, 95 % under 500 ms; ratio is time / goal, spread is over the exercises",
        [f"Slowest: {named}."],
    )


def run(quick: bool) -> list[harness.Comparison]:
    exercises = all_exercises()
    if quick:
        exercises = [e for unit in {e.unit for e in exercises} for e in all_exercises(unit)[:3]]
    rounds = 1 if quick else 5
    first: dict[str, float] = {}
    again: dict[str, list[float]] = {exercise.key: [] for exercise in exercises}
    wrong: dict[str, list[float]] = {exercise.key: [] for exercise in exercises if exercise.mistakes}
    for exercise in exercises:
        first[exercise.key] = seconds(exercise, None)
    for _ in range(rounds):
        for exercise in exercises:
            again[exercise.key].append(seconds(exercise, None))
            if exercise.mistakes:
                wrong[exercise.key].append(seconds(exercise, exercise.mistakes[0].answer))
    return [
        distribution("check, right answer, first time", first),
        distribution("check, right answer, again", {k: statistics.median(v) for k, v in again.items()}),
        distribution("check, wrong answer", {k: statistics.median(v) for k, v in wrong.items()}),
    ]


if __name__ == "__main__":
    harness.main(run, __doc__)
