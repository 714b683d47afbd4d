"""Nothing in the repository depends on the machine it was written on, and nothing is left half done."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {
    "",
    ".bat",
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".ini",
    ".ipynb",
    ".j2",
    ".js",
    ".json",
    ".lock",
    ".md",
    ".ps1",
    ".py",
    ".sh",
    ".svg",
    ".toml",
    ".tpl",
    ".txt",
    ".yaml",
    ".yml",
}
# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a path of one machine": re.compile(
        "/" + r"(?:root|work)/[\w.]|/" + r"home/(?!jovyan\b)\w+/|/" + r"Users/\w+/|[A-Z]:\\+" + r"Users\\"
    ),
    "a folder outside the repository": re.compile(r"\.\./" + "shared"),
    "unfinished work": re.compile(r"\b(?:" + "TO" + "DO|FIX" + r"ME)\b"),
}


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_tracked_files_are_free_of(what: str):
    found = []
    for path in tracked_files():
        if path.suffix in TEXT and path.is_file():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if match := FORBIDDEN[what].search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found, "\n".join(found[:20])


def test_nothing_secret_or_made_is_tracked():
    names = r"\.course_key|\.venv|__pycache__|gradebook\.db|\.ipynb_checkpoints"
    made = re.compile(rf"(^|/)({names})(/|$)|\.pyc$|\.egg-info")
    assert not [str(path) for path in tracked_files() if made.search(path.relative_to(ROOT).as_posix())]
