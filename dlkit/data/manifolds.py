"""Points along a line, a curve or a rolled sheet: data whose answer is a number."""

from __future__ import annotations

import numpy as np

from dlkit.data.dataset import Dataset
from dlkit.data.generated import check_arguments


def make_cereals(num_samples: int, rng: np.random.Generator, *, noise: float = 8.0) -> Dataset:
    """Draw cereals whose calories follow ``2.5 * sugars + 90``, plus noise.

    Parameters
    ----------
    num_samples : int
        Rows.
    rng : numpy.random.Generator
        Source of randomness.
    noise : float
        Standard deviation of the calories around the line.

    Returns
    -------
    Dataset
        X (num_samples, 1) float64 sugars in grams, from 0 to 15; y (num_samples,) float64 calories.

    Source: lecture notes, unit 1 (linear unit): the line is theirs, the points are ours.

    Examples
    --------
    >>> data = make_cereals(5, np.random.default_rng(0), noise=0.0)
    >>> bool(np.allclose(data.y, 2.5 * data.X[:, 0] + 90))
    True
    """
    check_arguments(num_samples, rng, noise=noise)
    sugars = rng.uniform(0.0, 15.0, num_samples)
    calories = 2.5 * sugars + 90.0 + noise * rng.standard_normal(num_samples)
    text = f"Calories = 2.5 * sugars + 90 with noise {noise:g}."
    return Dataset(sugars[:, None], calories, ("sugars",), ("calories",), text)


def make_swiss_roll(num_samples: int, rng: np.random.Generator, *, noise: float = 0.0) -> Dataset:
    """Draw a sheet rolled up in three dimensions: (t cos t, h, t sin t) with t in (1.5 pi, 4.5 pi).

    Parameters
    ----------
    num_samples : int
        Rows.
    rng : numpy.random.Generator
        Source of randomness.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.

    Returns
    -------
    Dataset
        X (num_samples, 3) float64; y (num_samples,) float64 = t, the position along the roll.

    Examples
    --------
    >>> data = make_swiss_roll(20, np.random.default_rng(0))
    >>> bool(np.allclose(np.hypot(data.X[:, 0], data.X[:, 2]), data.y))
    True
    """
    check_arguments(num_samples, rng, noise=noise)
    t = 1.5 * np.pi * (1.0 + 2.0 * rng.uniform(size=num_samples))
    height = rng.uniform(0.0, 21.0, num_samples)
    X = np.stack([t * np.cos(t), height, t * np.sin(t)], axis=1)
    X += noise * rng.standard_normal((num_samples, 3))
    return Dataset(X, t, ("x1", "x2", "x3"), ("position",), f"A rolled sheet with noise {noise:g}.")


def make_curve(num_samples: int, rng: np.random.Generator, *, noise: float = 0.05) -> Dataset:
    """Draw points along a parabola, (t, t^2 - 1) with t in (-1.5, 1.5): one number describes each.

    Parameters
    ----------
    num_samples : int
        Rows.
    rng : numpy.random.Generator
        Source of randomness.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.

    Returns
    -------
    Dataset
        X (num_samples, 2) float64; y (num_samples,) float64 = t, the position along the curve.

    Examples
    --------
    >>> data = make_curve(4, np.random.default_rng(0), noise=0.0)
    >>> bool(np.allclose(data.X[:, 1], data.y**2 - 1))
    True
    """
    check_arguments(num_samples, rng, noise=noise)
    t = rng.uniform(-1.5, 1.5, num_samples)
    X = np.stack([t, t**2 - 1.0], axis=1) + noise * rng.standard_normal((num_samples, 2))
    return Dataset(X, t, ("x1", "x2"), ("position",), f"A parabola with noise {noise:g}.")
