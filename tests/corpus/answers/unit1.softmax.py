# %% single: sums down the columns
# name: normalises over the batch instead of over the classes: each row, not each column, must sum to 1
def softmax(Z: np.ndarray) -> np.ndarray:
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / E.sum(axis=0)
# %% single: nothing subtracted, overflows
# name: overflows for large scores: subtract the largest score of the row first, the result stays the same
def softmax(Z: np.ndarray) -> np.ndarray:
    rows = []
    for z in Z:
        e = np.exp(z)
        rows.append(e / e.sum())
    return np.array(rows)
# %% single: the largest score of the whole table is subtracted, small rows underflow to 0/0
# name: subtracts one maximum for all rows, so a row far below it vanishes: each row needs its own
def softmax(Z: np.ndarray) -> np.ndarray:
    shifted = Z - Z.max()
    exps = np.exp(shifted)
    return exps / np.sum(exps, axis=1, keepdims=True)
# %% single: one sum for the whole table
# name: adds up the whole batch: every row is an example of its own and must sum to 1
def softmax(Z: np.ndarray) -> np.ndarray:
    e = np.exp(Z - np.max(Z, axis=1)[:, None])
    return e / np.sum(e)
# %% single: keepdims forgotten at the sum
# name: loses the column of sums: without keepdims=True the sums of the rows are laid along the columns
def softmax(Z: np.ndarray) -> np.ndarray:
    Z = Z - Z.max(axis=-1, keepdims=True)
    e = np.exp(Z)
    return e / e.sum(axis=-1)
# %% pair: softmax over the examples, and no maximum subtracted
# name: normalises over the batch instead of over the classes: each row, not each column, must sum to 1
def softmax(Z: np.ndarray) -> np.ndarray:
    return np.exp(Z) / np.exp(Z).sum(axis=0, keepdims=True)
# %% right: in logarithms, row by row
def softmax(Z: np.ndarray) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    P = np.empty(Z.shape)
    for i, z in enumerate(Z):
        d = z - z.max()
        P[i] = np.exp(d - np.log(np.exp(d).sum()))
    return P
