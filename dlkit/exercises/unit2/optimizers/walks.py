"""What the exercises on single steps share: how a walk is made of calls, and what is drawn for it.

Sizes are chosen so that every draw shows the same mistakes. Ordinary gradients lie between 30 and 90: beside them an epsilon of
1e-8 cannot be seen, wherever it stands. Tiny ones lie near 1e-4, where its place decides; one of them is exactly zero.
"""

from __future__ import annotations

import numpy as np


def walk(answer, step, names, state, more):
    """The script that all share: a call ``step(*state, *arguments)`` for each of `more`, from the state that the last returned.

    `names` are those of the arrays in a state, parameters first. Gives the parameters after every call, and the rest of the
    last state.
    """
    shape, calls = np.shape(state[0]), []
    for arguments in more:
        calls.append(answer.later(step, *state, *arguments))
        state = [calls[-1][i] for i in range(len(names))]
    states = [parts_of(call.value, names, shape) for call in calls]
    return np.array([theta for theta, *_ in states]), *states[-1][1:]


def parts_of(result, names, shape):
    """The arrays that one call returned, if they can go into the next call."""
    if not isinstance(result, tuple | list) or len(result) != len(names):
        raise TypeError(f"expected the {len(names)} arrays {', '.join(names)}")
    for name, array in zip(names, result, strict=True):
        if np.shape(array) != shape:
            raise ValueError(f"the new {name} has shape {np.shape(array)}, expected {shape}")
    return result


def signed(rng, low, high, shape):
    """Numbers between low and high, or between -high and -low."""
    return rng.uniform(low, high, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def matrix_walk(rng, steps=12):
    """Start and gradients of ordinary size, for parameters (3, 2)."""
    return signed(rng, 3.0, 5.0, (3, 2)), signed(rng, 30.0, 90.0, (steps, 3, 2))


def tiny_walk(rng):
    """Start and 4 gradients of size 1e-4, for 5 parameters, the last of which never has a gradient."""
    gradients = signed(rng, 0.5e-4, 2e-4, (4, 5))
    gradients[:, -1] = 0.0
    return signed(rng, 1.0, 2.0, 5), gradients


def whole_walk(rng):
    """Start and 3 gradients in whole numbers, for 4 parameters."""
    return rng.integers(5, 10, size=4), rng.integers(30, 90, size=(3, 4)) * rng.choice([-1, 1], size=(3, 4))
