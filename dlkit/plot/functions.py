"""Pictures of functions of one number, activations among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from dlkit.plot.style import (
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    AccessibleFigure,
    cycle,
    finish,
    new_figure,
    number,
    picture,
)

Function = Callable[[np.ndarray], ArrayLike]


@picture
def curves(
    x: ArrayLike,
    series: Mapping[str, ArrayLike],
    *,
    x_label: str = "x",
    y_label: str = "y",
    title: str | None = None,
    log_y: bool = False,
) -> AccessibleFigure:
    """Draw one or more curves over the same numbers.

    Parameters
    ----------
    x : array (N,)
        Where.
    series : mapping of str to array (N,)
        Curves by name; NaN leaves a gap.
    x_label, y_label, title : str
        Words of the picture.
    log_y : bool
        Logarithmic vertical axis.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> curves([0, 1, 2], {"square": [0, 1, 4]}).alt_text
    'y against x from 0 to 2. square: from 0 to 4, smallest 0 at 0, largest 4 at 2.'
    """
    x = as_vector("x", x)
    figure, (axis,) = new_figure(6.4, 3.8)
    sentences = []
    for k, (name, values) in enumerate(series.items()):
        y = as_vector(name, values)
        if len(y) != len(x):
            raise ValueError(f"{name} has {len(y)} values, expected {len(x)} to match x")
        plot_curve(axis, x, y, k, name)
        sentences.append(tell_curve(name, x, y))
    axis.set(xlabel=x_label, ylabel=y_label)
    if log_y:
        axis.set_yscale("log")
    place_legend(axis, len(series))
    where = f"{y_label} against {x_label} from {number(x.min())} to {number(x.max())}."
    return finish(figure, " ".join([where, *sentences]), title)


@picture
def activations(
    functions: Sequence[str] | Mapping[str, Function | tuple[Function, Function | None]],
    *,
    z_range: tuple[float, float] = (-5.0, 5.0),
    derivatives: bool = True,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw activation functions and, beside them, their derivatives.

    Parameters
    ----------
    functions : sequence of str, or mapping of str to callable or (callable, derivative)
        Names in ``dlkit.numpy.activations``, or functions of an array by name.
    z_range : (low, high)
        Range of the pre-activation.
    derivatives : bool
        Draw the second panel.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    pairs = _activation_pairs(functions)
    derivatives = derivatives and any(slope is not None for _, slope in pairs.values())
    z = np.linspace(*z_range, 401)
    panels = 2 if derivatives else 1
    figure, axes = new_figure(4.4 * panels + (0.6 if panels == 1 else 0), 3.8, columns=panels)
    sentences = []
    for k, (name, (function, derivative)) in enumerate(pairs.items()):
        a = as_vector(name, function(z))
        plot_curve(axes[0], z, _cut_jumps(a), k, name)
        told = f"{name} goes from {number(a[0])} to {number(a[-1])}, {number(a[200])} in the middle"
        if derivatives and derivative is not None:
            slope = as_vector(name, derivative(z))
            plot_curve(axes[1], z, _cut_jumps(slope), k, name)
            peak = int(slope.argmax())
            told += f", slope {number(slope.min())} to {number(slope[peak])}"
            if np.sum(np.isclose(slope, slope[peak])) == 1:
                told += f", largest at {number(z[peak])}"
        sentences.append(told + ".")
    for axis, label in zip(axes, ("activation a = f(z)", "derivative da/dz"), strict=False):
        axis.axhline(0, color=GREY, linewidth=0.6)
        axis.axvline(0, color=GREY, linewidth=0.6)
        axis.set(xlabel="pre-activation z", ylabel=label)
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=min(len(names), 5))
    what = "Activation functions and their derivatives" if derivatives else "Activation functions"
    where = f"{what} for z from {number(z[0])} to {number(z[-1])}."
    return finish(figure, " ".join([where, *sentences]), title)


def as_vector(name: str, values: ArrayLike) -> np.ndarray:
    """Return (N,) floats, or say what came instead."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}, expected (N,) with at least one number")
    return array


def plot_curve(axis: Axes, x: np.ndarray, y: np.ndarray, k: int, name: str) -> None:
    """Draw the k-th curve of a picture: colour, line style and marker are its own."""
    every = max(1, len(x) // 8) if len(x) > 12 else 1  # curves that coincide show their markers in turn
    axis.plot(
        x,
        y,
        color=cycle(COLOURS, k),
        linestyle=cycle(LINES, k),
        marker=cycle(MARKERS, k),
        markersize=4.5,
        markevery=(k * every // 5 % every, every),
        label=name.replace("_", " "),
    )


def _cut_jumps(y: np.ndarray) -> np.ndarray:
    """Put a gap where a step jumps, so that no slanted line joins its two sides."""
    y = y.copy()
    change = np.abs(np.diff(y))
    jump = (change > 0.2) & (change > 4 * np.median(change) + 0.05)
    y[1:][jump] = np.nan
    return y


def tell_curve(name: str, x: np.ndarray, y: np.ndarray) -> str:
    """Say where a curve begins and ends, and its extremes."""
    low, high = int(np.nanargmin(y)), int(np.nanargmax(y))
    if number(y[low]) == number(y[high]):
        return f"{name}: {number(y[low])} throughout."
    return (
        f"{name}: from {number(y[0])} to {number(y[-1])}, smallest {number(y[low])} at {number(x[low])}, "
        f"largest {number(y[high])} at {number(x[high])}."
    )


def place_legend(axis: Axes, count: int) -> None:
    """Put the legend inside the axes, or beside them if it is long."""
    if count > 5:
        axis.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    elif count:
        axis.legend(loc="best")


def _activation_pairs(functions: Any) -> dict[str, tuple[Function, Function | None]]:
    if isinstance(functions, Mapping):
        return {name: f if isinstance(f, tuple) else (f, None) for name, f in functions.items()}
    from dlkit.numpy import activations as known

    pairs = {}
    for name in functions:
        if not callable(getattr(known, name, None)):
            raise ValueError(f"functions has {name!r}, expected the name of a function in dlkit.numpy.activations")
        pairs[name] = getattr(known, name), getattr(known, f"{name}_derivative", None)
    return pairs
