"""Training in practice, unit 2 of the lecture notes: the worked example W29, and errata: the slip as input, then the right reading."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import numpy as np
import pytest

from dlkit.numpy.layers import ReLU, Softmax
from dlkit.numpy.losses_classification import categorical_cross_entropy
from dlkit.numpy.metrics import accuracy, class_labels
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.preprocessing import one_hot
from dlkit.numpy.search import grid_search, parameter_grid
from dlkit.numpy.splits import train_val_test_split

RNG = np.random.default_rng(0)
X, LABELS = RNG.normal(size=(60, 4)), np.arange(60) % 3
Y = one_hot(LABELS)


def network():
    return mlp([4, 8, 3], np.random.default_rng(1), ReLU, Softmax)


def test_W29_eight_candidates_and_eighty_fits():
    grid = {"batch_size": [20, 30], "epochs": [50, 100], "optimizer": ["adam", "sgd"]}
    candidates, folds, fits = parameter_grid(grid), 10, 0

    def cross_validated(candidate):
        nonlocal fits
        fits += folds
        return candidate["epochs"] - candidate["batch_size"] + (candidate["optimizer"] == "sgd") / 2

    found = grid_search(cross_validated, grid)
    assert len(candidates) == 2 * 2 * 2 == 8 == len(found.tried)
    assert fits == 80 and fits + 1 == 81  # one more for the winner on all rows
    assert found.best == {"batch_size": 20, "epochs": 100, "optimizer": "sgd"} and found.score == 80.5


def test_E3_22_names_with_underscores_and_a_validation_set_of_its_own():
    torch = pytest.importorskip("torch")
    from dlkit.torch.early_stopping import EarlyStopping
    from dlkit.torch.training import fit

    def run(monitor, **epochs):
        model = torch.nn.Linear(4, 3)
        sgd, rng = torch.optim.SGD(model.parameters(), lr=0.1), torch.Generator().manual_seed(0)
        return fit(model, X.astype(np.float32), LABELS, torch.nn.functional.cross_entropy, sgd, batch_size=16, rng=rng, device="cpu",
                   validation_data=(X[:9].astype(np.float32), LABELS[:9]), early_stopping=EarlyStopping(2, monitor=monitor), **epochs)

    with pytest.raises(ValueError, match="early_stopping monitors 'val-loss', expected one of"):
        run("val-loss", epochs=2)
    with pytest.raises(TypeError, match="epoch"):
        run("val_loss", epoch=2)
    assert len(run("val_loss", epochs=2)) == 2
    split = train_val_test_split(60, 0.2, 0.2, np.random.default_rng(0))
    assert np.intersect1d(split.test, split.test).size == 12  # what the notes validate on is what they report on
    assert np.intersect1d(split.val, split.test).size == 0


def test_E3_42_evaluate_gives_what_was_asked_for_and_predict_probabilities():
    net = network()
    with pytest.raises(ValueError, match="not enough values to unpack"):
        _loss, _share = net.evaluate(X, Y, categorical_cross_entropy).values()
    loss, share = net.evaluate(X, Y, categorical_cross_entropy, {"accuracy": lambda P, T: accuracy(P, T.argmax(axis=1))}).values()
    P = net.predict(X)
    assert P.shape == (60, 3) and np.allclose(P.sum(axis=1), 1.0)  # printed: "classes"
    assert class_labels(P).shape == (60,)
    assert share == np.mean(class_labels(P) == LABELS) and loss > 0


def test_E3_43_epochs_not_nb_epoch():
    arguments = {"loss": categorical_cross_entropy, "optimizer": GradientDescent(0.1), "batch_size": 20,
                 "rng": np.random.default_rng(0)}
    with pytest.raises(TypeError, match="nb_epoch"):
        network().fit(X, Y, nb_epoch=3, **arguments)
    assert len(network().fit(X, Y, epochs=3, **arguments)) == 3


@pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="Keras is optional")
def test_E3_52_keras_runs_without_tensorflow_and_computes_what_the_course_computes():
    program = """
import sys, numpy as np, keras
from dlkit.numpy.layers import ReLU, Softmax
from dlkit.numpy.network import mlp
net = mlp([4, 8, 3], np.random.default_rng(1), ReLU, Softmax)
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")])
model.set_weights([net.params[name] for name in ("0.W", "0.b", "2.W", "2.b")])
X = np.random.default_rng(0).normal(size=(5, 4))
assert np.allclose(model.predict(X, verbose=0), net.predict(X), atol=1e-6)
model.compile(loss="sparse_categorical_crossentropy")
assert np.ndim(model.evaluate(X, np.zeros(5), verbose=0)) == 0  # E3.42: one number only
model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
assert len(model.evaluate(X, np.zeros(5), verbose=0)) == 2
print(keras.__version__.split(".")[0], keras.backend.backend(), "tensorflow" in sys.modules)
"""
    environment = os.environ | {"KERAS_BACKEND": "torch"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["3", "torch", "False"]
