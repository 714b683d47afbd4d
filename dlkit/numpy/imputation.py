"""Missing values: fill them with what the training rows say, and remember where they were."""

from __future__ import annotations

import numpy as np

from dlkit.numpy.validation import as_float, expect_choice, expect_shape

__all__ = ["SimpleImputer", "impute", "missing_indicator"]


class SimpleImputer:
    """Fill every missing value (NaN) with the mean or the median of its column, over the fitted rows.

    Fit it on the training rows only; new rows are filled with what those say. A column without a single
    value is filled with 0.

    Parameters
    ----------
    strategy : {"mean", "median"}
        The median does not mind outliers.

    Attributes
    ----------
    statistics_ : (D,) what each column is filled with.

    Raises
    ------
    ValueError : for an unknown strategy; for X that is not (N, D), or before `fit`.

    Source: Lecture notes, unit 2; the name is scikit-learn's.

    Examples
    --------
    >>> imputer = SimpleImputer("median").fit([[1.0, 5.0], [2.0, np.nan], [90.0, np.nan]])
    >>> imputer.transform([[np.nan, 7.0], [3.0, np.nan]]).tolist()
    [[2.0, 7.0], [3.0, 5.0]]
    """

    statistics_: np.ndarray

    def __init__(self, strategy: str = "mean") -> None:
        expect_choice("strategy", strategy, ("mean", "median"))
        self.strategy = strategy

    def fit(self, X: np.ndarray) -> SimpleImputer:
        """Learn the columns of ``X`` (N, D); return the imputer itself."""
        X = as_float("X", X)
        expect_shape("X", X, (None, None))
        average = np.mean if self.strategy == "mean" else np.median
        filled = np.zeros(X.shape[1], dtype=X.dtype)
        for j, column in enumerate(X.T):
            seen = column[~np.isnan(column)]
            if seen.size:
                filled[j] = average(seen)
        self.statistics_ = filled
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """A copy of ``X`` (N, D) without NaN."""
        if not hasattr(self, "statistics_"):
            raise ValueError("SimpleImputer is not fitted, expected fit(X) on training rows before")
        X = as_float("X", X)
        expect_shape("X", X, (None, len(self.statistics_)), to_match=("the fitted columns", self.statistics_))
        return np.where(np.isnan(X), self.statistics_.astype(X.dtype), X)

    def fit_transform(self, X: np.ndarray) -> np.ndarray:
        """`fit`, then `transform` of the same rows."""
        return self.fit(X).transform(X)


def impute(X_train: np.ndarray, *others: np.ndarray, strategy: str = "mean") -> tuple[np.ndarray, ...]:
    """Fill the training rows and any other sets with the columns of the training rows.

    Parameters
    ----------
    X_train : array_like, shape (N, D)
        Rows to learn from; NaN is missing.
    *others : array_like, shape (M, D)
        Validation and test rows.
    strategy : {"mean", "median"}

    Returns
    -------
    tuple of ndarray
        The filled sets, in the given order.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> train, test = impute([[1.0], [3.0], [np.nan]], [[np.nan], [8.0]])
    >>> train.tolist(), test.tolist()
    ([[1.0], [3.0], [2.0]], [[2.0], [8.0]])
    """
    imputer = SimpleImputer(strategy).fit(X_train)
    return tuple(imputer.transform(X) for X in (X_train, *others))


def missing_indicator(X: np.ndarray) -> np.ndarray:
    """1 where a value is missing, else 0: extra features, since that something is missing may mean something.

    Parameters
    ----------
    X : array_like, shape (N, D)

    Returns
    -------
    ndarray, shape (N, D), dtype of X

    Examples
    --------
    >>> missing_indicator([[np.nan, 2.0]]).tolist()
    [[1.0, 0.0]]
    """
    X = as_float("X", X)
    return np.isnan(X).astype(X.dtype)
