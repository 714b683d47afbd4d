"""How long `import dlkit` takes, in a fresh interpreter.

The time of an interpreter that imports nothing is shown beside it; the difference is the import.
`dlkit.numpy` is measured against NumPy alone, `dlkit.torch` against PyTorch alone.

examples:
  python benchmarks/bench_import.py
  python benchmarks/bench_import.py --json
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import harness

ROOT = Path(__file__).resolve().parents[1]
GOALS = {
    "import dlkit": ("pass", "under 0.3 s"),
    "import dlkit.numpy.network": ("import numpy", ""),
    "import dlkit.torch.network": ("import torch", ""),
    "from dlkit.checking import check": ("import numpy", ""),
}


def start_python(code: str) -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)


def run(quick: bool) -> list[harness.Comparison]:
    return [
        harness.compare(
            code,
            {label: partial(start_python, label) for label in (baseline, code)},
            baseline=baseline,
            quick=quick,
            rounds=5,
            goal=goal,
        )
        for code, (baseline, goal) in GOALS.items()
    ]


if __name__ == "__main__":
    harness.main(run, __doc__)
