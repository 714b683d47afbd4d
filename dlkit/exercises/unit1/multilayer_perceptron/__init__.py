"""Exercises of the notebook on the multilayer perceptron, in the order of the notebook.

Shapes throughout: x (D,), W1 (D, H), b1 (H,), W2 (H, M), b2 (M,), target (M,). The 4-2-1 network of the lecture notes is one
case; the others are drawn, with other shapes.
"""

from __future__ import annotations

from dlkit.exercises.unit1.multilayer_perceptron.errors import ERROR_TERMS
from dlkit.exercises.unit1.multilayer_perceptron.first_pass import FIRST_PASS
from dlkit.exercises.unit1.multilayer_perceptron.second_pass import SECOND_PASS
from dlkit.exercises.unit1.multilayer_perceptron.shapes import COUNT_PARAMETERS, MLP_FORWARD
from dlkit.exercises.unit1.multilayer_perceptron.slip import FIND_THE_SLIP
from dlkit.exercises.unit1.multilayer_perceptron.update import UPDATE_PARAMETERS
from dlkit.exercises.unit1.multilayer_perceptron.xor import TRAIN_XOR

EXERCISES = (COUNT_PARAMETERS, MLP_FORWARD, FIRST_PASS, FIND_THE_SLIP, ERROR_TERMS, UPDATE_PARAMETERS, SECOND_PASS,
             TRAIN_XOR)
