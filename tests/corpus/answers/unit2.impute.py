# %% single: median of both sets together
# name: still leaks: the medians have seen the test rows
def impute(X_train, X_test):
    A, B = X_train.astype(float), X_test.astype(float)
    for j in range(A.shape[1]):
        column = np.append(A[:, j], B[:, j])
        train_known = A[~np.isnan(A[:, j]), j]
        known = column[~np.isnan(column)]
        middle = np.median(known) if len(train_known) else 0.0
        A[np.isnan(A[:, j]), j] = middle
        B[np.isnan(B[:, j]), j] = middle
    return A, B
# %% single: fills the given arrays themselves
# name: still overwrites the caller's arrays: work on copies
def impute(X_train, X_test):
    for j in range(X_train.shape[1]):
        known = X_train[~np.isnan(X_train[:, j]), j]
        middle = np.median(known) if known.size else 0
        X_train[np.isnan(X_train[:, j]), j] = middle
        X_test[np.isnan(X_test[:, j]), j] = middle
    return X_train, X_test
# %% single: means instead of medians
# name: takes means in place of medians
def impute(X_train: np.ndarray, X_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = ~np.isnan(X_train)
    fill = np.where(known, X_train, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, X_train, fill), np.where(np.isnan(X_test), fill, X_test)
# %% single: the empty column stays NaN
# name: leaves NaN in a column that has no training value: fill it with 0
def impute(X_train, X_test):
    med = np.nanmedian(X_train, axis=0)
    return np.where(np.isnan(X_train), med, X_train), np.where(np.isnan(X_test), med, X_test)
# %% pair: still compares with == np.nan, and the median still sees the gaps
# name: leaves the gaps as they are: nothing equals NaN, not even NaN (np.isnan), and np.median of numbers with a NaN among them is NaN (np.nanmedian)
def impute(X_train, X_test):
    A, B = X_train.copy(), X_test.copy()
    for j in range(A.shape[1]):
        middle = np.median(A[:, j])
        A[A[:, j] == np.nan, j] = middle
        B[B[:, j] == np.nan, j] = middle
    return A, B
# %% unknown: the test rows are filled with their own medians
# name: fills each set with its own medians: test rows are filled with what the training rows say
def impute(X_train, X_test):
    def fill(X):
        X = X.copy()
        for j in range(X.shape[1]):
            gap = np.isnan(X[:, j])
            X[gap, j] = np.median(X[~gap, j]) if (~gap).any() else 0
        return X
    return fill(X_train), fill(X_test)
# %% right: sorts lists by hand
def impute(X_train: np.ndarray, X_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    medians = []
    for column in X_train.T:
        values = sorted(v for v in column.tolist() if v == v)      # NaN is not equal to itself
        n = len(values)
        medians.append(0.0 if n == 0 else (values[(n - 1) // 2] + values[n // 2]) / 2)
    out = []
    for X in (X_train, X_test):
        out.append(np.array([[m if x != x else x for x, m in zip(row, medians)] for row in X]).reshape(X.shape))
    return out[0], out[1]
