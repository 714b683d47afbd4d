"""Pictures of classifiers in the plane: which class they give to each point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_rgb
from numpy.typing import ArrayLike

from dlkit.plot.style import (
    COLOURS,
    MARKERS,
    AccessibleFigure,
    cycle,
    finish,
    listed,
    new_figure,
    number,
    picture,
)

Predict = Callable[[np.ndarray], ArrayLike]


def decision_boundary(
    predict: Predict,
    X: ArrayLike,
    y: ArrayLike,
    *,
    title: str | None = None,
    class_names: Sequence[str] | None = None,
    feature_names: Sequence[str] = ("x1", "x2"),
    resolution: int = 160,
) -> AccessibleFigure:
    """Draw which class a classifier gives to each point of the plane, and the data on top.

    Parameters
    ----------
    predict : callable
        ``predict(X)`` with X (M, 2) gives labels (M,), or scores (M, K) of which the largest wins.
    X : array (N, 2)
        Points.
    y : array (N,)
        Their labels.
    title : str, optional
        Title.
    class_names : sequence of str, optional
        Names in the order of the sorted labels.
    feature_names : sequence of 2 str
        Names of the axes.
    resolution : int
        Grid points per axis.

    Returns
    -------
    AccessibleFigure
    """
    return decision_boundaries(
        {title or "": predict},
        X,
        y,
        class_names=class_names,
        feature_names=feature_names,
        resolution=resolution,
    )


@picture
def decision_boundaries(
    predicts: Mapping[str, Predict],
    X: ArrayLike,
    y: ArrayLike,
    *,
    title: str | None = None,
    class_names: Sequence[str] | None = None,
    feature_names: Sequence[str] = ("x1", "x2"),
    resolution: int = 160,
) -> AccessibleFigure:
    """Draw the regions of several classifiers side by side, each under its name.

    Parameters
    ----------
    predicts : mapping of str to callable
        Classifiers as for :func:`decision_boundary`, by name.
    X, y, title, class_names, feature_names, resolution
        As for :func:`decision_boundary`.

    Returns
    -------
    AccessibleFigure
    """
    X, y = check_points(X, y)
    if not predicts:
        raise ValueError("predicts is empty, expected at least one classifier")
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.12 * np.maximum(high - low, 1e-9)
    low, high = low - margin, high + margin
    grid = np.stack(
        np.meshgrid(np.linspace(low[0], high[0], resolution), np.linspace(low[1], high[1], resolution)),
        axis=-1,
    )
    maps = {name: _labels(f, grid.reshape(-1, 2)) for name, f in predicts.items()}
    labels = np.unique(np.concatenate([y, *maps.values()]))
    names = name_classes(class_names, labels)

    count = len(predicts)
    figure, axes = new_figure(5.2 if count == 1 else 3.9 * count, 4.2 if count == 1 else 3.9, columns=count)
    sentences = []
    for axis, (name, predict) in zip(axes, predicts.items(), strict=True):
        regions = np.searchsorted(labels, maps[name]).reshape(resolution, resolution)
        _draw_regions(axis, grid, regions, names, X)
        draw_points(axis, X, y, labels, names)
        axis.set(xlabel=feature_names[0], ylabel=feature_names[1], title=name)
        axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        right = int(np.sum(_labels(predict, X) == y))
        shares = [f"{names[k]} {100 * np.mean(regions == k):.0f} %" for k in range(len(labels))]
        sentences.append(
            f"{name or 'The classifier'} gives the right class to {right} of {len(X)} points; "
            f"shares of the area: {listed(shares)}."
        )
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=min(len(labels), 5))
    counts = [f"{np.sum(y == label)} of {name}" for label, name in zip(labels, names, strict=True)]
    where = (
        f"Decision regions over {feature_names[0]} from {number(low[0])} to {number(high[0])} and "
        f"{feature_names[1]} from {number(low[1])} to {number(high[1])}, "
        f"with {len(X)} points: {listed(counts)}."
    )
    return finish(figure, " ".join([where, *sentences]), title)


def check_points(X: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return points and labels as arrays, or say which shape is wrong."""
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) == 0:
        raise ValueError(f"X has shape {X.shape}, expected (N, 2): a plane has two features")
    if y.shape != (len(X),):
        raise ValueError(f"y has shape {y.shape}, expected ({len(X)},) to match X {X.shape}")
    return X, y


