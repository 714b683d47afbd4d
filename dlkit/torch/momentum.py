"""Momentum: PyTorch's SGD where it has the form, an optimizer of our own for the two forms of the lecture notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

__all__ = ["FORMS", "SGD", "Momentum", "Nesterov", "momentum_step", "nesterov_step"]

FORMS = ("averaged", "classical", "pytorch")

SGD = torch.optim.SGD
"""PyTorch's SGD as it is: ``SGD(model.parameters(), lr=0.1, weight_decay=0.01)``."""


def momentum_step(
    theta: torch.Tensor,
    velocity: torch.Tensor,
    gradient: torch.Tensor,
    lr: float,
    beta: float = 0.9,
    form: str = "averaged",
) -> tuple[torch.Tensor, torch.Tensor]:
    """One step of momentum, in one of three forms; see `dlkit.numpy.momentum`.

    Parameters
    ----------
    theta, velocity, gradient : torch.Tensor
        Any shape, the same for all.
    lr, beta : float
    form : {"averaged", "classical", "pytorch"}

    Returns
    -------
    (theta, velocity) : torch.Tensor, torch.Tensor

    Raises
    ------
    ValueError
        If the form is unknown.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> theta, v = momentum_step(torch.tensor([1.0]), torch.tensor([0.0]), torch.tensor([2.0]), lr=0.25, beta=0.5)
    >>> theta.tolist(), v.tolist()
    ([0.75], [1.0])
    """
    velocity = beta * velocity + _weight(form, lr, beta) * gradient
    return theta - (velocity if form == "classical" else lr * velocity), velocity


def nesterov_step(
    theta: torch.Tensor,
    velocity: torch.Tensor,
    gradient_fn: Callable[[torch.Tensor], torch.Tensor],
    lr: float,
    beta: float = 0.9,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One step of Nesterov's momentum, textbook form; see `dlkit.numpy.momentum`.

    Parameters
    ----------
    theta, velocity : torch.Tensor
        Any shape, the same for both.
    gradient_fn : callable
        x -> gradient at x, of the shape of x.
    lr, beta : float

    Returns
    -------
    (theta, velocity) : torch.Tensor, torch.Tensor

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> theta, v = nesterov_step(torch.tensor([1.0]), torch.tensor([0.5]), lambda x: 2 * x, lr=0.5, beta=0.5)
    >>> theta.tolist(), v.tolist()
    ([0.0], [1.0])
    """
    velocity = beta * velocity + lr * gradient_fn(theta - beta * velocity)
    return theta - velocity, velocity


class Momentum(torch.optim.Optimizer):
    """Gradient descent with a velocity, in one of three forms; see `dlkit.numpy.momentum`.

    PyTorch has only the third one, as ``SGD(params, lr, momentum=beta)``. Its argument ``dampening=beta`` looks like the
    averaged form and is not: the first velocity is the whole gradient there.

    Parameters
    ----------
    params : iterable of torch.Tensor
        ``model.parameters()``.
    lr : float
        Positive.
    beta : float
        At least 0 and less than 1.
    form : {"averaged", "classical", "pytorch"}

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = Momentum([w], lr=0.25, beta=0.5)
    >>> (w**2).sum().backward()
    >>> optimizer.step()
    >>> w.tolist()
    [0.75]
    """

    def __init__(self, params: Iterable[Any], lr: float, beta: float = 0.9, form: str = "averaged") -> None:
        if not lr > 0:
            raise ValueError(f"lr is {lr}, expected a positive number")
        if not 0 <= beta < 1:
            raise ValueError(f"beta is {beta}, expected at least 0 and less than 1")
        _weight(form, lr, beta)
        super().__init__(params, {"lr": lr, "beta": beta, "form": form})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient."""
        value = None
        if closure is not None:
            with torch.enable_grad():
                value = closure()
        for group in self.param_groups:
            lr, beta, form = group["lr"], group["beta"], group["form"]
            for param in group["params"]:
                if param.grad is None:
                    continue
                state = self.state[param]
                if not state:
                    state["velocity"] = torch.zeros_like(param)
                velocity = state["velocity"].mul_(beta).add_(param.grad, alpha=_weight(form, lr, beta))
                param.sub_(velocity, alpha=1.0 if form == "classical" else lr)
        return value


def Nesterov(params: Iterable[Any], lr: float, beta: float = 0.9) -> torch.optim.SGD:
    """PyTorch's SGD with Nesterov's momentum: its parameters are the textbook's points ahead.

    Parameters
    ----------
    params : iterable of torch.Tensor
    lr, beta : float

    Returns
    -------
    torch.optim.SGD

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = Nesterov([w], lr=0.25, beta=0.5)
    >>> (w**2).sum().backward()
    >>> optimizer.step()
    >>> w.tolist()
    [0.25]
    """
    return torch.optim.SGD(params, lr=lr, momentum=beta, nesterov=True)


def _weight(form: str, lr: float, beta: float) -> float:
    """What the gradient is multiplied with on its way into the velocity."""
    weights = {"averaged": 1.0 - beta, "classical": lr, "pytorch": 1.0}
    if form not in weights:
        raise ValueError(f"form is {form!r}, expected one of {', '.join(map(repr, FORMS))}")
    return weights[form]
