"""Losses for regression: hand-computed numbers, reductions, gradients, messages."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.gradient_check import check_gradients, numerical_gradient, relative_error
from dlkit.numpy.losses_regression import half_squared_error, huber, mae, mse, sum_squared_residuals

LOSSES = [mse, mae, huber, half_squared_error, sum_squared_residuals]


@pytest.fixture
def rng():
    return np.random.default_rng(22)


@pytest.mark.parametrize(
    ("loss", "options", "values", "slopes"),
    [  # residuals 0.5, -3, 0, 1
        (mse, {}, [0.25, 9, 0, 1], [1, -6, 0, 2]),
        (sum_squared_residuals, {}, [0.25, 9, 0, 1], [1, -6, 0, 2]),
        (half_squared_error, {}, [0.125, 4.5, 0, 0.5], [0.5, -3, 0, 1]),
        (mae, {}, [0.5, 3, 0, 1], [1, -1, 0, 1]),
        (huber, {}, [0.125, 2.5, 0, 0.5], [0.5, -1, 0, 1]),
        (huber, {"delta": 2.0}, [0.125, 4, 0, 0.5], [0.5, -2, 0, 1]),
        (huber, {"delta": 0.5}, [0.125, 1.375, 0, 0.375], [0.5, -0.5, 0, 0.5]),
    ],
)
def test_by_hand_in_all_reductions(loss, options, values, slopes):
    prediction, target = [1.5, -2.0, 7.0, 0.0], [1.0, 1.0, 7.0, -1.0]
    got, gradient = loss(prediction, target, reduction="none", **options)
    assert got.tolist() == values and gradient.tolist() == slopes
    got, gradient = loss(prediction, target, reduction="sum", **options)
    assert got == sum(values) and gradient.tolist() == slopes
    got, gradient = loss(prediction, target, reduction="mean", **options)
    assert got == sum(values) / 4 and gradient.tolist() == [slope / 4 for slope in slopes]


def test_default_reductions():
    ones, zeros = np.ones((2, 3)), np.zeros((2, 3))
    assert mse(ones, zeros)[0] == 1.0 and mae(ones, zeros)[0] == 1.0 and huber(ones, zeros)[0] == 0.5
    assert sum_squared_residuals(ones, zeros)[0] == 6.0 and half_squared_error(ones, zeros)[0] == 3.0


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_against_central_differences(loss, rng):
    prediction, target = rng.standard_normal((3, 5)) * 2, rng.standard_normal((3, 5))
    check_gradients(
        lambda P: loss(P, target, reduction="none"),
        lambda dout, slope: dout * slope,
        {"prediction": prediction},
        rng,
        tolerance=1e-8,
    )
    for reduction in ("mean", "sum"):
        numerical = numerical_gradient(lambda P, how=reduction: loss(P, target, reduction=how)[0], prediction)
        assert relative_error(loss(prediction, target, reduction=reduction)[1], numerical) < 1e-8


@pytest.mark.parametrize("loss", LOSSES)
def test_dtype_of_the_prediction_float_value_inputs_untouched(loss):
    prediction, target = np.float32([1.0, 2.0]), np.array([1, 0])
    prediction.flags.writeable = target.flags.writeable = False
    value, gradient = loss(prediction, target)
    assert type(value) is float and gradient.dtype == np.float32
    assert loss(prediction, target, reduction="none")[0].dtype == np.float32
    assert loss([1, 2], np.float32([0, 0]))[1].dtype == np.float64
    assert prediction.tolist() == [1.0, 2.0] and target.tolist() == [1, 0]


@pytest.mark.parametrize("loss", LOSSES)
def test_messages(loss):
    with pytest.raises(
        ValueError, match=r"target has shape \(3,\), expected \(3, 1\) to match prediction \(3, 1\)"
    ):
        loss(np.zeros((3, 1)), np.zeros(3))
    with pytest.raises(ValueError, match="reduction is 'average', expected one of 'mean', 'sum', 'none'"):
        loss([1.0], [1.0], reduction="average")
    with pytest.raises(ValueError, match="no element to average"):
        loss([], [], reduction="mean")


def test_huber_wants_a_positive_delta():
    with pytest.raises(ValueError, match="delta is 0, expected a positive number"):
        huber([1.0], [1.0], delta=0)
