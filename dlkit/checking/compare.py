"""The one comparison of a result with what was expected.

Equal are: a float, a 0-d array and a list of one number; a list and a tuple; a list of numbers and the array of them.
Not equal are shapes ``(N,)`` and ``(N, 1)``: sooner or later they broadcast to ``(N, N)``, and the message says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Difference:
    """The first place where a result differs: what kind of difference, a sentence, and where in the result."""

    kind: str  # "nothing", "type", "shape", "not finite", "value"
    text: str
    where: str = ""


def compare(got: Any, expected: Any, rtol: float = 1e-9, atol: float = 1e-12, where: str = "",
            names: tuple[str, ...] = (), reveal: bool = True) -> Difference | None:
    """Where `got` first differs from `expected`, or ``None``.

    Parameters
    ----------
    rtol, atol : float
        A number may be off by ``rtol * |expected| + atol * max(|expected|)``, the maximum over the array (at least 1e-3).
    names : tuple of str
        Names of the components of a tuple result, used in messages.
    reveal : bool
        Whether the message may show expected numbers.

    Examples
    --------
    >>> compare([1.0, 2.0], np.array([1.0, 2.0])) is None
    True
    >>> compare(np.ones((3, 1)), np.ones(3)).kind
    'shape'
    """
    this = where or "the result"
    if got is None and expected is not None:
        return Difference("nothing", f"{this} is None: is there a return?", where)
    if isinstance(expected, tuple | list) and not _is_numbers(expected):
        return _compare_sequence(got, expected, rtol, atol, where, names, reveal)
    if isinstance(expected, dict):
        return _compare_dict(got, expected, rtol, atol, where, reveal)
    if isinstance(expected, tuple) and isinstance(got, tuple | list) and len(got) != len(expected):
        return Difference("shape", f"{this} has {len(got)} components, expected {len(expected)}", where)
    if expected is None:
        return None if got is None else Difference("type", f"{this} is {describe(got)}, expected None", where)
    if isinstance(expected, str):
        if isinstance(got, str) or (isinstance(got, np.generic) and got.dtype.kind == "U"):
            return None if str(got) == expected else Difference(
                "value", f"{this} is {str(got)[:80]!r}" + (f", expected {expected!r}" if reveal else ""), where)
        return Difference("type", f"{this} is {describe(got)}, expected a string", where)
    return _compare_arrays(got, expected, rtol, atol, where, names, reveal)


def _compare_sequence(got: Any, expected: Any, rtol: float, atol: float, where: str, names: tuple[str, ...],
                      reveal: bool) -> Difference | None:
    if isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    if not isinstance(got, tuple | list):
        return Difference("type", f"{where or 'the result'} is {describe(got)}, expected {len(expected)} components"
                          + (f" ({', '.join(names)})" if names else ""), where)
    if len(got) != len(expected):
        return Difference("shape", f"{where or 'the result'} has {len(got)} components, expected {len(expected)}"
                          + (f" ({', '.join(names)})" if names else ""), where)
    for i, (mine, right) in enumerate(zip(got, expected, strict=True)):
        inner = names[i] if i < len(names) else f"{where or 'component'}[{i}]" if where else f"component {i}"
        if found := compare(mine, right, rtol, atol, inner, (), reveal):
            return found
    return None


def _compare_dict(got: Any, expected: dict, rtol: float, atol: float, where: str, reveal: bool) -> Difference | None:
    if not isinstance(got, dict):
        return Difference("type", f"{where or 'the result'} is {describe(got)}, expected a dict with keys "
                          + ", ".join(map(repr, expected)), where)
    if missing := [name for name in expected if name not in got]:
        return Difference("shape", f"{where or 'the result'} lacks {', '.join(map(repr, missing))}", where)
    if extra := [name for name in got if name not in expected]:
        return Difference("shape", f"{where or 'the result'} has {', '.join(map(repr, extra))}, which nobody asked for",
                          where)
    for name in expected:
        if found := compare(got[name], expected[name], rtol, atol, str(name), (), reveal):
            return found
    return None


def _is_numbers(value: Any) -> bool:
    """Whether a list or tuple is just numbers, so that it may be compared as one array."""
    return bool(len(value)) and all(isinstance(item, bool | int | float | np.number | np.bool_) for item in value)


def as_array(value: Any) -> np.ndarray | None:
    """`value` as an array of numbers (or strings), or ``None``."""
    if isinstance(value, dict | set | str | type(None)):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biufcU" else None


def _compare_arrays(got: Any, expected: Any, rtol: float, atol: float, where: str, names: tuple[str, ...],
                    reveal: bool) -> Difference | None:
    this = where or "the result"
    right, mine = as_array(expected), as_array(got)
    if right is None:
        same = type(got) is type(expected) and got == expected
        return None if same else Difference("type", f"{this} is {describe(got)}, expected {describe(expected)}", where)
    if mine is None or (mine.dtype.kind == "U") != (right.dtype.kind == "U"):
        return Difference("type", f"{this} is {describe(got)}, expected {describe(expected)}", where)
    if mine.shape != right.shape and not (mine.shape in ((), (1,)) and right.shape in ((), (1,))):
        return Difference("shape", f"{this} has shape {mine.shape}, expected {right.shape}"
                          + _shape_advice(mine.shape, right.shape), where)
    mine, right = mine.reshape(right.shape), right
    if right.dtype.kind == "U":
        wrong = mine != right
    else:
        wrong = ~_close(mine, right, rtol, atol)
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0]) if right.ndim else ()
    a, b = mine[index], right[index]
    if names and right.ndim == 1 and index[0] < len(names):
        this, index = names[index[0]], ()
    place = f"{this}{list(index)}" if index else this
    kind = "not finite" if mine.dtype.kind in "fc" and not np.isfinite(a) else "value"
    how_many = f" ({int(wrong.sum())} of {wrong.size} numbers differ)" if wrong.size > 1 else ""
    text = f"{place} is {show(a, b)}" + (f", expected {show(b, a)}" if reveal else " and that is not right") + how_many
    return Difference(kind, text, where or (this if not index else ""))


def _close(mine: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    if right.dtype.kind == "b" or mine.dtype.kind == "b":
        return mine.astype(float) == right.astype(float)
    finite = np.isfinite(right)
    size = float(np.abs(right[finite]).max()) if finite.any() else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(mine - right) <= rtol * np.abs(right) + atol * max(size, 1e-3)
    same = (mine == right) | (np.isnan(mine) & np.isnan(right))
    return np.where(finite, near, same)


def _shape_advice(mine: tuple, right: tuple) -> str:
    if len(mine) == 2 and len(right) == 1 and mine in ((right[0], 1), (1, right[0])):
        return f": flatten it (an {mine} array broadcasts against {right} in surprising ways)"
    if len(right) == 2 and len(mine) == 1 and right in ((mine[0], 1), (1, mine[0])):
        return ": keep both axes (keepdims=True, or reshape)"
    if len(mine) == 2 and mine == right[::-1]:
        return ": it is the other way round"
    return ""


def describe(value: Any) -> str:
    """A short description of any value, for messages."""
    if isinstance(value, str):
        return f"the string {value[:40]!r}"
    array = as_array(value)
    if array is not None and array.ndim:
        return f"an array of shape {array.shape}"
    if array is not None:
        return f"the number {show(value)}"
    return repr(value) if repr(value).startswith("<a ") else f"a {type(value).__name__}"


def show(value: Any, beside: Any = None) -> str:
    """A number with six significant digits, or as many as it takes to tell it from the one beside it.

    >>> show(0.3333333333333333), show(1.00000012, 1.0)
    ('0.333333', '1.00000012')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, float):
        return repr(value)
    for digits in (6, 9, 12, 17):
        text = f"{value:.{digits}g}"
        if beside is None or text != f"{complex(beside).real:.{digits}g}":
            return text
    return text
