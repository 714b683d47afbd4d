"""Whatever happens to the bytes of a file or to its cells: no crash, nothing readable lost, no grade cell but the instructor's."""

from __future__ import annotations

import json
import time

import handout
import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_corpus import as_handed_out

from dlkit.grading.handed_in.reading import Unreadable
from dlkit.grading.handed_in.release import plain
from dlkit.grading.handed_in.salvage import salvage
from dlkit.grading.handed_in.submitted_cell import text_of

STYLES = ("as Jupyter writes it", "in one line", "type first")
FEW = settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written_as(content, style: str) -> tuple[bytes, list[tuple[int, int, str]]]:
    """The bytes of a notebook, and for each answer or own cell its first byte, the byte after it, and its source."""
    pieces, spans, at = [], [], 0

    def add(text: str) -> None:
        nonlocal at
        pieces.append(text.encode())
        at += len(pieces[-1])

    indent = None if style == "in one line" else 1
    add('{"cells": [' if indent is None else '{\n "cells": [\n')
    for number, cell in enumerate(content["cells"]):
        if style == "type first":
            cell = {"cell_type": cell["cell_type"], **cell, "source": "".join(cell["source"])}
        if number:
            add(", " if indent is None else ",\n")
        begin = at
        add(json.dumps(cell, indent=indent, ensure_ascii=False))
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("solution") or cell["id"] == "own":
            spans.append((begin, at, plain(text_of(cell["source"]))))
    rest = {name: value for name, value in content.items() if name != "cells"}
    add("]" + json.dumps(rest, indent=indent).replace("{", ", ", 1))
    return b"".join(pieces), spans


@pytest.fixture(scope="session", params=STYLES)
def work(request, release):
    data, spans = written_as(handout.handed_in(release), request.param)
    json.loads(data)
    return data, spans, release


def holds(data: bytes, release, texts: list[str]) -> None:
    """Salvage either says that nothing can be read, and nothing can, or keeps all `texts`."""
    try:
        result = salvage(data, release)
    except Unreadable:
        assert not texts
        return
    as_handed_out(result.notebook, release)
    there = [plain(cell.source) for cell in result.notebook.cells]
    for text in texts:
        assert any(text in other for other in there), (text, result.notes)
    again = salvage(nbformat.writes(result.notebook).encode(), release)
    assert again.notes == [] and again.notebook == result.notebook


@FEW
@given(where=st.floats(0, 1, exclude_max=True))
def test_cut_anywhere(work, where):
    data, spans, release = work
    at = int(where * len(data))
    holds(data[:at], release, [text for _, end, text in spans if end <= at])


@FEW
@given(where=st.floats(0, 1, exclude_max=True), sign=st.integers(1, 255))
def test_any_byte_changed(work, where, sign):
    data, spans, release = work
    at = int(where * len(data))
    changed = data[:at] + bytes([data[at] ^ sign]) + data[at + 1 :]
    holds(changed, release, [text for begin, end, text in spans if not begin <= at < end])


@FEW
@given(data=st.data())
def test_any_block_overwritten(work, data):
    content, spans, release = work
    begin = data.draw(st.integers(0, len(content) - 1))
    size = data.draw(st.integers(1, 600))
    block = data.draw(st.binary(min_size=1, max_size=8))
    filled = (block * size)[: len(content[begin : begin + size])]
    end = begin + len(filled)
    whole = [text for first, last, text in spans if last <= begin or end <= first]
    holds(content[:begin] + filled + content[end:], release, whole if block.strip(b"\\\"{}[]:,\0") == block else [])


@FEW
@given(data=st.data())
def test_any_cells_deleted_moved_and_stripped(release, data):
    content = handout.handed_in(release)
    cells = content["cells"]
    for _ in range(data.draw(st.integers(0, 6))):
        cell = cells.pop(data.draw(st.integers(0, len(cells) - 1)))
        what = data.draw(st.sampled_from(["delete", "move", "strip", "retype", "copy", "rename"]))
        if what == "delete":
            continue
        if what in ("strip", "rename"):
            cell["metadata"] = {} if what == "strip" else {"nbgrader": {"grade_id": "x", "solution": True}}
        elif what == "retype":
            cell["cell_type"] = data.draw(st.sampled_from(["code", "markdown", "raw"]))
        elif what == "copy":
            cells.insert(data.draw(st.integers(0, len(cells))), handout.clone(cell))
        cells.insert(data.draw(st.integers(0, len(cells))), cell)
    mine = [plain(text_of(cell["source"])) for cell in cells if plain(text_of(cell["source"])) in TEXTS]
    holds(handout.dump(content), release, mine)


TEXTS = {plain(text) for text in (*handout.ANSWERS.values(), handout.OWN)}


def _one_cell(source: str) -> bytes:
    mark = {"nbgrader": {"grade_id": "unit1-double", "solution": True}}
    return json.dumps({"cells": [{"cell_type": "code", "metadata": mark, "source": source}] * 2, "nbformat": 4}).encode()


HOSTILE = {
    "anchors": b'{"cell_type":' * 300_000,
    "anchors in a mark": b'{"cells":[{"cell_type":"code","metadata":{"nbgrader":{' + b'"cell_type":"x",' * 300_000,
    "brackets": b"[" * 4_000_000,
    "objects": b"{}" * 2_000_000,
    "backslashes": b'{"cell_type":"code","source":"' + b"\\" * 4_000_000,
    "merges": b"{" + b"<<<<<<< a\n=======\n>>>>>>> b\n" * 100_000,
    "comments": b"<!---->" * 500_000 + b"x",
    "parentheses": _one_cell("def double(x): return " + "(" * 40_000 + ")" * 40_000),
    "attributes": _one_cell("def double(x): return x" + ".b" * 45_000),
    "signs": _one_cell("def double(x): return " + "-" * 90_000 + "1"),
    "long code": _one_cell("x = 1\n" * 1_000_000),
    "cells": json.dumps({"cells": [{"cell_type": "code", "source": f"x = {i}"} for i in range(4999)]}).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(release, name):
    begin = time.process_time()
    try:
        as_handed_out(salvage(HOSTILE[name], release).notebook, release)
    except Unreadable as error:
        assert str(error)
    assert time.process_time() - begin < 20


def test_too_many_cells_are_refused(release):
    with pytest.raises(Unreadable, match="has 5001 cells, more than 5000"):
        salvage(json.dumps({"cells": [{}] * 5001}).encode(), release)
