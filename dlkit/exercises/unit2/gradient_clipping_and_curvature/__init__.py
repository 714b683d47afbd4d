"""Exercises of the notebook on clipping and curvature: steps that are too long, and what second derivatives know."""

from __future__ import annotations

from dlkit.exercises.model import Exercise
from dlkit.exercises.unit2.gradient_clipping_and_curvature.accumulated import ACCUMULATED_STEP
from dlkit.exercises.unit2.gradient_clipping_and_curvature.conditioning import CONDITION_NUMBER
from dlkit.exercises.unit2.gradient_clipping_and_curvature.global_norm import CLIP_BY_GLOBAL_NORM
from dlkit.exercises.unit2.gradient_clipping_and_curvature.newton import NEWTON_STEP
from dlkit.exercises.unit2.gradient_clipping_and_curvature.points import SECOND_DERIVATIVE_TEST
from dlkit.exercises.unit2.gradient_clipping_and_curvature.values import CLIP_BY_VALUE, PREDICTED_CLIPPING

EXERCISES: tuple[Exercise, ...] = (PREDICTED_CLIPPING, CLIP_BY_VALUE, CLIP_BY_GLOBAL_NORM, ACCUMULATED_STEP,
                                   SECOND_DERIVATIVE_TEST, NEWTON_STEP, CONDITION_NUMBER)
