# %% single: changes the given arrays
# name: changes the W and b it was given (-= works in place): the caller may need them again
def softmax_regression_fit(X, y, W, b, lr, steps):
    N = len(y)
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        Z = X @ W + b
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        W -= lr * X.T @ (P - Y) / N
        b -= lr * (P - Y).mean(axis=0)
    return W, b
# %% single: softmax over the wrong axis
# name: normalises over the batch: each row of probabilities must add up to 1, not each column
def softmax_regression_fit(X, y, W, b, lr, steps):
    Y = np.eye(len(b))[y]
    for _ in range(steps):
        Z = X @ W + b
        E = np.exp(Z - Z.max(axis=0))
        P = E / E.sum(axis=0)
        W = W - lr * X.T @ (P - Y) / len(X)
        b = b - lr * (P - Y).sum(axis=0) / len(X)
    return W, b
# %% single: bias with the new scores after W has moved
# name: moves W first and takes the slope of b afterwards, at another point: take both before either moves
def softmax_regression_fit(X, y, W, b, lr, steps):
    def pulls(W, b):
        Z = X @ W + b
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = E / E.sum(axis=1, keepdims=True)
        P[np.arange(len(y)), y] -= 1
        return P / len(y)
    for _ in range(steps):
        W = W - lr * X.T @ pulls(W, b)
        b = b - lr * pulls(W, b).sum(axis=0)
    return W, b
# %% pair: overflow in exp and starts from zero instead of the given start
# name: starts from zeros, but the start is given: W and b are arguments
def softmax_regression_fit(X, y, W, b, lr, steps):
    W, b = np.zeros(W.shape), np.zeros(b.shape)
    Y = np.eye(W.shape[1])[y]
    for _ in range(steps):
        E = np.exp(X @ W + b)
        G = (E / E.sum(axis=1, keepdims=True) - Y) / len(y)
        W, b = W - lr * X.T @ G, b - lr * G.sum(axis=0)
    return W, b
# %% right: augmented and with logaddexp
def softmax_regression_fit(X, y, W, b, lr, steps):
    A = np.column_stack([X, np.ones(len(X))])
    V = np.vstack([W, b]).astype(float)
    for _ in range(steps):
        S = A @ V
        G = np.exp(S - np.logaddexp.reduce(S, axis=1)[:, None])
        G[np.arange(len(y)), y] -= 1.0
        V = V - (lr / len(y)) * (A.T @ G)
    return V[:-1], V[-1]
