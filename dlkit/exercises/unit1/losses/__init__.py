"""Exercises of the notebook on losses, in its order; and the choice of a loss for a task."""

from __future__ import annotations

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.losses.binary import BCE, LOG_LOSS_CURVATURE
from dlkit.exercises.unit1.losses.cross_entropy import CROSS_ENTROPY
from dlkit.exercises.unit1.losses.hinge import MULTICLASS_HINGE
from dlkit.exercises.unit1.losses.huber import HUBER
from dlkit.exercises.unit1.losses.logits import BCE_WITH_LOGITS
from dlkit.exercises.unit1.losses.mae import MAE
from dlkit.exercises.unit1.losses.mse import MSE
from dlkit.exercises.unit1.losses.multilabel import MULTILABEL_LOSS

LOSSES = ("mse", "mae", "bce_with_logits", "cross_entropy", "multilabel_loss", "multiclass_hinge")
CHOICES = {
    "house price": "mse", "delivery time": "mae", "rain": "bce_with_logits", "spam": "bce_with_logits",
    "digit": "cross_entropy", "film genres": "multilabel_loss", "sorting machine": "multiclass_hinge",
}


def _accepts_choices(args, got):
    if not isinstance(got, dict):
        return "the answer is not a dict from task to loss"
    if missing := [task for task in CHOICES if task not in got]:
        return f"no loss is chosen for {', '.join(missing)}"
    if strange := [loss for loss in got.values() if loss not in LOSSES]:
        return f"{strange[0]!r} is not among the six losses"
    wrong = [task for task, loss in CHOICES.items() if got[task] != loss]
    return f"think again about {', '.join(wrong)}" if wrong else None


def which_loss():
    return dict(CHOICES)


def which_loss_turned_round():
    tasks = {"mse": ["house price"], "mae": ["delivery time"], "bce_with_logits": ["rain", "spam"],
             "cross_entropy": ["digit"], "multilabel_loss": ["film genres"], "multiclass_hinge": ["sorting machine"]}
    return {task: loss for loss, found in tasks.items() for task in found}


def squares_with_outliers():
    return {**CHOICES, "delivery time": "mse"}


def absolute_values_for_prices():
    return {**CHOICES, "house price": "mae"}


def prices_and_times_swapped():
    return {**CHOICES, "house price": "mae", "delivery time": "mse"}


def squares_for_a_probability():
    return {**CHOICES, "rain": "mse"}


def two_classes_by_softmax():
    return {**CHOICES, "spam": "cross_entropy"}


def both_by_softmax():
    return {**CHOICES, "spam": "cross_entropy", "rain": "cross_entropy"}


def spam_by_hinge():
    return {**CHOICES, "spam": "multiclass_hinge"}


def genres_compete():
    return {**CHOICES, "film genres": "cross_entropy"}


def genres_as_one_question():
    return {**CHOICES, "film genres": "bce_with_logits"}


def digits_on_their_own():
    return {**CHOICES, "digit": "multilabel_loss"}


def digits_by_hinge():
    return {**CHOICES, "digit": "multiclass_hinge"}


def probabilities_for_the_machine():
    return {**CHOICES, "sorting machine": "cross_entropy"}


def digits_and_machine_swapped():
    return {**CHOICES, "digit": "multiclass_hinge", "sorting machine": "cross_entropy"}


def labels_swapped():
    return {**CHOICES, "digit": "multilabel_loss", "film genres": "cross_entropy"}


WHICH_LOSS = Exercise(
    key="unit1.which_loss",
    title="Choose the loss for each task",
    reference=which_loss,
    alternatives=(which_loss_turned_round,),
    examples=(Example(args=(), expected=CHOICES),),
    accepts=_accepts_choices,
    parts={"prediction": 2.0},
    mistakes=(
        Mistake("squares delivery times: a few lost parcels would outweigh thousands of ordinary ones", squares_with_outliers),
        Mistake("takes absolute values for house prices, where twice the error is to hurt more than twice as much",
                absolute_values_for_prices),
        Mistake("has prices and delivery times the wrong way round: which of them has outliers that should not count?",
                prices_and_times_swapped),
        Mistake("squares the error of a probability: for rain or no rain the log loss punishes false certainty properly",
                squares_for_a_probability),
        Mistake("uses a softmax for a network with a single output, which would always be 1", two_classes_by_softmax,
                also=(both_by_softmax,)),
        Mistake("compares scores of several classes where there is only one score", spam_by_hinge),
        Mistake("makes the genres of a film compete, as if it could have only one", genres_compete),
        Mistake("asks one yes-or-no question, where every genre asks its own and their losses are added up",
                genres_as_one_question),
        Mistake("lets a picture be several digits at once, or none", digits_on_their_own),
        Mistake("gives the digits no probabilities, though they are asked for", digits_by_hinge),
        Mistake("trains probabilities that the sorting machine never asks for: it wants a lead in the scores",
                probabilities_for_the_machine),
        Mistake("has the digits and the sorting machine the wrong way round: which of them needs probabilities?",
                digits_and_machine_swapped),
        Mistake("has one class of many and many labels at once the wrong way round", labels_swapped),
    ),
    hints=("First ask: a number, one class, or several labels?",
           "Then: how many outputs has the network, and does anybody need probabilities or fear outliers?",
           "One output and two classes: log loss. Ten outputs that share one softmax: cross-entropy. A sigmoid on each: sum "
           "of log losses."),
    minutes=4, difficulty=2, rung="predict",
)

EXERCISES = (MSE, MAE, HUBER, BCE, BCE_WITH_LOGITS, LOG_LOSS_CURVATURE, CROSS_ENTROPY, MULTILABEL_LOSS, MULTICLASS_HINGE,
             WHICH_LOSS)
