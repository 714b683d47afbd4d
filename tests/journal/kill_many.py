"""Kill runs of grading at random moments, or at each single step, and see that nothing is lost.

    python tests/journal/kill_many.py --kills 200
    python tests/journal/kill_many.py --steps
    python tests/journal/kill_many.py --kills 5 --processes 2

A class that has been graded and marked by hand hands in again. A run over it is killed (SIGKILL), and started again, until one
comes to its end. Then the canonical export of the gradebook, the graded notebooks, and a gradebook rebuilt from the journal
alone have to be what a run that nobody disturbs comes to.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from multiprocessing import forkserver
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import fake  # noqa: E402
import psutil  # noqa: E402
from nbgrader.api import Gradebook  # noqa: E402

from dlkit.grading.course import Course  # noqa: E402
from dlkit.grading.engine import run_unit  # noqa: E402
from dlkit.grading.records.export import as_json  # noqa: E402
from dlkit.grading.records.rebuild import rebuild_gradebook  # noqa: E402
from dlkit.grading.running import crew  # noqa: E402

DUE = "2030-01-02 00:00 UTC"


def processes(course: Course, unit: str, jobs: int, cell_timeout: int | None = None):
    """Real processes, with a worker that grades in no time."""
    from contextlib import nullcontext

    return nullcontext(crew.Processes(None, jobs, start=print_nothing, work=fake.grade))


def print_nothing(setting: None) -> None:
    """What such a process does first."""


class Trial:
    """Everything that the kills have in common: the class before the run, and what the run has to come to."""

    def __init__(self, base: Path, students: int, jobs: int = 0) -> None:
        self.base, self.jobs = base, jobs
        self.home = fake.make_home(base / "home")
        self.fresh, self.marked = base / "fresh", base / "marked"
        fake.make_class(self.fresh, students)
        (self.fresh / "students.csv").write_text("id,first_name,last_name\nstudent0000,Zoë,O'Hara\nstudent0001,Bo,\n")
        shutil.copytree(self.fresh, self.marked)
        self.run(self.marked)
        mark_by_hand(self.course(self.marked))
        fake.make_class(self.marked, students + 1, attempt=1)
        self.starts = [self.marked, self.fresh]
        self.wanted = {}
        for start in self.starts:
            root = shutil.copytree(start, base / "undisturbed")
            begin = time.monotonic()
            assert os.waitpid(in_child(partial(self.run, root)), 0)[1] == 0
            self.seconds = time.monotonic() - begin
            self.wanted[start] = self.state(root)
            if start is self.marked:
                assert self.by_hand(root) == self.by_hand(start) and len(self.by_hand(start)) > students // 3
            shutil.rmtree(root)

    def course(self, root: Path) -> Course:
        return Course.at(root, self.home)

    def run(self, root: Path) -> None:
        maker = processes if self.jobs else fake.Instant()
        run_unit(self.course(root), fake.UNIT, jobs=self.jobs or 1, due=DUE, progress=False, crew=maker)

    def state(self, root: Path) -> dict[str, object]:
        """All that has to be as it should: the gradebook, the graded notebooks, the rows for the report."""
        folder = root / "autograded"
        files = {str(p.relative_to(folder)): digest(p) for p in sorted(folder.rglob("*")) if p.is_file()}
        rows = [json.loads(line) for line in (root / "reports" / fake.UNIT / "run.jsonl").read_text().splitlines()]
        rows = {row["student"]: (row["score"], row["seconds_late"], row["problems"]) for row in rows if "student" in row}
        return {"export": as_json(self.course(root)), "files": files, "rows": rows}

    def by_hand(self, root: Path) -> list[tuple]:
        """All that a person has entered."""
        with closing(sqlite3.connect(root / "gradebook.db")) as base:
            marks = "select s.student_id, c.name, manual_score, extra_credit from grade g join base_cell c on c.id = g.cell_id"
            words = "select s.student_id, c.name, manual_comment, n.flagged from comment g join base_cell c on c.id = g.cell_id"
            where = "join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id where"
            found = base.execute(f"{marks} {where} manual_score is not null").fetchall()
            return sorted(found + base.execute(f"{words} {where} manual_comment is not null").fetchall(), key=str)

    def check(self, root: Path, start: Path) -> None:
        """That `root` is as a run from `start` that nobody disturbed leaves it, and can be rebuilt."""
        found = self.state(root)
        for name, wanted in self.wanted[start].items():
            assert found[name] == wanted, f"{root}: {name} differs: {difference(found[name], wanted)}"
        rebuild_gradebook(self.course(root), journal_only=True)
        rebuilt = as_json(self.course(root))
        assert rebuilt == found["export"], f"{root}: rebuilt, it differs: {difference(rebuilt, found['export'])}"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def difference(one: object, other: object) -> str:
    if isinstance(one, str) and isinstance(other, str):
        pairs = zip(one.splitlines(), other.splitlines(), strict=False)
        return str(next(((a, b) for a, b in pairs if a != b), "the one is longer"))
    return str({key: (one.get(key), other.get(key)) for key in {*one, *other} if one.get(key) != other.get(key)})[:600]


def mark_by_hand(course: Course, every: int = 3) -> None:
    """What a person enters in the formgrader: marks, extra credit, comments, flags."""
    with Gradebook(course.database_url) as book:
        for number, submission in enumerate(sorted(book.assignment_submissions(fake.UNIT), key=lambda s: s.student.id)):
            if number % every:
                continue
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.name == "u-why":
                        grade.manual_score, grade.needs_manual_grade = 1.5 + number % 2, False
                    elif grade.name == "u-a-check" and number % 2:
                        grade.manual_score, grade.extra_credit = 3.5, 0.25
                for comment in notebook.comments:
                    if comment.name in ("u-why", "u-b"):
                        comment.manual_comment = f"Look at {comment.name} again, {submission.student.id} \u2013 'please'."
                notebook.flagged = number % 4 == 0
        book.db.commit()


def in_child(work: Callable[[], None]) -> int:
    """Start `work` in a process of its own; its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setpgid(0, 0)
        forkserver._forkserver.__init__()  # the one that the parent may have is not ours
        work()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def kill_at_random(trial: Trial, kills: int, rng: random.Random) -> dict[str, int]:
    """Kill runs until `kills` of them have been killed; every class is then finished and looked at."""
    done = {"kills": 0, "classes": 0, "finished before the kill": 0}
    while done["kills"] < kills:
        start = trial.starts[done["classes"] % len(trial.starts)]
        root = shutil.copytree(start, trial.base / f"class{done['classes']}")
        while True:
            child = in_child(partial(trial.run, root))
            time.sleep(rng.uniform(0, 1.1 * trial.seconds))
            os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
            if not os.WIFSIGNALED(status):
                assert os.WEXITSTATUS(status) == 0, "a run failed"
                done["finished before the kill"] += 1
                break
            done["kills"] += 1
            nobody_left(child)
            if rng.random() < 0.4 or done["kills"] == kills:
                trial.run(root)
                break
        trial.check(root, start)
        shutil.rmtree(root)
        done["classes"] += 1
    return done


