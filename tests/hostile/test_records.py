"""The corpus itself: every record is complete, its cells are Python, and its marks follow from the bank."""

from __future__ import annotations

import json
import re

import pytest
from arena import slug
from attacks import ATTACKS, GROUPS, HONEST, NOTEBOOK
from attacks.model import EXERCISES, WRONG, Attack, solved
from IPython.core.inputtransformer2 import TransformerManager

from dlkit.checking.judge import judge_namespace
from dlkit.exercises import find

ALL = [*ATTACKS, *HONEST]
PLACES = ("ROOT", "HOME", "REPO", "KEY", "STUDENT", "VICTIM", "GRADER", "STAIN", "STAINNAME", "NAP", "TCP", "UDP", "SOCKET",
          "ABSTRACT", "USERHOME")  # fmt: skip
NOT_PYTHON = ("invisible code", "cell with a null", "syntax error elsewhere")
NUMBERS = {name: str(1000 + number) for number, name in enumerate(PLACES)}


def test_the_corpus_is_as_large_as_promised():
    assert len(ATTACKS) >= 60 and len(HONEST) >= 15
    assert all(len(attacks) >= 12 for attacks in GROUPS.values())
    assert len({slug(attack.name) for attack in ALL}) == len(ALL)


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.name)
def test_record_is_complete(attack: Attack, course, tmp_path):
    assert attack.tries and 0 <= attack.level <= 3
    assert set(attack.answers) <= set(EXERCISES) and set(attack.marks) <= set(EXERCISES)
    for name, marks in attack.deserves().items():
        assert all(0 <= mark <= find(f"unit1.{name}").points for mark in marks)
    for text in attack.cells():
        unknown = set(re.findall(r"@([A-Z]+)@", text)) - set(PLACES)
        assert not unknown
        if attack.name not in NOT_PYTHON:
            for name, value in NUMBERS.items():
                text = text.replace(f"@{name}@", value)
            python = TransformerManager().transform_cell(text.strip("\n"))
            compile(python, attack.name, "exec", flags=8192)  # top-level await is allowed
    places = {**NUMBERS, "ROOT": str(tmp_path / "class"), "HOME": str(course.home)}
    attack.hand_in(course.released, tmp_path / "handed in", places)
    notebook = tmp_path / "handed in" / f"{NOTEBOOK}.ipynb"
    if not notebook.is_symlink():
        assert len(json.loads(notebook.read_text())["cells"]) > 50


def test_wrong_answers_deserve_nothing_and_right_ones_everything():
    for name in EXERCISES:
        exercise = find(f"unit1.{name}")
        assert exercise.mistakes[WRONG[name]].mark == 0
        namespace: dict = {}
        exec("import numpy as np\n" + solved()[f"unit1-{name}"], namespace)
        assert judge_namespace(exercise, namespace, b"some key").mark == exercise.points
