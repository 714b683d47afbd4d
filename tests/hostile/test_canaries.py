"""What is secret is nowhere near the student's code: not in its memory, its files, its descriptors or its environment.

A student's cell searches its own process, before, while and after it is judged. It is given each needle as two halves, written
backwards, so that it does not find itself; a control shows that the search finds what is there.
"""

from __future__ import annotations

import json
import re

import nbformat
import numpy as np
import pytest
from arena import Arena, Canaries, slug
from attacks import NOTEBOOK, UNIT, Attack
from attacks.model import WRONG, answer_to

from dlkit.checking.judge import cases_and_expected
from dlkit.exercises import find

CONTROL = "a control that the search must find: 5d0c"
SCAN = """
import os, sys
CONTROL = {control!r}
NEEDLES = {needles!r}


def scan(when):
    found, size = [], 0
    halves = [(name, bytes.fromhex(first)[::-1], bytes.fromhex(second)[::-1]) for name, first, second in NEEDLES]
    with open("/proc/self/maps") as maps:
        areas = [line.split() for line in maps]
    with open("/proc/self/mem", "rb", 0) as memory:
        for area in areas:
            begin, end = (int(part, 16) for part in area[0].split("-"))
            if "r" not in area[1] or ("w" not in area[1] and area[4] != "0"):
                continue
            try:
                memory.seek(begin)
                data = memory.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue
            size += len(data)
            found += search(data, halves)
    print("memory", when, "bytes", size, "found", sorted(set(found)))


def search(data, halves):
    for name, first, second in halves:
        at = data.find(first)
        while at >= 0:
            if data[at + len(first): at + len(first) + len(second)] == second:
                yield name
            at = data.find(first, at + 1)


scan("before")
"""
FILES = """
halves = [(name, bytes.fromhex(first)[::-1], bytes.fromhex(second)[::-1]) for name, first, second in NEEDLES]
with open("control.txt", "w") as file:
    file.write(CONTROL)
known = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/sys", "/proc", sys.prefix, sys.base_prefix)
read, found = 0, set()
for top, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if not os.path.join(top, name).startswith(known)]
    for name in files:
        try:
            path = os.path.join(top, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    found |= set(search(file.read(10**7), halves))
                    read += 1
        except OSError:
            pass
print("files", read, "found", sorted(found))
text = repr(dict(os.environ)).encode() + open("/proc/self/environ", "rb").read() + repr(sys.argv).encode()
print("environment", len(text), "found", sorted(set(search(text, halves))), "names", sorted(os.environ))
for name in sorted(os.listdir("/proc/self/fd"), key=int):
    try:
        print("descriptor", name, os.readlink(f"/proc/self/fd/{name}"))
    except OSError:
        pass
scan("after")
"""


def needles(canaries: Canaries) -> list[tuple[str, str, str]]:
    """Name, first half and last half of each secret, as the hexadecimal digits of its bytes backwards."""
    secret = canaries.key.encode()
    found = {"control": CONTROL.encode(), "key": secret, "key as bytes": bytes.fromhex(canaries.key)}
    found |= {name: getattr(canaries, name).encode() for name in ("solution", "victim", "gradebook")}
    cases, expected = cases_and_expected(find("unit1.linear_unit"), secret)
    for case, value in zip(cases, expected, strict=True):
        data = np.ascontiguousarray(value, dtype=float).tobytes()
        if len(data) > 16:
            found[f"expected {case.check} {case.number}"] = data
    halves = ((name, data[: len(data) // 16 * 8], data[len(data) // 16 * 8 :]) for name, data in found.items())
    return [(name, first[::-1].hex(), last[::-1].hex()) for name, first, last in halves]


@pytest.fixture(scope="module")
def searched(arena: Arena) -> str:
    """What the search has printed."""
    first = SCAN.format(control=CONTROL, needles=needles(arena.course.canaries))
    answer = answer_to("linear_unit", "calls.append(1)\nif len(calls) == 5:\n    scan('while')\nreturn X @ w", "calls = []")
    attack = Attack("searches itself", "secrets are in the memory of the process, or in its files", first=first, last=FILES,
                    answers={**WRONG, "linear_unit": answer}, marks={"linear_unit": 0.0})  # fmt: skip
    battle = arena.battle("canaries", [attack])
    assert battle.harm == [] and set(battle.outcomes[attack.name].marks.values()) == {0.0}
    return battle.outcomes[attack.name].everything


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_secret_is_in_memory(searched: str, when: str):
    size, found = re.search(rf"memory {when} bytes (\d+) found (\[.*?\])", searched).groups()
    assert int(size) > 30 * 2**20
    assert found == "['control']"


def test_no_secret_is_in_a_file(searched: str):
    read, found = re.search(r"files (\d+) found (\[.*?\])", searched).groups()
    assert int(read) >= 2 and found == "['control']"


def test_no_secret_is_in_the_environment(searched: str):
    size, found, names = re.search(r"environment (\d+) found (\[.*?\]) names (\[.*?\])", searched).groups()
    assert int(size) > 100 and found == "[]"
    assert not [name for name in names.split("'") if re.search("KEY|SECRET|TOKEN|PASS|COURSE", name)]


def test_no_descriptor_leads_out(searched: str):
    leads = re.findall(r"(?m)^descriptor (\d+) (.*)$", searched)
    assert len(leads) >= 3
    assert sum(where.startswith(("socket:", "pipe:")) for _, where in leads) <= 1
    for number, where in leads:
        assert where.startswith(("socket:", "pipe:", "/dev/null", "/proc/")) or "(deleted)" in where, (number, where)


TELLS = {
    "prints": "print('asked', X.tobytes().hex())\nreturn X @ w",
    "writes past Python": "os.write(1, b'asked ' + X.tobytes().hex().encode())\nreturn X @ w",
    "fails": "raise ValueError('asked ' + X.tobytes().hex())",
    "fails by name": "raise type('asked ' + X.tobytes().hex(), (Exception,), {})",
    "displays": "display('asked ' + X.tobytes().hex())\nreturn X @ w",
    "returns text": "return 'asked ' + X.tobytes().hex()",
    "returns an object": "return type('asked ' + X.tobytes().hex(), (), {})()",
}


@pytest.fixture(scope="module")
def told(arena: Arena):
    """Answers that tell what they were asked, so that the next attempt can be a table."""
    attacks = [
        Attack(f"tells: {how}", "hidden cases are told to those who come later", marks={"linear_unit": (0.0, 0.5)},
               answers={"linear_unit": answer_to("linear_unit", body, "import os\nfrom IPython.display import display")})
        for how, body in TELLS.items()
    ]  # fmt: skip
    return arena.battle("telling", attacks)


@pytest.mark.parametrize("how", TELLS)
def test_a_verdict_does_not_tell_hidden_cases(arena: Arena, told, how: str):
    exercise = find("unit1.linear_unit")
    cases, _ = cases_and_expected(exercise, arena.course.canaries.key.encode())
    hidden = [case.args[0].tobytes().hex()[:16] for case in cases if case.check not in ("worked example",)]
    path = told.course.autograded(slug(f"tells: {how}"), UNIT) / f"{NOTEBOOK}.ipynb"
    cell = next(cell for cell in nbformat.read(path, as_version=4).cells
                if cell.metadata.get("nbgrader", {}).get("grade_id") == "unit1-linear_unit-check")  # fmt: skip
    shown = json.dumps(cell.outputs) + told.outcomes[f"tells: {how}"].remarks
    assert told.harm == [] and "of 2" in shown
    assert not [text for text in hidden if text in shown]
