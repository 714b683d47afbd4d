"""The program that grades beside a worker of a cluster: what it says, what it survives, and how it ends."""

from __future__ import annotations

import sys
import threading
import time

import psutil
import pytest

from dlkit.grading.cluster import dask_worker
from dlkit.grading.cluster.cargo import differences, fingerprint, pack_task, pack_unit, result_of
from dlkit.grading.cluster.dask_worker import Branch
from dlkit.grading.cluster.parcel import unpack
from dlkit.grading.course import Course
from dlkit.grading.handed_in.submissions import iter_submissions

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets are handed to the program by their numbers")
MARKS = {"unit1-double-check": 2.0}


@pytest.fixture(scope="module")
def course(toy, home, tmp_path_factory):
    root = tmp_path_factory.mktemp("class")
    slow = {"unit1-double": "import time; time.sleep(1.5)\ndef double(x):\n    return 2 * x"}
    toy.hand_in(home, root, "slow", {**toy.RIGHT, **slow})
    toy.hand_in(home, root, "right", toy.RIGHT)
    return Course.at(root, home)


@pytest.fixture(scope="module")
def tasks(toy, course):
    return {submission.student: submission.tasks[0] for submission in iter_submissions(course, toy.UNIT)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def branch(toy, course, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        found = Branch(1)
    about, _ = unpack(found.hear())
    assert about["state"] == "here" and differences(fingerprint(), about["fingerprint"]) == [] and about["level"] in range(4)
    assert unpack(found.tell(pack_unit(course, toy.UNIT, 5)))[0] == {"state": "ready"}
    dask_worker._branches["run"] = found
    yield found
    dask_worker.leave("run")


def descendants(branch) -> list[psutil.Process]:
    return psutil.Process(branch._process.pid).children(recursive=True)


def seats(branch) -> list[psutil.Process]:
    """The processes that grade: forked by the server that makes them."""
    made = []
    for process in descendants(branch):
        try:
            if all("multiprocessing.forkserver" in " ".join(each.cmdline()) for each in (process, process.parent())):
                made.append(process)
        except (psutil.NoSuchProcess, AttributeError):
            continue
    return made


def kill_next(branch, times: int) -> None:
    """Kill the process that grades, and the one that comes after it, a little after it has begun."""
    killed: set[int] = set()
    until = time.monotonic() + 60
    while len(killed) < times and time.monotonic() < until:
        for process in seats(branch):
            if process.pid not in killed and time.time() - process.create_time() > 0.3:
                process.kill()
                killed.add(process.pid)
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="there are no servers of forks elsewhere")
def test_a_process_that_dies_costs_nothing_and_one_that_dies_again_its_notebook(branch, tasks):
    for times, problem in ((1, None), (2, "could not be graded: the process that graded it died, twice")):
        thread = threading.Thread(target=kill_next, args=(branch, times))
        thread.start()
        about, _ = unpack(dask_worker.grade("run", pack_task(tasks["slow"])))
        thread.join()
        result = result_of(about, tasks["slow"], 2)
        assert problem is None and result.problem is None or problem in result.problem
        assert result.marks == ({} if problem else MARKS)
    assert result_of(unpack(dask_worker.grade("run", pack_task(tasks["right"])))[0], tasks["right"], 2).marks == MARKS


def test_the_key_is_in_no_file(branch, course, folder):
    key = course.key_file().read_bytes().strip()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "1_first.ipynb" for path in files) and any("stage" in path.parts for path in files)
    assert not [path for path in files if key in path.read_bytes()]


def test_an_office_that_is_killed_says_so_once_and_is_closed_then(branch, tasks):
    processes = descendants(branch)
    thread = threading.Timer(0.7, branch._process.kill)
    thread.start()
    assert unpack(dask_worker.grade("run", pack_task(tasks["slow"])))[0]["state"] == "died"
    assert unpack(dask_worker.grade("run", pack_task(tasks["slow"])))[0] == {"state": "closed", "why": "the office was closed"}
    assert not psutil.wait_procs(processes, timeout=10)[1]


def test_other_exercises_there_are_noticed(toy, tmp_path, monkeypatch):
    other = tmp_path / "other_exercises.py"
    other.write_text(toy.EXERCISES.read_text() + "\n# not the same\n")
    monkeypatch.setenv("DLKIT_EXERCISES", str(other))
    branch = Branch(1)
    theirs = unpack(branch.hear())[0]["fingerprint"]
    branch.close()
    monkeypatch.undo()
    assert differences(fingerprint(), theirs) == ["other definitions of exercises, or other files named in DLKIT_EXERCISES"]
    assert branch._process.wait(10) == 0


def test_a_broken_unit_is_said_and_nothing_stays(toy):
    branch = Branch(1)
    assert unpack(branch.hear())[0]["state"] == "here"
    about, _ = unpack(branch.tell(b"\0" * 8))
    assert about["state"] == "failed" and "BadCargo" in about["why"]
    assert branch._process.wait(10) == 0
    branch.close()


def test_a_worker_without_a_run_says_so():
    assert unpack(dask_worker.grade("never", b""))[0]["state"] == "closed"
    assert unpack(dask_worker.furnish("never", b""))[0]["state"] == "closed"
