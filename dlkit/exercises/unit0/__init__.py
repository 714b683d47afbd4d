"""Exercises of unit 0: how this course works."""

from __future__ import annotations

from dlkit.exercises.unit0.how_this_course_works import EXERCISES

__all__ = ["EXERCISES"]
