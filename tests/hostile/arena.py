"""Where attacks are fought: a small course with canaries, listeners for what gets out, and the engine between them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import secrets
import shutil
import site
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from attacks import NOTEBOOK, UNIT, Attack
from attacks.model import ROOT, cell_of

from dlkit.grading import course as courses
from dlkit.grading.build import build_course
from dlkit.grading.engine import grade_unit
from dlkit.grading.records.gradebook import read_marks

VICTIM = "victim"
CELL_SECONDS = {"exhausting": 3, "wire": 3, "lying": 3, "canaries": 30}  # much is lost in some by waiting
MOST_MEMORY = 4.5  # GiB, of any process of the run, trusted or not


@dataclass(frozen=True)
class Canaries:
    """Secrets made up for these tests; none of them may be found where a student, or a reader, can look."""

    key: str
    solution: str
    victim: str
    gradebook: str

    @classmethod
    def new(cls) -> Canaries:
        return cls(*(secrets.token_hex(32) for _ in range(4)))

    def found_in(self, text: str) -> list[str]:
        """Names of the canaries in a text, each also told by its first or last half."""
        half = len(self.key) // 2
        return [name for name, value in asdict(self).items() if value[:half] in text or value[half:] in text]


@dataclass(frozen=True)
class Course:
    """The course of the attackers: a home with one notebook, and the folder around it."""

    folder: Path
    home: Path
    released: Path
    canaries: Canaries


@dataclass
class Outcome:
    """What became of one submission."""

    marks: dict[str, float]
    remarks: str
    outputs: str
    everything: str


@dataclass
class Battle:
    """What became of one group: the outcomes, and whatever happened that must not happen."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    harm: list[str] = field(default_factory=list)
    root: Path = Path()
    course: Any = None
    seconds: float = 0.0


