"""What the tests of the sandbox share: ``Box`` starts a script in a process of its own, see ``launch.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
USERS = ("root", "ordinary") if IS_ROOT else ("ordinary",)


class Box:
    """A place for one test: ``work`` to work in, ``outside`` with a canary that must not be reached, ``open`` to be read.

    Everything in it has open permissions, so that only the sandbox stands between a script and the canary.
    """

    def __init__(self, top: Path, user: str):
        self.top, self.user = top, user
        top.chmod(0o755)
        for name in ("work", "outside", "open", "open/inner"):
            (top / name).mkdir()
            (top / name).chmod(0o777)
        for name in ("outside/canary", "open/public", "open/secret", "open/inner/deep", "work/mine"):
            (top / name).write_text(f"this is {name}")
            (top / name).chmod(0o666)

    def run(self, script: str, *, lacking: tuple[str, ...] = (), user: str | None = None, **orders: Any) -> Any:
        """Execute a script (its ``orders`` hold the paths, too) and return what it bound to ``result``."""
        paths = {name: str(self.top / name) for name in ("work", "outside", "open")}
        paths |= {"canary": str(self.top / "outside/canary"), "secret": str(self.top / "open/secret"), "folder": str(self.top)}
        text = json.dumps({**paths, **orders, "lacking": lacking, "user": user or self.user, "script": textwrap.dedent(script)})
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-B", str(HERE / "launch.py")],
            input=text, capture_output=True, text=True, timeout=120, env=environment, start_new_session=True,
        )  # fmt: skip
        assert done.returncode == 0, f"the script ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)


def make(user: str) -> tuple[Box, tempfile.TemporaryDirectory[str]]:
    """A box, and the folder to clean up after the test. Not in pytest's own, whose parents are closed to other users."""
    folder = tempfile.TemporaryDirectory(prefix="dlkit-test-", ignore_cleanup_errors=True)
    return Box(Path(folder.name), user), folder
