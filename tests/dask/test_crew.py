"""How notebooks are shared out among workers that die, fail, lie or never answer."""

from __future__ import annotations

import json
import time

import pytest

from dlkit.grading.cluster import dask_crew
from dlkit.grading.cluster.dask_crew import DaskCrew
from dlkit.grading.cluster.parcel import pack
from dlkit.grading.course import CourseError
from dlkit.grading.running.worker import Task


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(dask_crew, "PULSE", 0.01)
    monkeypatch.setattr(dask_crew, "PATIENCE", 0.3)


@pytest.fixture
def tasks(tmp_path):
    (tmp_path / "1_first.ipynb").write_text("{}")
    return [Task(f"s{number}", "unit1_toy", "1_first", tmp_path / "1_first.ipynb") for number in range(12)]


def run(client, tasks, require=2):
    said: list[str] = []
    crew = DaskCrew(client, b"unit", require, said.append)
    try:
        return {result.student: result for result in crew.grade(iter(tasks))}, said
    finally:
        crew.close()


def test_all_are_graded_and_few_are_under_way(fake, tasks):
    client = fake.Client({"tls://a": fake.graded, "tls://b": fake.graded})
    taken = []
    crew = DaskCrew(client, b"unit", 2, print)
    for number, result in enumerate(crew.grade(taken.append(task) or task for task in tasks * 10)):
        assert result.problem is None and result.level == 3
        assert len(taken) - number <= 12, "at most three for each worker under way, and as many that have come back"
    assert len(taken) == 120 and max(client.most.values()) == 3


def test_a_notebook_that_kills_two_workers_is_given_up_and_no_other(fake, tasks):
    def works(student):
        return "dies" if student == "s3" else fake.graded(student)

    client = fake.Client({"tls://a": works, "tls://b": works})
    found, said = run(client, tasks)
    assert len(found) == 12
    assert "1_first.ipynb could not be graded: the worker that graded it failed, twice" in found.pop("s3").problem
    assert all(result.problem is None for result in found.values())
    deaths = [address for student, address in client.sent if student == "s3"]
    assert len(deaths) == 2 and client.most["s3"] >= 1
    assert sum("it is gone" in text for text in said) == 2


def test_a_suspect_is_alone_on_its_worker(fake, tasks):
    beside = []

    def works(student):
        under_way = [job for job in crew._running.values() if job.task and job.member.address == client.sent[-1][1]]
        if crew._suspects or any(sent == student for sent, _ in client.sent[:-1]):
            beside.append(len(under_way))
        return "dies" if student == "s3" and len(beside) == 0 else fake.graded(student)

    client = fake.Client({"tls://a": works, "tls://b": works})
    crew = DaskCrew(client, b"unit", 2, lambda text: None)
    found = list(crew.grade(iter(tasks)))
    assert len(found) == 12 and all(result.problem is None for result in found)
    again = {student for student, _ in client.sent if sum(other == student for other, _ in client.sent) == 2}
    assert "s3" in again and beside and set(beside) == {0}


def test_a_worker_that_always_fails_is_left_out_and_nothing_is_lost(fake, tasks):
    client = fake.Client({"tls://bad": lambda student: pack({"state": "failed", "why": "OSError: disk full"}), "tls://good": fake.graded})
    found, said = run(client, tasks)
    assert len(found) == 12 and all(result.problem is None for result in found.values())
    assert any("tls://bad is not used: it failed 3 times in a row: OSError: disk full" in text for text in said)


def test_a_closed_office_is_opened_again(fake, tasks):
    def works(student):
        state = {1: "closed", 2: "died"}.get(len(client.furnished))
        return pack({"state": state, "why": "gone"}) if state else fake.graded(student)

    client = fake.Client({"tls://a": works})
    found, said = run(client, tasks)
    assert len(found) == 12 and all(result.problem is None for result in found.values())
    assert client.furnished == ["tls://a"] * 3


