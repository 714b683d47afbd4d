"""Make numbers fit for learning: scaling, encoding of categories, a split into training and test rows."""

from __future__ import annotations

import math

import numpy as np

from dlkit.numpy.validation import as_float, expect_rng, expect_shape


class _Scaler:
    """Shift and scale every column: ``(X - shift) / scale``; `fit` learns both from the training rows."""

    _shift: np.ndarray
    _scale: np.ndarray

    def fit(self, X: np.ndarray) -> _Scaler:
        """Learn shift and scale of the columns of ``X`` (N, D); return the scaler itself."""
        X = as_float("X", X)
        expect_shape("X", X, (None, None))
        if len(X) == 0:
            raise ValueError(f"X has shape {X.shape}, expected at least one row")
        self._learn(X)
        self._scale = np.where(self._scale == 0, X.dtype.type(1), self._scale)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Scale rows ``X`` (N, D) with what `fit` learnt; also rows that `fit` did not see."""
        return (self._checked(X) - self._shift) / self._scale

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Undo `transform`."""
        return self._checked(X) * self._scale + self._shift

    def fit_transform(self, X: np.ndarray) -> np.ndarray:
        """`fit`, then `transform` of the same rows."""
        return self.fit(X).transform(X)

    def _learn(self, X: np.ndarray) -> None:
        raise NotImplementedError

    def _checked(self, X: np.ndarray) -> np.ndarray:
        if not hasattr(self, "_shift"):
            raise ValueError(f"{type(self).__name__} is not fitted, expected fit(X) on training rows before")
        X = as_float("X", X)
        expect_shape("X", X, (None, len(self._shift)), to_match=("the fitted columns", self._shift))
        return X


class StandardScaler(_Scaler):
    """Give every column mean 0 and standard deviation 1: ``(X - mean) / std`` with the population std.

    Fit it on the training rows only, then transform training and test rows alike. A constant column becomes
    0. Mean and std feel an outlier less than min and max do, but they feel it.

    Attributes
    ----------
    mean_, scale_ : (D,) column means, and standard deviations (1 for a constant column).

    Source: Lecture notes, unit 1, feature scaling.

    Examples
    --------
    >>> scaler = StandardScaler().fit(np.array([[1.0, 7.0], [3.0, 7.0]]))
    >>> scaler.transform(np.array([[1.0, 7.0], [5.0, 8.0]])).tolist()
    [[-1.0, 0.0], [3.0, 1.0]]
    """

    def _learn(self, X: np.ndarray) -> None:
        constant = (X == X[0]).all(axis=0)  # rounding can leave such a column a std of 1e-17 and a mean beside its value
        self._shift = np.where(constant, X[0], X.mean(axis=0))
        self._scale = np.where(constant, X.dtype.type(0), X.std(axis=0))

    @property
    def mean_(self) -> np.ndarray:
        return self._shift

    @property
    def scale_(self) -> np.ndarray:
        return self._scale


class MinMaxScaler(_Scaler):
    """Bring every column into [0, 1]: ``(X - min) / (max - min)``, min and max of the fitted rows.

    Rows that `fit` did not see may land outside [0, 1]. A constant column becomes 0.

    Attributes
    ----------
    min_, range_ : (D,) column minima, and ranges (1 for a constant column).

    Source: Lecture notes, unit 1, feature scaling.

    Examples
    --------
    >>> MinMaxScaler().fit_transform(np.array([[2.0], [4.0], [10.0]])).tolist()
    [[0.0], [0.25], [1.0]]
    """

    def _learn(self, X: np.ndarray) -> None:
        self._shift = X.min(axis=0)
        self._scale = X.max(axis=0) - self._shift

    @property
    def min_(self) -> np.ndarray:
        return self._shift

    @property
    def range_(self) -> np.ndarray:
        return self._scale


def standardize(X: np.ndarray) -> np.ndarray:
    """Columns of ``X`` with mean 0 and standard deviation 1, when there is no test set to keep apart.

    Parameters
    ----------
    X : (N, D) float.

    Returns
    -------
    (N, D) : ``(X - mean) / std``, dtype of ``X``.

    Raises
    ------
    ValueError : when ``X`` is not (N, D) with N at least 1.

    Source: Lecture notes, unit 1, feature scaling.

    Examples
    --------
    >>> standardize(np.array([[1.0], [3.0]])).tolist()
    [[-1.0], [1.0]]
    """
    return StandardScaler().fit_transform(X)


