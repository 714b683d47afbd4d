# %% single: over the batch as in batch norm
# name: normalises down the batch: that is batch norm
def layer_norm_forward(X, gamma, beta, eps):
    mu = X.mean(axis=0)
    var = X.var(axis=0)
    return gamma * (X - mu) / np.sqrt(var + eps) + beta
# %% single: over all axes but the first, so a sequence shares one mean
# name: normalises over all axes but the first: in a sequence (N, T, D) every position has its own mean
def layer_norm_forward(X, gamma, beta, eps):
    axes = tuple(range(1, X.ndim))
    mu = X.mean(axis=axes, keepdims=True)
    var = X.var(axis=axes, keepdims=True)
    return gamma * (X - mu) / np.sqrt(var + eps) + beta
# %% single: variance with D - 1
# name: takes the variance that divides by D - 1: here it divides by D
def layer_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> np.ndarray:
    mu = np.mean(X, axis=-1, keepdims=True)
    v = np.var(X, axis=-1, keepdims=True, ddof=1)
    return gamma * ((X - mu) / np.sqrt(v + eps)) + beta
# %% single: eps added to the standard deviation
# name: divides by sigma + eps: eps belongs inside the root, sqrt(var + eps)
def layer_norm_forward(X, gamma, beta, eps):
    mu = X.mean(axis=-1, keepdims=True)
    s = X.std(axis=-1, keepdims=True)
    return gamma * (X - mu) / (s + eps) + beta
# %% pair: axis 1 fixed, and beta forgotten
# name: none
def layer_norm_forward(X, gamma, beta, eps):
    mu = X.mean(axis=1, keepdims=True)
    s = np.sqrt(X.var(axis=1, keepdims=True) + eps)
    return gamma * (X - mu) / s
# %% right: flattens to rows and loops
def layer_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> np.ndarray:
    D = X.shape[-1]
    rows = []
    for row in X.reshape(-1, D):
        d = row - row.mean()
        rows.append(gamma * d / np.sqrt((d * d).mean() + eps) + beta)
    return np.array(rows).reshape(X.shape)
# %% right: turns the features to the front
def layer_norm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> np.ndarray:
    F = np.moveaxis(np.asarray(X, dtype=float), -1, 0)
    F = F - F.mean(axis=0)
    F = F / np.sqrt(np.square(F).mean(axis=0) + eps)
    return np.moveaxis(F, 0, -1) * gamma + beta
