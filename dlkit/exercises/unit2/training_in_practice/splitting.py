"""The exercise train_val_test_split: three sets of row numbers, judged by facts that no order of draws decides."""

from __future__ import annotations

import math

import numpy as np

from dlkit.exercises.model import Exercise, Mistake, Regime, Rng


def _deal_rows(n, val_fraction, test_fraction, rng):
    n_val, n_test = (math.ceil(fraction * n - 1e-9) for fraction in (val_fraction, test_fraction))
    order = rng.permutation(n)
    return order[n_val + n_test:], order[n_test:n_test + n_val], order[:n_test]


def train_val_test_split(n, val_fraction, test_fraction, rng):
    return _deal_rows(n, val_fraction, test_fraction, rng)


def split_by_splitting(n, val_fraction, test_fraction, rng):
    rows = np.arange(n)
    rng.shuffle(rows)
    sizes = [int(np.ceil(np.round(fraction * n, 6))) for fraction in (val_fraction, test_fraction)]
    val, test, train = np.split(rows, np.cumsum(sizes))
    return sorted(train.tolist()), sorted(val.tolist()), sorted(test.tolist())


def split_by_sets(n, val_fraction, test_fraction, rng):
    left = set(range(n))
    parts = []
    for fraction in (test_fraction, val_fraction):
        size = math.ceil(round(fraction * n, 9))
        chosen = rng.choice(sorted(left), size=size, replace=False)
        left -= set(chosen.tolist())
        parts.append(chosen)
    return np.array(sorted(left)), parts[1], parts[0]


# -- mistakes --------------------------------------------------------------------------------------------------------------


def _sizes(n, *fractions):
    return [math.ceil(fraction * n - 1e-9) for fraction in fractions]


def _dealt(order, n_val, n_test):
    return order[n_val + n_test:], order[n_test:n_test + n_val], order[:n_test]


def split_in_blocks(n, val_fraction, test_fraction, rng):
    return _dealt(np.arange(n), *_sizes(n, val_fraction, test_fraction))


def split_in_blocks_from_the_end(n, val_fraction, test_fraction, rng):
    n_val, n_test = _sizes(n, val_fraction, test_fraction)
    rows = np.arange(n)
    return rows[:n - n_val - n_test], rows[n - n_val - n_test:n - n_test], rows[n - n_test:]


def split_with_own_seed(n, val_fraction, test_fraction, rng):
    return _deal_rows(n, val_fraction, test_fraction, np.random.default_rng(0))


def split_without_seed(n, val_fraction, test_fraction, rng):
    return _deal_rows(n, val_fraction, test_fraction, np.random.default_rng())


def split_by_the_global_generator(n, val_fraction, test_fraction, rng):
    return _dealt(np.random.permutation(n), *_sizes(n, val_fraction, test_fraction))


def split_overlapping(n, val_fraction, test_fraction, rng):
    n_val, n_test = _sizes(n, val_fraction, test_fraction)
    order = rng.permutation(n)
    return order[n_val + n_test:], order[:n_val], order[:n_test]


def split_with_replacement(n, val_fraction, test_fraction, rng):
    return _dealt(rng.choice(n, size=n), *_sizes(n, val_fraction, test_fraction))


def split_by_integers(n, val_fraction, test_fraction, rng):
    return _dealt(rng.integers(0, n, size=n), *_sizes(n, val_fraction, test_fraction))


def split_each_by_itself(n, val_fraction, test_fraction, rng):
    n_val, n_test = _sizes(n, val_fraction, test_fraction)
    return tuple(rng.choice(n, size=size, replace=False) for size in (n - n_val - n_test, n_val, n_test))


def split_all_rows_train(n, val_fraction, test_fraction, rng):
    train, val, test = _deal_rows(n, val_fraction, test_fraction, rng)
    return np.concatenate([train, val, test]), val, test


def split_test_first(n, val_fraction, test_fraction, rng):
    train, val, test = _deal_rows(n, val_fraction, test_fraction, rng)
    return train, test, val


