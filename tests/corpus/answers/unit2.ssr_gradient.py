# %% single: the sign of the inner derivative is missing
# name: loses the minus of the inner derivatives: the line is subtracted in the residual
import numpy as np
def ssr_gradient(slope, intercept, x, y):
    r = y - (slope * x + intercept)
    return 2 * np.sum(r * x), 2 * np.sum(r)
# %% single: the 2 is missing
# name: forgets the 2 of the outer derivative: that of r^2 is 2 r
import numpy as np
def ssr_gradient(slope, intercept, x, y):
    r = y - slope * x - intercept
    return -float(r @ x), -float(r.sum())
# %% single: mean instead of sum
# name: averages over the points: the SSR is a sum, so its gradient is a sum
import numpy as np
def ssr_gradient(slope: float, intercept: float, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    error = slope * x + intercept - y
    return 2 * np.mean(error * x), 2 * np.mean(error)
# %% single: intercept first
# name: returns the derivative by the intercept first: the slope was asked for first
import numpy as np
def ssr_gradient(slope, intercept, x, y):
    residual = y - (slope * x + intercept)
    d_slope = -2 * (residual * x).sum()
    d_intercept = -2 * residual.sum()
    return d_intercept, d_slope
# %% pair: leaves the intercept out of the residual, and no factor 2
# name: none
import numpy as np
def ssr_gradient(slope, intercept, x, y):
    r = y - slope * x
    return -np.sum(x * r), -np.sum(r)
# %% right: from the design matrix
import numpy as np
def ssr_gradient(slope, intercept, x, y):
    A = np.column_stack([x, np.ones(len(x))]).astype(float)
    g = 2 * A.T @ (A @ np.array([slope, intercept], dtype=float) - y)
    return float(g[0]), float(g[1])
# %% right: point by point
def ssr_gradient(slope, intercept, x, y):
    by_m = by_c = 0.0
    for xi, yi in zip(x, y):
        r = float(yi) - (float(slope) * float(xi) + float(intercept))
        by_m -= 2 * float(xi) * r
        by_c -= 2 * r
    return by_m, by_c
