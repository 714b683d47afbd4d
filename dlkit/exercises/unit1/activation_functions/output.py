"""The exercise on output layers: output_activation."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake, Regime


def _sigmoid(Z):
    return np.exp(-np.logaddexp(0.0, -Z))


def _softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def right_output(Z, task):
    if task == "regression":
        return Z
    if task == "multi-class":
        return _softmax(Z)
    return _sigmoid(Z)


def output_by_table(Z, task):
    table = {"regression": np.copy, "binary": _sigmoid, "multi-label": _sigmoid,
             "multi-class": _softmax}
    return table[task](Z)


def output_regression_cut(Z, task):
    return np.maximum(Z, 0) if task == "regression" else right_output(Z, task)


def output_regression_squeezed(Z, task):
    return _sigmoid(Z) if task == "regression" else right_output(Z, task)


def output_regression_tanh(Z, task):
    return np.tanh(Z) if task == "regression" else right_output(Z, task)


def output_binary_softmax(Z, task):
    return _softmax(Z) if task == "binary" else right_output(Z, task)


def output_binary_decided(Z, task):
    return (Z > 0).astype(float) if task == "binary" else right_output(Z, task)


def output_binary_tanh(Z, task):
    return np.tanh(Z) if task == "binary" else right_output(Z, task)


def output_classes_apart(Z, task):
    return _sigmoid(Z) if task == "multi-class" else right_output(Z, task)


def output_classes_down_the_batch(Z, task):
    return _softmax(Z.T).T if task == "multi-class" else right_output(Z, task)


def output_classes_decided(Z, task):
    return (Z == Z.max(axis=-1, keepdims=True)).astype(float) if task == "multi-class" else right_output(Z, task)


def output_classes_numbered(Z, task):
    return Z.argmax(axis=-1) if task == "multi-class" else right_output(Z, task)


def output_labels_compete(Z, task):
    return _softmax(Z) if task == "multi-label" else right_output(Z, task)


def output_labels_decided(Z, task):
    return (Z > 0).astype(float) if task == "multi-label" else right_output(Z, task)


def output_always_softmax(Z, task):
    return Z if task == "regression" else _softmax(Z)


def output_always_sigmoid(Z, task):
    return _sigmoid(Z)


def output_classes_and_labels_swapped(Z, task):
    swapped = {"multi-class": "multi-label", "multi-label": "multi-class"}
    return right_output(Z, swapped.get(task, task))


def _scores(rng, columns):
    Z = rng.normal(scale=2.0, size=(4, columns))
    Z[0], Z[1] = -np.abs(Z[0]) - 0.1, np.abs(Z[1]) + 0.1
    return Z


def _regression(rng):
    return _scores(rng, 1), "regression"


def _binary(rng):
    return _scores(rng, 1), "binary"


def _multi_class(rng):
    return _scores(rng, 3), "multi-class"


def _multi_label(rng):
    return _scores(rng, 3), "multi-label"


OUTPUT_ACTIVATION = Exercise(
    key="unit1.output_activation",
    title="The right output for the task",
    reference=right_output,
    alternatives=(output_by_table,),
    regimes={"regression": Regime(_regression, part="one score"), "binary": Regime(_binary, part="one score"),
             "multi-class": _multi_class, "multi-label": _multi_label},
    parts={"one score": 1.0, "multi-class": 0.5, "multi-label": 0.5},
    mistakes=(
        Mistake("cannot predict a negative number in a regression: leave the score as it is", output_regression_cut, mark=1.0),
        Mistake("squeezes a regression between 0 and 1: leave the score as it is", output_regression_squeezed, mark=1.0),
        Mistake("squeezes a regression between -1 and 1: leave the score as it is", output_regression_tanh, mark=1.0),
        Mistake("uses softmax over a single score in the binary task, which is always 1: one score wants a sigmoid",
                output_binary_softmax, mark=1.0),
        Mistake("decides in the binary task: a probability was asked for, and a step cannot be trained", output_binary_decided,
                mark=1.0),
        Mistake("uses tanh in the binary task: a probability lies between 0 and 1", output_binary_tanh, mark=1.0),
        Mistake("gives every class of a multi-class task a probability of its own: exactly one is true, so they must sum to 1",
                output_classes_apart, mark=1.5),
        Mistake("makes the examples of a multi-class batch compete: the classes of one row must sum to 1",
                output_classes_down_the_batch, mark=1.5),
        Mistake("decides in the multi-class task: probabilities were asked for", output_classes_decided, mark=1.5,
                also=(output_classes_numbered,)),
        Mistake("lets the labels of a multi-label task compete: several can be true at once, so each has its own sigmoid",
                output_labels_compete, mark=1.5),
        Mistake("decides in the multi-label task: probabilities were asked for", output_labels_decided, mark=1.5),
        Mistake("uses softmax for every classification: it fits only where exactly one of several classes is true",
                output_always_softmax, mark=0.5),
        Mistake("uses a sigmoid for every task", output_always_sigmoid, mark=0.5),
        Mistake("mixes up multi-class (one class is true) and multi-label (several can be)",
                output_classes_and_labels_swapped, mark=1.0),
    ),
    hints=("Ask of each task: may the numbers be negative? Must they sum to 1? Can several be true at once?",
           "A price: any number. Yes or no: one probability. One of three species: a shared whole. Tags of a photo: "
           "independent questions.",
           "Identity, sigmoid, softmax over each row, and a sigmoid for each label."),
    minutes=3, difficulty=2, rung="compose",
)
