"""Exercises of the notebook on initialisation and numerical stability."""

from dlkit.exercises.unit2.initialization_and_stability.gain import WEIGHT_STD
from dlkit.exercises.unit2.initialization_and_stability.he import HE
from dlkit.exercises.unit2.initialization_and_stability.highway import RESIDUAL_BACKWARD
from dlkit.exercises.unit2.initialization_and_stability.orthogonal import ORTHOGONAL
from dlkit.exercises.unit2.initialization_and_stability.start import START_WEIGHTS
from dlkit.exercises.unit2.initialization_and_stability.sums import LOG_SUM_EXP
from dlkit.exercises.unit2.initialization_and_stability.symmetry import SYMMETRIC_START
from dlkit.exercises.unit2.initialization_and_stability.variance import FORWARD_VARIANCE
from dlkit.exercises.unit2.initialization_and_stability.xavier import XAVIER

EXERCISES = (SYMMETRIC_START, FORWARD_VARIANCE, XAVIER, HE, WEIGHT_STD, START_WEIGHTS, ORTHOGONAL, RESIDUAL_BACKWARD,
             LOG_SUM_EXP)