def nobody_left(group: int) -> None:
    """Processes that a killed run had started end by themselves, and soon."""
    for _ in range(100):
        left = [p.pid for p in psutil.process_iter(["status"]) if p.info["status"] != psutil.STATUS_ZOMBIE and _group(p.pid) == group]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(f"processes {left} have outlived the run that started them")


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


class Stepwise:
    """Counts the steps at which a run touches the disk, and kills the process at one of them, half way through a write."""

    def __init__(self, at: int | None) -> None:
        self.at, self.count = at, 0

    def __enter__(self) -> Stepwise:
        self._real = {name: getattr(os, name) for name in ("write", "fsync", "replace", "rename", "ftruncate", "mkdir")}
        for name, real in self._real.items():
            setattr(os, name, partial(self._step, name, real))
        return self

    def __exit__(self, *_: object) -> None:
        for name, real in self._real.items():
            setattr(os, name, real)

    def _step(self, name: str, real: Callable, *args: object, **options: object) -> object:
        self.count += 1
        if self.count == self.at:
            if name == "write":
                real(args[0], args[1][: len(args[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **options)


def kill_at_each_step(trial: Trial) -> dict[str, int]:
    """Kill a run at its first step, at its second, and so on to its last; each class is then finished and looked at."""
    steps = 0
    for start in trial.starts:
        at = 0
        while True:
            at += 1
            root = shutil.copytree(start, trial.base / f"step{at}")

            def work(root: Path = root, at: int = at) -> None:
                with Stepwise(at):
                    trial.run(root)

            status = os.waitpid(in_child(work), 0)[1]
            if os.WIFSIGNALED(status):
                trial.run(root)
            else:
                assert os.WEXITSTATUS(status) == 0, "a run failed"
            trial.check(root, start)
            shutil.rmtree(root)
            if not os.WIFSIGNALED(status):
                break
            steps += 1
    return {"steps": steps}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--steps", action="store_true", help="kill at each single step of a small run instead")
    parser.add_argument("--students", type=int, default=None, help="in the class (default: 50, or 2 with --steps)")
    parser.add_argument("--processes", type=int, default=0, help="grade in that many processes, not in the one that is killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=None, help="where to work (default: in memory, if there is such a place)")
    options = parser.parse_args()
    memory = Path("/dev/shm")
    where = options.folder or (memory if os.access(memory, os.W_OK) else None)
    with tempfile.TemporaryDirectory(prefix="dlkit-kill-", dir=where) as folder:
        trial = Trial(Path(folder), options.students or (2 if options.steps else 50), options.processes)
        begin = time.monotonic()
        if options.steps:
            done = kill_at_each_step(trial)
        else:
            done = kill_at_random(trial, options.kills, random.Random(options.seed))
        done["seconds"] = round(time.monotonic() - begin, 1)
        done["seconds of a run"] = round(trial.seconds, 2)
    print(json.dumps(done))


if __name__ == "__main__":
    main()
