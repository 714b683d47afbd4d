"""Gradient clipping: a step that would be far too long is made shorter, by value, by norm or by the norm of all gradients."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from dlkit.numpy.optim import Optimizer
from dlkit.numpy.validation import as_float

__all__ = ["Clipped", "clip_by_global_norm", "clip_by_norm", "clip_by_value", "global_norm"]

Gradients = dict[str, np.ndarray]


def _expect_positive(name: str, value: float) -> float:
    if not value > 0:
        raise ValueError(f"{name} is {value}, expected a positive number")
    return float(value)


def clip_by_value(gradient: np.ndarray, limit: float) -> np.ndarray:
    """Cut every entry to the range from -limit to limit: ``max(-c, min(c, g))``.

    The entries are cut one by one, so the direction of the gradient changes as soon as one is cut and another is not.

    Parameters
    ----------
    gradient : array_like, any shape, float
    limit : float
        Largest size of an entry, positive.

    Returns
    -------
    ndarray, shape and dtype of `gradient`

    Raises
    ------
    ValueError : if the limit is not positive.

    Source: Lecture notes, unit 2, gradient clipping.

    Examples
    --------
    >>> clip_by_value([12.0, -5.0, 0.5], 4.0).tolist()
    [4.0, -4.0, 0.5]
    """
    limit = _expect_positive("limit", limit)
    return np.clip(as_float("gradient", gradient), -limit, limit)


def clip_by_norm(gradient: np.ndarray, max_norm: float) -> np.ndarray:
    """Shorten a gradient that is too long and keep its direction: ``g * min(1, c / ||g||)``.

    Parameters
    ----------
    gradient : array_like, any shape, float
        The norm is the root of the sum of the squares of all its entries.
    max_norm : float
        Largest length, positive.

    Returns
    -------
    ndarray, shape and dtype of `gradient`

    Raises
    ------
    ValueError : if the largest length is not positive.

    Source: Lecture notes, unit 2, gradient clipping; Pascanu, Mikolov and Bengio (2013).

    Examples
    --------
    >>> clip_by_norm([12.0, -5.0], 6.5).tolist()              # the norm is 13: half of it
    [6.0, -2.5]
    >>> clip_by_norm([0.3, -0.4], 6.5).tolist()               # short enough: stays
    [0.3, -0.4]
    """
    return clip_by_global_norm({"gradient": gradient}, max_norm)[0]["gradient"]


def global_norm(grads: Mapping[str, np.ndarray]) -> float:
    """Length of all gradients together, as if they were one long vector: ``sqrt(sum of all squares)``.

    The largest entry is divided out first, so that no square overflows.

    Parameters
    ----------
    grads : dict of array_like, any shapes

    Returns
    -------
    float
        0 without any gradient.

    Raises
    ------
    TypeError : if a gradient does not hold real numbers.

    Source: Pascanu, Mikolov and Bengio (2013).

    Examples
    --------
    >>> global_norm({"W": [[3.0, 0.0], [0.0, 4.0]], "b": [12.0]})
    13.0
    """
    flat = [as_float(f"grads[{name!r}]", value).astype(np.float64).ravel() for name, value in grads.items()]
    largest = max((float(np.abs(g).max()) for g in flat if g.size), default=0.0)
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    return largest * math.sqrt(sum(float(np.sum((g / largest) ** 2)) for g in flat))


def clip_by_global_norm(grads: Mapping[str, np.ndarray], max_norm: float) -> tuple[Gradients, float]:
    """Shorten all gradients by one factor, ``min(1, c / norm)``, where the norm is that of all of them together.

    One factor for all keeps the direction of the whole step. PyTorch's ``clip_grad_norm_`` does this (and adds 1e-6 to the
    norm); Keras calls it ``global_clipnorm``, and its ``clipnorm`` is `clip_by_norm` for each array.

    Parameters
    ----------
    grads : dict of array_like, any shapes, float
    max_norm : float
        Largest length, positive.

    Returns
    -------
    (clipped, norm) : new arrays under the same names, and the global norm *before* clipping, which is worth watching.

    Raises
    ------
    ValueError : if the largest length is not positive, or the norm is not finite: no factor repairs that.

    Source: Lecture notes, unit 2, gradient clipping; Pascanu, Mikolov and Bengio (2013).

    Examples
    --------
    >>> clipped, norm = clip_by_global_norm({"W": [[3.0, 0.0], [0.0, 4.0]], "b": [12.0]}, 6.5)
    >>> clipped["W"].tolist(), clipped["b"].tolist(), norm
    ([[1.5, 0.0], [0.0, 2.0]], [6.0], 13.0)
    """
    max_norm = _expect_positive("max_norm", max_norm)
    arrays = {name: as_float(f"grads[{name!r}]", value) for name, value in grads.items()}
    norm = global_norm(arrays)
    if not math.isfinite(norm):
        raise ValueError(f"grads has the norm {norm}, expected a finite one: skip this step instead")
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return {name: value * value.dtype.type(factor) for name, value in arrays.items()}, norm


class Clipped:
    """An optimizer that clips the gradients first: by value, then by global norm, then the step of `optimizer`.

    Parameters
    ----------
    optimizer : Optimizer
        What makes the step.
    limit : float, optional
        For `clip_by_value`.
    max_norm : float, optional
        For `clip_by_global_norm`.

    Attributes
    ----------
    norms : list of float
        Global norm of the gradients of each step, before clipping.

    Raises
    ------
    ValueError : if neither is given, or one is not positive.

    Source: Lecture notes, unit 2, gradient clipping.

    Examples
    --------
    >>> from dlkit.numpy.optim import GradientDescent
    >>> optimizer = Clipped(GradientDescent(lr=1.0), max_norm=6.5)
    >>> optimizer.step({"w": np.array([0.0, 0.0])}, {"w": np.array([12.0, -5.0])})["w"].tolist()
    [-6.0, 2.5]
    >>> optimizer.norms
    [13.0]
    """

    def __init__(self, optimizer: Optimizer, *, limit: float | None = None, max_norm: float | None = None) -> None:
        if limit is None and max_norm is None:
            raise ValueError("limit and max_norm are None, expected at least one of them")
        self.optimizer = optimizer
        self.limit = None if limit is None else _expect_positive("limit", limit)
        self.max_norm = None if max_norm is None else _expect_positive("max_norm", max_norm)
        self.norms: list[float] = []

    @property
    def lr(self) -> float:
        """The learning rate of the optimizer, which a schedule may set."""
        return self.optimizer.lr  # type: ignore[attr-defined]

    @lr.setter
    def lr(self, value: float) -> None:
        self.optimizer.lr = value  # type: ignore[attr-defined]

    def step(self, params: Mapping[str, np.ndarray], grads: Mapping[str, np.ndarray]) -> Gradients:
        """Return the parameters after one step with clipped gradients."""
        self.norms.append(global_norm(grads))
        if self.limit is not None:
            grads = {name: clip_by_value(g, self.limit) for name, g in grads.items()}
        if self.max_norm is not None:
            grads, _ = clip_by_global_norm(grads, self.max_norm)
        return self.optimizer.step(params, grads)
