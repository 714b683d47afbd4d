"""Right and wrong answers to the exercise on a digits classifier; each pair of functions is complete."""

from __future__ import annotations

import numpy as np

# -- right answers ---------------------------------------------------------------------------------------------------------


def _solve(A, T, W1, b1):
    """The parameters of a network whose hidden layer is given: its output layer by least squares (ridge)."""
    H = np.column_stack([np.maximum(A @ W1 + b1, 0), np.ones(len(A))])
    W = np.linalg.solve(H.T @ H + 0.1 * np.eye(H.shape[1]), H.T @ T)
    return [W1, b1, W[:-1], W[-1]]


def _train(A, y, rng, K=10):
    """A network with a random hidden layer that stays as it is: trained in milliseconds, and good enough.

    Most answers below use it, since they are right or wrong for other reasons than the way they train.
    """
    W1 = rng.normal(size=(A.shape[1], 160)) * np.sqrt(2 / A.shape[1])
    return _solve(A, np.eye(K)[y], W1, 0.1 * rng.normal(size=160))


def _descend(A, y, rng, epochs=20, rate=0.3):
    """A network of one hidden layer on the rows of A, by mini-batches of 32 and momentum."""
    D, H, K = A.shape[1], 32, 10
    params = [rng.normal(size=(D, H)) * np.sqrt(2 / D), np.zeros(H), rng.normal(size=(H, K)) * np.sqrt(1 / H), np.zeros(K)]
    speed = [np.zeros_like(p) for p in params]
    T = np.eye(K)[y]
    for _ in range(epochs):
        order = rng.permutation(len(A))
        for start in range(0, len(A), 32):
            rows = order[start:start + 32]
            X, hidden = A[rows], np.maximum(A[rows] @ params[0] + params[1], 0)
            Z = hidden @ params[2] + params[3]
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            dZ = (P / P.sum(axis=1, keepdims=True) - T[rows]) / len(rows)
            dH = dZ @ params[2].T * (hidden > 0)
            for i, gradient in enumerate((X.T @ dH, dH.sum(axis=0), hidden.T @ dZ, dZ.sum(axis=0))):
                speed[i] = 0.8 * speed[i] + gradient
                params[i] = params[i] - rate * speed[i]
    return params


def _scores(params, A):
    W1, b1, W2, b2 = params
    return np.maximum(A @ W1 + b1, 0) @ W2 + b2


def fit_digits(X, y, rng):
    return _train(X / 16, y, rng)


def predict_digits(model, X):
    return _scores(model, X / 16).argmax(axis=1)


def fit_by_descent(X, y, rng):
    return _descend(X / 16, y, rng)


def fit_by_softmax_regression(X, y, rng):
    """No hidden layer, all rows at once, standardised pixels; a dict as the model."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std > 0, std, 1.0)
    A = np.column_stack([(X - mean) / std, np.ones(len(X))])
    W, T = np.zeros((A.shape[1], 10)), np.eye(10)[y]
    for _ in range(200):
        Z = A @ W
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        W = W - 0.5 * (A.T @ (P / P.sum(axis=1, keepdims=True) - T) / len(A) + 1e-3 * W)
    return {"mean": mean, "std": std, "W": W}


def predict_by_softmax_regression(model, X):
    A = np.column_stack([(X - model["mean"]) / model["std"], np.ones(len(X))])
    return (A @ model["W"]).argmax(axis=1).tolist()


class Neighbours:
    """The digit of the nearest training row."""

    def __init__(self, X, y):
        self.X, self.y = X, y

    def __call__(self, X):
        return self.y[((self.X**2).sum(axis=1) - 2 * X @ self.X.T).argmin(axis=1)]  # |a - b|^2 without |a|^2


def fit_neighbours(X, y, rng):
    return Neighbours(X.copy(), y.copy())


def predict_neighbours(model, X):
    return model(X)


# -- wrong answers ---------------------------------------------------------------------------------------------------------


def fit_too_narrow(X, y, rng):
    """Sees only the three directions in which the images vary most."""
    A = X / 16
    mean = A.mean(axis=0)
    V = np.linalg.svd(A - mean, full_matrices=False)[2][:3].T
    W1 = np.column_stack([V, -V])
    return _solve(A, np.eye(10)[y], W1, -mean @ W1)


def predict_scores(model, X):
    return _scores(model, X / 16)


def predict_one_hot(model, X):
    scores = _scores(model, X / 16)
    return (scores == scores.max(axis=1, keepdims=True)).astype(int)


def predict_largest_score(model, X):
    return _scores(model, X / 16).max(axis=1)


def predict_along_columns(model, X):
    return _scores(model, X / 16).argmax(axis=0)


def _own(X):
    std = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(std > 0, std, 1.0)


def fit_scaled_by_itself(X, y, rng):
    return _train(_own(X), y, rng)


def predict_scaled_by_itself(model, X):
    return _scores(model, _own(X)).argmax(axis=1)


def fit_without_guard(X, y, rng):
    mean, std = X.mean(axis=0), X.std(axis=0)
    return mean, std, _train((X - mean) / std, y, rng)


def predict_without_guard(model, X):
    mean, std, params = model
    return _scores(params, (X - mean) / std).argmax(axis=1)


def fit_uphill(X, y, rng):
    return _descend(X / 16, y, rng, epochs=5, rate=-3)


def fit_majority(X, y, rng):
    return np.bincount(y).argmax()


def predict_majority(model, X):
    return np.full(len(X), model)


def fit_shuffled_apart(X, y, rng):
    return _train(X[rng.permutation(len(X))] / 16, y[rng.permutation(len(y))], rng)


def fit_random_labels(X, y, rng):
    return _train(X / 16, rng.integers(10, size=len(y)), rng)


def fit_by_place(X, y, rng):
    classes, places = np.unique(y, return_inverse=True)
    return _train(X / 16, places, rng, K=len(classes))


def fit_as_many_as_labels(X, y, rng):
    return _train(X / 16, y, rng, K=len(np.unique(y)))


def fit_and_keep(X, y, rng):
    fit_and_keep.model = _train(X / 16, y, rng)
    return "kept"


def predict_kept(model, X):
    return _scores(fit_and_keep.model, X / 16).argmax(axis=1)


def fit_unseeded(X, y, rng):
    return _train(X / 16, y, np.random.default_rng())


def fit_by_global_generator(X, y, rng):
    return _train(X / 16, y, np.random.default_rng(np.random.randint(2**31)))


def fit_in_place(X, y, rng):
    X /= 16
    return _train(X, y, rng)
