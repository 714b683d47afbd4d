"""Pictures of descent, schedules and averages: described by their real numbers, labelled, small."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dlkit import plot

BOWL = {"stays": [[1.0, 0.0]], "walks": [[1.0, 0.0], [2.0, 1.0], [2.5, 1.5]]}


def bowl(a, b):
    return (a - 3) ** 2 + b**2


PICTURES = {
    "descent_on_curve": (
        lambda: plot.descent_on_curve(np.square, {"small": [2.0, 1.5], "large": [2.0, -3.0, 9.0], "none": [1.0], "four": [0.5, 0.1]}, w_range=(-2, 2)),
        ["small: 1 step, w 2 and 1.5, loss from 4 to 2.25", "large: 2 steps", "loss from 4 to 81", "weight w from -2 to 2"],
    ),
    "descent_paths": (
        lambda: plot.descent_paths(bowl, BOWL, x_range=(0, 4), y_range=(-2, 2), minimum=(3, 0)),
        ["stays: 0 steps", "walks: 2 steps from (1, 0), loss 4, to (2.5, 1.5), loss 2.5", "minimum is at (3, 0), loss 0"],
    ),
    "rate_sweep": (
        lambda: plot.rate_sweep([0.01, 0.1, 0.2], {"ten": [3.0, 0.5, np.inf]}, limit=0.15, start_loss=4.0),
        ["ten: smallest loss 0.5 at rate 0.1, 3 at the smallest rate", "at the start is 4", "Above 0.15 the loss grows"],
    ),
    "schedules": (
        lambda: plot.schedules({"climb": lambda e: 0.1 * (e + 1), "flat": lambda e: 0.2}, 4),
        ["over 4 epochs", "climb: from 0.1 at epoch 0 to 0.4 at epoch 3, largest 0.4 at epoch 3", "flat: from 0.2"],
    ),
    "moving_averages": (
        lambda: plot.moving_averages([4, 8, 0], {"beta 0.5": [2, 5, 2.5]}, y_label="temperature"),
        ["3 values from 4 to 0, between 0 and 8", "beta 0.5: from 2 to 2.5", "largest 5 at 2"],
    ),
    "weight_fade": (
        lambda: plot.weight_fade({"short": [0.5, 0.25, 0.125], "long": [0.1] * 10}),
        ["short: 0.5 for the newest value, half of the weight shown on the newest 1", "long: 0.1", "on the newest 5"],
    ),
}


@pytest.fixture(scope="module", params=PICTURES)
def drawn(request):
    make, words = PICTURES[request.param]
    return make(), words


def test_alt_text_names_the_real_numbers(drawn):
    figure, words = drawn
    assert [word for word in words if word not in figure.alt_text] == [], figure.alt_text
    assert figure.alt_text.endswith(".") and "nan" not in figure.alt_text


def test_picture_is_small_and_not_empty(drawn):
    png = drawn[0].png()
    assert len(png) < 60_000
    with Image.open(io.BytesIO(png)) as image:
        assert 300 <= image.width <= 1300 and np.ptp(np.asarray(image.convert("L"))) > 100


def test_axes_are_labelled(drawn):
    visible = [axis for axis in drawn[0].axes if axis.axison]
    assert visible and all(axis.get_xlabel() or axis.get_ylabel() for axis in visible)


def test_panels_beyond_the_last_path_are_empty():
    figure = plot.descent_on_curve(np.square, {str(k): [1.0] for k in range(5)})
    assert [axis.axison for axis in figure.axes] == [True] * 5 + [False]


def test_curves_differ_by_more_than_colour():
    lines = plot.schedules({"a": lambda e: 1.0, "b": lambda e: 2.0, "c": lambda e: 3.0}, 3).axes[0].lines
    assert len({str(line.get_linestyle()) for line in lines}) == len({line.get_marker() for line in lines}) == 3


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: plot.descent_on_curve(np.square, {}), "paths is empty"),
        (lambda: plot.descent_paths(bowl, {}, x_range=(0, 1), y_range=(0, 1)), "paths is empty"),
        (lambda: plot.descent_paths(bowl, {"a": [1, 2]}, x_range=(0, 1), y_range=(0, 1)), r"a has shape \(2,\), expected \(S, 2\)"),
        (lambda: plot.rate_sweep([0.1, 0.2], {"a": [1.0]}), "a has 1 values, expected 2 to match rates"),
        (lambda: plot.rate_sweep([0.0, 0.2], {"a": [1.0, 1.0]}), "rates go from 0 to 0.2, expected positive"),
        (lambda: plot.moving_averages([1, 2], {"a": [1]}), "a has 1 values, expected 2 to match values"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
