"""What notebooks call: check, grade, hint, use. They never raise, disturb nothing, and let nothing through."""

from __future__ import annotations

import os
import random
import sys
import warnings

import numpy as np
import pytest

from dlkit.checking import being_graded, own_code
from dlkit.checking.notebook import check, grade, hint, use
from dlkit.exercises import find

RIGHT = "def column_means(X):\n    return X.mean(axis=0)\n"
ROWS = "def column_means(X):\n    return X.mean(axis=1)\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DLKIT_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("DLKIT_COURSE_KEY_FILE", raising=False)


def run(source, call='check("unit0.column_means")'):
    namespace = {"__builtins__": __builtins__, "check": check, "grade": grade, "hint": hint, "use": use, "np": np}
    exec(compile(source, "<cell>", "exec"), namespace)
    before = dict(namespace)
    value = eval(call, namespace)
    namespace.pop("__warningregistry__", None)  # Python's own note when the answer's code warns
    assert namespace == before, "the namespace is left as found"
    return value


def test_a_right_answer_gets_its_points_as_a_plain_float(capsys):
    mark = run(RIGHT)
    assert type(mark) is float and mark == 3.0
    assert "3 of 3 visible checks pass" in capsys.readouterr().out


def test_a_mistake_is_told_by_name(capsys):
    assert run(ROWS) == 0.0
    assert "averages each row" in capsys.readouterr().out.lower()


@pytest.mark.parametrize("source", ["", "column_means = 3", "column_means = None", "def column_means(): pass",
                                    "def column_means(X): raise SystemExit", "def column_means(X): return column_means(X)",
                                    "class column_means: pass", "def column_means(X): return iter(X)"])
def test_check_never_raises(source, capsys):
    assert run(source) == 0.0


def test_an_unknown_key_is_told_with_the_nearest_ones(capsys):
    assert run(RIGHT, 'check("unit0.colum_means")') == 0.0
    assert "unit0.column_means" in capsys.readouterr().out


def test_what_the_answer_prints_is_caught_and_shown_on_the_card(capfd):
    noisy = ("import os, sys, warnings\ndef column_means(X):\n    print('to stdout')\n    print('to stderr', file=sys.stderr)\n"
             "    os.write(2, b'to descriptor 2')\n    warnings.warn('careful')\n    return X.mean(axis=0)\n")
    assert run(noisy) == 3.0
    out, err = capfd.readouterr()
    assert err == ""
    assert all(text in out for text in ("your code printed", "to stdout", "to stderr", "to descriptor 2"))


def test_random_states_and_warning_filters_are_left_as_found():
    random.seed(1)
    np.random.seed(1)
    states = random.getstate(), np.random.get_state()[1].tolist()
    filters = list(warnings.filters)
    run("import numpy, random\ndef column_means(X):\n    numpy.random.seed(9); random.random()\n    return X.mean(axis=0)")
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states
    assert warnings.filters == filters and sys.getprofile() is None


def test_shortcuts_are_pointed_out_and_cost_nothing(capsys):
    assert run("import torch\ndef column_means(X):\n    return torch.as_tensor(X).mean(0).numpy()") == 3.0
    assert "calls torch" in capsys.readouterr().out


def test_no_false_alarm_for_plotting_math_and_imports(capsys):
    run("import torch, math, matplotlib, scipy\ndef column_means(X):\n    math.sqrt(4)\n    return X.mean(axis=0)")
    assert "your answer calls" not in capsys.readouterr().out


def test_grade_draws_from_the_course_key(tmp_path, monkeypatch, capsys):
    key = tmp_path / "key"
    key.write_text("0123")
    monkeypatch.setenv("DLKIT_COURSE_KEY_FILE", str(key))
    assert run(RIGHT, 'grade("unit0.column_means")') == 3.0
    assert "hidden checks pass" in capsys.readouterr().out


def test_an_answer_that_knows_the_visible_cases_fails_the_hidden_ones(tmp_path, monkeypatch, capsys):
    memory = ("from dlkit.checking.judge import cases_and_expected\nfrom dlkit.exercises import find\n"
              "known = [(c.args[0], e) for c, e in zip(*cases_and_expected(find('unit0.column_means'), None))]\n"
              "def column_means(X):\n    return next(e for a, e in known if a.shape == X.shape and np.array_equal(a, X))\n")
    assert run(memory) == 3.0
    key = tmp_path / "key"
    key.write_text("0123")
    monkeypatch.setenv("DLKIT_COURSE_KEY_FILE", str(key))
    assert run(memory, 'grade("unit0.column_means")') == 1.0  # the worked example, which is public


