"""Second derivatives by autograd: differentiate the derivative once more."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional as F

__all__ = ["hessian", "least_squares_hessian", "logistic_hessian", "second_derivative", "second_derivative_test"]


def second_derivative(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Second derivative of a function of one number, exactly, at every entry of `x`.

    Parameters
    ----------
    f : callable
        Works on tensors, element by element.
    x : torch.Tensor
        Any shape.

    Returns
    -------
    torch.Tensor
        Shape of `x`.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> second_derivative(lambda x: x**3 - 3 * x, torch.tensor([-1.0, 0.0, 1.0])).tolist()
    [-6.0, 0.0, 6.0]
    """
    x = x.detach().requires_grad_()
    (first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    if not first.requires_grad:  # f is a straight line
        return torch.zeros_like(x)
    (second,) = torch.autograd.grad(first.sum(), x)
    return second


def hessian(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """All second derivatives of a function of D numbers: `torch.func.hessian`.

    Parameters
    ----------
    f : callable
        x -> scalar tensor.
    x : torch.Tensor
        Shape (D,).

    Returns
    -------
    torch.Tensor
        Shape (D, D).

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> hessian(lambda p: p[0] ** 2 - p[1] ** 2, torch.zeros(2)).tolist()
    [[2.0, 0.0], [0.0, -2.0]]
    """
    return torch.func.hessian(f)(x)


def least_squares_hessian(X: torch.Tensor) -> torch.Tensor:
    """Hessian of ``||y - X w||^2``, found by autograd.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).

    Returns
    -------
    torch.Tensor
        Shape (D, D).

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> least_squares_hessian(torch.tensor([[1.0, 1.0], [2.0, 1.0]])).tolist()
    [[10.0, 6.0], [6.0, 4.0]]
    """
    return hessian(lambda w: ((X @ w) ** 2).sum(), X.new_zeros(X.shape[1]))


def logistic_hessian(X: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """Hessian of the mean log loss of a logistic unit, found by autograd; the targets do not matter.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    w : torch.Tensor
        Shape (D,).

    Returns
    -------
    torch.Tensor
        Shape (D, D).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> logistic_hessian(torch.tensor([[2.0], [4.0]]), torch.tensor([0.0])).tolist()
    [[2.5]]
    """
    target = X.new_zeros(len(X))
    return hessian(lambda v: F.binary_cross_entropy_with_logits(X @ v, target), w)


def second_derivative_test(gradient: torch.Tensor, hessian: torch.Tensor, tolerance: float = 1e-9) -> str:
    """What kind of point this is: "not stationary", "minimum", "maximum", "saddle" or "inconclusive".

    Parameters
    ----------
    gradient : torch.Tensor
        Shape (D,).
    hessian : torch.Tensor
        Symmetric, shape (D, D).
    tolerance : float
        Slopes and curvatures up to this size count as zero; float32 wants a larger one.

    Returns
    -------
    str

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> second_derivative_test(torch.zeros(2), torch.tensor([[2.0, 0.0], [0.0, -2.0]]))
    'saddle'
    """
    if gradient.abs().max() > tolerance:
        return "not stationary"
    curvatures = torch.linalg.eigvalsh(hessian)
    up, down = curvatures > tolerance, curvatures < -tolerance
    if up.any() and down.any():
        return "saddle"
    return "minimum" if up.all() else "maximum" if down.all() else "inconclusive"
