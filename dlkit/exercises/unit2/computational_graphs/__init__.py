"""Exercises of the notebook on computational graphs."""

from __future__ import annotations

from dlkit.exercises.unit2.computational_graphs.backward import GRAPH_BACKWARD
from dlkit.exercises.unit2.computational_graphs.forward import GRAPH_FORWARD
from dlkit.exercises.unit2.computational_graphs.order import TOPOLOGICAL_ORDER
from dlkit.exercises.unit2.computational_graphs.predict import PREDICTED_GRADIENTS
from dlkit.exercises.unit2.computational_graphs.shared import SHARED_WEIGHT_GRADIENT
from dlkit.exercises.unit2.computational_graphs.unmask import REVEALING_GRAPH
from dlkit.exercises.unit2.computational_graphs.value import VALUE

EXERCISES = (GRAPH_FORWARD, PREDICTED_GRADIENTS, GRAPH_BACKWARD, REVEALING_GRAPH, TOPOLOGICAL_ORDER, VALUE,
             SHARED_WEIGHT_GRADIENT)
