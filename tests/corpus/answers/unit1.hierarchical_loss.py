# %% single: filling adds log 2 for each missing decision
# name: counts the padding behind the end of a short path as further decisions: cut the path where the signs become 0
def hierarchical_loss(h, V, paths, signs, label):
    path, s = paths[label], signs[label]
    m = s * (V[path] @ h)
    loss = np.logaddexp(0, -m).sum()
    g = -s * np.exp(-np.logaddexp(0, m))
    dV = np.zeros(V.shape)
    np.add.at(dV, path, g[:, None] * h)
    return float(loss), g @ V[path], dV
# %% single: gradient of the root is overwritten by the filling
# name: lets the padding overwrite the gradient of the root: paths are filled up with node 0, so assign to the nodes of the real path only (or use np.add.at)
def hierarchical_loss(h, V, paths, signs, label):
    path, s = paths[label], signs[label].astype(float)
    m = s * (V[path] @ h)
    loss = float(np.where(s != 0, np.logaddexp(0, -m), 0).sum())
    g = -s * np.exp(-np.logaddexp(0, m))
    dV = np.zeros_like(V)
    dV[path] = g[:, None] * h[None, :]
    return loss, V[path].T @ g, dV
# %% single: sign forgotten in the gradient
# name: loses the sign in the gradients: the score enters the loss as s v . h, so its derivative carries an s
def hierarchical_loss(h, V, paths, signs, label):
    loss, dh, dV = 0.0, np.zeros(len(h)), np.zeros(V.shape)
    for n, s in zip(paths[label], signs[label]):
        if s == 0:
            break
        m = s * (V[n] @ h)
        loss += np.logaddexp(0, -m)
        g = -np.exp(-np.logaddexp(0, m))
        dh += g * V[n]
        dV[n] += g * h
    return float(loss), dh, dV
# %% pair: loss through the probability (log 0) and sigma(m) instead of sigma(-m) in the gradient
# name: uses the probability of the right turn as the error; the error is what is missing to 1, sigma(-m)
def hierarchical_loss(h, V, paths, signs, label):
    keep = signs[label] != 0
    path, s = paths[label][keep], signs[label][keep]
    m = s * (V[path] @ h)
    p = 1 / (1 + np.exp(-m))
    loss = -np.log(np.prod(p))
    g = -s * p
    dV = np.zeros(V.shape)
    dV[path] = np.outer(g, h)
    return loss, g @ V[path], dV
# %% right: by p - y at each node
def hierarchical_loss(h, V, paths, signs, label):
    keep = signs[label] != 0
    nodes, left = paths[label][keep], (signs[label][keep] > 0).astype(float)
    z = V[nodes] @ h
    loss = np.sum(np.logaddexp(0.0, z) - left * z)
    pull = np.where(left == 1, -np.exp(-np.logaddexp(0.0, z)), np.exp(-np.logaddexp(0.0, -z)))
    dV = np.zeros(V.shape)
    for n, g in zip(nodes, pull):
        dV[n] = g * h
    return float(loss), pull @ V[nodes], dV
