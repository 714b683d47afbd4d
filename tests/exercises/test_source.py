"""Answers written out as cells of their own judge like the functions they come from."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from dlkit.checking.judge import judge_namespace
from dlkit.exercises import all_exercises
from dlkit.exercises.source import answer_source

EXERCISES = {exercise.key: exercise for exercise in all_exercises()}
KEY = b"source"


@pytest.mark.parametrize("key", EXERCISES)
def test_each_answer_written_out_gets_the_mark_it_deserves(key):
    exercise = EXERCISES[key]
    wanted = [(None, exercise.points), *((i, exercise.points) for i in range(len(exercise.alternatives))),
              *((mistake, mistake.mark) for mistake in exercise.mistakes)]
    for variant, mark in wanted:
        namespace: dict = {"__name__": "cell"}
        exec(compile(answer_source(exercise, variant), f"<{key}>", "exec", dont_inherit=True), namespace)
        with np.errstate(all="ignore"):
            assert judge_namespace(exercise, namespace, KEY).mark == mark


@pytest.mark.parametrize("key", EXERCISES)
def test_what_a_made_up_student_hands_in_takes_no_shortcut(key):
    """Else the demo shows flags on honest work. (The reference may call the library: it is what the notebook's own text replaces.)"""
    exercise = EXERCISES[key]
    forbidden = set(exercise.forbids)
    for variant in (*range(len(exercise.alternatives)), *exercise.mistakes):
        imported = set()
        for node in ast.walk(ast.parse(answer_source(exercise, variant))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.partition(".")[0] for name in names}
        assert not imported & forbidden, variant
