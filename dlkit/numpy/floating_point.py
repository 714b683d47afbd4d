"""The numbers of a computer: how far they reach, how fine they are, and what to do where they end.

A floating-point number is sign, exponent and fraction. The bits of the exponent decide how large and small it can
be, those of the fraction how many digits it has. Half as many bits are twice as fast to move and much faster to
multiply; the price is a small range (float16) or few digits (bfloat16, which NumPy lacks and `round_to` imitates).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from dlkit.numpy.optim import Optimizer, Parameters
from dlkit.numpy.validation import as_float, expect_choice

__all__ = ["FloatFormat", "LossScaler", "float_format", "round_to", "scaled_step"]

_BITS = {"float16": (5, 10), "bfloat16": (8, 7), "float32": (8, 23), "float64": (11, 52)}  # exponent, fraction


class FloatFormat(NamedTuple):
    """What a floating-point format can hold."""

    bits: int
    eps: float  # distance from 1 to the next number
    digits: int  # decimal digits that always survive
    largest: float
    smallest_normal: float  # below it digits are lost, one after the other
    smallest: float  # the smallest positive number at all


def float_format(name: str) -> FloatFormat:
    """Range and precision of "float16", "bfloat16", "float32" or "float64", from its numbers of bits.

    With e bits for the exponent and f for the fraction: eps = 2^-f, largest = (2 - eps) 2^(2^(e-1) - 1),
    smallest normal number = 2^(2 - 2^(e-1)), smallest number = eps times that.

    Parameters
    ----------
    name : str

    Returns
    -------
    FloatFormat

    Raises
    ------
    ValueError : if the name is not one of the four.

    Source: IEEE 754.

    Examples
    --------
    >>> half = float_format("float16")
    >>> half.bits, half.eps, half.digits, half.largest, half.smallest
    (16, 0.0009765625, 3, 65504.0, 5.960464477539063e-08)
    >>> float_format("bfloat16").eps, float_format("bfloat16").largest
    (0.0078125, 3.3895313892515355e+38)
    """
    expect_choice("name", name, tuple(_BITS))
    exponent, fraction = _BITS[name]
    top = 2 ** (exponent - 1) - 1
    eps = 2.0**-fraction
    normal = 2.0 ** (1 - top)
    return FloatFormat(1 + exponent + fraction, eps, math.floor(fraction * math.log10(2)), (2.0 - eps) * 2.0**top,
                       normal, normal * eps)


def round_to(x: np.ndarray, name: str) -> np.ndarray:
    """What is left of numbers when they are stored in a format: rounded to nearest, half to even.

    Too large becomes inf, too small becomes 0.

    Parameters
    ----------
    x : array_like, any shape
    name : str
        "float16", "bfloat16", "float32" or "float64".

    Returns
    -------
    ndarray, shape and dtype of x

    Raises
    ------
    ValueError : if the name is not one of the four.

    Examples
    --------
    >>> round_to([70000.0, 1e-8, 0.1], "float16").tolist()
    [inf, 0.0, 0.0999755859375]
    >>> round_to([70000.0, 1e-8, 0.1], "bfloat16").tolist()
    [70144.0, 1.0011717677116394e-08, 0.10009765625]
    """
    x = as_float("x", x)
    expect_choice("name", name, tuple(_BITS))
    with np.errstate(over="ignore", under="ignore"):
        if name != "bfloat16":
            return x.astype(name).astype(x.dtype)
        finite = np.isfinite(x)
        mantissa, exponent = np.frexp(np.where(finite, x, 0.0).astype(np.float64))  # x = mantissa 2^exponent, mantissa < 1
        kept = np.minimum(8, exponent + 133)  # bits of it that are kept; fewer below 2^-126, the smallest normal number
        rounded = np.ldexp(np.round(np.ldexp(mantissa, kept)), exponent - kept)
        rounded = np.where(np.abs(rounded) > float_format(name).largest, np.copysign(np.inf, rounded), rounded)
        return np.where(finite, rounded, x).astype(x.dtype)


class LossScaler:
    """Dynamic loss scaling: multiply the loss so that its gradients do not underflow in float16.

    The gradient of s times the loss is s times the gradient. Divide by s again, in a wider format, before the update.
    If s was too large and something overflowed, skip the step and halve s; after `growth_interval` good steps in a row,
    double it.

    Parameters
    ----------
    scale : float
        The first s; a power of two, so that scaling costs no digits.
    growth_factor, backoff_factor : float
        What s is multiplied by when all is well, and after an overflow.
    growth_interval : int
        Good steps in a row before s grows.

    Attributes
    ----------
    scale : float
        The s to multiply the loss by.

    Raises
    ------
    ValueError : if the scale or the interval is not positive.

    Source: Micikevicius et al., "Mixed precision training", 2018.

    Examples
    --------
    >>> scaler = LossScaler(scale=8.0)
    >>> grads, finite = scaler.unscale({"w": np.array([4.0, 16.0])})
    >>> grads["w"].tolist(), finite
    ([0.5, 2.0], True)
    >>> scaler.update(finite=False)
    >>> scaler.scale
    4.0
    """

    def __init__(self, scale: float = 2.0**16, *, growth_factor: float = 2.0, backoff_factor: float = 0.5,
                 growth_interval: int = 2000) -> None:
        if not scale > 0 or growth_interval < 1:
            raise ValueError(f"scale is {scale} and growth_interval {growth_interval}, expected positive numbers")
        self.scale, self.growth_interval = float(scale), growth_interval
        self.growth_factor, self.backoff_factor = growth_factor, backoff_factor
        self._good_steps = 0

    def unscale(self, grads: Mapping[str, np.ndarray]) -> tuple[Parameters, bool]:
        """Return the gradients divided by the scale, in float32 or wider, and whether all of them are finite."""
        wide = {name: g.astype(np.result_type(g.dtype, np.float32)) / self.scale for name, g in grads.items()}
        return wide, all(bool(np.isfinite(g).all()) for g in wide.values())

    def update(self, finite: bool) -> None:
        """Adapt the scale after a step: `finite` says whether its gradients were."""
        if not finite:
            self.scale *= self.backoff_factor
            self._good_steps = 0
            return
        self._good_steps += 1
        if self._good_steps == self.growth_interval:
            self.scale *= self.growth_factor
            self._good_steps = 0


def scaled_step(params: Mapping[str, np.ndarray], scaled_grads: Mapping[str, np.ndarray], optimizer: Optimizer,
                scaler: LossScaler) -> Parameters:
    """One step of an optimizer with gradients of the scaled loss; no step at all if one of them is not finite.

    Parameters
    ----------
    params : dict of ndarray
        Master copy of the parameters, in float32 or float64.
    scaled_grads : dict of ndarray
        Gradients of ``scaler.scale`` times the loss, in any floating format.
    optimizer : Optimizer
        Has ``step(params, grads) -> params``.
    scaler : LossScaler
        Its scale is updated.

    Returns
    -------
    dict of ndarray
        The new parameters; the old ones after an overflow.

    Source: Micikevicius et al., "Mixed precision training", 2018.

    Examples
    --------
    >>> from dlkit.numpy.optim import GradientDescent
    >>> scaler = LossScaler(scale=1024.0)
    >>> tiny = np.array([1024 * 1e-6], dtype=np.float16)
    >>> scaled_step({"w": np.array([1.0])}, {"w": tiny}, GradientDescent(lr=1e5), scaler)["w"].round(3).tolist()
    [0.9]
    >>> scaled_step({"w": np.array([1.0])}, {"w": np.array([np.inf])}, GradientDescent(lr=1.0), scaler), scaler.scale
    ({'w': array([1.])}, 512.0)
    """
    grads, finite = scaler.unscale(scaled_grads)
    new = optimizer.step(params, grads) if finite else dict(params)
    scaler.update(finite)
    return new
