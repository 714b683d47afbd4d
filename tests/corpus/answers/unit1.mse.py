# %% single: mean over the rows only in the gradient
# name: divides by the number of rows, where the mean goes over all elements
def mse(prediction, target):
    e = prediction - target
    return float(np.mean(e**2)), 2 * e / len(prediction)
# %% single: gradient not divided by the number of elements
# name: has the gradient of the sum: the mean in the loss divides its gradient too
def mse(prediction: np.ndarray, target: np.ndarray):
    diff = prediction - target
    loss = (diff ** 2).mean()
    gradient = 2 * diff
    return loss, gradient
# %% single: takes the root (RMSE) but the gradient of the mse
# name: takes a square root at the end: that is the RMSE, a relative of the MSE
def mse(prediction, target):
    n = prediction.size
    error = prediction - target
    return np.sqrt(np.sum(error**2) / n), 2 / n * error
# %% pair: sum instead of mean and gradient summed to one number
def mse(prediction, target):
    e = prediction - target
    return np.sum(e**2), np.sum(2 * e)
# %% right: by a dot product of the flat errors
def mse(prediction: np.ndarray, target: np.ndarray):
    error = np.subtract(prediction, target, dtype=float)
    flat = error.reshape(-1)
    return float(flat @ flat) / flat.size, (2.0 / flat.size) * error
