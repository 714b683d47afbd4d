# %% single: table is transposed, shape (m, n)
# name: turns the table: a belongs to the rows, b to the columns
def table_of_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a + b[:, None]
# %% single: plain sum, no new axis
# name: adds entry by entry, which needs equal lengths: give a second axis to one of them, so that every entry meets all the others
def table_of_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a + b
# %% single: table of products
# name: multiplies where it should add
def table_of_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.outer(a, b)
# %% single: both made into columns
# name: makes columns of both: one has to stay a row, so that they meet crosswise
def table_of_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    column = a.reshape(-1, 1)
    other = b.reshape(-1, 1)
    return column + other
# %% single: tables of a and b built right but subtracted
# name: subtracts where it should add
def table_of_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    n, m = len(a), len(b)
    left = np.repeat(a.reshape(n, 1), m, axis=1)
    right = np.repeat(b.reshape(1, m), n, axis=0)
    return left - right
# %% pair: flat list of all the sums, in the order of b first
def table_of_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out = []
    for y in b:
        for x in a:
            out.append(x + y)
    return np.array(out)
# %% right: ufunc outer
def table_of_sums(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.add.outer(np.asarray(a), np.asarray(b))
