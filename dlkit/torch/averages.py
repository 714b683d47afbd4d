"""Exponentially weighted moving averages of tensors, each step one `torch.lerp`."""

from __future__ import annotations

import torch

from dlkit.numpy.averages import expect_beta

__all__ = ["ewm_mean", "ewma", "ewma_weights"]


def ewma(x: torch.Tensor, beta: float, *, bias_correction: bool = False) -> torch.Tensor:
    """Exponentially weighted moving average from ``V_0 = 0``, ``V_t = beta V_{t-1} + (1 - beta) x_t``.

    Parameters
    ----------
    x : torch.Tensor
        Values in order of time, shape (T, ...), floating.
    beta : float
        Share of the past that is kept, at least 0, less than 1.
    bias_correction : bool
        Divide by ``1 - beta^t``, t counted from 1.

    Returns
    -------
    torch.Tensor
        Shape of x.

    Raises
    ------
    ValueError
        If beta is outside [0, 1).

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> ewma(torch.tensor([4.0, 8.0, 0.0]), beta=0.5)
    tensor([2.0000, 5.0000, 2.5000])
    >>> ewma(torch.tensor([4.0, 4.0, 4.0]), beta=0.5, bias_correction=True)
    tensor([4., 4., 4.])
    """
    beta = expect_beta(beta)
    kept, averages = torch.zeros_like(x[0]), []
    for t, value in enumerate(x, start=1):
        kept = torch.lerp(value, kept, beta)
        averages.append(kept / (1 - beta**t) if bias_correction else kept)
    return torch.stack(averages)


def ewma_weights(num_values: int, beta: float) -> torch.Tensor:
    """The weight of each value in the last average, the newest first, ``(1 - beta) beta^k``.

    Parameters
    ----------
    num_values : int
    beta : float

    Returns
    -------
    torch.Tensor
        Shape (num_values,), float64.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> [round(v, 6) for v in ewma_weights(3, beta=0.9).tolist()]
    [0.1, 0.09, 0.081]
    """
    beta = expect_beta(beta)
    return (1 - beta) * beta ** torch.arange(num_values, dtype=torch.float64)


def ewm_mean(x: torch.Tensor, alpha: float, *, adjust: bool = True) -> torch.Tensor:
    """The average of pandas, ``ewm(alpha=alpha, adjust=adjust).mean()``: alpha is the weight of the newest value.

    Parameters
    ----------
    x : torch.Tensor
        Shape (T, ...), floating.
    alpha : float
        ``1 - beta``; more than 0, at most 1.
    adjust : bool
        Bias-corrected; else the average starts at the first value.

    Returns
    -------
    torch.Tensor
        Shape of x.

    Raises
    ------
    ValueError
        If alpha is outside (0, 1].

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> [round(v, 3) for v in ewm_mean(torch.tensor([43.0, 33.0, 25.5, 30.6]), 0.1, adjust=False).tolist()]
    [43.0, 42.0, 40.35, 39.375]
    """
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha is {alpha}, expected more than 0 and at most 1")
    if adjust:
        return ewma(x, 1 - alpha, bias_correction=True)
    averages = [x[0]]
    for value in x[1:]:
        averages.append(torch.lerp(averages[-1], value, alpha))
    return torch.stack(averages)