def split_of_the_rest(n, val_fraction, test_fraction, rng):
    n_test = math.ceil(test_fraction * n - 1e-9)
    return _dealt(rng.permutation(n), math.ceil(val_fraction * (n - n_test) - 1e-9), n_test)


def split_rounded_down(n, val_fraction, test_fraction, rng):
    return _dealt(rng.permutation(n), int(val_fraction * n + 1e-9), int(test_fraction * n + 1e-9))


def split_rounded(n, val_fraction, test_fraction, rng):
    return _dealt(rng.permutation(n), round(val_fraction * n), round(test_fraction * n))


def split_each_rounded_down(n, val_fraction, test_fraction, rng):
    shares = 1 - val_fraction - test_fraction, val_fraction, test_fraction
    n_train, n_val, n_test = (int(share * n + 1e-9) for share in shares)
    order = rng.permutation(n)
    return order[:n_train], order[n_train:n_train + n_val], order[n_train + n_val:n_train + n_val + n_test]


def split_noise_counts(n, val_fraction, test_fraction, rng):
    return _dealt(rng.permutation(n), math.ceil(val_fraction * n), math.ceil(test_fraction * n))


def split_from_the_end(n, val_fraction, test_fraction, rng):
    n_val, n_test = _sizes(n, val_fraction, test_fraction)
    order = rng.permutation(n)
    return order[:-n_val - n_test], order[-n_val - n_test:-n_test], order[-n_test:]


def split_test_from_the_end(n, val_fraction, test_fraction, rng):
    n_val, n_test = _sizes(n, val_fraction, test_fraction)
    order = rng.permutation(n)
    return order[n_val:n - n_test], order[:n_val], order[-n_test:]


def split_val_from_the_end(n, val_fraction, test_fraction, rng):
    n_val, n_test = _sizes(n, val_fraction, test_fraction)
    order = rng.permutation(n)
    return order[n_test:-n_val], order[-n_val:], order[:n_test]


def split_counted_from_one(n, val_fraction, test_fraction, rng):
    return _dealt(1 + rng.permutation(n), *_sizes(n, val_fraction, test_fraction))


# -- what is looked at -----------------------------------------------------------------------------------------------------


def _sets(result):
    train, val, test = (np.asarray(part) for part in result)
    for name, part in (("train", train), ("val", val), ("test", test)):
        if part.ndim != 1 or (part.size and part.dtype.kind not in "iu"):
            raise ValueError(f"{name} has shape {part.shape} and type {part.dtype}, expected (rows,) of whole numbers")
    return train, val, test


def probe(answer, n, val_fraction, test_fraction, seed, mixed):
    """Three calls, two of them with the same seed, told by facts."""
    calls = [answer.later("train_val_test_split", n, val_fraction, test_fraction, Rng(s)) for s in (seed, seed, seed + 1)]
    first, again, other = (_sets(call.value) for call in calls)
    together = np.concatenate([part for part in first if part.size])
    facts = {
        "rows in train, val, test": [len(part) for part in first],
        "all are row numbers": bool(((together >= 0) & (together < n)).all()),
        "every row is somewhere": set(range(n)) <= set(together.tolist()),
        "no row twice in one set": all(len(set(part.tolist())) == len(part) for part in first),
        "no row in two sets": sum(len(set(part.tolist())) for part in first) == len(set(together.tolist())),
    }
    if mixed:  # n is about a hundred: that a shuffle leaves a block together has a chance of less than 1e-15
        test = np.sort(first[2])
        facts["the rows are shuffled"] = bool(test[-1] - test[0] > len(test) - 1)
        facts["same seed, same sets"] = all(np.array_equal(np.sort(a), np.sort(b)) for a, b in zip(first, again, strict=True))
        facts["other seed, other sets"] = not np.array_equal(np.sort(first[2]), np.sort(other[2]))
    return facts


