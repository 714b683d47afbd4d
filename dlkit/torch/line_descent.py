"""A line fitted by gradient descent, on tensors; autograd finds the gradients and the Hessian."""

from __future__ import annotations

from typing import NamedTuple

import torch

from dlkit.torch.batches import minibatches

__all__ = ["LineDescent", "descend_line", "largest_stable_rate", "ssr", "ssr_gradient", "ssr_hessian", "stochastic_line_path"]


class LineDescent(NamedTuple):
    """What `descend_line` found."""

    slope: float
    intercept: float
    steps: int  # number of updates made
    converged: bool  # whether the stop rule was met (else max_steps was reached)
    path: torch.Tensor  # (steps + 1, 2) slope and intercept, the start first


def ssr(slope: float | torch.Tensor, intercept: float | torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Sum of squared residuals of a line, ``sum (y - (slope x + intercept))^2``.

    Parameters
    ----------
    slope, intercept : float or torch.Tensor
    x, y : torch.Tensor
        Points, shape (N,).

    Returns
    -------
    torch.Tensor
        A scalar that gradients flow through.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> round(ssr(1.0, 0.0, torch.tensor([0.6, 0.8, 1.1]), torch.tensor([1.1, 1.2, 2.1])).item(), 4)
    1.41
    """
    return torch.nn.functional.mse_loss(slope * x + intercept, y, reduction="sum")


def ssr_gradient(
    slope: float | torch.Tensor, intercept: float | torch.Tensor, x: torch.Tensor, y: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Partial derivatives of the SSR by slope and intercept, found by autograd.

    Parameters
    ----------
    slope, intercept : float or torch.Tensor
    x, y : torch.Tensor
        Points, shape (N,).

    Returns
    -------
    tuple of torch.Tensor
        Two scalars, by slope and by intercept.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> x, y = torch.tensor([0.6, 0.8, 1.1]), torch.tensor([1.1, 1.2, 2.1])
    >>> [round(g.item(), 4) for g in ssr_gradient(1.0, 0.0, x, y)]
    [-3.44, -3.8]
    """
    m, c = (torch.as_tensor(value, dtype=x.dtype, device=x.device).detach().requires_grad_() for value in (slope, intercept))
    by_slope, by_intercept = torch.autograd.grad(ssr(m, c, x, y), (m, c))
    return by_slope, by_intercept


def ssr_hessian(x: torch.Tensor) -> torch.Tensor:
    """Second derivatives of the SSR by slope and intercept; they depend on neither the line nor y.

    Parameters
    ----------
    x : torch.Tensor
        Shape (N,).

    Returns
    -------
    torch.Tensor
        Shape (2, 2).

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> [[round(v, 4) for v in row] for row in ssr_hessian(torch.tensor([0.6, 0.8, 1.1])).tolist()]
    [[4.42, 5.0], [5.0, 6.0]]
    """
    zeros = torch.zeros(2, dtype=x.dtype, device=x.device)
    return torch.autograd.functional.hessian(lambda line: ssr(line[0], line[1], x, torch.zeros_like(x)), zeros)


def largest_stable_rate(hessian: torch.Tensor) -> float:
    """The learning rate below which gradient descent on a quadratic bowl comes to rest, ``2 / largest eigenvalue``.

    Parameters
    ----------
    hessian : torch.Tensor
        Symmetric, shape (D, D), with at least one positive eigenvalue.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If no eigenvalue is positive.

    Source: Lecture notes, unit 2; Boyd and Vandenberghe (2004), section 9.3.

    Examples
    --------
    >>> largest_stable_rate(torch.tensor([[4.0, 0.0], [0.0, 1.0]]))
    0.5
    """
    largest = float(torch.linalg.eigvalsh(hessian)[-1])
    if not largest > 0:
        raise ValueError(f"hessian has {largest:g} as its largest eigenvalue, expected a positive one: this is no bowl")
    return 2.0 / largest


def descend_line(
    x: torch.Tensor,
    y: torch.Tensor,
    lr: float,
    *,
    tolerance: float = 0.001,
    max_steps: int = 1000,
    start: tuple[float, float] = (1.0, 0.0),
    rule: str = "each",
) -> LineDescent:
    """Fit a line by `torch.optim.SGD` on the SSR, from a start, until the steps are tiny or too many.

    Parameters
    ----------
    x, y : torch.Tensor
        Points, shape (N,).
    lr : float
        Learning rate.
    tolerance : float
        What counts as a tiny step; 0 never stops early.
    max_steps : int
    start : (slope, intercept)
    rule : str
        "each" stops when both parts of a step are below the tolerance in size, "length" when its length is.

    Returns
    -------
    LineDescent

    Raises
    ------
    ValueError
        If the rule is unknown.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> x = torch.tensor([0.6, 0.8, 1.1], dtype=torch.float64)
    >>> y = torch.tensor([1.1, 1.2, 2.1], dtype=torch.float64)
    >>> [descend_line(x, y, lr).steps for lr in (0.1, 0.01)]
    [163, 81]
    """
    if rule not in ("each", "length"):
        raise ValueError(f"rule is {rule!r}, expected one of 'each', 'length'")
    order = float("inf") if rule == "each" else 2
    line = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    optimizer = torch.optim.SGD([line], lr=lr)
    path, converged = [line.detach().clone()], False
    while len(path) <= max_steps and not converged:
        optimizer.zero_grad()
        ssr(line[0], line[1], x, y).backward()
        optimizer.step()
        path.append(line.detach().clone())
        converged = bool(torch.linalg.vector_norm(path[-1] - path[-2], ord=order) < tolerance)
    slope, intercept = path[-1].tolist()
    return LineDescent(slope, intercept, len(path) - 1, converged, torch.stack(path))


def stochastic_line_path(
    x: torch.Tensor,
    y: torch.Tensor,
    lr: float,
    epochs: int,
    batch_size: int | None,
    rng: torch.Generator | None,
    *,
    start: tuple[float, float] = (1.0, 0.0),
) -> torch.Tensor:
    """The lines that mini-batch gradient descent visits: one step for each batch, on the mean squared residual.

    Parameters
    ----------
    x, y : torch.Tensor
        Points, shape (N,).
    lr : float
        Learning rate.
    epochs : int
        Passes over the points.
    batch_size : int or None
        Points per step; None takes all.
    rng : torch.Generator or None
        Draws a new order for each epoch; None keeps the order.
    start : (slope, intercept)

    Returns
    -------
    torch.Tensor
        Shape (steps + 1, 2).

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> x, y = torch.tensor([0.6, 0.8, 1.1]), torch.tensor([1.1, 1.2, 2.1])
    >>> [round(v, 4) for v in stochastic_line_path(x, y, 0.3, 1, None, None)[-1].tolist()]
    [1.344, 0.38]
    """
    line = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    optimizer = torch.optim.SGD([line], lr=lr)
    path = [line.detach().clone()]
    for _ in range(epochs):
        for some_x, some_y in minibatches(x, y, batch_size, rng):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(line[0] * some_x + line[1], some_y).backward()
            optimizer.step()
            path.append(line.detach().clone())
    return torch.stack(path)
