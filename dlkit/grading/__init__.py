"""Judges a class: builds the course, runs submitted notebooks, keeps the gradebook, writes feedback and reports."""

import sys

# jsonschema, which checks the format of notebooks, compiles a grammar for addresses in all scripts of the world if it can:
# 0.9 s in every process, for a check that no notebook needs. It goes on without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
