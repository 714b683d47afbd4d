"""Read a table from a CSV file: numbers to X, words to text columns, empty cells to NaN."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence

import numpy as np

from dlkit.data.dataset import Dataset

_MISSING = {"", "na", "nan", "null", "?"}


def read_csv(path: str | os.PathLike, target: str, *, drop: Sequence[str] = (), delimiter: str = ",") -> Dataset:
    """Read a CSV file with a line of column names, as ``pandas.read_csv`` and a few lines more would.

    A column all of whose values are numbers becomes a feature; any other one becomes a text column, to be encoded.
    Empty cells, "NA", "NaN", "null" and "?" are missing: NaN among numbers, "" among words.

    Parameters
    ----------
    path : str or path
        The file, in UTF-8.
    target : str
        The column to predict. Words become classes 0, 1, ... in alphabetical order, whole numbers stay classes.
    drop : sequence of str
        Columns to leave out, such as row numbers and names: a network would learn them by heart.
    delimiter : str
        What stands between the cells.

    Returns
    -------
    Dataset
        X (N, D) float64, y (N,), and ``text_columns``.

    Raises
    ------
    ValueError
        If the file has no rows, a row has another number of cells, a name is unknown, or a target is missing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "flats.csv")
    ...     with open(path, "w") as file:
    ...         _ = file.write("id,area,city,sold\\n1,32,Nice,yes\\n2,,Lille,no\\n")
    ...     flats = read_csv(path, target="sold", drop=["id"])
    >>> flats.X.tolist(), flats.text_columns["city"].tolist(), flats.y.tolist(), flats.target_names
    ([[32.0], [nan]], ['Nice', 'Lille'], [1, 0], ('no', 'yes'))
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter=delimiter) if row]
    if len(rows) < 2:
        raise ValueError(f"{os.fspath(path)} has {len(rows)} lines, expected names and at least one row")
    names, body = rows[0], rows[1:]
    for number, row in enumerate(body, start=2):
        if len(row) != len(names):
            raise ValueError(f"{os.fspath(path)}, line {number}: {len(row)} cells, expected {len(names)}")
    if unknown := sorted({target, *drop} - set(names)):
        raise ValueError(f"{os.fspath(path)} has no column {unknown[0]!r}, expected one of {', '.join(names)}")
    columns = {name: [row[j].strip() for row in body] for j, name in enumerate(names) if name not in drop}
    answers = columns.pop(target)
    if any(cell.lower() in _MISSING for cell in answers):
        raise ValueError(f"{os.fspath(path)}: target {target!r} is missing in a row")
    numbers = {name: numeric for name, cells in columns.items() if (numeric := _numbers(cells)) is not None}
    words = {name: np.array(["" if cell.lower() in _MISSING else cell for cell in cells])
             for name, cells in columns.items() if name not in numbers}
    X = np.column_stack(list(numbers.values())) if numbers else np.zeros((len(body), 0))
    y, target_names = _answers(answers, target)
    return Dataset(X, y, tuple(numbers), target_names, f"Table read from {os.path.basename(path)}.", words)


def _numbers(cells: Sequence[str]) -> np.ndarray | None:
    try:
        return np.array([np.nan if cell.lower() in _MISSING else float(cell) for cell in cells])
    except ValueError:
        return None


def _answers(cells: Sequence[str], name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    numbers = _numbers(cells)
    if numbers is None:
        classes, codes = np.unique(cells, return_inverse=True)
        return codes.astype(np.int64), tuple(str(word) for word in classes)
    if all(cell.lstrip("+-").isdigit() for cell in cells):
        return numbers.astype(np.int64), (name,)
    return numbers, (name,)