def _labels(predict: Predict, X: np.ndarray) -> np.ndarray:
    answer = np.asarray(predict(X))
    if answer.ndim == 2 and answer.shape[1] > 1:
        return answer.argmax(axis=1)
    if answer.size != len(X):
        raise ValueError(f"predict gave shape {answer.shape}, expected ({len(X)},) labels or ({len(X)}, K) scores")
    return answer.reshape(len(X))


def name_classes(class_names: Sequence[str] | None, labels: np.ndarray) -> list[str]:
    """Return a name for each of the sorted labels."""
    if class_names is None:
        return [f"class {number(label)}" for label in labels]
    if len(class_names) < len(labels):
        raise ValueError(f"class_names has {len(class_names)} names, expected {len(labels)}")
    whole = all(float(v).is_integer() and 0 <= v < len(class_names) for v in labels)
    return [str(class_names[int(v)] if whole else class_names[i]) for i, v in enumerate(labels)]


def _draw_regions(axis: Axes, grid: np.ndarray, regions: np.ndarray, names: Sequence[str], X: np.ndarray) -> None:
    count = len(names)
    pale = ListedColormap([tuple(1 - 0.28 * (1 - np.array(to_rgb(cycle(COLOURS, k))))) for k in range(count)])
    x, y = grid[..., 0], grid[..., 1]
    axis.pcolormesh(x, y, regions, cmap=pale, vmin=-0.5, vmax=count - 0.5, shading="nearest")
    for k in range(count):
        inside = (regions == k).astype(float)
        if 0 < inside.sum() < inside.size:
            axis.contour(x, y, inside, levels=[0.5], colors="black", linewidths=0.9)
    _name_regions(axis, grid, regions, names, X)


def _name_regions(axis: Axes, grid: np.ndarray, regions: np.ndarray, names: Sequence[str], X: np.ndarray) -> None:
    """Write its class into each region, where it is far from other regions, points and the frame."""
    step = max(1, len(grid) // 32)
    spots = grid[step // 2 :: step, step // 2 :: step].reshape(-1, 2)
    kinds = regions[step // 2 :: step, step // 2 :: step].ravel()
    low, high = grid[0, 0], grid[-1, -1]
    spots, points = (spots - low) / (high - low), (X - low) / (high - low)
    frame = np.minimum(spots, 1 - spots) / (0.16, 0.06)
    room = np.minimum(frame.min(axis=1), 1.0) * 0.2
    to_points = np.sqrt(((spots[:, None] - points) ** 2).sum(axis=2)).min(axis=1)
    for k, name in enumerate(names):
        here, other = kinds == k, kinds != k
        if here.sum() < 8:
            continue
        free = np.minimum(room[here], 2 * to_points[here])
        if other.any():
            apart = np.sqrt(((spots[here][:, None] - spots[other]) ** 2).sum(axis=2)).min(axis=1)
            free = np.minimum(free, apart)
        spot = low + spots[here][free.argmax()] * (high - low)
        axis.text(
            *spot,
            name,
            ha="center",
            va="center",
            fontsize=9,
            style="italic",
            bbox={"facecolor": "white", "alpha": 0.65, "edgecolor": "none", "pad": 1.5},
            zorder=4,
        )


def draw_points(axis: Axes, X: np.ndarray, y: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> None:
    """Draw the points of each class with a marker of its own."""
    size = 34 if len(X) <= 150 else 18
    for k, label in enumerate(labels):
        here = y == label
        axis.scatter(
            *X[here].T,
            s=size,
            marker=cycle(MARKERS, k),
            color=cycle(COLOURS, k),
            edgecolors="black",
            linewidths=0.5,
            label=names[k],
            zorder=3,
        )
