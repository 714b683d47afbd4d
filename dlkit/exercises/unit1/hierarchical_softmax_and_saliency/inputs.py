"""Exercises on the inputs that matter: scores of the features, and the best of them."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.numpy import saliency as inputs

# -- debug: scores of the features -----------------------------------------------------------------------------------------


def feature_scores(gradients, outputs, y):
    right = outputs.argmax(axis=1) == y
    return np.abs(gradients[right]).sum(axis=0)


def feature_scores_row_by_row(gradients, outputs, y):
    total = np.zeros(gradients.shape[1])
    for row, scores, label in zip(gradients, outputs, y, strict=True):
        if np.argmax(scores) == label:
            total = total + np.abs(row)
    return total


def feature_scores_by_product(gradients, outputs, y):
    return (np.argmax(outputs, axis=1) == y).astype(float) @ np.abs(gradients)


def scores_by_magnitude(gradients, outputs, y):
    return np.abs(gradients[np.abs(outputs).argmax(axis=1) == y]).sum(axis=0)


def scores_in_place(gradients, outputs, y):
    gradients[outputs.argmax(axis=1) != y] = 0
    return np.abs(gradients).sum(axis=0)


def scores_absolute_last(gradients, outputs, y):
    return np.abs(gradients[outputs.argmax(axis=1) == y].sum(axis=0))


def scores_draft(gradients, outputs, y):
    gradients[np.abs(outputs).argmax(axis=1) != y] = 0
    return np.abs(gradients.sum(axis=0))


def scores_draft_copied(gradients, outputs, y):
    return scores_draft(gradients.copy(), outputs, y)


def scores_draft_argmax_mended(gradients, outputs, y):
    gradients[outputs.argmax(axis=1) != y] = 0
    return np.abs(gradients.sum(axis=0))


def scores_draft_absolute_mended(gradients, outputs, y):
    gradients[np.abs(outputs).argmax(axis=1) != y] = 0
    return np.abs(gradients).sum(axis=0)


def scores_of_all_rows(gradients, outputs, y):
    return np.abs(gradients).sum(axis=0)


def scores_of_wrong_rows(gradients, outputs, y):
    return np.abs(gradients[outputs.argmax(axis=1) != y]).sum(axis=0)


def scores_averaged(gradients, outputs, y):
    return np.abs(gradients[outputs.argmax(axis=1) == y]).mean(axis=0)


def scores_averaged_over_all(gradients, outputs, y):
    return np.abs(gradients[outputs.argmax(axis=1) == y]).sum(axis=0) / len(y)


def scores_signed(gradients, outputs, y):
    return gradients[outputs.argmax(axis=1) == y].sum(axis=0)


def scores_along_rows(gradients, outputs, y):
    return np.abs(gradients[outputs.argmax(axis=1) == y]).sum(axis=1)


def _outputs_and_labels(rng, rows):
    outputs = rng.uniform(0.1, 2.0, size=(rows, 3))
    y = outputs.argmax(axis=1)
    wrong = rng.choice(rows, size=3, replace=False)
    y[wrong] = (y[wrong] + 1) % 3
    return outputs, y


def _negative_outputs(rng):
    outputs, y = _outputs_and_labels(rng, 8)
    return rng.uniform(0.1, 1.0, size=(8, 4)), outputs - 3, y


def _mixed_signs(rng):
    outputs, y = _outputs_and_labels(rng, 11)
    return rng.normal(size=(11, 4)), outputs, y


FEATURE_SCORES = Exercise(
    key="unit1.feature_scores",
    title="Mend the scores of the features",
    reference=feature_scores,
    alternatives=(feature_scores_row_by_row, feature_scores_by_product),
    examples=(Example(args=(np.array([[3.0, 5.0], [0.0, 7.0], [4.0, 4.0]]), np.array([[2.0, 1.0], [0.5, 1.0], [0.3, 0.9]]),
                            np.array([0, 1, 0])), expected=np.array([3.0, 12.0])),),
    regimes={"negative outputs": _negative_outputs, "mixed signs": _mixed_signs},
    parts={"worked example": 0.5, "negative outputs": 0.5, "mixed signs": 1.0},
    mistakes=(
        Mistake("still compares the magnitudes of the outputs: the prediction is the largest output, and -3 is not larger "
                "than 1", scores_by_magnitude, mark=1.5),
        Mistake("still writes zeros into the caller's gradients: select the rows, or work on a copy", scores_in_place),
        Mistake("still takes the absolute value after the sum, where gradients of opposite sign have cancelled",
                scores_absolute_last, mark=1.0),
        Mistake("is the draft as it was: compare its three lines with the definition one by one", scores_draft),
        Mistake("has mended the overwriting; the other two lines of the draft are wrong as well", scores_draft_copied,
                mark=0.5),
        Mistake("has mended the prediction; it still overwrites its argument, and adds before it takes absolute values",
                scores_draft_argmax_mended),
        Mistake("has mended the absolute value; it still overwrites its argument, and predicts by magnitude",
                scores_draft_absolute_mended),
        Mistake("adds up all rows: those that the network gets wrong say nothing about a good decision",
                scores_of_all_rows),
        Mistake("adds up the rows that the network gets wrong", scores_of_wrong_rows),
        Mistake("averages over the rows where the definition adds up", scores_averaged, also=(scores_averaged_over_all,)),
        Mistake("has lost the absolute value altogether", scores_signed, mark=1.0),
        Mistake("adds along the wrong axis: one score for each feature, that is each column", scores_along_rows),
    ),
    hints=("There are three faults, one in each line. Try the draft on two rows that you can compute in your head.",
           "Two rows with gradients +1 and -1 for a feature: is that feature important? And which class do the scores "
           "(-3, 1) predict?",
           "Rows: outputs.argmax(axis=1) == y. Select them with gradients[right] (a copy), then absolute values, then sum."),
    minutes=5, difficulty=2, rung="debug",
)

# -- select_features -------------------------------------------------------------------------------------------------------


def select_by_sorted(scores, k):
    return sorted(range(len(scores)), key=lambda i: -scores[i])[:k]


def select_one_by_one(scores, k):
    left = np.array(scores, dtype=float)
    found = []
    for _ in range(k):
        found.append(int(np.argmax(left)))
        left[found[-1]] = -np.inf
    return np.array(found)


def select_worst(scores, k):
    return np.argsort(scores, kind="stable")[:k]


def select_best_last(scores, k):
    return np.argsort(scores, kind="stable")[-k:]


def select_in_column_order(scores, k):
    return np.sort(np.argsort(-scores, kind="stable")[:k])


def select_scores(scores, k):
    return np.sort(scores)[::-1][:k]


def select_mask(scores, k):
    mask = np.zeros(len(scores), dtype=bool)
    mask[np.argsort(-scores, kind="stable")[:k]] = True
    return mask


def select_a_third(scores, k):
    return np.argsort(-scores, kind="stable")[: len(scores) // 3]


def select_one_more(scores, k):
    return np.argsort(-scores, kind="stable")[: k + 1]


def select_one_less(scores, k):
    return np.argsort(-scores, kind="stable")[: k - 1]


def select_all(scores, k):
    return np.argsort(-scores, kind="stable")


def select_counted_from_one(scores, k):
    return np.argsort(-scores, kind="stable")[:k] + 1


def select_ranks(scores, k):
    return np.argsort(np.argsort(-scores, kind="stable"), kind="stable")[:k]


def select_ties_turned(scores, k):
    return np.argsort(scores, kind="stable")[::-1][:k]


def select_ties_by_chance(scores, k):
    return np.argsort(-scores)[:k]


def select_ties_by_chance_turned(scores, k):
    return np.argsort(scores)[::-1][:k]


def select_by_value(scores, k):
    values = scores.tolist()
    return [values.index(value) for value in sorted(values, reverse=True)[:k]]


WINE_SCORES = np.array([60.7, 46.5, 45.8, 47.3, 33.2, 19.1, 36.6, 24.6, 43.5, 74.7, 35.4, 33.7, 98.5])


def _different_scores(rng):
    return rng.permutation(np.arange(7) + rng.uniform(0, 0.9, size=7)), 5


def _many_ties(rng):
    scores = rng.permutation(np.repeat([0.0, 1.0, 2.0], [20, 17, 5]))
    return scores, 14


SELECT_FEATURES = Exercise(
    key="unit1.select_features",
    title="The best features",
    reference=inputs.select_features,
    alternatives=(select_by_sorted, select_one_by_one),
    examples=(Example(args=(WINE_SCORES, 4), expected=[12, 9, 0, 3]),),
    regimes={"five of seven": _different_scores, "ties": _many_ties},
    parts={"worked example": 0.5, "five of seven": 1.0, "ties": 0.5},
    mistakes=(
        Mistake("keeps the worst features: argsort counts upwards", select_worst),
        Mistake("has the best features in the wrong order: the best one comes first", select_best_last,
                also=(select_in_column_order,)),
        Mistake("gives the scores themselves, where their places are asked for", select_scores),
        Mistake("gives a mask over all features, where column numbers are asked for", select_mask),
        Mistake("keeps a third of the features, whatever k says", select_a_third, mark=1.0),
        Mistake("keeps one feature too many", select_one_more),
        Mistake("keeps one feature too few", select_one_less),
        Mistake("sorts all features and keeps every one of them", select_all),
        Mistake("counts the columns from 1; NumPy counts from 0", select_counted_from_one),
        Mistake("gives the rank of the first features; the places of the best ones are asked for", select_ranks),
        Mistake("turns an upward sort around, which puts the last of equal scores first: sort the negative scores",
                select_ties_turned, mark=1.5),
        Mistake("leaves the order of equal scores to chance: argsort keeps it only with kind='stable'",
                select_ties_by_chance, mark=1.5, also=(select_ties_by_chance_turned,)),
        Mistake("looks each score up by its value, so equal scores give the same feature twice", select_by_value, mark=1.5),
    ),
    hints=("np.argsort gives places, not values. In which direction does it sort?",
           "Sorting -scores puts the best first. What does argsort do with equal scores?",
           "np.argsort(-scores, kind='stable')[:k]"),
    minutes=3, difficulty=1, rung="implement",
)
