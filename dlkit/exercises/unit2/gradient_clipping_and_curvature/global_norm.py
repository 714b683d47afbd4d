"""The exercise clip_by_global_norm: one factor for all gradients of a network."""

from __future__ import annotations

import math

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads.values()))
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: factor * g for name, g in grads.items()}, float(norm)


def clip_by_global_norm_as_one_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([np.asarray(g, dtype=float).ravel() for g in grads.values()]))
    return {name: g * (max_norm / max(norm, max_norm)) for name, g in grads.items()}, norm


def clip_by_global_norm_of_norms(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads.values()])
    clipped = dict(grads)
    if norm > max_norm:
        for name in clipped:
            clipped[name] = clipped[name] / norm * max_norm
    return clipped, norm


def _length(grads):
    return float(np.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads.values())))


def _scaled(grads, norm, max_norm):
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: factor * g for name, g in grads.items()}, norm


def global_each_by_itself(grads, max_norm):
    clipped = {name: _scaled({name: g}, _length({name: g}), max_norm)[0][name] for name, g in grads.items()}
    return clipped, _length(grads)


def global_always(grads, max_norm):
    norm = _length(grads)
    factor = max_norm / norm if norm > 0 else 1.0
    return {name: factor * g for name, g in grads.items()}, norm


def global_sum_of_norms(grads, max_norm):
    return _scaled(grads, float(sum(np.linalg.norm(g) for g in grads.values())), max_norm)


def global_largest_norm(grads, max_norm):
    return _scaled(grads, float(max(np.linalg.norm(g) for g in grads.values())), max_norm)


def global_largest_entry(grads, max_norm):
    return _scaled(grads, float(max(np.abs(g).max() for g in grads.values())), max_norm)


def global_without_root(grads, max_norm):
    return _scaled(grads, _length(grads) ** 2, max_norm)


def global_without_root_right_report(grads, max_norm):
    return _scaled(grads, _length(grads) ** 2, max_norm)[0], _length(grads)


def global_by_value(grads, max_norm):
    return {name: np.clip(g, -max_norm, max_norm) for name, g in grads.items()}, _length(grads)


def global_with_epsilon(grads, max_norm):
    norm = _length(grads)
    factor = min(1.0, max_norm / (norm + 1e-6))
    return {name: factor * g for name, g in grads.items()}, norm


def global_norm_after(grads, max_norm):
    clipped, _ = _scaled(grads, _length(grads), max_norm)
    return clipped, _length(clipped)


def global_matrices_only(grads, max_norm):
    matrices = {name: g for name, g in grads.items() if np.ndim(g) > 1}
    clipped, norm = _scaled(matrices, _length(matrices), max_norm)
    return {**grads, **clipped}, norm


def global_first_only(grads, max_norm):
    clipped, norm = _scaled(grads, _length(grads), max_norm)
    first = next(iter(grads))
    return {**grads, first: clipped[first]}, norm


def global_in_place(grads, max_norm):
    norm = _length(grads)
    if norm > max_norm:
        for name in grads:
            grads[name] *= max_norm / norm
    return grads, norm


def global_root_mean_square(grads, max_norm):
    return _scaled(grads, _length(grads) / math.sqrt(sum(np.size(g) for g in grads.values())), max_norm)


def global_absolute(grads, max_norm):
    return _scaled(grads, float(sum(np.abs(g).sum() for g in grads.values())), max_norm)


def global_in_whole_numbers(grads, max_norm):
    clipped, norm = _scaled(grads, _length(grads), max_norm)
    result = {}
    for name, g in grads.items():
        result[name] = np.zeros_like(g)
        result[name][...] = clipped[name]
    return result, norm


def global_with_copies(grads, max_norm):
    norm = _length(grads)
    clipped = {name: g.copy() for name, g in grads.items()}
    if norm > max_norm:
        for g in clipped.values():
            g *= max_norm / norm
    return clipped, norm


def global_spectral(grads, max_norm):
    return _scaled(grads, float(np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads.values()))), max_norm)


def global_by_direction(grads, max_norm):
    norm = _length(grads)
    return {name: g / np.float64(norm) * min(norm, max_norm) for name, g in grads.items()}, norm


def global_division_by_zero(grads, max_norm):
    norm = _length(grads)
    factor = min(1.0, max_norm / norm)
    return {name: factor * g for name, g in grads.items()}, norm


def global_larger_factor(grads, max_norm):
    norm = _length(grads)
    factor = max(1.0, max_norm / np.float64(norm))
    return {name: factor * g for name, g in grads.items()}, norm


