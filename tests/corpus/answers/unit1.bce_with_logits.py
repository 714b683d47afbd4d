# %% single: goes through the probability with plain logs
# name: goes through a probability that rounds to 0 or 1, or an exponential that overflows, where the score is large: rewrite the loss until only e^-|z| is left
def bce_with_logits(logits, target):
    p = 1 / (1 + np.exp(-logits))
    loss = -np.mean(target * np.log(p) + (1 - target) * np.log(1 - p))
    return loss, (p - target) / logits.size
# %% single: the sign of the score is wrong in the softplus
def bce_with_logits(logits, target):
    loss = np.logaddexp(0, -logits) - logits * target
    p = np.exp(-np.logaddexp(0, -logits))
    return float(loss.mean()), (p - target) / logits.size
# %% single: gradient divided by the number of rows
# name: divides by the number of rows, where the mean goes over all elements
def bce_with_logits(logits, target):
    loss = np.mean(np.maximum(logits, 0) - logits * target + np.log1p(np.exp(-np.abs(logits))))
    p = 0.5 * (1 + np.tanh(0.5 * logits))
    return float(loss), (p - target) / logits.shape[0]
# %% pair: gradient multiplied by the slope of the sigmoid and not divided
def bce_with_logits(logits, target):
    loss = np.mean(np.logaddexp(0, logits) - logits * target)
    p = np.exp(-np.logaddexp(0, -logits))
    return float(loss), (p - target) * p * (1 - p)
# %% right: by the margin
def bce_with_logits(logits: np.ndarray, target: np.ndarray):
    side = 1.0 - 2.0 * np.asarray(target)            # -1 for a one, +1 for a zero
    m = side * logits                                 # how far on the wrong side
    loss = np.maximum(m, 0.0) + np.log1p(np.exp(-np.abs(m)))
    grad = side * np.exp(m - np.logaddexp(0.0, m))
    return float(loss.mean()), grad / loss.size
