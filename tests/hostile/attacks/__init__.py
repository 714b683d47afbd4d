"""The public corpus of attacks, and honest work beside it; see the README in the folder above."""

from __future__ import annotations

from . import breaking_out, exhausting, honest, lying, reader, secrets, shell, shortcuts, tampering, wire
from .model import EXERCISES, NOTEBOOK, UNIT, Attack

GROUPS: dict[str, tuple[Attack, ...]] = {
    "shell": shell.ATTACKS, "lying": lying.ATTACKS, "wire": wire.ATTACKS, "secrets": secrets.ATTACKS,
    "breaking out": breaking_out.ATTACKS, "exhausting": exhausting.ATTACKS, "shortcuts": shortcuts.ATTACKS,
    "tampering": tampering.ATTACKS, "reader": reader.ATTACKS, "honest": honest.HONEST,
}  # fmt: skip
GROUP_OF = {attack.name: group for group, attacks in GROUPS.items() for attack in attacks}
ATTACKS = [attack for group, attacks in GROUPS.items() if group != "honest" for attack in attacks]
HONEST = list(honest.HONEST)

__all__ = ["ATTACKS", "Attack", "EXERCISES", "GROUPS", "GROUP_OF", "HONEST", "NOTEBOOK", "UNIT"]
