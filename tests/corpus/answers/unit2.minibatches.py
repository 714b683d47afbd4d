# %% single: the last, smaller batch is dropped
# name: leaves out the last batch because it is not full: every row counts
import numpy as np
def minibatches(X, y, batch_size, rng):
    p = rng.permutation(len(X))
    out = []
    for k in range(len(X) // batch_size):
        rows = p[k * batch_size:(k + 1) * batch_size]
        out.append((X[rows], y[rows]))
    return out
# %% single: X and y are shuffled separately
# name: tears rows and targets apart: the one order that is drawn serves both
import numpy as np
def minibatches(X, y, batch_size, rng):
    X, y = rng.permutation(X), rng.permutation(y)
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(X), batch_size)]
# %% single: no shuffling at all
# name: does not shuffle: the rows come in the order of the table
import numpy as np
def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int, rng):
    return [(X[i:i + batch_size], y[i:i + batch_size]) for i in range(0, len(y), batch_size)]
# %% single: draws rows with repetition
# name: draws with replacement: some rows come twice and others never
import numpy as np
def minibatches(X, y, batch_size, rng):
    batches = []
    for start in range(0, len(X), batch_size):
        n = min(batch_size, len(X) - start)
        rows = rng.integers(len(X), size=n)
        batches.append((X[rows], y[rows]))
    return batches
# %% single: cuts into pieces of nearly equal size
# name: evens the batches out: each has batch_size rows, and the last one has what is left
import numpy as np
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(y))
    pieces = np.array_split(order, int(np.ceil(len(y) / batch_size)))
    return [(X[p], y[p]) for p in pieces]
# %% pair: shuffles the given arrays themselves, and separately
# name: shuffles the caller's table in place, and tears rows and targets apart
import numpy as np
def minibatches(X, y, batch_size, rng):
    rng.shuffle(X)
    rng.shuffle(y)
    return [(X[i:i + batch_size].copy(), y[i:i + batch_size].copy()) for i in range(0, len(X), batch_size)]
# %% unknown: takes the randomness from numpy's global generator instead of rng
# name: uses NumPy's global generator instead of rng: the run cannot be repeated
import numpy as np
def minibatches(X, y, batch_size, rng):
    order = np.random.permutation(len(X))
    return [(X[order[i:i + batch_size]], y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]
# %% right: sorts random keys
import numpy as np
def minibatches(X, y, batch_size, rng):
    keys = rng.random(len(X))
    left = list(np.argsort(keys))
    result = []
    while left:
        rows, left = left[:batch_size], left[batch_size:]
        result.append((np.array([X[r] for r in rows]), np.array([y[r] for r in rows])))
    return result
# %% right: shuffles copies by one index, splits at marks
import numpy as np
def minibatches(X, y, batch_size, rng):
    index = np.arange(len(y))
    rng.shuffle(index)
    marks = np.arange(batch_size, len(y), batch_size)
    return list(zip(np.split(X[index].copy(), marks), np.split(y[index].copy(), marks)))
