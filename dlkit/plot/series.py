"""Pictures of what changes with time: schedules of the learning rate, moving averages and how they forget."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from dlkit.plot.functions import as_vector, place_legend, plot_curve, tell_curve
from dlkit.plot.style import GREY, AccessibleFigure, finish, new_figure, number, picture


@picture
def schedules(
    schedules: Mapping[str, Callable[[int], float]],
    epochs: int,
    *,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw schedules of the learning rate: the rate of each epoch, counted from 0.

    Parameters
    ----------
    schedules : mapping of str to callable
        ``schedule(epoch)`` gives the rate, by name.
    epochs : int
        How many epochs are shown.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> schedules({"halving": lambda epoch: 0.5**epoch}, 3).alt_text
    'Learning rate over 3 epochs. halving: from 1 at epoch 0 to 0.25 at epoch 2, largest 1 at epoch 0.'
    """
    when = np.arange(epochs)
    figure, (axis,) = new_figure(6.6, 3.8)
    sentences = []
    for k, (name, schedule) in enumerate(schedules.items()):
        rates = as_vector(name, [schedule(int(epoch)) for epoch in when])
        plot_curve(axis, when, rates, k, name)
        peak = int(rates.argmax())
        sentences.append(
            f"{name}: from {number(rates[0])} at epoch 0 to {number(rates[-1])} at epoch {epochs - 1}, "
            f"largest {number(rates[peak])} at epoch {peak}."
        )
    axis.set(xlabel="epoch, counted from 0", ylabel="learning rate", ylim=(0, None))
    axis.xaxis.get_major_locator().set_params(integer=True)
    place_legend(axis, len(schedules))
    return finish(figure, " ".join([f"Learning rate over {epochs} epochs.", *sentences]), title)


@picture
def moving_averages(
    values: ArrayLike,
    averages: Mapping[str, ArrayLike],
    *,
    x_label: str = "day",
    y_label: str = "value",
    title: str | None = None,
) -> AccessibleFigure:
    """Draw a series as points and its moving averages as curves.

    Parameters
    ----------
    values : array (T,)
        The series, in order of time.
    averages : mapping of str to array (T,)
        Averages by name.
    x_label, y_label, title : str
        Words of the picture.

    Returns
    -------
    AccessibleFigure
    """
    values = as_vector("values", values)
    when = np.arange(1, len(values) + 1)
    figure, (axis,) = new_figure(6.8, 3.9)
    axis.plot(when, values, ".", color=GREY, markersize=6 if len(values) < 40 else 4, label=y_label)
    sentences = [
        f"{len(values)} values from {number(values[0])} to {number(values[-1])}, between {number(values.min())} "
        f"and {number(values.max())}."
    ]
    for k, (name, average) in enumerate(averages.items()):
        y = as_vector(name, average)
        if len(y) != len(values):
            raise ValueError(f"{name} has {len(y)} values, expected {len(values)} to match values")
        plot_curve(axis, when, y, k, name)
        sentences.append(tell_curve(name, when, y))
    axis.set(xlabel=x_label, ylabel=y_label)
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend(loc="best")
    return finish(figure, " ".join(sentences), title)


@picture
def weight_fade(weights: Mapping[str, ArrayLike], *, title: str | None = None) -> AccessibleFigure:
    """Draw how the weight of a value fades as it gets older, in moving averages.

    Parameters
    ----------
    weights : mapping of str to array (T,)
        Weights by name, the newest value first.
    title : str, optional
        Title.

    Returns
    -------
    AccessibleFigure
    """
    figure, (axis,) = new_figure(6.4, 3.4)
    sentences = []
    for k, (name, values) in enumerate(weights.items()):
        y = as_vector(name, values)
        plot_curve(axis, np.arange(len(y)), y, k, name)
        half = int(np.searchsorted(np.cumsum(y), 0.5 * y.sum())) + 1
        sentences.append(f"{name}: {number(y[0])} for the newest value, half of the weight shown on the newest {half}.")
    axis.axhline(0, color=GREY, linewidth=0.6)
    axis.set(xlabel="age of the value (0 is the newest)", ylabel="weight")
    axis.xaxis.get_major_locator().set_params(integer=True)
    place_legend(axis, len(weights))
    return finish(figure, " ".join(["Weight of a value against its age.", *sentences]), title)
