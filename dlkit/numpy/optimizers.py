"""What optimizers with a memory have in common: buffers for each parameter, a step counter, and a path to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from dlkit.numpy.optim import Optimizer, Parameters
from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["Buffers", "StatefulOptimizer", "expect_between", "optimizer_path"]

Buffers = dict[str, np.ndarray]


class StatefulOptimizer:
    """Optimizer that remembers: zeros for each parameter at first, then whatever the rule leaves there.

    A rule is a subclass. It lists the names of its `buffers` and says in `update` how one parameter moves.

    Parameters
    ----------
    lr : float
        Learning rate, positive. It may be changed between steps.

    Attributes
    ----------
    lr : float
        Learning rate of the next step.
    steps : int
        Number of steps made.
    state : dict of dict of ndarray
        Buffers by parameter name and buffer name, each of the shape and dtype of its parameter.

    Raises
    ------
    ValueError : if the learning rate is not positive.

    Examples
    --------
    >>> class Walk(StatefulOptimizer):
    ...     buffers = ("total",)
    ...     def update(self, param, gradient, state):
    ...         state["total"] += gradient
    ...         return param - self.lr * state["total"]
    >>> walk, params = Walk(lr=1.0), {"w": np.array([10.0])}
    >>> for _ in range(3):
    ...     params = walk.step(params, {"w": np.array([1.0])})
    >>> params["w"].tolist(), walk.state["w"]["total"].tolist(), walk.steps
    ([4.0], [3.0], 3)
    """

    buffers: tuple[str, ...] = ()

    def __init__(self, lr: float) -> None:
        if not lr > 0:
            raise ValueError(f"lr is {lr}, expected a positive number")
        self.lr = float(lr)
        self.steps = 0
        self.state: dict[str, Buffers] = {}

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter, shape of `param`; `state` belongs to the optimizer and is written in place."""
        raise NotImplementedError

    def step(self, params: Mapping[str, np.ndarray], grads: Mapping[str, np.ndarray]) -> Parameters:
        """Return the parameters after one step.

        Parameters
        ----------
        params : dict of ndarray
            Parameters by name.
        grads : dict of ndarray
            Their gradients, same names and shapes.

        Returns
        -------
        dict of ndarray
            New arrays under the names of `params`.

        Raises
        ------
        ValueError : if names or shapes do not match; nothing has changed then.
        TypeError : if parameters are no floats.
        """
        if params.keys() != grads.keys():
            raise ValueError(f"grads has the names {sorted(grads)}, expected {sorted(params)} to match params")
        for name, value in params.items():
            if grads[name].shape != value.shape:
                expect_shape(f"grads[{name!r}]", grads[name], value.shape, to_match=(f"params[{name!r}]", value))
            if value.dtype.kind != "f":
                raise TypeError(f"params[{name!r}] has dtype {value.dtype}, expected floats: steps are smaller than 1")
        self.lr = float(self.lr)  # a schedule may have put a NumPy number there, which would widen float32
        self.steps += 1
        state = self.state
        for name, value in params.items():
            if name not in state:
                state[name] = {buffer: np.zeros_like(value) for buffer in self.buffers}
        return {name: self.update(value, grads[name], state[name]) for name, value in params.items()}


def expect_between(name: str, value: float, low: float, high: float) -> None:
    """Raise unless low <= value < high.

    Examples
    --------
    >>> expect_between("beta", 1.0, 0, 1)
    Traceback (most recent call last):
    ValueError: beta is 1.0, expected at least 0 and less than 1
    """
    if not low <= value < high:
        below = f" and less than {high:g}" if np.isfinite(high) else ""
        raise ValueError(f"{name} is {value}, expected at least {low:g}{below}")


def optimizer_path(optimizer: Optimizer, gradient_fn: Callable[[np.ndarray], np.ndarray], start: np.ndarray,
                   steps: int) -> np.ndarray:
    """All points that an optimizer visits on a function of one array.

    Parameters
    ----------
    optimizer : Optimizer
        Has ``step(params, grads)``. One that has a `look_ahead` is given the gradient there.
    gradient_fn : callable
        x -> gradient at x, of the shape of x.
    start : array_like, any shape
        Where to begin; integers become float64.
    steps : int
        Number of steps.

    Returns
    -------
    ndarray, shape (steps + 1, ...)
        The start, then the point after each step.

    Raises
    ------
    ValueError : if the gradient has not the shape of the start.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> from dlkit.numpy.optim import GradientDescent
    >>> optimizer_path(GradientDescent(lr=0.25), lambda x: 2 * x, 8.0, steps=3).tolist()
    [8.0, 4.0, 2.0, 1.0]
    """
    params = {"x": as_float("start", start).copy()}
    look_ahead = getattr(optimizer, "look_ahead", None)
    path = [params["x"]]
    for _ in range(steps):
        where = look_ahead(params) if look_ahead else params
        gradient = as_float("gradient", gradient_fn(where["x"]), params["x"].dtype)
        params = optimizer.step(params, {"x": gradient})
        path.append(params["x"])
    return np.array(path)
