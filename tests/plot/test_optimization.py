"""Paths of optimizers and effective rates: what is told, what is drawn, what is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dlkit import plot

PATH = np.array([[4.0, 1.0], [2.0, -0.5], [0.0, 0.25]])


def bowl(x, y):
    return x**2 + 10 * y**2


def paths():
    return plot.optimizer_paths(bowl, {"slow": PATH, "fast": PATH[[0, 2]]}, x_range=(-1, 5), y_range=(-2, 2), goal=(0, 0),
                                title="A ravine")


def rates():
    return plot.effective_rates([1.0, 0.0, -2.0, 0.0], {"a": [0.1, 0.1, 0.05, 0.05], "b": [0.3, 0.4, 0.2, 0.25]})


@pytest.mark.parametrize(("make", "words"), [
    (paths, ["A ravine. Loss over x from -1 to 5 and y from -2 to 2.", "slow: 2 steps from (4, 1), loss 26, to (0, 0.25), loss 0.625.",
             "fast: 1 steps", "The goal is (0, 0)."]),
    (rates, ["4 steps: from -2 to 1, 2 of them zero", "a from 0.1 to 0.05", "b from 0.3 to 0.25, smallest 0.2 at step 3, largest 0.4 at step 2"]),
])
def test_the_description_names_the_numbers_and_the_picture_is_small(make, words):
    figure = make()
    assert [word for word in words if word not in figure.alt_text] == [], figure.alt_text
    png = figure.png()
    assert len(png) < 80_000
    with Image.open(io.BytesIO(png)) as image:
        assert 300 <= image.width <= 1300 and np.ptp(np.asarray(image.convert("L"))) > 100
    assert all(axis.get_ylabel() for axis in figure.axes) and figure.axes[-1].get_xlabel()


def test_paths_differ_by_more_than_colour():
    chart = paths().axes[0]
    assert len({str(line.get_linestyle()) for line in chart.lines[:2]}) == len({line.get_marker() for line in chart.lines}) - 1 == 2


def test_a_loss_that_turns_negative_is_drawn_on_a_plain_scale():
    figure = plot.optimizer_paths(lambda x, y: x**2 - y**2, {"p": [(1, 0), (0, 2)]}, x_range=(-2, 2), y_range=(-2, 2), log_loss=False)
    assert figure.axes[1].get_yscale() == "linear" and "loss -4" in figure.alt_text
    assert paths().axes[1].get_yscale() == "log"


def test_inputs_stay_as_they_are():
    path, g, r = PATH.copy(), np.array([1.0, 2.0]), np.array([0.5, 0.25])
    plot.optimizer_paths(bowl, {"p": path}, x_range=(-1, 5), y_range=(-2, 2))
    plot.effective_rates(g, {"r": r})
    assert np.array_equal(path, PATH) and g.tolist() == [1, 2] and r.tolist() == [0.5, 0.25]


@pytest.mark.parametrize(("call", "message"), [
    (lambda: plot.optimizer_paths(bowl, {}, x_range=(0, 1), y_range=(0, 1)), "paths is empty"),
    (lambda: plot.optimizer_paths(bowl, {"p": [1, 2]}, x_range=(0, 1), y_range=(0, 1)), r"paths\['p'\] has shape \(2,\), expected \(S, 2\)"),
    (lambda: plot.effective_rates([1, 2], {"r": [1]}), "r has 1 values, expected 2 to match gradients"),
    (lambda: plot.effective_rates([], {}), r"gradients has shape \(0,\)"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
