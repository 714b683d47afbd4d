# %% single: num_groups taken for the number of channels in a group
# name: takes num_groups for the number of channels in a group
def group_norm_forward(X, num_groups, gamma, beta, eps):
    N, C, H, W = X.shape
    G = X.reshape(N, C // num_groups, num_groups * H * W)
    mu, var = G.mean(axis=-1, keepdims=True), G.var(axis=-1, keepdims=True)
    Y = ((G - mu) / np.sqrt(var + eps)).reshape(X.shape)
    return gamma[:, None, None] * Y + beta[:, None, None]
# %% single: every num_groups-th channel instead of neighbours
# name: deals the channels out like cards: a group is made of neighbours, 0 and 1, then 2 and 3
def group_norm_forward(X, num_groups, gamma, beta, eps):
    N, C, H, W = X.shape
    Y = np.zeros(X.shape)
    for g in range(num_groups):
        part = X[:, g::num_groups]
        mu = part.mean(axis=(1, 2, 3), keepdims=True)
        var = part.var(axis=(1, 2, 3), keepdims=True)
        Y[:, g::num_groups] = (part - mu) / np.sqrt(var + eps)
    return gamma.reshape(1, C, 1, 1) * Y + beta.reshape(1, C, 1, 1)
# %% single: each position by itself, mean only over the channels of the group
# name: gives every position its own mean: a group's mean goes over its positions, too
def group_norm_forward(X: np.ndarray, num_groups: int, gamma: np.ndarray, beta: np.ndarray, eps: float) -> np.ndarray:
    N, C, H, W = X.shape
    A = X.reshape(N, num_groups, C // num_groups, H, W)
    A = (A - A.mean(axis=2, keepdims=True)) / np.sqrt(A.var(axis=2, keepdims=True) + eps)
    return A.reshape(N, C, H, W) * gamma[None, :, None, None] + beta[None, :, None, None]
# %% single: scale and shift left out
# name: forgets gamma and beta
def group_norm_forward(X, num_groups, gamma, beta, eps):
    N = len(X)
    R = X.reshape(N * num_groups, -1)
    R = (R - R.mean(axis=1, keepdims=True)) / np.sqrt(R.var(axis=1, keepdims=True) + eps)
    return R.reshape(X.shape)
# %% pair: mean over the examples as well, and eps outside the root
# name: none
def group_norm_forward(X, num_groups, gamma, beta, eps):
    N, C, H, W = X.shape
    A = X.reshape(N, num_groups, C // num_groups, H, W)
    axes = (0, 2, 3, 4)
    A = (A - A.mean(axis=axes, keepdims=True)) / (A.std(axis=axes, keepdims=True) + eps)
    return A.reshape(X.shape) * gamma.reshape(-1, 1, 1) + beta.reshape(-1, 1, 1)
# %% right: loops over examples and groups
def group_norm_forward(X: np.ndarray, num_groups: int, gamma: np.ndarray, beta: np.ndarray, eps: float) -> np.ndarray:
    result = np.array(X, dtype=float)
    C = X.shape[1]
    size = C // num_groups
    for image in result:                       # a view: writing to it changes result
        for start in range(0, C, size):
            block = image[start:start + size]
            centred = block - block.mean()
            image[start:start + size] = centred / np.sqrt(np.mean(centred**2) + eps)
        for c in range(C):
            image[c] = gamma[c] * image[c] + beta[c]
    return result
# %% right: with a layer norm of its own inside
def group_norm_forward(X: np.ndarray, num_groups: int, gamma: np.ndarray, beta: np.ndarray, eps: float) -> np.ndarray:
    def norm_rows(R):
        c = R - R.mean(axis=-1, keepdims=True)
        return c / np.sqrt(np.einsum("...d,...d->...", c, c)[..., None] / R.shape[-1] + eps)

    n, c = X.shape[:2]
    rows = np.stack(np.split(np.asarray(X, dtype=float), num_groups, axis=1), axis=1).reshape(n, num_groups, -1)
    back = norm_rows(rows).reshape(X.shape)
    return np.einsum("nchw,c->nchw", back, gamma) + beta.reshape(1, c, 1, 1)
