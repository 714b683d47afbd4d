"""From an elementwise function and its slope to a step of backpropagation."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlkit.numpy.validation import as_float, expect_shape

__all__ = ["ElementwiseCache", "differentiable"]


class ElementwiseCache(NamedTuple):
    """What the backward pass of an elementwise activation remembers."""

    Z: np.ndarray  # pre-activations, any shape
    A: np.ndarray  # activations, same shape
    args: tuple  # parameters of the activation, as they were given
    kwargs: dict


def differentiable(f: Callable, slope: Callable, formula: str) -> tuple[Callable, Callable, Callable]:
    """Make ``f_derivative``, ``f_forward`` and ``f_backward`` from an elementwise function and its slope.

    Parameters
    ----------
    f : callable
        (Z, ...) -> A, elementwise; its further parameters have defaults.
    slope : callable
        (Z, A, ...) -> dA/dZ, elementwise, from the input or the output, whichever is cheaper.
    formula : str
        The slope in words, for the docstrings.

    Returns
    -------
    f_derivative : callable
        (Z, ...) -> dA/dZ.
    f_forward : callable
        (Z, ...) -> (A, cache).
    f_backward : callable
        (dA, cache) -> dZ.

    Examples
    --------
    >>> def square(Z):
    ...     return Z ** 2
    >>> derivative, forward, backward = differentiable(square, lambda Z, A: 2 * Z, "2 z")
    >>> A, cache = forward([3.0, 5.0])
    >>> A.tolist(), backward([1.0, 10.0], cache).tolist()
    ([9.0, 25.0], [6.0, 100.0])
    """
    slope.__defaults__ = f.__defaults__  # the parameters of f, with the defaults of f

    def derivative(Z, *args, **kwargs):
        Z = as_float("Z", Z)
        return slope(Z, f(Z, *args, **kwargs), *args, **kwargs)

    def forward(Z, *args, **kwargs):
        Z = as_float("Z", Z)
        A = f(Z, *args, **kwargs)
        return A, ElementwiseCache(Z, A, args, kwargs)

    def backward(dA, cache):
        Z, A, args, kwargs = cache
        dA = as_float("dA", dA)
        expect_shape("dA", dA, Z.shape, to_match=("Z", Z))
        return dA * slope(Z, A, *args, **kwargs)

    name = f.__name__
    derivative.__doc__ = f"Slope of `{name}` at each element of Z: {formula}. Arguments as for `{name}`."
    forward.__doc__ = f"Apply `{name}`; return (A, cache). Arguments as for `{name}`."
    backward.__doc__ = f"Gradient dZ = dA * f'(Z) of `{name}`: f'(z) = {formula}. dA has the shape of Z."
    for function, suffix in (derivative, "derivative"), (forward, "forward"), (backward, "backward"):
        function.__name__ = function.__qualname__ = f"{name}_{suffix}"
        function.__module__ = f.__module__
    signature = inspect.signature(f)
    derivative.__signature__ = signature
    forward.__signature__ = signature.replace(return_annotation="tuple[np.ndarray, ElementwiseCache]")
    return derivative, forward, backward
