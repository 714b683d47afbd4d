"""A class of attackers: a course with one notebook, canaries in all that is secret, and listeners for what leaves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from arena import Arena, Course, Listeners, make_course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with one notebook, built, and canaries in it."""
    return make_course(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def arena(course: Course):
    """Hands in attacks and grades them, a group at a time, each group once."""
    with Listeners(course.folder) as listeners:
        yield Arena(course, listeners)
