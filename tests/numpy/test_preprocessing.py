"""Scaling, encoding, splitting."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import preprocessing as sk

from dlkit.numpy.preprocessing import (
    MinMaxScaler,
    StandardScaler,
    one_hot,
    ordinal_encode,
    standardize,
    train_test_split,
)

SCALERS = [StandardScaler, MinMaxScaler]


def data(n: int = 13, d: int = 5) -> np.ndarray:
    X = np.random.default_rng(0).normal(3.0, 2.0, (n, d))
    X[:, 2] = 0.1  # a constant column whose mean is not exactly 0.1
    return X


@pytest.mark.parametrize("scaler", SCALERS)
def test_agrees_with_scikit_learn_on_seen_and_unseen_rows(scaler):
    X, new = data(), np.random.default_rng(1).standard_normal((7, 5))
    ours, theirs = scaler().fit(X), getattr(sk, scaler.__name__)().fit(X)
    for rows in (X, new):
        assert ours.transform(rows) == pytest.approx(theirs.transform(rows))
    assert ours.inverse_transform(ours.transform(new)) == pytest.approx(new)
    assert ours.fit_transform(X) == pytest.approx(theirs.transform(X))


@pytest.mark.parametrize("scaler", SCALERS)
def test_constant_columns_become_zero(scaler):
    assert scaler().fit_transform(data())[:, 2] == pytest.approx(0, abs=1e-12)
    assert scaler().fit(data()).transform(data() + 1)[:, 2] == pytest.approx(1)


@pytest.mark.parametrize("scaler", SCALERS)
def test_keeps_float32_promotes_integers_and_leaves_the_input(scaler):
    X = data().astype(np.float32)
    before = X.copy()
    assert scaler().fit_transform(X).dtype == np.float32 and (X == before).all()
    assert scaler().fit_transform(np.array([[1], [2]])).dtype == np.float64


@pytest.mark.parametrize("scaler", SCALERS)
def test_scaler_errors(scaler):
    with pytest.raises(ValueError, match=f"{scaler.__name__} is not fitted, expected fit"):
        scaler().transform(data())
    with pytest.raises(ValueError, match=r"X has shape \(2, 3\), expected \(\*, 5\)"):
        scaler().fit(data()).transform(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"X has shape \(5,\), expected \(\*, \*\)"):
        scaler().fit(np.ones(5))
    with pytest.raises(ValueError, match="expected at least one row"):
        scaler().fit(np.ones((0, 5)))


def test_fitted_attributes():
    X = np.array([[1.0, 7.0], [3.0, 7.0]])
    scaler = StandardScaler().fit(X)
    assert scaler.mean_.tolist() == [2, 7] and scaler.scale_.tolist() == [1, 1]
    scaler = MinMaxScaler().fit(X)
    assert scaler.min_.tolist() == [1, 7] and scaler.range_.tolist() == [2, 1]


def test_standardize():
    Z = standardize(data())
    assert Z.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert Z.std(axis=0) == pytest.approx([1, 1, 0, 1, 1])


def test_ordinal_encode_round_trip_and_given_order():
    labels = np.array(["mid", "low", "high", "low"])
    codes, categories = ordinal_encode(labels)
    assert codes.tolist() == [2, 1, 0, 1] and categories[codes].tolist() == labels.tolist()
    codes, categories = ordinal_encode(labels, ["low", "mid", "high"], start=1)
    assert codes.tolist() == [2, 1, 3, 1] and codes.dtype == np.int64
    assert categories[codes - 1].tolist() == labels.tolist()


def test_ordinal_encode_errors():
    with pytest.raises(ValueError, match=r"labels contains zebra, expected one of \['ant', 'bee'\]"):
        ordinal_encode(["ant", "zebra"], ["ant", "bee"])
    with pytest.raises(ValueError, match="categories contains a value twice"):
        ordinal_encode(["a"], ["a", "b", "a"])
    with pytest.raises(ValueError, match="labels contains a"):
        ordinal_encode(["a"], [])


def test_one_hot():
    encoded = one_hot(np.array([2, 0, 1, 2]))
    assert encoded.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]] and encoded.dtype == np.float64
    assert one_hot(np.array([1]), num_classes=5).tolist() == [[0, 1, 0, 0, 0]]
    assert one_hot(np.array([], dtype=int), num_classes=3).shape == (0, 3)
    assert one_hot(np.array([1, 0], dtype=np.uint8)).argmax(axis=1).tolist() == [1, 0]


def test_one_hot_errors():
    with pytest.raises(ValueError, match="labels contains 3, expected 0 to 2"):
        one_hot(np.array([0, 3]), num_classes=3)
    with pytest.raises(ValueError, match="labels contains -1"):
        one_hot(np.array([0, -1]))
    with pytest.raises(TypeError, match="labels has dtype float64, expected integers"):
        one_hot(np.array([0.0, 1.0]))
    with pytest.raises(TypeError, match="expected integers"):
        one_hot(np.array(["a"]))


SIZES = [(10, 0.2, 2), (11, 0.2, 3), (100, 0.07, 7), (2, 0.2, 1)]


@pytest.mark.parametrize(("n", "fraction", "test_rows"), SIZES)
def test_split_sizes(n, fraction, test_rows):
    parts = train_test_split(np.arange(n), np.arange(n), fraction, np.random.default_rng(0))
    assert [len(part) for part in parts] == [n - test_rows, test_rows, n - test_rows, test_rows]


def test_split_is_a_partition_that_keeps_pairs_and_follows_the_generator():
    X = np.arange(34.0).reshape(17, 2)
    y = np.array([f"row {i}" for i in range(17)])
    parts = train_test_split(X, y, 0.3, np.random.default_rng(3))
    rows = np.concatenate(parts[:2])[:, 0] / 2
    assert sorted(rows) == list(range(17)) and rows.tolist() != sorted(rows)
    assert np.concatenate(parts[2:]).tolist() == [f"row {int(i)}" for i in rows]
    again = train_test_split(X, y, 0.3, np.random.default_rng(3))
    assert all((one == two).all() for one, two in zip(parts, again, strict=True))
    parts[0][:] = -1
    assert X[0, 0] == 0 and (X >= 0).all()


def test_split_errors():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"y has shape \(2,\), expected as many rows as X \(3, 1\)"):
        train_test_split(np.ones((3, 1)), np.ones(2), 0.5, rng)
    for fraction in (0, 1, 1.5):
        with pytest.raises(ValueError, match="test_fraction is .*, expected more than 0 and less than 1"):
            train_test_split(np.ones(3), np.ones(3), fraction, rng)
    with pytest.raises(ValueError, match="leaves no training row"):
        train_test_split(np.ones(1), np.ones(1), 0.5, rng)
