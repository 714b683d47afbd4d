"""Pictures of straight lines: what their numbers do, how a perceptron moves one, how well one fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from dlkit.plot.boundaries import check_points, draw_points, name_classes
from dlkit.plot.functions import as_vector
from dlkit.plot.style import (
    BLACK,
    COLOURS,
    GREY,
    LINES,
    AccessibleFigure,
    cycle,
    finish,
    new_figure,
    number,
    picture,
)


@picture
def perceptron_path(
    X: ArrayLike,
    y: ArrayLike,
    coefficients: ArrayLike,
    *,
    title: str | None = None,
    class_names: Sequence[str] | None = None,
    feature_names: Sequence[str] = ("x1", "x2"),
    most: int = 6,
) -> AccessibleFigure:
    """Draw how the line of a perceptron moves from step to step.

    Parameters
    ----------
    X : array (N, 2)
        Points.
    y : array (N,)
        Labels, two values; the larger one is the positive side.
    coefficients : array (S, 3)
        One line ``A x1 + B x2 + C = 0`` per step, first to last: weights, then bias.
    title, class_names, feature_names
        As for :func:`decision_boundary`.
    most : int
        At most so many lines are drawn: the first, the last, and some between.

    Returns
    -------
    AccessibleFigure
    """
    X, y = check_points(X, y)
    path = np.atleast_2d(np.asarray(coefficients, dtype=np.float64))
    if path.shape[1] != 3 or len(path) == 0:
        raise ValueError(f"coefficients has shape {np.shape(coefficients)}, expected (S, 3): A, B, C per step")
    labels = np.unique(y)
    names = name_classes(class_names, labels)
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.35 * np.maximum(high - low, 1e-9)
    figure, (axis,) = new_figure(6.6, 4.2)
    axis.set(xlim=(low[0] - margin[0], high[0] + margin[0]), ylim=(low[1] - margin[1], high[1] + margin[1]))
    draw_points(axis, X, y, labels, names)
    steps = np.unique(np.linspace(0, len(path) - 1, min(most, len(path))).round().astype(int))
    for order, step in enumerate(steps):
        last = order == len(steps) - 1
        draw_line(
            axis,
            path[step],
            color=COLOURS[0] if last else GREY,
            linewidth=2.6 if last else 1.3,
            linestyle="-" if last else cycle(LINES[1:], order),
            label=f"step {step}: {_equation(path[step])}",
        )
    axis.set(xlabel=feature_names[0], ylabel=feature_names[1])
    axis.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))

    def right(row: np.ndarray) -> int:
        return int(np.sum((X @ row[:2] + row[2] >= 0) == (y == labels[-1])))

    text = (
        f"{len(X)} points and the line of a perceptron over {len(path)} steps, {len(steps)} of them drawn: "
        f"from {_equation(path[0])}, {right(path[0])} of {len(X)} points on the right side, "
        f"to {_equation(path[-1])}, {right(path[-1])} of {len(X)} points on the right side."
    )
    return finish(figure, text, title)


@picture
def lines(
    coefficients: Mapping[str, Sequence[float]],
    *,
    x_range: tuple[float, float] = (-6.0, 6.0),
    y_range: tuple[float, float] = (-6.0, 6.0),
    title: str | None = None,
) -> AccessibleFigure:
    """Draw lines ``A x + B y + C = 0`` to compare what A, B and C do.

    Parameters
    ----------
    coefficients : mapping of str to (A, B, C)
        Lines by name.
    x_range, y_range : (low, high)
        What is shown.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    figure, (axis,) = new_figure(6.6, 4.0)
    axis.set(xlim=x_range, ylim=y_range, xlabel="x", ylabel="y")
    axis.axhline(0, color=GREY, linewidth=0.6)
    axis.axvline(0, color=GREY, linewidth=0.6)
    words = []
    for k, (name, row) in enumerate(coefficients.items()):
        label = f"{name}: {_equation(row, 'x', 'y')}"
        draw_line(axis, row, color=cycle(COLOURS, k), linestyle=cycle(LINES, k), label=label)
        a, b, c = (float(v) for v in row)
        slope = "is vertical" if b == 0 else f"has slope {number(-a / b)} and crosses the y axis at {number(-c / b)}"
        words.append(f"{label} {slope}.")
    axis.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return finish(figure, f"{len(words)} lines in the plane. " + " ".join(words), title)


