"""Losses for classification: hand-computed numbers, gradients, extremes, mutual agreement, messages."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.gradient_check import check_gradients, numerical_gradient, relative_error
from dlkit.numpy.losses_classification import (
    bce,
    bce_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    hinge,
    multiclass_hinge,
    multilabel_bce_with_logits,
    perceptron_criterion,
    sparse_categorical_cross_entropy,
)
from dlkit.numpy.softmax import softmax

N, K = 7, 3
RNG = np.random.default_rng(23)
SCORES = RNG.standard_normal((N, K))
PROBABILITIES = softmax(SCORES)
LABELS = np.array([0, 1, 2, 2, 1, 0, 2])
ONE_HOT = np.eye(K)[LABELS]
SOFT = softmax(RNG.standard_normal((N, K)))
BITS = RNG.integers(0, 2, (N, K)).astype(float)
SIDES = 2 * BITS - 1

CASES = {
    "bce": (bce, PROBABILITIES, BITS, {}),
    "bce soft": (bce, PROBABILITIES, SOFT, {}),
    "bce_with_logits": (bce_with_logits, SCORES, BITS, {}),
    "bce_with_logits soft": (bce_with_logits, SCORES, SOFT, {}),
    "multilabel": (multilabel_bce_with_logits, SCORES, BITS, {}),
    "cross_entropy labels": (cross_entropy, SCORES, LABELS, {}),
    "cross_entropy one-hot": (cross_entropy, SCORES, ONE_HOT, {}),
    "cross_entropy soft": (cross_entropy, SCORES, SOFT, {}),
    "cross_entropy not normalised": (cross_entropy, SCORES, 2.5 * SOFT, {}),
    "categorical": (categorical_cross_entropy, PROBABILITIES, ONE_HOT, {}),
    "categorical soft": (categorical_cross_entropy, PROBABILITIES, SOFT, {}),
    "sparse": (sparse_categorical_cross_entropy, PROBABILITIES, LABELS, {}),
    "perceptron": (perceptron_criterion, SCORES, SIDES, {}),
    "hinge": (hinge, SCORES, SIDES, {}),
    "hinge margin": (hinge, SCORES, SIDES, {"margin": 0.3}),
    "multiclass_hinge": (multiclass_hinge, SCORES, LABELS, {}),
    "multiclass_hinge squared": (multiclass_hinge, SCORES, LABELS, {"power": 2, "margin": 1.5}),
}
each_case = pytest.mark.parametrize(
    ("loss", "prediction", "target", "options"), CASES.values(), ids=CASES.keys()
)


@each_case
def test_gradient_against_central_differences(loss, prediction, target, options):
    def backward(dout, gradient):
        return (dout if dout.ndim == 2 else dout[:, None]) * gradient  # one loss per element, or per row

    check_gradients(
        lambda P: loss(P, target, reduction="none", **options),
        backward,
        {"prediction": prediction},
        np.random.default_rng(1),
        tolerance=1e-7,
    )


@each_case
def test_reductions_agree(loss, prediction, target, options):
    values, gradient = loss(prediction, target, reduction="none", **options)
    assert math.isclose(loss(prediction, target, reduction="sum", **options)[0], values.sum())
    mean, mean_gradient = loss(prediction, target, **options)
    assert math.isclose(mean, values.mean())
    np.testing.assert_allclose(mean_gradient, gradient / values.size)
    numerical = numerical_gradient(lambda P: loss(P, target, **options)[0], prediction)
    assert relative_error(mean_gradient, numerical) < 1e-7
    with pytest.raises(ValueError, match="reduction is 'batchmean', expected one of"):
        loss(prediction, target, reduction="batchmean", **options)


@each_case
def test_dtype_of_the_prediction_float_value_inputs_untouched(loss, prediction, target, options):
    small, target = prediction.astype(np.float32), target.copy()
    kept = small.copy(), target.copy()
    small.flags.writeable = target.flags.writeable = False
    value, gradient = loss(small, target, **options)
    assert type(value) is float and gradient.dtype == np.float32 and gradient.shape == small.shape
    assert loss(small, target, reduction="none", **options)[0].dtype == np.float32
    np.testing.assert_array_equal(small, kept[0])
    np.testing.assert_array_equal(target, kept[1])


def test_cross_entropies_agree_with_each_other():
    values = [
        cross_entropy(SCORES, LABELS),
        cross_entropy(SCORES, ONE_HOT),
        cross_entropy(SCORES, ONE_HOT.astype(int)),
        categorical_cross_entropy(PROBABILITIES, ONE_HOT),
        sparse_categorical_cross_entropy(PROBABILITIES, LABELS),
    ]
    np.testing.assert_allclose([value for value, _ in values], values[0][0], rtol=1e-13)
    np.testing.assert_allclose(values[0][1], (PROBABILITIES - ONE_HOT) / N, atol=1e-15)
    np.testing.assert_allclose(values[1][1], values[0][1], atol=1e-15)
    probability = sigmoid(SCORES)
    np.testing.assert_allclose(bce_with_logits(SCORES, BITS)[0], bce(probability, BITS)[0], rtol=1e-13)
    np.testing.assert_allclose(
        multilabel_bce_with_logits(SCORES, BITS)[0], K * bce_with_logits(SCORES, BITS)[0]
    )


def test_cross_entropy_of_a_sequence_averages_over_its_steps():
    logits, labels = SCORES[:6].reshape(2, 3, K), LABELS[:6].reshape(2, 3)
    value, gradient = cross_entropy(logits, labels)
    flat_value, flat_gradient = cross_entropy(SCORES[:6], LABELS[:6])
    assert math.isclose(value, flat_value)
    np.testing.assert_allclose(gradient.reshape(6, K), flat_gradient)


def test_by_hand():
    ln2 = math.log(2)
    assert math.isclose(bce([0.5, 0.25], [1, 0])[0], (ln2 + math.log(4 / 3)) / 2)
    assert math.isclose(bce_with_logits([math.log(3)], [0])[0], math.log(4))
    assert math.isclose(cross_entropy(np.log([[1.0, 2.0, 5.0]]), [1])[0], math.log(4))
    assert math.isclose(multilabel_bce_with_logits([[0.0, 0.0]], [[0, 1]])[0], 2 * ln2)
    values, _ = multiclass_hinge([[1.0, 3.0, 2.0], [5.0, 1.0, 4.5]], [2, 0], reduction="none")
    assert values.tolist() == [2.0, 0.5]
    value, gradient = multiclass_hinge([[1.0, 3.0, 2.0], [5.0, 1.0, 4.5]], [2, 0], power=2)
    assert value == (4 + 0.25) / 2 and gradient.tolist() == [[0, 2, -2], [-0.5, 0, 0.5]]


def test_extreme_scores():
    scores = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bce_with_logits(scores, [[1, 0], [1, 0]], reduction="none")[0].tolist() == [
            [0, 0],
            [1000, 1000],
        ]
        assert cross_entropy(scores, [0, 0], reduction="none")[0].tolist() == [0, 2000]
        assert cross_entropy(scores, [0, 0], reduction="none")[1].tolist() == [[0, 0], [-1, 1]]
        assert bce(sigmoid(scores), [[1, 0], [1, 0]], reduction="none")[0].tolist() == [[0, 0], [100, 100]]
        value, gradient = categorical_cross_entropy(softmax(scores), [[1, 0], [1, 0]], reduction="none")
        assert value.tolist() == [0, 100] and np.isfinite(gradient).all()
        value, gradient = sparse_categorical_cross_entropy(softmax(scores), [0, 0], reduction="none")
        assert value.tolist() == [0, 100] and np.isfinite(gradient).all()


def test_kinks_have_slope_zero():
    assert perceptron_criterion([0.0], [1])[1].tolist() == [0]
    assert hinge([1.0], [1])[1].tolist() == [0]
    assert multiclass_hinge([[1.0, 0.0]], [0])[1].tolist() == [[0, 0]]


def test_messages():
    with pytest.raises(ValueError, match="probability has values from -1 to 2, expected 0 to 1; scores"):
        bce([2.0, -1.0], [0, 1])
    with pytest.raises(ValueError, match="target has values from -1 to 1, expected 0 to 1"):
        bce_with_logits([2.0, -1.0], [-1, 1])
    with pytest.raises(ValueError, match=r"target has shape \(2,\), expected \(2, 1\) to match logits"):
        bce_with_logits([[2.0], [-1.0]], [0, 1])
    with pytest.raises(ValueError, match=r"target has shape \(3,\), expected \(2,\)"):
        cross_entropy(np.zeros((2, 3)), [0, 1, 2])
    with pytest.raises(ValueError, match="target has labels from 0 to 3, expected 0 to 2 for 3 classes"):
        cross_entropy(np.zeros((2, 3)), [0, 3])
    with pytest.raises(TypeError, match="target has dtype float64, expected integer class labels"):
        cross_entropy(np.zeros((2, 3)), [0.0, 1.0])
    with pytest.raises(ValueError, match=r"logits has shape \(2, 0\), expected \(N, K\) with at least one"):
        cross_entropy(np.zeros((2, 0)), [0, 1])
    with pytest.raises(ValueError, match="one_hot has values from 0 to 7, expected 0 to 1"):
        categorical_cross_entropy([[0.5, 0.5]], [[0, 7]])
    with pytest.raises(ValueError, match="target has the value 0, expected only -1 and 1"):
        hinge([1.0, 1.0], [0, 1])
    with pytest.raises(ValueError, match="target has the value 0, expected only -1 and 1"):
        perceptron_criterion([1.0, 1.0], [0, 1])
    with pytest.raises(ValueError, match="power is 3, expected one of 1, 2"):
        multiclass_hinge([[1.0, 1.0]], [0], power=3)
    with pytest.raises(ValueError, match="no element to average"):
        cross_entropy(np.zeros((0, 3)), np.zeros(0, dtype=int))
