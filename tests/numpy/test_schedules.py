"""Schedules of the learning rate: shapes, borders, messages, and `fit` that follows one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlkit.numpy import schedules as S
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent

FALLING = {
    "inverse time": S.inverse_time_decay(0.3, 0.7),
    "step": S.step_decay(0.3, 3, 0.5),
    "exponential": S.exponential_decay(0.3, 0.9),
    "cosine": S.cosine_annealing(0.3, 9, 0.02),
}


@pytest.mark.parametrize("name", FALLING)
def test_they_begin_at_the_rate_and_fall(name):
    rates = [FALLING[name](epoch) for epoch in range(10)]
    assert rates[0] == pytest.approx(0.3)
    assert all(a >= b > 0 for a, b in zip(rates[:-1], rates[1:], strict=True)) and rates[-1] < 0.2


def test_formulas():
    assert FALLING["inverse time"](5) == pytest.approx(0.3 / (1 + 0.7 * 5))
    assert S.inverse_time_decay(0.3, 0)(100) == 0.3
    assert [FALLING["step"](epoch) for epoch in (2, 3, 5, 6)] == [0.3, 0.15, 0.15, 0.075]
    assert FALLING["exponential"](4) == pytest.approx(0.3 * 0.9**4)
    assert FALLING["cosine"](3) == pytest.approx(0.02 + 0.28 * (1 + math.cos(math.pi / 3)) / 2)
    assert FALLING["cosine"](9) == FALLING["cosine"](90) == pytest.approx(0.02)


def test_warmup():
    climb = S.linear_warmup(0.3, 3)
    np.testing.assert_allclose([climb(epoch) for epoch in range(5)], [0.1, 0.2, 0.3, 0.3, 0.3])
    both = S.warmup_cosine(0.3, 3, 12, 0.02)
    np.testing.assert_allclose([both(e) for e in range(12)], [climb(e) if e < 3 else FALLING["cosine"](e - 3) for e in range(12)])
    none = S.warmup_cosine(0.3, 0, 9, 0.02)
    assert [none(e) for e in range(9)] == [FALLING["cosine"](e) for e in range(9)]


def test_plateau():
    schedule = S.ReduceOnPlateau(1.0, factor=0.5, patience=1, lr_min=0.2)
    rates = []
    for epoch, loss in enumerate([4.0, 3.0, 3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]):
        rates.append(schedule(epoch))
        schedule.update(loss)
    assert rates == [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2]


def test_an_improvement_has_to_be_larger_than_the_threshold():
    schedule = S.ReduceOnPlateau(1.0, factor=0.5, patience=0, threshold=0.1)
    schedule.update(10.0)
    schedule.update(9.5)  # less than a tenth better
    assert schedule(2) == 0.5
    schedule.update(8.9)
    assert schedule(3) == 0.5


def test_fit_sets_the_rate_before_each_epoch():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(8, 2))
    asked, optimizer, seen = [], GradientDescent(lr=9.0), []

    def schedule(epoch):
        asked.append(epoch)
        return 0.1 / (1 + epoch)

    mlp([2, 1], rng).fit(X, X[:, :1], mse, optimizer, 4, 3, rng, schedule=schedule,
                         callback=lambda epoch, record: seen.append(optimizer.lr))
    assert asked == [0, 1, 2, 3] and seen == [0.1, 0.05, 0.1 / 3, 0.025] and optimizer.lr == 0.025


def test_a_constant_schedule_changes_nothing():
    X = np.random.default_rng(1).normal(size=(8, 2))

    def trained(**options):
        rng = np.random.default_rng(2)
        network = mlp([2, 3, 1], rng)
        network.fit(X, X[:, :1], mse, GradientDescent(lr=0.1), 5, 3, rng, **options)
        return network.predict(X)

    assert np.array_equal(trained(), trained(schedule=lambda epoch: 0.1))
    assert not np.array_equal(trained(), trained(schedule=S.exponential_decay(0.1, 0.5)))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: S.inverse_time_decay(0.0), "lr is 0.0, expected a positive number"),
        (lambda: S.inverse_time_decay(0.1, -1), "decay is -1, expected 0 or more"),
        (lambda: S.inverse_time_decay(0.1)(-1), "epoch is -1, expected 0 or more: epochs are counted from 0"),
        (lambda: S.step_decay(0.1, 0), "step_size is 0, expected a whole number, at least 1"),
        (lambda: S.step_decay(0.1, 2.5), "step_size is 2.5"),
        (lambda: S.exponential_decay(0.1, 0), "gamma is 0, expected a positive number"),
        (lambda: S.cosine_annealing(0.1, 5, 0.2), "lr_min is 0.2, expected 0 to lr = 0.1"),
        (lambda: S.linear_warmup(0.1, 0), "warmup is 0"),
        (lambda: S.warmup_cosine(0.1, 5, 5), "epochs is 5, expected more than warmup = 5"),
        (lambda: S.ReduceOnPlateau(0.1, factor=1), "factor is 1, expected more than 0 and less than 1"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
