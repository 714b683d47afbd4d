"""Adam and AdamW: momentum, divided by RMSProp's root, with a correction for the start at zero.

The notes print the correction without the power t in one place, and leave it out in another. It matters for long: with
beta2 = 0.999 the factor 1 - beta2^t is 0.001 at the first step and still only 0.63 at the thousandth.
"""

from __future__ import annotations

import numpy as np

from dlkit.numpy.adaptive import divided_move, state_arrays
from dlkit.numpy.optimizers import Buffers, StatefulOptimizer, expect_between

__all__ = ["Adam", "AdamW", "adam_step", "adamw_step"]


def adam_step(theta: np.ndarray, m: np.ndarray, v: np.ndarray, gradient: np.ndarray, t: int, lr: float = 0.001,
              beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8,
              eps_inside: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One step of Adam: momentum divided by RMSProp's root, both corrected for their start at zero.

    m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2,
    theta = theta - lr mhat / (sqrt(vhat) + eps)  with  mhat = m / (1 - beta1^t),  vhat = v / (1 - beta2^t)

    Parameters
    ----------
    theta : array_like, any shape
        Parameters.
    m, v : array_like, shape of theta
        Averages of gradients and of squared gradients, not corrected; zeros before the first step.
    gradient : array_like, shape of theta
        Gradient g at theta.
    t : int
        Number of this step, 1 for the first.
    lr : float
        Learning rate.
    beta1, beta2 : float
        How much of the averages is kept, 0 <= beta < 1.
    eps : float
        Keeps the quotient finite where all gradients were 0.
    eps_inside : bool
        Divide by sqrt(vhat + eps) instead.

    Returns
    -------
    (theta, m, v) : ndarray, ndarray, ndarray
        All new.

    Raises
    ------
    ValueError : if shapes do not match or an argument is out of its range.

    Source: Lecture notes, unit 2, Adam; Kingma and Ba (2015).

    Examples
    --------
    The first step has the length of the learning rate, however large the gradient:

    >>> theta, m, v = adam_step([1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1000.0, -0.5], t=1, lr=0.01)
    >>> theta.round(6).tolist(), m.round(6).tolist(), v.round(6).tolist()
    ([0.99, 1.01], [100.0, -0.05], [1000.0, 0.00025])
    """
    _expect_adam(t, beta1, beta2)
    theta, gradient, m, v = state_arrays(theta, gradient, eps, m=m, v=v)
    return _adam(theta, gradient, m, v, t, float(lr), (float(beta1), float(beta2)), float(eps), eps_inside), m, v


def adamw_step(theta: np.ndarray, m: np.ndarray, v: np.ndarray, gradient: np.ndarray, t: int, lr: float = 0.001,
               beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8,
               weight_decay: float = 0.01) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One step of AdamW: the weights shrink by the factor 1 - lr weight_decay, apart from Adam's step.

    theta = (1 - lr weight_decay) theta - lr mhat / (sqrt(vhat) + eps)

    Parameters
    ----------
    theta, m, v, gradient, t, lr, beta1, beta2, eps
        As for `adam_step`. The gradient is that of the loss alone.
    weight_decay : float
        Not negative.

    Returns
    -------
    (theta, m, v) : ndarray, ndarray, ndarray
        All new.

    Raises
    ------
    ValueError : if shapes do not match or an argument is out of its range.

    Source: Loshchilov and Hutter (2019).

    Examples
    --------
    >>> adamw_step([2.0], [0.0], [0.0], [5.0], t=1, lr=0.1, weight_decay=0.5)[0].round(6).tolist()
    [1.8]
    """
    expect_between("weight_decay", weight_decay, 0, np.inf)
    _expect_adam(t, beta1, beta2)
    theta, gradient, m, v = state_arrays(theta, gradient, eps, m=m, v=v)
    theta = theta * (1.0 - float(lr) * float(weight_decay))
    return _adam(theta, gradient, m, v, t, float(lr), (float(beta1), float(beta2)), float(eps), False), m, v


class Adam(StatefulOptimizer):
    """`adam_step` for all parameters of a network.

    Parameters
    ----------
    lr : float
        Learning rate, positive.
    betas : (float, float)
        How much of the two averages is kept, each at least 0 and less than 1.
    eps : float
        Not negative.
    weight_decay : float
        Adds weight_decay theta to the gradient, like an L2 penalty. Adam then divides it by the root as well, so that it is
        no decay of the weights any more; see `AdamW`.
    eps_inside : bool
        Where epsilon stands.

    Raises
    ------
    ValueError : if an argument is out of its range.

    Source: Lecture notes, unit 2, Adam; Kingma and Ba (2015).

    Examples
    --------
    >>> optimizer, params = Adam(lr=0.1), {"w": np.array([1.0, 1.0])}
    >>> for _ in range(3):
    ...     params = optimizer.step(params, {"w": np.array([0.02, -50.0])})
    >>> params["w"].round(6).tolist()
    [0.7, 1.3]
    """

    buffers = ("m", "v")

    def __init__(self, lr: float = 0.001, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
                 weight_decay: float = 0.0, eps_inside: bool = False) -> None:
        super().__init__(lr)
        _expect_adam(1, *betas)
        expect_between("eps", eps, 0, np.inf)
        expect_between("weight_decay", weight_decay, 0, np.inf)
        self.betas = float(betas[0]), float(betas[1])
        self.eps, self.eps_inside, self.weight_decay = float(eps), eps_inside, float(weight_decay)

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter, and leave the new averages in `state`."""
        if self.weight_decay:
            gradient = gradient + self.weight_decay * param
        return _adam(param, gradient, state["m"], state["v"], self.steps, self.lr, self.betas, self.eps, self.eps_inside)


class AdamW(Adam):
    """`adamw_step` for all parameters of a network: Adam, and weights that decay apart from its step.

    Parameters
    ----------
    lr, betas, eps, eps_inside
        As for `Adam`.
    weight_decay : float
        Every step multiplies the parameters by 1 - lr weight_decay.

    Raises
    ------
    ValueError : if an argument is out of its range.

    Source: Loshchilov and Hutter (2019).

    Examples
    --------
    >>> AdamW(lr=0.5, weight_decay=0.5).step({"w": np.array([1.0])}, {"w": np.array([0.0])})["w"].tolist()
    [0.75]
    """

    def __init__(self, lr: float = 0.001, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
                 weight_decay: float = 0.01, eps_inside: bool = False) -> None:
        super().__init__(lr, betas, eps, weight_decay, eps_inside)

    def update(self, param: np.ndarray, gradient: np.ndarray, state: Buffers) -> np.ndarray:
        """Return the new parameter, and leave the new averages in `state`."""
        if self.weight_decay:
            param = param * (1.0 - self.lr * self.weight_decay)
        return _adam(param, gradient, state["m"], state["v"], self.steps, self.lr, self.betas, self.eps, self.eps_inside)


# The rule. It returns the new theta in an array that it also uses for every value in between; m and v are written in place.


def _adam(theta: np.ndarray, gradient: np.ndarray, m: np.ndarray, v: np.ndarray, t: int, lr: float,
          betas: tuple[float, float], eps: float, eps_inside: bool) -> np.ndarray:
    beta1, beta2 = betas
    work = np.multiply(gradient, 1.0 - beta1, out=np.empty_like(theta))
    m *= beta1
    m += work
    np.multiply(gradient, gradient, out=work)
    work *= 1.0 - beta2
    v *= beta2
    v += work
    # mhat / (sqrt(vhat) + eps) = m c / (sqrt(v) + eps s) with s = sqrt(1 - beta2^t), c = s / (1 - beta1^t): two passes less
    root = (1.0 - beta2**t) ** 0.5
    eps = eps * root * root if eps_inside else eps * root
    return divided_move(theta, m, v, lr * root / (1.0 - beta1**t), eps, eps_inside, work)


def _expect_adam(t: int, beta1: float, beta2: float) -> None:
    if not t >= 1:
        raise ValueError(f"t is {t}, expected a step number from 1 upwards: at t = 0 the correction divides by 0")
    expect_between("beta1", beta1, 0, 1)
    expect_between("beta2", beta2, 0, 1)
