"""How fast a class is graded: `dlkit grade` against stock `nbgrader autograde`, for each notebook, in one run.

Every submission is the solved notebook with small differences, so no two are alike. Measured is from the command to the
last mark and graded notebook, with the sandbox on and an empty journal. Stock nbgrader (its own Execute, one kernel for each
notebook) grades some of the same submissions; its time is what each further one takes, so that its start is not counted.
Marks must be the same. Own compute is that of the cells and of the judge's calls alone (own_compute.py); the bound is own
compute on all cores, the best that any grader could do. Figures are medians over the rounds; spread is the distance
between the quartiles of the wall time, as a share of the median. Pace is what ten million additions in a Python loop took at
that time: on a shared machine seconds of one hour are not those of the next.

examples:
  python benchmarks/grading_speed.py
  python benchmarks/grading_speed.py --notebooks 1_neurons 7_multilayer_perceptron --submissions 20 --stock 4
  python benchmarks/grading_speed.py --output docs/grading_speed.md
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import harness  # noqa: E402

from dlkit.grading.build import build_course  # noqa: E402
from dlkit.grading.course import Course  # noqa: E402
from dlkit.grading.records.gradebook import read_marks  # noqa: E402

GRADE = """
import sys
from dlkit.grading.course import Course
from dlkit.grading.engine import run_unit
if __name__ == "__main__":
    run_unit(Course.at(sys.argv[1], sys.argv[2]), sys.argv[3], jobs=int(sys.argv[4]), progress=False)
"""
STOCK = """
from nbgrader import preprocessors as p
from nbconvert.preprocessors import ClearMetadataPreprocessor
c = get_config()
c.CourseDirectory.course_id = "dlkit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
"""
PR_SET_CHILD_SUBREAPER = 36
GOAL_RATIO = {True: 20, False: 10}  # times faster than stock, with PyTorch and without
GOAL_OVER, GOAL_BOUND, HEAVY = 0.15, 1.5, 0.5
COLUMNS = ("notebook", "own compute c", "dlkit, wall", "spread", "dlkit, CPU", "CPU over c", "stock, wall", "times faster",
           "wall / bound", "pace")  # fmt: skip


@dataclass
class Speed:
    """What one notebook took: seconds of own compute, and of wall and processor time for each submission."""

    notebook: str
    torch: bool
    own: float
    wall: float
    cpu: float
    start: float
    stock: float
    ratio: float
    bound: float
    spread: float
    pace: float

    @property
    def over(self) -> float:
        return self.cpu - self.own

    def row(self) -> str:
        """The line of the table."""
        return _row(f"{self.notebook}{' (torch)' if self.torch else ''}", f"{self.own:.3f} s", f"{self.wall:.3f} s",
                    f"{self.spread:.0%}", f"{self.cpu:.3f} s", f"{self.over:.3f} s", f"{self.stock:.2f} s",
                    f"{self.ratio:.1f}", f"{self.bound:.1f}", f"{self.pace:.2f} s")  # fmt: skip


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def every_notebook() -> list[str]:
    """All notebooks that count for a grade."""
    course = Course.at(ROOT)
    units = sorted(path.name for path in (ROOT / "solutions").glob("unit[1-9]*"))
    return [name for unit in units for name in course.notebooks(unit)]


def prepare(home: Path, notebook: str) -> tuple[str, str]:
    """A home with one notebook, which for ``NAME+torch`` imports PyTorch in a cell of its own; its unit and its name."""
    name, _, extra = notebook.partition("+")
    found = sorted((ROOT / "solutions").glob(f"*/{name}.ipynb"))
    if len(found) != 1:
        raise SystemExit(f"{len(found)} notebooks are named {name}, expected one of: {', '.join(every_notebook())}")
    target = home / "solutions" / found[0].parent.name / found[0].name
    target.parent.mkdir(parents=True)
    content = json.loads(found[0].read_text(encoding="utf-8"))
    if extra:
        cell = {"cell_type": "code", "id": "extra", "metadata": {}, "source": [f"import {extra}"], "outputs": []}
        cell["execution_count"] = None
        content["cells"].insert(1, cell)
    target.write_text(json.dumps(content), encoding="utf-8")
    build_course(home)
    return target.parent.name, name


def hand_in(home: Path, root: Path, unit: str, notebook: str, numbers: range) -> None:
    """Submissions of the solved notebook, each with a remark of its own in every answer."""
    released = json.loads((home / "course" / unit / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    solved = json.loads((home / "solutions" / unit / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    answers = {cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in solved["cells"]}
    for number in numbers:
        mine = json.loads(json.dumps(released))
        for cell in mine["cells"]:
            meta = cell["metadata"].get("nbgrader", {})
            if meta.get("solution"):
                remark = f"\n# student {number}" if cell["cell_type"] == "code" else f" (student {number})"
                cell["source"] = answers[meta["grade_id"]] + remark
        folder = root / "submitted" / f"s{number:04d}" / unit
        folder.mkdir(parents=True)
        (folder / f"{notebook}.ipynb").write_text(json.dumps(mine), encoding="utf-8")


def timed(command: list[str], cwd: Path, **environment: str) -> tuple[float, float]:
    """Wall and processor seconds of a command, all the processes that it starts included, orphans too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True)
    wall = time.monotonic() - begin
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def marks(course: Course, unit: str) -> dict[tuple[str, str], float]:
    return {(mark.student, mark.grade_id): mark.score for mark in read_marks(course, unit)}


