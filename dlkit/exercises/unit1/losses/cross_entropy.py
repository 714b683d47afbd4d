"""Exercise on the softmax cross-entropy: one class of many, named by a number or by a row of probabilities."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.losses import cross_entropy_mistakes as wrong
from dlkit.numpy import losses_classification

BANANA = np.log(np.array([[0.2, 0.7, 0.1]]))

# -- cases ---------------------------------------------------------------------------------------------------------------


def _sizes(rng):
    return int(rng.integers(3, 5)), int(rng.integers(5, 8))


def _labels(rng):
    rows, classes = _sizes(rng)
    return rng.uniform(-2, 2, size=(rows, classes)), rng.permutation(classes)[:rows]


def _distributions(rng):
    logits = rng.uniform(-2, 2, size=_sizes(rng))
    weight = rng.uniform(0.1, 1.0, size=logits.shape)
    return logits, weight / weight.sum(axis=1, keepdims=True)


def _extreme(rng):
    logits = rng.permutation(np.array([0.0, 1.0, -1.0, 0.5]) * rng.uniform(750, 1500))
    return logits[None], np.array([int(np.argsort(logits)[1])])


# -- right answers -------------------------------------------------------------------------------------------------------


def cross_entropy_by_one_hot(logits, target):
    Y = np.eye(logits.shape[1])[target] if np.ndim(target) == 1 else target
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum() / len(logits), (np.exp(log_p) - Y) / len(logits)


def cross_entropy_row_by_row(logits, target):
    losses, slopes = [], []
    for z, t in zip(logits, target, strict=True):
        y = t if np.ndim(t) else [float(k == t) for k in range(len(z))]
        total = np.logaddexp.reduce(z)
        losses.append(sum(weight * (total - score) for weight, score in zip(y, z, strict=True)))
        slopes.append([np.exp(score - total) - weight for weight, score in zip(y, z, strict=True)])
    return np.mean(losses), np.array(slopes) / len(losses)


CROSS_ENTROPY = Exercise(
    key="unit1.cross_entropy",
    title="Softmax cross-entropy, for labels and for rows of probabilities",
    reference=losses_classification.cross_entropy,
    alternatives=(cross_entropy_by_one_hot, cross_entropy_row_by_row),
    examples=(Example(args=(BANANA, np.array([[0.0, 1.0, 0.0]])), expected=(0.3566749439, np.array([[0.2, -0.3, 0.1]])),
                      source="lecture notes, unit 1", why="apple, banana, orange; it is a banana"),
              Example(args=(BANANA, np.array([1])), expected=(0.3566749439, np.array([[0.2, -0.3, 0.1]])),
                      source="lecture notes, unit 1", why="the same, with the label as a number")),
    regimes={"labels": _labels, "distributions": _distributions, "extreme scores": _extreme},
    parts={"worked example": 1.0, "labels": 0.5, "distributions": 0.5, "extreme scores": 1.0},
    mistakes=(
        Mistake("lets the exponentials overflow: subtract the row's maximum from the scores first", wrong.ce_naive, mark=2.0,
                also=(wrong.ce_naive_by_index, wrong.ce_naive_log_sum)),
        Mistake("takes the logarithm of a softmax that has rounded to 0: work with log-softmax, z - log(sum of e^z)",
                wrong.ce_log_of_softmax, mark=2.0, also=(wrong.ce_log_of_softmax_by_index,)),
        Mistake("keeps the probabilities above a small number, so that no loss can exceed a limit: with log-softmax there is "
                "no need to", wrong.ce_smallest_1e_12, mark=2.0,
                also=(wrong.ce_floor_of_the_log, wrong.ce_smallest_1e_15, wrong.ce_smallest_1e_10, wrong.ce_smallest_1e_9,
                      wrong.ce_smallest_1e_8, wrong.ce_smallest_1e_7)),
        Mistake("adds a small number inside the logarithm, which changes every loss a little and caps the large ones",
                wrong.ce_plus_1e_8, also=(wrong.ce_plus_1e_9, wrong.ce_plus_1e_7)),
        Mistake("takes logarithms to base 2: np.log is the natural one", wrong.ce_base_two, also=(wrong.ce_base_two_by_index,)),
        Mistake("forgets keepdims=True, so that (N, K) meets (N,) and their shapes do not fit", wrong.ce_without_keepdims,
                mark=2.0),
        Mistake("uses the scores as if they were probabilities: there is no softmax anywhere", wrong.ce_without_softmax),
        Mistake("applies softmax twice: the scores go through it once", wrong.ce_softmax_twice,
                also=(wrong.ce_softmax_twice_in_loss,)),
        Mistake("normalises down the columns: the classes of one example stand in its row", wrong.ce_softmax_down_the_columns),
        Mistake("averages over the classes as well: only the rows are averaged", wrong.ce_mean_of_everything,
                also=(wrong.ce_mean_of_everything_value_only,)),
        Mistake("adds the rows up where it should average them", wrong.ce_sum, mark=2.0, also=(wrong.ce_sum_value_only,)),
        Mistake("averages the loss over the rows, but not the gradient", wrong.ce_gradient_of_sum, mark=2.0),
        Mistake("returns a loss for each row: the cost is their mean", wrong.ce_one_loss_per_row, mark=2.0,
                also=(wrong.ce_one_loss_per_row_own_gradient,)),
        Mistake("picks whole columns by [:, labels]: each row needs its own, [np.arange(N), labels]",
                wrong.ce_columns_for_labels, mark=2.5,
                also=(wrong.ce_columns_for_labels_in_loss, wrong.ce_columns_for_labels_in_gradient)),
        Mistake("turns rows of probabilities into labels by argmax, and so forgets all but the likeliest class",
                wrong.ce_argmax_of_rows, mark=2.5, also=(wrong.ce_argmax_of_rows_in_loss,)),
        Mistake("counts labels from 1: the first class is number 0", wrong.ce_labels_from_one, mark=0.5),
        Mistake("adds the terms (1 - y) log(1 - p) of the binary loss: that is the multi-label formula, which the notes print "
                "under this name", wrong.ce_binary_terms),
        Mistake("gives each class a sigmoid of its own: with one true class they share one softmax", wrong.ce_sigmoids),
        Mistake("stops the gradient at the probabilities, -y / p: through the softmax it becomes p - y",
                wrong.ce_gradient_of_probabilities, also=(wrong.ce_gradient_of_probabilities_floored,)),
        Mistake("forgets to subtract the target in the gradient p - y", wrong.ce_gradient_without_target),
        Mistake("subtracts the target from the scores instead of from the probabilities", wrong.ce_gradient_from_scores),
        Mistake("shifts the caller's scores in place: work on a copy", wrong.ce_in_place),
        Mistake("understands labels only, no rows of probabilities", wrong.ce_labels_only, mark=1.5),
        Mistake("understands rows of probabilities only, no labels", wrong.ce_rows_only, mark=0.5),
    ),
    hints=("Bring both forms of the target to one: np.eye(K)[labels] makes one-hot rows of labels.",
           "log softmax(z) = z - m - log(sum of e^(z - m)) with m the maximum of the row (keepdims=True helps).",
           "The loss is -(Y * log_p).sum() / N, the gradient (np.exp(log_p) - Y) / N."),
    minutes=8, difficulty=3, rung="implement", returns=("loss", "gradient"),
)
