"""The answers are material for test_corpus.py, not modules to search for doctests."""

from __future__ import annotations

collect_ignore = ["answers"]
