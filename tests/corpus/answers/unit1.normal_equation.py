# %% single: the inverse of X^T X, as in the notes
# name: inverts X^T X, which collinear columns make singular: use lstsq or pinv
def normal_equation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.inv(X.T @ X) @ X.T @ y
# %% single: adds a column of ones and throws the intercept away
# name: adds a column of ones and throws its weight away: the others are then the weights of a fit with an intercept
def normal_equation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    X1 = np.column_stack([np.ones(len(X)), X])
    w = np.linalg.lstsq(X1, y, rcond=None)[0]
    return w[1:]
# %% single: a bit of ridge so that the inverse exists
# name: adds a ridge penalty, which shrinks the weights
def normal_equation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    D = X.shape[1]
    A = X.T @ X + 0.01 * np.eye(D)
    return np.linalg.solve(A, X.T @ y)
# %% single: each column fitted on its own
# name: fits each feature on its own: features share the work when they are correlated
def normal_equation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    w = np.zeros(X.shape[1])
    for j in range(X.shape[1]):
        col = X[:, j]
        w[j] = (col @ y) / (col @ col)
    return w
# %% single: collinear columns dropped (weight 0), a solution but not the shortest
# name: drops columns that repeat others: of all best weights the shortest were asked for, and they share the work
def normal_equation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    keep = []
    for j in range(X.shape[1]):
        if np.linalg.matrix_rank(X[:, keep + [j]]) == len(keep) + 1:
            keep.append(j)
    w = np.zeros(X.shape[1])
    Xk = X[:, keep]
    w[keep] = np.linalg.solve(Xk.T @ Xk, Xk.T @ y)
    return w
# %% pair: column of ones kept in the answer, and the plain inverse
def normal_equation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    Xb = np.hstack([np.ones((X.shape[0], 1)), X])
    return np.linalg.inv(Xb.T @ Xb) @ (Xb.T @ y)
# %% right: singular values by hand, the tiny ones left out
def normal_equation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    X = np.asarray(X, dtype=float)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    good = s > np.finfo(float).eps * max(X.shape) * s[0]
    return Vt[good].T @ ((U[:, good].T @ y) / s[good])
