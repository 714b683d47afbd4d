"""Lays a submitted notebook beside the released one, so that it can be graded: nothing that was handed out is missing or
changed, and nothing that the student wrote is lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from nbformat import NotebookNode

from dlkit.grading.handed_in import placing
from dlkit.grading.handed_in.lenient import one_side, unfinished_merge
from dlkit.grading.handed_in.placing import Work
from dlkit.grading.handed_in.reading import readable
from dlkit.grading.handed_in.release import FLAGS, Release, ReleasedCell, plain
from dlkit.grading.handed_in.submitted_cell import Cell, changed, parses, to_notebook


def align(cells: list[Cell], release: Release, others: Iterable[Cell] = ()) -> tuple[NotebookNode, list[str]]:
    """The notebook to grade, and what was repaired.

    Parameters
    ----------
    cells : list of Cell
        What was handed in.
    release : Release
        What was handed out.
    others : cells, optional
        A second version of the notebook; what only it has is kept in cells that do not run, unless an answer is missing
        without it.
    """
    notes: list[str] = []
    work = Work(_with_others(_settled(cells, release, notes), list(others), release), release, notes)
    _say_found(work)
    for slot in release.slots:
        _choose(work, slot)
    for slot in release.slots:
        _join(work, slot)
    for cell in work.cells:
        if cell.slot is None:
            if cell.aside:
                name = cell.grade_id if cell.grade_id in release.by_grade_id else ""
                cell.set_aside(name)
                what = f"cell {name}" if name else "a cell"
                work.notes.append(f"another version of {what} is kept in a cell that does not run")
            cell.mark = {}
    placing.put_back(work)
    for slot in release.slots:
        _set(work, work.chosen[slot.grade_id], slot)
    placing.judge_after_answers(work)
    placing.restore_needed(work)
    return to_notebook(work.cells, release.kernelspec), work.notes


def _settled(cells: list[Cell], release: Release, notes: list[str]) -> list[Cell]:
    """The cells without git's merge marks inside: one side of the merge, and the cell as it was in one that does not run."""
    settled = []
    for cell in cells:
        if cell.kept or not unfinished_merge(cell.source):
            settled.append(cell)
            continue
        slot = release.by_grade_id.get(cell.grade_id)
        sides = [one_side(cell.source, side) for side in ("ours", "theirs")]
        runs = [cell.kind != "code" or parses(side) for side in sides]
        says = [slot is None or changed(Cell(cell.kind, side), slot) for side in sides]
        second = (runs[1] and says[1]) and not (runs[0] and says[0])
        kept = Cell("raw", cell.source)
        kept.set_aside(slot.grade_id if slot else "")
        cell.source = sides[second]
        settled += [cell, kept]
        which = f"the answer of cell {slot.grade_id}" if slot else "a cell"
        notes.append(f"git's merge marks were in {which}; the {'second' if second else 'first'} side counts, both are kept")
    return settled


def _with_others(cells: list[Cell], others: list[Cell], release: Release) -> list[Cell]:
    """The cells with those of another version between them that say something else."""
    if not others:
        return cells
    there = {plain(cell.source) for cell in cells} | {""}
    there |= {plain(text) for cell in release.cells for text in (cell.given, cell.source)}
    by_id = {cell.id: at for at, cell in enumerate(cells) if cell.id}
    by_text = {plain(cell.source): at for at, cell in enumerate(cells)}
    after: dict[int, list[Cell]] = {}
    at = -1
    for cell in others:
        text = plain(cell.source)
        at = by_text.get(text, by_id.get(cell.id, at))
        if text not in there:
            there.add(text)
            cell.aside = True
            after.setdefault(at, []).append(cell)
    mixed = after.get(-1, [])
    for at, cell in enumerate(cells):
        mixed += [cell, *after.get(at, [])]
    return mixed


def _say_found(work: Work) -> None:
    """Notes about cells whose mark was lost or wrong."""
    match = work.match
    for how in dict.fromkeys(match.how.values()):
        names = [name for name, found in match.how.items() if found == how]
        again = [name for name in names if match.candidates[name][0].grade_id == name]
        if again:
            work.note("the answer", again, "was found in another cell, which counts", of="of cell")
        names = [name for name in names if name not in again]
        if names:
            work.note("nbgrader's mark was missing on cell", names, f"(found {how})")
    if match.swapped:
        work.note("the mark of another cell stood on cell", match.swapped, "(told by what is in it)")
    if match.strange:
        work.note("cell", [readable(name[:80]) for name in match.strange], "is not of this notebook: not graded")


