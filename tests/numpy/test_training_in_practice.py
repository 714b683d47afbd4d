"""Splits, imputation, text, metrics, search, checkpoints and frozen layers, in NumPy."""

from __future__ import annotations

import itertools
import json
import os

import numpy as np
import pytest

from dlkit.numpy.bayesian import bayesian_search, expected_improvement, gaussian_process
from dlkit.numpy.checkpoint import load_checkpoint, save_checkpoint, write_atomically
from dlkit.numpy.gradient_check import numerical_gradient
from dlkit.numpy.imputation import SimpleImputer, impute, missing_indicator
from dlkit.numpy.layers import Dense, Layer, Tanh
from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.metrics import (
    accuracy,
    confusion_matrix,
    f1,
    mean_absolute_error,
    mean_squared_error,
    precision,
    recall,
    root_mean_squared_error,
)
from dlkit.numpy.network import Sequential, mlp
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.search import grid_search, log_uniform, parameter_grid, random_search
from dlkit.numpy.splits import split_sizes, train_val_test_split
from dlkit.numpy.text import bag_of_words, build_vocabulary, one_hot_tokens, tokenize
from dlkit.numpy.transfer import Frozen, freeze, unfreeze

NAN = float("nan")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# -- splits ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 7, 10, 97, 100])
@pytest.mark.parametrize("fractions", [(0.2, 0.2), (0.0, 0.07), (0.1, 0.0), (0.15, 0.3)])
@pytest.mark.parametrize("stratified", [False, True])
def test_three_sets_share_no_row_and_leave_none_out(n, fractions, stratified):
    labels = rng(1).integers(3, size=n) if stratified else None
    split = train_val_test_split(n, *fractions, rng(n), stratify=labels)
    assert tuple(map(len, split)) == split_sizes(n, *fractions)
    assert sorted(np.concatenate(split).tolist()) == list(range(n))


def test_sizes_round_up_but_not_floating_point_noise():
    assert 0.07 * 100 > 7
    assert split_sizes(100, 0.07, 0.0) == (93, 7, 0)
    assert split_sizes(11, 0.2, 0.1) == (6, 3, 2)
    with pytest.raises(ValueError, match="1 validation and 1 test rows of 2 leave no training row"):
        split_sizes(2, 0.1, 0.1)
    with pytest.raises(ValueError, match="test_fraction is 1.5, expected at least 0 and less than 1"):
        split_sizes(5, 0.1, 1.5)


