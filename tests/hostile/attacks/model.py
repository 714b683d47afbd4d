"""What an attack is: data, and how it is handed in.

Every attack is handed in on one notebook of the course, :data:`NOTEBOOK`, with six exercises. Its answer cells are filled in
(right, a named mistake of the bank, or text of the attack's own), cells of its own are put in, and the file and the folder
around it may be changed. The marks it deserves follow from its answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dlkit.exercises import find
from dlkit.exercises.source import answer_source

ROOT = Path(__file__).resolve().parents[3]
UNIT, NOTEBOOK = "unit1_shallow_networks", "1_neurons"
EXERCISES = ("linear_unit", "neuron", "threshold_unit", "predicted_gate", "gate_weights", "xor_inequalities")
FIRST = "linear_unit"
RIGHT = None
WRONG: Mapping[str, int | str | None] = {
    "linear_unit": 0, "neuron": 0, "threshold_unit": 5, "predicted_gate": 0, "gate_weights": 11, "xor_inequalities": 1,
}  # fmt: skip
"""Named mistakes of the bank, by number, each of which deserves 0."""

Marks = float | tuple[float, ...]


@dataclass(frozen=True)
class Attack:
    """One submission and what must become of it.

    Parameters
    ----------
    name : str
        Also the name of the student who hands it in.
    tries : str
        What the student hopes for, in one sentence.
    answers : mapping
        Exercise to answer: ``None`` for the author's own, a number for that mistake of the bank, or the text of the cell.
        Exercises that are not named are answered right.
    first, last : str
        Text of a cell before everything else, and of one after everything else.
    change : callable, optional
        Changes the notebook (a dict) once its cells are filled in.
    files : callable, optional
        ``files(folder, places)`` changes the folder that is handed in.
    marks : mapping
        The marks of answers that are text; several if more than one is right.
    says : sequence of str
        Words that the remarks about the submission must hold.
    flagged : sequence of str
        Words that the remarks must hold if the attack got more than the least of its marks: pointed out to a person.
    may_lose : bool
        The attack destroys what its own right answers are asked through, so parts of these may be lost too.
    shows : sequence of str
        Words that the student's own outputs must hold: the attack really ran.
    level : int
        The lowest level of the sandbox at which all of this is promised.
    heavy : bool
        Harms the machine it runs on unless limits are set, so it is not run where there are none.
    """

    name: str
    tries: str
    answers: Mapping[str, int | str | None] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    change: Callable[[dict[str, Any]], None] | None = None
    files: Callable[[Path, Mapping[str, str]], None] | None = None
    marks: Mapping[str, Marks] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    may_lose: bool = False
    shows: tuple[str, ...] = ()
    level: int = 1
    heavy: bool = False

    def deserves(self) -> dict[str, tuple[float, ...]]:
        """The marks of all exercises that may come out, nearly always one each."""
        found = {}
        for name in EXERCISES:
            exercise, answer = find(f"unit1.{name}"), self.answers.get(name)
            if name in self.marks:
                mark = self.marks[name]
            elif answer is None:
                mark = exercise.points
            elif isinstance(answer, int):
                mark = exercise.mistakes[answer].mark
            else:
                raise ValueError(f"{self.name}: {name} is answered with text, so its mark has to be stated")
            marks = mark if isinstance(mark, tuple) else (float(mark),)
            found[name] = tuple(half / 2 for half in range(int(2 * max(marks)) + 1)) if self.may_lose else marks
        return found

    def hand_in(self, released: Path, folder: Path, places: Mapping[str, str]) -> None:
        """Write the submission: the released notebook with the attack in it, and the files beside it."""
        notebook = json.loads(released.read_text(encoding="utf-8"))
        for name in EXERCISES:
            cell_of(notebook, f"unit1-{name}")["source"] = self._text(name)
        if self.first:
            notebook["cells"].insert(0, code(self.first, "attack-first"))
        if self.last:
            notebook["cells"].append(code(self.last, "attack-last"))
        if self.change:
            self.change(notebook)
        for cell in notebook["cells"]:
            cell["source"] = filled("".join(cell["source"]), places)
        folder.mkdir(parents=True)
        path = folder / f"{NOTEBOOK}.ipynb"
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=True), encoding="utf-8")
        if self.files:
            self.files(folder, places)

    def cells(self) -> list[str]:
        """The text of every cell that the attack writes itself."""
        own = [text for text in self.answers.values() if isinstance(text, str)]
        return [text for text in (self.first, *own, self.last) if text]

    def _text(self, name: str) -> str:
        answer = self.answers.get(name)
        if isinstance(answer, str):
            return answer
        if answer is None:
            return solved()[f"unit1-{name}"]
        exercise = find(f"unit1.{name}")
        return answer_source(exercise, exercise.mistakes[answer])


@cache
def solved() -> dict[str, str]:
    """The author's own answers, by cell."""
    notebook = json.loads((ROOT / "solutions" / UNIT / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))
    found = {}
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("solution"):
            lines = "".join(cell["source"]).split("\n")
            found[meta["grade_id"]] = "\n".join(line for line in lines if "### " not in line)
    return found


def filled(text: str, places: Mapping[str, str]) -> str:
    """The text with ``@NAME@`` replaced by what stands for it on this machine."""
    for name, value in places.items():
        text = text.replace(f"@{name}@", value)
    return text


def code(source: str, name: str, **metadata: Any) -> dict[str, Any]:
    """A code cell that has not been run."""
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": source.strip("\n"), "outputs": [], "execution_count": None}


def cell_of(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """The cell with this grade id."""
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def check_of(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """The grade cell of an exercise."""
    return cell_of(notebook, f"unit1-{name}-check")


def answer_to(name: str, body: str, before: str = "") -> str:
    """The text of an answer cell: something before it, and the function with this body (which sees its arguments)."""
    head = next(line for line in solved()[f"unit1-{name}"].split("\n") if line.startswith("def "))
    lines = "\n".join("    " + line if line else "" for line in body.strip("\n").split("\n"))
    return (before.strip("\n") + "\n\n\n" if before else "") + f"{head}\n{lines}"


def then_right(name: str, before: str, indent: bool = False) -> str:
    """The right answer with something in front of it in the same cell, or (`indent`) inside the function."""
    if not indent:
        return f"{before.strip()}\n\n\n{solved()[f'unit1-{name}']}"
    text = solved()[f"unit1-{name}"]
    return answer_to(name, f"{before.strip()}\nreturn _right_{name}(*({_names(text)},))",
                     text.replace(f"def {name}(", f"def _right_{name}(", 1))


def _names(text: str) -> str:
    head = next(line for line in text.split("\n") if line.startswith("def "))
    inside = head[head.index("(") + 1: head.rindex(")")].split(") ->")[0]
    return ", ".join(part.split(":")[0].strip() for part in inside.split(",") if part.strip())
