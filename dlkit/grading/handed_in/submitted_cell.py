"""A submitted cell, reduced to what counts, and the way back into a notebook."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import nbformat
from nbformat import NotebookNode

from dlkit.grading.handed_in.release import KERNEL, Release, ReleasedCell, defined, plain, syntax_tree

KINDS = ("code", "markdown", "raw")
TEXTUAL = {"plaintext": "raw", "html": "markdown", "heading": "markdown", "text": "markdown"}
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
ENDS = set("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")  # of the lines that a source is stored in


@dataclass(eq=False)
class Cell:
    """A submitted cell, reduced to what counts. One that is `aside` comes from another version of the notebook."""

    kind: str
    source: str
    id: str = ""
    mark: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    attachments: Any = None
    aside: bool = False
    slot: ReleasedCell | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Cell:
        """A cell of JSON content, of any version of the format."""
        kind, source = raw.get("cell_type"), text_of(raw["source"] if "source" in raw else raw.get("input"))
        if kind == "heading" and isinstance(raw.get("level"), int):
            source = "#" * min(max(raw["level"], 1), 6) + " " + source
        if kind not in KINDS:
            near = difflib.get_close_matches(str(kind)[:20], KINDS, n=1)
            code = "outputs" in raw or "execution_count" in raw
            kind = TEXTUAL.get(str(kind)) or (near[0] if near else "code" if code else "markdown")
        metadata = raw.get("metadata")
        metadata = metadata if isinstance(metadata, Mapping) else {}
        mark, name = metadata.get("nbgrader"), raw.get("id")
        return cls(
            kind, source, name if isinstance(name, str) else "", dict(mark) if isinstance(mark, Mapping) else {},
            _useful(metadata), raw.get("attachments") if kind == "markdown" else None,
        )  # fmt: skip

    @property
    def grade_id(self) -> str:
        name = self.mark.get("grade_id")
        return name if isinstance(name, str) else ""

    @property
    def kept(self) -> bool:
        """Whether it is here for people only, since an earlier repair."""
        return self.kind == "raw" and "dlkit" in self.metadata

    def set_aside(self, grade_id: str) -> None:
        """Keep what it says, but do not run it."""
        self.kind, self.mark, self.attachments, self.aside = "raw", {}, None, False
        self.metadata = {"dlkit": {"kept": grade_id}}

    @property
    def names(self) -> frozenset[str]:
        """What it defines, if it is code (or is text that would be)."""
        if self.kind != "code" and not parses(self.source):
            return frozenset()
        return defined(self.source)


def text_of(source: Any) -> str:
    """The text of a source in any of its shapes, with plain line ends and nothing that no file can hold."""
    if isinstance(source, list):
        lines = [text_of(line) if isinstance(line, list) else line for line in source]
        lines = [line for line in lines if isinstance(line, str)]
        text = ("" if any(line[-1:] in ENDS for line in lines[:-1]) else "\n").join(lines)
    else:
        text = source if isinstance(source, str) else ""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _useful(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a cell's metadata that is kept: what means something here, and is valid."""
    kept: dict[str, Any] = {name: metadata[name] for name in ("deletable", "editable") if isinstance(metadata.get(name), bool)}
    tags = metadata.get("tags")
    if isinstance(tags, list):
        tags = [tag for tag in tags if isinstance(tag, str) and tag and "," not in tag and tag.isprintable()]
        kept["tags"] = list(dict.fromkeys(tags))
    ours = metadata.get("dlkit")
    if isinstance(ours, Mapping) and isinstance(ours.get("kept"), str):
        kept["dlkit"] = {"kept": text_of(ours["kept"])[:200]}
    return kept


def parses(text: str) -> bool:
    """Whether a text is Python."""
    return bool(text.strip()) and syntax_tree(text) is not None


def changed(cell: Cell, slot: ReleasedCell) -> bool:
    """Whether a cell says anything that the released one does not: comments do not count in code."""
    if plain(cell.source) == plain(slot.given):
        return False
    if slot.cell_type != "code":
        return bool(cell.source.strip())
    mine = _meaning(cell.source)
    return mine is None or mine != _meaning(slot.given)


@lru_cache(maxsize=1024)
def _meaning(code: str) -> str | None:
    """Code without its comments and its layout, if it is any."""
    tree = syntax_tree(code)
    try:
        return ast.dump(tree) if tree is not None else None
    except RecursionError:
        return None


def answers(cells: Iterable[Cell], release: Release | None) -> int:
    """How much of the notebook has been answered: the number of answers, or without a release of signs."""
    cells = list(cells)
    if release is None:
        return sum(len(cell.source) for cell in cells)
    answered = set()
    for cell in cells:
        slot = release.by_grade_id.get(cell.grade_id)
        if slot is not None:
            slots = [slot]
        else:
            names = cell.names
            slots = [slot for slot in release.slots if slot.names and slot.names <= names] if names else []
            slots = [] if plain(cell.source) in release.plain_texts else slots
        answered |= {slot.grade_id for slot in slots if slot.solution and changed(cell, slot)}
    return len(answered)


def to_notebook(cells: Iterable[Cell], kernelspec: Mapping[str, Any] = KERNEL) -> NotebookNode:
    """A valid notebook of the newest format with these cells; ids that are missing or taken are made."""
    cells = list(cells)
    used: set[str] = set()
    for first in (True, False):  # cells that are graded choose first
        for cell in cells:
            if (cell.slot is not None) == first:
                wanted = [cell.id, *([cell.slot.id] if cell.slot else [])]
                cell.id = next((name for name in wanted if CELL_ID.fullmatch(name) and name not in used), "")
                used.add(cell.id)
    number, made = 0, []
    for cell in cells:
        while not cell.id:
            name = f"cell-{number}"
            number += 1
            if name not in used:
                used.add(name)
                cell.id = name
        made.append(_node(cell))
    metadata = NotebookNode(kernelspec=nbformat.from_dict(dict(kernelspec)), language_info=NotebookNode(name="python"))
    notebook = NotebookNode(cells=made, metadata=metadata, nbformat=4, nbformat_minor=5)
    nbformat.validate(notebook)
    return notebook


def _node(cell: Cell) -> NotebookNode:
    metadata = nbformat.from_dict(cell.metadata)
    if cell.slot is not None:
        metadata["nbgrader"] = nbformat.from_dict(cell.slot.nbgrader())
    elif cell.mark:
        metadata["nbgrader"] = nbformat.from_dict(cell.mark)
    node = NotebookNode(cell_type=cell.kind, id=cell.id, metadata=metadata, source=cell.source)
    if cell.kind == "code":
        node.update(execution_count=None, outputs=[])
    elif cell.attachments:
        pictures = {
            text_of(name): {text_of(kind): text_of(text) for kind, text in bundle.items() if isinstance(text, (str, list))}
            for name, bundle in cell.attachments.items() if isinstance(bundle, Mapping)
        } if isinstance(cell.attachments, Mapping) else {}  # fmt: skip
        if pictures:
            node["attachments"] = nbformat.from_dict(pictures)
    return node
