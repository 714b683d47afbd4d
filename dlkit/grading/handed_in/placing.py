"""Puts cells in their places: those that were deleted, grade cells that stand before what they judge."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from dlkit.grading.handed_in.matching import Match
from dlkit.grading.handed_in.release import Release, ReleasedCell, plain, syntax_tree
from dlkit.grading.handed_in.submitted_cell import Cell

SHOWN = 4
PLURAL = {"was": "were", "is": "are", "stands": "stand", "stood": "stood"}


class Work:
    """A notebook that is being repaired.

    Attributes
    ----------
    cells : list of Cell
        The notebook, in order.
    chosen : dict
        For each graded cell, by its id, the submitted one that counts.
    parts : dict
        For each answer the cells that hold it, if it is not the chosen one alone.
    notes : list of str
        What was repaired.
    """

    def __init__(self, cells: list[Cell], release: Release, notes: list[str]) -> None:
        self.cells, self.release, self.notes = cells, release, notes
        self.chosen: dict[str, Cell] = {}
        self.parts: dict[str, list[Cell]] = {}
        self.match = Match(cells, release)

    def note(self, before: str, names: Iterable[str], after: str, of: str = "") -> None:
        """Say one thing about one or several cells."""
        names = list(dict.fromkeys(names))
        shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
        if len(names) > 1:
            verb, _, rest = after.partition(" ")
            after = f"{PLURAL.get(verb, verb)} {rest}"
            before, of = (before, f"{of}s") if of else (f"{before}s", of)
        self.notes.append(" ".join(part for part in (before, of, shown, after) if part))

    def index(self, cell: Cell) -> int:
        return next(at for at, other in enumerate(self.cells) if other is cell)

    def places_of(self, answers: Iterable[str]) -> list[int]:
        """Where the cells stand that hold these answers."""
        wanted = {id(cell) for name in answers for cell in self.parts.get(name, [])}
        return [at for at, cell in enumerate(self.cells) if id(cell) in wanted]

    def as_released(self, number: int) -> int:
        """The place after the nearest cell that was handed out before the released cell of this number."""
        known = self.match.places(self.cells, self.chosen)
        before = [known[i] for i in range(number - 1, -1, -1) if i in known]
        after = [known[i] for i in range(number + 1, len(self.release.cells)) if i in known]
        return before[0] + 1 if before else after[0] if after else len(self.cells)


def put_back(work: Work) -> None:
    """Bring back the graded cells that are missing: answers first, then the cells that judge them."""
    missing = [slot for slot in work.release.slots if slot.grade_id not in work.chosen]
    merged, deleted, stubs = [], [], []
    for slot in sorted(missing, key=lambda slot: slot.fixed):
        source = slot.source
        owners = work.parts.get(slot.grade_id) or _owners(work, slot)
        if owners:
            owner = owners[-1].slot.grade_id if owners[-1].slot else "another exercise"
            source = f"# The answer stands in the cell of {owner}."
            merged.append(slot.grade_id)
        else:
            (deleted if slot.fixed else stubs).append(slot.grade_id)
        cell = Cell(slot.cell_type, source, slot.id, slot.nbgrader(), dict(slot.metadata), slot=slot)
        work.cells.insert(_place(work, slot), cell)
        work.chosen[slot.grade_id] = cell
        work.parts[slot.grade_id] = [*owners, cell]
    if merged:
        work.note("the answer", merged, "was merged into another cell, where it counts", of="of cell")
    if stubs:
        work.note("answer cell", stubs, "was deleted; put back without an answer")
    if deleted:
        work.note("grade cell", deleted, "was deleted; put back")


def _owners(work: Work, slot: ReleasedCell) -> list[Cell]:
    """The cell of another answer that holds this one as well."""
    chosen = (cell for cell in work.chosen.values() if cell.slot and cell.slot.names) if slot.names else ()
    return [cell for cell in chosen if slot.names <= cell.names][-1:]


def _place(work: Work, slot: ReleasedCell) -> int:
    """Where a missing cell goes: after the answers that it judges, before the cell that judges it, or as released."""
    if slot.fixed:
        places = work.places_of(work.release.answer_of.get(slot.grade_id, ()))
        if places:
            return max(places) + 1
    else:
        judges = [name for name, judged in work.release.answer_of.items() if slot.grade_id in judged]
        places = [work.index(work.chosen[name]) for name in judges if name in work.chosen]
        if places:
            return min(places)
    return work.as_released(work.release.cells.index(slot))


def judge_after_answers(work: Work) -> None:
    """Move grade cells that stand before the answer that counts."""
    moved = []
    for name, judged in work.release.answer_of.items():
        places, cell = work.places_of(judged), work.chosen[name]
        if places and work.index(cell) < max(places):
            last = work.cells[max(places)]
            work.cells.remove(cell)
            work.cells.insert(work.index(last) + 1, cell)
            moved.append(name)
    if moved:
        work.note("grade cell", moved, "stood before the answer; moved behind it")


def restore_needed(work: Work) -> None:
    """Put back deleted cells that are not graded if others use names that nothing else defines: imports, mostly."""
    if not work.release.whole:
        return
    ids = {cell.id for cell in work.cells if cell.kind == "code"}
    texts = {plain(cell.source) for cell in work.cells if cell.kind == "code"}
    lost = [
        number for number, cell in enumerate(work.release.cells)
        if not cell.grade_id and cell.cell_type == "code" and cell.id not in ids and plain(cell.given) not in texts
    ]  # fmt: skip
    if not lost:
        return
    has: set[str] = set(dir(builtins))
    uses: set[str] = set()
    for cell in work.cells:
        if cell.kind == "code":
            _collect(cell.source, has, uses)
    restored = []
    for number in reversed(lost):
        given = work.release.cells[number]
        gives: set[str] = set()
        needs: set[str] = set()
        _collect(given.given, gives, needs)
        if not gives & (uses - has):
            continue
        has |= gives
        uses |= needs
        turned = next((cell for cell in work.cells if plain(cell.source) == plain(given.given)), None)
        if turned is not None:
            turned.kind, turned.attachments = "code", None
        else:
            back = Cell("code", given.given, given.id, metadata=dict(given.metadata))
            work.cells.insert(work.as_released(number), back)
        restored.append(given.given.strip().split("\n")[0][:60])
    for line in reversed(restored):
        work.notes.append(f"the cell that begins with {line!r} was deleted or turned into text; put back, others need it")


def _collect(source: str, binds: set[str], uses: set[str]) -> None:
    """Names that code binds and uses, at any depth."""
    tree = syntax_tree(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Name):
            (uses if isinstance(node.ctx, ast.Load) else binds).add(node.id)
        elif isinstance(node, ast.arg):
            binds.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            binds.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            binds.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
