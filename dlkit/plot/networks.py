"""Pictures of networks with their numbers on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from numpy.typing import ArrayLike

from dlkit.plot.style import (
    BLUE,
    GREY,
    VERMILLION,
    AccessibleFigure,
    bare,
    finish,
    listed,
    new_figure,
    number,
    picture,
)

_MOST_NODES = 6
_MOST_LABELLED_EDGES = 24


@picture
def network_diagram(
    sizes: Sequence[int],
    *,
    weights: Sequence[ArrayLike] | None = None,
    values: Sequence[ArrayLike] | None = None,
    layer_names: Sequence[str] | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw a fully connected network, layer by layer, with weights and values where they are given.

    Parameters
    ----------
    sizes : sequence of int
        Units per layer, inputs first. Layers of more than 6 units are drawn with a gap.
    weights : sequence of array (sizes[l], sizes[l + 1]), optional
        Weight matrices: negative weights are dashed, larger ones thicker; written out if there are few.
    values : sequence of array (sizes[l],), optional
        A number for each unit.
    layer_names : sequence of str, optional
        One name per layer.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> network_diagram([4, 3, 2, 1]).alt_text
    'Fully connected network with layers of 4, 3, 2 and 1 units and 26 parameters, biases included.'
    """
    sizes = [int(size) for size in sizes]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes is {sizes}, expected at least two layers of at least one unit")
    shapes = list(zip(sizes[:-1], sizes[1:], strict=True))
    matrices = _checked("weights", weights, shapes)
    numbers = _checked("values", values, [(size,) for size in sizes])
    places = [_places(size) for size in sizes]
    tall = max(len(p) for p in places)
    figure, (axis,) = new_figure(1.2 + 2.0 * len(sizes), max(2.6, 0.78 * tall + 0.9))
    bare(axis)
    gap = 2.4
    top = max(float(np.asarray([y for _, y in p]).max()) for p in places)
    few = sum(a * b for a, b in shapes) <= _MOST_LABELLED_EDGES
    for layer, (left, right) in enumerate(zip(places[:-1], places[1:], strict=True)):
        matrix = matrices[layer] if matrices else None
        for i, y0 in left:
            for j, y1 in right:
                weight = None if matrix is None else float(matrix[i, j])
                _edge(axis, (layer * gap, y0), (layer * gap + gap, y1), weight, few, 0.3 + 0.2 * (j % 2))
    for layer, units in enumerate(places):
        for unit, y in units:
            fill = "white" if layer == 0 else "#bfe0f5" if layer < len(sizes) - 1 else "#d8d8d8"
            axis.add_patch(Circle((layer * gap, y), 0.33, facecolor=fill, edgecolor="black", zorder=3))
            if numbers:
                axis.text(
                    layer * gap,
                    y,
                    number(numbers[layer][unit]),
                    ha="center",
                    va="center",
                    fontsize=8,
                    zorder=4,
                )
        if sizes[layer] > len(units):
            middle = (units[_MOST_NODES // 2 - 1][1] + units[_MOST_NODES // 2][1]) / 2
            axis.text(layer * gap, middle, "⋮", ha="center", va="center", fontsize=16)
        name = layer_names[layer] if layer_names else _layer_name(layer, len(sizes))
        axis.text(layer * gap, -top - 0.6, f"{name}\n{sizes[layer]}", ha="center", va="top", fontsize=9)
    axis.set(xlim=(-0.6, gap * (len(sizes) - 1) + 0.6), ylim=(-top - 1.5, top + 0.5))
    count = sum(a * b + b for a, b in shapes)
    text = f"Fully connected network with layers of {listed(sizes)} units and {count} parameters, "
    text += "biases included."
    if matrices:
        text += " Weights: " + " ".join(f"into layer {k + 1}: {listed(m.ravel())}." for k, m in enumerate(matrices))
    if numbers:
        text += " Values: " + " ".join(f"layer {k}: {listed(v)}." for k, v in enumerate(numbers))
    return finish(figure, text, title)


@picture
def mlp_421(
    values: Mapping[str, float] | None = None,
    *,
    inputs: ArrayLike | None = None,
    weights: Sequence[ArrayLike] | None = None,
    biases: Sequence[ArrayLike] | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the worked 4-2-1 network with its weights, biases and, where given, what each node computes.

    Parameters
    ----------
    values : mapping of str to float, optional
        Numbers by their names in the notes, as ``dlkit.numpy.worked.first_pass`` returns them. ``I5`` to
        ``O7`` (or ``I5'`` to ``O7'``) are written beside the nodes, ``Error5`` to ``Error7`` below them.
    inputs, weights, biases : optional
        As in ``first_pass``; those of the lecture notes if not given.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    from dlkit.numpy import worked

    x = np.asarray(worked.W15_INPUTS if inputs is None else inputs, dtype=np.float64)
    W1, W2 = _checked("weights", worked.W15_WEIGHTS if weights is None else weights, [(4, 2), (2, 1)])
    b1, b2 = _checked("biases", worked.W15_BIASES if biases is None else biases, [(2,), (1,)])
    if x.shape != (4,):
        raise ValueError(f"inputs has shape {x.shape}, expected (4,)")
    values = dict(values or {})
    mark = "'" if "I5'" in values and "I5" not in values else ""
    figure, (axis,) = new_figure(8.2, 4.6)
    bare(axis)
    spots = {k + 1: (0.0, 4.5 - 1.5 * k) for k in range(4)} | {5: (5.0, 3.7), 6: (5.0, 0.8), 7: (8.4, 2.25)}
    for i in range(4):
        for j in range(2):
            _edge(axis, spots[i + 1], spots[j + 5], W1[i, j], True, (0.2, 0.42)[j], f"w{i + 1}{j + 5}")
    for j in range(2):
        _edge(axis, spots[j + 5], spots[7], W2[j, 0], True, 0.5, f"w{j + 5}7")
    clear = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 0.5}
    words = [f"x{i + 1} = {number(x[i])}" for i in range(4)]
    words += [f"w{i + 1}{j + 5} = {number(W1[i, j])}" for i in range(4) for j in range(2)]
    words += [f"w{j + 5}7 = {number(W2[j, 0])}" for j in range(2)]
    for node, (px, py) in spots.items():
        hidden = node > 4
        axis.add_patch(Circle((px, py), 0.36, facecolor="#bfe0f5" if hidden else "white", edgecolor="black", zorder=3))
        axis.text(px, py, str(node), ha="center", va="center", fontweight="bold", zorder=4)
        if not hidden:
            axis.text(px - 0.5, py, f"x{node} = {number(x[node - 1])}", ha="right", va="center", fontsize=9)
            continue
        bias = float(np.concatenate([b1, b2])[node - 5])
        words.append(f"theta{node} = {number(bias)}")
        above, below = [f"theta{node} = {number(bias)}"], []
        for key in (f"I{node}{mark}", f"O{node}{mark}"):
            if key in values:
                below.append(f"{key} = {float(values[key]):.4f}")
        if f"Error{node}" in values and not mark:
            below.append(f"Error{node} = {float(values[f'Error{node}']):.4f}")
        words += below
        axis.text(px, py + 0.45, "\n".join(above), ha="center", va="bottom", fontsize=9, bbox=clear, zorder=2)
        axis.text(px, py - 0.45, "\n".join(below), ha="center", va="top", fontsize=9, bbox=clear, zorder=2)
    for px, word in ((0.0, "input"), (5.0, "hidden"), (8.4, "output")):
        axis.text(px, -0.85, word, ha="center", va="top", color=GREY)
    axis.set(xlim=(-1.6, 9.4), ylim=(-1.2, 5.0))
    text = f"Network of 4 inputs, hidden nodes 5 and 6 and output node 7: {listed(words, most=40)}."
    return finish(figure, text, title)


def _edge(
    axis: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    weight: float | None,
    written: bool,
    along: float,
    name: str = "",
) -> None:
    negative = weight is not None and weight < 0
    width = 0.7 if weight is None else 0.6 + 2.2 * min(abs(weight), 1.5) / 1.5
    colour = GREY if weight is None else VERMILLION if negative else BLUE
    x, y = np.array([start[0], end[0]]), np.array([start[1], end[1]])
    axis.plot(x, y, color=colour, linewidth=width, linestyle="--" if negative else "-", zorder=1)
    if weight is not None and written:
        text = f"{name} = {number(weight)}" if name else number(weight)
        spot = x[0] + along * (x[1] - x[0]), y[0] + along * (y[1] - y[0])
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        axis.text(*spot, text, fontsize=8, ha="center", va="center", bbox=box, zorder=2)


def _places(size: int) -> list[tuple[int, float]]:
    """Which units of a layer are drawn, and how high."""
    if size <= _MOST_NODES:
        return [(unit, (size - 1) / 2 - unit) for unit in range(size)]
    half = _MOST_NODES // 2
    shown = [*range(half), *range(size - half, size)]
    return [(unit, half - row - (1.0 if row >= half else 0.0)) for row, unit in enumerate(shown)]


def _layer_name(layer: int, count: int) -> str:
    return "input" if layer == 0 else "output" if layer == count - 1 else "hidden"


def _checked(name: str, arrays: Any, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray] | None:
    if arrays is None:
        return None
    arrays = [np.asarray(a, dtype=np.float64) for a in arrays]
    if [a.shape for a in arrays] != list(shapes):
        raise ValueError(f"{name} has shapes {[a.shape for a in arrays]}, expected {list(shapes)}")
    return arrays
