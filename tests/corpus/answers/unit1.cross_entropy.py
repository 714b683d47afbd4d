# %% single: overflows, no maximum subtracted
# name: lets the exponentials overflow: subtract the row's maximum from the scores first
def cross_entropy(logits, target):
    N, K = logits.shape
    P = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    Y = np.eye(K)[target] if target.ndim == 1 else target
    loss = -np.sum(Y * np.log(P)) / N
    return loss, (P - Y) / N
# %% single: averages over all N*K entries
# name: averages over the classes as well: only the rows are averaged
def cross_entropy(logits, target):
    Y = np.eye(logits.shape[1])[target] if np.ndim(target) == 1 else target
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return float(-np.mean(Y * logp)), (np.exp(logp) - Y) / logits.size
# %% single: soft targets are turned into labels by argmax
# name: turns rows of probabilities into labels by argmax, and so forgets all but the likeliest class
def cross_entropy(logits, target):
    n = len(logits)
    labels = target if target.ndim == 1 else target.argmax(axis=1)
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    grad = np.exp(logp)
    grad[np.arange(n), labels] -= 1
    return -logp[np.arange(n), labels].mean(), grad / n
# %% pair: log of a stable softmax (log 0) and gradient not averaged
def cross_entropy(logits, target):
    N, K = logits.shape
    Y = np.eye(K)[target] if target.ndim == 1 else target
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    return float(-(Y * np.log(P)).sum() / N), P - Y
# %% right: row by row with logaddexp
def cross_entropy(logits: np.ndarray, target: np.ndarray):
    N, K = logits.shape
    target = np.asarray(target)
    loss, grad = 0.0, np.zeros((N, K))
    for i in range(N):
        if target.ndim == 1:
            y = np.zeros(K)
            y[target[i]] = 1.0
        else:
            y = target[i].astype(float)
        logp = logits[i] - np.logaddexp.reduce(logits[i].astype(float))
        loss -= np.dot(y, logp)
        grad[i] = (np.exp(logp) - y) / N
    return float(loss / N), grad
