# %% single: hidden errors with the new W2
# name: computes the hidden errors with the new W2: all errors belong to the old weights, so update last
def update_parameters(x, W1, b1, W2, b2, rate, target):
    s = lambda z: 1 / (1 + np.exp(-z))
    h = s(x @ W1 + b1)
    o = s(h @ W2 + b2)
    eo = o * (1 - o) * (target - o)
    W2 = W2 + rate * np.outer(h, eo)
    b2 = b2 + rate * eo
    eh = h * (1 - h) * (W2 @ eo)
    W1 = W1 + rate * np.outer(x, eh)
    b1 = b1 + rate * eh
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
# %% single: minus as in gradient descent
# name: subtracts the change: the errors contain target minus output, so adding goes downhill already
def update_parameters(x, W1, b1, W2, b2, rate, target):
    def sigma(z):
        return 1 / (1 + np.exp(-z))
    O_h = sigma(x @ W1 + b1)
    O_o = sigma(O_h @ W2 + b2)
    Err_o = O_o * (1 - O_o) * (target - O_o)
    Err_h = O_h * (1 - O_h) * (W2 @ Err_o)
    new = {}
    new["W1"] = W1 - rate * np.outer(x, Err_h)
    new["b1"] = b1 - rate * Err_h
    new["W2"] = W2 - rate * np.outer(O_h, Err_o)
    new["b2"] = b2 - rate * Err_o
    return new
# %% single: learning rate forgotten at the biases
# name: forgets the learning rate for the biases
def update_parameters(x, W1, b1, W2, b2, rate, target):
    O_h = 1 / (1 + np.exp(-(x @ W1 + b1)))
    O_o = 1 / (1 + np.exp(-(O_h @ W2 + b2)))
    Err_o = (target - O_o) * O_o * (1 - O_o)
    Err_h = (W2 * Err_o).sum(axis=1) * O_h * (1 - O_h)
    return {"W1": W1 + rate * x[:, None] * Err_h[None, :], "b1": b1 + Err_h,
            "W2": W2 + rate * O_h[:, None] * Err_o[None, :], "b2": b2 + Err_o}
# %% pair: changes the given arrays in place and forgets the hidden biases
def update_parameters(x, W1, b1, W2, b2, rate, target):
    O_h = 1 / (1 + np.exp(-(x @ W1 + b1)))
    O_o = 1 / (1 + np.exp(-(O_h @ W2 + b2)))
    Err_o = (target - O_o) * O_o * (1 - O_o)
    Err_h = (W2 @ Err_o) * O_h * (1 - O_h)
    W1 += rate * np.outer(x, Err_h)
    W2 += rate * np.outer(O_h, Err_o)
    b2 += rate * Err_o
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
# %% right: with columns of ones
def update_parameters(x, W1, b1, W2, b2, rate, target):
    A1, A2 = np.vstack([W1, b1]), np.vstack([W2, b2])
    x1 = np.append(x, 1.0)
    h = 1 / (1 + np.exp(-(x1 @ A1)))
    h1 = np.append(h, 1.0)
    o = 1 / (1 + np.exp(-(h1 @ A2)))
    d2 = o * (1 - o) * (target - o)
    d1 = h * (1 - h) * (A2[:-1] @ d2)
    N1, N2 = A1 + rate * np.outer(x1, d1), A2 + rate * np.outer(h1, d2)
    return {"W1": N1[:-1], "b1": N1[-1], "W2": N2[:-1], "b2": N2[-1]}
