"""Threshold units and the rules that train them, on tensors.

PyTorch has none of these: a step has no gradient, so autograd cannot train it. The rules are those of
`dlkit.numpy.perceptron`; random rows come from a `torch.Generator`.
"""

from __future__ import annotations

import torch

from dlkit.numpy.perceptron import BipolarFit, logic_gate
from dlkit.torch.activations import bipolar_step, step
from dlkit.torch.linear import augment_ones

__all__ = [
    "BipolarFit",
    "Perceptron",
    "bipolar_perceptron_fit",
    "logic_gate",
    "multi_output_step",
    "perceptron_fit",
    "perceptron_step",
    "perceptron_trick",
    "threshold_unit",
]


def threshold_unit(X: torch.Tensor, w: torch.Tensor, threshold: float) -> torch.Tensor:
    """1 where the weighted sum reaches the threshold, else 0: ``1 if x @ w >= threshold``.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    w : torch.Tensor
        Shape (D,).
    threshold : float

    Returns
    -------
    torch.Tensor
        Shape (N,), zeros and ones.

    Source: Lecture notes, unit 1; McCulloch and Pitts (1943).

    Examples
    --------
    >>> X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> threshold_unit(X, torch.tensor([1.0, 1.0]), 0.5)
    tensor([0., 1., 1.])
    """
    return step(X @ w, threshold)


def perceptron_trick(coefficients: torch.Tensor, point: torch.Tensor, label: int, lr: float = 1.0) -> torch.Tensor:
    """Move a line towards a point on its wrong side: ``+ lr * [point, 1]`` for label 1, ``-`` for label 0.

    Parameters
    ----------
    coefficients : torch.Tensor
        Shape (D + 1,), the constant last.
    point : torch.Tensor
        Shape (D,).
    label : {0, 1}
    lr : float

    Returns
    -------
    torch.Tensor
        Shape (D + 1,).

    Raises
    ------
    ValueError
        If the label is neither 0 nor 1.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> perceptron_trick(torch.tensor([2.0, 3.0, 5.0]), torch.tensor([4.0, 5.0]), label=0)
    tensor([-2., -2.,  4.])
    """
    if label not in (0, 1):
        raise ValueError(f"label is {label!r}, expected 0 or 1")
    return coefficients + (1 if label == 1 else -1) * lr * torch.cat([point, point.new_ones(1)])


def perceptron_step(w: torch.Tensor, x: torch.Tensor, y: int | torch.Tensor, lr: float) -> torch.Tensor:
    """One update on one example, ``w + lr (y - yhat) x`` with ``yhat = 1 if x @ w >= 0``.

    Parameters
    ----------
    w, x : torch.Tensor
        Augmented weights and example, shape (D + 1,).
    y : {0, 1}
    lr : float

    Returns
    -------
    torch.Tensor
        Shape (D + 1,).

    Source: Lecture notes, unit 1; Rosenblatt (1958).

    Examples
    --------
    >>> perceptron_step(torch.tensor([2.0, 3.0, 5.0]), torch.tensor([4.0, 5.0, 1.0]), y=0, lr=1.0)
    tensor([-2., -2.,  4.])
    """
    return w + lr * (y - step(x @ w)) * x


def perceptron_fit(
    X: torch.Tensor, y: torch.Tensor, lr: float = 0.01, epochs: int = 1000, *, rng: torch.Generator
) -> torch.Tensor:
    """Train a perceptron from zeros: one `perceptron_step` on a random row, again and again.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    y : torch.Tensor
        Classes 0 and 1, shape (N,).
    lr : float
    epochs : int
        Number of steps; the notes call each random row an epoch.
    rng : torch.Generator
        A CPU generator.

    Returns
    -------
    torch.Tensor
        Augmented weights, shape (D + 1,), bias last.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> rng = torch.Generator().manual_seed(0)
    >>> w = perceptron_fit(X, torch.tensor([0, 0, 0, 1]), lr=1.0, epochs=200, rng=rng)
    >>> threshold_unit(augment_ones(X), w, 0.0)
    tensor([0., 0., 0., 1.])
    """
    rows = augment_ones(X)
    w = torch.zeros_like(rows[0])
    for i in torch.randint(len(rows), (epochs,), generator=rng).tolist():
        w = perceptron_step(w, rows[i], y[i], lr)
    return w


