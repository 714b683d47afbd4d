"""Pictures of signals in deep networks: activations and gradients layer by layer, runs of training, number formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike

from dlkit.plot.functions import as_vector, place_legend, plot_curve
from dlkit.plot.style import (
    BLUE,
    COLOURS,
    GREY,
    HATCHES,
    ORANGE,
    AccessibleFigure,
    cycle,
    finish,
    listed,
    new_figure,
    number,
    picture,
)


@picture
def signal_histograms(
    signals: Mapping[str, Sequence[ArrayLike]],
    *,
    value_range: tuple[float, float] = (-1.0, 1.0),
    value_label: str = "activation",
    bins: int = 61,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw how the values of a signal are spread at each layer: one panel per network, one column per layer.

    Parameters
    ----------
    signals : mapping of str to sequence of array
        For each network the values at each layer, such as ``trace(...).outputs``.
    value_range : (low, high)
        Vertical axis; what lies outside is counted at its ends.
    value_label, title : str
        Words of the picture.
    bins : int
        Number of cells on the vertical axis; an odd one has a cell around the middle.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> signal_histograms({"fading": [[0.5, -0.5], [0.0, 0.0]]}).alt_text
    'How the activation is spread at each of 2 layers, from -1 to 1. fading: standard deviation 0.5 at layer 1, 0 at layer 2.'
    """
    if not signals or not all(len(layers) for layers in signals.values()):
        raise ValueError("signals is empty, expected at least one network with at least one layer")
    low, high = value_range
    edges = np.linspace(low, high, bins + 1)
    columns = min(3, len(signals))
    rows = -(-len(signals) // columns)
    figure, axes = new_figure(3.1 * columns + 0.9, 2.5 * rows + 0.5, rows, columns, sharey=True)
    sentences, image = [], None
    for axis, (name, layers) in zip(axes, signals.items(), strict=False):
        values = [np.asarray(layer, dtype=np.float64).ravel() for layer in layers]
        share = np.stack([np.histogram(np.clip(v, low, high), edges)[0] / v.size for v in values], axis=1)
        image = axis.pcolormesh(
            np.arange(len(values) + 1) + 0.5, edges, np.where(share > 0, share, np.nan), cmap="viridis_r", rasterized=True,
            norm=LogNorm(1e-3, 1.0, clip=True),
        )  # fmt: skip
        axis.set_title(name)
        axis.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        spread = [float(v.std()) for v in values]
        sentences.append(f"{name}: standard deviation {number(spread[0])} at layer 1, {_tell(spread, 1)}.")
    for axis in axes[len(signals):]:
        axis.set_axis_off()
    for k, axis in enumerate(axes[: len(signals)]):
        if k % columns == 0:
            axis.set_ylabel(value_label)
        if k + columns >= len(signals):
            axis.set_xlabel("layer")
    figure.colorbar(image, ax=axes, label="share of the values", shrink=0.8)
    depth = max(len(layers) for layers in signals.values())
    lead = f"How the {value_label} is spread at each of {depth} layers, from {number(low)} to {number(high)}."
    return finish(figure, " ".join([lead, *sentences]), title)


def _tell(values: Sequence[float], after: int) -> str:
    """Values at the middle and the last layer, in words."""
    marks = sorted({(len(values) + 1) // 2, len(values)} - {after}) or [len(values)]
    return " and ".join(f"{number(values[k - 1])} at layer {k}" for k in marks)


@picture
def signal_sizes(
    forward: Mapping[str, ArrayLike],
    backward: Mapping[str, ArrayLike] | None = None,
    *,
    forward_label: str = "size of the activations",
    backward_label: str = "size of the gradients",
    title: str | None = None,
) -> AccessibleFigure:
    """Draw how large a signal is at each layer, on a logarithmic scale: forwards, and beside it backwards.

    Parameters
    ----------
    forward : mapping of str to array (L,)
        Root mean square of the activations after each layer, for each network.
    backward : mapping of str to array (L,), optional
        The same of the gradients. It is read from right to left: they begin at the last layer.
    forward_label, backward_label, title : str
        Words of the picture.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> signal_sizes({"halved": [1.0, 0.5, 0.25]}).alt_text
    'Size of the activations by layer. halved: 1 at layer 1, 0.5 at layer 2 and 0.25 at layer 3.'
    """
    panels = [(forward_label, forward, 1)] + ([(backward_label, backward, -1)] if backward else [])
    figure, axes = new_figure(4.4 * len(panels) + (1.2 if len(panels) == 1 else 0), 3.9, columns=len(panels))
    sentences = []
    for axis, (label, series, direction) in zip(axes, panels, strict=True):
        sentences.append(f"{label[0].upper()}{label[1:]} by layer.")
        for k, (name, values) in enumerate(series.items()):
            y = as_vector(name, values)
            shown = np.where((y > 0) & np.isfinite(y), y, np.nan)
            plot_curve(axis, np.arange(1, len(y) + 1), shown, k, name)
            sentences.append(f"{name}: {_walk(y, direction)}.")
        axis.set_yscale("log")
        axis.set(xlabel="layer", ylabel=label)
        axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axis.axhline(1.0, color=GREY, linewidth=0.6)
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=min(len(names), 4 if max(map(len, names)) < 20 else 2))
    if len(panels) == 2:
        axes[1].annotate("", xy=(0.3, 1.03), xytext=(0.7, 1.03), xycoords="axes fraction", arrowprops={"arrowstyle": "->"})
        axes[0].annotate("", xy=(0.7, 1.03), xytext=(0.3, 1.03), xycoords="axes fraction", arrowprops={"arrowstyle": "->"})
    return finish(figure, " ".join(sentences), title)


def _walk(y: np.ndarray, direction: int) -> str:
    """First, middle and last value in the order in which the signal travels."""
    layers = sorted({1, (len(y) + 1) // 2, len(y)})[::direction]
    return listed([f"{number(y[k - 1])} at layer {k}" for k in layers])


@picture
def training_runs(
    runs: Mapping[str, ArrayLike],
    *,
    y_label: str = "loss",
    log_y: bool = False,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw several trainings that were repeated: for each the middle run, and a band from the lowest to the highest.

    Parameters
    ----------
    runs : mapping of str to array (S, E)
        For each way of training, S repetitions of E epochs.
    y_label, title : str
        Words of the picture.
    log_y : bool
        Logarithmic vertical axis.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> training_runs({"He": [[0.9, 0.3], [0.8, 0.1], [0.7, 0.2]]}).alt_text
    'loss over 2 epochs, median and range of 3 runs. He: from 0.8 to 0.2, at the end 0.1 to 0.3.'
    """
    figure, (axis,) = new_figure(7.0, 4.2)
    sentences, longest, most = [], 0, 0
    for k, (name, values) in enumerate(runs.items()):
        table = np.asarray(values, dtype=np.float64)
        if table.ndim != 2 or table.size == 0:
            raise ValueError(f"{name} has shape {table.shape}, expected (S, E): repetitions and epochs")
        table = np.where(np.isfinite(table), table, np.inf)  # a run that overflowed is worse than any other
        middle, epochs = np.median(table, axis=0), np.arange(1, table.shape[1] + 1)
        longest, most = max(longest, len(epochs)), max(most, len(table))
        label = name if np.isfinite(middle).any() else f"{name} (overflowed)"
        plot_curve(axis, epochs, np.where(np.isfinite(middle), middle, np.nan), k, label)
        drawn = np.isfinite(table.max(axis=0))
        low, high = table.min(axis=0)[drawn], table.max(axis=0)[drawn]
        axis.fill_between(epochs[drawn], low, high, color=cycle(COLOURS, k), alpha=0.15, linewidth=0)
        sentences.append(f"{name}: {_tell_runs(table, middle)}.")
    axis.set(xlabel="epoch", ylabel=y_label)
    axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    if log_y:
        axis.set_yscale("log")
    place_legend(axis, max(len(runs), 6))
    lead = f"{y_label} over {longest} epochs, median and range of {most} runs."
    return finish(figure, " ".join([lead, *sentences]), title)


def _tell_runs(table: np.ndarray, middle: np.ndarray) -> str:
    """Where repeated runs begin and end, and how many of them overflowed."""
    lost = int(np.isinf(table[:, -1]).sum())
    if lost:
        return f"{lost} of {len(table)} runs overflowed"
    end = f"{number(table[:, -1].min())} to {number(table[:, -1].max())}"
    return f"from {number(middle[0])} to {number(middle[-1])}, at the end {end}"


@picture
def float_ranges(
    formats: Mapping[str, tuple[float, float, float, int]],
    samples: Mapping[str, ArrayLike] | None = None,
    *,
    limits: tuple[float, float] = (-46.0, 46.0),
    title: str | None = None,
) -> AccessibleFigure:
    """Draw which sizes of numbers each floating-point format holds, and where the numbers of a computation lie.

    Parameters
    ----------
    formats : mapping of str to (smallest, smallest_normal, largest, digits)
        For each format its limits, and its decimal digits.
    samples : mapping of str to array, optional
        Numbers whose sizes are drawn as histograms above the formats; zeros are left out.
    limits : (low, high)
        Powers of ten shown; wider formats are cut off, with an arrow.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> float_ranges({"float16": (6e-8, 6.1e-5, 65504.0, 3)}).alt_text
    'Sizes of numbers that floating-point formats hold. float16: 6.1e-05 to 65504 with 3 digits, down to 6e-08 with fewer.'
    """
    panels = 2 if samples else 1
    height = 0.55 * len(formats) + 0.9
    figure, axes = new_figure(7.4, height + (2.0 if samples else 0.3), panels, 1, sharex=True,
                              **({"height_ratios": (1.9, height)} if samples else {}))  # fmt: skip
    axis, sentences = axes[-1], []
    low, high = limits
    for k, (name, (smallest, normal, largest, digits)) in enumerate(formats.items()):
        _range_bar(axis, k, np.log10([smallest, normal, largest]), limits)
        middle = (max(np.log10(normal), low) + min(np.log10(largest), high)) / 2
        axis.text(middle, k, f"{digits} digits", ha="center", va="center", color="white", fontsize=9)
        told = f"{number(normal)} to {number(largest)} with {digits} digits"
        sentences.append(f"{name}: {told}, down to {number(smallest)} with fewer.")
    axis.set_yticks(range(len(formats)), list(formats))
    axis.invert_yaxis()
    axis.set(xlabel="size of the number", xlim=limits)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda power, _: f"$10^{{{power:.0f}}}$"))
    for k, (name, values) in enumerate((samples or {}).items()):
        sizes = np.abs(np.asarray(values, dtype=np.float64).ravel())
        powers = np.log10(sizes[sizes > 0])
        if not powers.size:
            raise ValueError(f"{name} has no number but 0, expected at least one to draw")
        weights = np.full(powers.size, 1 / powers.size)
        axes[0].hist(powers, np.linspace(low, high, 121), weights=weights, alpha=0.75, color=cycle(COLOURS, k + 1),
                     hatch=cycle(HATCHES, k), edgecolor="black", linewidth=0.4, label=name)  # fmt: skip
        ends = 10 ** np.quantile(powers, [0.01, 0.99])
        sentences.append(f"{name}: 98 of 100 lie between {number(ends[0])} and {number(ends[1])}.")
    if samples:
        axes[0].set(ylabel="share", yticks=[])
        axes[0].legend(loc="upper left")
    return finish(figure, " ".join(["Sizes of numbers that floating-point formats hold.", *sentences]), title)


def _range_bar(axis: Axes, row: int, powers: np.ndarray, limits: tuple[float, float]) -> None:
    """One format: solid where all digits are there, hatched where they get lost."""
    low, high = limits
    smallest, normal, largest = np.clip(powers, low, high)
    axis.barh(row, largest - normal, left=normal, height=0.55, color=BLUE, edgecolor="black", linewidth=0.5)
    if normal > smallest:
        axis.barh(row, normal - smallest, left=smallest, height=0.55, color=ORANGE, edgecolor="black", hatch="///",
                  linewidth=0.5)  # fmt: skip
    for end, step, cut in ((smallest, -1.0, powers[0] < low), (largest, 1.0, powers[2] > high)):
        if cut:
            axis.annotate("", xy=(end, row), xytext=(end - 3 * step, row),
                          arrowprops={"arrowstyle": "->", "color": "white", "linewidth": 1.5})  # fmt: skip
