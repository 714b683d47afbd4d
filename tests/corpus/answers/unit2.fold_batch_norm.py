# %% single: the old bias is not scaled
# name: leaves the old bias unscaled
def fold_batch_norm(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return W * s, b - mean * s + beta
# %% single: eps outside the root
# name: divides by sigma + eps: eps belongs inside the root, sqrt(var + eps)
def fold_batch_norm(W, b, gamma, beta, mean, var, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return W * scale, (b - mean) * scale + beta
# %% single: the running mean is forgotten
# name: forgets the running mean: (b - mean) * scale + beta
def fold_batch_norm(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    W_new = W @ np.diag(scale)
    b_new = scale * b + beta
    return W_new, b_new
# %% single: divides by the variance, no root
# name: divides by the variance: its square root is missing
def fold_batch_norm(W, b, gamma, beta, mean, var, eps):
    a = gamma / (var + eps)
    return a * W, a * (b - mean) + beta
# %% pair: gamma forgotten, and the mean added
# name: none
def fold_batch_norm(W, b, gamma, beta, mean, var, eps):
    inv = 1 / np.sqrt(var + eps)
    return W * inv, (b + mean) * inv + beta
# %% right: asks the two layers what they do to zeros and to unit vectors
def fold_batch_norm(W: np.ndarray, b: np.ndarray, gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, var: np.ndarray,
                    eps: float) -> tuple[np.ndarray, np.ndarray]:
    def both(X):
        Z = X @ W + b
        return gamma * (Z - mean) / np.sqrt(var + eps) + beta

    D = W.shape[0]
    bias = both(np.zeros((1, D)))[0]
    return both(np.eye(D)) - bias, bias
# %% right: unit by unit
def fold_batch_norm(W: np.ndarray, b: np.ndarray, gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, var: np.ndarray,
                    eps: float) -> tuple[np.ndarray, np.ndarray]:
    W_out, b_out = np.zeros(W.shape, dtype=float), np.zeros(len(b), dtype=float)
    for j in range(len(b)):
        k = float(gamma[j]) / float(np.sqrt(var[j] + eps))
        W_out[:, j] = [k * w for w in W[:, j]]
        b_out[j] = k * (b[j] - mean[j]) + beta[j]
    return W_out, b_out
