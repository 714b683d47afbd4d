# %% single: the true class is not left out of the sum
# name: lets the true class compete with itself, which costs a margin in every row: leave j = y out
def multiclass_hinge(scores, labels, margin):
    N = len(scores)
    r = np.arange(N)
    m = np.maximum(0, scores - scores[r, labels][:, None] + margin)
    g = (m > 0).astype(float)
    g[r, labels] = 0
    g[r, labels] = -g.sum(axis=1)
    return m.sum() / N, g / N
# %% single: true class pulled only once instead of once per violation
# name: pulls the true class up by 1 only: it stands in every positive term, so count them
def multiclass_hinge(scores, labels, margin):
    N = len(scores)
    r = np.arange(N)
    m = np.maximum(0, scores - scores[r, labels][:, None] + margin)
    m[r, labels] = 0
    g = (m > 0).astype(float)
    g[r, labels] = -(g.sum(axis=1) > 0).astype(float)
    return float(m.sum() / N), g / N
# %% single: only the worst class counts (Crammer and Singer)
# name: charges for the strongest rival only: every class within the margin costs
def multiclass_hinge(scores, labels, margin):
    N, K = scores.shape
    loss, grad = 0.0, np.zeros((N, K))
    for i in range(N):
        y = labels[i]
        short = scores[i] - scores[i, y] + margin
        short[y] = -np.inf
        j = np.argmax(short)
        if short[j] > 0:
            loss += short[j]
            grad[i, j] += 1
            grad[i, y] -= 1
    return loss / N, grad / N
# %% pair: margin taken as 1 and divided by the number of classes as well
def multiclass_hinge(scores, labels, margin):
    N, K = scores.shape
    r = np.arange(N)
    m = np.maximum(0, scores - scores[r, labels][:, None] + 1)
    m[r, labels] = 0
    g = (m > 0) * 1.0
    g[r, labels] = -g.sum(axis=1)
    return m.sum() / (N * K), g / (N * K)
# %% right: loops
def multiclass_hinge(scores: np.ndarray, labels: np.ndarray, margin: float):
    N, K = scores.shape
    loss = 0.0
    grad = np.zeros((N, K))
    for i, y in enumerate(labels):
        for j in range(K):
            if j == y:
                continue
            shortfall = scores[i, j] - scores[i, y] + margin
            if shortfall > 0:
                loss += shortfall
                grad[i, j] += 1.0
                grad[i, y] -= 1.0
    return float(loss / N), grad / N
