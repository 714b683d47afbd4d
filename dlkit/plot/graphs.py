"""Pictures of computational graphs, with values and gradients on them."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from dlkit.plot.style import (
    BLUE,
    GREY,
    VERMILLION,
    AccessibleFigure,
    bare,
    finish,
    new_figure,
    number,
    picture,
)

_ACROSS, _DOWN = 2.6, 1.7  # distance of neighbouring columns and rows
_MOST_NODES = 40
_WORDS = {"neg": "\N{MINUS SIGN}", "-": "\N{MINUS SIGN}", "*": "×", "/": "÷"}


@picture
def computational_graph(output: Any, *, gradients: bool = True, slopes: bool = False,
                        title: str | None = None) -> AccessibleFigure:
    """Draw the graph of a value: what was computed from what, with each node's value and gradient.

    Parameters
    ----------
    output : dlkit.numpy.autograd.Value
        The result; everything that it depends on is drawn. (Any object will do that has ``data``, ``grad`` and
        ``inputs``, and perhaps ``name``, ``operation`` and ``slopes``.)
    gradients : bool
        Write the gradients too; before ``backward`` they say nothing.
    slopes : bool
        Write the local gradient on each arrow.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError : if the graph has more than 40 nodes.

    Examples
    --------
    >>> from dlkit.numpy.autograd import Value
    >>> q = Value(2.0, "x") + Value(3.0, "y")
    >>> computational_graph(q, gradients=False).alt_text
    'Computational graph with 3 nodes and 2 arrows. x: value 2. y: value 3. v1 = x + y: value 5.'
    """
    nodes = _inputs_first(output)
    if len(nodes) > _MOST_NODES:
        raise ValueError(f"the graph has {len(nodes)} nodes, expected at most {_MOST_NODES} in a picture")
    names = _names(nodes)
    places = _places(nodes)
    columns = 1 + max(column for column, _ in places.values())
    heights = [row for _, row in places.values()]
    low, high = min(heights), max(heights)
    figure, (axis,) = new_figure(min(12.5, 1.0 + 1.75 * columns), 1.5 + 1.15 * (high - low + 0.4))
    bare(axis)
    axis.set_aspect("auto")
    arrows = 0
    bottom, top = _DOWN * low, _DOWN * high
    for node in nodes:
        for slot, source in enumerate(node.inputs):
            arrows += 1
            curve = _bend(places, source, node, slot)
            start, end = _spot(places[id(source)]), _spot(places[id(node)])
            peak = (start[1] + end[1] - curve * (end[0] - start[0])) / 2  # height of the middle of the curve
            bottom, top = min(bottom, peak + 0.5), max(top, peak - 0.5)
            local = getattr(node, "slopes", None) if slopes else None
            _arrow(axis, start, end, None if local is None else number(local[slot]), curve)
    for node in nodes:
        x, y = _spot(places[id(node)])
        operation = getattr(node, "operation", "") or ""
        label = names[id(node)] if not operation else _WORDS.get(operation, operation)
        shape = "round,pad=0.35" if operation else "square,pad=0.35"
        colour = "#d8d8d8" if node is output else "#bfe0f5" if operation else "white"
        box = {"facecolor": colour, "edgecolor": "black", "boxstyle": shape}
        axis.text(x, y, label, ha="center", va="center", fontsize=11, bbox=box, zorder=4)
        under = f"{names[id(node)]} = {number(node.data)}"
        clear = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 0.6}
        axis.text(x, y + 0.38, under, ha="center", va="bottom", fontsize=9, color=BLUE, bbox=clear, zorder=3)
        if gradients:
            axis.text(x, y - 0.38, f"grad {number(node.grad)}", ha="center", va="top", fontsize=9, style="italic",
                      color=VERMILLION, bbox=clear, zorder=3)
    figure.set_figheight(figure.get_figheight() + 0.6 * (top - bottom - _DOWN * (high - low)))
    axis.set(xlim=(-1.1, _ACROSS * (columns - 1) + 1.1), ylim=(bottom - 1.0, top + 1.0))
    return finish(figure, _told(nodes, names, arrows, gradients), title)


def _inputs_first(output: Any) -> list[Any]:
    order: list[Any] = []
    begun: set[int] = set()
    stack = [(output, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif id(node) not in begun:
            begun.add(id(node))
            stack.append((node, True))
            stack.extend((source, False) for source in reversed(tuple(node.inputs)))
    return order


def _names(nodes: list[Any]) -> dict[int, str]:
    """The node's own names; v1, v2, ... for computed nodes without one, the number itself for constants."""
    names: dict[int, str] = {}
    unnamed = 0
    for node in nodes:
        own = getattr(node, "name", "")
        if not own and node.inputs:
            unnamed += 1
        names[id(node)] = own or (f"v{unnamed}" if node.inputs else number(node.data))
    return names


