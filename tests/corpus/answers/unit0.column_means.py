# %% single: walks along the rows, gives one mean per example
# name: averages each row: axis=0 runs down the rows and leaves one number per column
def column_means(X: np.ndarray) -> np.ndarray:
    means = []
    for row in X:
        means.append(sum(row) / len(row))
    return np.array(means)
# %% single: no axis, one number for the whole table
# name: averages all numbers at once: without an axis nothing is left of the columns
def column_means(X: np.ndarray) -> np.ndarray:
    return np.mean(X)
# %% single: sums columns but divides by the number of columns
# name: divides by the number of columns instead of the number of rows
def column_means(X: np.ndarray) -> np.ndarray:
    rows, cols = X.shape
    totals = np.sum(X, axis=0)
    return totals / cols
# %% single: forgot to divide, returns the sums
# name: adds up each column and forgets to divide by the number of rows
def column_means(X: np.ndarray) -> np.ndarray:
    total = np.zeros(X.shape[1])
    for i in range(X.shape[0]):
        total += X[i]
    return total
# %% single: keeps the axis, shape (1, D)
# name: keeps the axis that was averaged: the result is one row of shape (1, D), not a plain (D,)
def column_means(X: np.ndarray) -> np.ndarray:
    return np.mean(X, axis=0, keepdims=True)
# %% pair: row means instead of column means, and kept as a column
def column_means(X: np.ndarray) -> np.ndarray:
    m = X.sum(axis=1) / X.shape[0]
    return m.reshape(-1, 1)
# %% right: product with a vector of ones
def column_means(X: np.ndarray) -> np.ndarray:
    n = X.shape[0]
    return (np.ones(n) @ X) / n
