"""One threshold unit and the rules that train it: perceptron trick, perceptron rule, bipolar rule.

Weights are *augmented* where a function takes one vector ``w`` with inputs that end in a constant 1: the
last weight is then the bias (`dlkit.numpy.linear.augment_ones` adds the column). Rows of ``X`` are
examples.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlkit.numpy.activations import step
from dlkit.numpy.linear import augment_ones
from dlkit.numpy.validation import as_float, expect_choice, expect_rng, expect_shape

_GATES = {
    "and": ((1.0, 1.0), 1.5),
    "or": ((1.0, 1.0), 0.5),
    "nand": ((-1.0, -1.0), -1.5),
    "nor": ((-1.0, -1.0), -0.5),
    "not": ((-1.0,), -0.5),
}


class BipolarFit(NamedTuple):
    """Result of `bipolar_perceptron_fit`."""

    w: np.ndarray  # (D,) or (D, M)
    b: np.ndarray  # () or (M,)
    epochs: int  # epochs run, the last unchanged one included
    converged: bool  # whether an epoch changed nothing


def threshold_unit(X: np.ndarray, w: np.ndarray, threshold: float) -> np.ndarray:
    """Output 1 where the weighted sum reaches the threshold, else 0: ``1 if x.w - T >= 0 else 0``.

    Parameters
    ----------
    X : (N, D) inputs, float.
    w : (D,) weights.
    threshold : the T of the formula.

    Returns
    -------
    (N,) zeros and ones, in the dtype of ``X``.

    Raises
    ------
    ValueError : when ``w`` does not match ``X``.

    Source: Lecture notes, unit 1, the artificial neuron; McCulloch and Pitts (1943).

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> threshold_unit(X, np.array([1.0, 1.0]), 0.5).tolist()      # OR
    [0.0, 1.0, 1.0, 1.0]
    """
    X, w = _design_and_weights(X, w)
    return step(X @ w, threshold)


def logic_gate(name: str) -> tuple[np.ndarray, float]:
    """Weights and threshold with which one `threshold_unit` computes a logic gate on inputs 0 and 1.

    Parameters
    ----------
    name : "and", "or", "nand", "nor" (two inputs) or "not" (one input).

    Returns
    -------
    (w, threshold) : (2,) or (1,) weights, and a number.

    Raises
    ------
    ValueError : for another name; "xor" and "xnor" are not linearly separable, no single unit computes them.

    Source: Lecture notes, unit 1, logic gates from one threshold unit.

    Examples
    --------
    >>> w, threshold = logic_gate("and")
    >>> w.tolist(), threshold
    ([1.0, 1.0], 1.5)
    """
    if name in ("xor", "xnor"):
        raise ValueError(f"name is {name!r}, expected a linearly separable gate")
    expect_choice("name", name, _GATES)
    w, threshold = _GATES[name]
    return np.array(w), threshold


def perceptron_trick(coefficients: np.ndarray, point: np.ndarray, label: int, lr: float = 1.0) -> np.ndarray:
    """Move the line ``A x1 + B x2 + C = 0`` towards a point that lies on its wrong side.

    ``coef + lr * [x1, x2, 1]`` when the point belongs to the positive side (label 1), ``coef - lr * [x1,
    x2, 1]`` when it belongs to the negative side (label 0). The trick does not look where the point lies:
    apply it to misclassified points (`perceptron_step` looks first).

    Parameters
    ----------
    coefficients : (D + 1,) line, plane or hyperplane, constant last.
    point : (D,) the misclassified point.
    label : 1 or 0.
    lr : how far to move.

    Returns
    -------
    (D + 1,) new coefficients.

    Raises
    ------
    ValueError : when the shapes do not match, or ``label`` is neither 0 nor 1.

    Source: Lecture notes, unit 1, the perceptron trick.

    Examples
    --------
    >>> perceptron_trick(np.array([2, 3, 5]), np.array([4, 5]), label=0).tolist()    # 2-4, 3-5, 5-1
    [-2.0, -2.0, 4.0]
    """
    coefficients, point = as_float("coefficients", coefficients), as_float("point", point)
    expect_shape("point", point, (None,))
    expect_shape("coefficients", coefficients, (point.shape[0] + 1,), to_match=("point", point))
    expect_choice("label", label, (0, 1))
    direction = 1 if label == 1 else -1
    return coefficients + direction * lr * np.append(point, point.dtype.type(1))


def perceptron_step(w: np.ndarray, x: np.ndarray, y: int, lr: float) -> np.ndarray:
    """One update of the perceptron: ``w + lr (y - yhat) x`` with ``yhat = 1 if w.x >= 0 else 0``.

    Of the four cases only two move the weights: a false positive subtracts ``lr x``, a false negative adds
    it.

    Parameters
    ----------
    w : (D + 1,) augmented weights.
    x : (D + 1,) augmented example (it ends in 1).
    y : its class, 0 or 1.
    lr : learning rate.

    Returns
    -------
    (D + 1,) new weights.

    Raises
    ------
    ValueError : when ``w`` does not match ``x``, or ``y`` is neither 0 nor 1.

    Source: Lecture notes, unit 1, the perceptron's unified update; Rosenblatt (1958).

    Examples
    --------
    >>> w, x = np.array([2.0, 3.0, 5.0]), np.array([4.0, 5.0, 1.0])    # score 28: classified 1
    >>> perceptron_step(w, x, y=0, lr=1.0).tolist(), perceptron_step(w, x, y=1, lr=1.0).tolist()
    ([-2.0, -2.0, 4.0], [2.0, 3.0, 5.0])
    """
    w, x = as_float("w", w), as_float("x", x)
    expect_shape("x", x, (None,))
    expect_shape("w", w, x.shape, to_match=("x", x))
    _expect_values("y", y, (0, 1))
    error = float(y) - float(x @ w >= 0)  # plain floats, so that float32 stays float32
    return w + lr * error * x


def perceptron_fit(
    X: np.ndarray, y: np.ndarray, lr: float = 0.01, epochs: int = 1000, *, rng: np.random.Generator
) -> np.ndarray:
    """Train a perceptron: start from zeros, make one `perceptron_step` on a row drawn at random, repeat.

    Parameters
    ----------
    X : (N, D) examples, float.
    y : (N,) classes 0 and 1.
    lr : learning rate.
    epochs : number of steps; the notes call each random row an epoch.
    rng : draws the rows.

    Returns
    -------
    (D + 1,) augmented weights, bias last.

    Raises
    ------
    ValueError : when shapes do not match, or ``y`` holds anything but 0 and 1.

    Source: Lecture notes, unit 1, the perceptron learning algorithm.

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> w = perceptron_fit(X, np.array([0, 0, 0, 1]), lr=1.0, epochs=200, rng=np.random.default_rng(0))
    >>> threshold_unit(augment_ones(X), w, 0.0).tolist()           # AND
    [0.0, 0.0, 0.0, 1.0]
    """
    X, y = as_float("X", X), as_float("y", y)
    expect_shape("X", X, (None, None))
    expect_shape("y", y, (X.shape[0],), to_match=("X", X))
    _expect_values("y", y, (0, 1))
    expect_rng(rng)
    rows = augment_ones(X)
    w = np.zeros(rows.shape[1], dtype=rows.dtype)
    for i in rng.integers(len(rows), size=epochs):
        x = rows[i]
        miss = y[i] - (x @ w >= 0)
        if miss:
            w += lr * miss * x
    return w


def multi_output_step(
    W: np.ndarray, b: np.ndarray, x: np.ndarray, t: np.ndarray, lr: float = 1.0, threshold: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """One bipolar update of M threshold units on one example; units that are right keep their weights.

    ``y_j = bipolar_step(b_j + sum_i x_i w_ij)``; where ``y_j != t_j``: ``w_ij += lr t_j x_i`` and ``b_j +=
    lr t_j``. An output 0 (the dead band) never equals a target of -1 or 1, so it always updates. The rule
    needs bipolar targets: with a target 0 it adds nothing, and a false positive is never repaired.

    Parameters
    ----------
    W : (D, M) weights.
    b : (M,) biases.
    x : (D,) one example, float.
    t : (M,) targets -1 and 1.
    lr : learning rate, called alpha in the notes.
    threshold : half width of the dead band, called theta.

    Returns
    -------
    (W, b) : new arrays.

    Raises
    ------
    ValueError : when a shape does not match, or ``threshold`` is negative.

    Source: Lecture notes, unit 1, perceptron training for several outputs.

    Examples
    --------
    >>> W, b = multi_output_step(np.zeros((2, 2)), np.zeros(2), np.array([1.0, 2.0]), np.array([1, -1]))
    >>> W.tolist(), b.tolist()
    ([[1.0, -1.0], [2.0, -2.0]], [1.0, -1.0])
    """
    x, W, b = as_float("x", x), as_float("W", W), as_float("b", b)
    expect_shape("x", x, (None,))
    expect_shape("W", W, (x.shape[0], None), to_match=("x", x))
    expect_shape("b", b, (W.shape[1],), to_match=("W", W))
    t = as_float("t", t)
    expect_shape("t", t, (W.shape[1],), to_match=("W", W))
    _expect_dead_band(threshold)
    change = lr * t * _bipolar_wrong(x @ W + b, t, threshold)
    return W + np.outer(x, change), b + change


def bipolar_perceptron_fit(
    X: np.ndarray, t: np.ndarray, lr: float = 1.0, threshold: float = 0.0, max_epochs: int = 100
) -> BipolarFit:
    """Train bipolar threshold units from zero, row after row, until an epoch changes nothing.

    The rule is that of `multi_output_step`. It stops if and only if the classes are linearly separable,
    else at ``max_epochs``.

    Parameters
    ----------
    X : (N, D) examples, float.
    t : (N,) or (N, M) targets -1 and 1.
    lr : learning rate.
    threshold : half width of the dead band in which the output is 0.
    max_epochs : epochs at most.

    Returns
    -------
    BipolarFit : ``w`` (D,) and ``b`` () for one output, (D, M) and (M,) for several; ``epochs``;
    ``converged``.

    Raises
    ------
    ValueError : when shapes do not match, ``t`` holds anything but -1 and 1, or ``threshold`` is negative.

    Source: Lecture notes, unit 1, perceptron training, single and several outputs.

    Examples
    --------
    >>> X = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    >>> fit = bipolar_perceptron_fit(X, np.array([1, -1, -1, -1]))     # AND
    >>> fit.w.tolist(), float(fit.b), fit.epochs, fit.converged
    ([1.0, 1.0], -1.0, 2, True)
    """
    X, targets = as_float("X", X), np.asarray(t)
    expect_shape("X", X, (None, None))
    expect_shape("t", targets, (X.shape[0],) if targets.ndim == 1 else (X.shape[0], None), to_match=("X", X))
    _expect_values("t", targets, (-1, 1))
    _expect_dead_band(threshold)
    columns = targets.reshape(len(X), -1).astype(X.dtype)  # (N, M)
    rows = augment_ones(X)
    W = np.zeros((rows.shape[1], columns.shape[1]), dtype=X.dtype)
    epochs, converged = 0, False
    while epochs < max_epochs and not converged:
        epochs, converged = epochs + 1, True
        for x, target in zip(rows, columns, strict=True):
            wrong = _bipolar_wrong(x @ W, target, threshold)
            if wrong.any():
                W += np.outer(x, lr * target * wrong)
                converged = False
    w, b = W[:-1], W[-1]
    if targets.ndim == 1:
        w, b = w[:, 0], b[0]
    return BipolarFit(w, b, epochs, converged)


class Perceptron:
    """Binary classifier with one threshold unit, trained by `perceptron_fit`.

    Parameters
    ----------
    lr : learning rate.
    epochs : number of random rows.

    Attributes
    ----------
    w_ : (D,) weights; b_ : bias. The boundary is ``x.w + b = 0``.

    Source: Lecture notes, unit 1, the perceptron; Rosenblatt (1958).

    Examples
    --------
    >>> X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 1])
    >>> Perceptron(lr=1.0, epochs=200).fit(X, y, rng=np.random.default_rng(0)).predict(X).tolist()    # OR
    [0, 1, 1, 1]
    """

    def __init__(self, lr: float = 0.01, epochs: int = 1000) -> None:
        self.lr, self.epochs = lr, epochs

    def fit(self, X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> Perceptron:
        """Learn from rows ``X`` (N, D) with classes ``y`` (N,) in {0, 1}; return the estimator itself."""
        w = perceptron_fit(X, y, self.lr, self.epochs, rng=rng)
        self.w_, self.b_ = w[:-1], w[-1]
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Scores ``X w + b``, (N,)."""
        X, w = _design_and_weights(X, self.w_)
        return X @ w + self.b_

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Classes 0 and 1, (N,) integers."""
        return (self.decision_function(X) >= 0).astype(np.int64)


def _bipolar_wrong(net: np.ndarray, target: np.ndarray, threshold: float) -> np.ndarray:
    """Where ``bipolar_step(net)`` is not the target: it is right exactly when target * net > threshold."""
    return net * target <= threshold


def _design_and_weights(X, w) -> tuple[np.ndarray, np.ndarray]:
    X, w = as_float("X", X), as_float("w", w)
    expect_shape("X", X, (None, None))
    expect_shape("w", w, (X.shape[1],), to_match=("X", X))
    return X, w


def _expect_values(name: str, values, allowed: tuple[int, ...]) -> None:
    values = np.asarray(values)
    wrong = values[~np.isin(values, allowed)]
    if wrong.size:
        first = f"{wrong.flat[0]:g}"
        raise ValueError(f"{name} contains {first}, expected only {' and '.join(map(str, allowed))}")


def _expect_dead_band(threshold: float) -> None:
    if threshold < 0:
        raise ValueError(f"threshold is {threshold}, expected 0 or more (half the width of the dead band)")
