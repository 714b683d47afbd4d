"""Exercises of the notebook on gradient descent: a line by steps, learning rates, mini-batches, schedules, moving averages."""

from __future__ import annotations

from dlkit.exercises.model import Exercise
from dlkit.exercises.unit2.gradient_descent.averages import EWMA
from dlkit.exercises.unit2.gradient_descent.batches import MINIBATCHES, SGD_EPOCH
from dlkit.exercises.unit2.gradient_descent.line import GD_FIT, SSR_GRADIENT
from dlkit.exercises.unit2.gradient_descent.rates import LARGEST_STABLE_RATE, PREDICTED_RATES
from dlkit.exercises.unit2.gradient_descent.schedules import DECAYED_RATES, WARMUP_COSINE

EXERCISES: tuple[Exercise, ...] = (SSR_GRADIENT, GD_FIT, PREDICTED_RATES, LARGEST_STABLE_RATE, SGD_EPOCH, MINIBATCHES,
                                   DECAYED_RATES, WARMUP_COSINE, EWMA)
