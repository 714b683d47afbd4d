# %% single: squared error without the slope of the sigmoid
# name: stops at the derivative of the squared error with respect to r: the sigmoid's slope r (1 - r) is missing
def output_gradients(x, z):
    r = 0.5 * (1 + np.tanh(z / 2))
    return r - x, 2 * (r - x)
# %% single: log loss gradient with respect to r instead of z
# name: stops at the derivative of the log loss with respect to r: one factor r (1 - r) is still to come, and it cancels
def output_gradients(x, z):
    r = 0.5 * (1 + np.tanh(z / 2))
    by_log = -x / r + (1 - x) / (1 - r)
    return by_log, 2 * (r - x) * r * (1 - r)
# %% single: results in the wrong order
# name: returns the squared error's gradient first: the log loss comes first
def output_gradients(x, z):
    r = np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
    return 2 * (r - x) * r * (1 - r), r - x
# %% pair: slope of tanh instead of sigmoid and the mean taken over the pixels
def output_gradients(x, z):
    r = 0.5 * (1 + np.tanh(z / 2))
    return (r - x) / x.size, 2 * (r - x) * (1 - r**2) / x.size
# %% right: by tanh and its slope
def output_gradients(x: np.ndarray, z: np.ndarray):
    t = np.tanh(np.asarray(z, dtype=float) / 2)
    pull = (1 + t) / 2 - x
    return pull, pull * (1 - t) * (1 + t) / 2
