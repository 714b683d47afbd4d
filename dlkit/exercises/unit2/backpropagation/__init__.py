"""Exercises of the notebook on backpropagation: from one neuron to a network that trains, and the tests that catch slips."""

from __future__ import annotations

from dlkit.exercises.unit2.backpropagation.checker import GRADIENT_ERROR
from dlkit.exercises.unit2.backpropagation.dense import ACTIVATION_BACKWARD, DENSE_BACKWARD
from dlkit.exercises.unit2.backpropagation.loop import TRAIN_NETWORK
from dlkit.exercises.unit2.backpropagation.network import MLP_BACKWARD
from dlkit.exercises.unit2.backpropagation.neuron import NEURON_GRADIENTS
from dlkit.exercises.unit2.backpropagation.nine import NINE_DERIVATIVES
from dlkit.exercises.unit2.backpropagation.student_tests import ACCEPTS_BACKWARD
from dlkit.exercises.unit2.backpropagation.wrong_line import FIRST_WRONG_LINE

EXERCISES = (NEURON_GRADIENTS, NINE_DERIVATIVES, GRADIENT_ERROR, DENSE_BACKWARD, ACCEPTS_BACKWARD, ACTIVATION_BACKWARD,
             MLP_BACKWARD, FIRST_WRONG_LINE, TRAIN_NETWORK)
