"""Pictures of curvature: how a curve bends, a saddle, bowls that are round or long, and what clipping does to a gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from dlkit.numpy.clipping import clip_by_norm, clip_by_value
from dlkit.numpy.curvature import inflection_points
from dlkit.numpy.newton import condition_number
from dlkit.plot.functions import Function, as_vector
from dlkit.plot.style import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    LINES,
    MARKERS,
    PURPLE,
    VERMILLION,
    AccessibleFigure,
    cycle,
    finish,
    listed,
    new_figure,
    number,
    picture,
)

__all__ = ["bowls", "clipping_arrows", "concavity", "saddle"]


@picture
def concavity(
    f: Function,
    second: Function,
    *,
    x_range: tuple[float, float] = (-2.0, 2.0),
    stationary: Mapping[str, float] | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw a curve and under it its second derivative: where it is concave up, where down, and where it changes.

    Parameters
    ----------
    f, second : callable
        The function and its second derivative, of an array.
    x_range : (low, high)
        What is shown.
    stationary : mapping of str to float, optional
        Points without slope by name ("maximum"), marked on both curves.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> print(concavity(lambda x: x**3, lambda x: 6 * x).alt_text)
    A function over x from -2 to 2, and its second derivative, which goes from -12 to 12. Inflection points: x = 0.
    Concave down in 50 % of the range, up in 50 %.
    """
    x = np.linspace(*x_range, 801)
    values, bend = as_vector("f", f(x)), as_vector("second", second(x))
    figure, (above, below) = new_figure(6.6, 5.0, rows=2, sharex=True, height_ratios=(1.5, 1.0))
    for axis, curve in ((above, values), (below, bend)):
        axis.plot(x, np.where(bend >= 0, curve, np.nan), color=BLUE, label="concave up, f'' > 0")
        axis.plot(x, np.where(bend <= 0, curve, np.nan), color=VERMILLION, linestyle="--", label="concave down, f'' < 0")
        axis.axhline(0, color=GREY, linewidth=0.6)
    places = inflection_points(second, *x_range)
    for axis, function in ((above, f), (below, second)):
        for place in places:
            axis.axvline(place, color=GREY, linestyle=":", linewidth=1.2)
        if len(places):
            axis.plot(places, function(places), "D", color=PURPLE, markeredgecolor=BLACK, markersize=8,
                      label="inflection point")
    for k, (name, place) in enumerate((stationary or {}).items()):
        for axis, function in ((above, f), (below, second)):
            height = float(function(np.array(place)))
            axis.plot(place, height, cycle(MARKERS, k), color=BLACK, markersize=8)
            axis.annotate(name if axis is above else f"f'' = {number(height)}", (place, height), xytext=(7, 5),
                          textcoords="offset points", fontsize=9,
                          bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1})
    above.set(ylabel="f(x)")
    below.set(xlabel="x", ylabel="f''(x)")
    above.margins(y=0.12)
    handles, labels = above.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    where = f"x = {listed(np.round(places, 9))}" if len(places) else "none"
    text = (f"A function over x from {number(x[0])} to {number(x[-1])}, and its second derivative, which goes from "
            f"{number(bend[0])} to {number(bend[-1])}. Inflection points: {where}. Concave down in "
            f"{100 * np.mean(bend < 0):.0f} % of the range, up in {100 * np.mean(bend > 0):.0f} %.")
    for name, place in (stationary or {}).items():
        point = np.array(place)
        text += f" {name} at x = {number(place)}: f = {number(float(f(point)))}, f'' = {number(float(second(point)))}."
    return finish(figure, text, title)


