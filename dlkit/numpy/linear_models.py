"""One linear layer, four models: the loss decides which one it is.

===================== ======================= ==============
model                 loss of the scores      activation
===================== ======================= ==============
linear regression     mean squared error      identity
logistic regression   binary cross-entropy    sigmoid
softmax regression    cross-entropy           softmax
perceptron            perceptron criterion    step
linear SVM            multi-class hinge       identity
===================== ======================= ==============

`SingleLayerModel` trains all of them by the same gradient descent; losses take the scores (logits), which
is stable, and the activation turns scores into the output.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from dlkit.numpy.activations import identity, sigmoid
from dlkit.numpy.losses_classification import bce_with_logits, cross_entropy, multiclass_hinge
from dlkit.numpy.softmax import softmax
from dlkit.numpy.validation import as_float, expect_shape

Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def linear_scores(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Scores of a linear classifier, one column per class: ``S = X W + b``.

    Parameters
    ----------
    X : (N, D) examples, float.
    W : (D,) or (D, K) weights; column k is the template of class k.
    b : () or (K,) biases.

    Returns
    -------
    (N,) or (N, K) scores; the class of a row is the column of its largest score.

    Raises
    ------
    ValueError : when a shape does not match.

    Source: Lecture notes, unit 1, the linear SVM's scoring function.

    Examples
    --------
    >>> linear_scores(np.array([[1, 2]]), np.array([[1, 0], [0, 3]]), np.array([0.5, 0])).tolist()
    [[1.5, 6.0]]
    """
    X, W, b = as_float("X", X), as_float("W", W), as_float("b", b)
    expect_shape("X", X, (None, None))
    expect_shape("W", W, (X.shape[1],) if W.ndim == 1 else (X.shape[1], None), to_match=("X", X))
    expect_shape("b", b, W.shape[1:], to_match=("W", W))
    return X @ W + b


def logistic_gradient(
    X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float
) -> tuple[float, np.ndarray, float]:
    """Cost of logistic regression and its gradients, both parameters at the same point.

    ``J = -mean[y log p + (1 - y) log(1 - p)]`` with ``p = sigmoid(X w + b)``; ``dJ/dw = X^T (p - y) / N`` and
    ``dJ/db = mean(p - y)``.

    Parameters
    ----------
    X : (N, D) examples, float.
    y : (N,) classes 0 and 1.
    w : (D,) weights.
    b : bias.

    Returns
    -------
    (loss, dw, db) : float, (D,), float.

    Raises
    ------
    ValueError : when a shape does not match.

    Source: Lecture notes, unit 1, logistic regression.

    Examples
    --------
    >>> loss, dw, db = logistic_gradient(np.array([[2.0], [4.0]]), np.array([1, 0]), np.zeros(1), 0.0)
    >>> round(loss, 4), dw.tolist(), db                      # ln 2; p - y = -0.5, 0.5
    (0.6931, [0.5], 0.0)
    """
    w = as_float("w", w)
    expect_shape("w", w, (None,))
    loss, dw, db = _loss_gradient(bce_with_logits, X, y, w, b)
    return loss, dw, float(db)


