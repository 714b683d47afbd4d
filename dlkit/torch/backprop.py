"""Backpropagation with every intermediate named and kept, by autograd: the same names as `dlkit.numpy.backprop`.

PyTorch differentiates by itself, so an activation is a function here, without its slope, and the backward passes only ask
`torch.autograd.grad` for more than it usually shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch

__all__ = ["MLPCache", "MLPGradients", "NeuronPass", "Training", "first_difference", "intermediates",
           "linear_output_221", "mlp_backward", "mlp_forward", "neuron_pass", "train_loop"]

Activation = Callable[[torch.Tensor], torch.Tensor] | None


class NeuronPass(NamedTuple):
    """Forward and backward through one neuron, as in `dlkit.numpy.backprop.NeuronPass`."""

    z: float
    a: float
    cost: float
    dC_da: float
    da_dz: float
    dC_dz: float
    dz_dw: torch.Tensor
    dC_dw: torch.Tensor
    dC_db: float
    dC_dx: torch.Tensor


class MLPCache(NamedTuple):
    """The graph of a forward pass: its nodes, still connected."""

    A: tuple[torch.Tensor, ...]
    Z: tuple[torch.Tensor, ...]
    weights: tuple[torch.Tensor, ...]
    biases: tuple[torch.Tensor, ...]


class MLPGradients(NamedTuple):
    """Gradients by layer, first layer first."""

    dX: torch.Tensor
    dW: tuple[torch.Tensor, ...]
    db: tuple[torch.Tensor, ...]
    dZ: tuple[torch.Tensor, ...]
    dA: tuple[torch.Tensor, ...]


class Training(NamedTuple):
    """What `train_loop` returns."""

    weights: tuple[torch.Tensor, ...]
    biases: tuple[torch.Tensor, ...]
    losses: list[float]


def neuron_pass(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor | float, y: torch.Tensor | float,
                activation: Activation = torch.sigmoid) -> NeuronPass:
    """Chain rule through one neuron for the cost ``(a - y)^2``, link by link.

    Parameters
    ----------
    x, w : torch.Tensor
        Shape (D,).
    b, y : torch.Tensor or float
        Bias and target.
    activation : callable or None

    Returns
    -------
    NeuronPass

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> links = neuron_pass(torch.tensor([2.0]), torch.tensor([3.0]), 1.0, 5.0, activation=None)
    >>> links.dC_da, links.dC_dw.tolist(), links.dC_db, links.dC_dx.tolist()
    (4.0, [8.0], 4.0, [12.0])
    """
    x, w = _leaf(x), _leaf(w)
    b = _leaf(torch.as_tensor(b, dtype=x.dtype, device=x.device))
    z = x @ w + b
    a = z if activation is None else activation(z)
    cost = (a - y) ** 2
    dC_da, dC_dz, dC_dw, dC_db, dC_dx = torch.autograd.grad(cost, (a, z, w, b, x), retain_graph=True)
    (slope,) = (torch.ones_like(z),) if activation is None else torch.autograd.grad(a, z, retain_graph=True)
    (dz_dw,) = torch.autograd.grad(z, w)
    return NeuronPass(z.item(), a.item(), cost.item(), dC_da.item(), slope.item(), dC_dz.item(), dz_dw, dC_dw, dC_db.item(),
                      dC_dx)


def linear_output_221(x: torch.Tensor, y: float | torch.Tensor, weights: Sequence[torch.Tensor],
                      biases: Sequence[torch.Tensor], hidden: Activation = None) -> dict[str, float]:
    """The nine partial derivatives of ``(y - yhat)^2`` in a 2-2-1 network with a linear output.

    Parameters
    ----------
    x : torch.Tensor
        Shape (2,).
    y : float or torch.Tensor
    weights : pair of torch.Tensor
        Shapes (2, 2) and (2, 1).
    biases : pair of torch.Tensor
        Shapes (2,) and (1,).
    hidden : callable or None

    Returns
    -------
    dict of str to float
        "w11^1", "w12^1", "w21^1", "w22^1", "b11", "b12", "w11^2", "w21^2", "b21".

    Raises
    ------
    ValueError
        If a weight has another shape.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> eye, ones = torch.eye(2), torch.ones(2, 1)
    >>> d = linear_output_221(torch.tensor([1.0, 2.0]), 3.0, (eye, ones), (torch.zeros(2), torch.ones(1)))
    >>> d["w11^2"], d["w21^2"], d["b21"], d["w21^1"]
    (2.0, 4.0, 2.0, 4.0)
    """
    if (tuple(weights[0].shape), tuple(weights[1].shape)) != ((2, 2), (2, 1)):
        raise ValueError(f"weights have shapes {[tuple(W.shape) for W in weights]}, expected [(2, 2), (2, 1)]")
    output, cache = mlp_forward(x[None], weights, biases, (hidden, None))
    parameters = (*cache.weights, *cache.biases)
    dW1, dW2, db1, db2 = (g.tolist() for g in torch.autograd.grad(((y - output) ** 2).sum(), parameters))
    return {"w11^1": dW1[0][0], "w12^1": dW1[0][1], "w21^1": dW1[1][0], "w22^1": dW1[1][1], "b11": db1[0], "b12": db1[1],
            "w11^2": dW2[0][0], "w21^2": dW2[1][0], "b21": db2[0]}


def mlp_forward(X: torch.Tensor, weights: Sequence[torch.Tensor], biases: Sequence[torch.Tensor],
                activations: Sequence[Activation]) -> tuple[torch.Tensor, MLPCache]:
    """Forward pass of an MLP that keeps every ``Z`` and ``A``.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    weights : sequence of torch.Tensor
        Shapes (D, n_1), (n_1, n_2), ... (the transpose of what `nn.Linear` keeps).
    biases : sequence of torch.Tensor
        Shapes (n_1,), (n_2,), ...
    activations : sequence of callable or None

    Returns
    -------
    output : torch.Tensor
        Shape (N, n_L), part of the graph.
    cache : MLPCache

    Raises
    ------
    ValueError
        If the numbers of layers differ.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> one, two = torch.ones(2, 1), torch.full((1, 1), 2.0)
    >>> output, cache = mlp_forward(torch.tensor([[1.0, 2.0]]), [one, two], [torch.tensor([0.5]), torch.zeros(1)], [None, None])
    >>> cache.Z[0].tolist(), output.tolist()
    ([[3.5]], [[7.0]])
    """
    if not len(weights) == len(biases) == len(activations):
        raise ValueError(f"weights, biases and activations have {len(weights)}, {len(biases)} and {len(activations)} "
                         "entries, expected one per layer")
    weights, biases = tuple(map(_leaf, weights)), tuple(map(_leaf, biases))
    A, Z = [_leaf(X)], []
    for W, b, activation in zip(weights, biases, activations, strict=True):
        Z.append(A[-1] @ W + b)
        A.append(Z[-1].clone() if activation is None else activation(Z[-1]))  # a node of its own, also if linear
    return A[-1], MLPCache(tuple(A), tuple(Z), weights, biases)


def mlp_backward(dA: torch.Tensor, cache: MLPCache) -> MLPGradients:
    """Gradients of everything in the graph of `mlp_forward`, for an upstream gradient.

    Parameters
    ----------
    dA : torch.Tensor
        Shape of the output.
    cache : MLPCache
        Can be used once or many times: the graph is kept.

    Returns
    -------
    MLPGradients

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> one, two = torch.ones(2, 1), torch.full((1, 1), 2.0)
    >>> output, cache = mlp_forward(torch.tensor([[1.0, 2.0]]), [one, two], [torch.tensor([0.5]), torch.zeros(1)], [None, None])
    >>> grads = mlp_backward(torch.tensor([[10.0]]), cache)
    >>> grads.dW[1].tolist(), grads.dW[0].tolist(), grads.db[0].tolist(), grads.dX.tolist()
    ([[35.0]], [[20.0], [40.0]], [20.0], [[20.0, 20.0]])
    """
    layers = len(cache.weights)
    wanted = (cache.A[0], *cache.weights, *cache.biases, *cache.Z, *cache.A[1:])
    dX, *rest = torch.autograd.grad(cache.A[-1], wanted, grad_outputs=dA, retain_graph=True)
    return MLPGradients(dX, *(tuple(rest[k * layers:(k + 1) * layers]) for k in range(4)))


def intermediates(cache: MLPCache, gradients: MLPGradients | None = None) -> dict[str, torch.Tensor]:
    """All numbers of a pass by name, "Z1", "A1", ... and backwards "dA2", "dZ2", "dW2", "db2", ..., detached.

    Parameters
    ----------
    cache : MLPCache
    gradients : MLPGradients, optional

    Returns
    -------
    dict of str to torch.Tensor

    Examples
    --------
    >>> output, cache = mlp_forward(torch.ones(1, 1), [torch.ones(1, 1)], [torch.zeros(1)], [torch.tanh])
    >>> " ".join(intermediates(cache, mlp_backward(torch.ones(1, 1), cache)))
    'Z1 A1 dA1 dZ1 dW1 db1'
    """
    table = {}
    for number, (Z, A) in enumerate(zip(cache.Z, cache.A[1:], strict=True), start=1):
        table |= {f"Z{number}": Z.detach(), f"A{number}": A.detach()}
    if gradients is not None:
        for number in range(len(cache.weights), 0, -1):
            table |= {f"{name}{number}": getattr(gradients, name)[number - 1] for name in ("dA", "dZ", "dW", "db")}
    return table


def first_difference(printed: Mapping[str, torch.Tensor], right: Mapping[str, torch.Tensor],
                     tolerance: float = 1e-9) -> str | None:
    """Name of the first line of a table that differs from the right one; None if none does.

    Parameters
    ----------
    printed, right : mapping of str to torch.Tensor
        The same names in the same order.
    tolerance : float
        Largest accepted absolute difference.

    Returns
    -------
    str or None

    Raises
    ------
    ValueError
        If the names differ.

    Examples
    --------
    >>> first_difference({"Z1": torch.ones(2), "A1": torch.ones(2)}, {"Z1": torch.ones(2), "A1": torch.zeros(2)})
    'A1'
    """
    if list(printed) != list(right):
        raise ValueError(f"printed has the lines {', '.join(printed)}, expected {', '.join(right)}")
    for name, value in right.items():
        mine = torch.as_tensor(printed[name], dtype=value.dtype, device=value.device)
        if mine.shape != value.shape or not torch.allclose(mine, value, rtol=0.0, atol=tolerance):
            return name
    return None


def train_loop(X: torch.Tensor, y: torch.Tensor, weights: Sequence[torch.Tensor], biases: Sequence[torch.Tensor],
               activations: Sequence[Activation], loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], lr: float,
               epochs: int, target_loss: float = -float("inf")) -> Training:
    """The training loop, all rows at once: forward, loss, ``backward()`` (gradients), ``step()`` (update); repeat.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, D).
    y : torch.Tensor
        Targets, as the loss wants them.
    weights, biases, activations
        As for `mlp_forward`; the given tensors stay as they are.
    loss : callable
        ``loss(output, y)`` gives a scalar tensor.
    lr : float
    epochs : int
        Largest number of updates.
    target_loss : float
        Stop before an update when the loss is at most this.

    Returns
    -------
    Training

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> zero = torch.zeros(1, 1)
    >>> result = train_loop(torch.ones(1, 1), torch.full((1, 1), 4.0), [zero], [zero[0]], [None],
    ...                     torch.nn.functional.mse_loss, lr=0.25, epochs=2)
    >>> result.losses, result.weights[0].tolist()
    ([16.0, 0.0, 0.0], [[2.0]])
    """
    weights, biases = [_leaf(W) for W in weights], [_leaf(b) for b in biases]
    optimizer = torch.optim.SGD([*weights, *biases], lr=lr)
    losses: list[float] = []
    for epoch in range(epochs + 1):
        A = X
        for W, b, activation in zip(weights, biases, activations, strict=True):
            A = A @ W + b
            A = A if activation is None else activation(A)
        value = loss(A, y)
        losses.append(value.item())
        if epoch == epochs or losses[-1] <= target_loss:
            break
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    return Training(tuple(W.detach() for W in weights), tuple(b.detach() for b in biases), losses)


def _leaf(tensor: torch.Tensor) -> torch.Tensor:
    """A copy at which a graph begins."""
    return tensor.detach().clone().requires_grad_(True)
