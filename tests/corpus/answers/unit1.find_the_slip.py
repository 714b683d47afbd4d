# %% single: j and k swapped in the result
# name: swaps the weight that was read and the one that was meant: (i, j, k) names first the node j whose sum is wrong, then the column k that was read
def find_the_slip(x, W1, b1, printed):
    d = printed - (x @ W1 + b1)
    j = int(np.argmax(np.abs(d)))
    best = None
    for i in range(len(x)):
        for k in range(len(b1)):
            if k == j:
                continue
            miss = abs(d[j] - x[i] * (W1[i, k] - W1[i, j]))
            if best is None or miss < best[0]:
                best = (miss, (i, k, j))
    return best[1]
# %% single: forgets to multiply the difference of the weights by x
# name: compares weights and forgets the inputs: a misread weight counts x_i times
def find_the_slip(x, W1, b1, printed):
    d = printed - (x @ W1 + b1)
    j = int(np.argmax(np.abs(d)))
    D, H = W1.shape
    options = [(abs(d[j] - (W1[i, k] - W1[i, j])), i, k) for i in range(D) for k in range(H) if k != j]
    _, i, k = min(options)
    return i, j, k
# %% single: counted from 1 as in the notes
# name: counts from 1: rows and columns of W1 count from 0
def find_the_slip(x, W1, b1, printed):
    true = x @ W1 + b1
    best, answer = np.inf, None
    for j in range(W1.shape[1]):
        for i in range(W1.shape[0]):
            for k in range(W1.shape[1]):
                if k != j:
                    guess = true.copy()
                    guess[j] += x[i] * (W1[i, k] - W1[i, j])
                    e = np.abs(guess - printed).max()
                    if e < best:
                        best, answer = e, (i + 1, j + 1, k + 1)
    return answer
# %% pair: bias forgotten and sign of the difference turned round
def find_the_slip(x, W1, b1, printed):
    d = printed - x @ W1
    j = int(np.argmax(np.abs(d)))
    opts = {}
    for i in range(W1.shape[0]):
        for k in range(W1.shape[1]):
            if k != j:
                opts[(i, j, k)] = abs(d[j] - x[i] * (W1[i, j] - W1[i, k]))
    return min(opts, key=opts.get)
# %% right: one big array of all candidates, judged over all nodes
def find_the_slip(x, W1, b1, printed):
    D, H = W1.shape
    off = printed - (x @ W1 + b1)                                    # (H,)
    change = x[:, None, None] * (W1[:, None, :] - W1[:, :, None])    # i, j, k
    others = np.sum(off**2) - off**2                                  # what the other nodes leave over
    cost = (off[None, :, None] - change) ** 2 + others[None, :, None]
    cost[:, np.arange(H), np.arange(H)] = np.inf
    i, j, k = np.unravel_index(np.argmin(cost), cost.shape)
    return int(i), int(j), int(k)
