# %% single: spread divides by N - 1
# name: divides by N - 1 in the spread (ddof=1): the notes and scikit-learn divide by N
def fit_scaler(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return X.mean(axis=0), X.std(axis=0, ddof=1)


def apply_scaler(X: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    safe = np.where(std == 0, 1.0, std)
    return (X - mean) / safe
# %% single: constant column gives NaN
# name: divides 0 by 0 in a column that never changes: such a column should become 0
def fit_scaler(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.mean(X, axis=0), np.std(X, axis=0)


def apply_scaler(X: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    return (X - mean) / std
# %% single: apply learns the mean and spread again from its own rows
# name: scales each set by its own mean and spread: the test set must use what was learned from training rows
def fit_scaler(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return X.mean(axis=0), X.std(axis=0)


def apply_scaler(X: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    mean, std = fit_scaler(X)
    return (X - mean) / np.where(std > 0, std, 1)
# %% single: brackets missing, only the mean is divided
# name: lacks brackets, as the notes print it: X - mean / std divides only the mean
def fit_scaler(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    m = X.sum(axis=0) / len(X)
    s = np.sqrt(((X - m) ** 2).sum(axis=0) / len(X))
    return m, s


def apply_scaler(X: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    s = std.copy()
    s[s == 0] = 1
    return X - mean / s
# %% single: variance, the root is forgotten
# name: divides by the variance: take its square root
def fit_scaler(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = X.mean(axis=0)
    spread = ((X - mean) ** 2).mean(axis=0)
    return mean, spread


def apply_scaler(X: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    std = np.where(std == 0, 1, std)
    return (X - mean) / std
# %% pair: one mean and spread for the whole table, and no care for spread 0
# name: takes one mean and one spread for the whole table: every feature has its own
def fit_scaler(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.mean(X), np.std(X)


def apply_scaler(X: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    out = np.zeros(X.shape)
    for i in range(X.shape[0]):
        out[i] = (X[i] - mean) / std
    return out
# %% right: np.divide with where
def fit_scaler(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    X = np.asarray(X, dtype=float)
    mean = X.mean(axis=0)
    std = np.sqrt(np.mean(np.square(X - mean), axis=0))
    return mean, np.where(np.all(X == X[:1], axis=0), 0.0, std)


def apply_scaler(X: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    centred = np.asarray(X, dtype=float) - mean
    return np.divide(centred, std, out=centred.copy(), where=np.broadcast_to(std != 0, centred.shape))
