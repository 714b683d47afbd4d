"""Every topic, worked example and erratum of a written unit has exactly one place; the page is in step."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from dlkit import exercises
from dlkit.grading import topic_index

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = topic_index.read_entries(ROOT)
PLACES = topic_index.find_places(ROOT)
WRITTEN = topic_index.written_units(ROOT)


def test_the_lists_are_complete():
    ids = [entry.id for entry in ENTRIES]
    assert len(ids) == len(set(ids))
    counts = {kind: sum(entry.id.startswith(kind) for entry in ENTRIES) for kind in "UWE"}
    assert counts == {"U": 352, "W": 41, "E": 214}
    per_unit = [sum(entry.id.startswith(f"U{unit}-") for entry in ENTRIES) for unit in range(1, 6)]
    assert per_unit == [104, 92, 74, 35, 47]
    assert all(entry.name and 1 <= entry.unit <= 5 for entry in ENTRIES)


def test_every_entry_of_a_written_unit_has_a_place():
    expected = [entry.id for entry in ENTRIES if entry.unit in WRITTEN and entry.expected]
    missing = [name for name in expected if name not in PLACES]
    assert not missing, f"{len(missing)} without an anchor in solutions/: {', '.join(missing)}"


def test_every_anchor_is_known_and_stands_once():
    known = {entry.id for entry in ENTRIES}
    assert not sorted(set(PLACES) - known)
    assert not {anchor: places for anchor, places in PLACES.items() if len(places) > 1}


def test_topics_that_need_code_exercises_or_figures_have_some():
    bare = [
        f"{entry.id} ({', '.join(entry.wanted)})"
        for entry in ENTRIES
        if entry.wanted and entry.id[0] == "U" and entry.id in PLACES and not PLACES[entry.id][0].names
    ]
    assert not bare, f"nothing realises {'; '.join(bare)}"


def resolve(name: str) -> object:
    if topic_index.kind_of(name) == "exercise":
        return exercises.find(name)
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            thing = getattr(thing, part)
        return thing
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("notebook", topic_index.notebooks(ROOT), ids=lambda path: path.stem)
def test_names_in_the_index_exist(notebook: Path):
    shown = notebook.relative_to(ROOT)
    here = [place for places in PLACES.values() for place in places if place.notebook == shown]
    names = set().union(*(place.names for place in here))
    wrong = {}
    for name in sorted(names):
        try:
            resolve(name)
        except (KeyError, AttributeError, ModuleNotFoundError) as error:
            wrong[name] = str(error)
    assert not wrong


def test_the_page_is_in_step():
    page = (ROOT / "docs" / topic_index.PAGE).read_text(encoding="utf-8")
    assert page == topic_index.page(ROOT), "run `make build` (or `dlkit build`)"


# The mechanism itself, on a course of one notebook.


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "source": text.splitlines(keepends=True)}


def code(text: str) -> dict:
    return {"cell_type": "code", "source": text.splitlines(keepends=True)}


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    lists = {
        "topics.csv": "id,unit,name,dlkit,exercise,plot,reading,suggested\n"
        "U1-001,1,Lines | planes,yes,yes,,,\nU1-002,1,Words,,,,yes,\n"
        "U1-003,1,Gone,yes,,,,\nU2-001,2,Later,yes,,,,\n",
        "worked_examples.csv": "id,unit,name\nW1,1,Cereals\n",
        "errata.csv": "id,unit,shown,printed,right\nE2.1,1,yes,102,102.5\nE2.2,1,,unreadable,nothing\n",
    }
    for name, text in lists.items():
        (tmp_path / "docs" / name).write_text(text)
    cells = [
        markdown("# Neurons\nSome words with `dlkit.numpy.linear.dense_forward`."),
        code("%matplotlib inline\nfrom dlkit.numpy import linear\nfrom dlkit.checking import check"),
        markdown('<a id="U1-001"></a>\n## A line\nSee `dlkit.plot.lines.line` and `unit1.neuron`.'),
        markdown('<a id="W1"></a><a id="E2.1"></a>\n### Cereals'),
        code('linear.linear_unit(X, w, b)\ncheck("unit1.linear_unit", linear_unit)\nuse("unit1.softmax")'),
        markdown('## The rest\n- <a id="U1-002"></a>**Words** have no names.'),
        code("linear.augment_ones(X)"),
    ]
    folder = tmp_path / "solutions" / "unit1_small"
    folder.mkdir(parents=True)
    (folder / "1_neurons.ipynb").write_text(json.dumps({"cells": cells}))
    return tmp_path


def test_sections_reach_to_the_next_anchor_of_their_kind(small_course: Path):
    places = topic_index.find_places(small_course)
    line, example = places["U1-001"][0], places["W1"][0]
    assert line.heading == "A line"
    assert line.of_kind("dlkit") == ["dlkit.numpy.linear.linear_unit"]
    assert line.of_kind("plot") == ["dlkit.plot.lines.line"]
    assert line.of_kind("exercise") == ["unit1.linear_unit", "unit1.neuron"]
    assert example.heading == places["E2.1"][0].heading == "Cereals"
    assert "dlkit.numpy.linear.augment_ones" in example.names
    assert places["U1-002"][0].heading == "The rest"
    assert places["U1-002"][0].names == {"dlkit.numpy.linear.augment_ones"}


def test_the_page_marks_what_is_missing_and_what_is_not_written(small_course: Path):
    path = topic_index.write_topic_index(small_course)
    lines = {line.split(" | ")[0]: line for line in path.read_text().splitlines() if line.startswith("| ")}
    assert "[1_neurons](../solutions/unit1_small/1_neurons.ipynb#U1-001): A line" in lines["| U1-001"]
    assert r"Lines \| planes" in lines["| U1-001"] and "`unit1.linear_unit`" in lines["| U1-001"]
    assert "**missing**" in lines["| U1-003"]
    assert "not written yet" in lines["| U2-001"]
    assert "nothing to show" in lines["| E2.2"]
    assert "4 of 7 entries are taught so far" in path.read_text()
