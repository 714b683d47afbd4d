"""The scalar engine: every slope against central differences, every graph in order, every bad input named."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest

from dlkit.numpy.autograd import Row, Value, gradients, listing, topological_order
from dlkit.numpy.gradient_check import numerical_gradient


@pytest.fixture
def rng():
    return np.random.default_rng(41)


OPERATIONS = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "a ** 3": lambda a, b: a**3 + 0 * b,
    "a ** -1.5": lambda a, b: a**-1.5 * b,
    "a ** 0": lambda a, b: a**0 * b,
    "-a": lambda a, b: -a * b,
    "exp": lambda a, b: (a * b).exp(),
    "log": lambda a, b: (a * b).log(),
    "sin": lambda a, b: (a * b).sin(),
    "cos": lambda a, b: (a * b).cos(),
    "tanh": lambda a, b: (a - b).tanh(),
    "relu": lambda a, b: (a - b).relu() + (b - 2 * a).relu(),
    "numbers on the right": lambda a, b: (a + 2) * 3 - b / 4 - 5 + 0 * a,
    "numbers on the left": lambda a, b: 2 + 3 * a - (5 - b) * (4 / a),
    "a with itself": lambda a, b: a * a + b / b + (a - a) + (b + b) * a,
    "shared results": lambda a, b: _shared(a, b),
}


def _shared(a, b):
    u = a * b
    v = u + a
    w = v * u
    return w - v * w + u.sin()


@pytest.mark.parametrize("name", OPERATIONS)
def test_gradients_agree_with_central_differences_under_a_random_upstream(name, rng):
    f = OPERATIONS[name]
    point, upstream = rng.uniform(0.6, 1.9, size=2), float(rng.normal())

    def weighted(x):
        return (upstream * f(Value(x[0]), Value(x[1]))).data

    a, b = map(Value, point)
    (upstream * f(a, b)).backward()
    np.testing.assert_allclose([a.grad, b.grad], numerical_gradient(weighted, point), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", OPERATIONS)
def test_local_slopes_are_kept_one_for_each_input(name):
    for node in topological_order(OPERATIONS[name](Value(1.25), Value(0.75))):
        assert len(node.slopes) == len(node.inputs) == (0 if not node.operation else len(node.inputs))
        assert all(type(slope) is float for slope in node.slopes) and type(node.data) is float


def test_values_are_those_of_python():
    for symbol in (operator.add, operator.sub, operator.mul, operator.truediv):
        assert symbol(Value(7.0), Value(-2.0)).data == symbol(7.0, -2.0)
        assert symbol(7, Value(-2.0)).data == symbol(Value(7), -2).data == symbol(7.0, -2.0)
    assert (Value(-2.0) ** 3).data == -8.0 and (-Value(2.0)).data == -2.0
    assert Value(0.5).exp().data == math.exp(0.5) and Value(0.5).log().data == math.log(0.5)


def test_tanh_of_large_numbers_and_slopes_at_the_edges():
    t = Value(1000.0)
    result = t.tanh()
    result.backward()
    assert (result.data, t.grad) == (1.0, 0.0)
    zero = Value(0.0)
    (zero**0 + zero.relu() + zero**1).backward()
    assert zero.grad == 1.0  # 0 from x ** 0, 0 from relu at the kink, 1 from x ** 1


def test_a_new_call_begins_anew_and_leaves_other_graphs_alone():
    x, y = Value(2.0), Value(3.0)
    p = x * y
    f = p * p
    for _ in range(3):
        f.backward()
        assert (x.grad, y.grad, p.grad, f.grad) == (36.0, 24.0, 12.0, 1.0)
    p.backward()
    assert (x.grad, y.grad, p.grad) == (3.0, 2.0, 1.0)
    other = Value(5.0)
    (other * 2).backward()
    p.backward()
    assert other.grad == 2.0


def test_operations_leave_their_operands_alone():
    x = Value(2.0, "x")
    before = (x.data, x.grad, x.inputs, x.slopes, x.name)
    (x * x + x.sin() - 1).backward()
    assert (x.data, x.inputs, x.slopes, x.name) == (before[0], before[2], before[3], before[4])


def test_order_puts_every_node_once_and_after_its_inputs():
    a, b = Value(1.5), Value(0.5)
    f = _shared(a, b)
    order = topological_order(f)
    place = {id(node): i for i, node in enumerate(order)}
    assert len(place) == len(order) and order[-1] is f
    assert all(place[id(source)] < place[id(node)] for node in order for source in node.inputs)
    assert topological_order(a) == [a]


def test_deep_graphs_have_no_limit_and_ways_are_not_counted_one_by_one():
    x = Value(1.0)
    y = x
    for _ in range(5000):
        y = y + 0.5
    y.backward()
    assert (y.data, x.grad) == (2501.0, 1.0)
    y = x
    for _ in range(50):
        y = y + y
    y.backward()
    assert x.grad == 2.0**50


def test_listing_names_what_has_no_name():
    x, y = Value(3.0, "x"), Value(4.0, "y")
    f = -(2 * x * y).exp() ** 2
    rows = listing(f)
    assert [row.formula for row in rows] == ["", "", "2 * x", "", "v1 * y", "exp(v2)", "v3 ** 2", "-v4"]
    assert rows[0] == Row("2", "", 2.0, 0.0) and rows[-1].name == "v5"


def test_gradients_of_a_function_of_named_numbers():
    value, slopes = gradients(lambda x, y, unused: x.log() * y, {"x": 2, "y": np.float64(3.0), "unused": 1.0})
    assert value == pytest.approx(3 * math.log(2))
    assert slopes == pytest.approx({"x": 1.5, "y": math.log(2), "unused": 0.0})
    assert gradients(lambda x: x, {"x": 2.0}) == (2.0, {"x": 1.0})


@pytest.mark.parametrize("data, got", [("2", "str"), (None, "NoneType"), (2j, "complex"), ([1.0, 2.0], r"an array of shape \(2,\)"),
                                       (np.ones((1, 1)), r"an array of shape \(1, 1\)"), ([1, [2]], "list|array")])
def test_data_must_be_one_number(data, got):
    with pytest.raises(TypeError, match=f"data is .*({got}).*expected a single real number"):
        Value(data)


def test_bad_operations_are_named():
    with pytest.raises(TypeError, match="exponent is a Value, expected a plain number"):
        Value(2.0) ** Value(3.0)
    with pytest.raises(ValueError, match="the base is -2, expected 0 or more for the exponent 0.5"):
        Value(-2.0) ** 0.5
    with pytest.raises(ValueError, match="log of 0, expected a positive number"):
        Value(0.0).log()
    with pytest.raises(ZeroDivisionError):
        Value(1.0) / 0
    with pytest.raises(TypeError, match="data is str, expected a single real number"):
        Value(1.0) + "1"
    with pytest.raises(TypeError, match="f returned float, expected a Value"):
        gradients(lambda x: 1.0, {"x": 2.0})
    with pytest.raises(TypeError, match="x is str, expected a single real number"):
        gradients(lambda x: x, {"x": "2"})


def test_a_network_of_values_learns_xor_as_the_library_says():
    """The engine and the vectorised backward pass give the same nine slopes."""
    from dlkit.numpy.activations import tanh_forward
    from dlkit.numpy.linear import dense_forward

    rng = np.random.default_rng(0)
    X, T = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]]), np.array([-1.0, 1, 1, -1])
    numbers = rng.normal(size=9)

    def loss_of(p):
        H, _ = tanh_forward(dense_forward(X, p[:4].reshape(2, 2), p[4:6])[0])
        out, _ = tanh_forward(dense_forward(H, p[6:8].reshape(2, 1), p[8:9])[0])
        return float(np.mean((out[:, 0] - T) ** 2))

    p = [Value(number) for number in numbers]
    loss = Value(0.0)
    for x, t in zip(X, T, strict=True):
        h = [(x[0] * p[j] + x[1] * p[2 + j] + p[4 + j]).tanh() for j in range(2)]
        loss = loss + ((h[0] * p[6] + h[1] * p[7] + p[8]).tanh() - t) ** 2 / 4
    loss.backward()
    assert loss.data == pytest.approx(loss_of(numbers), rel=1e-12)
    np.testing.assert_allclose([v.grad for v in p], numerical_gradient(loss_of, numbers), rtol=1e-6, atol=1e-9)
