# %% single: goes uphill, wrong sign
# name: walks the other way: the step is subtracted
def newton_step(theta, gradient, hessian):
    return theta + np.linalg.solve(hessian, gradient)
# %% single: multiplies by the Hessian instead of its inverse
# name: multiplies by the Hessian where it should divide: a strong curvature calls for a short step
def newton_step(theta, gradient, hessian):
    return theta - hessian @ gradient
# %% single: only the diagonal of the Hessian
# name: divides by the diagonal of the Hessian only: the mixed derivatives turn the step
def newton_step(theta: np.ndarray, gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    return theta - gradient / np.diag(hessian)
# %% single: keeps the factor one half of the Taylor series
# name: keeps the 1/2 of the quadratic: the slope of d H d / 2 is H d, so this goes twice as far as it should
def newton_step(theta, gradient, hessian):
    d = np.linalg.solve(hessian / 2, -gradient)
    return theta + d
# %% single: turns negative curvatures round, so that it flees from saddles
# name: makes negative curvatures positive: a useful repair, but Newton's step goes to the saddle
def newton_step(theta, gradient, hessian):
    values, vectors = np.linalg.eigh(hessian)
    return theta - vectors @ ((vectors.T @ gradient) / np.abs(values))
# %% pair: returns only the step, with the wrong sign
# name: returns the step alone: the new theta was asked for
def newton_step(theta, gradient, hessian):
    return np.linalg.solve(hessian, gradient)
# %% right: in the axes of the eigenvectors
def newton_step(theta: np.ndarray, gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    curvatures, axes = np.linalg.eigh(np.asarray(hessian, dtype=float))
    result = np.array(theta, dtype=float)
    for c, u in zip(curvatures, axes.T):
        result -= (u @ gradient) / c * u
    return result
# %% right: Gauss elimination by hand
def newton_step(theta: np.ndarray, gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    A = np.column_stack([hessian, -np.asarray(gradient, dtype=float)]).astype(float)
    D = len(A)
    for k in range(D):
        pivot = k + int(np.abs(A[k:, k]).argmax())
        A[[k, pivot]] = A[[pivot, k]]
        A[k] /= A[k, k]
        for i in range(D):
            if i != k:
                A[i] -= A[i, k] * A[k]
    return theta + A[:, -1]
