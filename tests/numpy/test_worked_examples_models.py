"""The worked examples of the lecture notes that perceptrons, linear models, encoders and trees reproduce."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.autoencoder import Autoencoder
from dlkit.numpy.hierarchical_softmax import balanced_tree, expected_path_length
from dlkit.numpy.least_squares import LinearRegression, fit_line, normal_equation
from dlkit.numpy.losses_regression import sum_squared_residuals
from dlkit.numpy.network import count_parameters, mlp
from dlkit.numpy.perceptron import (
    bipolar_perceptron_fit,
    logic_gate,
    perceptron_step,
    perceptron_trick,
    threshold_unit,
)
from dlkit.numpy.preprocessing import MinMaxScaler, StandardScaler, one_hot, ordinal_encode
from dlkit.numpy.worked import W15_TABLE, mlp_4_2_1

# name, printed, value of the printed arithmetic, right value
W15 = """
I5 0.4 0.4 0.4
O5 0.599 0.5986876601 0.5986876601
I6 1.2 1.2 1.0
O6 0.769 0.7685247835 0.7310585786
I7 -0.326 -0.3259013413 -0.3333945823
O7 0.419 0.4192382229 0.4174148990
error 0.581 0.5807617771 0.5825851010
Error7 0.141 0.1414024461 0.1416728707
Error6 0.005 0.0050309418 0.0055709154
Error5 -0.0101 -0.0101920371 -0.0102115289
w15 0.292 0.2918463703 0.2918307769
w16 0.104 0.1040247534 0.1044567323
w25 -0.208 -0.2081536297 -0.2081692231
w26 0.404 0.4040247534 0.4044567323
w35 0.2 0.2 0.2
w36 -0.3 -0.3 -0.3
w45 0.092 0.0918463703 0.0918307769
w46 0.404 0.4040247534 0.4044567323
w57 -0.232 -0.2322752803 -0.2321457604
w67 0.287 0.2869370274 0.2828569340
theta5 0.192 0.1918463703 0.1918307769
theta6 0.104 0.1040247534 0.1044567323
theta7 -0.187 -0.1868780431 -0.1866617034
I5' 0.368 0.3673854811 0.3673231076
O5' 0.591 0.5908270678 0.5908119888
I6' 1.204 1.2039206306 1.0178269293
O6' 0.7692 0.7692215075 0.7345490956
I7' -0.326 -0.1033944331 -0.1160438968
O7' 0.474 0.4741743948 0.4710215376
error' 0.526 0.5258256052 0.5289784624
reduction 0.055 0.0549361720 0.0536066387
"""
W15_ROWS = [line.split() for line in W15.strip().splitlines()]
PRINTED_LOOSELY = {"Error5": 1e-3, "I5'": 1e-3}  # cut instead of rounded; summed from rounded weights


def test_w6_compression_of_an_image_to_six_numbers():
    model = Autoencoder([784, 6], np.random.default_rng(0))
    codes = model.encode(np.ones((2, 784)))
    assert codes.shape == (2, 6) and 784 / codes.shape[1] == pytest.approx(130.667, abs=5e-4)


def test_w10_perceptron_trick():
    line, point = np.array([2, 3, 5]), np.array([4, 5])
    assert line @ [4, 5, 1] == 28
    moved = perceptron_trick(line, point, label=0)
    assert moved.tolist() == [-2, -2, 4] and moved @ [4, 5, 1] == -14
    assert perceptron_trick(line, point, label=1).tolist() == [6, 8, 6]


def test_w10_small_steps_change_the_side_after_67():
    w, x = np.array([2.0, 3.0, 5.0]), np.array([4.0, 5.0, 1.0])
    first = perceptron_step(w, x, y=0, lr=0.01)
    assert first == pytest.approx([1.96, 2.95, 4.99]) and first @ x == pytest.approx(27.58)
    steps = 0
    while w @ x >= 0:
        w, steps = perceptron_step(w, x, y=0, lr=0.01), steps + 1
    assert steps == 67


@pytest.mark.parametrize(("y", "predicted", "error"), [(0, 0, 0), (0, 1, -1), (1, 1, 0), (1, 0, 1)])
def test_w11_error_table(y, predicted, error):
    x = np.array([1.0])
    w = np.array([1.0 if predicted else -1.0])
    assert perceptron_step(w, x, y, lr=1.0) - w == error


def test_w13_parameter_counts():
    assert count_parameters([4, 3, 2, 1]) == 26
    assert mlp([4, 3, 2, 1], np.random.default_rng(0)).count_parameters() == 26
    assert count_parameters([2, 2, 1]) == 9
    assert count_parameters([4, 2, 1]) == 13


@pytest.mark.parametrize(("name", "printed", "slip", "correct"), W15_ROWS)
def test_w15_every_intermediate(name, printed, slip, correct):
    assert mlp_4_2_1(slip=True)[name] == pytest.approx(float(slip), abs=5.1e-11)
    assert mlp_4_2_1()[name] == pytest.approx(float(correct), abs=5.1e-11)
    row = next(row for row in W15_TABLE if row.name == name)
    assert row.printed == printed
    assert (row.slip, row.correct) == (mlp_4_2_1(slip=True)[name], mlp_4_2_1()[name])
    if name != "I7'":  # printed there: the figure of the first pass
        assert row.slip == pytest.approx(float(printed), abs=PRINTED_LOOSELY.get(name, 5.1e-4))


def test_w15_table_is_complete():
    assert [row.name for row in W15_TABLE] == [name for name, *_ in W15_ROWS]


def test_w16_gates_by_threshold():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    w, threshold = logic_gate("or")
    assert w.tolist() == [1, 1] and threshold == 0.5
    assert threshold_unit(X, w, threshold).tolist() == [0, 1, 1, 1]
    assert threshold_unit(X, w, 1.5).tolist() == [0, 0, 0, 1]


def test_w16_bipolar_training():
    X = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    fits = {
        name: bipolar_perceptron_fit(X, np.array(t))
        for name, t in {"and": [1, -1, -1, -1], "or": [1, 1, 1, -1], "xor": [-1, 1, 1, -1]}.items()
    }
    assert fits["and"].w.tolist() == [1, 1] and fits["and"].b == -1 and fits["and"].epochs == 2
    assert fits["or"].w.tolist() == [1, 1] and fits["or"].b == 1 and fits["or"].converged
    assert not fits["xor"].converged and fits["xor"].epochs == 100


def test_w23_least_squares_line():
    x, y = np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1])
    slope, intercept = fit_line(x, y)
    assert slope == pytest.approx(2.0789473684, abs=5e-11)
    assert intercept == pytest.approx(-0.2657894737, abs=5e-11)
    assert sum_squared_residuals(slope * x + intercept, y)[0] == pytest.approx(0.0592105263, abs=5e-11)
    assert normal_equation(x[:, None], y, add_ones=True) == pytest.approx([slope, intercept])
    model = LinearRegression().fit(x[:, None], y)
    assert (model.w_[0], model.b_) == pytest.approx((slope, intercept))


def test_w28_ordinal_and_one_hot():
    countries = ["India", "Japan", "Madagascar", "USA"]
    codes, categories = ordinal_encode(countries, start=1)
    assert codes.tolist() == [1, 2, 3, 4] and categories.tolist() == countries
    assert one_hot(codes - 1)[:3, :3].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert one_hot(codes - 1).shape == (4, 4)


def test_w33_scaled_housing_table():
    X = np.array([[32, 3, 5], [25, 1, 8], [80, 4, 10], [55, 3, 10]])
    standard = StandardScaler().fit_transform(X)
    assert standard[:, 0] == pytest.approx([-0.742381, -1.067173, 1.484763, 0.324792], abs=5.1e-7)
    assert standard[:, 1] == pytest.approx([0.229416, -1.605910, 1.147079, 0.229416], abs=5.1e-7)
    assert standard[:, 2] == pytest.approx([-1.588203, -0.122169, 0.855186, 0.855186], abs=5.1e-7)
    scaled = MinMaxScaler().fit_transform(X)
    assert scaled[:, 0] == pytest.approx([0.127273, 0, 1, 0.545455], abs=5.1e-7)
    assert scaled[:, 1] == pytest.approx([0.666667, 0, 1, 0.666667], abs=5.1e-7)
    assert scaled[:, 2] == pytest.approx([0, 0.6, 1, 1])


@pytest.mark.parametrize(("classes", "decisions"), [(10_000, 13.29), (50_000, 15.61)])
def test_w38_hierarchical_softmax_cost(classes, decisions):
    assert np.log2(classes) == pytest.approx(decisions, abs=5e-3)
    tree = balanced_tree(classes)
    assert set(tree.lengths) == {int(decisions), int(decisions) + 1}
    # all leaves on two levels: the mean exceeds log2 by less than 0.0861
    assert 0 <= expected_path_length(tree) - np.log2(classes) < 0.0861