LIES = {
    "another student": lambda fake, student: fake.graded("s999"),
    "no marks": lambda fake, student: fake.graded(student).replace(b"2.0", b'"a"'),
    "not a number": lambda fake, student: fake.graded(student).replace(b"2.0", b"NaN"),
    "notes that are none": lambda fake, student: fake.graded(student).replace(b'"notes": []', b'"notes": [[]]'),
    "too short": lambda fake, student: fake.graded(student)[:-5],
    "an object": lambda fake, student: object(),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_no_result_is_not_taken_for_one(fake, tasks, lie):
    client = fake.Client({"tls://liar": lambda student: LIES[lie](fake, student), "tls://good": fake.graded})
    found, said = run(client, tasks)
    assert {student: result.marks for student, result in found.items()} == {f"s{n}": {"unit1-double-check": 2.0} for n in range(12)}
    assert any(text.startswith("worker tls://liar is not used") for text in said)


def test_a_worker_says_its_level_once_and_not_with_a_result(fake, tasks):
    client = fake.Client({"tls://a": lambda student: fake.graded(student, level=3)}, level=2)
    found, _ = run(client, tasks[:2])
    assert [result.level for result in found.values()] == [2, 2]


REFUSED = {
    "a level too low": ({"level": 1}, "proved level 1 of the sandbox, and 2 is required. no namespaces"),
    "no level": ({"level": "3"}, "is required"),
    "another version": ({"fingerprint": {"version": "0.0.9"}}, "version '0.0.9' of the course's package instead of"),
    "nothing at all": ({"state": "failed", "why": "ModuleNotFoundError: No module named 'dlkit'"}, "No module named 'dlkit'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_worker_that_is_not_as_it_should_be_never_gets_the_key(fake, tasks, case):
    told, says = REFUSED[case]
    client = fake.Client({"tls://a": fake.graded}, told={"tls://a": told})
    with pytest.raises(CourseError, match="none of the workers of the cluster can be used") as caught:
        run(client, tasks)
    assert says in str(caught.value)
    assert client.furnished == [] and client.sent == []


def test_the_level_that_is_required_counts(fake, tasks):
    client = fake.Client({"tls://a": fake.graded}, level=2)
    with pytest.raises(CourseError, match="proved level 2 of the sandbox, and 3 is required"):
        run(client, tasks, require=3)


def test_a_worker_without_encryption_is_not_used(fake, tasks):
    client = fake.Client({"tcp://a": fake.graded, "tls://b": fake.graded})
    found, said = run(client, tasks)
    assert len(found) == 12 and {address for _, address in client.sent} == {"tls://b"}
    assert said == ["worker tcp://a is not used: its connection is not encrypted"]


def test_a_worker_that_hangs_is_left_out(fake, tasks, monkeypatch):
    monkeypatch.setattr(dask_crew, "HUNG_SECONDS", 0.2)
    client = fake.Client({"tls://mute": lambda student: None, "tls://b": fake.graded})
    found, said = run(client, tasks)
    assert len(found) == 12 and all(result.problem is None for result in found.values())
    assert "worker tls://mute is not used: it hangs" in said


def test_no_worker_is_not_waited_for_for_ever(fake, tasks):
    begin = time.monotonic()
    with pytest.raises(CourseError, match="the cluster has had no worker"):
        run(fake.Client({}), tasks)
    assert 0.3 <= time.monotonic() - begin < 5


def test_a_file_that_is_none_has_a_result_with_a_reason(fake, tasks, tmp_path):
    link = tmp_path / "link.ipynb"
    link.symlink_to(tasks[0].file)
    linked = Task("s0", "unit1_toy", "1_first", link)
    found, _ = run(fake.Client({"tls://a": fake.graded}), [linked, tasks[1]])
    assert found["s0"].problem == "link.ipynb is a link: links are not followed"
    assert json.loads(found["s0"].content)["metadata"] == {"dlkit": {"ungraded": True}}
    assert found["s1"].problem is None