def _choose(work: Work, slot: ReleasedCell) -> None:
    """Of the cells that may be this one, the one that counts."""
    found = [cell for cell in work.match.candidates[slot.grade_id] if cell.slot is None]
    if not found:
        taken = work.match.candidates[slot.grade_id]
        if taken:
            work.parts[slot.grade_id] = taken[-1:]
        return
    if len(found) == 1 and found[0].grade_id == slot.grade_id:
        found[0].slot, found[0].aside = slot, False
        work.chosen[slot.grade_id], work.parts[slot.grade_id] = found[0], found
        return
    own = [cell for cell in found if not cell.aside]
    best, parts = _best(own, slot)
    if best is None or (slot.solution and not changed(best, slot)):
        other, more = _best([cell for cell in found if cell.aside], slot)
        if other is not None and (best is None or changed(other, slot)):
            best, parts = other, more
    assert best is not None
    best.slot, best.aside = slot, False
    work.chosen[slot.grade_id], work.parts[slot.grade_id] = best, parts or [best]
    rest = [cell for cell in own if cell is not best]
    if rest and len(parts) > 1:
        work.note("the answer of cell", [slot.grade_id], "is spread over several cells; all of them count")
    elif rest and work.match.how.get(slot.grade_id) != "by what it defines":
        which = "the last one" if slot.fixed else "the last one that was changed"
        work.note("cell", [slot.grade_id], f"stands there more than once; {which} counts")
    for cell in rest:
        cell.mark = {}
        if slot.solution and slot.cell_type == "code" and not changed(cell, slot):
            cell.set_aside(slot.grade_id)


def _best(found: list[Cell], slot: ReleasedCell) -> tuple[Cell | None, list[Cell]]:
    """The cell that counts, and the parts of its answer if it has several."""
    if not found:
        return None, []
    answered = [cell for cell in found if changed(cell, slot)] if slot.solution else found
    wholly = [cell for cell in answered if not slot.names or slot.names <= cell.names]
    if wholly:
        return wholly[-1], []
    partly = [cell for cell in answered if slot.names & cell.names]
    return (partly[0], partly) if partly else ((answered or found)[-1], [])


def _join(work: Work, slot: ReleasedCell) -> None:
    """Put together an answer that was split in the middle of a statement."""
    cell = work.chosen.get(slot.grade_id)
    if cell is None or not slot.names:
        return
    at = work.index(cell)
    for more in work.cells[at + 1 : at + 4]:
        if more.slot is not None or more.kind != "code" or more.aside or not more.source.strip():
            return
        if more.source[:1] not in (" ", "\t") and parses(cell.source):
            return
        both = f"{cell.source}\n{more.source}"
        if (parses(more.source) and parses(cell.source)) or not parses(both):
            return
        cell.source = both
        work.cells.remove(more)
        work.parts[slot.grade_id] = [part for part in work.parts[slot.grade_id] if part is not more]
        work.note("cell", [slot.grade_id], "was split in two; it is one cell again")


def _set(work: Work, cell: Cell, slot: ReleasedCell) -> None:
    """Make a cell what it was when it was handed out, but for the answer in it."""
    if cell.kind != slot.cell_type:
        work.notes.append(f"cell {slot.grade_id} was changed to {cell.kind}; set back to {slot.cell_type}")
        cell.kind, cell.attachments = slot.cell_type, None
    if cell.mark.get("grade_id") == slot.grade_id:
        wrong = [name for name in FLAGS if bool(cell.mark.get(name, False)) != getattr(slot, name)]
        if wrong or (slot.grade and not _same_points(cell.mark.get("points"), slot.points)):
            work.notes.append(f"the {'flags' if wrong else 'points'} of cell {slot.grade_id} were changed; set back")
    cell.mark = slot.nbgrader()
    cell.metadata = {**cell.metadata, **slot.metadata}
    if not slot.fixed:
        return
    text = plain(cell.source)
    if text not in (plain(slot.given), plain(slot.source)):
        work.notes.append(f"the locked cell {slot.grade_id} was changed; the instructor's version is back")
        _keep(work, cell, slot)
    cell.source = slot.source


def _keep(work: Work, cell: Cell, slot: ReleasedCell) -> None:
    """Keep what a student wrote into a locked cell: as an answer that is missing, else in a cell that does not run."""
    names = cell.names
    for name in work.release.answer_of.get(slot.grade_id, ()):
        asked, answer = work.release.by_grade_id[name], work.chosen[name]
        if asked.names and asked.names <= names and not changed(answer, asked):
            answer.source = cell.source
            work.note("the answer of cell", [name], f"stood in the locked cell {slot.grade_id}; it was moved")
            return
    if set(plain(cell.source).split("\n")) - set(slot.source.split("\n")):
        kept = Cell("raw", cell.source)
        kept.set_aside(slot.grade_id)
        work.cells.insert(work.index(cell) + 1, kept)


def _same_points(there: object, right: float | None) -> bool:
    return isinstance(there, (int, float)) and not isinstance(there, bool) and float(there) == float(right or 0)
