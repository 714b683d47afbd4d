"""The exercise first_wrong_line: where a printed forward and backward pass goes wrong for the first time."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake, Regime

TOLERANCE = 1e-3  # printed to four decimals; a wrong line is off by more than 0.01


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


NAMES = ("Z1", "A1", "Z2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1")


def compute_line(name, v):
    """One line from those before it."""
    if name in ("Z1", "A1", "Z2"):
        return (v["X"] @ v["W1"] + v["b1"] if name == "Z1" else sigmoid(v["Z1"]) if name == "A1" else
                v["A1"] @ v["W2"] + v["b2"])
    if name == "dZ2":
        return 2.0 * (v["Z2"] - v["Y"]) / v["Y"].size
    if name == "dA1":
        return v["dZ2"] @ v["W2"].T
    if name == "dZ1":
        return v["dA1"] * v["A1"] * (1.0 - v["A1"])
    dZ = v["dZ" + name[-1]]
    return dZ.sum(axis=0) if name.startswith("db") else (v["A1"] if name == "dW2" else v["X"]).T @ dZ


def make_table(X, Y, W1, b1, W2, b2, **slips):
    """All lines by name; a slip replaces the rule of its line, and the lines behind it use what it gave."""
    values = {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    for name in NAMES:
        values[name] = slips[name](values) if name in slips else compute_line(name, values)
    return {name: values[name] for name in NAMES}


def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    right = make_table(X, Y, W1, b1, W2, b2)
    for name in NAMES:
        if np.abs(printed[name] - right[name]).max() > TOLERANCE:
            return name
    return "none"


def first_wrong_line_from_the_line_before(X, Y, W1, b1, W2, b2, printed):
    """Each line recomputed from the printed ones before it: the first that does not follow from them."""
    values = {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    for name in NAMES:
        if not np.allclose(compute_line(name, values), printed[name], rtol=0.0, atol=4e-3):
            return name
        values[name] = np.asarray(printed[name])
    return "none"


# -- mistakes ------------------------------------------------------------------------------------------------------------


def _gaps(args, printed):
    right = make_table(*args)
    return {name: np.asarray(printed[name]) - right[name] for name in NAMES}


def _first(gaps, wrong, names=NAMES, otherwise="none"):
    return next((name for name in names if wrong(gaps[name])), otherwise)


def _far(gap):
    return np.abs(gap).max() > TOLERANCE


def line_last(*args):
    return _first(_gaps(args[:-1], args[-1]), _far, NAMES[::-1])


def line_largest_gap(*args):
    gaps = {name: np.abs(gap).max() for name, gap in _gaps(args[:-1], args[-1]).items()}
    name = max(gaps, key=lambda each: gaps[each])
    return name if gaps[name] > TOLERANCE else "none"


def line_exact(*args):
    return _first(_gaps(args[:-1], args[-1]), lambda gap: bool((gap != 0).any()))


def line_nearly_exact(*args):
    right = make_table(*args[:-1])
    return next((name for name in NAMES if not np.allclose(args[-1][name], right[name])), "none")


def line_by_sums(*args):
    return _first(_gaps(args[:-1], args[-1]), lambda gap: abs(gap.sum()) > 0.01)


def line_backward_only(*args):
    return _first(_gaps(args[:-1], args[-1]), _far, NAMES[3:])


def line_forward_only(*args):
    return _first(_gaps(args[:-1], args[-1]), _far, NAMES[:3])


def line_until_the_loss(*args):
    return _first(_gaps(args[:-1], args[-1]), _far, NAMES[:4])


def line_alphabetical(*args):
    return _first(_gaps(args[:-1], args[-1]), _far, tuple(sorted(NAMES)))


def line_coarse(*args):
    return _first(_gaps(args[:-1], args[-1]), lambda gap: np.abs(gap).max() > 0.05)


def line_coarse_mean(*args):
    return _first(_gaps(args[:-1], args[-1]), lambda gap: np.abs(gap).mean() > 0.015)


def line_too_large_only(*args):
    return _first(_gaps(args[:-1], args[-1]), lambda gap: gap.max() > TOLERANCE)


def line_first_entry(*args):
    return _first(_gaps(args[:-1], args[-1]), lambda gap: abs(gap.flat[0]) > TOLERANCE)


def _recomputed(args, **slips):
    table = make_table(*args[:-1], **slips)
    return _first({name: args[-1][name] - table[name] for name in NAMES}, _far)


def line_loss_not_averaged(*args):
    return _recomputed(args, dZ2=lambda v: 2.0 * (v["Z2"] - v["Y"]))


def line_loss_over_rows(*args):
    return _recomputed(args, dZ2=lambda v: 2.0 * (v["Z2"] - v["Y"]) / len(v["Y"]))


def line_loss_turned(*args):
    return _recomputed(args, dZ2=lambda v: 2.0 * (v["Y"] - v["Z2"]) / v["Y"].size)


def line_loss_without_two(*args):
    return _recomputed(args, dZ2=lambda v: (v["Z2"] - v["Y"]) / v["Y"].size)


def line_tanh(*args):
    return _recomputed(args, A1=lambda v: np.tanh(v["Z1"]))


def line_output_sigmoid(*args):
    return _recomputed(args, Z2=lambda v: sigmoid(v["A1"] @ v["W2"] + v["b2"]))


def line_slope_forgotten(*args):
    return _recomputed(args, dZ1=lambda v: v["dA1"])


def line_slope_of_z(*args):
    return _recomputed(args, dZ1=lambda v: v["dA1"] * v["Z1"] * (1 - v["Z1"]))


def line_bias_averaged(*args):
    return _recomputed(args, db2=lambda v: v["dZ2"].mean(axis=0), db1=lambda v: v["dZ1"].mean(axis=0))


def line_by_number(*args):
    return ([*NAMES, "none"]).index(first_wrong_line_from_the_line_before(*args))


def line_all_of_them(*args):
    gaps = _gaps(args[:-1], args[-1])
    return [name for name in NAMES if _far(gaps[name])]


def line_nothing_is_none(*args):
    found = first_wrong_line_from_the_line_before(*args)
    return None if found == "none" else found


def line_nothing_is_last(*args):
    found = first_wrong_line_from_the_line_before(*args)
    return "db1" if found == "none" else found


# -- tables --------------------------------------------------------------------------------------------------------------


def _network(rng):
    X = rng.choice([-1.0, 1.0], size=(7, 3)) * rng.uniform(0.5, 1.5, size=(7, 3))
    b1, b2 = rng.uniform(0.2, 0.6, size=5), rng.uniform(1.0, 2.0, size=2)
    W1, W2 = rng.normal(size=(3, 5)), rng.normal(size=(5, 2)) * 1.5
    Y = rng.normal(size=(7, 2)) * 2 - 3.0
    return X, Y, W1, b1, W2, b2


def _told(*case):
    """What the short cuts say of a table."""
    return [answer(*case) for answer in (
        line_last, line_largest_gap, line_backward_only, line_forward_only, line_alphabetical, line_coarse, line_coarse_mean,
        line_too_large_only, line_loss_not_averaged, line_loss_over_rows, line_loss_turned, line_loss_without_two, line_tanh,
        line_output_sigmoid, line_slope_forgotten, line_slope_of_z, line_bias_averaged, line_first_entry, line_by_sums,
        line_exact)]


def _draw(rng, slips, right, wanted):
    """A table with a slip, rounded, for which the short cuts say what is wanted."""
    while True:
        data = _network(rng)
        printed = {name: np.round(value, 4) for name, value in make_table(*data, **slips(rng, data)).items()}
        case = *data, printed
        told = _told(*case)
        if first_wrong_line(*case) == first_wrong_line_from_the_line_before(*case) == right and wanted(told):
            return case


def _inherited(rng):
    """The gradients of one output have a wrong sign, and everything behind inherits it, magnified."""
    def turned(values):
        dZ2 = compute_line("dZ2", values)
        dZ2[:, 0] = -dZ2[:, 0]
        return dZ2

    return _draw(rng, lambda rng, data: {"dZ2": turned}, "dZ2", lambda told: told == [
        "db1", told[1], "dZ2", "none", "dA1", "dZ2", "dZ2", told[7], "dZ2", "dZ2", "dZ2", "dZ2", "A1", "Z2", "dZ2", "dZ2",
        "dZ2", "dZ2", "dZ2", "Z1"] and told[1] != "dZ2")


def _forward(rng):
    """The second output forgets its bias; the largest gap is there, and no first entry shows it before dA1."""
    return _draw(rng, lambda rng, data: {"Z2": lambda v: v["A1"] @ v["W2"] + v["b2"] * [1.0, 0.0]}, "Z2", lambda told: told == [
        "db1", "Z2", "dZ2", "Z2", "Z2", "Z2", "Z2", told[7], "Z2", "Z2", "Z2", "Z2", "A1", "Z2", "Z2", "Z2", "Z2", "dA1", "Z2",
        "Z1"] and told[7] != "Z2")


def _dead_end(rng):
    """Two rows of dW2 are exchanged: its sum is right, and no other line is made from it."""
    def exchanged(values):
        return compute_line("dW2", values)[[0, 3, 2, 1, 4]]

    return _draw(rng, lambda rng, data: {"dW2": exchanged}, "dW2", lambda told: told == [
        "dW2", "dW2", "dW2", "none", "dW2", "dW2", "dW2", "dW2", "dZ2", "dZ2", "dZ2", "dZ2", "A1", "Z2", "dW2", "dW2", "dW2",
        "none", "none", "Z1"])


def _small(rng):
    """One entry of dW1 is a little too small."""
    def shifted(values):
        dW1 = compute_line("dW1", values)
        dW1[2, int(rng.integers(1, 5))] -= 0.03
        return dW1

    return _draw(rng, lambda rng, data: {"dW1": shifted}, "dW1", lambda told: told == [
        "dW1", "dW1", "dW1", "none", "dW1", "none", "none", "none", "dZ2", "dZ2", "dZ2", "dZ2", "A1", "Z2", "dZ1", "dZ1",
        "db2", "none", "dW1", "Z1"])


def _nothing(rng):
    return _draw(rng, lambda rng, data: {}, "none", lambda told: told == [
        *["none"] * 8, *["dZ2"] * 4, "A1", "Z2", "dZ1", "dZ1", "db2", "none", "none", "Z1"])


FIRST_WRONG_LINE = Exercise(
    key="unit2.first_wrong_line",
    title="Find the first wrong line",
    reference=first_wrong_line,
    alternatives=(first_wrong_line_from_the_line_before,),
    regimes={"inherited": Regime(_inherited, 2, "one slip"), "forward": Regime(_forward, 1, "one slip"),
             "dead end": Regime(_dead_end, 1, "hard to see"), "small": Regime(_small, 1, "hard to see"),
             "nothing wrong": Regime(_nothing, 1)},
    parts={"one slip": 1.0, "hard to see": 1.0, "nothing wrong": 0.5},
    mistakes=(
        Mistake("names the last wrong line: it is the first that is at fault, the others only inherit", line_last, mark=1.5),
        Mistake("names the line with the largest difference: an inherited error may have grown on its way", line_largest_gap,
                mark=1.5),
        Mistake("asks for exact agreement, but printed numbers are rounded: allow about 0.001", line_exact,
                also=(line_nearly_exact,)),
        Mistake("compares sums: two entries that have changed places do not change a sum", line_by_sums, mark=1.5),
        Mistake("begins with the backward lines: a slip can happen on the way forward", line_backward_only, mark=1.5),
        Mistake("looks at the forward lines only", line_forward_only, mark=0.5),
        Mistake("looks no further than dZ2: the lines behind it can be computed wrongly, too", line_until_the_loss, mark=1.5),
        Mistake("goes through the names in alphabetical order: the order of the work decides what can inherit from what",
                line_alphabetical, mark=1.5),
        Mistake("is too generous: rounding is off by less than 0.0001, and a single entry that is off by 0.03 is wrong",
                line_coarse, mark=1.5, also=(line_coarse_mean,)),
        Mistake("only sees numbers that are printed too large: compare absolute differences", line_too_large_only, mark=0.5),
        Mistake("looks at the first entry of each line only", line_first_entry, mark=0.5),
        Mistake("suspects dZ2 where it is right: the loss is the mean over all elements of Y, so dZ2 = 2 (Z2 - Y) / Y.size",
                line_loss_not_averaged, mark=1.0, also=(line_loss_over_rows, line_loss_turned, line_loss_without_two)),
        Mistake("suspects A1 where it is right: it is the sigmoid of Z1", line_tanh),
        Mistake("suspects Z2 where it is right: the output layer is linear", line_output_sigmoid),
        Mistake("suspects dZ1 where it is right: it is dA1 times the slope of the sigmoid, A1 (1 - A1)", line_slope_forgotten,
                mark=1.0, also=(line_slope_of_z,)),
        Mistake("suspects the biases where they are right: their gradients are sums over the examples", line_bias_averaged,
                mark=1.0),
        Mistake("gives the number of the line: its name was asked for", line_by_number),
        Mistake("lists all wrong lines: only the first one was asked for", line_all_of_them),
        Mistake("returns None when nothing is wrong: the string \"none\" was asked for", line_nothing_is_none, mark=2.0),
        Mistake("names the last line when nothing is wrong", line_nothing_is_last, mark=2.0),
    ),
    hints=("Recompute the whole table from the data. From which line on do the two disagree?",
           "Rounding is off by 0.00005 at most, a wrong line by more than 0.01 somewhere: where do you draw the line?",
           "for each name, in the order of the table: if np.abs(printed[name] - mine[name]).max() > 0.001, return the name. "
           "After the loop: \"none\"."),
    minutes=7, difficulty=3, rung="debug",
)
