"""Wrong answers to the exercises on confusion matrices: each is complete, with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- reading: healthy 600, cold 300, flu 100; columns 690, 240, 70 ---------------------------------------------------------


def _read(**changes):
    return {"accuracy": 780 / 1000, "recall": 30 / 100, "precision": 30 / 70, "baseline": 600 / 1000} | changes


def reading_exchanged():
    return _read(recall=30 / 70, precision=30 / 100)


def reading_over_all():
    return _read(recall=30 / 1000, precision=30 / 1000)


def reading_recall_over_all():
    return _read(recall=30 / 1000)


def reading_precision_over_all():
    return _read(precision=30 / 1000)


def reading_precision_over_errors():
    return _read(precision=30 / 40)


def reading_hits_baseline():
    return _read(baseline=560 / 1000)


def reading_over_errors():
    return _read(recall=30 / 70, precision=30 / 40)


def reading_mean_recall():
    return _read(accuracy=(560 / 600 + 190 / 300 + 30 / 100) / 3)


def reading_third():
    return _read(baseline=1 / 3)


def reading_column_baseline():
    return _read(baseline=690 / 1000)


def reading_cold():
    return _read(recall=190 / 300, precision=190 / 240)


def reading_missed():
    return _read(recall=70 / 100)


def reading_percent():
    return {name: 100 * value for name, value in _read().items()}


def reading_rounded():
    return {name: round(value, 2) for name, value in _read().items()}


def reading_error_rate():
    return _read(accuracy=220 / 1000)


# -- confusion_matrix ------------------------------------------------------------------------------------------------------


def _counted(predicted, target, num_classes):
    C = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(C, (target, predicted), 1)
    return C


def confusion_pairs_once(predicted, target, num_classes):
    C = np.zeros((num_classes, num_classes), dtype=int)
    C[target, predicted] += 1
    return C


def confusion_turned(predicted, target, num_classes):
    return _counted(target, predicted, num_classes)


def confusion_by_max(predicted, target, num_classes):
    return _counted(predicted, target, int(max(predicted.max(), target.max())) + 1)


def confusion_by_target_only(predicted, target, num_classes):
    return _counted(predicted, target, int(target.max()) + 1)


def confusion_by_unique(predicted, target, num_classes):
    classes = np.unique(np.concatenate([predicted, target]))
    return _counted(np.searchsorted(classes, predicted), np.searchsorted(classes, target), len(classes))


def confusion_overflow(predicted, target, num_classes):
    both = target * target.dtype.type(num_classes) + predicted
    return np.bincount(both, minlength=num_classes**2).reshape(num_classes, num_classes)


def confusion_diagonal(predicted, target, num_classes):
    return np.diag(np.diag(_counted(predicted, target, num_classes)))


def confusion_errors(predicted, target, num_classes):
    C = _counted(predicted, target, num_classes)
    return C - np.diag(np.diag(C))


def confusion_shares(predicted, target, num_classes):
    return _counted(predicted, target, num_classes) / len(target)


def confusion_row_shares(predicted, target, num_classes):
    C = _counted(predicted, target, num_classes)
    return C / np.maximum(C.sum(axis=1, keepdims=True), 1)


def confusion_from_one(predicted, target, num_classes):
    C = np.zeros((num_classes + 1, num_classes + 1), dtype=int)
    np.add.at(C, (target.astype(int) + 1, predicted.astype(int) + 1), 1)
    return C[:num_classes, :num_classes]


def confusion_symmetric(predicted, target, num_classes):
    C = _counted(predicted, target, num_classes)
    return C + C.T


def confusion_flat(predicted, target, num_classes):
    return _counted(predicted, target, num_classes).ravel()


def confusion_without_last(predicted, target, num_classes):
    return _counted(predicted[:-1], target[:-1], num_classes)


# -- precision_recall_f1 ---------------------------------------------------------------------------------------------------


def _ratio(a, b, otherwise=0.0):
    return np.where(b > 0, a / np.where(b > 0, b, 1), otherwise)


def _parts(matrix):
    return np.diag(matrix).astype(float), matrix.sum(axis=0), matrix.sum(axis=1)


def _with_f1(precision, recall):
    return precision, recall, _ratio(2 * precision * recall, precision + recall)


def scores_exchanged(matrix):
    hits, said, true = _parts(matrix)
    return _with_f1(_ratio(hits, true), _ratio(hits, said))


def scores_mean(matrix):
    hits, said, true = _parts(matrix)
    precision, recall = _ratio(hits, said), _ratio(hits, true)
    return precision, recall, (precision + recall) / 2


def scores_geometric(matrix):
    hits, said, true = _parts(matrix)
    precision, recall = _ratio(hits, said), _ratio(hits, true)
    return precision, recall, np.sqrt(precision * recall)


def scores_without_two(matrix):
    hits, said, true = _parts(matrix)
    precision, recall = _ratio(hits, said), _ratio(hits, true)
    return precision, recall, _ratio(precision * recall, precision + recall)


def scores_over_all(matrix):
    hits, _, _ = _parts(matrix)
    return _with_f1(hits / matrix.sum(), hits / matrix.sum())


def scores_over_errors(matrix):
    hits, said, true = _parts(matrix)
    return _with_f1(_ratio(hits, said - hits), _ratio(hits, true - hits))


def scores_hits_twice(matrix):
    hits, said, true = _parts(matrix)
    return _with_f1(_ratio(hits, said + hits), _ratio(hits, true + hits))


def scores_nan(matrix):
    hits, said, true = _parts(matrix)
    precision, recall = hits / said, hits / true
    return precision, recall, 2 * precision * recall / (precision + recall)


def scores_nan_but_f1(matrix):
    hits, said, true = _parts(matrix)
    return hits / said, hits / true, _ratio(2 * hits, said + true)


def scores_one(matrix):
    hits, said, true = _parts(matrix)
    precision, recall = _ratio(hits, said, 1.0), _ratio(hits, true, 1.0)
    return _with_f1(precision, recall)


def scores_guard_recall(matrix):
    hits, said, true = _parts(matrix)
    return _with_f1(hits / said, _ratio(hits, true))


def scores_guard_precision(matrix):
    hits, said, true = _parts(matrix)
    return _with_f1(_ratio(hits, said), hits / true)


def scores_guard_two(matrix):
    hits, said, true = _parts(matrix)
    precision, recall = _ratio(hits, said), _ratio(hits, true)
    return precision, recall, 2 * precision * recall / (precision + recall)


def scores_guard_f1_by_counts(matrix):
    hits, said, true = _parts(matrix)
    precision, recall = _ratio(hits, said), _ratio(hits, true)
    return precision, recall, np.where((said > 0) & (true > 0), 2 * precision * recall / (precision + recall), 0.0)


def scores_two_classes(matrix):
    (tn, fp), (fn, tp) = matrix
    hits, said, true = np.array([float(tn), float(tp)]), np.array([tn + fn, fp + tp]), np.array([tn + fp, fn + tp])
    return _with_f1(_ratio(hits, said), _ratio(hits, true))


def scores_macro(matrix):
    hits, said, true = _parts(matrix)
    return tuple(float(np.mean(values)) for values in _with_f1(_ratio(hits, said), _ratio(hits, true)))


def _epsilon(matrix, epsilon):
    hits, said, true = _parts(matrix)
    precision, recall = hits / (said + epsilon), hits / (true + epsilon)
    return precision, recall, 2 * precision * recall / (precision + recall + epsilon)


def scores_epsilon(matrix):
    return _epsilon(matrix, 1e-6)


def scores_small_epsilon(matrix):
    return _epsilon(matrix, 1e-8)


def scores_large_epsilon(matrix):
    return _epsilon(matrix, 1e-3)


def scores_f1_hits_once(matrix):
    hits, said, true = _parts(matrix)
    return _ratio(hits, said), _ratio(hits, true), _ratio(2 * hits, said + true - hits)


def scores_cut(matrix):
    hits, said, true = _parts(matrix)
    return tuple(values.astype(matrix.dtype) for values in _with_f1(_ratio(hits, said), _ratio(hits, true)))


def scores_accuracy(matrix):
    hits, said, _ = _parts(matrix)
    return _with_f1(_ratio(hits, said), np.full(len(matrix), hits.sum() / matrix.sum()))
