# %% single: every micro-batch is clipped before the mean
# name: still clips each micro-batch by itself: the step is made of their mean, so that is what may be too long
def accumulated_step(theta, micro_gradients, lr, max_norm):
    total = np.zeros(theta.shape)
    for gradient in micro_gradients:
        norm = np.linalg.norm(gradient)
        total += gradient * (1.0 if norm == 0 else min(1.0, max_norm / norm))
    return theta - lr * total / len(micro_gradients)
# %% single: clips the sum instead of the mean
# name: clips the sum: where the limit cuts in, sum and mean end up equal; where it does not, the step is as many times too long as there are micro-batches
def accumulated_step(theta, micro_gradients, lr, max_norm):
    total = micro_gradients.sum(axis=0)
    norm = np.linalg.norm(total)
    if norm > max_norm:
        total = total * max_norm / norm
    return theta - lr * total
# %% single: max still there instead of min
# name: still takes the larger of 1 and max_norm / norm: the factor is the smaller one
def accumulated_step(theta, micro_gradients, lr, max_norm):
    g = np.mean(micro_gradients, axis=0)
    norm = np.linalg.norm(g)
    if norm > 0:
        g = g * max(1.0, max_norm / norm)
    return theta - lr * g
# %% single: a mean gradient of zero divides by zero
# name: divides by the norm of the mean, which may be 0: then nothing needs clipping
def accumulated_step(theta: np.ndarray, micro_gradients: np.ndarray, lr: float, max_norm: float) -> np.ndarray:
    total = np.zeros(len(theta), dtype=float)
    for gradient in micro_gradients:
        total += gradient
    mean = total / len(micro_gradients)
    norm = np.linalg.norm(mean)
    return theta - lr * (mean / norm) * min(norm, max_norm)
# %% single: clips the step, learning rate included
# name: clips after multiplying by the learning rate: the limit is meant for the gradient
def accumulated_step(theta, micro_gradients, lr, max_norm):
    step = lr * micro_gradients.mean(axis=0)
    norm = np.linalg.norm(step)
    return theta - step * (max_norm / norm if norm > max_norm else 1.0)
# %% pair: sum instead of mean, and each is clipped before
# name: takes the smaller factor now, but still clips each micro-batch by itself and never divides the sum
def accumulated_step(theta, micro_gradients, lr, max_norm):
    total = np.zeros_like(theta, dtype=float)
    for gradient in micro_gradients:
        norm = np.linalg.norm(gradient)
        if norm > max_norm:
            gradient = gradient * (max_norm / norm)
        total += gradient
    return theta - lr * total
# %% right: running mean, then one factor
def accumulated_step(theta: np.ndarray, micro_gradients: np.ndarray, lr: float, max_norm: float) -> np.ndarray:
    mean = np.zeros(np.shape(theta), dtype=np.float64)
    for count, g in enumerate(micro_gradients, start=1):
        mean += (g - mean) / count
    length = float(mean @ mean) ** 0.5
    return np.asarray(theta, dtype=np.float64) - lr / max(1.0, length / max_norm) * mean