def make_course(folder: Path) -> Course:
    """A home with one solved notebook, built, with a canary in its answers and another one as the course key."""
    home, canaries = folder / "home", Canaries.new()
    target = home / "solutions" / UNIT
    target.mkdir(parents=True)
    notebook = json.loads((ROOT / "solutions" / UNIT / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))
    answer = cell_of(notebook, "unit1-linear_unit")
    answer["source"] = "".join(answer["source"]).replace(
        "### BEGIN SOLUTION", f"### BEGIN SOLUTION\n    # {canaries.solution}"
    )
    (target / f"{NOTEBOOK}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    key = home / courses.KEY_FILE
    key.write_text(canaries.key + "\n")
    key.chmod(0o600)
    build_course(home)
    return Course(folder, home, home / "course" / UNIT / f"{NOTEBOOK}.ipynb", canaries)


def slug(name: str) -> str:
    """A student's login."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


class Listeners:
    """Sockets of all kinds that wait for something stolen."""

    def __init__(self, folder: Path) -> None:
        self.received: list[str] = []
        self.path = f"{os.path.realpath('/tmp')}/dlkit-hostile-{os.getpid()}.sock"
        self.abstract = f"dlkit-hostile-{os.getpid()}"
        self._sockets: list[tuple[str, socket.socket]] = []
        self._stop = threading.Event()

    def __enter__(self) -> Listeners:
        for name, family, kind, address in (
            ("TCP", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)), ("UDP", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            ("local socket", socket.AF_UNIX, socket.SOCK_STREAM, self.path),
            ("abstract socket", socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.abstract}"),
        ):  # fmt: skip
            line = socket.socket(family, kind)
            line.bind(address)
            if kind == socket.SOCK_STREAM:
                line.listen(64)
            line.settimeout(0.2)
            self._sockets.append((name, line))
            threading.Thread(target=self._wait, args=(name, line), daemon=True).start()
        Path(self.path).chmod(0o777)
        return self

    def port(self, name: str) -> int:
        return next(line for kind, line in self._sockets if kind == name).getsockname()[1]

    def _wait(self, name: str, line: socket.socket) -> None:
        while not self._stop.is_set():
            try:
                if line.type == socket.SOCK_STREAM:
                    line.accept()[0].close()
                else:
                    line.recvfrom(100)
            except TimeoutError:
                continue
            except OSError:
                return
            self.received.append(name)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        for _, line in self._sockets:
            line.close()
        Path(self.path).unlink(missing_ok=True)


class Arena:
    """Grades attacks a group at a time, each group once, and looks around afterwards."""

    def __init__(self, course: Course, listeners: Listeners) -> None:
        self.course, self.listeners = course, listeners
        self.mark = secrets.token_hex(6)
        self._battles: dict[str, Battle] = {}

    def places(self, root: Path, attack: Attack) -> dict[str, str]:
        """What stands for the words between @ signs in the text of an attack."""
        return {
            "ROOT": str(root), "HOME": str(self.course.home), "REPO": str(ROOT), "KEY": str(self.course.home / courses.KEY_FILE),
            "STUDENT": slug(attack.name), "VICTIM": VICTIM, "GRADER": str(os.getpid()), "STAIN": str(root / f"stain-{self.mark}"),
            "STAINNAME": f"stain-{self.mark}", "NAP": f"36{int(self.mark[:6], 16)}", "TCP": str(self.listeners.port("TCP")),
            "UDP": str(self.listeners.port("UDP")), "SOCKET": self.listeners.path, "ABSTRACT": self.listeners.abstract,
            "USERHOME": str(Path.home()),
        }  # fmt: skip

    def battle(self, group: str, attacks: Sequence[Attack]) -> Battle:
        """The outcome of a group; it is fought when it is first asked for."""
        if group not in self._battles:
            self._battles[group] = self._fight(group, attacks)
        return self._battles[group]

    def _fight(self, group: str, attacks: Sequence[Attack]) -> Battle:
        root = self.course.folder / slug(group)
        victim = Attack(VICTIM, "does honest work", answers={}, last=f"# {self.course.canaries.victim}")
        for attack in (victim, *attacks):
            folder = root / "submitted" / slug(attack.name) / UNIT
            attack.hand_in(self.course.released, folder, self.places(root, attack))
        (root / "students.csv").write_text(f"id,first_name,last_name,email\n{VICTIM},V,I,{self.course.canaries.gradebook}@example.org\n")
        shutil.copytree(root / "submitted", self.course.folder / f"{slug(group)}-kept", symlinks=True, copy_function=_copied)
        home = fingerprint(self.course.home)
        course, begin = courses.Course.at(root, self.course.home), time.monotonic()
        result = grade_unit(course, UNIT, jobs=2, cell_timeout=CELL_SECONDS.get(group, 8), progress=False)
        battle = Battle(root=root, course=course, seconds=time.monotonic() - begin)
        marks: dict[str, dict[str, float]] = {}
        for mark in read_marks(course, UNIT):
            marks.setdefault(mark.student, {})[mark.grade_id.removeprefix("unit1-").removesuffix("-check")] = mark.score
        rows = {row.student: row for row in result.rows}
        for attack in (victim, *attacks):
            name = slug(attack.name)
            if name not in rows:
                battle.harm.append(f"{name} has no row")
                continue
            remarks = json.dumps(asdict(rows[name]), ensure_ascii=False)
            battle.outcomes[attack.name] = _outcome(course.autograded(name, UNIT) / f"{NOTEBOOK}.ipynb", marks.get(name, {}), remarks)
        battle.harm += list(self._harm(root, battle, home))
        return battle

    def _harm(self, root: Path, battle: Battle, home: str) -> Iterator[str]:
        """Everything that must not have happened to the rest of the world."""
        deserved = {name: marks[0] for name, marks in Attack(VICTIM, "").deserves().items()}
        if battle.outcomes[VICTIM].marks != deserved:
            yield f"the marks of {VICTIM} are {battle.outcomes[VICTIM].marks}"
        if fingerprint(root / "submitted") != fingerprint(self.course.folder / f"{root.name}-kept"):
            yield "what was handed in has been changed"
        if fingerprint(self.course.home) != home:
            yield "the course has been changed"
        yield from (f"something left by {name}" for name in self.listeners.received)
        stains = [root / f"stain-{self.mark}", *(Path(top) / f"stain-{self.mark}" for top in SHARED),
                  *(path / f"stain-{self.mark}.pth" for path in LIBRARIES)]
        yield from (f"{path} was written" for path in (*stains, root / "stain") if path.exists())
        yield from (f"{path} was written" for path in root.rglob("stain*"))
        yield from (f"{path} was written" for path in Path.home().rglob("*-of-a-student") if path.parent != root)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        if most > MOST_MEMORY:
            yield f"a process used {most:.1f} GiB"
        yield from (f"process {pid} goes on: {text}" for pid, text in processes() if f"36{int(self.mark[:6], 16)}" in text)
        for path in [path for top in ("autograded", "reports", "feedback") for path in (root / top).rglob("*")]:
            if path.is_symlink():
                yield f"{path} is a link"
            elif path.is_file() and path.parts[-3:-2] != (VICTIM,):
                for name in self.course.canaries.found_in(path.read_text(encoding="utf-8", errors="replace")):
                    yield f"{path.relative_to(root)} holds the secret of the {name}"


SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/", "/etc", "/run", "/mnt")
LIBRARIES = (ROOT / "dlkit", ROOT / "dlkit" / "checking", ROOT / "dlkit" / "exercises", Path(np.__file__).parent,
             Path(os.__file__).parent, Path(sys.prefix), *map(Path, site.getsitepackages()))  # fmt: skip


def _copied(source: str, target: str) -> str:
    if Path(source).is_fifo():
        os.mkfifo(target)
        return target
    return shutil.copy2(source, target)


def _outcome(path: Path, marks: dict[str, float], remarks: str) -> Outcome:
    if not path.is_file():
        return Outcome(marks, remarks, "", "")
    text = path.read_text(encoding="utf-8")
    outputs, everything = [], [text]
    for cell in json.loads(text)["cells"]:
        words = []
        for output in cell.get("outputs", []):
            words += ["".join(output.get("text", "")), *output.get("traceback", ()), output.get("evalue", "")]
            for kind, value in output.get("data", {}).items():
                words += [kind, "".join(value) if isinstance(value, list) else str(value)]
        everything += words
        if not cell["metadata"].get("nbgrader", {}).get("grade"):
            outputs += words
    return Outcome(marks, remarks, "\n".join(outputs), "\n".join(everything))


def fingerprint(folder: Path) -> str:
    """A digest of all names, links and contents below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(str(path.relative_to(folder)).encode())
        if path.is_symlink():
            digest.update(os.readlink(path).encode())
        elif path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def processes() -> Iterator[tuple[int, str]]:
    """All processes with their command lines."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            yield int(path.name), (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
