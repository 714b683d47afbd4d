"""Pictures of normalisation: who shares a mean, how pre-activations drift in training, numbers on a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike

from dlkit.plot.style import (
    BLUE,
    COLOURS,
    GREY,
    MARKERS,
    PALE,
    SKY,
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

_KINDS = ("batch", "layer", "instance", "group")
_DEPTH = (0.42, 0.30)  # how far one step into the picture moves to the right and up


@picture
def normalization_axes(
    kinds: Sequence[str] = _KINDS,
    *,
    shape: tuple[int, int, int] = (4, 6, 4),
    num_groups: int = 2,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw a batch as a cube of examples, channels and positions, and mark the numbers that share one mean.

    Parameters
    ----------
    kinds : sequence of {"batch", "layer", "instance", "group"}
        One cube for each.
    shape : (int, int, int)
        Examples N, channels C, positions S (height times width of an image, drawn as one axis).
    num_groups : int
        Groups of channels for "group".
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> normalization_axes(["layer"]).alt_text[94:]
    'layer norm: 24 numbers share a mean, one example with all its channels and positions.'
    """
    N, C, S = (int(size) for size in shape)
    unknown = [kind for kind in kinds if kind not in _KINDS]
    if unknown or not kinds:
        raise ValueError(f"kinds is {list(kinds)}, expected some of {', '.join(_KINDS)}")
    if min(N, C, S) < 1 or num_groups < 1 or C % num_groups:
        raise ValueError(f"num_groups is {num_groups} and shape {(N, C, S)}, expected a divisor of the {C} channels")
    columns = min(len(kinds), 4)
    figure, axes = new_figure(0.6 + 2.75 * columns, 3.0, columns=columns)
    sentences = [f"Cubes of {N} examples, {C} channels and {S} positions, with the numbers marked that share one mean."]
    size = C // num_groups
    parts = {
        "batch": (range(N), range(C - 1, C), "one channel of all examples, with all positions"),
        "layer": (range(1), range(C), "one example with all its channels and positions"),
        "instance": (range(1), range(C - 1, C), "one channel of one example, with all positions"),
        "group": (range(1), range(C - size, C), f"{size} neighbouring channels of one example, with all positions"),
    }
    for axis, kind in zip(axes, kinds, strict=True):
        examples, channels, words = parts[kind]
        _cube(axis, (N, C, S), set(examples), set(channels))
        axis.set_title(f"{kind} norm")
        sentences.append(f"{kind} norm: {len(examples) * len(channels) * S} numbers share a mean, {words}.")
    return finish(figure, " ".join(sentences), title)


def _cube(axis: Axes, shape: tuple[int, int, int], examples: set[int], channels: set[int]) -> None:
    """The three visible faces, cell by cell: front (channels by positions), top and right side."""
    N, C, S = shape
    right, up = _DEPTH
    bare(axis)

    def face(corner: tuple[float, float], one: tuple[float, float], two: tuple[float, float], marked: bool, shade: str) -> None:
        (x, y), (a, b), (c, d) = corner, one, two
        points = [(x, y), (x + a, y + b), (x + a + c, y + b + d), (x + c, y + d)]
        axis.add_patch(
            Polygon(points, facecolor=shade if marked else PALE, edgecolor=GREY if not marked else "black", linewidth=0.7,
                    hatch="////" if marked else None, zorder=2 if marked else 1)
        )  # fmt: skip

    for c in range(C):
        for s in range(S):
            face((c, s), (1, 0), (0, 1), 0 in examples and c in channels, SKY)
        for n in range(N):
            face((c + n * right, S + n * up), (1, 0), (right, up), n in examples and c in channels, "#9ad2f0")
    for n in range(N):
        for s in range(S):
            face((C + n * right, s + n * up), (right, up), (0, 1), n in examples and C - 1 in channels, "#3d8fc2")
    axis.annotate("channels", (C / 2, -0.25), ha="center", va="top", fontsize=9)
    axis.annotate("positions", (-0.25, S / 2), ha="right", va="center", rotation=90, fontsize=9)
    axis.annotate("examples", (C + N * right / 2 + 0.25, N * up / 2 - 0.15), ha="left", va="top", rotation=35, fontsize=9)
    axis.set(xlim=(-1.0, C + N * right + 0.9), ylim=(-1.1, S + N * up + 0.3))


