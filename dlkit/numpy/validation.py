"""Checks of arguments, with messages that name the argument, what was expected and what came.

Private helpers of :mod:`dlkit.numpy`: the other modules call them at their front door and compute afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

__all__ = ["as_float", "as_labels", "as_symmetric", "expect_choice", "expect_range", "expect_rng", "expect_shape"]


def as_float(name: str, x: object, dtype: np.dtype | None = None) -> np.ndarray:
    """Return `x` as a floating-point array, without a copy where `x` already is one.

    Parameters
    ----------
    name : str
        Name of the argument, for the error message.
    x : array_like
        Floats keep their dtype; integers and booleans become float64.
    dtype : dtype, optional
        Convert to this floating dtype instead (a target follows the dtype of the prediction).

    Returns
    -------
    ndarray
        The same object where nothing had to change: never write into it.

    Raises
    ------
    TypeError : if `x` does not hold real numbers.
    ValueError : if `x` is a ragged list.

    Examples
    --------
    >>> as_float("X", [1, 2]).dtype
    dtype('float64')
    >>> as_float("X", np.zeros(2, dtype=np.float32)).dtype
    dtype('float32')
    >>> as_float("X", ["a"])
    Traceback (most recent call last):
    TypeError: X has dtype <U1, expected real numbers
    """
    if type(x) is np.ndarray and x.dtype.kind == "f":
        array = x
    else:
        try:
            array = np.asarray(x)
        except ValueError as error:
            raise ValueError(f"{name} is ragged, expected rows of equal length ({error})") from None
        if array.dtype.kind in "iub":
            array = array.astype(np.float64 if dtype is None else dtype)
        elif array.dtype.kind != "f":
            raise TypeError(f"{name} has dtype {array.dtype}, expected real numbers")
    return array if dtype is None or array.dtype == dtype else array.astype(dtype)


def as_labels(name: str, labels: object, shape: tuple[int, ...], num_classes: int) -> np.ndarray:
    """Return class labels as integers 0, ..., `num_classes` - 1 of the given shape.

    Parameters
    ----------
    name : str
        Name of the argument, for the error message.
    labels : array_like of int
        One label per example.
    shape : tuple of int
        Expected shape, usually (N,).
    num_classes : int
        Number of classes K.

    Returns
    -------
    ndarray of int

    Raises
    ------
    TypeError : if the labels are not integers.
    ValueError : if the shape is wrong or a label is outside 0, ..., K - 1.

    Examples
    --------
    >>> as_labels("target", [0, 3], (2,), 3)
    Traceback (most recent call last):
    ValueError: target has labels from 0 to 3, expected 0 to 2 for 3 classes
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{name} has dtype {labels.dtype}, expected integer class labels")
    expect_shape(name, labels, shape)
    if labels.size and (labels.min() < 0 or labels.max() >= num_classes):
        raise ValueError(f"{name} has labels from {labels.min()} to {labels.max()}, "
                         f"expected 0 to {num_classes - 1} for {num_classes} classes")
    return labels


def as_symmetric(name: str, matrix: object) -> np.ndarray:
    """Return a symmetric square matrix as a floating-point array; a number becomes a matrix of one row.

    Parameters
    ----------
    name : str
        Name of the argument, for the error message.
    matrix : array_like

    Returns
    -------
    (D, D) ndarray
        The same object where nothing had to change: never write into it.

    Raises
    ------
    ValueError : if the matrix is empty, not square or not symmetric.

    Examples
    --------
    >>> as_symmetric("hessian", 2.0).tolist()
    [[2.0]]
    >>> as_symmetric("hessian", np.ones((2, 3)))
    Traceback (most recent call last):
    ValueError: hessian has shape (2, 3), expected a symmetric square matrix
    """
    found = np.atleast_2d(as_float(name, matrix))
    if found.ndim != 2 or found.shape[0] != found.shape[1] or found.size == 0 or not np.allclose(found, found.T):
        raise ValueError(f"{name} has shape {found.shape}, expected a symmetric square matrix")
    return found


def expect_shape(name: str, array: np.ndarray, expected: Sequence[int | None],
                 to_match: tuple[str, np.ndarray] | None = None) -> None:
    """Raise unless `array` has the expected shape; None stands for any length.

    Parameters
    ----------
    name : str
        Name of the argument, for the error message.
    array : ndarray
        The array to look at.
    expected : sequence of int or None
        Expected length of each axis.
    to_match : (str, ndarray), optional
        Name and value of the argument that the expectation comes from.

    Raises
    ------
    ValueError : if the number of axes or the length of one is not as expected.

    Examples
    --------
    >>> expect_shape("W", np.zeros((3, 4)), (5, None), to_match=("X", np.zeros((2, 5))))
    Traceback (most recent call last):
    ValueError: W has shape (3, 4), expected (5, *) to match X (2, 5)
    """
    shape = array.shape
    if shape == expected:
        return
    if len(shape) == len(expected) and all(want in (None, got) for want, got in zip(expected, shape,
    strict=True)):
        return
    wanted = ", ".join("*" if length is None else str(length) for length in expected)
    wanted += "," if len(expected) == 1 else ""
    reason = f" to match {to_match[0]} {to_match[1].shape}" if to_match else ""
    raise ValueError(f"{name} has shape {shape}, expected ({wanted}){reason}")


def expect_range(name: str, array: np.ndarray, low: float, high: float, hint: str = "") -> None:
    """Raise unless every value lies in [`low`, `high`] (NaN does not).

    Examples
    --------
    >>> expect_range("probability", np.array([0.5, 1.5]), 0, 1)
    Traceback (most recent call last):
    ValueError: probability has values from 0.5 to 1.5, expected 0 to 1
    """
    if array.size and not (array.min() >= low and array.max() <= high):
        hint = f"; {hint}" if hint else ""
        raise ValueError(f"{name} has values from {array.min():g} to {array.max():g}, "
                         f"expected {low:g} to {high:g}{hint}")


def expect_choice(name: str, value: object, choices: Collection[object]) -> None:
    """Raise unless `value` is one of `choices`.

    Examples
    --------
    >>> expect_choice("reduction", "average", ("mean", "sum", "none"))
    Traceback (most recent call last):
    ValueError: reduction is 'average', expected one of 'mean', 'sum', 'none'
    """
    if value not in choices:
        raise ValueError(f"{name} is {value!r}, expected one of {', '.join(map(repr, choices))}")


def expect_rng(rng: object) -> None:
    """Raise unless `rng` is a NumPy random generator.

    Examples
    --------
    >>> expect_rng(0)
    Traceback (most recent call last):
    TypeError: rng has type int, expected numpy.random.Generator: np.random.default_rng(seed) makes one
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng has type {type(rng).__name__}, expected numpy.random.Generator: "
                        "np.random.default_rng(seed) makes one")
