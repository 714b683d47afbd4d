"""`backprop` and `gradient_check` of `dlkit.numpy` and `dlkit.torch`: the same numbers under the same names."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dlkit.numpy import activations as act
from dlkit.numpy import backprop as ours
from dlkit.numpy import gradient_check as our_check
from dlkit.numpy.losses_regression import mse
from dlkit.torch import backprop as theirs
from dlkit.torch import gradient_check as their_check
from dlkit.torch.device import available_devices

from .test_parity import TOLERANCES, assert_same

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)
every_dtype = pytest.mark.parametrize("dtype", TOLERANCES)
PAIRS = {"sigmoid": ((act.sigmoid, act.sigmoid_derivative), torch.sigmoid),
         "tanh": ((act.tanh, act.tanh_derivative), torch.tanh),
         "relu": ((act.relu, act.relu_derivative), torch.relu), "linear": (None, None)}
SIZES = (5, 7, 3, 2)


def drawn(dtype, sizes=SIZES, rows=11):
    rng = np.random.default_rng(8)
    shapes = [(rows, sizes[0]), (rows, sizes[-1]), *zip(sizes, sizes[1:], strict=False), *((n,) for n in sizes[1:])]
    X, Y, *rest = (rng.standard_normal(shape).astype(dtype) for shape in shapes)
    return X, Y, rest[:len(sizes) - 1], rest[len(sizes) - 1:]


def moved(value, device):
    return [torch.tensor(v, device=device) for v in value] if isinstance(value, list) else torch.tensor(value, device=device)


def test_the_names_are_the_same():
    assert set(ours.__all__) == set(theirs.__all__)
    assert set(our_check.__all__) == set(their_check.__all__)
    for name in ("NeuronPass", "MLPGradients", "Training"):
        assert getattr(ours, name)._fields == getattr(theirs, name)._fields


@every_device
@every_dtype
@pytest.mark.parametrize("names", [("tanh", "sigmoid", "linear"), ("relu", "linear", "sigmoid")], ids="-".join)
def test_every_intermediate_of_an_mlp(names, dtype, device):
    X, upstream, weights, biases = drawn(dtype)
    output, cache = ours.mlp_forward(X, weights, biases, [PAIRS[n][0] for n in names])
    grads = ours.mlp_backward(upstream, cache)
    t_output, t_cache = theirs.mlp_forward(moved(X, device), moved(weights, device), moved(biases, device),
                                           [PAIRS[n][1] for n in names])
    t_grads = theirs.mlp_backward(moved(upstream, device), t_cache)
    table, t_table = ours.intermediates(cache, grads), theirs.intermediates(t_cache, t_grads)
    assert list(table) == list(t_table) and len(table) == 18
    for name in table:
        assert str(t_table[name].dtype) == f"torch.{dtype}"
        assert_same(table[name], t_table[name], TOLERANCES[dtype], name)
    assert_same(output, t_output, TOLERANCES[dtype], "output")
    assert_same(grads.dX, t_grads.dX, TOLERANCES[dtype], "dX")


@every_dtype
@pytest.mark.parametrize("name", PAIRS)
def test_neuron(name, dtype):
    rng = np.random.default_rng(4)
    x, w = rng.standard_normal((2, 5)).astype(dtype)
    b, y = 0.375, -0.75
    a, t = ours.neuron_pass(x, w, b, y, PAIRS[name][0]), theirs.neuron_pass(moved(x, "cpu"), moved(w, "cpu"), b, y, PAIRS[name][1])
    for field in a._fields:
        assert_same(getattr(a, field), getattr(t, field), TOLERANCES[dtype], field)


@pytest.mark.parametrize("name", PAIRS)
def test_nine_derivatives(name):
    X, Y, weights, biases = drawn("float64", (2, 2, 1), 1)
    nine = ours.linear_output_221(X[0], Y[0, 0], weights, biases, PAIRS[name][0])
    same = theirs.linear_output_221(moved(X[0], "cpu"), Y[0, 0], moved(weights, "cpu"), moved(biases, "cpu"), PAIRS[name][1])
    assert list(nine) == list(same)
    assert_same(list(nine.values()), list(same.values()), 1e-12, "the nine derivatives")
    with pytest.raises(ValueError, match=r"weights have shapes \[\(2, 1\), \(2, 2\)\]"):
        theirs.linear_output_221(moved(X[0], "cpu"), 1.0, moved(weights[::-1], "cpu"), moved(biases, "cpu"))


@every_device
@every_dtype
def test_training(dtype, device):
    X, Y, weights, biases = drawn(dtype)
    names = ("tanh", "sigmoid", "linear")
    a = ours.train_loop(X, Y, weights, biases, [PAIRS[n][0] for n in names], mse, 0.2, 5)
    given = moved(weights, device), moved(biases, device)
    t = theirs.train_loop(moved(X, device), moved(Y, device), *given, [PAIRS[n][1] for n in names],
                          torch.nn.functional.mse_loss, 0.2, 5)
    assert_same(a.losses, t.losses, TOLERANCES[dtype], "losses")
    for mine, other in zip(a.weights + a.biases, t.weights + t.biases, strict=True):
        assert_same(mine, other, TOLERANCES[dtype], "a parameter")
    assert all(torch.equal(g, torch.tensor(w, device=device)) for g, w in zip(given[0], weights, strict=True))
    goal = a.losses[2] + 1e-6
    assert len(theirs.train_loop(moved(X, device), moved(Y, device), *given, [PAIRS[n][1] for n in names],
                                 torch.nn.functional.mse_loss, 0.2, 5, goal).losses) == 3


def test_first_difference():
    right = {"Z1": torch.ones(2), "A1": torch.zeros(2, 3)}
    assert theirs.first_difference(right, right) is None
    assert theirs.first_difference(right | {"A1": torch.zeros(3, 2)}, right) == "A1"
    assert theirs.first_difference(right | {"Z1": torch.ones(2) + 1e-3}, right) == "Z1"
    assert theirs.first_difference(right | {"Z1": torch.ones(2) + 1e-3}, right, tolerance=0.1) is None
    with pytest.raises(ValueError, match="expected Z1, A1"):
        theirs.first_difference({}, right)


def test_numerical_gradient_is_the_same():
    x = np.random.default_rng(2).standard_normal((3, 2))
    mine = our_check.numerical_gradient(lambda v: np.sin(v).sum() * v[0, 0], x)
    other = their_check.numerical_gradient(lambda v: torch.sin(v).sum() * v[0, 0], torch.tensor(x))
    assert_same(mine, other, 1e-9, "the gradient")
    turned = torch.tensor(x).T  # not contiguous
    before = turned.clone()
    assert_same(their_check.numerical_gradient(lambda v: torch.sin(v).sum() * v[0, 0], turned), mine.T, 1e-9, "transposed")
    assert torch.equal(turned, before)
    with pytest.raises(ValueError, match=r"f returned shape \(2,\)"):
        their_check.numerical_gradient(lambda v: v, torch.ones(2))


def test_relative_error():
    assert their_check.relative_error(torch.zeros(2), torch.zeros(2)) == 0.0
    assert their_check.relative_error(torch.tensor([2.0]), torch.tensor([1.0])) == 0.5
    with pytest.raises(ValueError, match=r"b has shape \(2,\), expected \(1,\)"):
        their_check.relative_error(torch.ones(1), torch.ones(2))


class Square(torch.autograd.Function):
    factor = 2.0

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x**2 * y

    @staticmethod
    def backward(ctx, upstream):
        x, y = ctx.saved_tensors
        return Square.factor * x * y * upstream, x**2 * upstream


def test_a_hand_written_function_is_checked(monkeypatch):
    rng = torch.Generator().manual_seed(1)
    inputs = {"x": torch.tensor([1.0, -2.0, 3.0]), "y": torch.tensor([0.5, 2.0, 1.5])}
    assert max(their_check.check_gradients(Square.apply, inputs, rng).values()) < 1e-8
    assert set(their_check.check_gradients(Square.apply, list(inputs.values()), rng)) == {"input 0", "input 1"}
    monkeypatch.setattr(Square, "factor", 1.0)
    with pytest.raises(AssertionError, match="gradient of x is off by a relative error of 0.5"):
        their_check.check_gradients(Square.apply, inputs, rng)
    monkeypatch.setattr(Square, "factor", 2.0001)
    with pytest.raises(AssertionError, match="gradient of x"):
        their_check.check_gradients(Square.apply, inputs, rng)
