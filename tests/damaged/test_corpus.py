"""Every kind of damage of the corpus through salvage: marks, words, and nothing lost."""

from __future__ import annotations

import handout
import nbformat
import pytest
from damages import CORPUS

from dlkit.grading.handed_in.reading import Unreadable
from dlkit.grading.handed_in.release import Release
from dlkit.grading.handed_in.salvage import salvage
from dlkit.grading.handed_in.submitted_cell import Cell


def as_handed_out(notebook, release: Release) -> None:
    """Every released graded cell is there once, as nbgrader wants it, and judged after its answer."""
    found = {}
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader")
        if mark:
            assert mark["grade_id"] not in found
            found[mark["grade_id"]] = cell
    assert found.keys() == release.by_grade_id.keys()
    for slot in release.slots:
        cell = found[slot.grade_id]
        assert dict(cell.metadata["nbgrader"]) == slot.nbgrader() and cell.cell_type == slot.cell_type
        if slot.fixed:
            assert cell.source == slot.source
    nbformat.validate(notebook)


def test_the_corpus_is_large_enough():
    assert len(CORPUS.damages) >= 40
    assert len({damage.name for damage in CORPUS.damages}) == len(CORPUS.damages)


def test_good_work_gives_no_notes(release):
    for content in (handout.released(release), handout.handed_in(release)):
        result = salvage(handout.dump(content), release)
        assert result.notes == []
        as_handed_out(result.notebook, release)
    assert handout.marks(result.notebook) == handout.FULL and handout.OWN in [cell.source for cell in result.notebook.cells]


@pytest.mark.parametrize("damage", CORPUS.damages, ids=lambda damage: damage.name)
def test_damage(damage, release):
    good = handout.handed_in(release)
    data = damage.data(good)
    if damage.unreadable:
        with pytest.raises(Unreadable, match=damage.unreadable.replace("(", r"\(")):
            salvage(data, release)
        return
    result = salvage(data, release)
    as_handed_out(result.notebook, release)
    said = "\n".join(result.notes)
    for words in damage.says:
        assert words in said, said
    assert bool(damage.says) == bool(said), said
    assert handout.marks(result.notebook) == damage.marks
    if damage.written is not None:
        assert handout.written(result.notebook) == damage.written
    again = salvage(nbformat.writes(result.notebook).encode(), release)
    assert again.notes == [] and again.notebook == result.notebook
    there = {line.strip() for cell in result.notebook.cells for line in cell.source.split("\n")}
    assert not wrote(damage, good, release) - there


def wrote(damage, good, release: Release) -> set[str]:
    """The lines that the student wrote and that are still in the damaged notebook."""
    if damage.lost or damage.written is None:
        return set()
    content = damage.inflict(handout.clone(good))
    cells = content["cells"] if isinstance(content, dict) and isinstance(content.get("cells"), list) else good["cells"]
    own = [Cell.of(cell) for cell in cells if isinstance(cell, dict)]
    lines = {line.strip() for cell in own for line in cell.source.split("\n")}
    return lines - {line.strip() for cell in release.cells for line in cell.source.split("\n")}
