# %% single: 2 (Z2 - Y) divided by the number of rows
# name: suspects dZ2 where it is right: the loss is the mean over all elements of Y, so dZ2 = 2 (Z2 - Y) / Y.size
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    Z1 = X @ W1 + b1
    A1 = 1 / (1 + np.exp(-Z1))
    Z2 = A1 @ W2 + b2
    dZ2 = 2 * (Z2 - Y) / len(Y)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * A1 * (1 - A1)
    right = {"Z1": Z1, "A1": A1, "Z2": Z2, "dZ2": dZ2, "dW2": A1.T @ dZ2, "db2": dZ2.sum(0), "dA1": dA1, "dZ1": dZ1,
             "dW1": X.T @ dZ1, "db1": dZ1.sum(0)}
    for name in right:
        if np.abs(right[name] - printed[name]).max() > 0.005:
            return name
    return "none"
# %% single: looks at the difference with its sign, too small numbers are not seen
# name: only sees numbers that are printed too large: compare absolute differences
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    Z1 = X @ W1 + b1
    A1 = 1 / (1 + np.exp(-Z1))
    Z2 = A1 @ W2 + b2
    dZ2 = 2 * (Z2 - Y) / Y.size
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * A1 * (1 - A1)
    lines = [("Z1", Z1), ("A1", A1), ("Z2", Z2), ("dZ2", dZ2), ("dW2", A1.T @ dZ2), ("db2", dZ2.sum(axis=0)),
             ("dA1", dA1), ("dZ1", dZ1), ("dW1", X.T @ dZ1), ("db1", dZ1.sum(axis=0))]
    for name, value in lines:
        if np.max(printed[name] - value) > 0.01:
            return name
    return "none"
# %% single: the tolerance is finer than the rounding
# name: asks for exact agreement, but printed numbers are rounded: allow about 0.001
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    p = printed
    def check(name, value):
        return np.allclose(p[name], value, atol=1e-8)
    want = {
        "Z1": X @ W1 + b1, "A1": 1 / (1 + np.exp(-p["Z1"])), "Z2": p["A1"] @ W2 + b2, "dZ2": 2 * (p["Z2"] - Y) / Y.size,
        "dW2": p["A1"].T @ p["dZ2"], "db2": p["dZ2"].sum(axis=0), "dA1": p["dZ2"] @ W2.T,
        "dZ1": p["dA1"] * p["A1"] * (1 - p["A1"]), "dW1": X.T @ p["dZ1"], "db1": p["dZ1"].sum(axis=0)}
    for name, value in want.items():
        if not check(name, value):
            return name
    return "none"
# %% single: names the last wrong line
# name: names the last wrong line: it is the first that is at fault, the others only inherit
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    right = {}
    right["Z1"] = X @ W1 + b1
    right["A1"] = 1 / (1 + np.exp(-right["Z1"]))
    right["Z2"] = right["A1"] @ W2 + b2
    right["dZ2"] = 2 * (right["Z2"] - Y) / Y.size
    right["dW2"] = right["A1"].T @ right["dZ2"]
    right["db2"] = right["dZ2"].sum(axis=0)
    right["dA1"] = right["dZ2"] @ W2.T
    right["dZ1"] = right["dA1"] * right["A1"] * (1 - right["A1"])
    right["dW1"] = X.T @ right["dZ1"]
    right["db1"] = right["dZ1"].sum(axis=0)
    answer = "none"
    for name, value in right.items():
        if (np.abs(value - printed[name]) > 0.005).any():
            answer = name
    return answer
# %% pair: slope of the sigmoid missing in dZ1, and the mean difference instead of the largest
# name: suspects dZ1 where it is right: it is dA1 times the slope of the sigmoid, A1 (1 - A1)
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    Z1 = X @ W1 + b1
    A1 = 1 / (1 + np.exp(-Z1))
    Z2 = A1 @ W2 + b2
    dZ2 = 2 * (Z2 - Y) / Y.size
    dA1 = dZ2 @ W2.T
    dZ1 = dA1
    right = dict(Z1=Z1, A1=A1, Z2=Z2, dZ2=dZ2, dW2=A1.T @ dZ2, db2=dZ2.sum(0), dA1=dA1, dZ1=dZ1, dW1=X.T @ dZ1, db1=dZ1.sum(0))
    for name, v in right.items():
        if np.mean(np.abs(v - printed[name])) > 0.01:
            return name
    return "none"
# %% unknown: stops after the forward part
# name: looks no further than dZ2: the lines behind it can be computed wrongly, too
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    Z1 = X @ W1 + b1
    A1 = 1 / (1 + np.exp(-Z1))
    Z2 = A1 @ W2 + b2
    dZ2 = 2 * (Z2 - Y) / Y.size
    for name, v in (("Z1", Z1), ("A1", A1), ("Z2", Z2), ("dZ2", dZ2)):
        if np.abs(v - printed[name]).max() > 0.005:
            return name
    return "none"
# %% right: each line from the printed lines before it
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    P = {name: np.asarray(value, dtype=float) for name, value in printed.items()}
    recipe = [
        ("Z1", lambda: X @ W1 + b1),
        ("A1", lambda: 0.5 * (1 + np.tanh(0.5 * P["Z1"]))),
        ("Z2", lambda: P["A1"] @ W2 + b2),
        ("dZ2", lambda: (P["Z2"] - Y) * (2.0 / np.size(Y))),
        ("dW2", lambda: np.einsum("nh,nm->hm", P["A1"], P["dZ2"])),
        ("db2", lambda: P["dZ2"].sum(axis=0)),
        ("dA1", lambda: P["dZ2"] @ np.transpose(W2)),
        ("dZ1", lambda: P["dA1"] * (P["A1"] - P["A1"] ** 2)),
        ("dW1", lambda: np.einsum("nd,nh->dh", X, P["dZ1"])),
        ("db1", lambda: P["dZ1"].sum(axis=0))]
    for name, make in recipe:
        want = make()
        if want.shape != P[name].shape or not np.all(np.abs(want - P[name]) < 0.008):
            return name
    return "none"
# %% right: whole pass first, rounded, then compared
import numpy as np
def first_wrong_line(X, Y, W1, b1, W2, b2, printed):
    order = ("Z1", "A1", "Z2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1")
    mine = {}
    mine["Z1"] = np.dot(X, W1) + b1
    mine["A1"] = np.exp(-np.logaddexp(0, -mine["Z1"]))
    mine["Z2"] = np.dot(mine["A1"], W2) + b2
    mine["dZ2"] = 2 * (mine["Z2"] - Y) / Y.size
    mine["dW2"], mine["db2"] = np.dot(mine["A1"].T, mine["dZ2"]), np.sum(mine["dZ2"], axis=0)
    mine["dA1"] = np.dot(mine["dZ2"], W2.T)
    mine["dZ1"] = mine["dA1"] * mine["A1"] * (1 - mine["A1"])
    mine["dW1"], mine["db1"] = np.dot(X.T, mine["dZ1"]), np.sum(mine["dZ1"], axis=0)
    faults = [n for n in order if not np.allclose(np.round(mine[n], 4), printed[n], rtol=0, atol=0.005)]
    return faults[0] if faults else "none"
