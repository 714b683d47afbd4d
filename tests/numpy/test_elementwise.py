"""The factory of forward and backward: defaults, names, signatures."""

from __future__ import annotations

import inspect

import numpy as np

from dlkit.numpy.elementwise import differentiable
from dlkit.numpy.gradient_check import check_gradients


def power(Z, exponent=3.0):
    """A function with a parameter."""
    return Z**exponent


derivative, forward, backward = differentiable(
    power, lambda Z, A, exponent: exponent * Z ** (exponent - 1), "p z^(p-1)"
)


def test_the_slope_inherits_the_defaults_of_the_function():
    assert derivative([2.0]).tolist() == [12.0]
    assert derivative([2.0], 2.0).tolist() == derivative([2.0], exponent=2.0).tolist() == [4.0]


def test_backward_remembers_the_parameters():
    rng = np.random.default_rng(0)
    Z = rng.uniform(1, 2, (3, 5))
    check_gradients(lambda Z: forward(Z, exponent=4.0), backward, {"Z": Z}, rng, tolerance=1e-8)
    check_gradients(lambda Z: forward(Z, 2.0), backward, {"Z": Z}, rng, tolerance=1e-8)


def test_names_and_signatures():
    assert [f.__name__ for f in (derivative, forward, backward)] == [
        "power_derivative",
        "power_forward",
        "power_backward",
    ]
    assert list(inspect.signature(forward).parameters) == ["Z", "exponent"]
    assert "p z^(p-1)" in derivative.__doc__
