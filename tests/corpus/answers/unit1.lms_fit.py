# %% single: still with the step
# name: applies the step before it takes the error: that is the perceptron; the delta rule compares the score itself
def lms_fit(X, t, rows, lr):
    A = np.column_stack([X, np.ones(len(X))])
    w = np.zeros(A.shape[1])
    for i in rows:
        out = 1 if A[i] @ w >= 0 else 0
        w = w + lr * (t[i] - out) * A[i]
    return w
# %% single: bias not in the score
def lms_fit(X, t, rows, lr):
    w, b = np.zeros(X.shape[1]), 0.0
    for i in rows:
        e = t[i] - X[i] @ w
        w = w + lr * e * X[i]
        b = b + lr * e
    return np.append(w, b)
# %% single: sign of the error wrong
# name: has the error the wrong way round: it is t - z, target minus score
def lms_fit(X, t, rows, lr):
    A = np.hstack([X, np.ones((len(X), 1))])
    w = np.zeros(A.shape[1])
    for i in rows:
        error = A[i] @ w - t[i]
        w = w + lr * error * A[i]
    return w
# %% pair: factor two and only every row once
def lms_fit(X, t, rows, lr):
    A = np.hstack([X, np.ones((len(X), 1))])
    w = np.zeros(A.shape[1])
    for i in np.unique(rows):
        w = w + 2 * lr * (t[i] - A[i] @ w) * A[i]
    return w
# %% right: weights and bias apart
def lms_fit(X: np.ndarray, t: np.ndarray, rows: np.ndarray, lr: float) -> np.ndarray:
    w, b = np.zeros(X.shape[1]), 0.0
    for n in range(len(rows)):
        x, target = X[rows[n]], t[rows[n]]
        step = lr * (target - (np.dot(w, x) + b))
        w, b = w + step * x, b + step
    return np.concatenate([w, [b]])
