"""Momentum: walk along an average of past gradients. In each form that people write it, and Nesterov's look ahead.

=============  ==============================================  ===========================================
form           velocity                                        step
=============  ==============================================  ===========================================
"averaged"     v = beta v + (1 - beta) gradient                theta - lr v
"classical"    v = beta v + lr gradient                        theta - v
"pytorch"      v = beta v + gradient                           theta - lr v
=============  ==============================================  ===========================================

With a constant learning rate the last two walk the same path, and the first one does with ``lr / (1 - beta)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from dlkit.numpy.optim import Parameters
from dlkit.numpy.optimizers import Buffers, StatefulOptimizer, expect_between
from dlkit.numpy.validation import as_float, expect_choice, expect_shape

__all__ = ["FORMS", "SGD", "Momentum", "Nesterov", "momentum_step", "nesterov_step"]

FORMS = ("averaged", "classical", "pytorch")


def momentum_step(theta: np.ndarray, velocity: np.ndarray, gradient: np.ndarray, lr: float, beta: float = 0.9,
                  form: str = "averaged") -> tuple[np.ndarray, np.ndarray]:
    """One step of momentum: update the velocity first, then walk along it (formulas at the top of the module).

    Parameters
    ----------
    theta : array_like, any shape
        Parameters.
    velocity : array_like, shape of theta
        What earlier steps left; zeros before the first.
    gradient : array_like, shape of theta
        Gradient at theta.
    lr : float
        Learning rate.
    beta : float
        How much of the velocity is kept, 0 <= beta < 1.
    form : {"averaged", "classical", "pytorch"}
        Which of the three ways to write it.

    Returns
    -------
    (theta, velocity) : ndarray, ndarray
        Both new.

    Raises
    ------
    ValueError : if shapes do not match, beta is outside [0, 1) or the form is unknown.

    Source: Lecture notes, unit 2, momentum; Polyak (1964).

    Examples
    --------
    >>> theta, v = momentum_step([1.0], [0.0], [2.0], lr=0.1)
    >>> theta.round(3).tolist(), v.round(3).tolist()
    ([0.98], [0.2])
    >>> momentum_step([1.0], [0.0], [2.0], lr=0.1, form="classical")[0].round(3).tolist()
    [0.8]
    """
    theta, velocity, gradient = _triple(theta, velocity, gradient)
    expect_between("beta", beta, 0, 1)
    expect_choice("form", form, FORMS)
    velocity = velocity.copy()
    return _momentum(theta, velocity, gradient, float(lr), float(beta), form), velocity


def nesterov_step(theta: np.ndarray, velocity: np.ndarray, gradient_fn: Callable[[np.ndarray], np.ndarray], lr: float,
                  beta: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """One step of Nesterov's momentum, textbook form: look where the velocity leads, and take the gradient there.

    ahead = theta - beta v,  v = beta v + lr gradient(ahead),  theta = theta - v

    Parameters
    ----------
    theta : array_like, any shape
        Parameters.
    velocity : array_like, shape of theta
        What earlier steps left; zeros before the first.
    gradient_fn : callable
        x -> gradient at x, of the shape of x.
    lr : float
        Learning rate.
    beta : float
        How much of the velocity is kept, 0 <= beta < 1.

    Returns
    -------
    (theta, velocity) : ndarray, ndarray
        Both new.

    Raises
    ------
    ValueError : if shapes do not match or beta is outside [0, 1).

    Source: Lecture notes, unit 2, Nesterov accelerated gradient; Nesterov (1983).

    Examples
    --------
    >>> theta, v = nesterov_step([1.0], [0.0], lambda x: 2 * x, lr=0.1)
    >>> theta, v = nesterov_step(theta, v, lambda x: 2 * x, lr=0.1)
    >>> theta.round(3).tolist(), v.round(3).tolist()
    ([0.496], [0.304])
    """
    theta, velocity = as_float("theta", theta), as_float("velocity", velocity)
    expect_shape("velocity", velocity, theta.shape, to_match=("theta", theta))
    expect_between("beta", beta, 0, 1)
    gradient = as_float("gradient", gradient_fn(theta - float(beta) * velocity), theta.dtype)
    expect_shape("gradient", gradient, theta.shape, to_match=("theta", theta))
    velocity = velocity.copy()
    return _momentum(theta, velocity, gradient, float(lr), float(beta), "classical"), velocity


class SGD(StatefulOptimizer):
    """Plain gradient descent with weight decay: theta - lr (gradient + weight_decay theta).

    The decay is the gradient of the penalty weight_decay / 2 * ||theta||^2. In plain gradient descent that is the same
    as shrinking the weights first, (1 - lr weight_decay) theta - lr gradient.

    Parameters
    ----------
    lr : float
        Learning rate, positive.
    weight_decay : float
        Strength of the penalty, not negative.

    Raises
    ------
    ValueError : if an argument is out of its range.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> SGD(lr=0.5, weight_decay=0.5).step({"w": np.array([1.0])}, {"w": np.array([0.0])})["w"].tolist()
    [0.75]
    """

    def __init__(self, lr: float, weight_decay: float = 0.0) -> None:
        super().__init__(lr)
        expect_between("weight_decay", weight_decay, 0, np.inf)
        self.weight_decay = float(weight_decay)

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter."""
        move = np.multiply(gradient, self.lr, out=np.empty_like(param))
        kept = param * (1.0 - self.lr * self.weight_decay) if self.weight_decay else param
        return np.subtract(kept, move, out=move)


