"""The 4-2-1 network: both columns of the table, and the same machinery on other numbers."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.activations import sigmoid
from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.worked import (
    W15_BIASES,
    W15_INPUTS,
    W15_TABLE,
    W15_WEIGHTS,
    first_pass,
    mlp_4_2_1,
    second_pass,
)


def random_problem(seed: int = 0):
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((4, 2)), rng.standard_normal((2, 1))
    biases = rng.standard_normal(2), rng.standard_normal(1)
    return rng.standard_normal(4), weights, biases


def test_passes_together_are_the_whole():
    arguments = (*random_problem(), 0.3, 0.2)
    for slip in (False, True):
        both = first_pass(*arguments, slip=slip) | second_pass(*arguments, slip=slip)
        assert mlp_4_2_1(*arguments, slip=slip) == both


def test_update_is_gradient_descent_on_half_the_squared_error():
    x, (W1, W2), (b1, b2) = random_problem(1)
    rate, target = 0.7, 0.3

    def half_squared_error(flat):
        first, second = flat[:8].reshape(4, 2), flat[8:10]
        return 0.5 * (target - sigmoid(sigmoid(x @ first + flat[10:12]) @ second + flat[12])) ** 2

    start = np.concatenate([W1.ravel(), W2.ravel(), b1, b2])
    new = mlp_4_2_1(x, (W1, W2), (b1, b2), rate, target)
    names = [f"w{i}{j}" for i in range(1, 5) for j in (5, 6)] + ["w57", "w67", "theta5", "theta6", "theta7"]
    step = np.array([new[name] for name in names]) - start
    assert relative_error(step, -rate * numerical_gradient(half_squared_error, start)) < 1e-8


def test_second_pass_is_the_first_of_the_new_weights():
    x, weights, biases = random_problem(2)
    once = first_pass(x, weights, biases, 0.5, 1.0)
    new_W1 = np.array([[once[f"w{i}{j}"] for j in (5, 6)] for i in range(1, 5)])
    new_W2 = np.array([[once["w57"]], [once["w67"]]])
    new_biases = np.array([once["theta5"], once["theta6"]]), np.array([once["theta7"]])
    again = first_pass(x, (new_W1, new_W2), new_biases, 0.5, 1.0)
    second = second_pass(x, weights, biases, 0.5, 1.0)
    for name in ("I5", "O5", "I6", "O6", "I7", "O7", "error"):
        assert second[name + "'"] == pytest.approx(again[name], abs=1e-14)
    assert second["reduction"] == pytest.approx(once["error"] - again["error"], abs=1e-14)


def test_slip_changes_only_the_reading_of_w16():
    x, (W1, W2), biases = random_problem(3)
    slip, right = (first_pass(x, (W1, W2), biases, 0.5, 1.0, slip=value) for value in (True, False))
    assert slip["I5"] == right["I5"]
    assert slip["I6"] - right["I6"] == pytest.approx(x[0] * (W1[0, 0] - W1[0, 1]))
    same = W1.copy()
    same[0, 1] = same[0, 0]  # with w15 = w16 there is nothing to slip on
    arguments = x, (same, W2), biases, 0.5, 1.0
    assert first_pass(*arguments, slip=True) == first_pass(*arguments)


def test_slip_updates_the_true_w16():
    zeros = mlp_4_2_1(rate=0.0, slip=True)
    assert zeros["w16"] == 0.1 and zeros["w15"] == 0.3


def test_every_step_lowers_the_error_of_the_example():
    assert mlp_4_2_1()["reduction"] > 0
    assert mlp_4_2_1(target=0.0)["reduction"] < 0  # the error is negative and moves up to 0


def test_inputs_are_not_modified_and_constants_cannot_be():
    x, weights, biases = random_problem(4)
    before = [array.copy() for array in (x, *weights, *biases)]
    mlp_4_2_1(x, weights, biases, 0.5, 1.0, slip=True)
    for old, new in zip(before, (x, *weights, *biases), strict=True):
        assert (old == new).all()
    for constant in (W15_INPUTS, *W15_WEIGHTS, *W15_BIASES):
        with pytest.raises(ValueError, match="read-only"):
            constant[0] = 0


@pytest.mark.parametrize("function", [first_pass, second_pass, mlp_4_2_1])
def test_wrong_shapes_are_named(function):
    with pytest.raises(ValueError, match=r"weights\[0\] has shape \(3, 2\), expected \(4, 2\)"):
        function(np.ones(3), (np.ones((3, 2)), np.ones((2, 1))), (np.ones(2), np.ones(1)), 0.8, 1.0)
    with pytest.raises(ValueError, match=r"weights\[1\] has shape \(2,\), expected \(2, 1\)"):
        function(np.ones(4), (np.ones((4, 2)), np.ones(2)), (np.ones(2), np.ones(1)), 0.8, 1.0)
    with pytest.raises(ValueError, match=r"biases\[1\] has shape \(2,\), expected \(1,\)"):
        function(np.ones(4), (np.ones((4, 2)), np.ones((2, 1))), (np.ones(2), np.ones(2)), 0.8, 1.0)


def test_table_gives_a_reason_exactly_where_print_and_truth_differ():
    assert len(W15_TABLE) == 31
    assert [row.name for row in W15_TABLE] == list(mlp_4_2_1())
    for row in W15_TABLE:
        assert bool(row.why) == (not row.agrees), row.name
        off = abs(row.correct - float(row.printed))
        assert row.agrees == (off <= 0.5 * 10**-row.decimals + 1e-12), row.name
