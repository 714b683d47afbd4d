"""Finds out which submitted cell is which released one, also when nbgrader's marks on the cells are lost or wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from dlkit.grading.handed_in.release import ASSIGNMENT, DEFINITION, FLAGS, Release, ReleasedCell, plain
from dlkit.grading.handed_in.submitted_cell import Cell, changed, parses

TOKENS = re.compile(r"[\w.]+")


class Match:
    """The submitted cells laid beside the released ones.

    Attributes
    ----------
    candidates : dict
        For each graded cell, by its id, the submitted cells that may be it, in order.
    how : dict
        How the cells without a mark were found, by the id of the graded cell.
    swapped : list
        Ids of graded cells whose cell carried another one's mark.
    strange : list
        Marks that belong to no cell of this notebook.
    """

    def __init__(self, cells: list[Cell], release: Release) -> None:
        self.cells, self.release = cells, release
        self.candidates: dict[str, list[Cell]] = {slot.grade_id: [] for slot in release.slots}
        self.how: dict[str, str] = {}
        self.swapped: list[str] = []
        self.strange: list[str] = []
        self._claims()
        self._swaps()
        claimed = {id(cell) for found in self.candidates.values() for cell in found}
        if all(self._complete(slot) for slot in release.slots):
            return
        self._free = [cell for cell in cells if id(cell) not in claimed and not cell.kept and not self._is_released(cell)]
        self._by_id()
        self._by_text()
        self._by_names()
        self._by_place()

    def _claims(self) -> None:
        for cell in self.cells:
            if cell.kept or not cell.mark:
                continue
            if cell.grade_id in self.candidates:
                self.candidates[cell.grade_id].append(cell)
            elif cell.grade_id or any(cell.mark.get(name) for name in FLAGS):
                self.strange.append(cell.grade_id or "without a name")

    def _swaps(self) -> None:
        """Give cells that plainly are another one's to that one."""
        wrong = [
            (slot, cell) for slot in self.release.slots for cell in self.candidates[slot.grade_id] if not self._fits(cell, slot)
        ]  # fmt: skip
        for slot, cell in wrong:
            right = self._meant(cell, slot)
            if right is not None and not any(self._fits(other, right) for other in self.candidates[right.grade_id]):
                self.candidates[slot.grade_id].remove(cell)
                self.candidates[right.grade_id].append(cell)
                self.swapped.append(right.grade_id)

    @staticmethod
    def _fits(cell: Cell, slot: ReleasedCell) -> bool:
        if slot.fixed:
            return plain(cell.source) in (plain(slot.given), plain(slot.source))
        if slot.names:
            return any(name in cell.source for name in slot.names) and bool(slot.names & cell.names)
        return plain(cell.source) == plain(slot.given)

    def _meant(self, cell: Cell, claimed: ReleasedCell) -> ReleasedCell | None:
        text, names = plain(cell.source), cell.names
        for slot in self.release.slots:
            if slot is claimed:
                continue
            if slot.fixed and text and text in (plain(slot.given), plain(slot.source)):
                return slot
            if slot.names and slot.names <= names:
                return slot
        return None

    def _complete(self, slot: ReleasedCell) -> bool:
        found = self.candidates[slot.grade_id]
        if not found or slot.fixed or not slot.solution:
            return bool(found)
        return not slot.names & self._defined_freely or any(changed(cell, slot) for cell in found)

    @cached_property
    def _defined_freely(self) -> frozenset[str]:
        """Names that cells without a mark define, other than those that were handed out."""
        marked = {id(cell) for found in self.candidates.values() for cell in found}
        free = [cell for cell in self.cells if id(cell) not in marked and not cell.kept and not self._is_released(cell)]
        return frozenset(name for cell in free for name in DEFINITION.findall(cell.source) + ASSIGNMENT.findall(cell.source))

    def _is_released(self, cell: Cell) -> bool:
        """Whether a cell without a mark is one that was handed out, and is not graded."""
        return not cell.grade_id and (cell.id in self.release.plain_ids or plain(cell.source) in self.release.plain_texts)

    def _open(self) -> list[ReleasedCell]:
        return [slot for slot in self.release.slots if not self.candidates[slot.grade_id]]

    def _take(self, slot: ReleasedCell, cells: list[Cell], how: str) -> None:
        self.candidates[slot.grade_id] += cells
        self.how[slot.grade_id] = how
        self._free = [cell for cell in self._free if not any(cell is taken for taken in cells)]

    def _by_id(self) -> None:
        times = Counter(cell.id for cell in self._free)
        by_id = {cell.id: cell for cell in self._free if cell.id and times[cell.id] == 1}
        for slot in self._open():
            cell = by_id.get(slot.id)
            if cell is not None and (self._fits(cell, slot) or self._meant(cell, slot) is None):
                self._take(slot, [cell], "by its id")

    def _by_text(self) -> None:
        for slot in self._open():
            same = [cell for cell in self._free if slot.fixed and self._fits(cell, slot)]
            if same:
                self._take(slot, same, "by its text")

    def _by_names(self) -> None:
        """Cells that define what an answer has to define. One cell may hold several answers."""
        for slot in self.release.slots:
            if not slot.names or any(changed(cell, slot) for cell in self.candidates[slot.grade_id]):
                continue
            wholly = [cell for cell in self._free if slot.names <= cell.names]
            partly = [cell for cell in self._free if slot.names & cell.names]
            if self.candidates[slot.grade_id]:
                wholly, partly = [cell for cell in wholly if changed(cell, slot)], []
            if wholly or partly:
                self._take(slot, wholly or partly, "by what it defines")

    def _by_place(self) -> None:
        """Cells between the same neighbours as in the release: a written answer, or a changed grade cell."""
        if not self._open() or not self.release.whole:
            return
        places = {id(cell): at for at, cell in enumerate(self.cells)}
        known = self.places(self.cells, {name: found[-1] for name, found in self.candidates.items() if found})
        for slot in self._open():
            at = self.release.cells.index(slot)
            before = max((known[i] for i in range(at) if i in known), default=-1)
            after = min((known[i] for i in range(at + 1, len(self.release.cells)) if i in known), default=len(self.cells))
            between = [cell for cell in self._free if before < places[id(cell)] < after and not cell.aside]
            like = [cell for cell in between if cell.kind == slot.cell_type and cell.source.strip()]
            if slot.fixed:
                like = [cell for cell in like if self._resembles(cell, slot)]
            elif slot.names:
                like = [cell for cell in like if not parses(cell.source) and self._resembles(cell, slot)]
            if len(like) == 1:
                self._take(slot, like, "by its place")
                known[at] = places[id(like[0])]

    def _resembles(self, cell: Cell, slot: ReleasedCell) -> bool:
        """Whether a cell shares words with a released one that no other graded cell has."""
        others = {word for other in self.release.slots if other is not slot for word in TOKENS.findall(other.given)}
        telling = set(TOKENS.findall(slot.given)) - others
        return bool(telling & set(TOKENS.findall(cell.source)))

    def places(self, cells: list[Cell], chosen: Mapping[str, Cell]) -> dict[int, int]:
        """For each released cell that is among `cells`, by its number, the place of the submitted one."""
        numbers = {id(cell): at for at, cell in enumerate(cells)}
        by_id = {cell.id: at for at, cell in enumerate(cells) if cell.id and not cell.aside}
        by_text = {plain(cell.source): at for at, cell in enumerate(cells) if not cell.aside and not cell.kept}
        found: dict[int, int] = {}
        for number, cell in enumerate(self.release.cells):
            if cell.grade_id:
                at = numbers.get(id(chosen.get(cell.grade_id)))
            else:
                at = by_text.get(plain(cell.given), by_id.get(cell.id))
            if at is not None:
                found[number] = at
        return found
