# %% single: subtracts always
# name: subtracts the point whatever its label is
def perceptron_trick(coefficients, point, label, lr):
    return coefficients - lr * np.append(point, 1)
# %% single: the constant is not moved
# name: leaves the constant term alone: the point is augmented to [x1, x2, 1], so C moves too
def perceptron_trick(coefficients, point, label, lr):
    new = np.array(coefficients, dtype=float)
    sign = 1 if label == 1 else -1
    new[:-1] += sign * lr * point
    return new
# %% single: learning rate not applied to the constant
# name: multiplies the point by the learning rate but not its constant 1
def perceptron_trick(coefficients, point, label, lr):
    sign = 1.0 if label == 1 else -1.0
    w = coefficients[:-1] + sign * lr * np.asarray(point)
    c = coefficients[-1] + sign
    return np.append(w, c)
# %% pair: multiplies by the label and puts the one in front
def perceptron_trick(coefficients, point, label, lr):
    return coefficients + lr * label * np.insert(point, 0, 1.0)
# %% right: concatenation and a sign from the label
def perceptron_trick(coefficients: np.ndarray, point: np.ndarray, label: int, lr: float) -> np.ndarray:
    step = lr * np.concatenate([point, [1.0]])
    return coefficients + (2 * label - 1) * step
