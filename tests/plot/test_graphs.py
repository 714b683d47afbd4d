"""Pictures of computational graphs: every node, arrow and number, no two nodes on one spot."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch
from PIL import Image

from dlkit import plot
from dlkit.numpy.autograd import Value, topological_order
from dlkit.plot import graphs


def worked():
    x, y, z = Value(2.0, "x"), Value(3.0, "y"), Value(-4.0, "z")
    q = x + y
    f = q * z
    q.name, f.name = "q", "f"
    f.backward()
    return f


def memory(steps):
    w, state = Value(0.5, "w"), Value(1.0, "s0")
    for t in range(steps):
        state = (w * state + Value(0.1 * t, f"x{t}")).tanh()
    state.backward()
    return state


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_description_has_every_node_with_its_numbers():
    figure = plot.computational_graph(worked(), title="Worked")
    assert figure.alt_text == (
        "Worked. Computational graph with 5 nodes and 4 arrows. x: value 2, gradient -4. y: value 3, gradient -4. "
        "q = x + y: value 5, gradient -4. z: value -4, gradient 5. f = q * z: value -20, gradient 1."
    )
    assert figure.get_suptitle() == "Worked"


def test_values_gradients_and_slopes_are_written():
    shown = texts(plot.computational_graph(worked(), slopes=True))
    assert {"x = 2", "q = 5", "f = -20", "grad -4", "grad 5", "grad 1", "×1", "×(-4)", "×5", "+"} <= set(shown)
    shown = texts(plot.computational_graph(worked(), gradients=False))
    assert "f = -20" in shown and not [text for text in shown if text.startswith(("grad", "×("))]


@pytest.mark.parametrize("make", [worked, lambda: memory(4), lambda: Value(2.0, "x"), lambda: Value(3.0) * Value(3.0) + 1])
def test_one_arrow_for_each_input_and_room_for_every_node(make):
    output = make()
    nodes = topological_order(output)
    figure = plot.computational_graph(output)
    arrows = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == sum(len(node.inputs) for node in nodes)
    places = graphs._places(nodes)
    spots = list(places.values())
    for i, (column, row) in enumerate(spots):
        assert all(other != column or abs(row - height) > 0.99 for other, height in spots[:i])
    for node in nodes:
        assert all(places[id(source)][0] < places[id(node)][0] for source in node.inputs)


def test_two_arrows_between_the_same_nodes_part():
    x = Value(3.0, "x")
    figure = plot.computational_graph(x * x)
    first, second = figure.axes[0].patches
    assert first.get_connectionstyle().rad == -second.get_connectionstyle().rad != 0


def test_pictures_are_small():
    for output in (worked(), memory(5)):
        png = plot.computational_graph(output).png()
        assert len(png) < 60_000
        with Image.open(io.BytesIO(png)) as image:
            assert 300 <= image.width <= 1300 and np.ptp(np.asarray(image.convert("L"))) > 100


def test_any_object_with_data_grad_and_inputs_can_be_drawn():
    class Node:
        def __init__(self, data, inputs=()):
            self.data, self.inputs, self.grad = data, inputs, 0.0

    one = Node(1.0)
    assert plot.computational_graph(Node(2.0, (one, one)), gradients=False).alt_text.endswith(
        "with 2 nodes and 2 arrows. 1: value 1. v1 = f(1, 1): value 2.")


def test_the_graph_is_left_as_it_is_and_too_large_ones_are_refused():
    f = worked()
    before = [(node.data, node.grad, node.name) for node in topological_order(f)]
    plot.computational_graph(f)
    assert [(node.data, node.grad, node.name) for node in topological_order(f)] == before
    with pytest.raises(ValueError, match="the graph has 41 nodes, expected at most 40 in a picture"):
        x = Value(1.0)
        for _ in range(40):
            x = x.sin()
        plot.computational_graph(x)
