# %% single: always a sigmoid, whatever is handed in
# name: always uses the sigmoid: use the function that was handed in as `activation`
def neuron(X, w, b, activation):
    z = X @ w + b
    return 1 / (1 + np.exp(-z))
# %% single: bias added after the activation
# name: adds the bias after the activation: it belongs to the pre-activation, inside f
def neuron(X, w, b, activation):
    return activation(X @ w) + b
# %% single: activation before the sum
# name: applies f to every weighted input: add up first, then activate once
def neuron(X, w, b, activation):
    total = 0
    for i in range(X.shape[1]):
        total = total + activation(X[:, i] * w[i])
    return total + b
# %% unknown: activation is applied twice
# name: applies f twice
def neuron(X, w, b, activation):
    z = np.dot(X, w) + b
    a = activation(z)
    return activation(a)
# %% right: column of ones
def neuron(X: np.ndarray, w: np.ndarray, b: float, activation) -> np.ndarray:
    ones = np.ones((X.shape[0], 1))
    return activation(np.hstack([X, ones]) @ np.append(w, b))
