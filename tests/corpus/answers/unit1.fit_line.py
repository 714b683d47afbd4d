# %% single: returns intercept first
# name: returns the intercept first: the slope was asked for first
def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    dx, dy = x - x.mean(), y - y.mean()
    m = np.sum(dx * dy) / np.sum(dx ** 2)
    c = y.mean() - m * x.mean()
    return c, m
# %% single: school formula with sums of squares, loses the digits for large x
# name: subtracts two huge sums (n sum(xy) - sum(x) sum(y)): subtract the means first, or digits are lost
def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    n = len(x)
    sx, sy = np.sum(x), np.sum(y)
    sxy, sxx = np.sum(x * y), np.sum(x * x)
    slope = (n * sxy - sx * sy) / (n * sxx - sx ** 2)
    intercept = (sy - slope * sx) / n
    return slope, intercept
# %% single: covariance divides by N - 1, variance by N
# name: mixes N and N - 1: the covariance is divided by N - 1, the variance by N
def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    slope = np.cov(x, y)[0, 1] / np.var(x)
    return float(slope), float(y.mean() - slope * x.mean())
# %% single: divides by the spread of y
# name: divides by the spread of y: that is the line that predicts x from y
def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    xbar, ybar = np.mean(x), np.mean(y)
    num = den = 0.0
    for xi, yi in zip(x, y):
        num += (xi - xbar) * (yi - ybar)
        den += (yi - ybar) ** 2
    slope = num / den
    return slope, ybar - slope * xbar
# %% single: correlation taken for the slope
# name: takes the correlation for the slope: it has no units, the slope is the correlation times std(y) / std(x)
def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    r = np.corrcoef(x, y)[0, 1]
    return r, np.mean(y) - r * np.mean(x)
# %% pair: means not subtracted (through the origin), and the intercept with a plus
def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    slope = (x @ y) / (x @ x)
    intercept = y.mean() + slope * x.mean()
    return slope, intercept
# %% right: dot product of centred vectors, then the mean residual
def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    x0, y0 = x.mean(), y.mean()
    u = x - x0
    slope = float(u @ (y - y0) / (u @ u))
    return slope, float(y0 - slope * x0)
