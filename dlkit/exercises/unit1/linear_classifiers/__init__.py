"""Exercises of the notebook on linear classifiers, in the order of the notebook."""

from __future__ import annotations

from dlkit.exercises.unit1.linear_classifiers.cross_entropy import SOFTMAX_CE_GRADIENT
from dlkit.exercises.unit1.linear_classifiers.fit import LOGISTIC_FIT
from dlkit.exercises.unit1.linear_classifiers.gradient import LOGISTIC_GRADIENT
from dlkit.exercises.unit1.linear_classifiers.softmax import SOFTMAX_REGRESSION_FIT
from dlkit.exercises.unit1.linear_classifiers.svm import SVM_FIT
from dlkit.exercises.unit1.linear_classifiers.unit import FIT_UNIT, WHICH_BOUNDARY

EXERCISES = (WHICH_BOUNDARY, LOGISTIC_GRADIENT, LOGISTIC_FIT, FIT_UNIT, SOFTMAX_CE_GRADIENT, SOFTMAX_REGRESSION_FIT, SVM_FIT)
