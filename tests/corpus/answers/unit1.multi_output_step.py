# %% single: all units move when one is wrong
# name: moves units that are right too: each unit is judged by itself, and keeps its weights where it is right
def multi_output_step(W, b, x, t, lr, threshold):
    z = x @ W + b
    y = np.where(z > threshold, 1, np.where(z < -threshold, -1, 0))
    if np.any(y != t):
        W = W + lr * np.outer(x, t)
        b = b + lr * t
    return W, b
# %% single: moves by the difference t - y
# name: moves by t - y: between -1 and 1 that is a difference of 2, while this rule moves by t
def multi_output_step(W, b, x, t, lr, threshold):
    z = x @ W + b
    y = np.zeros(len(b))
    y[z > threshold] = 1
    y[z < -threshold] = -1
    return W + lr * np.outer(x, t - y), b + lr * (t - y)
# %% single: dead band without its ends
# name: counts the edge of the dead band as decided: a score of exactly the threshold still gives 0
def multi_output_step(W, b, x, t, lr, threshold):
    z = x @ W + b
    y = np.where(z >= threshold, 1, np.where(z <= -threshold, -1, 0))
    wrong = (y != t)
    return W + lr * np.outer(x, t * wrong), b + lr * t * wrong
# %% pair: threshold ignored and bias not updated
def multi_output_step(W, b, x, t, lr, threshold):
    y = np.sign(x @ W + b)
    move = np.where(y != t, t, 0)
    return W + lr * np.outer(x, move), b
# %% right: margin condition, unit by unit
def multi_output_step(W, b, x, t, lr, threshold):
    W, b = np.array(W, dtype=float), np.array(b, dtype=float)
    for j in range(len(b)):
        z = float(x @ W[:, j] + b[j])
        if z > threshold:
            y = 1
        elif z < -threshold:
            y = -1
        else:
            y = 0
        if y != t[j]:
            W[:, j] += lr * t[j] * x
            b[j] += lr * t[j]
    return W, b
