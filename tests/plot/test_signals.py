"""Pictures of signals, of repeated trainings and of number formats."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dlkit import plot
from dlkit.numpy.floating_point import float_format


def histograms():
    rng = np.random.default_rng(0)
    fading = [rng.normal(0, 0.5**k, size=(20, 10)) for k in range(6)]
    full = [rng.choice([-1.0, 1.0], size=(20, 10)) for _ in range(6)]
    return plot.signal_histograms({"fading": fading, "saturated": full}, title="Two fates")


def sizes():
    return plot.signal_sizes({"plain": [1.0, 0.1, 0.01]}, {"plain": [1e-4, 1e-2, 1.0]}, title="Vanishing")


def runs():
    return plot.training_runs({"He": [[0.9, 0.3], [0.8, 0.1], [0.7, 0.2]]}, title="Three runs")


def ranges():
    formats = {name: (f.smallest, f.smallest_normal, f.largest, f.digits)
               for name in ("float16", "float64") for f in [float_format(name)]}
    return plot.float_ranges(formats, {"gradients": [0.0, *10.0 ** np.linspace(-9, -5, 101)]}, title="Formats")


PICTURES = {
    "signal_histograms": (histograms, ["each of 6 layers, from -1 to 1", "fading: standard deviation 0.961 at layer 1, 0.25 at layer 3 and 0.0306 at layer 6",
                                       "saturated: standard deviation 1 at layer 1"]),
    "signal_sizes": (sizes, ["Size of the activations by layer. plain: 1 at layer 1, 0.1 at layer 2 and 0.01 at layer 3",
                             "Size of the gradients by layer. plain: 1 at layer 3, 0.01 at layer 2 and 0.0001 at layer 1"]),
    "training_runs": (runs, ["median and range of 3 runs", "He: from 0.8 to 0.2, at the end 0.1 to 0.3"]),
    "float_ranges": (ranges, ["float16: 6.1e-05 to 65504 with 3 digits, down to 5.96e-08", "15 digits",
                              "gradients: 98 of 100 lie between 1.1e-09 and 9.12e-06"]),
}  # fmt: skip


@pytest.fixture(scope="module", params=PICTURES)
def drawn(request):
    make, words = PICTURES[request.param]
    return make(), words


def test_alt_text_tells_the_numbers(drawn):
    figure, words = drawn
    for word in words:
        assert word in figure.alt_text


def test_pictures_are_small_and_labelled(drawn):
    figure, _ = drawn
    png = figure.png()
    assert len(png) < 60_000 and figure.alt_text.endswith(".")
    image = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    assert image.std() > 5
    panels = [axis for axis in figure.axes if axis.axison]
    assert any(axis.get_xlabel() for axis in panels) and any(axis.get_ylabel() for axis in panels)


def test_same_numbers_same_picture():
    assert histograms().png() == histograms().png()


def test_what_lies_outside_is_counted_at_the_ends():
    figure = plot.signal_histograms({"wide": [[5.0, 5.0, -5.0, 0.0]]}, bins=3)
    cells = figure.axes[0].collections[0].get_array()
    np.testing.assert_allclose(np.asarray(cells).ravel(), [0.25, 0.25, 0.5])


def test_zeros_and_infinities_leave_gaps():
    figure = plot.signal_sizes({"dead": [1.0, 0.0, np.inf, 1e-3]})
    assert np.isnan(figure.axes[0].lines[0].get_ydata()).tolist() == [False, True, True, False]


def test_runs_that_overflowed_are_told():
    figure = plot.training_runs({"large": [[5.0, np.nan], [4.0, np.inf], [3.0, 1.0]], "all": [[np.nan, np.nan]]})
    assert "large: 2 of 3 runs overflowed" in figure.alt_text and "all: 1 of 1 runs overflowed" in figure.alt_text
    assert np.isnan(figure.axes[0].lines[0].get_ydata()).tolist() == [False, True]


def test_wide_formats_are_cut_off_with_arrows():
    figure = ranges()
    assert len([t for t in figure.axes[1].texts if not t.get_text()]) == 2
    assert figure.axes[1].get_xlim() == (-46.0, 46.0)


def test_inputs_are_not_modified():
    values = np.array([[0.5, -2.0], [0.0, 0.0]])
    before = values.copy()
    plot.signal_histograms({"a": values})
    plot.training_runs({"a": values})
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot.signal_histograms({}), "signals is empty"),
        (lambda: plot.signal_histograms({"a": []}), "at least one layer"),
        (lambda: plot.signal_sizes({"a": [[1.0]]}), r"a has shape \(1, 1\), expected \(N,\)"),
        (lambda: plot.training_runs({"a": [1.0, 2.0]}), r"a has shape \(2,\), expected \(S, E\)"),
        (lambda: plot.float_ranges({"f": (1e-8, 1e-4, 1e4, 3)}, {"none": [0.0]}), "none has no number but 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
