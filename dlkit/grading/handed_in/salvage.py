"""Makes a notebook of whatever file a student handed in, as long as anything in it can be read.

``salvage(data, release)`` reads the bytes (:mod:`.lenient` if the JSON is damaged) and lays the cells beside the
released ones (:mod:`.align`). What was repaired is said in notes, in words for students and instructors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlkit.grading.handed_in.align import align
from dlkit.grading.handed_in.decoding import coding_note, decode, quoted_printable, unpacked
from dlkit.grading.handed_in.lenient import one_side, read_cells, unfinished_merge
from dlkit.grading.handed_in.reading import MOST_BYTES, Unreadable, file_bytes
from dlkit.grading.handed_in.release import Release, defined
from dlkit.grading.handed_in.submitted_cell import Cell, answers

MAGIC = {
    b"PK\x03\x04": "is a zip archive: unpack it and hand in the notebook that is in it",
    b"\x1f\x8b": "is a compressed file (gzip): unpack it and hand in the notebook that is in it",
    b"%PDF": "is a PDF document: hand in the notebook itself, the file ending in .ipynb",
    b"\x89PNG": "is a picture: hand in the notebook itself, the file ending in .ipynb",
    b"{\\rtf": "is a document of a word processor: hand in the notebook itself, the file ending in .ipynb",
    b"version https://git-lfs": "is only a pointer of Git LFS: the notebook itself was not handed in",
}
MOST_CELLS = 5000
PAGE = re.compile(r"\s*<(?:!doctype|!--|html|head|body|\?xml)", re.IGNORECASE)
BREAK = re.compile(r"(?m)^[ \t]*#[ \t]*(?:%%(?P<head>.*)|In[ \t]?\[[ \d*]*\]:?[ \t]*)$")
MARKDOWN = re.compile(r"\[(?:markdown|md|raw)\]")


@dataclass
class Salvaged:
    """A notebook that can be graded, and what was repaired to make it so."""

    notebook: Any
    notes: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """What a file holds: `cells`, and `others` from a second version of the notebook in the same file."""

    cells: list[Cell]
    others: list[Cell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kernel: Any = None


def salvaged(path: Path, release: Release) -> Salvaged:
    """Read a submitted file; :class:`.reading.Unreadable` with the reason if nothing in it can be read."""
    return salvage(file_bytes(path), release)


def salvage(data: bytes, release: Release) -> Salvaged:
    """A notebook made of the bytes of a file and of the release.

    It has every released graded cell with the instructor's source, flags, points and checksum, and all that the student
    wrote. An untouched or honestly solved notebook gives no notes, and a salvaged one stays as it is.

    Raises
    ------
    Unreadable
        If nothing in the file can be read; the message says why.
    """
    reading = read(data, release)
    notebook, notes = align(reading.cells, release, reading.others)
    return Salvaged(notebook, reading.notes + _kernel_notes(reading.kernel) + notes)


def read(data: bytes, release: Release | None = None) -> Reading:
    """The cells in the bytes of a file, before they are compared with any release."""
    if len(data) > MOST_BYTES:
        size, most = len(data) / 2**20, MOST_BYTES / 2**20
        raise Unreadable(f"is {size:.0f} MB large, more than {most:.0f}: clear the outputs of its cells and hand it in again")
    try:
        content = json.loads(data)
        if b"=3D" in data and quoted_printable(data.decode("utf-8", "replace")):
            raise ValueError("packed by a mail program")
        return _from_content(content, coding_note(data))
    except (ValueError, RecursionError) as error:
        return _damaged(data, release, error)


def _damaged(data: bytes, release: Release | None, error: Exception) -> Reading:
    if not data.strip():
        raise Unreadable("is empty")
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("holds nothing but zero bytes: it was not written to the end (was the disk full?)")
    for magic, says in MAGIC.items():
        if data.startswith(magic) and b'"cell_type"' not in data:
            raise Unreadable(says)
    text, notes = decode(data)
    if PAGE.match(text):
        raise Unreadable("is a web page (HTML): hand in the notebook itself, the file ending in .ipynb")
    for attempt in (_conflict, _packed, _parsed, _pieces, _script):
        reading = attempt(text, release)
        if reading is not None:
            reading.notes[:0] = notes
            return reading
    if notes and "UTF-8" in notes[0]:
        raise Unreadable("is not text in UTF-8, and no cell in it can be read")
    if isinstance(error, RecursionError) or text.count("[") + text.count("{") > 5000:
        raise Unreadable("is nested too deeply, and no cell in it can be read")
    try:
        json.loads(text, strict=False)
    except json.JSONDecodeError as why:
        raise Unreadable(f"is not JSON (line {why.lineno}, column {why.colno}: {why.msg})") from None
    raise Unreadable("is JSON, but not a notebook")


def _from_content(content: Any, notes: Iterable[str] = ()) -> Reading:
    """The cells of JSON content, whatever the version of the format."""
    if _are_cells(content):
        content = {"cells": content}
    if isinstance(content, Mapping) and isinstance(content.get("content"), Mapping) and "cells" not in content:
        content = content["content"]
    if not isinstance(content, Mapping):
        raise Unreadable("is JSON, but not a notebook")
    cells = content.get("cells")
    if cells is None and isinstance(content.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, Mapping)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if isinstance(cells, Mapping):
        cells = list(cells.values())
    if cells is None:
        cells = next((value for value in content.values() if _are_cells(value)), None)
    if not isinstance(cells, list):
        notebook = "nbformat" in content or "metadata" in content
        raise Unreadable("has no cells" if notebook else "is JSON, but not a notebook")
    metadata = content.get("metadata")
    kernel = metadata.get("kernelspec", {}) if isinstance(metadata, Mapping) else {}
    language = metadata.get("language_info") if isinstance(metadata, Mapping) else None
    if "worksheets" in content or (not kernel and isinstance(language, Mapping) and language.get("name") == "python"):
        kernel = None  # older and other programs say it in another way
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"has {len(cells)} cells, more than {MOST_CELLS}: hand in the notebook that was given to you")
    return Reading([Cell.of(cell) for cell in cells if isinstance(cell, Mapping)], notes=list(notes), kernel=kernel)


def _are_cells(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(cell, Mapping) and "cell_type" in cell for cell in value)


def _kernel_notes(kernel: Any) -> list[str]:
    if not isinstance(kernel, Mapping):
        return [] if kernel is None else ["what the notebook says about its kernel cannot be read; the course's kernel is used"]
    if not kernel.get("name"):
        return ["the notebook did not name its kernel; the course's kernel is used"]
    language = str(kernel.get("language") or "python").lower()
    if language != "python":
        return [f"the notebook asked for a kernel of {language[:20]}; the course's kernel is used"]
    return []


def _parsed(text: str, release: Release | None) -> Reading | None:
    """The first JSON value in the text, and the cells in what follows it."""
    start = len(text) - len(text.lstrip("\ufeff\0 \t\r\n"))
    try:
        content, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    rest = text[end:].strip("\0 \t\r\n")
    if not isinstance(content, (Mapping, list)) or (isinstance(content, list) and rest):
        return None
    try:
        reading = _from_content(content)
    except Unreadable:
        if rest:  # the beginning of the file is lost
            return None
        raise
    if rest:
        reading.others = [Cell.of(cell) for cell in read_cells(rest, MOST_CELLS).cells]
        if reading.others:
            reading.notes.append("the file holds the notebook twice, one version after the other")
            reading.cells, reading.others = _first_counts(reading.others, reading.cells, release, tie=True)
        else:
            reading.notes.append("something stood after the end of the notebook; it was left out")
    return reading


def _pieces(text: str, release: Release | None) -> Reading | None:
    """Cells found in damaged JSON."""
    found = read_cells(text, MOST_CELLS)
    if not found.cells:
        return None
    cells = [Cell.of(cell) for cell in found.cells]
    if found.cut:
        while cells and not cells[-1].source.strip() and not cells[-1].kept:
            cells.pop()
        if not cells:
            return None
        last = f" ({cells[-1].grade_id})" if release is not None and cells[-1].grade_id in release.by_grade_id else ""
        note = f"the file is cut off after {len(cells)} cells{last}; what is there was read"
    else:
        note = f"the file is damaged (not valid JSON); {len(cells)} cells were found in it"
    return Reading(cells, notes=[note])


def _first_counts(
    first: list[Cell], second: list[Cell], release: Release | None, tie: bool
) -> tuple[list[Cell], list[Cell]]:
    """The version with more answers, then the other one; `first` wins a tie if `tie`."""
    a, b = answers(first, release), answers(second, release)
    return (first, second) if a > b or (a == b and tie) else (second, first)


def _conflict(text: str, release: Release | None) -> Reading | None:
    """Both sides of a merge that git could not finish."""
    if not unfinished_merge(text):
        return None
    sides = []
    for side in ("ours", "theirs"):
        data = one_side(text, side).encode("utf-8", "surrogatepass")
        try:
            sides.append(read(data, release))
        except Unreadable:
            sides.append(None)
    ours, theirs = sides
    if ours is None or theirs is None:
        reading = ours or theirs
        if reading is not None:
            reading.notes.insert(0, "git's merge marks were in the file; only one side of the merge can be read")
        return reading
    chosen, other = _first_counts(ours.cells, theirs.cells, release, tie=True)
    which = "first" if chosen is ours.cells else "second"
    says = f"git's merge marks were in the file; the {which} side of the merge counts, what only the other has is kept"
    notes = [says, *dict.fromkeys([*ours.notes, *theirs.notes])]
    return Reading(chosen, other, notes, ours.kernel or theirs.kernel)


def _packed(text: str, release: Release | None) -> Reading | None:
    """A notebook that another program has changed sign by sign."""
    for who, data in unpacked(text):
        try:
            reading = _from_content(json.loads(data, strict=False))
        except (ValueError, RecursionError, Unreadable):
            continue
        reading.notes.insert(0, f"{who} had changed the signs of the file; they were changed back")
        return reading
    return None


def _script(text: str, release: Release | None) -> Reading | None:
    """A Python script, if it has marks of cells or defines what the notebook asks for."""
    if release is None or text.lstrip().startswith(("{", "[")):
        return None
    asked = frozenset().union(*(slot.names for slot in release.slots))
    if not asked & defined(text):
        return None
    cells, breaks = [], list(BREAK.finditer(text))
    for number, begin in enumerate([0, *(match.end() for match in breaks)]):
        source = text[begin : breaks[number].start() if number < len(breaks) else len(text)].strip("\r\n")
        prose = number and MARKDOWN.search(breaks[number - 1]["head"] or "")
        if prose:
            source = re.sub(r"(?m)^#[ ]?", "", source)
        if source.strip():
            cells.append(Cell("markdown" if prose else "code", source.replace("\r\n", "\n").rstrip()))
    return Reading(cells, notes=[f"the file is a Python script, not a notebook; {len(cells)} cells were made of it"])
