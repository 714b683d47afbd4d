# %% single: gradient 1 where equal (>=)
# name: picks a side where the prediction is exact: at the corner of |e| take 0, so that a hit is not pushed away
def mae(prediction, target):
    e = prediction - target
    n = e.size
    return np.abs(e).sum() / n, np.where(e >= 0, 1.0, -1.0) / n
# %% single: gradient divided by absolute error gives nan at zero
# name: divides an error by its size to get its sign, which is 0/0 = nan for an exact hit
def mae(prediction, target):
    e = prediction - target
    return float(np.mean(np.abs(e))), e / np.abs(e) / e.size
# %% single: gradient is not divided by n
# name: has the gradient of the sum: the mean in the loss divides its gradient too
def mae(prediction, target):
    diff = prediction - target
    return np.mean(abs(diff)), np.sign(diff)
# %% pair: absolute value of the mean and gradient divided by the rows
def mae(prediction, target):
    d = prediction - target
    return abs(np.mean(d)), np.sign(d) / d.shape[0]
# %% right: with a mask for each side
def mae(prediction: np.ndarray, target: np.ndarray):
    n = prediction.size
    g = np.zeros(prediction.shape)
    g[prediction > target] = 1 / n
    g[prediction < target] = -1 / n
    loss = np.sum(np.maximum(prediction, target) - np.minimum(prediction, target)) / n
    return float(loss), g
