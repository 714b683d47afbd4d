# %% single: as it stands, without any shift
# name: overflows for large scores and finds log(0) for very negative ones: take the maximum out of the sum first
def log_sum_exp(Z):
    return np.log(np.exp(Z).sum(axis=1))
# %% single: the maximum is taken out but not added again
# name: never adds the maximum back: e^z = e^m e^(z - m), so the logarithm gets its m again
def log_sum_exp(Z: np.ndarray) -> np.ndarray:
    M = Z.max(axis=1, keepdims=True)
    return np.log(np.sum(np.exp(Z - M), axis=1))
# %% single: one maximum for the whole table
# name: takes one maximum for all rows, so a row far below it vanishes: each row needs its own
def log_sum_exp(Z):
    m = np.max(Z)
    return m + np.log(np.exp(Z - m).sum(axis=1))
# %% single: result has shape (N, 1)
# name: keeps the axis, shape (N, 1): one number for each row, shape (N,), was asked for
def log_sum_exp(Z):
    m = Z.max(axis=1, keepdims=True)
    return m + np.log(np.exp(Z - m).sum(axis=1, keepdims=True))
# %% pair: sums down the columns, and a small number under the logarithm
# name: none
def log_sum_exp(Z):
    m = Z.max(axis=0)
    return m + np.log(np.exp(Z - m).sum(axis=0) + 1e-8)
# %% unknown: clips the exponent into a safe range
# name: cuts the scores off (at 700, say): no overflow, but another sum
def log_sum_exp(Z):
    Z = np.clip(Z, -500, 500)
    return np.log(np.exp(Z).sum(axis=1))
# %% right: numpy's own logaddexp
def log_sum_exp(Z: np.ndarray) -> np.ndarray:
    return np.logaddexp.reduce(np.asarray(Z, dtype=float), axis=1)
# %% right: loop, the largest one goes into log1p
def log_sum_exp(Z: np.ndarray) -> np.ndarray:
    result = []
    for row in np.array(Z, dtype=np.float64):
        k = int(row.argmax())
        others = np.delete(row, k) - row[k]
        result.append(row[k] + np.log1p(np.exp(others).sum()))
    return np.array(result)
