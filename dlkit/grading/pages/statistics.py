"""What the marks of a class say about its exercises: how hard they were, and whether they tell students apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SHARE = 0.27  # of the class, at each end, for the upper-lower index: Kelley (1939)


def item_rest_correlation(item: Sequence[float], total: Sequence[float]) -> float | None:
    """Correlation of the marks of one exercise with the marks of all others: point-biserial if the exercise is 0 or 1.

    Parameters
    ----------
    item : (N,) marks of the exercise.
    total : (N,) total marks, the exercise included.

    Returns
    -------
    float or None
        ``None`` if it is not defined: fewer than three students, or all the same.

    Examples
    --------
    >>> round(item_rest_correlation([0, 0, 1, 1], [1, 2, 4, 5]), 4)
    0.8944
    """
    x = np.asarray(item, dtype=float)
    rest = np.asarray(total, dtype=float) - x
    if len(x) < 3 or np.ptp(x) < 1e-12 or np.ptp(rest) < 1e-12:
        return None
    return float(np.corrcoef(x, rest)[0, 1])


def upper_lower_index(item: Sequence[float], total: Sequence[float], points: float) -> float | None:
    """Mean share of the points in the best 27 % of the class (by total) minus that in the weakest 27 %.

    Students with the total of the last one let in share the places that are left, so the order of equals does not matter.

    Examples
    --------
    >>> upper_lower_index([0, 0, 1, 1], [1, 2, 4, 5], 1)
    1.0
    """
    x, t = np.asarray(item, dtype=float), np.asarray(total, dtype=float)
    if len(x) < 3 or points <= 0 or np.ptp(t) < 1e-12:
        return None
    size = max(1, round(SHARE * len(x)))

    def mean_of_best(order: np.ndarray) -> float:
        edge = np.sort(order)[::-1][size - 1]
        inside, tied = order > edge, order == edge
        places = size - inside.sum()
        return float((x[inside].sum() + places * x[tied].mean()) / size)

    return (mean_of_best(t) - mean_of_best(-t)) / points


def histogram(shares: Sequence[float], bins: int = 10) -> list[int]:
    """How many of the shares (0 to 1) fall into each of equal bins; 1 belongs to the last.

    >>> histogram([0.0, 0.05, 1.0], 4)
    [2, 0, 0, 1]
    """
    counts = [0] * bins
    for share in shares:
        counts[min(bins - 1, max(0, int(share * bins + 1e-9)))] += 1
    return counts
