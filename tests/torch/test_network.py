"""`fit`, `evaluate` and `predict` of the PyTorch side: does it learn, and does it say what is wrong."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from sklearn.datasets import make_moons
from torch import nn

from dlkit.numpy import losses_regression as numpy_losses
from dlkit.numpy import network as numpy_network
from dlkit.numpy import optim as numpy_optim
from dlkit.torch.autoencoder import Autoencoder, reconstruction_error
from dlkit.torch.convert import to_torch
from dlkit.torch.device import available_devices
from dlkit.torch.losses_classification import bce_with_logits, cross_entropy
from dlkit.torch.losses_regression import mse
from dlkit.torch.metrics import accuracy
from dlkit.torch.network import Sequential, mlp
from dlkit.torch.optim import GradientDescent, gradient_descent

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def moons() -> tuple[np.ndarray, np.ndarray]:
    return make_moons(200, noise=0.1, random_state=0)


@every_device
def test_moons_are_learned(moons: tuple[np.ndarray, np.ndarray], device: torch.device) -> None:
    X, y = moons
    model = mlp([2, 16, 2], generator(), hidden=nn.Tanh)
    history = model.fit(
        X[:150], y[:150], cross_entropy, GradientDescent(model.parameters(), lr=0.5), 80, 25, generator(),
        validation_data=(X[150:], y[150:]), metrics={"accuracy": accuracy}, device=device,
    )  # fmt: skip
    assert len(history) == 80
    assert history["loss"][-1] < 0.3 * history["loss"][0]
    assert history["val_accuracy"][-1] >= 0.95
    judged = model.evaluate(X[150:], y[150:], cross_entropy, {"accuracy": accuracy})
    assert judged["loss"] == pytest.approx(history["val_loss"][-1])
    assert judged["accuracy"] == history["val_accuracy"][-1]
    predicted = model.predict(X)
    assert predicted.shape == (200, 2) and predicted.device.type == "cpu" and not predicted.requires_grad
    assert model.device.type == device.type


@every_device
@pytest.mark.parametrize("batch_size", [None, 7])
def test_fit_follows_the_numpy_network(device: torch.device, batch_size: int | None) -> None:
    """From the same start, on whole batches, both training loops walk the same path."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((7, 3)), rng.standard_normal((7, 2))
    ours = numpy_network.mlp([3, 5, 2], rng)
    theirs = to_torch(ours)
    ours_history = ours.fit(X, y, numpy_losses.mse, numpy_optim.GradientDescent(lr=0.1), 20, batch_size, rng)
    optimizer = GradientDescent(theirs.parameters(), lr=0.1)
    history = theirs.fit(X, y, mse, optimizer, 20, batch_size, generator(), device=device)
    np.testing.assert_allclose(history["loss"], ours_history["loss"], rtol=1e-10)
    np.testing.assert_allclose(theirs.predict(X).numpy(), ours.predict(X), rtol=1e-9)


def test_fit_is_reproducible_and_leaves_the_global_generator_alone(moons) -> None:
    X, y = moons
    state = torch.get_rng_state()
    runs = []
    for _ in range(2):
        model = mlp([2, 4, 2], generator())
        optimizer = GradientDescent(model.parameters(), lr=0.1)
        runs.append(model.fit(X, y, cross_entropy, optimizer, 3, 32, generator(1), device="cpu")["loss"])
    assert runs[0] == runs[1]
    assert torch.equal(torch.get_rng_state(), state)


def test_modes_are_set_and_restored() -> None:
    seen = []

    class Spy(nn.Module):
        def forward(self, X: torch.Tensor) -> torch.Tensor:
            seen.append(self.training)
            return X

    X = torch.zeros(4, 1)
    model = Sequential(nn.Linear(1, 1), Spy())
    model.eval()
    optimizer = GradientDescent(model.parameters(), lr=0.1)
    model.fit(X, X, mse, optimizer, 1, None, generator(), validation_data=(X, X), device="cpu")
    assert seen == [True, False] and not model.training
    model.train()
    model.predict(X)
    assert seen[-1] is False and model.training


def test_callback_ends_the_training_and_counts_from_one() -> None:
    X = torch.zeros(4, 1)
    model = mlp([1, 1], generator())
    seen: list[int] = []
    history = model.fit(
        X, X, mse, GradientDescent(model.parameters(), lr=0.1), 9, 2, generator(), device="cpu",
        callback=lambda epoch, record: seen.append(epoch) or epoch == 3,
    )  # fmt: skip
    assert seen == [1, 2, 3] and len(history) == 3


