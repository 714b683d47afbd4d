"""The exercise accepts_backward: the student writes the test, and it must tell right backward passes from wrong ones."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake, Regime
from dlkit.exercises.unit2.backpropagation import dense

MOST_CASES = 12

# -- the backward passes that are tried: what is said of them, the function, whether it is right ---------------------------


def _changed(dX=None, dW=None, db=None):
    """The right backward pass with one of its three results replaced by a function of (dZ, X, W)."""
    def backward(dZ, X, W):
        right = dense.dense_backward(dZ, X, W)
        return tuple(value if change is None else change(dZ, X, W)
                     for value, change in zip(right, (dX, dW, db), strict=True))

    return backward


def _backwards_sum(dZ, X, W):
    """Right, with the sums taken in another order, so that the last digits differ."""
    dX, dW, db = dense.dense_backward_row_by_row(dZ[::-1], X[::-1], W)
    return dX[::-1], dW, db


def _noisy(dZ, X, W):
    return tuple(value * (1 + 1e-12) for value in dense.dense_backward(dZ, X, W))


def _not_a_number(dZ, X, W):
    return np.full(X.shape, np.nan)


RIGHT = (("is right", dense.dense_backward), ("is right and sums in another order", _backwards_sum),
         ("is right and differs by rounding only", _noisy))
SUMS_AND_SHAPES = (
    ("averages db over the examples", dense.dense_bias_averaged),
    ("averages dW over the examples", dense.dense_weights_averaged),
    ("averages dW and db over the examples", dense.dense_both_averaged),
    ("takes db from the first example", dense.dense_bias_first_row),
    ("forgets the last example in dW", _changed(dW=lambda dZ, X, W: X[:-1].T @ dZ[:-1] if len(X) > 1 else X.T @ dZ)),
    ("returns db with shape (1, M)", dense.dense_bias_keeps_axis),
    ("returns dW turned round", dense.dense_dw_turned),
    ("uses W for dX without turning it round", dense.dense_w_not_turned),
    ("returns dW before dX", dense.dense_order),
)
VALUES = (
    ("forgets the upstream gradient in dX", dense.dense_dx_local),
    ("forgets the upstream gradient in dW", dense.dense_dw_local),
    ("blocks negative upstream gradients", lambda dZ, X, W: dense.dense_backward(np.maximum(dZ, 0.0), X, W)),
    ("takes the absolute values of W", lambda dZ, X, W: dense.dense_backward(dZ, X, np.abs(W))),
    ("takes the absolute values of X", lambda dZ, X, W: dense.dense_backward(dZ, np.abs(X), W)),
    ("is off by a thousandth in dW", _changed(dW=lambda dZ, X, W: 1.001 * (X.T @ dZ))),
    ("has a wrong number in db, one too small", _changed(db=lambda dZ, X, W: dZ.sum(axis=0) - np.eye(W.shape[1])[0])),
    ("returns zeros for dX", _changed(dX=lambda dZ, X, W: np.zeros(X.shape))),
    ("returns dX with two columns exchanged", _changed(dX=lambda dZ, X, W: np.roll(dZ @ W.T, 1, axis=1))),
    ("returns NaN for dX", _changed(dX=_not_a_number)),
)
GROUPS = {"sums and shapes": RIGHT + SUMS_AND_SHAPES, "values": RIGHT + VALUES}


def try_backward_passes(answer, group, seed):
    """Which of a group's backward passes the student's test accepts; they are tried in a secret order."""
    cases = answer.backward_cases()
    if not isinstance(cases, list | tuple) or not 1 <= len(cases) <= MOST_CASES:
        raise TypeError(f"backward_cases should return a list of 1 to {MOST_CASES} tuples (dZ, X, W)")
    cases = [tuple(np.array(item, dtype=float) for item in case) for case in cases]
    if any(len(case) != 3 or max(item.size for item in case) > 10_000 for case in cases):
        raise TypeError("each of the backward_cases should be a tuple (dZ, X, W) of small arrays")
    if not all(_fit(*case) for case in cases):
        raise TypeError("the shapes of dZ, X and W in backward_cases should be (n, outputs), (n, inputs), (inputs, outputs)")
    candidates = GROUPS[group]
    accepted = [True] * len(candidates)
    for case in cases:
        calls = {number: _tried(answer, candidates[number][1], case)
                 for number in np.random.default_rng(seed).permutation(len(candidates)) if accepted[number]}  # fmt: skip
        for number, call in calls.items():
            accepted[number] = _accepted(call, must_run=number < len(RIGHT))
    return accepted


def _fit(dZ, X, W):
    return dZ.ndim == X.ndim == W.ndim == 2 and X.shape == (len(dZ), len(W)) and dZ.shape[1] == W.shape[1]


def _tried(answer, backward, case):
    """A call of the student's test on what a backward pass gives, or ``None`` if that gives nothing."""
    try:
        output = backward(*(item.copy() for item in case))
    except (ValueError, IndexError):  # a wrong pass whose shapes do not fit
        return None
    return answer.later("accepts_backward", case, output)


