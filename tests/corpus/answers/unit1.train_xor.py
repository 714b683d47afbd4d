# %% single: changes the given arrays in place
# name: writes into the arrays it was given (W1 += ...): the starting weights are lost to the caller
def train_xor(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    sig = lambda z: 1 / (1 + np.exp(-z))
    for epoch in range(max_epochs):
        out = sig(sig(X @ W1 + b1) @ W2 + b2)
        if np.mean(0.5 * (T - out) ** 2) < goal:
            break
        for x, t in zip(X, T):
            h = sig(x @ W1 + b1)
            o = sig(h @ W2 + b2)
            eo = o * (1 - o) * (t - o)
            eh = h * (1 - h) * (W2 @ eo)
            W1 += rate * np.outer(x, eh)
            b1 += rate * eh
            W2 += rate * np.outer(h, eo)
            b2 += rate * eo
    return W1, b1, W2, b2
# %% single: return is indented into the epoch loop
# name: comes back with the weights of a single epoch: does the return stand inside the loop, or does every epoch begin at the first weights again?
def train_xor(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    def sig(z):
        return 1 / (1 + np.exp(-z))
    for epoch in range(max_epochs):
        out = sig(sig(X @ W1 + b1) @ W2 + b2)
        loss = np.mean((T - out) ** 2) / 2
        if loss < goal:
            return W1, b1, W2, b2
        for x, t in zip(X, T):
            h = sig(x @ W1 + b1)
            o = sig(h @ W2 + b2)
            eo = o * (1 - o) * (t - o)
            eh = h * (1 - h) * (W2 @ eo)
            W1 = W1 + rate * np.outer(x, eh)
            b1 = b1 + rate * eh
            W2 = W2 + rate * np.outer(h, eo)
            b2 = b2 + rate * eo
        return W1, b1, W2, b2
    return W1, b1, W2, b2
# %% single: biases are never updated
# name: never trains the biases: without them the lines cannot move away from the origin
def train_xor(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    sig = lambda z: 1 / (1 + np.exp(-z))
    for epoch in range(max_epochs):
        if (0.5 * (T - sig(sig(X @ W1 + b1) @ W2 + b2)) ** 2).mean() < goal:
            break
        for i in range(len(X)):
            h = sig(X[i] @ W1 + b1)
            o = sig(h @ W2 + b2)
            eo = o * (1 - o) * (T[i] - o)
            eh = h * (1 - h) * (W2 @ eo)
            W1 = W1 + rate * np.outer(X[i], eh)
            W2 = W2 + rate * np.outer(h, eo)
    return W1, b1, W2, b2
# %% unknown: rounds all parameters to whole numbers after each epoch
def train_xor(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    sig = lambda z: 1 / (1 + np.exp(-z))
    for epoch in range(max_epochs):
        if (0.5 * (T - sig(sig(X @ W1 + b1) @ W2 + b2)) ** 2).mean() < goal:
            break
        for x, t in zip(X, T):
            h = sig(x @ W1 + b1)
            o = sig(h @ W2 + b2)
            eo = o * (1 - o) * (t - o)
            eh = h * (1 - h) * (W2 @ eo)
            W1, b1 = W1 + rate * np.outer(x, eh), b1 + rate * eh
            W2, b2 = W2 + rate * np.outer(h, eo), b2 + rate * eo
        W1, b1, W2, b2 = (np.round(p) for p in (W1, b1, W2, b2))
    return W1, b1, W2, b2
# %% right: while loop with helper functions and copies
def _out(X, p):
    hidden = 1 / (1 + np.exp(-(X @ p[0] + p[1])))
    return hidden, 1 / (1 + np.exp(-(hidden @ p[2] + p[3])))


def _one_row(x, t, p, rate):
    h, o = _out(x, p)
    eo = (t - o) * o * (1 - o)
    eh = (p[2] @ eo) * h * (1 - h)
    return [p[0] + rate * np.outer(x, eh), p[1] + rate * eh, p[2] + rate * np.outer(h, eo), p[3] + rate * eo]


def train_xor(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    p = [np.array(a, dtype=float) for a in (W1, b1, W2, b2)]
    epoch = 0
    while epoch < max_epochs and 0.5 * np.mean((T - _out(X, p)[1]) ** 2) >= goal:
        for x, t in zip(X, T):
            p = _one_row(x, t, p, rate)
        epoch += 1
    return tuple(p)
