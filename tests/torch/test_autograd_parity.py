"""`dlkit.numpy.autograd` and `dlkit.torch.autograd`: the same functions, values and gradients; PyTorch's habits as told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dlkit.numpy import autograd as ours
from dlkit.torch import autograd as theirs
from dlkit.torch.device import available_devices

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)


def _memory(w, a, b):
    state = a
    for value in (0.5, -1.0, 0.25):
        state = (w * state + value * b).tanh()
    return (state - 0.3) ** 2


FUNCTIONS = {
    "(x + y) z": lambda w, a, b: (w + a) * b,
    "(a + b)(b - c)": lambda w, a, b: (w + a) * (a - b),
    "product and sine": lambda w, a, b: w * a + w.sin() + 0 * b,
    "quotient and power": lambda w, a, b: (w / a) ** 3 - a**-0.5 + b / 2,
    "all methods": lambda w, a, b: w.exp() * a.log() + b.cos() * w.tanh() + (a - b).relu() + (b - a).relu(),
    "numbers on the left": lambda w, a, b: 2 - w + 3 * a - 1 / b,
    "minus": lambda w, a, b: -w * -a - -b,
    "shared weight": _memory,
    "unused input": lambda w, a, b: w * a,
    "input itself": lambda w, a, b: b,
}


@every_device
@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-12), (torch.float32, 2e-5)], ids=["float64", "float32"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_gradients_are_the_same(name, dtype, tolerance, device):
    rng = np.random.default_rng(len(name))
    inputs = dict(zip("wab", np.float32(rng.uniform(0.4, 1.6, size=3)).astype(float), strict=True))
    value, slopes = ours.gradients(FUNCTIONS[name], inputs)
    other_value, other_slopes = theirs.gradients(FUNCTIONS[name], inputs, dtype=dtype, device=device)
    assert other_value == pytest.approx(value, rel=tolerance, abs=tolerance)
    assert slopes.keys() == other_slopes.keys()
    assert other_slopes == pytest.approx(slopes, rel=10 * tolerance, abs=tolerance)


@every_device
def test_value_is_a_scalar_leaf_that_accumulates(device):
    x = theirs.Value(2, device=device)
    assert x.shape == () and x.dtype == torch.float64 and x.requires_grad and x.device.type == device.type
    for call in (1, 2, 3):
        (x * x).backward()
        assert x.grad.item() == 4.0 * call  # PyTorch adds; the engine of dlkit.numpy begins anew
    y = ours.Value(2)
    for _ in range(3):
        (y * y).backward()
        assert y.grad == 4.0


def test_recorded_nodes_come_inputs_first_each_once():
    x, y = theirs.Value(2.0), theirs.Value(3.0)
    u = x * y
    v = u + x
    order = theirs.topological_order(v * u)
    names = [type(node).__name__.rstrip("0123456789") for node in order]
    assert names == ["AccumulateGrad", "AccumulateGrad", "MulBackward", "AddBackward", "MulBackward"]
    assert len(set(order)) == len(order)
    place = {node: i for i, node in enumerate(order)}
    assert all(place[source] < place[node] for node in order for source, _ in node.next_functions if source)


def test_a_deep_graph_is_listed_without_recursion():
    x = y = theirs.Value(1.0)
    for _ in range(3000):
        y = y + 0.5
    assert len(theirs.topological_order(y)) == 3001
    assert x.grad is None


def test_bad_input_is_named():
    with pytest.raises(TypeError, match=r"data is a tensor of shape \(2,\), expected a single real number"):
        theirs.Value(np.ones(2))
    with pytest.raises(TypeError, match="data is str, expected a single real number"):
        theirs.Value("2")
    with pytest.raises(TypeError, match="x is list, expected a single real number"):
        theirs.gradients(lambda x: x, {"x": [1.0]})
    with pytest.raises(TypeError, match="f returned float, expected a scalar tensor"):
        theirs.gradients(lambda x: 1.0, {"x": 1.0})
    with pytest.raises(ValueError, match="output has no grad_fn"):
        theirs.topological_order(torch.tensor(1.0))
    assert theirs.gradients(lambda x: torch.tensor(2.0), {"x": 1.0}) == (2.0, {"x": 0.0})
