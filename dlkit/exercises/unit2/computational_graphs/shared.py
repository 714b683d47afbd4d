"""The exercise shared_weight_gradient: one weight, used at every step of a small memory."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def states_of(w, x, start):
    """All states, the start first: s_t = w s_(t-1) + x_t."""
    s = [float(start)]
    for value in x:
        s.append(w * s[-1] + value)
    return np.array(s)


def parts_and_sum(w, x, start, target):
    s = states_of(w, x, start)
    upstream = s[-1] - target
    parts = np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * s[t]
        upstream = w * upstream
    return parts, float(parts.sum())


def shared_weight_gradient(w, x, start, target):
    return parts_and_sum(w, x, start, target)


def shared_weight_gradient_by_powers(w, x, start, target):
    s = states_of(w, x, start)
    T = len(x)
    parts = [(s[T] - target) * w ** (T - 1 - t) * s[t] for t in range(T)]
    return parts, sum(parts)


def shared_weight_gradient_forwards(w, x, start, target):
    """The derivative of the state with respect to each use, carried along."""
    state, moves = float(start), np.zeros(len(x))
    for t, value in enumerate(x):
        moves = w * moves
        moves[t] = state
        state = w * state + value
    parts = (state - target) * moves
    return parts, np.sum(parts)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def last_use_only(w, x, start, target):
    parts = np.zeros(len(x))
    parts[-1] = parts_and_sum(w, x, start, target)[0][-1]
    return parts, float(parts[-1])


def total_of_the_last(w, x, start, target):
    parts, _ = parts_and_sum(w, x, start, target)
    return parts, float(parts[-1])


def total_of_the_first(w, x, start, target):
    parts, _ = parts_and_sum(w, x, start, target)
    return parts, float(parts[0])


def mean_of_the_uses(w, x, start, target):
    parts, total = parts_and_sum(w, x, start, target)
    return parts, total / len(x)


def product_of_the_uses(w, x, start, target):
    parts, _ = parts_and_sum(w, x, start, target)
    return parts, float(np.prod(parts))


def same_upstream_for_all(w, x, start, target):
    s = states_of(w, x, start)
    parts = (s[-1] - target) * s[:-1]
    return parts, float(parts.sum())


def own_state_as_error(w, x, start, target):
    s = states_of(w, x, start)
    parts = (s[1:] - target) * s[:-1]
    return parts, float(parts.sum())


def one_power_too_many(w, x, start, target):
    s = states_of(w, x, start)
    upstream = s[-1] - target
    parts = np.zeros(len(x))
    for t in reversed(range(len(x))):
        upstream = w * upstream
        parts[t] = upstream * s[t]
    return parts, float(parts.sum())


def powers_turned_round(w, x, start, target):
    s = states_of(w, x, start)
    parts = (s[-1] - target) * w ** np.arange(len(x)) * s[:-1]
    return parts, float(parts.sum())


def state_after_the_step(w, x, start, target):
    s = states_of(w, x, start)
    upstream, parts = s[-1] - target, np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * s[t + 1]
        upstream = w * upstream
    return parts, float(parts.sum())


def input_of_the_step(w, x, start, target):
    s = states_of(w, x, start)
    upstream, parts = s[-1] - target, np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * x[t]
        upstream = w * upstream
    return parts, float(parts.sum())


def target_minus_state(w, x, start, target):
    s = states_of(w, x, start)
    upstream, parts = target - s[-1], np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * s[t]
        upstream = w * upstream
    return parts, float(parts.sum())


def half_forgotten(w, x, start, target):
    s = states_of(w, x, start)
    upstream, parts = 2 * (s[-1] - target), np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * s[t]
        upstream = w * upstream
    return parts, float(parts.sum())


def gradient_of_the_state(w, x, start, target):
    s = states_of(w, x, start)
    upstream, parts = 1.0, np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * s[t]
        upstream = w * upstream
    return parts, float(parts.sum())


def starts_at_zero(w, x, start, target):
    return parts_and_sum(w, x, 0.0, target)


def last_first(w, x, start, target):
    parts, total = parts_and_sum(w, x, start, target)
    return parts[::-1], total


def whole_states(w, x, start, target):
    s = np.zeros(len(x) + 1, dtype=np.asarray(x).dtype)
    s[0] = start
    for t, value in enumerate(x):
        s[t + 1] = w * s[t] + value
    upstream, parts = s[-1] - target, np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * s[t]
        upstream = w * upstream
    return parts, float(parts.sum())


def whole_states_kept(w, x, start, target):
    """The states go on as they are; those that are kept for the way back are cut off."""
    kept, state = np.zeros_like(x), start
    for t, value in enumerate(x):
        kept[t] = state
        state = w * state + value
    upstream, parts = state - target, np.zeros(len(x))
    for t in reversed(range(len(x))):
        parts[t] = upstream * kept[t]
        upstream = w * upstream
    return parts, float(parts.sum())


def whole_parts(w, x, start, target):
    right, _ = parts_and_sum(w, x, start, target)
    parts = right.astype(np.asarray(x).dtype)
    return parts, float(parts.sum())


def divides_by_the_weight(w, x, start, target):
    s = states_of(w, x, start)
    with np.errstate(all="ignore"):
        powers = np.float64(w) ** len(x) / np.float64(w) ** np.arange(1, len(x) + 1)
        parts = (s[-1] - target) * powers * s[:-1]
    return parts, float(parts.sum())


def only_the_total(w, x, start, target):
    return parts_and_sum(w, x, start, target)[1]


# -- cases ---------------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    x = rng.uniform(0.5, 1.5, size=5) * rng.permutation([1.0, 1.0, 1.0, -1.0, 1.0])
    return float(rng.uniform(0.6, 0.9)), x, float(rng.uniform(0.5, 1.5)), float(rng.uniform(-1.0, -0.3))


def _whole_numbers(rng):
    """The first input is odd, so the second state is no whole number."""
    x = np.concatenate([rng.choice([1, 3], size=1), rng.integers(1, 5, size=3)])
    return 0.5, x, 0, int(rng.integers(-4, -1))


def _weight_of_zero(rng):
    return 0.0, rng.uniform(0.5, 1.5, size=3), 0.0, float(rng.uniform(-1.0, -0.3))


SHARED_WEIGHT_GRADIENT = Exercise(
    key="unit2.shared_weight_gradient",
    title="One weight, many uses",
    reference=shared_weight_gradient,
    alternatives=(shared_weight_gradient_by_powers, shared_weight_gradient_forwards),
    examples=(Example(args=(2.0, np.array([1.0, 0.0, 1.0]), 0.0, 3.0), expected=(np.array([0.0, 4.0, 4.0]), 8.0)),),
    regimes={"ordinary": _ordinary, "whole numbers": _whole_numbers,
             "a weight of zero": Regime(_weight_of_zero, cases=2, hidden=True)},
    parts={"worked example": 0.5, "ordinary": 1.0, "edge cases": 0.5},
    mistakes=(
        Mistake("counts the last use alone, as if the state before it did not depend on w", last_use_only),
        Mistake("returns the last part as dw: all uses add up", total_of_the_last),
        Mistake("returns the first part as dw: all uses add up", total_of_the_first),
        Mistake("averages the uses: all of them happen, so they add up", mean_of_the_uses),
        Mistake("multiplies the uses: different ways from w to E add up", product_of_the_uses),
        Mistake("hands the same gradient to every step: on its way back to an earlier state it is multiplied by w each time",
                same_upstream_for_all),
        Mistake("compares every state with the target: only the last one is in the loss", own_state_as_error),
        Mistake("multiplies by w once too often: the last state gets dE/ds as it is", one_power_too_many),
        Mistake("weakens the late uses instead of the early ones: the way back from the end is longer for early steps",
                powers_turned_round),
        Mistake("multiplies by the state after the step: w meets the state before it", state_after_the_step),
        Mistake("multiplies by the input of the step: w meets the state before it, the input is only added",
                input_of_the_step),
        Mistake("takes target minus state: the derivative of (s - target)^2 / 2 is s - target", target_minus_state),
        Mistake("forgets the one half in E: it cancels the 2 of the square", half_forgotten),
        Mistake("differentiates the last state: what is asked for is dE/dw, so it starts with s - target",
                gradient_of_the_state),
        Mistake("starts the memory at 0 instead of `start`", starts_at_zero, mark=1.0),
        Mistake("lists the parts from the last step to the first", last_first),
        Mistake("keeps the states in an array of x's own type, which is integer here, so the decimals are cut off",
                whole_states, mark=1.5, also=(whole_states_kept,)),
        Mistake("keeps the parts in an array of x's own type, which is integer here, so the decimals are cut off",
                whole_parts, mark=1.5),
        Mistake("divides by w on the way: that fails for w = 0, and going back needs multiplications only",
                divides_by_the_weight, mark=1.5),
        Mistake("returns dw alone: the part of each use is asked for too", only_the_total),
    ),
    hints=("Give each use of w a name of its own, w_1 to w_T. What is dE/dw_t, and what is dE/dw then?",
           "dE/dw_t = dE/ds_t times s_(t-1). You know dE/ds_T at once; how does dE/ds_(t-1) follow from dE/ds_t?",
           "Keep all states. Go from t = T to 1 with g = s_T - target: the part is g * s_(t-1), then g becomes w * g."),
    minutes=8, difficulty=3, rung="derive", returns=("parts", "dw"),
)
