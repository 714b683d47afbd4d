"""Losses for classification. Each returns (value, gradient with respect to the first argument), in natural logarithms:

=====================  ================================  ==========================================
task                   output of the network             loss
=====================  ================================  ==========================================
binary                 one score z (sigmoid gives p)     `bce_with_logits` (or `bce` of p)
one class of K         K scores (softmax gives p)        `cross_entropy` (or the two ``categorical`` ones)
several labels of K    K scores (a sigmoid on each)      `multilabel_bce_with_logits`
sides -1 and 1         one score f                       `perceptron_criterion`, `hinge`
one class, margins     K scores                          `multiclass_hinge`
=====================  ================================  ==========================================

Prefer the losses that take scores (logits): they are exact where a probability has been rounded to 0 or 1.
``reduction`` is that of PyTorch ("mean", "sum", "none"); where a row has one loss, the mean is over the rows.
Source, where no paper is named: Lecture notes, unit 1.
"""

from __future__ import annotations

import numpy as np

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.losses_regression import reduce_loss
from dlkit.numpy.validation import as_float, as_labels, expect_choice, expect_range, expect_shape

__all__ = ["bce", "bce_with_logits", "categorical_cross_entropy", "cross_entropy", "hinge",
           "multiclass_hinge", "multilabel_bce_with_logits", "perceptron_criterion",
           "sparse_categorical_cross_entropy"]

LOG_FLOOR = -100.0  # as in PyTorch, log(0) counts as -100 and not as -inf
PROBABILITY_FLOOR = 1e-12  # as in PyTorch, the smallest divisor in a gradient


def _clipped_log(P: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(P), LOG_FLOOR)


def _pair(name: str, scores: object, target: object) -> tuple[np.ndarray, np.ndarray]:
    """Scores and target as floats of one shape and one dtype."""
    scores = as_float(name, scores)
    target = as_float("target", target, scores.dtype)
    expect_shape("target", target, scores.shape, to_match=(name, scores))
    return scores, target


def _rows(name: str, scores: object) -> np.ndarray:
    scores = as_float(name, scores)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ValueError(f"{name} has shape {scores.shape}, expected (N, K) with at least one class")
    return scores