@picture
def distribution_bands(
    samples: Mapping[str, Sequence[ArrayLike] | ArrayLike],
    *,
    x: ArrayLike | None = None,
    x_label: str = "step",
    y_label: str = "pre-activation",
    title: str | None = None,
) -> AccessibleFigure:
    """Draw how a distribution moves: its median and the middle 50 and 90 percent, one panel for each name.

    Parameters
    ----------
    samples : mapping of str to T arrays, any shape
        By name, the numbers seen at each of T moments.
    x : array (T,), optional
        The moments; 0, 1, 2, ... if not given.
    x_label, y_label, title : str
        Words of the picture.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> distribution_bands({"a": [[1, 2, 3], [11, 12, 13]]}, y_label="z").alt_text[:60]
    'z against step from 0 to 1. a: the median goes from 2 to 12;'
    """
    if not samples:
        raise ValueError("samples is empty, expected at least one name")
    shares = (5, 25, 50, 75, 95)
    lines = {}
    for name, moments in samples.items():
        rows = [np.asarray(moment, dtype=np.float64).ravel() for moment in moments]
        if not rows or min(row.size for row in rows) == 0:
            raise ValueError(f"samples {name!r} has a moment without numbers, expected at least one in each")
        lines[name] = np.array([np.percentile(row, shares) for row in rows])
    at = {name: np.arange(len(rows)) if x is None else np.asarray(x, dtype=np.float64) for name, rows in lines.items()}
    for name, rows in lines.items():
        if at[name].shape != (len(rows),):
            raise ValueError(f"x has shape {at[name].shape}, expected ({len(rows)},) to match {name!r}")
    figure, axes = new_figure(0.8 + 3.6 * len(lines), 3.6, columns=len(lines), sharey=True)
    first = next(iter(at.values()))
    sentences = [f"{y_label} against {x_label} from {number(first.min())} to {number(first.max())}."]
    for axis, (name, rows) in zip(axes, lines.items(), strict=True):
        low, quarter, middle, three, high = rows.T
        axis.fill_between(at[name], low, high, facecolor="#cfe6f5", edgecolor=BLUE, linewidth=0.6, label="middle 90 %")
        axis.fill_between(at[name], quarter, three, facecolor="#7dbbe3", edgecolor=BLUE, hatch="///", linewidth=0.0,
                          label="middle 50 %")  # fmt: skip
        axis.plot(at[name], middle, color="black", label="median")
        axis.axhline(0, color=GREY, linewidth=0.6)
        axis.set(xlabel=x_label, title=name)
        sentences.append(
            f"{name}: the median goes from {number(middle[0])} to {number(middle[-1])}; the middle 90 percent "
            f"from {number(low[0])} to {number(high[0])}, then from {number(low[-1])} to {number(high[-1])}."
        )
    axes[0].set_ylabel(y_label)
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return finish(figure, " ".join(sentences), title)


@picture
def number_lines(
    series: Mapping[str, ArrayLike],
    *,
    marked: Sequence[int] = (),
    labels: Sequence[str] | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the same items on several number lines, each with a scale of its own: a column before and after scaling.

    Parameters
    ----------
    series : mapping of str to array (N,)
        By name, one number for each item.
    marked : sequence of int
        Items drawn with another marker and colour, such as an outlier.
    labels : sequence of str, optional
        What the marked and the other items are called, in this order.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> number_lines({"raw": [1, 2, 9], "scaled": [0, 0.125, 1]}, marked=[2], labels=["castle", "flats"]).alt_text
    'Number lines of 3 items. raw: flats from 1 to 2, castle at 9. scaled: flats from 0 to 0.125, castle at 1.'
    """
    if not series:
        raise ValueError("series is empty, expected at least one number line")
    rows = {name: np.asarray(values, dtype=np.float64) for name, values in series.items()}
    count = len(next(iter(rows.values())))
    for name, values in rows.items():
        if values.shape != (count,) or count == 0:
            raise ValueError(f"series {name!r} has shape {values.shape}, expected ({count},), one number for each item")
    out = np.zeros(count, dtype=bool)
    out[list(marked)] = True
    odd, usual = labels if labels is not None else ("marked", "others")
    figure, axes = new_figure(6.8, 0.7 + 0.85 * len(rows), rows=len(rows))
    sentences = [f"Number lines of {count} items."]
    for axis, (name, values) in zip(axes, rows.items(), strict=True):
        for k, (chosen, word, size) in enumerate(((~out, usual, 7), (out, odd, 9))):
            style: dict[str, Any] = {"marker": cycle(MARKERS, 5 * k), "color": (cycle(COLOURS, 0), VERMILLION)[k]}
            axis.plot(values[chosen], np.zeros(chosen.sum()), linestyle="none", markersize=size, label=word, alpha=0.8,
                      markeredgecolor="black", **style)  # fmt: skip
        axis.axhline(0, color=GREY, linewidth=0.8, zorder=0)
        axis.set(yticks=[], ylim=(-1, 1))
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
        axis.spines["left"].set_visible(False)
        axis.margins(x=0.04)
        told = [f"{usual} from {number(values[~out].min())} to {number(values[~out].max())}"] if (~out).any() else []
        told += [f"{odd} at {listed(values[out])}"] if out.any() else []
        sentences.append(f"{name}: {', '.join(told)}.")
    if out.any():
        handles, names = axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=2)
    return finish(figure, " ".join(sentences), title)
