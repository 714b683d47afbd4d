"""Runs a notebook in a child, and puts the judge's verdicts in its grade cells.

What a cell costs, it costs itself: if the process ends, or cannot be stopped, the notebook is run again without the cell that
did it, and verdicts already found are kept. All of it has one time limit.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

from dlkit.checking.display import bundle
from dlkit.grading.cells import VERDICT, failure, new_output
from dlkit.grading.running.desk import Desk
from dlkit.grading.running.host import Child, ChildEnded, child_environment, start_child
from dlkit.grading.running.session import Setting, box_folder

RUNS = 8  # of one notebook: one more for each cell that ended the process
MOST_OUTPUTS, MOST_TEXT = 2000, 4_000_000  # kept of one cell
STREAMS = ("stdout", "stderr")
JSON = re.compile(r"application/(.*\+)?json")  # what the format lets hold more than text


@dataclass
class Ran:
    """What came of running a notebook, beside its outputs."""

    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    marks: dict[str, float] = field(default_factory=dict)


def key_of(source: str) -> str | None:
    """The exercise that a grade cell asks the judge about: the one string in the call it ends with.

    >>> key_of('from dlkit.checking import check\\ncheck("unit1.softmax")')
    'unit1.softmax'
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    if isinstance(last, ast.Call) and isinstance(last.func, ast.Name) and last.func.id in ("check", "grade"):
        if len(last.args) == 1 and isinstance(last.args[0], ast.Constant) and isinstance(last.args[0].value, str):
            return last.args[0].value
    return None


def is_judged(cell: NotebookNode) -> bool:
    """Whether a cell is a grade cell whose mark the judge finds."""
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


class NotebookRun:
    """One notebook of one student.

    Parameters
    ----------
    setting : Setting
        What all notebooks of the run share.
    nb : NotebookNode
        The notebook, with the instructor's grade cells; outputs are filled in.
    notebook : str
        Its name.
    fill : callable
        Copies the files that lie beside the notebook into the folder where it runs, which is a new one for each run.
    seed : int
        For the random numbers of its cells.
    """

    def __init__(
        self, setting: Setting, nb: NotebookNode, notebook: str, fill: Callable[[Path], None], seed: int
    ) -> None:
        self._setting, self._nb, self._notebook, self._fill, self._seed = setting, nb, notebook, fill, seed
        self._deadline: float | None = None  # its time begins when its first process is up
        self._left_out: dict[int, str] = {}
        self._verdicts: dict[int, list[NotebookNode]] = {}
        self._reached = -1
        self.ran = Ran()
        keys = (key_of(cell.source) for cell in nb.cells if is_judged(cell))
        self._asked = tuple(dict.fromkeys(key for key in keys if key))
        self._hopeless: set[str] = set()

    def run(self) -> Ran:
        """Run all cells; whatever happens to the process, every grade cell has a mark or an error in the end."""
        for _ in range(RUNS):
            try:
                with box_folder() as folder:
                    self._fill(Path(folder))
                    if self._once(folder):
                        break
            except ChildEnded as error:
                why = str(error)
                if self._reached < 0 or self._time_left() <= 0:
                    self._stopped(why)
                    break
                self._left_out[self._reached] = why
                self._note(self._reached, f"was left out: {why}")
        else:
            self._stopped("too many cells ended the process")
        for index, outputs in self._verdicts.items():
            self._nb.cells[index].outputs = outputs
        return self.ran

    def _once(self, folder: str) -> bool:
        """One process, from the first cell to the last; ``False`` if it has to be done again for what is left."""
        setting, self._reached = self._setting, -1
        child = self._start(folder)
        shown: dict[str, list[NotebookNode]] = {}
        desk = Desk(child, setting.secret, self._asked, setting.library, lambda output: self._keep(output), self._hopeless)
        try:
            count = 0
            for index, cell in enumerate(self._nb.cells):
                if cell.cell_type != "code":
                    continue
                count += 1
                if index in self._verdicts:
                    continue
                cell.execution_count = count
                cell.outputs = []
                if index in self._left_out:
                    cell.outputs = [failure("NotRun", self._left_out[index])]
                    continue
                left = self._time_left()
                if left <= 0:
                    self._reached = index
                    raise ChildEnded(f"the notebook used up its {setting.budget:.0f} s")
                if is_judged(cell):
                    self._judge(desk, index, left)
                    if child.ended and any(self._to_do(i) for i in range(len(self._nb.cells))):
                        return False
                elif cell.source.strip():
                    self._reached, self._output = index, Outputs(cell, shown)
                    stopped = desk.run(cell.source, min(setting.cell_seconds, left))
                    if stopped:
                        cell.outputs.append(failure("CellTimeoutError", stopped))
                        self._note(index, stopped.replace("it was", "was", 1))
            return True
        finally:
            child.kill()

    def _time_left(self) -> float:
        if self._deadline is None:
            self._deadline = time.monotonic() + self._setting.budget
        return self._deadline - time.monotonic()

    def _to_do(self, index: int) -> bool:
        """Whether a cell has yet to be judged."""
        return is_judged(self._nb.cells[index]) and index not in self._verdicts and index not in self._left_out

    def _start(self, folder: str) -> Child:
        setting = self._setting
        policy = setting.policy(self._notebook, folder)
        request = {"folder": folder, "seed": self._seed, "environment": child_environment(folder),
                   "notebook": self._notebook, "packages": [str(setting.packages(self._notebook))],
                   "modules": list(setting.modules.get(self._notebook, ())),
                   "cells": str(setting.cells(self._notebook))}  # fmt: skip
        for attempt in (1, 2):
            try:
                return start_child(setting.requests, setting.base, request, policy)
            except (OSError, RuntimeError) as error:
                if attempt == 2:
                    raise ChildEnded(f"the process for it could not be started: {error}") from None
        raise AssertionError

    def _judge(self, desk: Desk, index: int, left: float) -> None:
        cell = self._nb.cells[index]
        grade_id = cell.metadata.nbgrader.grade_id
        key = key_of(cell.source)
        if key is None:
            self._verdicts[index] = [failure("NoMark", "this grade cell does not end in check(\"...\")")]
            self.ran.notes.append(f"cell {grade_id}: it does not end in check(\"...\"), so it cannot be judged")
            return
        try:
            verdict, card = desk.verdict(key, hidden=True, seconds=min(self._setting.cell_seconds, left))
        except KeyError as error:
            self._verdicts[index] = [failure("NoMark", str(error.args[0]))]
            self.ran.notes.append(f"cell {grade_id}: {error.args[0]}")
            return
        except Exception as error:
            why = f"{type(error).__name__}: {str(error)[:200]}"
            self._verdicts[index] = [failure("NoMark", f"the answer could not be judged: {why}")]
            self._note(index, f"the answer could not be judged: {why}")
            return
        mark = min(verdict.mark, float(cell.metadata.nbgrader.points))
        self.ran.marks[grade_id] = mark
        self.ran.flags += [f"{key}: calls {name}" for name in verdict.shortcuts]
        if desk.slow and not desk.child.ended:
            self._note(index, desk.slow[0])
        if desk.child.ended:
            self._note(index, f"the process ended while the answer was judged: {desk.child.ended}")
        text = {"text/plain": repr(float(mark))}
        self._verdicts[index] = [
            new_output("display_data", data=bundle(card), metadata={}),
            new_output("execute_result", data=text, metadata={}, execution_count=cell.execution_count),
        ]

    def _keep(self, output: dict[str, Any]) -> None:
        self._output.add(output)

    def _note(self, index: int, says: str) -> None:
        cell = self._nb.cells[index]
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or str(index + 1)
        self.ran.notes.append(f"cell {name}{'' if says.startswith('was ') else ':'} {says}")

    def _stopped(self, why: str) -> None:
        """No more runs: say in each cell that was not reached why."""
        if self._reached >= 0:
            self._note(self._reached, f"stopped here: {why}")
        else:
            self.ran.notes.append(f"stopped: {why}")
        for index, cell in enumerate(self._nb.cells):
            if cell.cell_type == "code" and index >= max(self._reached, 0) and index not in self._verdicts:
                cell.outputs = [*cell.get("outputs", []), failure("NotRun", why)]