def softmax_regression_gradient(
    X: np.ndarray, y: np.ndarray, W: np.ndarray, b: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Cost of softmax regression and its gradients.

    ``J = -mean log softmax(X W + b)[y]``; with P the probabilities and Y the one-hot targets, ``dJ/dZ = (P
    - Y) / N``, ``dJ/dW = X^T dJ/dZ`` and ``dJ/db`` its column sums.

    Parameters
    ----------
    X : (N, D) examples, float.
    y : (N,) labels 0 to K - 1, or (N, K) one-hot.
    W : (D, K) weights.
    b : (K,) biases.

    Returns
    -------
    (loss, dW, db) : float, (D, K), (K,).

    Raises
    ------
    ValueError : when a shape does not match.

    Source: Lecture notes, unit 1, softmax regression.

    Examples
    --------
    >>> X, y = np.array([[2.0]]), np.array([1])
    >>> loss, dW, db = softmax_regression_gradient(X, y, np.zeros((1, 2)), np.zeros(2))
    >>> round(loss, 4), dW.tolist(), db.tolist()             # ln 2; P - Y = 0.5, -0.5
    (0.6931, [[1.0, -1.0]], [0.5, -0.5])
    """
    W = as_float("W", W)
    expect_shape("W", W, (None, None))
    return _loss_gradient(cross_entropy, X, y, W, b)


def _loss_gradient(loss: Loss, X, y, W, b) -> tuple[float, np.ndarray, np.ndarray]:
    """Value and gradients of any loss of the scores ``X W + b``."""
    value, d_scores = loss(linear_scores(X, W, b), y)
    return value, as_float("X", X).T @ d_scores, d_scores.sum(axis=0)


class SingleLayerModel:
    """One linear layer trained by gradient descent on the whole training set.

    ``J = loss(X W + b, y) + l2 / 2 ||W||^2``; the bias is not penalised.

    Parameters
    ----------
    loss : ``loss(scores, y) -> (value, gradient)``, for example ``mse`` or ``bce_with_logits``.
    activation : turns scores into the output of `predict`.
    outputs : number of outputs K; None for a single one, with scores of shape (N,).
    lr, epochs : learning rate and number of steps.
    l2 : strength of the penalty.

    Attributes
    ----------
    W_ : (D,) or (D, K) weights; b_ : () or (K,) biases; loss_history_ : list of float, J before every step.

    Source: Lecture notes, unit 1, the perceptron as a configurable unit.

    Examples
    --------
    >>> from dlkit.numpy.losses_regression import mse
    >>> X, y = np.array([[-1.0], [0.0], [1.0]]), np.array([-1.0, 1.0, 3.0])
    >>> model = SingleLayerModel(mse, lr=0.3, epochs=200).fit(X, y)
    >>> model.predict(np.array([[2.0]])).round(4).tolist()   # 2 x + 1
    [5.0]
    """

    def __init__(
        self,
        loss: Loss,
        activation: Callable[[np.ndarray], np.ndarray] = identity,
        *,
        outputs: int | None = None,
        lr: float = 0.1,
        epochs: int = 500,
        l2: float = 0.0,
    ) -> None:
        self.loss, self.activation, self.outputs = loss, activation, outputs
        self.lr, self.epochs, self.l2 = lr, epochs, l2

    def fit(self, X: np.ndarray, y: np.ndarray, rng: np.random.Generator | None = None) -> SingleLayerModel:
        """Learn from rows ``X`` (N, D) and targets ``y``; return the estimator itself.

        Starts from zeros, or with ``rng`` from small random weights. Convex losses need none; the perceptron
        criterion does, because it is 0 and flat where all weights are 0.
        """
        X = as_float("X", X)
        expect_shape("X", X, (None, None))
        outputs = self._num_outputs(y)
        shape = (X.shape[1],) if outputs is None else (X.shape[1], outputs)
        W = np.zeros(shape, X.dtype) if rng is None else (0.01 * rng.standard_normal(shape)).astype(X.dtype)
        b = np.zeros(shape[1:], X.dtype)
        self.loss_history_ = []
        for _ in range(self.epochs):
            value, dW, db = _loss_gradient(self.loss, X, y, W, b)
            self.loss_history_.append(value + 0.5 * self.l2 * float(np.sum(W * W)))
            W = W - self.lr * (dW + self.l2 * W)
            b = b - self.lr * db
        self.W_, self.b_ = W, b
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Scores ``X W + b``, (N,) or (N, K)."""
        return linear_scores(X, self.W_, self.b_)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The activation of the scores, (N,) or (N, K)."""
        return self.activation(self.decision_function(X))

    def _num_outputs(self, y) -> int | None:
        return self.outputs


class LogisticRegression(SingleLayerModel):
    """Binary classifier ``P(y = 1 | x) = sigmoid(x.w + b)``, trained on the binary cross-entropy.

    Parameters and attributes as in `SingleLayerModel`. Standardise the columns first.

    Source: Lecture notes, unit 1, logistic regression.

    Examples
    --------
    >>> X, y = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0, 0, 1, 1])
    >>> LogisticRegression().fit(X, y).predict(X).tolist()
    [0, 0, 1, 1]
    """

    def __init__(self, *, lr: float = 0.1, epochs: int = 500, l2: float = 0.0) -> None:
        super().__init__(bce_with_logits, sigmoid, lr=lr, epochs=epochs, l2=l2)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Probability of class 1, (N,)."""
        return self.activation(self.decision_function(X))

    def predict(self, X: np.ndarray, threshold: float = 0.5) -> np.ndarray:
        """Class 1 where its probability reaches the threshold, else 0: (N,) integers."""
        return (self.predict_proba(X) >= threshold).astype(np.int64)


class _MulticlassModel(SingleLayerModel):
    """One column of scores per class; the number of classes is taken from the labels when not given."""

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Class of the largest score, (N,) integers."""
        return self.decision_function(X).argmax(axis=1)

    def _num_outputs(self, y) -> int:
        return self.outputs if self.outputs is not None else int(np.max(y)) + 1


class SoftmaxRegression(_MulticlassModel):
    """Multi-class classifier ``P(y | x) = softmax(x W + b)``, trained on the cross-entropy.

    Parameters and attributes as in `SingleLayerModel`; labels are 0 to K - 1, ``num_classes`` is K.

    Source: Lecture notes, unit 1, softmax regression.

    Examples
    --------
    >>> X, y = np.array([[-2.0], [0.0], [2.0]]), np.array([0, 1, 2])
    >>> SoftmaxRegression(lr=1.0).fit(X, y).predict(X).tolist()
    [0, 1, 2]
    """

    def __init__(
        self, *, num_classes: int | None = None, lr: float = 0.1, epochs: int = 500, l2: float = 0.0
    ) -> None:
        super().__init__(cross_entropy, softmax, outputs=num_classes, lr=lr, epochs=epochs, l2=l2)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Probabilities of the classes, (N, K)."""
        return self.activation(self.decision_function(X))


class LinearSVM(_MulticlassModel):
    """Multi-class classifier trained on the Weston-Watkins hinge: wrong scores stay 1 below the right one.

    ``J = mean_i sum_{j != y_i} max(0, s_j - s_{y_i} + 1)^power + l2 / 2 ||W||^2``. Parameters and
    attributes as in `SingleLayerModel`; ``power`` is 1 or 2, labels are 0 to K - 1, ``num_classes`` is K.

    Source: Lecture notes, unit 1, the linear SVM; Weston and Watkins (1999).

    Examples
    --------
    >>> X, y = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0, 0, 1, 1])
    >>> LinearSVM(power=2).fit(X, y).predict(X).tolist()
    [0, 0, 1, 1]
    """

    def __init__(
        self,
        *,
        power: int = 1,
        num_classes: int | None = None,
        lr: float = 0.1,
        epochs: int = 500,
        l2: float = 1e-3,
    ) -> None:
        hinge = partial(multiclass_hinge, margin=1.0, power=power)
        super().__init__(hinge, identity, outputs=num_classes, lr=lr, epochs=epochs, l2=l2)
        self.power = power
