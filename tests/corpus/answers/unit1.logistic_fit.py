# %% single: bias slope taken after the weights moved
# name: moves the weights first and takes the slope of the bias afterwards, at another point: J(w, b) is one cost of both, so take both slopes before either moves
def _lg(X, y, w, b):
    z = X @ w + b
    d = (np.exp(-np.logaddexp(0, -z)) - y) / len(y)
    return float(np.mean(np.logaddexp(0, z) - y * z)), X.T @ d, float(d.sum())


def logistic_fit(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        loss, dw, db = _lg(X, y, w, b)
        history.append(loss)
        w = w - lr * dw
        b = b - lr * _lg(X, y, w, b)[2]
    return w, b, history
# %% single: cost recorded after the step
# name: records the cost after the step: history starts with the cost at zero weights
def logistic_fit(X, y, lr, steps):
    N, D = X.shape
    w, b = np.zeros(D), 0.0
    history = []
    cost = lambda: float(np.mean(np.logaddexp(0, X @ w + b) - y * (X @ w + b)))
    for _ in range(steps):
        p = 0.5 * (1 + np.tanh((X @ w + b) / 2))
        dw, db = X.T @ (p - y) / N, np.mean(p - y)
        w = w - lr * dw
        b = b - lr * db
        history.append(cost())
    return w, b, history
# %% single: weights start with the dtype of X (whole numbers are cut)
# name: starts from np.zeros_like(X[0]), which holds whole numbers when X does: np.zeros(D) holds floats
def logistic_fit(X, y, lr, steps):
    w = np.zeros_like(X[0])
    b = 0.0
    history = []
    for _ in range(steps):
        z = X @ w + b
        history.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        d = 0.5 * (1 + np.tanh(z / 2)) - y
        w[:] = w - lr * (X.T @ d) / len(y)
        b = b - lr * d.mean()
    return w, b, history
# %% pair: bias never moves and the history has one entry too many
def logistic_fit(X, y, lr, steps):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps + 1):
        z = X @ w + b
        history.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(y)
    return w, b, history
# %% right: augmented matrix
def logistic_fit(X: np.ndarray, y: np.ndarray, lr: float, steps: int) -> tuple:
    A = np.column_stack([X, np.ones(len(X))]).astype(float)
    v, history = np.zeros(A.shape[1]), []
    while len(history) < steps:
        z = A @ v
        history.append(float(np.mean(np.logaddexp(0.0, z) - y * z)))
        v = v - lr / len(y) * (A.T @ (np.exp(-np.logaddexp(0.0, -z)) - y))
    return v[:-1], float(v[-1]), history
