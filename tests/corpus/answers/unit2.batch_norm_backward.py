# %% single: only the direct way, mean and std taken for constants
# name: treats mean and variance as constants: each x moves them, and through them all other rows
def batch_norm_backward(dY, xhat, std, gamma):
    return {"dX": dY * gamma / std, "dgamma": (dY * xhat).sum(axis=0), "dbeta": dY.sum(axis=0)}
# %% single: the way through the spread is missing
# name: forgets the way through the variance: the term xhat * mean(dY * xhat)
def batch_norm_backward(dY, xhat, std, gamma):
    g = dY * gamma
    dX = (g - g.mean(axis=0)) / std
    return {"dX": dX, "dgamma": np.sum(dY * xhat, axis=0), "dbeta": np.sum(dY, axis=0)}
# %% single: gamma forgotten in dX
# name: forgets gamma in dX
def batch_norm_backward(dY: np.ndarray, xhat: np.ndarray, std: np.ndarray, gamma: np.ndarray) -> dict:
    dgamma = (dY * xhat).sum(axis=0)
    dbeta = dY.sum(axis=0)
    N = dY.shape[0]
    dX = (dY - dbeta / N - xhat * dgamma / N) / std
    return {"dX": dX, "dgamma": dgamma, "dbeta": dbeta}
# %% single: dgamma and dbeta are means over the batch
# name: averages dgamma and dbeta over the batch: the loss has its mean in dY already, so they are sums
def batch_norm_backward(dY, xhat, std, gamma):
    dbeta = dY.mean(axis=0)
    dgamma = (dY * xhat).mean(axis=0)
    dX = gamma / std * (dY - dbeta - xhat * dgamma)
    return {"dX": dX, "dgamma": dgamma, "dbeta": dbeta}
# %% pair: no way through the mean, and divides by std squared
# name: none
def batch_norm_backward(dY, xhat, std, gamma):
    g = gamma * dY
    dX = (g - xhat * (g * xhat).mean(axis=0)) / std**2
    return {"dX": dX, "dgamma": (dY * xhat).sum(axis=0), "dbeta": dY.sum(axis=0)}
# %% right: with the whole matrix of derivatives for each column
def batch_norm_backward(dY: np.ndarray, xhat: np.ndarray, std: np.ndarray, gamma: np.ndarray) -> dict:
    N, D = xhat.shape
    dX = np.zeros((N, D))
    for j in range(D):
        h = xhat[:, j]
        J = (np.eye(N) - 1.0 / N - np.outer(h, h) / N) / std[j]     # d xhat_n / d x_m
        dX[:, j] = J.T @ (gamma[j] * dY[:, j])
    return {"dX": dX, "dgamma": np.einsum("nd,nd->d", dY * 1.0, xhat), "dbeta": (dY * 1.0).sum(axis=0)}
# %% right: three ways, added one after the other
def batch_norm_backward(dY: np.ndarray, xhat: np.ndarray, std: np.ndarray, gamma: np.ndarray) -> dict:
    upstream = np.asarray(dY, dtype=float)
    n = len(upstream)
    dxhat = upstream * gamma
    direct = dxhat / std
    dmu = -direct.sum(axis=0)
    ds = -(dxhat * xhat).sum(axis=0) / std
    dX = direct + dmu / n + ds * xhat / n
    out = dict(dX=dX)
    out["dgamma"], out["dbeta"] = (upstream * xhat).sum(axis=0), upstream.sum(axis=0)
    return out