def test_hints_come_one_by_one(capsys):
    for _ in range(4):
        hint("unit0.column_means")
    out = capsys.readouterr().out
    assert "Hint 1 of 3" in out and "Hint 2 of 3" in out and out.count("Hint 3 of 3") == 2
    hint("unit0.column_means", 7)
    hint("unit0.nothing")
    assert "hints 1 to 3" in capsys.readouterr().out


def test_use_gives_your_own_answer_if_it_passes_else_the_reference_with_a_notice(capsys):
    own = run(RIGHT, 'use("unit0.column_means")')
    assert own.__code__.co_filename == "<cell>" and capsys.readouterr().out == ""
    other = run(ROWS, 'use("unit0.column_means")')
    assert other(np.ones((2, 3))).tolist() == [1, 1, 1]
    assert "the course's own version" in capsys.readouterr().out


def test_use_finds_an_answer_that_passed_in_an_earlier_notebook(capsys):
    os.makedirs(own_code.folder())
    (own_code.folder() / "unit0.column_means.py").write_text(RIGHT.replace("X.mean(axis=0)", "0 + X.mean(axis=0)"))
    assert "0 + X" in open(run("", 'use("unit0.column_means")').__code__.co_filename).read()
    assert "you wrote earlier" in capsys.readouterr().out
    (own_code.folder() / "unit0.column_means.py").write_text(ROWS)
    run("", 'use("unit0.column_means")')
    assert "the course's own version" in capsys.readouterr().out


def test_an_answer_is_kept_with_the_helpers_it_uses(tmp_path, monkeypatch):
    import linecache
    import types

    source = ("import numpy as np\nSTART = 0.0\ndef total(column):\n    return START + sum(column)\n"
              "def column_means(X):\n    return np.array([total(X[:, j]) / len(X) for j in range(X.shape[1])])\n")
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(True), "<cell>")
    module = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    exec(compile(source, "<cell>", "exec"), vars(module))
    own_code.remember(find("unit0.column_means"), vars(module))
    recalled = own_code.recall(find("unit0.column_means"))
    assert recalled["column_means"](np.array([[1.0, 2.0], [3.0, 6.0]])).tolist() == [2.0, 4.0]


def test_a_class_that_was_written_in_a_cell_is_kept_too(monkeypatch):
    """`inspect` finds the source of such a class from Python 3.13 on only."""
    import linecache
    import types

    from dlkit.exercises.source import source_of

    source = "START = 2\n\nclass Counter:\n    'Counts.'\n\n    @staticmethod\n    def first():\n        return START\n"
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(True), "<cell>")
    module = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    exec(compile(source, "<cell>", "exec"), vars(module))
    found: dict = {}
    exec(source_of({"Counter": module.Counter}), found)
    assert found["Counter"].first() == 2 and found["Counter"].__doc__ == "Counts."


def test_a_local_name_may_be_that_of_a_module(monkeypatch):
    import linecache
    import types

    from dlkit.exercises.source import source_of

    source = "from dlkit.numpy import layers\n\ndef sizes(n):\n    layers = []\n    layers.append(n)\n    return layers\n"
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(True), "<cell>")
    module = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    exec(compile(source, "<cell>", "exec"), vars(module))
    found: dict = {}
    exec(source_of({"sizes": module.sizes}), found)
    assert found["sizes"](3) == [3]


def test_use_is_refused_inside_its_own_exercise(capsys):
    assert run('def column_means(X):\n    return use("unit0.column_means")(X)') == 0.0
    assert "write the answer yourself" in capsys.readouterr().out


def test_validate_is_content_when_every_visible_check_passes(monkeypatch, capsys):
    """Parts that only hidden checks decide are open then; nbgrader's Validate would call them failed."""
    from dlkit.exercises.source import answer_source

    source = answer_source(find("unit1.fit_line"))
    assert run(source, 'check("unit1.fit_line")') < find("unit1.fit_line").points
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert run(source, 'check("unit1.fit_line")') == find("unit1.fit_line").points
    assert run(ROWS) == 0.0


def test_being_graded_is_told_by_nbgrader(monkeypatch):
    assert not being_graded()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert being_graded()
