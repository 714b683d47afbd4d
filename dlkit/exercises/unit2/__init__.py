"""Exercises of unit 2, training deep networks: one module for each notebook."""

from __future__ import annotations

from dlkit.exercises.unit2 import (
    backpropagation,
    computational_graphs,
    gradient_clipping_and_curvature,
    gradient_descent,
    initialization_and_stability,
    normalization,
    optimizers,
    training_in_practice,
)

_NOTEBOOKS = (computational_graphs, backpropagation, gradient_descent, optimizers, gradient_clipping_and_curvature,
              initialization_and_stability, normalization, training_in_practice)
EXERCISES = tuple(exercise for notebook in _NOTEBOOKS for exercise in notebook.EXERCISES)
