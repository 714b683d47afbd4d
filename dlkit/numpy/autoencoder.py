"""Autoencoders: learn to reproduce the input through a narrow code, and what that is good for.

An encoder makes a code ``h = f(x)`` of few numbers, a decoder makes a reconstruction ``r = g(h)``. With
linear maps and squared error the best code is that of principal component analysis (PCA). Rows that are
reconstructed badly are unlike the others: outliers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from dlkit.numpy.layers import Activation, Tanh
from dlkit.numpy.losses_regression import mse
from dlkit.numpy.network import History, Sequential, mlp
from dlkit.numpy.optim import Optimizer
from dlkit.numpy.validation import as_float, expect_rng, expect_shape


class ReconstructionScores(NamedTuple):
    """How badly entries, rows and columns are reconstructed; from `reconstruction_scores`."""

    entry: np.ndarray  # |x - r|, (N, D)
    row: np.ndarray  # sum over the row of (x - r)^2, (N,)
    column: np.ndarray  # sum over the column of (x - r)^2, (D,)


class PCA(NamedTuple):
    """Result of `pca`: ``X`` is about ``mean + codes @ components``."""

    codes: np.ndarray  # (N, k)
    components: np.ndarray  # (k, D), orthonormal rows, the one of largest variance first
    mean: np.ndarray  # (D,)


def tied_linear_autoencoder_gradient(X: np.ndarray, W: np.ndarray) -> tuple[float, np.ndarray]:
    """Loss and gradient of a linear autoencoder whose decoder is the transposed encoder.

    ``H = X W``, ``R = H W^T``, ``L = mean (R - X)^2``. W acts twice, so its gradient has two terms: with
    ``dR = 2 (R - X) / (N D)``, ``dW = X^T dR W + dR^T H``.

    Parameters
    ----------
    X : (N, D) examples, float, columns centred for a comparison with PCA.
    W : (D, k) encoder.

    Returns
    -------
    (loss, dW) : float, (D, k).

    Raises
    ------
    ValueError : when ``W`` does not match ``X``.

    Source: Lecture notes, unit 1, autoencoders; Baldi and Hornik (1989).

    Examples
    --------
    >>> loss, dW = tied_linear_autoencoder_gradient(np.array([[1.0, 2.0]]), np.array([[1.0], [0.0]]))
    >>> loss, dW.tolist()                                    # R = [1, 0], dR = [0, -2]
    (2.0, [[0.0], [-2.0]])
    """
    X, W = as_float("X", X), as_float("W", W)
    expect_shape("X", X, (None, None))
    expect_shape("W", W, (X.shape[1], None), to_match=("X", X))
    H = X @ W  # (N, k)
    loss, dR = mse(H @ W.T, X)
    return loss, X.T @ (dR @ W) + dR.T @ H


def tied_linear_autoencoder_step(X: np.ndarray, W: np.ndarray, lr: float) -> tuple[float, np.ndarray]:
    """One step of gradient descent on `tied_linear_autoencoder_gradient`.

    Parameters
    ----------
    X : (N, D) examples, float.
    W : (D, k) encoder.
    lr : learning rate.

    Returns
    -------
    (loss, new_W) : the loss before the step, and the encoder after it.

    Raises
    ------
    ValueError : when ``W`` does not match ``X``.

    Source: Lecture notes, unit 1, autoencoders.

    Examples
    --------
    >>> loss, W = tied_linear_autoencoder_step(np.array([[1.0, 2.0]]), np.array([[1.0], [0.0]]), lr=0.1)
    >>> loss, W.tolist()
    (2.0, [[1.0], [0.2]])
    """
    loss, dW = tied_linear_autoencoder_gradient(X, W)
    return loss, as_float("W", W) - lr * dW


def pca(X: np.ndarray, k: int) -> PCA:
    """The k directions of largest variance, and every example in their coordinates.

    The right singular vectors of the centred data. A component's sign is free: its largest entry is made
    positive.

    Parameters
    ----------
    X : (N, D) examples, float.
    k : number of components, 1 to min(N, D).

    Returns
    -------
    PCA : ``codes``, ``components``, ``mean``.

    Raises
    ------
    ValueError : when ``k`` is not in 1 to min(N, D).

    Source: Lecture notes, unit 1, dimensionality reduction; Pearson (1901).

    Examples
    --------
    >>> codes, components, mean = pca(np.array([[1.0, 0.0], [4.0, 4.0]]), k=1)    # along (3, 4), length 5
    >>> components.round(4).tolist(), codes.round(4).tolist(), mean.tolist()
    ([[0.6, 0.8]], [[-2.5], [2.5]], [2.5, 2.0])
    """
    X = _rank_checked("k", X, k)
    mean = X.mean(axis=0)
    components = np.linalg.svd(X - mean, full_matrices=False)[2][:k]
    largest = np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], axis=1)
    components = components * np.sign(largest)
    return PCA((X - mean) @ components.T, components, mean)


def low_rank_reconstruction(X: np.ndarray, rank: int) -> np.ndarray:
    """The closest matrix of a given rank, ``X ~ U V^T``: what the best linear code of that size keeps.

    Parameters
    ----------
    X : (N, D) matrix, float. Nothing is centred.
    rank : 1 to min(N, D).

    Returns
    -------
    (N, D) : truncated singular value decomposition of ``X``.

    Raises
    ------
    ValueError : when ``rank`` is not in 1 to min(N, D).

    Source: Lecture notes, unit 1, outliers by low-rank factorisation; Eckart and Young (1936).

    Examples
    --------
    >>> low_rank_reconstruction(np.array([[3.0, 0.0], [0.0, 1.0]]), rank=1).round(4).tolist()
    [[3.0, 0.0], [0.0, 0.0]]
    """
    X = _rank_checked("rank", X, rank)
    U, singular_values, Vt = np.linalg.svd(X, full_matrices=False)
    return (U[:, :rank] * singular_values[:rank]) @ Vt[:rank]


def reconstruction_error(X: np.ndarray, Xhat: np.ndarray) -> float:
    """Mean squared difference over all entries.

    Parameters
    ----------
    X, Xhat : (N, D) data and reconstruction, float.

    Returns
    -------
    float

    Raises
    ------
    ValueError : when the shapes differ.

    Source: Lecture notes, unit 1, autoencoders.

    Examples
    --------
    >>> reconstruction_error(np.array([[1.0, 2.0]]), np.array([[1.0, 5.0]]))    # (0 + 9) / 2
    4.5
    """
    return mse(Xhat, X)[0]


def reconstruction_scores(X: np.ndarray, Xhat: np.ndarray) -> ReconstructionScores:
    """Outlier scores of entries, rows and columns: ``|x - r|``, and sums of ``(x - r)^2`` along each axis.

    Parameters
    ----------
    X, Xhat : (N, D) data and reconstruction, float.

    Returns
    -------
    ReconstructionScores : ``entry`` (N, D), ``row`` (N,), ``column`` (D,).

    Raises
    ------
    ValueError : when the shapes differ.

    Source: Lecture notes, unit 1, outlier detection.

    Examples
    --------
    >>> scores = reconstruction_scores([[1.0, 2.0], [3.0, 4.0]], [[1.0, 4.0], [2.0, 4.0]])
    >>> scores.entry.tolist(), scores.row.tolist(), scores.column.tolist()
    ([[0.0, 2.0], [1.0, 0.0]], [4.0, 1.0], [1.0, 4.0])
    """
    X, Xhat = as_float("X", X), as_float("Xhat", Xhat)
    expect_shape("X", X, (None, None))
    expect_shape("Xhat", Xhat, X.shape, to_match=("X", X))
    difference = X - Xhat
    squares = difference * difference
    return ReconstructionScores(np.abs(difference), squares.sum(axis=1), squares.sum(axis=0))


def corrupt_with_noise(X: np.ndarray, rng: np.random.Generator, noise_std: float) -> np.ndarray:
    """``X`` plus Gaussian noise of standard deviation ``noise_std``: a new array in the dtype of ``X``.

    Source: Lecture notes, unit 1, the de-noising autoencoder.

    Examples
    --------
    >>> noisy = corrupt_with_noise(np.zeros((1000, 10)), np.random.default_rng(0), noise_std=2.0)
    >>> round(float(noisy.std()), 1)
    2.0
    """
    X = as_float("X", X)
    expect_rng(rng)
    if not noise_std >= 0:
        raise ValueError(f"noise_std is {noise_std}, expected 0 or more")
    return X + noise_std * rng.standard_normal(X.shape).astype(X.dtype)


class Autoencoder:
    """Encoder and decoder that mirrors it, trained together to reproduce the input.

    The code and (without ``output``) the reconstruction are linear; the layers between have the activation
    ``hidden``. So ``sizes`` of two numbers make a linear autoencoder, which finds the subspace of `pca`.

    Parameters
    ----------
    sizes : inputs, hidden layers of the encoder, code: [784, 64, 6] compresses 784 numbers to 6.
    rng : draws the weights.
    hidden : makes the activation of a hidden layer, a class such as ``Tanh``.
    output : makes that of the reconstruction, for example ``Sigmoid`` for values from 0 to 1 (then train
        with ``bce``).

    Attributes
    ----------
    encoder, decoder : Sequential; network : Sequential of both.

    Source: Lecture notes, unit 1, autoencoders; Hinton and Salakhutdinov (2006); Vincent et al. (2008) for
    noise.

    Examples
    --------
    >>> from dlkit.numpy.optim import GradientDescent
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((50, 1)) * np.array([[1.0, 2.0]])                # a line in the plane
    >>> model = Autoencoder([2, 1], rng)
    >>> _ = model.fit(X, GradientDescent(lr=0.1), epochs=200, batch_size=None, rng=rng)
    >>> model.encode(X).shape, reconstruction_error(X, model.reconstruct(X)) < 1e-6
    ((50, 1), True)
    """

    def __init__(
        self,
        sizes: Sequence[int],
        rng: np.random.Generator,
        hidden: Callable[[], Activation] = Tanh,
        output: Callable[[], Activation] | None = None,
    ) -> None:
        self.encoder = mlp(sizes, rng, hidden)
        self.decoder = mlp(list(sizes)[::-1], rng, hidden, output)
        self.network = Sequential(self.encoder, self.decoder)

    def encode(self, X: np.ndarray) -> np.ndarray:
        """Codes (N, k) of rows (N, D), also of rows it was not trained on."""
        return self.encoder.predict(X)

    def decode(self, H: np.ndarray) -> np.ndarray:
        """Reconstructions (N, D) of codes (N, k)."""
        return self.decoder.predict(H)

    def reconstruct(self, X: np.ndarray) -> np.ndarray:
        """Decode the codes of ``X``, (N, D)."""
        return self.network.predict(X)

    def fit(
        self,
        X: np.ndarray,
        optimizer: Optimizer,
        epochs: int,
        batch_size: int | None,
        rng: np.random.Generator,
        *,
        loss: Callable = mse,
        noise_std: float = 0.0,
    ) -> History:
        """Train to reproduce ``X``; ``noise_std`` adds new noise to the input every epoch (de-noising)."""
        X = as_float("X", X)
        history = History()
        for _ in range(epochs):
            inputs = corrupt_with_noise(X, rng, noise_std) if noise_std else X
            epoch = self.network.fit(inputs, X, loss, optimizer, 1, batch_size, rng)
            history.append({"loss": epoch["loss"][0]})
        return history


def _rank_checked(name: str, X: np.ndarray, k: int) -> np.ndarray:
    X = as_float("X", X)
    expect_shape("X", X, (None, None))
    if not 1 <= k <= min(X.shape):
        raise ValueError(f"{name} is {k}, expected 1 to {min(X.shape)} for X {X.shape}")
    return X
