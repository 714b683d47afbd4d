"""Drawings of ideas: what lies inside what, the two kinds of neuron, the two kinds of network."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Circle, Ellipse, FancyArrowPatch, FancyBboxPatch, Polygon

from dlkit.plot.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    SKY,
    VERMILLION,
    AccessibleFigure,
    bare,
    finish,
    listed,
    new_figure,
    picture,
)

_FIELDS = (
    ("artificial intelligence", "machines that solve tasks we call clever; rules and search too"),
    ("machine learning", "programs that improve from data"),
    ("deep learning", "networks of many layers\nthat learn their own features"),
)


@picture
def nested_fields(fields: tuple[tuple[str, str], ...] = _FIELDS, *, title: str | None = None) -> AccessibleFigure:
    """Draw fields that lie inside each other, the widest first.

    Parameters
    ----------
    fields : tuple of (name, explanation)
        From the outermost to the innermost.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> nested_fields().alt_text[:72]
    'Nested boxes, each inside the one before: artificial intelligence (machi'
    """
    figure, (axis,) = new_figure(6.6, 3.6)
    bare(axis)
    fills = ("#dceaf5", "#a9cfe8", "#56B4E9")
    for k, (name, explanation) in enumerate(fields):
        inset, drop = 0.45 * k, 0.95 * k
        box = FancyBboxPatch(
            (inset, 0.3 * k),
            8.4 - 2 * inset,
            4.2 - drop - 0.3 * k,
            boxstyle="round,pad=0.0,rounding_size=0.25",
            facecolor=fills[min(k, 2)],
            edgecolor="black",
            linewidth=1.2,
        )
        axis.add_patch(box)
        top = 4.2 - drop
        axis.text(4.2, top - 0.3, name, ha="center", va="center", fontweight="bold", fontsize=12)
        axis.text(4.2, top - 0.52, explanation, ha="center", va="top", fontsize=9)
    axis.set(xlim=(-0.1, 8.5), ylim=(-0.1, 4.3))
    told = [f"{name} ({' '.join(text.split())})" for name, text in fields]
    return finish(figure, f"Nested boxes, each inside the one before: {listed(told)}.", title)


@picture
def neuron_diagram(*, title: str | None = None) -> AccessibleFigure:
    """Draw a biological neuron above an artificial one, matching parts under matching words.

    Parameters
    ----------
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    figure, (top, bottom) = new_figure(7.4, 5.8, rows=2)
    for axis in (top, bottom):
        bare(axis)
        axis.set(xlim=(-0.6, 10.4), ylim=(-0.1, 4.0))

    for y, bend in ((3.0, 0.2), (1.8, -0.15), (0.6, -0.25)):
        top.add_patch(_arrow((0.4, y), (3.6, 1.8), bend, "-", ORANGE, 3))
        for dx, dy in ((-0.5, 0.3), (-0.5, -0.25)):
            top.plot([0.4, 0.4 + dx], [y, y + dy], color=ORANGE, linewidth=2)
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    radii = np.where(np.arange(14) % 2 == 0, 1.0, 0.78)
    soma = np.stack([4.2 + radii * np.cos(angles), 1.8 + 0.9 * radii * np.sin(angles)], axis=1)
    top.add_patch(Polygon(soma, facecolor="#fbe3b6", edgecolor="black"))
    top.add_patch(Ellipse((4.2, 1.8), 0.65, 0.5, facecolor=ORANGE, edgecolor="black"))
    top.plot([5.1, 8.6], [1.8, 1.8], color=ORANGE, linewidth=4)
    for end in (2.6, 1.8, 1.0):
        top.plot([8.6, 9.4], [1.8, end], color=ORANGE, linewidth=2)
        top.plot(9.45, end, "o", color=VERMILLION, markersize=7, markeredgecolor="black")
    for x, y, word in (
        (1.5, 3.45, "dendrites"),
        (4.2, 3.05, "soma"),
        (6.9, 2.15, "axon"),
        (9.3, 3.2, "synapses"),
    ):
        top.text(x, y, word, ha="center", va="center", fontweight="bold")
    top.set_title("biological neuron", loc="left", fontsize=10)

    for k, y in enumerate((3.0, 1.8, 0.6), start=1):
        bottom.text(0.0, y, f"$x_{k}$", ha="center", va="center", fontsize=12)
        bottom.add_patch(_arrow((0.3, y), (3.45, 1.8 + 0.25 * (2 - k)), 0, "-|>", "black", 1.4))
        bottom.text(1.5, y + (-0.3, 0.14, 0.52)[k - 1], f"$w_{k}$", ha="center", va="bottom", fontsize=11)
    bottom.add_patch(Circle((4.2, 1.8), 0.85, facecolor="#d6e9f8", edgecolor="black"))
    bottom.text(4.2, 1.8, "$\\Sigma + b$", ha="center", va="center", fontsize=12)
    bottom.add_patch(_arrow((5.05, 1.8), (6.0, 1.8), 0, "-|>", "black", 1.4))
    bottom.add_patch(FancyBboxPatch((6.05, 1.3), 1.1, 1.0, boxstyle="round,pad=0", facecolor=PALE, edgecolor="black"))
    bottom.text(6.6, 1.8, "$f(z)$", ha="center", va="center", fontsize=12)
    bottom.add_patch(_arrow((7.15, 1.8), (9.0, 1.8), 0, "-|>", "black", 1.4))
    bottom.text(9.35, 1.8, "$a$", ha="center", va="center", fontsize=12)
    for x, y, word in (
        (0.0, 3.45, "inputs"),
        (1.75, 3.45, "weights"),
        (4.2, 3.05, "node"),
        (6.6, 2.6, "activation"),
    ):
        bottom.text(x, y, word, ha="center", va="center", fontweight="bold")
    bottom.text(9.0, 2.25, "one output", ha="center", va="center", fontweight="bold")
    bottom.set_title("artificial neuron", loc="left", fontsize=10)
    text = (
        "Two drawings. Above, a biological neuron: 3 dendrites lead into the soma, one axon leads out and "
        "ends in 3 synapses. Below, an artificial neuron: 3 inputs x1, x2, x3 are multiplied by weights w1, "
        "w2, w3, summed with the bias b in the node, passed through the activation f, and leave as one "
        "output a. Dendrites correspond to inputs, synapses to weights, the soma to the node, "
        "the axon to the output."
    )
    return finish(figure, text, title)