def test_the_seed_decides_and_the_rows_are_mixed():
    first, again, other = (train_val_test_split(97, 0.2, 0.2, rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(np.sort(first.test), np.sort(other.test))
    assert np.ptp(first.test) > len(first.test)
    with pytest.raises(TypeError, match="rng has type int"):
        train_val_test_split(10, 0.2, 0.2, 0)


def test_strata_keep_their_shares_to_within_a_row():
    labels = rng(0).permutation(np.repeat([0, 1, 2], [61, 31, 8]))
    for seed in range(5):
        split = train_val_test_split(100, 0.15, 0.25, rng(seed), stratify=labels)
        for rows in split:
            counts = np.bincount(labels[rows], minlength=3)
            assert np.all(np.abs(counts - np.array([0.61, 0.31, 0.08]) * len(rows)) <= 1 + 1e-9)
    with pytest.raises(ValueError, match=r"stratify has shape \(100,\), expected \(99,\)"):
        train_val_test_split(99, 0.1, 0.1, rng(), stratify=labels)


# -- metrics ---------------------------------------------------------------------------------------------------------------


def labels_of(seed: int, K: int = 4, n: int = 211) -> tuple[np.ndarray, np.ndarray]:
    target = rng(seed).integers(K, size=n)
    predicted = np.where(rng(seed + 1).random(n) < 0.6, target, rng(seed + 2).integers(K, size=n))
    return predicted, target


def test_the_counts_are_scikit_learns():
    metrics = pytest.importorskip("sklearn.metrics")
    predicted, target = labels_of(3)
    assert np.array_equal(confusion_matrix(predicted, target), metrics.confusion_matrix(target, predicted))
    for average in ("macro", "micro", None):
        keywords = {"average": average, "zero_division": 0}
        for ours, theirs in ((precision, metrics.precision_score), (recall, metrics.recall_score), (f1, metrics.f1_score)):
            np.testing.assert_allclose(ours(predicted, target, average=average), theirs(target, predicted, **keywords))
    two = predicted % 2, target % 2
    for ours, theirs in ((precision, metrics.precision_score), (recall, metrics.recall_score), (f1, metrics.f1_score)):
        assert ours(*two) == pytest.approx(theirs(*two[::-1]))
        assert ours(*two, positive=0) == pytest.approx(theirs(*two[::-1], pos_label=0))
    x, y = rng(1).normal(size=(2, 7, 3))
    assert mean_absolute_error(x, y) == pytest.approx(metrics.mean_absolute_error(y, x))
    assert mean_squared_error(x, y) == pytest.approx(metrics.mean_squared_error(y, x))
    assert root_mean_squared_error(x[:, 0], y[:, 0]) == pytest.approx(metrics.root_mean_squared_error(y[:, 0], x[:, 0]))


def test_confusion_matrix_of_scores_bytes_and_absent_classes():
    scores = np.array([[0.1, 0.9, 0.0], [0.8, 0.1, 0.1]])
    assert confusion_matrix(scores, [1, 1]).tolist() == [[0, 0, 0], [1, 1, 0], [0, 0, 0]]
    many = np.arange(200, dtype=np.uint8)
    assert np.array_equal(confusion_matrix(many, many), np.eye(200))  # 199 * 200 does not fit into a byte
    assert confusion_matrix([0], [0], 3).shape == (3, 3)
    with pytest.raises(ValueError, match="predicted has labels from 0 to 3, expected 0 to 2 for 3 classes"):
        confusion_matrix([0, 3], [0, 1], 3)
    with pytest.raises(TypeError, match="predicted has dtype float64, expected integer class labels"):
        confusion_matrix([0.5, 0.2], [0, 1])


def test_zero_divided_by_zero_is_what_you_say():
    predicted, target = [0, 0, 0], [0, 0, 1]
    assert precision(predicted, target) == 0.0 and precision(predicted, target, zero_division=1.0) == 1.0
    assert recall([1, 1], [0, 0]) == 0.0 and recall([1, 1], [0, 0], zero_division=1.0) == 1.0
    assert f1([0, 0], [0, 0]) == 0.0 and f1([0, 0], [0, 0], zero_division=1.0) == 1.0
    assert f1(predicted, target, zero_division=1.0) == 0.0  # an error was made: nothing is undefined
    with pytest.raises(ValueError, match="average is 'mean', expected one of 'binary', 'macro', 'micro', None"):
        precision(predicted, target, average="mean")
    with pytest.raises(ValueError, match="positive is 5, expected a class from 0 to 1"):
        precision(predicted, target, positive=5, num_classes=2)


def test_micro_average_is_accuracy_and_rmse_is_not_below_mae():
    predicted, target = labels_of(8)
    for score in (precision, recall, f1):
        assert score(predicted, target, average="micro") == pytest.approx(accuracy(predicted, target))
    x, y = rng(5).normal(size=(2, 31))
    assert root_mean_squared_error(x, y) > mean_absolute_error(x, y)
    assert mean_absolute_error(np.array([3], np.uint8), np.array([5], np.uint8)) == 2.0
    with pytest.raises(ValueError, match=r"predicted has shape \(2, 1\), expected \(2,\) to match target \(2,\)"):
        root_mean_squared_error([[1.0], [2.0]], [1.0, 2.0])
    with pytest.raises(ValueError, match="target is empty"):
        mean_absolute_error([], [])


# -- missing values --------------------------------------------------------------------------------------------------------


def test_what_is_filled_comes_from_the_training_rows():
    X = np.array([[1.0, 2.0, NAN], [3.0, NAN, NAN], [8.0, 4.0, NAN]])
    new = np.array([[NAN, NAN, NAN], [1.0, 1.0, 1.0]])
    kept = X.copy(), new.copy()
    for strategy, middle in (("mean", 4.0), ("median", 3.0)):
        train, test = impute(X, new, strategy=strategy)
        assert test.tolist() == [[middle, 3.0, 0.0], [1.0, 1.0, 1.0]]
        assert train[1].tolist() == [3.0, 3.0, 0.0]
    assert np.array_equal(X, kept[0], equal_nan=True) and np.array_equal(new, kept[1], equal_nan=True)
    assert missing_indicator(X).sum(axis=0).tolist() == [0.0, 1.0, 3.0]
    assert impute(X.astype(np.float32))[0].dtype == np.float32
    assert SimpleImputer().fit_transform([[1, 2], [3, 4]]).tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_imputer_messages():
    with pytest.raises(ValueError, match="strategy is 'mode', expected one of 'mean', 'median'"):
        SimpleImputer("mode")
    with pytest.raises(ValueError, match="SimpleImputer is not fitted"):
        SimpleImputer().transform([[1.0]])
    with pytest.raises(ValueError, match=r"X has shape \(1, 3\), expected \(\*, 2\)"):
        SimpleImputer().fit([[1.0, 2.0]]).transform([[1.0, 2.0, 3.0]])


# -- text ------------------------------------------------------------------------------------------------------------------


def test_bags_of_words():
    texts = ["The cat saw the category.", "", "Élan, élan; THE 3 the_end!"]
    assert tokenize(texts[2]) == ["élan", "élan", "the", "the", "end"]
    assert build_vocabulary(texts, min_count=2) == ("the", "élan")
    assert bag_of_words(texts, ["the", "cat"]).tolist() == [[2.0, 1.0], [0.0, 0.0], [2.0, 0.0]]
    tokens = one_hot_tokens(texts[0], ["cat", "the"])
    assert tokens.shape == (5, 2) and tokens.sum(axis=0).tolist() == bag_of_words(texts, ["cat", "the"])[0].tolist()
    with pytest.raises(TypeError, match="documents is one string"):
        bag_of_words("the cat", ["cat"])
    with pytest.raises(ValueError, match="vocabulary contains 'cat' twice"):
        bag_of_words(["the cat"], ["cat", "dog", "cat"])


# -- search ----------------------------------------------------------------------------------------------------------------


def test_grid_search_tries_everything_once():
    grid = {"a": [1, 2, 3], "b": ["x", "y"]}
    seen = []

    def score(candidate):
        seen.append(dict(candidate))
        candidate["a"] = 99  # what a score does to its argument is its own affair
        return NAN if seen[-1] == {"a": 1, "b": "x"} else -(seen[-1]["a"] - 2) ** 2

    found = grid_search(score, grid)
    assert seen == parameter_grid(grid) == [{"a": a, "b": b} for a, b in itertools.product([1, 2, 3], "xy")]
    assert found.best == {"a": 2, "b": "x"} and found.score == 0 and [c for c, _ in found.tried] == seen
    with pytest.raises(ValueError, match="all 6 scores are NaN"):
        grid_search(lambda candidate: NAN, grid)
    with pytest.raises(TypeError, match="grid\\['b'\\] is 'xy', expected a list of values"):
        parameter_grid({"b": "xy"})
    with pytest.raises(ValueError, match="grid\\['a'\\] is empty"):
        parameter_grid({"a": []})


def test_random_search_draws_from_lists_and_functions():
    space = {"lr": log_uniform(1e-4, 1e-1), "units": [8, 16, 32], "momentum": lambda rng: rng.uniform(0.8, 1.0)}
    first, again = (random_search(lambda c: -abs(np.log10(c["lr"]) + 2), space, 300, rng(4)) for _ in range(2))
    assert first == again and len(first.tried) == 300
    rates = np.array([c["lr"] for c, _ in first.tried])
    assert 1e-4 <= rates.min() and rates.max() <= 1e-1 and len(set(rates)) == 300
    assert abs(np.mean(rates < 10**-2.5) - 0.5) < 0.15  # a standard error of 0.029
    assert {c["units"] for c, _ in first.tried} == {8, 16, 32}
    assert first.score == max(value for _, value in first.tried)
    for wrong in ("abc", [], 3):
        with pytest.raises(ValueError, match="space\\['a'\\] is"):
            random_search(lambda c: 0.0, {"a": wrong}, 1, rng())
    with pytest.raises(ValueError, match="n_iter is 0"):
        random_search(lambda c: 0.0, space, 0, rng())
    with pytest.raises(ValueError, match="expected 0 < low < high"):
        log_uniform(0.0, 1.0)


def test_gaussian_process_is_the_formula():
    x_seen, y_seen, x = rng(0).normal(size=5), rng(1).normal(size=5), rng(2).normal(size=7)

    def kernel(a, b):
        return 1.5**2 * np.exp(-(np.subtract.outer(a, b) ** 2) / (2 * 0.7**2))

    K = kernel(x_seen, x_seen) + 0.1**2 * np.eye(5)
    mean, std = gaussian_process(x_seen, y_seen, x, length=0.7, scale=1.5, noise=0.1)
    across = kernel(x, x_seen) @ np.linalg.inv(K)
    np.testing.assert_allclose(mean, y_seen.mean() + across @ (y_seen - y_seen.mean()))
    np.testing.assert_allclose(std**2, 1.5**2 - np.einsum("ij,ji->i", across, kernel(x_seen, x)))


def test_expected_improvement_is_the_mean_of_the_gain():
    draws = rng(0).normal(0.3, 0.8, size=1_000_000)
    value = expected_improvement(0.3, 0.8, best=0.5)
    assert float(value) == pytest.approx(np.maximum(draws - 0.5, 0).mean(), abs=0.003)
    steps = bayesian_search(lambda x: -((x - 0.7) ** 2), np.linspace(-2, 2, 81), [5, 75], 6, length=1.0, scale=2.0)
    assert max(step.value for step in steps) > -0.01 and len({step.choice for step in steps} | {5, 75}) == 8


# -- checkpoints -----------------------------------------------------------------------------------------------------------


class Remembering(Layer):
    """A layer with an array that is no parameter, such as a running mean."""

    def __init__(self) -> None:
        super().__init__()
        self.running_mean = np.zeros(3)

    def forward(self, X, training=False):
        if training:
            self.running_mean = 0.9 * self.running_mean + 0.1 * X.mean(axis=0)
        return X - self.running_mean, None

    def backward(self, dout, cache):
        return dout, {}


class Inertia:
    """An optimizer with a memory."""

    def __init__(self, lr: float) -> None:
        self.lr, self.steps, self.state = lr, 0, {}

    def step(self, params, grads):
        self.steps += 1
        new = {}
        for name, value in params.items():
            self.state[name] = {"v": 0.9 * self.state.get(name, {"v": 0.0})["v"] + grads[name]}
            new[name] = value - self.lr * self.state[name]["v"]
        return new


def start(seed: int = 0):
    random = rng(seed)
    network = Sequential(Sequential(Dense(5, 3, random), Remembering()), Tanh(), Dense(3, 2, random))
    return network, Inertia(0.1), rng(7)


def train(network, optimizer, random, epochs):
    X, y = rng(1).normal(size=(23, 5)), rng(2).integers(2, size=23)
    return network.fit(X, y, cross_entropy, optimizer, epochs, 4, random)["loss"]


def test_training_goes_on_as_if_nothing_had_happened(tmp_path):
    whole = train(*start(), 5)
    network, optimizer, random = start()
    first = train(network, optimizer, random, 2)
    save_checkpoint(tmp_path / "a.npz", network, optimizer, random, epoch=2, history={"loss": first})
    network, optimizer, random = start(seed=99)
    notes = load_checkpoint(tmp_path / "a.npz", network, optimizer, random)
    assert notes == {"epoch": 2, "history": {"loss": first}}
    assert first + train(network, optimizer, random, 3) == whole  # to the last bit
    assert optimizer.steps == 5 * 6


def test_the_file_is_plain_and_nothing_else_is_left(tmp_path):
    network, optimizer, random = start()
    save_checkpoint(tmp_path / "a.npz", network, optimizer, random, rates=np.array([0.1, 0.2]), sizes=(3, 4), best=None)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert set(json.loads(str(archive["contents"]))) == {"network", "optimizer", "rng", "notes"}
    notes = load_checkpoint(tmp_path / "a.npz", network)
    assert notes["rates"].tolist() == [0.1, 0.2] and notes["sizes"] == (3, 4) and notes["best"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_a_crash_while_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.npz"
    save_checkpoint(path, start()[0], epoch=1)
    before = path.read_bytes()

    def crash(file):
        file.write(b"half of it")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, crash)
    with pytest.raises(TypeError, match=r"notes.f is a function, expected numbers"):
        save_checkpoint(path, start()[0], f=lambda: 0)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["a.npz"]


def test_what_does_not_fit_is_refused_and_changes_nothing(tmp_path):
    path = tmp_path / "a.npz"
    network, optimizer, _ = start()
    save_checkpoint(path, network)
    wider = Sequential(Sequential(Dense(5, 3, rng(1)), Remembering()), Tanh(), Dense(3, 4, rng(1)))
    before = {name: value.copy() for name, value in wider.params.items()}
    with pytest.raises(ValueError, match=r"layers.2.params.W has shape \(3, 2\) in the checkpoint, expected \(3, 4\)"):
        load_checkpoint(path, wider)
    assert all(np.array_equal(before[name], value) for name, value in wider.params.items())
    with pytest.raises(ValueError, match="the checkpoint has .* the network"):
        load_checkpoint(path, mlp([5, 3, 2], rng()))
    with pytest.raises(ValueError, match="holds no optimizer, expected one"):
        load_checkpoint(path, network, optimizer)
    save_checkpoint(path, network, optimizer)
    with pytest.raises(ValueError, match=r"the optimizer of the checkpoint has .* GradientDescent has \['lr'\]"):
        load_checkpoint(path, network, GradientDescent(0.1))
    (tmp_path / "b.npz").write_bytes(b"something else")
    with pytest.raises(ValueError, match="b.npz is no checkpoint"):
        load_checkpoint(tmp_path / "b.npz", network)
    with pytest.raises(FileNotFoundError):
        load_checkpoint(tmp_path / "c.npz", network)


# -- transfer --------------------------------------------------------------------------------------------------------------


def test_a_frozen_body_stays_and_a_head_learns():
    random = rng(3)
    body = mlp([5, 7, 3], random, output=Tanh)
    model = Sequential(freeze(body), Dense(3, 2, random))
    X, y = random.normal(size=(29, 5)), random.integers(2, size=29)
    body_before = {name: value.copy() for name, value in body.params.items()}
    head_before = model.params["1.W"].copy()
    features = body.predict(X)
    history = model.fit(X, y, cross_entropy, GradientDescent(0.5), 20, 7, random)
    assert history["loss"][-1] < history["loss"][0]
    assert all(np.array_equal(body_before[name], value) for name, value in body.params.items())
    assert not np.array_equal(head_before, model.params["1.W"])
    assert np.array_equal(model.predict(X), model.layers[1].forward(features)[0])
    whole = unfreeze(model)
    assert whole.count_parameters() == body.count_parameters() + 8 and whole.layers[0] is not model.layers[0]
    assert np.array_equal(whole.predict(X), model.predict(X))
    whole.fit(X, y, cross_entropy, GradientDescent(0.1), 1, 7, random)
    assert not all(np.array_equal(body_before[name], value) for name, value in body.params.items())


def test_the_gradient_passes_through_a_frozen_layer():
    random = rng(5)
    model = Sequential(Dense(5, 3, random), freeze(Sequential(Dense(3, 7, random), Tanh())), Dense(7, 2, random))
    X, target, upstream = random.normal(size=(11, 5)), random.normal(size=(11, 2)), None
    output, cache = model.forward(X)
    upstream = random.normal(size=output.shape)
    dX, grads = model.backward(upstream, cache)
    assert sorted(grads) == sorted(model.params) == ["0.W", "0.b", "2.W", "2.b"]
    numeric = numerical_gradient(lambda X: float(np.sum(model.predict(X) * upstream)), X)
    np.testing.assert_allclose(dX, numeric, rtol=1e-6, atol=1e-9)
    W = model.params["0.W"]

    def with_weights(W):
        model.params = model.params | {"0.W": W}
        return float(np.sum(model.predict(X) * upstream))

    np.testing.assert_allclose(grads["0.W"], numerical_gradient(with_weights, W), rtol=1e-6, atol=1e-9)
    assert mse(output, target)[0] > 0


def test_what_is_frozen_computes_as_in_prediction():
    body = Remembering()
    model = Sequential(Dense(3, 3, rng(0)), freeze(body), Dense(3, 1, rng(0)))
    model.fit(rng(1).normal(size=(7, 3)), rng(2).normal(size=(7, 1)), mse, GradientDescent(0.1), 2, None, rng(3))
    assert not body.running_mean.any()
    assert repr(Frozen(Tanh())) == "Frozen(Tanh())" and isinstance(unfreeze(freeze(freeze(Tanh()))), Tanh)
