# %% single: no absolute value
# name: keeps the sign: how strongly an input matters is the size of its gradient
def saliency(X, W1, b1, W2, b2, class_index):
    H = np.tanh(X @ W1 + b1)
    return ((1 - H**2) * W2[:, class_index]) @ W1.T
# %% single: slope of the tanh forgotten
# name: forgets the slope of tanh, so only the weights count and all rows are alike
def saliency(X, W1, b1, W2, b2, class_index):
    g = np.abs(W1 @ W2[:, class_index])
    return np.tile(g, (len(X), 1))
# %% single: absolute values inside the sum over the hidden units
# name: takes absolute values inside the sum over the hidden units: their contributions may cancel, the absolute value comes last
def saliency(X, W1, b1, W2, b2, class_index):
    H = np.tanh(X @ W1 + b1)
    D = (1 - H * H) * np.abs(W2[:, class_index])
    return D @ np.abs(W1).T
# %% pair: saliency of the softmax probability, and biases of the hidden layer forgotten
def saliency(X, W1, b1, W2, b2, class_index):
    H = np.tanh(X @ W1)
    O = H @ W2 + b2
    E = np.exp(O - O.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    start = -P * P[:, [class_index]]
    start[:, class_index] += P[:, class_index]
    return np.abs(((start @ W2.T) * (1 - H**2)) @ W1.T)
# %% right: one example after another by the chain of matrices
def saliency(X, W1, b1, W2, b2, class_index):
    S = np.zeros(X.shape, dtype=float)
    for n in range(len(X)):
        slope = 1 / np.cosh(X[n] @ W1 + b1) ** 2
        S[n] = np.abs(W1 @ (slope * W2[:, class_index]))
    return S
