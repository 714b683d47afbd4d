"""The small tables of the lecture notes: few enough rows to compute with by hand."""

from __future__ import annotations

import numpy as np

from dlkit.data.dataset import Dataset

_GATES = {
    "and": [0, 0, 0, 1],
    "or": [0, 1, 1, 1],
    "nand": [1, 1, 1, 0],
    "nor": [1, 0, 0, 0],
    "xor": [0, 1, 1, 0],
}


def load_housing() -> Dataset:
    """Load four flats: area, rooms, distance and price, with the city as a column of words.

    Returns
    -------
    Dataset
        X (4, 3) float64, y (4,) float64 prices in euros, ``text_columns["city"]`` (4,) of str.

    Source: lecture notes, unit 1 (preparing data) and unit 2 (gradient descent).

    Examples
    --------
    >>> print(load_housing().head())
    area | rooms | distance |       city |  price
      32 |     3 |        5 |     Amiens |  60000
      25 |     1 |        8 |      Lille |  70000
      80 |     4 |       10 | Versailles | 600000
      55 |     3 |       10 |       Nice | 450000
    """
    X = np.array([[32.0, 3.0, 5.0], [25.0, 1.0, 8.0], [80.0, 4.0, 10.0], [55.0, 3.0, 10.0]])
    y = np.array([60_000.0, 70_000.0, 600_000.0, 450_000.0])
    city = np.array(["Amiens", "Lille", "Versailles", "Nice"])
    text = "Four flats: area in square metres, number of rooms, distance in kilometres, city, price in euros."
    return Dataset(X, y, ("area", "rooms", "distance"), ("price",), text, {"city": city})


def load_countries() -> Dataset:
    """Load four countries, as words, with the ordinal codes that the lecture notes give them.

    Returns
    -------
    Dataset
        X (4, 1) of str, y (4,) int64 = [1, 2, 3, 4].

    Source: lecture notes, unit 1 (encoding of categories).

    Examples
    --------
    >>> load_countries().X[:, 0].tolist()
    ['India', 'Japan', 'Madagascar', 'USA']
    """
    X = np.array([["India"], ["Japan"], ["Madagascar"], ["USA"]])
    return Dataset(
        X, np.arange(1, 5), ("country",), ("code",), "Four countries, coded in alphabetical order."
    )


def load_three_points() -> Dataset:
    """Load three points for a line fitted by gradient descent.

    Returns
    -------
    Dataset
        X (3, 1) float64, y (3,) float64.

    Source: lecture notes, unit 2 (gradient descent).

    Examples
    --------
    >>> data = load_three_points()
    >>> data.X[:, 0].tolist(), data.y.tolist()
    ([0.6, 0.8, 1.1], [1.1, 1.2, 2.1])
    """
    X = np.array([[0.6], [0.8], [1.1]])
    return Dataset(X, np.array([1.1, 1.2, 2.1]), ("x",), ("y",), "Three points and nothing more.")


def load_gate(name: str, *, bipolar: bool = False) -> Dataset:
    """Load the truth table of a logic gate of two inputs.

    Parameters
    ----------
    name : {"and", "or", "nand", "nor", "xor"}
        Which gate.
    bipolar : bool
        False: inputs and answers are 0 and 1, rows in counting order. True: they are -1 and 1, and the rows
        start with (1, 1), the order in which the lecture notes train the bipolar perceptron.

    Returns
    -------
    Dataset
        X (4, 2) float64, y (4,) int64.

    Raises
    ------
    ValueError
        If there is no gate of that name.

    Source: lecture notes, unit 1 (logic gates, perceptron training).

    Examples
    --------
    >>> load_gate("xor").y.tolist()
    [0, 1, 1, 0]
    >>> load_gate("and", bipolar=True).y.tolist()
    [1, -1, -1, -1]
    """
    key = str(name).lower()
    if key not in _GATES:
        raise ValueError(f"name is {name!r}, expected one of {', '.join(sorted(_GATES))}")
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array(_GATES[key])
    if bipolar:
        X, y = 2 * X[::-1] - 1, 2 * y[::-1] - 1
    return Dataset(X.copy(), y.copy(), ("x1", "x2"), (), f"Truth table of {key.upper()}.")
