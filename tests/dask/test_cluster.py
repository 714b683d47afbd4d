"""Notebooks graded on a real cluster on loopback: a scheduler, two workers that are as they should be, and one that is not."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from dlkit.grading.cluster import dask_client
from dlkit.grading.cluster.dask_client import Certificates, connected, dask_crew
from dlkit.grading.cluster.dask_crew import AT_WORK, REFUSED
from dlkit.grading.course import Course, CourseError
from dlkit.grading.engine import grade_unit
from dlkit.grading.handed_in.submissions import iter_submissions

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a worker has to prove a level that only Linux has")


@pytest.fixture(scope="module")
def started(cluster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    files = cluster.make_certificates(folder)
    with cluster.Cluster(folder, files) as running:
        running.add_worker("lacking", lacking=True)
        running.good = [running.add_worker("one"), running.add_worker("two", "--nthreads", "2")]
        running.certificates = Certificates(files["ca"], files["cert"], files["key"])
        yield running


def hand_in_class(toy, home: Path, root: Path) -> Course:
    for student, answers in {
        "ada": {}, "half": {"unit1-square": "def square(x):\n    return {1: 1, 2: 4, 3: 9}.get(x)"},
        "dies": {"unit1-square": "import os; os._exit(1)"}, "Zo\u00eb o'Hara, 2": {"unit1-double": "from helper import ANSWER\ndef double(x):\n    return x + 2"},
        "reads": {"unit1-answer": "def answer(x):\n    return int(open('data/number.txt').read())"},
    }.items():  # fmt: skip
        toy.hand_in(home, root, student, {**toy.RIGHT, **answers})
    data = root / "submitted" / "reads" / toy.UNIT / "data"
    data.mkdir()
    (data / "number.txt").write_text("42")
    linked = toy.hand_in(home, root, "linked", toy.RIGHT) / "1_first.ipynb"
    linked.unlink()
    linked.symlink_to("/etc/hostname")
    toy.hand_in(home, root, "broken", toy.RIGHT)
    (root / "submitted" / "broken" / toy.UNIT / "2_second.ipynb").write_text("not json")
    return Course.at(root, home)


def all_heard(crew, number: int) -> None:
    """Wait until so many workers are at work, or refused."""
    until = time.monotonic() + 60
    while sum(member.state in (AT_WORK, REFUSED) for member in crew._members.values()) < number:
        assert time.monotonic() < until, [(member.address, member.state) for member in crew._members.values()]
        crew._look_round()
        for waiting in wait(crew._running, 0.1, FIRST_COMPLETED).done:
            crew._arrived(waiting)


def outcome(course: Course, unit: str, result) -> dict:
    """What is to be the same wherever notebooks are graded."""
    rows = {row.student: [row.status, row.score, row.max_score, row.notes, row.problems, row.flags] for row in result.rows}
    for student, row in rows.items():
        for path in sorted(course.autograded(student, unit).glob("*.ipynb")):
            row.append([cell.get("outputs") for cell in json.loads(path.read_text())["cells"]])
    return rows


def test_a_cluster_grades_as_this_machine_does(started, toy, home, tmp_path):
    here = hand_in_class(toy, home, tmp_path / "here")
    shutil.copytree(tmp_path / "here", tmp_path / "there", symlinks=True)
    there = Course.at(tmp_path / "there", home)
    said: list[str] = []
    opened = dask_crew(started.address, started.certificates, say=said.append)

    @contextmanager
    def crew(*arguments):
        with opened(*arguments) as found:
            all_heard(found, 3)
            yield found

    result = grade_unit(there, toy.UNIT, progress=False, crew=crew)
    local = grade_unit(here, toy.UNIT, progress=False, jobs=2)
    scores = {row.student: row.score for row in result.rows}
    assert scores == {"ada": 6, "half": 5.5, "dies": 5, "Zo\u00eb o'Hara, 2": 4, "reads": 6, "linked": 4, "broken": 2}
    assert outcome(there, toy.UNIT, result) == outcome(here, toy.UNIT, local)
    assert all(row.level >= 2 for row in result.rows)
    assert sum(bool(re.search("proved level [01] of the sandbox, and 2 is required. level 3 not", text)) for text in said) == 1, said
    assert len(said) == 1


def test_nothing_is_left_behind_on_the_workers(started):
    workers = [psutil.Process(started.processes[number].pid) for number in started.good]
    ended = [child for worker in workers for child in worker.children(recursive=True)]
    _, alive = psutil.wait_procs(ended, timeout=10)
    assert not alive


def test_a_worker_killed_in_the_middle_costs_nothing(started, toy, home, tmp_path):
    for number in range(6):
        slow = {"unit1-double": "import time; time.sleep(0.3)\ndef double(x):\n    return 2 * x"}
        toy.hand_in(home, tmp_path, f"s{number}", {**toy.RIGHT, **slow})
    course = Course.at(tmp_path, home)
    tasks = [task for submission in iter_submissions(course, toy.UNIT) for task in submission.tasks]
    victim = started.processes[started.good[1]]
    said: list[str] = []
    marks: dict[str, float] = {}
    with dask_crew(started.address, started.certificates, say=said.append)(course, toy.UNIT, 1) as crew:
        all_heard(crew, 3)
        for graded in crew.grade(iter(tasks)):
            if not marks:
                children = psutil.Process(victim.pid).children(recursive=True)
                victim.send_signal(signal.SIGKILL)
            assert graded.problem is None
            marks[graded.student] = marks.get(graded.student, 0) + sum(filter(None, graded.marks.values()))
    assert marks == dict.fromkeys((f"s{number}" for number in range(6)), 6.0)
    assert sum("it is gone; what it had is graded again" in text for text in said) == 1
    assert not psutil.wait_procs(children, timeout=10)[1], "its office did not close"
    assert threading.active_count() < 50


def test_an_unknown_certificate_is_refused(started, cluster, toy, home, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_client, "CONNECT_SECONDS", 3)
    files = cluster.make_certificates(tmp_path, "stranger")
    crew = dask_crew(started.address, Certificates(files["ca"], files["cert"], files["key"]))
    with pytest.raises(CourseError, match="no connection to a scheduler at tls://"):
        with crew(Course.at(home), toy.UNIT, 1):
            pass


def test_results_that_are_pickles_are_not_opened(started):
    with connected(started.address, started.certificates) as client:
        assert client.submit(bytes, 3, pure=False).result(timeout=30) == b"\0\0\0"
        with pytest.raises(TypeError, match="only able to deserialize"):
            client.submit(Path, "x", pure=False).result(timeout=30)
