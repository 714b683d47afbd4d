"""Search for hyperparameters: the same functions, since a score is a number whatever has been trained.

A GPU is best kept busy with one candidate at a time; several GPUs take one process each.
"""

from __future__ import annotations

from dlkit.numpy.search import SearchResult, grid_search, log_uniform, parameter_grid, random_search

__all__ = ["SearchResult", "grid_search", "log_uniform", "parameter_grid", "random_search"]
