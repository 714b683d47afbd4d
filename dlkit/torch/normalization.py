"""Normalisation inside a network: PyTorch's own functions, with the names of `dlkit.numpy.normalization`.

Scale and shift come before the options everywhere, and the statistics of training and of inference are two functions,
where PyTorch has one with a flag.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

__all__ = [
    "batch_norm",
    "batch_norm_inference",
    "group_norm",
    "instance_norm",
    "layer_norm",
    "running_statistics",
]


def batch_norm(X: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float = 1e-5) -> torch.Tensor:
    """Batch norm while training, ``gamma (X - mean) / sqrt(var + eps) + beta`` with the statistics of this batch.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, C) or (N, C, ...), at least two values for each channel.
    gamma, beta : torch.Tensor
        Shape (C,).
    eps : float

    Returns
    -------
    torch.Tensor
        Shape of X.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> Y = batch_norm(torch.tensor([[1.0], [5.0]]), torch.tensor([3.0]), torch.tensor([10.0]))
    >>> [round(y, 3) for y in Y.flatten().tolist()]
    [7.0, 13.0]
    """
    return F.batch_norm(X, None, None, gamma, beta, training=True, eps=eps)


def running_statistics(
    X: torch.Tensor, running_mean: torch.Tensor, running_var: torch.Tensor, momentum: float = 0.1
) -> tuple[torch.Tensor, torch.Tensor]:
    """The running mean and variance after one more batch; PyTorch's own update, but in new tensors.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, C) or (N, C, ...).
    running_mean, running_var : torch.Tensor
        Shape (C,).
    momentum : float
        Weight of this batch.

    Returns
    -------
    running_mean, running_var : torch.Tensor

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> running_statistics(torch.tensor([[1.0], [5.0]]), torch.zeros(1), torch.ones(1), momentum=0.5)
    (tensor([1.5000]), tensor([4.5000]))
    """
    mean, var = running_mean.detach().clone(), running_var.detach().clone()
    with torch.no_grad():
        F.batch_norm(X, mean, var, training=True, momentum=momentum)  # writes into mean and var
    return mean, var


def batch_norm_inference(
    X: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    running_mean: torch.Tensor,
    running_var: torch.Tensor,
    eps: float = 1e-5,
) -> torch.Tensor:
    """Batch norm when the training is over: each channel is shifted and scaled by fixed statistics.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, C) or (N, C, ...).
    gamma, beta, running_mean, running_var : torch.Tensor
        Shape (C,).
    eps : float

    Returns
    -------
    torch.Tensor
        Shape of X.

    Examples
    --------
    >>> one, three = torch.ones(1), torch.tensor([3.0])
    >>> batch_norm_inference(torch.tensor([[1.0]]), three, 10 * one, running_mean=three, running_var=4 * one, eps=0.0)
    tensor([[7.]])
    """
    return F.batch_norm(X, running_mean, running_var, gamma, beta, training=False, eps=eps)


def layer_norm(X: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float = 1e-5) -> torch.Tensor:
    """Layer norm over the last axes of X, those that gamma has.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, ..., D).
    gamma, beta : torch.Tensor
        Shape of the last axes of X, usually (D,).
    eps : float

    Returns
    -------
    torch.Tensor
        Shape of X.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> layer_norm(torch.tensor([[1.0, 5.0]]), torch.tensor([1.0, 2.0]), torch.zeros(2), eps=0.0)
    tensor([[-1.,  2.]])
    """
    return F.layer_norm(X, gamma.shape, gamma, beta, eps)


def group_norm(
    X: torch.Tensor, num_groups: int, gamma: torch.Tensor, beta: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Group norm: in each example, neighbouring channels in `num_groups` groups.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, C) or (N, C, ...).
    num_groups : int
    gamma, beta : torch.Tensor
        Shape (C,).
    eps : float

    Returns
    -------
    torch.Tensor
        Shape of X.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> Y = group_norm(torch.tensor([[1.0, 5.0, 70.0, 50.0]]), 2, torch.ones(4), torch.zeros(4))
    >>> [round(y, 3) for y in Y.flatten().tolist()]
    [-1.0, 1.0, 1.0, -1.0]
    """
    return F.group_norm(X, num_groups, gamma, beta, eps)


def instance_norm(X: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float = 1e-5) -> torch.Tensor:
    """Instance norm: each channel of each example on its own.

    Parameters
    ----------
    X : torch.Tensor
        Shape (N, C, ...).
    gamma, beta : torch.Tensor
        Shape (C,).
    eps : float

    Returns
    -------
    torch.Tensor
        Shape of X.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> instance_norm(torch.tensor([[[1.0, 5.0]]]), torch.tensor([2.0]), torch.zeros(1), eps=0.0)
    tensor([[[-2.,  2.]]])
    """
    return F.instance_norm(X, weight=gamma, bias=beta, eps=eps)