def measure(notebook: str, submissions: int, stock: int, jobs: int, rounds: int) -> Speed:
    """All figures of one notebook."""
    with tempfile.TemporaryDirectory(prefix="dlkit-speed-") as name:
        folder = Path(name)
        home = folder / "home"
        label, (unit, notebook) = notebook, prepare(home, notebook)
        pace = harness.pace()
        key = home / ".course_key"
        key.write_text("5eed" * 16)
        own = json.loads(subprocess.run(
            [sys.executable, str(HERE / "own_compute.py"), str(home / "solutions" / unit / f"{notebook}.ipynb"), str(key)],
            capture_output=True, text=True, check=True, cwd=folder).stdout)  # fmt: skip
        walls, cpus, few = [], [], []
        for number in range(rounds):
            for size, kept in ((2, few), (submissions, walls)):
                root = folder / f"class-{number}-{size}"
                hand_in(home, root, unit, notebook, range(size))
                wall, cpu = timed([sys.executable, "-c", GRADE, str(root), str(home), unit, str(jobs)], folder)
                kept.append(wall)
                if size == submissions:
                    cpus.append(cpu)
                else:
                    start_cpu = cpu
        pace = (pace + harness.pace()) / 2
        course = Course.at(root, home)
        ours = marks(course, unit)
        theirs_root = folder / "stock"
        shutil.copytree(home, theirs_root)
        (theirs_root / "nbgrader_config.py").write_text(STOCK)
        times = []
        for part in (range(1), range(1, 1 + stock)):
            hand_in(home, theirs_root, unit, notebook, part)
            if part.start == 0:
                timed([sys.executable, "-m", "nbgrader", "generate_assignment", unit, "--force", "--create"], theirs_root)
            times.append(timed([sys.executable, "-m", "nbgrader", "autograde", unit], theirs_root)[0])
        each = (times[1] - times[0]) / (stock - 1)
        same = marks(Course.at(theirs_root, theirs_root), unit)
        others = [(where, mark, ours[where]) for where, mark in same.items() if ours[where] != mark]
        if others:
            raise SystemExit(f"{notebook}: stock nbgrader gives other marks: {others[:5]}")
    wall = statistics.median(walls)
    cpu = (statistics.median(cpus) - start_cpu) / (submissions - 2)
    bound = max(own["seconds"] * submissions / jobs, own["seconds"])
    return Speed(label, own["torch"], own["seconds"], wall / submissions, cpu, statistics.median(few), each,
                 each * submissions / wall, wall / bound, harness.spread(walls), pace)  # fmt: skip


def reading(speeds: list[Speed], submissions: int) -> str:
    """How to read the table: what was measured beside what is aimed at."""
    starts = [speed.start for speed in speeds]
    says = [
        "How to read it. *Times faster* counts everything from the command on: the start of a run (proving the sandbox, "
        f"importing the libraries once), {_range(starts, '.0f')} s here, is spread over the {submissions} submissions."
    ]
    for torch, where in ((False, "do not import PyTorch"), (True, "import it")):
        ratios = [speed.ratio for speed in speeds if speed.torch == torch]
        if ratios:
            says.append(
                f"Where notebooks {where}, `dlkit grade` is {_range(ratios, '.0f')} times faster (median "
                f"{statistics.median(ratios):.0f}, goal {GOAL_RATIO[torch]})."
            )
    light = [speed for speed in speeds if speed.own < HEAVY]
    if light:
        over = [speed.over for speed in light]
        missed = [speed.notebook for speed in light if speed.over > GOAL_OVER]
        says.append(
            f"Processor time over own compute is {_range(over, '.2f')} s (median {statistics.median(over):.2f} s, goal "
            f"{GOAL_OVER} s{'; missed by ' if missed else ''}{', '.join(missed)})."
        )
    heavy = [speed.bound for speed in speeds if speed.own >= HEAVY]
    says.append(
        f"Notebooks with own compute of {HEAVY} s and more take {_range(heavy, '.1f')} times the bound (goal {GOAL_BOUND})."
        if heavy
        else f"No notebook has own compute of {HEAVY} s, for which the goal is {GOAL_BOUND} times the bound."
    )
    return "\n".join(textwrap.wrap(" ".join(says), 128, break_on_hyphens=False))


def _range(values: list[float], form: str) -> str:
    low, high = format(min(values), form), format(max(values), form)
    return low if low == high else f"{low} to {high}"


def main() -> None:
    says, _, examples = (__doc__ or "").partition("examples:")
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=says, epilog=f"examples:{examples}", formatter_class=form)
    parser.add_argument("--notebooks", nargs="*", default=None, help="names, or NAME+torch (default: all that count)")
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--stock", type=int, default=3, help="how many of them stock nbgrader grades too")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=None, help="write the page there")
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # processes that outlive the command are waited for here
    every = every_notebook()
    names = options.notebooks or [*every, f"{every[0]}+torch"]
    lines = [_row(*COLUMNS), f"|---|{'---:|' * (len(COLUMNS) - 1)}"]
    print("\n".join(lines), flush=True)
    speeds = []
    for name in names:
        speeds.append(measure(name, options.submissions, options.stock, options.jobs, options.rounds))
        lines.append(speeds[-1].row())
        print(lines[-1], flush=True)
    print(reading(speeds, options.submissions))
    if options.output:
        how = (
            f"{harness.machine()}; {options.submissions} submissions for dlkit ({options.jobs} at once), "
            f"{options.stock} for stock nbgrader, {options.rounds} round(s). Seconds are for one submission."
        )
        text = "\n\n".join(["# How fast a class is graded", says.strip(), how, "\n".join(lines),
                            reading(speeds, options.submissions)])  # fmt: skip
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