def _accepted(call, must_run):
    if call is None:  # found out
        return False
    try:
        verdict = call.value
    except Exception:  # a test that stumbles over a wrong result has found it out, too
        if must_run:
            raise
        return False
    if not isinstance(verdict, bool | np.bool_):
        raise TypeError(f"accepts_backward returned a {type(verdict).__name__}, expected True or False")
    return bool(verdict)


def what_is_wrong(args, accepted):
    group = args[0]
    if not isinstance(accepted, list | tuple) or len(accepted) != len(GROUPS[group]):
        return "the test gave no verdict"
    wrong = [(f"it rejects a backward pass that {says}" if number < len(RIGHT) else
              f"it accepts a backward pass that {says}")
             for number, (says, _) in enumerate(GROUPS[group]) if bool(accepted[number]) != (number < len(RIGHT))]
    if not wrong:
        return None
    return f"your test misjudges {len(wrong)} of {len(accepted)}: {wrong[0]}"


# -- right tests ---------------------------------------------------------------------------------------------------------


def backward_cases():
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(7, 3)), rng.normal(size=(7, 5)), rng.normal(size=(5, 3)))]


def accepts_backward(args, output):
    dZ, X, W = args
    return all(np.shape(mine) == right.shape and np.allclose(mine, right, rtol=1e-8, atol=1e-8)
               for mine, right in zip(output, (dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)), strict=True))


def accepts_by_differences(args, output):
    """With a numerical gradient of the weighted output, and no formula at all."""
    dZ, X, W = args
    point = [X, W, np.zeros(W.shape[1])]
    for number, claimed in enumerate(output):
        if np.shape(claimed) != point[number].shape:
            return False
        measured = np.zeros(point[number].shape)
        for i in np.ndindex(measured.shape):
            sides = []
            for h in (0.5, -0.5):
                moved = [array.copy() for array in point]
                moved[number][i] += h
                sides.append((dZ * (moved[0] @ moved[1] + moved[2])).sum())
            measured[i] = sides[0] - sides[1]
        if not np.linalg.norm(claimed - measured) <= 1e-7 * np.linalg.norm(measured):
            return False
    return True


def several_small_cases():
    rng = np.random.default_rng(8)
    return [(rng.normal(size=(n, m)), rng.normal(size=(n, k)), rng.normal(size=(k, m)))
            for n, k, m in ((2, 3, 2), (3, 2, 5), (4, 4, 4))]


# -- tests that miss something -------------------------------------------------------------------------------------------


def _ordinary_cases():
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(7, 3)), rng.normal(size=(7, 5)), rng.normal(size=(5, 3)))]


def _right(args):
    dZ, X, W = args
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


def one_example_only():
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(1, 3)), rng.normal(size=(1, 5)), rng.normal(size=(5, 3)))]


def square_cases_with_symmetric_weights():
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(7, 3)), rng.normal(size=(7, 3)), np.eye(3) + 1.0)]


def upstream_of_ones():
    return [(np.ones_like(dZ), X, W) for dZ, X, W in _ordinary_cases()]


def positive_upstream():
    return [(np.abs(dZ) + 0.1, X, W) for dZ, X, W in _ordinary_cases()]


def positive_weights():
    return [(dZ, X, np.abs(W) + 0.1) for dZ, X, W in _ordinary_cases()]


def positive_inputs():
    return [(dZ, np.abs(X) + 0.1, W) for dZ, X, W in _ordinary_cases()]


def everything_positive():
    return [tuple(np.abs(item) + 0.1 for item in case) for case in _ordinary_cases()]


def everything_zero():
    return [tuple(np.zeros_like(item) for item in case) for case in _ordinary_cases()]


def accepts_roughly(args, output):
    return all(np.shape(mine) == right.shape and np.allclose(mine, right, rtol=0.01, atol=0.01)
               for mine, right in zip(output, _right(args), strict=True))


def accepts_identical(args, output):
    return all(np.array_equal(mine, right) for mine, right in zip(output, _right(args), strict=True))


def accepts_shapes(args, output):
    return all(np.shape(mine) == right.shape for mine, right in zip(output, _right(args), strict=True))


def accepts_parameters_only(args, output):
    return all(np.shape(mine) == right.shape and np.allclose(mine, right)
               for mine, right in zip(output[1:], _right(args)[1:], strict=True))


def accepts_without_bias(args, output):
    return all(np.shape(mine) == right.shape and np.allclose(mine, right)
               for mine, right in zip(output[:2], _right(args)[:2], strict=True))


def accepts_broadcast(args, output):
    return all(np.allclose(mine, right) for mine, right in zip(output, _right(args), strict=True))


def accepts_not_a_number(args, output):
    return not any(np.shape(mine) != right.shape or (np.abs(mine - right) > 1e-8).any()
                   for mine, right in zip(output, _right(args), strict=True))


