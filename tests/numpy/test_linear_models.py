"""One linear layer under several losses: gradients, and learning on real data."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets
from sklearn import linear_model as sk

from dlkit.exercises import find
from dlkit.numpy.activations import sigmoid, step
from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.least_squares import LinearRegression
from dlkit.numpy.linear_models import (
    LinearSVM,
    LogisticRegression,
    SingleLayerModel,
    SoftmaxRegression,
    linear_scores,
    logistic_gradient,
    softmax_regression_gradient,
)
from dlkit.numpy.losses_classification import (
    bce_with_logits,
    cross_entropy,
    hinge,
    multiclass_hinge,
    perceptron_criterion,
)
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.preprocessing import StandardScaler, one_hot, train_test_split
from dlkit.numpy.softmax import softmax


def split(load, seed: int = 0):
    """Standardised training and test rows of a data set of scikit-learn."""
    X, y = load(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, 0.3, np.random.default_rng(seed))
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test


@pytest.fixture(scope="module")
def cancer():
    return split(datasets.load_breast_cancer)


@pytest.fixture(scope="module")
def wine():
    return split(datasets.load_wine)


def accuracy(model, X, y) -> float:
    return float((model.predict(X) == y).mean())


def test_linear_scores_by_hand():
    assert linear_scores([[1, 2]], [[3, 4, 5], [6, 7, 8]], [1, 0, -1]).tolist() == [[16, 18, 20]]
    assert linear_scores([[1, 2]], [3, 4], 0.5).tolist() == [11.5]


def test_logistic_gradient_matches_central_differences_and_the_formula():
    rng = np.random.default_rng(0)
    X, y, w, b = rng.standard_normal((7, 5)), rng.integers(2, size=7), rng.standard_normal(5), 0.3
    loss, dw, db = logistic_gradient(X, y, w, b)
    assert relative_error(dw, numerical_gradient(lambda v: logistic_gradient(X, y, v, b)[0], w)) < 1e-7
    assert db == pytest.approx(numerical_gradient(lambda v: logistic_gradient(X, y, w, v)[0], b), abs=1e-8)
    p = sigmoid(X @ w + b)
    assert loss == pytest.approx(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
    assert dw == pytest.approx((p - y) @ X / 7) and db == pytest.approx((p - y).mean())


def test_softmax_gradient_matches_central_differences_and_the_formula():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((7, 5)), rng.integers(3, size=7)
    W, b = rng.standard_normal((5, 3)), rng.standard_normal(3)
    loss, dW, db = softmax_regression_gradient(X, y, W, b)
    expected = numerical_gradient(lambda moved: softmax_regression_gradient(X, y, moved, b)[0], W)
    assert relative_error(dW, expected) < 1e-7
    expected = numerical_gradient(lambda moved: softmax_regression_gradient(X, y, W, moved)[0], b)
    assert relative_error(db, expected) < 1e-7
    difference = softmax(X @ W + b) - one_hot(y, 3)
    assert dW == pytest.approx(X.T @ difference / 7) and db == pytest.approx(difference.mean(axis=0))
    assert softmax_regression_gradient(X, one_hot(y, 3), W, b)[0] == pytest.approx(loss)


@pytest.mark.parametrize(
    ("loss", "outputs"),
    [
        (mse, None),
        (bce_with_logits, None),
        (hinge, None),
        (cross_entropy, 3),
        (multiclass_hinge, 3),
        (lambda s, y: multiclass_hinge(s, y, power=2), 3),
    ],
)
def test_training_step_follows_the_gradient_of_loss_and_penalty(loss, outputs):
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((11, 5)), rng.integers(3, size=11)
    if outputs is None:
        y = np.where(y == 1, 1, -1) if loss is hinge else (y == 1).astype(float)
    kwargs = dict(outputs=outputs, lr=0.1, l2=0.3)
    two, three = (
        SingleLayerModel(loss, epochs=n, **kwargs).fit(X, y, np.random.default_rng(0)) for n in (2, 3)
    )

    def objective(W, b):
        return loss(X @ W + b, y)[0] + 0.15 * (W**2).sum()

    dW = numerical_gradient(lambda W: objective(W, two.b_), two.W_)
    db = numerical_gradient(lambda b: objective(two.W_, b), two.b_)
    assert three.W_ == pytest.approx(two.W_ - 0.1 * dW, abs=1e-8)
    assert three.b_ == pytest.approx(two.b_ - 0.1 * db, abs=1e-8)
    assert three.loss_history_[2] == pytest.approx(objective(two.W_, two.b_))


def test_logistic_regression_on_breast_cancer(cancer):
    X, X_test, y, y_test = cancer
    model = LogisticRegression(lr=0.5, epochs=500).fit(X, y)
    assert accuracy(model, X_test, y_test) > 0.95 and accuracy(model, X, y) > 0.97
    assert (np.diff(model.loss_history_) < 0).all() and model.loss_history_[0] == pytest.approx(np.log(2))
    P = model.predict_proba(X_test)
    assert ((P > 0) & (P < 1)).all()
    assert (model.predict(X_test, threshold=0.9) == (P >= 0.9)).all()


def test_logistic_regression_reaches_the_minimum_scikit_learn_finds(cancer):
    X, _, y, _ = cancer
    ours = LogisticRegression(lr=0.5, epochs=3000, l2=0.1).fit(X, y)
    theirs = sk.LogisticRegression(C=1 / (0.1 * len(X)), tol=1e-8, max_iter=1000).fit(X, y)
    assert ours.W_ == pytest.approx(theirs.coef_[0], abs=1e-3)
    assert ours.b_ == pytest.approx(theirs.intercept_[0], abs=1e-3)


@pytest.mark.parametrize("model", [SoftmaxRegression(lr=0.5), LinearSVM(), LinearSVM(power=2, lr=0.02)])
def test_multiclass_models_on_wine(wine, model):
    X, X_test, y, y_test = wine
    model.fit(X, y)
    assert accuracy(model, X, y) == 1.0 and accuracy(model, X_test, y_test) > 0.95
    assert model.W_.shape == (13, 3) and model.loss_history_[-1] < 0.2 * model.loss_history_[0]


def test_softmax_probabilities_sum_to_one_and_two_classes_are_logistic(cancer):
    X, X_test, y, _ = cancer
    two = SoftmaxRegression(lr=0.1, epochs=100).fit(X, y)
    one = LogisticRegression(lr=0.2, epochs=100).fit(X, y)  # half of each column moves: twice the rate
    assert two.predict_proba(X_test).sum(axis=1) == pytest.approx(1)
    assert two.predict_proba(X_test)[:, 1] == pytest.approx(one.predict_proba(X_test))


def test_single_layer_model_is_linear_regression(wine):
    X, X_test, _, _ = wine
    features, target = np.delete(X, 4, axis=1), X[:, 4]
    model = SingleLayerModel(mse, lr=0.1, epochs=3000).fit(features, target)
    exact = LinearRegression().fit(features, target)
    assert model.predict(features) == pytest.approx(exact.predict(features), abs=1e-4)


def test_single_layer_model_is_a_perceptron_as_good_as_scikit_learns():
    # Without a margin one split says little (0.94 to 0.98 for either), so compare the means of ten.
    ours, theirs = [], []
    for seed in range(10):
        X, X_test, y, y_test = split(datasets.load_breast_cancer, seed)
        model = SingleLayerModel(perceptron_criterion, step, lr=0.1)
        ours.append(accuracy(model.fit(X, 2 * y - 1, np.random.default_rng(0)), X_test, y_test))
        theirs.append(accuracy(sk.Perceptron(random_state=0).fit(X, y), X_test, y_test))
    assert np.mean(ours) > np.mean(theirs) - 0.01


def test_perceptron_criterion_is_flat_at_zero_and_needs_a_generator(cancer):
    X, _, y, _ = cancer
    assert (SingleLayerModel(perceptron_criterion, step).fit(X, 2 * y - 1).W_ == 0).all()


def test_number_of_classes_can_be_given():
    X, y = np.array([[-1.0], [1.0]]), np.array([0, 1])
    assert SoftmaxRegression(num_classes=5, epochs=1).fit(X, y).W_.shape == (1, 5)
    assert LinearSVM(num_classes=4, epochs=1).fit(X, y).W_.shape == (1, 4)


def test_float32_stays_and_inputs_are_not_modified(wine):
    X, _, y, _ = wine
    X = X.astype(np.float32)
    before = X.copy(), y.copy()
    for model in (SoftmaxRegression(epochs=3, l2=0.1), LinearSVM(epochs=3)):
        assert model.fit(X, y).W_.dtype == np.float32 and model.b_.dtype == np.float32
    assert LogisticRegression(epochs=3).fit(X, y == 0).predict_proba(X).dtype == np.float32
    assert (X == before[0]).all() and (y == before[1]).all()


def test_error_texts():
    X = np.ones((2, 3))
    with pytest.raises(ValueError, match=r"W has shape \(4, 2\), expected \(3, \*\) to match X \(2, 3\)"):
        linear_scores(X, np.ones((4, 2)), np.ones(2))
    with pytest.raises(ValueError, match=r"b has shape \(3,\), expected \(2,\) to match W \(3, 2\)"):
        linear_scores(X, np.ones((3, 2)), np.ones(3))
    with pytest.raises(ValueError, match=r"w has shape \(3, 1\), expected \(\*,\)"):
        logistic_gradient(X, np.ones(2), np.ones((3, 1)), 0.0)
    with pytest.raises(ValueError, match=r"W has shape \(3,\), expected \(\*, \*\)"):
        softmax_regression_gradient(X, np.zeros(2, dtype=int), np.ones(3), 0.0)
    with pytest.raises(ValueError, match=r"target has shape \(3,\), expected \(2,\)"):
        LogisticRegression().fit(X, np.ones(3))
    with pytest.raises(ValueError, match="power is 3, expected one of 1, 2"):
        LinearSVM(power=3).fit(X, np.array([0, 1]))


@pytest.mark.parametrize("power", [1, 2])
def test_the_svm_is_the_one_that_students_write(power):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    model = LinearSVM(power=power, lr=0.1, epochs=20, l2=0.01).fit(X, y)
    W, b = find("unit1.svm_fit").namespace()["svm_fit"](X, y, 0.1, 20, 0.01, power)
    np.testing.assert_allclose(model.W_, W, rtol=1e-12)
    np.testing.assert_allclose(model.b_, b, rtol=1e-12)
