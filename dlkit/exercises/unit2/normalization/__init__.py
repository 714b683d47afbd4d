"""Exercises of the notebook on normalisation, in its order."""

from __future__ import annotations

from dlkit.exercises.unit2.normalization.backward import BATCH_NORM_BACKWARD
from dlkit.exercises.unit2.normalization.counting import PREDICTED_MEANS
from dlkit.exercises.unit2.normalization.folding import FOLD_BATCH_NORM
from dlkit.exercises.unit2.normalization.forward import BATCH_NORM_FORWARD
from dlkit.exercises.unit2.normalization.groups import GROUP_NORM_FORWARD
from dlkit.exercises.unit2.normalization.layers import LAYER_NORM_FORWARD
from dlkit.exercises.unit2.normalization.running import RUNNING_STATISTICS

EXERCISES = (BATCH_NORM_FORWARD, BATCH_NORM_BACKWARD, RUNNING_STATISTICS, FOLD_BATCH_NORM, LAYER_NORM_FORWARD,
             PREDICTED_MEANS, GROUP_NORM_FORWARD)
