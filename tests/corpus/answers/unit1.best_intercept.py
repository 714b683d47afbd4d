# %% single: plus instead of minus
# name: adds slope times the mean of x: the line has to come back down to x = 0
def best_intercept(x: np.ndarray, y: np.ndarray, slope: float) -> float:
    return float(np.mean(y) + slope * np.mean(x))
# %% single: sum of the residuals, not divided by N
def best_intercept(x: np.ndarray, y: np.ndarray, slope: float) -> float:
    c = 0.0
    for xi, yi in zip(x, y):
        c += yi - slope * xi
    return c
# %% single: the slope is forgotten
# name: subtracts the mean of x without the slope: back at x = 0 the line has come down by slope * mean(x)
def best_intercept(x: np.ndarray, y: np.ndarray, slope: float) -> float:
    return y.mean() - x.mean()
# %% single: ignores the given slope and fits its own
# name: fits a slope of its own and ignores the one that is given
def best_intercept(x: np.ndarray, y: np.ndarray, slope: float) -> float:
    xm, ym = x.mean(), y.mean()
    m = ((x - xm) * (y - ym)).sum() / ((x - xm) ** 2).sum()
    return ym - m * xm
# %% single: line through the first point
# name: lets the line pass through the first point instead of the middle of all points
def best_intercept(x: np.ndarray, y: np.ndarray, slope: float) -> float:
    return float(y[0] - slope * x[0])
# %% unknown: median residual instead of the mean (least absolute misses)
# name: takes the median residual, which is best for absolute errors, not for squared ones
def best_intercept(x: np.ndarray, y: np.ndarray, slope: float) -> float:
    return float(np.median(y - slope * x))
# %% right: average residual of the line through the origin
def best_intercept(x: np.ndarray, y: np.ndarray, slope: float) -> float:
    residuals = np.asarray(y, dtype=float) - slope * np.asarray(x, dtype=float)
    return float(residuals.sum() / residuals.size)
