"""Own compute of a notebook: the processor time of its cells and of the judge's calls, in a plain Python without grading.

Run by grading_speed.py in a fresh process: prints the median of five runs in seconds, as JSON. All modules are imported
beforehand; figures are drawn as a notebook draws them; grade cells are left out, and their answers called on the same cases.

  python benchmarks/own_compute.py NOTEBOOK KEY_FILE
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import resource
import statistics
import sys
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ.update(NBGRADER_EXECUTION="autograde", DLKIT_ANSWERS="", MPLBACKEND="Agg")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import matplotlib.pyplot as plt  # noqa: E402

from dlkit.checking.client import Client  # noqa: E402
from dlkit.checking.judge import cases_and_expected, outcomes  # noqa: E402
from dlkit.checking.links import LocalLink  # noqa: E402
from dlkit.exercises import find  # noqa: E402

RUNS = 5


def seconds() -> float:
    """Processor time of this process and its children, user and system."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def key_of(source: str) -> str:
    return ast.literal_eval(ast.parse(source).body[-1].value.args[0])


def run(cells: list[tuple[str, str]], secret: bytes) -> float:
    """Seconds for all cells and calls, in a new namespace."""
    namespace = {"__name__": "__main__", "display": lambda *args, **kwargs: None}
    total = 0.0
    for kind, source in cells:
        if kind == "grade":
            exercise = find(key_of(source))
            cases, _ = cases_and_expected(exercise, secret)
            before = seconds()
            list(outcomes(exercise, Client(LocalLink(namespace), exercise.names), cases, watch=False))
        else:
            code = compile(source, "<cell>", "exec")
            before = seconds()
            exec(code, namespace)
            for number in plt.get_fignums():
                plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
            plt.close("all")
        total += seconds() - before
    return total


def main() -> None:
    notebook = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    secret = Path(sys.argv[2]).read_bytes().strip()
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            grade = cell["metadata"].get("nbgrader", {}).get("grade", False)
            cells.append(("grade" if grade else "cell", "".join(cell["source"])))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run(cells, secret)  # imports everything
        values = [run(cells, secret) for _ in range(RUNS)]
    print(json.dumps({"seconds": statistics.median(values), "all": values, "torch": "torch" in sys.modules}))


if __name__ == "__main__":
    main()
