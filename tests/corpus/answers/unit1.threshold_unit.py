# %% single: strictly greater
# name: stays silent when the sum is exactly the threshold: reaching it is enough, so >= and not >
def threshold_unit(X, w, threshold):
    return (X @ w > threshold).astype(int)
# %% single: threshold added
# name: adds the threshold to the sum: it is subtracted, the sum has to overcome it
def threshold_unit(X, w, threshold):
    z = X @ w + threshold
    return np.where(z >= 0, 1, 0)
# %% single: minus one for silent
# name: answers -1 where the unit stays silent: this one says 0 (a unit with -1 and 1 is called bipolar)
def threshold_unit(X, w, threshold):
    return np.where(X @ w - threshold >= 0, 1, -1)
# %% pair: only the largest input counts and strict comparison
def threshold_unit(X, w, threshold):
    return ((X * w).max(axis=1) > threshold) * 1
# %% right: list comprehension
def threshold_unit(X: np.ndarray, w: np.ndarray, threshold: float) -> np.ndarray:
    return np.array([1 if np.dot(row, w) >= threshold else 0 for row in X])
