"""What the parity table does not cover: initialisers, layers, random training, devices and errors."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
import torch

from dlkit.torch import initializers
from dlkit.torch.activations import derivative, swish
from dlkit.torch.autoencoder import corrupt_with_noise, pca
from dlkit.torch.delta_rule import lms_fit
from dlkit.torch.device import available_devices, default_device, resolve_device
from dlkit.torch.hierarchical_softmax import HierarchicalSoftmax, huffman_tree, leaf_probabilities
from dlkit.torch.layers import Dense
from dlkit.torch.least_squares import fit_line
from dlkit.torch.linear import augment_ones
from dlkit.torch.linear_models import LogisticRegression, SingleLayerModel
from dlkit.torch.losses_classification import categorical_cross_entropy, hinge
from dlkit.torch.losses_regression import mse
from dlkit.torch.metrics import accuracy
from dlkit.torch.perceptron import Perceptron, perceptron_fit, perceptron_trick
from dlkit.torch.preprocessing import StandardScaler, one_hot, train_test_split
from dlkit.torch.saliency import select_features

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


STD = {
    "normal": 0.01,
    "uniform": 1 / math.sqrt(12),
    "xavier_uniform": math.sqrt(2 / 500),
    "xavier_normal": math.sqrt(2 / 500),
    "he_uniform": math.sqrt(2 / 300),
    "he_normal": math.sqrt(2 / 300),
    "lecun_normal": math.sqrt(1 / 300),
}


@pytest.mark.parametrize("name", STD)
def test_initialisers_have_the_spread_they_promise(name: str) -> None:
    """60 000 draws: a standard error of 0.3 %, so 2 % never happens by chance."""
    W = getattr(initializers, name)((300, 200), generator(), dtype=torch.float64)
    assert W.shape == (300, 200) and W.dtype == torch.float64
    assert W.std().item() == pytest.approx(STD[name], rel=0.02)
    assert torch.equal(W, getattr(initializers, name)((300, 200), generator(), dtype=torch.float64))


def test_initialisers_refuse_other_shapes() -> None:
    with pytest.raises(ValueError, match=r"shape is \(3,\), expected \(fan_in, fan_out\)"):
        initializers.he_normal((3,), generator())


def test_dense_starts_as_told_without_touching_the_global_generator() -> None:
    state = torch.get_rng_state()
    layer = Dense(3, 5, generator(), weight_init=initializers.he_normal)
    assert torch.equal(layer.weight.T, initializers.he_normal((3, 5), generator()))
    assert not layer.bias.any()
    assert torch.equal(torch.get_rng_state(), state)


def test_derivative_leaves_its_input_alone() -> None:
    Z = torch.tensor([0.0, 1.0], dtype=torch.float64)
    slopes = derivative(swish, Z)
    assert slopes[0].item() == 0.5 and not Z.requires_grad


def test_probabilities_of_zero_give_finite_losses_and_gradients() -> None:
    P = torch.tensor([[0.0, 1.0], [1.0, 0.0]], requires_grad=True)
    loss = categorical_cross_entropy(P, torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    loss.backward()
    assert loss.item() == 50 and torch.isfinite(P.grad).all()


@every_device
def test_models_work_where_their_data_is(device: torch.device) -> None:
    X = torch.tensor([[-2.0], [-1.0], [1.0], [2.0]], device=device)
    y = torch.tensor([0, 0, 1, 1], device=device)
    predictions = [
        LogisticRegression().fit(X, y).predict(X),
        Perceptron(lr=1.0, epochs=100).fit(X, y, rng=generator()).predict(X),
        LogisticRegression().fit(X, y, rng=generator()).predict(X),
    ]
    for predicted in predictions:
        assert predicted.device.type == device.type and torch.equal(predicted, y)
    w = lms_fit(X, 2 * X[:, 0] + 1, lr=0.1, epochs=200, rng=generator())
    torch.testing.assert_close(w, torch.tensor([2.0, 1.0], device=device), atol=1e-4, rtol=0)
    assert perceptron_fit(X, y, rng=generator()).device.type == device.type
    assert pca(torch.cat([X, X], dim=1), 1).codes.device.type == device.type
    assert corrupt_with_noise(X, generator(), 0.1).device.type == device.type


@every_device
def test_the_scaler_moves_with_its_model(device: torch.device) -> None:
    X = torch.tensor([[1.0, 0.1], [3.0, 0.1], [8.0, 0.1]])
    scaled = StandardScaler(2).fit(X).to(device)(X.to(device)).cpu()
    torch.testing.assert_close(scaled.mean(dim=0), torch.zeros(2), atol=1e-6, rtol=0)
    torch.testing.assert_close(scaled.std(dim=0, correction=0), torch.tensor([1.0, 0.0]))
    assert not scaled[:, 1].any()


@every_device
def test_hierarchical_softmax_trains(device: torch.device) -> None:
    tree = huffman_tree([5, 3, 2, 1, 1])
    h, label = torch.eye(5, device=device), torch.arange(5, device=device)
    layer = HierarchicalSoftmax(tree, in_features=5).to(device)
    optimizer = torch.optim.SGD(layer.parameters(), lr=5.0)
    for _ in range(100):
        optimizer.zero_grad()
        layer(h, label).backward()
        optimizer.step()
    assert torch.equal(layer.probabilities(h).argmax(dim=1), label)
    torch.testing.assert_close(leaf_probabilities(h, tree, layer.V).sum(dim=1), torch.ones(5, device=device))


def test_train_test_split_keeps_rows_together() -> None:
    X = torch.arange(10)
    parts = train_test_split(X, 2 * X, 0.25, generator())
    assert [len(part) for part in parts] == [7, 3, 7, 3]
    assert torch.equal(torch.cat(parts[:2]).sort().values, X)
    assert torch.equal(parts[2], 2 * parts[0]) and torch.equal(parts[3], 2 * parts[1])


def test_devices() -> None:
    assert default_device() == available_devices()[-1]
    assert resolve_device(None) == default_device()
    assert resolve_device(torch.device("cpu")) == torch.device("cpu")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mse(torch.zeros(3), torch.zeros(3, 1)), r"target has shape \(3, 1\), expected \(3,\)"),
        (lambda: hinge(torch.zeros(3), torch.zeros(2)), r"target has shape \(2,\), expected \(3,\)"),
        (lambda: hinge(torch.zeros(3), torch.ones(3), reduction="all"), "reduction is 'all'"),
        (lambda: accuracy(torch.zeros(3), torch.zeros(2)), r"predicted has shape \(3,\), expected \(2,\)"),
        (lambda: accuracy(torch.zeros(0), torch.zeros(0)), "target is empty"),
        (lambda: fit_line(torch.ones(3), torch.ones(3)), "x holds fewer than two different values"),
        (lambda: pca(torch.zeros(3, 2), 3), r"k is 3, expected 1 to min\(N, D\)"),
        (lambda: select_features(torch.zeros(2), 3), "k is 3, expected 1 to 2"),
        (lambda: perceptron_trick(torch.zeros(3), torch.zeros(2), 2), "label is 2, expected 0 or 1"),
        (lambda: corrupt_with_noise(torch.zeros(2), generator(), -1.0), "noise_std is -1.0"),
        (lambda: train_test_split(torch.zeros(2), torch.zeros(3), 0.5, generator()), "y has shape"),
        (lambda: train_test_split(torch.zeros(2), torch.zeros(2), 1.5, generator()), "test_fraction is 1.5"),
        (lambda: StandardScaler(2).fit(torch.zeros(3, 1)), r"X has shape \(3, 1\), expected \(N, 2\)"),
        (lambda: SingleLayerModel(mse).fit(torch.zeros(3), torch.zeros(3)), r"X has shape \(3,\)"),
        (lambda: SingleLayerModel(mse).fit(torch.zeros(3, 1), torch.zeros(2)), r"y has shape \(2,\)"),
    ],
)  # fmt: skip
def test_errors_say_what_was_expected_and_what_came(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_augment_and_one_hot_keep_to_the_default_dtype() -> None:
    assert augment_ones(torch.zeros(2, 1, dtype=torch.float64)).dtype == torch.float64
    assert one_hot(torch.tensor([1]), 3).dtype == torch.get_default_dtype()


def test_only_dlkit_torch_imports_torch() -> None:
    code = "import sys, dlkit, dlkit.numpy.network, dlkit.numpy.autoencoder; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_numpy_scalars_are_welcome_as_labels() -> None:
    y = torch.as_tensor(np.array([0, 1]))
    assert accuracy(torch.tensor([[2.0, 1.0], [0.0, 1.0]]), y) == 1.0
