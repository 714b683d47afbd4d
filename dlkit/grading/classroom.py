"""A made-up class for demonstrations and tests: what two dozen students might hand in, always the same for the same seed.

Each student has a role (answers everything right, writes other right answers, makes named mistakes, stops half way, ...).
The notebooks are the released ones with the answer cells filled in.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from dlkit.exercises import all_exercises
from dlkit.exercises.model import Exercise
from dlkit.exercises.source import answer_source
from dlkit.grading.build import BEGIN_SOLUTION, END_SOLUTION
from dlkit.grading.course import RELEASE, SOURCE, Course, CourseError, read_json

DUE = datetime(2026, 3, 6, 18, 0)
PEOPLE = (
    ("Amara", "Okafor"), ("Björn", "Åkesson"), ("Camille", "d'Aubigny"), ("Dmitri", "Volkov"), ("Esra", "Yıldız"),
    ("Farid", "Haddad, Jr."), ("Gráinne", "O'Sullivan"), ("Hiroshi", "Tanaka"), ("Inês", "Magalhães"), ("Jakub", "Wójcik"),
    ("Keiko", "Yamamoto"), ("Leonie", "Grün-Weber"), ("Mehdi", "Rahimi"), ("Nguyễn", "Thị Lan"), ("Oluwaseun", "Adeyemi"),
    ("Petra", "Nováková"), ("Qian", "Liu"), ("Rosa", "Muñoz Ibáñez"), ("Siddharth", "Iyer"), ("Tove", "Sørensen"),
    ("Uxue", "Etxeberria"), ("Viktor", "Szabó"), ("Wanjiru", "Kamau"), ("Zoë", "van der Berg"),
)  # fmt: skip
LOGINS = (
    "aokafor", "bakesson", "cdaubigny", "dvolkov", "eyildiz", "fhaddad", "gosullivan", "htanaka", "imagalhaes", "jwojcik",
    "kyamamoto", "lgruen", "mrahimi", "nthilan", "oadeyemi", "pnovakova", "qliu", "rmunoz", "siyer", "tsorensen",
    "uetxeberria", "vszabo", "wkamau", "zvandenberg",
)  # fmt: skip
ROLES = (
    "right", "mistakes", "alternatives", "half finished", "late", "empty", "syntax error", "warning",
    "right", "mistakes", "mistakes", "alternatives", "mistakes", "half finished", "mistakes", "late",
    "right", "mistakes", "mistakes", "mistakes", "half finished", "mistakes", "alternatives", "mistakes",
)  # fmt: skip
FALLIBLE = ("mistakes", "half finished", "late")
UNSURE = (
    "I think the numbers get too large, so it is safer to subtract something first.",
    "Because otherwise the gradient becomes very small and nothing is learned.",
    "The picture shows it: on one side all points are of the same class.",
)


@dataclass(frozen=True)
class Person:
    """A made-up student."""

    login: str
    first_name: str
    last_name: str
    role: str
    ability: float


def make_class(
    course: Course, unit: str, out: str | Path, n: int = 24, seed: int = 1
) -> tuple[list[Person], datetime]:
    """Write ``submitted/`` and ``students.csv`` of a made-up class under `out`.

    Parameters
    ----------
    course : Course
        Where ``course/<unit>`` (built) and ``solutions/<unit>`` are.
    unit : str
        The unit to hand in.
    out : path
        The root of the class; ``submitted/`` of this unit is made anew.
    n : int
        Number of students. The first eight have different roles.
    seed : int
        Another seed gives another class.

    Returns
    -------
    (list of Person, datetime)
        The students and the time (UTC) at which the unit is due.
    """
    course.check_unit(unit)
    released = sorted((course.home / RELEASE / unit).glob("*.ipynb"))
    if not released:
        raise CourseError(f"{course.home / RELEASE / unit} holds no notebooks: build the course first")
    out = Path(out)
    exercises = {exercise.grade_id: exercise for exercise in all_exercises()}
    solved = _solved_cells(course, unit)
    people = make_people(n, seed)
    for number, person in enumerate(people):
        rng = np.random.default_rng([seed, number])
        folder = out / "submitted" / person.login / unit
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        student = _Student(person, rng, exercises, solved, len(released))
        for place, path in enumerate(released):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            student.fill(notebook, place)
            (folder / path.name).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (folder / "timestamp.txt").write_text(f"{_handed_in(person, rng):%Y-%m-%d %H:%M:%S} UTC\n")
    with (out / "students.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "first_name", "last_name", "email"])
        writer.writerows([p.login, p.first_name, p.last_name, f"{p.login}@example.org"] for p in people)
    return people, DUE


def make_people(n: int, seed: int) -> list[Person]:
    """The students of a class."""
    abilities = np.random.default_rng([seed, 2**20]).permutation(np.linspace(0.2, 0.9, n))
    people = []
    for i in range(n):
        (first, last), login = PEOPLE[i % len(PEOPLE)], LOGINS[i % len(LOGINS)]
        again = i // len(PEOPLE)
        people.append(
            Person(login + (str(again + 1) if again else ""), first, last, ROLES[i % len(ROLES)], float(abilities[i]))
        )
    return people


def _handed_in(person: Person, rng: np.random.Generator) -> datetime:
    hours = rng.uniform(2, 60)
    if person.role == "late":
        return DUE + timedelta(hours=round(hours, 2))
    return DUE - timedelta(hours=round(hours, 2))


def _solved_cells(course: Course, unit: str) -> dict[str, str]:
    """The author's own answers: the source of each answer cell in ``solutions/``, without the marks around the answer."""
    found = {}
    for notebook in course.notebooks(unit):
        for cell in read_json(course.home / SOURCE / unit / f"{notebook}.ipynb")["cells"]:
            meta = cell["metadata"].get("nbgrader", {})
            if meta.get("solution"):
                lines = "".join(cell["source"]).split("\n")
                kept = [line for line in lines if BEGIN_SOLUTION not in line and END_SOLUTION not in line]
                found[meta["grade_id"]] = "\n".join(kept)
    return found


