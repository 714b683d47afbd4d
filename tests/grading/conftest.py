from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from dlkit.grading.build import build_course
from dlkit.grading.course import Course
from dlkit.grading.engine import grade_unit


def _load_toy():
    spec = importlib.util.spec_from_file_location("toy", Path(__file__).with_name("toy.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["toy"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def toy():
    return _load_toy()


@pytest.fixture(scope="module", autouse=True)
def toy_exercises(toy):
    with toy.exercises_known():
        yield


@pytest.fixture(scope="session")
def home(toy, tmp_path_factory) -> Path:
    """A toy course with its released notebooks."""
    folder = toy.make_home(tmp_path_factory.mktemp("home"))
    build_course(folder)
    return folder


@pytest.fixture(scope="session")
def graded(toy, home, tmp_path_factory):
    """A small class with one of every trouble, graded once: the course, the result, the rows by student."""
    root = tmp_path_factory.mktemp("class")
    for student, answers in GOOD.items():
        toy.hand_in(home, root, student, {**toy.RIGHT, **answers})
    toy.hand_in(home, root, "late", toy.RIGHT, "2030-01-02 00:00:00 UTC")
    toy.hand_in(home, root, "dead", {**toy.RIGHT, "unit1-square": "import os; os._exit(1)"})
    broken = toy.hand_in(home, root, "broken", toy.RIGHT)
    (broken / "1_first.ipynb").write_text("not json")
    hollow = toy.hand_in(home, root, "hollow", toy.RIGHT)
    (hollow / "1_first.ipynb").write_text("")
    (hollow / "2_second.ipynb").unlink()
    renamed = toy.hand_in(home, root, "renamed", toy.RIGHT)
    (renamed / "2_second.ipynb").rename(renamed / "my copy (1).ipynb")
    missing = toy.hand_in(home, root, "missing", toy.RIGHT)
    (missing / "1_first.ipynb").unlink()
    damaged = toy.hand_in(home, root, "damaged", toy.RIGHT)
    toy.damage(damaged / "1_first.ipynb", damaged / "2_second.ipynb")
    untidy = toy.hand_in(home, root, "untidy", toy.RIGHT)
    toy.untidy(untidy / "1_first.ipynb", untidy / "2_second.ipynb")
    mislaid = toy.hand_in(home, root, "mislaid", toy.RIGHT)
    (mislaid / "1_first.ipynb").rename(mislaid / "my work.ipynb")
    (mislaid / "1_first.ipynb").mkdir()
    (mislaid / "1_first.ipynb" / "notes.txt").write_text("x")
    (mislaid / "helper.py").mkdir()
    (mislaid / "helper.py" / "notes.txt").write_text("x")
    (mislaid / "copy").mkdir()
    (mislaid / "2_second.ipynb").rename(mislaid / "copy" / "2_second.ipynb")
    linked = toy.hand_in(home, root, "linked", toy.RIGHT)
    (linked / "1_first.ipynb").unlink()
    (linked / "1_first.ipynb").symlink_to(root / "submitted" / "right" / toy.UNIT / "1_first.ipynb")
    toy.hand_in(home, root, "all [of] us", toy.RIGHT)
    (root / "submitted" / "nobody" / "unit1_toi").mkdir(parents=True)
    shutil.copytree(root / "submitted", root / "kept", symlinks=True)
    with (root / "students.csv").open("w", encoding="utf-8") as file:
        file.write('id,first_name,last_name,email\nright,Zoë,"O\'Hara, Jr.",=cmd@example.org\n')
    course = Course.at(root, home)
    with toy.exercises_known():
        result = grade_unit(course, toy.UNIT, jobs=2, due="2030-01-01 00:00 UTC", cell_timeout=5, progress=False)
    return course, result, {row.student: row for row in result.rows}


GOOD = {
    "right": {},
    "warns": {"unit1-double": "import sys, warnings\ndef double(x):\n    warnings.warn('slow')\n    print('hm', file=sys.stderr)\n    return 2 * x"},
    "broken_syntax": {"unit1-double": "def double(x:\n    return 2 * x"},
    "visible_only": {"unit1-square": "def square(x):\n    return {1: 1, 2: 4, 3: 9}.get(x)", "unit1-why": "<script>alert(1)</script> why"},
    "prints_markup": {"unit1-answer": "from IPython.display import HTML, display\ndisplay(HTML('<img src=x onerror=steal()>'))\ndef answer(x): return 42"},
    "loops": {"unit1-double": "def double(x):\n    while True: pass"},
    "formats": {"unit1-double": "%precision 0\ndef double(x):\n    return 2 * x",
                "unit1-square": "get_ipython().ast_node_interactivity = 'none'\ndef square(x):\n    return {1: 1, 2: 4, 3: 9}.get(x)"},
    "noisy": {"unit1-double": "import os\nprint('y' * 5_000_000)\nfor i in range(3000): print(i)\nos.write(2, b'x')\ndel os\ndef double(x):\n    print('n' * 9999)\n    return 2 * x",
              "unit1-square": "class Loud:\n    def __del__(self): raise ValueError\ndef square(x):\n    Loud()\n    return x * x\nimport sys; sys.exit('bye')"},
    "Zo\u00eb o'Hara, 2": {"unit1-double": "n = input('n? ')\ndef double(x): return 2 * x", "unit1-answer": "check = float = print = None\ndef answer(x): return 42"},
}
