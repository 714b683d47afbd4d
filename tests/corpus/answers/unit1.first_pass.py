# %% single: hidden net input handed on instead of hidden output
# name: sends I_hidden on to the output layer: what travels on is O_hidden, after the sigmoid
def first_pass(x, W1, b1, W2, b2, target):
    def sig(z):
        return 1 / (1 + np.exp(-z))
    I_h = x @ W1 + b1
    O_h = sig(I_h)
    I_o = I_h @ W2 + b2
    O_o = sig(I_o)
    return {"I_hidden": I_h, "O_hidden": O_h, "I_output": I_o, "O_output": O_o, "error": target - O_o}
# %% single: biases subtracted like thresholds
# name: subtracts theta as if it were a threshold to reach: in these formulas theta is added, like a bias
def first_pass(x, W1, b1, W2, b2, target):
    r = {}
    r["I_hidden"] = x @ W1 - b1
    r["O_hidden"] = 1 / (1 + np.exp(-r["I_hidden"]))
    r["I_output"] = r["O_hidden"] @ W2 - b2
    r["O_output"] = 1 / (1 + np.exp(-r["I_output"]))
    r["error"] = target - r["O_output"]
    return r
# %% single: error is half squared error
# name: halves and squares the error: that is the loss; here the plain difference is asked for
def first_pass(x, W1, b1, W2, b2, target):
    sigma = lambda z: 1 / (1 + np.exp(-z))
    I_hidden = W1.T @ x + b1
    O_hidden = sigma(I_hidden)
    I_output = W2.T @ O_hidden + b2
    O_output = sigma(I_output)
    error = 0.5 * (target - O_output) ** 2
    return dict(I_hidden=I_hidden, O_hidden=O_hidden, I_output=I_output, O_output=O_output, error=error)
# %% pair: output layer has no sigmoid and the output bias is forgotten
def first_pass(x, W1, b1, W2, b2, target):
    I_hidden = x @ W1 + b1
    O_hidden = 1 / (1 + np.exp(-I_hidden))
    I_output = O_hidden @ W2
    O_output = I_output
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": target - O_output}
# %% right: loops over the nodes
def first_pass(x, W1, b1, W2, b2, target):
    D, H = W1.shape
    M = W2.shape[1]
    I_hidden = np.zeros(H)
    for j in range(H):
        I_hidden[j] = b1[j] + sum(W1[i, j] * x[i] for i in range(D))
    O_hidden = 1 / (1 + np.exp(-I_hidden))
    I_output = np.zeros(M)
    for k in range(M):
        I_output[k] = b2[k] + sum(W2[j, k] * O_hidden[j] for j in range(H))
    O_output = 1 / (1 + np.exp(-I_output))
    return {"I_hidden": I_hidden, "O_hidden": O_hidden, "I_output": I_output, "O_output": O_output,
            "error": np.asarray(target) - O_output}
