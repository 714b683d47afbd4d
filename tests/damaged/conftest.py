from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import handout  # noqa: E402

from dlkit.grading.handed_in.release import Release  # noqa: E402


@pytest.fixture(scope="session")
def release(tmp_path_factory) -> Release:
    """The release of the small notebook that is damaged in these tests."""
    course = handout.make_course(tmp_path_factory.mktemp("home"))
    return Release.of(course, handout.UNIT, handout.NOTEBOOK)
