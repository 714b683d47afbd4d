# %% single: eps outside of the root
# name: divides by sigma + eps, as the lecture notes print it: eps belongs inside the root, sqrt(var + eps)
def batch_norm_forward(X, gamma, beta, eps):
    mu = X.mean(axis=0)
    std = X.std(axis=0) + eps
    xhat = (X - mu) / std
    return gamma * xhat + beta, xhat, std
# %% single: variance divided by N - 1
# name: normalises with the variance that divides by N - 1: inside the layer the variance divides by N
def batch_norm_forward(X, gamma, beta, eps):
    std = np.sqrt(np.var(X, axis=0, ddof=1) + eps)
    xhat = (X - np.mean(X, axis=0)) / std
    return gamma * xhat + beta, xhat, std
# %% single: mean of squares minus square of the mean
# name: computes the variance as mean(x^2) - mean(x)^2, which loses all digits when the mean is large: subtract first
def batch_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> tuple:
    X = X.astype(float)
    mean = X.mean(axis=0)
    var = np.abs((X**2).mean(axis=0) - mean**2)
    std = np.sqrt(var + eps)
    xhat = (X - mean) / std
    return xhat * gamma + beta, xhat, std
# %% single: normalises the rows
# name: takes mean and variance of each row: batch norm has one mean for each feature, down the batch (axis=0)
def batch_norm_forward(X, gamma, beta, eps):
    mean = X.mean(axis=1, keepdims=True)
    std = np.sqrt(X.var(axis=1, keepdims=True) + eps)
    xhat = (X - mean) / std
    return gamma * xhat + beta, xhat, std.ravel()
# %% pair: divides by the variance, and beta is multiplied with gamma
# name: none
def batch_norm_forward(X, gamma, beta, eps):
    var = X.var(axis=0) + eps
    xhat = (X - X.mean(axis=0)) / var
    return gamma * (xhat + beta), xhat, var
# %% right: column by column
def batch_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> tuple:
    data = np.array(X, dtype=np.float64)
    N, D = data.shape
    Y, xhat, std = np.empty((N, D)), np.empty((N, D)), np.empty(D)
    for j in range(D):
        d = data[:, j] - data[:, j].sum() / N
        std[j] = np.sqrt(d @ d / N + eps)
        xhat[:, j] = d / std[j]
        Y[:, j] = gamma[j] * xhat[:, j] + beta[j]
    return Y, xhat, std
# %% right: einsum on centred data
def batch_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> tuple:
    centred = X - np.mean(X, axis=0, dtype=float)
    std = (np.einsum("nd,nd->d", centred, centred) / len(X) + eps) ** 0.5
    xhat = centred / std
    return np.multiply(xhat, gamma) + beta, xhat, std
