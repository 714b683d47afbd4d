# %% single: mean instead of sum for the slope's gradient
# name: averages the slope gradient: the elements share one slope, so their gradients add up
def prelu_forward(Z: np.ndarray, slope: float) -> tuple:
    return np.where(Z > 0, Z, slope * Z), (Z, slope)


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple:
    Z, slope = cache
    dZ = np.where(Z > 0, dA, slope * dA)
    dslope = np.mean(np.where(Z > 0, 0.0, dA * Z))
    return dZ, float(dslope)
# %% single: the slope gathers from all elements, the positive ones too
# name: lets positive z into the gradient of the slope: the slope acts only where z <= 0
def prelu_forward(Z: np.ndarray, slope: float) -> tuple:
    A = np.where(Z > 0, Z, slope * Z)
    cache = (Z, slope)
    return A, cache


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple:
    Z, slope = cache
    dZ = dA * np.where(Z > 0, 1.0, slope)
    dslope = (dA * Z).sum()
    return dZ, dslope
# %% single: slope's gradient is left as an array, not added up
# name: gives one slope gradient per element: they share one slope, so their gradients add up
def prelu_forward(Z: np.ndarray, slope: float) -> tuple:
    neg = Z <= 0
    A = np.array(Z, dtype=float)
    A[neg] *= slope
    return A, (Z, slope, neg)


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple:
    Z, slope, neg = cache
    dZ = np.array(dA, dtype=float)
    dZ[neg] *= slope
    dslope = dA * Z * neg
    return dZ, dslope
# %% single: the output (a z) is cached and used in place of z for the slope's gradient
# name: multiplies dA by the output in the gradient of the slope: d(a z)/da is z, the input
def prelu_forward(Z: np.ndarray, slope: float) -> tuple:
    A = np.where(Z > 0, Z, slope * Z)
    return A, (Z > 0, A, slope)


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple:
    positive, A, slope = cache
    dZ = dA * np.where(positive, 1.0, slope)
    dslope = np.sum(dA[~positive] * A[~positive])
    return dZ, dslope
# %% single: upstream gradient forgotten in dslope
# name: forgets the upstream gradient dA in the gradient of the slope
def prelu_forward(Z: np.ndarray, slope: float) -> tuple:
    return np.maximum(Z, 0) + slope * np.minimum(Z, 0), (Z, slope)


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple:
    Z, slope = cache
    dZ = np.where(Z > 0, 1.0, slope) * dA
    dslope = np.minimum(Z, 0).sum()
    return dZ, dslope
# %% pair: dZ without the upstream gradient, and dslope from the positive side
def prelu_forward(Z: np.ndarray, slope: float) -> tuple:
    A = np.where(Z > 0, Z, slope * Z)
    return A, (Z, slope)


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple:
    Z, slope = cache
    dZ = np.where(Z > 0, 1.0, slope)
    dslope = np.sum(dA * np.maximum(Z, 0))
    return dZ, dslope
# %% right: caches the local slopes and the negative part
def prelu_forward(Z: np.ndarray, slope: float) -> tuple:
    Z = np.array(Z, dtype=float)
    local = np.where(Z > 0, 1.0, slope)
    return local * Z, (local, np.minimum(Z, 0.0))


def prelu_backward(dA: np.ndarray, cache: tuple) -> tuple:
    local, below = cache
    return dA * local, float(np.vdot(dA, below))
