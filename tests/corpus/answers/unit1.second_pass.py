# %% single: reduction turned round (second minus first)
# name: has the reduction the wrong way round: error before minus error after is positive when things got better for an output that was too small
def _fwd(x, W1, b1, W2, b2, target):
    I_h = x @ W1 + b1
    O_h = 1 / (1 + np.exp(-I_h))
    I_o = O_h @ W2 + b2
    O_o = 1 / (1 + np.exp(-I_o))
    return {"I_hidden": I_h, "O_hidden": O_h, "I_output": I_o, "O_output": O_o, "error": target - O_o}


def second_pass(x, W1, b1, W2, b2, rate, target):
    one = _fwd(x, W1, b1, W2, b2, target)
    eo = one["O_output"] * (1 - one["O_output"]) * one["error"]
    eh = one["O_hidden"] * (1 - one["O_hidden"]) * (W2 @ eo)
    two = _fwd(x, W1 + rate * np.outer(x, eh), b1 + rate * eh,
               W2 + rate * np.outer(one["O_hidden"], eo), b2 + rate * eo, target)
    two["reduction"] = two["error"] - one["error"]
    return two
# %% single: second pass with the old biases
# name: keeps the old biases: they learn too
def second_pass(x, W1, b1, W2, b2, rate, target):
    sig = lambda z: 1 / (1 + np.exp(-z))
    h = sig(x @ W1 + b1)
    o = sig(h @ W2 + b2)
    before = target - o
    eo = o * (1 - o) * before
    eh = h * (1 - h) * (W2 @ eo)
    W1n = W1 + rate * np.outer(x, eh)
    W2n = W2 + rate * np.outer(h, eo)
    I_h = x @ W1n + b1
    O_h = sig(I_h)
    I_o = O_h @ W2n + b2
    O_o = sig(I_o)
    return {"I_hidden": I_h, "O_hidden": O_h, "I_output": I_o, "O_output": O_o, "error": target - O_o,
            "reduction": before - (target - O_o)}
# %% single: reduction of the squared errors
def second_pass(x, W1, b1, W2, b2, rate, target):
    def forward(W1, b1, W2, b2):
        Ih = x @ W1 + b1
        Oh = 1 / (1 + np.exp(-Ih))
        Io = Oh @ W2 + b2
        Oo = 1 / (1 + np.exp(-Io))
        return dict(I_hidden=Ih, O_hidden=Oh, I_output=Io, O_output=Oo, error=target - Oo)
    f = forward(W1, b1, W2, b2)
    d2 = f["error"] * f["O_output"] * (1 - f["O_output"])
    d1 = f["O_hidden"] * (1 - f["O_hidden"]) * (W2 @ d2)
    g = forward(W1 + rate * np.outer(x, d1), b1 + rate * d1, W2 + rate * np.outer(f["O_hidden"], d2), b2 + rate * d2)
    g["reduction"] = f["error"] ** 2 - g["error"] ** 2
    return g
# %% pair: only the output layer is updated and the reduction is a scalar sum of absolute values
def second_pass(x, W1, b1, W2, b2, rate, target):
    sig = lambda z: 1 / (1 + np.exp(-z))
    Ih = x @ W1 + b1
    h = sig(Ih)
    o = sig(h @ W2 + b2)
    eo = o * (1 - o) * (target - o)
    Io = h @ (W2 + rate * np.outer(h, eo)) + b2 + rate * eo
    o2 = sig(Io)
    return {"I_hidden": Ih, "O_hidden": h, "I_output": Io, "O_output": o2, "error": target - o2,
            "reduction": np.abs(target - o).sum() - np.abs(target - o2).sum()}
# %% right: reduction as difference of the outputs
def second_pass(x, W1, b1, W2, b2, rate, target):
    sig = lambda z: 0.5 + 0.5 * np.tanh(z / 2)
    h = sig(W1.T @ x + b1)
    o = sig(W2.T @ h + b2)
    delta_out = (target - o) * (o - o**2)
    delta_hid = (h - h**2) * (W2 @ delta_out)
    V1, c1 = W1 + rate * x[:, None] * delta_hid, b1 + rate * delta_hid
    V2, c2 = W2 + rate * h[:, None] * delta_out, b2 + rate * delta_out
    result = {"I_hidden": V1.T @ x + c1}
    result["O_hidden"] = sig(result["I_hidden"])
    result["I_output"] = V2.T @ result["O_hidden"] + c2
    result["O_output"] = sig(result["I_output"])
    result["error"] = target - result["O_output"]
    result["reduction"] = result["O_output"] - o
    return result
