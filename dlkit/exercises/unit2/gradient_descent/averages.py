"""The exercise ewma: exponentially weighted moving averages with bias correction."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.numpy import averages


def ewma(x, beta, bias_correction):
    return averages.ewma(x, beta, bias_correction=bias_correction)


def ewma_by_weights(x, beta, bias_correction):
    x = np.asarray(x, dtype=float)
    t = np.arange(len(x))
    weights = np.where(t[:, None] >= t, (1 - beta) * beta ** np.maximum(t[:, None] - t, 0.0), 0.0)
    if bias_correction:
        weights /= weights.sum(axis=1, keepdims=True)
    return np.tensordot(weights, x, axes=1)


def ewma_by_list(x, beta, bias_correction):
    V, result, power = 0.0, [], 1.0
    for value in x:
        V = V + (1 - beta) * (value - V)
        power *= beta
        result.append(V / (1 - power) if bias_correction else V)
    return np.array(result)


# -- mistakes --------------------------------------------------------------------------------------------------------------


def _recursion(x, beta, start=0.0):
    V, result = start, []
    for value in x:
        V = beta * V + (1 - beta) * value
        result.append(V)
    return np.array(result)


def _corrected(V, divisors):
    return V / np.reshape(divisors, (-1,) + (1,) * (V.ndim - 1))


def _powers(x, beta, first=1):
    return beta ** np.arange(first, len(x) + first)


def ewma_swapped(x, beta, bias_correction):
    V = _recursion(x, 1 - beta)
    return _corrected(V, 1 - _powers(x, 1 - beta)) if bias_correction else V


def ewma_swapped_uncorrected(x, beta, bias_correction):
    V = _recursion(x, 1 - beta)
    return _corrected(V, 1 - _powers(x, beta)) if bias_correction else V


def ewma_from_first(x, beta, bias_correction):
    V = _recursion(x, beta, start=x[0])
    return _corrected(V, 1 - _powers(x, beta)) if bias_correction else V


def ewma_first_or_corrected(x, beta, bias_correction):
    return _corrected(_recursion(x, beta), 1 - _powers(x, beta)) if bias_correction else _recursion(x, beta, start=x[0])


def ewma_without_power(x, beta, bias_correction):
    V = _recursion(x, beta)
    return V / (1 - beta) if bias_correction else V


def ewma_power_from_zero(x, beta, bias_correction):
    V = _recursion(x, beta)
    with np.errstate(all="ignore"):
        return _corrected(V, 1 - _powers(x, beta, first=0)) if bias_correction else V


def ewma_power_from_two(x, beta, bias_correction):
    V = _recursion(x, beta)
    return _corrected(V, 1 - _powers(x, beta, first=2)) if bias_correction else V


def ewma_times_t(x, beta, bias_correction):
    V = _recursion(x, beta)
    with np.errstate(all="ignore"):
        return _corrected(V, 1 - beta * np.arange(1, len(x) + 1)) if bias_correction else V


def ewma_fed_back(x, beta, bias_correction):
    V, result = 0.0, []
    for t, value in enumerate(x, start=1):
        V = beta * V + (1 - beta) * value
        if bias_correction:
            V = V / (1 - beta**t)
        result.append(V)
    return np.array(result)


def ewma_never_corrected(x, beta, bias_correction):
    return _recursion(x, beta)


def ewma_always_corrected(x, beta, bias_correction):
    return _corrected(_recursion(x, beta), 1 - _powers(x, beta))


def ewma_without_share(x, beta, bias_correction):
    V, result = 0.0, []
    for value in x:
        V = beta * V + value
        result.append(V)
    V = np.array(result)
    return _corrected(V, 1 - _powers(x, beta)) if bias_correction else V


def ewma_multiplied(x, beta, bias_correction):
    V = _recursion(x, beta)
    return _corrected(V, 1 / (1 - _powers(x, beta))) if bias_correction else V


def ewma_lagging(x, beta, bias_correction):
    V = _recursion(np.concatenate([np.zeros_like(x[:1]), x[:-1]]), beta)
    return _corrected(V, 1 - _powers(x, beta)) if bias_correction else V


def ewma_backwards(x, beta, bias_correction):
    V = _recursion(x[::-1], beta)[::-1]
    return _corrected(V, 1 - _powers(x, beta)[::-1]) if bias_correction else V


def ewma_running_mean(x, beta, bias_correction):
    return np.cumsum(x, axis=0) / np.reshape(np.arange(1, len(x) + 1), (-1,) + (1,) * (np.ndim(x) - 1))


def ewma_last_only(x, beta, bias_correction):
    V = _recursion(x, beta)
    return V[-1] / (1 - beta ** len(x)) if bias_correction else V[-1]


def ewma_with_start(x, beta, bias_correction):
    V = ewma_always_corrected(x, beta, True) if bias_correction else _recursion(x, beta)
    return np.concatenate([np.zeros_like(V[:1]), V])


def ewma_beta_ignored(x, beta, bias_correction):
    V = _recursion(x, 0.9)
    return _corrected(V, 1 - _powers(x, 0.9)) if bias_correction else V


def ewma_in_whole_numbers(x, beta, bias_correction):
    V = np.zeros_like(x)
    previous = 0.0
    for t in range(len(x)):
        previous = beta * previous + (1 - beta) * x[t]
        V[t] = previous / (1 - beta ** (t + 1)) if bias_correction else previous
    return V


def ewma_one_number_per_step(x, beta, bias_correction):
    V = np.zeros(len(x))
    previous = 0.0
    for t in range(len(x)):
        previous = beta * previous + (1 - beta) * x[t]
        V[t] = previous / (1 - beta ** (t + 1)) if bias_correction else previous
    return V


def _both_ways(answer, x, beta):
    """The public script: the averages without the correction, then with it."""
    plain, corrected = (answer.later("ewma", x, beta, correction) for correction in (False, True))
    return plain.value, corrected.value


def _other_series(rng):
    return rng.uniform(15.0, 40.0, size=11), float(rng.choice([0.6, 0.7, 0.8]))


def _vectors(rng):
    return rng.uniform(1.0, 5.0, size=(7, 3)), 0.9


def _whole_numbers(rng):
    return rng.permutation(np.array([11, 17, 20, 26, 35])), 0.9


_W14 = np.array([43.0, 33.0, 25.5, 30.6])

EWMA = Exercise(
    key="unit2.ewma",
    title="Moving averages that forget, with and without bias correction",
    reference=ewma,
    alternatives=(ewma_by_weights, ewma_by_list),
    probe=_both_ways,
    returns=("plain averages", "corrected averages"),
    examples=(Example(args=(_W14, 0.9), expected=(np.array([4.3, 7.17, 9.003, 11.1627]),
                                                  np.array([43.0, 37.7368421053, 33.2214022140, 32.4591451003])),
                      source="lecture notes, unit 2, temperatures"),),
    regimes={"other series": _other_series, "vectors": Regime(_vectors, 1, "shapes and types"),
             "whole numbers": Regime(_whole_numbers, 1, "shapes and types", hidden=True)},
    parts={"worked example": 1.0, "other series": 1.0, "shapes and types": 1.0},
    mistakes=(
        Mistake("gives the newest value the weight beta: that is the alpha of pandas; here the past has the weight beta",
                ewma_swapped, also=(ewma_swapped_uncorrected,)),
        Mistake("starts at the first value instead of at V_0 = 0", ewma_from_first),
        Mistake("starts at the first value when it does not correct: V_0 is 0 in both cases", ewma_first_or_corrected),
        Mistake("corrects by 1 - beta at every step: the weights add up to 1 - beta^t, with a power that grows",
                ewma_without_power),
        Mistake("counts t from 0: at the first value, t is 1 (else the correction divides by 0)", ewma_power_from_zero),
        Mistake("is one step ahead in the power: at the first value, t is 1", ewma_power_from_two),
        Mistake("takes beta times t where beta to the power t belongs", ewma_times_t),
        Mistake("feeds the corrected average back into the recursion: the recursion goes on with the plain V",
                ewma_fed_back),
        Mistake("never corrects", ewma_never_corrected),
        Mistake("always corrects, whether it is asked to or not", ewma_always_corrected),
        Mistake("lets the newest value in with its full weight: (1 - beta) is missing", ewma_without_share),
        Mistake("multiplies by 1 - beta^t: the correction makes the first averages larger, so it divides", ewma_multiplied),
        Mistake("is one value late: V_t takes in x_t, not x_(t-1)", ewma_lagging),
        Mistake("runs from the last value to the first", ewma_backwards),
        Mistake("is the plain mean of all values so far: it never forgets", ewma_running_mean),
        Mistake("returns the last average only: all of them were asked for", ewma_last_only),
        Mistake("returns V_0, too: the result begins with V_1", ewma_with_start),
        Mistake("uses 0.9 whatever beta is", ewma_beta_ignored, mark=2.0),
        Mistake("keeps the averages in an array like x, which may hold whole numbers: their decimals are cut off",
                ewma_in_whole_numbers, mark=2.0),
        Mistake("has room for one number per step: x may hold a vector per step, such as a gradient",
                ewma_one_number_per_step, mark=2.0),
    ),
    hints=("Keep one running V, starting at 0, and write each V down as you go.",
           "The correction changes only what is written down: V / (1 - beta^t), with t = 1 for the first value.",
           "enumerate(x, start=1) gives t and x_t together. Append V or the corrected V to a list; np.array of it at the end."),
    minutes=8, difficulty=2, rung="implement",
)
