"""People and disks while a run goes on: what is saved in the formgrader stays, and a full disk loses nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader.apihandlers import CommentHandler, GradeHandler

from dlkit.grading.course import Course
from dlkit.grading.engine import grade_unit
from dlkit.grading.records.export import as_json, canonical_export
from dlkit.grading.records.gradebook import read_marks
from dlkit.grading.records.rebuild import rebuild_gradebook

STUDENTS = 30
# What the formgrader's handlers do with a request, without the server around them.
SAVE = """
import json, sys, time
from types import SimpleNamespace
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader.apihandlers import CommentHandler, FlagSubmissionHandler, GradeHandler

url, unit, stop = sys.argv[1:]

def send(handler, method, gradebook, body, *args):
    request = SimpleNamespace(gradebook=gradebook, get_json_body=lambda: body, write=lambda text: None)
    getattr(handler, method).__wrapped__.__wrapped__.__wrapped__(request, *args)

import os
saved, slowest, number = {}, 0.0, 0
while not os.path.exists(stop):
    with Gradebook(url) as gradebook:
        names = sorted(submission.student.id for submission in gradebook.assignment_submissions(unit))
        if not names:
            continue
        number += 1
        student = names[number * 7 % len(names)]
        begin = time.monotonic()
        grade = gradebook.find_grade("u-why", "2_second", unit, student)
        send(GradeHandler, "put", gradebook, {"manual_score": number % 5, "extra_credit": 0.5}, grade.id)
        comment = gradebook.find_comment("u-why", "2_second", unit, student)
        send(CommentHandler, "put", gradebook, {"manual_comment": f"number {number}"}, comment.id)
        slowest = max(slowest, time.monotonic() - begin)
        saved[student] = [float(number % 5), 0.5, f"number {number}"]
    with open(stop + ".saved", "w") as file:
        file.write(str(number))
    time.sleep(0.002)
print(json.dumps({"saved": saved, "slowest": slowest, "number": number}))
"""


def test_the_handlers_of_the_formgrader_are_as_the_test_takes_them():
    for handler in (GradeHandler, CommentHandler):
        assert callable(handler.put.__wrapped__.__wrapped__.__wrapped__)


def test_marks_saved_in_the_formgrader_during_a_run_are_never_lost(fake, database, tmp_path):
    course = database
    fake.make_class(course.root, STUDENTS)
    crew = fake.Instant()
    grade_unit(course, fake.UNIT, crew=crew, progress=False)
    assert len(read_marks(course, fake.UNIT)) == 6 * STUDENTS  # as reports read them
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", SAVE, course.database_url, fake.UNIT, str(stop)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    saver = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        attempt, count = 0, tmp_path / "stop.saved"
        while attempt < 3 or not count.exists() or int(count.read_text() or 0) < 40:
            assert saver.poll() is None and attempt < 1000
            attempt += 1
            fake.make_class(course.root, STUDENTS, attempt=attempt)
            result = grade_unit(course, fake.UNIT, crew=crew, progress=False)
            assert not result.ungraded, result.ungraded[0].reason
    finally:
        stop.touch()
        out, err = saver.communicate(timeout=60)
    assert saver.returncode == 0, err
    done = json.loads(out)
    assert len(done["saved"]) > 5 and done["slowest"] < 15, "the formgrader had to wait"
    submissions = canonical_export(course)["units"][fake.UNIT]["submissions"]
    for student, (manual, extra, comment) in done["saved"].items():
        found = submissions[student]
        assert found["grades"]["2_second"]["u-why"][1:3] == [manual, extra], student
        assert found["comments"]["2_second"]["u-why"][1] == comment, student
    for number, (student, found) in enumerate(sorted(submissions.items())):  # and ours are all there
        wanted = [float((number + 3 * k + (attempt if number % 2 else 0)) % 9) / 2 for k in range(5)]
        grades = {cell: row[0] for rows in found["grades"].values() for cell, row in rows.items()}
        assert [grades[f"u-{cell}-check"] for cell in "abcde"] == wanted, student
    grade_unit(course, fake.UNIT, crew=crew, progress=False)
    before = as_json(course)
    rebuild_gradebook(course, journal_only=True)
    assert as_json(course) == before


def test_somebody_who_keeps_the_gradebook_for_a_while_is_waited_for(fake, home, tmp_path):
    course = Course.at(tmp_path / "class", home)
    fake.make_class(course.root, 2)
    grade_unit(course, fake.UNIT, crew=fake.Instant(), progress=False)
    fake.make_class(course.root, 2, attempt=1)
    code = ("import sqlite3, sys, time\nb = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "b.execute('begin immediate')\nprint('mine', flush=True)\ntime.sleep(3)\nb.execute('commit')")  # fmt: skip
    keeper = subprocess.Popen([sys.executable, "-c", code, str(course.database)], stdout=subprocess.PIPE, text=True)
    assert keeper.stdout.readline() == "mine\n"
    begin = time.monotonic()
    result = grade_unit(course, fake.UNIT, crew=fake.Instant(), progress=False)
    assert keeper.wait() == 0 and not result.ungraded and time.monotonic() - begin > 1


FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import fake
from dlkit.grading.course import Course, CourseError
from dlkit.grading.engine import grade_unit
course = Course.at(sys.argv[2], sys.argv[3])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
try:
    result = grade_unit(course, fake.UNIT, crew=fake.Instant(), progress=False)
    print(len(result.ungraded), result.ungraded[0].reason if result.ungraded else "")
except CourseError as error:
    print("refused:", error)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the size of files cannot be limited here")
@pytest.mark.parametrize("limit", [2_000, 60_000, 150_000, 10_000_000])
def test_a_full_disk_leaves_everything_in_order(fake, home, tmp_path, limit):
    wanted = []
    for root in (tmp_path / "undisturbed", tmp_path / "class"):
        fake.make_class(root, 40)
        if root.name == "undisturbed":
            grade_unit(Course.at(root, home), fake.UNIT, crew=fake.Instant(), progress=False)
            wanted = as_json(Course.at(root, home))
    course = Course.at(tmp_path / "class", home)
    command = [sys.executable, "-c", FULL, str(Path(__file__).parent), str(course.root), str(home), str(limit)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for _ in range(1 if limit == 10_000_000 else 2):
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        if limit == 10_000_000:
            assert done.stdout == "0 \n"
        else:
            assert "refused:" in done.stdout or "could not be entered in the gradebook" in done.stdout
    result = grade_unit(course, fake.UNIT, crew=fake.Instant(), progress=False)
    assert not result.ungraded and as_json(course) == wanted
    rebuild_gradebook(course, journal_only=True)
    assert as_json(course) == wanted


MEMORY = """
import resource, sys
from contextlib import nullcontext
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import fake
from dlkit.grading.course import Course
from dlkit.grading.engine import run_unit

