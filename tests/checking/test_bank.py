"""The bank of every exercise of the course holds: in this process, through a pipe, and with another key."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from forked import __file__ as forked_program
from forked import rows

from dlkit.checking.bank import Report, markdown, prove
from dlkit.exercises import all_exercises

EXERCISES = {exercise.key: exercise for exercise in all_exercises()}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "kill_matrix.md"


@cache
def proven(key: str) -> Report:
    return prove(EXERCISES[key])


@pytest.fixture(scope="module", autouse=True)
def piped(request):
    """The banks through pipes, of the exercises that are asked for: one program makes them while the other tests run."""
    name = test_through_a_pipe_marks_and_diagnoses_are_the_same.__name__
    keys = [item.callspec.params["key"] for item in request.session.items if getattr(item, "originalname", "") == name]
    program = subprocess.Popen([sys.executable, forked_program, *keys], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with ThreadPoolExecutor(1) as pool:
        yield program, pool.submit(program.communicate)
        program.kill()


@pytest.mark.parametrize("key", EXERCISES)
def test_every_wrong_answer_is_rejected_with_the_mark_it_deserves(key):
    assert proven(key).problems == []


def test_the_kill_matrix_in_docs_is_in_step():
    fresh = markdown(proven(key) for key in EXERCISES)
    assert PAGE.read_text(encoding="utf-8") == fresh, "run: dlkit bank --write docs/kill_matrix.md"


@pytest.mark.parametrize("key", EXERCISES)
def test_another_course_key_gives_the_same_marks(key):
    assert prove(EXERCISES[key], key=b"another key").problems == []


@pytest.mark.parametrize("key", EXERCISES)
def test_through_a_pipe_marks_and_diagnoses_are_the_same(key, piped):
    program, said = piped
    lines, errors = said.result()
    assert program.returncode == 0, errors
    there = dict(map(json.loads, lines.splitlines()))
    assert json.loads(json.dumps(rows(proven(key)))) == there[key]


@pytest.mark.parametrize("key", EXERCISES)
def test_worked_examples_are_what_the_reference_computes(key):
    """`expected` is typed at the digits of its source; the reference agrees to them, and `printed` to its decimals or not at all."""
    import numpy as np

    from dlkit.checking.client import Client
    from dlkit.checking.compare import compare
    from dlkit.checking.judge import run_case
    from dlkit.checking.links import LocalLink

    exercise = EXERCISES[key]
    client = Client(LocalLink(exercise.namespace()), exercise.names)
    for example in exercise.examples:
        with np.errstate(all="ignore"):
            got = run_case(exercise, client, example.args).value
        assert compare(got, example.expected, rtol=1e-7, atol=1e-9) is None
