"""Pictures of tables of numbers: heat maps, confusion matrices, bars, outlier scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from dlkit.plot.style import (
    BLUE,
    COLOURS,
    GREY,
    HATCHES,
    VERMILLION,
    AccessibleFigure,
    cycle,
    finish,
    listed,
    new_figure,
    number,
    picture,
)


@picture
def heat_map(
    values: ArrayLike,
    *,
    row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
    x_label: str = "column",
    y_label: str = "row",
    annotate: bool | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw a matrix as coloured cells, with the numbers in them where there is room.

    Parameters
    ----------
    values : array (R, C)
        Numbers. With both signs, blue is negative and red positive, zero white.
    row_names, column_names : sequence of str, optional
        Names; counted from 0 if not given.
    x_label, y_label, title : str
        Words of the picture.
    annotate : bool, optional
        Write the numbers; by default up to 12 rows and columns.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> heat_map([[1, 2], [3, 4]]).alt_text
    'Table of 2 rows and 2 columns, values from 1 to 4. row 0: 1 and 2. row 1: 3 and 4.'
    """
    table = _matrix("values", values)
    rows, columns = table.shape
    row_names, column_names = (
        _names(row_names, rows, "row_names"),
        _names(column_names, columns, "column_names"),
    )
    figure, (axis,) = new_figure(min(8.0, 2.4 + 0.5 * columns), min(6.0, 1.8 + 0.42 * rows))
    image = _cells(axis, table, max(rows, columns) <= 12 if annotate is None else annotate)
    figure.colorbar(image, ax=axis, shrink=0.85)
    _name_ticks(axis, row_names, column_names)
    axis.set(xlabel=x_label, ylabel=y_label)
    text = f"Table of {rows} rows and {columns} columns, "
    text += f"values from {number(table.min())} to {number(table.max())}."
    if rows * columns <= 64:
        text += " " + " ".join(f"{y_label} {n}: {listed(r)}." for n, r in zip(row_names, table, strict=True))
    else:
        i, j = np.unravel_index(table.argmax(), table.shape)
        text += f" The largest is in {y_label} {row_names[i]}, {x_label} {column_names[j]}."
    return finish(figure, text, title)


@picture
def confusion(matrix: ArrayLike, names: Sequence[str] | None = None, *, title: str | None = None) -> AccessibleFigure:
    """Draw a confusion matrix: row is the true class, column the predicted one.

    Parameters
    ----------
    matrix : array (K, K)
        Counts.
    names : sequence of str, optional
        Class names.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    table = _matrix("matrix", matrix)
    if table.shape[0] != table.shape[1]:
        raise ValueError(f"matrix has shape {table.shape}, expected (K, K)")
    names = _names(names, len(table), "names")
    size = min(7.0, 2.2 + 0.5 * len(table))
    figure, (axis,) = new_figure(size + 0.6, size)
    _cells(axis, table, True)
    _name_ticks(axis, names, names)
    axis.set(xlabel="predicted class", ylabel="true class")
    total, right = table.sum(), np.trace(table)
    text = f"Confusion matrix of {len(table)} classes: {number(right)} of {number(total)} right."
    wrong = table - np.diag(np.diag(table))
    if wrong.max() > 0:
        i, j = np.unravel_index(wrong.argmax(), wrong.shape)
        text += f" The most frequent mistake: {number(wrong[i, j])} of {names[i]} taken for {names[j]}."
    told = [f"{names[k]} {number(table[k, k])} of {number(table[k].sum())}" for k in range(len(table))]
    return finish(figure, f"{text} Right by class: {listed(told)}.", title)


@picture
def bars(
    names: Sequence[str],
    values: ArrayLike | Mapping[str, ArrayLike],
    *,
    x_label: str = "value",
    highlight: int = 0,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw a horizontal bar for each name, such as the saliency of each feature.

    Parameters
    ----------
    names : sequence of str
        One name per bar, drawn from top to bottom.
    values : array (N,), or mapping of str to array (N,)
        Lengths; several series are drawn side by side with different hatching.
    x_label, title : str
        Words of the picture.
    highlight : int
        The so many largest bars are marked (one series only).

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> bars(["a", "b"], [0.25, 0.75], x_label="share").alt_text
    'Bars of share: a 0.25 and b 0.75.'
    """
    series = dict(values) if isinstance(values, Mapping) else {"": values}
    table = {name: np.asarray(v, dtype=np.float64) for name, v in series.items()}
    for name, v in table.items():
        if v.shape != (len(names),):
            raise ValueError(f"values {name!r} has shape {v.shape}, expected ({len(names)},), one per name")
    figure, (axis,) = new_figure(6.4, min(9.0, 1.2 + 0.27 * len(names) * max(1, 0.8 * len(table))))
    places, thick = np.arange(len(names)), 0.8 / len(table)
    sentences = []
    for k, (name, v) in enumerate(table.items()):
        shift = (k - (len(table) - 1) / 2) * thick
        drawn = axis.barh(places + shift, v, height=thick, color=cycle(COLOURS, k), edgecolor="black",
                          linewidth=0.5, hatch=cycle(HATCHES, k), label=name or None)  # fmt: skip
        told = [f"{n} {number(x)}" for n, x in zip(names, v, strict=True)]
        sentences.append(f"{name or x_label}: {listed(told, most=20)}.")
        if highlight and len(table) == 1:
            for i in np.argsort(-v)[:highlight]:
                drawn[int(i)].set(facecolor=VERMILLION, hatch="///")
            best = [names[int(i)] for i in np.argsort(-v, kind="stable")[:highlight]]
            sentences.append(f"Marked as largest: {listed(best)}.")
        if len(names) * len(table) <= 30:
            axis.bar_label(drawn, labels=[number(x) for x in v], padding=3, fontsize=8)
    axis.set_yticks(places, names)
    axis.invert_yaxis()
    axis.margins(x=0.12)
    axis.axvline(0, color="black", linewidth=0.8)
    axis.set(xlabel=x_label)
    if len(table) > 1:
        axis.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        return finish(figure, " ".join([f"Bars of {x_label}.", *sentences]), title)
    return finish(figure, "Bars of " + " ".join(sentences), title)


