# %% single: entries keep their signs
# name: keeps the sign of the entries: an entry that comes out too large is as suspicious as one too small
def outlier_scores(X, Xhat):
    E = X - Xhat
    return E, (E**2).sum(axis=1), (E**2).sum(axis=0)
# %% single: rows and columns by absolute values, not squares
# name: adds up absolute errors: rows and columns add up squares
def outlier_scores(X, Xhat):
    D = np.abs(X - Xhat)
    return D, D.sum(axis=1), D.sum(axis=0)
# %% single: means instead of sums
# name: takes means instead of sums for rows and columns
def outlier_scores(X, Xhat):
    E = X - Xhat
    return np.abs(E), np.mean(E**2, axis=1), np.mean(E**2, axis=0)
# %% pair: axes swapped and entries squared
def outlier_scores(X, Xhat):
    S = (X - Xhat) ** 2
    return S, S.sum(axis=0), S.sum(axis=1)
# %% right: einsum
def outlier_scores(X, Xhat):
    E = np.asarray(X, dtype=float) - np.asarray(Xhat, dtype=float)
    return np.fabs(E), np.einsum("ij,ij->i", E, E), np.einsum("ij,ij->j", E, E)
