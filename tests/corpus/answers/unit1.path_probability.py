# %% single: sign outside the sigmoid
# name: multiplies the sigmoid by the sign; the sign belongs inside, because 1 - sigma(z) is sigma(-z)
def path_probability(h, V, path, signs):
    p = 1.0
    for n, s in zip(path, signs):
        p *= s * (0.5 * (1 + np.tanh(V[n] @ h / 2)))
    return p
# %% single: takes the first rows of V, path ignored
# name: takes the first rows of V instead of the rows that the path names
def path_probability(h, V, path, signs):
    m = signs * (V[:len(path)] @ h)
    return float(np.exp(-np.logaddexp(0, -m).sum()))
# %% single: left and right swapped
# name: goes right where the sign is +1 and left where it is -1: a node says left with probability sigma(v . h)
def path_probability(h, V, path, signs):
    result = 1.0
    for n, s in zip(path, signs):
        z = V[n] @ h
        left = np.exp(-np.logaddexp(0, -z))
        right = np.exp(-np.logaddexp(0, z))
        result *= right if s == 1 else left
    return result
# %% pair: sums the decisions and has no signs
def path_probability(h, V, path, signs):
    return float(np.sum(0.5 * (1 + np.tanh(V[path] @ h / 2))))
# %% right: by logarithms
def path_probability(h: np.ndarray, V: np.ndarray, path: np.ndarray, signs: np.ndarray) -> float:
    total = 0.0
    for n, s in zip(path, signs):
        total -= np.logaddexp(0.0, -s * float(np.dot(V[n], h)))
    return float(np.exp(total))
