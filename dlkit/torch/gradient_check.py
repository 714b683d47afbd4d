"""Does a gradient tell the truth? Central differences on tensors, and `torch.autograd.gradcheck` with readable errors.

Worth it wherever somebody has written a backward pass by hand: a `torch.autograd.Function`, or a formula. Autograd's own
operations have been checked already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch

__all__ = ["check_gradients", "numerical_gradient", "relative_error"]


@torch.no_grad()
def numerical_gradient(f: Callable[[torch.Tensor], torch.Tensor | float], x: torch.Tensor, h: float = 1e-5) -> torch.Tensor:
    """Gradient of a scalar function by central differences, ``(f(x + h e_i) - f(x - h e_i)) / (2 h)``.

    Parameters
    ----------
    f : callable
        A tensor to a single number.
    x : torch.Tensor
        Any shape; float64 is used throughout, since float32 is too coarse for this.
    h : float
        Step to each side.

    Returns
    -------
    torch.Tensor
        float64, shape and device of ``x``.

    Raises
    ------
    ValueError
        If ``f`` does not return a single number.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> numerical_gradient(lambda x: (x ** 2).sum(), torch.tensor([1.0, 3.0])).round(decimals=6).tolist()
    [2.0, 6.0]
    """
    point = x.detach().to(torch.float64, copy=True).contiguous()
    gradient = torch.empty_like(point)
    entries, slopes = point.view(-1), gradient.view(-1)

    def value() -> float:
        result = torch.as_tensor(f(point.clone()))
        if result.numel() != 1:
            raise ValueError(f"f returned shape {tuple(result.shape)}, expected a single number")
        return result.item()

    for i in range(entries.numel()):
        middle = entries[i].item()
        entries[i] = middle + h
        above = value()
        entries[i] = middle - h
        below = value()
        entries[i] = middle
        slopes[i] = (above - below) / (2.0 * h)
    return gradient


def relative_error(a: torch.Tensor, b: torch.Tensor) -> float:
    """Distance of two tensors relative to their size, ``||a - b|| / max(||a||, ||b||)``; 0 where both vanish.

    Parameters
    ----------
    a, b : torch.Tensor
        Same shape.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> relative_error(torch.tensor([1.0]), torch.tensor([-1.0]))
    2.0
    """
    a, b = (torch.as_tensor(t, dtype=torch.float64).detach() for t in (a, b))
    if a.shape != b.shape:
        raise ValueError(f"b has shape {tuple(b.shape)}, expected {tuple(a.shape)} to match a")
    scale = max(a.norm().item(), b.norm().item())
    return (a - b).norm().item() / scale if scale else 0.0


def check_gradients(function: Callable[..., torch.Tensor], inputs: Mapping[str, torch.Tensor] | Sequence[torch.Tensor],
                    rng: torch.Generator, *, h: float = 1e-5, tolerance: float = 1e-5) -> dict[str, float]:
    """Check the backward pass of a function: by a random upstream gradient, then by `torch.autograd.gradcheck`.

    The first names the input whose gradient is wrong, and by how much; the second compares the whole Jacobian.

    Parameters
    ----------
    function : callable
        Tensors to one tensor, differentiable; a `torch.autograd.Function` is checked by its ``apply``.
    inputs : dict of str to torch.Tensor, or sequence of torch.Tensor
        Where to check; passed by position, as float64. Stay away from kinks.
    rng : torch.Generator
        A CPU generator, draws the upstream gradient.
    h : float
        Step of the central differences.
    tolerance : float
        Largest accepted `relative_error`.

    Returns
    -------
    dict of str to float
        Relative error by input name.

    Raises
    ------
    AssertionError
        If a gradient is off by more than the tolerance.

    Examples
    --------
    >>> x = torch.tensor([1.0, 3.0])
    >>> check_gradients(torch.sin, {"x": x}, torch.Generator().manual_seed(0))["x"] < 1e-8
    True
    """
    if not isinstance(inputs, Mapping):
        inputs = {f"input {i}": value for i, value in enumerate(inputs)}
    point = {name: value.detach().to(torch.float64, copy=True).requires_grad_(True) for name, value in inputs.items()}
    output = function(*point.values())
    upstream = torch.randn(output.shape, generator=rng, dtype=output.dtype).to(output.device)
    gradients = torch.autograd.grad(output, tuple(point.values()), grad_outputs=upstream, allow_unused=True)

    errors = {}
    for (name, value), gradient in zip(point.items(), gradients, strict=True):

        def weighted_output(moved: torch.Tensor, name: str = name) -> torch.Tensor:
            return (upstream * function(*{**point, name: moved}.values())).sum()

        gradient = torch.zeros_like(value) if gradient is None else gradient
        errors[name] = relative_error(gradient, numerical_gradient(weighted_output, value, h))
        if not errors[name] <= tolerance:
            raise AssertionError(f"gradient of {name} is off by a relative error of {errors[name]:.2g}, "
                                 f"more than {tolerance:g}")
    try:
        torch.autograd.gradcheck(function, tuple(point.values()), eps=h, atol=tolerance, rtol=tolerance)
    except RuntimeError as error:  # the kind of error that gradcheck raises
        raise AssertionError(f"a part of the Jacobian is wrong: {error}") from None
    return errors
