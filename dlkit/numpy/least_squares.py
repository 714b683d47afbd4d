"""Linear regression in closed form: the line through points, the normal equation, an estimator."""

from __future__ import annotations

import numpy as np

from dlkit.numpy.linear import augment_ones
from dlkit.numpy.validation import as_float, expect_shape


def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The line of best fit: ``m = sum (x - xbar)(y - ybar) / sum (x - xbar)^2`` and ``c = ybar - m xbar``.

    Parameters
    ----------
    x, y : (N,) coordinates, float, with at least two different x.

    Returns
    -------
    (slope, intercept) : floats that minimise the sum of squared residuals.

    Raises
    ------
    ValueError : when the shapes differ or all x are equal.

    Source: Lecture notes, unit 1, least squares.

    Examples
    --------
    >>> fit_line(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
    (2.0, 1.0)
    """
    x, y = as_float("x", x), as_float("y", y)
    expect_shape("x", x, (None,))
    expect_shape("y", y, x.shape, to_match=("x", x))
    if x.size == 0 or (x == x[0]).all():
        raise ValueError("x holds fewer than two different values, expected two or more to fix a line")
    dx = x - x.mean()
    slope = dx @ (y - y.mean()) / (dx @ dx)
    return float(slope), float(y.mean() - slope * x.mean())


def normal_equation(X: np.ndarray, y: np.ndarray, *, add_ones: bool = False) -> np.ndarray:
    """Weights that minimise ``||X w - y||^2``, in closed form.

    On paper ``w = (X^T X)^-1 X^T y``. Columns that depend on each other make ``X^T X`` singular; so we
    solve by singular values instead, which then gives the shortest of all best ``w``.

    Parameters
    ----------
    X : (N, D) rows are examples, float.
    y : (N,) or (N, M) targets.
    add_ones : append the column of ones whose weight is the intercept.

    Returns
    -------
    (D,) or (D, M) weights; with ``add_ones`` one more, the intercept, last.

    Raises
    ------
    ValueError : when ``y`` does not match ``X``.

    Source: Lecture notes, unit 1, the normal equation.

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3.0, 5.0])
    >>> normal_equation(X, y, add_ones=True).round(4).tolist()
    [2.0, 1.0]
    >>> normal_equation(np.hstack([X, X]), 2 * X[:, 0]).round(4).tolist()   # equal columns share the weight
    [1.0, 1.0]
    """
    X, y = as_float("X", X), as_float("y", y)
    expect_shape("X", X, (None, None))
    expect_shape("y", y, (X.shape[0],) if y.ndim == 1 else (X.shape[0], None), to_match=("X", X))
    w, *_ = np.linalg.lstsq(augment_ones(X) if add_ones else X, y, rcond=None)
    return w


class LinearRegression:
    """Least-squares linear regression, solved by `normal_equation`.

    Attributes
    ----------
    w_ : (D,) or (D, M) weights; b_ : () or (M,) intercepts.

    Source: Lecture notes, unit 1, linear regression.

    Examples
    --------
    >>> X, y = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]), np.array([4.0, 3.0, 6.0, 1.0])
    >>> model = LinearRegression().fit(X, y)                 # y = 2 x1 + 3 x2 + 1
    >>> model.w_.round(4).tolist(), round(float(model.b_), 4)
    ([2.0, 3.0], 1.0)
    """

    def fit(self, X: np.ndarray, y: np.ndarray) -> LinearRegression:
        """Learn from rows ``X`` (N, D) and targets ``y`` (N,) or (N, M); return the estimator itself."""
        X, y = as_float("X", X), as_float("y", y)
        expect_shape("X", X, (None, None))
        X_mean, y_mean = X.mean(axis=0), y.mean(axis=0)
        self.w_ = normal_equation(X - X_mean, y - y_mean)
        self.b_ = y_mean - X_mean @ self.w_
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """``X w + b``: (N,) or (N, M)."""
        X = as_float("X", X)
        expect_shape("X", X, (None, len(self.w_)), to_match=("w_", self.w_))
        return X @ self.w_ + self.b_
