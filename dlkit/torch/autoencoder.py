"""Autoencoders on tensors: learn to reproduce the input through a narrow code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from dlkit.numpy.autoencoder import PCA, ReconstructionScores
from dlkit.torch.device import resolve_device, to_tensor
from dlkit.torch.losses_regression import mse
from dlkit.torch.network import History, Sequential, mlp

__all__ = [
    "Autoencoder",
    "corrupt_with_noise",
    "low_rank_reconstruction",
    "pca",
    "reconstruction_error",
    "reconstruction_scores",
    "tied_linear_autoencoder_loss",
    "tied_linear_autoencoder_step",
]


def tied_linear_autoencoder_loss(X: torch.Tensor, W: torch.Tensor) -> torch.Tensor:
    """Squared error of a linear autoencoder that decodes by the transpose, ``mean (X W W^T - X)^2``.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    W : torch.Tensor
        Encoder, shape (D, k).

    Returns
    -------
    torch.Tensor
        A scalar.

    Source: Lecture notes, unit 1; Baldi and Hornik (1989).

    Examples
    --------
    >>> tied_linear_autoencoder_loss(torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0], [0.0]]))
    tensor(2.)
    """
    return mse(X @ W @ W.T, X)


def tied_linear_autoencoder_step(X: torch.Tensor, W: torch.Tensor, lr: float) -> tuple[float, torch.Tensor]:
    """One step of gradient descent on `tied_linear_autoencoder_loss`.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    W : torch.Tensor
        Encoder, shape (D, k).
    lr : float

    Returns
    -------
    loss : float
        Before the step.
    new_W : torch.Tensor
        Shape (D, k).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X, W = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0], [0.0]])
    >>> loss, W = tied_linear_autoencoder_step(X, W, lr=0.1)
    >>> loss, W
    (2.0, tensor([[1.0000],
            [0.2000]]))
    """
    W = W.detach().clone().requires_grad_(True)
    loss = tied_linear_autoencoder_loss(X, W)
    (gradient,) = torch.autograd.grad(loss, W)
    return loss.item(), W.detach() - lr * gradient


def pca(X: torch.Tensor, k: int) -> PCA:
    """The k directions of largest variance, and every example in their coordinates.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    k : int
        1 to min(N, D).

    Returns
    -------
    PCA
        ``codes`` (N, k), ``components`` (k, D) whose largest entries are positive, ``mean`` (D,): tensors.

    Raises
    ------
    ValueError
        If k is out of range.

    Source: Lecture notes, unit 1; Pearson (1901).

    Examples
    --------
    >>> codes, components, mean = pca(torch.tensor([[1.0, 0.0], [4.0, 4.0]]), k=1)  # along (3, 4), length 5
    >>> components
    tensor([[0.6000, 0.8000]])
    """
    _check_rank("k", X, k)
    mean = X.mean(dim=0)
    components = torch.linalg.svd(X - mean, full_matrices=False).Vh[:k]
    largest = components.gather(1, components.abs().argmax(dim=1, keepdim=True))
    components = components * largest.sign()
    return PCA((X - mean) @ components.T, components, mean)


def low_rank_reconstruction(X: torch.Tensor, rank: int) -> torch.Tensor:
    """The closest matrix of a given rank: the truncated singular value decomposition. Nothing is centred.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    rank : int
        1 to min(N, D).

    Returns
    -------
    torch.Tensor
        Shape (N, D).

    Raises
    ------
    ValueError
        If the rank is out of range.

    Source: Lecture notes, unit 1; Eckart and Young (1936).

    Examples
    --------
    >>> low_rank_reconstruction(torch.tensor([[3.0, 0.0], [0.0, 1.0]]), rank=1).abs().tolist()
    [[3.0, 0.0], [0.0, 0.0]]
    """
    _check_rank("rank", X, rank)
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    return (U[:, :rank] * S[:rank]) @ Vh[:rank]


def reconstruction_error(X: torch.Tensor, Xhat: torch.Tensor) -> float:
    """Mean squared difference over all entries.

    Parameters
    ----------
    X, Xhat : torch.Tensor
        Shape (N, D).

    Returns
    -------
    float

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> reconstruction_error(torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 5.0]]))
    4.5
    """
    return mse(Xhat, X).item()


def reconstruction_scores(X: torch.Tensor, Xhat: torch.Tensor) -> ReconstructionScores:
    """Outlier scores of entries, rows and columns: ``|x - r|``, and sums of ``(x - r)^2`` along each axis.

    Parameters
    ----------
    X, Xhat : torch.Tensor
        Shape (N, D).

    Returns
    -------
    ReconstructionScores
        ``entry`` (N, D), ``row`` (N,), ``column`` (D,): tensors.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X, Xhat = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0, 4.0], [2.0, 4.0]])
    >>> scores = reconstruction_scores(X, Xhat)
    >>> scores.row.tolist(), scores.column.tolist()
    ([4.0, 1.0], [1.0, 4.0])
    """
    squares = mse(Xhat, X, reduction="none")
    return ReconstructionScores((X - Xhat).abs(), squares.sum(dim=1), squares.sum(dim=0))


def corrupt_with_noise(X: torch.Tensor, rng: torch.Generator, noise_std: float) -> torch.Tensor:
    """``X`` plus Gaussian noise of the given standard deviation; a new tensor.

    Parameters
    ----------
    X : torch.Tensor
        Any shape.
    rng : torch.Generator
        A CPU generator, so that the noise is the same on every device.
    noise_std : float
        0 or more.

    Returns
    -------
    torch.Tensor
        Like ``X``.

    Raises
    ------
    ValueError
        If the standard deviation is negative.

    Source: Lecture notes, unit 1; Vincent et al. (2008).

    Examples
    --------
    >>> noisy = corrupt_with_noise(torch.zeros(1000, 10), torch.Generator().manual_seed(0), noise_std=2.0)
    >>> round(noisy.std().item(), 1)
    2.0
    """
    if not noise_std >= 0:
        raise ValueError(f"noise_std is {noise_std}, expected 0 or more")
    return X + noise_std * torch.randn(X.shape, generator=rng, dtype=X.dtype).to(X.device)


class Autoencoder(nn.Module):
    """Encoder and decoder that mirrors it, trained together to reproduce the input.

    The code and (without ``output``) the reconstruction are linear; the layers between have the
    activation ``hidden``.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, hidden layers of the encoder, code.
    rng : torch.Generator
        For the initial weights.
    hidden : callable
        Makes the activation of a hidden layer.
    output : callable, optional
        Makes that of the reconstruction, for example ``nn.Sigmoid`` for values from 0 to 1 (then train
        with ``bce``).
    dtype : torch.dtype, optional

    Attributes
    ----------
    encoder, decoder : Sequential
    network : Sequential
        Of both.

    Source: Lecture notes, unit 1; Hinton and Salakhutdinov (2006).

    Examples
    --------
    >>> rng = torch.Generator().manual_seed(0)
    >>> X = torch.randn(50, 1, generator=rng) * torch.tensor([[1.0, 2.0]])  # a line in the plane
    >>> model = Autoencoder([2, 1], rng)
    >>> sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> _ = model.fit(X, sgd, epochs=200, batch_size=None, rng=rng, device="cpu")
    >>> tuple(model.encode(X).shape), reconstruction_error(X, model.reconstruct(X)) < 1e-6
    ((50, 1), True)
    """

    def __init__(
        self,
        sizes: Sequence[int],
        rng: torch.Generator,
        hidden: Callable[[], nn.Module] = nn.Tanh,
        output: Callable[[], nn.Module] | None = None,
        *,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        encoder = mlp(sizes, rng, hidden, dtype=dtype)
        decoder = mlp(list(sizes)[::-1], rng, hidden, output, dtype=dtype)
        self.network = Sequential(encoder, decoder)

    @property
    def encoder(self) -> Sequential:
        """Inputs to codes."""
        return self.network[0]

    @property
    def decoder(self) -> Sequential:
        """Codes to reconstructions."""
        return self.network[1]

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Reconstructions (N, D) of rows (N, D)."""
        return self.network(X)

    def encode(self, X: Any) -> torch.Tensor:
        """Codes (N, k) of rows (N, D), without gradients."""
        return self.encoder.predict(X)

    def decode(self, H: Any) -> torch.Tensor:
        """Reconstructions (N, D) of codes (N, k), without gradients."""
        return self.decoder.predict(H)

    def reconstruct(self, X: Any) -> torch.Tensor:
        """Decode the codes of ``X``, without gradients."""
        return self.network.predict(X)

    def fit(
        self,
        X: Any,
        optimizer: torch.optim.Optimizer,
        epochs: int,
        batch_size: int | None,
        rng: torch.Generator,
        *,
        loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] = mse,
        noise_std: float = 0.0,
        device: str | torch.device | None = None,
    ) -> History:
        """Train to turn ``X`` into ``X``; with ``noise_std``, new noise on the input every epoch.

        Parameters as in `dlkit.torch.network.Sequential.fit`.
        """
        device = resolve_device(device)
        X = to_tensor("X", X, dtype=self.network.dtype, device=device)
        history = History()
        for _ in range(epochs):
            inputs = corrupt_with_noise(X, rng, noise_std) if noise_std else X
            epoch = self.network.fit(inputs, X, loss, optimizer, 1, batch_size, rng, device=device)
            history.append({"loss": epoch["loss"][0]})
        return history


def _check_rank(name: str, X: torch.Tensor, k: int) -> None:
    if X.ndim != 2 or not 1 <= k <= min(X.shape):
        raise ValueError(f"{name} is {k}, expected 1 to min(N, D) for X of shape (N, D); got X {tuple(X.shape)}")
