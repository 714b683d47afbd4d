"""Exercises of the notebook on perceptrons."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.perceptrons import mistakes as m
from dlkit.exercises.unit1.perceptrons.outputs import LMS_FIT, MULTI_OUTPUT_STEP
from dlkit.exercises.unit1.perceptrons.training import FIX_OVERLAPPING_CONDITIONS, PERCEPTRON_FIT, on_the_line
from dlkit.numpy import perceptron

# -- the perceptron trick ------------------------------------------------------------------------------------------------


def trick_entry_by_entry(coefficients, point, label, lr):
    towards = {0: -lr, 1: lr}[int(label)]
    moved = [float(c) + towards * float(p) for c, p in zip(coefficients[:-1], point, strict=True)]
    return np.array([*moved, float(coefficients[-1]) + towards])


def trick_bipolar(coefficients, point, label, lr):
    return coefficients - lr * (1 - 2 * label) * np.concatenate([point, [1.0]])


def _line_and_point(rng, size, score):
    """Random coefficients and a point, the constant such that the point has the given score."""
    normal, point = rng.normal(size=size), rng.normal(scale=2.0, size=size)
    return np.append(normal, score - normal @ point), point


def _adding(rng):
    return (*_line_and_point(rng, 2, -rng.uniform(0.5, 3.0)), 1, 1.0)


def _small_steps(rng):
    return (*_line_and_point(rng, 2, rng.uniform(0.5, 3.0)), 0, float(rng.uniform(0.01, 0.5)))


def _more_inputs(rng):
    return (*_line_and_point(rng, 5, rng.uniform(0.5, 3.0)), 0, 1.0)


def _already_right(rng):
    return (*_line_and_point(rng, 2, -rng.uniform(0.5, 3.0)), 0, 1.0)


PERCEPTRON_TRICK = Exercise(
    key="unit1.perceptron_trick",
    title="The perceptron trick",
    reference=perceptron.perceptron_trick,
    alternatives=(trick_entry_by_entry, trick_bipolar),
    examples=(Example(args=(np.array([2.0, 3.0, 5.0]), np.array([4.0, 5.0]), 0, 1.0), expected=np.array([-2.0, -2.0, 4.0]),
                      printed=np.array([-2.0, -2.0, -2.0]), decimals=0, source="lecture notes, unit 1",
                      why="the first fraction misprints the constant; 5 - 1 = 4, as the line below it says"),),
    regimes={"adding": _adding, "small steps": _small_steps, "already right": _already_right,
             "more inputs": Regime(_more_inputs, hidden=True)},
    parts={"worked example": 0.5, "adding": 0.5, "small steps": 0.5, "edge cases": 0.5},
    mistakes=(
        Mistake("moves the line the wrong way: a point that should be positive (label 1) is added, one that should be negative "
                "is subtracted", m.trick_swapped),
        Mistake("leaves the constant term alone: the point is augmented to [x1, x2, 1], so C moves too",
                m.trick_constant_left),
        Mistake("puts the 1 in front of the point: in this course the constant comes last", m.trick_one_first),
        Mistake("moves by the whole point and leaves the learning rate out", m.trick_without_rate, mark=1.5),
        Mistake("multiplies the point by the learning rate but not its constant 1", m.trick_constant_without_rate, mark=1.5),
        Mistake("multiplies only the constant 1 by the learning rate, not the point", m.trick_rate_on_constant_only, mark=1.5),
        Mistake("adds the point whatever its label is", m.trick_always_adds, mark=0.5),
        Mistake("subtracts the point whatever its label is", m.trick_always_subtracts, mark=1.5),
        Mistake("multiplies by the label itself: label 0 then moves nothing, while it should subtract", m.trick_times_label,
                mark=0.5),
        Mistake("looks first whether the point is misclassified: the trick itself never looks, its caller does",
                m.trick_looks_first, mark=1.5),
        Mistake("goes by the side on which the point lies; the label says where it should lie", m.trick_by_side, mark=1.5),
        Mistake("works for two inputs only: take however many numbers the point has", m.trick_in_the_plane, mark=1.5),
        Mistake("returns only the change, not the coefficients after it", m.trick_change_only),
        Mistake("updates the coefficients in place: += changes the caller's array, so build a new one", m.trick_in_place),
    ),
    hints=("What must be put beside the point so that it has as many numbers as the line has coefficients?",
           "The augmented point is [x1, ..., xD, 1]. Add it for label 1, subtract it for label 0.",
           "The learning rate multiplies the whole augmented point, its 1 included, before it is added or subtracted."),
    minutes=4, difficulty=1, rung="implement",
)

# -- how many small steps ------------------------------------------------------------------------------------------------


def predicted_steps():
    return 67


def steps_by_walking():
    w, x = np.array([2.0, 3.0, 5.0]), np.array([4.0, 5.0, 1.0])
    steps = 0
    while w @ x >= 0:
        w = w - 0.01 * x
        steps += 1
    return steps


def steps_rounded_down():
    return 66


def steps_not_whole():
    return 28 / 0.42


def steps_of_the_rate():
    return 2800


def steps_with_length():
    return 433


def steps_without_one():
    return 69


def steps_at_rate_one():
    return 1


def steps_by_sum():
    return 280


def steps_one_too_many():
    return 68


PREDICTED_STEPS = Exercise(
    key="unit1.predicted_steps",
    title="How many small steps until the point changes side",
    reference=predicted_steps,
    alternatives=(steps_by_walking,),
    examples=(Example(args=(), expected=67, source="lecture notes, unit 1"),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("rounds down: after 66 steps the score is still a little above 0", steps_rounded_down),
        Mistake("gives a fraction of a step: the point has changed side only after the next whole one", steps_not_whole),
        Mistake("takes 0.01 off the score in each step: the coefficients move by 0.01 times the point, and the score by "
                "0.01 times its squared length", steps_of_the_rate),
        Mistake("takes the length of the augmented point where its square belongs", steps_with_length),
        Mistake("leaves the constant 1 out of the squared length of the augmented point", steps_without_one),
        Mistake("counts steps of learning rate 1", steps_at_rate_one),
        Mistake("adds up the numbers of the augmented point instead of their squares", steps_by_sum),
        Mistake("takes one step more than needed", steps_one_too_many),
    ),
    hints=("What is the score of the point before the first step, and what is it after one?",
           "w.x becomes (w - eta x).x = w.x - eta x.x, so every step takes the same amount off.",
           "x = [4, 5, 1] has x.x = 42, and the score starts at 28. A score of 0 or more still counts as positive."),
    minutes=3, difficulty=2, rung="predict",
)

# -- one step of the perceptron ------------------------------------------------------------------------------------------


def step_by_cases(w, x, y, lr):
    fires = sum(float(a) * float(b) for a, b in zip(w, x, strict=True)) >= 0
    if fires and y == 0:
        return w - lr * x
    if not fires and y == 1:
        return w + lr * x
    return w.copy()


def _example_with_score(rng, score):
    """Weights and an augmented example with the given score, whose sign the bias decides."""
    w, x = rng.normal(size=4), np.append(rng.normal(size=3), 1.0)
    without = float(w[:-1] @ x[:-1])
    if without * score > 0:
        w[:-1], without = -w[:-1], -without
    w[-1] = score - without
    return w, x


def _false_negative(rng):
    return (*_example_with_score(rng, -rng.uniform(1.5, 3.0)), 1, float(rng.uniform(0.05, 0.6)))


def _right_already(rng):
    return (*_example_with_score(rng, -rng.uniform(1.5, 3.0)), 0, 1.0)


def _class_0_on_the_line(rng):
    return (*on_the_line(rng), 0, 1.0)


def _class_1_on_the_line(rng):
    return (*on_the_line(rng), 1, 1.0)


PERCEPTRON_STEP = Exercise(
    key="unit1.perceptron_step",
    title="One step of the perceptron",
    reference=perceptron.perceptron_step,
    alternatives=(step_by_cases,),
    examples=(Example(args=(np.array([2.0, 3.0, 5.0]), np.array([4.0, 5.0, 1.0]), 0, 0.01),
                      expected=np.array([1.96, 2.95, 4.99]), source="lecture notes, unit 1"),),
    regimes={"false negative": _false_negative, "already right": _right_already,
             "class 0 on the line": _class_0_on_the_line, "class 1 on the line": _class_1_on_the_line},
    parts={"worked example": 0.5, "false negative": 0.5, "edge cases": 1.0},
    mistakes=(
        Mistake("has the error the wrong way round: it is what should come out minus what did, y - yhat", m.step_wrong_sign),
        Mistake("fires only above 0: a score of exactly 0 lies on the line and already counts as class 1", m.step_strict,
                mark=1.0),
        Mistake("leaves the learning rate out", m.step_without_rate, mark=1.0),
        Mistake("never moves the bias: it is the last weight, and its input is the constant 1", m.step_without_bias),
        Mistake("leaves the bias out of the score", m.step_score_without_bias, mark=0.5),
        Mistake("takes the score where the output belongs: apply the step first, then compare with y", m.step_by_score),
        Mistake("gives outputs -1 and 1 while the classes are 0 and 1, so a false negative moves twice and class 0 never rests",
                m.step_bipolar_output, mark=0.5),
        Mistake("multiplies by the target y instead of the error: with targets 0 and 1 a false positive is never repaired",
                m.step_times_target, mark=0.5),
        Mistake("moves the weights even if the example is already on its right side", m.step_unconditional, mark=1.0),
        Mistake("adds the error to every weight without multiplying by the input", m.step_without_input),
        Mistake("subtracts the example in both cases: a false negative has to be added", m.step_always_subtracts, mark=1.5),
        Mistake("adds the example in both cases: a false positive has to be subtracted", m.step_always_adds, mark=0.5),
        Mistake("repairs false positives only: a point of class 1 with a negative score is an error too", m.step_only_subtracts,
                mark=1.5),
        Mistake("subtracts every example of class 0, also one whose score is negative and which is right already",
                m.step_class_0_always, mark=1.0),
        Mistake("predicts class 1 where the score is negative", m.step_below),
        Mistake("counts a score of 0 as an error for both classes, as the notes do: on the line the output is 1, so class 1 is "
                "right there", m.step_both_wrong_at_zero, mark=1.0),
        Mistake("lets class 0 rest on the line: there the output is 1, so class 0 is wrong", m.step_nobody_wrong_at_zero,
                mark=1.0),
        Mistake("updates w in place: += changes the caller's array, so build a new one", m.step_in_place),
    ),
    hints=("Of the four combinations of y and yhat, which two need a repair, and in which direction?",
           "y - yhat is -1, 0 or 1: exactly the sign with which the example has to be added.",
           "yhat is 1.0 where w @ x >= 0, else 0.0; the step is lr times (y - yhat) times the whole of x."),
    minutes=6, difficulty=2, rung="implement",
)

EXERCISES = (PERCEPTRON_TRICK, PREDICTED_STEPS, PERCEPTRON_STEP, FIX_OVERLAPPING_CONDITIONS, PERCEPTRON_FIT,
             MULTI_OUTPUT_STEP, LMS_FIT)
