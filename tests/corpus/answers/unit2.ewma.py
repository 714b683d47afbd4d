# %% single: averages kept in an array of the type of x
# name: keeps the averages in an array like x, which may hold whole numbers: their decimals are cut off
import numpy as np
def ewma(x, beta, bias_correction):
    V = np.zeros_like(x)
    v = 0
    for t in range(len(x)):
        v = beta * v + (1 - beta) * x[t]
        V[t] = v / (1 - beta ** (t + 1)) if bias_correction else v
    return V
# %% single: the corrected average is carried on
# name: feeds the corrected average back into the recursion: the recursion goes on with the plain V
import numpy as np
def ewma(x, beta, bias_correction):
    v, out = np.zeros(x.shape[1:]), []
    for t, value in enumerate(x, start=1):
        v = beta * v + (1 - beta) * value
        if bias_correction:
            v = v / (1 - beta ** t)
        out.append(v)
    return np.array(out)
# %% single: correction without the power
# name: corrects by 1 - beta at every step: the weights add up to 1 - beta^t, with a power that grows
import numpy as np
def ewma(x: np.ndarray, beta: float, bias_correction: bool) -> np.ndarray:
    V = np.zeros(x.shape)
    last = np.zeros(x.shape[1:])
    for t in range(len(x)):
        last = beta * last + (1 - beta) * x[t]
        V[t] = last
    if bias_correction:
        V = V / (1 - beta)
    return V
# %% single: starts with the first value
# name: starts at the first value instead of at V_0 = 0
import numpy as np
def ewma(x, beta, bias_correction):
    v = x[0] * 1.0
    result = [v]
    for value in x[1:]:
        v = beta * v + (1 - beta) * value
        result.append(v)
    result = np.array(result)
    if bias_correction:
        t = np.arange(1, len(x) + 1).reshape(-1, *[1] * (x.ndim - 1))
        result = result / (1 - beta ** t)
    return result
# %% single: beta is the weight of the new value
# name: gives the newest value the weight beta: that is the alpha of pandas; here the past has the weight beta
import numpy as np
def ewma(x, beta, bias_correction):
    v = 0.0
    out = np.empty(x.shape)
    for t in range(len(x)):
        v = (1 - beta) * v + beta * x[t]
        out[t] = v / (1 - (1 - beta) ** (t + 1)) if bias_correction else v
    return out
# %% pair: counts t from 0 in the power (guards the zero), and runs over the flattened array
# name: none
import numpy as np
def ewma(x, beta, bias_correction):
    v, out = 0.0, []
    for t, value in enumerate(x.ravel()):
        v = beta * v + (1 - beta) * value
        out.append(v / (1 - beta ** t) if bias_correction and t > 0 else v)
    return np.array(out).reshape(x.shape)
# %% right: a matrix of weights
import numpy as np
def ewma(x, beta, bias_correction):
    x = np.asarray(x, dtype=float)
    T = len(x)
    age = np.arange(T)[:, None] - np.arange(T)[None, :]
    weights = np.where(age >= 0, (1 - beta) * float(beta) ** np.maximum(age, 0), 0.0)
    if bias_correction:
        weights = weights / (1 - float(beta) ** np.arange(1, T + 1))[:, None]
    return np.tensordot(weights, x, axes=(1, 0))
# %% right: keeps the weight so far next to the average
import numpy as np
def ewma(x, beta, bias_correction):
    average, weight, out = np.zeros(np.shape(x)[1:]), 0.0, []
    for value in x:
        average = average + (1 - beta) * (value - average)
        weight = weight + (1 - beta) * (1 - weight)
        out.append(average / weight if bias_correction else average)
    return np.stack(out)
