"""Linear regression in closed form, on tensors of any device."""

from __future__ import annotations

import torch

from dlkit.torch.linear import augment_ones

__all__ = ["LinearRegression", "fit_line", "normal_equation"]


def fit_line(x: torch.Tensor, y: torch.Tensor) -> tuple[float, float]:
    """The line of best fit through points.

    Parameters
    ----------
    x, y : torch.Tensor
        Coordinates, shape (N,), with at least two different x.

    Returns
    -------
    slope, intercept : float

    Raises
    ------
    ValueError
        If all x are equal.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> x = torch.tensor([0.0, 1.0, 2.0], dtype=torch.float64)
    >>> tuple(round(v, 6) for v in fit_line(x, 2 * x + 1))
    (2.0, 1.0)
    """
    if x.numel() == 0 or bool((x == x[0]).all()):
        raise ValueError("x holds fewer than two different values, expected at least two: no line is determined")
    slope, intercept = normal_equation(x.unsqueeze(1), y, add_ones=True).tolist()
    return slope, intercept


def normal_equation(X: torch.Tensor, y: torch.Tensor, *, add_ones: bool = False) -> torch.Tensor:
    """Weights that minimise ``||X w - y||^2``; the shortest of them where columns depend on each other.

    By the pseudo-inverse: on a GPU `torch.linalg.lstsq` has only a method that needs independent columns.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    y : torch.Tensor
        Shape (N,) or (N, M).
    add_ones : bool
        Append the column of ones whose weight is the intercept.

    Returns
    -------
    torch.Tensor
        Shape (D,) or (D, M); with ``add_ones`` one row more, the intercept, last.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X = torch.tensor([[0.0], [1.0], [2.0]])
    >>> [round(v, 4) for v in normal_equation(X, torch.tensor([1.0, 3.0, 5.0]), add_ones=True).tolist()]
    [2.0, 1.0]
    """
    return torch.linalg.pinv(augment_ones(X) if add_ones else X) @ y


class LinearRegression:
    """Least-squares linear regression, solved by `normal_equation`.

    Attributes
    ----------
    w_ : torch.Tensor
        Shape (D,) or (D, M).
    b_ : torch.Tensor
        Shape () or (M,).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X = torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    >>> model = LinearRegression().fit(X, torch.tensor([4.0, 3.0, 6.0, 1.0]))  # y = 2 x1 + 3 x2 + 1
    >>> [round(v, 4) for v in model.w_.tolist()], round(model.b_.item(), 4)
    ([2.0, 3.0], 1.0)
    """

    def fit(self, X: torch.Tensor, y: torch.Tensor) -> LinearRegression:
        """Learn from rows ``X`` (N, D) and targets ``y`` (N,) or (N, M); return the estimator itself."""
        X_mean, y_mean = X.mean(dim=0), y.mean(dim=0)
        self.w_ = normal_equation(X - X_mean, y - y_mean)
        self.b_ = y_mean - X_mean @ self.w_
        return self

    def predict(self, X: torch.Tensor) -> torch.Tensor:
        """``X @ w + b``, shape (N,) or (N, M)."""
        return X @ self.w_ + self.b_
