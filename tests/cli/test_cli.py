"""The dlkit command: help with examples, sensible exit codes, clear words on bad input."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from dlkit.cli import main

COMMANDS = ("build", "grade", "regrade", "gradebook", "report", "demo", "bank", "exercises", "secret", "weave", "topics", "lab", "doctor")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"dlkit {command}" in capsys.readouterr().out.split("examples:")[1]


def test_without_a_command_the_help_is_shown_and_the_exit_code_is_2(capsys):
    assert main([]) == 2
    assert all(command in capsys.readouterr().out for command in ("build",))


def test_an_unknown_command_is_refused():
    with pytest.raises(SystemExit) as left:
        main(["grad"])
    assert left.value.code == 2


def test_exercises_as_table_and_as_json(capsys):
    assert main(["exercises", "unit0"]) == 0
    assert "unit0.column_means" in capsys.readouterr().out
    assert main(["exercises", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"key", "unit", "points", "minutes", "difficulty", "mistakes"} <= set(rows[0])


def test_exercises_of_a_unit_that_is_not_there(capsys):
    assert main(["exercises", "unit9"]) == 2
    assert "unit9" in capsys.readouterr().err


def test_bank_of_one_exercise_and_its_matrix(capsys, tmp_path):
    page = tmp_path / "matrix.md"
    assert main(["bank", "unit0.column_means", "--matrix", "--write", str(page), "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "1 exercises, 0 problems" in out and "averages each row" in out
    assert "| x | x | x | 0 / 3 |" in page.read_text()


def test_bank_of_an_unknown_key_suggests_the_nearest(capsys):
    assert main(["bank", "unit0.colum_means"]) == 2
    assert "did you mean unit0.column_means" in capsys.readouterr().err


def test_secret_is_made_once_and_never_printed(tmp_path, capsys):
    assert main(["secret", "--root", str(tmp_path)]) == 0
    key = (tmp_path / ".course_key").read_text().strip()
    assert main(["secret", "--root", str(tmp_path)]) == 0
    assert (tmp_path / ".course_key").read_text().strip() == key and key not in capsys.readouterr().out


def test_doctor_tells_versions_in_words_and_as_json(capsys):
    assert main(["doctor"]) == 0
    assert "numpy" in capsys.readouterr().out
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["packages"]["numpy"] and set(found["sandbox"]) == {"user namespaces", "landlock", "seccomp"}


def test_grade_of_a_unit_that_is_not_there_says_so(capsys, tmp_path):
    assert main(["grade", "unit7_magic"]) != 0
    out = capsys.readouterr()
    assert "unit7_magic" in out.out + out.err


def test_weave_there_and_back_keeps_the_cells(tmp_path, capsys):
    text = ('# %% [markdown]\n# # Title\n\n# %% solution="unit0.column_means"\ndef column_means(X):\n    ### BEGIN SOLUTION\n'
            '    return X.mean(axis=0)\n    ### END SOLUTION\n\n# %% check="unit0.column_means"\n')
    source, target = tmp_path / "a.py", tmp_path / "a.ipynb"
    source.write_text(text)
    assert main(["weave", str(source), str(target)]) == 0
    first = target.read_text()
    assert main(["weave", "--to-text", str(target)]) == 0
    source.write_text(capsys.readouterr().out)
    assert main(["weave", str(source), str(target)]) == 0
    assert target.read_text() == first
    assert json.loads(first)["cells"][2]["metadata"]["nbgrader"]["points"] == 3


def test_the_command_runs_as_a_module_and_starts_without_heavy_imports():
    code = "import sys, dlkit.cli; print(sorted({'numpy', 'torch', 'matplotlib', 'nbgrader', 'IPython'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
