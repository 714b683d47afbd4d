"""Exercises of unit 1, shallow networks: one module for each notebook."""

from __future__ import annotations

from dlkit.exercises.unit1 import (
    activation_functions,
    autoencoders,
    hierarchical_softmax_and_saliency,
    linear_classifiers,
    linear_regression,
    losses,
    multilayer_perceptron,
    neurons,
    perceptrons,
)

_NOTEBOOKS = (neurons, perceptrons, activation_functions, losses, linear_regression, linear_classifiers,
              multilayer_perceptron, hierarchical_softmax_and_saliency, autoencoders)
EXERCISES = tuple(exercise for notebook in _NOTEBOOKS for exercise in notebook.EXERCISES)
