"""Data sets of the course. Most need no network; the large classics are downloaded when asked to.

``load_...`` are fixed sets, ``make_...`` are drawn from an explicit ``rng``; each returns a :class:`Dataset`.

Examples
--------
>>> from dlkit.data import load_three_points
>>> load_three_points()
Dataset(X (3, 1) float64, y (3,) float64: y)
"""

from __future__ import annotations

from dlkit.data.bundled import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_photographs,
    load_wine,
)
from dlkit.data.cache import ChecksumError, DataNotFoundError, data_directory
from dlkit.data.cifar import load_cifar10
from dlkit.data.csv_files import read_csv
from dlkit.data.dataset import Dataset
from dlkit.data.generated import make_blobs, make_circles, make_moons, make_spirals, make_xor
from dlkit.data.idx import load_fashion_mnist, load_mnist, read_idx
from dlkit.data.manifolds import make_cereals, make_curve, make_swiss_roll
from dlkit.data.tables import load_countries, load_gate, load_housing, load_three_points

__all__ = [
    "ChecksumError",
    "DataNotFoundError",
    "Dataset",
    "data_directory",
    "load_breast_cancer",
    "load_cifar10",
    "load_countries",
    "load_diabetes",
    "load_digits",
    "load_fashion_mnist",
    "load_gate",
    "load_housing",
    "load_iris",
    "load_mnist",
    "load_photographs",
    "load_three_points",
    "load_wine",
    "make_blobs",
    "make_cereals",
    "make_circles",
    "make_curve",
    "make_moons",
    "make_spirals",
    "make_swiss_roll",
    "make_xor",
    "read_csv",
    "read_idx",
]