class _Student:
    """Fills in notebooks as one student would."""

    def __init__(
        self, person: Person, rng: np.random.Generator, exercises: Mapping[str, Exercise], solved: Mapping[str, str],
        notebooks: int,
    ) -> None:  # fmt: skip
        self.person, self.rng, self.exercises, self.solved, self.notebooks = person, rng, exercises, solved, notebooks
        self.oddity: Callable[[str, Exercise | None], str] | None = {
            "syntax error": _without_colon, "warning": _with_warning,
        }.get(person.role)  # fmt: skip

    def fill(self, notebook: dict[str, Any], place: int) -> None:
        """Answer the cells of the released notebook number `place`."""
        cells = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
        for number, cell in enumerate(cells):
            answer = self._answer(cell, (place + number / max(1, len(cells))) / self.notebooks)
            if answer is not None:
                cell["source"] = answer.splitlines(keepends=True)

    def _answer(self, cell: dict[str, Any], progress: float) -> str | None:
        grade_id = cell["metadata"]["nbgrader"]["grade_id"]
        role, luck = self.person.role, self.rng.random(4)
        if role == "empty" or (role == "half finished" and progress > 0.3 + 0.4 * self.person.ability):
            return None
        if cell["cell_type"] == "markdown":
            good = role != "mistakes" or luck[0] < self.person.ability
            return self.solved[grade_id].split("*Rubric*")[0].rstrip() if good else UNSURE[int(luck[1] * len(UNSURE))]
        exercise = self.exercises.get(grade_id)
        text = self._right(grade_id, exercise, other=role == "alternatives" or luck[2] < 0.25)
        if role in FALLIBLE and exercise is not None and luck[0] > self._chance(exercise):
            if luck[1] < 0.2:
                return None
            text = self._wrong(exercise, luck[3], text)
        if self.oddity is not None and exercise is not None and progress > 0.3:
            changed = self.oddity(text, exercise)
            if changed != text:
                self.oddity, text = None, changed
        return text

    def _chance(self, exercise: Exercise) -> float:
        """How likely this student is to get an exercise right: less for the harder ones."""
        return 1 / (1 + exp(-6 * (self.person.ability - 0.18 * exercise.difficulty)))

    def _right(self, grade_id: str, exercise: Exercise | None, other: bool) -> str:
        if exercise is not None and other and exercise.alternatives:
            which = int(self.rng.integers(len(exercise.alternatives)))
            return _source(exercise, which) or self.solved[grade_id]
        return self.solved[grade_id]

    def _wrong(self, exercise: Exercise, luck: float, otherwise: str) -> str:
        """One of the named mistakes, the first ones more often than the others."""
        mistakes = exercise.mistakes
        return _source(exercise, mistakes[int(luck**1.6 * len(mistakes))]) or otherwise


def _source(exercise: Exercise, variant: Any) -> str | None:
    try:
        return answer_source(exercise, variant)
    except (TypeError, OSError):  # an answer that is not written as a function of its own
        return None


def _without_colon(text: str, exercise: Exercise | None) -> str:
    """The same answer with a colon forgotten: the cell does not run at all."""
    return re.sub(r"(?m)^(def .*):$", r"\1", text, count=1)


def _with_warning(text: str, exercise: Exercise | None) -> str:
    """The same answer, which also complains on stderr, when it is defined and whenever it is called."""
    name = exercise.names[0] if exercise is not None else ""
    if f"def {name}(" not in text:
        return text
    return (
        f"import sys\nimport warnings\n\n{text}\n\n\n_{name} = {name}\n\n\ndef {name}(*args, **kwargs):\n"
        f'    warnings.warn("{name} may be slow")\n    print("called {name}", file=sys.stderr)\n'
        f"    return _{name}(*args, **kwargs)\n\n\nprint('{name} is ready', file=sys.stderr)"
    )
