"""Second derivatives: how a loss bends, and what that says about a point without slope."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.validation import as_float, as_symmetric, expect_shape

__all__ = ["hessian", "inflection_points", "least_squares_hessian", "logistic_hessian", "second_derivative",
           "second_derivative_test"]


def second_derivative(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float = 1e-4) -> np.ndarray:
    """Second derivative of a function of one number by central differences: ``(f(x+h) - 2 f(x) + f(x-h)) / h^2``.

    Parameters
    ----------
    f : callable
        Works on arrays, element by element.
    x : array_like, any shape
        Where; float64 is used throughout.
    h : float
        The error shrinks like h^2, rounding grows like 1 / h^2: larger than for a first derivative.

    Returns
    -------
    ndarray of float64, shape of `x`

    Raises
    ------
    TypeError : if `x` does not hold real numbers.

    Source: Lecture notes, unit 2, second derivatives.

    Examples
    --------
    >>> second_derivative(lambda x: x**3 - 3 * x, [-1.0, 0.0, 1.0]).round(5).tolist()     # 6 x
    [-6.0, 0.0, 6.0]
    """
    x = as_float("x", x).astype(np.float64)
    return (np.asarray(f(x + h)) - 2.0 * np.asarray(f(x)) + np.asarray(f(x - h))) / h**2


def inflection_points(second: Callable[[np.ndarray], np.ndarray], low: float, high: float, num: int = 2001) -> np.ndarray:
    """Where the second derivative changes its sign: a zero of it alone is not enough (x^4 has one at 0 and does not bend over).

    Parameters
    ----------
    second : callable
        The second derivative, on arrays.
    low, high : float
        The interval, ends excluded.
    num : int
        Points at which the sign is looked at; two changes between neighbours go unnoticed.

    Returns
    -------
    (K,) the places in ascending order, each found by bisection.

    Raises
    ------
    ValueError : if the interval is empty.

    Source: Lecture notes, unit 2, second derivatives.

    Examples
    --------
    >>> inflection_points(lambda x: 6 * x, -2.0, 2.0).round(9).tolist()          # of x^3 - 3 x
    [0.0]
    >>> inflection_points(lambda x: 12 * x**2, -2.0, 2.0).tolist()               # of x^4
    []
    """
    if not low < high:
        raise ValueError(f"high is {high}, expected more than low = {low}")
    x = np.linspace(low, high, num)
    signs = np.sign(np.asarray(second(x), dtype=np.float64))
    bent = np.flatnonzero(signs)  # zeros are stepped over: what counts is the sign on either side
    found = []
    for i, j in zip(bent[:-1], bent[1:], strict=True):
        if signs[i] != signs[j]:
            a, b = x[i], x[j]
            for _ in range(60):
                middle = (a + b) / 2
                a, b = (middle, b) if np.sign(second(np.array(middle))) == signs[i] else (a, middle)
            found.append((a + b) / 2)
    return np.array(found)


def hessian(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-4) -> np.ndarray:
    """All second derivatives of a function of D numbers by central differences: ``H[i, j] = d^2 f / dx_i dx_j``.

    Parameters
    ----------
    f : callable
        x -> number.
    x : (D,) array_like
        Where; float64 is used throughout.
    h : float
        Distance of the points.

    Returns
    -------
    (D, D) float64, symmetric

    Raises
    ------
    ValueError : if `x` is not a vector.

    Source: Lecture notes, unit 2, second derivatives.

    Examples
    --------
    >>> (hessian(lambda p: p[0] ** 2 - p[1] ** 2, [0.0, 0.0]).round(6) + 0.0).tolist()
    [[2.0, 0.0], [0.0, -2.0]]
    """
    x = as_float("x", x).astype(np.float64)
    expect_shape("x", x, (None,))
    steps = h * np.eye(len(x))
    H = np.empty((len(x), len(x)))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps[: i + 1]):
            H[i, j] = H[j, i] = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4.0 * h**2)
    return H


def least_squares_hessian(X: np.ndarray) -> np.ndarray:
    """Hessian of the sum of squared residuals ``||y - X w||^2``: ``2 X^T X``, the same at every w.

    Parameters
    ----------
    X : (N, D) float; a column of ones makes an intercept.

    Returns
    -------
    (D, D) symmetric

    Raises
    ------
    ValueError : if `X` is not a matrix.

    Source: Lecture notes, unit 2, gradient descent.

    Examples
    --------
    >>> least_squares_hessian([[0.6, 1.0], [0.8, 1.0], [1.1, 1.0]]).round(10).tolist()
    [[4.42, 5.0], [5.0, 6.0]]
    """
    X = as_float("X", X)
    expect_shape("X", X, (None, None))
    return 2 * X.T @ X


def logistic_hessian(X: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Hessian of the mean log loss of a logistic unit: ``X^T S X / N`` with ``S = diag(p (1 - p))``, ``p = sigmoid(X w)``.

    The targets are not in it. All eigenvalues are at least 0: the log loss is convex.

    Parameters
    ----------
    X : (N, D) float; a column of ones makes a bias.
    w : (D,) float.

    Returns
    -------
    (D, D) symmetric

    Raises
    ------
    ValueError : if the shapes do not match.

    Source: Lecture notes, unit 1, logistic regression; Bishop (2006), section 4.3.3.

    Examples
    --------
    >>> logistic_hessian([[2.0], [4.0]], [0.0]).tolist()       # p (1 - p) = 1/4; (4 + 16) / 4 / 2
    [[2.5]]
    """
    X = as_float("X", X)
    expect_shape("X", X, (None, None))
    w = as_float("w", w, X.dtype)
    expect_shape("w", w, (X.shape[1],), to_match=("X", X))
    p = sigmoid(X @ w)
    return (X.T * (p * (1 - p))) @ X / len(X)


def second_derivative_test(gradient: np.ndarray, hessian: np.ndarray, tolerance: float = 1e-9) -> str:
    """What kind of point this is, by its slopes and its curvatures.

    Without a slope, the signs of the eigenvalues of the Hessian decide (for one number: the sign of f''): all positive, a
    minimum; all negative, a maximum; both signs, a saddle. A zero among eigenvalues of one sign decides nothing.

    Parameters
    ----------
    gradient : (D,) or number
    hessian : (D, D) symmetric, or number
    tolerance : float
        Slopes and curvatures up to this size count as zero.

    Returns
    -------
    str
        "not stationary", "minimum", "maximum", "saddle" or "inconclusive".

    Raises
    ------
    ValueError : if the matrix is not symmetric or the shapes do not match.

    Source: Lecture notes, unit 2, second derivatives.

    Examples
    --------
    >>> second_derivative_test(0.0, 6.0), second_derivative_test(0.0, -6.0), second_derivative_test(0.0, 0.0)
    ('minimum', 'maximum', 'inconclusive')
    >>> second_derivative_test([0.0, 0.0], [[2.0, 0.0], [0.0, -2.0]]), second_derivative_test(-3.0, 0.5)
    ('saddle', 'not stationary')
    """
    H = as_symmetric("hessian", hessian)
    g = np.atleast_1d(as_float("gradient", gradient))
    expect_shape("gradient", g, (len(H),), to_match=("hessian", H))
    if np.abs(g).max() > tolerance:
        return "not stationary"
    curvatures = np.linalg.eigvalsh(H)
    up, down = curvatures > tolerance, curvatures < -tolerance
    if up.any() and down.any():
        return "saddle"
    return "minimum" if up.all() else "maximum" if down.all() else "inconclusive"
