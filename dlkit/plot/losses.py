"""Pictures of losses: of one sample, and over the epochs of a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dlkit.plot.functions import Function, as_vector, place_legend, plot_curve, tell_curve
from dlkit.plot.style import (
    GREY,
    AccessibleFigure,
    finish,
    new_figure,
    number,
    picture,
)

_REGRESSION = ("mse", "mae", "huber", "half_squared_error")
_MARGIN = ("perceptron_criterion", "hinge", "bce_with_logits")


@picture
def loss_curve(
    history: Any, *, title: str | None = None, y_label: str | None = None, log_y: bool = False
) -> AccessibleFigure:
    """Draw the numbers recorded in training, epoch by epoch.

    Parameters
    ----------
    history : History, mapping of str to sequence, or sequence of float
        What ``fit`` returned, curves by name, or one curve.
    title, y_label : str, optional
        Words of the picture.
    log_y : bool
        Logarithmic vertical axis.

    Returns
    -------
    AccessibleFigure

    Examples
    --------
    >>> loss_curve([0.8, 0.3, 0.4]).alt_text
    'loss over 3 epochs. loss: from 0.8 to 0.4, smallest 0.3 at epoch 2.'
    """
    records = getattr(history, "records", history)
    if not isinstance(records, Mapping):
        records = {y_label or "loss": records}
    y_label = y_label or ("loss" if all("loss" in name for name in records) else "value")
    figure, (axis,) = new_figure(6.4, 3.8)
    sentences, longest = [], 0
    for k, (name, values) in enumerate(records.items()):
        y = as_vector(name, values)
        epochs = np.arange(1, len(y) + 1)
        longest = max(longest, len(y))
        plot_curve(axis, epochs, y, k, name)
        best, word = int(np.nanargmin(y)), "smallest"
        if "accuracy" in name:
            best, word = int(np.nanargmax(y)), "largest"
        told = f"{name}: from {number(y[0])} to {number(y[-1])}"
        sentences.append(f"{told}, {word} {number(y[best])} at epoch {best + 1}.")
    axis.set(xlabel="epoch", ylabel=y_label)
    axis.xaxis.get_major_locator().set_params(integer=True)
    if log_y:
        axis.set_yscale("log")
    place_legend(axis, len(records))
    return finish(figure, " ".join([f"{y_label} over {longest} epochs.", *sentences]), title)


@picture
def loss_functions(
    losses: Sequence[str] | Mapping[str, Function] = ("mse", "mae", "huber"),
    *,
    x_range: tuple[float, float] | None = None,
    x_label: str | None = None,
    title: str | None = None,
) -> AccessibleFigure:
    """Draw the loss of one sample against its error or its score.

    Parameters
    ----------
    losses : sequence of str, or mapping of str to callable
        Names of regression losses of ``dlkit.numpy`` (against the error, prediction minus target), or of
        ``perceptron_criterion``, ``hinge``, ``bce_with_logits`` (against the score of a positive sample),
        not both; or any functions of an array by name.
    x_range : (low, high), optional
        Range of the horizontal axis; -3 to 3 if not given.
    x_label, title : str, optional
        Words of the picture.

    Returns
    -------
    AccessibleFigure
    """
    x = np.linspace(*(x_range or (-3.0, 3.0)), 301)
    if isinstance(losses, Mapping):
        named, label = dict(losses), "x"
    else:
        named, label = _named_losses(losses)
    figure, (axis,) = new_figure(6.4, 3.8)
    sentences = []
    for k, (name, function) in enumerate(named.items()):
        y = as_vector(name, function(x))
        plot_curve(axis, x, y, k, name)
        sentences.append(tell_curve(name, x, y))
    axis.axvline(0, color=GREY, linewidth=0.6)
    axis.set(xlabel=x_label or label, ylabel="loss of one sample")
    place_legend(axis, len(named))
    where = f"Loss of one sample against the {x_label or label} from {number(x[0])} to {number(x[-1])}."
    return finish(figure, " ".join([where, *sentences]), title)


def _named_losses(names: Sequence[str]) -> tuple[dict[str, Function], str]:
    from dlkit.numpy import losses_classification, losses_regression

    if all(name in _REGRESSION for name in names):
        module, label = losses_regression, "error (prediction - target)"
        target = np.zeros_like
    elif all(name in _MARGIN for name in names):
        module, label = losses_classification, "score of a sample of the positive class"
        target = np.ones_like
    else:
        raise ValueError(f"losses are {list(names)}, expected names from {_REGRESSION}, or from {_MARGIN}, not mixed")

    def of_one(name: str) -> Function:
        function = getattr(module, name)
        return lambda x: function(x, target(x), reduction="none")[0]

    return {name: of_one(name) for name in names}, label
