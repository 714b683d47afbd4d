"""Gradient clipping of PyTorch: `torch.nn.utils`, which changes the ``.grad`` of parameters in place, after ``backward()``."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch.nn import utils

__all__ = ["clip_by_global_norm", "clip_by_norm", "clip_by_value", "global_norm"]

Parameters = Iterable[torch.Tensor]


def _with_gradient(parameters: Parameters) -> list[torch.Tensor]:
    if isinstance(parameters, torch.Tensor):
        parameters = [parameters]
    return [p for p in parameters if p.grad is not None]


def clip_by_value(parameters: Parameters, limit: float) -> None:
    """Cut every entry of every gradient to the range from -limit to limit, in place.

    Parameters
    ----------
    parameters : iterable of torch.Tensor, or one
        Those without a gradient are passed over.
    limit : float
        Largest size of an entry.

    Source: Lecture notes, unit 2; `torch.nn.utils.clip_grad_value_`.

    Examples
    --------
    >>> w = torch.zeros(3)
    >>> w.grad = torch.tensor([12.0, -5.0, 0.5])
    >>> clip_by_value([w], 4.0)
    >>> w.grad.tolist()
    [4.0, -4.0, 0.5]
    """
    utils.clip_grad_value_(_with_gradient(parameters), limit)


def clip_by_norm(parameters: Parameters, max_norm: float) -> list[float]:
    """Shorten each gradient that is too long by itself, in place, as ``clipnorm`` of Keras does.

    Parameters
    ----------
    parameters : iterable of torch.Tensor, or one
    max_norm : float
        Largest length of the gradient of one parameter.

    Returns
    -------
    list of float
        Length of each gradient before clipping.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> w = torch.zeros(2, dtype=torch.float64)
    >>> w.grad = torch.tensor([12.0, -5.0], dtype=torch.float64)
    >>> clip_by_norm(w, 6.5), w.grad.round(decimals=5).tolist()
    ([13.0], [6.0, -2.5])
    """
    return [float(utils.clip_grad_norm_([p], max_norm)) for p in _with_gradient(parameters)]


def global_norm(parameters: Parameters) -> float:
    """Length of all gradients together, as if they were one long vector.

    Parameters
    ----------
    parameters : iterable of torch.Tensor, or one

    Returns
    -------
    float

    Source: `torch.nn.utils.get_total_norm`.

    Examples
    --------
    >>> W, b = torch.zeros(2), torch.zeros(1)
    >>> W.grad, b.grad = torch.tensor([3.0, 4.0]), torch.tensor([12.0])
    >>> global_norm([W, b])
    13.0
    """
    return float(utils.get_total_norm([p.grad for p in _with_gradient(parameters)]))


def clip_by_global_norm(parameters: Parameters, max_norm: float) -> float:
    """Shorten all gradients by one factor, in place, so that together they are at most `max_norm` long.

    PyTorch divides by ``norm + 1e-6``, so what is left is a little shorter than `max_norm`.

    Parameters
    ----------
    parameters : iterable of torch.Tensor, or one
    max_norm : float
        Largest length.

    Returns
    -------
    float
        The global norm before clipping.

    Raises
    ------
    RuntimeError
        If the norm is not finite.

    Source: Lecture notes, unit 2; `torch.nn.utils.clip_grad_norm_`.

    Examples
    --------
    >>> W, b = torch.zeros(2), torch.zeros(1)
    >>> W.grad, b.grad = torch.tensor([3.0, 4.0]), torch.tensor([12.0])
    >>> clip_by_global_norm([W, b], 6.5), b.grad.round(decimals=4).tolist()
    (13.0, [6.0])
    """
    return float(utils.clip_grad_norm_(_with_gradient(parameters), max_norm, error_if_nonfinite=True))
