"""Pictures of a loss over two parameters, and of what happens as something else grows: dimensions, damage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike

from dlkit.plot.style import (
    BLUE,
    GREY,
    VERMILLION,
    AccessibleFigure,
    finish,
    listed,
    new_figure,
    number,
    picture,
)


@picture
def loss_landscape(
    loss: Callable[[float, float], float],
    *,
    w_range: tuple[float, float] = (-4.0, 4.0),
    b_range: tuple[float, float] = (-4.0, 4.0),
    path: ArrayLike | None = None,
    names: Sequence[str] = ("weight w", "bias b"),
    resolution: int = 41,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw a loss over two parameters as a map with contour lines and as a surface.

    Parameters
    ----------
    loss : callable
        ``loss(w, b)`` gives a number.
    w_range, b_range : (low, high)
        What is shown.
    path : array (S, 2), optional
        Points (w, b) that gradient descent visited, first to last.
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
    w, b = np.linspace(*w_range, resolution), np.linspace(*b_range, resolution)
    values = np.array([[float(loss(wi, bi)) for wi in w] for bi in b])
    figure = AccessibleFigure(figsize=(8.6, 3.9), layout="constrained")
    flat = figure.add_subplot(1, 2, 1)
    solid = figure.add_subplot(1, 2, 2, projection="3d")
    levels = np.unique(np.quantile(values, np.linspace(0.0, 1.0, 12)))
    flat.contourf(w, b, values, levels=levels, cmap="Blues_r", alpha=0.7)
    drawn = flat.contour(w, b, values, levels=levels[1:-1], colors="black", linewidths=0.6)
    flat.clabel(drawn, levels=drawn.levels[::3], fontsize=8, fmt=number)
    row, column = np.unravel_index(values.argmin(), values.shape)
    flat.plot(
        w[column],
        b[row],
        "*",
        color=VERMILLION,
        markersize=13,
        markeredgecolor="black",
        label="smallest shown",
    )
    text = (
        f"Loss over {names[0]} from {number(w[0])} to {number(w[-1])} and {names[1]} from {number(b[0])} to "
        f"{number(b[-1])}: smallest {number(values.min())} at ({number(w[column])}, {number(b[row])}), "
        f"largest {number(values.max())}."
    )
    if path is not None:
        path = np.asarray(path, dtype=np.float64)
        if path.ndim != 2 or path.shape[1] != 2 or len(path) == 0:
            raise ValueError(f"path has shape {path.shape}, expected (S, 2)")
        flat.plot(
            *path.T,
            "-o",
            color="black",
            markerfacecolor="white",
            markersize=4,
            linewidth=1.2,
            label=f"path, {len(path) - 1} steps",
        )
        start, end = path[0], path[-1]
        text += (
            f" A path of {len(path) - 1} steps leads from ({number(start[0])}, {number(start[1])}), "
            f"loss {number(loss(*start))}, to ({number(end[0])}, {number(end[1])}), "
            f"loss {number(loss(*end))}."
        )
    flat.set(xlabel=names[0], ylabel=names[1], xlim=w_range, ylim=b_range)
    flat.legend(loc="upper right", frameon=True)
    solid.plot_surface(*np.meshgrid(w, b), values, cmap="Blues_r", linewidth=0.2, edgecolor=GREY, rcount=20, ccount=20)
    solid.set(xlabel=names[0], ylabel=names[1])
    solid.set_zlabel("loss", labelpad=2)
    solid.locator_params(nbins=4)
    solid.set_box_aspect(None, zoom=0.86)
    solid.view_init(elev=30, azim=-55)
    return finish(figure, text, title)


def logistic_landscape(
    x: ArrayLike,
    y: ArrayLike,
    *,
    w_range: tuple[float, float] = (-4.0, 6.0),
    b_range: tuple[float, float] = (-5.0, 5.0),
    path: ArrayLike | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the mean log loss of a logistic unit of one input over its weight and bias: convex, one valley.

    Parameters
    ----------
    x : array (N,)
        Inputs.
    y : array (N,)
        Targets, 0 or 1.
    w_range, b_range, path, title
        As for :func:`loss_landscape`.

    Returns
    -------
    AccessibleFigure
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.ndim != 1 or y.shape != x.shape:
        raise ValueError(f"y has shape {y.shape}, expected {x.shape} to match x, which must be (N,)")

    def log_loss(w: float, b: float) -> float:
        z = w * x + b
        return float(np.mean(np.logaddexp(0.0, z) - y * z))

    figure = loss_landscape(log_loss, w_range=w_range, b_range=b_range, path=path, title=title)
    figure.alt_text += f" It is the mean log loss of a logistic unit on {len(x)} points: convex, with one valley."
    return figure


@picture
def curse_of_dimensionality(
    rng: np.random.Generator,
    *,
    dimensions: Sequence[int] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
    num_points: int = 100,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw how near and far become alike: the smallest distance divided by the largest, as dimensions grow.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the points, uniform in the unit cube.
    dimensions : sequence of int
        Dimensions of the cube.
    num_points : int
        Points per cube.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    ratios = []
    for dimension in dimensions:
        points = rng.uniform(size=(num_points, dimension))
        squares = np.sum(points**2, axis=1)
        distances = np.sqrt(np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0.0))
        pairs = distances[np.triu_indices(num_points, 1)]
        ratios.append(float(pairs.min() / pairs.max()))
    figure, (axis,) = new_figure(6.0, 3.6)
    axis.plot(dimensions, ratios, "-o", color=BLUE)
    axis.axhline(1.0, color=GREY, linestyle="--", linewidth=1.0)
    axis.text(dimensions[0], 0.97, "all points equally far apart", va="top", color=GREY)
    axis.set(xscale="log", ylim=(0, 1.05), xlabel="number of dimensions", ylabel="smallest / largest distance")
    told = [f"{number(r)} in {d} dimensions" for d, r in zip(dimensions, ratios, strict=True)]
    text = f"Smallest divided by largest distance between {num_points} random points in a cube: {listed(told)}."
    return finish(figure, text, title)


@picture
def fault_tolerance(
    fractions: ArrayLike,
    accuracies: ArrayLike,
    *,
    chance: float | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw how accuracy falls as more and more weights are set to zero.

    Parameters
    ----------
    fractions : array (N,)
        Shares of weights destroyed, 0 to 1.
    accuracies : array (N,) or (N, R)
        Accuracy for each share, 0 to 1; with R repetitions, mean and range are drawn.
    chance : float, optional
        Accuracy of guessing.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    x, y = np.asarray(fractions, dtype=np.float64), np.asarray(accuracies, dtype=np.float64)
    if x.ndim != 1 or len(x) == 0 or y.ndim not in (1, 2) or len(y) != len(x):
        raise ValueError(f"accuracies has shape {y.shape}, expected ({len(x)},) or ({len(x)}, R) to match fractions")
    runs = y.reshape(len(x), -1)
    mean = runs.mean(axis=1)
    figure, (axis,) = new_figure(6.0, 3.6)
    if runs.shape[1] > 1:
        axis.fill_between(
            x,
            runs.min(axis=1),
            runs.max(axis=1),
            color=BLUE,
            alpha=0.18,
            label=f"range of {runs.shape[1]} runs",
        )
    axis.plot(x, mean, "-o", color=BLUE, label="accuracy")
    if chance is not None:
        axis.axhline(chance, color=VERMILLION, linestyle="--", linewidth=1.2, label="guessing")
    axis.set(xlabel="share of weights set to zero", ylabel="accuracy", ylim=(0, 1.03))
    axis.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axis.legend(loc="lower left")
    told = [f"{number(m)} at {100 * f:.0f} %" for f, m in zip(x, mean, strict=True)]
    guess = f" Guessing would give {number(chance)}." if chance is not None else ""
    return finish(figure, f"Accuracy by share of weights set to zero: {listed(told)}.{guess}", title)
