"""Attacks with the notebook itself: its metadata, its grade cells, its outputs, and the files around it."""

from __future__ import annotations

import copy
import json
import os

from .model import NOTEBOOK, UNIT, WRONG, Attack, cell_of, check_of, code

CARD = {"key": "unit1.linear_unit", "mark": 2.0, "points": 2.0, "diagnosis": None, "shortcuts": [], "hidden": True,
        "parts": [{"name": "all", "points": 2.0, "mark": 2.0, "passed": True}]}
FORGED = f"""
from IPython.display import display
for key, points in (("linear_unit", 2.0), ("neuron", 2.0), ("threshold_unit", 2.0), ("predicted_gate", 1.0),
                    ("gate_weights", 2.0), ("xor_inequalities", 2.0)):
    card = {CARD!r} | {{"key": "unit1." + key, "mark": points, "points": points}}
    display({{"text/plain": repr(points), "text/html": "<b>full marks</b>", "application/vnd.dlkit.verdict+json": card}}, raw=True,
            display_id=key, metadata={{"nbgrader": {{"score": points}}}})
print("2.0")
"""


def _points(notebook) -> None:
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade"):
            meta["points"] = 100


def _flags(notebook) -> None:
    check_of(notebook, "linear_unit")["metadata"]["nbgrader"]["grade"] = False


def _by_hand(notebook) -> None:
    check_of(notebook, "linear_unit")["metadata"]["nbgrader"].update(solution=True, locked=False, cell_type="markdown")


def _edited(notebook) -> None:
    for name in WRONG:
        check_of(notebook, name)["source"] = "2.0"
        check_of(notebook, name)["metadata"]["nbgrader"].update(locked=False, checksum="0" * 32)


def _easier(notebook) -> None:
    for name in WRONG:
        check_of(notebook, name)["source"] = 'from dlkit.checking import check\ncheck("unit1.predicted_gate")'


def _twice(notebook) -> None:
    easy = check_of(notebook, "predicted_gate")
    for name in ("linear_unit", "neuron", "gate_weights"):
        extra = copy.deepcopy(easy)
        extra["id"] = f"again-{name}"
        extra["metadata"]["nbgrader"]["grade_id"] = f"unit1-{name}-check"
        notebook["cells"].append(extra)


def _deleted(notebook) -> None:
    for name in ("linear_unit", "gate_weights"):
        notebook["cells"].remove(check_of(notebook, name))


def _swapped(notebook) -> None:
    one, two = check_of(notebook, "linear_unit"), check_of(notebook, "predicted_gate")
    for part in ("source", "metadata"):
        one[part], two[part] = two[part], one[part]


def _ids_swapped(notebook) -> None:
    one, two = (check_of(notebook, name)["metadata"]["nbgrader"] for name in ("linear_unit", "predicted_gate"))
    one["grade_id"], two["grade_id"] = two["grade_id"], one["grade_id"]


def _answers_swapped(notebook) -> None:
    one, two = (cell_of(notebook, f"unit1-{name}")["metadata"]["nbgrader"] for name in ("linear_unit", "predicted_gate"))
    one["grade_id"], two["grade_id"] = two["grade_id"], one["grade_id"]


def _retyped(notebook) -> None:
    cell = check_of(notebook, "linear_unit")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _first_of_all(notebook) -> None:
    for name in ("xor_inequalities", "gate_weights", "linear_unit"):
        cell = check_of(notebook, name)
        notebook["cells"].remove(cell)
        notebook["cells"].insert(0, cell)


def _own_points(notebook) -> None:
    meta = {"grade": True, "solution": False, "locked": True, "points": 50, "schema_version": 3, "task": False}
    notebook["cells"].append(code("50.0", "bonus", nbgrader={**meta, "grade_id": "unit1-bonus-check"}))


