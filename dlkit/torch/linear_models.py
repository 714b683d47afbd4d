"""One linear layer, several models: the loss decides which one it is, and autograd finds the gradient.

The estimators are those of `dlkit.numpy.linear_models`, made of an `nn.Linear`, a loss and
`torch.optim.SGD`. They work on the device and in the dtype of the ``X`` they are fitted to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from dlkit.torch.activations import identity
from dlkit.torch.losses_classification import bce_with_logits, cross_entropy, multiclass_hinge
from dlkit.torch.softmax import softmax

__all__ = ["LinearSVM", "LogisticRegression", "SingleLayerModel", "SoftmaxRegression", "linear_scores"]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def linear_scores(X: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Scores of a linear classifier, ``S = X @ W + b``.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    W : torch.Tensor
        Shape (D,) or (D, K).
    b : torch.Tensor
        Shape () or (K,).

    Returns
    -------
    torch.Tensor
        Shape (N,) or (N, K).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> W, b = torch.tensor([[1.0, 0.0], [0.0, 3.0]]), torch.tensor([0.5, 0.0])
    >>> linear_scores(torch.tensor([[1.0, 2.0]]), W, b)
    tensor([[1.5000, 6.0000]])
    """
    return X @ W + b


class SingleLayerModel:
    """One linear layer trained by gradient descent on the whole training set.

    ``J = loss(X @ W + b, y) + l2 / 2 ||W||^2``; the bias is not penalised.

    Parameters
    ----------
    loss : callable
        ``loss(scores, y)`` gives a scalar tensor.
    activation : callable
        Turns scores into the output of `predict`.
    outputs : int, optional
        Number of outputs K; None for a single one, with scores of shape (N,).
    lr : float
    epochs : int
    l2 : float

    Attributes
    ----------
    linear_ : nn.Linear
        The trained layer.
    W_ : torch.Tensor
        Shape (D,) or (D, K).
    b_ : torch.Tensor
        Shape () or (K,).
    loss_history_ : list of float
        J before every step.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> from dlkit.torch.losses_regression import mse
    >>> X, y = torch.tensor([[-1.0], [0.0], [1.0]]), torch.tensor([-1.0, 1.0, 3.0])
    >>> model = SingleLayerModel(mse, lr=0.3, epochs=200).fit(X, y)
    >>> [round(v, 4) for v in model.predict(torch.tensor([[2.0]])).tolist()]  # 2 x + 1
    [5.0]
    """

    def __init__(
        self,
        loss: Loss,
        activation: Callable[[torch.Tensor], torch.Tensor] = identity,
        *,
        outputs: int | None = None,
        lr: float = 0.1,
        epochs: int = 500,
        l2: float = 0.0,
    ) -> None:
        self.loss, self.activation, self.outputs = loss, activation, outputs
        self.lr, self.epochs, self.l2 = lr, epochs, l2

    def fit(self, X: torch.Tensor, y: torch.Tensor, rng: torch.Generator | None = None) -> SingleLayerModel:
        """Learn from rows ``X`` (N, D) and targets ``y``; return the estimator itself.

        Starts from zeros, or with ``rng`` (a CPU generator) from small random weights, which the
        perceptron criterion needs. Where the loss takes floating targets, whole-number ``y`` are converted.
        """
        if X.ndim != 2:
            raise ValueError(f"X has shape {tuple(X.shape)}, expected (N, D)")
        if len(y) != len(X):
            raise ValueError(f"y has shape {tuple(y.shape)}, expected ({len(X)}, ...) to match X {tuple(X.shape)}")
        self._single = self._num_outputs(y) is None
        y = y.to(X.dtype) if self._single else y
        self.linear_ = nn.utils.skip_init(nn.Linear, X.shape[1], self._num_outputs(y) or 1, dtype=X.dtype, device=X.device)
        with torch.no_grad():
            self.linear_.bias.zero_()
            self.linear_.weight.zero_()
            if rng is not None:
                self.linear_.weight.copy_(0.01 * torch.randn(self.linear_.weight.shape, generator=rng))
        optimizer = torch.optim.SGD(
            [{"params": [self.linear_.weight], "weight_decay": self.l2}, {"params": [self.linear_.bias]}],
            lr=self.lr,
        )
        history = []
        for _ in range(self.epochs):
            optimizer.zero_grad()
            value = self.loss(self.decision_function(X), y)
            value.backward()
            history.append(value.detach() + 0.5 * self.l2 * self.linear_.weight.detach().square().sum())
            optimizer.step()
        self.loss_history_ = torch.stack(history).tolist() if history else []
        return self

    @property
    def W_(self) -> torch.Tensor:
        """Weights in the layout of the course, (D,) or (D, K)."""
        weight = self.linear_.weight.detach()
        return weight[0] if self._single else weight.T

    @property
    def b_(self) -> torch.Tensor:
        """Biases, () or (K,)."""
        bias = self.linear_.bias.detach()
        return bias[0] if self._single else bias

    def decision_function(self, X: torch.Tensor) -> torch.Tensor:
        """Scores, (N,) or (N, K)."""
        scores = self.linear_(X)
        return scores.squeeze(1) if self._single else scores

    @torch.no_grad()
    def predict(self, X: torch.Tensor) -> torch.Tensor:
        """The activation of the scores, (N,) or (N, K)."""
        return self.activation(self.decision_function(X))

    def _num_outputs(self, y: torch.Tensor) -> int | None:
        return self.outputs


