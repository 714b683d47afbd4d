"""PyTorch's autograd on single numbers: the counterpart of the small engine in `dlkit.numpy.autograd`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from dlkit.torch.device import resolve_device

__all__ = ["Value", "gradients", "topological_order"]


def Value(
    data: float, *, dtype: torch.dtype = torch.float64, device: str | torch.device | None = "cpu"
) -> torch.Tensor:
    """A scalar tensor that records what is computed from it: a node without inputs.

    Parameters
    ----------
    data : float
    dtype : torch.dtype
        A floating dtype.
    device : str or torch.device, optional
        None stands for `dlkit.torch.device.default_device`.

    Returns
    -------
    torch.Tensor
        Shape (), ``requires_grad=True``; after ``result.backward()`` its ``grad`` is a tensor too. PyTorch *adds*
        to ``grad`` on every call.

    Raises
    ------
    TypeError
        If data is not a single real number.

    Source: Lecture notes, unit 2, computational graphs.

    Examples
    --------
    >>> x, y, z = Value(2.0), Value(3.0), Value(-4.0)
    >>> ((x + y) * z).backward()
    >>> x.grad.item(), y.grad.item(), z.grad.item()
    (-4.0, -4.0, 5.0)
    """
    return torch.tensor(_number("data", data), dtype=dtype, device=resolve_device(device), requires_grad=True)


def _number(name: str, x: Any) -> float:
    value = torch.as_tensor(x) if isinstance(x, (bool, int, float)) or hasattr(x, "__array__") else None
    if value is None or value.ndim or value.is_complex():
        got = type(x).__name__ if value is None else f"a tensor of shape {tuple(value.shape)}"
        raise TypeError(f"{name} is {got}, expected a single real number")
    return float(value)


def topological_order(output: torch.Tensor) -> list[Any]:
    """The nodes of the graph that autograd has recorded behind `output`, inputs first, each once.

    Parameters
    ----------
    output : torch.Tensor
        Computed from tensors that require a gradient.

    Returns
    -------
    list of autograd nodes
        ``output.grad_fn`` is the last; ``node.name()`` says what it does, and an ``AccumulateGrad`` stands for each
        input. Constants leave no trace: no gradient goes there.

    Raises
    ------
    ValueError
        If nothing was recorded.

    Examples
    --------
    >>> x = Value(2.0)
    >>> [type(node).__name__.rstrip("0") for node in topological_order((x * x).sin())]
    ['AccumulateGrad', 'MulBackward', 'SinBackward']
    """
    if output.grad_fn is None:
        raise ValueError("output has no grad_fn: nothing that it was computed from requires a gradient")
    order: list[Any] = []
    begun: set[Any] = set()
    stack = [(output.grad_fn, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in begun:
            begun.add(node)
            stack.append((node, True))
            stack.extend((source, False) for source, _ in reversed(node.next_functions) if source is not None)
    return order


def gradients(
    f: Callable[..., torch.Tensor],
    inputs: Mapping[str, float],
    *,
    dtype: torch.dtype = torch.float64,
    device: str | torch.device | None = "cpu",
) -> tuple[float, dict[str, float]]:
    """Value and gradient of a function of named numbers, through `torch.autograd.grad`.

    Parameters
    ----------
    f : callable
        ``f(**inputs)``, written with operators and methods (``x.sin()``), so that it serves
        `dlkit.numpy.autograd.gradients` as well.
    inputs : dict of str to float
    dtype : torch.dtype
    device : str or torch.device, optional
        None stands for `dlkit.torch.device.default_device`.

    Returns
    -------
    value : float
    gradient : dict of str to float
        df / d(input), under the names of ``inputs``; 0 for inputs that do not matter.

    Raises
    ------
    TypeError
        If f does not return a scalar tensor, or an input is not a number.

    Source: Lecture notes, unit 2, computational graphs.

    Examples
    --------
    >>> gradients(lambda a, b, c: (a + b) * (b - c), {"a": 2.0, "b": 3.0, "c": 1.0})
    (10.0, {'a': 2.0, 'b': 7.0, 'c': -5.0})
    """
    nodes = {name: Value(_number(name, number), dtype=dtype, device=device) for name, number in inputs.items()}
    result = f(**nodes)
    if not isinstance(result, torch.Tensor) or result.ndim:
        raise TypeError(f"f returned {type(result).__name__}, expected a scalar tensor")
    if not result.requires_grad:
        return result.item(), dict.fromkeys(nodes, 0.0)
    found = torch.autograd.grad(result, list(nodes.values()), allow_unused=True)
    return result.item(), {name: 0.0 if g is None else g.item() for name, g in zip(nodes, found, strict=True)}
