# %% single: one step too few is left in
# name: still loses a step: range(1, steps) has steps - 1 numbers in it
def fit_unit(X, y, loss, lr, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for step in range(1, steps):
        _, d_scores = loss(X @ w + b, y)
        w = w - lr * X.T @ d_scores
        b = b - lr * d_scores.sum()
    return w, b
# %% single: bias slope is still the mean
# name: still averages the slope of the bias twice: the loss has divided by N already, so add the rows up
def fit_unit(X, y, loss, lr, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for step in range(steps):
        _, d_scores = loss(X @ w + b, y)
        w = w - lr * X.T @ d_scores
        b = b - lr * d_scores.mean()
    return w, b
# %% single: second call of the loss is left in
# name: still takes the slope of the bias after the weights have moved: both belong to the same point
def fit_unit(X, y, loss, lr, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for step in range(steps):
        _, d_scores = loss(X @ w + b, y)
        w = w - lr * (X.T @ d_scores)
        _, d_scores = loss(X @ w + b, y)
        b = b - lr * np.sum(d_scores)
    return w, b
# %% pair: weights divided by N once more and one step too many
def fit_unit(X, y, loss, lr, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for step in range(steps + 1):
        _, d = loss(X @ w + b, y)
        w, b = w - lr * X.T @ d / len(y), b - lr * d.sum()
    return w, b
# %% right: augmented weights
def fit_unit(X: np.ndarray, y: np.ndarray, loss, lr: float, steps: int) -> tuple:
    A = np.hstack([X, np.ones((len(X), 1))])
    v = np.zeros(A.shape[1])
    for _ in range(steps):
        pull = loss(A @ v, y)[1]
        v = v - lr * (pull @ A)
    return v[:-1], v[-1]
