from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dlkit.grading.course import Course


def load(name: str):
    """A module that stands beside this file; the same one for everybody."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def fake():
    return load("fake")


@pytest.fixture(scope="session")
def home(fake, tmp_path_factory) -> Path:
    """A course with one small unit."""
    return fake.make_home(tmp_path_factory.mktemp("home"))


POSTGRES = load("postgres").missing() if sys.platform != "win32" else "anything that it runs on"
# Which databases the tests of this machine run against; their ids say so if PostgreSQL is not among them.
DATABASES = ["sqlite", "postgresql"] if not POSTGRES else ["sqlite", f"sqlite by URL, since PostgreSQL lacks {POSTGRES}"]
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server that runs as long as the tests do."""
    with load("postgres").server() as address:
        yield address


@pytest.fixture(params=DATABASES)
def database(request, home, tmp_path) -> Course:
    """A class without submissions whose gradebook is a file, and one whose gradebook is where nbgrader's configuration says."""
    root = tmp_path / "class"
    root.mkdir()
    if request.param != "sqlite":
        if POSTGRES:
            url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
        else:
            address, name = request.getfixturevalue("postgres"), f"class{next(_numbers)}"
            engine = create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            url = f"{address}/{name}"
        (root / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n")
    return Course.at(root, home)