class Quiet:
    def __call__(self, *args): return nullcontext(self)
    def grade(self, tasks): return map(fake.grade, tasks)

root, home, number = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
for attempt in range(2):  # the first run is for what any run needs
    fake.make_class(root, number if attempt else 10, attempt)
    run_unit(Course.at(root, home), fake.UNIT, crew=Quiet(), progress=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the memory of a process is not told here")
def test_a_class_of_a_thousand_needs_no_more_memory_than_one_of_ten(home, tmp_path):
    most = []
    for number in (10, 1000):
        command = [sys.executable, "-c", MEMORY, str(Path(__file__).parent), str(tmp_path / str(number)), str(home), str(number)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        most.append(int(done.stdout) / 1024)
    assert most[1] - most[0] < 5, f"MiB at most: {most[0]:.0f} with 10 students, {most[1]:.0f} with 1000"


def test_the_gradebook_that_others_read_is_always_whole(fake, database, tmp_path):
    """Half of what an attempt changed is never to be seen: all marks of a submission are of the same attempt."""
    course = database
    for attempt in range(2):
        marks = {cell: float(attempt) for cell in "abcde"}
        for number in range(8):
            fake.hand_in(course.root, f"s{number}", marks)
        grade_unit(course, fake.UNIT, crew=Looking(fake, course) if attempt else fake.Instant(), progress=False)


class Looking:
    """Grades, and looks into the gradebook from another session after each notebook."""

    def __init__(self, fake, course) -> None:
        self.fake, self.course = fake, course

    def __call__(self, *args):
        from contextlib import nullcontext

        return nullcontext(self)

    def grade(self, tasks):
        for task in tasks:
            yield self.fake.grade(task)
            with Gradebook(self.course.database_url) as gradebook:
                for submission in gradebook.assignment_submissions(self.fake.UNIT):
                    marks = [grade.auto_score for book in submission.notebooks for grade in book.grades if grade.auto_score is not None]
                    assert len(marks) == 5 and len(set(marks)) == 1


def test_reading_waits_for_nobody(fake, home, tmp_path):
    course = Course.at(tmp_path / "class", home)
    fake.make_class(course.root, 2)
    grade_unit(course, fake.UNIT, crew=fake.Instant(), progress=False)
    with closing(sqlite3.connect(course.database, isolation_level=None)) as base:
        base.execute("begin immediate")
        begin = time.monotonic()
        assert len(canonical_export(course)["units"][fake.UNIT]["submissions"]) == 2
        result = grade_unit(course, fake.UNIT, crew=fake.Instant(), progress=False)  # nothing has changed
        assert [row.run for row in result.rows] == [0, 0] and time.monotonic() - begin < 5
        base.execute("rollback")
