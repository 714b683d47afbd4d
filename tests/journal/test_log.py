"""Files that survive crashes: what is damaged is found, said, and costs nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from dlkit.grading.records.log import JournalError, Lock, Log, decode, encode
from dlkit.grading.records.pack import Pack, digest_of


def write(path, number: int) -> list[int]:
    with Log(path) as log:
        assert list(log.records()) == []
        return [log.add("note", text=f"line {i}\nwith \u00e9 and \ud800") for i in range(number)]


def read(path, writable: bool = True) -> tuple[list[str], list[str]]:
    with Log(path, writable) as log:
        return [record["text"][:6] for _, record in log.records()], log.notes


def test_records_are_json_lines_that_can_be_found_again(tmp_path):
    places = write(tmp_path / "a" / "log.jsonl", 3)
    lines = (tmp_path / "a" / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["n"] for line in lines] == [1, 2, 3]
    with Log(tmp_path / "a" / "log.jsonl") as log:
        assert [place for place, _ in log.records()] == places
        assert log.read(places[1])["text"].startswith("line 1")
        log.add("note", text="line 3")
    assert read(tmp_path / "a" / "log.jsonl") == (["line 0", "line 1", "line 2", "line 3"], [])


def test_a_log_cut_at_every_byte_of_its_last_record_keeps_the_others(tmp_path):
    path = tmp_path / "log.jsonl"
    last = write(path, 3)[-1]
    whole = path.read_bytes()
    for cut in range(last, len(whole)):
        path.write_bytes(whole[:cut])
        texts, notes = read(path)
        complete = cut == len(whole) - 1  # nothing but the end of the line is missing
        assert texts == ["line 0", "line 1", "line 2"][: 3 if complete else 2]
        assert bool(notes) == (last < cut and not complete)
        with Log(path) as log:
            assert len(list(log.records())) == len(texts)
            log.add("note", text="later!")
        assert read(path) == ([*texts, "later!"], [])
    aside = sorted((tmp_path / "damaged").iterdir())
    assert len(aside) == len(whole) - 2 - last and all(whole[last:].startswith(part.read_bytes()) for part in aside)


@pytest.mark.parametrize("rubbish", [b"\0" * 100, b"\n\n\n", b'{"n":4}\n', b"\xff\xfe{}\n" * 3])
def test_rubbish_at_the_end_is_put_aside(tmp_path, rubbish):
    path = tmp_path / "log.jsonl"
    write(path, 2)
    path.write_bytes(path.read_bytes() + rubbish)
    assert "no whole record: passed over" in read(path, writable=False)[1][0]
    assert "moved to" in read(path)[1][0]
    assert read(path) == (["line 0", "line 1"], [])


@pytest.mark.parametrize("damage", [lambda line: line[:20] + b"X" + line[21:], lambda line: b"", lambda line: line[:-1] + b" "])
def test_a_damaged_record_in_the_middle_is_told_and_the_rest_used(tmp_path, damage):
    path = tmp_path / "log.jsonl"
    write(path, 5)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = damage(lines[2])
    path.write_bytes(b"".join(lines))
    texts, notes = read(path)
    gone = 5 - len(texts)
    assert gone in (1, 2) and texts[:2] == ["line 0", "line 1"] and texts[-1] == "line 4"
    if lines[2]:
        assert notes and "record" in notes[0] and "cannot be read; all others are used" in notes[0]


def test_every_changed_byte_of_a_record_is_seen():
    line = encode({"n": 7, "kind": "result", "marks": {"a": 1.5, "b": None}})
    for at in range(len(line) - 1):
        changed = bytearray(line)
        changed[at] ^= 1
        assert decode(bytes(changed)) is None, at


def test_two_writers_cannot_be_there_at_once(tmp_path):
    code = "import sys\nfrom pathlib import Path\nfrom dlkit.grading.records.log import Lock\nwith Lock(Path(sys.argv[1])): print('mine')"
    command = [sys.executable, "-c", code, str(tmp_path / "journal" / "lock")]
    with Lock(tmp_path / "journal" / "lock"):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode and "another dlkit command is writing" in done.stderr
    assert subprocess.run(command, capture_output=True, text=True).stdout == "mine\n"


def test_a_full_disk_leaves_no_half_record(tmp_path):
    code = """
import resource, signal, sys
from pathlib import Path
from dlkit.grading.records.log import JournalError, Log
from dlkit.grading.records.pack import Pack
path = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
with Log(path / "log.jsonl") as log:
    list(log.records())
    try:
        while True: log.add("note", text="x" * 1000)
    except JournalError as error:
        print(error)
pack = Pack(path / "graded.gz")
places = [pack.add(b"first")]
try:
    pack.add(__import__("os").urandom(6000))
except JournalError as error:
    print(error)
places.append(pack.add(b"second"))
print([pack.read(*place) for place in places])
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert all("cannot be written (File too large): nothing that it holds is lost" in line for line in lines[:2])
    assert lines[2] == "[b'first', b'second']"
    with Log(tmp_path / "log.jsonl") as log:
        assert len(list(log.records())) == 4 and log.notes == []
        log.add("note", text="there is room again")


def test_a_damaged_notebook_of_a_pack_is_noticed(tmp_path):
    pack = Pack(tmp_path / "graded.gz")
    places = [pack.add(text) for text in (b"one", b"two" * 100, b"")]
    pack.close()
    assert [pack.read(*place) for place in places] == [b"one", b"two" * 100, b""]
    data = bytearray((tmp_path / "graded.gz").read_bytes())
    data[places[1][0] + 15] ^= 0xFF
    (tmp_path / "graded.gz").write_bytes(bytes(data))
    found = pack.read(*places[1])
    assert found is None or digest_of(found) != digest_of(b"two" * 100)
    assert pack.read(*places[0]) == b"one"


def test_a_log_for_reading_is_never_written(tmp_path):
    path = tmp_path / "log.jsonl"
    write(path, 1)
    path.write_bytes(path.read_bytes() + b"half")
    before = path.read_bytes()
    read(path, writable=False)
    assert path.read_bytes() == before
    with Log(path, writable=False) as log, pytest.raises(AssertionError):
        log.add("note")


def test_a_record_that_something_else_overwrote_is_an_error(tmp_path):
    places = write(tmp_path / "log.jsonl", 2)
    with Log(tmp_path / "log.jsonl") as log:
        list(log.records())
        (tmp_path / "log.jsonl").write_bytes(b"x" * 1000)
        with pytest.raises(JournalError, match="changed by something else"):
            log.read(places[1])
