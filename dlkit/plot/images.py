"""Pictures of data: grids of images, and codes in the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
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


@picture
def image_grid(
    images: ArrayLike,
    labels: Sequence[object] | None = None,
    *,
    columns: int = 8,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw images in rows, each with its label above.

    Parameters
    ----------
    images : array (N, H, W), (N, 1, H, W), (N, 3, H, W), or (N, D) with D a square number
        Numbers in any range; grey images share one scale. Colour: 0 to 255 if whole numbers, else 0 to 1.
    labels : sequence, optional
        One word or number per image.
    columns : int
        Images per row.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> image_grid(np.eye(4).reshape(1, 4, 4), ["one"]).alt_text
    'Grid of 1 images of 4 by 4 pixels in rows of 1, ink from 0 to 1. Labels, row by row: one.'
    """
    pictures = _as_images(np.asarray(images))
    count, height, width = pictures.shape[:3]
    if labels is not None and len(labels) != count:
        raise ValueError(f"labels has {len(labels)} entries, expected {count}, one per image")
    columns = min(columns, count)
    rows = -(-count // columns)
    cell = 1.0 if columns >= 4 else 2.0
    tall = cell * height / width + (0.28 if labels is not None else 0.05)
    figure, axes = new_figure(cell * columns, min(9.0, tall * rows + 0.3), rows, columns)
    low, high = float(pictures.min()), float(pictures.max())
    for k, axis in enumerate(axes):
        axis.set_axis_off()
        if k < count:
            if pictures.ndim == 4:
                axis.imshow(pictures[k])
            else:
                axis.imshow(pictures[k], cmap="gray_r", vmin=low, vmax=high if high > low else low + 1)
            if labels is not None:
                axis.set_title(str(labels[k]), fontsize=9, fontweight="normal", pad=2)
    figure.photographic = pictures.ndim == 4
    text = f"Grid of {count} images of {height} by {width} pixels in rows of {columns}, "
    text += "in colour." if pictures.ndim == 4 else f"ink from {number(low)} to {number(high)}."
    if labels is not None:
        text += f" Labels, row by row: {listed([str(label) for label in labels], most=40)}."
    return finish(figure, text, title)


@picture
def code_scatter(
    codes: ArrayLike,
    labels: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    axis_names: Sequence[str] = ("code unit 1", "code unit 2"),
    label_name: str = "value",
    title: str | None = None,
) -> AccessibleFigure:
    """Draw codes of two numbers, each point marked by its class, or coloured by a number.

    Parameters
    ----------
    codes : array (N, 2)
        Codes.
    labels : array (N,)
        Whole numbers are classes; classes with names of one letter or digit are drawn as that letter. Floats
        colour the points from dark to light.
    names : sequence of str, optional
        Class names in the order of the labels.
    axis_names : sequence of 2 str
        Names of the axes.
    label_name : str
        Name of the colour scale, for floats.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    codes, labels = np.asarray(codes, dtype=np.float64), np.asarray(labels)
    if codes.ndim != 2 or codes.shape[1] != 2 or len(codes) == 0:
        raise ValueError(f"codes has shape {codes.shape}, expected (N, 2)")
    if labels.shape != (len(codes),):
        raise ValueError(f"labels has shape {labels.shape}, expected ({len(codes)},) to match codes {codes.shape}")
    figure, (axis,) = new_figure(6.4, 4.6)
    if np.issubdtype(labels.dtype, np.floating):
        shown = axis.scatter(*codes.T, c=labels, cmap="viridis", s=16)
        figure.colorbar(shown, ax=axis, label=label_name)
        told = f"{label_name} from {number(labels.min())} to {number(labels.max())}"
    else:
        classes = np.unique(labels)
        words = [str(label) if names is None else str(names[int(label)]) for label in classes]
        middles = []
        for k, (label, word) in enumerate(zip(classes, words, strict=True)):
            here = codes[labels == label]
            letter = len(word) == 1 and word.isalnum()
            axis.scatter(
                *here.T,
                s=36 if letter else 22,
                marker=f"$\\mathrm{{{word}}}$" if letter else cycle(MARKERS, k),
                color=cycle(COLOURS, k),
                linewidths=0.2,
                label=word,
                alpha=0.85,
            )
            middle = here.mean(axis=0)
            middles.append(f"{word} ({len(here)}) around ({number(middle[0])}, {number(middle[1])})")
        if not all(len(word) == 1 and word.isalnum() for word in words):
            axis.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), markerscale=1.6)
        told = f"classes {listed(middles)}"
    axis.set(xlabel=axis_names[0], ylabel=axis_names[1])
    return finish(figure, f"{len(codes)} points over {axis_names[0]} and {axis_names[1]}: {told}.", title)


def _as_images(images: np.ndarray) -> np.ndarray:
    """Bring every accepted form to (N, H, W) or, in colour, to (N, H, W, 3)."""
    shape = images.shape
    if images.ndim == 2:
        side = int(round(shape[1] ** 0.5))
        if side * side == shape[1] and len(images):
            return images.reshape(-1, side, side)
    elif images.ndim == 3 and len(images):
        return images
    elif images.ndim == 4 and shape[1] == 1 and len(images):
        return images[:, 0]
    elif images.ndim == 4 and shape[1] == 3 and len(images):
        top = 255.0 if np.issubdtype(images.dtype, np.integer) else 1.0
        return np.clip(images.transpose(0, 2, 3, 1) / top, 0.0, 1.0)
    raise ValueError(f"images has shape {shape}, expected (N, H, W), (N, 1, H, W), (N, 3, H, W) or (N, side * side)")
