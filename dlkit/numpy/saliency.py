"""Which inputs matter to a trained network: the gradient of an output with respect to the inputs."""

from __future__ import annotations

import numpy as np

from dlkit.numpy.network import Sequential
from dlkit.numpy.validation import as_float, as_labels, expect_shape


def saliency(model: Sequential, X: np.ndarray, class_index) -> np.ndarray:
    """How strongly each input moves the score of a class: ``|d o_m / d x_i|`` for every example.

    One forward pass, then one backward pass whose upstream gradient is 1 at output m and 0 elsewhere. Take
    the scores before a softmax: behind it the gradient vanishes wherever the network is sure.

    Parameters
    ----------
    model : network with ``forward(X) -> (scores, cache)`` and ``backward(dout, cache) -> (dX, grads)``.
    X : (N, D) examples, float.
    class_index : the output m, one for all rows or (N,) one per row.

    Returns
    -------
    (N, D) absolute gradients.

    Raises
    ------
    TypeError : when ``class_index`` is not of integers.
    ValueError : when ``class_index`` matches neither the rows nor the outputs of the model.

    Source: Lecture notes, unit 1, feature selection by backpropagated saliency; Simonyan et al. (2014).

    Examples
    --------
    >>> from dlkit.numpy.layers import Dense
    >>> layer = Dense(2, 2, np.random.default_rng(0))
    >>> layer.params["W"][:] = [[3.0, -5.0], [0.0, 7.0]]     # a linear model: the gradient is the weight
    >>> saliency(Sequential(layer), np.ones((1, 2)), class_index=1).tolist()
    [[5.0, 7.0]]
    """
    X = as_float("X", X)
    scores, cache = model.forward(X)
    expect_shape("scores", scores, (len(X), None), to_match=("X", X))
    shape = X.shape[:1] if np.ndim(class_index) else ()
    index = as_labels("class_index", class_index, shape, scores.shape[1])
    upstream = np.zeros_like(scores)
    upstream[np.arange(len(X)), index] = 1
    dX, _ = model.backward(upstream, cache)
    return np.abs(dX)


def saliency_feature_ranking(
    model: Sequential, X: np.ndarray, y: np.ndarray, *, per_class: bool = False
) -> np.ndarray:
    """Score of every feature: its saliency for the right class, summed over correctly classified examples.

    ``S_i = sum over n with argmax o(x_n) = y_n of |d o_{y_n} / d x_i|``. Features on different scales are not
    comparable this way: standardise first.

    Parameters
    ----------
    model : network that gives class scores (N, K).
    X : (N, D) examples, float.
    y : (N,) labels 0 to K - 1.
    per_class : keep the sums of the classes apart.

    Returns
    -------
    (D,) scores, or (K, D) with ``per_class``; larger is more important. Feed them to `select_features`.

    Raises
    ------
    ValueError : when ``y`` does not match ``X`` or the outputs of the model.

    Source: Lecture notes, unit 1, feature selection by backpropagated saliency.

    Examples
    --------
    >>> from dlkit.numpy.layers import Dense
    >>> layer = Dense(2, 2, np.random.default_rng(0))
    >>> layer.params["W"][:] = [[3.0, -5.0], [0.0, 7.0]]
    >>> X, y = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.array([0, 1, 0])    # the last is missed
    >>> saliency_feature_ranking(Sequential(layer), X, y).tolist()                    # 3 + 5, 0 + 7
    [8.0, 7.0]
    """
    X, y = as_float("X", X), np.asarray(y)
    expect_shape("y", y, (len(X),), to_match=("X", X))
    gradients = saliency(model, X, y)
    scores = model.predict(X)
    gradients = gradients * (scores.argmax(axis=1) == y)[:, None]
    if not per_class:
        return gradients.sum(axis=0)
    of_class = np.arange(scores.shape[1])[:, None] == y  # (K, N)
    return of_class.astype(gradients.dtype) @ gradients


def select_features(scores: np.ndarray, k: int) -> np.ndarray:
    """Columns of the k best features, best first; the first of equals comes first.

    Parameters
    ----------
    scores : (D,) one score per feature.
    k : how many, 1 to D.

    Returns
    -------
    (k,) int64 column numbers: ``X[:, select_features(scores, k)]`` keeps those columns.

    Raises
    ------
    ValueError : when ``k`` is not between 1 and D.

    Source: Lecture notes, unit 1, feature selection.

    Examples
    --------
    >>> select_features(np.array([0.2, 0.9, 0.5]), k=2).tolist()
    [1, 2]
    """
    scores = as_float("scores", scores)
    expect_shape("scores", scores, (None,))
    if not 1 <= k <= len(scores):
        raise ValueError(f"k is {k}, expected 1 to {len(scores)}, the number of scores")
    return np.argsort(-scores, kind="stable")[:k].astype(np.int64)
