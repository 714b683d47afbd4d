# %% single: P on the border is still moved
# name: still counts a score of 0 as an error for both classes: on the line the output is 1, so P is right there
def fix_overlapping_conditions(w, X, labels, lr):
    for x, label in zip(X, labels):
        z = x @ w
        if label == "N" and z >= 0:
            w = w - lr * x
        elif label == "P" and z <= 0:
            w = w + lr * x
    return w
# %% single: signs swapped
# name: has add and subtract swapped
def fix_overlapping_conditions(w, X, labels, lr):
    for x, label in zip(X, labels):
        z = x @ w
        if label == "N" and z >= 0:
            w = w + lr * x
        elif label == "P" and z < 0:
            w = w - lr * x
    return w
# %% single: all scores computed with the old weights before the pass
# name: computes all scores before the loop: each row has to meet the weights as they are by then
def fix_overlapping_conditions(w, X, labels, lr):
    z = X @ w
    new = w.copy()
    for i, label in enumerate(labels):
        if label == "P" and z[i] < 0:
            new = new + lr * X[i]
        if label == "N" and z[i] >= 0:
            new = new - lr * X[i]
    return new
# %% pair: N on the border is not moved, and return after the first mistake
def fix_overlapping_conditions(w, X, labels, lr):
    for x, label in zip(X, labels):
        z = x @ w
        if label == "N" and z > 0:
            return w - lr * x
        elif label == "P" and z < 0:
            return w + lr * x
    return w
# %% right: by the unified formula
def fix_overlapping_conditions(w, X, labels, lr):
    v = np.array(w, dtype=float)
    for i in range(len(labels)):
        truth = 1 if labels[i] == "P" else 0
        answer = 1 if v @ X[i] >= 0 else 0
        v = v + lr * (truth - answer) * X[i]
    return v
