# %% single: filling counts as a decision with one half
# name: counts the padding behind the end of a short path as decisions: where the sign is 0 nothing is decided, so the factor is 1
def leaf_probabilities(h, V, paths, signs):
    m = signs * (V[paths] @ h)
    return np.prod(0.5 * (1 + np.tanh(m / 2)), axis=1)
# %% single: divides by the sum at the end
# name: divides by the sum so that it gives 1: with the padding left out (factor 1, not sigma(0) = 1/2) the sum is 1 by itself
def leaf_probabilities(h, V, paths, signs):
    P = []
    for path, sign in zip(paths, signs):
        p = 1.0
        for n, s in zip(path, sign):
            p *= 0.5 * (1 + np.tanh(s * (V[n] @ h) / 2))
        P.append(p)
    P = np.array(P)
    return P / P.sum()
# %% single: stops a path at node 0 instead of sign 0
def leaf_probabilities(h, V, paths, signs):
    K = len(paths)
    P = np.ones(K)
    for k in range(K):
        for n, s in zip(paths[k], signs[k]):
            if n == 0:
                continue
            P[k] *= 0.5 * (1 + np.tanh(s * (V[n] @ h) / 2))
    return P
# %% pair: filling counts as a turn to the right and the root is passed on the wrong side
def leaf_probabilities(h, V, paths, signs):
    z = V[paths] @ h
    s = np.where(signs == 1, 1.0, -1.0)
    s[:, 0] = -s[:, 0]
    return np.exp(-np.logaddexp(0, -s * z)).prod(axis=1)
# %% right: walks with a mask and log sums
def leaf_probabilities(h, V, paths, signs):
    z = V @ h                                           # each node once
    logs = -np.logaddexp(0.0, -signs * z[paths])
    return np.exp(np.sum(logs, axis=1, where=signs != 0))
