"""What comes out of grading: plain data that travels between processes and into ``reports/``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from dlkit.grading.handed_in.reading import readable

RUN_FILE = "run.jsonl"  # in reports/<unit>/
GRADED, LATE, REPAIRED, UNGRADED = "graded", "late", "graded, with remarks", "ungraded"


@dataclass
class GradedNotebook:
    """One notebook of one student after grading.

    ``marks`` maps grade cells to their marks, ``None`` where a person has to grade; it is empty for a notebook that is
    missing. ``problem`` says why a notebook could not be graded. ``level`` is the level of the sandbox that was proved where it
    ran, ``flags`` are things for a person to look at (they never change a mark).
    """

    student: str
    notebook: str
    marks: dict[str, float | None] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str | None = None
    content: str | None = None
    seconds: float = 0.0
    level: int = 0
    flags: list[str] = field(default_factory=list)

    @property
    def missing(self) -> bool:
        return self.content is None and self.problem is None


@dataclass
class Row:
    """One submission in the summary: what became of it, and why."""

    student: str
    status: str = GRADED
    score: float = 0.0
    max_score: float = 0.0
    seconds_late: float = 0.0
    by_hand: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    attempt: int = 1
    run: int = 0  # notebooks that were run for it; the others are as they were
    level: int | None = None  # the lowest of its notebooks

    @property
    def reason(self) -> str:
        """All that there is to say about this submission, in one line."""
        return "; ".join(self.problems + self.notes)


@dataclass
class UnitResult:
    """A graded unit."""

    unit: str
    rows: list[Row]
    seconds: float
    jobs: int
    notes: list[str] = field(default_factory=list)

    @property
    def ungraded(self) -> list[Row]:
        return [row for row in self.rows if row.problems]

    @property
    def exit_code(self) -> int:
        """0 if everything that was handed in has been graded, else 1."""
        return 1 if self.ungraded else 0

    def only(self, students: Iterable[str] | None) -> UnitResult:
        """The same with the rows of these students only."""
        if students is None:
            return self
        chosen = set(students)
        return replace(self, rows=[row for row in self.rows if row.student in chosen])

    @classmethod
    def load(cls, path: Path) -> UnitResult:
        """What :class:`RowFile` wrote."""
        rows: dict[str, Row] = {}
        about: dict[str, Any] = {}
        with path.open(encoding="utf-8") as file:
            for line in file:
                data = json.loads(line)
                if "student" in data:
                    rows[data["student"]] = Row(**data)
                else:
                    about = data
        return cls(rows=[rows[student] for student in sorted(rows)], **about)


class RowFile:
    """Writes the rows of a run to a file as they come, and puts it in its place when all are there.

    Parameters
    ----------
    path : Path
        The file; rows of other students that it has already are kept if `keep` is true.
    """

    def __init__(self, path: Path, keep: bool) -> None:
        self.path, self._keep = path, keep
        self._partial = path.with_name(path.name + ".part")
        self.students: set[str] = set()

    def __enter__(self) -> RowFile:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._partial.open("w", encoding="utf-8")
        return self

    def write(self, row: Row) -> None:
        self.students.add(row.student)
        self._line(asdict(row))

    def close(self, **about: Any) -> None:
        """Everything has come: `about` is what :class:`UnitResult` holds besides rows."""
        if self._keep and self.path.is_file():
            with self.path.open(encoding="utf-8") as before:
                for line in before:
                    data = json.loads(line)
                    if data.get("student", "") not in self.students and "student" in data:
                        self._file.write(line)
        self._line(about)
        self._file.close()
        os.replace(self._partial, self.path)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._file.closed:
            self._file.close()
            self._partial.unlink(missing_ok=True)

    def _line(self, data: dict[str, Any]) -> None:
        self._file.write(json.dumps(data, ensure_ascii=False) + "\n")


def duration(seconds: float) -> str:
    """A length of time for people.

    >>> duration(200_000), duration(3_700), duration(59)
    ('2 d 7 h', '1 h 1 min', '59 s')
    """
    seconds = int(round(seconds))
    for size, name, part, small in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            rest = seconds % size // part
            return f"{seconds // size} {name}" + (f" {rest} {small}" if rest else "")
    return f"{seconds} s"


def summary_table(result: UnitResult, names: dict[str, str] | None = None, width: int = 100) -> str:
    """The rows of a graded unit as aligned text."""
    names = names or {}
    lines = []
    for row in result.rows:
        status = UNGRADED if row.problems else row.status
        late = f"late {duration(row.seconds_late)}" if row.seconds_late else ""
        hand = f"{row.by_hand} to grade by hand" if row.by_hand else ""
        remark = "; ".join(part for part in (late, row.reason) if part)
        name = readable(names.get(row.student, row.student))
        lines.append((name, f"{row.score:.2f}", f"{row.max_score:g}", status, hand, readable(remark)))
    head = ("student", "points", "of", "status", "open", "remarks")
    sizes = [max(len(line[i]) for line in [head, *lines]) for i in range(5)]
    text = []
    for line in [head, *lines]:
        cells = [line[0].ljust(sizes[0]), line[1].rjust(sizes[1]), line[2].rjust(sizes[2]), line[3].ljust(sizes[3])]
        cells += [line[4].ljust(sizes[4])] if sizes[4] > len(head[4]) else []
        room = max(24, width - sum(map(len, cells)) - 2 * len(cells))
        remark = line[5] if len(line[5]) <= room else line[5][: room - 3].rstrip() + "..."
        text.append("  ".join([*cells, remark]).rstrip())
    text.insert(1, "-" * min(width, max(map(len, text))))
    if result.rows:
        mean = sum(row.score for row in result.rows) / len(result.rows)
        same = sum(not row.run and not row.problems for row in result.rows)
        unchanged = f"{same} as they were, " if same else ""
        text.append(text[1])
        text.append(
            f"{len(result.rows)} submissions, {unchanged}mean {mean:.2f} of {max(row.max_score for row in result.rows):g} "
            f"points, {len(result.ungraded)} with something ungraded, {duration(result.seconds)} with {result.jobs} at once"
        )
    return "\n".join([*text, *result.notes])
