"""Which device to compute on: the GPU when there is one, else the CPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

__all__ = ["available_devices", "default_device", "resolve_device", "to_tensor"]


def default_device() -> torch.device:
    """The device that training uses when none is named: CUDA when there is a GPU, else the CPU.

    Apple's MPS backend has no float64, so it is never chosen by itself; ask for it by name, with a
    float32 model.

    Returns
    -------
    torch.device

    Examples
    --------
    >>> default_device().type in ("cuda", "cpu")
    True
    """
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def available_devices() -> list[torch.device]:
    """The CPU, then the GPU when there is one: what tests and benchmarks loop over.

    Returns
    -------
    list of torch.device

    Examples
    --------
    >>> available_devices()[0]
    device(type='cpu')
    """
    cpu = torch.device("cpu")
    return [cpu, torch.device("cuda")] if torch.cuda.is_available() else [cpu]


def resolve_device(device: str | torch.device | None = None) -> torch.device:
    """Turn ``None``, a name such as ``"cuda"`` or a device into a device that exists on this machine.

    Parameters
    ----------
    device : str, torch.device or None
        ``None`` means `default_device`.

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If the name is not one PyTorch knows, or the device is not on this machine.

    Examples
    --------
    >>> resolve_device("cpu")
    device(type='cpu')
    """
    if device is None:
        return default_device()
    try:
        chosen = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"device is {device!r}, expected a name such as 'cpu' or 'cuda'") from error
    if chosen.type == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if count <= (chosen.index or 0):
            raise ValueError(f"device is {device!r}, but PyTorch sees {count} CUDA devices on this machine")
    if chosen.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError(f"device is {device!r}, but PyTorch sees no MPS device on this machine")
    return chosen


def to_tensor(
    name: str, values: Any, *, dtype: torch.dtype | None = None, device: str | torch.device | None = None
) -> torch.Tensor:
    """Make a tensor of an array, a nested list or a tensor; floating values get the dtype.

    Labels are whole numbers and must stay so; features and real targets follow the dtype of the model.
    The result shares memory with the input where that is possible, and the input is never modified.

    Parameters
    ----------
    name : str
        What the argument is called, for the error.
    values : array_like or torch.Tensor
    dtype : torch.dtype, optional
        For floating values; ``None`` keeps their own.
    device : str or torch.device, optional
        ``None`` leaves a tensor where it is and puts anything else on the CPU.

    Returns
    -------
    torch.Tensor

    Raises
    ------
    TypeError
        If the values are not numbers.

    Examples
    --------
    >>> to_tensor("X", [[1.0, 2.0]], dtype=torch.float64)
    tensor([[1., 2.]], dtype=torch.float64)
    >>> to_tensor("y", [0, 2], dtype=torch.float64)
    tensor([0, 2])
    """
    try:
        if not isinstance(values, (torch.Tensor, np.ndarray)):
            values = np.asarray(values)
        tensor = torch.as_tensor(values)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"{name} cannot be made a tensor: {error}") from error
    return tensor.to(device=device, dtype=dtype if tensor.is_floating_point() else None)