def accepts_sums(args, output):
    return all(np.shape(mine) == right.shape and np.isclose(np.sum(mine), right.sum())
               for mine, right in zip(output, _right(args), strict=True))


def accepts_if_any(args, output):
    return any(np.shape(mine) == right.shape and np.allclose(mine, right)
               for mine, right in zip(output, _right(args), strict=True))


def accepts_too_small(args, output):
    return all(np.shape(mine) == right.shape and bool((np.asarray(mine) - right < 1e-8).all())
               for mine, right in zip(output, _right(args), strict=True))


def accepts_everything(args, output):
    return True


def accepts_nothing(args, output):
    return False


def accepts_the_wrong_ones(args, output):
    return not accepts_by_differences(args, output)


def accepts_an_average(args, output):
    dX, dW, db = _right(args)
    return all(np.shape(mine) == right.shape and np.allclose(mine, right)
               for mine, right in zip(output, (dX, dW / len(args[0]), db / len(args[0])), strict=True))


def _group(name):
    return lambda rng: (name, int(rng.integers(2**31)))


ACCEPTS_BACKWARD = Exercise(
    key="unit2.accepts_backward",
    title="Write the test",
    reference={"backward_cases": backward_cases, "accepts_backward": accepts_backward},
    alternatives=({"accepts_backward": accepts_by_differences}, {"backward_cases": several_small_cases}),
    probe=try_backward_passes,
    accepts=what_is_wrong,
    regimes={name: Regime(_group(name), 1) for name in GROUPS},
    parts={"sums and shapes": 1.0, "values": 1.0},
    mistakes=(
        Mistake("tries one example only: with N = 1 a mean is a sum, and the first row is all there is; take several rows",
                {"backward_cases": one_example_only}, mark=1.0),
        Mistake("tries a symmetric W only, for which W and W.T are the same: take a random W, and sizes that all differ",
                {"backward_cases": square_cases_with_symmetric_weights}),
        Mistake("takes ones as upstream gradient, which hides all that is wrong about it: take random numbers",
                {"backward_cases": upstream_of_ones}, mark=1.0),
        Mistake("takes positive upstream gradients only: some should be negative", {"backward_cases": positive_upstream},
                mark=1.0),
        Mistake("takes positive weights only: some should be negative", {"backward_cases": positive_weights}, mark=1.0),
        Mistake("takes positive inputs only: some should be negative", {"backward_cases": positive_inputs}, mark=1.0),
        Mistake("takes positive numbers throughout: some should be negative", {"backward_cases": everything_positive},
                mark=1.0),
        Mistake("tries zeros: every wrong backward pass is right there", {"backward_cases": everything_zero}),
        Mistake("is too generous: a factor of 1.001 is no rounding error; float64 leaves about 1e-12",
                {"accepts_backward": accepts_roughly}, mark=1.0),
        Mistake("asks for identical numbers: right ones may differ in the last digit, because sums can be taken in any order",
                {"accepts_backward": accepts_identical}),
        Mistake("compares shapes only", {"accepts_backward": accepts_shapes}),
        Mistake("does not look at dX", {"accepts_backward": accepts_parameters_only}, mark=1.0),
        Mistake("does not look at db", {"accepts_backward": accepts_without_bias}),
        Mistake("lets NumPy stretch arrays: (1, M) and (M,) look alike to allclose, so compare the shapes first",
                {"accepts_backward": accepts_broadcast}, mark=1.0),
        Mistake("lets NaN pass: every comparison with NaN is False, also \"> tolerance\"; ask for \"<= tolerance\"",
                {"accepts_backward": accepts_not_a_number}, mark=1.0),
        Mistake("compares sums: numbers that have changed places do not change a sum", {"accepts_backward": accepts_sums},
                mark=1.0),
        Mistake("accepts if any of the three is right: all of them must be", {"accepts_backward": accepts_if_any}),
        Mistake("only sees numbers that are too large: compare absolute differences", {"accepts_backward": accepts_too_small},
                mark=1.0),
        Mistake("accepts everything", {"accepts_backward": accepts_everything}),
        Mistake("accepts nothing, the right ones neither", {"accepts_backward": accepts_nothing}),
        Mistake("has the verdict turned round: True means that the output is right",
                {"accepts_backward": accepts_the_wrong_ones}),
        Mistake("takes averages over the examples for right: the gradients of W and b are sums",
                {"accepts_backward": accepts_an_average}),
    ),
    hints=("Which wrong backward pass would pass your cases by accident? With one example? With ones as upstream gradient?",
           "Cases: random dZ, X and W with both signs, several rows, sizes that all differ. Output: three arrays; look at "
           "their shapes before their numbers.",
           "Compare with dZ @ W.T, X.T @ dZ and dZ.sum(axis=0), or with a numerical gradient: same shape, and np.allclose with "
           "a small tolerance. np.allclose never takes NaN for right."),
    minutes=8, difficulty=3, rung="test",
    inapplicable={"twice the result": "cases with numbers twice as large are as good",
                  "too low precision": "cases with rounded numbers are as good"},
)
