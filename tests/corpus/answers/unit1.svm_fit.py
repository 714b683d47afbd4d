# %% single: true class pulled up only once
def svm_fit(X, y, lr, steps, l2, power):
    N, D = X.shape
    K = y.max() + 1
    W, b = np.zeros((D, K)), np.zeros(K)
    r = np.arange(N)
    for _ in range(steps):
        S = X @ W + b
        V = np.maximum(0, S - S[r, y][:, None] + 1)
        V[r, y] = 0
        G = (V > 0) * 1.0 if power == 1 else 2 * V
        G[r, y] = -G.max(axis=1)
        G /= N
        W, b = W - lr * (X.T @ G + l2 * W), b - lr * G.sum(axis=0)
    return W, b


def svm_predict(X, W, b):
    return np.argmax(X @ W + b, axis=1)
# %% single: bias is penalised too
# name: penalises the bias too: it only shifts the scores, so it may be as large as it likes
def svm_fit(X, y, lr, steps, l2, power):
    N, D = X.shape
    K = int(y.max()) + 1
    W, b = np.zeros((D, K)), np.zeros(K)
    r = np.arange(N)
    for _ in range(steps):
        S = X @ W + b
        V = np.maximum(0, S - S[r, y][:, None] + 1)
        V[r, y] = 0
        G = (V > 0).astype(float) if power == 1 else 2 * V
        G[r, y] -= G.sum(axis=1)
        G /= N
        W, b = W - lr * (X.T @ G + l2 * W), b - lr * (G.sum(axis=0) + l2 * b)
    return W, b


def svm_predict(X, W, b):
    return (X @ W + b).argmax(axis=1)
# %% single: prediction forgets the bias
# name: predicts without the bias
def svm_fit(X, y, lr, steps, l2, power):
    N, D = X.shape
    K = int(y.max()) + 1
    W, b = np.zeros((D, K)), np.zeros(K)
    r = np.arange(N)
    for _ in range(steps):
        S = X @ W + b
        V = np.maximum(0, S - S[r, y][:, None] + 1)
        V[r, y] = 0
        G = (V > 0).astype(float) if power == 1 else 2 * V
        G[r, y] -= G.sum(axis=1)
        W, b = W - lr * (X.T @ G / N + l2 * W), b - lr * G.sum(axis=0) / N
    return W, b


def svm_predict(X, W, b):
    return (X @ W).argmax(axis=1)
# %% pair: power ignored (always hinge) and no penalty
def svm_fit(X, y, lr, steps, l2, power):
    N, D = X.shape
    K = int(y.max()) + 1
    W, b = np.zeros((D, K)), np.zeros(K)
    r = np.arange(N)
    for _ in range(steps):
        S = X @ W + b
        G = (S - S[r, y][:, None] + 1 > 0).astype(float)
        G[r, y] = 0
        G[r, y] = -G.sum(axis=1)
        W, b = W - lr * X.T @ G / N, b - lr * G.sum(axis=0) / N
    return W, b


def svm_predict(X, W, b):
    return np.argmax(X @ W + b, axis=1)
# %% right: loop over the rows
def svm_fit(X, y, lr, steps, l2, power):
    K = int(np.max(y)) + 1
    W, b = np.zeros((X.shape[1], K)), np.zeros(K)
    for _ in range(steps):
        dW, db = l2 * W, np.zeros(K)
        for x, label in zip(X, y):
            s = x @ W + b
            for j in range(K):
                v = s[j] - s[label] + 1
                if j == label or v <= 0:
                    continue
                force = power * v ** (power - 1) / len(X)
                dW[:, j] += force * x
                dW[:, label] -= force * x
                db[j] += force
                db[label] -= force
        W, b = W - lr * dW, b - lr * db
    return W, b


def svm_predict(X, W, b):
    return np.array([int(np.argmax(row @ W + b)) for row in X])