@picture
def outlier_scores(
    entry: ArrayLike,
    row: ArrayLike,
    column: ArrayLike,
    *,
    column_names: Sequence[str] | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the reconstruction error of each entry, with the scores of rows and columns at the sides.

    Parameters
    ----------
    entry : array (N, D)
        Scores of entries, as ``dlkit.numpy.autoencoder.reconstruction_scores`` gives them.
    row : array (N,)
        Scores of rows.
    column : array (D,)
        Scores of columns.
    column_names : sequence of str, optional
        Names of the columns.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    table = _matrix("entry", entry)
    rows, columns = np.asarray(row, dtype=np.float64), np.asarray(column, dtype=np.float64)
    if rows.shape != (table.shape[0],) or columns.shape != (table.shape[1],):
        raise ValueError(f"row {rows.shape} and column {columns.shape} do not match entry {table.shape}")
    names = _names(column_names, table.shape[1], "column_names")
    figure, axes = new_figure(6.8, 4.8, 2, 2, width_ratios=(3.4, 1), height_ratios=(1, 3.4))
    top, corner, main, side = axes
    corner.set_axis_off()
    worst_row, worst_column = int(rows.argmax()), int(columns.argmax())
    _cells(main, table, max(table.shape) <= 12)
    main.set_aspect("auto")
    _name_ticks(main, [str(i) for i in range(len(rows))], names)
    main.set(xlabel="column", ylabel="row")
    at = np.arange(len(columns))
    for k, bar in enumerate(top.bar(at, columns, color=BLUE, edgecolor="black", linewidth=0.5)):
        if k == worst_column:
            bar.set(facecolor=VERMILLION, hatch="///")
    for k, bar in enumerate(side.barh(np.arange(len(rows)), rows, color=BLUE, edgecolor="black", linewidth=0.5)):
        if k == worst_row:
            bar.set(facecolor=VERMILLION, hatch="///")
    top.set(xlim=main.get_xlim(), ylabel="column score", xticks=[])
    side.set(ylim=main.get_ylim(), xlabel="row score", yticks=[])
    i, j = np.unravel_index(table.argmax(), table.shape)
    text = (
        f"Reconstruction errors of {len(rows)} rows and {len(columns)} columns. Largest entry: "
        f"{number(table[i, j])} in row {i}, column {names[j]}. "
        f"Largest row score: {number(rows.max())}, row {worst_row}; the median is {number(np.median(rows))}. "
        f"Largest column score: {number(columns.max())}, column {names[worst_column]}."
    )
    return finish(figure, text, title)


def _matrix(name: str, values: ArrayLike) -> np.ndarray:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.size == 0:
        raise ValueError(f"{name} has shape {table.shape}, expected (R, C) with at least one number")
    return table


def _names(names: Sequence[str] | None, count: int, argument: str) -> list[str]:
    if names is None:
        return [str(k) for k in range(count)]
    if len(names) != count:
        raise ValueError(f"{argument} has {len(names)} names, expected {count}")
    return [str(name) for name in names]


def _cells(axis: Axes, table: np.ndarray, annotate: bool):
    low, high = float(table.min()), float(table.max())
    if low < 0 < high:
        reach = max(-low, high)
        image = axis.imshow(table, cmap="RdBu_r", vmin=-reach, vmax=reach)
        dark = np.abs(table) > 0.6 * reach
    else:
        image = axis.imshow(table, cmap="Blues", vmin=low, vmax=high if high > low else low + 1)
        dark = table > low + 0.6 * (high - low)
    axis.spines[:].set_visible(True)
    axis.spines[:].set_color(GREY)
    if annotate:
        for (i, j), value in np.ndenumerate(table):
            colour = "white" if dark[i, j] else "black"
            axis.text(j, i, number(value), ha="center", va="center", fontsize=8, color=colour)
    return image


def _name_ticks(axis: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    for names, put in ((rows, axis.set_yticks), (columns, axis.set_xticks)):
        every = max(1, -(-len(names) // 20))
        put(range(0, len(names), every), names[::every])
    if max(len(name) for name in columns) > 3:
        axis.tick_params(axis="x", rotation=40)
        for label in axis.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")
