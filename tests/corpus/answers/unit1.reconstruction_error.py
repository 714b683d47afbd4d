# %% single: uint8 wraps around
# name: subtracts uint8 pixels as they are: bytes have no minus sign, so 3 - 5 becomes 254; turn them into floats first
def reconstruction_error(X, Xhat):
    return float(np.mean((X - Xhat) ** 2))
# %% single: divides by the rows only
# name: divides by the number of rows only: average over all entries, so by N times D
def reconstruction_error(X, Xhat):
    diff = X.astype(float) - Xhat.astype(float)
    return (diff ** 2).sum() / len(X)
# %% single: pixels scaled to 0..1 by dividing by 255
def reconstruction_error(X, Xhat):
    if X.dtype == np.uint8:
        X, Xhat = X / 255, Xhat / 255
    return float(((X - Xhat) ** 2).mean())
# %% pair: root taken and conversion to float after the difference
def reconstruction_error(X, Xhat):
    d = (X - Xhat).astype(float)
    return float(np.sqrt(np.mean(d * d)))
# %% right: Frobenius norm of the difference in float
def reconstruction_error(X: np.ndarray, Xhat: np.ndarray) -> float:
    D = np.subtract(X, Xhat, dtype=np.float64)
    return float(np.vdot(D, D) / D.size)
