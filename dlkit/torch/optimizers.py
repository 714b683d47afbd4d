"""A path to look at, walked by any optimizer of PyTorch."""

from __future__ import annotations

from collections.abc import Callable

import torch

__all__ = ["optimizer_path"]


def optimizer_path(
    make: Callable[[list[torch.Tensor]], torch.optim.Optimizer],
    f: Callable[[torch.Tensor], torch.Tensor],
    start: torch.Tensor,
    steps: int,
) -> torch.Tensor:
    """All points that an optimizer visits on a function of one tensor.

    Where `dlkit.numpy.optimizers.optimizer_path` is given the gradient, this one is given the function: autograd does the
    rest. An optimizer of PyTorch holds its parameters, so it is made here, by `make`.

    Parameters
    ----------
    make : callable
        List of parameters to an optimizer over them.
    f : callable
        A tensor like ``start`` to a scalar tensor.
    start : torch.Tensor
        Any shape, floating.
    steps : int

    Returns
    -------
    torch.Tensor
        Shape (steps + 1, ...): the start, then the point after each step.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> optimizer_path(lambda p: torch.optim.SGD(p, lr=0.25), lambda x: x**2, torch.tensor(8.0), steps=3).tolist()
    [8.0, 4.0, 2.0, 1.0]
    """
    x = start.detach().clone().requires_grad_(True)
    optimizer = make([x])
    path = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        f(x).backward()
        optimizer.step()
        path.append(x.detach().clone())
    return torch.stack(path)
