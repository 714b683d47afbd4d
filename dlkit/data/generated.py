"""Classes of points drawn from a formula with a random generator: the same seed gives the same points."""

from __future__ import annotations

import numpy as np

from dlkit.data.dataset import Dataset

_AXES = ("x1", "x2")


def make_blobs(
    num_samples: int,
    rng: np.random.Generator,
    *,
    centers: int | np.ndarray = 3,
    num_features: int = 2,
    std: float = 1.0,
) -> Dataset:
    """Draw round clouds of points, one per class: ``x = center[y] + std * normal``.

    Parameters
    ----------
    num_samples : int
        Rows; the classes share them as evenly as possible.
    rng : numpy.random.Generator
        Source of randomness.
    centers : int or ndarray (K, D)
        Number of classes (centres are drawn from -6 to 6), or the centres themselves.
    num_features : int
        D when the centres are drawn.
    std : float
        Spread of each cloud.

    Returns
    -------
    Dataset
        X (num_samples, D) float64, y (num_samples,) int64, in random order.

    Examples
    --------
    >>> data = make_blobs(6, np.random.default_rng(0), centers=np.array([[0.0, 0.0], [9.0, 9.0]]), std=0.0)
    >>> sorted(data.X.tolist()) == [[0.0, 0.0]] * 3 + [[9.0, 9.0]] * 3
    True
    """
    check_arguments(num_samples, rng, std=std)
    if np.ndim(centers) == 0:
        if int(centers) < 1:
            raise ValueError(f"centers is {centers}, expected at least 1")
        centers = rng.uniform(-6.0, 6.0, size=(int(centers), num_features))
    centers = np.asarray(centers, dtype=np.float64)
    if centers.ndim != 2:
        raise ValueError(f"centers has shape {centers.shape}, expected (K, D)")
    y = rng.permutation(np.arange(num_samples) % len(centers))
    X = centers[y] + std * rng.standard_normal((num_samples, centers.shape[1]))
    names = tuple(f"x{i + 1}" for i in range(centers.shape[1]))
    return Dataset(X, y, names, _classes(len(centers)), f"{len(centers)} round clouds with spread {std:g}.")


def make_moons(num_samples: int, rng: np.random.Generator, *, noise: float = 0.1) -> Dataset:
    """Draw two interleaving half circles, which no line separates.

    Parameters
    ----------
    num_samples : int
        Rows, shared evenly.
    rng : numpy.random.Generator
        Source of randomness.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.

    Returns
    -------
    Dataset
        X (num_samples, 2) float64, y (num_samples,) int64 in 0..1.

    Examples
    --------
    >>> data = make_moons(100, np.random.default_rng(0), noise=0.0)
    >>> upper = data.X[data.y == 0]
    >>> bool(np.allclose((upper**2).sum(axis=1), 1.0))
    True
    """
    check_arguments(num_samples, rng, noise=noise)
    y = rng.permutation(np.arange(num_samples) % 2)
    angle = rng.uniform(0.0, np.pi, num_samples)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    X = np.where(y[:, None] == 0, upper, lower) + noise * rng.standard_normal((num_samples, 2))
    return Dataset(X, y, _AXES, ("upper moon", "lower moon"), f"Two half moons with noise {noise:g}.")


