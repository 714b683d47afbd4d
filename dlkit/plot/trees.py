"""Pictures of the binary tree behind a hierarchical softmax."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlkit.plot.style import (
    BLUE,
    SKY,
    VERMILLION,
    AccessibleFigure,
    finish,
    listed,
    new_figure,
    number,
    picture,
)


@picture
def tree_diagram(
    tree: Any,
    names: Sequence[str] | None = None,
    *,
    frequencies: ArrayLike | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the binary tree of a hierarchical softmax: inner nodes decide, leaves are the classes.

    Parameters
    ----------
    tree : Tree
        From ``dlkit.numpy.hierarchical_softmax``: ``paths`` and ``signs`` (K, depth), +1 is left, 0 fills up.
    names : sequence of str, optional
        Names of the K classes.
    frequencies : array (K,), optional
        How often each class occurs; the expected path length is then stated.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    paths, signs = np.asarray(tree.paths), np.asarray(tree.signs)
    count = len(paths)
    labels = [f"class {k}" for k in range(count)] if names is None else [str(n) for n in names]
    if len(labels) != count:
        raise ValueError(f"names has {len(labels)} names, expected {count}, one per leaf")
    lengths = np.count_nonzero(signs, axis=1)
    routes = [tuple(-signs[k, : lengths[k]]) for k in range(count)]
    order = sorted(range(count), key=lambda k: routes[k])
    across = {routes[k]: float(place) for place, k in enumerate(order)}
    nodes = {route[:depth] for route in routes for depth in range(len(route))}
    for route in sorted(nodes, key=len, reverse=True):
        across[route] = (across[(*route, -1)] + across[(*route, 1)]) / 2
    ids = {routes[k][:depth]: int(paths[k, depth]) for k in range(count) for depth in range(lengths[k])}
    deepest = int(lengths.max())
    figure, (axis,) = new_figure(min(11.0, max(4.5, 1.0 * count + 1.0)), 0.85 * deepest + 1.6)
    axis.set_axis_off()
    for route, x in across.items():
        if route:
            parent = route[:-1]
            left = route[-1] == -1
            x0, y0, y1 = across[parent], -len(parent), -len(route)
            axis.plot(
                [x0, x],
                [y0, y1],
                color=BLUE if left else VERMILLION,
                linestyle="-" if left else "--",
                zorder=1,
            )
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            sign = "+" if left else "\N{MINUS SIGN}"
            axis.text((x0 + x) / 2, (y0 + y1) / 2, sign, ha="center", va="center", bbox=box, fontsize=9)
    for route in nodes:
        axis.plot(across[route], -len(route), "o", color=SKY, markeredgecolor="black", markersize=17, zorder=3)
        axis.text(across[route], -len(route), str(ids[route]), ha="center", va="center", fontsize=9, zorder=4)
    share = None if frequencies is None else np.asarray(frequencies, dtype=np.float64)
    for k, route in enumerate(routes):
        text = labels[k] if share is None else f"{labels[k]}\n{number(share[k])}"
        box = {"facecolor": "white", "edgecolor": "black", "boxstyle": "round,pad=0.25"}
        axis.text(across[route], -len(route), text, ha="center", va="center", fontsize=9, bbox=box, zorder=4)
    axis.set(xlim=(-0.7, count - 0.3), ylim=(-deepest - 0.6, 0.5))
    told = [f"{labels[k]} after {lengths[k]}" for k in range(count)]
    alt = f"Binary tree with {count} leaves and {len(nodes)} inner nodes; "
    alt += f"decisions to reach each: {listed(told)}."
    if share is not None:
        expected = float(np.sum(share * lengths) / share.sum())
        alt += f" Expected number of decisions: {number(expected)}."
    return finish(figure, alt + " Left branches are solid and marked +, right ones dashed and marked -.", title)
