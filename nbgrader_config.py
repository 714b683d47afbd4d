"""Tells nbgrader where this course keeps its things; the settings themselves are in dlkit/grading/course.py."""

from dlkit.grading.course import settings

get_config().merge(settings())  # noqa: F821  (nbgrader defines get_config for this file)
