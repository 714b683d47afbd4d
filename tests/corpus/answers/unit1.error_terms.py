# %% single: no sigmoid slope at the hidden nodes
# name: forgets the slope O (1 - O) of the hidden nodes: the error passes back through their sigmoids too
def error_terms(O_hidden, O_output, W2, target):
    Err_o = O_output * (1 - O_output) * (target - O_output)
    Err_h = W2 @ Err_o
    return {"Err_output": Err_o, "Err_hidden": Err_h}
# %% single: hidden errors get the plain difference instead of Err_output
# name: sends target minus output back to the hidden nodes: what goes back is Err_output, slope included
def error_terms(O_hidden, O_output, W2, target):
    diff = target - O_output
    return {"Err_output": O_output * (1 - O_output) * diff,
            "Err_hidden": O_hidden * (1 - O_hidden) * (W2 @ diff)}
# %% single: the blame is averaged over the output nodes instead of summed
# name: averages what comes back from the outputs: it is a sum
def error_terms(O_hidden, O_output, W2, target):
    err_k = (target - O_output) * O_output * (1 - O_output)
    err_j = np.zeros(len(O_hidden))
    for j in range(len(O_hidden)):
        err_j[j] = O_hidden[j] * (1 - O_hidden[j]) * np.mean(W2[j] * err_k)
    return {"Err_output": err_k, "Err_hidden": err_j}
# %% pair: tanh slope in both layers and only the first output node counts
def error_terms(O_hidden, O_output, W2, target):
    e = (1 - O_output**2) * (target - O_output)
    return {"Err_output": e, "Err_hidden": (1 - O_hidden**2) * W2[:, 0] * e[0]}
# %% right: loops
def error_terms(O_hidden, O_output, W2, target):
    H, M = W2.shape
    out = np.array([o * (1 - o) * (t - o) for o, t in zip(O_output, target)])
    hidden = np.empty(H)
    for j in range(H):
        blame = 0.0
        for k in range(M):
            blame += W2[j, k] * out[k]
        hidden[j] = O_hidden[j] * (1 - O_hidden[j]) * blame
    return dict(Err_output=out, Err_hidden=hidden)
