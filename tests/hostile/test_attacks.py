"""Every attack ends with the marks that its answers deserve, and harms nobody; honest work is left alone."""

from __future__ import annotations

import json
import re
from functools import cache

import nbformat
import pytest
from arena import Arena, Battle, Outcome
from attacks import ATTACKS, GROUP_OF, GROUPS, HONEST, UNIT, Attack

from dlkit.grading.pages.feedback import write_feedback
from dlkit.grading.pages.report import write_report
from dlkit.grading.sandbox import prove

RUNS = re.compile(r"<script|<iframe|<form|<style|<[^>]*\s(on\w+|(href|src)\s*=\s*[\"']?\s*(javascript|data:text))", re.IGNORECASE)


@cache
def level() -> int:
    """The level of the sandbox that is proved here."""
    return prove().level


def fought(arena: Arena, group: str) -> Battle:
    """The group's battle, with the attacks that are promised to fail here."""
    return arena.battle(group, [attack for attack in GROUPS[group] if attack.level <= level()])


def outcome(arena: Arena, attack: Attack) -> Outcome:
    if attack.level > level():
        pytest.skip(f"promised from level {attack.level} on; here level {level()} is proved")
    return fought(arena, GROUP_OF[attack.name]).outcomes[attack.name]


def expect(attack: Attack, found: Outcome) -> None:
    wrong = {name: found.marks.get(name) for name, marks in attack.deserves().items() if found.marks.get(name) not in marks}
    assert not wrong, f"{attack.tries}: {wrong}, deserved {attack.deserves()}; {found.remarks}"
    assert "BREACH" not in found.outputs, [line for line in found.outputs.split("\n") if "BREACH" in line]
    for word in attack.shows:
        assert word in found.outputs, f"the attack did not run: {found.outputs[-2000:]}"
    for word in attack.says:
        assert word in found.remarks
    if any(found.marks[name] > min(marks) for name, marks in attack.deserves().items()):
        assert all(word in found.remarks for word in attack.flagged), f"nobody is told: {found.remarks}"


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{GROUP_OF[attack.name]}: {attack.name}" for attack in ATTACKS])
def test_attack_gets_what_its_answers_deserve(arena: Arena, attack: Attack):
    expect(attack, outcome(arena, attack))


@pytest.mark.parametrize("attack", HONEST, ids=[attack.name for attack in HONEST])
def test_honest_work_is_left_alone(arena: Arena, attack: Attack):
    found = outcome(arena, attack)
    expect(attack, found)
    row = json.loads(found.remarks)
    assert not row["problems"] and not row["notes"] and not row.get("flags"), f"a false alarm: {found.remarks}"


@pytest.mark.parametrize("group", GROUPS)
def test_nobody_else_is_harmed(arena: Arena, group: str):
    assert fought(arena, group).harm == []


@pytest.mark.parametrize("group", GROUPS)
def test_graded_notebooks_are_notebooks_without_scripts(arena: Arena, group: str):
    root = fought(arena, group).root
    for path in (root / "autograded").rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            texts = [cell.source] if cell.cell_type == "markdown" else []
            for output in cell.get("outputs", []):
                assert set(output.get("data", {})).isdisjoint({"application/javascript", "image/svg+xml"})
                texts += [str(output.get("data", {}).get(kind, "")) for kind in ("text/html", "text/markdown")]
            for text in texts:
                assert not RUNS.search(text), (path, text)


def test_pages_for_people_hold_no_scripts(arena: Arena):
    battle = fought(arena, "reader")
    pages = [*write_report(battle.course, UNIT), *write_feedback(battle.course, UNIT, jobs=2, progress=False)]
    pages += sorted((battle.root / "feedback").rglob("*.html"))
    assert len(pages) > len(GROUPS["reader"])
    for path in pages:
        text = path.read_text(encoding="utf-8", errors="strict")
        low = text.lower()
        assert "fetch(" not in low.replace("&#39;", "'") or "<script>fetch" not in low, path
        assert not any(word in low for word in ("<img src=x", "<svg onload", "<iframe", "href=\"javascript:", "<form action")), path
        assert "\x1b" not in text and "\x00" not in text, path
        if path.suffix == ".csv":
            assert not any(cell.startswith(("=", "+", "@", "\t")) for line in text.splitlines() for cell in line.split(",")), path
