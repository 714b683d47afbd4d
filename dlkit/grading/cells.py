"""Small steps that a submitted notebook goes through, all of them nbgrader preprocessors.

They stand in nbgrader's own lists (see :func:`dlkit.grading.course.settings`), so ``nbgrader autograde``, its formgrader and
``dlkit grade`` treat a notebook alike.
"""

from __future__ import annotations

import re
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict
from nbgrader import utils
from nbgrader.preprocessors import GetGrades
from traitlets import Bool

VERDICT = "application/vnd.dlkit.verdict+json"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
NUMBER = re.compile(r"\d+(\.\d*)?([eE][-+]?\d+)?")
Done = tuple[NotebookNode, dict[str, Any]]


def note(resources: dict[str, Any], text: str) -> None:
    """Keep a remark about this notebook for the report."""
    resources.setdefault("dlkit", {}).setdefault("notes", []).append(text)


class Step(Preprocessor):
    """A preprocessor that is on unless it is switched off."""

    enabled = Bool(True, help="Whether to use this step").tag(config=True)


def new_output(kind: str, **fields: Any) -> NotebookNode:
    """An output of a cell. nbformat's own function compares each one with its schema, most of the time that one takes."""
    return from_dict({"output_type": kind, **fields})


def failure(name: str, text: str) -> NotebookNode:
    """An error output, which nbgrader counts as 0 points."""
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


class GetMarks(GetGrades):
    """nbgrader's marks for feedback, and whether a person has yet to give one."""

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._get_score(cell, resources)
        where = resources["nbgrader"]
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], where["notebook"], where["assignment"], where["student"]
        )
        cell.metadata.nbgrader["open"] = grade.needs_manual_grade and grade.manual_score is None


class HideTests(Step):
    """Show a grade cell as the student knows it: without the lines between the marks of hidden tests."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict[str, Any], index: int) -> Done:
        cell.source = without_hidden(cell.source)
        if utils.is_grade(cell):
            for output in cell.get("outputs", []):
                if output.output_type == "error":  # its traceback quotes the source
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def without_hidden(source: str) -> str:
    """The source of a cell without its hidden lines.

    >>> without_hidden("a\\n### BEGIN HIDDEN TESTS\\nb\\n### END HIDDEN TESTS\\nc")
    'a\\nc'
    """
    kept, hidden = [], False
    for line in source.split("\n"):
        if BEGIN_HIDDEN in line:
            hidden = True
        elif END_HIDDEN in line:
            hidden = False
        elif not hidden:
            kept.append(line)
    return "\n".join(kept)
