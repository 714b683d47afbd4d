# %% single: takes the sigmoid of A once more
# name: applies the sigmoid once more to A: A is its output already, and the slope is A (1 - A)
import numpy as np
def activation_backward(dA, A, name):
    if name == "linear":
        return dA
    if name == "sigmoid":
        s = 1 / (1 + np.exp(-A))
        return dA * s * (1 - s)
    if name == "tanh":
        return dA * (1 - A ** 2)
    return dA * (A > 0)
# %% single: 1 - tanh squared of A instead of 1 - A squared
# name: applies tanh once more to A: A is its output already, and the slope is 1 - A^2
import numpy as np
def activation_backward(dA, A, name):
    slope = {"linear": lambda A: 1, "sigmoid": lambda A: A * (1 - A), "tanh": lambda A: 1 - np.tanh(A) ** 2, "relu": lambda A: A > 0}
    return dA * slope[name](A)
# %% single: a silent ReLU counts as open (>=)
# name: lets everything through at relu: A >= 0 is true for all outputs of a relu, and those of silent units are 0
import numpy as np
def activation_backward(dA: np.ndarray, A: np.ndarray, name: str) -> np.ndarray:
    if name == "relu":
        return np.where(A >= 0, dA, 0.0)
    elif name == "tanh":
        return dA * (1 - A * A)
    elif name == "sigmoid":
        return dA * A * (1 - A)
    else:
        return dA.copy()
# %% single: gives the slope without the upstream gradient for linear
# name: gives ones for a linear layer: its slope is 1, so dZ is dA
import numpy as np
def activation_backward(dA, A, name):
    if name == "linear":
        return np.ones(A.shape)
    if name == "relu":
        return dA * (A > 0)
    if name == "tanh":
        return dA * (1 - A ** 2)
    if name == "sigmoid":
        return dA * (A - A ** 2)
# %% pair: tanh without the square, ReLU multiplies with A
# name: none
import numpy as np
def activation_backward(dA, A, name):
    if name == "linear":
        return 1.0 * dA
    if name == "sigmoid":
        return dA * A * (1 - A)
    if name == "tanh":
        return dA * (1 - A)
    return dA * np.maximum(A, 0)
# %% unknown: fills an array of the type of A
# name: collects the result in an array like A, which may hold whole numbers, so decimals are cut off
import numpy as np
def activation_backward(dA, A, name):
    dZ = np.empty_like(A)
    if name == "linear":
        dZ[...] = dA
    elif name == "sigmoid":
        dZ[...] = dA * A * (1 - A)
    elif name == "tanh":
        dZ[...] = dA * (1 - A ** 2)
    else:
        dZ[...] = dA * (A > 0)
    return dZ
# %% right: number by number
import numpy as np
def activation_backward(dA, A, name):
    def one(g, a):
        g, a = float(g), float(a)
        if name == "sigmoid":
            return g * a * (1.0 - a)
        if name == "tanh":
            return g * (1.0 - a) * (1.0 + a)
        if name == "relu":
            return g if a > 0 else 0.0
        return g
    return np.array([one(g, a) for g, a in zip(np.ravel(dA), np.ravel(A))], dtype=float).reshape(np.shape(dA))
# %% right: copies and masks
import numpy as np
def activation_backward(dA, A, name):
    out = np.array(dA, dtype=float, copy=True)
    A = np.asarray(A, dtype=float)
    match name:
        case "relu":
            out[A <= 0] = 0.0
        case "sigmoid":
            out *= 0.25 - (A - 0.5) ** 2
        case "tanh":
            out *= 1.0 - np.square(A)
    return out