def draw_line(axis: Axes, row: Sequence[float], **style: object) -> None:
    """Draw ``A x + B y + C = 0`` across the axes as they are; nothing if A and B are 0."""
    a, b, c = (float(v) for v in row)
    if a == 0 and b == 0:
        axis.plot([], [], **style)
        return
    if abs(b) >= abs(a):
        x = np.array(axis.get_xlim())
        points = x, -(a * x + c) / b
    else:
        y = np.array(axis.get_ylim())
        points = -(b * y + c) / a, y
    axis.plot(*points, scalex=False, scaley=False, **style)


def _equation(row: Sequence[float], x: str = "x1", y: str = "x2") -> str:
    a, b, c = (float(v) for v in row)
    text = ""
    for value, name in ((a, x), (b, y), (c, "")):
        if value == 0 and (name or text):
            continue
        sign = "-" if value < 0 else "+" if text else ""
        space = " " if text else ""
        size = "" if abs(value) == 1 and name else number(abs(value)) + (" " if name else "")
        text += f"{space}{sign}{space}{size}{name}"
    return f"{text} = 0"


@picture
def line_fit(
    x: ArrayLike,
    y: ArrayLike,
    lines: Mapping[str, tuple[float, float]],
    *,
    x_label: str = "x",
    y_label: str = "y",
    residuals: bool = True,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw points, lines through them, and the residuals of the first line.

    Parameters
    ----------
    x, y : array (N,)
        Points.
    lines : mapping of str to (slope, intercept)
        Lines by name; may be empty.
    x_label, y_label, title : str
        Words of the picture.
    residuals : bool
        Draw the vertical distance from each point to the first line.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> line_fit([0, 1], [1, 4], {"guess": (2, 1)}).alt_text
    '2 points, x 0 to 1, y 1 to 4. guess: y = 2 x + 1, sum of squared residuals 1.'
    """
    x, y = as_vector("x", x), as_vector("y", y)
    if len(x) != len(y):
        raise ValueError(f"y has {len(y)} values, expected {len(x)} to match x")
    figure, (axis,) = new_figure(6.0, 4.0)
    axis.scatter(x, y, s=30, color=BLACK, zorder=3, label="data")
    pad = 0.08 * (np.ptp(x) or 1.0)
    ends = np.array([x.min() - pad, x.max() + pad])
    sentences = []
    for k, (name, (slope, intercept)) in enumerate(lines.items()):
        formula = f"y = {number(slope)} x {'-' if intercept < 0 else '+'} {number(abs(intercept))}"
        axis.plot(
            ends,
            slope * ends + intercept,
            color=cycle(COLOURS, k),
            linestyle=cycle(LINES, k),
            label=f"{name}: {formula}",
        )
        if residuals and k == 0:
            axis.vlines(x, y, slope * x + intercept, color=GREY, linewidth=1.0, linestyle=":", label="residuals")
        squares = float(np.sum((y - slope * x - intercept) ** 2))
        sentences.append(f"{name}: {formula}, sum of squared residuals {number(squares)}.")
    axis.set(xlabel=x_label, ylabel=y_label)
    axis.legend(loc="best")
    where = (
        f"{len(x)} points, {x_label} {number(x.min())} to {number(x.max())}, "
        f"{y_label} {number(y.min())} to {number(y.max())}."
    )
    return finish(figure, " ".join([where, *sentences]), title)
