"""Reads the cells of a notebook whose JSON is damaged: cut off, overwritten in places, followed by something else.

The text is taken apart where cells begin, so that damage to one cell does not reach the next one.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

TOKEN = re.compile(r'[\s\x00]*(?:([{}\[\]:,])|(")|([^\s{}\[\]:,"\x00]+))')
STOP = re.compile(r'["\n\\]')
ANCHOR = re.compile(r'(?<!\\)"cell_type"\s*:')
FIRST = "attachments|execution_count|id|metadata|outputs|source|input|collapsed|language|prompt_number"
START = re.compile(rf'\{{\s*"(?:{FIRST})"\s*:')
SOURCE = re.compile(r'(?<!\\)"(?:source|input)"\s*:')
GRADE_ID = re.compile(r'(?<!\\)"grade_id"\s*:\s*"([^"\\\n]{1,200})"')
ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|.)', re.DOTALL)
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "/": "/", '"': '"', "\\": "\\"}
MERGE = re.compile(r"(?m)^(?:<<<<<<< .*|\|\|\|\|\|\|\|(?: .*)?|=======|>>>>>>> .*)\r?$")
DEEPEST = 60
LOOK_BACK = 20
MOST_TOKENS = 1_000_000  # a notebook with its outputs has some ten thousand
MOST_MERGES = 5000


@dataclass
class Found:
    """What could be read: the cells, and whether the text ends in the middle of one (``cut``)."""

    cells: list[dict[str, Any]] = field(default_factory=list)
    cut: bool = False


def read_cells(text: str, most: int) -> Found:
    """The cells that can be found in `text`, in order, `most` of them at most."""
    found, budget = Found(), Budget(MOST_TOKENS)
    heads = list(islice(_heads(text, budget), most))
    for begin, end in zip([0, *heads], [*heads, len(text)], strict=True):
        found.cells += islice(_cells_between(text, begin, end, bool(heads) and begin >= heads[0], budget), most)
    tail = _Reader(text, heads[-1], len(text), budget) if heads else None
    if tail is not None:
        tail.value()
        rest = text[tail.at :].strip("\x00 \t\r\n")
        found.cut = tail.open > 0 or not (rest.endswith("}") and "]" in rest)
    return found


def _heads(text: str, budget: Budget) -> Iterator[int]:
    """Where cells begin. The same name stands in nbgrader's marks, which are values (``"nbgrader": {"cell_type": ...``)."""
    last = 0
    head, tries = -1, 0
    for anchor in ANCHOR.finditer(text):
        at = _before(text, anchor.start())
        if at < last or text[at] != "{":
            starts = [match.start() for match in START.finditer(text, last, anchor.start())][-LOOK_BACK:]
            at = next((start for start in starts if _open_at(text, start, anchor.start(), budget) == 1), -1)
            tries += 1
            if at < 0 and 0 <= head and tries < LOOK_BACK and _open_at(text, head, anchor.start(), budget) < 3:
                at = anchor.start()  # its opening bracket is lost
        if at >= last and (at == 0 or text[_before(text, at)] != ":"):
            yield at
            head, tries = at, 0
        last = anchor.end()


def _before(text: str, at: int) -> int:
    """The place of the sign before `at` that is not empty."""
    start = max(0, at - 500)
    return start + len(text[start:at].rstrip("\x00 \t\r\n")) - 1


def _open_at(text: str, begin: int, end: int, budget: Budget) -> int:
    """How many brackets of the value that begins at `begin` are open at `end`; 0 if it ends before."""
    reader = _Reader(text, begin, end, budget)
    reader.value()
    return reader.open if reader.at >= end else 0


def _cells_between(text: str, begin: int, end: int, starts: bool, budget: Budget) -> Iterator[dict[str, Any]]:
    at, first = begin, starts
    while at < end and budget.left > 0:
        reader = _Reader(text, at, end, budget)
        if first and text[at] != "{":
            value: Any = reader.members()
        else:
            value = reader.value()
        whole = text[at : end if first else reader.at]
        if isinstance(value, dict) and (first or "source" in value or "input" in value):
            yield _mended(value, whole, budget)
        first = False
        at = text.find("{", max(reader.at, at + 1), end)
        if at < 0:
            return


def _mended(cell: dict[str, Any], text: str, budget: Budget) -> dict[str, Any]:
    """A cell with its source and its mark, even if their names cannot be read or a quote before them is lost."""
    if "source" not in cell and "input" not in cell:
        near = difflib.get_close_matches("source", [name for name in cell if name not in ("outputs", "id")], n=1, cutoff=0.7)
        if near:
            cell["source"] = cell[near[0]]
        else:
            place = SOURCE.search(text)
            if place:
                cell["source"] = _Reader(text, place.end(), len(text), budget).value()
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("nbgrader"), dict):
        label = GRADE_ID.search(text)
        if label:
            cell["metadata"] = {**(metadata if isinstance(metadata, dict) else {}), "nbgrader": {"grade_id": label[1]}}
    return cell


@dataclass
class Budget:
    """How much work may still be put into a file."""

    left: int


