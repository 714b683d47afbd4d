"""Slips of the lecture notes, by number: one call takes the slip and goes wrong, another is right."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.delta_rule import lms_step
from dlkit.numpy.hierarchical_softmax import balanced_tree, leaf_probabilities
from dlkit.numpy.least_squares import LinearRegression, normal_equation
from dlkit.numpy.linear import dense_forward, linear_unit
from dlkit.numpy.linear_models import LogisticRegression, linear_scores, logistic_gradient
from dlkit.numpy.losses_classification import multiclass_hinge
from dlkit.numpy.losses_regression import half_squared_error
from dlkit.numpy.network import count_parameters, mlp
from dlkit.numpy.optim import gradient_descent_step
from dlkit.numpy.perceptron import (
    bipolar_perceptron_fit,
    multi_output_step,
    perceptron_step,
    perceptron_trick,
)
from dlkit.numpy.preprocessing import MinMaxScaler, StandardScaler, one_hot, ordinal_encode
from dlkit.numpy.worked import mlp_4_2_1

BIPOLAR = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
AREA = np.array([[32.0], [25.0], [80.0], [55.0]])


def test_e2_2_the_bias_is_trained_and_its_input_is_one():
    assert linear_unit(np.array([[5.0]]), np.array([2.5]), 1.0) == 13.5  # the slip: b is always 1
    assert linear_unit(np.array([[5.0]]), np.array([2.5]), 90.0) == 102.5
    assert bipolar_perceptron_fit(BIPOLAR, np.array([1, -1, -1, -1])).b == -1


def test_e2_3_rows_are_examples():
    X, y = np.arange(6.0).reshape(2, 3), np.array([0, 1])
    with pytest.raises(ValueError, match=r"W has shape \(3,\), expected \(2,\) to match X"):
        logistic_gradient(X.T, y, np.zeros(3), 0.0)  # samples in columns
    assert logistic_gradient(X, y, np.zeros(3), 0.0)[1].shape == (3,)


def test_e2_4_weights_and_bias_move_at_the_same_time():
    X, y = np.array([[2.0], [4.0], [-1.0]]), np.array([1, 0, 1])
    _, dw, db = logistic_gradient(X, y, np.zeros(1), 0.0)
    w = -0.5 * dw
    one_after_the_other = -0.5 * logistic_gradient(X, y, w, 0.0)[2]
    fitted = LogisticRegression(lr=0.5, epochs=1).fit(X, y)
    assert fitted.W_ == pytest.approx(w) and fitted.b_ == pytest.approx(-0.5 * db)
    assert abs(fitted.b_ - one_after_the_other) > 0.01


def test_e2_5_the_delta_rule_looks_at_the_net_input_not_at_the_class():
    w, x = np.array([0.5, 0.0]), np.array([1.0, 1.0])  # net input 0.5: class 1, and that is right
    assert perceptron_step(w, x, y=1, lr=0.1).tolist() == [0.5, 0.0]  # the slip: t == y, no change
    assert lms_step(w, x, t=1.0, lr=0.1) == pytest.approx([0.55, 0.05])


def test_e2_6_the_score_is_one_sum():
    X, w = np.array([[1.0, 2.0, 3.0]]), np.array([4.0, 5.0, 6.0])
    assert sum(linear_scores(X, w, 0.0)[0] for _ in w) == 96  # summed over j once more: D times too large
    assert linear_scores(X, w, 0.0)[0] == 32


def test_e2_7_no_plain_inverse():
    X, y = np.array([[1.0, 1.0], [2.0, 2.0]]), np.array([2.0, 4.0])
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        np.linalg.inv(X.T @ X)
    assert normal_equation(X, y) == pytest.approx([1, 1])


def test_e2_8_a_correct_prediction_can_cost():
    inside_the_margin, beyond_it = np.array([[3.0, 2.5, 0.0]]), np.array([[3.0, 2.0, 0.0]])
    assert inside_the_margin.argmax() == 0 and multiclass_hinge(inside_the_margin, np.array([0]))[0] == 0.5
    assert multiclass_hinge(beyond_it, np.array([0]))[0] == 0


def test_e2_13_classes_are_leaves_not_nodes():
    tree, h = balanced_tree(4), np.ones(2)
    with pytest.raises(ValueError, match=r"V has shape \(4, 2\), expected \(3, 2\)"):
        leaf_probabilities(h, tree, np.ones((4, 2)))  # one vector per class
    assert leaf_probabilities(h, tree, np.ones((3, 2))).sum() == pytest.approx(1)


def test_e2_16_the_constant_of_the_moved_line():
    assert perceptron_trick([2, 3, -1], [4, 5], 0).tolist() == [-2, -2, -2]  # what was typeset needs C = -1
    assert perceptron_trick([2, 3, 5], [4, 5], 0).tolist() == [-2, -2, 4]


def test_e2_17_zero_counts_as_positive_only():
    w, x = np.zeros(2), np.array([3.0, 1.0])  # z = 0
    assert perceptron_step(w, x, y=0, lr=1.0).tolist() == [-3, -1]
    assert perceptron_step(w, x, y=1, lr=1.0).tolist() == [0, 0]  # the slip would add x here too


def test_e2_20_order_of_the_product():
    W, x = np.arange(12.0).reshape(4, 3), np.arange(4.0)
    with pytest.raises(ValueError, match="matmul"):
        x[:, None] @ W.T  # (4, 1) times (3, 4)
    assert (W.T @ x[:, None]).shape == (3, 1)
    assert dense_forward(x[None], W, np.zeros(3))[0] == pytest.approx((W.T @ x[:, None]).T)


def test_e2_21_times_not_plus():
    W, outputs, b = np.array([[2.0], [3.0]]), np.array([[5.0, 7.0]]), np.array([0.5])
    assert (W.T + outputs + b).tolist() == [[7.5, 10.5]]  # not even of the right shape
    assert dense_forward(outputs, W, b)[0].tolist() == [[31.5]]


def test_e2_22_the_third_layer_has_two_weights_and_one_bias():
    assert count_parameters([4, 3, 2]) + 3 + 2 == 28  # as printed
    assert count_parameters([4, 3, 2]) + 2 + 1 == count_parameters([4, 3, 2, 1]) == 26
    params = mlp([4, 3, 2, 1], np.random.default_rng(0)).params
    assert [value.shape for value in list(params.values())[-2:]] == [(2, 1), (1,)]


def test_e2_27_the_update_makes_a_new_weight():
    old = {"w": np.array([1.0])}
    new = gradient_descent_step(old, {"w": np.array([2.0])}, 0.1)
    assert new["w"] == pytest.approx([0.8]) and old["w"] == 1.0


def test_e2_28_nine_different_partial_derivatives():
    printed = ["w11^1", "w12^1", "w21^1", "w22^1", "w11^2", "w12^1", "b11", "b12", "b21"]
    assert len(set(printed)) == 8
    network = mlp([2, 2, 1], np.random.default_rng(0))
    out, cache = network.forward(np.array([[0.3, -0.7]]))
    _, grads = network.backward(np.ones_like(out), cache)
    values = np.concatenate([gradient.ravel() for gradient in grads.values()])
    assert len(values) == 9 == network.count_parameters() and (values != 0).all()


def test_e2_31_the_bipolar_rule_needs_bipolar_targets():
    X = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
    for targets, right in ((np.array([1, 0, 0, 0]), False), (np.array([1, -1, -1, -1]), True)):
        W, b = np.zeros((2, 1)), np.zeros(1)
        for _ in range(50):
            for x, t in zip(X, targets, strict=True):
                W, b = multi_output_step(W, b, x, np.array([t]))
        outputs = (X @ W + b > 0).ravel()
        assert outputs.tolist() == ([True, False, False, False] if right else [True] * 4)
    with pytest.raises(ValueError, match="t contains 0, expected only -1 and 1"):
        bipolar_perceptron_fit(X, np.array([1, 0, 0, 0]))


def test_e2_32_every_output_has_its_own_net_input():
    W, b, x = np.array([[1.0, -1.0], [0.0, 0.0]]), np.zeros(2), np.array([1.0, 5.0])
    new_W, new_b = multi_output_step(W, b, x, np.array([1, 1]))  # nets 1, -1: the second is wrong
    assert new_W.tolist() == [[1, 0], [0, 5]] and new_b.tolist() == [0, 1]


def test_e2_33_the_update_runs_over_all_inputs():
    x = np.array([2.0, 3.0, 5.0])
    W, _ = multi_output_step(np.zeros((3, 1)), np.zeros(1), x, np.array([1]))
    assert W.ravel().tolist() == [2, 3, 5]


def test_e2_35_the_square_is_minimised_not_the_signed_error():
    targets = np.array([1.0])
    signed = [float(targets[0] - output) for output in (0.5, 1.0, 1.5)]
    squared = [half_squared_error(np.array([output]), targets)[0] for output in (0.5, 1.0, 1.5)]
    assert int(np.argmin(signed)) == 2  # the signed error calls overshooting best
    assert int(np.argmin(squared)) == 1 and squared == [0.125, 0, 0.125]
    assert mlp_4_2_1(target=0.0)["error"] < 0


def test_e2_36_node_6_reads_w16():
    assert mlp_4_2_1(slip=True)["I6"] == pytest.approx(1.2)
    assert mlp_4_2_1()["I6"] == pytest.approx(1.0)


def test_e2_37_error_of_node_5():
    for slip in (True, False):
        assert round(mlp_4_2_1(slip=slip)["Error5"], 4) == -0.0102 != -0.0101


def test_e2_38_second_pass():
    slip, right = mlp_4_2_1(slip=True), mlp_4_2_1()
    assert round(slip["I5'"], 3) == round(right["I5'"], 3) == 0.367 != 0.368
    assert (round(slip["I6'"], 3), round(right["I6'"], 3)) == (1.204, 1.018)
    assert (round(slip["I7'"], 4), round(right["I7'"], 4)) == (-0.1034, -0.116)
    assert round(slip["I7"], 3) == -0.326  # the copied figure


def test_e2_40_the_line_has_an_intercept():
    X, y = np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3.0, 5.0])
    assert normal_equation(X, y) == pytest.approx([2.6])  # forced through the origin
    model = LinearRegression().fit(X, y)
    assert model.w_ == pytest.approx([2]) and model.b_ == pytest.approx(1)


def test_e2_41_brackets_of_the_scalers():
    assert (AREA - AREA.mean() / AREA.std())[0, 0] == pytest.approx(29.7729, abs=5e-5)  # as printed
    assert StandardScaler().fit_transform(AREA)[0, 0] == pytest.approx(-0.742381, abs=5e-7)
    assert (AREA - AREA.min() / np.ptp(AREA))[0, 0] == pytest.approx(31.5455, abs=5e-5)
    assert MinMaxScaler().fit_transform(AREA)[0, 0] == pytest.approx(0.127273, abs=5e-7)


def test_e2_42_the_standard_score_feels_outliers_and_is_fitted_on_training_rows():
    train, outlier = np.arange(10.0)[:, None], np.array([[1000.0]])
    leaked = StandardScaler().fit(np.vstack([train, outlier])).transform(train)
    right = StandardScaler().fit(train).transform(train)
    assert np.ptp(leaked) < 0.04 and np.ptp(right) > 3
    squeezed = MinMaxScaler().fit(np.vstack([train, outlier])).transform(train)
    assert np.ptp(squeezed) < np.ptp(leaked)


def test_e2_43_four_labels_need_four_columns():
    codes, _ = ordinal_encode(["India", "Japan", "Madagascar", "USA"])
    with pytest.raises(ValueError, match="labels contains 3, expected 0 to 2"):
        one_hot(codes, num_classes=3)
    assert one_hot(codes)[3].tolist() == [0, 0, 0, 1]


def test_e2_44_ordinal_codes_invent_distances():
    codes, _ = ordinal_encode([f"city {i:03d}" for i in range(200)])
    assert abs(codes[199] - codes[0]) == 199 * abs(codes[1] - codes[0])
    encoded = one_hot(codes)
    distances = np.linalg.norm(encoded[0] - encoded[1:], axis=1)
    assert distances == pytest.approx(np.sqrt(2))