def _places(nodes: list[Any]) -> dict[int, tuple[int, float]]:
    """Column and row of each node: inputs stand just left of what uses them first, rows follow the neighbours."""
    column: dict[int, int] = {}
    for node in nodes:
        column[id(node)] = 1 + max((column[id(source)] for source in node.inputs), default=-1)
    users: dict[int, list[Any]] = {id(node): [] for node in nodes}
    for node in nodes:
        for source in node.inputs:
            users[id(source)].append(node)
    for node in nodes:
        if not node.inputs and users[id(node)]:
            column[id(node)] = min(column[id(user)] for user in users[id(node)]) - 1
    members: dict[int, list[Any]] = {}
    for node in nodes:
        members.setdefault(column[id(node)], []).append(node)
    row: dict[int, float] = {}
    for each in members.values():
        _spread(each, {id(node): -float(i) for i, node in enumerate(each)}, row)
    for sweep in range(8):
        for key in sorted(members, reverse=sweep % 2 == 0):
            wanted = {}
            for node in members[key]:
                near = users[id(node)] if sweep % 2 == 0 else list(node.inputs)
                near = near or users[id(node)] or list(node.inputs)
                heights = [row[id(other)] for other in near]
                wanted[id(node)] = sum(heights) / len(heights) if heights else row[id(node)]
            _spread(members[key], wanted, row)
    return {id(node): (column[id(node)], row[id(node)]) for node in nodes}


def _spread(nodes: list[Any], wanted: dict[int, float], row: dict[int, float]) -> None:
    """Give the nodes of a column rows at least 1 apart, near the wanted ones; ties keep their present order."""
    order = sorted(nodes, key=lambda node: (-wanted[id(node)], -row.get(id(node), 0.0)))
    heights = [wanted[id(node)] for node in order]
    for i in range(1, len(heights)):
        heights[i] = min(heights[i], heights[i - 1] - 1.0)
    shift = sum(wanted[id(node)] for node in order) / len(order) - sum(heights) / len(heights)
    for node, height in zip(order, heights, strict=True):
        row[id(node)] = height + shift


def _spot(place: tuple[int, float]) -> tuple[float, float]:
    return _ACROSS * place[0], _DOWN * place[1]


def _bend(places: dict[int, tuple[int, float]], source: Any, node: Any, slot: int) -> float:
    """How much an arrow curves: two between the same nodes part; one that skips columns goes round what stands there."""
    apart = 0.2 * (2 * slot - 1) if tuple(node.inputs).count(source) > 1 else 0.0
    (first, y0), (last, y1) = places[id(source)], places[id(node)]
    if last - first <= 1:
        return apart
    between = [row - (y0 + (y1 - y0) * (column - first) / (last - first))
               for column, row in places.values() if first < column < last]
    above = sum(height > 1e-6 for height in between)
    return apart + (0.3 if above >= len(between) - above else -0.3)


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], text: str | None, curve: float) -> None:
    style = f"arc3,rad={curve:.2f}"
    axis.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14, color=GREY, shrinkA=17, shrinkB=17,
                                   connectionstyle=style, linewidth=1.3, zorder=1))
    if text is not None:
        # The middle of the curve: half a bend off the middle of the chord.
        dx, dy = end[0] - start[0], end[1] - start[1]
        x, y = (start[0] + end[0]) / 2 + curve * dy / 2, (start[1] + end[1]) / 2 - curve * dx / 2
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        axis.text(x, y, f"×{text}" if not text.startswith("-") else f"×({text})", fontsize=8, ha="center", va="center",
                  bbox=box, zorder=2)


def _told(nodes: list[Any], names: dict[int, str], arrows: int, gradients: bool) -> str:
    words = [f"Computational graph with {len(nodes)} nodes and {arrows} arrows."]
    for node in nodes:
        operation = getattr(node, "operation", "") or ""
        inputs = [names[id(source)] for source in node.inputs]
        made = ""
        if len(inputs) == 2 and operation:
            made = f" = {inputs[0]} {operation} {inputs[1]}"
        elif inputs:
            made = f" = {operation or 'f'}({', '.join(inputs)})"
        gradient = f", gradient {number(node.grad)}" if gradients else ""
        words.append(f"{names[id(node)]}{made}: value {number(node.data)}{gradient}.")
    return " ".join(words)
