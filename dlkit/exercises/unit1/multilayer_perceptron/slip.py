"""The exercise find_the_slip: which weight was read in place of which, from the printed net inputs."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.multilayer_perceptron.first_pass import W15


def find_the_slip(x, W1, b1, printed):
    gap = printed - (x @ W1 + b1)
    j = int(np.argmax(np.abs(gap)))
    change = x[:, None] * (W1 - W1[:, [j]])
    distance = np.abs(change - gap[j])
    distance[:, j] = np.inf
    i, k = np.unravel_index(np.argmin(distance), distance.shape)
    return int(i), j, int(k)


def find_the_slip_by_trying(x, W1, b1, printed):
    best, found = np.inf, (0, 0, 0)
    D, H = W1.shape
    for i in range(D):
        for j in range(H):
            for k in range(H):
                if j == k:
                    continue
                tried = W1.copy()
                tried[i, j] = W1[i, k]
                distance = np.abs(x @ tried + b1 - printed).sum()
                if distance < best:
                    best, found = distance, (i, j, k)
    return found


# -- mistakes ------------------------------------------------------------------------------------------------------------


def slip_read_and_meant_swapped(x, W1, b1, printed):
    i, j, k = find_the_slip_by_trying(x, W1, b1, printed)
    return i, k, j


def slip_node_first(x, W1, b1, printed):
    i, j, k = find_the_slip_by_trying(x, W1, b1, printed)
    return j, i, k


def slip_in_names_of_nodes(x, W1, b1, printed):
    i, j, k = find_the_slip_by_trying(x, W1, b1, printed)
    return i + 1, len(x) + 1 + j, len(x) + 1 + k


def slip_counted_from_one(x, W1, b1, printed):
    i, j, k = find_the_slip_by_trying(x, W1, b1, printed)
    return i + 1, j + 1, k + 1


def slip_without_the_third(x, W1, b1, printed):
    i, j, _ = find_the_slip_by_trying(x, W1, b1, printed)
    return i, j


def slip_too_large_only(x, W1, b1, printed):
    gap = printed - (x @ W1 + b1)
    j = int(np.argmax(gap))
    distance = np.abs(x[:, None] * (W1 - W1[:, [j]]) - gap[j])
    distance[:, j] = np.inf
    i, k = np.unravel_index(np.argmin(distance), distance.shape)
    return int(i), j, int(k)


def slip_largest_printed(x, W1, b1, printed):
    j = int(np.argmax(printed))
    gap = printed[j] - (x @ W1[:, j] + b1[j])
    distance = np.abs(x[:, None] * (W1 - W1[:, [j]]) - gap)
    distance[:, j] = np.inf
    i, k = np.unravel_index(np.argmin(distance), distance.shape)
    return int(i), j, int(k)


def slip_without_inputs(x, W1, b1, printed):
    gap = printed - (x @ W1 + b1)
    j = int(np.argmax(np.abs(gap)))
    distance = np.abs(W1 - W1[:, [j]] - gap[j])
    distance[:, j] = np.inf
    i, k = np.unravel_index(np.argmin(distance), distance.shape)
    return int(i), j, int(k)


def slip_other_of_two_columns(x, W1, b1, printed):
    gap = printed - (x @ W1 + b1)
    j = int(np.argmax(np.abs(gap)))
    k = (j + 1) % 2
    return int(np.argmin(np.abs(x * (W1[:, k] - W1[:, j]) - gap[j]))), j, k


def slip_column_before(x, W1, b1, printed):
    gap = printed - (x @ W1 + b1)
    j = int(np.argmax(np.abs(gap)))
    return int(np.argmin(np.abs(x * (W1[:, j - 1] - W1[:, j]) - gap[j]))), j, j - 1


def slip_difference_turned(x, W1, b1, printed):
    gap = printed - (x @ W1 + b1)
    j = int(np.argmax(np.abs(gap)))
    distance = np.abs(x[:, None] * (W1[:, [j]] - W1) - gap[j])
    distance[:, j] = np.inf
    i, k = np.unravel_index(np.argmin(distance), distance.shape)
    return int(i), j, int(k)


def slip_exactly(x, W1, b1, printed):
    D, H = W1.shape
    for i in range(D):
        for j in range(H):
            for k in range(H):
                tried = W1.copy()
                tried[i, j] = W1[i, k]
                if j != k and np.allclose(x @ tried + b1, printed, rtol=1e-9, atol=1e-9):
                    return i, j, k
    return None


def slip_without_bias(x, W1, b1, printed):
    gap = printed - x @ W1
    j = int(np.argmax(np.abs(gap)))
    distance = np.abs(x[:, None] * (W1 - W1[:, [j]]) - gap[j])
    distance[:, j] = np.inf
    i, k = np.unravel_index(np.argmin(distance), distance.shape)
    return int(i), j, int(k)


# -- tables with one slip ------------------------------------------------------------------------------------------------

_SHORT_CUTS = (slip_too_large_only, slip_largest_printed, slip_without_inputs, slip_other_of_two_columns, slip_column_before,
               slip_difference_turned, slip_without_bias)


def _other_tables(rng):
    """A table rounded to three decimals, one sum too small; only one slip explains it, and every short cut goes elsewhere."""
    D, H = 5, 4
    while True:
        x, W1, b1 = rng.uniform(0.3, 2.0, size=D), rng.normal(size=(D, H)), rng.normal(size=H)
        i, j = int(rng.integers(D)), int(rng.integers(H))
        k = int((j + 1 + rng.integers(H - 1)) % H)
        change = x[:, None] * (W1 - W1[:, [j]])
        distance = np.abs(change - change[i, k])
        distance[i, k], distance[:, j] = np.inf, np.inf
        printed = x @ W1 + b1
        printed[j] += change[i, k]
        case = x, W1, b1, np.round(printed, 3)
        if i in (j, k) or change[i, k] > -0.2 or distance.min() < 0.02:
            continue
        told = [(i, j, k), (i, k, j), (j, i, k), *(short_cut(*case) for short_cut in _SHORT_CUTS)]
        if len(set(told)) == len(told):
            return case


FIND_THE_SLIP = Exercise(
    key="unit1.find_the_slip",
    title="Find the slip in a printed table",
    reference=find_the_slip,
    alternatives=(find_the_slip_by_trying,),
    examples=(Example(args=(*W15[:3], np.array([0.4, 1.2])), expected=(0, 1, 0), source="lecture notes, unit 1"),),
    regimes={"other tables": _other_tables},
    parts={"worked example": 1.0, "other tables": 1.0},
    returns=("input i", "node j", "column read k"),
    mistakes=(
        Mistake("swaps the weight that was read and the one that was meant: (i, j, k) names first the node j whose sum is "
                "wrong, then the column k that was read", slip_read_and_meant_swapped),
        Mistake("gives the node before the input: the order is (i, j, k)", slip_node_first),
        Mistake("gives the names of the notes (1 to 4, then 5, 6): indices into W1 are asked for, counted from 0",
                slip_in_names_of_nodes),
        Mistake("counts from 1: rows and columns of W1 count from 0", slip_counted_from_one),
        Mistake("leaves out the column that was read", slip_without_the_third),
        Mistake("only notices sums that are printed too large: compare absolute differences", slip_too_large_only, mark=1.0),
        Mistake("takes the node with the largest printed number for the wrong one: compare printed with computed",
                slip_largest_printed, mark=1.0),
        Mistake("compares weights and forgets the inputs: a misread weight counts x_i times", slip_without_inputs, mark=1.0),
        Mistake("looks only in the other one of two columns: with more hidden nodes any other column may have been read",
                slip_other_of_two_columns, mark=1.0),
        Mistake("looks only in the column before: any other column may have been read", slip_column_before, mark=1.0),
        Mistake("has the difference the wrong way round: read minus meant explains printed minus computed",
                slip_difference_turned),
        Mistake("asks for exact agreement, but printed numbers are rounded: take the closest candidate", slip_exactly,
                mark=1.0),
        Mistake("forgets the biases when it recomputes the sums", slip_without_bias, mark=1.0),
    ),
    hints=("Recompute the net inputs yourself. Which node disagrees with the table, and by how much?",
           "If W1[i, k] was read for W1[i, j], the sum of node j is off by x[i] * (W1[i, k] - W1[i, j]).",
           "j = argmax of |printed - (x @ W1 + b1)|; then take the i and k (not j) for which the formula of hint 2 comes "
           "closest to the gap: two short loops are enough."),
    minutes=7, difficulty=3, rung="debug",
)
