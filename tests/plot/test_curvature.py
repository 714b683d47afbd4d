"""Curvature and clipping in pictures: what is told, what is drawn, what is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dlkit import plot

ROUND, LONG = np.eye(2), np.diag([0.1, 2.0])
PATH = np.array([[1.0, 0.5], [0.5, -0.25], [0.0, 0.0]])


def bend():
    return plot.concavity(lambda x: x**3 - 3 * x, lambda x: 6 * x, x_range=(-2, 2), stationary={"maximum": -1.0, "minimum": 1.0},
                          title="Cubic")


def flat():
    return plot.concavity(lambda x: x**4, lambda x: 12 * x**2)


def two_bowls():
    return plot.bowls({"round": ROUND, "long": LONG}, {"round": {"walk": PATH}, "long": {"walk": PATH, "jump": PATH[[0, 2]]}})


def arrows():
    return plot.clipping_arrows([(12.0, 5.0), (0.3, -0.4)], 4.0)


@pytest.mark.parametrize(("make", "words"), [
    (bend, ["Cubic. A function over x from -2 to 2", "Inflection points: x = 0.", "maximum at x = -1: f = 2, f'' = -6.",
            "minimum at x = 1: f = -2, f'' = 6.", "down in 50 %"]),
    (flat, ["Inflection points: none.", "Concave down in 0 % of the range, up in 100 %."]),
    (plot.saddle, ["from -1.5 to 1.5", "a valley, up to 2.25", "a ridge, down to -2.25"]),
    (two_bowls, ["round, condition number 1: walk, 2 steps from (1, 0.5), loss 0.625, to (0, 0), loss 0.", "long, condition number 20",
                 "jump, 1 steps"]),
    (arrows, ["(12, 5) becomes (4, 4), direction 22.6 degrees becomes 45", "(12, 5) becomes (3.69, 1.54), direction stays 22.6",
              "(0.3, -0.4) becomes (0.3, -0.4), direction stays -53.1"]),
])
def test_the_description_names_the_numbers_and_the_picture_is_small(make, words):
    figure = make()
    assert [word for word in words if word not in figure.alt_text] == [], figure.alt_text
    png = figure.png()
    assert len(png) < 80_000
    with Image.open(io.BytesIO(png)) as image:
        assert 300 <= image.width <= 1300 and np.ptp(np.asarray(image.convert("L"))) > 100


def test_up_and_down_differ_by_more_than_colour():
    up, down = bend().axes[0].lines[:2]
    assert up.get_linestyle() != down.get_linestyle()
    y = np.asarray(up.get_ydata())
    assert np.isnan(y[: len(y) // 2]).all() and np.isfinite(y[len(y) // 2 :]).all()


def test_paths_differ_by_more_than_colour():
    walk, jump = two_bowls().axes[1].lines[:2]
    assert walk.get_linestyle() != jump.get_linestyle() and walk.get_marker() != jump.get_marker()


def test_inputs_stay_as_they_are():
    path, H, g = PATH.copy(), LONG.copy(), np.array([[12.0, 5.0]])
    plot.bowls({"b": H}, {"b": {"p": path}})
    plot.clipping_arrows(g, 4.0)
    assert np.array_equal(path, PATH) and np.array_equal(H, LONG) and g.tolist() == [[12.0, 5.0]]


@pytest.mark.parametrize(("call", "message"), [
    (lambda: plot.bowls({}, {}), "hessians is empty"),
    (lambda: plot.bowls({"b": np.eye(3)}, {}), r"b has shape \(3, 3\), expected \(2, 2\)"),
    (lambda: plot.bowls({"b": np.eye(2)}, {"b": {"p": [1, 2]}}), r"p has shape \(2,\), expected \(S, 2\)"),
    (lambda: plot.clipping_arrows([1, 2], 1.0), r"gradients has shape \(2,\), expected \(K, 2\)"),
    (lambda: plot.clipping_arrows([(1, 2)], 0.0), "limit is 0.0, expected a positive number"),
    (lambda: plot.saddle(reach=0), "reach is 0, expected a positive number"),
    (lambda: plot.concavity(np.sin, np.sin, x_range=(1, 1)), "expected more than low"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
