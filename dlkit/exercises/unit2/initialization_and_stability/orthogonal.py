"""The exercise orthogonal: a random matrix that turns and stretches nothing."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.initialization_and_stability.draws import draw, same_again


def orthogonal(fan_in, fan_out, rng, gain):
    A = rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out)))
    Q, R = np.linalg.qr(A)
    Q = Q * np.sign(np.diag(R))
    return gain * (Q if fan_in >= fan_out else Q.T)


def orthogonal_by_svd(fan_in, fan_out, rng, gain):
    U, _, Vt = np.linalg.svd(rng.normal(size=(fan_in, fan_out)), full_matrices=False)
    return gain * (U @ Vt)


def orthogonal_cut_from_a_square(fan_in, fan_out, rng, gain):
    n = max(fan_in, fan_out)
    return gain * np.linalg.qr(rng.normal(size=(n, n)))[0][:fan_in, :fan_out]


def probe(answer, fan_in, fan_out, gain):
    """The public script: inner products of the columns (or of the rows, if these are fewer), and where the numbers are from."""
    W, small = draw(answer, "orthogonal", fan_in, fan_out, gain)
    W = np.asarray(W, dtype=float)
    found = {"shape": list(W.shape)}
    if W.ndim == 2 and np.isfinite(W).all():
        products = W.T @ W if W.shape[0] >= W.shape[1] else W @ W.T
        lengths = np.sqrt(np.diag(products))
        apart = np.abs(products - np.diag(np.diag(products))).max() if len(products) > 1 else 0.0
        found["lengths"] = float(lengths.mean()) if np.ptp(lengths) < 1e-9 * lengths.max() else "different"
        found["right angles"] = bool(apart < 1e-9 * max(lengths.max() ** 2, 1e-300))
        found["every entry is used"] = bool((np.abs(W) > 1e-12).all())
    found["the same generator again gives"], found["another generator gives"] = same_again(small)
    return found


# -- mistakes ------------------------------------------------------------------------------------------------------------


def orthogonal_normal(fan_in, fan_out, rng, gain):
    return gain * rng.normal(size=(fan_in, fan_out)) / np.sqrt(max(fan_in, fan_out))


def orthogonal_lengths_only(fan_in, fan_out, rng, gain):
    A = rng.normal(size=(fan_in, fan_out))
    return gain * A / np.linalg.norm(A, axis=0 if fan_in >= fan_out else 1, keepdims=True)


def orthogonal_without_gain(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, rng, 1.0)


def orthogonal_gain_squared(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, rng, gain**2)


def orthogonal_root_of_gain(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, rng, np.sqrt(gain))


def orthogonal_gain_divided(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, rng, 1 / gain)


def orthogonal_gain_before(fan_in, fan_out, rng, gain):
    A = gain * rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out)))
    Q = np.linalg.qr(A)[0]
    return Q if fan_in >= fan_out else Q.T


def orthogonal_identity(fan_in, fan_out, rng, gain):
    return gain * np.eye(fan_in, fan_out)


def orthogonal_permutation(fan_in, fan_out, rng, gain):
    n = max(fan_in, fan_out)
    return gain * np.eye(n)[rng.permutation(n)][:fan_in, :fan_out]


def orthogonal_tall_only(fan_in, fan_out, rng, gain):
    return gain * np.linalg.qr(rng.normal(size=(fan_in, fan_out)))[0]


def orthogonal_not_turned_back(fan_in, fan_out, rng, gain):
    return gain * np.linalg.qr(rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out))))[0]


def orthogonal_turned(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, rng, gain).T


def orthogonal_complete(fan_in, fan_out, rng, gain):
    return gain * np.linalg.qr(rng.normal(size=(fan_in, fan_out)), mode="complete")[0]


def orthogonal_padded(fan_in, fan_out, rng, gain):
    n = min(fan_in, fan_out)
    W = np.zeros((fan_in, fan_out))
    W[:n, :n] = gain * np.linalg.qr(rng.normal(size=(n, n)))[0]
    return W


def orthogonal_triangle(fan_in, fan_out, rng, gain):
    return gain * np.linalg.qr(rng.normal(size=(fan_in, fan_out)))[1]


def orthogonal_product(fan_in, fan_out, rng, gain):
    Q, R = np.linalg.qr(rng.normal(size=(fan_in, fan_out)))
    return gain * Q @ R


def orthogonal_made_small(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, rng, gain) / np.sqrt(fan_in)


def orthogonal_generator_of_its_own(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, np.random.default_rng(), gain)


def orthogonal_seed_of_its_own(fan_in, fan_out, rng, gain):
    return orthogonal_by_svd(fan_in, fan_out, np.random.default_rng(0), gain)


def _tall(rng):
    return int(rng.integers(17, 24)), int(rng.integers(8, 12)), float(rng.uniform(1.3, 2.0))


def _wide(rng):
    return int(rng.integers(8, 12)), int(rng.integers(17, 24)), 1.0


ORTHOGONAL = Exercise(
    key="unit2.orthogonal",
    title="Random orthogonal weights",
    reference=orthogonal,
    alternatives=(orthogonal_by_svd, orthogonal_cut_from_a_square),
    probe=probe,
    examples=(Example(args=(6, 4, 1.0), expected={
        "shape": [6, 4], "lengths": 1.0, "right angles": True, "every entry is used": True,
        "the same generator again gives": "the same numbers", "another generator gives": "other numbers"}),),
    regimes={"tall, with a gain": Regime(_tall, part="gain"), "wide": _wide},
    parts={"worked example": 0.5, "gain": 0.5, "wide": 1.0},
    mistakes=(
        Mistake("has normal numbers for weights (Q times R is the normal matrix again): their columns have equal lengths and "
                "right angles only on average", orthogonal_normal, also=(orthogonal_product,)),
        Mistake("gives the columns their length but not their right angles: np.linalg.qr does both", orthogonal_lengths_only),
        Mistake("leaves no trace of the gain: it must multiply Q, since the decomposition takes every factor out of what it is "
                "given", orthogonal_without_gain, mark=1.5, also=(orthogonal_gain_before,)),
        Mistake("multiplies by the square of the gain: it is W^T W that gets the square", orthogonal_gain_squared, mark=1.5),
        Mistake("multiplies by the root of the gain: W itself is to be stretched by the gain", orthogonal_root_of_gain,
                mark=1.5),
        Mistake("divides by the gain", orthogonal_gain_divided, mark=1.5),
        Mistake("returns ones on the diagonal: orthogonal, but no random start; every unit would copy one input",
                orthogonal_identity),
        Mistake("has zeros among its entries (a reordering, or a small square filled up): every unit should listen to every "
                "input", orthogonal_permutation, also=(orthogonal_padded,)),
        Mistake("works only for fan_in >= fan_out: for a wide matrix decompose the tall one and turn the result",
                orthogonal_tall_only, mark=1.0),
        Mistake("forgets to turn the tall matrix back: for fan_in < fan_out its transpose is wanted",
                orthogonal_not_turned_back, mark=1.0),
        Mistake("has the shape the other way round: (fan_in, fan_out), one column for each unit", orthogonal_turned),
        Mistake("returns a square matrix: mode='complete' adds columns that nobody asked for", orthogonal_complete),
        Mistake("returns R, the triangle: Q is the matrix with right angles", orthogonal_triangle),
        Mistake("divides by the root of the fan-in as well: columns of length 1 are small enough already",
                orthogonal_made_small),
        Mistake("makes numbers that come from nowhere: draw from the generator that is given, so that a run can be repeated",
                orthogonal_generator_of_its_own),
        Mistake("starts a generator with a seed of its own: every layer would get the same numbers; use the one that is given",
                orthogonal_seed_of_its_own),
    ),
    hints=("Which decomposition of a matrix gives columns of length 1 at right angles to each other?",
           "np.linalg.qr of a tall matrix gives Q with as many columns. What if the matrix is wide?",
           "Draw a tall normal matrix of shape (max, min), take Q, transpose it if fan_in < fan_out, multiply by the gain."),
    minutes=6, difficulty=3, rung="implement",
    inapplicable={"sign flipped": "minus an orthogonal matrix is orthogonal"},
)
