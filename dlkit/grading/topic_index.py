"""The topic index: which notebook teaches each topic of the course, and what realises it there.

The lists of what has to be taught are `docs/topics.csv`, `docs/worked_examples.csv` and `docs/errata.csv`.
The notebooks say where they do it: an anchor ``<a id="U1-021"></a>`` stands before the heading (or the line)
of its topic, and the section of a topic reaches to the next anchor of the same kind (topics ``U``, worked
examples ``W``, errata ``E``). What realises a topic is read from its section: `dlkit` names in backticks,
`dlkit` names that the code uses, and the keys of exercises.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ANCHOR = re.compile(r'<a id="((?:U\d-\d{3})|(?:W\d+)|(?:E\d\.\d+))"></a>')
TICKED = re.compile(r"`(dlkit(?:\.\w+)+|unit\d\.\w+)(?:\([^`]*\))?`")
KEY = re.compile(r"unit\d\.\w+")
JUDGES = {"check", "grade", "hint"}
LISTS = {"U": "topics.csv", "W": "worked_examples.csv", "E": "errata.csv"}
KINDS = ("dlkit", "exercise", "plot")
PAGE = "topics.md"


@dataclass(frozen=True)
class Entry:
    """One line of the lists: a topic, a worked example or an erratum."""

    id: str
    unit: int
    name: str
    wanted: tuple[str, ...]  # the kinds of realisation that a topic should have, of KINDS
    expected: bool = True  # False for errata that leave nothing to show in a notebook


@dataclass
class Place:
    """Where an entry is taught and what realises it there."""

    notebook: Path
    heading: str
    names: set[str] = field(default_factory=set)

    def of_kind(self, kind: str) -> list[str]:
        """The realisations of one kind of KINDS."""
        return sorted(name for name in self.names if kind_of(name) == kind)


def kind_of(name: str) -> str:
    """``exercise`` for ``unit1.softmax``, ``plot`` for names of ``dlkit.plot``, ``dlkit`` for the rest."""
    if KEY.fullmatch(name):
        return "exercise"
    return "plot" if name.startswith("dlkit.plot.") else "dlkit"


def read_entries(root: Path) -> list[Entry]:
    """All topics, worked examples and errata, in the order of the lists."""
    entries = []
    for file in LISTS.values():
        with (root / "docs" / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                name = row["name"] if "name" in row else f"{row['printed']} → {row['right']}"
                wanted = tuple(kind for kind in KINDS if row.get(kind))
                expected = row.get("shown", "yes") == "yes"
                entries.append(Entry(row["id"], int(row["unit"]), name, wanted, expected))
    return entries


def written_units(root: Path) -> set[int]:
    """The units that have a folder with notebooks in ``solutions/``."""
    folders = {notebook.parent.name for notebook in notebooks(root)}
    return {int(match[1]) for folder in folders if (match := re.match(r"unit(\d+)_", folder))}


def notebooks(root: Path) -> list[Path]:
    """The solved notebooks in the order of the course."""
    return sorted((root / "solutions").glob("unit*/[!.]*.ipynb"))


def find_places(root: Path) -> dict[str, list[Place]]:
    """Every anchor of every notebook; an id that has two anchors has two places."""
    places: dict[str, list[Place]] = {}
    for notebook in notebooks(root):
        for anchor, place in _read(notebook, notebook.relative_to(root)):
            places.setdefault(anchor, []).append(place)
    return places


def _read(path: Path, shown: Path) -> list[tuple[str, Place]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    imports: dict[str, str] = {}
    found: list[tuple[str, Place]] = []
    current: dict[str, list[Place]] = {kind: [] for kind in LISTS}  # the places whose sections are open
    heading = shown.stem
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for anchors, title, text in _pieces(source, heading):
                heading = title
                for kind in {anchor[0] for anchor in anchors}:
                    current[kind] = []
                for anchor in anchors:
                    place = Place(shown, heading)
                    current[anchor[0]].append(place)
                    found.append((anchor, place))
                _add(current, set(TICKED.findall(text)))
        elif cell["cell_type"] == "code":
            _add(current, names_used(source, imports))
    return found


def _add(current: dict[str, list[Place]], names: set[str]) -> None:
    for places in current.values():
        for place in places:
            place.names |= names


def _pieces(source: str, heading: str) -> Iterator[tuple[list[str], str, str]]:
    """Cut a markdown cell at its anchors: (anchors together, their heading, text up to the next)."""
    marks = list(ANCHOR.finditer(source))
    before = source[: marks[0].start()] if marks else source
    heading = _headings(before)[-1] if _headings(before) else heading
    yield [], heading, before
    group: list[str] = []
    for number, mark in enumerate(marks):
        group.append(mark[1])
        text = source[mark.end() : marks[number + 1].start() if number + 1 < len(marks) else len(source)]
        if not text.strip() and number + 1 < len(marks):
            continue
        lines = text.strip().splitlines()
        own = _headings(lines[0]) if lines else []
        heading = own[0] if own else heading
        yield group, heading, text
        heading = _headings(text)[-1] if _headings(text) else heading
        group = []
    yield [], heading, ""


def _headings(text: str) -> list[str]:
    return [match[1].strip() for match in re.finditer(r"^#{1,6}\s+(.*?)\s*#*$", text, flags=re.MULTILINE)]


def names_used(source: str, imports: dict[str, str]) -> set[str]:
    """The `dlkit` names and exercise keys that a code cell uses; `imports` (name to full name) grows."""
    code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                imports[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                imports[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)) and id(node) not in inner:
            name = _full_name(node, imports)
            if re.match(r"dlkit\.(numpy|torch|plot|data)\.", name):
                used.add(name)
        elif isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in JUDGES:
            key = getattr(node.args[0], "value", None)
            if isinstance(key, str) and KEY.fullmatch(key):
                used.add(key)
    return used


def _full_name(node: ast.AST, imports: dict[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    base = imports.get(node.id, "") if isinstance(node, ast.Name) else ""
    return ".".join([base, *reversed(parts)]) if base else ""


def page(root: Path) -> str:
    """The text of the topic index, as `write_topic_index` writes it."""
    entries, places, written = read_entries(root), find_places(root), written_units(root)
    taught = sum(entry.id in places for entry in entries)
    lines = [
        "# Topic index",
        "",
        "Made by `dlkit build` from the notebooks and the lists beside this page; do not edit it by hand.",
        "For each topic: where it is taught, and the `dlkit` calls, exercises and figures that realise it.",
        "",
        f"{taught} of {len(entries)} entries are taught so far.",
    ]
    titles = {"U": "topics", "W": "worked examples", "E": "errata of the lecture notes"}
    for unit in sorted({entry.unit for entry in entries}):
        lines += ["", f"## Unit {unit}" + ("" if unit in written else " (not written yet)")]
        for kind, title in titles.items():
            rows = [entry for entry in entries if entry.unit == unit and entry.id[0] == kind]
            if rows:
                lines += ["", f"### Unit {unit}: {title}", ""]
                lines += ["| id | what | where | realised by |", "|---|---|---|---|"]
                lines += [_row(entry, places.get(entry.id, []), unit in written) for entry in rows]
    return "\n".join(lines) + "\n"


def _row(entry: Entry, places: list[Place], written: bool) -> str:
    def cell(text: str) -> str:
        return re.sub(r"([|*_<>\[\]])", r"\\\1", text)

    if not entry.expected and not places:
        return f"| {entry.id} | {cell(entry.name)} | nothing to show | |"
    if not places:
        return f"| {entry.id} | {cell(entry.name)} | {'**missing**' if written else 'not written yet'} | |"
    links = [f"[{place.notebook.stem}](../{place.notebook.as_posix()}#{entry.id})" for place in places]
    where = "<br>".join(f"{link}: {cell(place.heading)}" for link, place in zip(links, places, strict=True))
    names = [
        name for kind in KINDS for name in sorted({name for place in places for name in place.of_kind(kind)})
    ]
    return f"| {entry.id} | {cell(entry.name)} | {where} | {', '.join(f'`{name}`' for name in names)} |"


def write_topic_index(root: str | Path) -> Path:
    """Write `docs/topics.md` for the repository at `root` and return its path."""
    target = Path(root) / "docs" / PAGE
    target.write_text(page(Path(root)), encoding="utf-8", newline="\n")
    return target
