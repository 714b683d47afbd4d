# %% single: rows ignored, goes through the table in order
# name: walks through the table once, whatever `rows` says
def perceptron_fit(X, y, rows, lr):
    A = np.column_stack([X, np.ones(len(X))])
    w = np.zeros(A.shape[1])
    for x, t in zip(A, y):
        w = w + lr * (t - int(x @ w >= 0)) * x
    return w
# %% single: bias first
# name: puts the constant 1 in front, so that the bias comes first: in this course it comes last
def perceptron_fit(X, y, rows, lr):
    A = np.hstack([np.ones((len(X), 1)), X])
    w = np.zeros(A.shape[1])
    for i in rows:
        y_hat = 1 if A[i] @ w >= 0 else 0
        w += lr * (y[i] - y_hat) * A[i]
    return w
# %% single: stops at the first row that is right
# name: stops at the first row that is right: go on, later rows may still be wrong
def perceptron_fit(X, y, rows, lr):
    A = np.c_[X, np.ones(len(X))]
    w = np.zeros(A.shape[1])
    for i in rows:
        y_hat = float(A[i] @ w >= 0)
        if y_hat == y[i]:
            break
        w = w + lr * (y[i] - y_hat) * A[i]
    return w
# %% pair: strict comparison and the bias is never moved
def perceptron_fit(X, y, rows, lr):
    w = np.zeros(X.shape[1] + 1)
    for i in rows:
        y_hat = 1 if X[i] @ w[:-1] + w[-1] > 0 else 0
        w[:-1] += lr * (y[i] - y_hat) * X[i]
    return w
# %% right: weights and bias kept apart until the end
def perceptron_fit(X: np.ndarray, y: np.ndarray, rows: np.ndarray, lr: float) -> np.ndarray:
    w, b = np.zeros(X.shape[1]), 0.0
    for i in rows:
        fires = X[i] @ w + b >= 0
        if fires and y[i] == 0:
            w, b = w - lr * X[i], b - lr
        elif not fires and y[i] == 1:
            w, b = w + lr * X[i], b + lr
    return np.append(w, b)
