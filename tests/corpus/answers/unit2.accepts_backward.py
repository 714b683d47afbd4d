# %% single: upstream gradients of ones
# name: takes ones as upstream gradient, which hides all that is wrong about it: take random numbers
import numpy as np
def backward_cases():
    rng = np.random.default_rng(0)
    cases = []
    for n, d, m in [(3, 5, 2), (7, 2, 4), (1, 3, 3)]:
        cases.append((np.ones((n, m)), rng.normal(size=(n, d)), rng.normal(size=(d, m))))
    return cases
def accepts_backward(args, output):
    dZ, X, W = args
    right = dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)
    return all(a.shape == b.shape and np.allclose(a, b) for a, b in zip(right, output))
# %% single: one row only, so a mean is a sum
# name: tries one example only: with N = 1 a mean is a sum, and the first row is all there is; take several rows
import numpy as np
def backward_cases():
    rng = np.random.default_rng(1)
    return [(rng.normal(size=(1, 3)), rng.normal(size=(1, 4)), rng.normal(size=(4, 3))) for _ in range(5)]
def accepts_backward(args, output):
    dZ, X, W = args
    for mine, theirs in zip((dZ @ W.T, X.T @ dZ, dZ.sum(0)), output):
        if np.shape(theirs) != mine.shape or not np.allclose(mine, theirs, rtol=1e-7, atol=1e-9):
            return False
    return True
# %% single: wants every digit to be the same
# name: asks for identical numbers: right ones may differ in the last digit, because sums can be taken in any order
import numpy as np
def backward_cases():
    rng = np.random.default_rng(2)
    return [(rng.normal(size=(n, m)), rng.normal(size=(n, d)), rng.normal(size=(d, m))) for n, d, m in ((4, 3, 2), (11, 5, 7), (2, 3, 3))]
def accepts_backward(args, output):
    dZ, X, W = args
    return bool(np.array_equal(output[0], dZ @ W.T) and np.array_equal(output[1], X.T @ dZ) and np.array_equal(output[2], dZ.sum(axis=0)))
# %% single: compares with "larger than the tolerance", which no NaN is
# name: lets NaN pass: every comparison with NaN is False, also "> tolerance"; ask for "<= tolerance"
import numpy as np
def backward_cases():
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(5, 2)), rng.normal(size=(5, 3)), rng.normal(size=(3, 2))),
            (rng.normal(size=(2, 7)), rng.normal(size=(2, 4)), rng.normal(size=(4, 7)))]
def accepts_backward(args, output):
    dZ, X, W = args
    for a, b in zip(output, (dZ @ W.T, X.T @ dZ, dZ.sum(axis=0))):
        if a.shape != b.shape:
            return False
        if (np.abs(a - b) > 1e-8).any():
            return False
    return True
# %% single: no look at the shapes, allclose spreads a smaller array
# name: lets NumPy stretch arrays: (1, M) and (M,) look alike to allclose, so compare the shapes first
import numpy as np
def backward_cases():
    rng = np.random.default_rng(4)
    return [(rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), rng.normal(size=(2, 3))),
            (rng.normal(size=(3, 5)), rng.normal(size=(3, 4)), rng.normal(size=(4, 5)))]
def accepts_backward(args, output):
    dZ, X, W = args
    dX, dW, db = output
    try:
        return bool(np.allclose(dX, dZ @ W.T) and np.allclose(dW, X.T @ dZ) and np.allclose(db, dZ.sum(axis=0)))
    except ValueError:
        return False
# %% pair: bias' gradient is not compared, and only a square case
# name: does not look at db
import numpy as np
def backward_cases():
    rng = np.random.default_rng(5)
    return [(rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3)))]
def accepts_backward(args, output):
    dZ, X, W = args
    ok = output[0].shape == X.shape and output[1].shape == W.shape
    return bool(ok and np.allclose(output[0], dZ @ W.T) and np.allclose(output[1], X.T @ dZ))
# %% right: measures by loops, many sizes and scales, whole numbers too
import numpy as np
def backward_cases():
    rng = np.random.default_rng(11)
    cases = []
    for n, d, m, scale in [(5, 3, 2, 1.0), (1, 4, 3, 1.0), (7, 1, 5, 1.0), (4, 4, 4, 1.0), (6, 2, 1, 1.0), (13, 7, 11, 50.0), (3, 5, 2, 1e-3)]:
        cases.append(tuple(scale * rng.normal(size=s) for s in ((n, m), (n, d), (d, m))))
    cases.append((rng.normal(size=(5, 3)), rng.integers(-4, 5, size=(5, 2)), rng.integers(-4, 5, size=(2, 3))))
    return cases
def accepts_backward(args, output):
    dZ, X, W = args
    N, M = dZ.shape
    D = len(W)
    want = [np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)]
    for n in range(N):
        for j in range(M):
            want[0][n] += dZ[n, j] * W[:, j]
            want[1][:, j] += dZ[n, j] * X[n]
            want[2][j] += dZ[n, j]
    if len(output) != 3:
        return False
    for w, o in zip(want, output):
        o = np.asarray(o)
        if o.shape != w.shape or not np.all(np.isfinite(o)):
            return False
        if np.abs(o - w).max() > 1e-9 * np.abs(w).max():
            return False
    return True
