"""Floating-point formats in PyTorch, and training in two of them at once.

*Mixed precision*: products of matrices in a 16-bit format, parameters and sums in float32. `torch.autocast`
chooses the format of every operation. On a GPU with float16 the loss is scaled too, by `torch.amp.GradScaler`
(here `LossScaler`); bfloat16 reaches as far as float32 and needs no scaling.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import nn

from dlkit.numpy.floating_point import FloatFormat

__all__ = ["FloatFormat", "LossScaler", "float_format", "mixed_precision_step", "round_to"]

LossScaler = torch.amp.GradScaler
"""Dynamic loss scaling, PyTorch's own: ``LossScaler("cuda", init_scale=65536.0)``."""


def _dtype(name: str) -> torch.dtype:
    names = ("float16", "bfloat16", "float32", "float64")
    if name not in names:
        raise ValueError(f"name is {name!r}, expected one of {', '.join(map(repr, names))}")
    return getattr(torch, name)


def float_format(name: str) -> FloatFormat:
    """Range and precision of a format, as `torch.finfo` reports them.

    Parameters
    ----------
    name : str
        "float16", "bfloat16", "float32" or "float64".

    Returns
    -------
    FloatFormat

    Raises
    ------
    ValueError
        If the name is not one of the four.

    Examples
    --------
    >>> float_format("bfloat16").eps, float_format("float16").largest
    (0.0078125, 65504.0)
    """
    info = torch.finfo(_dtype(name))
    digits = math.floor(-math.log10(info.eps))
    return FloatFormat(info.bits, info.eps, digits, info.max, info.smallest_normal, info.smallest_normal * info.eps)


def round_to(x: torch.Tensor, name: str) -> torch.Tensor:
    """What is left of numbers when they are stored in a format, in the dtype of ``x``.

    Parameters
    ----------
    x : torch.Tensor
    name : str
        "float16", "bfloat16", "float32" or "float64".

    Returns
    -------
    torch.Tensor
        Like ``x``.

    Raises
    ------
    ValueError
        If the name is not one of the four.

    Examples
    --------
    >>> round_to(torch.tensor([70000.0, 1e-8]), "float16").tolist()
    [inf, 0.0]
    """
    return x.to(_dtype(name)).to(x.dtype)


def mixed_precision_step(
    model: nn.Module,
    X: torch.Tensor,
    y: torch.Tensor,
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimizer: torch.optim.Optimizer,
    *,
    scaler: torch.amp.GradScaler | None = None,
    dtype: torch.dtype | None = None,
) -> float:
    """One step of training in mixed precision: forward in 16 bits, parameters and update in float32.

    Parameters
    ----------
    model : nn.Module
        With float32 parameters, on the device of ``X``.
    X, y : torch.Tensor
        One batch.
    loss : callable
        ``loss(output, target)``; the output is made float32 first.
    optimizer : torch.optim.Optimizer
    scaler : torch.amp.GradScaler, optional
        Needed for float16.
    dtype : torch.dtype, optional
        ``torch.float16`` on a GPU if there is a scaler, else ``torch.bfloat16``.

    Returns
    -------
    float
        The loss before the step.

    Raises
    ------
    ValueError
        If float16 is asked for without a scaler.

    Source: Micikevicius et al. (2018), "Mixed precision training".

    Examples
    --------
    >>> model = nn.Linear(3, 1)
    >>> sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> X, y = torch.ones(2, 3), torch.zeros(2, 1)
    >>> before = mixed_precision_step(model, X, y, nn.functional.mse_loss, sgd)
    >>> mixed_precision_step(model, X, y, nn.functional.mse_loss, sgd) < before, model.weight.dtype
    (True, torch.float32)
    """
    if dtype is None:
        dtype = torch.float16 if scaler is not None and X.is_cuda else torch.bfloat16
    if dtype == torch.float16 and scaler is None:
        raise ValueError("dtype is torch.float16 and scaler is None, expected a scaler: small gradients become 0 without it")
    optimizer.zero_grad()
    with torch.autocast(X.device.type, dtype=dtype):
        output = model(X)
    value = loss(output.float(), y)
    if scaler is None:
        value.backward()
        optimizer.step()
    else:
        scaler.scale(value).backward()
        scaler.step(optimizer)  # divides by the scale, and skips the step if something overflowed
        scaler.update()
    return value.item()
