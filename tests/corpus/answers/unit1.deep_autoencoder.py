# %% single: tanh on the code as well
# name: puts a tanh on the code: it is linear, only the two hidden layers bend
def encode(X, weights):
    (W1, b1), (W2, b2) = weights[:2]
    return np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2)


def reconstruct(X, weights):
    H = encode(X, weights)
    (W3, b3), (W4, b4) = weights[2:]
    return np.tanh(H @ W3 + b3) @ W4 + b4


def fit_autoencoder(X, weights, lr, steps):
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = weights
    for _ in range(steps):
        A = np.tanh(X @ W1 + b1)
        H = np.tanh(A @ W2 + b2)
        B = np.tanh(H @ W3 + b3)
        R = B @ W4 + b4
        dR = 2 / X.size * (R - X)
        dB = dR @ W4.T * (1 - B**2)
        dH = dB @ W3.T * (1 - H**2)
        dA = dH @ W2.T * (1 - A**2)
        W4, b4 = W4 - lr * B.T @ dR, b4 - lr * dR.sum(axis=0)
        W3, b3 = W3 - lr * H.T @ dB, b3 - lr * dB.sum(axis=0)
        W2, b2 = W2 - lr * A.T @ dH, b2 - lr * dH.sum(axis=0)
        W1, b1 = W1 - lr * X.T @ dA, b1 - lr * dA.sum(axis=0)
    return [(W1, b1), (W2, b2), (W3, b3), (W4, b4)]
# %% single: weights overwritten before the error travels through them
# name: changes a layer's weights before the error has travelled back through them
def encode(X, weights):
    A = np.tanh(X @ weights[0][0] + weights[0][1])
    return A @ weights[1][0] + weights[1][1]


def reconstruct(X, weights):
    B = np.tanh(encode(X, weights) @ weights[2][0] + weights[2][1])
    return B @ weights[3][0] + weights[3][1]


def fit_autoencoder(X, weights, lr, steps):
    W = [w.copy() for w, b in weights]
    c = [b.copy() for w, b in weights]
    for _ in range(steps):
        A = np.tanh(X @ W[0] + c[0])
        H = A @ W[1] + c[1]
        B = np.tanh(H @ W[2] + c[2])
        R = B @ W[3] + c[3]
        d = 2 * (R - X) / X.size
        W[3] -= lr * B.T @ d
        c[3] -= lr * d.sum(axis=0)
        d = (d @ W[3].T) * (1 - B * B)
        W[2] -= lr * H.T @ d
        c[2] -= lr * d.sum(axis=0)
        d = d @ W[2].T
        W[1] -= lr * A.T @ d
        c[1] -= lr * d.sum(axis=0)
        d = (d @ W[1].T) * (1 - A * A)
        W[0] -= lr * X.T @ d
        c[0] -= lr * d.sum(axis=0)
    return list(zip(W, c))
# %% single: slope of tanh taken at the net input as 1 - z^2
def encode(X, weights):
    (W1, b1), (W2, b2), _, _ = weights
    return np.tanh(X @ W1 + b1) @ W2 + b2


def reconstruct(X, weights):
    _, _, (W3, b3), (W4, b4) = weights
    return np.tanh(encode(X, weights) @ W3 + b3) @ W4 + b4


def fit_autoencoder(X, weights, lr, steps):
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = weights
    for _ in range(steps):
        Z1 = X @ W1 + b1
        A = np.tanh(Z1)
        H = A @ W2 + b2
        Z3 = H @ W3 + b3
        B = np.tanh(Z3)
        dR = 2 / X.size * (B @ W4 + b4 - X)
        dZ3 = (dR @ W4.T) * (1 - Z3**2)
        dH = dZ3 @ W3.T
        dZ1 = (dH @ W2.T) * (1 - Z1**2)
        W4, b4 = W4 - lr * B.T @ dR, b4 - lr * dR.sum(0)
        W3, b3 = W3 - lr * H.T @ dZ3, b3 - lr * dZ3.sum(0)
        W2, b2 = W2 - lr * A.T @ dH, b2 - lr * dH.sum(0)
        W1, b1 = W1 - lr * X.T @ dZ1, b1 - lr * dZ1.sum(0)
    return [(W1, b1), (W2, b2), (W3, b3), (W4, b4)]
# %% pair: bias gradients averaged over the rows and tanh on the output
def encode(X, weights):
    (W1, b1), (W2, b2), _, _ = weights
    return np.tanh(X @ W1 + b1) @ W2 + b2


def reconstruct(X, weights):
    _, _, (W3, b3), (W4, b4) = weights
    return np.tanh(np.tanh(encode(X, weights) @ W3 + b3) @ W4 + b4)


def fit_autoencoder(X, weights, lr, steps):
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = weights
    for _ in range(steps):
        A = np.tanh(X @ W1 + b1)
        H = A @ W2 + b2
        B = np.tanh(H @ W3 + b3)
        R = np.tanh(B @ W4 + b4)
        d4 = 2 / X.size * (R - X) * (1 - R**2)
        d3 = (d4 @ W4.T) * (1 - B**2)
        d2 = d3 @ W3.T
        d1 = (d2 @ W2.T) * (1 - A**2)
        W4, b4 = W4 - lr * B.T @ d4, b4 - lr * d4.mean(0)
        W3, b3 = W3 - lr * H.T @ d3, b3 - lr * d3.mean(0)
        W2, b2 = W2 - lr * A.T @ d2, b2 - lr * d2.mean(0)
        W1, b1 = W1 - lr * X.T @ d1, b1 - lr * d1.mean(0)
    return [(W1, b1), (W2, b2), (W3, b3), (W4, b4)]
# %% right: a general loop over the layers
def _forward(X, weights):
    outs = [X]
    for n, (W, b) in enumerate(weights):
        Z = outs[-1] @ W + b
        outs.append(np.tanh(Z) if n in (0, 2) else Z)
    return outs


def encode(X, weights):
    return _forward(X, weights[:2])[-1]


def reconstruct(X, weights):
    return _forward(X, weights)[-1]


def fit_autoencoder(X, weights, lr, steps):
    weights = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in weights]
    for _ in range(steps):
        outs = _forward(X, weights)
        delta = 2.0 * (outs[-1] - X) / X.size
        updated = [None] * 4
        for n in (3, 2, 1, 0):
            W, b = weights[n]
            if n in (0, 2):
                delta = delta * (1 - outs[n + 1] ** 2)
            updated[n] = (W - lr * outs[n].T @ delta, b - lr * delta.sum(axis=0))
            delta = delta @ W.T
        weights = updated
    return weights
