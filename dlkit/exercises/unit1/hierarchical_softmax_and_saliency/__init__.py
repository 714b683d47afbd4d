"""Exercises of the notebook on hierarchical softmax and saliency, the tree first, then the inputs."""

from __future__ import annotations

from dlkit.exercises.unit1.hierarchical_softmax_and_saliency.inputs import FEATURE_SCORES, SELECT_FEATURES
from dlkit.exercises.unit1.hierarchical_softmax_and_saliency.leaves import LEAF_PROBABILITIES
from dlkit.exercises.unit1.hierarchical_softmax_and_saliency.loss import HIERARCHICAL_LOSS
from dlkit.exercises.unit1.hierarchical_softmax_and_saliency.path import PATH_PROBABILITY
from dlkit.exercises.unit1.hierarchical_softmax_and_saliency.saliency import SALIENCY
from dlkit.exercises.unit1.hierarchical_softmax_and_saliency.tree import PREDICTED_CODE_LENGTHS, PREDICTED_DECISIONS

EXERCISES = (PREDICTED_DECISIONS, PATH_PROBABILITY, LEAF_PROBABILITIES, PREDICTED_CODE_LENGTHS, HIERARCHICAL_LOSS,
             SALIENCY, FEATURE_SCORES, SELECT_FEATURES)