def global_factor_turned(grads, max_norm):
    norm = _length(grads)
    factor = min(1.0, norm / max_norm)
    return {name: factor * g for name, g in grads.items()}, norm


def _exploded(rng):
    scale = float(rng.uniform(5.0, 20.0))
    shapes = {"0.W": (5, 3), "0.b": (3,), "1.W": (3, 2), "1.b": (2,)}
    return {name: rng.uniform(0.5, 2.0, size=shape) * rng.choice([-scale, scale], size=shape)
            for name, shape in shapes.items()}, float(rng.uniform(1.2, 3.0))


def _short_enough(rng):
    return {"w": rng.uniform(0.1, 0.3, size=(1, 4)), "b": -rng.uniform(0.1, 0.3, size=3)}, float(rng.uniform(2.0, 5.0))


def _no_gradient(rng):
    return {"W": np.zeros((3, 2)), "b": np.zeros(2)}, float(rng.uniform(0.5, 2.0))


def _whole_numbers(rng):
    return {"w": rng.integers(3, 9, size=5) * 2, "b": -rng.integers(3, 9, size=2)}, 1.5


CLIP_BY_GLOBAL_NORM = Exercise(
    key="unit2.clip_by_global_norm",
    title="Clip all gradients of a network by their global norm",
    reference=clip_by_global_norm,
    alternatives=(clip_by_global_norm_as_one_vector, clip_by_global_norm_of_norms),
    examples=(Example(args=({"W": np.array([[3.0, 4.0]]), "b": np.array([12.0])}, 6.5),
                      expected=({"W": np.array([[1.5, 2.0]]), "b": np.array([6.0])}, 13.0)),),
    regimes={"exploded": _exploded, "short enough": _short_enough, "whole numbers": _whole_numbers,
             "no gradient": _no_gradient},
    parts={"worked example": 0.5, "exploded": 1.0, "short enough": 0.5, "edge cases": 1.0},
    returns=("clipped gradients", "norm"),
    mistakes=(
        Mistake("clips each array by its own norm: then the step as a whole changes its direction; one factor, from the norm "
                "of all arrays together, serves all", global_each_by_itself, mark=0.5),
        Mistake("stretches short gradients to the limit as well: the factor is at most 1", global_always, mark=2.5),
        Mistake("adds up the norms of the arrays: add up the squares and take one root", global_sum_of_norms),
        Mistake("takes the largest of the norms: all arrays together form one long vector", global_largest_norm),
        Mistake("takes the largest entry for the length", global_largest_entry),
        Mistake("forgets the root: the sum of the squares is the square of the norm", global_without_root),
        Mistake("clips by the square of the norm, though it reports the norm itself", global_without_root_right_report,
                mark=0.5),
        Mistake("cuts the entries by value: one factor for all was asked for", global_by_value, mark=0.5),
        Mistake("adds 1e-6 to the norm, as PyTorch does: here a norm of 13 clipped at 6.5 gives exactly half",
                global_with_epsilon, mark=0.5),
        Mistake("reports the norm after clipping: the norm before it tells you what happened", global_norm_after, mark=0.5),
        Mistake("leaves the biases out: every parameter counts", global_matrices_only),
        Mistake("shortens the first array only: the factor is for all of them", global_first_only, mark=0.5),
        Mistake("overwrites the caller's gradients: give new arrays back", global_in_place, mark=0.5),
        Mistake("divides by the number of entries under the root: the norm is no mean", global_root_mean_square),
        Mistake("adds up absolute values: the length is the root of the sum of the squares", global_absolute),
        Mistake("writes into arrays of whole numbers, which cannot hold a fraction", global_in_whole_numbers, mark=2.0,
                also=(global_with_copies,)),
        Mistake("takes np.linalg.norm(g, 2), which for a matrix is its largest singular value: leave the 2 out, or flatten",
                global_spectral, mark=2.0),
        Mistake("divides by the norm, which is 0 when no gradient is left: scale only what is too long", global_by_direction,
                mark=2.0, also=(global_division_by_zero,)),
        Mistake("takes the larger of 1 and limit / norm: the factor is the smaller one", global_larger_factor),
        Mistake("has the factor the wrong way round: it is limit / norm", global_factor_turned),
    ),
    hints=("Think of all entries of all arrays in one long row. How long is that vector?",
           "Add the squares of all arrays, then take one root. When does anything have to change?",
           "If norm > max_norm, the factor is max_norm / norm, else 1. Build a new dict with factor * gradient, and return it "
           "with the norm that you found."),
    minutes=8, difficulty=2, rung="implement",
)
