"""Pictures of gradients: described by their real numbers, small, labelled; bad input is named."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dlkit import plot

PICTURES = {
    "secants": (lambda: plot.secants(lambda x: x**3, 1.0, [1.0, 0.5, 0.1], slope=3.0),
                ["x = 1, where it is 1", "h = 1 slope 4, h = 0.5 slope 3.25 and h = 0.1 slope 3.01", "tangent has the slope 3"]),
    "secants without a tangent": (lambda: plot.secants(np.sin, 0.0, [0.5], x_range=(-1, 1)), ["h = 0.5 slope 0.959"]),
    "step_sizes": (lambda: plot.step_sizes([1e-2, 1e-5, 1e-9], {"central": [1e-5, 0.0, 1e-7], "forward": [1e-2, 1e-5, 1e-7]}),
                   ["h from 1e-09 to 0.01", "central: smallest 1e-07 at h = 1e-09", "forward: smallest 1e-07"]),
    "successors": (lambda: plot.successors([2.0, -1.0, 0.5], [0.5, 3.0, 4.0]),
                   ["3 successors", "0.5 times 2 gives 1", "3 times -1 gives -3", "dC/da = 1 + (-3) + 2 = 0"]),
}


@pytest.fixture(scope="module", params=PICTURES)
def drawn(request):
    make, words = PICTURES[request.param]
    return request.param, make(), words


def test_alt_text_names_the_real_numbers(drawn):
    _, figure, words = drawn
    assert [word for word in words if word not in figure.alt_text] == [], figure.alt_text
    assert figure.alt_text.endswith(".") and "nan" not in figure.alt_text.split()


def test_picture_is_small_and_not_empty(drawn):
    png = drawn[1].png()
    assert len(png) < 60_000
    with Image.open(io.BytesIO(png)) as image:
        assert 300 <= image.width <= 1300 and np.ptp(np.asarray(image.convert("L"))) > 100


def test_axes_are_labelled(drawn):
    name, figure, _ = drawn
    if name != "successors":
        assert all(axis.get_xlabel() and axis.get_ylabel() for axis in figure.axes)


def test_titles_are_shown():
    assert plot.successors([1.0], [1.0], title="Blame").alt_text.startswith("Blame. A unit k")


@pytest.mark.parametrize("call, message", [
    (lambda: plot.secants(np.sin, 0.0, [0.1, 0.0]), "steps has values from 0, expected positive ones"),
    (lambda: plot.step_sizes([0.1, 0.2], {"a": [1.0]}), "a has 1 values, expected 2 to match steps"),
    (lambda: plot.successors([1.0], [1.0, 2.0]), "blame has 2 values, expected 1 to match weights"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
