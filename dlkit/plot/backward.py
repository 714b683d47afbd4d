"""Pictures of gradients: secants that become a tangent, errors of numerical slopes, blame that comes back from successors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch
from numpy.typing import ArrayLike

from dlkit.plot.functions import as_vector, place_legend, plot_curve
from dlkit.plot.style import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    PALE,
    VERMILLION,
    AccessibleFigure,
    bare,
    cycle,
    finish,
    listed,
    new_figure,
    number,
    picture,
)


@picture
def secants(
    f: Callable[[np.ndarray], ArrayLike],
    x: float,
    steps: Sequence[float],
    *,
    slope: float | None = None,
    x_range: tuple[float, float] | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw lines through f(x - h) and f(x + h): the smaller h, the closer they come to the tangent.

    Parameters
    ----------
    f : callable
        A function of an array, elementwise.
    x : float
        Where the slope is asked for.
    steps : sequence of float
        Values of h, positive.
    slope : float, optional
        The true slope; draws the tangent.
    x_range : (low, high), optional
        By default a little more than the largest step.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError : if a step is not positive.

    Examples
    --------
    >>> secants(lambda x: x ** 3, 1.0, [1.0, 0.5], slope=3.0).alt_text[-75:]
    'Secants: h = 1 slope 4 and h = 0.5 slope 3.25. The tangent has the slope 3.'
    """
    h = as_vector("steps", steps)
    if not (h > 0).all():
        raise ValueError(f"steps has values from {h.min():g}, expected positive ones")
    low, high = x_range or (x - 1.25 * h.max(), x + 1.25 * h.max())
    grid = np.linspace(low, high, 201)
    figure, (axis,) = new_figure(6.4, 4.0)
    axis.plot(grid, as_vector("f", f(grid)), color=BLACK, linewidth=2.2, label="f")
    told = []
    for k, step in enumerate(h):
        ends = as_vector("f", f(np.array([x - step, x + step])))
        rise = (ends[1] - ends[0]) / (2 * step)
        axis.plot([x - step, x + step], ends, color=cycle(COLOURS, k), linestyle=cycle(LINES, k + 1),
                  marker=cycle(MARKERS, k), label=f"h = {number(step)}: slope {number(rise)}")
        told.append(f"h = {number(step)} slope {number(rise)}")
    middle = float(as_vector("f", f(np.array([x])))[0])
    text = f"A curve around x = {number(x)}, where it is {number(middle)}. Secants: {listed(told)}."
    if slope is not None:
        axis.plot(grid[[0, -1]], middle + slope * (grid[[0, -1]] - x), color=GREY, linewidth=1.2,
                  label=f"tangent: slope {number(slope)}")
        text += f" The tangent has the slope {number(slope)}."
    axis.plot([x], [middle], marker="o", color=BLACK, markersize=7)
    axis.set(xlabel="x", ylabel="f(x)")
    place_legend(axis, min(len(h) + 2, 5))
    return finish(figure, text, title)


@picture
def step_sizes(steps: ArrayLike, errors: Mapping[str, ArrayLike], *, title: str | None = None) -> AccessibleFigure:
    """Draw the error of numerical slopes against the step h, both on logarithmic axes.

    Falling to the left is truncation (the formula is coarse), rising to the left is rounding (digits cancel).

    Parameters
    ----------
    steps : array (S,)
        Values of h.
    errors : mapping of str to array (S,)
        Errors by name of the formula; zeros are left out.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> step_sizes([0.1, 0.01], {"central": [1e-3, 1e-5]}).alt_text
    'Error of a numerical slope against the step h from 0.01 to 0.1, both logarithmic. central: smallest 1e-05 at h = 0.01.'
    """
    h = as_vector("steps", steps)
    figure, (axis,) = new_figure(6.6, 4.2)
    sentences = []
    for k, (name, values) in enumerate(errors.items()):
        error = as_vector(name, values)
        if len(error) != len(h):
            raise ValueError(f"{name} has {len(error)} values, expected {len(h)} to match steps")
        shown = np.where(error > 0, error, np.nan)
        plot_curve(axis, h, shown, k, name)
        best = int(np.nanargmin(shown))
        axis.annotate(f"best h = {number(h[best])}", (h[best], shown[best]), (-4, -13), textcoords="offset points",
                      ha="right", fontsize=8.5, color=cycle(COLOURS, k))
        sentences.append(f"{name}: smallest {number(shown[best])} at h = {number(h[best])}.")
    axis.set(xscale="log", yscale="log", xlabel="step h", ylabel="relative error of the slope")
    axis.margins(y=0.12)
    place_legend(axis, len(errors))
    where = f"Error of a numerical slope against the step h from {number(h.min())} to {number(h.max())}, both logarithmic."
    return finish(figure, " ".join([where, *sentences]), title)


@picture
def successors(weights: ArrayLike, blame: ArrayLike, *, title: str | None = None) -> AccessibleFigure:
    """Draw how the blame of a unit is the sum over its successors: each sends back its own, times the weight between.

    Parameters
    ----------
    weights : array (J,)
        From the unit to each successor.
    blame : array (J,)
        dC/dz of each successor.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> successors([2.0, -1.0], [0.5, 3.0]).alt_text[-69:]
    'times -1 gives -3. Together the unit k is told dC/da = 1 + (-3) = -2.'
    """
    w, d = as_vector("weights", weights), as_vector("blame", blame)
    if len(w) != len(d):
        raise ValueError(f"blame has {len(d)} values, expected {len(w)} to match weights")
    figure, (axis,) = new_figure(7.0, 1.5 + 0.75 * len(w))
    bare(axis)
    heights = np.linspace(len(w) - 1, 0, len(w)) * 1.2
    middle = heights.mean()
    told = []
    for j, (height, weight, own) in enumerate(zip(heights, w, d, strict=True), start=1):
        start, end = np.array([5.6, height]), np.array([1.0, middle])
        along = (end - start) / np.linalg.norm(end - start)
        axis.add_patch(FancyArrowPatch(start + 0.45 * along, end - 0.5 * along, arrowstyle="-|>", mutation_scale=14,
                                       color=VERMILLION, linewidth=1.6))
        at = start + 0.42 * (end - start)
        axis.text(*at, f"{number(own)} × {number(weight)} = {number(own * weight)}", ha="center", va="center", fontsize=9,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        axis.add_patch(Circle(start, 0.42, facecolor=PALE, edgecolor=BLUE, linewidth=1.6))
        axis.text(*start, f"$j={j}$", ha="center", va="center")
        axis.text(6.2, height, f"$\\partial C/\\partial z_{{{j}}}$ = {number(own)}", va="center", fontsize=10)
        told.append(f"from successor {j} comes {number(own)} times {number(weight)} gives {number(own * weight)}")
    axis.add_patch(Circle((1.0, middle), 0.47, facecolor=PALE, edgecolor=BLACK, linewidth=1.8))
    axis.text(1.0, middle, "$k$", ha="center", va="center", fontweight="bold")
    total = number(float(w @ d))
    axis.text(1.0, middle - 0.62, f"$\\partial C/\\partial a_k$ = {total}", ha="center", va="top", fontsize=10)
    axis.set(xlim=(-0.4, 8.4), ylim=(min(heights.min() - 0.7, middle - 1.2), heights.max() + 0.7))
    parts = [number(value) for value in w * d]
    added = " + ".join(f"({part})" if part.startswith("-") and i else part for i, part in enumerate(parts))
    text = f"A unit k and its {len(w)} successors. {'; '.join(told).capitalize()}. "
    text += f"Together the unit k is told dC/da = {added} = {total}."
    return finish(figure, text, title)