@picture
def saddle(*, reach: float = 1.5, title: str | None = None) -> AccessibleFigure:
    """Draw the saddle x^2 - y^2 as a surface and as a map, with the valley along x and the ridge along y.

    Parameters
    ----------
    reach : float
        Both numbers go from ``-reach`` to ``reach``.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> print(saddle(reach=2).alt_text)
    The saddle f = x^2 - y^2 over x and y from -2 to 2. At (0, 0) the slope is zero in every direction. Along x the curve is a
    valley, up to 4; along y it is a ridge, down to -4; along both diagonals the height stays 0.
    """
    if not reach > 0:
        raise ValueError(f"reach is {reach}, expected a positive number")
    x = np.linspace(-reach, reach, 81)
    X, Y = np.meshgrid(x, x)
    Z = X**2 - Y**2
    figure = AccessibleFigure(figsize=(8.8, 4.0), layout="constrained")
    solid, flat = figure.add_subplot(1, 2, 1, projection="3d"), figure.add_subplot(1, 2, 2)
    solid.plot_surface(X, Y, Z, cmap="Blues_r", linewidth=0.2, edgecolor=GREY, rcount=20, ccount=20, alpha=0.7)
    zero = np.zeros_like(x)
    solid.plot(x, zero, x**2, color=GREEN, linewidth=2.5, zorder=10)
    solid.plot(zero, x, -(x**2), color=VERMILLION, linestyle="--", linewidth=2.5, zorder=10)
    solid.plot([0], [0], [0], "o", color=BLACK, zorder=11)
    solid.set(xlabel="x", ylabel="y")
    solid.set_zlabel("f", labelpad=-4)
    solid.locator_params(nbins=4)
    solid.view_init(elev=28, azim=-60)
    solid.set_box_aspect(None, zoom=0.85)
    flat.contourf(X, Y, Z, levels=13, cmap="Blues_r", alpha=0.5)
    lines = flat.contour(X, Y, Z, levels=9, colors=BLACK, linewidths=0.6)
    flat.clabel(lines, fontsize=8, fmt=number)
    flat.plot(x, zero, color=GREEN, linewidth=2.5, label="along x: a valley")
    flat.plot(zero, x, color=VERMILLION, linestyle="--", linewidth=2.5, label="along y: a ridge")
    flat.plot(0, 0, "o", color=BLACK, label="saddle point, no slope")
    flat.set(xlabel="x", ylabel="y", aspect="equal")
    figure.legend(*flat.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    high = number(reach**2)
    text = (f"The saddle f = x^2 - y^2 over x and y from {number(-reach)} to {number(reach)}. At (0, 0) the slope is zero in "
            f"every "
            f"direction. Along x the curve is a valley, up to {high}; along y it is a ridge, down to -{high}; along both "
            f"diagonals "
            "the height stays 0.")
    return finish(figure, text, title)


@picture
def bowls(
    hessians: Mapping[str, ArrayLike],
    paths: Mapping[str, Mapping[str, ArrayLike]],
    *,
    reach: float = 1.2,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw quadratic bowls side by side, and on each the paths that were walked on it.

    Parameters
    ----------
    hessians : mapping of str to array (2, 2)
        The bowl ``p^T H p / 2`` of each panel, by name; the minimum is at (0, 0).
    paths : mapping of str to mapping of str to array (S, 2)
        For each bowl, by name, points that were visited, the start first.
    reach : float
        Both numbers go from ``-reach`` to ``reach``.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no bowl, or a shape is wrong.

    Examples
    --------
    >>> bowls({"round": [[2, 0], [0, 2]]}, {"round": {"one step": [(1, 1), (0, 0)]}}).alt_text
    'Quadratic bowls. round, condition number 1: one step, 1 steps from (1, 1), loss 2, to (0, 0), loss 0.'
    """
    if not hessians:
        raise ValueError("hessians is empty, expected at least one bowl")
    figure, axes = new_figure(max(4.6, 4.1 * len(hessians)), 4.4, columns=len(hessians), sharex=True, sharey=True)
    x = np.linspace(-reach, reach, 101)
    X, Y = np.meshgrid(x, x)
    sentences = ["Quadratic bowls."]
    for axis, (name, matrix) in zip(axes, hessians.items(), strict=True):
        H = np.asarray(matrix, dtype=np.float64)
        if H.shape != (2, 2):
            raise ValueError(f"{name} has shape {H.shape}, expected (2, 2)")
        Z = (H[0, 0] * X**2 + 2 * H[0, 1] * X * Y + H[1, 1] * Y**2) / 2
        axis.contour(X, Y, Z, levels=Z.max() * np.linspace(0.02, 1.0, 9) ** 2, colors=GREY, linewidths=0.7)
        told = []
        for k, (label, points) in enumerate(paths.get(name, {}).items()):
            told.append(_walk(axis, H, label, points, k))
        axis.plot(0, 0, "*", color=VERMILLION, markeredgecolor=BLACK, markersize=13, label="minimum", zorder=5)
        kappa = number(condition_number(H))
        axis.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="first parameter", aspect="equal")
        axis.set_title(f"{name}: condition number {kappa}")
        sentences.append(f"{name}, condition number {kappa}: {'; '.join(told) or 'no path'}.")
    axes[0].set_ylabel("second parameter")
    legend = {label: handle for axis in axes for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)}
    figure.legend(list(legend.values()), list(legend), loc="outside lower center", ncols=4)
    return finish(figure, " ".join(sentences), title)


def _walk(axis: Axes, H: np.ndarray, label: str, points: ArrayLike, k: int) -> str:
    """Draw one path and tell it in words."""
    walk = np.asarray(points, dtype=np.float64)
    if walk.ndim != 2 or walk.shape[1] != 2 or len(walk) == 0:
        raise ValueError(f"{label} has shape {walk.shape}, expected (S, 2)")
    axis.plot(*walk.T, color=cycle(COLOURS, k), linestyle=cycle(LINES, k), marker=cycle(MARKERS, k), markersize=4.5,
              linewidth=1.4,
              label=label)
    start, end = (f"({number(p[0])}, {number(p[1])}), loss {number(p @ H @ p / 2)}" for p in (walk[0], walk[-1]))
    return f"{label}, {len(walk) - 1} steps from {start}, to {end}"


@picture
def clipping_arrows(
    gradients: Sequence[Sequence[float]], limit: float, *, title: str | None = None
) -> AccessibleFigure:
    """Draw gradients of two numbers, and what clipping makes of them: by value into a square, by norm into a circle.

    Parameters
    ----------
    gradients : sequence of (x, y)
        The gradients.
    limit : float
        Largest size of an entry in the first panel, largest length in the second.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> print(clipping_arrows([(12, 5)], 4).alt_text)
    Gradients as arrows, clipped at 4. By value: (12, 5) becomes (4, 4), direction 22.6 degrees becomes 45.
    By norm: (12, 5) becomes (3.69, 1.54), direction stays 22.6 degrees.
    """
    g = np.asarray(gradients, dtype=np.float64)
    if g.ndim != 2 or g.shape[1] != 2 or len(g) == 0:
        raise ValueError(f"gradients has shape {g.shape}, expected (K, 2)")
    figure, axes = new_figure(9.0, 4.6, columns=2, sharex=True, sharey=True)
    reach = 1.12 * max(float(np.abs(g).max()), limit)
    sentences = [f"Gradients as arrows, clipped at {number(limit)}."]
    for axis, name, clip, target in ((axes[0], "By value", clip_by_value, "into the square, direction changes"),
                                     (axes[1], "By norm", clip_by_norm, "into the circle, direction stays")):
        if clip is clip_by_value:
            axis.add_patch(Rectangle((-limit, -limit), 2 * limit, 2 * limit, fill=False, edgecolor=GREY, linestyle=":"))
        else:
            turn = np.linspace(0, 2 * np.pi, 201)
            axis.plot(limit * np.cos(turn), limit * np.sin(turn), ":", color=GREY, linewidth=1.0)
        told = []
        for arrow in g:
            short = clip(arrow, limit)
            for end, colour, style, width, order in ((arrow, VERMILLION, "--", 1.4, 2), (short, BLUE, "-", 2.6, 3)):
                axis.annotate("", end, (0, 0), zorder=order,
                              arrowprops={"arrowstyle": "-|>", "color": colour, "linestyle": style, "linewidth": width,
                                          "shrinkA": 0, "shrinkB": 0})
            before, after = (float(np.rad2deg(np.arctan2(v[1], v[0]))) + 0.0 for v in (arrow, short))
            kept = abs(before - after) < 1e-9
            turned = f"stays {number(before)} degrees" if kept else f"{number(before)} degrees becomes {number(after)}"
            old, new = (f"({number(v[0])}, {number(v[1])})" for v in (arrow, short))
            told.append(f"{old} becomes {new}, direction {turned}")
        axis.plot([], [], "--", color=VERMILLION, label="gradient")
        axis.plot([], [], "-", color=BLUE, linewidth=2.6, label="clipped")
        axis.plot([], [], ":", color=GREY, label="limit")
        axis.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="first entry", ylabel="second entry", aspect="equal")
        axis.set_title(f"{name.lower()}: {target}")
        sentences.append(f"{name}: {'; '.join(told)}.")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return finish(figure, " ".join(sentences), title)
