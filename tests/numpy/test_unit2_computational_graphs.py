"""Worked examples W4 and W32, and the errata of the notebook on computational graphs, with slip and without."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlkit.exercises.unit2.computational_graphs import backward, unmask
from dlkit.exercises.unit2.computational_graphs.graphs import W4, W4_INPUTS, run, run_back
from dlkit.numpy.autograd import Value, gradients, listing
from dlkit.numpy.gradient_check import numerical_gradient


def product_of_a_sum(x, y, z):
    return (x + y) * z


def test_W4_forward_and_backward_step_by_step():
    x, y, z = Value(2.0, "x"), Value(3.0, "y"), Value(-4.0, "z")
    q = x + y
    f = q * z
    f.backward()
    assert (q.data, f.data) == (5.0, -20.0)
    assert (f.grad, z.grad, q.grad, x.grad, y.grad) == (1.0, 5.0, -4.0, -4.0, -4.0)
    assert q.slopes == (1.0, 1.0) and f.slopes == (-4.0, 5.0)
    assert [row.value for row in listing(f)] == [2.0, 3.0, 5.0, -4.0, -20.0]


def test_W4_as_data():
    values = run(W4, W4_INPUTS)
    assert values == {"x": 2.0, "y": 3.0, "z": -4.0, "q": 5.0, "f": -20.0}
    assert run_back(W4, values) == {"x": -4.0, "y": -4.0, "z": 5.0, "q": -4.0, "f": 1.0}


def test_E3_2_the_printed_numbers_belong_to_a_second_example():
    value, slip = gradients(product_of_a_sum, {"x": 1.0, "y": 3.0, "z": -3.0})
    assert (value, slip) == (-12.0, {"x": -3.0, "y": -3.0, "z": 4.0})  # printed: 4 and -3, and -3 for x
    value, right = gradients(product_of_a_sum, W4_INPUTS)
    assert (value, right) == (-20.0, {"x": -4.0, "y": -4.0, "z": 5.0})


def test_E3_1_a_derivative_upside_down_is_another_number():
    _, right = gradients(product_of_a_sum, W4_INPUTS)
    # dz/df: how z would have to move with f, x and y held.
    _, upside_down = gradients(lambda x, y, f: f / (x + y), {"x": 2.0, "y": 3.0, "f": -20.0})
    assert upside_down["f"] == pytest.approx(0.2) and right["z"] == 5.0
    _, upside_down = gradients(lambda f, y, z: f / z - y, {"f": -20.0, "y": 3.0, "z": -4.0})
    assert upside_down["f"] == -0.25 and right["x"] == -4.0


def test_W32_first_graph():
    value, slopes = gradients(lambda a, b, c: (a + b) * (b - c), {"a": 2.0, "b": 3.0, "c": 1.0})
    assert (value, slopes) == (10.0, {"a": 2.0, "b": 7.0, "c": -5.0})
    values = run([("d", "+", ("a", "b")), ("e", "-", ("b", "c")), ("Y", "*", ("d", "e"))], {"a": 2.0, "b": 3.0, "c": 1.0})
    assert (values["d"], values["e"]) == (5.0, 2.0)
    rng = np.random.default_rng(3)
    for a, b, c in rng.normal(size=(5, 3)):
        _, slopes = gradients(lambda a, b, c: (a + b) * (b - c), {"a": a, "b": b, "c": c})
        assert slopes == pytest.approx({"a": b - c, "b": (b - c) + (a + b), "c": -(a + b)})


def test_W32_second_graph():
    value, slopes = gradients(lambda x1, x2: x1 * x2 + x1.sin(), {"x1": 2.0, "x2": 5.0})
    assert value == pytest.approx(10.9092974268, abs=5e-11)
    assert slopes["x1"] == pytest.approx(4.5838531635, abs=5e-11) and slopes["x2"] == 2.0
    assert slopes["x1"] == 5.0 + math.cos(2.0)


def test_E3_3_one_product_is_not_the_gradient_of_a_shared_weight():
    x = (2.0, 3.0)
    _, one_use = gradients(lambda w: (w * x[0]) ** 2 / 2, {"w": 0.5})
    _, all_uses = gradients(lambda w: (w * x[0]) ** 2 / 2 + (w * x[1]) ** 2 / 2, {"w": 0.5})
    assert one_use["w"] == 2.0 and all_uses["w"] == 6.5
    measured = numerical_gradient(lambda w: float(sum((w * value) ** 2 / 2 for value in x)), 0.5)
    assert all_uses["w"] == pytest.approx(float(measured), rel=1e-8)


def test_E3_10_the_letter_l_is_not_the_number_one():
    nodes = [(layer, i) for layer, size in enumerate((2, 3, 1), start=1) for i in range(1, size + 1)]
    assert len(set(nodes)) == 6 and len([node for node in nodes if node[0] == 1]) == 2


def test_the_six_broken_engines_are_broken_and_the_worked_example_finds_three():
    steps, inputs = unmask.revealing_graph()
    values = run(steps, inputs)
    assert all(engine(steps, values) != pytest.approx(run_back(steps, values)) for engine in unmask.ENGINES.values())
    values = run(W4, W4_INPUTS)
    found = [name for name, engine in unmask.ENGINES.items() if engine(W4, values) != pytest.approx(run_back(W4, values))]
    assert found == ["local slopes only", "wrong factor", "first to last"]


def test_the_data_engine_and_the_library_agree_on_every_kind_of_case():
    rng = np.random.default_rng(8)
    draws = [regime if callable(regime) else regime.draw for regime in backward.GRAPH_BACKWARD.regimes.values()]
    for draw in draws:
        steps, values = draw(rng)
        computed = {name for name, _, _ in steps}
        nodes = {name: Value(number, name) for name, number in values.items() if name not in computed}
        for name, operation, sources in steps:
            a = [nodes[source] for source in sources]
            nodes[name] = (a[0].sin() if operation == "sin" else a[0] + a[1] if operation == "+"
                           else a[0] - a[1] if operation == "-" else a[0] * a[1])
        nodes[steps[-1][0]].backward()
        assert {name: node.grad for name, node in nodes.items()} == pytest.approx(run_back(steps, values))


def test_the_engine_of_the_library_passes_the_exercise():
    from dlkit.checking.judge import judge_namespace
    from dlkit.exercises.unit2.computational_graphs.value import VALUE

    assert judge_namespace(VALUE, {"Value": Value}, b"any key").mark == VALUE.points
