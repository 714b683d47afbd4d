# %% single: slope of the sigmoid at a instead of from a (sigmoid taken twice)
# name: applies the sigmoid once more to a: a is the output of the sigmoid already, so its slope is a (1 - a)
import numpy as np
def neuron_gradients(x, w, b, y):
    def sig(t):
        return 1 / (1 + np.exp(-t))
    z = np.dot(w, x) + b
    a = sig(z)
    dC_da = 2 * (a - y)
    da_dz = sig(a) * (1 - sig(a))
    dz = dC_da * da_dz
    return {"z": z, "a": a, "dC_da": dC_da, "da_dz": da_dz, "dC_dw": dz * x, "dC_db": dz, "dC_dx": dz * w}
# %% single: the 2 of the square is missing
# name: loses the 2 that comes down from the square
import numpy as np
def neuron_gradients(x, w, b, y):
    z = float(np.sum(w * x) + b)
    a = 1 / (1 + np.exp(-z))
    d = {"z": z, "a": a, "dC_da": a - y, "da_dz": a * (1 - a)}
    up = d["dC_da"] * d["da_dz"]
    d["dC_dw"] = up * x
    d["dC_db"] = up
    d["dC_dx"] = up * w
    return d
# %% single: x and w mixed up in the last link
# name: exchanges x and w: z changes by x when w moves, and by w when x moves
import numpy as np
def neuron_gradients(x: np.ndarray, w: np.ndarray, b: float, y: float) -> dict:
    z = x @ w + b
    a = 1.0 / (1.0 + np.exp(-z))
    dC_da = 2 * (a - y)
    da_dz = a * (1 - a)
    return {"z": z, "a": a, "dC_da": dC_da, "da_dz": da_dz,
            "dC_dw": dC_da * da_dz * w, "dC_db": dC_da * da_dz, "dC_dx": dC_da * da_dz * x}
# %% single: the bias' gradient multiplied by the bias
# name: multiplies the gradient of the bias by b: the bias enters z with the factor 1
import numpy as np
def neuron_gradients(x, w, b, y):
    z = w.dot(x) + b
    a = 1 / (1 + np.exp(-z))
    dC_da, da_dz = 2 * (a - y), a * (1 - a)
    dC_dz = dC_da * da_dz
    return dict(z=z, a=a, dC_da=dC_da, da_dz=da_dz, dC_dw=dC_dz * x, dC_db=dC_dz * b, dC_dx=dC_dz * w)
# %% pair: sign of the cost's slope, and the bias gets no slope of the sigmoid
# name: none
import numpy as np
def neuron_gradients(x, w, b, y):
    z = x @ w + b
    a = 1 / (1 + np.exp(-z))
    dC_da = 2 * (y - a)
    da_dz = a * (1 - a)
    return {"z": z, "a": a, "dC_da": dC_da, "da_dz": da_dz, "dC_dw": dC_da * da_dz * x, "dC_db": dC_da, "dC_dx": dC_da * da_dz * w}
# %% unknown: leaves the bias out of z
# name: forgets the bias in z
import numpy as np
def neuron_gradients(x, w, b, y):
    z = x @ w
    a = 1 / (1 + np.exp(-z))
    dC_da = 2 * (a - y)
    da_dz = a * (1 - a)
    g = dC_da * da_dz
    return {"z": z, "a": a, "dC_da": dC_da, "da_dz": da_dz, "dC_dw": g * x, "dC_db": g, "dC_dx": g * w}
# %% right: tanh for the sigmoid, loops for the arrays
import numpy as np
def neuron_gradients(x, w, b, y):
    total = float(b)
    for xi, wi in zip(x, w):
        total += float(xi) * float(wi)
    t = np.tanh(total / 2)
    out = {"z": total, "a": 0.5 + 0.5 * t}
    out["dC_da"] = 2 * out["a"] - 2 * y
    out["da_dz"] = (1 - t * t) / 4
    out["dC_db"] = out["dC_da"] * out["da_dz"]
    out["dC_dw"] = np.array([out["dC_db"] * float(xi) for xi in x])
    out["dC_dx"] = np.array([out["dC_db"] * float(wi) for wi in w])
    return out
