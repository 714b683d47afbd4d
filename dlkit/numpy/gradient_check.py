"""Does a backward pass tell the truth? Compare it with central differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dlkit.numpy.validation import expect_rng, expect_shape

__all__ = ["check_gradients", "numerical_gradient", "relative_error"]


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Gradient of a scalar function by central differences: (f(x + h e_i) - f(x - h e_i)) / (2 h).

    Parameters
    ----------
    f : callable
        x -> number.
    x : array_like, any shape
        Where; float64 is used throughout, since float32 is too coarse for this.
    h : float
        Half the distance of the two points. The error shrinks like h^2, rounding grows like 1 / h.

    Returns
    -------
    ndarray of float64, shape of x

    Raises
    ------
    ValueError : if f does not return a single number.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> numerical_gradient(lambda x: (x ** 2).sum(), [1.0, 3.0]).round(6).tolist()
    [2.0, 6.0]
    """
    x = np.array(x, dtype=np.float64)  # a copy: the caller's array is never moved
    gradient = np.empty_like(x)

    def value() -> float:
        result = np.asarray(f(x.copy()))  # a fresh copy, in case f keeps or changes what it gets
        if result.size != 1:
            raise ValueError(f"f returned shape {result.shape}, expected a single number")
        return float(result.reshape(()))

    for i in np.ndindex(x.shape):
        middle = x[i]
        x[i] = middle + h
        above = value()
        x[i] = middle - h
        below = value()
        x[i] = middle
        gradient[i] = (above - below) / (2.0 * h)
    return gradient


def relative_error(a: np.ndarray, b: np.ndarray) -> float:
    """Distance of two arrays relative to their size: ||a - b|| / max(||a||, ||b||); 0 where both vanish.

    Norms rather than elements: an entry that happens to be near 0 does not spoil the comparison.

    Parameters
    ----------
    a, b : array_like, same shape

    Returns
    -------
    float
        0 for equal arrays, 1 or more for unrelated ones.

    Raises
    ------
    ValueError : if the shapes differ.

    Examples
    --------
    >>> relative_error([3.0, 4.0], [3.0, 4.5]) < 0.1, relative_error([1.0], [-1.0])
    (True, 2.0)
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    expect_shape("b", b, a.shape, to_match=("a", a))
    scale = max(np.linalg.norm(a), np.linalg.norm(b))
    return float(np.linalg.norm(a - b) / scale) if scale else 0.0


def check_gradients(forward: Callable, backward: Callable,
                    inputs: Mapping[str, np.ndarray] | Sequence[np.ndarray], rng: np.random.Generator, *,
                    h: float = 1e-5, tolerance: float = 1e-5) -> dict[str, float]:
    """Check a forward/backward pair against central differences, with a random upstream gradient.

    A random upstream gradient matters: against one made of ones, many wrong backward passes go unnoticed (for
    batch normalisation, zeros are then right). Choose distinct sizes for the axes too, so that no
    transposition can hide.

    Parameters
    ----------
    forward : callable
        (*inputs) -> (output, cache).
    backward : callable
        (upstream, cache) -> one gradient per input, in the same order (a bare array if there is only one).
    inputs : dict of array_like, or sequence of array_like
        Where to check; the names of a dict are used in messages. Passed to `forward` by position, as float64.
        Stay away from kinks, such as z = 0 for ReLU.
    rng : numpy.random.Generator
        Draws the upstream gradient.
    h : float
        Half step of the central differences.
    tolerance : float
        Largest accepted `relative_error`.

    Returns
    -------
    dict of float
        Relative error by input name.

    Raises
    ------
    AssertionError : if a gradient has the wrong shape or is further off than the tolerance.
    ValueError : if `backward` does not return one gradient per input.

    Examples
    --------
    >>> square = lambda x: (x ** 2, x)
    >>> right, wrong = lambda dy, x: 2 * x * dy, lambda dy, x: 2 * dy
    >>> check_gradients(square, right, {"x": [1.0, 3.0]}, np.random.default_rng(0))["x"] < 1e-8
    True
    >>> check_gradients(square, wrong, {"x": [1.0, 3.0]}, np.random.default_rng(0))
    Traceback (most recent call last):
    AssertionError: gradient of x is off by a relative error of 0.64, more than 1e-05
    """
    expect_rng(rng)
    if not isinstance(inputs, Mapping):
        inputs = {f"input {i}": value for i, value in enumerate(inputs)}
    point = {name: np.array(value, dtype=np.float64) for name, value in inputs.items()}
    output, cache = forward(*point.values())
    upstream = rng.standard_normal(np.shape(output))
    gradients = backward(upstream, cache)
    if not isinstance(gradients, (tuple, list)):
        gradients = (gradients,)
    if len(gradients) != len(point):
        raise ValueError(f"backward returned {len(gradients)} gradients, expected {len(point)}: "
                         "one per input")

    errors = {}
    for (name, value), gradient in zip(point.items(), gradients, strict=True):
        if np.shape(gradient) != value.shape:
            raise AssertionError(f"gradient of {name} has shape {np.shape(gradient)}, "
                                 f"expected {value.shape}")

        def weighted_output(moved: np.ndarray, name: str = name) -> float:
            return float((upstream * forward(*{**point, name: moved}.values())[0]).sum())

        errors[name] = relative_error(gradient, numerical_gradient(weighted_output, value, h))
        if not errors[name] <= tolerance:
            raise AssertionError(f"gradient of {name} is off by a relative error of {errors[name]:.2g}, "
                                 f"more than {tolerance:g}")
    return errors
