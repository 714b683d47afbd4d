"""Exercise on the multi-label loss: several yes-or-no questions about one example."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.losses.logits import scores_of
from dlkit.numpy import losses_classification


def multilabel_loss(logits, target):
    return losses_classification.multilabel_bce_with_logits(logits, target)


def _batch(rng):
    rows, labels = int(rng.integers(2, 4)), int(rng.integers(5, 8))
    return rng.uniform(-3, 3, size=(rows, labels)), rng.integers(0, 2, size=(rows, labels)).astype(float)


def _extreme(rng):
    order = rng.permutation(4)
    logits = rng.uniform(710, 2000, size=4) * [1, 1, -1, -1]
    return logits[order][None], np.array([[0.0, 1.0, 0.0, 1.0]])[:, order]


def multilabel_row_by_row(logits, target):
    losses, slopes = [], []
    for z, y in zip(logits, target, strict=True):
        losses.append(sum(np.logaddexp(0, a) - a * b for a, b in zip(z, y, strict=True)))
        slopes.append([0.5 + 0.5 * np.tanh(a / 2) - b for a, b in zip(z, y, strict=True)])
    return sum(losses) / len(losses), np.array(slopes) / len(losses)


def _parts(logits, target):
    """The losses of all elements, and the gradient of their sum."""
    z, y = logits, target
    p = 0.5 + 0.5 * np.tanh(z / 2)
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))), p - y


def multilabel_mean_of_everything(logits, target):
    losses, slope = _parts(logits, target)
    return np.mean(losses), slope / slope.size


def multilabel_value_is_mean_of_everything(logits, target):
    losses, slope = _parts(logits, target)
    return np.mean(losses), slope / len(slope)


def multilabel_gradient_of_mean(logits, target):
    losses, slope = _parts(logits, target)
    return np.sum(losses) / len(losses), slope / slope.size


def multilabel_sum_of_everything(logits, target):
    losses, slope = _parts(logits, target)
    return np.sum(losses), slope


def multilabel_sum_value_only(logits, target):
    losses, slope = _parts(logits, target)
    return np.sum(losses), slope / len(slope)


def multilabel_gradient_of_sum(logits, target):
    losses, slope = _parts(logits, target)
    return np.sum(losses) / len(losses), slope


def multilabel_times_rows(logits, target):
    losses, slope = _parts(logits, target)
    return np.mean(losses) * len(losses), slope / slope.size * len(losses)


def multilabel_naive(logits, target):
    p, y = 1 / (1 + np.exp(-logits)), target
    losses = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return losses.sum(axis=-1).mean(), (p - y) / len(y)


def multilabel_overflows(logits, target):
    p, y = 1 / (1 + np.exp(-logits)), target
    return (np.log(1 + np.exp(logits)) - y * logits).sum(axis=-1).mean(), (p - y) / len(y)


def _with_probabilities_between(smallest, logits, target):
    p, y = 1 / (1 + np.exp(-logits)), target
    q = np.clip(p, smallest, 1 - smallest)
    return -(y * np.log(q) + (1 - y) * np.log(1 - q)).sum(axis=-1).mean(), (p - y) / len(y)


def multilabel_smallest_1e_15(logits, target):
    return _with_probabilities_between(1e-15, logits, target)


def multilabel_smallest_1e_12(logits, target):
    return _with_probabilities_between(1e-12, logits, target)


def multilabel_smallest_1e_10(logits, target):
    return _with_probabilities_between(1e-10, logits, target)


def multilabel_smallest_1e_8(logits, target):
    return _with_probabilities_between(1e-8, logits, target)


def multilabel_smallest_1e_7(logits, target):
    return _with_probabilities_between(1e-7, logits, target)


def _softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def multilabel_softmax(logits, target):
    p, y = _softmax(logits), target
    return -(y * np.log(p)).sum(axis=-1).mean(), (p - y) / len(y)


def multilabel_softmax_in_binary_terms(logits, target):
    p, y = _softmax(logits), target
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=-1).mean(), (p - y) / len(y)


def multilabel_present_labels_only(logits, target):
    p, y = 1 / (1 + np.exp(-logits)), target
    return -(y * np.log(p)).sum(axis=-1).mean(), (p - y) / len(y)


def multilabel_one_loss_per_row(logits, target):
    losses, slope = _parts(logits, target)
    return losses.sum(axis=-1), slope / len(slope)


def multilabel_one_loss_per_row_own_gradient(logits, target):
    losses, slope = _parts(logits, target)
    return losses.sum(axis=-1), slope


def multilabel_one_loss_per_label(logits, target):
    losses, slope = _parts(logits, target)
    return losses.mean(axis=0), slope / len(slope)


def multilabel_one_loss_per_label_summed(logits, target):
    losses, slope = _parts(logits, target)
    return losses.sum(axis=0), slope


MULTILABEL_LOSS = Exercise(
    key="unit1.multilabel_loss",
    title="Multi-label loss, made of binary ones",
    reference=multilabel_loss,
    alternatives=(multilabel_row_by_row,),
    examples=(Example(args=(scores_of(np.array([[0.775, 0.126, 0.039, 0.070]])), np.array([[1.0, 0.0, 0.0, 0.0]])),
                      expected=(0.5019187158, np.array([[-0.225, 0.126, 0.039, 0.070]])),
                      source="lecture notes, unit 1", why="four independent yes-or-no questions"),),
    regimes={"batch": _batch, "extreme scores": _extreme},
    parts={"worked example": 0.5, "batch": 1.0, "extreme scores": 0.5},
    mistakes=(
        Mistake("averages over the labels too: each row adds its labels up, only the rows are averaged",
                multilabel_mean_of_everything, also=(multilabel_value_is_mean_of_everything,)),
        Mistake("adds the labels up in the loss but still averages over them in the gradient", multilabel_gradient_of_mean),
        Mistake("adds up the rows as well as the labels: the rows are averaged", multilabel_sum_of_everything, mark=1.0,
                also=(multilabel_sum_value_only,)),
        Mistake("averages the loss over the rows, but not the gradient", multilabel_gradient_of_sum, mark=1.0),
        Mistake("multiplies the mean by the number of rows where the number of labels belongs", multilabel_times_rows),
        Mistake("goes through a probability that rounds to 0 or 1, or an exponential that overflows: build on the stable loss "
                "of one score", multilabel_naive, mark=1.5, also=(multilabel_overflows,)),
        Mistake("clips the probability, so that no loss can exceed a limit: build on the stable loss of one score",
                multilabel_smallest_1e_12, mark=1.5,
                also=(multilabel_smallest_1e_15, multilabel_smallest_1e_10, multilabel_smallest_1e_8,
                      multilabel_smallest_1e_7)),
        Mistake("makes the labels compete by a softmax: here each has a sigmoid of its own", multilabel_softmax,
                also=(multilabel_softmax_in_binary_terms,)),
        Mistake("charges only for the labels that are there: saying yes to an absent one must cost something too",
                multilabel_present_labels_only),
        Mistake("returns a loss for each row: the cost is their mean", multilabel_one_loss_per_row, mark=1.0,
                also=(multilabel_one_loss_per_row_own_gradient,)),
        Mistake("leaves one loss per label: add the labels up and average the rows", multilabel_one_loss_per_label,
                also=(multilabel_one_loss_per_label_summed,)),
    ),
    hints=("Your binary loss averages over all N times K elements. Which of the two should only be added up?",
           "A mean over K labels and their sum differ by one factor, in the loss and in the gradient.",
           "Multiply both results of bce_with_logits by the number of labels, logits.shape[-1]."),
    minutes=3, difficulty=2, rung="compose", returns=("loss", "gradient"),
)
