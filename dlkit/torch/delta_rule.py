"""The delta rule (Widrow-Hoff, LMS) for one linear unit, on tensors.

It descends ``0.5 (t - x @ w)^2`` one example at a time. Weights are augmented: inputs end in a constant
1 and the last weight is the bias. For a network, autograd gives the same step: `dlkit.torch.network`
with `half_squared_error`.
"""

from __future__ import annotations

import torch

from dlkit.torch.linear import augment_ones

__all__ = ["lms_fit", "lms_step"]


def lms_step(w: torch.Tensor, x: torch.Tensor, t: float | torch.Tensor, lr: float) -> torch.Tensor:
    """One step of the delta rule (Widrow-Hoff, LMS), ``w + lr (t - x @ w) x``.

    Parameters
    ----------
    w, x : torch.Tensor
        Augmented weights and example, shape (D + 1,).
    t : float
        Target.
    lr : float

    Returns
    -------
    torch.Tensor
        Shape (D + 1,).

    Source: Lecture notes, unit 1; Widrow and Hoff (1960).

    Examples
    --------
    >>> lms_step(torch.tensor([1.0, 0.0]), torch.tensor([2.0, 1.0]), t=3.0, lr=0.5)
    tensor([2.0000, 0.5000])
    """
    return w + lr * (t - x @ w) * x


def lms_fit(X: torch.Tensor, t: torch.Tensor, lr: float = 0.01, epochs: int = 100, *, rng: torch.Generator) -> torch.Tensor:
    """Train a linear unit by the delta rule: from zeros, every row once an epoch, in a new random order.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    t : torch.Tensor
        Targets, shape (N,).
    lr : float
        Keep it below 2 over the largest squared length of a row.
    epochs : int
    rng : torch.Generator
        A CPU generator.

    Returns
    -------
    torch.Tensor
        Augmented weights, shape (D + 1,), bias last.

    Source: Lecture notes, unit 1; Widrow and Hoff (1960).

    Examples
    --------
    >>> X = torch.tensor([[0.0], [1.0], [2.0]])
    >>> rng = torch.Generator().manual_seed(0)
    >>> [round(v, 3) for v in lms_fit(X, torch.tensor([1.0, 3.0, 5.0]), lr=0.2, epochs=200, rng=rng).tolist()]
    [2.0, 1.0]
    """
    rows = augment_ones(X)
    w = torch.zeros_like(rows[0])
    for _ in range(epochs):
        for i in torch.randperm(len(rows), generator=rng).tolist():
            w = lms_step(w, rows[i], t[i], lr)
    return w
