"""Every solved notebook from top to bottom in a fresh kernel: seconds, start of the kernel included, and peak memory.

Memory is that of the kernel and of all processes it starts, looked at ten times a second. A ratio is the time
divided by the goal: above 1 the goal is missed.

examples:
  python benchmarks/bench_notebooks.py
  python benchmarks/bench_notebooks.py --json
  python benchmarks/bench_notebooks.py --quick      # the notebook of unit 0
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

import harness
import nbformat
import psutil
from nbclient import NotebookClient

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"
SECONDS_GOAL, MEMORY_GOAL, TOTAL_GOAL = 60.0, 1e9, 600.0


class Peak:
    """The most memory that the processes started within a block used together, in bytes."""

    def __enter__(self) -> Peak:
        self.bytes, self._stop = 0, threading.Event()
        self._older = {process.pid for process in psutil.Process().children(recursive=True)}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += 0 if process.pid in self._older else process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.bytes = max(self.bytes, total)

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def run(quick: bool) -> list[harness.Comparison]:
    os.environ |= {"DLKIT_ANSWERS": "", "MPLBACKEND": "agg"}  # nothing is kept, nothing is shown
    paths = sorted(SOLUTIONS.glob("unit0*/*.ipynb" if quick else "*/*.ipynb"))
    rows, most = [], 0.0
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder, Peak() as peak:
            start = time.perf_counter()
            NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
            seconds = time.perf_counter() - start
        most = max(most, peak.bytes)
        name = f"{path.parent.name.partition('_')[0]}/{path.stem}, {peak.bytes / 1e6:.0f} MB"
        rows.append(harness.Row(name, seconds, 0.0, seconds / SECONDS_GOAL, 0.0))
    total = sum(row.seconds for row in rows)
    notes = [
        f"All {len(rows)} together take {total:.0f} s (goal for the whole course: {TOTAL_GOAL:.0f} s).",
        f"The most memory is {most / 1e6:.0f} MB (goal: {MEMORY_GOAL / 1e6:.0f} MB).",
    ]
    return [harness.Comparison("solved notebooks, top to bottom", rows, "60 s and 1 GB each; ratio is time / goal", notes)]


if __name__ == "__main__":
    harness.main(run, __doc__)
