# %% single: notes the loss only after each update
# name: leaves out the loss of the start
import numpy as np
def run(X, Ws, bs, names):
    f = {"linear": lambda Z: Z, "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}
    A = [X]
    for W, b, n in zip(Ws, bs, names):
        A.append(f[n](A[-1] @ W + b))
    return A
def back(dY, A, Ws, names):
    s = {"linear": lambda a: np.ones(a.shape), "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}
    dWs, dbs = [], []
    for l in reversed(range(len(Ws))):
        dZ = dY * s[names[l]](A[l + 1])
        dWs.insert(0, A[l].T @ dZ)
        dbs.insert(0, dZ.sum(axis=0))
        dY = dZ @ Ws[l].T
    return dWs, dbs
def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    Ws, bs, losses = [W * 1.0 for W in weights], [b * 1.0 for b in biases], []
    for _ in range(epochs):
        A = run(X, Ws, bs, names)
        dWs, dbs = back(2 * (A[-1] - Y) / Y.size, A, Ws, names)
        Ws = [W - lr * d for W, d in zip(Ws, dWs)]
        bs = [b - lr * d for b, d in zip(bs, dbs)]
        losses.append(float(np.mean((run(X, Ws, bs, names)[-1] - Y) ** 2)))
        if losses[-1] <= target_loss:
            break
    return Ws, bs, losses
# %% single: divides the gradient by the number of rows instead of elements
# name: divides the gradient by the number of rows: the loss is a mean over all elements, rows times outputs
import numpy as np
def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    f = {"linear": lambda Z: Z, "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}
    s = {"linear": lambda a: 1.0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}
    Ws, bs, losses = [W.astype(float) for W in weights], [b.astype(float) for b in biases], []
    for epoch in range(epochs + 1):
        A = [X]
        for W, b, n in zip(Ws, bs, names):
            A.append(f[n](A[-1] @ W + b))
        losses.append(np.mean((A[-1] - Y) ** 2))
        if losses[-1] <= target_loss or epoch == epochs:
            break
        d = 2 * (A[-1] - Y) / len(X)
        for l in range(len(Ws) - 1, -1, -1):
            d = d * s[names[l]](A[l + 1])
            dW, db, d = A[l].T @ d, d.sum(axis=0), d @ Ws[l].T
            Ws[l] = Ws[l] - lr * dW
            bs[l] = bs[l] - lr * db
    return Ws, bs, losses
# %% single: hands blame through weights that have just been updated
# name: updates a layer before the layers below it have heard through it: all gradients belong to one point, then everything moves
import numpy as np
def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    f = {"linear": lambda Z: Z, "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}
    s = {"linear": lambda a: 1.0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}
    Ws, bs, losses = [W.astype(float) for W in weights], [b.astype(float) for b in biases], []
    for epoch in range(epochs + 1):
        A = [X]
        for W, b, n in zip(Ws, bs, names):
            A.append(f[n](A[-1] @ W + b))
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if losses[-1] <= target_loss or epoch == epochs:
            break
        d = 2 * (A[-1] - Y) / Y.size
        for l in range(len(Ws) - 1, -1, -1):
            d = d * s[names[l]](A[l + 1])
            Ws[l] = Ws[l] - lr * A[l].T @ d
            bs[l] = bs[l] - lr * d.sum(axis=0)
            d = d @ Ws[l].T
    return Ws, bs, losses
# %% single: makes one more update after the loss has reached the target
# name: looks at target_loss after the update: once the loss is low enough, nothing should move
import numpy as np
def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    acts = {"linear": lambda Z: Z, "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}
    slopes = {"linear": lambda a: 1.0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}
    def go(Ws, bs):
        A = [X]
        for W, b, n in zip(Ws, bs, names):
            A.append(acts[n](A[-1] @ W + b))
        return A
    Ws, bs, losses = [W + 0.0 for W in weights], [b + 0.0 for b in biases], []
    for _ in range(epochs):
        A = go(Ws, bs)
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        d, new_W, new_b = 2 * (A[-1] - Y) / Y.size, [], []
        for l in range(len(Ws) - 1, -1, -1):
            dZ = d * slopes[names[l]](A[l + 1])
            new_W.insert(0, Ws[l] - lr * A[l].T @ dZ)
            new_b.insert(0, bs[l] - lr * dZ.sum(axis=0))
            d = dZ @ Ws[l].T
        Ws, bs = new_W, new_b
        if losses[-1] <= target_loss:
            return Ws, bs, losses
    losses.append(float(np.mean((go(Ws, bs)[-1] - Y) ** 2)))
    return Ws, bs, losses
# %% single: changes the given arrays (lists copied, arrays not)
# name: writes the new parameters into the lists or arrays it was given: build new ones
import numpy as np
def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    acts = {"linear": lambda Z: Z, "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}
    slopes = {"linear": lambda a: 1.0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}
    Ws, bs, losses = list(weights), list(biases), []
    for epoch in range(epochs + 1):
        A = [X]
        for W, b, n in zip(Ws, bs, names):
            A.append(acts[n](A[-1] @ W + b))
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if losses[-1] <= target_loss or epoch == epochs:
            break
        d = 2 * (A[-1] - Y) / Y.size
        for l in range(len(Ws) - 1, -1, -1):
            dZ = d * slopes[names[l]](A[l + 1])
            d = dZ @ Ws[l].T
            Ws[l] -= lr * A[l].T @ dZ
            bs[l] -= lr * dZ.sum(axis=0)
    return Ws, bs, losses
# %% pair: the 2 is missing in the gradient, and the last loss is not noted
# name: none
import numpy as np
def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    acts = {"linear": lambda Z: Z, "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}
    slopes = {"linear": lambda a: 1.0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: a > 0}
    Ws, bs, losses = [W * 1.0 for W in weights], [b * 1.0 for b in biases], []
    for epoch in range(epochs):
        A = [X]
        for W, b, n in zip(Ws, bs, names):
            A.append(acts[n](A[-1] @ W + b))
        losses.append(float(np.mean((A[-1] - Y) ** 2)))
        if losses[-1] <= target_loss:
            break
        d = (A[-1] - Y) / Y.size
        for l in range(len(Ws) - 1, -1, -1):
            dZ = d * slopes[names[l]](A[l + 1])
            d = dZ @ Ws[l].T
            Ws[l] = Ws[l] - lr * A[l].T @ dZ
            bs[l] = bs[l] - lr * dZ.sum(axis=0)
    return Ws, bs, losses
# %% right: while loop, deep copies as floats, loss by a loop over rows
import copy
import numpy as np
def train_network(X, Y, weights, biases, names, lr, epochs, target_loss):
    params = [[np.array(copy.deepcopy(W), dtype=np.float64), np.array(b, dtype=np.float64), name]
              for W, b, name in zip(weights, biases, names)]
    losses, made = [], 0
    while True:
        kept, h = [], np.asarray(X, dtype=np.float64)
        for W, b, name in params:
            before = h
            z = np.einsum("nd,dm->nm", h, W) + b
            if name == "sigmoid":
                h = 0.5 + 0.5 * np.tanh(z / 2)
                s = h * (1 - h)
            elif name == "tanh":
                h = np.tanh(z)
                s = 1 - h**2
            elif name == "relu":
                h = np.where(z > 0, z, 0.0)
                s = np.where(z > 0, 1.0, 0.0)
            else:
                h, s = z, np.ones(z.shape)
            kept.append((before, s))
        total = 0.0
        for row, wanted in zip(h, Y):
            total += float(np.sum((row - wanted) ** 2))
        losses.append(total / h.size)
        if made == epochs or losses[-1] <= target_loss:
            return [p[0] for p in params], [p[1] for p in params], losses
        up = (h - Y) * (2 / h.size)
        for p, (before, s) in zip(params[::-1], kept[::-1]):
            dz = up * s
            up = dz @ p[0].T
            p[0] = p[0] - lr * (before.T @ dz)
            p[1] = p[1] - lr * dz.sum(axis=0)
        made += 1
