"""Exercises of the notebook on optimizers, in the order of the notebook.

A step is judged in a walk: the state that one call returns goes into the next, as in training. Cases give the arguments of the
first call and the gradients of the later ones.
"""

from __future__ import annotations

from dlkit.exercises.unit2.optimizers.adagrad import ADAGRAD_STEP
from dlkit.exercises.unit2.optimizers.adam import ADAM_STEP
from dlkit.exercises.unit2.optimizers.adamw import ADAMW_STEP
from dlkit.exercises.unit2.optimizers.momentum import MOMENTUM_STEP
from dlkit.exercises.unit2.optimizers.nesterov import NESTEROV_STEP
from dlkit.exercises.unit2.optimizers.ravine import CROSS_THE_RAVINE
from dlkit.exercises.unit2.optimizers.rmsprop import RMSPROP_STEP
from dlkit.exercises.unit2.optimizers.short import MATCHING_RATE, PREDICTED_FIRST_MOVES

EXERCISES = (MOMENTUM_STEP, MATCHING_RATE, NESTEROV_STEP, ADAGRAD_STEP, RMSPROP_STEP, PREDICTED_FIRST_MOVES, ADAM_STEP,
             ADAMW_STEP, CROSS_THE_RAVINE)