def multi_output_step(
    W: torch.Tensor,
    b: torch.Tensor,
    x: torch.Tensor,
    t: torch.Tensor,
    lr: float = 1.0,
    threshold: float = 0.0,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One bipolar update of M units on one example; units that are right keep their weights.

    Where ``bipolar_step(x @ W + b)_j != t_j``: ``w_ij += lr t_j x_i`` and ``b_j += lr t_j``.

    Parameters
    ----------
    W : torch.Tensor
        Shape (D, M).
    b : torch.Tensor
        Shape (M,).
    x : torch.Tensor
        Shape (D,).
    t : torch.Tensor
        Targets -1 and 1, shape (M,).
    lr, threshold : float

    Returns
    -------
    W, b : torch.Tensor
        New tensors.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> x, t = torch.tensor([1.0, 2.0]), torch.tensor([1.0, -1.0])
    >>> W, b = multi_output_step(torch.zeros(2, 2), torch.zeros(2), x, t)
    >>> W.tolist(), b.tolist()
    ([[1.0, -1.0], [2.0, -2.0]], [1.0, -1.0])
    """
    change = lr * t * (bipolar_step(x @ W + b, threshold) != t)
    return W + torch.outer(x, change), b + change


def bipolar_perceptron_fit(
    X: torch.Tensor, t: torch.Tensor, lr: float = 1.0, threshold: float = 0.0, max_epochs: int = 100
) -> BipolarFit:
    """Train bipolar units from zero, row after row, until an epoch changes nothing.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    t : torch.Tensor
        Targets -1 and 1, shape (N,) or (N, M).
    lr, threshold : float
    max_epochs : int

    Returns
    -------
    BipolarFit
        ``w``, ``b`` (tensors), ``epochs`` and ``converged``.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    >>> fit = bipolar_perceptron_fit(X, torch.tensor([1, -1, -1, -1]))
    >>> fit.w.tolist(), fit.b.item(), fit.epochs, fit.converged
    ([1.0, 1.0], -1.0, 2, True)
    """
    targets = t.reshape(len(X), -1).to(X.dtype)
    W, b = X.new_zeros(X.shape[1], targets.shape[1]), X.new_zeros(targets.shape[1])
    epochs, converged = 0, False
    while epochs < max_epochs and not converged:
        epochs, converged = epochs + 1, True
        for x, target in zip(X, targets, strict=True):
            if not torch.equal(bipolar_step(x @ W + b, threshold), target):
                W, b = multi_output_step(W, b, x, target, lr, threshold)
                converged = False
    if t.ndim == 1:
        W, b = W[:, 0], b[0]
    return BipolarFit(W, b, epochs, converged)


class Perceptron:
    """Binary classifier with one threshold unit, trained by `perceptron_fit`.

    Parameters
    ----------
    lr : float
    epochs : int
        Number of random rows.

    Attributes
    ----------
    w_ : torch.Tensor
        Shape (D,).
    b_ : torch.Tensor
        Scalar.

    Source: Lecture notes, unit 1; Rosenblatt (1958).

    Examples
    --------
    >>> X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> rng = torch.Generator().manual_seed(0)
    >>> Perceptron(lr=1.0, epochs=200).fit(X, torch.tensor([0, 1, 1, 1]), rng=rng).predict(X).tolist()
    [0, 1, 1, 1]
    """

    def __init__(self, lr: float = 0.01, epochs: int = 1000) -> None:
        self.lr, self.epochs = lr, epochs

    def fit(self, X: torch.Tensor, y: torch.Tensor, rng: torch.Generator) -> Perceptron:
        """Learn from rows ``X`` (N, D) with classes ``y`` (N,) in {0, 1}; return the estimator itself."""
        w = perceptron_fit(X, y, self.lr, self.epochs, rng=rng)
        self.w_, self.b_ = w[:-1], w[-1]
        return self

    def decision_function(self, X: torch.Tensor) -> torch.Tensor:
        """Scores ``X @ w + b``, shape (N,)."""
        return X @ self.w_ + self.b_

    def predict(self, X: torch.Tensor) -> torch.Tensor:
        """Classes 0 and 1, shape (N,), whole numbers."""
        return (self.decision_function(X) >= 0).long()
