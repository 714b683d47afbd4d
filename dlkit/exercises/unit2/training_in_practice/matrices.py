"""Exercises on counts: read a confusion matrix, build one, and draw precision, recall and F1 from it."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit2.training_in_practice import matrices_mistakes as wrong

# -- predict: read a confusion matrix --------------------------------------------------------------------------------------

# Rows are true classes, columns predicted ones: healthy, cold, flu.
CLINIC = np.array([[560, 30, 10], [80, 190, 30], [50, 20, 30]])


def read_confusion_matrix():
    return {"accuracy": 0.78, "recall": 0.3, "precision": 3 / 7, "baseline": 0.6}


def reading_from_counts():
    C = CLINIC
    return {"accuracy": float(np.trace(C) / C.sum()), "recall": float(C[2, 2] / C[2].sum()),
            "precision": float(C[2, 2] / C[:, 2].sum()), "baseline": float(C[0].sum() / C.sum())}


def follow_reading(args, own):
    return read_confusion_matrix()


READING = Exercise(
    key="unit2.read_confusion_matrix",
    title="Read a confusion matrix",
    reference=read_confusion_matrix,
    alternatives=(reading_from_counts,),
    examples=(Example(args=(), expected={"accuracy": 0.78, "recall": 0.3, "precision": 0.42857142857142855, "baseline": 0.6}),),
    follow=follow_reading,
    steps={"accuracy": ("accuracy",), "recall": ("recall",), "precision": ("precision",), "baseline": ("baseline",)},
    parts={"accuracy": 0.5, "recall": 0.5, "precision": 0.5, "baseline": 0.5},
    mistakes=(
        Mistake("exchanges recall and precision: recall asks what became of the people who have flu (their row), precision "
                "what is behind the verdict flu (its column)", wrong.reading_exchanged, mark=1.0),
        Mistake("divides the hits by all 1000 people, in recall and precision alike", wrong.reading_over_all, mark=1.0),
        Mistake("divides by all 1000 people for the recall: it asks only about the people who have flu",
                wrong.reading_recall_over_all, mark=1.5),
        Mistake("divides by all 1000 people for the precision: it asks only about the people who were told flu",
                wrong.reading_precision_over_all, mark=1.5),
        Mistake("divides by the false alarms alone for the precision: the hits were told flu, too",
                wrong.reading_precision_over_errors, mark=1.5),
        Mistake("counts for the baseline only the healthy whom this model recognised: one that calls everybody healthy is "
                "right with all who are", wrong.reading_hits_baseline, mark=1.5),
        Mistake("divides by the errors alone: the hits belong into the denominator, too", wrong.reading_over_errors, mark=1.0),
        Mistake("takes the mean of the three recalls for the accuracy, which is all hits divided by all people",
                wrong.reading_mean_recall, mark=1.5),
        Mistake("lets the baseline guess at random among three classes: always saying healthy is right more often",
                wrong.reading_third, mark=1.5),
        Mistake("counts how often the model says healthy; the baseline is right as often as people ARE healthy",
                wrong.reading_column_baseline, mark=1.5),
        Mistake("answers for cold, the middle class, where flu is asked for", wrong.reading_cold, mark=1.0),
        Mistake("gives the share of flu cases that were missed for the recall, which is the share that was found",
                wrong.reading_missed, mark=1.5),
        Mistake("gives percentages; shares lie between 0 and 1", wrong.reading_percent),
        Mistake("rounds: write a fraction such as 2 / 3 and let Python divide", wrong.reading_rounded, mark=1.5),
        Mistake("gives the share of errors in place of the accuracy", wrong.reading_error_rate, mark=1.5),
    ),
    hints=("The matrix has 1000 people in it. Where do they stand whom the model got right?",
           "The row of flu holds everybody who has it, the column of flu everybody who was told so.",
           "accuracy: diagonal / all; recall: 30 / (sum of the row); precision: 30 / (sum of the column); baseline: the "
           "largest row / all."),
    minutes=4, difficulty=2, rung="predict",
)

# -- confusion_matrix ------------------------------------------------------------------------------------------------------


def confusion_matrix(predicted, target, num_classes):
    C = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(C, (target, predicted), 1)
    return C


def confusion_by_loop(predicted, target, num_classes):
    C = [[0] * num_classes for _ in range(num_classes)]
    for said, true in zip(predicted, target, strict=True):
        C[true][said] += 1
    return C


def confusion_by_one_hot(predicted, target, num_classes):
    eye = np.eye(num_classes)
    return eye[target].T @ eye[predicted]


def confusion_by_bincount(predicted, target, num_classes):
    both = np.asarray(target, dtype=int) * num_classes + predicted
    return np.bincount(both, minlength=num_classes**2).reshape(num_classes, num_classes)


def _labels(rng):
    """29 rows of 5 classes; the counts are not symmetric, and the largest label occurs."""
    K, n = 5, 29
    target = np.concatenate([np.arange(K), [0, 0, 0, 1], rng.integers(K, size=n - K - 4)])
    predicted = np.concatenate([np.arange(K), [1, 1, 1, 3], rng.integers(K, size=n - K - 4)])
    order = rng.permutation(n)
    if confusion_matrix(predicted, target, K)[0, 1] == confusion_matrix(predicted, target, K)[1, 0]:
        return _labels(rng)
    return predicted[order], target[order], K


def _absent_class(rng):
    """Each pair at most once; neither the last class nor the second one occurs anywhere."""
    rows = rng.permutation(np.array([[0, 0], [2, 0], [3, 2], [2, 3], [4, 4], [0, 3]]))
    return rows[:, 0], rows[:, 1], 6


def _bytes(rng):
    """Labels as bytes, each pair at most once: 19 * 20 does not fit into a byte."""
    labels = rng.permutation(20).astype(np.uint8)
    return np.concatenate([labels, np.roll(labels, 1)]), np.concatenate([labels, labels]), 20


CONFUSION_MATRIX = Exercise(
    key="unit2.confusion_matrix",
    title="Build a confusion matrix",
    reference=confusion_matrix,
    alternatives=(confusion_by_loop, confusion_by_one_hot, confusion_by_bincount),
    examples=(Example(args=(np.array([0, 1, 0, 2]), np.array([0, 0, 1, 2]), 3), expected=[[1, 1, 0], [1, 0, 0], [0, 0, 1]]),),
    regimes={"many rows": _labels, "absent classes": _absent_class, "labels as bytes": _bytes},
    parts={"worked example": 0.5, "many rows": 0.75, "absent classes": 0.5, "labels as bytes": 0.25},
    mistakes=(
        Mistake("counts every pair only once: C[target, predicted] += 1 with arrays adds 1 to a place however often it is "
                "named (np.add.at counts all)", wrong.confusion_pairs_once, mark=1.25),
        Mistake("has predicted classes in rows: row is the true class, column the predicted one", wrong.confusion_turned,
                mark=0.5),
        Mistake("takes the number of classes from the labels at hand: a class that does not occur needs its row and column",
                wrong.confusion_by_max, mark=1.5, also=(wrong.confusion_by_unique, wrong.confusion_by_target_only)),
        Mistake("computes target * num_classes + predicted in bytes, which overflow at 256: convert to int first",
                wrong.confusion_overflow, mark=1.75),
        Mistake("counts only the hits, on the diagonal", wrong.confusion_diagonal),
        Mistake("counts only the errors; the diagonal belongs to the matrix", wrong.confusion_errors),
        Mistake("divides by the number of rows: counts are asked for", wrong.confusion_shares),
        Mistake("divides each row by its sum: counts are asked for", wrong.confusion_row_shares),
        Mistake("starts at class 1: label 0 belongs into row or column 0", wrong.confusion_from_one),
        Mistake("counts each row twice, once from each side, so that the matrix becomes symmetric", wrong.confusion_symmetric),
        Mistake("returns the flat counts, in one row", wrong.confusion_flat),
        Mistake("leaves out the last example", wrong.confusion_without_last),
    ),
    hints=("One pass over the rows: which single entry of the matrix does a row (true 2, predicted 0) belong to?",
           "C[true, said] += 1, row by row, is a good answer. With whole arrays as indices, += counts a repeated place once.",
           "np.add.at(C, (target, predicted), 1), or np.bincount of target * num_classes + predicted in integers."),
    minutes=6, difficulty=2, rung="implement",
)

# -- precision_recall_f1 ---------------------------------------------------------------------------------------------------


def precision_recall_f1(matrix):
    hits = np.diag(matrix).astype(float)
    said, true = matrix.sum(axis=0), matrix.sum(axis=1)
    precision = np.where(said > 0, hits / np.maximum(said, 1), 0.0)
    recall = np.where(true > 0, hits / np.maximum(true, 1), 0.0)
    total = precision + recall
    return precision, recall, np.where(total > 0, 2 * precision * recall / np.where(total > 0, total, 1.0), 0.0)


def precision_recall_f1_class_by_class(matrix):
    columns = [], [], []
    for k in range(len(matrix)):
        tp = int(matrix[k][k])
        fp = int(sum(matrix[i][k] for i in range(len(matrix)))) - tp
        fn = int(sum(matrix[k])) - tp
        columns[0].append(tp / (tp + fp) if tp + fp else 0.0)
        columns[1].append(tp / (tp + fn) if tp + fn else 0.0)
        columns[2].append(2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0)
    return columns


def _counts(rng):
    """Four classes, all of them recognised at times; nothing is symmetric."""
    C = rng.integers(1, 9, size=(4, 4)) + np.diag(rng.integers(5, 20, size=4))
    C[0, 1:] += np.array([9, 2, 4])
    return (C,)


def _never_said(rng):
    """The second class occurs and is never predicted."""
    a, b = rng.integers(3, 20, size=2)
    return (np.array([[a, 0], [b, 0]]),)


def _never_there(rng):
    """The first class is predicted and never occurs."""
    a, b = rng.integers(3, 20, size=2)
    return (np.array([[0, 0], [a, b]]),)


def _never_hit(rng):
    """The first class occurs and is predicted, but never where it should be."""
    a, b, c = rng.permutation(np.arange(3, 20))[:3]
    return (np.array([[0, a], [b, c]]),)


PRECISION_RECALL_F1 = Exercise(
    key="unit2.precision_recall_f1",
    title="Precision, recall and F1 of every class",
    reference=precision_recall_f1,
    alternatives=(precision_recall_f1_class_by_class,),
    examples=(Example(args=(np.array([[8, 2], [4, 6]]),),
                      expected=([0.6666666666666666, 0.75], [0.8, 0.6], [0.7272727272727273, 0.6666666666666666])),),
    regimes={"four classes": _counts, "never predicted": _never_said, "never there": _never_there, "never right": _never_hit},
    parts={"worked example": 0.5, "four classes": 0.5, "never predicted": 0.5, "never there": 0.25, "never right": 0.25},
    returns=("precision", "recall", "F1"),
    mistakes=(
        Mistake("exchanges precision and recall: predicted classes are columns, so precision divides by column sums (axis=0)",
                wrong.scores_exchanged),
        Mistake("takes the plain mean of precision and recall for F1; the harmonic mean is 2 P R / (P + R)", wrong.scores_mean),
        Mistake("takes the geometric mean for F1; the harmonic mean is 2 P R / (P + R)", wrong.scores_geometric),
        Mistake("forgets the factor 2 in F1 = 2 P R / (P + R)", wrong.scores_without_two),
        Mistake("divides by all examples in the matrix", wrong.scores_over_all),
        Mistake("divides the hits by the errors alone: TP / FP in place of TP / (TP + FP)", wrong.scores_over_errors),
        Mistake("adds the hits once more to sums that contain them already", wrong.scores_hits_twice),
        Mistake("leaves NaN where nothing was predicted or nothing was there: 0 / 0 counts as 0 here", wrong.scores_nan,
                mark=1.0),
        Mistake("leaves NaN in precision and recall where nothing was predicted or nothing was there: 0 / 0 counts as 0 here",
                wrong.scores_nan_but_f1, mark=1.25),
        Mistake("counts 0 / 0 as 1: that rewards a model for never saying a class", wrong.scores_one, mark=1.25),
        Mistake("guards recall against 0 / 0, but not precision: a class may never be predicted", wrong.scores_guard_recall,
                mark=1.5),
        Mistake("guards precision against 0 / 0, but not recall: a class may not occur", wrong.scores_guard_precision,
                mark=1.75),
        Mistake("guards precision and recall against 0 / 0, but not F1, whose P + R can be 0 as well", wrong.scores_guard_two,
                mark=1.0),
        Mistake("guards F1 only where a class is absent or never said: P + R is also 0 where it is never right",
                wrong.scores_guard_f1_by_counts, mark=1.75),
        Mistake("is written out for two classes: the matrix may have any number (np.diag and sums over an axis)",
                wrong.scores_two_classes, mark=1.5),
        Mistake("gives the averages over the classes: one number for each class is asked for", wrong.scores_macro),
        Mistake("adds a small number to the denominators: 0 / 0 is repaired, all other values are off", wrong.scores_epsilon,
                also=(wrong.scores_small_epsilon, wrong.scores_large_epsilon)),
        Mistake("computes F1 as 2 TP / (TP + FP + FN): the hits count twice below as well", wrong.scores_f1_hits_once),
        Mistake("keeps the type of the matrix, whole numbers, so every share is cut to 0 or 1", wrong.scores_cut),
        Mistake("takes the overall accuracy as the recall of every class", wrong.scores_accuracy),
    ),
    hints=("Which sum of the matrix counts everything that was CALLED class k, and which everything that IS class k?",
           "Columns are predicted, rows are true: sums over axis 0 and axis 1. Each of the three quotients can be 0 / 0.",
           "hits = np.diag(matrix); precision = hits / matrix.sum(axis=0); recall = hits / matrix.sum(axis=1); F1 = 2 P R / "
           "(P + R); and np.where for the three denominators that can be 0."),
    minutes=8, difficulty=2, rung="compose",
)