class Outputs:
    """Builds the outputs of one cell from what the child says they are, within limits, and never a verdict card.

    ``shown`` holds what was displayed under an id, in this cell or one before, since it may be changed later.
    """

    def __init__(self, cell: NotebookNode, shown: dict[str, list[NotebookNode]]) -> None:
        self._cell, self._size, self._shown = cell, 0, shown
        self._clear = False

    def add(self, output: Mapping[str, Any]) -> None:
        kind = output.get("output_type")
        if kind == "clear":
            self._clear = True
            if not output.get("wait"):
                self._cleared()
            return
        made = _output(output)
        if made is None:
            return
        if made.output_type == "execute_result":
            made.execution_count = self._cell.execution_count
        self._size += _size(made)
        full = self._size > MOST_TEXT or len(self._cell.outputs) >= MOST_OUTPUTS
        if full and made.output_type != "error":
            return
        name = output.get("display_id")
        if output.get("update"):
            for shown in self._shown.get(str(name), []):
                shown.update(data=made.data, metadata=made.metadata)
            return
        if self._clear:
            self._cleared()
        last = self._cell.outputs[-1] if self._cell.outputs else None
        if made.output_type == "stream" and last is not None and last.get("name") == made.name:
            last.text += made.text
            return
        self._cell.outputs.append(made)
        if isinstance(name, str):
            self._shown.setdefault(name, []).append(made)

    def _cleared(self) -> None:
        self._cell.outputs, self._clear = [], False


def _output(output: Mapping[str, Any]) -> NotebookNode | None:
    """A notebook output, or ``None`` if the description is not one."""
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in STREAMS and isinstance(output.get("text"), str):
        return new_output("stream", name=output["name"], text=output["text"])
    if kind == "error":
        lines = output.get("traceback")
        lines = [str(line)[:20_000] for line in lines[:100]] if isinstance(lines, list) else []
        name, value = str(output.get("ename"))[:200], str(output.get("evalue"))[:5000]
        return new_output("error", ename=name, evalue=value, traceback=lines)
    if kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        data = {name: value for name, value in output["data"].items() if isinstance(name, str) and name != VERDICT}
        data = {name: value for name, value in data.items() if isinstance(value, str) or JSON.fullmatch(name)}
        rest = {"execution_count": None} if kind == "execute_result" else {}
        return new_output(kind, data=data, metadata={}, **rest)
    return None


def _size(output: NotebookNode) -> int:
    if output.output_type == "stream":
        return len(output.text)
    return sum(len(str(value)) for value in output.get("data", {}).values())
