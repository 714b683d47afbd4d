"""Links to answers that live in a forked process, so that the pipe is tested as it is used."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from forked import ForkedLink


@pytest.fixture
def forked():
    """``forked(namespace)`` gives a link; all children end with the test."""
    links: list[ForkedLink] = []
    lock = threading.Lock()

    def start(namespace) -> ForkedLink:
        with lock:
            links.append(ForkedLink(namespace))
        return links[-1]

    yield start
    for link in links:
        link.close()
