"""Initial weights: `torch.nn.init` with the course's layout (fan_in, fan_out) and an explicit generator.

Each function takes the shape (fan_in, fan_out) and a `torch.Generator`, and returns a new tensor in
which column j holds the weights of unit j. `dlkit.torch.layers.Dense` copies its transpose into an
`nn.Linear`. A longer shape is that of a convolution, (out_channels, in_channels, *kernel), as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import init

from dlkit.numpy.initializers import calculate_gain, fans

__all__ = [
    "calculate_gain",
    "constant",
    "fans",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "orthogonal",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]


def _filled(
    fill: Callable[..., torch.Tensor], shape: tuple[int, int], dtype: torch.dtype | None, **arguments: object
) -> torch.Tensor:
    # torch.nn.init reads the fans of a weight stored as (fan_out, fan_in), as in nn.Linear
    if len(shape) < 2:
        raise ValueError(f"shape is {tuple(shape)}, expected (fan_in, fan_out)")
    if len(shape) > 2:
        return fill(torch.empty(shape, dtype=dtype), **arguments)
    fan_in, fan_out = shape
    return fill(torch.empty(fan_out, fan_in, dtype=dtype), **arguments).T


def zeros(shape: tuple[int, int], rng: torch.Generator | None = None, *, dtype: torch.dtype | None = None) -> torch.Tensor:
    """All zeros: every unit computes the same, which is why weights never start so.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator, optional
        Not used; here so that all initialisers are called alike.
    dtype : torch.dtype, optional
        PyTorch's default dtype when not given.

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Examples
    --------
    >>> zeros((1, 2))
    tensor([[0., 0.]])
    """
    return _filled(init.zeros_, shape, dtype)


def constant(
    shape: tuple[int, int],
    rng: torch.Generator | None = None,
    *,
    value: float = 1.0,
    dtype: torch.dtype | None = None,
) -> torch.Tensor:
    """The same value everywhere.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator, optional
        Not used; here so that all initialisers are called alike.
    value : float
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Examples
    --------
    >>> constant((1, 2), value=0.5)
    tensor([[0.5000, 0.5000]])
    """
    return _filled(init.constant_, shape, dtype, val=value)


def uniform(
    shape: tuple[int, int],
    rng: torch.Generator,
    *,
    low: float = -0.5,
    high: float = 0.5,
    dtype: torch.dtype | None = None,
) -> torch.Tensor:
    """Uniform between ``low`` and ``high``.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    low, high : float
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: Lecture notes, unit 1.

    Examples
    --------
    >>> W = uniform((3, 4), torch.Generator().manual_seed(0))
    >>> tuple(W.shape), bool((W.abs() <= 0.5).all())
    ((3, 4), True)
    """
    return _filled(init.uniform_, shape, dtype, a=low, b=high, generator=rng)


def normal(
    shape: tuple[int, int],
    rng: torch.Generator,
    *,
    mean: float = 0.0,
    std: float = 0.01,
    dtype: torch.dtype | None = None,
) -> torch.Tensor:
    """Normal with the given mean and standard deviation.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    mean, std : float
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Examples
    --------
    >>> tuple(normal((3, 4), torch.Generator().manual_seed(0)).shape)
    (3, 4)
    """
    return _filled(init.normal_, shape, dtype, mean=mean, std=std, generator=rng)


def xavier_uniform(
    shape: tuple[int, ...], rng: torch.Generator, *, gain: float = 1.0, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """Uniform within ``gain sqrt(6 / (fan_in + fan_out))``: keeps the variance of sigmoid and tanh layers.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    gain : float
        Factor for the activation, see `calculate_gain`.
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks".

    Examples
    --------
    >>> bool((xavier_uniform((2, 4), torch.Generator().manual_seed(0)).abs() <= 1).all())
    True
    """
    return _filled(init.xavier_uniform_, shape, dtype, gain=gain, generator=rng)


def xavier_normal(
    shape: tuple[int, ...], rng: torch.Generator, *, gain: float = 1.0, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """Normal with variance ``gain^2 2 / (fan_in + fan_out)``.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    gain : float
        Factor for the activation, see `calculate_gain`.
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks".

    Examples
    --------
    >>> tuple(xavier_normal((3, 4), torch.Generator().manual_seed(0)).shape)
    (3, 4)
    """
    return _filled(init.xavier_normal_, shape, dtype, gain=gain, generator=rng)


def he_uniform(
    shape: tuple[int, ...], rng: torch.Generator, *, negative_slope: float = 0.0, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """Uniform within ``sqrt(6 / ((1 + slope^2) fan_in))``: keeps the mean square of ReLU layers.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    negative_slope : float
        Of a leaky ReLU; 0 for ReLU itself.
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: He et al. (2015), "Delving deep into rectifiers".

    Examples
    --------
    >>> bool((he_uniform((6, 4), torch.Generator().manual_seed(0)).abs() <= 1).all())
    True
    """
    return _filled(init.kaiming_uniform_, shape, dtype, a=negative_slope, nonlinearity="leaky_relu", generator=rng)


def he_normal(
    shape: tuple[int, ...], rng: torch.Generator, *, negative_slope: float = 0.0, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """Normal with variance ``2 / ((1 + slope^2) fan_in)``: keeps the mean square of ReLU layers.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    negative_slope : float
        Of a leaky ReLU; 0 for ReLU itself.
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: He et al. (2015), "Delving deep into rectifiers".

    Examples
    --------
    >>> tuple(he_normal((3, 4), torch.Generator().manual_seed(0)).shape)
    (3, 4)
    """
    return _filled(init.kaiming_normal_, shape, dtype, a=negative_slope, nonlinearity="leaky_relu", generator=rng)


def lecun_normal(shape: tuple[int, int], rng: torch.Generator, *, dtype: torch.dtype | None = None) -> torch.Tensor:
    """Normal with variance ``1 / fan_in``: what SELU needs. In PyTorch, He's with the gain of a linear layer.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: LeCun et al. (1998), "Efficient BackProp".

    Examples
    --------
    >>> tuple(lecun_normal((3, 4), torch.Generator().manual_seed(0)).shape)
    (3, 4)
    """
    return _filled(init.kaiming_normal_, shape, dtype, nonlinearity="linear", generator=rng)


def lecun_uniform(shape: tuple[int, ...], rng: torch.Generator, *, dtype: torch.dtype | None = None) -> torch.Tensor:
    """Uniform within ``sqrt(3 / fan_in)``, so variance ``1 / fan_in``. Three times the variance `nn.Linear` starts with.

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: LeCun et al. (1998), "Efficient BackProp".

    Examples
    --------
    >>> bool((lecun_uniform((3, 4), torch.Generator().manual_seed(0)).abs() <= 1).all())
    True
    """
    return _filled(init.kaiming_uniform_, shape, dtype, nonlinearity="linear", generator=rng)


def orthogonal(
    shape: tuple[int, ...], rng: torch.Generator, *, gain: float = 1.0, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """A random matrix with ``W^T W = gain^2 I`` (or ``W W^T``, if there are more columns than rows).

    Parameters
    ----------
    shape : (int, int)
        (fan_in, fan_out).
    rng : torch.Generator
    gain : float
        Factor for the activation, see `calculate_gain`.
    dtype : torch.dtype, optional

    Returns
    -------
    torch.Tensor
        Shape (fan_in, fan_out).

    Source: Saxe et al. (2014), "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks".

    Examples
    --------
    >>> W = orthogonal((5, 3), torch.Generator().manual_seed(0), gain=2.0, dtype=torch.float64)
    >>> torch.allclose(W.T @ W, 4 * torch.eye(3, dtype=torch.float64))
    True
    """
    return _filled(init.orthogonal_, shape, dtype, gain=gain, generator=rng)
