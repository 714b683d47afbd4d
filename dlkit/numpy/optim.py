"""Plain gradient descent: the update, the loop for one function, the optimizer that trains a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import numpy as np

from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["DescentResult", "GradientDescent", "Optimizer", "gradient_descent", "gradient_descent_step"]

Parameters = dict[str, np.ndarray]


class Optimizer(Protocol):
    """Turns parameters and their gradients into new parameters; keeps its state to itself."""

    def step(self, params: Mapping[str, np.ndarray], grads: Mapping[str, np.ndarray]) -> Parameters:
        """Return the new parameters, under the same names; the old ones stay as they are."""
        ...


class DescentResult(NamedTuple):
    """What `gradient_descent` found."""

    minimum: np.ndarray  # the last point, shape of the start
    path: np.ndarray  # (steps + 1, ...) all points, the start first
    steps: int  # number of updates made
    converged: bool  # whether the tolerance was reached


def gradient_descent_step(params: Mapping[str, np.ndarray], grads: Mapping[str, np.ndarray],
                          lr: float) -> Parameters:
    """One step downhill for every parameter: theta - lr * gradient.

    Parameters
    ----------
    params : dict of ndarray
        Parameters by name.
    grads : dict of ndarray
        Their gradients, same names and shapes.
    lr : float
        Learning rate.

    Returns
    -------
    dict of ndarray
        New arrays under the names of `params`.

    Raises
    ------
    ValueError : if names or shapes do not match.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> new = gradient_descent_step({"w": np.array([1.0, 2.0])}, {"w": np.array([10.0, -10.0])}, lr=0.1)
    >>> new["w"].tolist()
    [0.0, 3.0]
    """
    if params.keys() != grads.keys():
        raise ValueError(f"grads has the names {sorted(grads)}, expected {sorted(params)} to match params")
    lr = float(lr)  # a NumPy float64 would turn float32 parameters into float64
    new = {}
    for name, value in params.items():
        gradient = grads[name]
        if gradient.shape != value.shape:
            expect_shape(f"grads[{name!r}]", gradient, value.shape, to_match=(f"params[{name!r}]", value))
        new[name] = value - lr * gradient
    return new


class GradientDescent:
    """Optimizer that makes a `gradient_descent_step` with a constant learning rate.

    Parameters
    ----------
    lr : float
        Learning rate, positive.

    Raises
    ------
    ValueError : if the learning rate is not positive.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> optimizer = GradientDescent(lr=0.5)
    >>> optimizer.step({"w": np.array([1.0])}, {"w": np.array([2.0])})["w"].tolist()
    [0.0]
    """

    def __init__(self, lr: float) -> None:
        if not lr > 0:
            raise ValueError(f"lr is {lr}, expected a positive number")
        self.lr = lr

    def step(self, params: Mapping[str, np.ndarray], grads: Mapping[str, np.ndarray]) -> Parameters:
        """Return the parameters after one step."""
        return gradient_descent_step(params, grads, self.lr)


def gradient_descent(gradient_fn: Callable[[np.ndarray], np.ndarray], start: np.ndarray, lr: float,
                     max_steps: int = 1000, tolerance: float = 0.0) -> DescentResult:
    """Walk downhill from `start`, x <- x - lr * gradient(x), until no coordinate moves by `tolerance`.

    A small step need not mean a near minimum: with a small learning rate every step is small.

    Parameters
    ----------
    gradient_fn : callable
        x -> gradient at x, of the shape of x.
    start : array_like, any shape
        Where to begin.
    lr : float
        Learning rate.
    max_steps : int
        Largest number of steps.
    tolerance : float
        Stop after a step whose largest coordinate is smaller than this; 0 never stops early.

    Returns
    -------
    DescentResult
        (minimum, path, steps, converged)

    Raises
    ------
    ValueError : if the gradient has not the shape of the start.

    Source: Lecture notes, unit 1.

    Examples
    --------
    The minimum of x^2, whose gradient is 2 x:

    >>> result = gradient_descent(lambda x: 2 * x, start=8.0, lr=0.25, max_steps=3)
    >>> result.path.tolist(), result.steps
    ([8.0, 4.0, 2.0, 1.0], 3)
    """
    x = as_float("start", start).copy()
    path = [x]
    converged = False
    while len(path) <= max_steps and not converged:
        gradient = as_float("gradient", gradient_fn(x), x.dtype)
        expect_shape("gradient", gradient, x.shape, to_match=("start", x))
        move = float(lr) * gradient
        x = x - move
        path.append(x)
        converged = bool(np.all(np.abs(move) < tolerance))
    return DescentResult(x, np.array(path), len(path) - 1, converged)