@picture
def topologies(*, title: str | None = None) -> AccessibleFigure:
    """Draw a feedforward network beside a feedback network.

    Parameters
    ----------
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    figure, axes = new_figure(7.6, 3.4, columns=2)
    columns = ((0.0, (0.5, 1.5, 2.5)), (1.7, (1.0, 2.0)), (3.4, (1.5,)))
    for axis, back in zip(axes, (False, True), strict=True):
        bare(axis)
        for (x0, left), (x1, right) in zip(columns[:-1], columns[1:], strict=True):
            for y0 in left:
                for y1 in right:
                    axis.add_patch(_arrow((x0, y0), (x1, y1), 0, "-|>", GREY, 1.0, gap=14))
        if back:
            axis.add_patch(_arrow((3.4, 1.5), (1.7, 2.0), 0.55, "-|>", VERMILLION, 2.0, "--", gap=14))
            axis.add_patch(_arrow((3.4, 1.5), (1.7, 1.0), -0.55, "-|>", VERMILLION, 2.0, "--", gap=14))
            axis.text(2.9, 2.75, "feedback", color=VERMILLION, ha="center", fontweight="bold")
        for (x, ys), fill in zip(columns, ("white", SKY, BLUE), strict=True):
            for y in ys:
                axis.add_patch(Circle((x, y), 0.24, facecolor=fill, edgecolor="black", zorder=3))
        for (x, _), word in zip(columns, ("input", "hidden", "output"), strict=True):
            axis.text(x, -0.25, word, ha="center", va="top")
        axis.set(xlim=(-0.5, 3.9), ylim=(-0.7, 3.1))
        axis.set_title("feedback: signals return" if back else "feedforward: one way only")
    text = (
        "Two networks of 3 inputs, 2 hidden units and 1 output. Left, feedforward: every arrow points from "
        "inputs to output. Right, feedback: the same arrows, and 2 dashed ones from the output back to the "
        "hidden units."
    )
    return finish(figure, text, title)


def _arrow(
    start: tuple[float, float],
    end: tuple[float, float],
    bend: float,
    style: str,
    colour: str,
    width: float,
    dash: str = "-",
    gap: float = 0.0,
) -> FancyArrowPatch:
    return FancyArrowPatch(
        start,
        end,
        connectionstyle=f"arc3,rad={bend}",
        arrowstyle=style,
        color=colour,
        linewidth=width,
        linestyle=dash,
        mutation_scale=12,
        shrinkA=gap,
        shrinkB=gap,
    )