def test_dtypes_follow_the_model() -> None:
    X, y = np.zeros((4, 2)), np.array([0.0, 1.0, 0.0, 1.0]).reshape(4, 1)
    for dtype in (torch.float32, torch.float64):
        model = mlp([2, 1], generator(), dtype=dtype)
        optimizer = GradientDescent(model.parameters(), lr=0.1)
        model.fit(X, y, bce_with_logits, optimizer, 1, None, generator(), device="cpu")
        assert model.predict(X).dtype == dtype
    assert X.dtype == np.float64


def test_count_parameters() -> None:
    model = mlp([4, 3, 2, 1], generator())
    assert model.count_parameters() == 26
    model[0].weight.requires_grad_(False)
    assert model.count_parameters() == 14


X, Y = np.zeros((4, 2)), np.zeros((4, 1))


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"y": Y[:3]}, ValueError, r"y has shape \(3, 1\), expected \(4, ...\) to match X"),
        ({"X": X[:0], "y": Y[:0]}, ValueError, "X has no rows"),
        ({"X": np.zeros(4)}, ValueError, r"X has shape \(4,\), expected \(N, ...\)"),
        ({"y": Y[:, 0]}, ValueError, r"target has shape \(2,\), expected \(2, 1\) to match prediction"),
        ({"batch_size": 0}, ValueError, "batch_size is 0, expected at least 1, or None"),
        ({"rng": np.random.default_rng(0)}, TypeError, "rng is Generator, expected a torch.Generator"),
        ({"rng": 0}, TypeError, "rng is int, expected a torch.Generator"),
        ({"X": [["a", "b"]] * 4}, TypeError, "X cannot be made a tensor"),
        ({"device": "gpu"}, ValueError, "device is 'gpu', expected a name such as"),
        ({"device": "cuda:99"}, ValueError, "device is 'cuda:99', but PyTorch sees"),
        ({"validation_data": (X, Y[:1])}, ValueError, r"validation y has shape \(1, 1\)"),
    ],
)
def test_fit_says_what_is_wrong(changes: dict, kind: type[Exception], message: str) -> None:
    model = mlp([2, 1], generator())
    arguments = {
        "X": X,
        "y": Y,
        "loss": mse,
        "epochs": 1,
        "batch_size": 2,
        "rng": generator(),
        "device": "cpu",
    }
    arguments |= {"optimizer": GradientDescent(model.parameters(), lr=0.1), "device": "cpu"}
    with pytest.raises(kind, match=message):
        model.fit(**(arguments | changes))


def test_mlp_needs_two_sizes() -> None:
    with pytest.raises(ValueError, match=r"sizes is \[3\], expected at least the inputs and the outputs"):
        mlp([3], generator())


@every_device
def test_autoencoder_learns_a_curve_and_to_remove_noise(device: torch.device) -> None:
    t = torch.linspace(-1, 1, 100).unsqueeze(1)
    X = torch.cat([t, t**2], dim=1)
    model = Autoencoder([2, 8, 1], generator())
    before = reconstruction_error(X, model.reconstruct(X))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    history = model.fit(X, optimizer, 150, 20, generator(), device=device)
    assert len(history) == 150
    assert reconstruction_error(X, model.reconstruct(X)) < 0.1 * before
    torch.testing.assert_close(model.decode(model.encode(X)), model.reconstruct(X))
    model.fit(X, optimizer, 2, None, generator(), noise_std=0.1, device=device)


def test_gradient_descent_finds_the_minimum_numpy_finds() -> None:
    start = np.array([3.0, -2.0])
    ours = numpy_optim.gradient_descent(lambda x: 2 * x * [1, 4], start, 0.1, tolerance=1e-6)
    theirs = gradient_descent(lambda x: x[0] ** 2 + 4 * x[1] ** 2, torch.tensor(start), 0.1, tolerance=1e-6)
    assert theirs.steps == ours.steps and theirs.converged == ours.converged
    np.testing.assert_allclose(theirs.path.numpy(), ours.path, rtol=1e-12)


def test_large_data_are_judged_in_pieces_with_the_same_result(moons) -> None:
    X, y = moons
    model = mlp([2, 4, 2], generator(), dtype=torch.float64)
    measures = (cross_entropy, {"accuracy": accuracy})
    assert model.evaluate(X, y, *measures, batch_size=7) == pytest.approx(model.evaluate(X, y, *measures), rel=1e-12)
    torch.testing.assert_close(model.predict(X, batch_size=7), model.predict(X))
    for call in (lambda: model.predict(X, batch_size=0), lambda: model.evaluate(X, y, cross_entropy, batch_size=0)):
        with pytest.raises(ValueError, match="batch_size is 0, expected at least 1, or None"):
            call()


def test_custom_losses_and_partials_work() -> None:
    model = mlp([1, 1], generator())
    optimizer = GradientDescent(model.parameters(), lr=0.1)
    X = torch.ones(4, 1)
    model.fit(X, X, partial(mse, reduction="sum"), optimizer, 1, None, generator(), device="cpu")
