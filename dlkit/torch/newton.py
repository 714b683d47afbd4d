"""Newton's method with the Hessian that autograd gives, and the condition number."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch

from dlkit.torch.curvature import hessian

__all__ = ["NewtonResult", "condition_number", "newton", "newton_step"]

FLAT = 1e-12  # a direction whose curvature is below this share of the largest one counts as flat


class NewtonResult(NamedTuple):
    """What `newton` found."""

    minimum: torch.Tensor  # the last point
    path: torch.Tensor  # (steps + 1, D) all points, the start first
    steps: int  # number of steps made
    converged: bool  # whether a step was smaller than the tolerance


def newton_step(theta: torch.Tensor, gradient: torch.Tensor, hessian: torch.Tensor) -> torch.Tensor:
    """To where the quadratic that fits here has no slope: ``theta - H^-1 g``.

    Parameters
    ----------
    theta, gradient : torch.Tensor
        Shape (D,).
    hessian : torch.Tensor
        Symmetric, not singular, shape (D, D).

    Returns
    -------
    torch.Tensor
        Shape (D,).

    Source: Nocedal and Wright (2006), section 2.2.

    Examples
    --------
    >>> H = torch.tensor([[2.0, 0.0], [0.0, 4.0]])
    >>> newton_step(torch.ones(2), torch.tensor([2.0, 8.0]), H).tolist()
    [0.0, -1.0]
    """
    return theta - torch.linalg.solve(hessian, gradient)


def newton(
    f: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, max_steps: int = 50, tolerance: float = 1e-10
) -> NewtonResult:
    """Repeat `newton_step` until a step is tiny; autograd gives gradient and Hessian, so the function is enough.

    Parameters
    ----------
    f : callable
        theta -> scalar tensor.
    start : torch.Tensor
        Shape (D,).
    max_steps : int
    tolerance : float
        Stop after a step whose largest entry is smaller than this.

    Returns
    -------
    NewtonResult

    Source: Nocedal and Wright (2006), section 3.3.

    Examples
    --------
    >>> found = newton(lambda x: (x**3 / 3 - 2 * x).sum(), torch.tensor([1.0], dtype=torch.float64))
    >>> [round(x, 8) for x in found.path.flatten().tolist()[:5]]
    [1.0, 1.5, 1.41666667, 1.41421569, 1.41421356]
    """
    gradient_fn, path, converged = torch.func.grad(f), [start.detach().clone()], False
    while len(path) <= max_steps and not converged:
        path.append(newton_step(path[-1], gradient_fn(path[-1]), hessian(f, path[-1])))
        converged = bool((path[-1] - path[-2]).abs().max() < tolerance)
    return NewtonResult(path[-1], torch.stack(path), len(path) - 1, converged)


def condition_number(hessian: torch.Tensor) -> float:
    """The largest eigenvalue divided by the smallest, in size; infinity if a direction is flat.

    Parameters
    ----------
    hessian : torch.Tensor
        Symmetric, shape (D, D).

    Returns
    -------
    float

    Raises
    ------
    ValueError : if the matrix is zero everywhere.

    Source: Lecture notes, unit 2; Boyd and Vandenberghe (2004), section 9.3.

    Examples
    --------
    >>> condition_number(torch.tensor([[8.0, 0.0], [0.0, 2.0]]))
    4.0
    """
    sizes = torch.linalg.eigvalsh(hessian).abs()
    if sizes.max() == 0:
        raise ValueError("hessian is zero everywhere, expected some curvature")
    flat = max(FLAT, len(hessian) * torch.finfo(hessian.dtype).eps)
    return float(sizes.max() / sizes.min()) if sizes.min() > flat * sizes.max() else float("inf")
