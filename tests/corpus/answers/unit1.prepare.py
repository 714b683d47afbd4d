# %% single: test rows scaled with their own mean and spread
# name: scales each set by its own mean and spread, so the two sets are no longer comparable
def prepare(X: np.ndarray, train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    def scale(A):
        s = A.std(axis=0)
        s[s == 0] = 1
        return (A - A.mean(axis=0)) / s

    return scale(X[train_rows]), scale(X[test_rows])
# %% single: leak is still there, only rewritten
# name: still leaks: mean and spread are taken over all rows, the test rows included
def prepare(X: np.ndarray, train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std == 0, 1, std)
    train, test = X[train_rows], X[test_rows]
    return (train - mean) / std, (test - mean) / std
# %% single: mean from the training rows, spread from all rows
# name: mends the mean but still takes the spread over all rows
def prepare(X: np.ndarray, train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = X[train_rows].mean(axis=0)
    std = X.std(axis=0)
    std = np.where(std == 0, 1, std)
    scaled = (X - mean) / std
    return scaled[train_rows], scaled[test_rows]
# %% single: test rows are returned unscaled
# name: leaves the test rows unscaled
def prepare(X: np.ndarray, train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    train = X[train_rows]
    std = train.std(axis=0)
    std[std == 0] = 1.0
    train = (train - train.mean(axis=0)) / std
    return train, X[test_rows]
# %% single: axis forgotten, one mean for all features
# name: takes one mean and one spread for the whole table: every feature has its own, axis=0
def prepare(X: np.ndarray, train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    train, test = X[train_rows], X[test_rows]
    m, s = np.mean(train), np.std(train)
    if s == 0:
        s = 1
    return (train - m) / s, (test - m) / s
# %% pair: learns from the test rows, and returns them first
def prepare(X: np.ndarray, train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = X[test_rows].mean(axis=0)
    std = X[test_rows].std(axis=0)
    scaled = (X - mean) / np.where(std == 0, 1, std)
    return scaled[test_rows], scaled[train_rows]
# %% right: helper learned on the training rows only
def prepare(X: np.ndarray, train_rows: np.ndarray, test_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    X = np.asarray(X, dtype=float)
    seen = X[train_rows]
    centre = np.mean(seen, axis=0)
    spread = np.sqrt(np.mean((seen - centre) ** 2, axis=0))
    spread[np.ptp(seen, axis=0) == 0] = 1.0

    def scale(rows):
        return (X[rows] - centre) / spread

    return scale(train_rows), scale(test_rows)
