"""Wrong answers that every exercise must reject, made from the reference: zeros, a wrong sign, float32, ...

Each is a transformation of the reference's functions. One that has nothing to transform (no array to transpose, say) is
inapplicable by itself; one that changes something and still is right must be declared so by the exercise, with a reason.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlkit.exercises.model import Exercise

STUB = "stub"
SPECIAL_CASE = "special-cases the worked example"
ALWAYS_WRONG = (STUB, "returns None", "always-equal object", "returns zeros", "returns NaN")


@dataclass
class Generic:
    """A generic wrong answer: its functions, the mark it deserves, and a note for each time it changed a result."""

    name: str
    namespace: dict[str, Any]
    mark: float
    touched: list[bool] = field(default_factory=list)


def generic_mistakes(exercise: Exercise) -> list[Generic]:
    """The generic wrong answers of an exercise."""
    found = [Generic(name, {}, 0.0) for name in (STUB, *_WHOLE, *_RESULTS, "input modified")]
    for generic in found:
        for name, function in exercise.namespace().items():
            generic.namespace[name] = _wrong(generic, function)
    if exercise.examples and not exercise.steps:
        found.append(_special_case(exercise))
    return found


def _wrong(generic: Generic, function: Any) -> Any:
    """`function`, made wrong in the way of `generic`."""
    is_class = isinstance(function, type)

    @functools.wraps(function, updated=())
    def wrong(*args: Any) -> Any:
        if generic.name == STUB:
            generic.touched.append(True)
            raise NotImplementedError("Replace this line with your answer.")
        if generic.name in _WHOLE:
            result, touched = _WHOLE[generic.name](args)
            if touched:
                generic.touched.append(True)
                return result
            return function(*args)
        result = function(*args)
        if is_class:
            return result
        if generic.name == "input modified":
            for item in args:
                if isinstance(item, np.ndarray) and item.size and item.dtype.kind in "iuf":
                    item += 1
                    generic.touched.append(True)
                    break
            return result
        return _map(_RESULTS[generic.name], result, generic.touched)

    return wrong


class AlwaysEqual:
    """Claims to be equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


_WHOLE: dict[str, Callable[[tuple], tuple[Any, bool]]] = {
    "returns None": lambda args: (None, True),
    "returns its input": lambda args: (args[0], True) if args else (None, False),
    "always-equal object": lambda args: (AlwaysEqual(), True),
}


def _wrong_shape(a: np.ndarray) -> Any:
    return a[..., None] if a.ndim else np.stack([a, a])


def _flipped(a: np.ndarray) -> Any:
    return ~a if a.dtype.kind == "b" else -a.astype(np.result_type(a, np.int8))


def _low_precision(a: np.ndarray) -> Any:
    return a.astype(np.float32).astype(a.dtype) if a.dtype.kind == "f" else a


_RESULTS: dict[str, Callable[[np.ndarray], Any]] = {
    "returns zeros": np.zeros_like,
    "wrong shape": _wrong_shape,
    "transposed": lambda a: a.T if a.ndim > 1 else a,
    "sign flipped": _flipped,
    "twice the result": lambda a: a if a.dtype.kind == "b" else 2 * a,
    "too low precision": _low_precision,
    "returns NaN": lambda a: np.full(a.shape, np.nan),
}


def _map(change: Callable[[np.ndarray], Any], value: Any, touched: list[bool]) -> Any:
    if isinstance(value, np.ndarray | np.generic | bool | int | float):
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return value
        changed = change(array)
        same = np.shape(changed) == array.shape and np.allclose(changed, array, rtol=1e-12, atol=0.0, equal_nan=True)
        if not same:
            touched.append(True)
        return changed[()] if isinstance(changed, np.ndarray) else changed
    if isinstance(value, tuple | list):
        return type(value)(_map(change, item, touched) for item in value) if type(value) in (tuple, list) else value
    if isinstance(value, dict):
        return {name: _map(change, item, touched) for name, item in value.items()}
    return value


def _special_case(exercise: Exercise) -> Generic:
    """Right everywhere but on the numbers of the worked example, where it says something else (what is printed, say)."""
    generic = Generic(SPECIAL_CASE, {}, 0.0)
    known = [_numbers_of(example.args) for example in exercise.examples]

    def special(function: Callable) -> Callable:
        @functools.wraps(function, updated=())
        def wrong(*args: Any) -> Any:
            result = function(*args)
            numbers = _numbers_of(args)
            if any(_starts_alike(numbers, example) for example in known):
                return _map(lambda a: ~a if a.dtype.kind == "b" else a + 1 if a.dtype.kind in "iu" else a * 1.001 + 1e-3,
                            result, generic.touched)
            return result

        return wrong

    for name, function in exercise.namespace().items():
        generic.namespace[name] = function if isinstance(function, type) else special(function)
    return generic


def _numbers_of(args: Any) -> np.ndarray:
    """All numbers in the arguments, flattened."""
    if isinstance(args, tuple | list):
        parts = [_numbers_of(item) for item in args]
        return np.concatenate(parts) if parts else np.zeros(0)
    if isinstance(args, dict):
        return _numbers_of(list(args.values()))
    try:
        return np.asarray(args, dtype=float).ravel()
    except (TypeError, ValueError):
        return np.zeros(0)


def _starts_alike(numbers: np.ndarray, example: np.ndarray) -> bool:
    """Whether the first argument numbers are those of an example (a probe may pass only some of them on)."""
    n = min(len(numbers), len(example))
    return (n > 0 or len(example) == 0) and bool(np.array_equal(numbers[:n], example[:n]))
