# %% single: score 0 answered with 0
# name: fires only above 0: a score of exactly 0 lies on the line and already counts as class 1
def perceptron_step(w, x, y, lr):
    y_hat = 1 if np.dot(w, x) > 0 else 0
    return w + lr * (y - y_hat) * x
# %% single: difference turned round
# name: has the error the wrong way round: it is what should come out minus what did, y - yhat
def perceptron_step(w, x, y, lr):
    y_hat = int(w @ x >= 0)
    w_new = w + lr * (y_hat - y) * x
    return w_new
# %% single: learning rate missing
# name: leaves the learning rate out
def perceptron_step(w, x, y, lr):
    prediction = 1 if (w * x).sum() >= 0 else 0
    return w + (y - prediction) * x
# %% pair: uses the score instead of the step and changes w in place
def perceptron_step(w, x, y, lr):
    score = w @ x
    w += lr * (y - score) * x
    return w
# %% right: with branches
def perceptron_step(w: np.ndarray, x: np.ndarray, y: int, lr: float) -> np.ndarray:
    score = float(np.sum(w * x))
    if y == 1 and score < 0:
        return w + lr * x
    if y == 0 and score >= 0:
        return w - lr * x
    return w.copy()
