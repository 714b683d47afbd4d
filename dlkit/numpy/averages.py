"""Exponentially weighted moving averages: a memory that fades, with one number to store.

``V_t = beta V_{t-1} + (1 - beta) x_t`` with ``V_0 = 0`` gives the newest value the weight ``1 - beta``, the one before
``beta (1 - beta)``, and so on: it looks back over about ``1 / (1 - beta)`` values.
"""

from __future__ import annotations

import numpy as np

from dlkit.numpy.validation import as_float

__all__ = ["ewm_mean", "ewma", "ewma_weights"]


def expect_beta(beta: float) -> float:
    if not 0 <= beta < 1:
        raise ValueError(f"beta is {beta}, expected at least 0 and less than 1")
    return float(beta)


def _series(x: np.ndarray) -> np.ndarray:
    x = as_float("x", x)
    if x.ndim == 0:
        raise ValueError("x is a single number, expected a sequence (T, ...)")
    return x


def ewma(x: np.ndarray, beta: float, *, bias_correction: bool = False) -> np.ndarray:
    """Exponentially weighted moving average, from ``V_0 = 0``: ``V_t = beta V_{t-1} + (1 - beta) x_t``.

    The start at 0 pulls the first values down; their weights sum to ``1 - beta^t``. The correction divides by that sum,
    ``V_t / (1 - beta^t)`` with t counted from 1, so that the first value is ``x_1`` itself.

    Parameters
    ----------
    x : (T, ...) values in order of time, float.
    beta : share of the past that is kept, at least 0, less than 1.
    bias_correction : divide by ``1 - beta^t``.

    Returns
    -------
    ndarray, shape of ``x``.

    Raises
    ------
    ValueError : when ``beta`` is outside [0, 1) or ``x`` is a single number.

    Source: Lecture notes, unit 2, exponentially weighted moving average.

    Examples
    --------
    >>> ewma([4.0, 8.0, 0.0], beta=0.5).tolist()
    [2.0, 5.0, 2.5]
    >>> ewma([43.0, 33.0, 25.5, 30.6], beta=0.9).round(4).tolist()
    [4.3, 7.17, 9.003, 11.1627]
    >>> ewma([43.0, 33.0, 25.5, 30.6], beta=0.9, bias_correction=True).round(4).tolist()
    [43.0, 37.7368, 33.2214, 32.4591]
    """
    x, beta = _series(x), expect_beta(beta)
    V = np.empty_like(x)
    kept = np.zeros(x.shape[1:], dtype=x.dtype)
    for t in range(len(x)):
        kept = beta * kept + (1 - beta) * x[t]
        V[t] = kept / (1 - beta ** (t + 1)) if bias_correction else kept
    return V


def ewma_weights(num_values: int, beta: float) -> np.ndarray:
    """The weight of each value in the last average, the newest first: ``(1 - beta) beta^k`` for k = 0, 1, ...

    They sum to ``1 - beta^T``, not to 1: what is missing sits on ``V_0 = 0``.

    Parameters
    ----------
    num_values : T, at least 1.
    beta : share of the past that is kept.

    Returns
    -------
    (T,) float64

    Raises
    ------
    ValueError : when ``beta`` is outside [0, 1) or there is no value.

    Source: Lecture notes, unit 2, expansion of the moving average.

    Examples
    --------
    >>> ewma_weights(3, beta=0.9).round(6).tolist()
    [0.1, 0.09, 0.081]
    """
    beta = expect_beta(beta)
    if num_values < 1:
        raise ValueError(f"num_values is {num_values}, expected at least 1")
    return (1 - beta) * beta ** np.arange(num_values)


def ewm_mean(x: np.ndarray, alpha: float, *, adjust: bool = True) -> np.ndarray:
    """What ``pandas.Series(x).ewm(alpha=alpha, adjust=adjust).mean()`` gives: alpha is the weight of the *newest* value.

    So ``alpha = 1 - beta``. With ``adjust`` it is the bias-corrected `ewma`; without, the average starts at the first
    value instead of at 0: ``V_1 = x_1``, then ``V_t = (1 - alpha) V_{t-1} + alpha x_t``.

    Parameters
    ----------
    x : (T, ...) values in order of time, float.
    alpha : weight of the newest value, more than 0, at most 1.
    adjust : weights that sum to 1 from the start.

    Returns
    -------
    ndarray, shape of ``x``.

    Raises
    ------
    ValueError : when ``alpha`` is outside (0, 1] or ``x`` is a single number.

    Source: Lecture notes, unit 2, exponentially weighted moving average; the pandas user guide on windows.

    Examples
    --------
    >>> ewm_mean([43.0, 33.0, 25.5, 30.6], alpha=0.1).round(4).tolist()
    [43.0, 37.7368, 33.2214, 32.4591]
    >>> ewm_mean([43.0, 33.0, 25.5, 30.6], alpha=0.1, adjust=False).round(4).tolist()
    [43.0, 42.0, 40.35, 39.375]
    """
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha is {alpha}, expected more than 0 and at most 1")
    x = _series(x)
    if adjust:
        return ewma(x, 1 - alpha, bias_correction=True)
    V = x.copy()
    for t in range(1, len(x)):
        V[t] = (1 - float(alpha)) * V[t - 1] + float(alpha) * x[t]
    return V
