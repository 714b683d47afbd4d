# %% single: outer gradient is 1 instead of delta
# name: cuts the gradient to 1 or -1: far from the target its size is delta
def huber(prediction, target, delta):
    e = prediction - target
    a = np.abs(e)
    loss = np.where(a <= delta, 0.5 * e**2, delta * a - 0.5 * delta**2)
    grad = np.where(a <= delta, e, np.sign(e))
    return float(loss.mean()), grad / e.size
# %% single: the half forgotten in the inner part
# name: forgets the factor one half in the squared part
def huber(prediction, target, delta):
    e = prediction - target
    n = e.size
    inside = np.abs(e) <= delta
    loss = np.where(inside, e**2, delta * np.abs(e) - delta**2 / 2).sum() / n
    grad = np.where(inside, 2 * e, delta * np.sign(e)) / n
    return loss, grad
# %% single: delta fixed at one
# name: ignores delta and changes over at 1
def huber(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= 1, e**2 / 2, np.abs(e) - 0.5)
    return np.mean(loss), np.clip(e, -1, 1) / e.size
# %% pair: glue constant missing and the outer gradient without sign
def huber(prediction, target, delta):
    e = prediction - target
    a = abs(e)
    loss = np.where(a <= delta, e**2 / 2, delta * a)
    return loss.mean(), np.where(a <= delta, e, delta) / e.size
# %% right: by clipping
def huber(prediction: np.ndarray, target: np.ndarray, delta: float):
    e = prediction - target
    c = np.clip(e, -delta, delta)
    return float(np.mean(c * (e - c / 2))), c / e.size
