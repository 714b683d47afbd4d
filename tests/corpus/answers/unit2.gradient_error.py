# %% single: steps to one side only
# name: measures slopes to one side only, with f(x + h) - f(x)
import numpy as np
def gradient_error(f, gradient, x, h=1e-5):
    x = np.array(x, dtype=float)
    m = np.zeros(x.shape)
    f0 = f(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += h
        m[i] = (f(moved) - f0) / h
    g = gradient(x)
    size = max(np.linalg.norm(g), np.linalg.norm(m))
    return 0.0 if size == 0 else float(np.linalg.norm(g - m) / size)
# %% single: the largest relative error of a single entry
# name: takes the worst relative error of a single entry: an entry near zero spoils that; compare the whole arrays by their lengths
import numpy as np
def gradient_error(f, gradient, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    g = np.asarray(gradient(x), dtype=float)
    worst = 0.0
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        m = (f(x + e) - f(x - e)) / (2 * h)
        size = max(abs(g[i]), abs(m))
        if size > 0:
            worst = max(worst, abs(g[i] - m) / size)
    return float(worst)
# %% single: divides by the sum of both lengths
# name: divides by the sum of the two lengths: a usual choice as well, but here the longer of the two was asked for
import numpy as np
def gradient_error(f, gradient, x: np.ndarray, h: float = 1e-5) -> float:
    x = x.astype(float)
    measured = np.empty_like(x)
    for i in range(x.size):
        up, down = x.copy(), x.copy()
        up.flat[i] += h
        down.flat[i] -= h
        measured.flat[i] = (f(up) - f(down)) / (2 * h)
    claimed = gradient(x)
    def length(a):
        return np.sqrt(np.sum(a ** 2))
    total = length(claimed) + length(measured)
    if total == 0:
        return 0.0
    return float(length(claimed - measured) / total)
# %% single: no special case when both are zero (0 / 0)
# name: divides 0 by 0 where both gradients vanish: they agree, so the error is 0
import numpy as np
def gradient_error(f, gradient, x, h=1e-5):
    x = np.array(x, dtype=float)
    m = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        plus = f(x)
        x[i] = old - h
        minus = f(x)
        x[i] = old
        m[i] = (plus - minus) / (2 * h)
    g = gradient(x)
    return np.linalg.norm(g - m) / np.maximum(np.linalg.norm(g), np.linalg.norm(m))
# %% pair: whole numbers stay whole, so the step of h is lost, and divides by the claimed gradient only
# name: none
import numpy as np
def gradient_error(f, gradient, x, h=1e-5):
    m = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] = up[i] + h
        down[i] = down[i] - h
        m[i] = (f(up) - f(down)) / (2 * h)
    g = gradient(x)
    if not g.any() and not m.any():
        return 0.0
    return float(np.sqrt(np.sum((g - m) ** 2)) / np.sqrt(np.sum(g**2)))
# %% unknown: spectral norm instead of the root of the sum of squares for matrices
# name: takes the spectral norm of a matrix (ord=2): the length meant here is the root of the sum of all squares
import numpy as np
def gradient_error(f, gradient, x, h=1e-5):
    x = np.array(x, dtype=float)
    m = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        m[i] = (f(x + e) - f(x - e)) / (2 * h)
    g = gradient(x)
    if x.ndim in (1, 2):
        n = lambda a: np.linalg.norm(a, 2)
    else:
        n = np.linalg.norm
    size = max(n(g), n(m))
    return float(n(g - m) / size) if size else 0.0
# %% right: flat lists, hypot
import math
import numpy as np
def gradient_error(f, gradient, x, h=1e-5):
    point = np.array(x, dtype=np.float64)
    flat = point.ravel().tolist()
    measured = []
    for i, value in enumerate(flat):
        sides = []
        for sign in (1, -1):
            other = list(flat)
            other[i] = value + sign * h
            sides.append(float(f(np.array(other).reshape(point.shape))))
        measured.append((sides[0] - sides[1]) / (2 * h))
    claimed = np.asarray(gradient(point.copy()), dtype=float).ravel().tolist()
    size = max(math.hypot(*claimed), math.hypot(*measured))
    if size == 0:
        return 0.0
    return math.hypot(*(c - m for c, m in zip(claimed, measured))) / size
