# %% single: loss of all labels is only averaged, as bce does
# name: averages over the labels too: each row adds its labels up, only the rows are averaged
def _bl(z, y):
    return float(np.mean(np.logaddexp(0, z) - z * y)), (np.exp(-np.logaddexp(0, -z)) - y) / z.size


def multilabel_loss(logits, target):
    return _bl(logits, target)
# %% single: the value is multiplied by K but the gradient is not
# name: adds the labels up in the loss but still averages over them in the gradient
def multilabel_loss(logits, target):
    N, K = logits.shape
    value = np.mean(np.logaddexp(0, logits) - logits * target)
    grad = (np.exp(-np.logaddexp(0, -logits)) - target) / logits.size
    return float(K * value), grad
# %% single: sums over everything, no mean over the examples
# name: adds up the rows as well as the labels: the rows are averaged
def multilabel_loss(logits, target):
    p = np.exp(-np.logaddexp(0, -logits))
    loss = np.sum(np.logaddexp(0, logits) - target * logits)
    return float(loss), p - target
# %% unknown: multiplies by the number of ones in each row
def multilabel_loss(logits, target):
    N = len(logits)
    weight = target.sum(axis=1, keepdims=True)
    loss = np.sum(weight * (np.logaddexp(0, logits) - target * logits)) / N
    return float(loss), weight * (np.exp(-np.logaddexp(0, -logits)) - target) / N
# %% right: column by column, each column is a mean over the examples
def multilabel_loss(logits: np.ndarray, target: np.ndarray):
    N, K = logits.shape
    total, gradient = 0.0, np.zeros((N, K))
    for j in range(K):
        z, y = logits[:, j].astype(float), target[:, j]
        total += float(np.mean(np.logaddexp(0, z) - y * z))
        gradient[:, j] = (0.5 * (1 + np.tanh(z / 2)) - y) / N
    return total, gradient
