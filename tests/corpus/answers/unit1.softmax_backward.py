# %% single: only the diagonal of the Jacobian
# name: keeps only the diagonal p (1 - p): raising one score also lowers all the other probabilities
def softmax_backward(dP: np.ndarray, P: np.ndarray) -> np.ndarray:
    return dP * P * (1 - P)
# %% single: the inner sum runs over the examples
# name: sums over the batch: every row has a sum of its own, over its classes
def softmax_backward(dP: np.ndarray, P: np.ndarray) -> np.ndarray:
    s = (dP * P).sum(axis=0, keepdims=True)
    return P * (dP - s)
# %% single: plain sum of the upstream, not weighted with P
# name: forgets the weights p in the sum: it is the mean of dp under p
def softmax_backward(dP: np.ndarray, P: np.ndarray) -> np.ndarray:
    return P * (dP - np.sum(dP, axis=1, keepdims=True))
# %% single: factor P in front forgotten
# name: forgets the factor p in front of the parenthesis
def softmax_backward(dP: np.ndarray, P: np.ndarray) -> np.ndarray:
    inner = np.einsum("nk,nk->n", dP, P)
    return dP - inner[:, None]
# %% single: off-diagonal sign wrong, p_j (delta + p_i)
# name: adds the weighted mean where it should subtract it: the classes compete
def softmax_backward(dP: np.ndarray, P: np.ndarray) -> np.ndarray:
    out = np.zeros(P.shape)
    for n in range(P.shape[0]):
        p = P[n]
        J = np.diag(p) + np.outer(p, p)
        out[n] = J @ dP[n]
    return out
# %% pair: whole-table sum and the outer P missing
def softmax_backward(dP: np.ndarray, P: np.ndarray) -> np.ndarray:
    total = np.sum(dP * P)
    return dP - total
# %% right: Jacobians with einsum
def softmax_backward(dP: np.ndarray, P: np.ndarray) -> np.ndarray:
    K = P.shape[1]
    J = np.eye(K)[None] * P[:, None, :] - P[:, :, None] * P[:, None, :]
    return np.einsum("nij,nj->ni", J, dP)
