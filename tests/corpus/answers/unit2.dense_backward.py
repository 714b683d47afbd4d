# %% single: the bias gradient is averaged over the rows
# name: averages db over the examples: every example used the same bias, so their shares add up; a loss that is a mean has put its 1/N into dZ already
import numpy as np
def dense_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.mean(axis=0)
# %% single: sums the bias gradient over the units
# name: sums db over the units (axis 1): examples are rows, so the sum runs down the columns
import numpy as np
def dense_backward(dZ, X, W):
    dX = dZ @ W.T
    dW = X.T @ dZ
    db = dZ.sum(axis=1)
    return dX, dW, db
# %% single: the weights' gradient comes out transposed
# name: returns dW turned round: row i of W belongs to input i, and so does row i of dW
import numpy as np
def dense_backward(dZ: np.ndarray, X: np.ndarray, W: np.ndarray) -> tuple:
    dW = dZ.T @ X
    return np.dot(dZ, W.T), dW, np.sum(dZ, axis=0)
# %% single: weights' gradient ignores the upstream gradient (sum of the inputs)
# name: forgets the upstream gradient in dW
import numpy as np
def dense_backward(dZ, X, W):
    dW = np.tile(X.sum(axis=0)[:, None], (1, dZ.shape[1]))
    return dZ @ W.T, dW, dZ.sum(0)
# %% pair: averages the weights' and the bias' gradient
# name: divides dW and db by N: a loss that is a mean has put its 1/N into dZ already
import numpy as np
def dense_backward(dZ, X, W):
    n = len(X)
    return dZ @ W.T, X.T @ dZ / n, dZ.sum(axis=0) / n
# %% unknown: sums up in arrays of the type of X and W, whole numbers cut the gradients
# name: collects the gradients in arrays like X and W, which may hold whole numbers, so decimals are cut off
import numpy as np
def dense_backward(dZ, X, W):
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    N, M = dZ.shape
    for n in range(N):
        for i in range(X.shape[1]):
            dX[n, i] = sum(dZ[n, j] * W[i, j] for j in range(M))
    for i in range(X.shape[1]):
        for j in range(M):
            dW[i, j] = sum(dZ[n, j] * X[n, i] for n in range(N))
    return dX, dW, dZ.sum(axis=0)
# %% right: einsum
import numpy as np
def dense_backward(dZ, X, W):
    return (np.einsum("nm,dm->nd", dZ, W), np.einsum("nd,nm->dm", X, dZ), np.einsum("nm->m", dZ))
# %% right: adds up row by row
import numpy as np
def dense_backward(dZ, X, W):
    dX = np.zeros(X.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(W.shape[1])
    for n, upstream in enumerate(dZ):
        dX[n] = W @ upstream
        dW += np.outer(X[n], upstream)
        db += upstream
    return dX, dW, db
