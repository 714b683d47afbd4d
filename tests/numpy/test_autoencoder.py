"""Autoencoders, PCA and outliers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets
from sklearn.decomposition import PCA as SkPCA

from dlkit.numpy.autoencoder import (
    Autoencoder,
    corrupt_with_noise,
    low_rank_reconstruction,
    pca,
    reconstruction_error,
    reconstruction_scores,
    tied_linear_autoencoder_gradient,
    tied_linear_autoencoder_step,
)
from dlkit.numpy.gradient_check import numerical_gradient, relative_error
from dlkit.numpy.layers import Sigmoid
from dlkit.numpy.losses_classification import bce
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.preprocessing import standardize


@pytest.fixture(scope="module")
def wine() -> np.ndarray:
    return standardize(datasets.load_wine().data)


def same_subspace(A: np.ndarray, B: np.ndarray) -> float:
    """Smallest cosine of the principal angles of two column spaces; 1 when they are equal."""
    return float(np.linalg.svd(np.linalg.qr(A)[0].T @ np.linalg.qr(B)[0], compute_uv=False).min())


def test_tied_gradient_matches_central_differences():
    rng = np.random.default_rng(0)
    X, W = rng.standard_normal((7, 5)), rng.standard_normal((5, 3))
    loss, dW = tied_linear_autoencoder_gradient(X, W)
    assert loss == pytest.approx(reconstruction_error(X, X @ W @ W.T))
    expected = numerical_gradient(lambda moved: tied_linear_autoencoder_gradient(X, moved)[0], W)
    assert relative_error(dW, expected) < 1e-7
    assert tied_linear_autoencoder_step(X, W, 0.3)[1] == pytest.approx(W - 0.3 * dW)


def test_tied_linear_autoencoder_finds_the_subspace_of_pca(wine):
    W = 0.1 * np.random.default_rng(0).standard_normal((13, 2))
    for _ in range(500):
        loss, W = tied_linear_autoencoder_step(wine, W, lr=0.5)
    codes, components, mean = pca(wine, 2)
    assert same_subspace(W, components.T) > 1 - 1e-8
    assert W.T @ W == pytest.approx(np.eye(2), abs=1e-6)
    assert loss == pytest.approx(reconstruction_error(wine, mean + codes @ components))


def test_linear_autoencoder_finds_the_subspace_of_pca(wine):
    rng = np.random.default_rng(0)
    model = Autoencoder([13, 2], rng)
    model.fit(wine, GradientDescent(lr=0.3), 3000, None, rng)
    codes, components, mean = pca(wine, 2)
    best = reconstruction_error(wine, mean + codes @ components)
    assert best <= reconstruction_error(wine, model.reconstruct(wine)) + 1e-12 < best + 1e-6
    assert same_subspace(model.decoder.layers[0].params["W"].T, components.T) > 1 - 1e-6


def test_pca_agrees_with_scikit_learn(wine):
    codes, components, mean = pca(wine + 3, 4)
    theirs = SkPCA(4).fit(wine + 3)
    assert np.abs((components * theirs.components_).sum(axis=1)) == pytest.approx(1)
    assert mean == pytest.approx(theirs.mean_)
    assert codes.var(axis=0, ddof=1) == pytest.approx(theirs.explained_variance_)
    assert (np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], 1) > 0).all()


def test_low_rank_error_is_the_energy_left_out(wine):
    singular = np.linalg.svd(wine, compute_uv=False)
    for rank in (1, 5, 13):
        approximation = low_rank_reconstruction(wine, rank)
        assert np.linalg.matrix_rank(approximation) == rank
        assert ((wine - approximation) ** 2).sum() == pytest.approx((singular[rank:] ** 2).sum(), abs=1e-9)


def test_scores_point_at_a_planted_outlier():
    rng = np.random.default_rng(0)
    D = rng.standard_normal((41, 2)) @ rng.standard_normal((2, 7))
    D[23, 4] += 5
    scores = reconstruction_scores(D, low_rank_reconstruction(D, 2))
    assert scores.row.argmax() == 23 and scores.column.argmax() == 4
    assert np.unravel_index(scores.entry.argmax(), D.shape) == (23, 4)
    assert scores.row.sum() == pytest.approx(scores.column.sum()) == pytest.approx((scores.entry**2).sum())


def test_deep_autoencoder_beats_pca_on_a_curve():
    rng = np.random.default_rng(0)
    t = rng.uniform(-1, 1, 200)
    X = np.column_stack([t, 1.5 * t**2 - 0.5])
    model = Autoencoder([2, 16, 1], rng)
    history = model.fit(X, GradientDescent(lr=0.3), 400, 20, rng)
    codes, components, mean = pca(X, 1)
    linear = reconstruction_error(X, mean + codes @ components)
    assert reconstruction_error(X, model.reconstruct(X)) < 0.2 * linear and len(history) == 400
    new = np.array([[0.5, 1.5 * 0.25 - 0.5]])  # a row it has not seen is mapped by a forward pass
    assert model.encode(new).shape == (1, 1)
    assert model.decode(model.encode(new)) == pytest.approx(model.reconstruct(new))


def test_sigmoid_output_with_log_loss_learns_binary_data():
    rng = np.random.default_rng(0)
    X = np.repeat(np.eye(4), 10, axis=0)
    model = Autoencoder([4, 8, 2], rng, output=Sigmoid)
    model.fit(X, GradientDescent(lr=1.0), 1000, 10, rng, loss=bce)
    assert ((model.reconstruct(X) > 0.5) == X).all()


def test_denoising_removes_noise_it_has_not_seen():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((300, 2)) @ rng.standard_normal((2, 11))
    model = Autoencoder([11, 2], rng)
    model.fit(X, GradientDescent(lr=0.2), 200, 50, rng, noise_std=0.5)
    noisy = corrupt_with_noise(X, rng, 0.5)
    assert reconstruction_error(X, model.reconstruct(noisy)) < 0.4 * reconstruction_error(X, noisy)


def test_denoising_draws_new_noise_and_keeps_the_target_clean():
    seen = []

    def spy(prediction, target):
        seen.append(target.copy())
        return 0.0, np.zeros_like(prediction)

    rng, X = np.random.default_rng(0), np.arange(6.0).reshape(3, 2)
    Autoencoder([2, 1], rng).fit(X, GradientDescent(lr=0.1), 2, None, rng, loss=spy, noise_std=9.0)
    assert len(seen) == 2 and all((np.sort(target, axis=0) == X).all() for target in seen)


def test_structure_mirrors():
    model = Autoencoder([784, 64, 6], np.random.default_rng(0))
    layers = [*model.encoder.layers, *model.decoder.layers]
    shapes = [layer.params["W"].shape for layer in layers if layer.params]
    assert shapes == [(784, 64), (64, 6), (6, 64), (64, 784)]


def test_noise_float32_and_inputs():
    X = np.ones((3, 2), dtype=np.float32)
    noisy = corrupt_with_noise(X, np.random.default_rng(0), 0.5)
    assert noisy.dtype == np.float32 and (X == 1).all() and (noisy != 1).all()
    quiet = corrupt_with_noise(X, np.random.default_rng(0), 0.0)
    assert (quiet == X).all() and quiet is not X
    assert pca(X, 1).codes.dtype == low_rank_reconstruction(X, 1).dtype == np.float32
    assert tied_linear_autoencoder_step(X, X[:2, :1], 0.1)[1].dtype == np.float32


def test_error_texts():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"W has shape \(3, 1\), expected \(2, \*\) to match X \(5, 2\)"):
        tied_linear_autoencoder_step(np.ones((5, 2)), np.ones((3, 1)), 0.1)
    with pytest.raises(ValueError, match=r"k is 3, expected 1 to 2 for X \(5, 2\)"):
        pca(np.ones((5, 2)), 3)
    with pytest.raises(ValueError, match="rank is 0, expected 1 to 2"):
        low_rank_reconstruction(np.ones((5, 2)), 0)
    with pytest.raises(ValueError, match=r"Xhat has shape \(2, 5\), expected \(5, 2\) to match X \(5, 2\)"):
        reconstruction_scores(np.ones((5, 2)), np.ones((2, 5)))
    with pytest.raises(ValueError, match="noise_std is -1, expected 0 or more"):
        corrupt_with_noise(np.ones(3), rng, -1)
