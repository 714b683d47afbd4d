"""Closed-form linear regression."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import linear_model

from dlkit.numpy.least_squares import LinearRegression, fit_line, normal_equation


def data(n: int = 29, d: int = 3):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d)) + 5
    return X, X @ np.arange(1.0, d + 1) - 2 + rng.standard_normal(n)


def test_fit_line_agrees_with_polyfit_and_normal_equation():
    X, y = data(d=1)
    slope, intercept = fit_line(X[:, 0], y)
    assert (slope, intercept) == pytest.approx(np.polyfit(X[:, 0], y, 1))
    assert (slope, intercept) == pytest.approx(normal_equation(X, y, add_ones=True))


def test_fit_line_survives_a_large_offset():
    x = 1e8 + np.arange(5.0)
    slope, _ = fit_line(x, 3 * (x - 1e8) + 1)
    assert slope == pytest.approx(3, abs=1e-9)


def test_residuals_are_orthogonal_to_the_columns():
    X, y = data()
    w = normal_equation(X, y)
    assert X.T @ (y - X @ w) == pytest.approx(0, abs=1e-9)


def test_singular_normal_equation_gives_the_shortest_solution():
    X, y = data(d=2)
    X = np.column_stack([X, X.sum(axis=1)])
    assert abs(np.linalg.det(X.T @ X)) < 1e-6
    w = normal_equation(X, y)
    assert w == pytest.approx(np.linalg.pinv(X) @ y)
    assert X @ w == pytest.approx(X[:, :2] @ normal_equation(X[:, :2], y))


@pytest.mark.parametrize("collinear", [False, True])
def test_estimator_agrees_with_scikit_learn(collinear):
    X, y = data()
    if collinear:
        X = np.column_stack([X, X[:, 0] - X[:, 1]])
    ours, theirs = LinearRegression().fit(X, y), linear_model.LinearRegression().fit(X, y)
    assert ours.w_ == pytest.approx(theirs.coef_) and ours.b_ == pytest.approx(theirs.intercept_)
    assert ours.predict(X + 1) == pytest.approx(theirs.predict(X + 1))


def test_several_targets_are_several_single_ones():
    X, y = data()
    Y = np.column_stack([y, y**2])
    both = LinearRegression().fit(X, Y)
    assert both.w_.shape == (3, 2) and both.b_.shape == (2,)
    assert both.predict(X)[:, 1] == pytest.approx(LinearRegression().fit(X, y**2).predict(X))


def test_float32_stays_and_inputs_are_not_modified():
    X, y = (array.astype(np.float32) for array in data())
    before = X.copy(), y.copy()
    assert normal_equation(X, y, add_ones=True).dtype == np.float32
    assert LinearRegression().fit(X, y).predict(X).dtype == np.float32
    assert (X == before[0]).all() and (y == before[1]).all()


def test_error_texts():
    with pytest.raises(ValueError, match=r"y has shape \(2,\), expected \(3,\) to match x \(3,\)"):
        fit_line(np.arange(3), np.arange(2))
    with pytest.raises(ValueError, match="x holds fewer than two different values"):
        fit_line(np.ones(3), np.arange(3))
    with pytest.raises(ValueError, match=r"y has shape \(2,\), expected \(3,\) to match X \(3, 1\)"):
        normal_equation(np.ones((3, 1)), np.ones(2))
    with pytest.raises(ValueError, match=r"X has shape \(1, 2\), expected \(\*, 3\)"):
        LinearRegression().fit(*data()).predict(np.ones((1, 2)))