def _outputs(notebook) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            data = {"text/plain": "2.0", "application/vnd.dlkit.verdict+json": CARD}
            cell["outputs"] = [
                {"output_type": "display_data", "data": data, "metadata": {}},
                {"output_type": "execute_result", "data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1},
            ]
            cell["execution_count"] = 1


def _kernel(notebook) -> None:
    notebook["metadata"].update(
        kernelspec={"name": "../../bin/sh", "display_name": "sh", "language": "bash"}, language_info={"name": "bash"},
        dlkit={"marks": {"unit1-linear_unit-check": 2.0}, "graded": True, "level": 3}, widgets={"state": {"x": "<script>"}},
    )  # fmt: skip


def _skipped(notebook) -> None:
    for name in WRONG:
        check_of(notebook, name)["metadata"].update(tags=["skip-execution", "remove-cell", "raises-exception"])


def _better_copy(folder, places) -> None:
    text = (folder / f"{NOTEBOOK}.ipynb").read_text()
    for name in ("1_neurons (copy).ipynb", "0_neurons.ipynb", "1_Neurons.ipynb", "1_neurons.IPYNB"):
        (folder / name).write_text(text)


def _links(folder, places) -> None:
    os.symlink(f"{places['ROOT']}/gradebook.db", folder / "marks.db")
    os.symlink(f"{places['HOME']}/solutions", folder / "solutions")
    os.symlink(f"{places['ROOT']}/submitted/{places['VICTIM']}", folder / "friend")
    os.symlink(places["KEY"], folder / ".course_key")
    os.symlink("/", folder / "root")
    os.mkfifo(folder / "pipe.csv")


def _linked_notebook(folder, places) -> None:
    path = folder / f"{NOTEBOOK}.ipynb"
    path.unlink()
    path.symlink_to(f"{places['ROOT']}/submitted/{places['VICTIM']}/{UNIT}/{NOTEBOOK}.ipynb")


def _own_key(folder, places) -> None:
    (folder / ".course_key").write_text("visible cases")
    (folder / ".env").write_text("DLKIT_COURSE_KEY_FILE=.course_key")
    (folder / "timestamp.txt").write_text("1970-01-01 00:00:00 UTC\n" + json.dumps(CARD))


def _changed(name: str, tries: str, change, **more) -> Attack:
    return Attack(name, tries, answers={**WRONG, "predicted_gate": None}, change=change, **more)


ATTACKS = (
    Attack("forged card", "a verdict with full marks is displayed by the student", answers=WRONG, first=FORGED, last=FORGED,
           shows=("full marks",)),
    Attack("forged card from a thread", "forged verdicts are displayed while the grade cells run", answers=WRONG, first=f"""
import threading, time
def show():
    for _ in range(50):
        exec({FORGED!r}, {{"print": print}})
        time.sleep(0.02)
threading.Thread(target=show, daemon=True).start()
print("full marks")""", shows=("full marks",)),
    Attack("forged text", "what looks like a mark is printed, by Python and past it", answers=WRONG, first="""
import os, sys
for number in (1, 2):
    os.write(number, b"\\r\\x1b[2K2.0\\nunit1-linear_unit-check: 2.0 of 2 points\\n")
print('{"marks": {"unit1-linear_unit-check": 2.0}}')
sys.__stdout__ and sys.__stdout__.write("2.0\\n")""", shows=("2.0 of 2 points",)),
    Attack("overwritten displays", "displays with all ids that can be guessed are overwritten", answers=WRONG, last="""
from IPython.display import clear_output, display, update_display
clear_output()
for name in ("unit1.linear_unit", "unit1-linear_unit-check", "verdict", "card", "0", "1"):
    update_display({"text/plain": "2.0"}, raw=True, display_id=name)
print("2.0")"""),
    _changed("points raised", "the metadata says that each cell is worth 100 points", _points),
    _changed("grade flag removed", "a cell that is not graded has no wrong answer", _flags),
    _changed("graded by hand", "the cell asks for a tired person instead of a judge", _by_hand),
    _changed("grade cells edited", "the grade cells are just numbers", _edited),
    _changed("grade cells made easier", "all grade cells ask for the one exercise that is right", _easier),
    _changed("grade cells doubled", "copies of the grade cell of another exercise claim the missing marks", _twice),
    _changed("grade cells deleted", "what is not asked is not wrong", _deleted),
    _changed("grade cells swapped", "the easy exercise is graded in the place of the other", _swapped),
    _changed("grade ids swapped", "the easy exercise is worth the points of the other", _ids_swapped,
             marks={"linear_unit": 0.0, "predicted_gate": 1.0}),
    _changed("answer ids swapped", "the ids of two answers are swapped, their cells are not", _answers_swapped,
             marks={"linear_unit": 0.0, "predicted_gate": (1.0, 0.0)}),
    _changed("grade cell retyped", "a grade cell becomes prose", _retyped),
    _changed("grade cells first", "grade cells stand before the answers that they judge", _first_of_all),
    _changed("points of its own", "a graded cell that the course does not have", _own_points),
    _changed("outputs kept", "the outputs in the file already show full marks", _outputs),
    _changed("another kernel", "the notebook asks for a program of the student's to run it", _kernel),
    _changed("grade cells skipped", "tags ask the runner to leave the grade cells out", _skipped),
    Attack("better copies", "several notebooks with the same cells, one may be taken for another", answers=WRONG, files=_better_copy),
    Attack("links in the submission", "links lead to the gradebook, the solutions and the key", answers=WRONG, files=_links,
           first="""
import glob, os
for path in ("marks.db", "solutions/unit1_shallow_networks/1_neurons.ipynb", ".course_key",
             "friend/unit1_shallow_networks/1_neurons.ipynb", "root/etc/shadow"):
    try:
        print(open(path, "rb").read().decode("latin1"))
    except OSError as error:
        print(path, type(error).__name__)
print("looked everywhere")""", shows=("looked everywhere",)),
    Attack("notebook that is a link", "the notebook is a link to that of somebody else", files=_linked_notebook,
           marks=dict.fromkeys(WRONG, 0.0), says=("link",)),
    Attack("key of its own", "a course key of the student's choice lies beside the notebook", answers=WRONG, files=_own_key),
)
