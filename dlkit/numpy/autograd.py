"""A small automatic differentiator for single numbers: every result remembers what it was made of, and how steeply.

A :class:`Value` is a node of a computational graph. Arithmetic builds the graph (the forward pass); ``backward`` walks it
from the result to the inputs and multiplies slopes on the way (the backward pass).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

__all__ = ["Row", "Value", "gradients", "listing", "topological_order"]


class Value:
    """A number that remembers how it was computed, so that it can tell its gradient.

    Supports ``+ - * / **`` (also with plain numbers on either side; the exponent is a plain number), unary minus, and the
    methods `exp`, `log`, `sin`, `cos`, `tanh` and `relu`.

    Parameters
    ----------
    data : float
        The number, kept as a Python float (float64).
    name : str
        What it is called in tables and pictures.

    Attributes
    ----------
    data : float
    grad : float
        d(result) / d(this), after ``result.backward()``; 0 before.
    inputs : tuple of Value
        What it was computed from; empty for the inputs of the graph.
    slopes : tuple of float
        The local gradient towards each of its inputs.
    operation : str
        "+", "*", "sin", ...; empty for the inputs of the graph.
    name : str

    Raises
    ------
    TypeError : if `data` is not a single real number.

    Source: Lecture notes, unit 2, computational graphs.

    Examples
    --------
    >>> x, y, z = Value(2.0), Value(3.0), Value(-4.0)
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-20.0, -4.0, -4.0, 5.0)
    """

    __slots__ = ("data", "grad", "inputs", "name", "operation", "slopes")

    def __init__(self, data: float, name: str = "") -> None:
        self.data = _number("data", data)
        self.grad = 0.0
        self.inputs: tuple[Value, ...] = ()
        self.slopes: tuple[float, ...] = ()
        self.operation = ""
        self.name = name

    def __repr__(self) -> str:
        return f"Value({self.data:g}{f', name={self.name!r}' if self.name else ''}, grad={self.grad:g})"

    # -- each operation: its value, and the slope towards each input ---------------------------------------------------

    def __add__(self, other: Value | float) -> Value:
        return _binary("+", self, other, lambda a, b: (a + b, 1.0, 1.0))

    def __sub__(self, other: Value | float) -> Value:
        return _binary("-", self, other, lambda a, b: (a - b, 1.0, -1.0))

    def __mul__(self, other: Value | float) -> Value:
        return _binary("*", self, other, lambda a, b: (a * b, b, a))

    def __truediv__(self, other: Value | float) -> Value:
        return _binary("/", self, other, lambda a, b: (a / b, 1.0 / b, -a / (b * b)))

    def __pow__(self, exponent: float) -> Value:
        if isinstance(exponent, Value):
            raise TypeError("exponent is a Value, expected a plain number: write (b.log() * n).exp() for b to the power n")
        a, n = self.data, _number("exponent", exponent)
        if a < 0 and n != round(n):
            raise ValueError(f"the base is {a:g}, expected 0 or more for the exponent {n:g}")
        return _made(a**n, f"**{n:g}", (self,), (n * a ** (n - 1) if n else 0.0,))

    def __neg__(self) -> Value:
        return _made(-self.data, "neg", (self,), (-1.0,))

    def exp(self) -> Value:
        """e to this power; its slope is the result itself."""
        result = float(np.exp(self.data))
        return _made(result, "exp", (self,), (result,))

    def log(self) -> Value:
        """Natural logarithm, for positive numbers; slope 1 / x."""
        if not self.data > 0:
            raise ValueError(f"log of {self.data:g}, expected a positive number")
        return _made(math.log(self.data), "log", (self,), (1.0 / self.data,))

    def sin(self) -> Value:
        """Sine, in radians; slope cos(x)."""
        return _made(math.sin(self.data), "sin", (self,), (math.cos(self.data),))

    def cos(self) -> Value:
        """Cosine, in radians; slope -sin(x)."""
        return _made(math.cos(self.data), "cos", (self,), (-math.sin(self.data),))

    def tanh(self) -> Value:
        """Hyperbolic tangent; slope 1 - tanh(x)^2."""
        result = math.tanh(self.data)
        return _made(result, "tanh", (self,), (1.0 - result * result,))

    def relu(self) -> Value:
        """max(x, 0); slope 1 above 0, else 0, as in PyTorch."""
        return _made(max(self.data, 0.0), "relu", (self,), (1.0 if self.data > 0 else 0.0,))

    def __radd__(self, other: float) -> Value:
        return _value(other) + self

    def __rsub__(self, other: float) -> Value:
        return _value(other) - self

    def __rmul__(self, other: float) -> Value:
        return _value(other) * self

    def __rtruediv__(self, other: float) -> Value:
        return _value(other) / self

    # -- the chain rule, once for all operations -----------------------------------------------------------------------

    def backward(self) -> None:
        """Compute ``grad`` = d(this) / d(node) for every node that this one depends on.

        The gradients of an earlier call are forgotten. (PyTorch adds to them, which is why its training loops call
        ``zero_grad``.)
        """
        order = _inputs_first(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):  # a node is complete before it hands its gradient on
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += node.grad * slope


def _value(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _number(name: str, x: object) -> float:
    try:
        array = np.asarray(x)
    except ValueError:
        array = np.asarray(None)
    if array.ndim or array.dtype.kind not in "biuf":
        got = f"an array of shape {array.shape}" if array.ndim else type(x).__name__
        raise TypeError(f"{name} is {got}, expected a single real number")
    return float(array)


def _made(data: float, operation: str, inputs: tuple[Value, ...], slopes: tuple[float, ...]) -> Value:
    result = Value(data)
    result.operation, result.inputs, result.slopes = operation, inputs, slopes
    return result


def _binary(operation: str, left: Value, right: Value | float,
            rule: Callable[[float, float], tuple[float, float, float]]) -> Value:
    right = _value(right)
    data, to_left, to_right = rule(left.data, right.data)
    return _made(data, operation, (left, right), (to_left, to_right))


# -- looking at a graph --------------------------------------------------------------------------------------------------


def topological_order(output: Value) -> list[Value]:
    """Every node that `output` depends on, each once, all inputs of a node before the node itself.

    Parameters
    ----------
    output : Value

    Returns
    -------
    list of Value
        `output` is the last. There is no limit on the depth of the graph.

    Source: Lecture notes, unit 2, computational graphs (the backward pass visits the nodes in reverse).

    Examples
    --------
    >>> x = Value(2.0, "x")
    >>> square = x * x
    >>> [node.data for node in topological_order(square + x)]
    [2.0, 4.0, 6.0]
    """
    return _inputs_first(output)


def _inputs_first(output: Value) -> list[Value]:
    order: list[Value] = []
    begun: set[int] = set()
    stack = [(output, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif id(node) not in begun:
            begun.add(id(node))
            stack.append((node, True))
            stack.extend((source, False) for source in reversed(node.inputs))
    return order


class Row(NamedTuple):
    """One node of a graph: its name, how it was computed, its value and its gradient."""

    name: str
    formula: str
    value: float
    gradient: float


def listing(output: Value) -> list[Row]:
    """The nodes of a graph as the rows of a table, inputs first.

    Nodes without a name are called v1, v2, ... in this order; constants by their number.

    Parameters
    ----------
    output : Value

    Returns
    -------
    list of Row
        Named tuples (name, formula, value, gradient); the formula of an input is empty.

    Examples
    --------
    >>> x, y = Value(3.0, "x"), Value(4.0, "y")
    >>> f = 2 * x * y
    >>> f.name = "f"
    >>> f.backward()
    >>> for row in listing(f):
    ...     print(*row, sep=" | ")
    2 |  | 2.0 | 12.0
    x |  | 3.0 | 8.0
    v1 | 2 * x | 6.0 | 4.0
    y |  | 4.0 | 6.0
    f | v1 * y | 24.0 | 1.0
    """
    order = _inputs_first(output)
    names: dict[int, str] = {}
    unnamed = 0
    for node in order:
        if not node.name and node.operation:
            unnamed += 1
        names[id(node)] = node.name or (f"v{unnamed}" if node.operation else f"{node.data:g}")
    return [Row(names[id(node)], _formula(node, names), node.data, node.grad) for node in order]


def _formula(node: Value, names: Mapping[int, str]) -> str:
    inputs = [names[id(source)] for source in node.inputs]
    if not inputs:
        return ""
    if len(inputs) == 2:
        return f"{inputs[0]} {node.operation} {inputs[1]}"
    if node.operation.startswith("**"):
        return f"{inputs[0]} {node.operation[:2]} {node.operation[2:]}"
    return f"-{inputs[0]}" if node.operation == "neg" else f"{node.operation}({inputs[0]})"


def gradients(f: Callable[..., Value], inputs: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    """Value and gradient of a function of named numbers, by building its graph and going back through it.

    Parameters
    ----------
    f : callable
        ``f(**inputs)``, written with operators and the methods of `Value` (``x.sin()``); so the same function serves
        `dlkit.torch.autograd.gradients`.
    inputs : dict of str to float

    Returns
    -------
    value : float
    gradient : dict of str to float
        df / d(input), under the names of `inputs`; 0 for inputs that do not matter.

    Raises
    ------
    TypeError : if f does not return a Value, or an input is not a number.

    Source: Lecture notes, unit 2, computational graphs.

    Examples
    --------
    >>> gradients(lambda a, b, c: (a + b) * (b - c), {"a": 2.0, "b": 3.0, "c": 1.0})
    (10.0, {'a': 2.0, 'b': 7.0, 'c': -5.0})
    """
    nodes = {name: Value(_number(name, number), name) for name, number in inputs.items()}
    result = f(**nodes)
    if not isinstance(result, Value):
        raise TypeError(f"f returned {type(result).__name__}, expected a Value")
    result.backward()
    return result.data, {name: node.grad for name, node in nodes.items()}
