# %% single: takes the activation's name from the layer before (names[l - 1])
# name: takes the activation of the layer before: layer l has names[l] and the output A[l + 1]
import numpy as np
def mlp_backward(dY, A, weights, names):
    dWs, dbs = [], []
    dA = dY
    for l in reversed(range(len(weights))):
        out, name = A[l + 1], names[l - 1]
        if name == "linear":
            dZ = dA
        elif name == "sigmoid":
            dZ = dA * out * (1 - out)
        elif name == "tanh":
            dZ = dA * (1 - out ** 2)
        else:
            dZ = dA * (out > 0)
        dWs.insert(0, A[l].T @ dZ)
        dbs.insert(0, dZ.sum(axis=0))
        dA = dZ @ weights[l].T
    return dA, dWs, dbs
# %% single: lists in the order of the way back (last layer first)
# name: returns the gradients of the last layer first: turn the lists round at the end
import numpy as np
def mlp_backward(dY, A, weights, names):
    dWs, dbs, dA = [], [], dY
    for l in range(len(weights) - 1, -1, -1):
        out = A[l + 1]
        if names[l] == "sigmoid":
            dZ = dA * out * (1 - out)
        elif names[l] == "tanh":
            dZ = dA * (1 - out ** 2)
        elif names[l] == "relu":
            dZ = dA * (out > 0)
        else:
            dZ = dA
        dWs.append(A[l].T @ dZ)
        dbs.append(dZ.sum(axis=0))
        dA = dZ @ weights[l].T
    return dA, dWs, dbs
# %% single: forgets the activation of the last layer
# name: forgets the activation of the last layer: dY belongs to its output, so its slope comes first
import numpy as np
SLOPES = {"linear": lambda a: 1.0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}
def mlp_backward(dY: np.ndarray, A: list, weights: list, names: list) -> tuple:
    n = len(weights)
    dWs, dbs = [None] * n, [None] * n
    dZ = dY
    for l in range(n - 1, -1, -1):
        dWs[l] = A[l].T @ dZ
        dbs[l] = dZ.sum(axis=0)
        dX = dZ @ weights[l].T
        if l > 0:
            dZ = dX * SLOPES[names[l - 1]](A[l])
    return dX, dWs, dbs
# %% single: the gradient of the input is that of the first Z (one step too few)
# name: returns dZ of the first layer for dX: one more product with its weights is missing
import numpy as np
def mlp_backward(dY, A, weights, names):
    slopes = {"linear": lambda a: np.ones(a.shape), "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a ** 2, "relu": lambda a: (a > 0).astype(float)}
    dWs, dbs = [], []
    dA = dY
    for l in reversed(range(len(weights))):
        dZ = dA * slopes[names[l]](A[l + 1])
        dWs.append(A[l].T @ dZ)
        dbs.append(dZ.sum(axis=0))
        if l > 0:
            dA = dZ @ weights[l].T
    return dZ, dWs[::-1], dbs[::-1]
# %% pair: averages over rows in weights and biases, ReLU lets everything through
# name: none
import numpy as np
def mlp_backward(dY, A, weights, names):
    dWs, dbs, g = [], [], dY
    for X, out, W, name in reversed(list(zip(A[:-1], A[1:], weights, names))):
        if name == "sigmoid":
            g = g * out * (1 - out)
        if name == "tanh":
            g = g * (1 - out ** 2)
        dWs.insert(0, X.T @ g / len(X))
        dbs.insert(0, g.mean(axis=0))
        g = g @ W.T
    return g, dWs, dbs
# %% unknown: updates the weights on the way (small step) before handing on
# name: none
import numpy as np
def mlp_backward(dY, A, weights, names):
    weights = list(weights)
    dWs, dbs, g = [], [], dY
    for l in reversed(range(len(weights))):
        out = A[l + 1]
        g = g * {"linear": 1.0, "sigmoid": out * (1 - out), "tanh": 1 - out ** 2, "relu": out > 0}[names[l]]
        dW = A[l].T @ g
        dWs.insert(0, dW)
        dbs.insert(0, g.sum(axis=0))
        weights[l] = weights[l] - 0.01 * dW
        g = g @ weights[l].T
    return g, dWs, dbs
# %% right: recursive
import numpy as np
def mlp_backward(dY, A, weights, names):
    if not weights:
        return dY, [], []
    out, name = np.asarray(A[-1], dtype=float), names[-1]
    factor = np.ones(out.shape)
    if name == "sigmoid":
        factor = out - out * out
    elif name == "tanh":
        factor = 1 - out * out
    elif name == "relu":
        factor = np.where(out > 0, 1.0, 0.0)
    told = dY * factor
    below = np.einsum("nm,dm->nd", told, weights[-1])
    dX, dWs, dbs = mlp_backward(below, A[:-1], weights[:-1], names[:-1])
    return dX, dWs + [np.einsum("nd,nm->dm", A[-2], told)], dbs + [np.einsum("nm->m", told)]
# %% right: one example after the other
import numpy as np
def mlp_backward(dY, A, weights, names):
    dWs = [np.zeros(np.shape(W)) for W in weights]
    dbs = [np.zeros(np.shape(W)[1]) for W in weights]
    dX = np.zeros(np.shape(A[0]))
    for n in range(len(dY)):
        g = np.array(dY[n], dtype=float)
        for l in range(len(weights) - 1, -1, -1):
            a = A[l + 1][n]
            if names[l] == "tanh":
                g = g * (1 - a**2)
            elif names[l] == "sigmoid":
                g = g * a * (1 - a)
            elif names[l] == "relu":
                g = g * (a > 0)
            dWs[l] += np.outer(A[l][n], g)
            dbs[l] += g
            g = weights[l] @ g
        dX[n] = g
    return dX, dWs, dbs
