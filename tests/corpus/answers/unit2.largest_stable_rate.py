# %% single: the 2 of the squares is missing in the Hessian
# name: none
import numpy as np
def largest_stable_rate(x):
    H = np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(H)[-1]
# %% single: one over the largest eigenvalue
# name: none
import numpy as np
def largest_stable_rate(x):
    H = 2 * np.array([[x @ x, x.sum()], [x.sum(), x.size]])
    return float(1 / np.linalg.eigvalsh(H).max())
# %% single: the smallest eigenvalue
# name: takes the flattest direction: it is the steepest one, the largest eigenvalue, where descent breaks out first
import numpy as np
def largest_stable_rate(x: np.ndarray) -> float:
    n = len(x)
    H = np.array([[2 * np.sum(x ** 2), 2 * np.sum(x)], [2 * np.sum(x), 2 * n]], dtype=float)
    return float(2 / min(np.linalg.eigvalsh(H)))
# %% single: only the curvature along the slope, no mixed terms
# name: takes the larger second derivative and ignores the mixed one: the steepest direction lies between the axes
import numpy as np
def largest_stable_rate(x):
    return 2 / max(2 * np.sum(np.square(x)), 2 * len(x))
# %% pair: means instead of sums, and 1 over it
# name: none
import numpy as np
def largest_stable_rate(x):
    H = 2 * np.array([[np.mean(x ** 2), np.mean(x)], [np.mean(x), 1]])
    return 1 / np.linalg.eigvalsh(H)[1]
# %% right: by the formula for a 2 by 2 matrix
import math
def largest_stable_rate(x):
    n = len(x)
    sx = sum(float(v) for v in x)
    sxx = sum(float(v) ** 2 for v in x)
    middle, spread = (sxx + n) / 2, math.hypot((sxx - n) / 2, sx)
    return 1 / (middle + spread)
# %% right: singular values of the design matrix
import numpy as np
def largest_stable_rate(x):
    A = np.vander(np.asarray(x, dtype=float), 2)
    return float(1.0 / np.linalg.svd(A, compute_uv=False)[0] ** 2)
