# %% single: divides by h though the two points are 2h apart
def numerical_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for idx in np.ndindex(*x.shape):
        e = np.zeros(x.shape)
        e[idx] = h
        grad[idx] = (f(x + e) - f(x - e)) / h
    return grad
# %% single: forward difference only
# name: looks to one side only, (f(x + h) - f(x)) / h: go a step down as well, the error shrinks from h to h^2
def numerical_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    base = np.array(x, dtype=float)
    f0 = f(base.copy())
    slopes = np.empty_like(base)
    for idx, value in np.ndenumerate(base):
        moved = base.copy()
        moved[idx] = value + h
        slopes[idx] = (f(moved) - f0) / h
    return slopes
# %% single: copies keep the integer type, the small step is cut off
# name: keeps whole numbers whole, so that 3 + h is cut back to 3: make x a float array first
def numerical_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        plus, minus = x.copy(), x.copy()
        plus[i] = plus[i] + h
        minus[i] = minus[i] - h
        grad[i] = (f(plus) - f(minus)) / (2 * h)
    return grad
# %% single: all entries are moved at once
# name: moves all entries of x together: each slope needs a step of one entry alone
def numerical_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.full(x.shape, slope)
# %% single: loops over the first axis only, so whole rows are moved
# name: moves a whole row of a matrix at once: every entry needs its own step
def numerical_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    x = x.astype(float)
    grad = np.zeros_like(x)
    for i in range(len(x)):
        xp = x.copy()
        xm = x.copy()
        xp[i] += h
        xm[i] -= h
        grad[i] = (f(xp) - f(xm)) / (2 * h)
    return grad
# %% pair: works on the caller's x without putting it back, and divides by h
def numerical_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    grad = np.zeros(x.shape)
    for idx in np.ndindex(*x.shape):
        x[idx] += h
        up = f(x)
        x[idx] -= 2 * h
        down = f(x)
        grad[idx] = (up - down) / h
    return grad
# %% right: rows of an identity matrix as directions
def numerical_gradient(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    x = np.asarray(x, dtype=float)
    steps = h * np.eye(x.size)
    slopes = [(f(x + s.reshape(x.shape)) - f(x - s.reshape(x.shape))) / (2 * h) for s in steps]
    return np.array(slopes, dtype=float).reshape(x.shape)
