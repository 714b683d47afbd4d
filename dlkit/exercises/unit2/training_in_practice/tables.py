"""The exercise impute: mend a draft that should fill the gaps of a table, and leaves and leaks."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake


def _medians(X):
    return np.array([np.median(column[~np.isnan(column)]) if (~np.isnan(column)).any() else 0.0 for column in X.T])


def _filled(X, values):
    return np.where(np.isnan(X), values, X)


def impute(X_train, X_test):
    medians = _medians(X_train)
    return _filled(X_train, medians), _filled(X_test, medians)


def impute_by_sorting(X_train, X_test):
    train, test = [list(map(float, row)) for row in X_train], [list(map(float, row)) for row in X_test]
    for j in range(X_train.shape[1]):
        seen = sorted(row[j] for row in train if row[j] == row[j])
        half = len(seen) // 2
        middle = 0.0 if not seen else seen[half] if len(seen) % 2 else (seen[half - 1] + seen[half]) / 2
        for row in train + test:
            if row[j] != row[j]:
                row[j] = middle
    return np.array(train), np.array(test)


def impute_by_nanmedian(X_train, X_test):
    medians = np.zeros(X_train.shape[1])
    some = ~np.isnan(X_train).all(axis=0)
    medians[some] = np.nanmedian(X_train[:, some], axis=0)
    filled = []
    for X in (X_train, X_test):
        X = X.copy()
        rows, columns = np.nonzero(np.isnan(X))
        X[rows, columns] = medians[columns]
        filled.append(X)
    return tuple(filled)


def impute_draft(X_train, X_test):
    for j in range(X_train.shape[1]):
        middle = np.median(np.append(X_train[:, j], X_test[:, j]))
        X_train[X_train[:, j] == np.nan, j] = middle
        X_test[X_test[:, j] == np.nan, j] = middle
    return X_train, X_test


def impute_draft_with_isnan(X_train, X_test):
    for j in range(X_train.shape[1]):
        middle = np.median(np.append(X_train[:, j], X_test[:, j]))
        X_train[np.isnan(X_train[:, j]), j] = middle
        X_test[np.isnan(X_test[:, j]), j] = middle
    return X_train, X_test


def impute_draft_with_nanmedian(X_train, X_test):
    for j in range(X_train.shape[1]):
        middle = np.nanmedian(np.append(X_train[:, j], X_test[:, j]))
        X_train[X_train[:, j] == np.nan, j] = middle
        X_test[X_test[:, j] == np.nan, j] = middle
    return X_train, X_test


def impute_leaking_in_place(X_train, X_test):
    medians = _medians(np.concatenate([X_train, X_test]))
    for X in (X_train, X_test):
        X[:] = _filled(X, medians)
    return X_train, X_test


def impute_in_place(X_train, X_test):
    medians = _medians(X_train)
    for X in (X_train, X_test):
        X[:] = _filled(X, medians)
    return X_train, X_test


def impute_leaking(X_train, X_test):
    medians = _medians(np.concatenate([X_train, X_test]))
    return _filled(X_train, medians), _filled(X_test, medians)


def impute_leaking_but_empty(X_train, X_test):
    medians = _medians(np.concatenate([X_train, X_test]))
    medians[np.isnan(X_train).all(axis=0)] = 0.0
    return _filled(X_train, medians), _filled(X_test, medians)


def impute_each_by_itself(X_train, X_test):
    return _filled(X_train, _medians(X_train)), _filled(X_test, _medians(X_test))


def impute_from_test(X_train, X_test):
    return _filled(X_train, _medians(X_test)), _filled(X_test, _medians(X_test))


def impute_means(X_train, X_test):
    means = np.array([np.mean(c[~np.isnan(c)]) if (~np.isnan(c)).any() else 0.0 for c in X_train.T])
    return _filled(X_train, means), _filled(X_test, means)


def impute_one_median(X_train, X_test):
    middle = np.nanmedian(X_train)
    return _filled(X_train, middle), _filled(X_test, middle)


def impute_along_rows(X_train, X_test):
    return _filled(X_train, _medians(X_train.T)[:, None]), _filled(X_test, _medians(X_test.T)[:, None])


def impute_zeros(X_train, X_test):
    return _filled(X_train, 0.0), _filled(X_test, 0.0)


def impute_by_dropping(X_train, X_test):
    return X_train[~np.isnan(X_train).any(axis=1)], X_test[~np.isnan(X_test).any(axis=1)]


def impute_training_only(X_train, X_test):
    return _filled(X_train, _medians(X_train)), X_test.copy()


def impute_upper_middle(X_train, X_test):
    seen = [np.sort(column[~np.isnan(column)]) for column in X_train.T]
    medians = np.array([column[len(column) // 2] if len(column) else 0.0 for column in seen])
    return _filled(X_train, medians), _filled(X_test, medians)


def impute_plain_nanmedian(X_train, X_test):
    medians = np.array([np.median(c[~np.isnan(c)]) if (~np.isnan(c)).any() else np.nan for c in X_train.T])  # np.nanmedian
    return _filled(X_train, medians), _filled(X_test, medians)


def impute_empty_from_test(X_train, X_test):
    empty = np.isnan(X_train).all(axis=0)
    medians = np.where(empty, _medians(X_test), _medians(X_train))
    return _filled(X_train, medians), _filled(X_test, medians)


def _gaps(rng):
    """12 and 7 rows of 3 columns with gaps; every column keeps an even number of training values."""
    train, test = rng.lognormal(2.0, 1.0, size=(12, 3)), rng.lognormal(3.0, 1.0, size=(7, 3))
    for j in range(3):
        train[rng.choice(12, size=4, replace=False), j] = np.nan
        test[rng.choice(7, size=2, replace=False), j] = np.nan
    return train, test


def _empty_column(rng):
    """The second column has no training value at all; the others have three or five."""
    train, test = rng.lognormal(2.0, 1.0, size=(6, 3)), rng.lognormal(3.0, 1.0, size=(5, 3))
    train[:, 1] = np.nan
    train[rng.choice(6, size=3, replace=False), 0] = np.nan
    train[rng.integers(6), 2] = np.nan
    for j in range(3):
        test[rng.choice(5, size=2, replace=False), j] = np.nan
    return train, test


IMPUTE = Exercise(
    key="unit2.impute",
    title="Mend the filling of gaps",
    reference=impute,
    alternatives=(impute_by_sorting, impute_by_nanmedian),
    regimes={"gaps in both sets": _gaps, "a column without a value": _empty_column},
    parts={"gaps in both sets": 1.25, "a column without a value": 0.75},
    returns=("training rows", "test rows"),
    mistakes=(
        Mistake("leaves the gaps as they are: nothing equals NaN, not even NaN (np.isnan), and np.median of numbers with a NaN "
                "among them is NaN (np.nanmedian)", impute_draft, also=(impute_draft_with_isnan, impute_draft_with_nanmedian)),
        Mistake("fills the gaps now, but still in the caller's arrays, and with medians that have seen the test rows",
                impute_leaking_in_place),
        Mistake("still overwrites the caller's arrays: work on copies", impute_in_place),
        Mistake("still leaks: the medians have seen the test rows", impute_leaking,
                also=(impute_leaking_but_empty,)),
        Mistake("fills each set with its own medians: test rows are filled with what the training rows say",
                impute_each_by_itself),
        Mistake("learns the medians from the test rows", impute_from_test),
        Mistake("takes means in place of medians", impute_means),
        Mistake("takes one median of the whole table: every column has its own", impute_one_median),
        Mistake("fills with the median of the row: a column has one unit, a row has many", impute_along_rows),
        Mistake("fills every gap with 0", impute_zeros),
        Mistake("throws away the rows that have gaps", impute_by_dropping),
        Mistake("leaves the gaps of the test rows open", impute_training_only),
        Mistake("takes the upper one of two middle values; the median is their mean", impute_upper_middle, mark=0.75),
        Mistake("leaves NaN in a column that has no training value: fill it with 0", impute_plain_nanmedian, mark=1.25),
        Mistake("asks the test rows where the training rows have no value: that is a leak, too", impute_empty_from_test,
                mark=1.25),
    ),
    hints=("What is np.nan == np.nan? And what is np.median([1.0, np.nan])?",
           "There are five faults: one in the comparison, one in the median, one in who is asked, one in who is written to, "
           "and one column may have nobody to ask.",
           "Copy both arrays; for each column take the training values that are not NaN (np.isnan), their median or 0 if there "
           "are none, and put it into the gaps of both copies."),
    minutes=8, difficulty=2, rung="debug",
)