def _hundred(rng):
    """About a hundred rows; each way of rounding gives other sizes."""
    while True:
        n, val, test = int(rng.integers(80, 120)), float(rng.choice([0.15, 0.18, 0.21])), float(rng.choice([0.24, 0.27, 0.31]))
        if all(0.05 < share * n % 1 < 0.45 for share in (val, test)):
            return n, val, test, int(rng.integers(2**31)), True


_NOISY = ((0.07, 100), (0.14, 50))


def _whole_products(rng):
    """Products that are whole on paper and a little more in floating point."""
    share, n = _NOISY[int(rng.integers(len(_NOISY)))]
    return n, share, share, int(rng.integers(2**31)), False


def _no_test_set(rng):
    n = 4 * int(rng.integers(5, 12))
    return n, 0.25, 0.0, int(rng.integers(2**31)), False


def _no_validation_set(rng):
    n = 4 * int(rng.integers(5, 12))
    return n, 0.0, 0.25, int(rng.integers(2**31)), False


TRAIN_VAL_TEST_SPLIT = Exercise(
    key="unit2.train_val_test_split",
    title="Three sets that share no row",
    reference=train_val_test_split,
    alternatives=(split_by_splitting, split_by_sets),
    probe=probe,
    regimes={"a hundred rows": _hundred, "whole products": _whole_products,
             "no test set": Regime(_no_test_set, part="an empty set"),
             "no validation set": Regime(_no_validation_set, cases=1, part="an empty set")},
    parts={"a hundred rows": 1.0, "whole products": 0.5, "an empty set": 0.5},
    mistakes=(
        Mistake("deals the rows out in their order: files are often sorted, by class for instance, so shuffle first",
                split_in_blocks, mark=1.0, also=(split_in_blocks_from_the_end,)),
        Mistake("makes a generator with a seed of its own: every rng gives the same sets, whatever the caller wanted",
                split_with_own_seed, mark=1.0),
        Mistake("does not draw from the given rng, so that the same seed gives other sets each time", split_without_seed,
                mark=1.0, also=(split_by_the_global_generator,)),
        Mistake("takes the first rows of one order for both validation and test: they overlap, and some rows are nowhere",
                split_overlapping, mark=0.5),
        Mistake("draws rows with replacement: some come twice, others never (rng.permutation deals each one once)",
                split_with_replacement, also=(split_by_integers,)),
        Mistake("draws each set by itself: they overlap, and some rows are nowhere (cut one shuffled order into three)",
                split_each_by_itself),
        Mistake("leaves the validation and test rows in the training set, too", split_all_rows_train),
        Mistake("returns the test set before the validation set: the order is train, val, test", split_test_first,
                mark=0.5),
        Mistake("takes the validation share of what the test set has left: both fractions are shares of all n rows",
                split_of_the_rest, mark=1.0),
        Mistake("rounds down or to the nearest: the sizes of validation and test set are rounded up", split_rounded_down,
                mark=1.0, also=(split_rounded,)),
        Mistake("rounds all three sizes down, so that a row falls under the table: the training set gets all that is left",
                split_each_rounded_down, mark=1.0),
        Mistake("rounds 7.000000000000001 up to 8: take floating-point noise off before rounding up", split_noise_counts,
                mark=1.5),
        Mistake("cuts from the end with a negative number: order[-0:] is everything when a set has no rows",
                split_from_the_end, mark=1.5, also=(split_test_from_the_end, split_val_from_the_end)),
        Mistake("counts the rows from 1: the first row of an array is row 0", split_counted_from_one),
    ),
    hints=("Shuffle once. What must be true of three pieces of one shuffled deck?",
           "order = rng.permutation(n), then three slices that touch. The sizes: math.ceil of the products, but 0.07 * 100 is "
           "a little more than 7.",
           "n_test = math.ceil(test_fraction * n - 1e-9), n_val alike; order[:n_test], order[n_test:n_test + n_val], "
           "and the rest."),
    minutes=8, difficulty=2, rung="implement",
)
