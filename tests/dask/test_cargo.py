"""What travels is what was sent, stays below its folder, and is refused if it is anything else."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from dlkit.cli import main
from dlkit.grading.cluster import dask_client, dask_worker
from dlkit.grading.cluster import dask_crew as dask_crew_module
from dlkit.grading.cluster.cargo import KEY, differences, fingerprint, pack_task, pack_unit, unpack_task, unpack_unit
from dlkit.grading.cluster.dask_client import Certificates, dask_crew
from dlkit.grading.cluster.parcel import BadCargo, pack, unpack
from dlkit.grading.course import Course, CourseError
from dlkit.grading.running.worker import Task

NOWHERE = Certificates(Path("ca.pem"), Path("cert.pem"), Path("key.pem"))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "ws://127.0.0.1:8786", "inproc://here", ""])
def test_an_address_without_tls_is_refused(address):
    with pytest.raises(CourseError, match="does not begin with tls://"):
        dask_crew(address, NOWHERE)


@pytest.mark.parametrize("level", [0, 1])
def test_a_level_with_network_cannot_be_asked_for(level):
    with pytest.raises(CourseError, match="level 2 of the sandbox is the least"):
        dask_crew("tls://127.0.0.1:8786", NOWHERE, level)


def test_without_certificates_there_is_no_connection(home, toy):
    with pytest.raises(CourseError, match="there is no file ca.pem"):
        with dask_crew("tls://127.0.0.1:8786", NOWHERE)(Course.at(home), toy.UNIT, 1):
            pass


def test_without_dask_it_is_said_how_to_get_it(home, toy, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CourseError, match=r"Dask is not installed .*pip install 'dlkit-course\[dask\]'"):
        with dask_crew("tls://127.0.0.1:8786", NOWHERE)(Course.at(home), toy.UNIT, 1):
            pass


@pytest.mark.parametrize("module", [dask_client, dask_crew_module, dask_worker], ids=lambda module: module.__name__)
def test_dask_is_not_imported_before_it_is_needed(module):
    found = [node for node in ast.parse(Path(module.__file__).read_text()).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {alias.name for node in found for alias in node.names} | {node.module for node in found if isinstance(node, ast.ImportFrom)}
    assert "asyncio" in names or "sys" in names
    assert not {name.partition(".")[0] for name in names} & {"dask", "distributed"}


COMMANDS = {
    "--dask needs --tls-ca, --tls-cert and --tls-key, too": ["--dask", "tls://127.0.0.1:8786", "--tls-ca", "ca.pem"],
    "does not begin with tls://": ["--dask", "tcp://127.0.0.1:8786", "--tls-ca", "a", "--tls-cert", "b", "--tls-key", "c"],
    "a cluster has to prove that there is no network": ["--dask", "tls://127.0.0.1:8786", "--allow-level", "0"],
}


@pytest.mark.parametrize("command", [["grade"], ["regrade", "--preview"]], ids=["grade", "regrade"])
@pytest.mark.parametrize("says", COMMANDS)
def test_the_commands_say_what_they_need(home, toy, says, command, capsys):
    toy.hand_in(home, home, "ada", toy.RIGHT)
    assert main([*command, toy.UNIT, "--root", str(home), *COMMANDS[says]]) == 2
    assert says in capsys.readouterr().err


def test_a_unit_arrives_whole_and_its_key_in_no_file(home, toy, tmp_path):
    course = Course.at(home)
    there, unit, seconds, key = unpack_unit(pack_unit(course, toy.UNIT, 7.5), tmp_path)
    assert (unit, seconds, key) == (toy.UNIT, 7.5, course.key_file().read_bytes().strip())
    assert there.notebooks(unit) == course.notebooks(unit) and there.key_file() is None
    assert (there.home / "solutions" / unit / "helper.py").read_text() == toy.HELPER
    assert not any(key in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_notebook_arrives_with_the_files_beside_it(tmp_path):
    folder = tmp_path / "from"
    (folder / "data").mkdir(parents=True)
    (folder / "my \u00fc (1).ipynb").write_bytes(b"\xff\xfe not json")
    (folder / "data" / "a.txt").write_text("42")
    task = Task("Zo\u00eb\udcff", "unit1", "1_first", folder / "my \u00fc (1).ipynb", (Path("data/a.txt"), Path("gone.txt")))
    (tmp_path / "to").mkdir()
    there = unpack_task(pack_task(task), tmp_path / "to")
    assert (there.student, there.unit, there.notebook, there.file.name) == ("Zo\u00eb\udcff", "unit1", "1_first", "my \u00fc (1).ipynb")
    assert there.file.read_bytes() == b"\xff\xfe not json"
    assert there.extras == (Path("data/a.txt"),) and (tmp_path / "to" / "data" / "a.txt").read_text() == "42"


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b", "."])
def test_no_file_is_written_elsewhere(name, tmp_path):
    folder = tmp_path / "inside"
    folder.mkdir()
    about = {"student": "a", "unit": "u", "notebook": "n"}
    with pytest.raises(BadCargo):
        unpack_task(pack({**about, "file": "n.ipynb"}, {"": b"", name: b"x"}), folder)
    with pytest.raises(BadCargo):
        unpack_task(pack({**about, "file": name}, {"": b""}), folder)
    assert {path.name for path in tmp_path.rglob("*")} <= {"inside", "n.ipynb"}


DAMAGED = [b"", b"\0" * 8, b"\xff" * 8, pack({"a": 1})[:-1], pack({"a": 1}) + b"x", pack({}, {"a": b"123"})[:-1], b"\x02" + b"\0" * 7 + b"[]",
           pack({}, {"a": b"12"}).replace(b'["a", 2]', b'["a",-2]'), "text", None]  # fmt: skip


@pytest.mark.parametrize("data", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_messages_are_refused(data):
    with pytest.raises(BadCargo):
        unpack(data)


def test_a_worker_differs_in_what_it_differs():
    ours = fingerprint()
    assert differences(ours, fingerprint()) == []
    assert differences(ours, {**ours, "exercises": "x"}) == ["other definitions of exercises, or other files named in DLKIT_EXERCISES"]
    assert differences(ours, {**ours, "program": "x"}) == ["other code that grades, though it calls itself by the same version"]
    assert len(differences(ours, {**ours, "environment": ["Python 2.7", *ours["environment"][1:]]})) == 1
    assert differences(ours, {**ours, "environment": []}) == ["another list of packages"]
    assert differences(ours, {}) != []
    assert KEY not in ours and len(differences(ours, {"version": 3, "environment": 5})) > 0
