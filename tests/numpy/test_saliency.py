"""Saliency: gradients of scores with respect to inputs."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets

from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.preprocessing import standardize
from dlkit.numpy.saliency import saliency, saliency_feature_ranking, select_features


def network_and_data(seed: int = 0):
    rng = np.random.default_rng(seed)
    return mlp([5, 7, 3], rng), rng.standard_normal((11, 5)), rng.integers(3, size=11)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_matches_central_differences_of_one_score(index):
    model, X, _ = network_and_data()
    gradient = numerical_gradient(lambda moved: model.predict(moved)[:, index].sum(), X)
    assert relative_error(saliency(model, X, index), np.abs(gradient)) < 1e-7


def test_one_class_per_row():
    model, X, y = network_and_data()
    together = saliency(model, X, y)
    for row in range(11):
        assert together[row] == pytest.approx(saliency(model, X[row : row + 1], int(y[row]))[0])


def test_ranking_sums_correct_rows_and_classes_add_up():
    model, X, y = network_and_data()
    correct = model.predict(X).argmax(axis=1) == y
    assert 0 < correct.sum() < 11
    total = saliency_feature_ranking(model, X, y)
    assert total == pytest.approx(saliency(model, X[correct], y[correct]).sum(axis=0))
    per_class = saliency_feature_ranking(model, X, y, per_class=True)
    assert per_class.shape == (3, 5) and per_class.sum(axis=0) == pytest.approx(total)
    of_two = correct & (y == 2)
    assert per_class[2] == pytest.approx(saliency(model, X[of_two], 2).sum(axis=0))


def test_finds_the_features_that_matter_among_noise():
    rng = np.random.default_rng(1)
    X, y = datasets.load_wine(return_X_y=True)
    X = standardize(np.hstack([rng.standard_normal((len(X), 13)), X]))  # columns 0 to 12 are noise
    model = mlp([26, 8, 3], rng)
    model.fit(X, y, cross_entropy, GradientDescent(lr=0.2), 100, 32, rng)
    chosen = select_features(saliency_feature_ranking(model, X, y), 5)
    assert (chosen >= 13).all()


def test_select_features_orders_and_breaks_ties_by_position():
    assert select_features([1, 3, 2, 3], 3).tolist() == [1, 3, 2]


def test_inputs_are_not_modified():
    model, X, y = network_and_data()
    before = X.copy()
    saliency_feature_ranking(model, X, y)
    assert (X == before).all()


def test_error_texts():
    model, X, y = network_and_data()
    with pytest.raises(ValueError, match="class_index .* 3"):
        saliency(model, X, 3)
    with pytest.raises(ValueError, match=r"class_index has shape \(2,\), expected \(11,\)"):
        saliency(model, X, [0, 1])
    with pytest.raises(TypeError, match="class_index has dtype float64"):
        saliency(model, X, 1.0)
    with pytest.raises(ValueError, match=r"y has shape \(10,\), expected \(11,\) to match X \(11, 5\)"):
        saliency_feature_ranking(model, X, y[1:])
    with pytest.raises(ValueError, match="k is 4, expected 1 to 3"):
        select_features([1, 2, 3], 4)
