# %% single: no sigmoid behind the last layer
# name: forgets the sigmoid of the output layer
def mlp_forward(X, weights, biases):
    A = X
    for l in range(len(weights)):
        A = A @ weights[l] + biases[l]
        if l < len(weights) - 1:
            A = 1 / (1 + np.exp(-A))
    return A
# %% single: bias added after the activation
# name: adds the bias after the sigmoid: it belongs to the net input
def mlp_forward(X: np.ndarray, weights: list, biases: list) -> np.ndarray:
    out = X
    for W, b in zip(weights, biases):
        out = 1 / (1 + np.exp(-(out @ W))) + b
    return out
# %% single: sigmoid only once at the end
# name: forgets the sigmoid of the hidden layers, so the whole network is one linear map
def mlp_forward(X, weights, biases):
    h = X
    for W, b in zip(weights, biases):
        h = h @ W + b
    return 1.0 / (1.0 + np.exp(-h))
# %% unknown: every layer is fed with the running mean of its input and the centred rows
def mlp_forward(X, weights, biases):
    a = X
    for W, b in zip(weights, biases):
        a = a - a.mean(axis=0)
        a = 1.0 / (1.0 + np.exp(-(a @ W + b)))
    return a
# %% right: recursion with a stable sigmoid by tanh
def mlp_forward(X: np.ndarray, weights: list, biases: list) -> np.ndarray:
    if not weights:
        return X
    Z = np.einsum("nd,dm->nm", X, weights[0]) + biases[0][None, :]
    return mlp_forward(0.5 * (1 + np.tanh(Z / 2)), weights[1:], biases[1:])
