# %% single: looks at the diagonal instead of the eigenvalues
# name: looks at the diagonal of the Hessian only: a saddle can lie across the axes; the eigenvalues know
def second_derivative_test(gradient, hessian, tolerance):
    if np.any(np.abs(gradient) > tolerance):
        return "not stationary"
    d = np.diag(hessian)
    if np.all(d > tolerance):
        return "minimum"
    if np.all(d < -tolerance):
        return "maximum"
    if np.any(d > tolerance) and np.any(d < -tolerance):
        return "saddle"
    return "inconclusive"
# %% single: does not ask whether there is a slope
# name: does not look at the gradient: on a slope there is no minimum and no maximum, whatever the curvature
def second_derivative_test(gradient, hessian, tolerance):
    e = np.linalg.eigvalsh(hessian)
    if (e > tolerance).all():
        return "minimum"
    if (e < -tolerance).all():
        return "maximum"
    if e.max() > tolerance and e.min() < -tolerance:
        return "saddle"
    return "inconclusive"
# %% single: any eigenvalue that is zero makes it inconclusive, saddles included
# name: calls a point inconclusive as soon as one curvature is zero: with a positive and a negative one beside it, it is a saddle already
def second_derivative_test(gradient: np.ndarray, hessian: np.ndarray, tolerance: float) -> str:
    if np.max(np.abs(gradient)) > tolerance:
        return "not stationary"
    values = np.linalg.eigvalsh(hessian)
    if np.any(np.abs(values) <= tolerance):
        return "inconclusive"
    if np.all(values > 0):
        return "minimum"
    return "maximum" if np.all(values < 0) else "saddle"
# %% single: minimum and maximum exchanged
# name: has minimum and maximum the wrong way round: a valley bends upwards, f'' > 0
def second_derivative_test(gradient, hessian, tolerance):
    if np.abs(gradient).max() > tolerance:
        return "not stationary"
    l = np.linalg.eigvalsh(hessian)
    up, down = np.sum(l > tolerance), np.sum(l < -tolerance)
    if up and down:
        return "saddle"
    if up == len(l):
        return "maximum"
    if down == len(l):
        return "minimum"
    return "inconclusive"
# %% pair: determinant instead of eigenvalues, and a zero among positive ones is called a minimum
# name: none
def second_derivative_test(gradient, hessian, tolerance):
    if np.abs(gradient).max() > tolerance:
        return "not stationary"
    det = np.linalg.det(hessian)
    if det < -tolerance:
        return "saddle"
    return "minimum" if hessian[0, 0] > tolerance else "maximum" if hessian[0, 0] < -tolerance else "inconclusive"
# %% unknown: slope compared with a signed number
# name: overlooks negative slopes: take their size
def second_derivative_test(gradient, hessian, tolerance):
    if np.any(gradient > tolerance):
        return "not stationary"
    e = np.linalg.eigvalsh(hessian)
    if e[0] > tolerance:
        return "minimum"
    if e[-1] < -tolerance:
        return "maximum"
    return "saddle" if e[0] < -tolerance and e[-1] > tolerance else "inconclusive"
# %% right: signs in a set
def second_derivative_test(gradient: np.ndarray, hessian: np.ndarray, tolerance: float) -> str:
    def sign(x):
        return 0 if abs(x) <= tolerance else 1 if x > 0 else -1

    if any(sign(g) for g in gradient):
        return "not stationary"
    signs = {sign(value) for value in np.linalg.eigvalsh(np.asarray(hessian, dtype=float))}
    if {1, -1} <= signs:
        return "saddle"
    return {frozenset({1}): "minimum", frozenset({-1}): "maximum"}.get(frozenset(signs), "inconclusive")
