"""Missing values: fill them with what the training rows say, as the first layer of a model."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["SimpleImputer", "impute", "missing_indicator"]


class SimpleImputer(nn.Module):
    """Fill every NaN with the mean or the median of its column over the fitted rows, 0 where there was none.

    What it has learnt is a buffer: it moves to the GPU with the model and is saved with it. The median of an
    even number of values is the mean of the middle two, as in NumPy (`torch.median` takes the lower one).

    Parameters
    ----------
    in_features : int
    strategy : {"mean", "median"}

    Attributes
    ----------
    statistics_ : torch.Tensor
        Shape (D,): what each column is filled with.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> nan = float("nan")
    >>> imputer = SimpleImputer(1, "median").fit(torch.tensor([[1.0], [2.0], [nan], [90.0]]))
    >>> imputer(torch.tensor([[nan], [7.0]])).tolist()
    [[2.0], [7.0]]
    """

    statistics_: torch.Tensor

    def __init__(self, in_features: int, strategy: str = "mean") -> None:
        super().__init__()
        if strategy not in ("mean", "median"):
            raise ValueError(f"strategy is {strategy!r}, expected one of 'mean', 'median'")
        self.strategy = strategy
        self.register_buffer("statistics_", torch.zeros(in_features))

    def fit(self, X: torch.Tensor) -> SimpleImputer:
        """Learn the columns of ``X`` (N, D); return the imputer itself."""
        if X.ndim != 2 or X.shape[1] != len(self.statistics_):
            raise ValueError(f"X has shape {tuple(X.shape)}, expected (N, {len(self.statistics_)})")
        average = X.nanmean(dim=0) if self.strategy == "mean" else X.nanquantile(0.5, dim=0)
        self.statistics_ = average.nan_to_num(nan=0.0)
        return self

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """The rows of ``X`` (N, D) without NaN."""
        return torch.where(X.isnan(), self.statistics_.to(X.dtype), X)


def impute(X_train: torch.Tensor, *others: torch.Tensor, strategy: str = "mean") -> tuple[torch.Tensor, ...]:
    """Fill the training rows and any other sets with the columns of the training rows.

    Parameters
    ----------
    X_train, *others : torch.Tensor
        Shapes (N, D); NaN is missing.
    strategy : {"mean", "median"}

    Returns
    -------
    tuple of torch.Tensor

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> train, test = impute(torch.tensor([[1.0], [3.0]]), torch.tensor([[float("nan")]]))
    >>> test.tolist()
    [[2.0]]
    """
    imputer = SimpleImputer(X_train.shape[-1], strategy).to(X_train.device).fit(X_train)
    return tuple(imputer(X) for X in (X_train, *others))


def missing_indicator(X: torch.Tensor) -> torch.Tensor:
    """1 where a value is missing, else 0, in the dtype of ``X``.

    Examples
    --------
    >>> missing_indicator(torch.tensor([[float("nan"), 2.0]])).tolist()
    [[1.0, 0.0]]
    """
    return X.isnan().to(X.dtype)
