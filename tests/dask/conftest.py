from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from dlkit.checking.cases import make_key
from dlkit.grading.build import build_course

HERE = Path(__file__).parent


def load(path: Path):
    """A module that is no part of a package; the same one for everybody. Its name says its folder: others have a ``fake``, too."""
    name = f"{path.parent.name}_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def toy():
    return load(HERE.parent / "grading" / "toy.py")


@pytest.fixture(scope="session")
def cluster():
    return load(HERE / "cluster.py")


@pytest.fixture(scope="session")
def fake():
    return load(HERE / "fake.py")


@pytest.fixture(scope="module", autouse=True)
def toy_exercises(toy):
    with toy.exercises_known():
        yield


@pytest.fixture(scope="session")
def home(toy, tmp_path_factory) -> Path:
    """A toy course with its released notebooks and a course key."""
    folder = toy.make_home(tmp_path_factory.mktemp("home"))
    with toy.exercises_known():
        build_course(folder)
    make_key(folder / ".course_key")
    return folder