def make_circles(
    num_samples: int, rng: np.random.Generator, *, noise: float = 0.05, factor: float = 0.5
) -> Dataset:
    """Draw a ring inside a ring: radius 1 outside (class 0), ``factor`` inside (class 1).

    Parameters
    ----------
    num_samples : int
        Rows, shared evenly.
    rng : numpy.random.Generator
        Source of randomness.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.
    factor : float
        Radius of the inner ring, between 0 and 1.

    Returns
    -------
    Dataset
        X (num_samples, 2) float64, y (num_samples,) int64 in 0..1.

    Examples
    --------
    >>> data = make_circles(10, np.random.default_rng(0), noise=0.0)
    >>> np.hypot(*data.X[data.y == 1].T).round(6).tolist()
    [0.5, 0.5, 0.5, 0.5, 0.5]
    """
    check_arguments(num_samples, rng, noise=noise)
    if not 0.0 < factor < 1.0:
        raise ValueError(f"factor is {factor}, expected a number between 0 and 1")
    y = rng.permutation(np.arange(num_samples) % 2)
    angle = rng.uniform(0.0, 2 * np.pi, num_samples)
    radius = np.where(y == 0, 1.0, factor)
    X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X += noise * rng.standard_normal((num_samples, 2))
    return Dataset(X, y, _AXES, ("outer ring", "inner ring"), f"Two rings with noise {noise:g}.")


def make_spirals(
    num_samples: int,
    rng: np.random.Generator,
    *,
    arms: int = 2,
    turns: float = 1.0,
    noise: float = 0.05,
) -> Dataset:
    """Draw spiral arms: radius t, angle 2 pi (turns t + arm / arms), t in (0.1, 1).

    Parameters
    ----------
    num_samples : int
        Rows, shared evenly.
    rng : numpy.random.Generator
        Source of randomness.
    arms : int
        Number of arms, one class each.
    turns : float
        How often an arm winds around the origin.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.

    Returns
    -------
    Dataset
        X (num_samples, 2) float64, y (num_samples,) int64 in 0..arms-1.

    Examples
    --------
    >>> np.bincount(make_spirals(9, np.random.default_rng(0), arms=3).y).tolist()
    [3, 3, 3]
    """
    check_arguments(num_samples, rng, noise=noise)
    if arms < 1:
        raise ValueError(f"arms is {arms}, expected at least 1")
    y = rng.permutation(np.arange(num_samples) % arms)
    t = rng.uniform(0.1, 1.0, num_samples)
    angle = 2 * np.pi * (turns * t + y / arms)
    X = t[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X += noise * rng.standard_normal((num_samples, 2))
    return Dataset(X, y, _AXES, _classes(arms), f"{arms} spiral arms, {turns:g} turns, noise {noise:g}.")


def make_xor(num_samples: int, rng: np.random.Generator, *, noise: float = 0.2) -> Dataset:
    """Draw clouds around the four corners of XOR: class 1 where exactly one corner coordinate is 1.

    Parameters
    ----------
    num_samples : int
        Rows, shared evenly by the corners.
    rng : numpy.random.Generator
        Source of randomness.
    noise : float
        Standard deviation around each corner. The four exact rows are ``load_gate("xor")``.

    Returns
    -------
    Dataset
        X (num_samples, 2) float64, y (num_samples,) int64 in 0..1.

    Examples
    --------
    >>> data = make_xor(8, np.random.default_rng(0), noise=0.0)
    >>> bool(((data.X[:, 0] != data.X[:, 1]) == data.y).all())
    True
    """
    check_arguments(num_samples, rng, noise=noise)
    corner = rng.permutation(np.arange(num_samples) % 4)
    X = np.stack([corner // 2, corner % 2], axis=1).astype(np.float64)
    y = (corner // 2) ^ (corner % 2)
    X += noise * rng.standard_normal((num_samples, 2))
    return Dataset(X, y, _AXES, ("same", "different"), f"Four clouds of XOR with noise {noise:g}.")


def check_arguments(num_samples: int, rng: np.random.Generator, **spreads: float) -> None:
    """Refuse a missing generator, an empty set and a negative spread, by name."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is {type(rng).__name__}, expected a generator: numpy.random.default_rng(0)")
    if num_samples < 1:
        raise ValueError(f"num_samples is {num_samples}, expected at least 1")
    for name, value in spreads.items():
        if value < 0:
            raise ValueError(f"{name} is {value}, expected a number that is not negative")


def _classes(count: int) -> tuple[str, ...]:
    return tuple(f"class {i}" for i in range(count))
