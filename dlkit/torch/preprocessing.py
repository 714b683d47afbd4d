"""What is worth doing on tensors before training: scaling columns, one-hot rows, setting rows aside.

Text labels and files are no matter for tensors: `dlkit.numpy.preprocessing` encodes those.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import nn

__all__ = ["StandardScaler", "one_hot", "standardize", "train_test_split"]


class StandardScaler(nn.Module):
    """Give every column mean 0 and standard deviation 1, ``(X - mean) / std``, as the first layer of a model.

    Mean and std are buffers: they move to the GPU with the model and are saved with it. Fit it on the
    training rows only. A constant column becomes 0.

    Parameters
    ----------
    in_features : int

    Attributes
    ----------
    mean_, scale_ : torch.Tensor
        Shape (D,): column means, and population standard deviations (1 for a constant column).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> scaler = StandardScaler(2).fit(torch.tensor([[1.0, 7.0], [3.0, 7.0]]))
    >>> scaler(torch.tensor([[1.0, 7.0], [5.0, 8.0]]))
    tensor([[-1.,  0.],
            [ 3.,  1.]])
    """

    mean_: torch.Tensor
    scale_: torch.Tensor

    def __init__(self, in_features: int) -> None:
        super().__init__()
        self.register_buffer("mean_", torch.zeros(in_features))
        self.register_buffer("scale_", torch.ones(in_features))

    def fit(self, X: torch.Tensor) -> StandardScaler:
        """Learn the columns of ``X`` (N, D); return the scaler itself."""
        if X.ndim != 2 or X.shape[1] != len(self.mean_) or len(X) == 0:
            raise ValueError(f"X has shape {tuple(X.shape)}, expected (N, {len(self.mean_)}) with N at least 1")
        constant = (X == X[0]).all(dim=0)  # rounding can leave such a column a std of 1e-17
        self.mean_ = torch.where(constant, X[0], X.mean(dim=0))
        self.scale_ = torch.where(constant, 1.0, X.std(dim=0, correction=0)).to(X.dtype)
        return self

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Scale the rows of ``X`` (N, D)."""
        return (X - self.mean_) / self.scale_


def standardize(X: torch.Tensor) -> torch.Tensor:
    """Columns with mean 0 and population standard deviation 1; a constant column becomes 0.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).

    Returns
    -------
    torch.Tensor
        Shape (N, D).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> standardize(torch.tensor([[1.0], [3.0]]))
    tensor([[-1.],
            [ 1.]])
    """
    return StandardScaler(X.shape[-1]).fit(X)(X)


def one_hot(labels: torch.Tensor, num_classes: int | None = None) -> torch.Tensor:
    """One row for each label, 1 in the label's column, as floating numbers that a loss can take.

    Parameters
    ----------
    labels : torch.Tensor
        Whole numbers 0 to K-1, shape (N,).
    num_classes : int, optional
        The largest label plus one when not given.

    Returns
    -------
    torch.Tensor
        Shape (N, K), PyTorch's default dtype.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> one_hot(torch.tensor([0, 2]), num_classes=3)
    tensor([[1., 0., 0.],
            [0., 0., 1.]])
    """
    return F.one_hot(labels, -1 if num_classes is None else num_classes).to(torch.get_default_dtype())


def train_test_split(
    X: torch.Tensor, y: torch.Tensor, test_fraction: float, rng: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Shuffle the rows and set ``ceil(test_fraction * N)`` of them aside for the test.

    Parameters
    ----------
    X, y : torch.Tensor
        Shapes (N, ...).
    test_fraction : float
        Strictly between 0 and 1.
    rng : torch.Generator
        A CPU generator.

    Returns
    -------
    X_train, X_test, y_train, y_test : torch.Tensor

    Raises
    ------
    ValueError
        If the lengths differ, the fraction is not between 0 and 1, or no training row would be left.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X = torch.arange(5)
    >>> X_train, X_test, y_train, y_test = train_test_split(X, 2 * X, 0.2, torch.Generator().manual_seed(0))
    >>> len(X_train), len(X_test), torch.equal(y_test, 2 * X_test)
    (4, 1, True)
    """
    if len(X) != len(y):
        raise ValueError(f"y has shape {tuple(y.shape)}, expected as many rows as X {tuple(X.shape)}")
    if not 0 < test_fraction < 1:
        raise ValueError(f"test_fraction is {test_fraction}, expected a number between 0 and 1, both excluded")
    test_size = math.ceil(test_fraction * len(X) - 1e-9)
    if test_size >= len(X):
        raise ValueError(f"test_fraction {test_fraction} of {len(X)} rows leaves no training row")
    order = torch.randperm(len(X), generator=rng).to(X.device)
    test, train = order[:test_size], order[test_size:]
    return X[train], X[test], y[train.to(y.device)], y[test.to(y.device)]
