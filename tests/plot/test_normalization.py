"""Pictures of normalisation: every cell of the cubes, every band, every number line, in words and in ink."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.patches import Polygon
from PIL import Image

from dlkit import plot


def cells(axis):
    """(all faces, marked faces) of a cube."""
    faces = [patch for patch in axis.patches if isinstance(patch, Polygon)]
    return len(faces), sum(bool(face.get_hatch()) for face in faces)


def test_the_cubes_mark_whole_slices():
    figure = plot.normalization_axes(shape=(4, 6, 5), num_groups=3, title="Shared means")
    faces = 6 * 5 + 6 * 4 + 4 * 5  # front, top, side
    assert [cells(axis) for axis in figure.axes] == [
        (faces, 5 + 4 + 20),  # batch: a column in front, its cells on top, the whole side
        (faces, 30 + 6 + 5),  # layer: the whole front, a row on top, a column at the side
        (faces, 5 + 1 + 5),  # instance: one column of everything
        (faces, 10 + 2 + 5),  # group: two columns in front
    ]
    assert [axis.get_title() for axis in figure.axes] == ["batch norm", "layer norm", "instance norm", "group norm"]
    for words in ("Shared means. Cubes of 4 examples, 6 channels and 5 positions", "batch norm: 20 numbers share a mean",
                  "layer norm: 30 numbers", "instance norm: 5 numbers", "group norm: 10 numbers share a mean, 2 neighbouring"):
        assert words in figure.alt_text
    assert {text.get_text() for text in figure.axes[0].texts} == {"channels", "positions", "examples"}


def test_one_cube_alone():
    figure = plot.normalization_axes(["group"], shape=(2, 4, 3), num_groups=1)
    assert len(figure.axes) == 1 and cells(figure.axes[0])[1] == 4 * 3 + 4 + 3


def test_bands_are_percentiles():
    moments = [np.arange(101.0), np.arange(101.0).reshape(101, 1) + 50, [7.0]]
    figure = plot.distribution_bands({"plain": moments, "steady": [[1, 2, 3]] * 3}, x=[0, 10, 20], title="Drift")
    assert figure.alt_text == (
        "Drift. pre-activation against step from 0 to 20. plain: the median goes from 50 to 7; the middle 90 percent from 5 to 95, "
        "then from 7 to 7. steady: the median goes from 2 to 2; the middle 90 percent from 1.1 to 2.9, then from 1.1 to 2.9."
    )
    first, second = figure.axes
    assert first.lines[0].get_ydata().tolist() == [50, 100, 7]
    assert first.collections[0].get_paths()[0].get_extents().bounds == (0, 5, 20, 140)
    assert first.get_ylim() == second.get_ylim() and first.get_ylabel() == "pre-activation"
    assert [axis.get_xlabel() for axis in figure.axes] == ["step", "step"]


def test_number_lines_tell_marked_and_other_items():
    raw = np.array([32.0, 25.0, 80.0, 55.0, 4000.0])
    figure = plot.number_lines({"raw": raw, "scaled": raw / 4000}, marked=[4], labels=["castle", "flats"])
    assert "raw: flats from 25 to 80, castle at 4000." in figure.alt_text
    assert "scaled: flats from 0.00625 to 0.02, castle at 1." in figure.alt_text
    markers = {line.get_marker() for line in figure.axes[0].lines if line.get_linestyle() == "None"}
    assert len(markers) == 2 and [axis.get_ylabel() for axis in figure.axes] == ["raw", "scaled"]
    assert "castle" not in plot.number_lines({"raw": raw}).alt_text


@pytest.mark.parametrize("make", [
    plot.normalization_axes,
    lambda: plot.distribution_bands({"a": np.random.default_rng(0).normal(size=(30, 50))}),
    lambda: plot.number_lines({"a": [1, 2, 3], "b": [0, 1, 2]}, marked=[0]),
])
def test_pictures_are_small_and_not_empty(make):
    figure = make()
    png = figure.png()
    assert len(png) < 60_000 and figure.alt_text.endswith(".") and "nan" not in figure.alt_text.split()
    with Image.open(io.BytesIO(png)) as image:
        assert 300 <= image.width <= 1300 and np.ptp(np.asarray(image.convert("L"))) > 100


@pytest.mark.parametrize(("call", "message"), [
    (lambda: plot.normalization_axes(["weight"]), r"kinds is \['weight'\], expected some of batch, layer, instance, group"),
    (lambda: plot.normalization_axes([]), r"kinds is \[\]"),
    (lambda: plot.normalization_axes(shape=(4, 5, 3), num_groups=2), "expected a divisor of the 5 channels"),
    (lambda: plot.distribution_bands({}), "samples is empty"),
    (lambda: plot.distribution_bands({"a": [[1.0], []]}), "samples 'a' has a moment without numbers"),
    (lambda: plot.distribution_bands({"a": [[1.0]]}, x=[1, 2]), r"x has shape \(2,\), expected \(1,\) to match 'a'"),
    (lambda: plot.number_lines({}), "series is empty"),
    (lambda: plot.number_lines({"a": [1, 2], "b": [1]}), r"series 'b' has shape \(1,\), expected \(2,\)"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
