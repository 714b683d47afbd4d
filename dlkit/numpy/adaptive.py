"""AdaGrad and RMSProp: every parameter has its own learning rate, made from the sizes of its past gradients.

The smallest gradients decide where epsilon belongs. Outside the root, as PyTorch and the papers on Adam have it, a step is
``lr g / (sqrt(G) + eps)``; inside, as the lecture notes mostly print it, ``lr g / sqrt(G + eps)``. With eps = 1e-8 the two
agree for gradients near 1. For gradients near 1e-4 the second one makes steps that are 30 percent shorter.
"""

from __future__ import annotations

import numpy as np

from dlkit.numpy.optimizers import Buffers, StatefulOptimizer, expect_between
from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["AdaGrad", "RMSProp", "adagrad_step", "rmsprop_step"]


def adagrad_step(theta: np.ndarray, total: np.ndarray, gradient: np.ndarray, lr: float, eps: float = 1e-8,
                 eps_inside: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """One step of AdaGrad: divide by the root of all squared gradients so far.

    G = G + g^2,  theta = theta - lr g / (sqrt(G) + eps)

    Parameters
    ----------
    theta : array_like, any shape
        Parameters.
    total : array_like, shape of theta
        G, the sum of squared gradients; zeros before the first step.
    gradient : array_like, shape of theta
        Gradient g at theta.
    lr : float
        Base learning rate.
    eps : float
        Keeps the quotient finite where all gradients were 0.
    eps_inside : bool
        Divide by sqrt(G + eps) instead.

    Returns
    -------
    (theta, total) : ndarray, ndarray
        Both new.

    Raises
    ------
    ValueError : if shapes do not match or eps is negative.

    Source: Lecture notes, unit 2, AdaGrad; Duchi, Hazan and Singer (2011).

    Examples
    --------
    >>> theta, G = adagrad_step([0.0, 0.0], [0.0, 9.0], [3.0, -4.0], lr=1.0)
    >>> theta.round(6).tolist(), G.tolist()
    ([-1.0, 0.8], [9.0, 25.0])
    """
    theta, gradient, total = state_arrays(theta, gradient, eps, total=total)
    return _adagrad(theta, gradient, total, float(lr), float(eps), eps_inside), total


def rmsprop_step(theta: np.ndarray, average: np.ndarray, gradient: np.ndarray, lr: float, beta: float = 0.9,
                 eps: float = 1e-8, eps_inside: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """One step of RMSProp: divide by the root of an average of recent squared gradients.

    E = beta E + (1 - beta) g^2,  theta = theta - lr g / (sqrt(E) + eps)

    Parameters
    ----------
    theta : array_like, any shape
        Parameters.
    average : array_like, shape of theta
        E, the average of squared gradients; zeros before the first step.
    gradient : array_like, shape of theta
        Gradient g at theta.
    lr : float
        Base learning rate.
    beta : float
        How much of the average is kept, 0 <= beta < 1.
    eps : float
        Keeps the quotient finite where all gradients were 0.
    eps_inside : bool
        Divide by sqrt(E + eps) instead.

    Returns
    -------
    (theta, average) : ndarray, ndarray
        Both new.

    Raises
    ------
    ValueError : if shapes do not match, eps is negative or beta is outside [0, 1).

    Source: Lecture notes, unit 2, RMSProp; Tieleman and Hinton (2012).

    Examples
    --------
    >>> theta, E = rmsprop_step([1.0], [4.0], [2.0], lr=0.5)
    >>> theta.round(6).tolist(), E.round(6).tolist()
    ([0.5], [4.0])
    """
    expect_between("beta", beta, 0, 1)
    theta, gradient, average = state_arrays(theta, gradient, eps, average=average)
    return _rmsprop(theta, gradient, average, float(lr), float(beta), float(eps), eps_inside), average


class AdaGrad(StatefulOptimizer):
    """`adagrad_step` for all parameters of a network: rates that only ever shrink.

    Parameters
    ----------
    lr : float
        Base learning rate, positive.
    eps : float
        Not negative.
    eps_inside : bool
        Where epsilon stands.

    Raises
    ------
    ValueError : if an argument is out of its range.

    Source: Lecture notes, unit 2, AdaGrad. PyTorch has lr=0.01 and eps=1e-10 by default.

    Examples
    --------
    >>> optimizer, params = AdaGrad(lr=1.0), {"w": np.array([0.0])}
    >>> for gradient in (3.0, 4.0):
    ...     params = optimizer.step(params, {"w": np.array([gradient])})
    >>> params["w"].round(6).tolist()
    [-1.8]
    """

    buffers = ("total",)

    def __init__(self, lr: float = 0.01, eps: float = 1e-8, eps_inside: bool = False) -> None:
        super().__init__(lr)
        expect_between("eps", eps, 0, np.inf)
        self.eps, self.eps_inside = float(eps), eps_inside

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter, and leave the new sum in `state`."""
        return _adagrad(param, gradient, state["total"], self.lr, self.eps, self.eps_inside)


class RMSProp(StatefulOptimizer):
    """`rmsprop_step` for all parameters of a network: rates that follow the recent gradients.

    Parameters
    ----------
    lr : float
        Base learning rate, positive.
    beta : float
        How much of the average is kept, 0 <= beta < 1.
    eps : float
        Not negative.
    eps_inside : bool
        Where epsilon stands.

    Raises
    ------
    ValueError : if an argument is out of its range.

    Source: Lecture notes, unit 2, RMSProp. PyTorch has lr=0.01 and alpha=0.99 by default; its alpha is our beta.

    Examples
    --------
    >>> RMSProp(lr=0.1, beta=0.75).step({"w": np.array([1.0])}, {"w": np.array([-7.0])})["w"].round(6).tolist()
    [1.2]
    """

    buffers = ("average",)

    def __init__(self, lr: float = 0.001, beta: float = 0.9, eps: float = 1e-8, eps_inside: bool = False) -> None:
        super().__init__(lr)
        expect_between("beta", beta, 0, 1)
        expect_between("eps", eps, 0, np.inf)
        self.beta, self.eps, self.eps_inside = float(beta), float(eps), eps_inside

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter, and leave the new average in `state`."""
        return _rmsprop(param, gradient, state["average"], self.lr, self.beta, self.eps, self.eps_inside)


# The rules. Each returns the new theta in an array that it also uses for every value in between; buffers are written in place.


def _adagrad(theta: np.ndarray, gradient: np.ndarray, total: np.ndarray, lr: float, eps: float,
             eps_inside: bool) -> np.ndarray:
    work = np.multiply(gradient, gradient, out=np.empty_like(theta))
    total += work
    return divided_move(theta, gradient, total, lr, eps, eps_inside, work)


def _rmsprop(theta: np.ndarray, gradient: np.ndarray, average: np.ndarray, lr: float, beta: float, eps: float,
             eps_inside: bool) -> np.ndarray:
    work = np.multiply(gradient, gradient, out=np.empty_like(theta))
    work *= 1.0 - beta
    average *= beta
    average += work
    return divided_move(theta, gradient, average, lr, eps, eps_inside, work)


def divided_move(theta: np.ndarray, direction: np.ndarray, squares: np.ndarray, lr: float, eps: float, eps_inside: bool,
                  work: np.ndarray) -> np.ndarray:
    """Return theta - lr direction / (sqrt(squares) + eps), or with eps inside the root, computed in `work`."""
    if eps_inside:
        np.sqrt(np.add(squares, eps, out=work), out=work)
    else:
        np.sqrt(squares, out=work)
        work += eps
    np.divide(direction, work, out=work)
    work *= lr
    return np.subtract(theta, work, out=work)


def state_arrays(theta: object, gradient: object, eps: float, **state: object) -> list[np.ndarray]:
    """Return theta and the gradient as they are, and copies of the state, in one dtype and shape."""
    expect_between("eps", eps, 0, np.inf)
    theta = as_float("theta", theta)
    arrays = [theta, as_float("gradient", gradient, theta.dtype)]
    arrays += [as_float(name, value, theta.dtype) for name, value in state.items()]
    for name, array in zip(("gradient", *state), arrays[1:], strict=True):
        expect_shape(name, array, theta.shape, to_match=("theta", theta))
    return arrays[:2] + [array.copy() for array in arrays[2:]]