class LogisticRegression(SingleLayerModel):
    """Binary classifier ``P(y = 1 | x) = sigmoid(x @ w + b)``, trained on the binary cross-entropy.

    Parameters and attributes as in `SingleLayerModel`.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X, y = torch.tensor([[-2.0], [-1.0], [1.0], [2.0]]), torch.tensor([0, 0, 1, 1])
    >>> LogisticRegression().fit(X, y).predict(X).tolist()
    [0, 0, 1, 1]
    """

    def __init__(self, *, lr: float = 0.1, epochs: int = 500, l2: float = 0.0) -> None:
        super().__init__(bce_with_logits, torch.sigmoid, lr=lr, epochs=epochs, l2=l2)

    @torch.no_grad()
    def predict_proba(self, X: torch.Tensor) -> torch.Tensor:
        """Probability of class 1, (N,)."""
        return self.activation(self.decision_function(X))

    def predict(self, X: torch.Tensor, threshold: float = 0.5) -> torch.Tensor:
        """Class 1 where its probability reaches the threshold, else 0: (N,) whole numbers."""
        return (self.predict_proba(X) >= threshold).long()


class _MulticlassModel(SingleLayerModel):
    """One column of scores per class; the number of classes is taken from the labels when not given."""

    @torch.no_grad()
    def predict(self, X: torch.Tensor) -> torch.Tensor:
        """Class of the largest score, (N,) whole numbers."""
        return self.decision_function(X).argmax(dim=1)

    def _num_outputs(self, y: torch.Tensor) -> int:
        return self.outputs if self.outputs is not None else int(y.max()) + 1


class SoftmaxRegression(_MulticlassModel):
    """Multi-class classifier ``P(y | x) = softmax(x @ W + b)``, trained on the cross-entropy.

    Parameters and attributes as in `SingleLayerModel`; labels are 0 to K-1, ``num_classes`` is K.

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> X, y = torch.tensor([[-2.0], [0.0], [2.0]]), torch.tensor([0, 1, 2])
    >>> SoftmaxRegression(lr=1.0).fit(X, y).predict(X).tolist()
    [0, 1, 2]
    """

    def __init__(self, *, num_classes: int | None = None, lr: float = 0.1, epochs: int = 500, l2: float = 0.0) -> None:
        super().__init__(cross_entropy, softmax, outputs=num_classes, lr=lr, epochs=epochs, l2=l2)

    @torch.no_grad()
    def predict_proba(self, X: torch.Tensor) -> torch.Tensor:
        """Probabilities of the classes, (N, K)."""
        return self.activation(self.decision_function(X))


class LinearSVM(_MulticlassModel):
    """Multi-class classifier trained on the Weston-Watkins hinge: each wrong score 1 below the right one.

    Parameters and attributes as in `SingleLayerModel`; ``power`` is 1 or 2, labels are 0 to K-1,
    ``num_classes`` is K.

    Source: Lecture notes, unit 1; Weston and Watkins (1999).

    Examples
    --------
    >>> X, y = torch.tensor([[-2.0], [-1.0], [1.0], [2.0]]), torch.tensor([0, 0, 1, 1])
    >>> LinearSVM(power=2).fit(X, y).predict(X).tolist()
    [0, 0, 1, 1]
    """

    def __init__(
        self,
        *,
        power: int = 1,
        num_classes: int | None = None,
        lr: float = 0.1,
        epochs: int = 500,
        l2: float = 1e-3,
    ) -> None:
        hinge = partial(multiclass_hinge, margin=1.0, power=power)
        super().__init__(hinge, identity, outputs=num_classes, lr=lr, epochs=epochs, l2=l2)
        self.power = power
