"""Runs that are killed: whatever the moment, the next run finishes them, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kill_many.py")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills are tried where processes can be forked")


def kill(*options: str) -> dict:
    here = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": here, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, str(SCRIPT), *options], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_twenty_kills_at_random_moments_lose_nothing():
    done = kill("--kills", "20")
    assert done["kills"] == 20 and done["classes"] >= 4


def test_a_kill_at_any_step_loses_nothing():
    assert kill("--steps", "--students", "1")["steps"] > 40


def test_kills_while_other_processes_grade_lose_nothing_and_leave_nobody_behind():
    assert kill("--kills", "3", "--students", "12", "--processes", "2")["kills"] == 3
