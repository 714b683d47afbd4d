# %% single: loss from the rounded probability
# name: takes the logarithm of a probability that was rounded to 0 or 1: compute the loss from the score z, log(1 + e^z) - y z, with np.logaddexp
def logistic_gradient(X, y, w, b):
    z = X @ w + b
    p = 1 / (1 + np.exp(-z))
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    N = len(y)
    return loss, X.T @ (p - y) / N, np.sum(p - y) / N
# %% single: gradients not divided by N
# name: adds up the rows in both gradients: the cost is a mean, so its gradients are means too
def logistic_gradient(X, y, w, b):
    z = X @ w + b
    loss = np.mean(np.logaddexp(0, z) - y * z)
    p = 0.5 * (1 + np.tanh(z / 2))
    return float(loss), X.T @ (p - y), float((p - y).sum())
# %% single: db is a vector, mean forgotten
# name: leaves db as one number per row: the bias is shared by all rows, so average them
def logistic_gradient(X, y, w, b):
    z = X @ w + b
    p = np.exp(-np.logaddexp(0, -z))
    loss = np.mean(np.logaddexp(0, z) - y * z)
    dw = X.T @ (p - y) / len(y)
    db = p - y
    return loss, dw, db
# %% pair: bias left out of the score and gradient through the sigmoid slope
def logistic_gradient(X, y, w, b):
    z = X @ w
    p = 0.5 * (1 + np.tanh(z / 2))
    g = (p - y) * p * (1 - p)
    return float(np.mean(np.logaddexp(0, z) - y * z)), X.T @ g / len(y), float(g.mean())
# %% right: by the signed margin
def logistic_gradient(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple:
    t = np.where(np.asarray(y) == 1, 1.0, -1.0)
    m = t * (X @ w + b)
    loss = np.maximum(-m, 0) + np.log1p(np.exp(-np.abs(m)))
    pull = -t * np.exp(-np.logaddexp(0.0, m)) / len(t)
    return float(loss.mean()), pull @ X, float(pull.sum())
