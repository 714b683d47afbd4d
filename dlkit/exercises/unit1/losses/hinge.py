"""Exercise on the multi-class hinge loss: the true class must lead by a margin."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.numpy import losses_classification


def multiclass_hinge(scores, labels, margin):
    return losses_classification.multiclass_hinge(scores, labels, margin=margin)


def _other_margins(rng):
    """Several rows; the first is right by a narrow lead."""
    rows, classes = int(rng.integers(3, 5)), int(rng.integers(5, 8))
    scores, labels = rng.uniform(-2, 2, size=(rows, classes)), rng.permutation(classes)[:rows]
    scores[0, labels[0]] = scores[0].max() + 0.25
    return scores, labels, float(rng.uniform(1.5, 2.5))


def _exactly_met(rng):
    """One row: the true class leads, one rival is within the margin, one is exactly at it, the others are far behind."""
    order = rng.permutation(5)
    top = float(rng.integers(-8, 9)) / 4
    scores = (top - np.array([0.0, rng.uniform(0.2, 0.8), 1.0, 2.5, 3.0]))[order]
    return scores[None], np.array([int(np.argmin(order))]), 1.0


# -- right answers -------------------------------------------------------------------------------------------------------


def multiclass_hinge_by_loop(scores, labels, margin):
    loss, gradient = 0.0, np.zeros_like(scores)
    for i, y in enumerate(labels):
        for j in range(scores.shape[1]):
            shortfall = scores[i, j] - scores[i, y] + margin
            if j != y and shortfall > 0:
                loss += shortfall
                gradient[i, j] += 1
                gradient[i, y] -= 1
    return loss / len(labels), gradient / len(labels)


def multiclass_hinge_by_mask(scores, labels, margin):
    rivals = np.arange(scores.shape[1]) != labels[:, None]
    own = scores[np.arange(len(labels)), labels][:, None]
    active = rivals & (scores + margin > own)
    losses = np.where(active, scores - own + margin, 0.0).sum(axis=1)
    return losses.mean(), np.where(rivals, active * 1.0, -active.sum(axis=1, keepdims=True)) / len(labels)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _shortfalls(scores, labels, margin):
    """s_j - s_y + margin where that is positive; 0 for the true class."""
    rows = np.arange(len(labels))
    V = np.maximum(scores - scores[rows, labels][:, None] + margin, 0)
    V[rows, labels] = 0
    return V


def _with_true_class(slopes, labels):
    """Subtract in the true class what the rivals got."""
    slopes = slopes * 1.0
    slopes[np.arange(len(labels)), labels] = 0
    slopes[np.arange(len(labels)), labels] = -slopes.sum(axis=1)
    return slopes


def _right(scores, labels, margin):
    """The losses of the rows, and the gradient of their sum."""
    V = _shortfalls(scores, labels, margin)
    return V.sum(axis=1), _with_true_class(V > 0, labels)


def hinge_counts_itself(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return np.mean(losses + margin), slopes / len(slopes)


def hinge_counts_itself_in_gradient_too(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    slopes[np.arange(len(labels)), labels] -= 1
    return np.mean(losses + margin), slopes / len(slopes)


def hinge_counts_itself_gradient_plus_one(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    slopes[np.arange(len(labels)), labels] += 1
    return np.mean(losses + margin), slopes / len(slopes)


def hinge_counts_itself_in_gradient_only(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    slopes[np.arange(len(labels)), labels] -= 1
    return np.mean(losses), slopes / len(slopes)


def hinge_by_classes(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return np.mean(losses) / slopes.shape[1], slopes / slopes.size


def hinge_by_classes_value_only(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return np.mean(losses) / slopes.shape[1], slopes / len(slopes)


def hinge_by_rivals(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    rivals = slopes.shape[1] - 1
    return np.mean(losses) / rivals, slopes / len(slopes) / rivals


def hinge_worst_rival(scores, labels, margin):
    V = _shortfalls(scores, labels, margin)
    worst = (V > 0) & (V == V.max(axis=1, keepdims=True))
    return np.mean(V.max(axis=1)), _with_true_class(worst, labels) / len(V)


def hinge_worst_rival_in_loss(scores, labels, margin):
    V = _shortfalls(scores, labels, margin)
    return np.mean(V.max(axis=1)), _with_true_class(V > 0, labels) / len(V)


def hinge_sum(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return np.sum(losses), slopes


def hinge_sum_value_only(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return np.sum(losses), slopes / len(slopes)


def hinge_gradient_of_sum(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return np.mean(losses), slopes


def hinge_one_loss_per_row(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return losses, slopes / len(slopes)


def hinge_true_class_forgotten(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    slopes[np.arange(len(labels)), labels] = 0
    return np.mean(losses), slopes / len(slopes)


def hinge_true_class_minus_one(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    slopes[np.arange(len(labels)), labels] = -1
    return np.mean(losses), slopes / len(slopes)


def hinge_true_class_minus_one_if_any(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    slopes[np.arange(len(labels)), labels] = -1.0 * (losses > 0)
    return np.mean(losses), slopes / len(slopes)


def hinge_true_class_plus(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    slopes[np.arange(len(labels)), labels] *= -1
    return np.mean(losses), slopes / len(slopes)


def _turned(scores, labels, margin):
    rows = np.arange(len(labels))
    V = np.maximum(scores[rows, labels][:, None] - scores + margin, 0)
    V[rows, labels] = 0
    return V


def hinge_wrong_way_round(scores, labels, margin):
    V = _turned(scores, labels, margin)
    return V.sum() / len(V), -_with_true_class(V > 0, labels) / len(V)


def hinge_wrong_way_round_old_gradient(scores, labels, margin):
    V = _turned(scores, labels, margin)
    return V.sum() / len(V), _with_true_class(V > 0, labels) / len(V)


def hinge_margin_subtracted(scores, labels, margin):
    losses, slopes = _right(scores, labels, -margin)
    return np.mean(losses), slopes / len(slopes)


def hinge_without_margin(scores, labels, margin):
    losses, slopes = _right(scores, labels, 0.0)
    return np.mean(losses), slopes / len(slopes)


def hinge_margin_one(scores, labels, margin):
    losses, slopes = _right(scores, labels, 1.0)
    return np.mean(losses), slopes / len(slopes)


def hinge_pushes_when_met(scores, labels, margin):
    rows = np.arange(len(labels))
    shortfall = scores - scores[rows, labels][:, None] + margin
    return np.mean(_right(scores, labels, margin)[0]), _with_true_class(shortfall >= 0, labels) / len(labels)


def hinge_squared(scores, labels, margin):
    V = _shortfalls(scores, labels, margin)
    return np.sum(V**2) / len(V), _with_true_class(2 * V, labels) / len(V)


def hinge_squared_value_only(scores, labels, margin):
    V = _shortfalls(scores, labels, margin)
    return np.sum(V**2) / len(V), _with_true_class(V > 0, labels) / len(V)


def hinge_gradient_is_shortfall(scores, labels, margin):
    V = _shortfalls(scores, labels, margin)
    return np.sum(V) / len(V), _with_true_class(V, labels) / len(V)


def hinge_free_when_right(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    wrong = np.argmax(scores, axis=1) != labels
    return np.mean(losses * wrong), slopes * wrong[:, None] / len(slopes)


def hinge_free_when_right_in_loss(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    return np.mean(losses * (np.argmax(scores, axis=1) != labels)), slopes / len(slopes)


def hinge_one_against_rest(scores, labels, margin):
    sides = 2 * np.eye(scores.shape[1])[labels] - 1
    V = np.maximum(margin - sides * scores, 0)
    return V.sum() / len(V), -sides * (V > 0) / len(V)


def hinge_without_maximum(scores, labels, margin):
    rows = np.arange(len(labels))
    V = scores - scores[rows, labels][:, None] + margin
    V[rows, labels] = 0
    return V.sum() / len(V), _with_true_class(np.ones(V.shape), labels) / len(V)


def hinge_without_maximum_in_loss(scores, labels, margin):
    rows = np.arange(len(labels))
    V = scores - scores[rows, labels][:, None] + margin
    V[rows, labels] = 0
    return V.sum() / len(V), _with_true_class(V > 0, labels) / len(V)


def hinge_columns_for_labels(scores, labels, margin):
    rows = np.arange(len(labels))
    V = np.maximum(scores - scores[:, labels] + margin, 0)
    V[rows, labels] = 0
    return V.sum() / len(V), _with_true_class(V > 0, labels) / len(V)


def hinge_in_place(scores, labels, margin):
    losses, slopes = _right(scores, labels, margin)
    scores += margin - scores[np.arange(len(labels)), labels][:, None]
    return np.mean(losses), slopes / len(slopes)


MULTICLASS_HINGE = Exercise(
    key="unit1.multiclass_hinge",
    title="Multi-class hinge loss and its gradient",
    reference=multiclass_hinge,
    alternatives=(multiclass_hinge_by_loop, multiclass_hinge_by_mask),
    examples=(Example(args=(np.array([[2.0, 1.5, -0.5], [0.3, 1.8, 1.0]]), np.array([0, 2]), 1.0),
                      expected=(1.3, np.array([[-0.5, 0.5, 0.0], [0.5, 0.5, -1.0]])),
                      why="the first row is right and still pays 0.5: it leads by less than the margin"),),
    regimes={"other margins": _other_margins, "margin exactly met": _exactly_met},
    parts={"worked example": 1.0, "other margins": 1.5, "margin exactly met": 0.5},
    mistakes=(
        Mistake("lets the true class compete with itself, which costs a margin in every row: leave j = y out",
                hinge_counts_itself, also=(hinge_counts_itself_in_gradient_too, hinge_counts_itself_gradient_plus_one,
                                           hinge_counts_itself_in_gradient_only)),
        Mistake("divides by the number of classes, as PyTorch's multi_margin_loss does: here the classes are added up",
                hinge_by_classes, also=(hinge_by_classes_value_only, hinge_by_rivals)),
        Mistake("charges for the strongest rival only: every class within the margin costs", hinge_worst_rival, mark=0.5,
                also=(hinge_worst_rival_in_loss,)),
        Mistake("adds the rows up where it should average them", hinge_sum, mark=0.5, also=(hinge_sum_value_only,)),
        Mistake("averages the loss over the rows, but not the gradient", hinge_gradient_of_sum, mark=0.5),
        Mistake("returns a loss for each row: the cost is their mean", hinge_one_loss_per_row, mark=0.5),
        Mistake("gives the true class no gradient: its score stands in every term", hinge_true_class_forgotten),
        Mistake("pulls the true class up by 1 only: it stands in every positive term, so count them",
                hinge_true_class_minus_one, mark=0.5, also=(hinge_true_class_minus_one_if_any,)),
        Mistake("has the true class's gradient with the wrong sign: raising its score lowers the loss", hinge_true_class_plus),
        Mistake("subtracts the wrong way round: a rival costs when s_j comes near s_y or passes it", hinge_wrong_way_round,
                also=(hinge_wrong_way_round_old_gradient,)),
        Mistake("subtracts the margin, which makes the task easier: the rival gets it as a head start",
                hinge_margin_subtracted),
        Mistake("leaves the margin out, so that a narrow lead costs nothing", hinge_without_margin),
        Mistake("always takes a margin of 1", hinge_margin_one, mark=1.5),
        Mistake("still pushes where the margin is met exactly: there the shortfall is 0, and so is our gradient",
                hinge_pushes_when_met, mark=2.5),
        Mistake("squares the shortfalls: that is the squared hinge", hinge_squared, also=(hinge_squared_value_only,)),
        Mistake("has the shortfall as gradient: max(0, v) has slope 1 wherever v is positive", hinge_gradient_is_shortfall),
        Mistake("lets a right prediction go free, as the notes say: it must also lead by the margin", hinge_free_when_right,
                also=(hinge_free_when_right_in_loss,)),
        Mistake("compares each score with 0, one class against the rest: here scores are compared with each other",
                hinge_one_against_rest),
        Mistake("forgets max(0, ...), so that a far lead earns a reward", hinge_without_maximum,
                also=(hinge_without_maximum_in_loss,)),
        Mistake("picks whole columns by [:, labels]: each row needs its own, [np.arange(N), labels]",
                hinge_columns_for_labels, mark=0.5),
        Mistake("shifts the caller's scores in place: work on a copy", hinge_in_place),
    ),
    hints=("Take one row. Which classes j are allowed to cost something, and how much?",
           "Make the table of shortfalls s_j - s_y + margin, cut at 0, and set the entries of the true classes to 0.",
           "Each positive shortfall gives +1 to its rival and -1 to the true class; divide everything by the number of rows."),
    minutes=8, difficulty=4, rung="implement", returns=("loss", "gradient"),
)
