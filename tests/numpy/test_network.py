"""Networks: gradients through the chain, training, bookkeeping, messages."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.gradient_check import check_gradients
from dlkit.numpy.layers import Dense, ReLU, Sigmoid, Softmax, Tanh
from dlkit.numpy.losses_classification import bce_with_logits, cross_entropy
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.metrics import accuracy
from dlkit.numpy.network import History, Sequential, count_parameters, mlp
from dlkit.numpy.optim import GradientDescent

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])


@pytest.fixture
def rng():
    return np.random.default_rng(29)


@pytest.mark.parametrize("output", [None, Sigmoid, Softmax])
def test_backward_of_the_whole_chain_against_central_differences(output, rng):
    network = Sequential(mlp([5, 7], rng), Tanh(), mlp([7, 3, 2], rng, output=output))  # nested
    names = list(network.params)

    def forward(X, *params):
        network.params = dict(zip(names, params, strict=True))
        return network.forward(X)

    def backward(dout, caches):
        dX, grads = network.backward(dout, caches)
        only = network.parameter_gradients(dout, caches)
        assert set(only) == set(grads) == set(names)
        assert all(np.array_equal(only[name], grads[name]) for name in names)
        return dX, *(grads[name] for name in names)

    check_gradients(
        forward, backward, {"X": rng.standard_normal((11, 5)), **network.params}, rng, tolerance=1e-7
    )


def test_forward_is_the_composition_of_its_layers(rng):
    network = mlp([4, 3, 2, 1], rng, hidden=Sigmoid, output=Sigmoid)
    X = rng.standard_normal((5, 4))
    A = X
    for i in (0, 2, 4):
        A = 1 / (1 + np.exp(-(A @ network.params[f"{i}.W"] + network.params[f"{i}.b"])))
    np.testing.assert_allclose(network.predict(X), A, rtol=1e-13)
    np.testing.assert_array_equal(network.predict(X, batch_size=2).shape, (5, 1))
    np.testing.assert_allclose(network.predict(X, batch_size=2), A, rtol=1e-13)


def test_counts():
    assert (
        count_parameters([4, 3, 2, 1]) == mlp([4, 3, 2, 1], np.random.default_rng(0)).count_parameters() == 26
    )
    assert count_parameters([2, 2, 1]) == 9
    assert count_parameters([784, 64, 10]) == 50890


def test_one_training_step_by_hand():
    network = Sequential(Dense(1, 1, np.random.default_rng(0)))
    network.params = {"0.W": np.array([[2.0]]), "0.b": np.array([1.0])}
    value = network.train_step(np.array([[3.0]]), np.array([[5.0]]), mse, GradientDescent(lr=0.1))
    assert value == 4.0  # (2 * 3 + 1 - 5)^2, dz = 4, dw = 12, db = 4
    np.testing.assert_allclose([network.params["0.W"][0, 0], network.params["0.b"][0]], [0.8, 0.6])


def test_an_mlp_learns_xor(rng):
    network = mlp([2, 4, 1], rng)
    history = network.fit(*XOR, bce_with_logits, GradientDescent(lr=1.0), 500, None, rng)
    assert history["loss"][-1] < 0.05 < history["loss"][0]
    assert ((network.predict(XOR[0]) > 0) == XOR[1]).all()


def test_fit_records_validates_calls_back_and_stops(rng, capsys):
    X = rng.standard_normal((23, 3))
    y = (X[:, 0] > 0).astype(int)
    seen = []

    def callback(epoch, record):
        seen.append((epoch, sorted(record)))
        return epoch == 3

    network = mlp([3, 5, 2], rng, hidden=ReLU)
    history = network.fit(
        X,
        y,
        cross_entropy,
        GradientDescent(lr=0.5),
        10,
        7,
        rng,
        validation_data=(X, y),
        metrics={"accuracy": accuracy},
        callback=callback,
        progress=True,
    )
    assert len(history) == 3 and [epoch for epoch, _ in seen] == [1, 2, 3]
    assert seen[0][1] == ["loss", "val_accuracy", "val_loss"]
    assert {len(values) for values in history.records.values()} == {3}
    assert capsys.readouterr().out.startswith("epoch 1: loss 0.")
    scores = network.evaluate(X, y, cross_entropy, {"accuracy": accuracy})
    assert scores["loss"] == pytest.approx(history["val_loss"][-1])
    assert scores["accuracy"] == history["val_accuracy"][-1]


def test_fit_is_reproducible_and_leaves_the_data_alone():
    def train():
        rng = np.random.default_rng(3)
        X, y = np.linspace(0, 1, 11)[:, None], np.linspace(0, 2, 11)[:, None]
        X.flags.writeable = y.flags.writeable = False
        network = mlp([1, 3, 1], rng)
        network.fit(X, y, mse, GradientDescent(lr=0.1), 3, 4, rng)
        return network.params

    for first, second in zip(train().values(), train().values(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_every_example_counts_once_per_epoch(rng):
    seen = []

    def spy(prediction, target):
        seen.append(target[:, 0])
        return 0.0, np.zeros_like(prediction)

    y = np.arange(10.0)[:, None]
    mlp([1, 1], rng).fit(y, y, spy, GradientDescent(lr=1.0), 2, 4, rng)
    assert [len(batch) for batch in seen] == [4, 4, 2] * 2
    assert sorted(np.concatenate(seen[:3])) == sorted(np.concatenate(seen[3:])) == list(range(10))


def test_float32_network_stays_float32(rng):
    network = mlp([3, 5, 2], rng)
    network.params = {name: value.astype(np.float32) for name, value in network.params.items()}
    X, y = rng.standard_normal((6, 3)).astype(np.float32), np.array([0, 1, 0, 1, 0, 1])
    network.fit(X, y, cross_entropy, GradientDescent(lr=0.1), 2, 3, rng)
    assert {value.dtype for value in network.params.values()} == {np.dtype(np.float32)}
    assert network.predict(X).dtype == np.float32


def test_messages(rng):
    network = mlp([2, 3, 1], rng)
    with pytest.raises(ValueError, match="Sequential got no layers"):
        Sequential()
    with pytest.raises(ValueError, match=r"sizes is \[3\], expected at least the inputs and the outputs"):
        mlp([3], rng)
    with pytest.raises(ValueError, match=r"params has the names \['0.W'\], expected \['0.W', '0.b', '2.W'"):
        network.params = {"0.W": np.zeros((2, 3))}
    with pytest.raises(ValueError, match=r"params\['0.W'\] has shape \(3, 2\), expected \(2, 3\)"):
        network.params = {name: value.T for name, value in network.params.items()}
    with pytest.raises(ValueError, match="y has 3 rows and X 4, expected the same number"):
        network.fit(np.zeros((4, 2)), np.zeros((3, 1)), mse, GradientDescent(lr=1.0), 1, None, rng)
    with pytest.raises(ValueError, match="batch_size is 0, expected at least 1"):
        network.fit(*XOR, mse, GradientDescent(lr=1.0), 1, 0, rng)
    with pytest.raises(TypeError, match="rng has type NoneType"):
        network.fit(*XOR, mse, GradientDescent(lr=1.0), 1, None, None)
    with pytest.raises(ValueError, match=r"W has shape \(2, 3\), expected \(5, \*\) to match X \(4, 5\)"):
        network.predict(np.zeros((4, 5)))


def test_history():
    history = History()
    assert len(history) == 0
    history.append({"loss": 1.0, "val_loss": 2.0})
    assert history["val_loss"] == [2.0] and len(history) == 1
