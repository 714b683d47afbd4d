# %% single: forgets the path around
# name: forgets the skip: y contains x itself, so dX contains dY itself
def residual_backward(dY, X, W1, W2):
    Z = X @ W1
    H = np.maximum(Z, 0)
    dZ = dY @ W2.T * (Z > 0)
    return dZ @ W1.T, X.T @ dZ, H.T @ dY
# %% single: no slope of the relu
# name: forgets the slope of ReLU: where X W1 is negative nothing comes back
def residual_backward(dY, X, W1, W2):
    H = np.maximum(X @ W1, 0)
    dH = dY @ W2.T
    return dY + dH @ W1.T, X.T @ dH, H.T @ dY
# %% single: dW2 from the values before the relu
# name: uses X W1 for dW2: what W2 was multiplied by is relu(X W1)
def residual_backward(dY: np.ndarray, X: np.ndarray, W1: np.ndarray, W2: np.ndarray) -> tuple:
    Z = X @ W1
    dW2 = Z.T @ dY
    dZ = np.where(Z > 0, dY @ W2.T, 0)
    dW1 = X.T @ dZ
    dX = dY + dZ @ W1.T
    return dX, dW1, dW2
# %% single: adds the branch into dY itself, so the upstream gradient changes
# name: adds to dY in place: += changes the caller's array, so build a new one
def residual_backward(dY, X, W1, W2):
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    dW1 = X.T @ dZ
    dW2 = np.maximum(Z, 0).T @ dY
    dY += dZ @ W1.T
    return dY, dW1, dW2
# %% pair: forgets the path around and divides the weights' gradients by the number of rows
# name: none
def residual_backward(dY, X, W1, W2):
    n = len(X)
    Z = X @ W1
    dZ = (dY @ W2.T) * (Z > 0)
    return dZ @ W1.T, X.T @ dZ / n, np.maximum(Z, 0).T @ dY / n
# %% right: example by example with outer products
def residual_backward(dY: np.ndarray, X: np.ndarray, W1: np.ndarray, W2: np.ndarray) -> tuple:
    dX, dW1, dW2 = np.zeros(X.shape), np.zeros(W1.shape), np.zeros(W2.shape)
    for n in range(X.shape[0]):
        x, g = X[n], dY[n]
        z = x @ W1
        on = z > 0
        dz = np.where(on, W2 @ g, 0.0)
        dX[n] = g + W1 @ dz
        dW1 += np.outer(x, dz)
        dW2 += np.outer(np.where(on, z, 0.0), g)
    return dX, dW1, dW2
# %% right: einsum
def residual_backward(dY: np.ndarray, X: np.ndarray, W1: np.ndarray, W2: np.ndarray) -> tuple:
    G = np.asarray(dY, dtype=float)
    S = np.einsum("nd,dh->nh", X, W1)
    H = S.clip(min=0)
    E = np.einsum("nd,hd->nh", G, W2) * np.heaviside(S, 0.0)
    return G + np.einsum("nh,dh->nd", E, W1), np.einsum("nd,nh->dh", X, E), np.einsum("nh,nd->hd", H, G)
