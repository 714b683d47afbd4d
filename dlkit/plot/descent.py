"""Pictures of going downhill: steps on a curve and on a bowl, rates that are too small or too large."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from dlkit.plot.functions import Function, as_vector, plot_curve
from dlkit.plot.style import (
    BLACK,
    COLOURS,
    GREY,
    MARKERS,
    VERMILLION,
    AccessibleFigure,
    cycle,
    finish,
    listed,
    new_figure,
    number,
    picture,
)


@picture
def descent_on_curve(
    loss: Function,
    paths: Mapping[str, ArrayLike],
    *,
    w_range: tuple[float, float] = (-4.0, 4.0),
    most: int = 12,
    w_label: str = "weight w",
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the loss over one weight, and on it the steps of gradient descent, one panel for each path.

    Parameters
    ----------
    loss : callable
        The loss of an array of weights.
    paths : mapping of str to array (S,)
        Weights that were visited, first to last, by name.
    w_range : (low, high)
        What is shown; steps beyond it leave the picture.
    most : int
        At most so many points of each path are drawn.
    w_label, title : str
        Words of the picture.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> descent_on_curve(np.square, {"lr 0.25": [2.0, 1.0, 0.5]}, w_range=(-2, 2)).alt_text
    'Loss over weight w from -2 to 2. lr 0.25: 2 steps, w 2, 1 and 0.5, loss from 4 to 0.25.'
    """
    if not paths:
        raise ValueError("paths is empty, expected at least one path")
    w = np.linspace(*w_range, 401)
    curve = as_vector("loss", loss(w))
    height = float(np.ptp(curve)) or 1.0
    # more than three panels: two rows
    columns = len(paths) if len(paths) <= 3 else (len(paths) + 1) // 2
    rows = -(-len(paths) // columns)
    figure, axes = new_figure(max(4.6, 3.4 * columns), 3.2 * rows, rows, columns, sharex=True, sharey=True)
    sentences = []
    for k, (name, values) in enumerate(paths.items()):
        path = as_vector(name, values)
        with np.errstate(all="ignore"):
            losses = as_vector(name, loss(path))
        shown, axis = path[:most], axes[k]
        axis.plot(w, curve, color=GREY, linewidth=1.4)
        axis.plot(shown, losses[:most], "-", color=cycle(COLOURS, k), linewidth=1.0, alpha=0.8)
        axis.plot(shown, losses[:most], cycle(MARKERS, k), color=cycle(COLOURS, k), markersize=5, linestyle="none")
        axis.plot(shown[0], losses[0], "o", markersize=10, markerfacecolor="none", markeredgecolor=BLACK)
        axis.annotate("start", (shown[0], losses[0]), xytext=(7, 4), textcoords="offset points", fontsize=9)
        axis.set(xlim=w_range, ylim=(curve.min() - 0.06 * height, curve.max() + 0.1 * height), xlabel=w_label)
        axis.set_title(name)
        how = f"w {listed(path, 6)}, loss from {number(losses[0])} to {number(losses[-1])}"
        sentences.append(f"{name}: {len(path) - 1} step{'s' * (len(path) != 2)}, {how}.")
    for axis in axes[len(paths) :]:
        axis.set_axis_off()
    for axis in axes[::columns]:
        axis.set_ylabel("loss")
    where = f"Loss over {w_label} from {number(w[0])} to {number(w[-1])}."
    return finish(figure, " ".join([where, *sentences]), title)


@picture
def descent_paths(
    loss: Callable[[float, float], float],
    paths: Mapping[str, ArrayLike],
    *,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    minimum: tuple[float, float] | None = None,
    names: Sequence[str] = ("slope", "intercept"),
    resolution: int = 61,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw paths over a loss of two parameters, side by side on the same contour map.

    Parameters
    ----------
    loss : callable
        ``loss(a, b)`` gives a number.
    paths : mapping of str to array (S, 2)
        Points that were visited, first to last, by name.
    x_range, y_range : (low, high)
        What is shown of the first and of the second parameter.
    minimum : (a, b), optional
        Where the loss is smallest; marked with a star.
    names : sequence of 2 str
        Names of the parameters.
    resolution : int
        Grid points per parameter.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    if not paths:
        raise ValueError("paths is empty, expected at least one path")
    walks = {}
    for name, points in paths.items():
        walks[name] = np.asarray(points, dtype=np.float64)
        if walks[name].ndim != 2 or walks[name].shape[1] != 2 or len(walks[name]) == 0:
            raise ValueError(f"{name} has shape {walks[name].shape}, expected (S, 2)")
    a, b = np.linspace(*x_range, resolution), np.linspace(*y_range, resolution)
    values = np.array([[float(loss(ai, bi)) for ai in a] for bi in b])
    levels = np.unique(np.quantile(values, np.linspace(0.0, 1.0, 9) ** 1.6))
    figure, axes = new_figure(max(4.4, 3.5 * len(walks)), 3.7, columns=len(walks), sharex=True, sharey=True)
    text = [
        f"Contour map of a loss over {names[0]} from {number(a[0])} to {number(a[-1])} and {names[1]} from "
        f"{number(b[0])} to {number(b[-1])}."
    ]
    for k, (axis, (name, walk)) in enumerate(zip(axes, walks.items(), strict=True)):
        axis.contourf(a, b, values, levels=levels, cmap="Blues", vmin=levels[0], vmax=levels[-1] + np.ptp(levels))
        axis.contour(a, b, values, levels=levels[1:-1], colors="black", linewidths=0.5)
        axis.plot(*walk.T, "-", color=cycle(COLOURS[1:], k), linewidth=1.3)
        if len(walk) <= 60:
            axis.plot(*walk.T, ".", color=cycle(COLOURS[1:], k), markersize=5)
        axis.plot(*walk[0], "o", color="white", markeredgecolor=BLACK, markersize=8, label="start")
        axis.plot(*walk[-1], "s", color=GREY, markeredgecolor=BLACK, markersize=7, label="end")
        if minimum is not None:
            axis.plot(*minimum, "*", color="white", markeredgecolor=BLACK, markersize=14, label="minimum")
        axis.set(xlim=x_range, ylim=y_range, xlabel=names[0])
        axis.set_title(name)
        text.append(
            f"{name}: {len(walk) - 1} steps from ({number(walk[0, 0])}, {number(walk[0, 1])}), loss "
            f"{number(loss(*walk[0]))}, to ({number(walk[-1, 0])}, {number(walk[-1, 1])}), loss {number(loss(*walk[-1]))}."
        )
    axes[0].set_ylabel(names[1])
    figure.legend(*axes[-1].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    if minimum is not None:
        text.append(f"The minimum is at ({number(minimum[0])}, {number(minimum[1])}), loss {number(loss(*minimum))}.")
    return finish(figure, " ".join(text), title)


@picture
def rate_sweep(
    rates: ArrayLike,
    losses: Mapping[str, ArrayLike],
    *,
    limit: float | None = None,
    start_loss: float | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the loss that is left after some steps against the learning rate: too small, right, too large.

    Parameters
    ----------
    rates : array (N,)
        Learning rates, positive, ascending.
    losses : mapping of str to array (N,)
        Loss for each rate, by name (the number of steps, say); what is not finite is left out.
    limit : float, optional
        The largest stable rate, drawn as a line.
    start_loss : float, optional
        The loss before the first step; above it training has made things worse.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    rates = as_vector("rates", rates)
    if not np.all(rates > 0):
        raise ValueError(f"rates go from {rates.min():g} to {rates.max():g}, expected positive numbers")
    figure, (axis,) = new_figure(6.6, 4.0)
    sentences, top, bottom = [], 0.0, np.inf
    for k, (name, values) in enumerate(losses.items()):
        y = as_vector(name, values)
        if len(y) != len(rates):
            raise ValueError(f"{name} has {len(y)} values, expected {len(rates)} to match rates")
        y = np.where(np.isfinite(y) & (y > 0), y, np.nan)
        plot_curve(axis, rates, y, k, name)
        best = int(np.nanargmin(y))
        top, bottom = max(top, float(y[0])), min(bottom, float(y[best]))
        told = f"{name}: smallest loss {number(y[best])} at rate {number(rates[best])}"
        sentences.append(f"{told}, {number(y[0])} at the smallest rate.")
    axis.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="loss that is left")
    top = start_loss or top
    axis.set_ylim(0.3 * bottom, 30 * top)
    if start_loss is not None:
        axis.axhline(start_loss, color=GREY, linestyle=":", linewidth=1.2)
        axis.annotate("loss at the start", (rates[0], start_loss), xytext=(2, 4), textcoords="offset points", color=GREY)
        sentences.append(f"The loss at the start is {number(start_loss)}.")
    if limit is not None:
        axis.axvline(limit, color=VERMILLION, linestyle="--", linewidth=1.2)
        axis.text(
            limit * 1.08, 0.5, "too large", transform=axis.get_xaxis_transform(), rotation=90, va="center", color=VERMILLION
        )
        sentences.append(f"Above {number(limit)} the loss grows without bound.")
    axis.legend(loc="lower left")
    where = f"Loss at the end against the learning rate from {number(rates[0])} to {number(rates[-1])}."
    return finish(figure, " ".join([where, *sentences]), title)
