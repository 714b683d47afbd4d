# %% single: takes only the state before, without what follows (no power of w)
# name: hands the same gradient to every step: on its way back to an earlier state it is multiplied by w each time
import numpy as np
def shared_weight_gradient(w, x, start, target):
    states = [start]
    for v in x:
        states.append(w * states[-1] + v)
    error = states[-1] - target
    parts = error * np.array(states[:-1], dtype=float)
    return parts, parts.sum()
# %% single: last step first
# name: lists the parts from the last step to the first
import numpy as np
def shared_weight_gradient(w, x, start, target):
    s = [float(start)]
    for t in range(len(x)):
        s.append(w * s[-1] + x[t])
    g = s[-1] - target
    parts = []
    for t in reversed(range(len(x))):
        parts.append(g * s[t])
        g = g * w
    return np.array(parts), float(sum(parts))
# %% single: uses the state after the step instead of the one before
# name: multiplies by the state after the step: w meets the state before it
import numpy as np
def shared_weight_gradient(w: float, x: np.ndarray, start: float, target: float) -> tuple:
    T = len(x)
    s = np.zeros(T + 1)
    s[0] = start
    for t in range(1, T + 1):
        s[t] = w * s[t - 1] + x[t - 1]
    parts = np.array([(s[T] - target) * w ** (T - t) * s[t] for t in range(1, T + 1)])
    return parts, parts.sum()
# %% single: keeps the states in an array of the type of x, so whole numbers cut them
# name: keeps the states in an array of x's own type, which is integer here, so the decimals are cut off
import numpy as np
def shared_weight_gradient(w, x, start, target):
    before = np.zeros_like(x)
    s = start
    for t in range(len(x)):
        before[t] = s
        s = w * s + x[t]
    powers = float(w) ** np.arange(len(x))[::-1]
    parts = (s - target) * powers * before
    return parts, np.sum(parts)
# %% single: the slope of the error is doubled (forgets the one half)
# name: forgets the one half in E: it cancels the 2 of the square
import numpy as np
def shared_weight_gradient(w, x, start, target):
    states = [start]
    for v in x:
        states.append(w * states[-1] + v)
    up = 2 * (states.pop() - target)
    parts = np.zeros(len(x))
    for t in range(len(x) - 1, -1, -1):
        parts[t] = up * states[t]
        up = up * w
    return parts, parts.sum()
# %% pair: one factor w too many, and the mean of the parts as dw
# name: none
import numpy as np
def shared_weight_gradient(w, x, start, target):
    states = [start]
    for v in x:
        states.append(w * states[-1] + v)
    up = states[-1] - target
    parts = np.zeros(len(x))
    for t in reversed(range(len(x))):
        up = up * w
        parts[t] = up * states[t]
    return parts, parts.mean()
# %% right: forward sensitivities, one row for each use
import numpy as np
def shared_weight_gradient(w, x, start, target):
    s, sensitivity = float(start), []
    for value in np.asarray(x, dtype=float):
        sensitivity = [w * d for d in sensitivity] + [s]
        s = w * s + value
    parts = np.array(sensitivity, dtype=float) * (s - target)
    return parts, float(np.sum(parts))
