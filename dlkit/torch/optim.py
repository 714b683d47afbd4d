"""Plain gradient descent: PyTorch's SGD trains networks, autograd finds the minimum of a single function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch

__all__ = ["DescentResult", "GradientDescent", "gradient_descent", "gradient_descent_step"]

GradientDescent = torch.optim.SGD
"""Plain gradient descent, ``GradientDescent(model.parameters(), lr=0.1)``: PyTorch's SGD as it is."""


class DescentResult(NamedTuple):
    """What `gradient_descent` found."""

    minimum: torch.Tensor  # the last point, shape of the start
    path: torch.Tensor  # (steps + 1, ...) all points, the start first
    steps: int  # number of updates made
    converged: bool  # whether the tolerance was reached


def gradient_descent_step(
    params: Mapping[str, torch.Tensor], grads: Mapping[str, torch.Tensor], lr: float
) -> dict[str, torch.Tensor]:
    """One step downhill for every parameter, ``theta - lr * gradient``, as new tensors.

    Parameters
    ----------
    params, grads : dict of str to torch.Tensor
        Parameters and their gradients under the same names.
    lr : float

    Returns
    -------
    dict of str to torch.Tensor

    Raises
    ------
    ValueError
        If the names differ.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> w, gradient = torch.tensor([1.0, 2.0]), torch.tensor([10.0, -10.0])
    >>> gradient_descent_step({"w": w}, {"w": gradient}, lr=0.1)["w"].tolist()
    [0.0, 3.0]
    """
    if params.keys() != grads.keys():
        raise ValueError(f"grads has the names {sorted(grads)}, expected {sorted(params)} to match params")
    return {name: value - lr * grads[name] for name, value in params.items()}


def gradient_descent(
    f: Callable[[torch.Tensor], torch.Tensor],
    start: torch.Tensor,
    lr: float,
    max_steps: int = 1000,
    tolerance: float = 0.0,
) -> DescentResult:
    """Walk downhill from ``start``, until no coordinate moves by ``tolerance`` or more.

    Where `dlkit.numpy.optim.gradient_descent` is given the gradient, this one is given the function:
    autograd does the rest.

    Parameters
    ----------
    f : callable
        A tensor like ``start`` to a scalar tensor.
    start : torch.Tensor
        Any shape, floating.
    lr : float
    max_steps : int
    tolerance : float
        0 never stops early.

    Returns
    -------
    DescentResult

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> result = gradient_descent(lambda x: x**2, torch.tensor(8.0), lr=0.25, max_steps=3)
    >>> result.path.tolist(), result.steps
    ([8.0, 4.0, 2.0, 1.0], 3)
    """
    x = start.detach().clone()
    path, converged = [x], False
    while len(path) <= max_steps and not converged:
        point = x.clone().requires_grad_(True)
        (gradient,) = torch.autograd.grad(f(point), point)
        move = lr * gradient
        x = x - move
        path.append(x)
        converged = bool((move.abs() < tolerance).all())
    return DescentResult(x, torch.stack(path), len(path) - 1, converged)