class _Reader:
    """Reads one JSON value as far as it can be read. ``open`` counts the brackets still open where the text ended."""

    def __init__(self, text: str, at: int, end: int, budget: Budget) -> None:
        self.text, self.at, self.end, self.open, self.budget = text, at, end, 0, budget
        self._around: list[str] = []

    def _next(self) -> tuple[str, Any, int]:
        """Kind, value and place of the next token; the kind is empty at the end."""
        match = TOKEN.match(self.text, self.at, self.end)
        self.budget.left -= 1
        if match is None or self.budget.left < 0:
            self.at = self.end
            return "", None, self.end
        self.at = match.end()
        mark, quote, word = match.groups()
        if mark:
            return mark, None, match.start(1)
        if word is not None:
            return "word", word, match.start(3)
        return "text", self._text(), match.start(2)

    def _text(self) -> str:
        """The rest of a string whose quote has been read; it ends at the next one, or with its line."""
        begin = at = self.at
        stop = STOP.search(self.text, at, self.end)
        while stop is not None and stop[0] == "\\":
            self.budget.left -= 1
            at = stop.end() + (self.text[stop.end() : stop.end() + 1] != "\n")
            stop = STOP.search(self.text, at, self.end) if self.budget.left > 0 else None
        end = stop.start() if stop is not None else self.end
        body = self.text[begin:end]
        self.at = min(end + (stop is not None and stop[0] == '"'), self.end)
        if stop is not None and stop[0] == "\n":  # its quote is lost: what follows a line end was one
            body = re.sub(r"(\\n).?,?\s*$", r"\1", body)
        return unescaped(body.removesuffix("\\") if stop is None else body)

    def value(self) -> Any:
        kind, value, place = self._next()
        if kind == "{":
            return self._inside("}", self.members)
        if kind == "[":
            return self._inside("]", self._items)
        if kind == "word":
            try:
                return json.loads(value)
            except ValueError:
                return None
        if kind in ("}", "]", ",", ":") and kind:
            self.at = place
            return None
        return value

    def _inside(self, close: str, read: Any) -> Any:
        if len(self._around) >= DEEPEST:
            self._skip()
            return None
        self._around.append(close)
        value = read()
        self._around.pop()
        return value

    def _skip(self) -> None:
        """Pass over what is nested too deeply."""
        depth = 1
        while depth:
            kind, _, _ = self._next()
            if not kind:
                self.open += 1
                return
            depth += (kind in ("{", "[")) - (kind in ("}", "]"))

    def members(self) -> dict[str, Any]:
        """The members of an object whose opening bracket has been read."""
        found: dict[str, Any] = {}
        while True:
            kind, name, place = self._next()
            if not kind:
                self.open += 1
                return found
            if kind == "}":
                return found
            if kind == "]" and "]" in self._around:
                self.at = place
                return found
            if kind in ("{", "["):
                self.at = place
                self.value()
            if kind not in ("text", "word"):
                continue
            before = self.at
            kind, _, _ = self._next()
            if kind in ("}", "]", ","):
                self.at = before
                continue
            if kind != ":":
                self.at = before
            after = self.at
            kind, _, _ = self._next()
            self.at = after
            if kind:
                found[str(name)] = self.value()

    def _items(self) -> list[Any]:
        found: list[Any] = []
        last = self.at
        while True:
            kind, value, place = self._next()
            if not kind:
                self.open += 1
                return found
            if kind == "]":
                return found
            if kind == "}" and "}" in self._around:
                self.at = place
                return found
            if kind == ":" and found and isinstance(found[-1], str):  # the list was not closed: this is the next member
                found.pop()
                self.at = last
                return found
            if kind in (",", ":", "}"):
                continue
            last = place
            if kind == "text":
                found.append(value)
            else:
                self.at = place
                found.append(self.value())


def unescaped(body: str) -> str:
    """The text that a JSON string stands for, also if it was cut off or has escapes that JSON does not know.

    >>> unescaped("a\\\\nb\\\\u00")
    'a\\nb'
    """
    try:
        return json.loads(f'"{body}"', strict=False)
    except ValueError:
        body = re.sub(r"\\u[0-9a-fA-F]{0,3}$", "", body)
        text = ESCAPE.sub(lambda match: _sign(match[1]), body)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _sign(code: str) -> str:
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return SIMPLE.get(code, "\\" + code)


def unfinished_merge(text: str) -> bool:
    """Whether git's marks of a merge that it could not finish stand in a text."""
    if not 0 < text.count("<<<<<<<") < MOST_MERGES:
        return False
    marks = {mark[0][0] for mark in MERGE.finditer(text)}
    return {"<", "=", ">"} <= marks


def one_side(text: str, side: str) -> str:
    """The text as it is on one side of an unfinished merge, ``"ours"`` (the first) or ``"theirs"``.

    >>> one_side("a\\n<<<<<<< HEAD\\nb\\n=======\\nc\\n>>>>>>> x\\nd", "ours")
    'a\\nb\\nd'
    """
    kept, where = [], ""
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        if MERGE.fullmatch(bare):
            where = {"<": "ours", "|": "base", "=": "theirs", ">": ""}[bare[0]] if where or bare[0] == "<" else where
        elif not where or where == side:
            kept.append(line)
    return "\n".join(kept)
