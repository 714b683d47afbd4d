# %% single: bias forgotten
# name: forgets the bias: without b the line has to pass through the origin
def linear_unit(X, w, b):
    return X @ w
# %% single: bias inside the sum, so it is added D times
# name: adds the bias once for each input: it belongs to the unit, so it is added once, after the sum
def linear_unit(X, w, b):
    return np.sum(X * w + b, axis=1)
# %% single: result is a column (N, 1)
# name: returns a column of shape (N, 1): one number per example is shape (N,), as in X @ w with w of shape (D,)
def linear_unit(X, w, b):
    w = w.reshape(-1, 1)
    return X @ w + b
# %% pair: bias subtracted and only the mean instead of the sum
def linear_unit(X, w, b):
    return np.mean(X * w, axis=1) - b
# %% right: double loop
def linear_unit(X: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    out = np.zeros(len(X))
    for n, row in enumerate(X):
        out[n] = b
        for xi, wi in zip(row, w):
            out[n] += xi * wi
    return out
