"""Pictures of a search: drawn, described by their real numbers, with labelled axes."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit import plot
from dlkit.numpy.bayesian import expected_improvement, gaussian_process

SEEN_X, SEEN_Y = np.array([-3.0, -1.0, 1.0]), np.array([0.3, 0.9, 0.2])
X = np.linspace(-4, 2, 61)


def belief():
    mean, std = gaussian_process(SEEN_X, SEEN_Y, X, scale=0.5)
    return X, mean, std, expected_improvement(mean, std, 0.9), SEEN_X, SEEN_Y


def searches():
    points = {"grid": [[0.1, 8], [0.1, 16], [0.01, 8], [0.01, 16]], "random": [[0.3, 9], [0.02, 31]]}
    return plot.search_points(points, {"grid": [0.5, 0.6, 0.8, 0.7], "random": [0.4, 0.9]}, title="Two searches")


def test_a_search_is_told_with_its_best_point_and_its_different_values():
    figure = searches()
    for words in ("Two searches. validation accuracy over learning rate and hidden units.",
                  "grid: 4 points, 2 values of learning rate and 2 of hidden units, best validation accuracy 0.8 at learning rate "
                  "0.01 and hidden units 8.",
                  "random: 2 points, 2 values of learning rate and 2 of hidden units"):
        assert words in figure.alt_text
    grid, random, bar = figure.axes
    assert grid.get_xlabel() == random.get_xlabel() == "learning rate" and grid.get_ylabel() == "hidden units"
    assert grid.get_xscale() == "log" and bar.get_ylabel() == "validation accuracy"
    assert grid.get_title() == "grid" and len(grid.collections[0].get_offsets()) == 4
    sizes = grid.collections[0].get_sizes()
    assert sizes.argmax() == 2 and len(set(sizes)) == 4  # not by colour alone
    assert figure.png()[:4] == b"\x89PNG"


def test_points_and_scores_must_fit():
    with pytest.raises(ValueError, match=r"scores has the names \['b'\], expected \['a'\] to match searches"):
        plot.search_points({"a": [[1, 2]]}, {"b": [0.5]})
    with pytest.raises(ValueError, match=r"searches\['a'\] has shape \(1, 2\), expected \(2, 2\) to match its scores"):
        plot.search_points({"a": [[1, 2]]}, {"a": [0.5, 0.6]})
    assert "best" in plot.search_points({"a": [[1, 2], [2, 3]]}, {"a": [0.5, 0.5]}).alt_text


def test_a_belief_is_told_with_where_to_look_next():
    x, _, std, improvement, _, _ = belief()
    figure = plot.bayesian_step(*belief(), truth=np.cos(x), x_label="exponent", title="What next?")
    next_one = x[improvement.argmax()]
    for words in ("What next?", "after 3 evaluations", "Best so far 0.9 at -1",
                  f"to {std.max():.3g}", f"Expected improvement is largest at {next_one:.3g}"):
        assert words in figure.alt_text
    above, below = figure.axes
    assert above.get_ylabel() == "score" and below.get_xlabel() == "exponent"
    labels = {line.get_label() for line in above.lines}
    assert {"the truth (unknown)", "belief: mean", "evaluated"} <= labels
    without = plot.bayesian_step(*belief())
    assert len(without.axes[0].lines) == len(above.lines) - 1
