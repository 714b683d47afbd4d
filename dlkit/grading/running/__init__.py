"""Runs notebooks in children and judges their answers from outside."""
