"""Exercises of the notebook on activation functions, family by family, in the order of the notebook."""

from __future__ import annotations

from dlkit.exercises.unit1.activation_functions.exponential import ELU, SELU
from dlkit.exercises.unit1.activation_functions.gradient import NUMERICAL_GRADIENT
from dlkit.exercises.unit1.activation_functions.output import OUTPUT_ACTIVATION
from dlkit.exercises.unit1.activation_functions.rectifiers import BIAS_GRADIENT, LEAKY_RELU, PRELU, RELU
from dlkit.exercises.unit1.activation_functions.smooth import SIGMOID, TANH_DERIVATIVE
from dlkit.exercises.unit1.activation_functions.softmax import SOFTMAX, SOFTMAX_BACKWARD

EXERCISES = (NUMERICAL_GRADIENT, SIGMOID, TANH_DERIVATIVE, RELU, BIAS_GRADIENT, LEAKY_RELU, PRELU, ELU, SELU,
             SOFTMAX, SOFTMAX_BACKWARD, OUTPUT_ACTIVATION)
