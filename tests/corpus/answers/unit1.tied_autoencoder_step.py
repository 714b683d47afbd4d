# %% single: only the decoder part of the gradient
# name: follows W through the decoder only: W also made the code, and that path has a gradient of its own
def tied_autoencoder_step(X, W, lr):
    H = X @ W
    R = H @ W.T
    loss = np.mean((R - X) ** 2)
    dR = 2 / X.size * (R - X)
    dW = dR.T @ H
    return float(loss), W - lr * dW
# %% single: only the encoder part of the gradient
# name: follows W through the encoder only: W also decodes, and that path has a gradient of its own
def tied_autoencoder_step(X, W, lr):
    H = X @ W
    E = H @ W.T - X
    dR = 2 * E / E.size
    dH = dR @ W
    return np.mean(E**2), W - lr * (X.T @ dH)
# %% single: dR divided by the number of rows only
# name: divides the gradient by the number of rows only: the mean runs over all N times D entries
def tied_autoencoder_step(X, W, lr):
    N = X.shape[0]
    H = X @ W
    R = H @ W.T
    dR = 2 / N * (R - X)
    dW = dR.T @ H + X.T @ (dR @ W)
    return ((R - X) ** 2).mean(), W - lr * dW
# %% pair: loss after the step is returned and W changed in place
def tied_autoencoder_step(X, W, lr):
    H = X @ W
    dR = 2 / X.size * (H @ W.T - X)
    W -= lr * (dR.T @ H + X.T @ dR @ W)
    return float(np.mean((X @ W @ W.T - X) ** 2)), W
# %% right: closed form by the symmetric matrix
def tied_autoencoder_step(X: np.ndarray, W: np.ndarray, lr: float):
    E = X @ W @ W.T - X
    loss = float(np.sum(E * E) / E.size)
    G = (E.T @ X + X.T @ E) * (2 / E.size)
    return loss, W - lr * (G @ W)
