"""Pictures of optimizers at work: their paths over a map of the loss, and the learning rates they really use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from dlkit.plot.functions import as_vector, place_legend, plot_curve
from dlkit.plot.style import (
    BLACK,
    BLUE,
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

__all__ = ["effective_rates", "optimizer_paths"]


@picture
def optimizer_paths(
    loss: Callable[[np.ndarray, np.ndarray], np.ndarray],
    paths: Mapping[str, ArrayLike],
    *,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    goal: Sequence[float] | None = None,
    names: Sequence[str] = ("x", "y"),
    log_loss: bool = True,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the paths of optimizers over a map of the loss, and beside it the loss after each step.

    Parameters
    ----------
    loss : callable
        ``loss(x, y)`` for arrays of the same shape.
    paths : mapping of str to array (S, 2)
        By name, the points (x, y) that an optimizer visited, the start first.
    x_range, y_range : (low, high)
        What the map shows; paths may leave it.
    goal : (x, y), optional
        The point that should be reached.
    names : sequence of 2 str
        Names of the two parameters.
    log_loss : bool
        Logarithmic axis for the loss; not for losses that become zero or negative.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no path or one has not the shape (S, 2).

    Examples
    --------
    >>> down = {"two steps": [(2, 1), (1, 0.5), (0, 0)]}
    >>> print(optimizer_paths(lambda x, y: x**2 + y**2, down, x_range=(-3, 3), y_range=(-2, 2)).alt_text)
    Loss over x from -3 to 3 and y from -2 to 2. two steps: 2 steps from (2, 1), loss 5, to (0, 0), loss 0.
    """
    walks = {name: np.asarray(path, dtype=np.float64) for name, path in paths.items()}
    if not walks:
        raise ValueError("paths is empty, expected at least one")
    for name, walk in walks.items():
        if walk.ndim != 2 or walk.shape[1] != 2 or len(walk) == 0:
            raise ValueError(f"paths[{name!r}] has shape {walk.shape}, expected (S, 2)")
    figure, (chart, curve) = new_figure(9.6, 4.2, columns=2, width_ratios=(1.25, 1.0))
    x, y = np.meshgrid(np.linspace(*x_range, 121), np.linspace(*y_range, 121))
    values = np.asarray(loss(x, y), dtype=np.float64)
    levels = np.unique(np.quantile(values, np.linspace(0.0, 1.0, 14)))
    chart.contourf(x, y, values, levels=levels, cmap="Blues_r", alpha=0.45)
    chart.contour(x, y, values, levels=levels[1:-1], colors=GREY, linewidths=0.5)
    sentences = [f"Loss over {names[0]} from {number(x_range[0])} to {number(x_range[1])} and {names[1]} from "
                 f"{number(y_range[0])} to {number(y_range[1])}."]
    for k, (name, walk) in enumerate(walks.items()):
        every = max(1, len(walk) // 12)
        chart.plot(*walk.T, color=cycle(COLOURS, k), linestyle=cycle(LINES, k), marker=cycle(MARKERS, k), markersize=4.5,
                   markevery=every, linewidth=1.5, label=name)
        heights = np.asarray(loss(*walk.T), dtype=np.float64)
        plot_curve(curve, np.arange(len(walk)), heights, k, name)
        start, end = (f"({number(p[0])}, {number(p[1])}), loss {number(h)}"
                      for p, h in ((walk[0], heights[0]), (walk[-1], heights[-1])))
        sentences.append(f"{name}: {len(walk) - 1} steps from {start}, to {end}.")
    if goal is not None:
        chart.plot(*goal, "*", color=BLACK, markersize=13, markerfacecolor="white", label="goal")
        sentences.append(f"The goal is ({number(goal[0])}, {number(goal[1])}).")
    chart.set(xlabel=names[0], ylabel=names[1], xlim=x_range, ylim=y_range)
    curve.set(xlabel="step", ylabel="loss")
    curve.xaxis.get_major_locator().set_params(integer=True)
    if log_loss:
        curve.set_yscale("log")
    handles, labels = chart.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 5))
    return finish(figure, " ".join(sentences), title)


@picture
def effective_rates(
    gradients: ArrayLike, rates: Mapping[str, ArrayLike], *, title: str | None = None
) -> AccessibleFigure:
    """Draw the gradients that one parameter met, and under them the learning rates that optimizers made of them.

    Parameters
    ----------
    gradients : array (T,)
        Gradient in each step, counted from 1.
    rates : mapping of str to array (T,)
        By name, the positive number that the gradient was multiplied with in each step.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If lengths differ.

    Examples
    --------
    >>> print(effective_rates([2, 0, 1], {"shrinking": [0.4, 0.2, 0.1]}).alt_text)
    Gradients of one parameter in 3 steps: from 0 to 2, 1 of them zero. Effective learning rates: shrinking from 0.4 to 0.1,
    smallest 0.1 at step 3, largest 0.4 at step 1.
    """
    g = as_vector("gradients", gradients)
    figure, (above, below) = new_figure(7.2, 5.0, rows=2, sharex=True, height_ratios=(1.0, 2.0))
    steps = np.arange(1, len(g) + 1)
    above.vlines(steps, 0, g, color=BLUE, linewidth=1.2)
    above.axhline(0, color=GREY, linewidth=0.6)
    told = []
    for k, (name, values) in enumerate(rates.items()):
        rate = as_vector(name, values)
        if len(rate) != len(g):
            raise ValueError(f"{name} has {len(rate)} values, expected {len(g)} to match gradients")
        plot_curve(below, steps, rate, k, name)
        low, high = int(rate.argmin()), int(rate.argmax())
        told.append(f"{name} from {number(rate[0])} to {number(rate[-1])}, smallest {number(rate[low])} at step {low + 1}, "
                    f"largest {number(rate[high])} at step {high + 1}")
    above.set(ylabel="gradient")
    below.set(xlabel="step", ylabel="effective rate", yscale="log")
    place_legend(below, len(rates))
    text = (f"Gradients of one parameter in {len(g)} steps: from {number(g.min())} to {number(g.max())}, {int(np.sum(g == 0))} "
            f"of them zero. Effective learning rates: {'; '.join(told)}.")
    return finish(figure, text, title)