def bce(probability: np.ndarray, target: np.ndarray, *,
        reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Binary cross-entropy (log loss): -[y log p + (1 - y) log(1 - p)], averaged over all elements.

    Logarithms are cut off at -100, so that p = 0 for y = 1 costs 100 and never nan; dp = (p - y) / (p (1 -
    p)).

    Parameters
    ----------
    probability : array_like, any shape (p of class 1)
    target : array_like, shape of the probability (y, 0 or 1, or between)
    reduction : {"mean", "sum", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the probability

    Raises
    ------
    ValueError : if the shapes differ, or a value is outside 0 to 1.

    Examples
    --------
    >>> value, gradient = bce([0.92], [1])
    >>> round(value, 4), gradient.round(4).tolist()
    (0.0834, [-1.087])
    >>> bce([0.0], [1])[0]
    100.0
    """
    P, Y = _pair("probability", probability, target)
    expect_range("probability", P, 0, 1, hint="scores of any size belong to bce_with_logits")
    expect_range("target", Y, 0, 1)
    values = -(Y * _clipped_log(P) + (1.0 - Y) * _clipped_log(1.0 - P))
    gradient = (P - Y) / np.maximum(P * (1.0 - P), PROBABILITY_FLOOR)
    return reduce_loss(values, gradient, reduction)


def _bce_of_logits(logits: object, target: object) -> tuple[np.ndarray, np.ndarray]:
    Z, Y = _pair("logits", logits, target)
    expect_range("target", Y, 0, 1)
    values = np.maximum(Z, 0.0) - Z * Y + np.log1p(np.exp(-np.abs(Z)))
    return values, sigmoid(Z) - Y


def bce_with_logits(logits: np.ndarray, target: np.ndarray, *,
                    reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Binary cross-entropy of p = sigmoid(z), from z: max(z, 0) - z y + log(1 + e^-|z|); dz = p - y.

    Parameters
    ----------
    logits : array_like, any shape (log odds z of class 1)
    target : array_like, shape of the logits (y, 0 or 1, or between)
    reduction : {"mean", "sum", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the logits

    Raises
    ------
    ValueError : if the shapes differ, or a target is outside 0 to 1.

    Examples
    --------
    >>> value, gradient = bce_with_logits([0.0, 1000.0], [1, 0])
    >>> round(value, 4), gradient.tolist()
    (500.3466, [-0.25, 0.5])
    """
    return reduce_loss(*_bce_of_logits(logits, target), reduction)


def multilabel_bce_with_logits(logits: np.ndarray, target: np.ndarray, *,
                               reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Multi-label loss: a sigmoid on each of K outputs; log losses summed over labels, mean over rows.

    Parameters
    ----------
    logits : array_like, shape (..., K)
        Scores, one row per example.
    target : array_like, shape of the logits
        1 for each label that applies, else 0; any number of ones in a row.
    reduction : {"mean", "sum", "none"}
        Over the rows; "none" gives one value per row.

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the logits

    Raises
    ------
    ValueError : if the shapes differ, or a target is outside 0 to 1.

    Examples
    --------
    >>> value, gradient = multilabel_bce_with_logits([[0.0, 0.0, 0.0]], [[1, 0, 1]])
    >>> round(value, 4), gradient.tolist()
    (2.0794, [[-0.5, 0.5, -0.5]])
    """
    values, gradient = _bce_of_logits(_rows("logits", logits), target)
    return reduce_loss(values.sum(axis=-1), gradient, reduction)


def cross_entropy(logits: np.ndarray, target: np.ndarray, *,
                  reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Softmax cross-entropy from the scores: -sum_j y_j log softmax(z)_j; dz = softmax(z) - y.

    Parameters
    ----------
    logits : array_like, shape (..., K)
        Scores, one row per example.
    target : array_like of int, shape (...), or array_like, shape (..., K)
        Class labels 0, ..., K - 1, or one distribution over the classes per row (one-hot, for instance).
    reduction : {"mean", "sum", "none"}
        Over the rows; "none" gives one value per row.

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the logits

    Raises
    ------
    TypeError : if labels are not integers.
    ValueError : if the shapes do not match or a label is outside 0 to K - 1.

    Examples
    --------
    >>> value, gradient = cross_entropy([[0.0, 0.0], [0.0, 1000.0]], [0, 1])
    >>> round(value, 4), gradient.tolist()
    (0.3466, [[-0.25, 0.25], [0.0, 0.0]])
    """
    Z = _rows("logits", logits)
    target = np.asarray(target)
    shifted = Z - Z.max(axis=-1, keepdims=True)
    P = np.exp(shifted)
    total = P.sum(axis=-1, keepdims=True)
    P /= total  # softmax(Z)
    log_total = np.log(total)[..., 0]
    if target.shape == Z.shape:
        Y = as_float("target", target, Z.dtype)
        weight = Y.sum(axis=-1)  # 1 for a distribution
        values = weight * log_total - (Y * shifted).sum(axis=-1)
        return reduce_loss(values, P * weight[..., None] - Y, reduction)
    labels = as_labels("target", target, Z.shape[:-1], Z.shape[-1])
    true_class = (*np.indices(labels.shape, sparse=True), labels)
    values = log_total - shifted[true_class]
    P[true_class] -= 1.0
    return reduce_loss(values, P, reduction)


def categorical_cross_entropy(probabilities: np.ndarray, one_hot: np.ndarray, *,
                              reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Categorical cross-entropy of probabilities: -sum_j y_j log p_j, mean over the rows; dp_j = -y_j / p_j.

    Logarithms are cut off at -100. Nothing checks that a row of p sums to 1: the formula cannot tell.

    Parameters
    ----------
    probabilities : array_like, shape (..., K)
        Predicted probabilities, one row per example.
    one_hot : array_like, shape of the probabilities
        1 for the true class, else 0 (or a distribution).
    reduction : {"mean", "sum", "none"}
        Over the rows; "none" gives one value per row.

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the probabilities

    Raises
    ------
    ValueError : if the shapes differ, or a value is outside 0 to 1.

    Examples
    --------
    >>> value, gradient = categorical_cross_entropy([[0.25, 0.75]], [[1, 0]])
    >>> round(value, 4), gradient.tolist()
    (1.3863, [[-4.0, 0.0]])
    """
    P = _rows("probabilities", probabilities)
    Y = as_float("one_hot", one_hot, P.dtype)
    expect_shape("one_hot", Y, P.shape, to_match=("probabilities", P))
    expect_range("probabilities", P, 0, 1, hint="scores of any size belong to cross_entropy")
    expect_range("one_hot", Y, 0, 1)
    values = (Y * -_clipped_log(P)).sum(axis=-1)
    return reduce_loss(values, 0.0 - Y / np.maximum(P, PROBABILITY_FLOOR), reduction)


def sparse_categorical_cross_entropy(probabilities: np.ndarray, labels: np.ndarray, *,
                                     reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Categorical cross-entropy with integer labels: -log p_y, mean over the rows; no one-hot matrix needed.

    Parameters
    ----------
    probabilities : array_like, shape (..., K)
        Predicted probabilities, one row per example.
    labels : array_like of int, shape (...)
        Class labels 0, ..., K - 1.
    reduction : {"mean", "sum", "none"}
        Over the rows; "none" gives one value per row.

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the probabilities

    Raises
    ------
    TypeError : if the labels are not integers.
    ValueError : if the shapes do not match, a probability is outside 0 to 1 or a label outside 0 to K - 1.

    Examples
    --------
    >>> value, gradient = sparse_categorical_cross_entropy([[0.2, 0.8], [0.5, 0.5]], [1, 0])
    >>> round(value, 4), gradient.tolist()
    (0.4581, [[0.0, -0.625], [-1.0, 0.0]])
    """
    P = _rows("probabilities", probabilities)
    index = as_labels("labels", labels, P.shape[:-1], P.shape[-1])[..., None]
    expect_range("probabilities", P, 0, 1, hint="scores of any size belong to cross_entropy")
    P_true = np.take_along_axis(P, index, axis=-1)
    gradient = np.zeros_like(P)
    np.put_along_axis(gradient, index, -1.0 / np.maximum(P_true, PROBABILITY_FLOOR), axis=-1)
    return reduce_loss(-_clipped_log(P_true)[..., 0], gradient, reduction)


def _signed_pair(scores: object, target: object) -> tuple[np.ndarray, np.ndarray]:
    F, Y = _pair("scores", scores, target)
    wrong = Y[np.abs(Y) != 1]
    if wrong.size:
        raise ValueError(f"target has the value {wrong[0]:g}, expected only -1 and 1")
    return F, Y


def perceptron_criterion(scores: np.ndarray, target: np.ndarray, *,
                         reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Perceptron criterion: max(0, -y f); only examples on the wrong side cost anything.

    It is `hinge` without the margin, and is sometimes called hinge loss by mistake.

    Parameters
    ----------
    scores : array_like, any shape (f of each example)
    target : array_like, shape of the scores (sides y, -1 or 1)
    reduction : {"mean", "sum", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the scores
        -y where y f < 0, else 0.

    Raises
    ------
    ValueError : if the shapes differ, or a target is not -1 or 1.

    Examples
    --------
    >>> perceptron_criterion([1.0, -1.0, 1.0, -1.0], [1, 1, -1, -1], reduction="none")[0].tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    return hinge(scores, target, margin=0.0, reduction=reduction)


def hinge(scores: np.ndarray, target: np.ndarray, *, margin: float = 1.0,
          reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Hinge loss: max(0, margin - y f); an example must be on the right side by at least the margin.

    Parameters
    ----------
    scores : array_like, any shape (f of each example)
    target : array_like, shape of the scores (sides y, -1 or 1)
    margin : float, required y f
    reduction : {"mean", "sum", "none"}, see the head of this module

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the scores
        -y where y f < margin, else 0.

    Raises
    ------
    ValueError : if the shapes differ, or a target is not -1 or 1.

    Examples
    --------
    >>> hinge([1.0, -1.0, 1.0, 0.5], [1, 1, -1, 1], reduction="none")[0].tolist()
    [0.0, 2.0, 2.0, 0.5]
    """
    F, Y = _signed_pair(scores, target)
    shortfall = float(margin) - Y * F
    return reduce_loss(np.maximum(shortfall, 0.0), np.where(shortfall > 0, -Y, 0.0), reduction)


def multiclass_hinge(scores: np.ndarray, labels: np.ndarray, *, margin: float = 1.0, power: int = 1,
                     reduction: str = "mean") -> tuple[float | np.ndarray, np.ndarray]:
    """Multi-class hinge: sum over j != y of max(0, s_j - s_y + margin)^power, mean over the rows.

    PyTorch's ``multi_margin_loss`` divides this sum by the number of classes.

    Parameters
    ----------
    scores : array_like, shape (N, K)
        Scores s = f(x, W), one row per example.
    labels : array_like of int, shape (N,)
        Class labels y in 0, ..., K - 1.
    margin : float, by how much the true class must lead
    power : {1, 2}
        2 gives the squared hinge, which punishes large violations more.
    reduction : {"mean", "sum", "none"}
        Over the rows; "none" gives one value per row.

    Returns
    -------
    value : float (ndarray for "none")
    gradient : ndarray, shape and dtype of the scores

    Raises
    ------
    TypeError : if the labels are not integers.
    ValueError : if the shapes do not match, a label is outside 0 to K - 1 or the power is not 1 or 2.

    Source: Weston and Watkins, "Support vector machines for multi-class pattern recognition", 1999.

    Examples
    --------
    >>> value, gradient = multiclass_hinge([[3.2, 5.1, -1.7]], [0])
    >>> round(value, 4), gradient.tolist()
    (2.9, [[-1.0, 1.0, 0.0]])
    """
    S = _rows("scores", scores)
    expect_choice("power", power, (1, 2))
    index = as_labels("labels", labels, S.shape[:-1], S.shape[-1])[..., None]
    violation = np.maximum(S - np.take_along_axis(S, index, axis=-1) + float(margin), 0.0)
    np.put_along_axis(violation, index, 0.0, axis=-1)  # the true class does not compete with itself
    if power == 1:
        values, gradient = violation.sum(axis=-1), (violation > 0).astype(S.dtype)
    else:
        values, gradient = (violation * violation).sum(axis=-1), 2.0 * violation
    np.put_along_axis(gradient, index, -gradient.sum(axis=-1, keepdims=True), axis=-1)
    return reduce_loss(values, gradient, reduction)
