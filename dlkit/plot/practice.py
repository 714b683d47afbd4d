"""Pictures of a search for hyperparameters: where it looked, and what a Gaussian process believes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from dlkit.plot.functions import as_vector
from dlkit.plot.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    PALE,
    SKY,
    VERMILLION,
    AccessibleFigure,
    finish,
    new_figure,
    number,
    picture,
)


@picture
def search_points(
    searches: Mapping[str, ArrayLike],
    scores: Mapping[str, ArrayLike],
    *,
    names: Sequence[str] = ("learning rate", "hidden units"),
    log_x: bool = True,
    log_y: bool = True,
    score_label: str = "validation accuracy",
    title: str | None = None,
) -> AccessibleFigure:
    """Draw where searches over two hyperparameters looked, side by side; larger and darker is better.

    Short lines on the axes show how many different values each search has tried.

    Parameters
    ----------
    searches : mapping of str to array (S, 2)
        Points tried, by the name of the search.
    scores : mapping of str to array (S,)
        Their scores, the higher the better, under the same names.
    names : sequence of 2 str
        Names of the hyperparameters, the horizontal one first.
    log_x, log_y : bool
        Logarithmic axes.
    score_label, title : str
        Words of the picture.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> search_points({"grid": [[0.1, 8], [0.1, 16]]}, {"grid": [0.5, 0.75]}, score_label="accuracy").alt_text[-60:]
    'best accuracy 0.75 at learning rate 0.1 and hidden units 16.'
    """
    if searches.keys() != scores.keys():
        raise ValueError(f"scores has the names {sorted(scores)}, expected {sorted(searches)} to match searches")
    figure, axes = new_figure(4.2 * len(searches) + 0.6, 3.9, 1, len(searches), sharex=True, sharey=True)
    found = {name: as_vector(name, values) for name, values in scores.items()}
    every = np.concatenate(list(found.values()))
    low, high = float(every.min()), float(every.max())
    sentences = []
    for axis, (name, points) in zip(axes, searches.items(), strict=True):
        points = np.asarray(points, dtype=np.float64)
        if points.shape != (len(found[name]), 2):
            expected = f"({len(found[name])}, 2) to match its scores"
            raise ValueError(f"searches[{name!r}] has shape {points.shape}, expected {expected}")
        x, y, score = points[:, 0], points[:, 1], found[name]
        share = (score - low) / (high - low) if high > low else np.ones_like(score)
        drawn = axis.scatter(x, y, s=30 + 170 * share, c=score, cmap="viridis_r", vmin=low, vmax=high, edgecolors="black",
                             linewidths=0.6, zorder=2)  # fmt: skip
        best = int(score.argmax())
        axis.scatter(x[best], y[best], s=340, facecolors="none", edgecolors=VERMILLION, linewidths=2.2, zorder=3)
        marks = {"color": BLACK, "markersize": 9, "linestyle": "none", "clip_on": False}
        axis.plot(x, np.full_like(x, -0.012), marker="|", transform=axis.get_xaxis_transform(), **marks)
        axis.plot(np.full_like(y, -0.012), y, marker="_", transform=axis.get_yaxis_transform(), **marks)
        axis.set(xlabel=names[0], title=name)
        axis.margins(0.12)
        different = [len(np.unique(column)) for column in (x, y)]
        sentences.append(
            f"{name}: {len(x)} points, {different[0]} values of {names[0]} and {different[1]} of {names[1]}, "
            f"best {score_label} {number(score[best])} at {names[0]} {number(x[best])} and {names[1]} {number(y[best])}."
        )
    if log_x:
        axes[0].set_xscale("log")
    if log_y:
        axes[0].set_yscale("log", base=2)
        axes[0].yaxis.set_major_formatter("{x:g}")
    axes[0].set_ylabel(names[1])
    figure.colorbar(drawn, ax=axes, label=score_label, shrink=0.9)
    return finish(figure, " ".join([f"{score_label} over {names[0]} and {names[1]}.", *sentences]), title)


@picture
def bayesian_step(
    x: ArrayLike,
    mean: ArrayLike,
    std: ArrayLike,
    improvement: ArrayLike,
    x_seen: ArrayLike,
    y_seen: ArrayLike,
    *,
    truth: ArrayLike | None = None,
    x_label: str = "hyperparameter",
    y_label: str = "score",
    title: str | None = None,
) -> AccessibleFigure:
    """Draw one step of Bayesian optimisation: what is known, how surely, and where it pays to look next.

    Parameters
    ----------
    x, mean, std, improvement : array (M,)
        Candidates; mean and standard deviation of the belief there; expected improvement.
    x_seen, y_seen : array (N,)
        What was evaluated so far.
    truth : array (M,), optional
        The unknown function, to compare.
    x_label, y_label, title : str
        Words of the picture.

    Returns
    -------
    AccessibleFigure
    """
    x, mean, std, improvement = (as_vector("x", v) for v in (x, mean, std, improvement))
    x_seen, y_seen = as_vector("x_seen", x_seen), as_vector("y_seen", y_seen)
    figure, (above, below) = new_figure(6.6, 4.6, 2, 1, sharex=True, height_ratios=(2.4, 1))
    above.fill_between(x, mean - 2 * std, mean + 2 * std, color=PALE, edgecolor=SKY, linewidth=0.8, label="mean ± 2 std")
    if truth is not None:
        above.plot(x, as_vector("truth", truth), "--", color=GREY, linewidth=1.2, label="the truth (unknown)")
    above.plot(x, mean, color=BLUE, label="belief: mean")
    above.plot(x_seen, y_seen, "o", color=BLACK, label="evaluated")
    next_one = float(x[improvement.argmax()])
    below.fill_between(x, 0, improvement, color=GREEN, alpha=0.35)
    below.plot(x, improvement, color=GREEN)
    for axis in (above, below):
        axis.axvline(next_one, color=VERMILLION, linestyle=":", linewidth=1.6)
    below.plot([next_one], [improvement.max()], "v", color=VERMILLION)
    peak = (next_one, float(improvement.max()))
    below.annotate("next", peak, xytext=(6, 0), textcoords="offset points", color=VERMILLION, va="center")
    above.set_ylabel(y_label)
    above.legend(loc="best", fontsize=8)
    below.set(xlabel=x_label, ylabel="expected\nimprovement")
    below.set_ylim(0, 1.25 * max(float(improvement.max()), 1e-12))
    best = int(y_seen.argmax())
    text = (
        f"Belief about {y_label} over {x_label} from {number(x.min())} to {number(x.max())} after {len(x_seen)} evaluations. "
        f"Best so far {number(y_seen[best])} at {number(x_seen[best])}. The standard deviation goes from {number(std.min())} "
        f"to {number(std.max())}. Expected improvement is largest at {number(next_one)}: there it looks next."
    )
    return finish(figure, text, title)