def ordinal_encode(labels, categories=None, *, start: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Number the categories: the first is ``start``, the next ``start + 1``, and so on.

    The numbers pretend an order and distances. Where the categories have none (countries), feed `one_hot`
    instead; where there are very many, an embedding or a hash.

    Parameters
    ----------
    labels : (N,) any values that can be sorted, for example strings.
    categories : (K,) the categories in their order; sorted unique labels when omitted.
    start : number of the first category.

    Returns
    -------
    (codes, categories) : (N,) int64 and (K,); ``categories[codes - start]`` are the labels again.

    Raises
    ------
    ValueError : when a label is not among ``categories``, or a category stands there twice.

    Source: Lecture notes, unit 1, encoding of categorical variables.

    Examples
    --------
    >>> codes, categories = ordinal_encode(["Japan", "India", "USA", "India"], start=1)
    >>> codes.tolist(), categories.tolist()
    ([2, 1, 3, 1], ['India', 'Japan', 'USA'])
    """
    labels = np.asarray(labels)
    expect_shape("labels", labels, (None,))
    if categories is None:
        categories, codes = np.unique(labels, return_inverse=True)
        return codes.astype(np.int64) + start, categories
    categories = np.asarray(categories)
    expect_shape("categories", categories, (None,))
    order = np.argsort(categories, kind="stable")
    ranked = categories[order]
    if (ranked[1:] == ranked[:-1]).any():
        raise ValueError("categories contains a value twice, expected distinct values")
    position = np.searchsorted(ranked, labels).clip(max=len(ranked) - 1)
    unknown = ranked[position] != labels if len(ranked) else np.ones(len(labels), dtype=bool)
    if unknown.any():
        raise ValueError(f"labels contains {labels[unknown][0]!s}, expected one of {categories.tolist()}")
    return order[position].astype(np.int64) + start, categories


def one_hot(labels: np.ndarray, num_classes: int | None = None) -> np.ndarray:
    """One row per label, 1 in the label's column and 0 elsewhere: K classes need K columns.

    Parameters
    ----------
    labels : (N,) integers 0 to K - 1.
    num_classes : K; the largest label plus one when omitted (say it where a batch may lack the last class).

    Returns
    -------
    (N, K) float64.

    Raises
    ------
    TypeError : when ``labels`` are not integers.
    ValueError : when a label is negative or not below ``num_classes``.

    Source: Lecture notes, unit 1, one-hot encoding.

    Examples
    --------
    >>> one_hot(np.array([0, 2]), num_classes=3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    labels = np.asarray(labels)
    if labels.size and labels.dtype.kind not in "iu":
        raise TypeError(f"labels has dtype {labels.dtype}, expected integers (ordinal_encode makes them)")
    expect_shape("labels", labels, (None,))
    labels = labels.astype(np.int64)
    if num_classes is None:
        num_classes = int(labels.max(initial=-1)) + 1
    wrong = labels[(labels < 0) | (labels >= num_classes)]
    if wrong.size:
        raise ValueError(f"labels contains {wrong[0]}, expected 0 to {num_classes - 1}")
    encoded = np.zeros((len(labels), num_classes))
    encoded[np.arange(len(labels)), labels] = 1
    return encoded


def train_test_split(
    X: np.ndarray, y: np.ndarray, test_fraction: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Shuffle the rows and set ``ceil(test_fraction * N)`` of them aside for the test, as scikit-learn does.

    Parameters
    ----------
    X : (N, ...) inputs, any dtype.
    y : (N, ...) targets, shuffled alike.
    test_fraction : share of test rows, strictly between 0 and 1.
    rng : draws the order.

    Returns
    -------
    (X_train, X_test, y_train, y_test) : copies.

    Raises
    ------
    ValueError : when lengths differ, the fraction is not in (0, 1), or no training row would be left.

    Source: Lecture notes, unit 1, training and test data.

    Examples
    --------
    >>> X = np.arange(5)
    >>> X_train, X_test, y_train, y_test = train_test_split(X, 2 * X, 0.2, np.random.default_rng(0))
    >>> len(X_train), len(X_test), bool((y_test == 2 * X_test).all())
    (4, 1, True)
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(f"y has shape {y.shape}, expected as many rows as X {X.shape}")
    if not 0 < test_fraction < 1:
        raise ValueError(f"test_fraction is {test_fraction}, expected more than 0 and less than 1")
    test_size = math.ceil(test_fraction * len(X) - 1e-9)  # 0.07 * 100 is 7.000000000000001: 7 rows, not 8
    if test_size >= len(X):
        raise ValueError(f"test_fraction {test_fraction} of {len(X)} rows leaves no training row")
    expect_rng(rng)
    order = rng.permutation(len(X))
    test, train = order[:test_size], order[test_size:]
    return X[train], X[test], y[train], y[test]
