"""What every data set of the course looks like: numbers, answers, and the names that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Observations, one per row, with the answer to each of them.

    Parameters
    ----------
    X : ndarray (N, D), or (N, C, H, W) for images
        Features.
    y : ndarray (N,)
        Integer class labels (classification) or floats (regression).
    feature_names : tuple of str
        One name per column of ``X``; empty for images.
    target_names : tuple of str
        Class names in the order of the labels; for regression the one name of the quantity.
    description : str
        Where the data come from and what the columns mean.
    text_columns : mapping of str to ndarray (N,) of str
        Columns of words that are not encoded as numbers yet.

    Examples
    --------
    >>> X, y = np.array([[5.0], [9.0]]), np.array([102.5, 112.5])
    >>> data = Dataset(X, y, ("sugars",), ("calories",), "Two cereals.")
    >>> data
    Dataset(X (2, 1) float64, y (2,) float64: calories)
    >>> print(data.head())
    sugars | calories
         5 |    102.5
         9 |    112.5
    """

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    description: str = ""
    text_columns: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.X) != len(self.y):
            raise ValueError(f"y has {len(self.y)} rows, expected {len(self.X)} to match X {self.X.shape}")
        if self.feature_names and self.X.ndim == 2 and len(self.feature_names) != self.X.shape[1]:
            count = len(self.feature_names)
            raise ValueError(
                f"feature_names has {count} names, expected {self.X.shape[1]} to match X {self.X.shape}"
            )
        for name, column in self.text_columns.items():
            if len(column) != len(self.X):
                raise ValueError(f"text column {name!r} has {len(column)} rows, expected {len(self.X)}")

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        if np.issubdtype(self.y.dtype, np.integer):
            count = len(self.target_names) if len(self.target_names) > 1 else len(np.unique(self.y))
            answer = f"{count} classes"
        else:
            answer = ", ".join(self.target_names) or "numbers"
        return f"Dataset(X {self.X.shape} {self.X.dtype}, y {self.y.shape} {self.y.dtype}: {answer})"

    def head(self, rows: int = 5) -> str:
        """Return the first rows as a plain table.

        Parameters
        ----------
        rows : int
            How many rows to show.

        Returns
        -------
        str
            One line of names, then one line per row; text columns stand before the answer.
        """
        if self.X.ndim != 2:
            raise ValueError(f"X has shape {self.X.shape}, expected (N, D): images make no table")
        names = list(self.feature_names) or [f"x{i + 1}" for i in range(self.X.shape[1])]
        classes = np.issubdtype(self.y.dtype, np.integer) and len(self.target_names) > 1
        names += list(self.text_columns)
        names.append("class" if classes else (self.target_names or ("y",))[0])
        lines = [names]
        for i in range(min(rows, len(self))):
            cells = [_cell(value) for value in self.X[i]]
            cells += [str(column[i]) for column in self.text_columns.values()]
            cells.append(self.target_names[int(self.y[i])] if classes else _cell(self.y[i]))
            lines.append(cells)
        widths = [max(len(line[j]) for line in lines) for j in range(len(names))]
        return "\n".join(" | ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    return f"{float(value):.10g}"