class Momentum(StatefulOptimizer):
    """Gradient descent with a velocity, in one of three forms (top of the module).

    Parameters
    ----------
    lr : float
        Learning rate, positive.
    beta : float
        How much of the velocity is kept, 0 <= beta < 1.
    form : {"averaged", "classical", "pytorch"}
        Which of the three ways to write it. For `torch.optim.SGD(momentum=beta)` it is "pytorch".

    Raises
    ------
    ValueError : if an argument is out of its range.

    Source: Lecture notes, unit 2, momentum.

    Examples
    --------
    >>> optimizer, params = Momentum(lr=0.1, form="classical"), {"w": np.array([1.0])}
    >>> for _ in range(3):
    ...     params = optimizer.step(params, {"w": 2 * params["w"]})  # the gradient of w squared
    >>> params["w"].round(3).tolist()
    [0.062]
    """

    buffers = ("velocity",)

    def __init__(self, lr: float, beta: float = 0.9, form: str = "averaged") -> None:
        super().__init__(lr)
        expect_between("beta", beta, 0, 1)
        expect_choice("form", form, FORMS)
        self.beta, self.form = float(beta), form

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter, and leave the new velocity in `state`."""
        return _momentum(param, state["velocity"], gradient, self.lr, self.beta, self.form)


class Nesterov(StatefulOptimizer):
    """Nesterov's momentum, in PyTorch's form or in the textbook's.

    The textbook takes the gradient at ``look_ahead(params)``, so whoever calls `step` has to compute it there. PyTorch keeps
    the points ahead as its parameters: v = beta v + gradient, theta - lr (gradient + beta v). With a constant learning rate
    its parameters are the textbook's points ahead, and any training loop can use it.

    Parameters
    ----------
    lr : float
        Learning rate, positive.
    beta : float
        How much of the velocity is kept, 0 <= beta < 1.
    form : {"pytorch", "textbook"}
        Which parameters are stored.

    Attributes
    ----------
    look_ahead : callable or None
        In the textbook form, params -> points at which the next gradients have to be taken.

    Raises
    ------
    ValueError : if an argument is out of its range.

    Source: Lecture notes, unit 2, Nesterov accelerated gradient; Sutskever et al. (2013).

    Examples
    --------
    >>> from dlkit.numpy.optimizers import optimizer_path
    >>> optimizer_path(Nesterov(lr=0.1, form="textbook"), lambda w: 2 * w, 1.0, steps=3).round(5).tolist()
    [1.0, 0.8, 0.496, 0.17792]
    >>> optimizer_path(Nesterov(lr=0.1), lambda w: 2 * w, 1.0, steps=3).round(5).tolist()
    [1.0, 0.62, 0.2224, -0.10835]
    """

    buffers = ("velocity",)

    def __init__(self, lr: float, beta: float = 0.9, form: str = "pytorch") -> None:
        super().__init__(lr)
        expect_between("beta", beta, 0, 1)
        expect_choice("form", form, ("pytorch", "textbook"))
        self.beta, self.form = float(beta), form
        self.look_ahead = self._look_ahead if form == "textbook" else None

    def _look_ahead(self, params: Mapping[str, np.ndarray]) -> Parameters:
        ahead = dict(params)
        for name, buffers in self.state.items():
            ahead[name] = params[name] - self.beta * buffers["velocity"]
        return ahead

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter, and leave the new velocity in `state`."""
        velocity = state["velocity"]
        if self.form == "textbook":
            return _momentum(param, velocity, gradient, self.lr, self.beta, "classical")
        velocity *= self.beta
        velocity += gradient
        move = np.multiply(velocity, self.beta, out=np.empty_like(param))
        move += gradient
        move *= self.lr
        return np.subtract(param, move, out=move)


def _momentum(theta: np.ndarray, velocity: np.ndarray, gradient: np.ndarray, lr: float, beta: float,
              form: str) -> np.ndarray:
    """Return the new theta; the velocity is written in place."""
    move = np.empty_like(theta)
    velocity *= beta
    if form == "classical":
        velocity += np.multiply(gradient, lr, out=move)
        return np.subtract(theta, velocity, out=move)
    velocity += gradient if form == "pytorch" else np.multiply(gradient, 1.0 - beta, out=move)
    return np.subtract(theta, np.multiply(velocity, lr, out=move), out=move)


def _triple(theta: object, velocity: object, gradient: object) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    theta = as_float("theta", theta)
    velocity, gradient = as_float("velocity", velocity, theta.dtype), as_float("gradient", gradient, theta.dtype)
    expect_shape("velocity", velocity, theta.shape, to_match=("theta", theta))
    expect_shape("gradient", gradient, theta.shape, to_match=("theta", theta))
    return theta, velocity, gradient
