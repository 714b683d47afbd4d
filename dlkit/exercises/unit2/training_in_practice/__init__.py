"""Exercises of the notebook on training in practice."""

from __future__ import annotations

from dlkit.exercises.unit2.training_in_practice.digits import DIGITS_CLASSIFIER
from dlkit.exercises.unit2.training_in_practice.matrices import CONFUSION_MATRIX, PRECISION_RECALL_F1, READING
from dlkit.exercises.unit2.training_in_practice.searching import GRID_SEARCH
from dlkit.exercises.unit2.training_in_practice.splitting import TRAIN_VAL_TEST_SPLIT
from dlkit.exercises.unit2.training_in_practice.tables import IMPUTE
from dlkit.exercises.unit2.training_in_practice.words import BAG_OF_WORDS

EXERCISES = (TRAIN_VAL_TEST_SPLIT, IMPUTE, BAG_OF_WORDS, READING, CONFUSION_MATRIX, PRECISION_RECALL_F1, GRID_SEARCH,
             DIGITS_CLASSIFIER)
