"""Mini-batches: every row once, its own target, seeded; epochs and iterations."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.batches import minibatches, steps_per_epoch

X = np.arange(34.0).reshape(17, 2)
Y = 100 + np.arange(17)


def rows(batches):
    return [y.tolist() for _, y in batches]


@pytest.mark.parametrize("size", [1, 4, 5, 16, 17, 18, None])
def test_every_row_comes_once_with_its_own_target(size):
    found = list(minibatches(X, Y, size, np.random.default_rng(3)))
    assert len(found) == steps_per_epoch(17, size)
    assert sorted(np.concatenate([y for _, y in found])) == Y.tolist()
    assert all(np.array_equal(x[:, 0], 2.0 * (y - 100)) for x, y in found)
    assert all(len(x) == min(size or 17, 17) for x, _ in found[:-1])


def test_the_generator_decides_the_order():
    first, again = (rows(minibatches(X, Y, 4, np.random.default_rng(7))) for _ in range(2))
    rng = np.random.default_rng(7)
    epochs = [rows(minibatches(X, Y, 4, rng)) for _ in range(2)]
    assert first == again == epochs[0] != epochs[1]
    assert rows(minibatches(X, Y, 4)) == [Y[i:i + 4].tolist() for i in range(0, 17, 4)]


def test_batches_that_are_not_full_can_be_left_out():
    assert [len(y) for _, y in minibatches(X, Y, 5, drop_last=True)] == [5, 5, 5]
    assert [len(y) for _, y in minibatches(X[:15], Y[:15], 5, drop_last=True)] == [5, 5, 5]
    assert steps_per_epoch(17, 5, drop_last=True) == 3 == steps_per_epoch(15, 5)


def test_batches_are_copies_with_the_dtypes_of_their_source():
    x, y = next(minibatches(X.astype(np.float32), Y, 17))
    assert x.dtype == np.float32 and y.dtype == Y.dtype
    y[:] = 0
    assert Y[0] == 100


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: minibatches(X, Y[:3], 2), ValueError, r"y has shape \(3,\) and X \(17, 2\)"),
        (lambda: minibatches(X[:0], Y[:0], 2), ValueError, "expected the same number of rows, at least 1"),
        (lambda: minibatches(X, Y, 0), ValueError, "batch_size is 0, expected at least 1, or None"),
        (lambda: minibatches(X, Y, 2, 0), TypeError, "rng has type int, expected numpy.random.Generator"),
        (lambda: steps_per_epoch(0, 1), ValueError, "num_examples is 0"),
        (lambda: steps_per_epoch(3, -1), ValueError, "batch_size is -1"),
    ],
)
def test_messages_come_at_once(call, error, message):
    with pytest.raises(error, match=message):
        call()
