"""Graphs as data, for the exercises of this notebook: a list of steps ``(name, operation, names of the inputs)``.

The operations are "+", "-" and "*" of two numbers and "sin" of one.
"""

from __future__ import annotations

import math

W4 = [("q", "+", ("x", "y")), ("f", "*", ("q", "z"))]
W4_INPUTS = {"x": 2.0, "y": 3.0, "z": -4.0}
SOURCE = "lecture notes, unit 2"


def run(steps, inputs):
    """The value of every node, inputs first."""
    values = dict(inputs)
    for name, operation, sources in steps:
        numbers = [values[source] for source in sources]
        if operation == "+":
            values[name] = numbers[0] + numbers[1]
        elif operation == "-":
            values[name] = numbers[0] - numbers[1]
        elif operation == "*":
            values[name] = numbers[0] * numbers[1]
        else:
            values[name] = math.sin(numbers[0])
    return values


def slopes(operation, numbers):
    """The local gradient of a step towards each of its inputs."""
    if operation == "+":
        return [1.0, 1.0]
    if operation == "-":
        return [1.0, -1.0]
    if operation == "*":
        return [numbers[1], numbers[0]]
    return [math.cos(numbers[0])]


def run_back(steps, values):
    """The gradient of the last step with respect to every node."""
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    for name, operation, sources in reversed(steps):
        local = slopes(operation, [values[source] for source in sources])
        for source, slope in zip(sources, local, strict=True):
            gradients[source] += gradients[name] * slope
    return gradients


def names_for(rng, count):
    """Different letters, in random order: no answer can rely on what a node is called."""
    return [str(letter) for letter in rng.permutation(list("abcdefghjkmnpqrstuvwxyz"))[:count]]


def number(rng, low=0.6, high=1.4):
    """A number away from 0, of either sign."""
    return float(rng.uniform(low, high) * rng.choice([-1.0, 1.0]))
